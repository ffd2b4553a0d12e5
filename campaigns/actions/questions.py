"""Hỏi đáp: anybody of the agency asks about a campaign, the office answers."""

import datetime as dt
from typing import Any

from django.db import transaction

from campaigns.models import Campaign, CampaignState, Question
from campaigns.queries.talk import asking_unit_id
from thidua.core import audit
from thidua.core.permissions import OFFICE
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused, Who, must

_OFFICE = Who(OFFICE)
LONGEST_QUESTION = 2000
LONGEST_ANSWER = 5000


@transaction.atomic
def ask_question(*, campaign: Campaign, text: str, actor: Any, at: dt.datetime) -> Question:
    """Ask the office; the same words still waiting for an answer are one question."""
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    if campaign.state != CampaignState.OPEN:
        raise Refused("Đợt thi đua đã kết thúc nên không nhận câu hỏi nữa.")
    text = compose(text)
    if not text:
        raise Refused("Hãy viết câu hỏi.")
    waiting = Question.objects.filter(campaign=campaign, asked_by=actor, text=text, answer="")
    if existing := waiting.first():
        return existing
    question = Question.objects.create(
        campaign=campaign, unit_id=asking_unit_id(actor), text=text, asked_by=actor, asked_at=at
    )
    audit.record("ask", question, actor=actor, label="Hỏi Văn phòng")
    return question


@transaction.atomic
def answer_question(
    *,
    question: Question,
    answer: str,
    is_public: bool,
    version: int,
    actor: Any,
    at: dt.datetime,
) -> Question:
    """Answer, or mend an answer, if the question is still the `version` that was in sight.

    Raises Conflict when somebody answered in between: the writer then reads both texts.
    """
    must(_OFFICE.refuses(actor, question))
    question = (
        Question.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign")
        .get(pk=question.pk)
    )
    if question.campaign.state == CampaignState.ARCHIVED:
        raise Refused("Đợt thi đua đã lưu trữ nên câu trả lời không sửa được nữa.")
    answer = compose(answer)
    if not answer:
        raise Refused("Hãy viết câu trả lời.")
    if (question.answer, question.is_public) == (answer, is_public):
        return question
    if question.version != version:
        raise Conflict(
            "Người khác vừa trả lời câu hỏi này. Hãy so với câu trả lời đang có rồi lưu lại."
        )
    changes: dict[str, list[Any]] = {
        "answer": [question.answer, answer],
        "is_public": [question.is_public, is_public],
    }
    is_first = not question.answer
    question.answer, question.is_public = answer, is_public
    question.answered_by, question.answered_at = actor, at
    question.version += 1
    question.save(update_fields=["answer", "is_public", "answered_by", "answered_at", "version"])
    audit.record(
        "answer",
        question,
        actor=actor,
        label="Trả lời câu hỏi" if is_first else "Sửa câu trả lời",
        changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]},
    )
    return question
