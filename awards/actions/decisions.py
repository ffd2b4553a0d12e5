"""What the registrar does: numbers a decision, closes it with its signed file."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from awards.actions.numbers import enter_register, take_number
from awards.models import Book, Decision, DecisionLine, Nomination, NominationState
from awards.policy import REGISTRAR
from awards.queries.holds import held_among
from awards.queries.law import signing_law
from awards.rules.decision import day_follows_approval, day_is_possible, prize
from awards.rules.holds import none_is_on_hold
from awards.rules.lines import lines_are_confirmed
from awards.workflow import DECISION, NOMINATION
from campaigns.models import AwardForm
from thidua.core import audit, files, jobs
from thidua.core.models import StoredFile
from thidua.core.workflow import Conflict, must


@transaction.atomic
def issue_decision(
    *, award_form: AwardForm, issued_on: dt.date, actor: Any, at: dt.datetime
) -> Decision:
    """Give the next number to a decision over all that was approved for a form of award.

    Collectives come first, then people as Vietnamese lists are sorted; the place in the list is
    the số sổ vàng. Names stand as the units confirmed them. The law of the day is frozen with the
    number, so that the papers, which are made in the background, say the same whenever they are
    made.
    """
    must(REGISTRAR.refuses(actor, None))
    campaign = award_form.campaign
    agency = campaign.agency
    approved = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("settled_by__person", "proposal__unit")
        .filter(award_form=award_form, state=NominationState.APPROVED)
        .order_by("pk")
    )
    if not approved:
        raise Conflict("Không còn đề nghị đã phê duyệt nào chờ quyết định: có thể vừa được cấp số.")
    # What is on hold waits for a later decision; the others do not wait with it.
    held = held_among(approved)
    if len(held) == len(approved):
        must(none_is_on_hold(approved))
    approved = [nomination for nomination in approved if nomination.pk not in held]
    must(lines_are_confirmed(approved))
    number = take_number(
        agency,
        Book.DECISION,
        issued_on.year,
        purpose=f"Quyết định tặng {award_form.name}",
        actor=actor,
        at=at,
    )
    # The book is locked by now: nobody else puts a number between this date and the one before.
    previous = (
        Decision.objects.filter(campaign__agency=agency, issued_on__year=issued_on.year)
        .order_by("-number")
        .first()
    )
    must(day_is_possible(issued_on, at, not_before=previous.issued_on if previous else None))
    must(day_follows_approval(issued_on, (n.settled_at for n in approved)))
    signer = approved[0].settled_by
    law = signing_law(award_form, issued_on)
    decision = Decision.objects.create(
        campaign=campaign,
        award_form=award_form,
        number=number,
        symbol=law["symbol"],
        signing_law=law,
        issued_on=issued_on,
        signatory_title=agency.head_title,
        signatory_name=signer.display_name if signer else "",
        created_by=actor,
        created_at=at,
    )
    in_order = sorted(approved, key=lambda nomination: nomination.line_order)
    for ordinal, nomination in enumerate(in_order, start=1):
        DecisionLine.objects.create(
            decision=decision,
            nomination=nomination,
            ordinal=ordinal,
            subject_kind=nomination.subject_kind,
            recipient_name=nomination.line_name,
            recipient_title=nomination.line_title,
        )
    audit.record("create", decision, actor=actor, label="Cấp số quyết định")
    for nomination in approved:
        NOMINATION.fire(
            nomination,
            "issue",
            actor=actor,
            at=at,
            note=f"{decision}",
            within="issue_decision",
        )
    print_decision(decision=decision, actor=actor)
    return decision


def print_decision(*, decision: Decision, actor: Any) -> None:
    """Queue the making of the decision's papers."""
    jobs.enqueue(
        "awards.jobs.print_decision",
        decision,
        label=f"Tạo {decision} và giấy khen",
        actor=actor,
        total=decision.lines.count() + 1,
    )


@transaction.atomic
def close_decision(
    *,
    decision: Decision,
    upload: UploadedFile,
    signed_on: dt.date,
    actor: Any,
    at: dt.datetime,
) -> Decision:
    """Close a decision with its signed file or scan, and write its recipients in the register.

    The prize money follows the base salary of the day of signing.
    """
    decision = (
        Decision.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign__agency", "award_form")
        .get(pk=decision.pk)
    )
    lines = list(decision.lines.select_related("nomination").order_by("ordinal"))
    nominations = {
        n.pk: n
        for n in Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign__agency", "award_form", "person", "recipient_unit")
        .filter(decision_line__in=lines)
        .order_by("pk")
    }
    reason = DECISION.refusal(decision, "close", actor, at)
    if not reason:
        must(day_is_possible(signed_on, at))
        must(day_follows_approval(signed_on, (n.settled_at for n in nominations.values())))
        for line in lines:
            enter_register(
                nominations[line.nomination_id],
                decision_number=decision.number_text,
                decided_on=decision.issued_on,
                decided_by=decision.campaign.agency.head_title,
                golden_number=line.ordinal,
                money=prize(
                    decision.campaign.agency,
                    decision.award_form.award_type,
                    line.subject_kind,
                    signed_on,
                ),
                actor=actor,
                at=at,
            )
    signed_file = None if reason else _signed(upload, actor)
    DECISION.fire(
        decision,
        "close",
        actor=actor,
        at=at,
        within="close_decision",
        signed_file=signed_file,
        signed_on=signed_on,
    )
    for nomination in nominations.values():
        NOMINATION.fire(nomination, "award", actor=actor, at=at, within="close_decision")
    return decision


def _signed(upload: UploadedFile, actor: Any) -> StoredFile:
    return files.accept_upload(upload, actor=actor)
