"""Working days (ngày làm việc): Monday to Friday, but for the rows of the calendar."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from campaigns.models import CalendarDay, DayKind, ProvisionKind
from campaigns.queries.law import provision_on
from units.models import Agency

_SATURDAY = 5
# A year holds some 250 worked days; Tết takes the longest run of days off, nine or so.
_BACK, _AHEAD = dt.timedelta(days=366), dt.timedelta(days=731)
DEFAULT_RETURN_DAYS = 5


def calendar_of(agency: Agency | int, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Return the kind of each day of the calendar between two days, both included."""
    agency_id = agency if isinstance(agency, int) else agency.pk
    return dict(
        CalendarDay.objects.filter(agency_id=agency_id, day__range=(first, last)).values_list(
            "day", "kind"
        )
    )


def is_working(day: dt.date, calendar: Mapping[dt.date, str]) -> bool:
    """Whether `day` is worked."""
    kind = calendar.get(day)
    return kind == DayKind.WORKING if kind else day.weekday() < _SATURDAY


def working_days_between(agency: Agency | int, first: dt.date, last: dt.date) -> int:
    """Return how many days are worked after `first` until the end of `last`; 0 when it is past."""
    return count_working(calendar_of(agency, first, last), first, last)


def count_working(calendar: Mapping[dt.date, str], first: dt.date, last: dt.date) -> int:
    """Return the same of a calendar that was read already."""
    span = (first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working(day, calendar) for day in span)


def add_working_days(agency: Agency | int, day: dt.date, count: int) -> dt.date:
    """Return the `count`-th worked day after `day`: a limit of 5 working days ends with it."""
    last = day + dt.timedelta(days=count * 2 + 30)
    return worked_day_after(calendar_of(agency, day, last), day, count)


def worked_day_after(calendar: Mapping[dt.date, str], day: dt.date, count: int) -> dt.date:
    """Return the same of a calendar that was read already."""
    left = count
    while left:
        day += dt.timedelta(days=1)
        left -= is_working(day, calendar)
    return day


def worked_day_before(agency: Agency | int, day: dt.date) -> dt.date:
    """Return `day` if it is worked, else the last worked day before it."""
    calendar = calendar_of(agency, day - dt.timedelta(days=30), day)
    while not is_working(day, calendar):
        day -= dt.timedelta(days=1)
    return day


def calendar_for(user: Any, day: dt.date) -> dict[dt.date, str]:
    """Return the calendar around `day` for all that one page counts; read once for each user."""
    kept: dict[dt.date, dict[dt.date, str]] = user.__dict__.setdefault("_calendars", {})
    if day not in kept:
        known = user.agency_id is not None
        kept[day] = calendar_of(user.agency_id, day - _BACK, day + _AHEAD) if known else {}
    return kept[day]


@dataclasses.dataclass(frozen=True, slots=True)
class Limit:
    """Thời hạn giải quyết: so many worked days, or days of the calendar, after a day."""

    days: int
    unit: str = "working"

    def ends_on(self, day: dt.date, calendar: Mapping[dt.date, str]) -> dt.date:
        """Return the last day of a limit that begins with `day`."""
        if self.unit == "calendar":
            return day + dt.timedelta(days=self.days)
        return worked_day_after(calendar, day, self.days)


def return_limit(agency: Agency | int, day: dt.date) -> Limit:
    """Return within what time the office sends back a dossier that is not complete."""
    held = provision_on(agency, ProvisionKind.TIME_LIMIT, "return", day)
    return Limit(**held.terms) if held else Limit(DEFAULT_RETURN_DAYS)


def recorded_return_limit(received_law: Mapping[str, Any]) -> Limit | None:
    """Return the same limit as it was recorded at the receipt of a dossier, if it was."""
    for row in received_law.get("limits", ()):
        if row["key"] == "return":
            return Limit(row["days"], row["unit"])
    return None
