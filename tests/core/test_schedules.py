"""The daily jobs: in the queue's table once, at the hour that settings say."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connections
from django.utils.module_loading import import_string
from django_q.models import Schedule

from thidua.core import clock
from thidua.core.jobs import keep_schedules

NAME = "Nhắc việc hằng ngày"
MORNING = dt.time(7, 30)


def next_run():
    return Schedule.objects.get(name=NAME).next_run.astimezone(clock.VIET_NAM)


def at(hour, minute=0):
    return dt.datetime(2026, 3, 2, hour, minute, tzinfo=clock.VIET_NAM)


@pytest.mark.django_db
def test_two_starts_leave_one_schedule_that_names_a_function(settings):
    keep_schedules()
    keep_schedules()
    schedule = Schedule.objects.get(name=NAME)
    assert Schedule.objects.count() == 1 + len(settings.FREQUENT_JOBS)
    assert (schedule.name, schedule.schedule_type, schedule.repeats) == (NAME, Schedule.DAILY, -1)
    for schedule in Schedule.objects.all():
        assert callable(import_string(schedule.func))


@pytest.mark.django_db
def test_a_frequent_job_runs_at_once_and_then_every_few_minutes():
    with time_machine.travel(at(6), tick=False):
        keep_schedules()
    [frequent] = Schedule.objects.exclude(name=NAME)
    assert (frequent.schedule_type, frequent.minutes, frequent.repeats) == ("I", 3, -1)
    assert frequent.next_run == at(6)
    with time_machine.travel(at(9), tick=False):
        keep_schedules()
    assert Schedule.objects.exclude(name=NAME).get().next_run == at(6)


@pytest.mark.django_db
@pytest.mark.parametrize(("now", "day"), [(at(6), 2), (at(7, 30), 3), (at(22), 3)])
def test_production_waits_for_the_next_morning(settings, now, day):
    settings.REHEARSAL = False
    with time_machine.travel(now, tick=False):
        keep_schedules()
    assert next_run() == dt.datetime(2026, 3, day, 7, 30, tzinfo=clock.VIET_NAM)


@pytest.mark.django_db
def test_a_rehearsal_is_reminded_at_once(settings):
    with time_machine.travel(at(9), tick=False):
        keep_schedules()
        assert next_run() == at(7, 30)


@pytest.mark.django_db
def test_another_hour_counts_from_the_next_start_and_the_same_hour_moves_nothing(settings):
    settings.REHEARSAL = False
    with time_machine.travel(at(6), tick=False):
        keep_schedules()
    with time_machine.travel(at(9), tick=False):
        keep_schedules()  # the worker was away: its run of this morning stays due
        assert next_run() == at(7, 30)
        settings.DAILY_JOBS = {NAME: ("awards.jobs.remind", dt.time(16, 0))}
        keep_schedules()
        assert next_run() == at(16)


@pytest.mark.django_db
def test_doubles_of_an_older_day_are_taken_out(settings):
    for _ in range(3):
        Schedule.objects.create(name=NAME, func="x.y", schedule_type=Schedule.HOURLY)
    keep_schedules()
    assert Schedule.objects.get(name=NAME).func == "awards.jobs.remind"


@pytest.mark.django_db(transaction=True)
def test_two_that_start_at_once_leave_one():
    def start():
        try:
            keep_schedules()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Schedule.objects.filter(name=NAME).count() == 1
    assert Schedule.objects.count() == 2
