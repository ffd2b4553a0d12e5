"""What people do with dossiers: send a letter with its sets, have a dossier bound."""

import datetime as dt
from typing import Any

from django.db import transaction

from awards.actions import letters
from awards.models import LetterState, Nomination, Proposal, SubmissionLetter
from awards.policy import REGISTRAR
from campaigns.models import AwardForm
from dossiers.policy import QUARTER_BINDER, UNIT_BINDER
from dossiers.queries import Subject, binding_of, counts_of
from dossiers.rules import why_not_bound
from thidua.core import jobs
from thidua.core.models import Job, JobState
from thidua.core.workflow import Refused, must

ASSEMBLE, BIND = "dossiers.jobs.assemble_letter", "dossiers.jobs.bind"


@transaction.atomic
def send_letter(
    *, letter: SubmissionLetter, issued_on: dt.date, actor: Any, at: dt.datetime
) -> SubmissionLetter:
    """Number the letter and queue the making of its paper and its sets."""
    sent = letters.number_letter(letter=letter, issued_on=issued_on, actor=actor, at=at)
    _assemble(sent, actor)
    return sent


@transaction.atomic
def assemble_again(*, letter: SubmissionLetter, actor: Any) -> Job:
    """Queue what is still unfinished of a sent letter, after a failure."""
    locked = SubmissionLetter.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
    must(REGISTRAR.refuses(actor, locked))
    if locked.state not in {LetterState.NUMBERED, LetterState.ANSWERED}:
        raise Refused("Tờ trình chưa có số nên chưa đóng được hồ sơ.")
    if locked.file_id:
        raise Refused("Tờ trình và các bộ hồ sơ đã được tạo; bản đã tạo không thay đổi nữa.")
    latest = jobs.latest_for(locked)
    if latest and latest.state in {JobState.WAITING, JobState.RUNNING}:
        raise Refused("Các bộ hồ sơ đang được đóng. Hãy đợi xong.")
    return _assemble(locked, actor)


def _assemble(letter: SubmissionLetter, actor: Any) -> Job:
    count, sets = counts_of(letter)
    return jobs.enqueue(
        ASSEMBLE, letter, label=f"Đóng hồ sơ của {letter}", actor=actor, total=count + sets
    )


@transaction.atomic
def bind_dossier(*, subject: Nomination | Proposal | AwardForm, actor: Any) -> Job:
    """Queue the binding of a dossier: complete, or with what it lacks on its cover."""
    rows = type(subject)._default_manager.select_for_update(of=("self",), no_key=True)
    locked: Any = rows.get(pk=subject.pk)
    binder = QUARTER_BINDER if isinstance(locked, AwardForm) else UNIT_BINDER
    must(binder.refuses(actor, locked))
    must(why_not_bound(locked))
    count, sets = counts_of(locked)
    if not count:
        raise Refused("Chưa có đề nghị nào để đóng vào hồ sơ này.")
    latest = binding_of(locked, BIND)
    if latest and not latest.is_over:
        raise Refused("Hồ sơ này đang được đóng. Hãy đợi xong.")
    return jobs.enqueue(BIND, locked, label=_label(locked), actor=actor, total=count + sets)


def _label(subject: Subject) -> str:
    window = f", {subject.campaign.window_text}" if isinstance(subject, AwardForm) else ""
    return f"Đóng hồ sơ: {subject}{window}"[:200]
