"""What happens to reports when the form of their award changes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from awards.actions.editing import editable_nomination
from awards.models import AchievementReport, Claim, Nomination, NominationState, ReportSection
from awards.policy import OWN_HEAD
from awards.rules.report import moved_places, moved_texts
from campaigns.models import AwardForm, ReportForm
from staff.models import User
from thidua.core import audit, clock
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused, must


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
    """Put every text under a heading of `form`; who edited it last stays who it was.

    The claims of a section go with its words.
    """
    olds = list(report.sections.select_related("heading"))
    written = [(section.heading, section.text) for section in olds]
    headings = list(form.headings.filter(subject_kind=subject_kind, is_group=False))
    texts = moved_texts(written, headings)
    news = {
        section.heading_id: section
        for section in ReportSection.objects.bulk_create(
            [
                ReportSection(report=report, heading=heading, text=texts[heading.pk])
                for heading in headings
            ]
        )
    }
    places = moved_places(
        [section.heading for section in olds],
        headings,
        {section.heading_id: section.text for section in olds},
        texts,
    )
    for section in olds:
        Claim.objects.filter(section=section).update(section=news[places[section.heading_id]])
    report.sections.filter(pk__in=[section.pk for section in olds]).delete()
    report.form = form
    report.version += 1
    report.save(update_fields=["form", "version"])


@transaction.atomic
def invite_author(*, nomination: Nomination, author: User, actor: Any, at: dt.datetime) -> None:
    """Let the nominee write the own report."""
    nomination = editable_nomination(nomination, actor, at)
    must(OWN_HEAD.refuses(actor, nomination))
    if author.person_id is None or author.person_id != nomination.person_id:
        raise Refused("Chỉ mời chính cá nhân được đề nghị viết báo cáo của mình.")
    nomination.author = author
    nomination.version += 1
    nomination.save(update_fields=["author", "version"])
    audit.record(
        "invite", nomination, actor=actor, label="Mời viết báo cáo", note=author.display_name
    )


@transaction.atomic
def write_report(
    *,
    nomination: Nomination,
    texts: Mapping[int, str],
    version: int,
    actor: Any,
    at: dt.datetime,
) -> AchievementReport:
    """Save texts by heading id, if the report is still the `version` that the writer saw.

    Raises Conflict when somebody saved in between: the writer then compares both texts.
    """
    nomination = editable_nomination(nomination, actor, at)
    report = AchievementReport.objects.select_for_update(no_key=True).get(nomination=nomination)
    if report.version != version:
        raise Conflict(
            f"{report.edited_by.display_name} vừa lưu báo cáo này lúc "
            f"{report.edited_at.astimezone(clock.VIET_NAM):%H:%M}. "
            "Nội dung quý vị vừa gõ còn nguyên bên dưới; hãy so sánh rồi lưu lại."
        )
    changed = []
    for section in report.sections.select_related("heading"):
        text = compose(texts.get(section.heading_id, section.text))
        if text != section.text:
            section.text = text
            changed.append(section)
    if not changed:
        return report
    ReportSection.objects.bulk_update(changed, ["text"])
    report.version += 1
    report.edited_by, report.edited_at = actor, at
    report.save()
    audit.record(
        "write_report",
        nomination,
        actor=actor,
        label="Viết báo cáo",
        note="Mục " + ", ".join(section.heading.number for section in changed),
    )
    return report
