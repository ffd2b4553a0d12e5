"""The minutes of the council: read from the meeting, and kept once when it has closed."""

from typing import Any

from django.db import transaction

from awards.documents import CouncilItem, CouncilMinutes, Participant
from awards.models import AgendaItem, Book, CouncilMeeting, CouncilPosition
from awards.queries.law import symbol_on
from awards.rules.council import CouncilRule
from thidua.core import audit, clock, files
from thidua.core.documents import render_pdf
from thidua.core.models import StoredFile
from thidua.core.pdf import page_count

_PRESIDING = (CouncilPosition.CHAIR, CouncilPosition.VICE_CHAIR)


def council_minutes(meeting: CouncilMeeting) -> CouncilMinutes:
    """Return what the minutes say; an open meeting has no number and no end yet."""
    agency = meeting.campaign.agency
    seats = list(meeting.attendance.select_related("member__person"))
    sitting = [seat.member for seat in seats if seat.is_present]
    chair = next((m for place in _PRESIDING for m in sitting if m.position == place), None)
    secretary = next((m for m in sitting if m.position == CouncilPosition.SECRETARY), None)
    items = list(
        meeting.agenda.select_related("nomination__award_form").prefetch_related(
            "recusals__member__person"
        )
    )
    matters = [line for line in map(str.strip, meeting.discussion.splitlines()) if line]
    return CouncilMinutes(
        parent_body=agency.paper_name,
        body=meeting.council.name.upper().replace("HỘI ĐỒNG ", "HỘI ĐỒNG\n", 1),
        symbol=symbol_of(meeting),
        number=f"{meeting.number:02d}" if meeting.number else "",
        signed_on=clock.local_day(meeting.held_at),
        subject=f"Xét đề nghị tặng {meeting.award_form.name}",
        started_at=meeting.held_at,
        ended_at=meeting.ended_at,
        venue=meeting.place,
        total=len(seats),
        present=tuple(
            Participant(member.person.full_name, member.get_position_display())
            for member in sitting
        ),
        absent=tuple(
            Participant(
                seat.member.person.full_name,
                seat.member.get_position_display(),
                seat.absence_reason,
            )
            for seat in seats
            if not seat.is_present
        ),
        chair=_participant(chair),
        secretary=_participant(secretary, otherwise=meeting.created_by.display_name),
        matters=tuple(matters),
        conclusion=_conclusion(meeting, items),
        established_by=meeting.council.founded_by,
        rule=rule_of(meeting).sentence,
        items=tuple(_item(item, total=len(seats)) for item in items),
        recipients=("Thành viên Hội đồng", "Lưu: VT, Hội đồng"),
    )


def rule_of(meeting: CouncilMeeting) -> CouncilRule:
    """Return the rule by which the meeting was counted, or will be."""
    if meeting.rule:
        return CouncilRule(
            meeting.rule["quorum_percent"],
            meeting.rule["threshold_percent"],
            meeting.rule["threshold_base"],
        )
    return CouncilRule.of(meeting.award_form)


def symbol_of(meeting: CouncilMeeting) -> str:
    """Return the symbol of the minutes: kept when the meeting closed, before that of its day."""
    kept: str = meeting.rule.get("symbol", "")
    return kept or symbol_on(
        meeting.campaign.agency, Book.MINUTES, clock.local_day(meeting.held_at)
    )


def minutes_content(meeting: CouncilMeeting) -> bytes:
    """Print the minutes as they stand."""
    return render_pdf(council_minutes(meeting))


def keep_minutes(meeting: CouncilMeeting, actor: Any) -> StoredFile | None:
    """Print the minutes of a closed meeting and keep them; the kept file is never replaced.

    Returns None while the meeting is open: what has no number yet is not kept.
    """
    if meeting.minutes_file or meeting.number is None:
        return meeting.minutes_file
    content = minutes_content(meeting)
    year = clock.local_day(meeting.held_at).year
    with transaction.atomic():
        locked = CouncilMeeting.objects.select_for_update(of=("self",), no_key=True).get(
            pk=meeting.pk
        )
        if locked.minutes_file is None:
            locked.minutes_file = files.keep(
                content,
                name=f"bien-ban-hoi-dong-{meeting.number:02d}-{year}.pdf",
                media_type=files.PDF,
                actor=actor,
                pages=page_count(content),
            )
            locked.save(update_fields=["minutes_file"])
            audit.record("minutes", locked, actor=actor, label="Lập biên bản")
    meeting.minutes_file = locked.minutes_file
    return locked.minutes_file


def _participant(member: Any, otherwise: str = "") -> Participant:
    if member is None:
        return Participant(otherwise)
    return Participant(member.person.full_name, member.get_position_display())


def _item(item: AgendaItem, *, total: int) -> CouncilItem:
    nomination = item.nomination
    eligible, agree = item.eligible_count or 0, item.for_count or 0
    disagree = item.against_count or 0
    outcomes = {True: "Thông qua", False: "Không thông qua", None: "Chưa kết luận"}
    return CouncilItem(
        name=nomination.recipient_name,
        title=nomination.recipient_title,
        award_form=nomination.award_form.name,
        eligible=eligible,
        agree=agree,
        disagree=disagree,
        blank=eligible - agree - disagree if item.for_count is not None else 0,
        total=total,
        outcome=outcomes[item.is_endorsed],
        left_out=tuple(
            f"{recusal.member.person.full_name}, {recusal.reason}"
            for recusal in item.recusals.all()
        ),
    )


def _conclusion(meeting: CouncilMeeting, items: list[AgendaItem]) -> tuple[str, ...]:
    """Say what was endorsed and what was not; an open meeting concludes nothing."""
    superior = meeting.campaign.agency.superior_title
    sentences = []
    for endorsed, words in (
        (True, f"Hội đồng thông qua, đề nghị trình {superior} tặng {meeting.award_form.name}"),
        (False, f"Hội đồng không thông qua đề nghị tặng {meeting.award_form.name}"),
    ):
        names = [i.nomination.recipient_name for i in items if i.is_endorsed is endorsed]
        if names:
            sentences.append(f"{words}: {'; '.join(names)}.")
    return tuple(sentences)
