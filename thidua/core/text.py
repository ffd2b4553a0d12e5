"""Vietnamese text: composing, folding for search, and keys for sorting.

PostgreSQL without ICU cannot order Vietnamese, so keys are computed here once, stored in
columns with collation "C", and never computed in a query.
"""

import unicodedata

# Vietnamese alphabet order (Latin letters that Vietnamese lacks stand where readers expect them).
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(0x40 + index) for index, letter in enumerate(_ALPHABET)}
# Tones in dictionary order: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_ZERO_WIDTH = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])

LONGEST_TEXT = 20_000  # characters of one field, some six printed pages


def compose(text: str) -> str:
    r"""Return `text` in composed Unicode (NFC), without invisible or control characters.

    Line breaks are kept as `\n`; runs of blanks inside a line become one.
    """
    # Invisible characters go first: one between a letter and its tone would keep them apart.
    text = unicodedata.normalize("NFC", text.translate(_ZERO_WIDTH))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = (
        " ".join("".join(c if c.isprintable() else " " for c in line).split())
        for line in text.split("\n")
    )
    return "\n".join(lines).strip("\n")


def lower_first(words: str) -> str:
    """Return `words` as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", " nghìn", " triệu")


def in_words(number: int) -> str:
    """Return a whole number as a paper spells it: 7.020.000 is «bảy triệu không trăm hai mươi nghìn».

    A group of three is read in full (không trăm, linh) wherever a greater one stands before it.
    """
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, 10**9)
    words = [f"{in_words(billions)} tỷ"] if billions else []
    for scale in (2, 1, 0):
        group = rest // 1000**scale % 1000
        if group:
            words.append(_three_digits(group, is_first=not words) + _SCALES[scale])
    return " ".join(words)


def _three_digits(group: int, *, is_first: bool) -> str:
    hundreds, tens, units = group // 100, group // 10 % 10, group % 10
    words = [] if is_first and not hundreds else [f"{_DIGITS[hundreds]} trăm"]
    if tens > 1:
        words.append(f"{_DIGITS[tens]} mươi")
    elif tens:
        words.append("mười")
    elif units and words:
        words.append("linh")
    if units == 1 and tens > 1:
        words.append("mốt")
    elif units == 5 and tens:  # noqa: PLR2004 -- năm is said lăm after a ten
        words.append("lăm")
    elif units:
        words.append(_DIGITS[units])
    return " ".join(words)


def dotted(number: int) -> str:
    """Return a number as money is written: 1.520.000."""
    return f"{number:,}".replace(",", ".")


def fold(text: str) -> str:
    """Return `text` for search: lower case, without marks, đ as d, single blanks."""
    decomposed = unicodedata.normalize("NFD", compose(text).casefold().replace("đ", "d"))
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())


def file_stem(text: str) -> str:
    """Return `text` as a file may be named anywhere: «ke-hoach-thi-dua»."""
    plain = "".join(c if c.isascii() and c.isalnum() else " " for c in fold(text))
    return "-".join(plain.split())[:80].strip("-")


def sort_key(text: str) -> str:
    """Return a key that sorts as a Vietnamese dictionary does under collation "C".

    Letters decide first, tones second; digits come before letters.
    """
    letters: list[str] = []
    tones: list[str] = []
    for word in compose(text).casefold().split():
        for char in word:
            parts = unicodedata.normalize("NFD", char)
            tone = next((_TONES[mark] for mark in parts if mark in _TONES), "0")
            base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
            letters.append(_RANK.get(base, char if char.isdigit() else "~" + char))
            tones.append(tone)
        letters.append(" ")
        tones.append(" ")
    return "".join(letters).strip() + "\x1f" + "".join(tones).strip()


def person_sort_key(full_name: str) -> str:
    """Return the key of a person: given name first, then family name, then middle names."""
    family, *middle = compose(full_name).split() or [""]
    given = middle.pop() if middle else ""
    return "  ".join(sort_key(part) for part in (given or family, family, " ".join(middle)))
