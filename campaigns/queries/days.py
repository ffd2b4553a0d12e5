"""Working days (ngày làm việc): Monday to Friday, but for the rows of the calendar."""

import datetime as dt
from collections.abc import Mapping

from campaigns.models import CalendarDay, DayKind
from units.models import Agency

_SATURDAY = 5


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
    calendar = calendar_of(agency, first, last)
    span = (first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working(day, calendar) for day in span)


def add_working_days(agency: Agency | int, day: dt.date, count: int) -> dt.date:
    """Return the `count`-th worked day after `day`: a limit of 5 working days ends with it."""
    # A year holds some 250 worked days; Tết takes the longest run of days off, nine or so.
    last = day + dt.timedelta(days=count * 2 + 30)
    calendar = calendar_of(agency, day, last)
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
