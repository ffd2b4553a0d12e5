"""Reads of a plan: the whole of it for its page, the list with its windows."""

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import QuerySet

from campaigns.models import AwardForm, Campaign, RequiredItem


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """Thời hạn nhận hồ sơ: how far it has gone on a day."""

    total: int
    passed: int
    is_last_day: bool

    @classmethod
    def of(cls, campaign: Campaign, day: dt.date) -> "Window":
        total = (campaign.nominations_due_on - campaign.opens_on).days + 1
        passed = min(max((day - campaign.opens_on).days + 1, 0), total)
        return cls(total, passed, day == campaign.nominations_due_on)

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
    return Campaign.objects.visible_to(user).prefetch_related("award_forms")


def plans_of(user: Any) -> QuerySet[Campaign]:
    """Return plans with all that their page shows."""
    return (
        Campaign.objects.visible_to(user)
        .select_related("reference_plan")
        .prefetch_related(
            "sections",
            "recipients",
            "award_forms__criteria",
            "award_forms__report_form__basis",
            "required_items__award_forms",
        )
    )


def dossier_of(campaign: Campaign) -> list[DossierLine]:
    """Return the dossier list as a table: a line for each paper, a column for each form."""
    forms = list(campaign.award_forms.all())
    lines = []
    for item in campaign.required_items.all():
        needed_by = {form.pk for form in item.award_forms.all()}
        lines.append(DossierLine(item, [form.pk in needed_by for form in forms]))
    return lines


def dead_forms_of(campaign: Campaign, day: dt.date) -> list[AwardForm]:
    """Return a form of award for each report form whose decree is not in force on `day`."""
    dead: dict[int, AwardForm] = {}
    for form in campaign.award_forms.all():
        if not form.report_form.basis.in_force(day):
            dead.setdefault(form.report_form_id, form)
    return list(dead.values())
