"""Where each line of a report written in Word belongs: a heading, a row, the form, or nowhere.

Nothing is left out: what is no heading of the form, no text under one and no layout that the
software prints itself is listed as not placed. Nothing is written here.
"""

import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from awards.rules.past_awards import AwardRow, row_of_line, rows_of_table
from campaigns.models import ReportHeading
from thidua.core.text import fold
from thidua.core.word_reading import Block, Grid, Line, Origin

_MARK = re.compile(
    r"^(?:(?:phần|mục)\s+)?(?P<number>(?:[IVX]{1,5}|\d{1,2})(?:\.\d{1,2}|\.[a-zđ])*|[a-zđ](?=[.)]))"
    r"(?:\s*[.)/:–-]+\s*|\s+(?=\D)|$)(?P<rest>.*)$",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"[IVX]+$")
_LONGEST_TITLE = 220
_SAME, _NEAR, _FAR = 0.99, 0.55, 0.3
_COMMON = {"va", "cac", "cua", "duoc", "da", "trong", "ve", "tai", "cho", "nhung", "viec", "theo"}
_FORM_WORDS = {
    *("cong", "hoa", "xa", "hoi", "chu", "nghia", "viet", "nam", "doc", "lap", "tu", "do"),
    *("hanh", "phuc", "bao", "cao", "tom", "tat", "thanh", "tich", "de", "nghi", "xet", "tang"),
    *("khen", "thuong", "giay", "bang", "danh", "hieu", "hinh", "thuc", "thi", "dua", "dot"),
    *("chuyen", "cua", "ong", "ba", "dong", "chi", "ho", "ten", "chuc", "vu", "don", "vi"),
    *("ca", "nhan", "tap", "the", "va", "so", "phong", "tinh", "ubnd", "uy", "ban", "dan"),
    *("ghi", "day", "du", "bang", "chu", "in", "thuong", "khong", "viet", "tat", "tra"),
    *("mau", "nghi", "dinh", "kem", "theo", "hanh", "phu", "luc", "nd", "cp", "nd-cp"),
    *("cong", "tac", "chinh", "phu", "ngay", "thang", "tung", "cho"),
}
_PLACE_AND_DAY = re.compile(r"^[\w\s.…-]{0,60},? ngay[\s.…\d]*thang[\s.…\d]*nam[\s.…\d]*$")
_PAPER_NUMBER = re.compile(r"^so\s*:?[\d.…_\s]*(?:/.{0,40})?$")
_RULE = re.compile(r"^[\s_\-–—=*.…·•~]+$")
_FRAME_SIGNS = (
    *("nguoi bao cao", "nguoi viet bao cao", "xac nhan cua", "thu truong don vi", "noi nhan"),
    *("ky, ghi ro ho", "ky ten", "cap trinh khen thuong", "xac nhan, de nghi cua"),
    *("tm. tap the", "dai dien tap the", "nguoi lap bao cao"),
)
_SIGNS = (*_FRAME_SIGNS, "thu truong", "truong phong", "pho truong phong", "kt. truong phong")
_SIGN_WORDS = {
    *("nguoi", "bao", "cao", "xac", "nhan", "cua", "cap", "trinh", "khen", "thuong", "thu"),
    *("truong", "pho", "phong", "don", "vi", "co", "quan", "ky", "ghi", "ro", "ho", "ten", "dong"),
    *("dau", "va", "noi", "nhan", "nhu", "tren", "luu", "vt", "kt", "tm", "chanh", "thanh", "tra"),
    *("de", "nghi", "nguoi", "lap", "viet", "van", "tap", "the", "ban", "giam", "doc", "tl"),
}
_LONGEST_SIGN, _LONGEST_NAME, _MOST_NAME_WORDS = 80, 40, 6
_AWARD_LABELS = {
    "danh hieu thi dua",
    "hinh thuc khen thuong",
    "danh hieu",
    "cac danh hieu thi dua",
    "cac hinh thuc khen thuong",
    "danh hieu thi dua va hinh thuc khen thuong",
}
_HEAD, _END = "Trước mục đầu tiên", "Sau khối chữ ký"


@dataclasses.dataclass(frozen=True, slots=True)
class Unplaced:
    """Phần chưa xếp được: words that belong under no heading, and where they stood."""

    where: str
    text: str

    @property
    def block(self) -> str:
        return f"[{self.where}]\n{self.text}"


@dataclasses.dataclass(slots=True)
class Reading:
    """Bản đọc: what a file holds under the headings of a form, and all that is left of it."""

    texts: dict[int, str] = dataclasses.field(default_factory=dict)
    rows: dict[int, list[AwardRow]] = dataclasses.field(default_factory=dict)
    # The lines of the form that the software prints itself.
    layout: list[str] = dataclasses.field(default_factory=list)
    unplaced: list[Unplaced] = dataclasses.field(default_factory=list)

    def leave(self, where: str, text: str) -> None:
        """List a line as not placed, with its neighbours from the same place."""
        last = self.unplaced[-1] if self.unplaced else None
        if last and last.where == where:
            self.unplaced[-1] = Unplaced(where, f"{last.text}\n{text}")
        else:
            self.unplaced.append(Unplaced(where, text))


def read_report(
    blocks: Sequence[Block], headings: Sequence[ReportHeading], known: Iterable[str]
) -> Reading:
    """Return where each line belongs; `known` are the names that the form itself prints."""
    return _Placing(headings, known).read(blocks)


@dataclasses.dataclass(frozen=True, slots=True)
class _Title:
    """A line that opens a heading of the form: which, how surely, and what follows in it."""

    heading: ReportHeading
    likeness: float
    content: str = ""


class _Placing:
    def __init__(self, headings: Sequence[ReportHeading], known: Iterable[str]) -> None:
        self.headings = list(headings)
        self.words = {heading.pk: _words(heading.title) for heading in self.headings}
        self.names = {fold(name) for name in known if name}
        named = {word for name in self.names for word in _tokens(name)}
        self.known, self.signs = _FORM_WORDS | named, _SIGN_WORDS | named
        self.awards = next((h for h in self.headings if h.lists_awards), None)
        self.reading = Reading()
        self.styled_only = False
        self.used: set[int] = set()
        self.group: ReportHeading | None = None
        # Where the next line goes: under a heading, or to what is not placed under these words.
        self.here: ReportHeading | None = None
        self.nowhere = _HEAD

    def read(self, blocks: Sequence[Block]) -> Reading:
        parts: list[Block] = []
        signed_at = []
        for block in blocks:
            if isinstance(block, Grid) and self._lays_out(block):
                if self._is_signed(block):
                    signed_at.append(len(parts))
                parts += block.lines
            else:
                parts.append(block)
        # What is no text of the page stands last, so that the places before it stay.
        aside = [b for b in parts if isinstance(b, Line) and b.origin != Origin.TEXT]
        parts = [b for b in parts if isinstance(b, Grid) or b.origin == Origin.TEXT]
        self.styled_only = self._has_styles(parts)
        end = self._signatures(parts, signed_at)
        for part in parts[:end]:
            self._place(part)
        self._end(parts[end:])
        for line in aside:
            if line.origin == Origin.EDGE and line.text.strip(" -–").isdigit():
                self.reading.layout.append(line.text)
            else:
                self.reading.leave(line.origin.value.capitalize(), line.text)
        return self.reading

    # --- The frame of the paper ----------------------------------------------------------------
    def _lays_out(self, grid: Grid) -> bool:
        """Whether a table only puts things beside each other: head, signatures, a form of cells."""
        lines = grid.lines
        folded = [fold(line.text) for line in lines]
        if self._is_signed(grid) or any("cong hoa xa hoi chu nghia" in text for text in folded):
            return True
        if all(sum(map(bool, row)) <= 1 for row in grid.rows):
            return True
        texts = [["\n".join(line.text for line in cell) for cell in row] for row in grid.rows]
        if rows_of_table(texts):
            return False
        return any(
            (title := self._title(line)) and title.likeness >= _SAME
            for line in lines
            if len(line.text) < _LONGEST_TITLE
        )

    def _is_signed(self, grid: Grid) -> bool:
        return any(self._signs(fold(line.text), _FRAME_SIGNS) for line in grid.lines)

    def _has_styles(self, parts: Sequence[Block]) -> bool:
        """Whether the headings are styled as such: then nothing else is one."""
        found = {
            title.heading.pk
            for part in parts
            if isinstance(part, Line) and part.level
            if (title := self._title(part)) and title.likeness >= _SAME
        }
        open_ones = [heading for heading in self.headings if not heading.is_group]
        return len(found) >= min(2, len(open_ones)) and 2 * len(found) >= len(open_ones)

    def _signatures(self, parts: Sequence[Block], tables: Sequence[int]) -> int:
        """Return where the signatures begin, with no heading after: in a table, else at a line."""
        start = len(parts)
        for place in range(len(parts) - 1, -1, -1):
            part = parts[place]
            if isinstance(part, Grid) or (self._title(part) and not self.styled_only):
                break
            if self.styled_only and part.level:
                break
            if place in tables or (not tables and self._signs(fold(part.text), _SIGNS)):
                start = place
        # The place and the day may stand above who signs.
        while start and start < len(parts) and self._is_day(parts[start - 1]):
            start -= 1
        return start

    def _signs(self, text: str, openings: tuple[str, ...]) -> bool:
        """Whether a folded line opens a block of signatures."""
        return text.lstrip("-( ").startswith(openings) and self._is_sign(text)

    def _is_sign(self, text: str) -> bool:
        words = _tokens(text)
        return len(text) <= _LONGEST_SIGN and all(
            word in self.signs or word.isdigit() for word in words
        )

    def _is_day(self, part: Block) -> bool:
        return isinstance(part, Line) and bool(_PLACE_AND_DAY.match(fold(part.text)))

    def _end(self, parts: Sequence[Block]) -> None:
        for part in parts:
            for line in part.in_rows() if isinstance(part, Grid) else [part]:
                text = fold(line.text)
                if (
                    self._is_day(line)
                    or self._is_sign(text)
                    or self._is_name(line)
                    or self._is_known(text)
                ):
                    self.reading.layout.append(line.text)
                else:
                    self.reading.leave(_END, line.text)

    def _is_name(self, line: Line) -> bool:
        words = line.text.split()
        return (
            len(line.text) <= _LONGEST_NAME
            and 1 < len(words) <= _MOST_NAME_WORDS
            and all(word[0].isupper() and word.isalpha() for word in words)
        )

    def _is_known(self, text: str) -> bool:
        return text in self.names or bool(_RULE.match(text))

    def _is_head(self, line: Line) -> bool:
        """Whether a line above the first heading is of the form, every word of it."""
        text = fold(line.text)
        if self._is_known(text) or self._is_day(line) or _PAPER_NUMBER.match(text):
            return True
        words = _tokens(text)
        return all(w in self.known or w.isdigit() or set(w) <= set("ivx") for w in words)

    # --- The text ------------------------------------------------------------------------------
    def _place(self, part: Block) -> None:
        if isinstance(part, Grid):
            self._place_table(part)
            return
        title = self._title(part) if part.level or not self.styled_only else None
        if title:
            self._open(title, part)
        elif self._opens_another(part):
            self.here, self.nowhere = None, f"Dưới đề mục «{part.text[:120]}»"
            self.reading.leave(self.nowhere, part.text)
        elif self.here is None and self.nowhere == _HEAD and self._is_head(part):
            self.reading.layout.append(part.text)
        else:
            self._write(part.text)

    def _open(self, title: _Title, line: Line) -> None:
        heading = title.heading
        self.used.add(heading.pk)
        said = line.text.removesuffix(title.content) if title.content else line.text
        self.reading.layout.append(said.strip())
        if not heading.is_group:
            self.here = heading
        else:
            self.group = heading
            self.here = self._first_of(heading) if title.likeness >= _FAR else None
            self.nowhere = f"Dưới đề mục «{line.text[:120]}»"
        if title.content:
            self._write(title.content)

    def _first_of(self, group: ReportHeading) -> ReportHeading | None:
        """Return the heading that a text right below a group belongs to: the first within it."""
        inside = [
            h for h in self.headings if not h.is_group and h.number.startswith(f"{group.number}.")
        ]
        return inside[0] if inside else None

    def _write(self, text: str) -> None:
        if self.here is None:
            self.reading.leave(self.nowhere, text)
            return
        if self.here.lists_awards:
            # Where headings are styled, as in our own paper, rows stand in the table.
            if not self.styled_only and (row := row_of_line(text)):
                self._add_rows([row])
                return
            if fold(_rest_of(text)).strip(" .:") in _AWARD_LABELS:
                self.reading.layout.append(text)
                return
        before = self.reading.texts.get(self.here.pk)
        self.reading.texts[self.here.pk] = f"{before}\n{text}" if before else text

    def _place_table(self, grid: Grid) -> None:
        texts = [["\n".join(line.text for line in cell) for cell in row] for row in grid.rows]
        found = rows_of_table(texts) if self.awards else None
        if not found or not found[0]:
            for line in grid.in_rows():
                self._write(line.text)
            return
        rows, rest = found
        self._add_rows(rows)
        self.reading.layout.append(" | ".join(texts[0]).replace("\n", " "))
        where, self.here = self.here, self.awards
        for cells in rest:
            self._write(" | ".join(cell.replace("\n", " ") for cell in cells if cell))
        self.here = where

    def _add_rows(self, rows: list[AwardRow]) -> None:
        if self.awards:
            standing = self.reading.rows.get(self.awards.pk, [])
            self.reading.rows[self.awards.pk] = [*standing, *rows]

    # --- Headings ------------------------------------------------------------------------------
    def _opens_another(self, line: Line) -> bool:
        """Whether a line is a heading of the first level that the form does not have."""
        if self.styled_only:
            return line.level == 1
        found = _MARK.match(line.text)
        is_first = bool(found and _ROMAN.match(found["number"]))
        short = len(line.text) < _LONGEST_TITLE
        return short and ((is_first and _stands_out(line)) or line.level == 1) and bool(self.used)

    def _title(self, line: Line) -> _Title | None:
        """Return the heading that a line opens, if it opens one."""
        found = _MARK.match(line.text)
        number = found["number"] if found else ""
        rest = (found["rest"] if found else line.text).strip()
        looks = bool(number) or _stands_out(line)
        best: tuple[float, _Title] | None = None
        for said, content in _openings(rest, line.bold):
            words = _words(said)
            for heading in self.headings:
                likeness = _likeness(words, self.words[heading.pk])
                agrees = self._agrees(number, heading.number)
                if not self._counts(
                    heading, likeness, agrees, looks=looks, content=content, line=line
                ):
                    continue
                score = likeness + 0.2 * agrees - 0.3 * (heading.pk in self.used)
                if best is None or score > best[0]:
                    best = score, _Title(heading, likeness, content)
        return best[1] if best else None

    def _counts(
        self,
        heading: ReportHeading,
        likeness: float,
        agrees: int,
        *,
        looks: bool,
        content: str,
        line: Line,
    ) -> bool:
        if likeness >= _SAME:
            return True
        if heading.pk in self.used or not looks:
            return False
        if likeness >= _NEAR + 0.1 * bool(content):
            return True
        if agrees and likeness >= _FAR and not content:
            return True
        # A part of another form: the same number at the first level, in capitals or bold.
        return heading.is_group and agrees > 0 and _stands_out(line) and not content

    def _agrees(self, number: str, own: str) -> int:
        """Return 1 when the numbers agree, -1 when they contradict, 0 when one says nothing."""
        if not number:
            return 0
        number = number.upper()
        within = f"{self.group.number}.{number}" if self.group else number
        return 1 if own in {number, within} else -1


def _openings(rest: str, bold: str) -> Iterator[tuple[str, str]]:
    """Yield how a line may be a title and what follows it: all of it, up to a colon, in bold."""
    if len(rest) < _LONGEST_TITLE:
        yield rest, ""
    for mark in (":", ". "):
        said, found, content = rest.partition(mark)
        if found and content.strip() and len(said) < _LONGEST_TITLE:
            yield said, content.strip()
    opening = _rest_of(bold)
    if opening and rest.startswith(opening) and len(opening) < len(rest.strip(" .:;")):
        yield opening, rest[len(opening) :].lstrip(" .:;–-")


def _rest_of(text: str) -> str:
    found = _MARK.match(text)
    return (found["rest"] if found else text).strip()


def _stands_out(line: Line) -> bool:
    return bool(line.level) or line.is_bold or line.text.isupper()


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _words(title: str) -> frozenset[str]:
    words = _tokens(fold(title))
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(words)]
    return frozenset([word for word in words if word not in _COMMON] + pairs)


def _likeness(some: frozenset[str], others: frozenset[str]) -> float:
    return 2 * len(some & others) / (len(some) + len(others)) if some and others else 0
