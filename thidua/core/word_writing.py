"""Writing a Word file: the editable twin of a printed text, from the same facts.

Every paragraph has a named style, so that an office changes a look in one place. Texts are only
ever data: nothing of them is read as a field, a template or markup. The same facts give the same
bytes. Layout after decree 30/2020/NĐ-CP, annex I, as `static/documents/official.css` has it.
"""

import dataclasses
import functools
import io
import unicodedata
import zipfile
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from thidua.core.documents import (
    NOT_XML,
    Addressees,
    Annex,
    Block,
    FactTable,
    ListTable,
    OfficialPaper,
    Passage,
    Signature,
)
from thidua.core.drawing import Face, text_width
from thidua.core.text import fold

_FONT = "Times New Roman"
_LANGUAGE = "vi-VN"
_PAGE_MM, _MARGINS_MM = (210, 297), {"top": 20, "bottom": 20, "left": 30, "right": 20}
_NATION, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_ISSUER_PART, _ISSUER_GAP_MM = 0.42, 3
_RECIPIENTS_PART, _RECIPIENTS_GAP_MM = 0.48, 1
_RULE_PART = 0.4  # of the text above; the decree allows a third to a half
_PEN_MM = 25
_FACT_MM = 46
_CELL_MM = 1.4  # between the line of a cell and its text
_CENTRE, _LEFT, _JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file can name
_LONGEST_PROPERTY = 255
_KEPT_PARTS = ("/officeDocument", "/core-properties", "/styles", "/settings", "/header")


@dataclasses.dataclass(frozen=True)
class _Look:
    """How the paragraphs of one style look; lengths in points unless they say millimetres."""

    size: float = 14
    bold: bool = False
    italic: bool = False
    align: WD_ALIGN_PARAGRAPH = _CENTRE
    before: float = 0
    after: float = 0
    indent_mm: float = 0
    right_mm: float = 0
    # Lines of 1.13 are as high as the 1.3 em of the printed page; a fixed height is in points.
    line: float = 1.13
    exactly: float = 0
    keep_with_next: bool = False
    level: int = 0
    ruled: bool = False
    boxed: bool = False
    sides_mm: float = 0


_BODY = _Look(align=_JUSTIFY, before=6, indent_mm=12.7)
_HEADING = dataclasses.replace(_BODY, bold=True, keep_with_next=True)
_STYLES = {
    "Cơ quan chủ quản": _Look(12, line=1.04, right_mm=_ISSUER_GAP_MM),
    "Cơ quan ban hành": _Look(12, bold=True, line=1.04, right_mm=_ISSUER_GAP_MM),
    "Quốc hiệu": _Look(12, bold=True, line=1.04),
    "Tiêu ngữ": _Look(13, bold=True, line=1.04),
    "Đường kẻ": _Look(1, exactly=3, before=2, ruled=True),
    "Đường kẻ dưới trích yếu": _Look(1, exactly=3, before=2, after=8, ruled=True),
    "Mẫu số": _Look(12, italic=True, align=WD_ALIGN_PARAGRAPH.RIGHT, line=1.04, after=4),
    "Số và ký hiệu": _Look(13, line=1.04, before=8, right_mm=_ISSUER_GAP_MM),
    "Địa danh và thời gian": _Look(13, italic=True, line=1.04, before=8),
    "Tên loại": _Look(bold=True, before=18, keep_with_next=True),
    "Dòng tên loại": _Look(bold=True, keep_with_next=True),
    "Trích yếu": _Look(bold=True, keep_with_next=True),
    "Ghi chú dưới tên": _Look(italic=True, after=8),
    "Tên bìa": _Look(20, bold=True, before=62),
    "Hình thức trên bìa": _Look(bold=True, before=6),
    "Bộ số": _Look(bold=True, before=6, after=28, boxed=True, sides_mm=60),
    "Kính gửi": _Look(before=6, after=8),
    "Kính gửi nhiều nơi": _Look(align=_LEFT),
    "Thẩm quyền ban hành": _Look(bold=True, before=10, after=6, keep_with_next=True),
    "Dẫn": dataclasses.replace(_BODY, keep_with_next=True),
    "Mã kiểm tra": _Look(before=6),
    "Tên phụ lục": _Look(bold=True, keep_with_next=True),
    "Tiêu đề bảng": _Look(12, bold=True, before=2.5, after=2.5, line=1.09, keep_with_next=True),
    "Nhóm trong bảng": _Look(
        12, bold=True, align=_LEFT, before=2.5, after=2.5, line=1.09, keep_with_next=True
    ),
    "Ô bảng": _Look(12, align=_LEFT, before=2.5, after=2.5, line=1.09),
    "Ô bảng giữa": _Look(12, before=2.5, after=2.5, line=1.09),
    "Ô bảng đậm": _Look(12, bold=True, align=_LEFT, before=2.5, after=2.5, line=1.09),
    "Ô bảng đậm giữa": _Look(12, bold=True, before=2.5, after=2.5, line=1.09),
    "Ghi chú trong bảng": _Look(11, italic=True, align=_LEFT, after=2.5, line=1.09),
    "Tên thông tin": _Look(align=_LEFT, before=3, after=3),
    "Thông tin": _Look(bold=True, align=_LEFT, before=3, after=3),
    "Sau bảng": _Look(1, exactly=4),
    "Căn cứ": dataclasses.replace(_BODY, italic=True),
    "Nội dung": _BODY,
    "Heading 1": dataclasses.replace(_HEADING, before=12, level=1),
    "Heading 2": dataclasses.replace(_HEADING, level=2),
    "Heading 3": dataclasses.replace(_HEADING, bold=False, level=3),
    "Nơi nhận": _Look(12, bold=True, italic=True, align=_LEFT, line=1.04),
    "Danh sách nơi nhận": _Look(11, align=_LEFT, line=1.04, right_mm=_RECIPIENTS_GAP_MM),
    "Quyền hạn và chức vụ": _Look(bold=True, line=1.09, keep_with_next=True),
    "Ghi chú chữ ký": _Look(13, italic=True, keep_with_next=True),
    "Chỗ ký": _Look(exactly=_PEN_MM / 25.4 * 72, keep_with_next=True),
    "Họ và tên": _Look(bold=True),
    "Số trang": _Look(13, line=1),
    "Cuối văn bản": _Look(1, exactly=1),
}
_STYLE_OF_PART = {
    "basis": "Căn cứ",
    "body": "Nội dung",
    "label": "Dẫn",
    "authority": "Thẩm quyền ban hành",
    "mark": "Thẩm quyền ban hành",
    "code": "Mã kiểm tra",
    "kind": "Tên loại",
    "subject": "Trích yếu",
    "note": "Ghi chú dưới tên",
    "boxed": "Bộ số",
    "annex-title": "Tên phụ lục",
}
_STYLE_ON_COVER = {"kind": "Tên bìa", "subject": "Hình thức trên bìa"}
_LEAD = "Tên điều"  # the only face inside a paragraph
_SETTINGS = f"""
<w:settings {nsdecls("w")}>
  <w:zoom w:percent="100"/>
  <w:defaultTabStop w:val="720"/>
  <w:characterSpacingControl w:val="doNotCompress"/>
  <w:compat>
    <w:compatSetting w:name="compatibilityMode" w:val="15"
      w:uri="http://schemas.microsoft.com/office/word"/>
  </w:compat>
  <w:themeFontLang w:val="{_LANGUAGE}"/>
  <w:decimalSymbol w:val=","/>
  <w:listSeparator w:val=";"/>
</w:settings>
"""


def render_docx(paper: OfficialPaper) -> bytes:
    """Write the paper as an editable DOCX; the same facts give the same bytes."""
    document = Document(io.BytesIO(_blank(is_lying=paper.look == "lying")))
    document.core_properties.title = _clean(paper.title)[:_LONGEST_PROPERTY]
    if paper.corner:
        document.add_paragraph(_clean(paper.corner), "Mẫu số")
    _write_masthead(document, paper)
    _write_titles(document, paper)
    for block in paper.blocks:
        _write(block, document, paper.room_mm)
    if paper.ending:  # the last paragraph stays on the page of the signature
        written = document.paragraphs[-1]
        written.paragraph_format.keep_with_next = written.paragraph_format.keep_together = True
    _write_signed(document, paper)
    if paper.signatures or paper.recipients:
        document.add_paragraph(style="Cuối văn bản")  # Word would add a full line after the table
    for annex in paper.annexes:
        _write_annex(document, annex, paper.room_mm)
    return _packed(document)


# --- Pieces of a paper ---------------------------------------------------------------------
def _write_masthead(document: WordDocument, paper: OfficialPaper) -> None:
    """Write issuer and nation with their rules, below them the number, the place and the day."""
    wide = paper.room_mm * _ISSUER_PART
    (issuer, nation), (number, day) = _table(document, 2, [wide, paper.room_mm - wide])
    issuers = _clean(paper.body).split("\n")
    _fill(issuer, "Cơ quan chủ quản", *_clean(paper.parent_body).split("\n"))
    _fill(issuer, "Cơ quan ban hành", *issuers)
    _write_rule(issuer, issuers, 12, wide - _ISSUER_GAP_MM, gap_mm=_ISSUER_GAP_MM)
    _fill(nation, "Quốc hiệu", _NATION)
    _fill(nation, "Tiêu ngữ", _MOTTO)
    _write_rule(nation, [_MOTTO], 13, paper.room_mm - wide, part=1)
    _fill(number, "Số và ký hiệu", f"Số: {paper.number_and_symbol}" if paper.symbol else "")
    _fill(day, "Địa danh và thời gian", paper.place_and_day if paper.place else "")


def _write_titles(document: WordDocument, paper: OfficialPaper) -> None:
    """Write kind and subject, broken into lines as on the printed page."""
    is_cover = paper.look == "cover"
    for number, passage in enumerate(paper.titles):
        style = _STYLE_OF_PART[passage.part]
        if is_cover:
            style = _STYLE_ON_COVER.get(passage.part, style)
        elif number and passage.part == "kind":
            style = "Dòng tên loại"
        document.add_paragraph(_clean(passage.text), style)
        if passage.part == "subject" and not is_cover:
            under = "Đường kẻ dưới trích yếu"
            _write_rule(document, passage.lines, 14, paper.room_mm, style=under)


def _write_annex(document: WordDocument, annex: Annex, room_mm: float) -> None:
    """Begin a section that counts its own pages and shows no number on the first."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    for numbers in section._sectPr.xpath("w:pgNumType"):  # noqa: SLF001
        numbers.getparent().remove(numbers)
    section._sectPr.append(parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>'))  # noqa: SLF001
    for passage in annex.titles:
        document.add_paragraph(_clean(passage.text), _STYLE_OF_PART[passage.part])
    for block in annex.blocks:
        _write(block, document, room_mm)


@functools.singledispatch
def _write(block: Block, document: WordDocument, room_mm: float) -> None:
    """Write one block at the end of the document."""
    raise TypeError(block)


@_write.register
def _write_passage(passage: Passage, document: WordDocument, room_mm: float) -> None:
    style = _STYLE_OF_PART.get(passage.part, f"Heading {passage.level}")
    paragraph = document.add_paragraph(style=style)
    if passage.lead:
        paragraph.add_run(_clean(passage.lead), _LEAD)
        paragraph.add_run(" ")
    paragraph.add_run(_clean(passage.text))


@_write.register
def _write_addressees(block: Addressees, document: WordDocument, room_mm: float) -> None:
    if len(block.names) == 1:
        document.add_paragraph(f"Kính gửi: {_clean(block.lines[0])}", "Kính gửi")
        return
    # The dashes stand under the colon.
    colon_mm = text_width("Kính gửi", "regular", 14)
    longest = max(text_width(line, "regular", 14) for line in block.lines)
    beside_mm = max((room_mm - colon_mm - longest) / 2, 0)
    places = [beside_mm, *(beside_mm + colon_mm for _ in block.lines)]
    for text, place_mm in zip(("Kính gửi:", *map(_clean, block.lines)), places, strict=True):
        paragraph = document.add_paragraph(text, "Kính gửi nhiều nơi")
        paragraph.paragraph_format.left_indent = Mm(place_mm)
    document.add_paragraph(style="Sau bảng")


@_write.register
def _write_facts(block: FactTable, document: WordDocument, room_mm: float) -> None:
    rows = _table(document, len(block.facts), [_FACT_MM, room_mm - _FACT_MM])
    for (label, fact), (name, lines) in zip(rows, block.facts, strict=True):
        _fill(label, "Tên thông tin", _clean(name))
        _fill(fact, "Thông tin", *map(_clean, lines))
    document.add_paragraph(style="Sau bảng")


@_write.register
def _write_list(block: ListTable, document: WordDocument, room_mm: float) -> None:
    """Write a ruled table whose first row is repeated on every page.

    The rows are written as XML: the library looks through all rows to add one.
    """
    widths = block.widths_mm(room_mm)
    heads = "".join(
        _cell_xml([("Tiêu đề bảng", column.title)], width)
        for column, width in zip(block.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"]
    for row, cells in block.lined_rows:
        if row.is_group:
            inside = _cell_xml(
                [("Nhóm trong bảng", cells[0][1].text)], sum(widths), span=len(widths)
            )
        else:
            bold = " đậm" if row.is_strong else ""
            inside = "".join(
                _cell_xml(
                    [
                        *(
                            (f"Ô bảng{bold}{' giữa' if column.is_centred else ''}", line)
                            for line in cell.lines
                        ),
                        *(("Ghi chú trong bảng", aside) for aside in cell.asides),
                    ],
                    width,
                )
                for (column, cell), width in zip(cells, widths, strict=True)
            )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inside}</w:tr>")
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    padding = "".join(
        f'<w:{side} w:w="{_twips(_CELL_MM)}" w:type="dxa"/>' for side in ("left", "right")
    )
    table = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/>'
        f"<w:tblBorders>{sides}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{padding}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    after = document.add_paragraph(style="Sau bảng")
    after._p.addprevious(table)  # noqa: SLF001 -- the library has no way to add a made table


def _cell_xml(paragraphs: list[tuple[str, str]], width: float, span: int = 1) -> str:
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    inside = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{_style_id(style)}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(_clean(text))}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{across}'
        f'<w:vAlign w:val="{"center" if paragraphs[0][0] == "Tiêu đề bảng" else "top"}"/>'
        f"</w:tcPr>{inside}</w:tc>"
    )


def _write_signed(document: WordDocument, paper: OfficialPaper) -> None:
    """Write recipients and signatures, never broken over two pages."""
    if len(paper.signatures) == 1:
        right_mm = paper.room_mm - _RECIPIENTS_PART * paper.room_mm
        [[left, right]] = _table(document, 1, [paper.room_mm - right_mm, right_mm])
        _write_recipients(left, paper.recipients)
        _write_signature(right, paper.signatures[0])
        for cell in (left, right):
            cell.paragraphs[0].paragraph_format.space_before = Pt(14)
        return
    if paper.signatures:
        half = paper.room_mm / 2
        offices, names = _table(document, 2, [half, half])  # names level, whatever is above them
        for office, name, signature in zip(offices, names, paper.signatures, strict=False):
            _write_office(office, signature)
            office.paragraphs[0].paragraph_format.space_before = Pt(14)
            _write_signer(name, signature)
    for signature in paper.signatures[2:]:
        document.add_paragraph(style="Sau bảng")
        [[whole]] = _table(document, 1, [paper.room_mm])
        _write_signature(whole, signature)
    if paper.recipients:
        document.add_paragraph(style="Sau bảng")
        [[whole]] = _table(document, 1, [paper.room_mm])
        _write_recipients(whole, paper.recipients)
        whole.paragraphs[0].paragraph_format.space_before = Pt(10)


def _write_recipients(cell: _Cell, recipients: tuple[str, ...]) -> None:
    if recipients:
        *others, last = (f"- {_clean(line)}" for line in recipients)
        _fill(cell, "Nơi nhận", "Nơi nhận:")
        _fill(cell, "Danh sách nơi nhận", *(f"{line};" for line in others), f"{last}.")


def _write_signature(cell: _Cell, signature: Signature) -> None:
    _write_office(cell, signature)
    _write_signer(cell, signature)


def _write_office(cell: _Cell, signature: Signature) -> None:
    _fill(cell, "Quyền hạn và chức vụ", *map(_clean, signature.lines))
    if signature.note:
        _fill(cell, "Ghi chú chữ ký", _clean(signature.note))


def _write_signer(cell: _Cell, signature: Signature) -> None:
    _fill(cell, "Chỗ ký", "")
    _fill(cell, "Họ và tên", _clean(signature.name))


def _table(document: WordDocument, rows: int, widths_mm: list[float]) -> list[list[_Cell]]:
    """Return the cells of a table that only lays out: no lines, no padding."""
    table = document.add_table(rows, len(widths_mm))
    table.autofit = False
    look = table._tbl.tblPr  # noqa: SLF001 -- padding has no public name
    for tag in look.xpath("w:tblLook"):
        look.remove(tag)
    sides = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("left", "right"))
    look.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"))
    _set_widths(table, widths_mm)
    return [list(row.cells) for row in table.rows]


def _set_widths(table: Table, widths_mm: list[float]) -> None:
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))  # noqa: SLF001


def _fill(cell: _Cell, style: str, *lines: str) -> None:
    """Write lines into a cell, each a paragraph; the one that a new cell has is used first."""
    for line in lines:
        first = cell.paragraphs[0]
        is_new = len(cell.paragraphs) == 1 and not first.text and first.style.name == "Normal"
        paragraph = first if is_new else cell.add_paragraph()
        paragraph.style = style
        paragraph.add_run(_clean(line))


def _write_rule(
    place: WordDocument | _Cell,
    lines: list[str],
    size: float,
    room_mm: float,
    *,
    part: float = _RULE_PART,
    gap_mm: float = 0,
    style: str = "Đường kẻ",
) -> Paragraph:
    """Draw a line under bold text, as wide as `part` of it: a border between two indents."""
    face: Face = "bold"
    width = part * min(max(text_width(line, face, size) for line in lines), room_mm)
    rule = place.add_paragraph(style=style)
    rule.paragraph_format.left_indent = Mm((room_mm - width) / 2)
    rule.paragraph_format.right_indent = Mm((room_mm - width) / 2 + gap_mm)
    return rule


def _clean(text: str) -> str:
    """Return composed text without the characters that XML cannot hold."""
    return NOT_XML.sub("", unicodedata.normalize("NFC", text))


def _twips(millimetres: float) -> int:
    return round(millimetres / 25.4 * 1440)


def _style_id(name: str) -> str:
    """Return a plain identifier, whatever reads the file."""
    return fold(name).title().replace(" ", "")


# --- The empty document --------------------------------------------------------------------
@functools.cache
def _blank(*, is_lying: bool) -> bytes:
    """Return an official page without a word on it: page, styles, language, page numbers."""
    document = Document()
    _drop_foreign_parts(document)
    _set_page(document, is_lying=is_lying)
    _set_styles(document)
    settings = document.settings.element
    settings[:] = list(parse_xml(_SETTINGS))
    _number_pages(document)
    facts = document.core_properties
    facts.author = facts.comments = ""
    facts.language = _LANGUAGE
    dates = facts._element  # noqa: SLF001 -- a date can be set, not left out
    for date in dates.xpath("dcterms:created | dcterms:modified"):
        dates.remove(date)
    return _packed(document)


def _drop_foreign_parts(document: WordDocument) -> None:
    """Leave out what the library's own blank document brings along: a picture, other themes."""
    for rels in (document.part.rels, document.part.package.rels):
        for key in [k for k, rel in rels.items() if not rel.reltype.endswith(_KEPT_PARTS)]:
            del rels[key]


def _set_page(document: WordDocument, *, is_lying: bool) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENTATION.LANDSCAPE if is_lying else WD_ORIENTATION.PORTRAIT
    sides = _PAGE_MM[::-1] if is_lying else _PAGE_MM
    section.page_width, section.page_height = (Mm(side) for side in sides)
    for side, margin in _MARGINS_MM.items():
        setattr(section, f"{side}_margin", Mm(margin))
    section.header_distance = section.footer_distance = Mm(9)
    for grid in section._sectPr.xpath("w:docGrid"):  # noqa: SLF001
        grid.getparent().remove(grid)


def _set_styles(document: WordDocument) -> None:
    """Replace the library's styles by those of an official text."""
    styles = document.styles
    for theirs in list(styles):
        if theirs.name not in {"Normal", "Default Paragraph Font", "Normal Table", "No List"}:
            theirs.delete()
    defaults = styles.element.xpath("w:docDefaults")[0]
    defaults[:] = list(
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{_fonts()}"
            '<w:sz w:val="28"/><w:szCs w:val="28"/>'
            f'<w:lang w:val="{_LANGUAGE}" w:eastAsia="{_LANGUAGE}" w:bidi="ar-SA"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        )
    )
    for name, look in _STYLES.items():
        style: Any = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=bool(look.level))
        if not look.level:  # a plain identifier, whatever reads the file
            style.style_id = _style_id(name)
        style.base_style = styles["Normal"]
        style.hidden, style.quick_style = False, True
        _dress(style, look)
    lead: Any = styles.add_style(_LEAD, WD_STYLE_TYPE.CHARACTER)
    lead.style_id, lead.font.bold = _style_id(_LEAD), True
    lead.hidden, lead.quick_style = False, True


def _fonts() -> str:
    scripts = ("ascii", "hAnsi", "eastAsia", "cs")
    return "<w:rFonts " + " ".join(f'w:{script}="{_FONT}"' for script in scripts) + "/>"


def _dress(style: Any, look: _Look) -> None:
    font, shape = style.font, style.paragraph_format
    font.name, font.size, font.color.rgb = _FONT, Pt(look.size), RGBColor(0, 0, 0)
    font.bold, font.italic = look.bold, look.italic
    shape.alignment = look.align
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.first_line_indent = Mm(look.indent_mm)
    shape.left_indent, shape.right_indent = Mm(look.sides_mm), Mm(look.right_mm or look.sides_mm)
    if look.exactly:
        shape.line_spacing, shape.line_spacing_rule = Pt(look.exactly), WD_LINE_SPACING.EXACTLY
    else:
        shape.line_spacing = look.line
    shape.widow_control = True
    shape.keep_with_next = look.keep_with_next
    if look.ruled or look.boxed:
        sides = ("top", "left", "bottom", "right") if look.boxed else ("top",)
        lines = "".join(
            f'<w:{side} w:val="single" w:sz="6" w:space="{2 * look.boxed}" w:color="000000"/>'
            for side in sides
        )
        style.element.get_or_add_pPr().insert_element_before(
            parse_xml(f"<w:pBdr {nsdecls('w')}>{lines}</w:pBdr>"),
            *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"),
        )
    if look.level:
        shape.element.get_or_add_pPr().append(
            parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{look.level - 1}"/>')
        )


def _number_pages(document: WordDocument) -> None:
    """Put the number in the middle of the top margin, from the second page on."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style = "Số trang"
    paragraph._p.append(  # noqa: SLF001 -- a field has no public name
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
        )
    )


def _packed(document: WordDocument) -> bytes:
    """Return the file with nothing in it that changes from one run to the next."""
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():  # the list of types stands first, as readers expect
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(entry, source.read(name))
    return packed.getvalue()
