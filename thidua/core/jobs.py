"""Background work: put in the queue with the change that asks for it, seen while it runs.

A task takes ids only, may be tried twice, and is then harmless: it finishes what is unfinished.
"""

import logging
from typing import Any

from django.db import models, transaction
from django.utils.module_loading import import_string
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
