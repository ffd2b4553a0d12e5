"""Reads of a plan: the whole of it for its page, the list with its windows, drafts with findings."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from campaigns import reading
from campaigns.models import (
    Campaign,
    LegalBasis,
    PlanDraft,
    ReportForm,
    RequiredItem,
    WindowExtension,
)
from campaigns.plan_fields import FIELDS, Field
from campaigns.queries import days, windows
from units.models import Agency


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """Thời hạn nhận hồ sơ: how far it has gone on a day."""

    total: int
    passed: int
    is_last_day: bool
    due_on: dt.date
    extensions: list[WindowExtension]
    working_left: int | None = None

    @classmethod
    def of(
        cls,
        campaign: Campaign,
        day: dt.date,
        unit_ids: Iterable[int] = (),
        calendar: Mapping[dt.date, str] | None = None,
    ) -> "Window":
        """Measure the window as some units have it; with a calendar, in worked days as well."""
        unit_ids = list(unit_ids)
        due_on = windows.last_day_of(campaign, unit_ids)
        total = (due_on - campaign.opens_on).days + 1
        passed = min(max((day - campaign.opens_on).days + 1, 0), total)
        return cls(
            total,
            passed,
            day == due_on,
            due_on,
            windows.extensions_of(campaign, unit_ids),
            None if calendar is None else days.count_working(calendar, day, due_on),
        )

    @property
    def left(self) -> int:
        return self.total - self.passed

    @property
    def sentence(self) -> str:
        """Say the meter in words."""
        return f"Đã qua {self.passed} trên {self.total} ngày nhận hồ sơ"


@dataclasses.dataclass(frozen=True, slots=True)
class DossierLine:
    """Một dòng thành phần hồ sơ: the paper, and for each form of award whether it needs it."""

    item: RequiredItem
    needed: list[bool]


def campaigns_of(user: Any) -> QuerySet[Campaign]:
    """Return the plans of the agency, the latest first."""
    return Campaign.objects.visible_to(user).prefetch_related("award_forms", "extensions")


def plans_of(user: Any) -> QuerySet[Campaign]:
    """Return plans with all that their page shows."""
    return (
        Campaign.objects.visible_to(user)
        .select_related("reference_plan")
        .prefetch_related(
            "sections",
            "recipients",
            "subjects",
            "extensions__unit",
            "award_forms__criteria",
            "required_items__award_forms",
            "extensions",
        )
    )


def plans_to_print(user: Any) -> QuerySet[Campaign]:
    """Return plans with the agency that stands at the head of their paper."""
    return Campaign.objects.visible_to(user).select_related("agency")


def dossier_of(campaign: Campaign) -> list[DossierLine]:
    """Return the dossier list as a table: a line for each paper, a column for each form."""
    forms = list(campaign.award_forms.all())
    lines = []
    for item in campaign.required_items.all():
        needed_by = {form.pk for form in item.award_forms.all()}
        lines.append(DossierLine(item, [form.pk in needed_by for form in forms]))
    return lines


def known_law(agency: Agency | int) -> reading.Law:
    """Return the agency's law as the reader needs it."""
    agency_id = agency if isinstance(agency, int) else agency.pk
    rows = LegalBasis.objects.filter(agency_id=agency_id).values_list(
        "code", "citation", "issued_on", "in_force_on", "out_of_force_on"
    )
    forms = ReportForm.objects.filter(agency_id=agency_id).values_list("number", "basis__code")
    return reading.Law(tuple(reading.LawRow(*row) for row in rows), frozenset(forms))


def drafts_of(user: Any) -> QuerySet[PlanDraft]:
    """Return the drafts of the agency, the latest first."""
    return PlanDraft.objects.visible_to(user).select_related(
        "agency", "campaign", "source", "created_by__person"
    )


@dataclasses.dataclass(frozen=True, slots=True)
class DraftField:
    """Một mục của bản đọc: what is proposed, where it was found, who has confirmed it."""

    field: Field
    value: str
    source: str
    note: str
    confirmed_by: str
    confirmed_at: dt.datetime | None
    findings: list[reading.Finding]

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_settled(self) -> bool:
        """Nothing is left to confirm: an optional field without a value says nothing."""
        return self.is_confirmed or not (self.field.required or self.value)


def fields_of(draft: PlanDraft, findings: list[reading.Finding]) -> list[DraftField]:
    """Return the fields of a draft in order, each with its own findings."""
    found = []
    for field in FIELDS:
        row = draft.fields.get(field.name, {})
        moment = row.get("confirmed_at")
        found.append(
            DraftField(
                field,
                row.get("value", ""),
                row.get("source", ""),
                row.get("note", ""),
                row.get("confirmed_by", ""),
                dt.datetime.fromisoformat(moment) if moment else None,
                [finding for finding in findings if finding.field == field.name],
            )
        )
    return found


def unconfirmed(draft: PlanDraft) -> list[Field]:
    """Return the fields that nobody has confirmed yet."""
    return [row.field for row in fields_of(draft, []) if not row.is_settled]


def findings_of(draft: PlanDraft) -> list[reading.Finding]:
    """Return what is missing or odd in a draft now; a remark goes once its field is confirmed."""
    notes = [
        reading.Finding(row.field.name, row.note, "Hãy so với văn bản rồi xác nhận.")
        for row in fields_of(draft, [])
        if row.note and not row.is_confirmed
    ]
    return [*reading.findings_of(draft.values, known_law(draft.agency_id)), *notes]
