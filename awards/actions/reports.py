"""What happens to reports when the form of their award changes."""

from typing import Any

from awards.models import AchievementReport, Nomination, NominationState, ReportSection
from awards.rules.report import moved_texts
from campaigns.models import AwardForm, ReportForm
from thidua.core import audit


def rebind_reports(*, award_form: AwardForm, form: ReportForm, actor: Any) -> int:
    """Move the reports that were never sent under `form` and return how many moved.

    What was received for appraisal keeps the form under which it was received. The caller holds
    the transaction, and the lock of the form of award.
    """
    drafts = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            award_form=award_form,
            state=NominationState.DRAFT,
            received_for_appraisal_at__isnull=True,
            report__isnull=False,
        )
        .exclude(report__form=form)
        .order_by("pk")
    )
    for nomination in drafts:
        report = (
            AchievementReport.objects.select_for_update(of=("self",), no_key=True)
            .select_related("form")
            .get(nomination=nomination)
        )
        _rebind(report, form, nomination.subject_kind)
        audit.record(
            "rebind",
            nomination,
            actor=actor,
            label="Chuyển báo cáo sang mẫu khác",
            note=f"{report.form.label}. Nội dung đã viết được giữ nguyên.",
        )
    return len(drafts)


def _rebind(report: AchievementReport, form: ReportForm, subject_kind: str) -> None:
    """Put every text under a heading of `form`; who edited it last stays who it was."""
    written = [
        (section.heading, section.text) for section in report.sections.select_related("heading")
    ]
    headings = list(form.headings.filter(subject_kind=subject_kind, is_group=False))
    texts = moved_texts(written, headings)
    report.sections.all().delete()
    ReportSection.objects.bulk_create(
        [
            ReportSection(report=report, heading=heading, text=texts[heading.pk])
            for heading in headings
        ]
    )
    report.form = form
    report.version += 1
    report.save(update_fields=["form", "version"])
