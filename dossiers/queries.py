"""Reads of the letter to the superior, its sets, and what they still lack."""

import dataclasses
from typing import Any

from django.db.models import Prefetch, QuerySet

from awards.models import (
    AgendaItem,
    LetterLine,
    RegisterEntry,
    ReportSection,
    SubmissionLetter,
    SuperiorOutcome,
    UnitMeeting,
)
from awards.rules.nomination import Lack
from campaigns.models import DocumentKind, RequiredItem
from dossiers.models import Dossier, DossierItem


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


def dossiers_of(letter: SubmissionLetter) -> QuerySet[Dossier]:
    """Return the sets of a letter with their parts."""
    parts = DossierItem.objects.select_related("required_item")
    return letter.dossiers.select_related("file").prefetch_related(Prefetch("items", parts))


def required_items(letter: SubmissionLetter) -> list[RequiredItem]:
    """Return the lines of the plan that this form of award needs, in the plan's order."""
    return list(letter.award_form.required_items.order_by("position"))


def lacks_of_letter(letter: SubmissionLetter, required: list[RequiredItem]) -> list[Lack]:
    """Return each paper that the plan asks for and that cannot be made yet."""
    lines = letter.lines.select_related("nomination__proposal__unit")
    nominations = [line.nomination for line in lines]
    written = set(
        ReportSection.objects.filter(report__nomination__in=nominations)
        .exclude(text="")
        .values_list("report__nomination_id", flat=True)
    )
    met = set(
        UnitMeeting.objects.filter(proposal__nominations__in=nominations).values_list(
            "proposal_id", flat=True
        )
    )
    lacks = []
    for item in required:
        if item.kind == DocumentKind.REPORT:
            lacks += [
                f"Báo cáo thành tích của {n.recipient_name}"
                for n in nominations
                if n.pk not in written
            ]
        if item.kind == DocumentKind.UNIT_MINUTES:
            units = {n.proposal_id: n.proposal.unit for n in nominations}
            lacks += [f"Biên bản họp của {u}" for pk, u in units.items() if pk not in met]
        if item.kind == DocumentKind.COUNCIL_MINUTES and letter.meeting.number is None:
            lacks.append("Biên bản họp Hội đồng")
        lacks = [x if isinstance(x, Lack) else Lack(x, f"Mục {item.clause}", "") for x in lacks]
    return lacks
