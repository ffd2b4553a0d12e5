"""Plans of many layouts, read by rule: what is found, what is said to be missing or odd."""

import io
import time
import tomllib
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from campaigns import measuring, plan_fields, reading
from campaigns.actions import FIRST_PLAN
from campaigns.actions.law import packs
from tests.campaigns import docx_layouts as layouts
from thidua.core import word
from thidua.core.workflow import Refused

PLANS = Path(__file__).parent / "plans"
FILES = Path(__file__).parent / "files"
ENOUGH, TOO_MANY_WRONG = 0.95, 0.02
KNOWN = measuring.law_of(packs())

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


def measured(name, layout):
    expected = expected_of(name)
    assert set(expected) == {field.name for field in measuring.MEASURED}
    manner = layout.__name__ if layout else "pasted"
    return measuring.compare(f"{name} ({manner})", read(name, layout).values, expected)


def test_at_least_95_in_100_fields_are_right_and_few_are_wrong_though_filled(capsys):
    """Plans of 21 and after were written blind: what they gave at first is in docs/decisions."""
    rows = [measured(name, layout) for name, layout in CASES]
    rows += measuring.measure(PLANS, KNOWN)
    right, wrong = measuring.shares(rows)
    with capsys.disabled():
        print()  # noqa: T201 -- the count is the point of the test
        for row in rows:
            missed = ", ".join([*row.wrong, *row.empty]) or "all right"
            print(f"{row.name}: {row.right}/{len(measuring.MEASURED)} {missed}")  # noqa: T201 -- the same
        print(f"{len(rows)} readings, {right:.1%} right, {wrong:.1%} wrong though filled")  # noqa: T201 -- the same
    assert right >= ENOUGH
    assert wrong <= TOO_MANY_WRONG


def test_what_is_measured_is_told_apart():
    """A wrong value and an empty one both count; only the first could deceive."""
    expected = expected_of("09-chi-cuc")
    values = dict(expected) | {"number": "302", "symbol": "", "sections": "[I] KHÁC"}
    row = measuring.compare("x", values, expected)
    assert (row.wrong, row.empty) == (("number", "sections"), ("symbol",))
    assert row.right == len(measuring.MEASURED) - 3
    assert [row.mark(name) for name in ("number", "symbol", "title")] == ["S", "-", "."]


def test_the_command_prints_plan_by_field(capsys):
    call_command("measure_reading")
    out = capsys.readouterr().out
    assert "27-so-tai-chinh (Word)" in out
    assert "Đối tượng" in out
    assert "đúng" in out.splitlines()[-1]


def test_a_folder_without_plans_is_said(tmp_path):
    with pytest.raises(CommandError, match="Không thấy kế hoạch nào"):
        call_command("measure_reading", str(tmp_path))


@pytest.mark.parametrize("file", sorted(FILES.glob("*.docx")), ids=lambda file: file.stem)
def test_real_word_files_are_read(file):
    """Written by LibreOffice, not by the library that reads them."""
    with zipfile.ZipFile(file) as archive:
        assert b"LibreOffice" in archive.read("docProps/app.xml")
    assert file.stat().st_size < 60_000
    expected = next(PLANS.rglob(f"{file.stem}.toml"))
    values = reading.read(word.paragraphs_of(file.read_bytes()), KNOWN).values
    row = measuring.compare(file.stem, values, tomllib.loads(expected.read_text(encoding="utf-8")))
    assert row.right >= ENOUGH * len(measuring.MEASURED), (row.wrong, row.empty)


def test_a_table_pasted_with_tabs_is_read_as_in_word():
    text = words_of("08-bang").replace(" | ", "\t").replace("| ", "").replace(" |", "")
    values = reading.read(reading.paragraphs_of(text), KNOWN).values
    assert measuring.compare("08", values, expected_of("08-bang")).right == len(measuring.MEASURED)


# --- Speed ----------------------------------------------------------------------------------------

# Generous: the suite runs on machines that do other work; a regex that runs away takes minutes.
SOON, IN_TIME = 3, 20
TRAPS = (
    *("từ ngày 1 ", "Giấy khen của Giám đốc ", "và Sở A, B ", "01 (01 ", "“", "; A, B", ". . "),
    *("tờ trình, ", "mẫu số 07 ", "Số : … ", "1/", "Tập thể, cá nhân ", "ngày … tháng … ", "hết "),
    *(
        "KẾ HOẠCH ",
        "và Luật A ",
        "A. ",
        "trước là ",
        "Giám đốc xét, ",
        "  \t ",
        "(",
        "1.1.",
        "Điều 1 ",
    ),
)


def seconds(text):
    before = time.perf_counter()
    reading.read(reading.paragraphs_of(text), KNOWN)
    return time.perf_counter() - before


def test_a_plan_is_read_at_once():
    assert seconds(words_of("00-tong-tuyen-cu")) < SOON


@pytest.mark.parametrize(
    "line",
    [
        "- Thực hiện nhiệm vụ {n} trước ngày 15/10/2026, hoàn thành hồ sơ khen thưởng.",
        "{n}. Tiêu chuẩn tặng Giấy khen của Giám đốc Sở số {n} cho tập thể: 02 bộ",
        "1.{n}. Đối tượng, hồ sơ, hình thức, tiêu chuẩn, thời gian: tờ trình, biên bản",
        "HÌNH THỨC KHEN THƯỞNG {n}",
    ],
    ids=["words", "numbers", "decimals", "capitals"],
)
def test_five_thousand_paragraphs_are_read_in_time(line):
    lines = [line.format(n=n) for n in range(5_000)]
    assert seconds("\n".join(["KẾ HOẠCH", "Phát động thi đua", *lines])) < IN_TIME


@pytest.mark.parametrize("trap", TRAPS)
def test_no_line_holds_up_the_reader(trap):
    line = trap * (20_000 // len(trap))
    head = f"{line[:5_000]}\nKẾ HOẠCH\nPhát động\nCăn cứ {line}:\n"
    body = f"I. Hồ sơ, thời hạn, tiêu chuẩn, hình thức, đối tượng: {line}\n{line}\n"
    assert seconds(f"{head}{body}Nơi nhận: {line}") < SOON


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
    # Without a day of its own, the plan leaves the day of launch to the office.
    assert {finding.field for finding in findings if finding.is_stop} == {"launched_on"}


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
    content = plan_fields.content_of(
        read("00-tong-tuyen-cu").values | {"launched_on": "31/05/2024"}
    )
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
