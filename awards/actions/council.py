"""What the council's secretary does: calls a meeting, records who sat and what was counted."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from awards import policy
from awards.actions.numbers import take_number
from awards.models import (
    AgendaItem,
    Attendance,
    Book,
    Council,
    CouncilMeeting,
    LetterLine,
    MeetingState,
    Nomination,
    NominationState,
    Recusal,
    SubmissionLetter,
)
from awards.queries.holds import held_among, without_holds
from awards.queries.law import symbol_on
from awards.rules.council import CouncilRule, counts_fit
from awards.rules.holds import none_is_on_hold
from awards.workflow import MEETING, NOMINATION
from campaigns.models import AwardForm, AwardRoute
from thidua.core import audit, clock
from thidua.core.text import compose
from thidua.core.workflow import Refused, must

_AT_ONCE = dt.timedelta(minutes=2)


@transaction.atomic
def open_meeting(
    *,
    council: Council,
    award_form: AwardForm,
    held_at: dt.datetime,
    place: str,
    actor: Any,
    at: dt.datetime,
) -> CouncilMeeting:
    """Open a meeting over all nominations of a form that the office has accepted.

    Every member is taken as present until the secretary says otherwise. The same words sent again
    at once, by an impatient hand or by the browser itself, lead to the meeting that they opened.
    """
    must(policy.SECRETARY.refuses(actor, None))
    if award_form.route != AwardRoute.SUPERIOR:
        raise Refused(f"{award_form.name} không qua Hội đồng.")
    if clock.local_day(held_at) > clock.local_day(at):
        raise Refused("Ngày họp ở tương lai. Hãy mở phiên họp vào ngày họp.")
    accepted = Nomination.objects.filter(award_form=award_form, state=NominationState.ACCEPTED)
    ready = list(without_holds(accepted))
    if not ready:
        raise Refused(f"Chưa có đề nghị {award_form.name} nào đủ điều kiện để đưa ra Hội đồng.")
    try:
        with transaction.atomic():
            meeting = CouncilMeeting.objects.create(
                council=council,
                campaign=award_form.campaign,
                award_form=award_form,
                held_at=held_at,
                place=compose(place),
                created_by=actor,
                created_at=at,
            )
    except IntegrityError:
        again = CouncilMeeting.objects.filter(
            award_form=award_form,
            state=MeetingState.OPEN,
            held_at=held_at,
            place=compose(place),
            created_by=actor,
            created_at__gt=at - _AT_ONCE,
        ).first()
        if again:
            return again
        raise Refused("Đang có một phiên họp chưa kết thúc cho hình thức này.") from None
    Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, member=member) for member in council.members.all()]
    )
    AgendaItem.objects.bulk_create(
        [
            AgendaItem(meeting=meeting, nomination=nomination, position=position)
            for position, nomination in enumerate(ready, start=1)
        ]
    )
    _count_the_eligible(meeting)
    audit.record("create", meeting, actor=actor, label="Mở phiên họp")
    return meeting


@transaction.atomic
def record_attendance(
    *, meeting: CouncilMeeting, absences: Mapping[int, str], actor: Any, at: dt.datetime
) -> None:
    """Record who is absent (member id to reason); everybody else sits.

    Counts of votes that no longer fit are taken away, to be recorded anew.
    """
    meeting = _open(meeting, actor)
    for seat in meeting.attendance.select_related("member__person"):
        seat.is_present = seat.member_id not in absences
        seat.absence_reason = compose(absences.get(seat.member_id, ""))
        if not seat.is_present and not seat.absence_reason:
            raise Refused(f"Hãy ghi lý do vắng của {seat.member.person}.")
        seat.save(update_fields=["is_present", "absence_reason"])
    _count_the_eligible(meeting)
    absent = meeting.attendance.filter(is_present=False).select_related("member__person")
    audit.record(
        "attendance",
        meeting,
        actor=actor,
        label="Ghi thành phần dự họp",
        note="; ".join(f"Vắng: {s.member.person} ({s.absence_reason})" for s in absent),
    )


@transaction.atomic
def record_votes(
    *, item: AgendaItem, for_count: int, against_count: int, actor: Any, at: dt.datetime
) -> None:
    """Record the counts of one item."""
    meeting = _open(item.meeting, actor)
    item = AgendaItem.objects.select_related("nomination").get(pk=item.pk)
    must(counts_fit(item, for_count, against_count))
    item.for_count, item.against_count = for_count, against_count
    item.save(update_fields=["for_count", "against_count"])
    audit.record(
        "votes",
        meeting,
        actor=actor,
        label="Ghi kết quả biểu quyết",
        note=f"{item.nomination.recipient_name}: {for_count} tán thành, {against_count} không",
    )


@transaction.atomic
def record_discussion(*, meeting: CouncilMeeting, text: str, actor: Any, at: dt.datetime) -> None:
    """Keep what was said, for the minutes."""
    meeting = _open(meeting, actor)
    meeting.discussion = compose(text)
    meeting.save(update_fields=["discussion"])
    audit.record("discussion", meeting, actor=actor, label="Ghi diễn biến phiên họp")


@transaction.atomic
def close_meeting(
    *, meeting: CouncilMeeting, ended_at: dt.datetime, actor: Any, at: dt.datetime
) -> SubmissionLetter | None:
    """Close the meeting, settle each item by the rule, and draft the letter to the superior.

    What is on hold leaves the agenda and waits for the next meeting. Returns the draft, or None when nothing was endorsed.
    """
    meeting = _open(meeting, actor)
    if ended_at <= meeting.held_at:
        raise Refused("Giờ kết thúc phải sau giờ bắt đầu.")
    if ended_at > at:
        raise Refused("Giờ kết thúc ở tương lai. Hãy ghi giờ phiên họp đã kết thúc.")
    items = list(meeting.agenda.order_by("nomination_id"))
    nominations = {
        n.pk: n
        for n in Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(agenda_items__in=items)
        .order_by("pk")
    }
    left = _leave_what_is_on_hold(items, nominations)
    must(MEETING.refusal(meeting, "close", actor, at))
    rule = CouncilRule.of(meeting.award_form)
    campaign = meeting.campaign
    number = take_number(
        campaign.agency,
        Book.MINUTES,
        clock.local_day(meeting.held_at).year,
        purpose=str(meeting),
        actor=actor,
        at=at,
    )
    total = meeting.attendance.count()
    present = meeting.attendance.filter(is_present=True).count()
    MEETING.fire(
        meeting,
        "close",
        actor=actor,
        at=at,
        within="close_meeting",
        number=number,
        ended_at=ended_at,
        rule={
            **dataclasses.asdict(rule),
            "total": total,
            "present": present,
            "symbol": symbol_on(campaign.agency, Book.MINUTES, clock.local_day(meeting.held_at)),
        },
    )
    if left:
        # The council reads this: it says who is left to the next meeting, not why.
        audit.record(
            "leave", meeting, actor=actor, label="Chuyển sang phiên sau", note="; ".join(left)
        )
    endorsed = []
    for item in items:
        item.is_endorsed = rule.endorses(item.for_count or 0, total=total, present=present)
        item.save(update_fields=["is_endorsed"])
        nomination = nominations[item.nomination_id]
        reason = f"{item.for_count} phiếu tán thành trên {total} thành viên"
        NOMINATION.fire(
            nomination,
            "endorse" if item.is_endorsed else "reject",
            actor=actor,
            at=at,
            note=reason,
            within="close_meeting",
        )
        if item.is_endorsed:
            endorsed.append((item.position, nomination))
    if not endorsed:
        return None
    return _draft_letter(meeting, [n for _, n in sorted(endorsed, key=lambda e: e[0])], actor, at)


def _leave_what_is_on_hold(
    items: list[AgendaItem], nominations: Mapping[int, Nomination]
) -> list[str]:
    """Take what is on hold off the agenda, in place, and return the names; refuse if all is."""
    held = held_among(nominations.values())
    if not held:
        return []
    if len(held) == len(items):
        must(none_is_on_hold(nominations.values()))
    for item in [item for item in items if item.nomination_id in held]:
        items.remove(item)
        item.delete()
    for position, item in enumerate(sorted(items, key=lambda item: item.position), start=1):
        item.position = position
        item.save(update_fields=["position"])
    return [nominations[pk].recipient_name for pk in sorted(held)]


def _draft_letter(
    meeting: CouncilMeeting, endorsed: list[Nomination], actor: Any, at: dt.datetime
) -> SubmissionLetter:
    agency = meeting.campaign.agency
    letter = SubmissionLetter.objects.create(
        campaign=meeting.campaign,
        award_form=meeting.award_form,
        meeting=meeting,
        symbol=symbol_on(agency, Book.LETTER, clock.local_day(at)),
        signatory_title=agency.head_title,
        signatory_name="",
        created_by=actor,
        created_at=at,
    )
    LetterLine.objects.bulk_create(
        [
            LetterLine(letter=letter, nomination=nomination, position=position)
            for position, nomination in enumerate(endorsed, start=1)
        ]
    )
    audit.record("create", letter, actor=actor, label="Soạn tờ trình gửi cấp trên")
    return letter


def _count_the_eligible(meeting: CouncilMeeting) -> None:
    """Leave conflicts out, item by item, and forget counts that no longer fit."""
    seats = [
        seat.member
        for seat in meeting.attendance.filter(is_present=True).select_related("member__person")
    ]
    for item in meeting.agenda.select_related("nomination__recipient_unit"):
        item.recusals.all().delete()
        left_out = [
            Recusal(item=item, member=member, reason=reason)
            for member in seats
            if (reason := policy.conflict_of(member, item.nomination))
        ]
        Recusal.objects.bulk_create(left_out)
        item.eligible_count = len(seats) - len(left_out)
        if item.for_count is not None and (
            item.for_count + (item.against_count or 0) > item.eligible_count
        ):
            item.for_count = item.against_count = None
        item.save(update_fields=["eligible_count", "for_count", "against_count"])


def _open(meeting: CouncilMeeting, actor: Any) -> CouncilMeeting:
    """Lock the meeting and refuse unless the secretary may still record."""
    locked = (
        CouncilMeeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign__agency", "award_form", "council")
        .get(pk=meeting.pk)
    )
    must(policy.SECRETARY.refuses(actor, locked))
    if locked.state != MeetingState.OPEN:
        raise Refused("Phiên họp đã kết thúc nên không sửa được biên bản.")
    return locked
