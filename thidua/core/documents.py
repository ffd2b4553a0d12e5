"""Papers: what every official document has, and how it is printed.

A paper is a frozen dataclass of facts and the template that lays them out; it is printed once and
the bytes are kept. Layout after decree 30/2020/NĐ-CP, annex I.
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
    "OfficialPaper",
    "Paper",
    "PaperError",
    "PartPlace",
    "Passage",
    "Signature",
    "TextPaper",
    "render_html",
    "render_pdf",
    "room_for_pen",
    "written_day",
    "written_moment",
]

_SUBJECT_PT, _SUBJECT_MM = 14, 132  # as `.subject` in official.css
_BLANK = "\N{NO-BREAK SPACE}" * 6  # room for a clerk's pen
_AFTER_QUOTE = re.compile(r"(?<=[”’»\"] )(?=[(\[“‘«])")
_LEFT_OUT = re.compile(r"\b(ngày|tháng|năm)\s*(?=tháng\b|năm\b|$)")


class Paper(Protocol):
    """Anything that names its template and its title."""

    template: ClassVar[str]

    @property
    def title(self) -> str: ...


@dataclasses.dataclass(frozen=True)
class Signature:
    """Khối chữ ký: who signs, with room for the pen; a picture of a signature has no place here.

    `lines` are the printed lines of the office: ("KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA").
    """

    lines: tuple[str, ...]
    name: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfficialPaper:
    """Văn bản hành chính: the parts that decree 30/2020 gives to every one of them.

    `number` is "05" or "" while none is given; `symbol` is "QĐ-TTr". A line feed in `parent_body`
    or `body` breaks the line there.
    """

    template: ClassVar[str]
    kind: ClassVar[str]

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
    def subject_lines(self) -> list[str]:
        """Return the subject in lines of about the same length, as a typist would break it."""
        return balanced_lines(self.subject, "bold", _SUBJECT_PT, _SUBJECT_MM)

    @property
    def number_and_symbol(self) -> str:
        """Return "05/QĐ-TTr", or room for the number that is still to come."""
        return f"{self.number or _BLANK}/{self.symbol}"

    @property
    def place_and_day(self) -> str:
        """Return "Lạng Sơn, ngày 05 tháng 01 năm 2026"."""
        return f"{self.place}, {written_day(self.signed_on)}"


@dataclasses.dataclass(frozen=True)
class Passage:
    """Đoạn văn: one paragraph of a text and the part it plays there; its number is in its words.

    A heading has a level: 1 and 2 are bold, 3 («a) …») is upright.
    """

    text: str
    part: Literal["basis", "heading", "body"] = "body"
    level: int = 0

    @property
    def pieces(self) -> list[str]:
        """Return the text in pieces that a line may end between, where Unicode would forbid it.

        Its rules hold «… Việt Nam” (06/01/1946 …» together and leave the line before it gaping.
        """
        return _AFTER_QUOTE.split(self.text)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TextPaper(OfficialPaper, abc.ABC):
    """Văn bản có lời văn và một người ký: what prints as PDF and is written as DOCX alike.

    Both walk the same passages, so neither can say what the other does not.
    """

    signature: Signature

    @property
    @abc.abstractmethod
    def passages(self) -> list[Passage]:
        """Return the text from the legal bases to the last paragraph."""

    @property
    def opening(self) -> list[Passage]:
        return self.passages[:-1]

    @property
    def ending(self) -> list[Passage]:
        """Return the paragraph that is kept on one page with the signature, if there is any."""
        return self.passages[-1:]


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
    return render_to_string(paper.template, {"paper": paper})


def render_pdf(paper: Paper) -> bytes:
    """Print the paper; the same facts give the same bytes."""
    return pdf.render_html_to_pdf(render_html(paper))


class PartPlace(NamedTuple):
    """Where one part stands in the assembled dossier; pages count from 1, the cover included."""

    title: str
    first_page: int
    page_count: int

    @property
    def pages(self) -> str:
        """Return "5" or "5 - 8"."""
        last = self.first_page + self.page_count - 1
        return str(self.first_page) if self.page_count == 1 else f"{self.first_page} - {last}"
