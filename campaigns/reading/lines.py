"""From what was pasted or stood in Word to clean lines: breaks mended, columns set apart."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable

from campaigns.reading.marks import MARK
from campaigns.reading.words import BULLET, fold, is_upper
from thidua.core import word
from thidua.core.text import compose
from thidua.core.word import Paragraph

OPENER = re.compile(
    r"^(?:Căn cứ|Thực hiện|Nhằm|Để|Hưởng ứng|Trên cơ sở|Theo|Triển khai|Xét|Phát huy|Thiết thực)\b"
)
_BARE_MARK = re.compile(r"^(?:[IVX]{1,5}|[A-HĐ]|\d{1,2}(?:\.\d{1,2})*|[a-zđ])[.)/]?$|^[-–+•]$")
# A place left blank for a number or a day: what follows the gap belongs to it.
_BLANK = re.compile(r"(?:\bSố\s*:?|\bngày|\btháng)[\s.…_]*$", re.IGNORECASE)
_GAP = re.compile(r"\t+|\s{4,}")
_TITLE_LINE = re.compile(r"^(?:KẾ HOẠCH|PHÁT ĐỘNG|PHƯƠNG ÁN)\b", re.IGNORECASE)
_RULE = "-–—_.=*~ "
_ENDS = (".", ";", ":", "?", "!", "”.", "./.")
# Lines of a text that was broken by hand are never longer, and never much shorter.
_WRAPPED, _WIDEST = 55, 120
# No paragraph is longer; joining without end would read a long text again and again.
_LONGEST = 5_000


def paragraphs_of(text: str) -> list[Paragraph]:
    """Return the paragraphs of a pasted text: marks of layout taken off, wrapped lines joined."""
    found: list[Paragraph] = []
    lines = [
        re.sub(r"^#+\s*", "", line.replace("**", "")).strip(" *")
        for line in text.translate({0x0D: None}).split("\n")
    ]
    is_broken = all(len(line) <= _WIDEST for line in lines)
    is_new = True
    heads: list[str] = []
    for line in lines:
        if not line.strip(_RULE + "|"):
            is_new = True
            continue
        last = found[-1].text if found else ""
        cells = _cells(line)
        if cells and (heads or word.is_header(cells)):
            if heads:
                found.append(word.row_of(cells, heads))
            heads = heads or cells
            is_new = True
            continue
        heads = []
        goes_on = not is_new and _is_wrapped(last, line)
        if goes_on and (is_broken or line[:1].islower()):
            found[-1] = Paragraph(f"{last} {line}")
        else:
            found.append(Paragraph(line))
        is_new = False
    return found


def _cells(line: str) -> list[str]:
    """Return the cells of a pasted row of a table: between bars or tabs."""
    cells = line.strip().strip("|").split("|") if line.startswith("|") else line.split("\t")
    return [cell.strip() for cell in cells] if len(cells) > 1 else []


def clean(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Return clean lines: broken ones joined, columns apart where pages have columns."""
    found: list[Paragraph] = []
    zone = "head"
    for paragraph in paragraphs:
        for broken in _columns(paragraph.text, zone):
            text = compose(broken)
            # A number alone is that of a page.
            if not text.strip(_RULE) or text.strip(_RULE).isdigit():
                continue
            if zone == "head" and is_title_line(text):
                zone = "body"
            elif zone == "body" and fold(text).startswith("noi nhan"):
                zone = "end"
            last = found[-1].text if found else ""
            if zone == "body" and found and not paragraph.is_row and _continues(last, text):
                found[-1] = dataclasses.replace(found[-1], text=f"{last} {text}")
            else:
                found.append(dataclasses.replace(paragraph, text=text))
    return found


def is_title_line(text: str) -> bool:
    """Whether a line is where the title of a plan begins."""
    if fold(re.sub(r"\s+", "", text[:40])) == "kehoach":
        return True
    match = _TITLE_LINE.match(text)
    return bool(match and match.group().isupper() and not text.endswith("."))


def _columns(text: str, zone: str) -> list[str]:
    """Return the lines of a paragraph; in head and end, columns set by tabs stand apart."""
    found: list[str] = []
    for line in re.split(r"[\n\v\f]", unicodedata.normalize("NFC", text)):
        pieces = [piece.strip() for piece in _GAP.split(line.strip()) if piece.strip()]
        is_mark = bool(pieces) and _BARE_MARK.match(pieces[0])
        if zone == "body" or is_mark:
            found.append(" ".join(pieces))
            continue
        open_ended = False
        for piece in pieces:
            if open_ended:
                found[-1] += " " + piece
            else:
                found.append(piece)
            open_ended = bool(_BLANK.search(piece[-60:]))
    return [line for line in found if line]


def _is_wrapped(last: str, text: str) -> bool:
    """Whether a pasted line goes on from the line before it."""
    if not _WRAPPED <= len(last) <= _LONGEST or "\t" in text or _starts_anew(text):
        return False
    return not last.endswith(_ENDS) and not is_upper(last)


def _continues(last: str, text: str) -> bool:
    """Whether a paragraph was cut in the middle of a sentence."""
    if len(last) > _LONGEST or last.endswith(_ENDS) or is_title_line(last) or _starts_anew(text):
        return False
    return text[:1].islower() and not is_upper(last)


def _starts_anew(text: str) -> bool:
    return bool(MARK.match(text) or BULLET.match(text) or OPENER.match(text)) or is_upper(text)
