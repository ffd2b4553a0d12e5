"""The one clock: business time in Viet Nam, and real time for the audit log.

In a rehearsal (diễn tập) the business *date* stands still at `settings.TODAY` while the hour goes
on; a production configuration refuses that setting. Everything inward receives `at`.
"""

import contextlib
import contextvars
import datetime as dt
import zoneinfo
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

VIET_NAM = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
# Farther days are slips of the keyboard, and the last ones have no day after them.
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2100, 12, 31)

_frozen: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar("frozen", default=None)


def real_now() -> dt.datetime:
    """Return real time, whatever the rehearsal says: for the audit log alone."""
    return timezone.now()  # noqa: TID251 -- this is the clock


def now() -> dt.datetime:
    """Return business time: the frozen moment, else the rehearsal's day, else real time."""
    if frozen_at := _frozen.get():
        return frozen_at
    if settings.TODAY:
        return dt.datetime.combine(settings.TODAY, real_now().astimezone(VIET_NAM).timetz())
    return real_now()


def local_day(at: dt.datetime) -> dt.date:
    """Return the calendar day in Viet Nam on which `at` falls."""
    return at.astimezone(VIET_NAM).date()


def today() -> dt.date:
    """Return the business date in Viet Nam."""
    return local_day(now())


def start_of(day: dt.date) -> dt.datetime:
    """Return the first instant of `day` in Viet Nam."""
    return dt.datetime.combine(day, dt.time.min, VIET_NAM)


def end_of(day: dt.date) -> dt.datetime:
    """Return the instant *after* the last of `day`: a due date includes its whole day.

    Compare half-open: in time is `at < end_of(due_on)`.
    """
    return start_of(day + dt.timedelta(days=1))


@contextlib.contextmanager
def frozen(at: dt.datetime) -> Iterator[dt.datetime]:
    """Hold business time at `at`, for tests and for the making of sample rows."""
    token = _frozen.set(at)
    try:
        yield at
    finally:
        _frozen.reset(token)
