"""Quotas of a campaign: what the office allows each unit, by form of award and kind of subject."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from campaigns.models import Campaign, Criterion, Quota, QuotaWaiver
from units.models import Unit


def text_of(quota: Quota | None) -> str:
    """Return a quota as it is typed: «3», «10%», "" for none."""
    if quota is None:
        return ""
    return f"{quota.percent}%" if quota.percent else str(quota.most)


def sentence_of(text: str) -> str:
    """Return a typed quota as people read it."""
    if text.endswith("%"):
        return f"{text} số người"
    return text or "không giới hạn"


def most_of(quota: Quota, staff_count: int) -> int:
    """Return how many a quota means for a unit of so many people: a share never less than one."""
    if quota.percent:
        return max(1, staff_count * quota.percent // 100)
    return quota.most or 0


def quota_for(
    quotas: Iterable[Quota], award_form_id: int, subject_kind: str, unit_id: int
) -> Quota | None:
    """Return the quota that holds for a unit: its own, else that of each unit, if there is any."""
    found = {
        quota.unit_id: quota
        for quota in quotas
        if (quota.award_form_id, quota.subject_kind) == (award_form_id, subject_kind)
    }
    return found.get(unit_id) or found.get(None)


@dataclasses.dataclass(frozen=True, slots=True)
class QuotaRow:
    """Một dòng của bảng chỉ tiêu: a form of award and kind of subject, with all that is allowed."""

    criterion: Criterion
    each: Quota | None
    own: list[Quota]
    waivers: list[QuotaWaiver]

    @property
    def label(self) -> str:
        return label_of(self.criterion)

    @property
    def each_sentence(self) -> str:
        return sentence_of(text_of(self.each))

    @property
    def exceptions(self) -> list[tuple[Unit, str]]:
        return [(quota.unit, sentence_of(text_of(quota))) for quota in self.own if quota.unit]


def label_of(criterion: Criterion) -> str:
    """Name a pair: «Giấy khen, cá nhân»."""
    return f"{criterion.award_form.name}, {criterion.get_subject_kind_display().lower()}"


def criteria_of(campaign: Campaign) -> QuerySet[Criterion]:
    """Return the pairs for which the plan has criteria: only those can have a quota."""
    return (
        Criterion.objects.filter(award_form__campaign=campaign)
        .select_related("award_form__campaign")
        .order_by("award_form__position", "-subject_kind")
    )


def criteria_visible_to(user: Any) -> QuerySet[Criterion]:
    """Return the pairs of the agency's campaigns."""
    return Criterion.objects.filter(
        award_form__campaign__in=Campaign.objects.visible_to(user)
    ).select_related("award_form__campaign")


def quotas_of(criterion: Criterion) -> dict[int | None, Quota]:
    """Return the quotas of a pair by unit; None is each unit that has none of its own."""
    rows = Quota.objects.filter(
        award_form_id=criterion.award_form_id, subject_kind=criterion.subject_kind
    )
    return {row.unit_id: row for row in rows}


def quota_table(campaign: Campaign, user: Any) -> list[QuotaRow]:
    """Return a line for each pair, with the waivers that `user` may read."""
    quotas = list(Quota.objects.filter(award_form__campaign=campaign).select_related("unit"))
    waivers = list(
        QuotaWaiver.objects.visible_to(user)
        .filter(award_form__campaign=campaign)
        .select_related("unit", "recorded_by__person", "file")
    )
    rows = []
    for criterion in criteria_of(campaign):
        pair = (criterion.award_form_id, criterion.subject_kind)
        here = [q for q in quotas if (q.award_form_id, q.subject_kind) == pair]
        rows.append(
            QuotaRow(
                criterion,
                next((quota for quota in here if quota.unit_id is None), None),
                [quota for quota in here if quota.unit_id],
                [w for w in waivers if (w.award_form_id, w.subject_kind) == pair],
            )
        )
    return rows


def proposing_units(campaign: Campaign, day: dt.date) -> QuerySet[Unit]:
    """Return the units that propose in a campaign."""
    return Unit.objects.filter(agency_id=campaign.agency_id).nominating().in_force(day)
