"""What the registrar does with a letter: sends it with its sets."""

import datetime as dt
from typing import Any

from django.db import transaction

from awards.actions import letters
from awards.models import LetterState, SubmissionLetter
from awards.policy import REGISTRAR
from thidua.core import jobs
from thidua.core.models import Job, JobState
from thidua.core.workflow import Refused, must


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
    return jobs.enqueue(
        "dossiers.jobs.assemble_letter",
        letter,
        label=f"Đóng hồ sơ của {letter}",
        actor=actor,
        total=letter.award_form.set_count + 1,
    )
