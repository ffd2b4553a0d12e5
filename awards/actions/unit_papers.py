"""Biên bản họp phòng và tờ trình: what the unit writes besides the reports."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from awards.actions.editing import editable_proposal
from awards.models import MeetingVote, Nomination, Proposal, UnitMeeting
from thidua.core import audit, clock
from thidua.core.text import compose
from thidua.core.workflow import Refused


@transaction.atomic
def record_unit_meeting(
    *,
    proposal: Proposal,
    facts: Mapping[str, Any],
    votes: Mapping[int, int],
    actor: Any,
    at: dt.datetime,
) -> UnitMeeting:
    """Record the department's meeting and the votes for each nomination (by its id).

    `facts` are the columns of UnitMeeting. Open while a part of the proposal can be edited.
    """
    proposal = editable_proposal(proposal, actor, at, also_returned=True)
    meeting = UnitMeeting.objects.filter(proposal=proposal).first() or UnitMeeting(
        proposal=proposal
    )
    for name, value in facts.items():
        setattr(meeting, name, compose(value) if isinstance(value, str) else value)
    if clock.local_day(meeting.held_at) > clock.local_day(at):
        raise Refused("Ngày họp ở tương lai. Hãy ghi biên bản sau khi họp.")
    try:
        meeting.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    meeting.save()
    # Locked, so that none is sent again between this look at its state and its new vote.
    named = (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(proposal=proposal, pk__in=votes)
        .order_by("pk")
    )
    names = []
    for nomination in named:
        for_count = votes[nomination.pk]
        if for_count > meeting.present_count:
            raise Refused(
                f"{nomination.recipient_name}: {for_count} phiếu đồng ý vượt "
                f"{meeting.present_count} người có mặt."
            )
        if not nomination.is_editable:
            continue
        MeetingVote.objects.update_or_create(
            nomination=nomination,
            defaults={
                "meeting": meeting,
                "for_count": for_count,
                "present_count": meeting.present_count,
            },
        )
        names.append(f"{nomination.recipient_name} {for_count}/{meeting.present_count}")
    audit.record(
        "meeting", proposal, actor=actor, label="Ghi biên bản họp phòng", note="; ".join(names)
    )
    return meeting


@transaction.atomic
def write_letter(
    *, proposal: Proposal, text: str, confirmed: bool, actor: Any, at: dt.datetime
) -> None:
    """Keep the text of the unit's letter, and whether the head calls it finished."""
    proposal = editable_proposal(proposal, actor, at)
    proposal.letter_text = compose(text)
    proposal.letter_confirmed = confirmed and bool(proposal.letter_text)
    proposal.version += 1
    proposal.save(update_fields=["letter_text", "letter_confirmed", "version"])
    audit.record("letter", proposal, actor=actor, label="Soạn tờ trình")
