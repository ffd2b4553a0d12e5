"""Báo cáo thành tích: written by the head or by whom the head invited, with its evidence."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import reports
from awards.actions.presence import be_seen
from awards.forms.evidence import ClaimForm, EvidenceForm
from awards.forms.reports import ReportForm, report_initial, typed_headings, typed_rows
from awards.models import AchievementReport, Evidence, Nomination, Part
from awards.papers.unit import report_paper
from awards.queries import claims_of, desk
from awards.queries.returns import OpenParts, open_parts, open_points
from awards.rules.evidence import lacks_of_evidence
from awards.rules.nomination import lacks_of_report, window_is_open
from awards.rules.past_awards import AwardRow, row_of
from awards.rules.report import joined_texts, moved_rows, moved_texts
from awards.rules.returns import claims_are_open, evidence_is_open
from awards.views.doors import REPORT_READERS, REPORT_WRITERS
from campaigns.models import ReportHeading
from thidua.core import clock
from thidua.core.answers import refusals
from thidua.core.permissions import allow
from thidua.core.sending import send_paper
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused


@allow(*REPORT_WRITERS)
@require_http_methods(["GET", "POST"])
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the report under the headings of its form; htmx saves the draft on the way."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    if request.method == "GET":
        return report_page(request, nomination, _stored(nomination), EvidenceForm())
    form = _save(request, nomination)
    if request.htmx:
        report = AchievementReport.objects.get(nomination=nomination)
        return render(request, "awards/report_saved.html", {"form": form, "report": report})
    if form.errors:
        return report_page(request, nomination, form, EvidenceForm())
    messages.success(request, "Đã lưu báo cáo thành tích.")
    if any(key.endswith("-statement") and request.POST[key] for key in request.POST):
        # A claim begun on the same page is not lost by saving the report.
        return report_page(request, nomination, form, EvidenceForm())
    return redirect("report_edit", pk=nomination.pk)


@allow(*REPORT_WRITERS)
@require_POST
def report_take_awards(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over what our own register knows; what was typed on the same page is kept with it."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    form = saved_beside(request, nomination)
    if form.errors:
        return report_page(request, nomination, form, EvidenceForm())
    with refusals(request):
        count = reports.take_known_awards(nomination=nomination, actor=request.user, at=clock.now())
        messages.success(
            request,
            f"Đã lấy {count} dòng từ Sổ khen thưởng."
            if count
            else "Sổ khen thưởng không có dòng nào mới.",
        )
    return redirect("report_edit", pk=nomination.pk)


@allow(*REPORT_READERS)
@require_GET
def report_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the report as PDF."""
    nomination = get_object_or_404(
        Nomination.objects.visible_to(request.user).select_related(
            "award_form", "campaign__agency", "proposal__unit", "report__form"
        ),
        pk=pk,
    )
    return send_paper(request, report_paper(nomination), "bao-cao-thanh-tich", back=reverse("home"))


def _stored(nomination: Nomination) -> ReportForm:
    """Return the form with what is kept."""
    report = nomination.report
    texts = dict(report.sections.values_list("heading_id", "text"))
    rows = kept_rows(report)
    return ReportForm(
        **_frame(nomination, rows),
        initial=report_initial(report.version, texts, rows, report.unplaced),
        unplaced=report.unplaced,
    )


def kept_rows(report: AchievementReport) -> dict[int, list[AwardRow]]:
    """Return the rows of past awards by heading."""
    rows: dict[int, list[AwardRow]] = {}
    for award in report.past_awards.all():
        rows.setdefault(award.heading_id, []).append(row_of(award))
    return rows


def _frame(nomination: Nomination, rows: dict[int, list[AwardRow]]) -> dict[str, Any]:
    """Return what the form shows beside what is typed."""
    headings = list(desk.headings_of(nomination))
    known = 0
    if any(heading.lists_awards for heading in headings):
        numbers = {row.decision_number for found in rows.values() for row in found}
        known = desk.known_awards(nomination).exclude(decision_number__in=numbers).count()
    return {
        "headings": headings,
        "known_count": known,
        "nomination": nomination,
        "closed": _closed(nomination, headings),
        "remarks": {
            point.heading_id: point.remark
            for point in (open_points(nomination) if nomination.return_reason else [])
            if point.heading_id
        },
    }


def _closed(nomination: Nomination, headings: list[ReportHeading]) -> dict[int, str]:
    """Return what stands under each heading that the office has not named, by its key."""
    parts = open_parts(nomination)
    if parts.headings is None:
        return {}
    texts = _as_read(nomination.report)
    return {h.pk: texts.get(h.pk, "") for h in headings if not parts.has_heading(h.pk)}


def _save(request: HttpRequest, nomination: Nomination) -> ReportForm:
    """Save what was typed; the form that comes back has errors only when that was refused.

    When somebody saved in between, both texts are in it, and saving again is a knowing choice;
    so it is when the page did not say which version the writer had in sight.
    """
    frame = _frame(nomination, kept_rows(nomination.report))
    if elsewhere := desk.headings_elsewhere(nomination, typed_headings(request.POST)):
        return _under_the_new_form(request, nomination, elsewhere, frame)
    form = ReportForm(request.POST, **frame)
    if not form.is_valid():
        return form
    try:
        nomination.report = reports.write_report(
            nomination=nomination,
            texts=form.texts,
            rows=form.rows,
            unplaced=form.unplaced,
            **form.seen,
            is_autosave=bool(request.htmx),
            actor=request.user,
            at=clock.now(),
        )
    except Conflict as conflict:
        return _compared(request, nomination, form, frame, str(conflict))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return form
    return _stored(nomination)


def saved_beside(request: HttpRequest, nomination: Nomination) -> ReportForm:
    """Save the report that came along with an act on a file, if it came."""
    return _save(request, nomination) if "version" in request.POST else _stored(nomination)


def _under_the_new_form(
    request: HttpRequest,
    nomination: Nomination,
    elsewhere: list[ReportHeading],
    frame: dict[str, Any],
) -> ReportForm:
    """Return what was typed under the headings of a form that the office has replaced since."""
    report = AchievementReport.objects.get(nomination=nomination)
    typed, headings = typed_headings(request.POST), frame["headings"]
    rows, left = moved_rows(
        [(old, row) for old in elsewhere for row in typed_rows(request.POST, old.pk)], headings
    )
    written = joined_texts([(old, compose(typed[old.pk])) for old in elsewhere], left)
    texts = moved_texts(written, headings)
    theirs = {
        heading_id: text
        for heading_id, text in _as_read(report).items()
        if text and text != _with_rows(texts.get(heading_id, ""), rows.get(heading_id, []))
    }
    unplaced = request.POST.get("unplaced_text", report.unplaced)
    form = ReportForm(report_initial(report.version, texts, rows, unplaced), **frame, theirs=theirs)
    form.is_valid()
    form.add_error(
        None,
        "Văn phòng vừa chọn mẫu báo cáo khác cho đợt này. Nội dung quý vị vừa gõ đã được xếp vào "
        "mục tương ứng bên dưới; hãy xem rồi lưu lại.",
    )
    return form


def _as_read(report: AchievementReport) -> dict[int, str]:
    """Return what stands under each heading, rows as lines."""
    rows = kept_rows(report)
    texts = report.sections.values_list("heading_id", "text")
    return {pk: _with_rows(text, rows.get(pk, [])) for pk, text in texts}


def _with_rows(text: str, rows: list[AwardRow]) -> str:
    lines = [row.line for row in rows if not row.is_empty]
    return "\n".join(filter(None, [*lines, text]))


def _compared(
    request: HttpRequest,
    nomination: Nomination,
    typed: ReportForm,
    frame: dict[str, Any],
    sentence: str,
) -> ReportForm:
    """Return what was typed with what is newer beside it, on top of the newer version."""
    report = AchievementReport.objects.get(nomination=nomination)
    standing = kept_rows(report)
    theirs = {
        heading_id: text
        for heading_id, text in _as_read(report).items()
        if heading_id in typed.texts
        and text
        != _with_rows(
            typed.texts[heading_id], typed.rows.get(heading_id, standing.get(heading_id, []))
        )
    }
    data = request.POST.copy()
    data["version"] = str(report.version)
    form = ReportForm(data, **frame, theirs=theirs)
    form.is_valid()
    form.add_error(None, sentence)
    return form


def report_page(
    request: HttpRequest,
    nomination: Nomination,
    form: ReportForm,
    evidence_form: EvidenceForm,
    claim_form: ClaimForm | None = None,
) -> HttpResponse:
    """Show the report with its evidence; what was typed beside it comes back as it was."""
    at = clock.now()
    others = be_seen(
        proposal=nomination.proposal,
        part=Part.REPORT,
        nomination=nomination,
        actor=request.user,
        at=clock.real_now(),
    )
    evidence = list(nomination.evidence.select_related("file"))
    parts = open_parts(nomination)
    form.beside = _claims_beside(request, form, parts, evidence, claim_form)
    if not evidence_form.is_bound and request.POST.get("caption"):
        evidence_form.initial["caption"] = request.POST["caption"]
    context: dict[str, Any] = {
        "nomination": nomination,
        "others": others,
        "proposal": nomination.proposal,
        "is_head": desk.speaks_for(request.user, nomination),
        "form": form,
        "evidence_form": evidence_form,
        "claim_form": claim_form,
        "evidence": evidence,
        "evidence_closed": evidence_is_open(parts),
        "closed": window_is_open(nomination, at),
        "lacks": [*lacks_of_report(nomination), *lacks_of_evidence([nomination])],
        "criteria": nomination.award_form.criteria.filter(subject_kind=nomination.subject_kind),
    }
    return render(request, "awards/report_edit.html", context)


def _claims_beside(
    request: HttpRequest,
    report_form: ReportForm,
    parts: OpenParts,
    evidence: list[Evidence],
    claim_form: ClaimForm | None,
) -> dict[int, dict[str, Any]]:
    """Return for each heading its claims and the form that adds one, as far as it was typed."""
    beside: dict[int, dict[str, Any]] = {}
    claims = defaultdict(list)
    nomination: Nomination = report_form.nomination
    for claim in claims_of(nomination):
        claims[claim.section.heading_id].append(claim)
    for heading in report_form.headings:
        prefix = ClaimForm.prefix_of(heading.pk)
        form = claim_form
        if form is None or form.prefix != prefix:
            names = ("statement", "evidence", "page")
            typed = {name: request.POST.get(f"{prefix}-{name}", "") for name in names}
            form = ClaimForm(prefix=prefix, files=evidence, initial=typed)
        may_cite = not claims_are_open(parts, heading)
        beside[heading.pk] = {
            "may_cite": may_cite,
            "heading": heading,
            "nomination": nomination,
            "claims": claims[heading.pk],
            "form": form if evidence and may_cite else None,
            "is_open": bool(form.errors or form.initial.get("statement")),
        }
    return beside
