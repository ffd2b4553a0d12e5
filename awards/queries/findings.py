"""What the findings before sending are judged by, read once for a whole list of nominations."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from awards.models import Nomination, NominationState, Proposal, RegisterEntry
from awards.models.nomination import COURTESIES, ENDED, LIVE
from awards.queries.holds import HoldFacts, hold_facts
from awards.queries.quotas import QuotaLine, quota_lines
from campaigns.models import AwardForm, Campaign, Provision, ReportForm, SubjectKind
from campaigns.queries.forms import choice_of
from campaigns.queries.law import principles_on
from thidua.core import clock

ONE_AWARD, ON_HOLD, SUBJECTS, DOSSIER = (
    "one_achievement_one_award",
    "suspended_while_examined",
    "consistency",
    "dossier",
)
_PRINCIPLES = (ONE_AWARD, ON_HOLD, SUBJECTS, DOSSIER)
_PATHS = (
    *("campaign", "proposal", "person__unit", "recipient_unit__successor", "unit_vote"),
    *("award_form__criteria", "award_form__required_items", "award_form__form_choices"),
    *("report__form__basis", "report__form__headings", "report__sections"),
    *("report__past_awards", "evidence__file", "criterion_answers__heading"),
)

Subject = tuple[int | None, int | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """Điều đã đọc để kiểm tra: quotas, other nominations, awards, holds and law, for a list."""

    quotas: dict[int, list[QuotaLine]]
    others: dict[Subject, list[Nomination]]
    awards: dict[Subject, list[RegisterEntry]]
    namesakes: dict[str, list[RegisterEntry]]
    holds: HoldFacts
    principles: dict[dt.date, dict[str, Provision]]
    newer_forms: dict[int, int]

    def last_edition(self, form_id: int) -> int:
        """Return the edition in which a form of report is corrected now."""
        while form_id in self.newer_forms:
            form_id = self.newer_forms[form_id]
        return form_id


def nominations_to_check(proposal: Proposal) -> list[Nomination]:
    """Return the names of a proposal that have not ended, with all that is checked."""
    return list(
        Nomination.objects.filter(proposal=proposal)
        .exclude(state__in=ENDED)
        .select_related(
            "campaign",
            "proposal",
            "award_form",
            "person__unit",
            "recipient_unit__successor",
            "report__form__basis",
            "unit_vote",
        )
        .prefetch_related(*_PATHS)
        .order_by("award_form__position", "-subject_kind", "sort_key")
    )


def known_about(nominations: Sequence[Nomination], at: dt.datetime) -> Known:
    """Read what the rules are asked about: as many queries for one name as for thirty.

    The nominations are of one agency.
    """
    listed = list(nominations)
    prefetch_related_objects(listed, *_PATHS)
    agency_id = listed[0].agency_id if listed else 0
    people = {n.person_id for n in listed if n.person_id}
    units = {n.recipient_unit_id for n in listed if n.recipient_unit_id}
    about = Q(person__in=people) | Q(recipient_unit__in=units)
    entries = _entries(listed, agency_id, about)
    days = {law_day(nomination, at) for nomination in listed}
    return Known(
        quotas=quota_lines({n.proposal_id: n.proposal for n in listed}.values(), _today(at)),
        others=_by_subject(
            Nomination.objects.filter(about, LIVE)
            .exclude(state=NominationState.AWARDED)
            .select_related("campaign", "award_form", "proposal")
        ),
        awards=_by_subject(entries),
        namesakes=_by_name(entries),
        holds=hold_facts(listed),
        principles={day: principles_on(agency_id, _PRINCIPLES, day) for day in days},
        newer_forms=_newer_forms(listed, agency_id),
    )


def law_day(nomination: Nomination, at: dt.datetime) -> dt.date:
    """Return the day whose law holds: that of the receipt, of a draft today."""
    return clock.local_day(nomination.received_for_appraisal_at or at)


def subject_of(row: Nomination | RegisterEntry) -> Subject:
    """Return whom a row is about, to be compared."""
    return row.person_id, row.recipient_unit_id


def asked_form(award_form: AwardForm) -> int:
    """Return the form of report (its key) that the office chose, else the plan's."""
    choice = choice_of(award_form)
    return choice.chosen_id if choice else award_form.report_form_id


def overlap(one: Campaign, other: Campaign) -> bool:
    """Whether two campaigns count achievements of the same days."""
    return one.launched_on <= other.emulation_ends_on and other.launched_on <= one.emulation_ends_on


def plain_name(printed: str) -> str:
    """Return a printed name without what is said before it."""
    for courtesy in COURTESIES:
        printed = printed.removeprefix(courtesy)
    return printed


def _entries(listed: list[Nomination], agency_id: int, about: Q) -> QuerySet[RegisterEntry]:
    names = {n.recipient_name for n in listed if n.subject_kind == SubjectKind.PERSON}
    printed = [before + name for name in names for before in ("", *COURTESIES)]
    return (
        RegisterEntry.objects.filter(agency=agency_id)
        .filter(about | Q(subject_kind=SubjectKind.PERSON, recipient_name__in=printed))
        .select_related("campaign", "nomination")
        .order_by("-decided_on", "-pk")
    )


def _by_subject(rows: Iterable[Any]) -> dict[Subject, list[Any]]:
    found: dict[Subject, list[Any]] = {}
    for row in rows:
        found.setdefault(subject_of(row), []).append(row)
    return found


def _by_name(entries: Iterable[RegisterEntry]) -> dict[str, list[RegisterEntry]]:
    found: dict[str, list[RegisterEntry]] = {}
    for entry in entries:
        if entry.subject_kind == SubjectKind.PERSON:
            found.setdefault(plain_name(entry.recipient_name), []).append(entry)
    return found


def _newer_forms(listed: list[Nomination], agency_id: int) -> dict[int, int]:
    """Return which edition follows which; read only when a report stands under another form."""
    if all(n.report.form_id == asked_form(n.award_form) for n in listed if hasattr(n, "report")):
        return {}
    editions = ReportForm.objects.filter(agency=agency_id, replaced_by__isnull=False)
    return dict(editions.values_list("pk", "replaced_by_id"))


def _today(at: dt.datetime) -> dt.date:
    return clock.local_day(at)
