"""Reads of the registrar's desk: what waits for a number, a paper or a signed file; the register."""

import dataclasses
from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from awards.models import (
    Book,
    Decision,
    DecisionLine,
    DecisionState,
    LetterState,
    Nomination,
    NominationState,
    Register,
    RegisterEntry,
    SubmissionLetter,
)
from awards.queries.holds import with_holds, without_holds
from awards.queries.lines import UNCONFIRMED, heads_of
from campaigns.models import AwardForm, AwardRoute, Campaign, SubjectKind
from thidua.core.models import Job

RECENT_COUNT = 8


# --- What waits ----------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """Việc chờ quyết định: a form of award with what was approved for it, not yet decided."""

    award_form: AwardForm
    unit_count: int
    person_count: int
    # What has to be confirmed before the number, as (unit, its head, how many lines).
    unconfirmed: tuple[tuple[str, str, int], ...] = ()

    @property
    def total(self) -> int:
        return self.unit_count + self.person_count

    @property
    def words(self) -> str:
        """Return “01 tập thể và 02 cá nhân”."""
        counts = ((self.unit_count, "tập thể"), (self.person_count, "cá nhân"))
        return " và ".join(f"{count:02d} {noun}" for count, noun in counts if count)

    @property
    def words_with_waiting(self) -> str:
        """Return the same with the units whose confirmation is waited for."""
        units = "; ".join(
            f"{unit} ({head}): {count} dòng" if head else f"{unit}: {count} dòng"
            for unit, head, count in self.unconfirmed
        )
        return f"{self.words} · chờ {units}"


def forms_visible_to(user: Any) -> QuerySet[AwardForm]:
    """Keep the forms of award of the agency that it decides itself."""
    return AwardForm.objects.filter(
        campaign__in=Campaign.objects.visible_to(user), route=AwardRoute.OWN
    ).select_related("campaign__agency")


def waiting_for_decision(user: Any) -> list[Waiting]:
    """Return each form of award that has approved nominations without a decision."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    units: dict[int, dict[tuple[str, int], int]] = defaultdict(dict)
    rows = (
        Nomination.objects.filter(
            campaign__agency_id=user.agency_id, state=NominationState.APPROVED
        )
        .order_by("award_form", "proposal__unit__sort_key")
        .values("award_form", "subject_kind", "proposal__unit", "proposal__unit__name")
        .annotate(count=Count("pk"), open_count=Count("pk", filter=UNCONFIRMED))
    )
    for row in rows:
        counts[row["award_form"]][row["subject_kind"]] += row["count"]
        place = (row["proposal__unit__name"], row["proposal__unit"])
        known = units[row["award_form"]]
        known[place] = known.get(place, 0) + row["open_count"]
    heads = heads_of({unit for known in units.values() for _, unit in known}) if counts else {}
    return [
        Waiting(
            form,
            counts[form.pk][SubjectKind.UNIT],
            counts[form.pk][SubjectKind.PERSON],
            tuple(
                (name, heads.get(unit, ""), count)
                for (name, unit), count in units[form.pk].items()
                if count
            ),
        )
        for form in forms_visible_to(user).filter(pk__in=counts)
    ]


def approved_in_order(award_form: AwardForm) -> list[Nomination]:
    """Return what the next decision will list: collectives first, then people by name."""
    approved = without_holds(_approved(award_form))
    return sorted(
        approved.select_related("proposal__unit", "settled_by__person"),
        key=lambda nomination: nomination.line_order,
    )


def approved_on_hold(award_form: AwardForm, user: Any) -> list[Nomination]:
    """Return what was approved and waits for a later decision, as `user` may know it."""
    return [n for n in with_holds(_approved(award_form), user) if n.is_held]


def _approved(award_form: AwardForm) -> QuerySet[Nomination]:
    return Nomination.objects.filter(award_form=award_form, state=NominationState.APPROVED)


def next_number(agency_id: int, book: Book, year: int) -> int:
    """Return the number that the book will give next, if nobody takes it first."""
    register = Register.objects.filter(agency_id=agency_id, book=book, year=year).first()
    return (register.last_number if register else 0) + 1


def decisions_visible_to(user: Any) -> QuerySet[Decision]:
    """Return the decisions of the agency with what every page of theirs shows."""
    return Decision.objects.visible_to(user).select_related(
        "campaign__agency",
        "award_form",
        "file",
        "certificates_file",
        "signed_file",
        "created_by__person",
    )


def open_decisions(user: Any) -> QuerySet[Decision]:
    """Return the numbered decisions that wait for papers or for their signed file."""
    unprinted = DecisionLine.objects.filter(decision=OuterRef("pk"), certificate_file__isnull=True)
    return (
        Decision.objects.visible_to(user)
        .filter(state=DecisionState.NUMBERED)
        .select_related("award_form")
        .annotate(line_count=Count("lines"), lacks_certificates=Exists(unprinted))
    )


def letters_to_number(user: Any) -> QuerySet[SubmissionLetter]:
    """Return the letters that are signed off and wait for a number."""
    return (
        SubmissionLetter.objects.visible_to(user)
        .filter(state=LetterState.APPROVED)
        .select_related("award_form", "approved_by__person")
        .annotate(line_count=Count("lines"))
    )


def recent_decisions(user: Any) -> QuerySet[Decision]:
    """Return the decisions that were closed last."""
    return (
        Decision.objects.visible_to(user)
        .filter(state=DecisionState.CLOSED)
        .select_related("award_form")
        .annotate(line_count=Count("lines"))[:RECENT_COUNT]
    )


def recent_letters(user: Any) -> QuerySet[SubmissionLetter]:
    """Return the letters that were sent last."""
    return (
        SubmissionLetter.objects.visible_to(user)
        .filter(number__isnull=False)
        .select_related("award_form")
        .annotate(line_count=Count("lines"))
        .order_by("-issued_on", "-number")[:RECENT_COUNT]
    )


def lines_of(decision: Decision) -> QuerySet[DecisionLine]:
    """Return the list of a decision with certificates and, once closed, the money."""
    return decision.lines.select_related("certificate_file", "nomination__register_entry")


def latest_jobs(model_label: str, ids: list[int]) -> dict[int, Job]:
    """Return the newest job of each of several records."""
    found = Job.objects.filter(subject_type=model_label, subject_id__in=ids)
    return {job.subject_id: job for job in found.order_by("requested_at")}


# --- The register --------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Bộ lọc sổ: what the address of the page asks for."""

    words: str = ""
    year: int | None = None
    award_type: str = ""


def register_entries(user: Any, wanted: RegisterFilter) -> QuerySet[RegisterEntry]:
    """Return the register of the agency, narrowed, newest first."""
    entries = (
        RegisterEntry.objects.visible_to(user)
        .select_related("campaign", "award_form")
        .annotate(file_sha256=F("nomination__decision_line__certificate_file__sha256"))
    )
    if wanted.year:
        entries = entries.filter(year=wanted.year)
    if wanted.award_type:
        entries = entries.filter(award_form__award_type=wanted.award_type)
    found: QuerySet[RegisterEntry] = entries.search(wanted.words)
    return found


def register_years(user: Any) -> list[int]:
    """Return the years in which something was entered, newest first."""
    years = RegisterEntry.objects.visible_to(user).order_by("-year")
    return list(years.values_list("year", flat=True).distinct())


def totals_of(entries: QuerySet[RegisterEntry]) -> dict[str, int]:
    """Return how many entries, and how much money they come to."""
    found = entries.order_by().aggregate(count=Count("pk"), amount=Sum("amount"))
    return {"count": found["count"], "amount": found["amount"] or 0}


# --- The public check ----------------------------------------------------------------------


def line_by_code(code: str) -> DecisionLine | None:
    """Return the line that a certificate's code names."""
    return (
        DecisionLine.objects.filter(check_code=code)
        .select_related("decision__campaign__agency", "decision__award_form")
        .first()
    )
