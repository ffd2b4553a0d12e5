"""Reading a Word file: a guard before it is opened, then its paragraphs as people see them.

A DOCX is a zip of XML. It is opened only when it is small, honest about its sizes and passive.
Nothing of it is fetched, run or shown; only its words are taken, with the numbers that Word
draws before the paragraphs of a list.
"""

import dataclasses
import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph as WordParagraph

from thidua.core.text import fold
from thidua.core.workflow import Refused
from thidua.core.zips import Limits, check_sizes

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MEBIBYTE = 1024 * 1024
_LIMITS = Limits(
    entries=400, unpacked=60 * _MEBIBYTE, entry=30 * _MEBIBYTE, ratio=150, ratio_from=_MEBIBYTE // 2
)
MAX_PARAGRAPHS = 5_000
_MAIN = "word/document.xml"
_TYPES = "[Content_Types].xml"
_ACTIVE_PARTS = ("vbaproject", "activex", "/embeddings/", "attachedtoolbars", "afchunk")
# A link in the text is only words to us; every other outside relation would be fetched by Word.
_HARMLESS = "/hyperlink"
BROKEN = "Tệp Word bị hỏng, không mở được. Hãy lưu lại thành .docx rồi tải lên, hoặc dán lời văn."
BOMB = "Tệp Word lớn hoặc nén bất thường nên không được mở. Hãy tách tệp hoặc dán lời văn."
_ACTIVE = (
    "Tệp Word có macro, tệp nhúng hoặc liên kết ra ngoài. "
    "Hãy lưu lại thành .docx thường, hoặc dán lời văn."
)
_HEADER_CELLS = {"tt", "stt", "so tt", "muc", "hinh thuc", "hinh thuc khen thuong", "noi dung"}
_TWO = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its words, the level of its heading style (0: none), a row of facts or not."""

    text: str
    heading: int = 0
    is_row: bool = False


def check(content: bytes) -> None:
    """Refuse whatever is not a small, sound and passive DOCX."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_sizes(archive, _LIMITS, bomb=BOMB, broken=BROKEN)
            _check_parts(archive)
    except (
        zipfile.BadZipFile,
        ParseError,
        DefusedXmlException,
        KeyError,
        ValueError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Refused(BROKEN) from None


def paragraphs_of(content: bytes) -> list[Paragraph]:
    """Return the paragraphs of a DOCX in reading order; tables row by row."""
    check(content)
    try:
        document = Document(io.BytesIO(content))
        numbers = Numbers(document)
        found = []
        for paragraph in _blocks(document, numbers):
            found.append(paragraph)
            if len(found) > MAX_PARAGRAPHS:
                raise Refused(BOMB)
    except (KeyError, ValueError, AttributeError, OSError, zipfile.BadZipFile, SyntaxError):
        raise Refused(BROKEN) from None
    return found


def _check_parts(archive: zipfile.ZipFile) -> None:
    types = {
        node.get("PartName", ""): node.get("ContentType", "")
        for node in _xml(archive, _TYPES).iter()
    }
    if not types.get("/" + _MAIN, "").startswith(DOCX + ".main"):
        raise Refused("Tệp này không phải tệp Word .docx. Hãy lưu lại thành .docx rồi tải lên.")
    names = " ".join(["", *archive.namelist()]).lower()
    if any(part in names for part in _ACTIVE_PARTS) or "macro" in " ".join(types.values()).lower():
        raise Refused(_ACTIVE)
    for name in archive.namelist():
        if name.endswith(".rels"):
            for node in _xml(archive, name).iter():
                outside = node.get("TargetMode") == "External"
                if outside and not node.get("Type", "").endswith(_HARMLESS):
                    raise Refused(_ACTIVE)
        elif name.endswith(".xml"):
            # Opened once here by a parser that refuses entities, before another reads it.
            _xml(archive, name)


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    tree: Element = defusedxml.ElementTree.fromstring(archive.read(name), forbid_dtd=True)
    return tree


def _blocks(document: Any, numbers: "Numbers") -> Iterator[Paragraph]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block, numbers)
        else:
            yield _paragraph(block, numbers)


def _paragraph(block: WordParagraph, numbers: "Numbers") -> Paragraph:
    label = numbers.label_of(block) if block.text.strip() else ""
    text = f"{label} {block.text}" if label else block.text
    style = (block.style.name or "") if block.style else ""
    level = style.removeprefix("Heading ") if style.startswith("Heading ") else ""
    return Paragraph(text, int(level) if level.isdigit() else 0)


def _rows(table: Table, numbers: "Numbers") -> Iterator[Paragraph]:
    """Yield a table that only lays out cell by cell, and a table of facts row by row."""
    rows = []
    for row in table.rows:
        cells = list({cell._tc: cell for cell in row.cells}.values())  # noqa: SLF001 -- a merged cell comes twice
        rows.append([[_paragraph(p, numbers) for p in cell.paragraphs] for cell in cells])
    words = fold(" ".join(p.text for row in rows for cell in row for p in cell))
    lays_out = any(mark in words for mark in ("cong hoa xa hoi", "noi nhan:", "so:"))
    heads = [" ".join(p.text.strip() for p in cell) for cell in rows[0]] if rows else []
    for position, row in enumerate(rows):
        texts = [" ".join(p.text.strip() for p in cell if p.text.strip()) for cell in row]
        if lays_out or len(list(filter(None, texts))) < _TWO:
            yield from (paragraph for cell in row for paragraph in cell)
        elif position or not is_header(texts):
            yield row_of(texts, heads)


def is_header(cells: list[str]) -> bool:
    """Whether the cells of a first row are the heads of a table of facts."""
    return fold(next(filter(None, cells), "")) in _HEADER_CELLS


def row_of(cells: list[str], heads: list[str]) -> Paragraph:
    """Return a row of a table of facts as one paragraph."""
    labelled = _labelled(cells, heads) if len(cells) == len(heads) else []
    return Paragraph(_in_a_row(labelled or list(filter(None, cells))), is_row=True)


def _labelled(texts: list[str], heads: list[str]) -> list[str]:
    """Return the cells of a row with the heads of their columns, where these say for whom."""
    if not any(word in fold(head) for head in heads[1:] for word in ("tap the", "ca nhan")):
        return []
    said = [(head, text) for head, text in zip(heads, texts, strict=True) if text]
    start = 1 + (texts[0].rstrip(".)").isdigit() and len(said) > _TWO)
    facts = "; ".join(f"{head}: {text.rstrip('.;')}" for head, text in said[start:])
    return [*(text for _, text in said[:start]), f"{facts}."]


def _in_a_row(texts: list[str]) -> str:
    """Return «1. Hình thức: đối tượng: lời» for a row of cells."""
    first, *rest = texts
    mark = first.rstrip(".)")
    if mark.isdigit() or (len(mark) == 1 and mark.isalpha()) or set(mark) <= set("IVX"):
        return f"{mark}{')' if mark.isalpha() and mark.islower() else '.'} {': '.join(rest)}"
    return ": ".join(texts)


class Numbers:
    """The numbers that Word draws before paragraphs of a list, counted as Word counts."""

    def __init__(self, document: Any) -> None:
        self.counts: dict[tuple[str, int], int] = {}
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.lists: dict[str, str] = {}
        self.restarts: dict[tuple[str, int], int] = {}
        self.inherited: dict[str | None, Any] = {}
        part = next(
            (
                r.target_part
                for r in document.part.rels.values()
                if r.reltype.endswith("/numbering")
            ),
            None,
        )
        if part is None:
            return
        for kind in part.element.findall(qn("w:abstractNum")):
            self.levels[kind.get(qn("w:abstractNumId"))] = {
                int(level.get(qn("w:ilvl"))): (
                    _value(level, "w:numFmt", "decimal"),
                    _value(level, "w:lvlText", ""),
                    int(_value(level, "w:start", "1")),
                )
                for level in kind.findall(qn("w:lvl"))
            }
        for number in part.element.findall(qn("w:num")):
            key = number.get(qn("w:numId"))
            self.lists[key] = _value(number, "w:abstractNumId", "")
            for level in number.findall(qn("w:lvlOverride")):
                start = _value(level, "w:startOverride", "")
                if start:
                    self.restarts[key, int(level.get(qn("w:ilvl")))] = int(start)

    def label_of(self, block: WordParagraph) -> str:
        """Return what stands before a paragraph that has words: «I.», «1.», «a)», «-» or nothing."""
        found = self._place(block)
        if found is None:
            return ""
        kind, depth = found
        levels = self.levels.get(kind, {})
        if depth not in levels:
            return ""
        self.counts[kind, depth] = self.counts.get((kind, depth), levels[depth][2] - 1) + 1
        for deeper in levels:
            if deeper > depth:
                self.counts.pop((kind, deeper), None)
        form, text, _ = levels[depth]
        if form in {"bullet", "none"}:
            return "-" if form == "bullet" else ""
        for level, (its_form, _, start) in levels.items():
            count = self.counts.get((kind, level), start)
            text = text.replace(f"%{level + 1}", _written(count, its_form))
        return text

    def _place(self, block: WordParagraph) -> tuple[str, int] | None:
        properties = block._p.pPr  # noqa: SLF001 -- numbering has no public name
        numbering: Any = properties.numPr if properties is not None else None
        if numbering is None:
            key = block._p.style  # noqa: SLF001 -- the name is looked up once, not the style
            if key not in self.inherited:
                self.inherited[key] = _numbering_of(block.style)
            numbering = self.inherited[key]
        if numbering is None or numbering.numId is None:
            return None
        depth = numbering.ilvl.val if numbering.ilvl is not None else 0
        key = str(numbering.numId.val)
        kind = self.lists.get(key)
        start = self.restarts.pop((key, depth), None)
        if start is not None and kind is not None:
            self.counts[kind, depth] = start - 1
        return (kind, depth) if kind is not None else None


def _numbering_of(style: Any) -> Any:
    """Return the numbering that a style or one that it follows gives, None without one."""
    while style is not None:
        properties = style.element.pPr
        if properties is not None and properties.numPr is not None:
            return properties.numPr
        style = style.base_style
    return None


def _value(node: Any, name: str, default: str) -> str:
    child = node.find(qn(name))
    return default if child is None else str(child.get(qn("w:val")))


def _written(count: int, form: str) -> str:
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (count - 1) % 26)
        return letter if form == "lowerLetter" else letter.upper()
    if form in {"lowerRoman", "upperRoman"}:
        roman = _roman(count)
        return roman if form == "upperRoman" else roman.lower()
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    text = ""
    for value, letters in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while count >= value:
            text, count = text + letters, count - value
    return text
