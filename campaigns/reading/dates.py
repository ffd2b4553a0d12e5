"""Days in words: whole days, spans of months and quarters, the end of the emulation, the window.

A day without its year takes the year that the plan itself leads to, and a remark says so.
"""

import calendar
import dataclasses
import datetime as dt
import re
from collections.abc import Iterator

from campaigns.plan_fields import day_text
from campaigns.reading.contents import Contents
from campaigns.reading.found import Found
from campaigns.reading.words import SENTENCE, fold
from thidua.core.clock import FIRST_DAY, LAST_DAY

_HOUR = r"(?:\d{1,2}\s*(?:giờ|[hg](?![^\W\d_]))\s*(?:\d{1,2}\s*(?:phút)?)?\s*,?\s*)"
_FULL = r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s*(?:/|,?\s*năm)\s*\d{4})"
_PART = (
    r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}(?![\d/.-])|\d{1,2}\s+tháng\s+\d{1,2}|\d{1,2}(?=\s+(?:đến|tới)))"
)
_UNTIL_WORDS = r"(?:đến|tới|hết|trước|chậm nhất|muộn nhất|là|vào|cuối|ngày|không quá|và)"
_RANGE = re.compile(
    rf"\btừ\s+{_HOUR}?(?:ngày\s+)?(?P<first>{_FULL}|{_PART})\s*,?\s*(?:cho\s+)?"
    rf"(?P<link>(?:{_UNTIL_WORDS}\s+)+|[-–]\s*)(?P<hour>{_HOUR})?(?:ngày\s+)?(?P<last>{_FULL}|{_PART})",
    re.IGNORECASE,
)
_MONTH_RANGE = re.compile(
    r"\btừ\s+tháng\s+(?P<first>\d{1,2})(?:\s*(?:/|năm)\s*(?P<first_year>(?:19|20)\d{2}))?\s+"
    r"(?:đến|tới)\s+(?:hết\s+)?tháng\s+(?P<last>\d{1,2})\s*(?:/|năm)\s*(?P<year>(?:19|20)\d{2})",
    re.IGNORECASE,
)
_DUE_WORDS = r"(?:đến hết|trước|chậm nhất|muộn nhất|hạn cuối|hạn chót|hết|đến|trong|vào|không quá|xong trước)"
_DUE = re.compile(
    rf"(?P<lead>\b{_DUE_WORDS}(?:\s+(?:là|vào|đến|hết|trước|ngày|lúc))*)\s*:?\s+(?P<hour>{_HOUR})?(?:ngày\s+)?"
    rf"(?P<day>{_FULL}|\d{{1,2}}/\d{{1,2}}(?![\d/.-])|\d{{1,2}}\s+tháng\s+\d{{1,2}})",
    re.IGNORECASE,
)
_BARE_DUE = re.compile(rf"(?:{_HOUR})?(?:ngày\s+)?(?P<day>{_FULL})", re.IGNORECASE)
_SPAN_LEAD = rf"(?P<lead>\b(?:{_DUE_WORDS}|trong)\s+(?:(?:hết|là|vào|trong)\s+)*)?"
_QUARTER = re.compile(
    rf"{_SPAN_LEAD}(?P<span>\bquý\s+(?P<quarter>IV|I{{1,3}}|[1-4])(?:\s*(?:/|-|năm|\s)\s*(?P<year>(?:19|20)\d{{2}}))?)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"{_SPAN_LEAD}(?P<span>\btháng\s+(?P<month>\d{{1,2}})(?:\s*(?:/|-|năm)\s*(?P<year>(?:19|20)\d{{2}}))?)\b",
    re.IGNORECASE,
)
_AFTER_END = re.compile(
    r"(?:(?:trong|chậm nhất|muộn nhất|không quá)\s+(?:vòng\s+|thời hạn\s+|sau\s+|là\s+)*)?"
    r"(?P<days>\d{1,2})\s+ngày(?P<work>\s+làm việc)?,?\s+(?:kể\s+|tính\s+)?(?:từ|sau)\s+"
    r"(?:ngày\s+|khi\s+)?kết thúc(?:\s+(?:đợt|phong trào|thời gian))?(?:\s+thi đua)?",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:đến|tới|hết|kết thúc)\b(?:\s+(?:hết|ngày|vào|trước|cuối|tháng|quý|năm))*", re.IGNORECASE
)
_DAY = re.compile(rf"(?P<day>{_FULL})", re.IGNORECASE)
_YEAR = re.compile(r"\bnăm\s+((?:19|20)\d{2})\b", re.IGNORECASE)
_IN_YEAR = re.compile(r"\btrong năm\s+((?:19|20)\d{2})\b", re.IGNORECASE)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}
_MONTHS = 12
_LINE = 1_500
_WINDOW = 100
_NOT_THE_END = ("phat dong", "so ket", "dang ky", "trien khai:", "to chuc phat dong")


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, the words that said so, and a remark."""

    first: dt.date | None
    last: dt.date | None
    words: str
    note: str = ""


def date_of(day: str | None, month: str | None, year: str | int | None) -> dt.date | None:
    """Return a day that can be, or nothing."""
    try:
        found = dt.date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def year_of(days: list[dt.date | None], title: str, preamble: list[str]) -> int | None:
    """Return the year that a day without one is of."""
    for day in days:
        if day:
            return day.year
    for text in (title, *preamble):
        year = _YEAR.search(text[:_LINE])
        if year:
            return int(year[1])
    return None


# --- the end of the emulation -------------------------------------------------------------------


def period(contents: Contents, year: int | None) -> Iterator[tuple[str, Found]]:
    """Propose the day on which the emulation ends."""
    window = {section.clause for section in contents.about("window")}
    lines = [
        line
        for section in contents.ranked("period")
        if section.clause not in window
        for line in contents.words(section)
        if "khen" not in fold(line) and "ho so" not in fold(line)
    ]
    said = ("thoi gian thi dua", "thoi gian thuc hien", "dot thi dua", "phong trao thi dua")
    lines += [
        line
        for line in contents.lines()
        if any(words in fold(line[:_LINE]) for words in said)
        and "ho so" not in fold(line)
        and _RANGE.search(line[:_LINE])
    ]
    for wants_end in (True, False):
        for line in lines:
            text = line[:_LINE]
            if not wants_end and fold(text).startswith(_NOT_THE_END):
                continue
            day, note = _last_day(text, year, wants_end=wants_end)
            if day:
                yield "emulation_ends_on", Found(day_text(day), line, note)
                return


def _last_day(text: str, year: int | None, *, wants_end: bool) -> tuple[dt.date | None, str]:
    """Return the day until which a sentence runs."""
    if not wants_end:
        span = None if _ENDS.search(text) else _span(text, None)
        alone = _IN_YEAR.search(text)
        return (span.last if span else _year_end(alone)), ""
    for until in reversed(list(_ENDS.finditer(text))):
        rest = _up_to_pause(text[until.end() :][:80])
        day = _DAY.search(rest)
        if day and (found := _whole(day["day"])):
            return found, ""
        phrase = _up_to_pause(text[until.start() :][:120])
        span = _span(phrase, None)
        last = span.last if span else _year_end(_YEAR.search(phrase))
        if last:
            return last, ""
        part = re.match(r"\s*(\d{1,2})\s*(?:/|\s+tháng\s+)\s*(\d{1,2})(?![\d/])", rest)
        if part and year and (found := date_of(part[1], part[2], year)):
            return found, f"Kế hoạch không ghi năm; phần mềm hiểu là năm {year}."
    return None, ""


def _year_end(year: re.Match[str] | None) -> dt.date | None:
    return dt.date(int(year[1]), 12, 31) if year else None


def _up_to_pause(text: str) -> str:
    return re.split(r"[;(]|\.\s", text, maxsplit=1)[0]


# --- the window for dossiers --------------------------------------------------------------------


def window(
    contents: Contents, ends: dt.date | None, year: int | None
) -> Iterator[tuple[str, Found]]:
    """Propose when units send their dossiers."""
    own = [line for section in contents.about("window") for line in contents.words(section)]
    others = [
        line
        for line in contents.lines()
        if "ho so" in fold(line[:_LINE])
        and re.search(r"\b(?:gửi|nộp|nhận|hoàn thành|hoàn thiện|trình)\b", line, re.IGNORECASE)
    ]
    # Files that citizens send are no dossiers for awards: what speaks of awards comes first.
    others.sort(key=lambda line: not re.search(r"khen|thành tích|thi đua", line, re.IGNORECASE))
    for line in (*own, *others):
        for sentence in SENTENCE.split(line[:_LINE]):
            said = _window_in(sentence, ends, year)
            if said is None and line in own:
                said = _bare_day(sentence)
            if said:
                yield "window_text", Found(_small(said.words), line)
                yield "opens_on", Found(day_text(said.first), line if said.first else "")
                yield (
                    "nominations_due_on",
                    Found(day_text(said.last), line if said.last else "", said.note),
                )
                return


def _window_in(text: str, ends: dt.date | None, year: int | None) -> Span | None:
    """Return the window that a sentence gives."""
    for match in _RANGE.finditer(text):
        found = _ranged(match, ends, year)
        if found:
            return found
    months = _MONTH_RANGE.search(text)
    if months and (found := _month_range(months)):
        return found
    for match in _DUE.finditer(text):
        found = _due(match, ends, year)
        if found:
            return found
    after = _AFTER_END.search(text)
    if after:
        return _after_end(after, ends)
    return _span(text, year, ends)


def _ranged(match: re.Match[str], ends: dt.date | None, year: int | None) -> Span | None:
    last, note = _dated(match["last"], ends, year)
    if last is None:
        return None
    first = _whole(match["first"])
    if first is None:
        numbers = re.findall(r"\d+", match["first"])
        month = numbers[1] if len(numbers) > 1 else str(last.month)
        first = date_of(numbers[0], month, last.year)
        if first and first > last:
            first = date_of(numbers[0], month, last.year - 1)
    if first is None:
        return None
    if "trước" in match["link"].lower() and not match["hour"]:
        last, note = _day_before(last, match.group(), note)
    return Span(first, last, match.group(), note)


def _month_range(match: re.Match[str]) -> Span | None:
    year = int(match["year"])
    first = date_of("1", match["first"], match["first_year"] or year)
    last = date_of("1", match["last"], year)
    if first is None or last is None:
        return None
    return Span(first, _months(year, last.month, last.month)[1], match.group())


def _due(match: re.Match[str], ends: dt.date | None, year: int | None) -> Span | None:
    day, note = _dated(match["day"], ends, year)
    if day is None:
        return None
    if re.search(r"trước(?:\s+ngày)?$", match["lead"], re.IGNORECASE) and not match["hour"]:
        day, note = _day_before(day, match.group(), note)
    return Span(None, day, match.group(), note)


def _day_before(day: dt.date, words: str, note: str) -> tuple[dt.date, str]:
    due = day - dt.timedelta(days=1)
    said = f"Kế hoạch ghi «{_small(words)}»; phần mềm hiểu là đến hết ngày {day_text(due)}."
    return due, f"{said} {note}".strip()


def _bare_day(text: str) -> Span | None:
    match = _BARE_DUE.search(text)
    day = _whole(match["day"]) if match else None
    return Span(None, day, match.group()) if match and day else None


def _after_end(match: re.Match[str], ends: dt.date | None) -> Span:
    """Return a window counted from the end of the emulation; working days are not counted."""
    words = match.group()
    if ends is None or match["work"]:
        return Span(None, None, words)
    due = ends + dt.timedelta(days=int(match["days"]))
    note = f"Tính từ ngày kết thúc thi đua {day_text(ends)}."
    return Span(None, due, words, note)


def _span(text: str, year: int | None, ends: dt.date | None = None) -> Span | None:
    """Return the first quarter or month of a text; `year` is for one that names none."""
    for pattern in (_QUARTER, _MONTH):
        for match in pattern.finditer(text):
            place = match.groupdict()
            if re.search(r"\d\s*$", text[: match.start()][-4:]):
                continue  # the month of a whole day
            its_year = place["year"] or year
            if not its_year:
                continue
            if pattern is _QUARTER:
                number = _QUARTERS.get(place["quarter"].upper()) or int(place["quarter"])
                months = number * 3 - 2, number * 3
            elif 1 <= int(place["month"]) <= _MONTHS:
                months = int(place["month"]), int(place["month"])
            else:
                continue
            first, last = _months(int(its_year), *months)
            note = ""
            if not place["year"]:
                if ends and last < ends:
                    first, last = _months(int(its_year) + 1, *months)
                note = f"Kế hoạch không ghi năm; phần mềm hiểu là năm {last.year}."
            return _bounded(match, first, last, note)
    return None


def _bounded(match: re.Match[str], first: dt.date, last: dt.date, note: str) -> Span:
    """Return a month or quarter as its lead bounds it: before it, until its end, or all of it."""
    lead = (match["lead"] or "").lower().split()
    whole = match.group()
    if "trước" in lead:
        due, note = _day_before(first, whole, note)
        return Span(None, due, whole, note)
    if {"hết", "đến", "nhất", "cuối", "chót", "quá"} & set(lead):
        return Span(None, last, whole, note)
    return Span(first, last, match["span"], note)


def _dated(words: str, ends: dt.date | None, year: int | None) -> tuple[dt.date | None, str]:
    """Return a day; of one without a year that which follows the end of the emulation."""
    whole = _whole(words)
    if whole:
        return whole, ""
    number, _, month = re.sub(r"\D+", " ", words).strip().partition(" ")
    if not month or not year:
        return None, ""
    day = date_of(number, month, year)
    if day and ends and day < ends and ends.year == year:
        day = date_of(number, month, year + 1)
    if day is None:
        return None, ""
    return day, f"Kế hoạch không ghi năm; phần mềm hiểu là năm {day.year}."


def _whole(words: str) -> dt.date | None:
    numbers = re.findall(r"\d+", words)
    if len(numbers) != 3:  # noqa: PLR2004 -- day, month, year
        return None
    day, month, year = numbers
    return date_of(day, month, year)


def _months(year: int, first: int, last: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _small(words: str) -> str:
    """Return words from the middle of a sentence; «Quý» keeps its capital."""
    words = words.strip(" ,;:.")[:_WINDOW]
    keeps = words[:3].lower() == "quý"
    return words if keeps else words[:1].lower() + words[1:]
