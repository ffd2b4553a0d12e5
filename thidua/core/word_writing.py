"""Writing a Word file: the editable twin of a printed text, from the same facts.

Every paragraph has a named style, so that an office changes a look in one place. Texts are only
ever data: nothing of them is read as a field, a template or markup. The same facts give the same
bytes. Layout after decree 30/2020/NĐ-CP, annex I, as `static/documents/official.css` has it.
"""

import dataclasses
import functools
import io
import re
import unicodedata
import zipfile
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from thidua.core.documents import OfficialPaper, Passage, Signature, TextPaper
from thidua.core.drawing import Face, text_width
from thidua.core.text import fold

_FONT = "Times New Roman"
_LANGUAGE = "vi-VN"
_PAGE_MM, _MARGINS_MM = (210, 297), {"top": 20, "bottom": 20, "left": 30, "right": 20}
_TEXT_MM = 160
_NATION, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_ISSUER_MM, _ISSUER_GAP_MM = 67, 3
_RECIPIENTS_MM, _RECIPIENTS_GAP_MM = 77, 1
_RULE_PART = 0.4  # of the text above; the decree allows a third to a half
_PEN_MM = 25
_CENTRE, _LEFT, _JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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


_BODY = _Look(align=_JUSTIFY, before=6, indent_mm=12.7)
_HEADING = dataclasses.replace(_BODY, bold=True, keep_with_next=True)
_STYLES = {
    "Cơ quan chủ quản": _Look(12, line=1.04, right_mm=_ISSUER_GAP_MM),
    "Cơ quan ban hành": _Look(12, bold=True, line=1.04, right_mm=_ISSUER_GAP_MM),
    "Quốc hiệu": _Look(12, bold=True, line=1.04),
    "Tiêu ngữ": _Look(13, bold=True, line=1.04),
    "Đường kẻ": _Look(1, exactly=3, before=2),
    "Số và ký hiệu": _Look(13, line=1.04, before=8, right_mm=_ISSUER_GAP_MM),
    "Địa danh và thời gian": _Look(13, italic=True, line=1.04, before=8),
    "Tên loại": _Look(bold=True, before=18, keep_with_next=True),
    "Trích yếu": _Look(bold=True, keep_with_next=True),
    "Căn cứ": dataclasses.replace(_BODY, italic=True),
    "Nội dung": _BODY,
    "Heading 1": dataclasses.replace(_HEADING, before=12, level=1),
    "Heading 2": dataclasses.replace(_HEADING, level=2),
    "Heading 3": dataclasses.replace(_HEADING, bold=False, level=3),
    "Nơi nhận": _Look(12, bold=True, italic=True, align=_LEFT, line=1.04),
    "Danh sách nơi nhận": _Look(11, align=_LEFT, line=1.04, right_mm=_RECIPIENTS_GAP_MM),
    "Quyền hạn và chức vụ": _Look(bold=True, line=1.09),
    "Ghi chú chữ ký": _Look(13, italic=True),
    "Chỗ ký": _Look(exactly=_PEN_MM / 25.4 * 72),
    "Họ và tên": _Look(bold=True),
    "Số trang": _Look(13, line=1),
    "Cuối văn bản": _Look(1, exactly=1),
}
_STYLE_OF_PART = {"basis": "Căn cứ", "body": "Nội dung"}
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


def render_docx(paper: TextPaper) -> bytes:
    """Write the paper as an editable DOCX; the same facts give the same bytes."""
    document = Document(io.BytesIO(_blank()))
    document.core_properties.title = _clean(paper.title)[:_LONGEST_PROPERTY]
    _write_masthead(document, paper)
    _write_titles(document, paper)
    for passage in paper.passages:
        written = _write_passage(document, passage)
    if paper.passages:  # the last paragraph stays on the page of the signature
        written.paragraph_format.keep_with_next = written.paragraph_format.keep_together = True
    _write_signed(document, paper.recipients, paper.signature)
    document.add_paragraph(style="Cuối văn bản")  # Word would add a full line after the table
    return _packed(document)


# --- Pieces of a paper ---------------------------------------------------------------------
def _write_masthead(document: WordDocument, paper: OfficialPaper) -> None:
    """Write issuer and nation with their rules, below them the number, the place and the day."""
    (issuer, nation), (number, day) = _table(document, 2, _ISSUER_MM)
    issuers = _clean(paper.body).split("\n")
    _fill(issuer, "Cơ quan chủ quản", *_clean(paper.parent_body).split("\n"))
    _fill(issuer, "Cơ quan ban hành", *issuers)
    _write_rule(issuer, issuers, 12, _ISSUER_MM - _ISSUER_GAP_MM, gap_mm=_ISSUER_GAP_MM)
    _fill(nation, "Quốc hiệu", _NATION)
    _fill(nation, "Tiêu ngữ", _MOTTO)
    _write_rule(nation, [_MOTTO], 13, _TEXT_MM - _ISSUER_MM, part=1)
    _fill(number, "Số và ký hiệu", f"Số: {paper.number_and_symbol}" if paper.symbol else "")
    _fill(day, "Địa danh và thời gian", paper.place_and_day if paper.place else "")


def _write_titles(document: WordDocument, paper: OfficialPaper) -> None:
    """Write the kind and the subject, broken into lines as on the printed page."""
    document.add_paragraph(_clean(paper.kind), "Tên loại")
    if lines := paper.subject_lines:
        document.add_paragraph(_clean("\n".join(lines)), "Trích yếu")
        rule = _write_rule(document, lines, 14, _TEXT_MM)
        rule.paragraph_format.space_after = Pt(8)


def _write_passage(document: WordDocument, passage: Passage) -> Paragraph:
    style = _STYLE_OF_PART.get(passage.part, f"Heading {passage.level}")
    return document.add_paragraph(_clean(passage.text), style)


def _write_signed(
    document: WordDocument, recipients: tuple[str, ...], signature: Signature
) -> None:
    """Write recipients and signature beside each other, never broken over two pages."""
    [[left, right]] = _table(document, 1, _RECIPIENTS_MM)
    if recipients:
        *others, last = (f"- {_clean(line)}" for line in recipients)
        _fill(left, "Nơi nhận", "Nơi nhận:")
        _fill(left, "Danh sách nơi nhận", *(f"{line};" for line in others), f"{last}.")
    _fill(right, "Quyền hạn và chức vụ", *map(_clean, signature.lines))
    if signature.note:
        _fill(right, "Ghi chú chữ ký", _clean(signature.note))
    _fill(right, "Chỗ ký", "")
    _fill(right, "Họ và tên", _clean(signature.name))
    for cell in (left, right):
        cell.paragraphs[0].paragraph_format.space_before = Pt(14)


def _table(document: WordDocument, rows: int, first_mm: float) -> list[list[_Cell]]:
    """Return the cells of a table of two columns that only lays out: no lines, no padding."""
    table = document.add_table(rows, 2)
    table.autofit = False
    look = table._tbl.tblPr  # noqa: SLF001 -- padding has no public name
    for tag in look.xpath("w:tblLook"):
        look.remove(tag)
    sides = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("left", "right"))
    look.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"))
    _set_widths(table, first_mm)
    return [list(row.cells) for row in table.rows]


def _set_widths(table: Table, first_mm: float) -> None:
    for column, width in zip(table.columns, (first_mm, _TEXT_MM - first_mm), strict=True):
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
        paragraph.add_run(line)


def _write_rule(
    place: WordDocument | _Cell,
    lines: list[str],
    size: float,
    room_mm: float,
    *,
    part: float = _RULE_PART,
    gap_mm: float = 0,
) -> Paragraph:
    """Draw a line under bold text, as wide as `part` of it: a border between two indents."""
    face: Face = "bold"
    width = part * min(max(text_width(line, face, size) for line in lines), room_mm)
    rule = place.add_paragraph(style="Đường kẻ")
    rule.paragraph_format.left_indent = Mm((room_mm - width) / 2)
    rule.paragraph_format.right_indent = Mm((room_mm - width) / 2 + gap_mm)
    return rule


def _clean(text: str) -> str:
    """Return composed text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", unicodedata.normalize("NFC", text))


# --- The empty document --------------------------------------------------------------------
@functools.cache
def _blank() -> bytes:
    """Return an official page without a word on it: page, styles, language, page numbers."""
    document = Document()
    _drop_foreign_parts(document)
    _set_page(document)
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


def _set_page(document: WordDocument) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = (Mm(side) for side in _PAGE_MM)
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
            style.style_id = fold(name).title().replace(" ", "")
        style.base_style = styles["Normal"]
        style.hidden, style.quick_style = False, True
        _dress(style, look)
    rule = styles["Đường kẻ"].element.get_or_add_pPr()
    rule.insert_element_before(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
            "</w:pBdr>"
        ),
        *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"),
    )


def _fonts() -> str:
    scripts = ("ascii", "hAnsi", "eastAsia", "cs")
    return "<w:rFonts " + " ".join(f'w:{script}="{_FONT}"' for script in scripts) + "/>"


def _dress(style: Any, look: _Look) -> None:
    font, shape = style.font, style.paragraph_format
    font.name, font.size, font.color.rgb = _FONT, Pt(look.size), RGBColor(0, 0, 0)
    font.bold, font.italic = look.bold, look.italic
    shape.alignment = look.align
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.first_line_indent, shape.right_indent = Mm(look.indent_mm), Mm(look.right_mm)
    if look.exactly:
        shape.line_spacing, shape.line_spacing_rule = Pt(look.exactly), WD_LINE_SPACING.EXACTLY
    else:
        shape.line_spacing = look.line
    shape.widow_control = True
    shape.keep_with_next = look.keep_with_next
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
