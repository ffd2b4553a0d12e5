"""The letter to the superior: its number, and what came back."""

import datetime as dt
from typing import Any

from django.db import transaction

from awards.actions.numbers import enter_register, take_number
from awards.models import Book, LetterLine, Nomination, SubmissionLetter, SuperiorOutcome
from awards.policy import OFFICE_DESK
from awards.rules.decision import (
    day_follows_approval,
    day_is_possible,
    papers_of_letter_are_made,
    prize,
)
from awards.rules.holds import none_is_on_hold
from awards.workflow import LETTER, NOMINATION
from thidua.core import audit
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused, must


@transaction.atomic
def number_letter(
    *, letter: SubmissionLetter, issued_on: dt.date, actor: Any, at: dt.datetime
) -> SubmissionLetter:
    """Give the signed-off letter its number and date, and put its nominations forward."""
    letter = (
        SubmissionLetter.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign__agency")
        .get(pk=letter.pk)
    )
    nominations = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(letter_line__letter=letter)
        .order_by("pk")
    )
    must(none_is_on_hold(nominations))
    number = None
    if not LETTER.refusal(letter, "number", actor, at):
        number = take_number(
            letter.campaign.agency,
            Book.LETTER,
            issued_on.year,
            purpose=f"Tờ trình đề nghị {letter.award_form.name}",
            actor=actor,
            at=at,
        )
        # The book is locked by now: nobody else puts a number between this date and the last.
        previous = (
            SubmissionLetter.objects.filter(
                campaign__agency=letter.campaign.agency, issued_on__year=issued_on.year
            )
            .order_by("-number")
            .first()
        )
        must(day_is_possible(issued_on, at, not_before=previous.issued_on if previous else None))
        must(day_follows_approval(issued_on, [letter.approved_at]))
    LETTER.fire(
        letter,
        "number",
        actor=actor,
        at=at,
        within="number_letter",
        number=number,
        issued_on=issued_on,
    )
    for nomination in nominations:
        NOMINATION.fire(
            nomination, "forward", actor=actor, at=at, note=str(letter), within="number_letter"
        )
    return letter


@transaction.atomic
def record_outcome(
    *,
    line: LetterLine,
    is_granted: bool,
    decision_number: str = "",
    decided_on: dt.date | None = None,
    reason: str = "",
    actor: Any,
    at: dt.datetime,
) -> SuperiorOutcome:
    """Record what the superior decided on one nomination; an award enters the register."""
    letter = (
        SubmissionLetter.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign__agency", "award_form")
        .get(pk=line.letter_id)
    )
    nomination = (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign__agency", "award_form", "person", "recipient_unit")
        .get(pk=line.nomination_id)
    )
    must(OFFICE_DESK.refuses(actor, letter))
    if SuperiorOutcome.objects.filter(line=line).exists():
        raise Conflict("Kết quả của trường hợp này đã được ghi. Hãy tải lại trang.")
    must(papers_of_letter_are_made(letter, at))
    act = "grant" if is_granted else "deny"
    must(NOMINATION.refusal(nomination, act, actor, at))
    if is_granted:
        if not decision_number.strip() or decided_on is None:
            raise Refused("Hãy ghi số và ngày quyết định của cấp trên.")
        must(day_is_possible(decided_on, at, not_before=letter.issued_on))
    elif not reason.strip():
        raise Refused("Hãy ghi lý do không được tặng.")
    outcome = SuperiorOutcome.objects.create(
        line=line,
        is_granted=is_granted,
        decision_number=compose(decision_number) if is_granted else "",
        decided_on=decided_on if is_granted else None,
        reason="" if is_granted else compose(reason),
        recorded_by=actor,
        recorded_at=at,
    )
    if is_granted and decided_on:
        enter_register(
            nomination,
            decision_number=outcome.decision_number,
            decided_on=decided_on,
            decided_by=letter.campaign.agency.superior_title,
            golden_number=None,
            money=prize(
                letter.campaign.agency,
                letter.award_form.award_type,
                nomination.subject_kind,
                decided_on,
            ),
            actor=actor,
            at=at,
        )
    audit.record(
        "outcome", letter, actor=actor, label="Ghi kết quả của cấp trên", note=str(outcome)
    )
    NOMINATION.fire(
        nomination,
        act,
        actor=actor,
        at=at,
        note=outcome.reason or f"Quyết định số {outcome.decision_number}",
        within="record_outcome",
    )
    if not letter.lines.filter(outcome__isnull=True).exists():
        LETTER.fire(letter, "answer", actor=actor, at=at, within="record_outcome")
    return outcome
