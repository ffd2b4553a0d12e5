"""Which form of report a form of award uses, and what the office has still to choose.

The plan names a form once. When its decree ends, the office keeps it or takes the corresponding
one: a row of `FormChoice`, of which the latest counts.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from campaigns.models import AwardForm, Campaign, CampaignState, FormChoice, ReportForm
from campaigns.queries.law import corresponding_form
from thidua.core import clock


def with_choices(award_forms: QuerySet[AwardForm]) -> QuerySet[AwardForm]:
    """Bring along the form that the plan names, and all that was chosen instead."""
    choices = FormChoice.objects.select_related("chosen__basis", "chosen_by__person")
    return award_forms.select_related("campaign", "report_form__basis").prefetch_related(
        Prefetch("form_choices", choices)
    )


def choice_of(award_form: AwardForm) -> FormChoice | None:
    """Return the choice that counts; reads the whole relation, so that a list can bring it."""
    return max(award_form.form_choices.all(), key=lambda row: (row.chosen_at, row.pk), default=None)


def current_form(award_form: AwardForm) -> ReportForm:
    """Return the form under which a new report is written: the one chosen, in its last edition."""
    choice = choice_of(award_form)
    form = choice.chosen if choice else award_form.report_form
    while form.replaced_by:
        form = form.replaced_by
    return form


def has_ended(form: ReportForm, day: dt.date) -> bool:
    """Whether the decree of a form is no longer in force on `day`."""
    end = form.basis.out_of_force_on
    return end is not None and end <= day


def must_choose(award_form: AwardForm, day: dt.date) -> bool:
    """Whether the form in use has ended without the office having said what follows.

    Whoever chose a form that had ended already knew it.
    """
    choice = choice_of(award_form)
    if choice is None:
        return has_ended(award_form.report_form, day)
    knew = has_ended(choice.chosen, clock.local_day(choice.chosen_at))
    return has_ended(choice.chosen, day) and not knew


def awaiting_choice(agency_id: int, day: dt.date) -> list[AwardForm]:
    """Return the forms of award of open campaigns whose form of report is to be chosen."""
    open_ones = AwardForm.objects.filter(
        campaign__agency_id=agency_id,
        campaign__state=CampaignState.OPEN,
        report_form__basis__out_of_force_on__lte=day,
    ).order_by("campaign__nominations_due_on", "campaign_id", "position")
    return [form for form in with_choices(open_ones) if must_choose(form, day)]


def options_of(award_form: AwardForm, day: dt.date) -> list[ReportForm]:
    """Return what the office may choose: the form that the plan names, and what serves for it now."""
    named = award_form.report_form
    heir = corresponding_form(named, day)
    return [named] if heir is None or heir.pk == named.pk else [named, heir]


def dead_form_sentence(form: ReportForm, day: dt.date) -> str:
    """Say that a form named by a plan has ended, and which one serves now."""
    heir = corresponding_form(form, day)
    now = f"mẫu tương ứng đang áp dụng: {heir.label}" if heir else "danh mục chưa có mẫu tương ứng"
    return (
        f"Kế hoạch dẫn chiếu Mẫu số {form.number} {form.basis.short_name} đã hết hiệu lực từ "
        f"{written_date(form.basis.out_of_force_on)}; {now}."
    )


def written_date(day: dt.date | None) -> str:
    """Return “01/7/2025”: days below 10 and months 1, 2 with a zero, as official texts write."""
    if day is None:
        return ""
    month = f"{day.month:02d}" if day.month in (1, 2) else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


@dataclasses.dataclass(frozen=True, slots=True)
class ChosenForm:
    """Một hình thức dùng mẫu đã hết hiệu lực: what the office chose for it, if it has."""

    award_form: AwardForm
    choice: FormChoice | None
    is_open: bool


@dataclasses.dataclass(frozen=True, slots=True)
class DeadForm:
    """Mẫu đã hết hiệu lực mà kế hoạch nêu: the sentence, and the forms of award that use it."""

    sentence: str
    lines: tuple[ChosenForm, ...]

    @property
    def tone(self) -> str:
        return "wait" if any(line.is_open for line in self.lines) else "info"


def dead_forms_of(campaign: Campaign, day: dt.date) -> list[DeadForm]:
    """Return each form that the plan names and whose decree has ended by `day`."""
    found: dict[int, list[AwardForm]] = {}
    for award_form in with_choices(campaign.award_forms.order_by("position")):
        if has_ended(award_form.report_form, day):
            found.setdefault(award_form.report_form_id, []).append(award_form)
    return [_dead(award_forms, day) for award_forms in found.values()]


def _dead(award_forms: Iterable[AwardForm], day: dt.date) -> DeadForm:
    lines = tuple(
        ChosenForm(award_form, choice_of(award_form), must_choose(award_form, day))
        for award_form in award_forms
    )
    return DeadForm(dead_form_sentence(lines[0].award_form.report_form, day), lines)
