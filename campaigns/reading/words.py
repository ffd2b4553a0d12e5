"""Small questions about words: capitals, names of people, places in a row of numbers."""

import functools
import re

from thidua.core import text as core_text

UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
BULLET = re.compile(r"^[-–—+•*●▪]\s*")
FEW_WORDS, MANY_WORDS = 2, 6
_ALPHABET = "abcdđeghiklmnopqrstuvxy"
_ROMAN = set("IVX")
# Where a sentence ends: not after a number, whose point may belong to it.
SENTENCE = re.compile(rf"(?<=[^\d\s])[.;]\s+|(?<=\d)\.\s+(?=[{UPPER}])")
# What stands before a name: degrees, and ranks of the armed forces.
_DEGREE = re.compile(
    r"^(?:(?:\w{1,6}\.|BS|ThS|TS|PGS|GS|KS|CKI{1,2}|DS|"
    r"(?:Đại|Thượng|Trung|Thiếu)\s+(?:tướng|tá|úy)|(?:Bác|Tiến|Thạc|Dược|Luật|Kỹ)\s+(?:sĩ|sỹ|sư))\s*)+"
)
_OFFICE = re.compile(
    r"\b(?:GIÁM ĐỐC|CHỦ TỊCH|TRƯỞNG|PHÓ|CHÁNH|BỘ TRƯỞNG|THỦ TRƯỞNG|CHỦ NHIỆM|BÍ THƯ|BAN|HỘI ĐỒNG"
    r"|ỦY BAN|UBND|VIỆN|CỤC|PHÒNG|SỞ|TRUNG TÂM|KT|TM|TL|TUQ|Q)\b"
)


# The readers ask the same lines about many things.
fold = functools.lru_cache(maxsize=8_192)(core_text.fold)


def is_upper(text: str) -> bool:
    """Whether a text is written in capitals."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > FEW_WORDS and all(c.isupper() for c in letters)


def capital(text: str) -> str:
    """Return a text with its first letter a capital."""
    return text[:1].upper() + text[1:]


def is_name(text: str) -> bool:
    """Whether a text could be a person's name: a few words, each with a capital."""
    words = _DEGREE.sub("", text).split()
    return FEW_WORDS <= len(words) <= MANY_WORDS and all(
        word[:1].isupper() and word.isalpha() for word in words
    )


def is_name_in_capitals(text: str) -> bool:
    """Whether a text in capitals is a name, not an office."""
    return is_upper(text) and is_name(text) and not _OFFICE.search(text)


def ordinal(name: str) -> int | None:
    """Return the place of a number in its row: 4 of IV, 2 of b."""
    name = name.rpartition(".")[2]
    if name.isdigit():
        return int(name)
    if name and set(name) <= _ROMAN:
        values = [{"I": 1, "V": 5, "X": 10}[c] for c in name]
        pairs = zip(values, [*values[1:], 0], strict=True)
        return sum(-v if v < after else v for v, after in pairs)
    name = name.lower()
    return _ALPHABET.index(name) + 1 if len(name) == 1 and name in _ALPHABET else None


def like(name: str, place: int) -> str:
    """Return the number at a place, in the manner of `name`."""
    if name.isdigit():
        return str(place)
    if set(name) <= _ROMAN:
        tens, ones = divmod(place, 10)
        ending = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][ones]
        return "X" * tens + ending
    letter = _ALPHABET[place - 1]
    return letter.upper() if name.isupper() else letter
