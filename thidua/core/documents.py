"""Papers: what every official document has, and how it is printed.

A paper is a frozen dataclass of facts. From them it gives its text as blocks, in reading order;
the printed PDF and the editable DOCX (`word_writing`) walk the same blocks, so that neither says
what the other does not. Layout after decree 30/2020/NĐ-CP, annex I.
"""

import abc
import dataclasses
import datetime as dt
import re
from typing import ClassVar, Literal, NamedTuple, Protocol

from django.template.loader import render_to_string

from thidua.core import clock, pdf
from thidua.core.linebreaks import balanced_lines
from thidua.core.pdf import PaperError

__all__ = [
    "NOT_XML",
    "Addressees",
    "Annex",
    "Block",
    "Cell",
    "Column",
    "FactTable",
    "ListTable",
    "OfficialPaper",
    "Paper",
    "PaperError",
    "PartPlace",
    "Passage",
    "Row",
    "Signature",
    "bases",
    "begun",
    "render_html",
    "render_pdf",
    "room_for_pen",
    "title_lines",
    "written_day",
    "written_moment",
]

TEXT_MM, LYING_TEXT_MM = 160, 247  # between the margins, standing and lying
_SUBJECT_PT, _SUBJECT_MM = 14, 132  # as `.subject` in official.css
_BLANK = "\N{NO-BREAK SPACE}" * 6  # room for a clerk's pen
_AFTER_QUOTE = re.compile(r"(?<=[”’»\"] )(?=[(\[“‘«])")
_LEFT_OUT = re.compile(r"\b(ngày|tháng|năm)\s*(?=tháng\b|năm\b|$)")
# What neither a page nor a Word file can hold: control characters.
NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = {"heading": "h2", "kind": "h1", "annex-title": "h2"}


class Paper(Protocol):
    """Anything that names its template and its title."""

    template: ClassVar[str]

    @property
    def title(self) -> str: ...


# --- Blocks --------------------------------------------------------------------------------
@dataclasses.dataclass(frozen=True)
class Passage:
    """Đoạn văn: one paragraph and the part it plays; the number of a heading is in its words.

    A heading has a level: 1 and 2 are bold, 3 («a) …») is upright. `lead` is its bold opening
    («Điều 1.»). A label introduces what follows and stays on its page; an authority and a mark
    («QUYẾT ĐỊNH:») stand in the middle. The parts of the title are kind, subject and note.
    """

    template: ClassVar[str] = "documents/blocks/passage.html"

    text: str
    part: Literal[
        "basis", "heading", "body", "label", "authority", "mark", "code",
        "kind", "subject", "note", "boxed", "annex-title",
    ] = "body"  # fmt: skip
    level: int = 0
    lead: str = ""

    @property
    def tag(self) -> str:
        """Return the HTML element, which a reader aloud and the bookmarks go by."""
        return f"h{self.level + 1}" if self.part == "heading" else _TAGS.get(self.part, "p")

    @property
    def looks(self) -> str:
        """Return the names under which the stylesheet knows it."""
        return f"heading heading-{self.level}" if self.part == "heading" else self.part

    @property
    def pieces(self) -> list[str]:
        """Return the text in pieces that a line may end between, where Unicode would forbid it.

        Its rules hold «… Việt Nam” (06/01/1946 …» together and leave the line before it gaping.
        """
        return _AFTER_QUOTE.split(self.text)

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


@dataclasses.dataclass(frozen=True)
class Column:
    """Cột: its heading and its width in mm; columns without one share what is left."""

    title: str
    width_mm: float = 0
    is_centred: bool = False


@dataclasses.dataclass(frozen=True)
class Cell:
    """Ô: what it says, and remarks that stand below in italics.

    In the contents of a dossier it may lead to a page of the whole, counted from 1.
    """

    text: str
    asides: tuple[str, ...] = ()
    leads_to: int = 0

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


@dataclasses.dataclass(frozen=True)
class Row:
    """Hàng: one cell for each column; a group's single cell heads the rows that follow.

    A strong row (a total) is bold; a cell may be given as plain text.
    """

    cells: tuple[Cell | str, ...]
    is_group: bool = False
    is_strong: bool = False

    @property
    def looks(self) -> str:
        return "group" if self.is_group else "strong" if self.is_strong else ""


@dataclasses.dataclass(frozen=True)
class ListTable:
    """Danh sách: a table with ruled cells whose heading is repeated on every page."""

    template: ClassVar[str] = "documents/blocks/list_table.html"

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def lined_rows(self) -> list[tuple[Row, list[tuple[Column, Cell]]]]:
        """Return each row with its cells beside the columns they stand in."""
        lined = []
        for row in self.rows:
            cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row.cells]
            columns = self.columns[: len(cells)]
            lined.append((row, list(zip(columns, cells, strict=True))))
        return lined

    def widths_mm(self, room_mm: float) -> list[float]:
        """Return the width of each column in a text that is `room_mm` wide."""
        given = sum(column.width_mm for column in self.columns)
        sharing = sum(not column.width_mm for column in self.columns)
        rest = (room_mm - given) / sharing if sharing else 0
        return [column.width_mm or rest for column in self.columns]


@dataclasses.dataclass(frozen=True)
class FactTable:
    """Bảng thông tin: facts with their labels; one fact may have several lines."""

    template: ClassVar[str] = "documents/blocks/fact_table.html"

    facts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclasses.dataclass(frozen=True)
class Addressees:
    """Kính gửi: to whom; several stand below each other."""

    template: ClassVar[str] = "documents/blocks/addressees.html"

    names: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """Return the names as they are written: one ends the line, several are a list."""
        if len(self.names) == 1:
            return [f"{self.names[0]}."]
        *others, last = self.names
        return [*(f"- {name};" for name in others), f"- {last}."]


Block = Passage | ListTable | FactTable | Addressees


@dataclasses.dataclass(frozen=True)
class Annex:
    """Phụ lục: begins a page of its own and counts its own pages."""

    titles: tuple[Passage, ...]
    blocks: tuple[Block, ...]


@dataclasses.dataclass(frozen=True)
class Signature:
    """Khối chữ ký: who signs, with room for the pen; a picture of a signature has no place here.

    `lines` are the printed lines of the office: ("KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA").
    """

    lines: tuple[str, ...]
    name: str = ""
    note: str = ""


# --- Papers --------------------------------------------------------------------------------
@dataclasses.dataclass(frozen=True, kw_only=True)
class OfficialPaper(abc.ABC):
    """Văn bản hành chính: the parts that decree 30/2020 gives to every one of them.

    `number` is "05" or "" while none is given; `symbol` is "QĐ-TTr". A line feed in `parent_body`
    or `body` breaks the line there. `look` chooses among the layouts of official.css.
    """

    template: ClassVar[str] = "documents/paper.html"
    kind: ClassVar[str]
    look: ClassVar[Literal["text", "lying", "cover"]] = "text"

    parent_body: str
    body: str
    symbol: str = ""
    number: str = ""
    place: str = ""
    signed_on: dt.date | None = None
    subject: str = ""
    recipients: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return what the PDF is called in a reader's title bar."""
        return f"{self.kind.capitalize()} {self.subject[:1].lower()}{self.subject[1:]}".strip()

    @property
    def corner(self) -> str:
        """Return what stands above everything at the right: the form that a report follows."""
        return ""

    @property
    def subject_lines(self) -> list[str]:
        """Return the subject in lines; raises PaperError when a word is longer than a line."""
        return balanced_lines(self.subject, "bold", _SUBJECT_PT, _SUBJECT_MM)

    @property
    def number_and_symbol(self) -> str:
        """Return "05/QĐ-TTr", or room for the number that is still to come."""
        return f"{self.number or _BLANK}/{self.symbol}"

    @property
    def place_and_day(self) -> str:
        """Return "Lạng Sơn, ngày 05 tháng 01 năm 2026"."""
        return f"{self.place}, {written_day(self.signed_on)}"

    @property
    def titles(self) -> list[Passage]:
        """Return kind and subject, the subject broken into its lines."""
        subject = [Passage("\n".join(self.subject_lines), "subject")] if self.subject else []
        return [Passage(self.kind, "kind"), *subject]

    @property
    @abc.abstractmethod
    def blocks(self) -> list[Block]:
        """Return the text from the legal bases to the last paragraph, in reading order."""

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """Return who signs: one beside the recipients, two side by side, a third below them."""
        return ()

    @property
    def annexes(self) -> tuple[Annex, ...]:
        return ()

    @property
    def opening(self) -> list[Block]:
        return self.blocks[: len(self.blocks) - len(self.ending)]

    @property
    def ending(self) -> list[Block]:
        """Return the paragraph that is kept on one page with the signatures, if there is any."""
        last = self.blocks[-1:]
        return last if self.signatures and last and isinstance(last[0], Passage) else []

    @property
    def room_mm(self) -> float:
        """Return the width of the text."""
        return LYING_TEXT_MM if self.look == "lying" else TEXT_MM


def title_lines(text: str) -> list[str]:
    """Return a title in lines of about the same length, as a typist would break it.

    A name with a word longer than a line is left to the layout, which breaks anything: whoever
    reads the report did not choose the name.
    """
    try:
        return balanced_lines(text, "bold", _SUBJECT_PT, _SUBJECT_MM)
    except PaperError:
        return [text]


def bases(texts: tuple[str, ...]) -> list[Passage]:
    """Return the legal bases, each with the mark that ends its line."""
    last = len(texts) - 1
    return [
        Passage(f"{text}{'.' if index == last else ';'}", "basis")
        for index, text in enumerate(texts)
    ]


def room_for_pen(text: str) -> str:
    """Return a written place and day with room where its day or month was left out."""
    return _LEFT_OUT.sub(rf"\1{_BLANK}", text)


def written_day(day: dt.date | None) -> str:
    """Return `day` as an official text writes it: days below 10 and months 1, 2 with a zero."""
    if day is None:
        return f"ngày{_BLANK}tháng{_BLANK}năm{_BLANK}{_BLANK[:2]}"
    month = f"{day.month:02d}" if day.month in (1, 2) else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def written_moment(at: dt.datetime) -> str:
    """Return `at` in Viet Nam as minutes of a meeting write it."""
    local = at.astimezone(clock.VIET_NAM) if at.tzinfo else at
    return f"{local.hour:02d} giờ {local.minute:02d} phút, {written_day(local.date())}"


def render_html(paper: Paper) -> str:
    """Return the paper as HTML; every fact in it is escaped."""
    return NOT_XML.sub("", render_to_string(paper.template, {"paper": paper}))


def render_pdf(paper: Paper) -> bytes:
    """Print the paper; the same facts give the same bytes."""
    return pdf.render_html_to_pdf(render_html(paper))


class PartPlace(NamedTuple):
    """Where one part stands in a bound dossier; pages count from 1, the cover included.

    `headings` are those that it stands under, the outermost first: the unit, the nominee.
    """

    title: str
    first_page: int
    page_count: int
    headings: tuple[str, ...] = ()

    @property
    def last_page(self) -> int:
        return self.first_page + self.page_count - 1

    @property
    def pages(self) -> str:
        """Return "5" or "5 - 8"."""
        return (
            f"{self.first_page} - {self.last_page}" if self.page_count > 1 else f"{self.first_page}"
        )


def begun(above: tuple[str, ...], headings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings of a part that the part before it, under `above`, did not stand under."""
    same = 0
    while same < min(len(above), len(headings)) and above[same] == headings[same]:
        same += 1
    return headings[same:]
