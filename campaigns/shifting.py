"""Moving a plan by years: its own days, and where its words name them; nothing else.

Days of history (06/01/1946) and days of other papers stay. What still names a year of the old
round is not touched either: it is said, and a person decides.
"""

import calendar
import dataclasses
import datetime as dt
import re
from collections.abc import Mapping

from campaigns import plan_fields
from campaigns.plan_fields import day_text

DAYS = ("emulation_ends_on", "opens_on", "nominations_due_on")
WORDS = (
    "title",
    "short_title",
    "preamble",
    "sections",
    "window_text",
    "criteria",
    "required_items",
)
_CLEARED = ("number", "issued_text", "issued_on", "launched_on")


@dataclasses.dataclass(frozen=True, slots=True)
class Shifted:
    """Một mục đã dời: the text as it is proposed, and what to look at."""

    value: str
    note: str = ""


def shift_day(day: dt.date, years: int) -> dt.date:
    """Return the same day some years later; the last of February stays the last."""
    year = day.year + years
    last = calendar.monthrange(year, day.month)[1]
    ends_february = day.month == 2 and day.day == calendar.monthrange(day.year, 2)[1]  # noqa: PLR2004
    return dt.date(year, day.month, last if ends_february else min(day.day, last))


def shift(values: Mapping[str, str], years: int) -> dict[str, Shifted]:
    """Return the fields of a plan for a round `years` later."""
    days = {name: plan_fields.read(name, values[name]) for name in DAYS}
    moved = {name: shift_day(day, years) for name, day in days.items()}
    swaps = [swap for name in DAYS for swap in _written(days[name], moved[name])]
    window = _years_moved(values["window_text"], years)
    swaps.append((values["window_text"], window))
    shifted = {name: Shifted(value) for name, value in values.items()}
    for name in WORDS:
        shifted[name] = _reworded(name, values[name], swaps, years=_years(days))
    for name, day in moved.items():
        shifted[name] = Shifted(day_text(day), f"Đã dời từ {day_text(days[name])}.")
    shifted["window_text"] = Shifted(window, f"Đã dời từ «{values['window_text']}».")
    for name in _CLEARED:
        shifted[name] = Shifted("", "Đợt mới chưa có: hãy điền theo kế hoạch mới.")
    return shifted


def _reworded(name: str, text: str, swaps: list[tuple[str, str]], *, years: set[int]) -> Shifted:
    for old, new in swaps:
        # A new day has nothing in it that a replacement would read as a reference.
        text = re.sub(rf"(?<!\d){re.escape(old)}(?!\d)", new.replace("\\", ""), text)
    left = sorted(year for year in years if re.search(rf"(?<!\d){year}(?!\d)", text))
    changed = ", ".join(str(year) for year in left)
    label = plan_fields.BY_NAME[name].label
    return Shifted(
        text, f"{label} còn nhắc năm {changed}. Hãy xem có phải sửa không." if left else ""
    )


def _written(old: dt.date, new: dt.date) -> list[tuple[str, str]]:
    """Return the ways of writing a day, each with the new day written the same way."""
    ways = ("{d.day:02d}/{d.month:02d}/{d.year}", "{d.day}/{d.month}/{d.year}", "{d.day:02d}/{d.month}/{d.year}",
            "ngày {d.day:02d} tháng {d.month:02d} năm {d.year}", "ngày {d.day} tháng {d.month} năm {d.year}")  # fmt: skip
    return list(dict.fromkeys((way.format(d=old), way.format(d=new)) for way in ways))


def _years_moved(text: str, years: int) -> str:
    return re.sub(r"(?<!\d)(?:19|20)\d{2}(?!\d)", lambda found: str(int(found[0]) + years), text)


def _years(days: Mapping[str, dt.date]) -> set[int]:
    return {day.year for day in days.values()}
