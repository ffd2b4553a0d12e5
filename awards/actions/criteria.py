"""Where a report shows the criteria of the plan: said by its unit, before it is sent."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from awards.actions.editing import editable_nomination
from awards.models import CriterionAnswer, Nomination
from awards.queries.returns import open_parts
from awards.rules.returns import everything_is_open
from campaigns.models import Criterion, ReportHeading
from thidua.core import audit
from thidua.core.workflow import must


@transaction.atomic
def answer_criteria(
    *,
    nomination: Nomination,
    answers: Mapping[Criterion, ReportHeading | None],
    actor: Any,
    at: dt.datetime,
) -> bool:
    """Keep under which heading each criterion is shown; returns whether anything changed."""
    locked = editable_nomination(nomination, actor, at)
    must(everything_is_open(open_parts(locked)))
    kept = {answer.criterion_id: answer for answer in locked.criterion_answers.all()}
    changed = []
    for criterion, heading in answers.items():
        answer = kept.get(criterion.pk) or CriterionAnswer(nomination=locked, criterion=criterion)
        if answer.pk and answer.heading_id == (heading.pk if heading else None):
            continue
        answer.heading = heading
        answer.answered_by, answer.answered_at = actor, at
        answer.save()
        changed.append(f"mục {criterion.clause}: {heading or 'chưa rõ'}")
    if changed:
        audit.record(
            "criteria",
            locked,
            actor=actor,
            label="Nêu nơi báo cáo thể hiện tiêu chuẩn",
            note="; ".join(changed),
        )
    return bool(changed)
