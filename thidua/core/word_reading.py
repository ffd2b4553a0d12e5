"""Reading every word of a Word file: none is left out, and each says where it stood.

`word` reads a text as people see it; here also what hides stands on the list: deleted and hidden
words, comments, the edges of pages, words in drawings. Who reads decides what becomes of them.
"""

import dataclasses
import enum
import io
import itertools
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from thidua.core.text import compose
from thidua.core.word import BOMB, BROKEN, MAX_PARAGRAPHS, Numbers, check
from thidua.core.workflow import Refused

_MOST_CHARACTERS = 300_000
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_VML = "urn:schemas-microsoft-com:vml"
_TEXT = {qn("w:t"), f"{{{_DRAWN}}}t", f"{{{_MATHS}}}t"}
_BREAKS = {qn("w:br"), qn("w:cr"), qn("w:p")}
_TABS = {qn("w:tab"), qn("w:ptab")}
_NOTES = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}
_CHOICE, _FALLBACK = (f"{{{_COMPATIBLE}}}{name}" for name in ("Choice", "Fallback"))
_ALTERNATIVES, _BOX = f"{{{_COMPATIBLE}}}AlternateContent", qn("w:txbxContent")
_WORD_ART = f"{{{_VML}}}textpath"
# What holds no words of the text: properties, and the instructions of fields.
_SILENT = {
    qn(f"w:{name}")
    for name in (
        *("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr"),
        *("instrText", "delInstrText", "fldData", "ffData", "softHyphen", "customXmlPr"),
    )
}
_GONE = {qn("w:del"), qn("w:moveFrom")}
_BODY_LEVEL = 9
_SYMBOLS = 0xF000  # symbol fonts keep their signs in a private range, lower half as in ASCII


class Origin(enum.Enum):
    """Nơi của lời: where in the file a line stood."""

    TEXT = "nội dung"
    NOTE = "chú thích"
    DELETED = "đoạn đã xóa trong bản sửa"
    HIDDEN = "chữ ẩn"
    COMMENT = "ghi chú bên lề"
    EDGE = "đầu trang, chân trang"
    DRAWING = "chữ trong hình vẽ, biểu đồ"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line: its words, the level of its heading style (0: none), how it begins in bold."""

    text: str
    level: int = 0
    bold: str = ""
    origin: Origin = Origin.TEXT

    @property
    def is_bold(self) -> bool:
        return bool(self.bold) and len(self.bold) >= len(self.text.strip(" .:;"))


@dataclasses.dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells, each cell its lines."""

    rows: tuple[tuple[tuple[Line, ...], ...], ...]

    @property
    def lines(self) -> list[Line]:
        """Return the lines cell by cell."""
        return [line for row in self.rows for cell in row for line in cell]

    def in_rows(self) -> Iterator[Line]:
        """Yield each row as one line: «a | b | c»."""
        for row in self.rows:
            cells = [" ".join(line.text for line in cell) for cell in row]
            if any(cells):
                yield Line(" | ".join(filter(None, cells)))


Block = Line | Grid


def read(content: bytes) -> list[Block]:
    """Return all that a DOCX says, in reading order; what is no text of the page stands last."""
    check(content)
    try:
        blocks = _Reader(Document(io.BytesIO(content))).read()
    except (
        KeyError,
        ValueError,
        AttributeError,
        OSError,
        zipfile.BadZipFile,
        SyntaxError,
        RecursionError,
    ):
        raise Refused(BROKEN) from None
    return blocks


def lines_of(blocks: Iterable[Block]) -> Iterator[Line]:
    """Yield the lines of a text, those of a table cell by cell."""
    for block in blocks:
        yield from block.lines if isinstance(block, Grid) else (block,)


@dataclasses.dataclass(slots=True)
class _Found:
    """What a paragraph holds: words with their weight, and what hangs on it."""

    words: list[tuple[str, bool]] = dataclasses.field(default_factory=list)
    hidden: list[str] = dataclasses.field(default_factory=list)
    deleted: list[str] = dataclasses.field(default_factory=list)
    notes: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    boxes: list[Any] = dataclasses.field(default_factory=list)


class _Reader:
    def __init__(self, document: Any) -> None:
        self.document = document
        self.numbers = Numbers(document)
        self.asides: list[Line] = []
        self.looks: dict[str | None, tuple[int, bool]] = {}
        self.count = self.size = 0
        # Both ends of a move are in the file: the words are read where they went.
        self.moved = " ".join(
            compose(_all_words(node)) for node in document.element.body.iter(qn("w:moveTo"))
        )
        self.notes = {
            (kind, note.get(qn("w:id"))): note
            for kind in ("footnote", "endnote")
            for part in self._parts(f"/{kind}s")
            for note in part.iter(qn(f"w:{kind}"))
            if note.get(qn("w:type")) in {None, "normal"}
        }

    def read(self) -> list[Block]:
        blocks = list(self._blocks(self.document.element.body))
        for key in list(self.notes):  # notes that nothing refers to any more
            blocks += self._note(key)
        for part in (*self._parts("/header"), *self._parts("/footer")):
            self._aside(lines_of(self._blocks(part)), Origin.EDGE)
        for part in self._parts("/comments"):
            self._aside(lines_of(self._blocks(part)), Origin.COMMENT)
        self._read_drawings()
        return [*blocks, *self.asides]

    def _parts(self, kind: str) -> Iterator[Any]:
        for relation in self.document.part.rels.values():
            if not relation.is_external and relation.reltype.endswith(kind):
                part = relation.target_part
                element = getattr(part, "element", None)
                yield parse_xml(part.blob) if element is None else element

    def _read_drawings(self) -> None:
        """Read what diagrams and charts keep in parts of their own."""
        for part in self.document.part.package.iter_parts():
            if str(part.partname).startswith(("/word/diagrams/data", "/word/charts/")):
                root = parse_xml(part.blob)
                for paragraph in root.iter(f"{{{_DRAWN}}}p"):
                    text = "".join(node.text or "" for node in paragraph.iter(f"{{{_DRAWN}}}t"))
                    self._aside([Line(text)], Origin.DRAWING)

    # --- Blocks --------------------------------------------------------------------------------
    def _blocks(self, container: Any) -> Iterator[Block]:
        for node in container:
            if not isinstance(node.tag, str) or node.tag in _SILENT:
                continue
            if node.tag == qn("w:p"):
                yield from self._paragraph(node)
            elif node.tag == qn("w:tbl"):
                yield self._grid(node)
            elif node.tag == _ALTERNATIVES:
                yield from self._blocks(_chosen(node))
            elif node.tag in _GONE:
                self._aside([Line(self._gone(node))], Origin.DELETED)
            elif next(node.iter(qn("w:p"), qn("w:tbl")), None) is not None:
                yield from self._blocks(node)
            else:  # loose words between paragraphs: not as the format wants it, but words
                yield from self._paragraph(node)

    def _paragraph(self, node: Any) -> Iterator[Block]:
        found = _Found()
        is_paragraph = node.tag == qn("w:p")
        block = WordParagraph(node, self.document._body) if is_paragraph else None  # noqa: SLF001 -- the only way to read a loose one
        level, is_bold = self._look_of(block) if block is not None else (0, False)
        self._walk(node, found, is_bold=is_bold)
        self._aside([Line("".join(found.hidden))], Origin.HIDDEN)
        self._aside([Line("\n".join(found.deleted))], Origin.DELETED)
        lines = _split(found.words)
        if lines and block is not None:
            label = self.numbers.label_of(block)
            first = lines[0]
            bold = f"{label} {first.bold}" if label and first.bold else first.bold
            text = f"{label} {first.text}" if label else first.text
            lines[0] = Line(text, level, bold)
        for line in lines:
            self._count(line)
            yield line
        for key in found.notes:
            yield from self._note(key)
        for box in found.boxes:
            yield from self._blocks(box)

    def _look_of(self, block: WordParagraph) -> tuple[int, bool]:
        """Return the level of a heading and whether it is bold; a style is looked up once."""
        key = block._p.style  # noqa: SLF001
        if key not in self.looks:
            styles = list(_styles_of(block))
            self.looks[key] = _level_of_styles(styles), _is_bold(styles)
        level, is_bold = self.looks[key]
        own = _outline_of(block._p)  # noqa: SLF001
        return level if own is None else own, is_bold

    def _note(self, key: tuple[str, str]) -> list[Line]:
        """Return a note as it stands below the page, where it was first referred to."""
        note = self.notes.pop(key, None)
        if note is None:
            return []
        texts = [line.text for line in lines_of(list(self._blocks(note)))]
        return [Line(f"({Origin.NOTE.value.capitalize()}: {' '.join(texts)})")] if texts else []

    def _grid(self, table: Any) -> Grid:
        rows = []
        for row in _inside(table, "w:tr"):
            if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
                self._aside([Line(_all_words(row))], Origin.DELETED)
                continue
            cells = []
            for cell in _inside(row, "w:tc"):
                inner = (
                    block.in_rows() if isinstance(block, Grid) else (block,)
                    for block in self._blocks(cell)
                )
                cells.append(tuple(itertools.chain.from_iterable(inner)))
            rows.append(tuple(cells))
        return Grid(tuple(rows))

    # --- Words ---------------------------------------------------------------------------------
    def _walk(  # noqa: C901, PLR0912 -- one branch for each thing that Word can put in a line
        self, parent: Any, found: _Found, *, is_bold: bool, is_hidden: bool = False
    ) -> None:
        def say(text: str) -> None:
            if is_hidden:
                found.hidden.append(text)
            else:
                found.words.append((text, is_bold))

        for node in parent:
            tag = node.tag
            if not isinstance(tag, str) or tag in _SILENT:
                continue
            if tag in _TEXT:
                say(node.text or "")
            elif tag in _TABS:
                say("\t")
            elif tag in _BREAKS:
                say("\n")
                self._walk(node, found, is_bold=is_bold, is_hidden=is_hidden)
            elif tag == qn("w:noBreakHyphen"):
                say("-")
            elif tag == qn("w:sym"):
                say(_sign(node.get(qn("w:char"), "")))
            elif tag in _NOTES:
                found.notes.append((_NOTES[tag], node.get(qn("w:id"))))
            elif tag == _BOX:
                found.boxes.append(node)
            elif tag == _WORD_ART:
                say(f"\n{node.get('string', '')}\n")
            elif tag == _ALTERNATIVES:
                self._walk(_chosen(node), found, is_bold=is_bold, is_hidden=is_hidden)
            elif tag in _GONE:
                found.deleted.append(self._gone(node))
            elif tag == qn("w:r"):
                bold = _switch(node, "w:b")
                self._walk(
                    node,
                    found,
                    is_bold=is_bold if bold is None else bold,
                    is_hidden=bool(_switch(node, "w:vanish")),
                )
            else:
                self._walk(node, found, is_bold=is_bold, is_hidden=is_hidden)

    def _gone(self, node: Any) -> str:
        """Return the words that a revision took away, none when they were only moved."""
        words = _all_words(node)
        is_moved = node.tag == qn("w:moveFrom") and compose(words) in self.moved
        return "" if is_moved else words

    def _aside(self, lines: Iterable[Line], origin: Origin) -> None:
        for line in lines:
            text = compose(line.text)
            for part in filter(None, text.split("\n")):
                aside = Line(part, origin=origin)
                self._count(aside)
                self.asides.append(aside)

    def _count(self, line: Line) -> None:
        self.count += 1
        self.size += len(line.text)
        if self.count > MAX_PARAGRAPHS or self.size > _MOST_CHARACTERS:
            raise Refused(BOMB)


def _chosen(node: Any) -> Any:
    """Return the one of the alternatives that is read: the same words stand in each."""
    for choice in (*node.iterchildren(_CHOICE), *node.iterchildren(_FALLBACK)):
        if _all_words(choice).strip():
            return choice
    return ()


def _all_words(node: Any) -> str:
    """Return every word below a node, deleted ones too, paragraphs on lines of their own."""
    words = []
    for part in node.iter():
        if part.tag in _TEXT or part.tag == qn("w:delText"):
            words.append(part.text or "")
        elif part.tag in _BREAKS:
            words.append("\n")
        elif part.tag in _TABS:
            words.append(" ")
        elif part.tag == _WORD_ART:
            words.append(part.get("string", ""))
    return "".join(words)


def _inside(parent: Any, name: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, also those in controls."""
    for node in parent:
        if node.tag == qn(name):
            yield node
        elif isinstance(node.tag, str) and node.tag not in _SILENT:
            yield from _inside(node, name)


def _split(words: list[tuple[str, bool]]) -> list[Line]:
    """Return the lines of a paragraph, each with the words in bold that it begins with."""
    lines: list[list[tuple[str, bool]]] = [[]]
    for text, is_bold in words:
        first, *rest = text.replace("\r", "\n").split("\n")
        lines[-1].append((first, is_bold))
        lines += [[(part, is_bold)] for part in rest]
    found = []
    for line in lines:
        text = compose("".join(part for part, _ in line))
        lead = itertools.takewhile(lambda part: part[1] or not part[0].strip(), line)
        if text:
            found.append(Line(text, bold=compose("".join(part for part, _ in lead)).strip()))
    return found


def _switch(run: Any, name: str) -> bool | None:
    """Return whether a run sets a property on or off, None when it says nothing."""
    found = run.find(f"{qn('w:rPr')}/{qn(name)}")
    if found is None:
        return None
    return found.get(qn("w:val"), "1") not in {"0", "false", "off"}


def _styles_of(block: WordParagraph) -> Iterator[Any]:
    style: Any = block.style
    seen = 0
    while style is not None and seen < _BODY_LEVEL:
        yield style
        style, seen = style.base_style, seen + 1


def _is_bold(styles: list[Any]) -> bool:
    bold = (style.font.bold for style in styles)
    return bool(next((found for found in bold if found is not None), False))


def _outline_of(element: Any) -> int | None:
    """Return the level at which a paragraph or style is outlined: 0 for body, None if unsaid."""
    outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    if outline is None:
        return None
    level = outline.get(qn("w:val"), "")
    return int(level) + 1 if level.isdigit() and int(level) < _BODY_LEVEL else 0


def _level_of_styles(styles: list[Any]) -> int:
    outlines = (_outline_of(style.element) for style in styles)
    level = next((found for found in outlines if found is not None), None)
    if level is not None:
        return level
    numbers = ((style.name or "").removeprefix("Heading ") for style in styles)
    return next((int(number) for number in numbers if number.isdigit()), 0)


def _sign(code: str) -> str:
    """Return a sign of a symbol font: itself where it is a letter, else the bullet it mostly is."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    sign = chr(number - _SYMBOLS) if _SYMBOLS < number < _SYMBOLS + 0x7F else chr(number)
    return sign if sign.isprintable() else "•"
