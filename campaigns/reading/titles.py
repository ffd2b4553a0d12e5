"""What follows from the title: the short title and the sentence of achievement."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from campaigns.reading.found import Found
from campaigns.reading.parts import Parts
from campaigns.reading.words import UPPER, capital, is_upper

_SHORT, _SENTENCE = 120, 500
_VERBS = r"^(?:(?:về việc|v/v|phát động|tổ chức|triển khai|thực hiện|hưởng ứng)\s+)+"
_LEAD = re.compile(
    r"^(?:(?:về việc|v/v|phát động|tổ chức|triển khai|thực hiện|hưởng ứng)\s+)*(?:và tổ chức\s+)?"
    r"(?:các\s+)?(?:đợt|phong trào)?\s*(?:thi đua\s*)?(?:yêu nước\s*)?"
    r"(?:đợt\s+\w{1,4}\s+(?=chào mừng|lập|nhân))?"
    r"(?:(?:đặc biệt|cao điểm|ngắn hạn|theo chuyên đề|chuyên đề|lập thành tích)\s*)*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"«]([^”\"»]+)[”\"»]")
_WORD = re.compile(r"\w+", re.UNICODE)
_RUN_OF_CAPITALS = re.compile(rf"^(?:[{UPPER}]+\s+)*[{UPPER}]{{2,}}(?=\s)")
_ACRONYM = re.compile(rf"\b[{UPPER}]*[BCDĐGHKLMNPQRSTVX]{{3,}}[{UPPER}]*\b")
_LONGEST_NAME, _MOST_LINES = 6, 500
# Names that plans write with capitals, whether or not this one has them elsewhere.
_NAMES = (
    *("Việt Nam", "Đảng", "Quốc hội", "Đại hội", "Quốc khánh", "Hồ Chí Minh", "Nhà nước"),
    *("Chính phủ", "Tết Nguyên đán", "Tổ quốc", "Nhà giáo", "Công đoàn", "Ngày"),
)


def proposals(parts: Parts) -> Iterator[tuple[str, Found]]:
    """Propose the title and what follows from it."""
    if not parts.title:
        return
    yield "title", Found(parts.title, parts.title)
    note = "Tên viết hoa toàn bộ; hãy xem lại chữ hoa, chữ thường." if is_upper(parts.title) else ""
    lines = [*parts.head, *parts.preamble, *(line.text for line in parts.body), *parts.end]
    title = _recased(parts.title, lines)
    yield "short_title", Found(_short(title), parts.title, note)
    yield "achievement_sentence", Found(_achievement(title), parts.title, note)


def _short(title: str) -> str:
    quoted = _QUOTED.search(title)
    if quoted and len(quoted[1]) <= _SHORT:
        return capital(quoted[1].strip())
    text = capital(_LEAD.sub("", title).strip(" -–:,") or title)
    return text if len(text) <= _SHORT else text[:_SHORT].rsplit(" ", 1)[0]


def _achievement(title: str) -> str:
    text = re.sub(_VERBS, "", title, flags=re.IGNORECASE)
    text = text if text[:2].isupper() else text[:1].lower() + text[1:]
    return f"đã có thành tích xuất sắc trong {text}"[:_SENTENCE]


def _recased(title: str, lines: Iterable[str]) -> str:
    """Return a title in capitals as a sentence, its names as the plan writes them elsewhere."""
    if is_upper(title):
        return _QUOTED.sub(
            lambda m: m.group()[0] + capital(m.group()[1:]), _as_sentence(title, lines)
        )
    # «PHÁT ĐỘNG THI ĐUA “Giữ rừng”»: only the head of the title is in capitals.
    run = _RUN_OF_CAPITALS.match(title)
    if run and " " in run.group():
        return capital(run.group().lower()) + title[run.end() :]
    return title


def _as_sentence(title: str, lines: Iterable[str]) -> str:
    words = list(_WORD.finditer(title))
    known = _names_in(lines, {word.group().lower() for word in words})
    text = list(title.lower())
    at = 0
    while at < len(words):
        taken = 1
        if _ACRONYM.fullmatch(words[at].group()):
            text[words[at].start() : words[at].end()] = words[at].group()
        for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
            first, last = words[at], words[at + length - 1]
            name = known.get(title[first.start() : last.end()].lower())
            if name:
                text[first.start() : last.end()] = name
                taken = length
                break
        at += taken
    return capital("".join(text))


def _names_in(lines: Iterable[str], wanted: set[str]) -> dict[str, str]:
    """Return the groups of words that the plan always writes with the same capitals."""
    seen: dict[str, Counter[str]] = {}
    for line in list(lines)[:_MOST_LINES]:
        if is_upper(line):
            continue
        words = list(_WORD.finditer(line[:1000]))
        for at, first in enumerate(words):
            if first.group().lower() not in wanted:
                continue
            for last in words[at : at + _LONGEST_NAME]:
                group = line[first.start() : last.end()]
                # The capital at the beginning of a sentence says nothing.
                begins = at == 0 or line[: first.start()].rstrip()[-1:] in ".:;-“"
                if begins and group == capital(group.lower()):
                    continue
                seen.setdefault(group.lower(), Counter())[group] += 1
    found = {name.lower(): name for name in _NAMES}
    for group, ways in seen.items():
        if len(ways) == 1 and group != next(iter(ways)):
            found[group] = next(iter(ways))
        elif group not in ways or len(ways) > 1:
            found.pop(group, None)
    return found
