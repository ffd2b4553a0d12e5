"""Every kind of document is printed as the decree has it, and the checker sees when it is not."""

import dataclasses

import pytest

from awards.documents import (
    AchievementReportPaper,
    DecisionPaper,
    SubmissionLetterPaper,
    SummaryPaper,
    UnitLetter,
    UnitMinutes,
)
from campaigns.documents import PlanPaper, PlanPart
from tests.papers.format_checker import KINDS, check
from tests.papers.samples import EACH, LENGTHS, NAMES, SAMPLES, kinds, printed
from thidua.core import pdf
from thidua.core.documents import Signature, render_html, render_pdf


def elements(findings):
    return {finding.element for finding in findings}


def test_every_kind_has_its_samples_and_its_row():
    assert kinds() == set(SAMPLES)
    assert {kind.__name__ for kind in kinds()} == set(KINDS)
    assert all(tuple(samples) == LENGTHS for samples in SAMPLES.values())


@pytest.mark.parametrize(("kind", "length"), EACH, ids=NAMES)
def test_it_is_printed_as_the_decree_has_it(kind, length):
    assert check(printed(kind, length), SAMPLES[kind][length]) == []


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_the_long_sample_goes_over_pages(kind):
    pages = pdf.page_count(printed(kind, "long"))
    assert pages > 2


def test_a_kind_that_the_checker_does_not_know_is_found():
    class Circular(PlanPaper):
        pass

    sample = SAMPLES[PlanPaper]["minimal"]
    paper = Circular(**{f.name: getattr(sample, f.name) for f in dataclasses.fields(sample)})
    assert elements(check(printed(PlanPaper, "minimal"), paper)) == {"kind"}
    del Circular


# --- Broken on purpose: the layout ------------------------------------------------------------
LETTER, DECISION = (UnitLetter, "short"), (DecisionPaper, "short")
# fmt: off
LAYOUTS = [
    ("@page { margin-left: 25mm }",                        LETTER, "margin"),
    ("@page { margin-left: 36mm }",                        LETTER, "margin"),
    ("@page { margin-right: 10mm }",                       LETTER, "margin"),
    ("@page { margin-right: 25mm }",                       LETTER, "margin"),
    ("@page { margin-top: 15mm }",                         LETTER, "margin"),
    ("@page { margin-top: 28mm }",                         LETTER, "margin"),
    ("@page { margin-bottom: 12mm }",                      (PlanPaper, "long"), "margin"),
    ("@page { margin-bottom: 40mm }",                      (PlanPaper, "long"), "margin"),
    ("@page { size: Letter }",                             LETTER, "page"),
    ("@page lying { size: 297mm 200mm }",                  (SummaryPaper, "short"), "page"),
    ("@page { @top-center { content: none } }",            (PlanPaper, "short"), "page number"),
    ("@page { @top-center { font-size: 11pt } }",          (PlanPaper, "short"), "page number"),
    ("@page { @top-right { content: counter(page) } @top-center { content: none } }",
                                                           (PlanPaper, "short"), "page number"),
    ("@page :first { @top-center { content: '1' } }",      LETTER, "page number"),
    (".annex { page: auto }",                              DECISION, "page number"),
    (".annex { break-before: auto; page: auto }",          (DecisionPaper, "minimal"), "annex title"),
    (".body { font-family: monospace }",                   LETTER, "face"),
    (".kind { color: #c00 }",                              LETTER, "colour"),
    (".ruled::after { border-color: #00c }",               LETTER, "colour"),
    (".nation { font-weight: 400 }",                       LETTER, "nation"),
    (".nation { font-size: 11pt }",                        LETTER, "nation, parent body"),
    (".motto { font-size: 12pt }",                         LETTER, "motto"),
    (".motto { line-height: 1.6 }",                        LETTER, "motto"),
    (".motto.ruled::after { width: 60% }",                 LETTER, "motto rule"),
    (".motto.ruled::after { border: 0 }",                  LETTER, "motto rule"),
    (".parent-body { font-weight: 700 }",                  LETTER, "parent body"),
    (".body-name { font-weight: 400 }",                    LETTER, "issuing body"),
    (".body-name { line-height: 1.7 }",                    LETTER, "issuing body"),
    (".body-name.ruled::after { width: 80% }",             LETTER, "issuing body rule"),
    (".body-name.ruled::after { margin-left: 0 }",         LETTER, "issuing body rule"),
    (".masthead > div > .number { font-size: 12pt }",      LETTER, "number, place and day"),
    (".number { font-style: italic }",                     LETTER, "number"),
    (".place-day { font-style: normal }",                  LETTER, "place and day"),
    (".masthead > div > .place-day { padding-top: 14pt }", LETTER, "place and day"),
    (".masthead > div > .place-day { text-align: right }", LETTER, "place and day"),
    (".kind { font-weight: 400 }",                         LETTER, "kind"),
    (".kind { text-align: left }",                         LETTER, "kind"),
    (".subject { font-style: italic }",                    LETTER, "subject"),
    (".subject > .ruled::after { width: 100% }",           LETTER, "subject rule"),
    (".basis { font-style: normal }",                      LETTER, "basis"),
    (".body { font-size: 12pt }",                          LETTER, "body"),
    (".body { text-align: left }",                         LETTER, "body"),
    (".body { text-indent: 15mm }",                        LETTER, "body"),
    (".body { margin-top: 2pt }",                          (PlanPaper, "short"), "body"),
    (".body { line-height: 2 }",                           LETTER, "line spacing"),
    (".body { line-height: 1 }",                           LETTER, "line spacing"),
    (".heading { font-weight: 400 }",
                                          (AchievementReportPaper, "short"), "heading 1, heading 2"),
    (".corner { text-align: left }",                       (AchievementReportPaper, "short"), "form label"),
    ("strong { font-weight: 400 }",                        DECISION, "lead"),
    (".mark { text-align: left }",                         DECISION, "mark"),
    (".annex-title { font-weight: 400 }",                  DECISION, "annex title"),
    (".note { font-style: normal }",                       DECISION, "note"),
    (".addressees > div { padding-left: 4mm }",            (SubmissionLetterPaper, "short"), "addressee"),
    (".addressees > * { display: table-cell }",            (SubmissionLetterPaper, "short"), "addressee"),
    (".list th { font-weight: 400 }",                      DECISION, "table head, table group"),
    (".list td { border: 0 }",                             LETTER, "table cell"),
    (".list { white-space: nowrap }",                      (UnitLetter, "long"),
                                                     "table cell, table head, margin, overlap"),
    ("thead { display: table-row-group }",                 (DecisionPaper, "long"), "table head"),
    (".pen { height: 8mm }",                               LETTER, "signer"),
    (".signer { font-weight: 400 }",                       LETTER, "signer"),
    (".signer { text-align: right }",                      LETTER, "office"),
    (".office { font-weight: 400 }",                       LETTER, "office"),
    (".signatures { break-before: page }",                 LETTER, "office, margin"),
    (".recipients-label { font-style: normal }",           LETTER, "recipients label"),
    (".recipients { padding-top: 9mm }",                   LETTER, "recipients label"),
    (".recipients { font-size: 13pt }",                    LETTER, "recipient"),
    (".titles { margin-top: -30pt }",                      LETTER, "overlap"),
    (".signer { display: none }",                          LETTER, "text, signer"),
]
# fmt: on


@pytest.mark.parametrize(("css", "sample", "wanted"), LAYOUTS, ids=[row[0] for row in LAYOUTS])
def test_a_broken_layout_is_found(css, sample, wanted):
    kind, length = sample
    paper = SAMPLES[kind][length]
    html = render_html(paper).replace("</head>", f"<style>{css}</style></head>")
    found = elements(check(pdf.render_html_to_pdf(html), paper))
    assert found == set(wanted.split(", "))


# --- Broken on purpose: the words -------------------------------------------------------------
TITLED, SMALL = (
    Signature(("TRƯỞNG PHÒNG",), "TS. Hoàng Văn Mẫu"),
    Signature(("Trưởng phòng",), "A B"),
)
WORDS = [
    (LETTER, {"number": "5"}, "number"),
    (LETTER, {"symbol": "TTr - NV1"}, "number"),
    (LETTER, {"symbol": "ttr-nv1"}, "number"),
    (LETTER, {"symbol": ""}, "number"),
    (LETTER, {"place": ""}, "place and day"),
    (LETTER, {"subject": ""}, "subject"),
    (LETTER, {"subject": "VỀ VIỆC KHEN THƯỞNG"}, "subject"),
    (LETTER, {"parent_body": "Thanh tra tỉnh Thử"}, "parent body"),
    (LETTER, {"body": "Phòng Nghiệp vụ 1"}, "issuing body"),
    (LETTER, {"signature": TITLED}, "signer"),
    (LETTER, {"signature": SMALL}, "office, signer"),
    (LETTER, {"signature": Signature(("TRƯỞNG PHÒNG",))}, "signer"),
    ((UnitMinutes, "short"), {"place": "Thử"}, "place and day"),
    ((UnitMinutes, "short"), {"secretary_lines": ()}, "office"),
    ((AchievementReportPaper, "short"), {"form_label": ""}, "form label"),
    ((PlanPaper, "short"), {"issued_text": "Thử, ngày 5 tháng 5 năm 2024"}, "place and day"),
    ((PlanPaper, "short"), {"issued_text": "Thử, ngày 05 tháng 05 năm 2024"}, "place and day"),
    ((PlanPaper, "short"), {"issued_text": "Thử ngày 05 tháng 5 năm 2024"}, "place and day"),
    ((PlanPaper, "minimal"), {"parts": (PlanPart("", "", 1, ("Thi đua.",)),)}, "end mark"),
    ((PlanPaper, "minimal"), {"preamble": ("Căn cứ Luật,",)}, "basis"),
]


@pytest.mark.parametrize(
    ("sample", "facts", "wanted"), WORDS, ids=[f"{s[0].__name__}-{f}" for s, f, _ in WORDS]
)
def test_broken_words_are_found(sample, facts, wanted):
    kind, length = sample
    paper = dataclasses.replace(SAMPLES[kind][length], **facts)
    assert elements(check(render_pdf(paper), paper)) == set(wanted.split(", "))


def test_words_that_are_not_of_the_paper_are_found():
    kind, length = LETTER
    paper = SAMPLES[kind][length]
    for words, others in (("Kính đề nghị", ""), ("Kính đề nghị", "Nháp. Kính đề nghị")):
        html = render_html(paper).replace(words, others)
        assert "text" in elements(check(pdf.render_html_to_pdf(html), paper))
