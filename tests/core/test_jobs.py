"""Background work: queued with the change, harmless when tried twice, failures shown."""

import pytest
from django.db import transaction
from django_q.models import OrmQ

from thidua.core import jobs
from thidua.core.models import Job, JobState
from thidua.core.permissions import Role

done: list[int] = []


def mark(job):
    """Do a job that counts how often it is done."""
    done.append(job.pk)
    jobs.advance(job, 2)


def stumble(job):
    """Do half a job, then fail the first time."""
    jobs.advance(job, 1)
    if job.pk not in done:
        done.append(job.pk)
        raise OSError("đĩa đầy")


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


@pytest.fixture
def actor(cast):
    return cast[Role.REGISTRAR]


def enqueue(actor, function="mark"):
    return jobs.enqueue(
        f"{__name__}.{function}", actor.person, label="Tạo giấy khen", actor=actor, total=3
    )


@pytest.mark.django_db
def test_a_job_waits_in_the_queue_with_its_row(actor):
    job = enqueue(actor)

    assert (job.state, job.total_count, job.done_count) == (JobState.WAITING, 3, 0)
    assert job.requested_by == actor
    assert OrmQ.objects.count() == 1
    assert OrmQ.objects.get().task["args"] == (job.pk,)
    assert done == []


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_queues_nothing(actor):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(actor)
        raise ZeroDivisionError

    assert not Job.objects.exists()
    assert not OrmQ.objects.exists()


@pytest.mark.django_db
def test_a_job_done_twice_is_done_once(actor):
    job = enqueue(actor)

    jobs.run(job.pk)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert done == [job.pk]
    assert (job.state, job.done_count, job.error) == (JobState.DONE, 3, "")
    assert job.finished_at is not None
    assert job.is_over


@pytest.mark.django_db
def test_a_failure_is_recorded_and_shown(actor):
    job = enqueue(actor, "stumble")

    with pytest.raises(OSError, match="đĩa đầy"):
        jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done_count) == (JobState.FAILED, 1)
    assert job.error == "Không làm được. Hãy bấm «Làm lại»; nếu vẫn lỗi, báo quản trị hệ thống."
    assert job.finished_at is not None
    assert "đĩa" not in job.error


@pytest.mark.django_db
def test_a_failed_job_can_be_tried_again_and_finishes(actor):
    job = enqueue(actor, "stumble")
    with pytest.raises(OSError, match="đĩa đầy"):
        jobs.run(job.pk)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done_count, job.error) == (JobState.DONE, 3, "")


def look(job):
    """Remember what a person sees while the job runs."""
    seen = Job.objects.get(pk=job.pk)
    done.append((seen.state, seen.error, seen.finished_at, seen.is_over))


@pytest.mark.django_db
def test_while_it_is_tried_again_it_no_longer_looks_failed(actor):
    job = enqueue(actor, "look")
    Job.objects.filter(pk=job.pk).update(
        state=JobState.FAILED, error="x", finished_at=job.requested_at
    )

    jobs.run(job.pk)

    assert done == [(JobState.RUNNING, "", None, False)]


@pytest.mark.django_db
def test_progress_never_passes_the_total(actor):
    job = enqueue(actor)

    jobs.advance(job, 99)

    job.refresh_from_db()
    assert job.done_count == 3


@pytest.mark.django_db
def test_the_newest_job_of_a_record_is_found(actor, cast):
    enqueue(actor)
    newest = enqueue(actor)
    enqueue(cast[Role.APPRAISER])

    assert jobs.latest_for(actor.person) == newest
    assert jobs.latest_for(cast[Role.SIGNATORY].person) is None
