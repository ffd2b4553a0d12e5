"""The clock: half-open days in Viet Nam, a rehearsal's fixed date, and time that stays real."""

import datetime as dt
import os
import time

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from thidua.core import audit, clock
from thidua.core.models import AuditEntry

ZONES = ["UTC", "America/New_York", "Asia/Ho_Chi_Minh"]
DUE = dt.date(2025, 12, 31)
LAST = dt.datetime(2025, 12, 31, 23, 59, 59, 999_000, tzinfo=clock.VIET_NAM)
NEXT = dt.datetime(2026, 1, 1, tzinfo=clock.VIET_NAM)


@pytest.fixture(params=ZONES)
def server_zone(request, monkeypatch):
    """Let the process live in another time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def thawed(stage):
    """Let business time run: the suite freezes it everywhere else."""
    token = clock._frozen.set(None)
    yield
    clock._frozen.reset(token)


def test_the_end_of_a_day_is_the_first_instant_of_the_next(server_zone):
    assert clock.end_of(DUE) == NEXT
    assert clock.end_of(DUE).astimezone(dt.UTC) == dt.datetime(2025, 12, 31, 17, tzinfo=dt.UTC)
    assert clock.end_of(DUE) > LAST
    assert not clock.end_of(DUE) > NEXT


def test_a_day_begins_at_midnight_in_viet_nam(server_zone):
    assert clock.start_of(DUE).astimezone(dt.UTC) == dt.datetime(2025, 12, 30, 17, tzinfo=dt.UTC)


def test_days_touch_without_gap_or_overlap(server_zone):
    assert clock.end_of(DUE) == clock.start_of(DUE + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (dt.datetime(2025, 12, 31, 16, 59, 59, 999_999, tzinfo=dt.UTC), dt.date(2025, 12, 31)),
        (dt.datetime(2025, 12, 31, 17, 0, tzinfo=dt.UTC), dt.date(2026, 1, 1)),
        (LAST, dt.date(2025, 12, 31)),
        (NEXT, dt.date(2026, 1, 1)),
    ],
)
def test_an_instant_falls_on_the_day_of_viet_nam(server_zone, at, day):
    assert clock.local_day(at) == day


def test_today_is_the_day_of_viet_nam_whatever_the_server(server_zone):
    with clock.frozen(dt.datetime(2025, 12, 31, 17, 30, tzinfo=dt.UTC)):
        assert clock.today() == dt.date(2026, 1, 1)


def test_frozen_moments_nest_and_are_given_back(noon):
    with clock.frozen(LAST):
        with clock.frozen(NEXT):
            assert clock.now() == NEXT
        assert clock.now() == LAST
    assert clock.now() == noon


def test_without_a_rehearsal_business_time_is_real_time(thawed, settings):
    settings.TODAY = None

    before, at, after = clock.real_now(), clock.now(), clock.real_now()

    assert before <= at <= after


def test_a_rehearsal_fixes_the_date_and_lets_the_hour_go_on(thawed, settings, server_zone):
    settings.TODAY = dt.date(2025, 11, 20)

    before, at, after = clock.real_now(), clock.now(), clock.real_now()

    assert clock.today() == dt.date(2025, 11, 20)
    hours = [moment.astimezone(clock.VIET_NAM).time() for moment in (before, at, after)]
    assert hours == sorted(hours) or hours[0] > hours[2]  # midnight may pass in between
    assert at.utcoffset() == dt.timedelta(hours=7)


@pytest.mark.django_db
def test_in_a_rehearsal_the_log_keeps_the_real_instant_beside_the_business_date(thawed, settings):
    settings.TODAY = dt.date(2025, 11, 20)
    actor = get_user_model().objects.create_user("dien-tap")

    before = clock.real_now()
    with transaction.atomic():
        audit.record("try", actor, actor=actor)
    after = clock.real_now()

    entry = AuditEntry.objects.get()
    assert before <= entry.at <= after
    assert entry.business_on == dt.date(2025, 11, 20)


def test_the_zone_of_the_process_is_restored_for_the_next_test():
    assert os.environ.get("TZ") in {None, "Asia/Ho_Chi_Minh"}
