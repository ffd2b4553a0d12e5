"""Word files: page, styles and language of an official text, whatever the facts are."""

import dataclasses
import datetime as dt
import io
import unicodedata
import zipfile
from xml.etree import ElementTree as ET

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from thidua.core import word
from thidua.core.documents import OfficialPaper, Passage, Signature, room_for_pen
from thidua.core.drawing import text_width
from thidua.core.word_writing import render_docx


@dataclasses.dataclass(frozen=True, kw_only=True)
class Notice(OfficialPaper):
    kind = "THÔNG BÁO"
    texts: tuple[Passage, ...] = ()
    signature: Signature

    @property
    def signatures(self):
        return (self.signature,)

    @property
    def blocks(self):
        return list(self.texts)


NOTICE = Notice(
    parent_body="UBND TỈNH THỬ",
    body="THANH TRA TỈNH",
    number="05",
    symbol="TB-TTr",
    place="Thử",
    signed_on=dt.date(2026, 1, 5),
    subject="Về việc thử tệp Word",
    recipients=("Như trên", "Lưu: VT"),
    texts=(
        Passage("Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022;", "basis"),
        Passage("I. MỤC ĐÍCH", "heading", 1),
        Passage("1. Yêu cầu:", "heading", 2),
        Passage("a) Điểm thứ nhất:", "heading", 3),
        Passage("Nội dung của thông báo."),
        Passage("Văn phòng thực hiện./."),
    ),
    signature=Signature(("KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA"), "Vũ Đình Mẫu", "(Đã ký)"),
)


def opened(paper=NOTICE):
    return Document(io.BytesIO(render_docx(paper)))


def looks(document):
    """Return {style: (size, bold, italic, alignment)} of the styles in use, with their texts."""
    found = {}
    tables = [p for t in document.tables for c in t._cells for p in c.paragraphs]
    for paragraph in (*document.paragraphs, *tables):
        found.setdefault(paragraph.style.name, []).append(paragraph.text)
    return found


def test_the_page_is_that_of_the_decree():
    document = opened()
    section = document.sections[0]
    sides = ("top_margin", "bottom_margin", "left_margin", "right_margin")
    assert [round(getattr(section, side).mm) for side in sides] == [20, 20, 30, 20]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.different_first_page_header_footer
    number = section.header.paragraphs[0]
    assert number.style.name == "Số trang"
    assert number.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert number._p.xpath("w:fldSimple/@w:instr") == [" PAGE "]
    assert section.header_distance.mm + 13 * 1.15 / 72 * 25.4 < 20


def test_every_piece_has_its_style():
    assert looks(opened()) == {
        "Cơ quan chủ quản": ["UBND TỈNH THỬ"],
        "Cơ quan ban hành": ["THANH TRA TỈNH"],
        "Đường kẻ": ["", ""],
        "Đường kẻ dưới trích yếu": [""],
        "Quốc hiệu": ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        "Tiêu ngữ": ["Độc lập - Tự do - Hạnh phúc"],
        "Số và ký hiệu": ["Số: 05/TB-TTr"],
        "Địa danh và thời gian": ["Thử, ngày 05 tháng 01 năm 2026"],
        "Tên loại": ["THÔNG BÁO"],
        "Trích yếu": ["Về việc thử tệp Word"],
        "Căn cứ": ["Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022;"],
        "Heading 1": ["I. MỤC ĐÍCH"],
        "Heading 2": ["1. Yêu cầu:"],
        "Heading 3": ["a) Điểm thứ nhất:"],
        "Nội dung": ["Nội dung của thông báo.", "Văn phòng thực hiện./."],
        "Nơi nhận": ["Nơi nhận:"],
        "Danh sách nơi nhận": ["- Như trên;", "- Lưu: VT."],
        "Quyền hạn và chức vụ": ["KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA"],
        "Ghi chú chữ ký": ["(Đã ký)"],
        "Chỗ ký": [""],
        "Họ và tên": ["Vũ Đình Mẫu"],
        "Cuối văn bản": [""],
    }


@pytest.mark.parametrize(
    ("style", "size", "bold", "italic", "alignment"),
    [
        ("Quốc hiệu", 12, True, False, "CENTER"),
        ("Tiêu ngữ", 13, True, False, "CENTER"),
        ("Cơ quan chủ quản", 12, False, False, "CENTER"),
        ("Cơ quan ban hành", 12, True, False, "CENTER"),
        ("Số và ký hiệu", 13, False, False, "CENTER"),
        ("Địa danh và thời gian", 13, False, True, "CENTER"),
        ("Tên loại", 14, True, False, "CENTER"),
        ("Trích yếu", 14, True, False, "CENTER"),
        ("Căn cứ", 14, False, True, "JUSTIFY"),
        ("Nội dung", 14, False, False, "JUSTIFY"),
        ("Heading 1", 14, True, False, "JUSTIFY"),
        ("Heading 2", 14, True, False, "JUSTIFY"),
        ("Heading 3", 14, False, False, "JUSTIFY"),
        ("Nơi nhận", 12, True, True, "LEFT"),
        ("Danh sách nơi nhận", 11, False, False, "LEFT"),
        ("Quyền hạn và chức vụ", 14, True, False, "CENTER"),
        ("Họ và tên", 14, True, False, "CENTER"),
    ],
)
def test_faces_and_sizes_are_those_of_the_decree(style, size, bold, italic, alignment):
    look = opened().styles[style]
    assert (look.font.name, look.font.size.pt) == ("Times New Roman", size)
    assert (look.font.bold, look.font.italic) == (bold, italic)
    assert look.paragraph_format.alignment.name == alignment
    assert str(look.font.color.rgb) == "000000"
    assert look.style_id.isascii()


def test_paragraphs_are_indented_and_spaced_as_the_decree_asks():
    body = opened().styles["Nội dung"].paragraph_format
    assert round(body.first_line_indent.mm, 1) == 12.7
    assert body.space_before.pt == 6
    assert 1 <= body.line_spacing <= 1.5
    assert opened().styles["Heading 1"].paragraph_format.keep_with_next


def test_the_text_has_no_look_of_its_own():
    """What an office changes in a style changes everywhere."""
    document = opened()
    cells = [p for t in document.tables for c in t._cells for p in c.paragraphs]
    for paragraph in (*document.paragraphs, *cells):
        assert all(run._r.rPr is None for run in paragraph.runs), paragraph.text


def test_font_and_language_hold_for_every_script_and_no_part_is_foreign():
    content = render_docx(NOTICE)
    styles = Document(io.BytesIO(content)).styles.element
    defaults = styles.xpath("w:docDefaults/w:rPrDefault/w:rPr")[0]
    assert set(defaults.xpath("w:rFonts/@*")) == {"Times New Roman"}
    assert len(defaults.xpath("w:rFonts/@*")) == 4
    assert defaults.xpath("w:lang/@w:val") == ["vi-VN"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "word/_rels/document.xml.rels",
            "word/document.xml",
            "word/header1.xml",
            "word/settings.xml",
            "word/styles.xml",
        ]
        assert all(entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in archive.infolist())
        core = archive.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "created" not in core


def test_the_document_is_named():
    facts = opened().core_properties
    assert facts.title == NOTICE.title == "Thông báo về việc thử tệp Word"
    assert facts.language == "vi-VN"


def test_a_subject_longer_than_a_property_of_a_file_is_written_whole():
    long = dataclasses.replace(NOTICE, subject="Về việc thử tệp Word " * 20)
    document = opened(long)
    assert document.core_properties.title == long.title[:255]
    [subject] = looks(document)["Trích yếu"]
    assert subject.split() == long.subject.split()


def test_rules_are_as_wide_as_the_decree_asks():
    document = opened()
    masthead = document.tables[0]

    def width_of(place, room_mm):
        rule = next(p for p in place.paragraphs if p.style.name.startswith("Đường kẻ"))
        shape = rule.paragraph_format
        return room_mm - shape.left_indent.mm - shape.right_indent.mm

    columns = [column.width.mm for column in masthead.columns]
    assert sum(columns) == pytest.approx(160, abs=0.1)
    issuer = text_width("THANH TRA TỈNH", "bold", 12)
    motto = text_width("Độc lập - Tự do - Hạnh phúc", "bold", 13)
    subject = text_width(NOTICE.subject, "bold", 14)
    assert issuer / 3 < width_of(masthead.cell(0, 0), columns[0]) < issuer / 2
    assert width_of(masthead.cell(0, 1), columns[1]) == pytest.approx(motto, abs=0.1)
    assert subject / 3 < width_of(document, 160) < subject / 2
    border = document.styles["Đường kẻ"].element.pPr.find(qn("w:pBdr"))
    assert [side.tag for side in border] == [qn("w:top")]


def test_the_last_paragraph_stays_with_the_signature():
    document = opened()
    last = [p for p in document.paragraphs if p.text][-1].paragraph_format
    assert last.keep_with_next
    assert last.keep_together
    assert document.tables[-1]._tbl.xpath("w:tr/w:trPr/w:cantSplit")


def test_a_paper_without_number_place_text_or_recipients_is_still_a_paper():
    bare = dataclasses.replace(
        NOTICE, symbol="", place="", subject="", recipients=(), texts=(), signature=Signature(())
    )
    found = looks(opened(bare))
    assert found["Số và ký hiệu"] == found["Địa danh và thời gian"] == [""]
    assert "Trích yếu" not in found
    assert "Nơi nhận" not in found
    open_number = dataclasses.replace(NOTICE, number="", signed_on=None)
    found = looks(opened(open_number))
    assert found["Số và ký hiệu"][0].endswith("\N{NO-BREAK SPACE}/TB-TTr")
    assert "ngày\N{NO-BREAK SPACE}" in found["Địa danh và thời gian"][0]


def test_the_same_facts_give_the_same_bytes():
    assert render_docx(NOTICE) == render_docx(dataclasses.replace(NOTICE))
    assert render_docx(NOTICE) != render_docx(dataclasses.replace(NOTICE, number="06"))


HOSTILE = [
    "Nguyễn & Trần <b>đậm</b> </w:t></w:r>",
    "{{ paper.body }} {% include 'x' %} {{ 7*7 }} ${7*7}",
    '{ INCLUDEPICTURE "http://127.0.0.1/a.png" } { DDEAUTO c:\\\\x }',
    "]]> <!-- &amp; &#x41; &lt;",
    '=HYPERLINK("http://127.0.0.1";"a") \'một\' "hai"',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_only_data(text):
    paper = dataclasses.replace(
        NOTICE,
        parent_body=text,
        body=text,
        number=text,
        subject=text,
        recipients=(text,),
        texts=(Passage(text, "heading", 1), Passage(text)),
        signature=Signature((text,), text, text),
    )
    content = render_docx(paper)
    read = [paragraph.text for paragraph in word.paragraphs_of(content)]
    assert sum(" ".join(text.split()) in " ".join(line.split()) for line in read) == 10
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tree = ET.fromstring(archive.read("word/document.xml"))
        rels = archive.read("word/_rels/document.xml.rels").decode()
    known = {node.tag for node in plain_tree().iter()} | {qn("w:br")}  # a subject of two lines
    assert {node.tag for node in tree.iter()} <= known
    assert "External" not in rels


def plain_tree():
    with zipfile.ZipFile(io.BytesIO(render_docx(NOTICE))) as archive:
        return ET.fromstring(archive.read("word/document.xml"))


def test_letters_that_xml_cannot_hold_are_left_out_and_the_rest_is_composed():
    text = unicodedata.normalize("NFD", "Hòa\x00 \x07Ủy\x1b ban\ufffe 𝒜")
    [line] = looks(opened(dataclasses.replace(NOTICE, texts=(Passage(text),))))["Nội dung"]
    assert line == "Hòa Ủy ban 𝒜"


@pytest.mark.parametrize(
    ("written", "roomy"),
    [
        ("Thử, ngày tháng 5 năm 2024", "Thử, ngày_tháng 5 năm 2024"),
        ("Thử, ngày tháng năm 2024", "Thử, ngày_tháng_năm 2024"),
        ("Thử, ngày 5 tháng năm", "Thử, ngày 5 tháng_năm_"),
        ("Thử, ngày 05 tháng 01 năm 2026", "Thử, ngày 05 tháng 01 năm 2026"),
        ("Thử, ngày … tháng … năm 2026", "Thử, ngày … tháng … năm 2026"),
    ],
)
def test_what_a_written_day_leaves_out_has_room_for_the_pen(written, roomy):
    assert room_for_pen(written).replace("\N{NO-BREAK SPACE}" * 6, "_") == roomy


def test_a_line_may_end_between_a_quote_and_a_bracket():
    passage = Passage("Ngày “Tổng tuyển cử” (06/01/1946) và “kỷ niệm” “lớn”")
    assert passage.pieces == [
        "Ngày “Tổng tuyển cử” ",
        "(06/01/1946) và “kỷ niệm” ",
        "“lớn”",
    ]
    assert "".join(passage.pieces) == passage.text
