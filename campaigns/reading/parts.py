"""The parts of a plan: head, title, preamble, body and end."""

import dataclasses
import re
from collections.abc import Sequence

from campaigns.reading import outline
from campaigns.reading.lines import OPENER, is_title_line
from campaigns.reading.marks import MARK
from campaigns.reading.words import fold, is_name, is_upper
from thidua.core.word import Paragraph

_SPACED = re.compile(r"^(?:K\s*Ế\s+H\s*O\s*Ạ\s*C\s*H|PHÁT ĐỘNG$)\s*")
_TITLE_LINES = 6
_SENTENCE = 55


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """A plan cut in pieces; the body is still uncut."""

    head: list[str]
    title: str
    preamble: list[str]
    body: list[Paragraph]
    end: list[str]


def cut(lines: list[Paragraph]) -> Parts:
    """Cut clean lines into the parts of a plan."""
    start = next((i for i, line in enumerate(lines) if is_title_line(line.text)), None)
    head, rest = lines[: start or 0], lines[start or 0 :]
    title, rest = _cut_title(rest) if start is not None else ("", rest)
    last = _end(rest)
    first = outline.start(rest[:last])
    before = [line.text for line in rest[:first]]
    return Parts(
        head=[line.text for line in head] if start is not None else before,
        title=title,
        preamble=before if start is not None else [],
        body=rest[first:last],
        end=_without_annexes([line.text for line in rest[last:]]),
    )


def _cut_title(lines: list[Paragraph]) -> tuple[str, list[Paragraph]]:
    first = _SPACED.sub("", lines[0].text).strip(" :")
    parts = [first] if first else []
    taken = 1
    for line in lines[1 : _TITLE_LINES + 1]:
        text = line.text
        is_sentence = text.endswith((".", ";", ":"))
        if MARK.match(text) or (parts and (text.startswith("Căn cứ") or is_sentence)):
            break
        if parts and OPENER.match(text) and len(text) > _SENTENCE:
            break
        taken += 1
        if not fold(text[:20]).startswith("(ban hanh kem"):
            parts.append(text)
    return " ".join(parts), lines[taken:]


def _end(lines: Sequence[Paragraph]) -> int:
    """Return where the body ends: at «Nơi nhận», after «./.», or at the hand that signs."""
    for position, line in enumerate(lines):
        if fold(line.text[:20]).startswith("noi nhan"):
            return _before_signature(lines, position)
        if line.text.rstrip(' ”"').endswith("./."):
            return position + 1
    return _before_signature(lines, len(lines))


def _before_signature(lines: Sequence[Paragraph], end: int) -> int:
    """Return where a signature begins that stands before a place, or that place."""
    at = end
    while at and fold(lines[at - 1].text).startswith(("(da ky", "(ky")):
        at -= 1
    if not at or not is_name(lines[at - 1].text):
        return end
    at -= 1
    while at and fold(lines[at - 1].text).startswith(("(da ky", "(ky")):
        at -= 1
    titles = at
    while titles and is_upper(lines[titles - 1].text) and not MARK.match(lines[titles - 1].text):
        titles -= 1
    return titles if titles < at else end


def _without_annexes(lines: list[str]) -> list[str]:
    """Return the end of a plan without what is bound behind it."""
    for position, line in enumerate(lines):
        if position and re.match(r"PHỤ LỤC\b|Phụ lục\s+(?:số\s+)?[\dIVX]|Mẫu số\s+\d", line):
            return lines[:position]
    return lines
