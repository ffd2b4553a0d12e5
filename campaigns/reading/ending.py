"""The end of a plan: who receives it and who signs."""

import re
from collections.abc import Iterator

from campaigns.reading.found import Found
from campaigns.reading.words import BULLET, capital, fold, is_name, is_name_in_capitals, is_upper

_TO = re.compile(r"^Nơi nhận\s*:?\s*", re.IGNORECASE)
_NOT_A_WORD = ("(da ky", "(ky", "ky boi", "nguoi ky", "thoi gian ky")


def proposals(lines: list[str]) -> Iterator[tuple[str, Found]]:
    """Propose recipients, the title of the signer and the name."""
    recipients: list[str] = []
    titles: list[str] = []
    name = ""
    in_list = False
    for text in lines:
        line = _TO.sub("", text)
        in_list = in_list or line != text
        words = BULLET.sub("", line)
        if not line.strip("-–_. ") or fold(line).startswith(_NOT_A_WORD):
            continue
        if in_list and _is_item(line, words):
            recipients += _items(words)
        elif is_upper(words) and not (titles and is_name_in_capitals(words)):
            titles.append(words)
        elif is_name(words):
            name = words
        elif in_list:
            recipients += _items(words)
    if recipients:
        yield "recipients", Found("\n".join(recipients), "Nơi nhận: " + recipients[0])
    if titles:
        yield "signer_title", Found(" ".join(titles), titles[0])
    if name:
        yield "signer_name", Found(name, name)


def _is_item(line: str, words: str) -> bool:
    """Whether a line is of the list of recipients: a dash before it, a pause after it."""
    return words != line or words.endswith((";", "VT.", "VT")) or words.startswith("Lưu")


def _items(words: str) -> list[str]:
    """Return the recipients of a line: one, or several with dashes between them."""
    pieces = re.split(r"(?<=[;,.])\s*[-–+]\s+", words)
    return [capital(piece.strip()) for piece in pieces if piece.strip()]
