"""Biên bản họp phòng và tờ trình: what the unit writes besides the reports."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms.models import model_to_dict

from awards.actions.editing import editable_proposal
from awards.models import (
    MeetingPerson,
    MeetingVote,
    Nomination,
    PaperKind,
    Proposal,
    SignedScan,
    UnfinishedPaper,
    UnitMeeting,
)
from awards.queries.returns import open_parts
from awards.queries.unit_papers import Standing, standing_of
from thidua.core import audit, clock, drafts, files
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused


@dataclasses.dataclass(frozen=True, slots=True)
class Sitting:
    """One line of those who sat in the meeting, or did not and why."""

    name: str
    title: str = ""
    person_id: int | None = None
    is_guest: bool = False
    absent_reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Votes:
    """The votes for one name; who is not counted otherwise was against it."""

    agree: int
    disagree: int | None = None
    blank: int = 0

    def against_of(self, present: int) -> int:
        """Return how many were against it, of those `present`."""
        if self.disagree is None:
            return max(present - self.agree - self.blank, 0)
        return self.disagree


@transaction.atomic
def record_unit_meeting(
    *,
    proposal: Proposal,
    facts: Mapping[str, Any],
    votes: Mapping[int, Votes | None],
    people: Sequence[Sitting] | None = None,
    version: int | None = None,
    page: str = "",
    is_autosave: bool = False,
    actor: Any,
    at: dt.datetime,
) -> UnitMeeting:
    """Record the department's meeting and the votes for each nomination (by its id).

    `facts` are the columns of UnitMeeting; with `people`, who are named, the counts follow from
    them. No votes for a name (None) take away what stood there. Open while a part of the proposal
    can be edited. Raises Conflict when the minutes are no longer the `version` that was seen; what
    the same open `page` saved itself is none. The log does not name each save of a page's own.
    """
    proposal = editable_proposal(proposal, actor, at, also_returned=True)
    standing = standing_of(proposal, PaperKind.MINUTES)
    meeting = UnitMeeting.objects.filter(proposal=proposal).first() or UnitMeeting(
        proposal=proposal, version=0
    )
    before = _kept(meeting)
    for name, value in facts.items():
        setattr(meeting, name, compose(value) if isinstance(value, str) else value)
    if people is not None:
        members = [one for one in people if not one.is_guest]
        meeting.total_count = len(members)
        meeting.present_count = sum(not one.absent_reason for one in members)
        meeting.absent_note = ""
    if clock.local_day(meeting.held_at) > clock.local_day(at):
        raise Refused("Ngày họp ở tương lai. Hãy ghi biên bản sau khi họp.")
    rows = _rows(meeting, people)
    # Locked, so that none is sent again between this look at its state and its new vote.
    named = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(proposal=proposal, pk__in=votes)
        .select_related("unit_vote")
        .order_by("pk")
    )
    counted = {n: _counted(meeting, n, votes[n.pk]) for n in named if open_parts(n).vote}
    if (
        meeting.pk
        and standing.unfinished is None
        and before == _kept(meeting)
        and (rows is None or [_said(row) for row in rows] == list(map(_said, meeting.people.all())))
        and all(_same(getattr(n, "unit_vote", None), vote) for n, vote in counted.items())
    ):
        return meeting
    _must_be_seen(standing, version, page, "biên bản này")
    meeting.version = standing.version + 1
    meeting.edited_by, meeting.edited_at, meeting.edited_in = actor, at, page
    try:
        meeting.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    meeting.save()
    if rows is not None:
        meeting.people.all().delete()
        MeetingPerson.objects.bulk_create(rows)
    for nomination, vote in counted.items():
        if vote is None:
            MeetingVote.objects.filter(nomination=nomination).delete()
        else:
            MeetingVote.objects.update_or_create(
                nomination=nomination, defaults={"meeting": meeting, **vote}
            )
    UnfinishedPaper.objects.filter(proposal=proposal, kind=PaperKind.MINUTES).delete()
    if is_autosave and drafts.is_told(standing, actor, at):
        return meeting
    audit.record(
        "meeting",
        proposal,
        actor=actor,
        label="Ghi biên bản họp phòng",
        note="; ".join(
            f"{nomination.recipient_name} {vote['for_count']}/{vote['present_count']}"
            for nomination, vote in counted.items()
            if vote
        ),
    )
    return meeting


@transaction.atomic
def write_letter(
    *,
    proposal: Proposal,
    text: str,
    confirmed: bool,
    version: int | None = None,
    page: str = "",
    is_autosave: bool = False,
    actor: Any,
    at: dt.datetime,
) -> None:
    """Keep the text of the unit's letter, and whether the head calls it finished.

    Raises Conflict when the letter is no longer the `version` that the writer saw.
    """
    proposal = editable_proposal(proposal, actor, at)
    standing = standing_of(proposal, PaperKind.LETTER)
    text = compose(text)
    confirmed = confirmed and bool(text)
    kept = (proposal.letter_text, proposal.letter_confirmed)
    if standing.version and standing.unfinished is None and kept == (text, confirmed):
        return
    _must_be_seen(standing, version, page, "tờ trình này")
    proposal.letter_text, proposal.letter_confirmed = text, confirmed
    proposal.letter_version, proposal.letter_edited_in = standing.version + 1, page
    proposal.letter_edited_by, proposal.letter_edited_at = actor, at
    proposal.version += 1
    proposal.save(
        update_fields=[
            *("letter_text", "letter_confirmed", "letter_version"),
            *("letter_edited_by", "letter_edited_at", "letter_edited_in", "version"),
        ]
    )
    UnfinishedPaper.objects.filter(proposal=proposal, kind=PaperKind.LETTER).delete()
    if not (is_autosave and drafts.is_told(standing, actor, at)):
        audit.record("letter", proposal, actor=actor, label="Soạn tờ trình")


@transaction.atomic
def keep_unfinished(
    *,
    proposal: Proposal,
    kind: PaperKind,
    typed: Mapping[str, str],
    version: int | None,
    page: str = "",
    actor: Any,
    at: dt.datetime,
) -> UnfinishedPaper:
    """Keep word for word what cannot be minutes or a letter yet, so that nothing typed is lost.

    Not in the log: it says nothing until it is whole. Raises Conflict as saving the paper does.
    """
    proposal = editable_proposal(proposal, actor, at, also_returned=kind == PaperKind.MINUTES)
    standing = standing_of(proposal, kind)
    composed = {name: compose(value) for name, value in typed.items()}
    if (kept := standing.unfinished) and kept.typed == composed:
        return kept
    what = "biên bản này" if kind == PaperKind.MINUTES else "tờ trình này"
    _must_be_seen(standing, version, page, what)
    unfinished, _ = UnfinishedPaper.objects.update_or_create(
        proposal=proposal,
        kind=kind,
        defaults={
            "typed": composed,
            "version": standing.version + 1,
            "edited_by": actor,
            "edited_at": at,
            "edited_in": page,
        },
    )
    return unfinished


@transaction.atomic
def add_signed_scan(
    *,
    proposal: Proposal,
    kind: PaperKind,
    upload: UploadedFile,
    declared: Mapping[str, Any],
    actor: Any,
    at: dt.datetime,
) -> SignedScan:
    """Check a signed paper's scan and put it in the place of the one before, which is kept.

    `declared` are the columns that say what stands on the paper.
    """
    proposal = editable_proposal(proposal, actor, at, also_returned=True)
    facts = {
        name: compose(value) if isinstance(value, str) else value
        for name, value in declared.items()
    }
    stored = files.accept_upload(upload, actor=actor)
    current = proposal.signed_scans.filter(kind=kind, is_current=True).select_related("file")
    if (
        (old := current.first())
        and old.file.sha256 == stored.sha256
        and all(getattr(old, name) == value for name, value in facts.items())
    ):
        raise Refused("Bản ký này đã có, với đúng các số đã ghi.")
    current.update(is_current=False)
    scan = SignedScan.objects.create(
        proposal=proposal, kind=kind, file=stored, added_by=actor, added_at=at, **facts
    )
    audit.record(
        "signed_scan",
        proposal,
        actor=actor,
        label="Thêm bản ký quét",
        note=f"{PaperKind(kind).label}: {stored.name}",
    )
    return scan


def _must_be_seen(standing: Standing, version: int | None, page: str, what: str) -> None:
    """Raise Conflict unless the writer saw what stands; None is whoever saw no page."""
    if version is None or not drafts.is_stale(standing.version, standing.edited_in, version, page):
        return
    who = standing.edited_by.display_name if standing.edited_by else "Người khác"
    when = (
        f" lúc {standing.edited_at.astimezone(clock.VIET_NAM):%H:%M}" if standing.edited_at else ""
    )
    raise Conflict(
        f"{who} vừa lưu {what}{when}. "
        "Nội dung quý vị vừa gõ còn nguyên bên dưới; hãy so sánh rồi lưu lại."
    )


_ABOUT_SAVING = ("id", "proposal", "version", "edited_by", "edited_at", "edited_in")


def _kept(meeting: UnitMeeting) -> dict[str, Any]:
    """Return what the minutes say in their own columns."""
    return {k: v for k, v in model_to_dict(meeting).items() if k not in _ABOUT_SAVING}


def _rows(meeting: UnitMeeting, people: Sequence[Sitting] | None) -> list[MeetingPerson] | None:
    if people is None:
        return None
    return [
        MeetingPerson(
            meeting=meeting,
            person_id=one.person_id,
            name=compose(one.name),
            title=compose(one.title),
            is_guest=one.is_guest,
            is_present=not one.absent_reason,
            absent_reason=compose(one.absent_reason),
            position=position,
        )
        for position, one in enumerate(people, start=1)
    ]


def _said(row: MeetingPerson) -> tuple[Any, ...]:
    return (row.person_id, row.name, row.title, row.is_guest, row.absent_reason, row.position)


def _counted(
    meeting: UnitMeeting, nomination: Nomination, votes: Votes | None
) -> dict[str, int] | None:
    """Return the columns of one name's votes; refuse more votes than people present."""
    if votes is None:
        return None
    name, present = nomination.recipient_name, meeting.present_count
    if votes.agree > present:
        raise Refused(f"{name}: {votes.agree} phiếu đồng ý vượt {present} người có mặt.")
    against = votes.against_of(present)
    if (total := votes.agree + against + votes.blank) > present:
        raise Refused(f"{name}: tổng {total} phiếu vượt {present} người có mặt.")
    return {
        "for_count": votes.agree,
        "against_count": against,
        "blank_count": votes.blank,
        "present_count": present,
    }


def _same(kept: MeetingVote | None, vote: Mapping[str, int] | None) -> bool:
    if kept is None or vote is None:
        return kept is None and vote is None
    return all(getattr(kept, name) == value for name, value in vote.items())
