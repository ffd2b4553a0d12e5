"""Plans of many layouts, read by rule: what is found, what is said to be missing or odd."""

import io
import tomllib
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from campaigns import plan_fields, reading
from campaigns.actions import FIRST_PLAN
from campaigns.actions.law import packs
from tests.campaigns import docx_layouts as layouts
from thidua.core import word
from thidua.core.workflow import Refused

PLANS = Path(__file__).parent / "plans"
ENOUGH = 0.95
KNOWN = reading.Law(
    tuple(
        reading.LawRow(
            row["code"],
            row["citation"],
            row.get("issued_on"),
            row.get("in_force_on"),
            row.get("out_of_force_on"),
        )
        for row in packs()["basis"]
    ),
    frozenset((form["number"], form["basis"]) for form in packs()["report_form"]),
)

# plan, layout: None is the text as somebody pastes it
CASES = [
    ("00-tong-tuyen-cu", None),
    ("01-so-xay-dung", None),
    ("01-so-xay-dung", layouts.paragraphs),
    ("02-abc-khong-so", None),
    ("02-abc-khong-so", layouts.decomposed),
    ("03-thap-phan", None),
    ("03-thap-phan", layouts.styled),
    ("04-xuong-dong-cung", None),
    ("05-de-muc-khong-so", None),
    ("05-de-muc-khong-so", layouts.bold),
    ("06-khuyet-nhieu", None),
    ("07-uy-ban-xa", None),
    ("07-uy-ban-xa", layouts.broken),
    ("08-bang", layouts.criteria_table),
    ("09-chi-cuc", None),
    ("09-chi-cuc", layouts.numbered),
    ("09-chi-cuc", layouts.columns),
    ("09-chi-cuc", layouts.styled),
    ("10-ban-quan-ly", None),
    ("10-ban-quan-ly", layouts.bold),
    ("10-ban-quan-ly", layouts.columns),
    ("11-khoa-hoc", None),
    ("11-khoa-hoc", layouts.broken),
    ("12-benh-vien", None),
    ("12-benh-vien", layouts.decomposed),
]


def words_of(name):
    path = FIRST_PLAN.with_suffix(".md") if name.startswith("00") else PLANS / f"{name}.txt"
    return path.read_text(encoding="utf-8")


def read(name, layout=None):
    if layout is None:
        return reading.read(reading.paragraphs_of(words_of(name)), KNOWN)
    content = layout(words_of(name).rstrip("\n").split("\n"))
    return reading.read(word.paragraphs_of(content), KNOWN)


def expected_of(name):
    return tomllib.loads((PLANS / f"{name}.toml").read_text(encoding="utf-8"))


def seen(name, value):
    """Return a value to compare: of the contents, its headings with their numbers."""
    lines = value.split("\n")
    return [line for line in lines if name != "sections" or line.startswith("[")]


def wrong_in(name, layout):
    values = read(name, layout).values
    expected = expected_of(name)
    assert set(expected) == set(plan_fields.BY_NAME)
    return [
        field for field in expected if seen(field, values[field]) != seen(field, expected[field])
    ]


def test_at_least_95_in_100_fields_are_right(capsys):
    report, total, wrong = [], 0, 0
    for name, layout in CASES:
        missed = wrong_in(name, layout)
        total, wrong = total + len(plan_fields.FIELDS), wrong + len(missed)
        manner = layout.__name__ if layout else "pasted"
        report.append(f"{name} ({manner}): {', '.join(missed) or 'all right'}")
    share = 1 - wrong / total
    report.append(f"{len(CASES)} plans, {total} fields, {share:.1%} right")
    with capsys.disabled():
        print("\n" + "\n".join(report))  # noqa: T201 -- the count is the point of the test
    assert share >= ENOUGH


def test_the_four_oddities_of_the_real_plan_are_told_and_mended():
    findings = read("00-tong-tuyen-cu").findings
    told = {(finding.field, finding.title) for finding in findings}

    assert told >= {
        ("number", "Kế hoạch chưa có số."),
        ("issued_on", "Kế hoạch chưa ghi đủ ngày ban hành."),
        ("sections", "Thiếu mục III: cách đánh số nhảy tới IV."),
        (
            "report_form",
            (
                "Kế hoạch dẫn chiếu Mẫu số 07 kèm theo 98/2023/NĐ-CP, đã hết hiệu lực từ "
                "01/07/2025: không áp dụng trong thời gian nhận hồ sơ."
            ),
        ),
    }
    assert all(finding.mend.endswith(".") for finding in findings)
    assert not any(finding.is_stop for finding in findings)


def test_the_dead_form_is_known_from_the_rows_of_law():
    living = reading.Law(
        tuple(
            reading.LawRow(row.code, row.citation, row.issued_on, row.in_force_on, None)
            for row in KNOWN.rows
        ),
        KNOWN.report_forms,
    )
    found = reading.read(reading.paragraphs_of(words_of("00-tong-tuyen-cu")), living).findings
    assert "report_form" not in {finding.field for finding in found}


def test_the_real_plan_is_read_as_it_was_written_by_hand():
    """The words of the plan are the same as in the file that a person made of it."""
    content = plan_fields.content_of(read("00-tong-tuyen-cu").values)
    by_hand = tomllib.loads(FIRST_PLAN.read_text(encoding="utf-8"))
    terms = by_hand["terms"]

    for name in ("title", "short_title", "number", "symbol", "preamble", "recipients"):
        assert content[name] == by_hand[name]
    for name in ("signer_title", "signer_name"):
        assert content[name] == by_hand[name]
    for name in ("achievement_sentence", "emulation_ends_on", "opens_on", "nominations_due_on"):
        assert content["terms"][name] == terms[name]
    assert content["terms"]["reference_plan"] == terms["reference_plan"]
    for read_in, written in zip(content["section"], by_hand["section"], strict=True):
        assert {"title": "", "body": ""} | written == read_in
    for read_in, written in zip(content["award_form"], by_hand["award_form"], strict=True):
        assert {**read_in, "key": 0} == {**written, "key": 0, "criterion": written["criterion"]}
    names = {row["key"]: row["name"] for row in by_hand["award_form"]}
    for read_in, written in zip(content["required_item"], by_hand["required_item"], strict=True):
        forms = [names[key] for key in written["award_forms"]]
        assert read_in == written | {"award_forms": forms}


def test_every_value_says_where_it_was_found():
    found = read("09-chi-cuc").fields
    assert [name for name, field in found.items() if field.value and not field.source] == []


def test_an_empty_plan_says_that_everything_is_missing():
    found = reading.read([], KNOWN)

    assert not any(found.values.values())
    assert {finding.field for finding in found.findings} == set(plan_fields.BY_NAME)


@pytest.mark.parametrize(
    "text", ["KẾ HOẠCH", "I. A\nI. B", "Nơi nhận:", "a) \n b)", "1.1. x\n1.1. y"]
)
def test_odd_scraps_are_read_without_falling_over(text):
    reading.read(reading.paragraphs_of(text), KNOWN)


# --- The guard before a Word file ---------------------------------------------------------------


def docx(change=None, text="Kế hoạch"):
    """Return a sound DOCX, with its entries changed: {name: bytes or None}."""
    document = Document()
    document.add_paragraph(text)
    plain = io.BytesIO()
    document.save(plain)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        entries = {name: old.read(name) for name in old.namelist()} | (change or {})
        for name, body in entries.items():
            if body is not None:
                new.writestr(name, body)
    return out.getvalue()


def test_a_sound_file_is_read():
    assert [p.text for p in word.paragraphs_of(docx())] == ["Kế hoạch"]


def types(old, new):
    with zipfile.ZipFile(io.BytesIO(docx())) as archive:
        body = archive.read("[Content_Types].xml")
    assert old in body
    return {"[Content_Types].xml": body.replace(old, new)}


def external(kind):
    body = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" TargetMode="External" Target="http://x.example/" Type="{kind}"/>'
        "</Relationships>"
    )
    return {"word/_rels/footer9.xml.rels": body.encode()}


@pytest.mark.parametrize(
    "content",
    [
        docx({"word/media/bomb.bin": bytes(40 * 1024 * 1024)}),
        docx({"word/media/bomb.bin": bytes(2 * 1024 * 1024)}),
        docx({f"word/media/{n}.txt": b"x" for n in range(500)}),
        docx({"word/vbaProject.bin": b"x"}),
        docx({"word/embeddings/sheet.xlsx": b"x"}),
        docx(types(b"document.main+xml", b"sheet.main+xml")),
        docx(external(RELATIONSHIP_TYPE.IMAGE)),
        docx(external(RELATIONSHIP_TYPE.OLE_OBJECT)),
        docx({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        docx({"word/document.xml": b"<a"}),
        docx({"[Content_Types].xml": None}),
        docx({"../evil.xml": b"<a/>"}),
        docx()[:300],
        b"",
        b"%PDF-1.7",
    ],
    ids=[
        *(
            "bomb",
            "ratio",
            "entries",
            "macro",
            "embedded",
            "not-word",
            "image-outside",
            "ole-outside",
        ),
        *("entities", "broken-xml", "no-types", "climbing", "cut", "empty", "pdf"),
    ],
)
def test_what_is_not_a_small_sound_and_passive_file_is_refused(content):
    with pytest.raises(Refused):
        word.paragraphs_of(content)


def test_a_link_in_the_text_is_only_words():
    assert word.paragraphs_of(docx(external(RELATIONSHIP_TYPE.HYPERLINK)))
