"""Reads of what a unit writes besides the reports: who sits, and which version stands."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from awards.models import (
    MeetingPerson,
    Nomination,
    PaperKind,
    Proposal,
    SignedScan,
    UnfinishedPaper,
    UnitMeeting,
)
from awards.queries.desk import in_service_on
from staff.models import Person, User


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Where a paper stands: its version, who saved it when, and what is half typed."""

    version: int = 0
    edited_by: User | None = None
    edited_at: dt.datetime | None = None
    edited_in: str = ""
    unfinished: UnfinishedPaper | None = None


def standing_of(proposal: Proposal, kind: PaperKind) -> Standing:
    """Return where the minutes or the letter stand, read anew.

    What is half typed is newer than the paper and counts on from its version.
    """
    unfinished = (
        UnfinishedPaper.objects.filter(proposal=proposal, kind=kind)
        .select_related("edited_by__person")
        .first()
    )
    if unfinished:
        return _standing(unfinished, unfinished)
    if kind == PaperKind.MINUTES:
        meeting = (
            UnitMeeting.objects.filter(proposal=proposal)
            .select_related("edited_by__person")
            .first()
        )
        if meeting is None:
            return Standing()
        return _standing(meeting)
    kept = Proposal.objects.select_related("letter_edited_by__person").get(pk=proposal.pk)
    return Standing(
        kept.letter_version, kept.letter_edited_by, kept.letter_edited_at, kept.letter_edited_in
    )


def _standing(
    row: UnitMeeting | UnfinishedPaper, unfinished: UnfinishedPaper | None = None
) -> Standing:
    return Standing(row.version, row.edited_by, row.edited_at, row.edited_in, unfinished)


@dataclasses.dataclass(frozen=True, slots=True)
class Seat:
    """One of the department's own people in its meeting: as the minutes name them."""

    person_id: int
    name: str
    title: str
    is_present: bool = True
    absent_reason: str = ""


def seats_of(proposal: Proposal, meeting: UnitMeeting | None, day: dt.date) -> list[Seat]:
    """Return who belongs to the meeting of `day`: everybody of the unit then in service.

    Whoever is written down already stays, also after moving to another unit, under the title
    of that day.
    """
    written = {p.person_id: p for p in meeting.people.all() if p.person_id} if meeting else {}
    people = Person.objects.filter(
        Q(unit=proposal.unit_id) | Q(pk__in=list(written)), in_service_on(day)
    )
    return [
        Seat(
            person.pk,
            *(
                (old.name, old.title, old.is_present, old.absent_reason)
                if (old := written.get(person.pk))
                else (person.full_name, person.position)
            ),
        )
        for person in people
    ]


def scans_of(proposal: Proposal, kind: PaperKind) -> QuerySet[SignedScan]:
    """Return the signed scans of a paper, the newest first."""
    return proposal.signed_scans.filter(kind=kind).select_related("file", "added_by__person")


def scans_to_read(user: Any) -> QuerySet[SignedScan]:
    """Return the scans of the proposals that exist for `user`."""
    return SignedScan.objects.filter(proposal__in=Proposal.objects.visible_to(user)).select_related(
        "file"
    )


@dataclasses.dataclass(frozen=True, slots=True)
class UnitPapers:
    """What the minutes, the letter and their scans say, side by side.

    `names` are the live nominations in the order of the letter, each with its votes.
    """

    proposal: Proposal
    names: list[Nomination]
    meeting: UnitMeeting | None = None
    people: list[MeetingPerson] = dataclasses.field(default_factory=list)
    scans: dict[str, SignedScan] = dataclasses.field(default_factory=dict)
    unfinished: list[str] = dataclasses.field(default_factory=list)


def papers_of(proposal: Proposal, names: Iterable[Nomination]) -> UnitPapers:
    """Return the papers of a proposal whose live nominations have been read already."""
    meeting: UnitMeeting | None = getattr(proposal, "meeting", None)
    return UnitPapers(
        proposal,
        list(names),
        meeting,
        list(meeting.people.all()) if meeting else [],
        {scan.kind: scan for scan in proposal.signed_scans.filter(is_current=True)},
        list(proposal.unfinished_papers.order_by("-kind").values_list("kind", flat=True)),
    )
