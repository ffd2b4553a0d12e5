"""The main job through Django's test client: no JavaScript, CSRF checked, real papers."""

import subprocess

import pytest
from django.core.management import call_command

from awards.models import Nomination, NominationState, RegisterEntry
from staff.queries import SAMPLE_PASSWORD
from tests.stories import main_job as story
from tests.stories.reader import ClientDoor, Reader
from thidua.core import audit, jobs
from thidua.core.models import AuditEntry, Job, JobState


def text_of(pdf, tmp_path):
    path = tmp_path / "read.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return " ".join(done.stdout.split())


def finish_work(reader):
    """Do what lies in the queue, as the worker would."""
    for job in Job.objects.filter(state=JobState.WAITING).order_by("pk"):
        jobs.run(job.pk)


@pytest.mark.django_db
def test_the_main_job_without_javascript(tmp_path):
    call_command("seed_demo", verbosity=0)

    certificate, sets = story.main_job(Reader(ClientDoor()), SAMPLE_PASSWORD, finish_work)

    words = text_of(certificate, tmp_path)
    for phrase in (
        "GIẤY KHEN",
        story.FIRST,
        story.PRINTED,
        "Số quyết định: 03/QĐ-TTr",
        "Số sổ vàng: ",
    ):
        assert phrase in words
    for content in sets:
        words = text_of(content, tmp_path)
        for phrase in ("TỜ TRÌNH", "BIÊN BẢN", "BÁO CÁO THÀNH TÍCH", story.UNIT):
            assert phrase in words
    mine = Nomination.objects.filter(proposal__unit__name=story.UNIT)
    assert sorted(mine.values_list("recipient_name", "state")) == sorted(
        [
            (story.UNIT, NominationState.AWARDED),
            (story.UNIT, NominationState.AWARDED),
            (story.FIRST, NominationState.AWARDED),
            (story.SECOND, NominationState.REFUSED),
        ]
    )
    assert sorted(
        RegisterEntry.objects.filter(nomination__in=mine).values_list("recipient_name", "amount")
    ) == sorted([(story.UNIT, 1_410_000), (story.FIRST, 710_000), (story.UNIT, 7_020_000)])
    life = AuditEntry.objects.filter(
        subject_type="awards.nomination", subject_id=str(mine.get(recipient_name=story.FIRST).pk)
    ).order_by("sequence")
    moves = [(e.changes["state"], e.actor_name, e.note) for e in life if "state" in e.changes]
    assert [move[0][1] for move in moves] == [
        "submitted", "returned", "submitted", "accepted", "approved", "decided", "awarded",
    ]  # fmt: skip
    assert moves[1][2] == f"{story.RETURN_AT}: {story.RETURN_REASON}"
    assert audit.first_broken() is None
