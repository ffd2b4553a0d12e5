"""The outline of a plan: its sections by the marks before them, in the document's own numbers."""

import dataclasses
import re
from collections.abc import Sequence

from campaigns.reading.marks import MARK
from campaigns.reading.words import fold, is_upper, ordinal
from thidua.core.word import Paragraph

HEADING_LENGTH = 150
_LONGEST_TITLE = 300
_SEVERAL = 3
_RUN_IN = 80
_HEADS = [
    "muc tieu",
    "noi dung",
    "chi tieu",
    "nhiem vu",
    "giai phap",
    "bien phap",
    "thoi gian",
    "thoi han",
    "doi tuong",
    "pham vi",
    "hinh thuc",
    "tieu chuan",
    "tieu chi",
    "ho so",
    "thu tuc",
    "khen thuong",
    "to chuc thuc hien",
    "kinh phi",
    "trach nhiem",
    "so luong",
    "cong tac",
    "muc dich",
    "yeu cau",
    "quyen loi",
    "co cau",
    "phan cong",
]
_BY_TOPIC, _BY_CAPITALS, _BY_PARAGRAPH, _BY_MARK = "topic", "capitals", "paragraph", "mark"


@dataclasses.dataclass(slots=True)
class Section:
    """A section while it is being read; `lines` are its words without the heading."""

    clause: str
    level: int
    title: str = ""
    lines: list[str] = dataclasses.field(default_factory=list)

    @property
    def lead(self) -> str:
        """Return what the section says it is about."""
        if self.title or not self.lines:
            return self.title
        before, colon, _ = self.lines[0][: HEADING_LENGTH + 1].partition(":")
        return before if colon else ""

    @property
    def source(self) -> str:
        return " ".join(filter(None, (f"[{self.clause}]", self.title, *self.lines[:1])))


@dataclasses.dataclass(frozen=True, slots=True)
class Outline:
    """The sections of a plan, and whether the numbers are ours."""

    sections: list[Section]
    is_numbered_by_us: bool


def start(lines: Sequence[Paragraph]) -> int:
    """Return where the first section begins."""
    manner = _manner(lines)
    for position, line in enumerate(lines):
        if _opens(line, manner) or line.heading:
            return position
    if manner == _BY_PARAGRAPH:
        return next((i + 1 for i, line in enumerate(lines) if leads_in(line.text)), 0)
    return len(lines)


def of(lines: Sequence[Paragraph]) -> Outline:
    """Cut the body of a plan into sections."""
    reader = _Reader(_manner(lines))
    for line in lines:
        reader.take(line)
    return Outline(reader.sections, reader.counted > 0)


def _manner(lines: Sequence[Paragraph]) -> str:
    """Return how a plan shows where its sections begin."""
    marked = [i for i, line in enumerate(lines) if MARK.match(line.text) or line.is_row]
    first = marked[0] if marked else len(lines)
    for manner in (_BY_CAPITALS, _BY_TOPIC):
        heads = [i for i, line in enumerate(lines) if _opens(line, manner)]
        # Numbers under such headings are those of their lists.
        if len(heads) >= _SEVERAL and heads[0] < first and not _is_top(lines, marked, heads):
            return manner
    if marked or any(line.heading for line in lines):
        return _BY_MARK
    if any(_opens(line, _BY_CAPITALS) for line in lines):
        return _BY_CAPITALS
    return _BY_PARAGRAPH


def _is_top(lines: Sequence[Paragraph], marked: list[int], heads: list[int]) -> bool:
    """Whether marks run on through the whole plan, over the heads of that manner."""
    tops = [m for i in marked if (m := MARK.match(lines[i].text)) and (m["upper"] or m["article"])]
    return len(tops) >= len(heads)


def _opens(line: Paragraph, manner: str) -> bool:
    text = line.text
    if manner == _BY_MARK:
        return bool(MARK.match(text))
    if MARK.match(text) or line.is_row:
        return False
    if manner == _BY_CAPITALS:
        return is_upper(text)
    return manner == _BY_TOPIC and _names_topic(text)


def _names_topic(text: str) -> bool:
    """Whether a line is a heading without a number: «Đối tượng: …», «Hình thức khen thưởng»."""
    before, colon, _ = text[: _RUN_IN + 1].partition(":")
    if not colon and (len(text) > _RUN_IN or text.endswith((".", ";", ","))):
        return False
    return text[:1].isupper() and fold(before).startswith(tuple(_HEADS))


def leads_in(text: str) -> bool:
    """Whether a line is the last of the preamble: «… với các nội dung như sau:»."""
    return text.endswith(":") or bool(
        re.search(r"(?:như sau|sau đây|(?:nội dung|cụ thể|điểm) sau)\s*[.:]?$", text[-40:])
    )


class _Reader:
    """Takes lines one by one; the stack holds the marks over the present line."""

    def __init__(self, manner: str) -> None:
        self.manner = manner
        self.sections: list[Section] = []
        self.clauses: set[str] = set()
        self.children: dict[str, int] = {}
        self.stack: list[tuple[str, str]] = []
        self.counted = 0
        self.decimals: dict[int, tuple[int, ...]] = {}

    def take(self, line: Paragraph) -> None:
        match = MARK.match(line.text)
        if line.is_row:
            if match and self._open_row(match):
                return
        elif match:
            self.stack = [row for row in self.stack if row[0] != "row"]
            if self._open(match):
                return
        own = not match and (line.heading or _opens(line, self.manner))
        if self.manner == _BY_PARAGRAPH and not line.is_row:
            self._count(line)
        elif self._is_tail_of_heading(line) and not (own and self.manner == _BY_TOPIC):
            self.sections[-1].title += " " + line.text
        elif own:
            self._count(line)
        elif self.sections:
            self.sections[-1].lines.append(line.text)

    def _is_tail_of_heading(self, line: Paragraph) -> bool:
        """Whether capitals go on from a heading in capitals that has no words yet."""
        last = self.sections[-1] if self.sections else None
        if last is None or not last.title or last.lines or not is_upper(line.text):
            return False
        return self.manner == _BY_MARK and is_upper(last.title)

    def _count(self, line: Paragraph) -> None:
        """Open a section whose heading has no number of its own."""
        self.counted += 1
        depth = max(line.heading, 1)
        while self.stack and _depth(self.stack[-1][0]) >= depth:
            self.stack.pop()
        if self.manner != _BY_MARK and depth == 1:
            self.stack = []
            self.decimals = {}
        parent = ".".join(name for _, name in self.stack)
        place = self.children.get(parent, 0) + 1
        self.stack.append((f"heading{depth}", str(place)))
        self._add(line.text)

    def _open_row(self, match: re.Match[str]) -> bool:
        """Open a row of a table under the section that the table stands in."""
        if not match["digit"] and not match["lower"]:
            return False
        above = [entry for entry in self.stack if entry[0] != "row"]
        name = match["digit"] or match["lower"]
        if not above or ".".join([*(n for _, n in above), name]) in self.clauses:
            return False
        self.stack = [*above, ("row", name)]
        self._add(match["rest"].strip())
        return True

    def _open(self, match: re.Match[str]) -> bool:
        """Open a section, unless the mark does not go on from the one before it."""
        kind, name = self._kind(match)
        if kind.startswith("decimal"):
            parts = tuple(int(part) for part in name.split("."))
            if parts <= self.decimals.get(len(parts), ()):
                return False
            stack = self._above(parts)
            self.decimals[len(parts)] = parts
            name = ".".join(str(part) for part in parts[_known(stack, parts) :])
        else:
            placed = self._place(kind, name, match["rest"])
            if placed is None:
                return False
            kind, stack = placed
        if ".".join([*(n for _, n in stack), name]) in self.clauses:
            return False
        self.stack = [*stack, (kind, name)]
        self._add(match["rest"].strip())
        return True

    def _place(self, kind: str, name: str, rest: str) -> tuple[str, list[tuple[str, str]]] | None:
        """Return the kind of a mark and what stands over it; None: it opens nothing."""
        kinds = [known for known, _ in self.stack]
        inner = kind + "'"
        now = ordinal(name) or 0
        if inner in kinds:
            at, outer = kinds.index(inner), kinds.index(kind)
            follows = now == (ordinal(self.stack[at][1]) or 0) + 1
            returns = now == (ordinal(self.stack[outer][1]) or 0) + 1
            if follows and not (returns and _names_topic(rest)):
                return inner, self.stack[:at]
        if kind not in kinds:
            return kind, list(self.stack)
        at = kinds.index(kind)
        if now > (ordinal(self.stack[at][1]) or 0):
            return kind, self.stack[:at]
        # A list that begins again below «gồm:» stands inside.
        last = self.sections[-1]
        introduces = (last.lines[-1] if last.lines else last.title).endswith(":")
        if now == 1 and introduces and inner not in kinds:
            return inner, list(self.stack)
        return None

    def _above(self, parts: tuple[int, ...]) -> list[tuple[str, str]]:
        """Return the sections over a decimal number: those that it continues, and no deeper."""
        stack = []
        for kind, name in self.stack:
            deeper = kind.startswith("decimal") and int(kind[7:]) >= len(parts)
            if deeper or kind in {"lower", "paren"} or kind.endswith("'"):
                break
            if kind == "digit." and name != str(parts[0]):
                break
            stack.append((kind, name))
        return stack

    def _kind(self, match: re.Match[str]) -> tuple[str, str]:
        if match["article"]:
            return "article", match["article"]
        if match["upper"]:
            name = match["upper"]
            letters = [n for k, n in self.stack if k == "letter"]
            could_be_roman = set(name) <= set("IVX")
            is_letter = not could_be_roman or (name == "I" and letters[-1:] == ["H"])
            return ("letter" if is_letter else "roman"), name
        if match["decimal"]:
            return f"decimal{match['decimal'].count('.') + 1}", match["decimal"]
        if match["digit"]:
            return ("paren" if match["digit_end"].strip() == ")" else "digit."), match["digit"]
        return "lower", match["lower"]

    def _add(self, text: str) -> None:
        clause = ".".join(name for _, name in self.stack)
        parent = clause.rpartition(".")[0]
        self.clauses.add(clause)
        self.children[parent] = self.children.get(parent, 0) + 1
        section = Section(clause, clause.count(".") + 1)
        before, colon, after = text.partition(": ")
        if colon and is_upper(before) and not is_upper(after):
            section.title, section.lines = before + ":", [after]
        elif _is_heading(text):
            section.title = text
        else:
            section.lines = [text]
        self.sections.append(section)


def _known(stack: list[tuple[str, str]], parts: tuple[int, ...]) -> int:
    """Return how many parts of a decimal number the sections over it have said."""
    said = [len(name.split(".")) for kind, name in stack if kind.startswith(("digit", "decimal"))]
    return min(sum(said), len(parts) - 1)


def _depth(kind: str) -> int:
    return int(kind.removeprefix("heading")) if kind.startswith("heading") else 0


def _is_heading(text: str) -> bool:
    if is_upper(text) or text.endswith(":"):
        return len(text) <= _LONGEST_TITLE
    return len(text) <= HEADING_LENGTH and not text.endswith((".", ";", ",")) and "|" not in text
