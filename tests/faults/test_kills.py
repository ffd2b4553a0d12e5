"""A real worker is killed again and again: at the end every paper stands once, and whole.

`make faults` kills twenty times; the suite twice.
"""

import contextlib
import hashlib
import os
import random
import sys
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django_q.models import OrmQ

from awards.models import Decision
from dossiers import actions as dossier_acts
from tests import factories as make
from tests.conftest import make_person
from tests.site import kill
from thidua.core import clock, files, jobs
from thidua.core.models import AuditEntry, Job, JobState, StoredFile
from thidua.core.permissions import Role
from thidua.supervisor import Service

KILLS = int(os.environ.get("KILLS") or 2)
PEOPLE = 30 if KILLS > 2 else 5
READY_SECONDS, DONE_SECONDS = 60, 240


@pytest.fixture
def at_work(transactional_db, cast, council, campaign, unit, letter_form, merit_form):
    """Queue a decision over thirty people, a print run, the sets of a letter, a unit's dossier."""
    registrar, reviewer = cast[Role.REGISTRAR], cast[Role.APPRAISER]
    people = [make_person(unit, f"Nông Thị Mẫu {n}") for n in range(1, PEOPLE + 1)]
    subjects = [(unit, merit_form), *((person, letter_form) for person in people)]
    collective, *persons = make.sent(unit, cast[Role.UNIT_HEAD], campaign, *subjects)
    for nomination in (collective, *persons):
        make.accepted(nomination, reviewer)
    first, *others = persons
    make.approved(make.fresh(first), cast[Role.SIGNATORY])
    early = make.issued(letter_form, registrar)
    jobs.run(jobs.latest_for(early).pk)  # a run prints certificates that stand already
    run = make.print_run(early, registrar)
    for nomination in others:
        make.approved(make.fresh(nomination), cast[Role.SIGNATORY])
    decision = make.issued(letter_form, registrar)
    letter = make.endorsed(council, merit_form, cast[Role.COUNCIL_SECRETARY])
    make.approved_letter(letter, cast[Role.SIGNATORY])
    sent = dossier_acts.send_letter(
        letter=make.fresh(letter), issued_on=clock.today(), actor=registrar, at=clock.now()
    )
    dossier_acts.bind_dossier(subject=collective.proposal, actor=cast[Role.UNIT_HEAD])
    return decision, run, sent, collective.proposal


@pytest.fixture
def worker(surroundings):
    """Return a worker as the launcher starts it, on the rows and files of this test."""
    service = Service("worker-that-is-killed", [sys.executable, "manage.py", "work"])
    yield service
    kill(service)


def wait_until(condition, seconds, worker):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"{list(Job.objects.values())}\n{worker.log.read_text()[-3000:]}")
        time.sleep(0.02)


def progress():
    """Return how far all work has come, and what has begun."""
    return list(Job.objects.order_by("pk").values_list("state", "done_count"))


def all_over():
    return not OrmQ.objects.exists() and all(job.is_over for job in Job.objects.all())


def test_work_that_is_killed_again_and_again_ends_with_each_paper_once(at_work, worker):
    decision, run, letter, proposal = at_work
    moments = random.Random(KILLS)
    in_midst = 0
    for _ in range(KILLS):
        before = progress()
        worker.start()
        wait_until(lambda b=before: progress() != b or all_over(), READY_SECONDS, worker)
        time.sleep(moments.uniform(0, 0.7))
        in_midst += not all_over()
        kill(worker)
    worker.start()
    wait_until(all_over, DONE_SECONDS, worker)
    print(f"\n{KILLS} lần dừng đột ngột, {in_midst} lần giữa chừng việc đang làm.")

    assert in_midst >= min(KILLS, 2)
    assert {job.state for job in Job.objects.all()} == {JobState.DONE}
    assert all(job.done_count == job.total_count for job in Job.objects.all())
    every_paper_stands_once(decision, run, letter, proposal)
    every_row_has_its_bytes()


def every_paper_stands_once(decision, run, letter, proposal):
    decision = Decision.objects.get(pk=decision.pk)
    own = [decision.file, decision.certificates_file]
    own += [line.certificate_file for line in decision.lines.select_related("certificate_file")]
    assert len(own) == PEOPLE - 1 + 2
    assert len({stored.pk for stored in own}) == len({stored.sha256 for stored in own}) == len(own)
    assert make.fresh(letter).file is not None
    assert make.fresh(run).file is not None
    for subject in (letter, proposal):
        made = list(subject.dossiers.all())
        sets = made[0].set_count
        assert sorted(dossier.set_number for dossier in made) == list(range(1, sets + 1))
        assert all(dossier.file and dossier.archive for dossier in made)
    for action, subject in (("print", decision), ("assemble", letter), ("assemble", proposal)):
        said = AuditEntry.objects.filter(
            action__endswith=f".{action}",
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
        )
        assert said.count() == 1


def every_row_has_its_bytes():
    for stored in StoredFile.objects.all():
        content = Path(default_storage.path(stored.path)).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (stored.size, stored.sha256)
    names = StoredFile.objects.values_list("name", flat=True)
    papers = [
        name for name in names if name.startswith(("quyet-dinh", "giay-khen", "in-giay-khen"))
    ]
    assert len(papers) == len(set(papers)) == PEOPLE + 2 + 2 + 1


# --- What a killed writer leaves ---------------------------------------------------------------


@pytest.mark.django_db
def test_a_file_cut_short_does_not_count(monkeypatch):
    content = b"%PDF- mot to quyet dinh" * 1000
    place = f"{hashlib.sha256(content).hexdigest()[:2]}/{hashlib.sha256(content).hexdigest()}"

    def power_cut(*places):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr("thidua.core.storage.Path.replace", power_cut)
        default_storage.save(place, ContentFile(content))
    assert not default_storage.exists(place)
    target = Path(default_storage.path(place))
    target.write_bytes(content[:500])  # as an older writer left it

    stored = files.keep(content, name="a.pdf", media_type=files.PDF, actor=None)

    assert files.read(stored) == content
    assert [path.name for path in target.parent.iterdir()] == [target.name]


@pytest.mark.django_db
def test_what_a_killed_worker_held_is_taken_back(cast):
    actor = cast[Role.REGISTRAR]
    jobs.enqueue("x.y", actor.person, label="Thử", actor=actor, total=1)
    OrmQ.objects.update(lock=clock.real_now() + clock.dt.timedelta(minutes=11))

    jobs.take_back()

    assert OrmQ.objects.get().lock <= clock.real_now()
