"""Findings of a nomination: what a reviewer checks, each with the rule that it rests on."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.urls import reverse

from awards.models import AgendaItem, Nomination
from awards.models.nomination import ENDED
from awards.queries.law import report_form_facts
from awards.queries.office import ReportPart
from awards.rules.nomination import text_is_as_sent, unit_exists
from campaigns.models import Criterion, DocumentKind, RequiredItem
from thidua.core import clock


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Một điểm kiểm tra: `tone` is ok, wait (look at it) or stop."""

    tone: str
    title: str
    detail: str
    url: str = ""
    link: str = ""


def findings_of(
    nomination: Nomination,
    at: dt.datetime,
    *,
    parts: Sequence[ReportPart],
    criterion: Criterion | None,
) -> list[Finding]:
    """Return every finding, in the order in which a dossier is checked.

    The page has read the report and the criterion already, and hands them on.
    """
    return [
        _subject(nomination, criterion, at),
        _report(nomination, parts),
        *_documents(nomination),
        *_both_forms(nomination),
        *_form_in_force(nomination, at),
        *_as_sent(nomination, at),
    ]


def _subject(nomination: Nomination, criterion: Criterion | None, at: dt.datetime) -> Finding:
    """The plan names whom a form is for by having a criterion for that kind of subject."""
    kind = nomination.get_subject_kind_display()
    if criterion is None:
        return Finding(
            "stop",
            "Không đúng đối tượng",
            f"Kế hoạch không nêu tiêu chuẩn {nomination.award_form.name} cho {kind.lower()}.",
        )
    if reason := unit_exists(nomination, at):
        return Finding("stop", "Tập thể không còn hoạt động", reason)
    who = (
        f"{kind}, {nomination.person.get_employment_kind_display().lower()}"
        if (nomination.person)
        else kind
    )
    return Finding("ok", "Đúng đối tượng", f"{who} · Mục {criterion.clause}")


def _report(nomination: Nomination, parts: Sequence[ReportPart]) -> Finding:
    lacks = [part.heading.number for part in parts if part.is_lacking]
    report = getattr(nomination, "report", None)
    form = report.form.label if report else ""
    if lacks:
        return Finding("stop", f"Báo cáo còn thiếu {len(lacks)} mục", f"Mục {', '.join(lacks)}")
    return Finding("ok", "Đủ mục báo cáo", form)


def _documents(nomination: Nomination) -> list[Finding]:
    """Each line of the plan's list that this form needs, with its clause."""
    there: list[str] = []
    lacking: list[Finding] = []
    for item in nomination.award_form.required_items.all():
        label = f"{DocumentKind(item.kind).label} ({item.clause})"
        if _stands(nomination, item):
            there.append(label)
        elif item.kind == DocumentKind.COUNCIL_MINUTES:
            there.append(f"{label[:-1]}, lập khi Hội đồng xét)")
        else:
            lacking.append(
                Finding(
                    "stop",
                    f"Thiếu: {DocumentKind(item.kind).label}",
                    f"{item.text} · Mục {item.clause}",
                )
            )
    if lacking:
        return lacking
    sets = f"{nomination.award_form.set_count:02d}"
    return [Finding("ok", f"Đủ thành phần, {sets} bộ", "; ".join(there))]


def _stands(nomination: Nomination, item: RequiredItem) -> bool:
    """Whether the paper that answers a line of the list exists."""
    match item.kind:
        case DocumentKind.LETTER:
            return nomination.proposal.letter_confirmed
        case DocumentKind.UNIT_MINUTES:
            return hasattr(nomination, "unit_vote")
        case DocumentKind.COUNCIL_MINUTES:
            return AgendaItem.objects.filter(
                nomination=nomination, meeting__number__isnull=False
            ).exists()
        case _:
            return hasattr(nomination, "report")


def _both_forms(nomination: Nomination) -> list[Finding]:
    """One achievement, one award: a second form in the campaign stands only with its reason."""
    same = {
        "campaign_id": nomination.campaign_id,
        "person_id": nomination.person_id,
        "recipient_unit_id": nomination.recipient_unit_id,
    }
    other = (
        Nomination.objects.filter(**same)
        .exclude(pk=nomination.pk)
        .exclude(state__in=ENDED)
        .select_related("award_form")
        .first()
    )
    reason = nomination.both_forms_reason or (other.both_forms_reason if other else "")
    if not reason:
        return []
    also = f"Cũng được đề nghị {other.award_form.name}. " if other else ""
    return [
        Finding(
            "wait",
            "Hai hình thức trong một đợt",
            f"{also}Lý do của đơn vị: {reason}",
            url=reverse("nomination_detail", args=[other.pk]) if other else "",
            link="Xem đề nghị kia",
        )
    ]


def _form_in_force(nomination: Nomination, at: dt.datetime) -> list[Finding]:
    """The form may have ended, or nobody has compared it yet.

    What was received is judged by its day of receipt, a draft by today.
    """
    if not hasattr(nomination, "report"):
        return []
    facts = nomination.received_law.get("report_form") or report_form_facts(
        nomination, clock.local_day(at)
    )
    unverified = "" if facts["verified"] else "Văn phòng chưa đối chiếu mẫu này với văn bản gốc."
    if facts["notice"]:
        detail = " ".join(filter(None, [facts["notice"], facts["kept"], unverified]))
        title = "Mẫu báo cáo không còn hiệu lực"
        return [Finding("ok" if facts["kept"] else "wait", title, detail)]
    if unverified:
        detail = f"{facts['label']}. {unverified}"
        return [Finding("wait", "Mẫu báo cáo chưa đối chiếu", detail)]
    return []


def _as_sent(nomination: Nomination, at: dt.datetime) -> list[Finding]:
    if not nomination.content_sha256 or nomination.is_editable:
        return []
    if reason := text_is_as_sent(nomination, at):
        return [Finding("stop", "Nội dung khác bản đã gửi", reason)]
    return [
        Finding(
            "ok",
            "Nội dung đúng như bản đã gửi",
            f"Mã kiểm tra {nomination.content_sha256[:16]}…",
        )
    ]
