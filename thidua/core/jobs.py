"""Background work: put in the queue with the change that asks for it, seen while it runs.

A task takes ids only, may be tried twice, and is then harmless: it finishes what is unfinished.
"""

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.module_loading import import_string
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from thidua.core import clock
from thidua.core.models import Job, JobState
from thidua.core.pdf import PaperError
from thidua.core.workflow import Refused

logger = logging.getLogger(__name__)


def enqueue(function: str, subject: models.Model, *, label: str, actor: Any, total: int) -> Job:
    """Queue `function(job)` for `subject` in the present transaction and return its row."""
    with transaction.atomic():
        job = Job.objects.create(
            label=label,
            function=function,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            total_count=total,
            requested_by=actor,
        )
        async_task("thidua.core.jobs.run", job.pk)
    return job


def later(function: str, *ids: int) -> None:
    """Queue `function(*ids)` in the present transaction; nobody watches it."""
    async_task(function, *ids)


def keep_schedules() -> None:
    """Bring the jobs that settings name into the queue's own table, each exactly once.

    A rehearsal begins with the hour that has just passed, so that its first day has them, too.
    """
    now = clock.real_now().astimezone(clock.VIET_NAM)
    with transaction.atomic(), connection.cursor() as cursor:
        # The table knows no uniqueness: two that start at once do it one after the other.
        cursor.execute(f"LOCK TABLE {Schedule._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        for name, (function, hour) in settings.DAILY_JOBS.items():
            first = dt.datetime.combine(now.date(), hour, clock.VIET_NAM)
            coming = first if first > now else first + dt.timedelta(days=1)
            found = list(Schedule.objects.filter(name=name).order_by("pk"))
            if not found:
                begin = coming - dt.timedelta(days=1) if settings.REHEARSAL else coming
                Schedule.objects.create(
                    name=name,
                    func=function,
                    schedule_type=Schedule.DAILY,
                    next_run=begin,
                )
                continue
            kept, *doubles = found
            Schedule.objects.filter(pk__in=[double.pk for double in doubles]).delete()
            kept.func, kept.schedule_type, kept.repeats = function, Schedule.DAILY, -1
            if kept.next_run is None or kept.next_run.astimezone(clock.VIET_NAM).time() != hour:
                kept.next_run = coming
            kept.save()
        for name, (function, minutes) in settings.FREQUENT_JOBS.items():
            _keep_frequent(name, function, minutes, now)


def _keep_frequent(name: str, function: str, minutes: int, now: dt.datetime) -> None:
    found = list(Schedule.objects.filter(name=name).order_by("pk"))
    Schedule.objects.filter(pk__in=[double.pk for double in found[1:]]).delete()
    kept = found[0] if found else Schedule(name=name, next_run=now)
    kept.func, kept.minutes, kept.repeats = function, minutes, -1
    kept.schedule_type = Schedule.MINUTES
    kept.save()


def take_back() -> None:
    """Put what a killed worker held back into the queue; called before a worker begins.

    The queue itself would wait eleven minutes for it. Should another worker be at it after all,
    two do the same, which every task bears.
    """
    now = clock.real_now()
    OrmQ.objects.filter(lock__gt=now).update(lock=now)


def run(job_id: int) -> None:
    """Do one job; called by the worker, perhaps more than once."""
    job = Job.objects.get(pk=job_id)
    if job.state == JobState.DONE:
        return
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, error="", finished_at=None)
    try:
        import_string(job.function)(job)
    except (Refused, PaperError) as refusal:
        Job.objects.filter(pk=job.pk).update(
            state=JobState.FAILED, error=str(refusal), finished_at=clock.real_now()
        )
        raise
    except Exception:
        logger.exception("job %s failed", job.pk)
        Job.objects.filter(pk=job.pk).update(
            state=JobState.FAILED,
            error="Không làm được. Hãy bấm «Làm lại»; nếu vẫn lỗi, báo quản trị hệ thống.",
            finished_at=clock.real_now(),
        )
        raise
    Job.objects.filter(pk=job.pk).update(
        state=JobState.DONE, done_count=models.F("total_count"), finished_at=clock.real_now()
    )


def advance(job: Job, done: int) -> None:
    """Say how far a job has come."""
    Job.objects.filter(pk=job.pk).update(done_count=min(done, job.total_count))


def latest_for(subject: models.Model) -> Job | None:
    """Return the newest job about `subject`."""
    return Job.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).first()
