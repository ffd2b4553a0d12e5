"""The office's choice when a plan names a form of report that is no longer in force."""

import datetime as dt
from typing import Any

from django.db import transaction

from awards.actions.reports import rebind_reports
from awards.policy import OFFICE_DESK
from awards.rules.report import lacking_kinds
from campaigns.models import AwardForm, FormChoice, ReportForm, SubjectKind
from campaigns.queries.forms import choice_of, current_form, has_ended, options_of
from thidua.core import audit, clock
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused, must


@transaction.atomic
def choose_form(
    *, award_form: AwardForm, chosen: ReportForm, reason: str, actor: Any, at: dt.datetime
) -> FormChoice:
    """Record which form the reports of a form of award follow, and move those not sent yet.

    Raises Refused when nothing is to be chosen, the form is none of those offered, or it lacks
    headings; Conflict when somebody has just chosen the same.
    """
    award_form = (
        AwardForm.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "report_form__basis")
        .get(pk=award_form.pk)
    )
    campaign, day = award_form.campaign, clock.local_day(at)
    must(OFFICE_DESK.refuses(actor, campaign))
    if not campaign.is_open:
        raise Refused("Đợt đã kết thúc nên không chọn lại mẫu báo cáo.")
    if not has_ended(award_form.report_form, day):
        raise Refused("Mẫu báo cáo mà kế hoạch nêu đang còn hiệu lực nên không phải chọn.")
    if chosen not in options_of(award_form, day):
        raise Refused("Hãy chọn mẫu kế hoạch nêu hoặc mẫu tương ứng đang áp dụng.")
    reason = compose(reason).strip()
    if not reason:
        raise Refused("Hãy ghi lý do.")
    before = choice_of(award_form)
    if before and before.chosen_id == chosen.pk:
        local = before.chosen_at.astimezone(clock.VIET_NAM)
        raise Conflict(
            f"{before.chosen_by.display_name} đã chọn mẫu này lúc {local:%H:%M %d/%m/%Y}. "
            "Lý do đã ghi đọc được ở trang đợt thi đua."
        )
    kinds = {
        kind: SubjectKind(kind).label.lower()
        for kind in award_form.criteria.values_list("subject_kind", flat=True)
    }
    if lacking := lacking_kinds(chosen.headings.all(), kinds):
        raise Refused(
            f"{chosen.label} chưa có mục nào cho {', '.join(lacking)}. "
            "Hãy bổ sung các mục của mẫu ở trang Quy định pháp luật trước."
        )
    was = current_form(award_form)
    choice = FormChoice.objects.create(
        award_form=award_form,
        named=award_form.report_form,
        chosen=chosen,
        reason=reason,
        chosen_by=actor,
        chosen_at=at,
    )
    moved = rebind_reports(award_form=award_form, form=chosen, actor=actor)
    audit.record(
        "choose_form",
        campaign,
        actor=actor,
        label=f"Chọn mẫu báo cáo: {award_form.name}",
        changes={"mẫu báo cáo": [was.label, chosen.label]},
        note=f"{reason} ({moved} báo cáo chưa gửi chuyển sang mẫu này)" if moved else reason,
    )
    return choice
