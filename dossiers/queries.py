"""Reads of the letter to the superior, and of what a dossier holds and still lacks."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Max, Prefetch, QuerySet

from awards.models import (
    AgendaItem,
    CouncilMeeting,
    LetterLine,
    Nomination,
    NominationState,
    Proposal,
    RegisterEntry,
    SubmissionLetter,
    SuperiorOutcome,
)
from campaigns.models import AwardForm, Campaign, RequiredItem
from dossiers.models import Dossier, DossierItem
from thidua.core.models import Job

# What the whole campaign's dossier of a form holds: all that was found worthy and still is.
WORTHY = (
    NominationState.ACCEPTED,
    NominationState.APPROVED,
    NominationState.DECIDED,
    NominationState.ENDORSED,
    NominationState.FORWARDED,
    NominationState.AWARDED,
)
UNSENT = (NominationState.DRAFT, NominationState.WITHDRAWN)  # the withdrawn last: never sent
Subject = SubmissionLetter | Nomination | Proposal | AwardForm


def letters_visible_to(user: Any) -> QuerySet[SubmissionLetter]:
    """Return the letters of the agency with what every page of theirs shows."""
    return SubmissionLetter.objects.visible_to(user).select_related(
        "campaign__agency",
        "campaign__reference_plan",
        "award_form",
        "meeting__council",
        "meeting__minutes_file",
        "file",
        "approved_by__person",
    )


@dataclasses.dataclass(frozen=True, slots=True)
class ListedLine:
    """Một dòng của tờ trình: the line, its votes in the council, and what came of it."""

    line: LetterLine
    votes: str
    outcome: SuperiorOutcome | None
    entry: RegisterEntry | None


def lines_of(letter: SubmissionLetter) -> list[ListedLine]:
    """Return the list of a letter with votes and outcomes."""
    items = {item.nomination_id: item for item in AgendaItem.objects.filter(meeting=letter.meeting)}
    total = letter.meeting.rule.get("total")
    lines = letter.lines.select_related(
        "nomination__award_form", "nomination__register_entry", "outcome"
    )
    return [
        ListedLine(
            line=line,
            votes=_votes(items.get(line.nomination_id), total),
            outcome=getattr(line, "outcome", None),
            entry=getattr(line.nomination, "register_entry", None),
        )
        for line in lines
    ]


def _votes(item: AgendaItem | None, total: int | None) -> str:
    return "" if item is None or item.for_count is None else f"{item.for_count}/{total}"


# --- What a dossier holds ------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Scope:
    """Phạm vi hồ sơ: the records whose papers one dossier holds.

    `required` are the lines of the plan's list that any of the nominations needs, in its order;
    `meetings` the closed meetings of the council by nomination.
    """

    subject: Any
    campaign: Campaign
    nominations: list[Nomination]
    required: list[RequiredItem]
    meetings: dict[int, CouncilMeeting]

    @property
    def letter(self) -> SubmissionLetter | None:
        return self.subject if isinstance(self.subject, SubmissionLetter) else None

    @property
    def award_forms(self) -> list[AwardForm]:
        """Return the forms of award, each once, in the plan's order."""
        forms = {n.award_form_id: n.award_form for n in self.nominations}
        return sorted(forms.values(), key=lambda form: form.position)

    @property
    def set_count(self) -> int:
        """Return how many sets there are: as many as the form that needs most of them."""
        return max((form.set_count for form in self.award_forms), default=1)


def scope_of(subject: Subject, *, is_sending: bool = False) -> Scope:
    """Return what the dossier of `subject` holds, in a number of reads that does not grow.

    What a unit is about to send holds its drafts, too.
    """
    nominations = list(_nominations(subject, UNSENT[1:] if is_sending else UNSENT))
    items = {i.pk: i for n in nominations for i in n.award_form.required_items.all()}
    return Scope(
        subject=subject,
        campaign=subject.campaign,
        nominations=nominations,
        required=sorted(items.values(), key=lambda item: item.position),
        meetings=_meetings(subject, nominations),
    )


def counts_of(subject: Subject) -> tuple[int, int]:
    """Return how many nominations the dossier of `subject` holds, and in how many sets."""
    rows = _nominations(subject).order_by().select_related(None).prefetch_related(None)
    found = rows.aggregate(count=Count("pk"), sets=Max("award_form__set_count"))
    return found["count"], found["sets"] or 1


def needing(item: RequiredItem, nominations: Sequence[Nomination]) -> list[Nomination]:
    """Return the nominations whose form of award needs a line of the plan's list."""
    return [n for n in nominations if item in n.award_form.required_items.all()]


def proposals_among(nominations: Sequence[Nomination]) -> list[Proposal]:
    """Return the proposals of nominations, each once, in their order."""
    return list({n.proposal_id: n.proposal for n in nominations}.values())


def _nominations(subject: Subject, left_out: Sequence[str] = UNSENT) -> QuerySet[Nomination]:
    """Return the nominations of a dossier as its papers list them."""
    found = Nomination.objects.select_related(
        "campaign__agency",
        "award_form__campaign",
        "report__form",
        "proposal__unit",
        "proposal__campaign__agency",
        "proposal__meeting",
        "proposal__created_by__person",
        "person__unit",
        "recipient_unit",
        "unit_vote",
    ).prefetch_related(
        "report__sections",
        "report__past_awards",
        "report__form__headings",
        "award_form__required_items",
        "evidence__file",
        "proposal__meeting__people",
        "proposal__signed_scans__file",
    )
    by_name = ("award_form__position", "-subject_kind", "sort_key", "pk")
    match subject:
        case SubmissionLetter():
            return found.filter(letter_line__letter=subject).order_by("letter_line__position")
        case Nomination():
            return found.filter(pk=subject.pk)
        case Proposal():
            return found.filter(proposal=subject).exclude(state__in=left_out).order_by(*by_name)
        case _:
            return found.filter(award_form=subject, state__in=WORTHY).order_by(
                "proposal__unit__sort_key", "proposal_id", *by_name
            )


def _meetings(subject: Subject, nominations: list[Nomination]) -> dict[int, CouncilMeeting]:
    """Return by nomination the closed meeting that considered it, the newest if there are two."""
    items = AgendaItem.objects.filter(
        nomination__in=[n.pk for n in nominations], meeting__number__isnull=False
    ).select_related(
        "meeting__council",
        "meeting__minutes_file",
        "meeting__campaign__agency",
        "meeting__award_form",
        "meeting__created_by__person",
    )
    if isinstance(subject, SubmissionLetter):
        items = items.filter(meeting=subject.meeting_id)
    return {item.nomination_id: item.meeting for item in items.order_by("pk")}


# --- What was bound ------------------------------------------------------------------------


def dossiers_of(subject: Subject) -> QuerySet[Dossier]:
    """Return the sets that were bound of `subject`, the newest edition first."""
    return subject.dossiers.select_related("file", "archive", "created_by__person")


def sets_in_full(letter: SubmissionLetter) -> QuerySet[Dossier]:
    """Return the sets of a letter with their parts."""
    return dossiers_of(letter).prefetch_related(Prefetch("items", items()))


def items() -> QuerySet[DossierItem]:
    """Return parts of dossiers with the line of the plan that asks for them."""
    return DossierItem.objects.select_related("required_item")


def in_full(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return dossiers with all that their page shows."""
    return dossiers.select_related(
        "file",
        "archive",
        "created_by__person",
        "letter",
        "nomination__award_form",
        "proposal__unit",
        "award_form__campaign",
    )


def binding_of(subject: Subject, function: str) -> Job | None:
    """Return the newest job that binds the dossier of `subject`."""
    return Job.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, function=function
    ).first()
