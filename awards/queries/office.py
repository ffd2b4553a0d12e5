"""Reads of the office, the council and the signatory: the queue, the counts, what waits."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from awards.models import (
    AgendaItem,
    Attendance,
    Claim,
    CouncilMeeting,
    Evidence,
    LetterState,
    Nomination,
    NominationState,
    PastAward,
    Recusal,
    ReportSection,
    SubmissionLetter,
)
from awards.queries.holds import with_holds
from campaigns.models import AwardForm, AwardRoute, Campaign, ReportHeading, SubjectKind
from thidua.core import clock
from thidua.core.models import AuditEntry
from units.models import Unit

EVERY_STATE = "all"
FILTERS = ("q", "state", "unit", "award_form", "kind")
_RESUBMIT = "awards.nomination.resubmit"
_RECENT = 20
_LONGEST = 100


# --- The queue ---------------------------------------------------------------------------------


def sent_nominations(user: Any) -> QuerySet[Nomination]:
    """Return what units have sent and `user` may see: collectives first, then by name."""
    return (
        Nomination.objects.visible_to(user)
        .filter(submitted_at__isnull=False)
        .exclude(state=NominationState.DRAFT)
        .order_by("-subject_kind", "sort_key", "pk")
    )


def filters_of(address: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that an address names; what cannot be used is left out ("")."""
    said = {name: address.get(name, "") for name in FILTERS}
    if said["state"] not in {*NominationState.values, EVERY_STATE}:
        said["state"] = NominationState.SUBMITTED.value
    if said["kind"] not in SubjectKind.values:
        said["kind"] = ""
    for name in ("unit", "award_form"):
        said[name] = said[name] if said[name].isascii() and said[name].isdigit() else ""
    return {name: value[:_LONGEST] for name, value in said.items()}


def narrowed(nominations: Any, chosen: Mapping[str, str]) -> Any:
    """Keep what fits the filters of the queue; "" leaves a filter out."""
    columns = {
        "unit": "proposal__unit_id",
        "award_form": "award_form_id",
        "kind": "subject_kind",
    }
    wanted = {column: chosen[name] for name, column in columns.items() if chosen.get(name)}
    return nominations.filter(**wanted).search(chosen.get("q", ""))


def in_state(nominations: QuerySet[Nomination], state: str) -> QuerySet[Nomination]:
    """Keep one state, or every state."""
    return nominations if state == EVERY_STATE else nominations.filter(state=state)


def state_counts(nominations: QuerySet[Nomination]) -> dict[str, int]:
    """Return how many nominations stand in each state that occurs."""
    rows = nominations.order_by().values_list("state").annotate(number=Count("pk", distinct=True))
    return dict(rows)


@dataclasses.dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue: how long it has waited (None: it waits no longer), how often resent."""

    nomination: Nomination
    days: int | None
    resubmissions: int


def queue_rows(nominations: Sequence[Nomination], day: dt.date) -> list[QueueRow]:
    """Return the lines of one page of the queue."""
    again = dict(
        AuditEntry.objects.filter(
            subject_type=Nomination._meta.label_lower,
            subject_id__in=[str(nomination.pk) for nomination in nominations],
            action=_RESUBMIT,
        )
        .order_by()
        .values_list("subject_id")
        .annotate(number=Count("pk"))
    )
    return [
        QueueRow(
            nomination,
            _days_waited(nomination, day),
            again.get(str(nomination.pk), 0),
        )
        for nomination in nominations
    ]


def _days_waited(nomination: Nomination, day: dt.date) -> int | None:
    if nomination.state != NominationState.SUBMITTED or nomination.submitted_at is None:
        return None
    return (day - clock.local_day(nomination.submitted_at)).days


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a nomination stands in a queue, and which stand before and after it."""

    number: int
    total: int
    previous_id: int | None
    next_id: int | None


def place_in(nominations: QuerySet[Nomination], nomination: Nomination) -> Place:
    """Return the neighbours in a queue; one that has left it is followed by the first."""
    ids = list(nominations.values_list("pk", flat=True))
    if nomination.pk not in ids:
        return Place(0, len(ids), None, ids[0] if ids else None)
    at = ids.index(nomination.pk)
    return Place(
        at + 1,
        len(ids),
        ids[at - 1] if at else None,
        ids[at + 1] if at + 1 < len(ids) else None,
    )


def nominating_units(agency_id: int) -> QuerySet[Unit]:
    """Return the units that may stand in the filter."""
    return Unit.objects.filter(agency_id=agency_id).nominating().only("pk", "name", "sort_key")


def award_forms_of(agency_id: int) -> QuerySet[AwardForm]:
    """Return the award forms of every campaign, the newest first."""
    return (
        AwardForm.objects.filter(campaign__agency_id=agency_id)
        .select_related("campaign")
        .order_by("-campaign__nominations_due_on", "campaign_id", "position")
    )


def report_counts(award_form: AwardForm) -> dict[str, int]:
    """Return how many reports of a form of award were received, and how many were never sent."""
    live = Nomination.objects.filter(award_form=award_form).exclude(state=NominationState.WITHDRAWN)
    return live.aggregate(
        received=Count("pk", filter=Q(received_for_appraisal_at__isnull=False)),
        unsent=Count("pk", filter=Q(received_for_appraisal_at__isnull=True)),
    )


# --- One nomination ----------------------------------------------------------------------------


def nominations_in_full(user: Any) -> QuerySet[Nomination]:
    """Return the nominations that exist for `user`, with all that their page shows."""
    return (
        Nomination.objects.visible_to(user)
        .select_related(
            "proposal__unit",
            "proposal__meeting",
            "campaign",
            "award_form__campaign",
            "person",
            "recipient_unit",
            "author",
            "reviewed_by__person",
            "settled_by__person",
            "report__form__basis",
            "unit_vote",
            "decision_line__decision",
            "letter_line__letter",
        )
        .prefetch_related(
            Prefetch("evidence", Evidence.objects.select_related("file")),
            Prefetch("report__sections", ReportSection.objects.select_related("heading")),
            "report__past_awards",
            "report__sections__claims__evidence",
            "award_form__criteria",
            "award_form__required_items",
        )
    )


@dataclasses.dataclass(frozen=True, slots=True)
class ReportPart:
    """One heading of the report as it is read; a group of headings has no text of its own."""

    heading: ReportHeading
    text: str
    awards: list[PastAward]
    claims: tuple[Claim, ...] = ()

    @property
    def is_lacking(self) -> bool:
        """Whether the form asks for a text that is not there."""
        return self.heading.is_required and not (self.heading.is_group or self.text or self.awards)


def report_parts(nomination: Nomination) -> list[ReportPart]:
    """Return the report under the headings of its form."""
    report = getattr(nomination, "report", None)
    if report is None:
        return []
    sections = {section.heading_id: section for section in report.sections.all()}
    texts = {heading_id: section.text for heading_id, section in sections.items()}
    claims = {key: tuple(section.claims.all()) for key, section in sections.items()}
    # Nearly always the same form, and its headings have been read.
    named = nomination.award_form.report_form
    form = named if named.pk == report.form_id else report.form
    return [
        ReportPart(
            heading,
            texts.get(heading.pk, ""),
            [row for row in report.past_awards.all() if row.heading_id == heading.pk],
            claims.get(heading.pk, ()),
        )
        for heading in form.headings.all()
        if heading.subject_kind == nomination.subject_kind
    ]


def agenda_item_of(nomination: Nomination) -> AgendaItem | None:
    """Return the newest place of a nomination on an agenda of the council."""
    return (
        AgendaItem.objects.filter(nomination=nomination)
        .select_related("meeting")
        .order_by("-pk")
        .first()
    )


# --- The summary -------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class SummaryCell:
    """How many nominations of one unit stand in one state."""

    state: str
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class SummaryRow:
    """One unit's counts."""

    unit_id: int
    unit_name: str
    cells: tuple[SummaryCell, ...]
    total: int


@dataclasses.dataclass(frozen=True, slots=True)
class SummaryTable:
    """Tổng hợp of one form of award: units by states, as many columns as states occur."""

    award_form: AwardForm
    states: tuple[tuple[str, str], ...]
    rows: tuple[SummaryRow, ...]
    sums: tuple[SummaryCell, ...]
    total: int


def summary_tables(nominations: QuerySet[Nomination], campaign: Campaign) -> list[SummaryTable]:
    """Return one table a form of award of the campaign."""
    counts: dict[int, dict[tuple[str, int, str], dict[str, int]]] = {}
    grouped = (
        nominations.filter(campaign=campaign)
        .order_by()
        .values_list(
            "award_form_id",
            "proposal__unit__sort_key",
            "proposal__unit_id",
            "proposal__unit__name",
            "state",
        )
        .annotate(number=Count("pk", distinct=True))
    )
    for form_id, key, unit_id, name, state, number in grouped:
        counts.setdefault(form_id, {}).setdefault((key, unit_id, name), {})[state] = number
    return [_summary_table(form, counts.get(form.pk, {})) for form in campaign.award_forms.all()]


def _summary_table(
    award_form: AwardForm, counts: Mapping[tuple[str, int, str], Mapping[str, int]]
) -> SummaryTable:
    occurring = {state for numbers in counts.values() for state in numbers}
    states = tuple((state.value, state.label) for state in NominationState if state in occurring)
    rows = tuple(
        SummaryRow(
            unit_id,
            name,
            tuple(SummaryCell(state, numbers.get(state, 0)) for state, _ in states),
            sum(numbers.values()),
        )
        for (_, unit_id, name), numbers in sorted(counts.items())
    )
    sums = tuple(
        SummaryCell(state, sum(row.cells[place].number for row in rows))
        for place, (state, _) in enumerate(states)
    )
    return SummaryTable(award_form, states, rows, sums, sum(row.total for row in rows))


def accepted_in(nominations: QuerySet[Nomination], campaign: Campaign) -> QuerySet[Nomination]:
    """Return what the office has accepted and nobody has settled yet."""
    return nominations.filter(campaign=campaign, state=NominationState.ACCEPTED).select_related(
        "award_form", "proposal__unit", "unit_vote"
    )


def nominations_in_summary(user: Any, campaign: Campaign) -> QuerySet[Nomination]:
    """Return what the office has accepted, decided or not, in the order of the summary table."""
    left_out = (
        NominationState.DRAFT,
        NominationState.SUBMITTED,
        NominationState.RETURNED,
        NominationState.DECLINED,
        NominationState.WITHDRAWN,
    )
    return (
        sent_nominations(user)
        .filter(campaign=campaign)
        .exclude(state__in=left_out)
        .select_related("award_form", "proposal__unit", "unit_vote")
        .order_by("award_form__position", "proposal__unit__sort_key", "-subject_kind", "sort_key")
    )


# --- What waits for the signatory --------------------------------------------------------------


def waiting_for_approval(user: Any) -> QuerySet[Nomination]:
    """Return the accepted nominations that the head of the agency decides."""
    return (
        with_holds(sent_nominations(user), user)
        .filter(state=NominationState.ACCEPTED, award_form__route=AwardRoute.OWN)
        .select_related("award_form", "proposal__unit", "unit_vote", "person")
    )


def settled_recently(user: Any) -> QuerySet[Nomination]:
    """Return what was approved or refused last."""
    return (
        Nomination.objects.visible_to(user)
        .filter(settled_at__isnull=False, award_form__route=AwardRoute.OWN)
        .select_related("award_form", "proposal__unit", "settled_by__person")
        .order_by("-settled_at", "pk")[:_RECENT]
    )


def letters_to_sign(user: Any) -> QuerySet[SubmissionLetter]:
    """Return the letters to the superior that wait for the signatory."""
    return (
        SubmissionLetter.objects.visible_to(user)
        .filter(state=LetterState.DRAFT)
        .select_related("award_form", "meeting")
        .annotate(line_count=Count("lines"))
        .order_by("created_at")
    )


# --- The council -------------------------------------------------------------------------------


def meetings_of(user: Any) -> QuerySet[CouncilMeeting]:
    """Return the council's meetings, the newest first."""
    return (
        CouncilMeeting.objects.visible_to(user)
        .select_related("council", "award_form", "letter")
        .annotate(item_count=Count("agenda"))
        .order_by("-held_at", "-pk")  # a count takes the model's own order away
    )


def waiting_for_a_meeting(user: Any) -> QuerySet[Nomination]:
    """Return the accepted nominations that stand on no agenda yet."""
    return (
        with_holds(sent_nominations(user), user)
        .filter(state=NominationState.ACCEPTED, award_form__route=AwardRoute.SUPERIOR)
        .exclude(pk__in=AgendaItem.objects.values("nomination_id"))
        .select_related("award_form", "proposal__unit", "unit_vote")
    )


def meetings_in_full(user: Any) -> QuerySet[CouncilMeeting]:
    """Return the meetings that exist for `user`, with all that their page and minutes show."""
    seats = Attendance.objects.select_related("member__person__unit")
    recusals = Recusal.objects.select_related("member__person").order_by("member__rank")
    agenda = AgendaItem.objects.select_related(
        "nomination__award_form", "nomination__proposal__unit"
    ).prefetch_related(Prefetch("recusals", recusals))
    return (
        CouncilMeeting.objects.visible_to(user)
        .select_related(
            "council", "campaign__agency", "award_form", "minutes_file", "created_by", "letter"
        )
        .prefetch_related(Prefetch("attendance", seats), Prefetch("agenda", agenda))
    )


# --- Counts beside the navigation --------------------------------------------------------------


def count_to_review(user: Any, at: dt.datetime) -> int:
    """Return how many nominations wait for the office."""
    return sent_nominations(user).filter(state=NominationState.SUBMITTED).count()


def count_to_approve(user: Any, at: dt.datetime) -> int:
    """Return how many nominations wait for the signatory."""
    return (
        sent_nominations(user)
        .filter(state=NominationState.ACCEPTED, award_form__route=AwardRoute.OWN)
        .count()
    )
