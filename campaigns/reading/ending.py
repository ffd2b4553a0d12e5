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
        if not line.strip("-–_. ") or fold(line).startswith(_NOT_A_WORD):
            continue
        words = BULLET.sub("", line)
        is_item = words != line or words.endswith((";", "VT.", "VT")) or words.startswith("Lưu")
        if in_list and is_item:
            recipients += _items(words)
        elif titles and is_name_in_capitals(words):
            name = words
        elif is_upper(words):
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


def _items(words: str) -> list[str]:
    """Return the recipients of a line: one, or several with dashes between them."""
    pieces = re.split(r"(?<=[;,.])\s*[-–+]\s+", words)
    return [capital(piece.strip()) for piece in pieces if piece.strip()]
