"""Báo cáo thành tích: written by the head or by whom the head invited, with its evidence."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import reports
from awards.forms.evidence import ClaimForm, EvidenceForm
from awards.forms.reports import ReportForm, report_initial, typed_headings
from awards.models import AchievementReport, Evidence, Nomination
from awards.papers.unit import report_paper
from awards.queries import claims_of, desk
from awards.rules.evidence import lacks_of_evidence
from awards.rules.nomination import lacks_of_report, window_is_open
from awards.rules.report import moved_texts
from awards.views.doors import REPORT_READERS, REPORT_WRITERS
from campaigns.models import ReportHeading
from thidua.core import clock
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
    texts = dict(nomination.report.sections.values_list("heading_id", "text"))
    return ReportForm(
        headings=desk.headings_of(nomination),
        initial=report_initial(nomination.report.version, texts),
    )


def _save(request: HttpRequest, nomination: Nomination) -> ReportForm:
    """Save what was typed; the form that comes back has errors only when that was refused.

    When somebody saved in between, both texts are in it, and saving again is a knowing choice;
    so it is when the page did not say which version the writer had in sight.
    """
    headings = list(desk.headings_of(nomination))
    if elsewhere := desk.headings_elsewhere(nomination, typed_headings(request.POST)):
        return _under_the_new_form(request, nomination, elsewhere, headings)
    form = ReportForm(request.POST, headings=headings)
    if not form.is_valid():
        return form
    try:
        nomination.report = reports.write_report(
            nomination=nomination,
            texts=form.texts,
            version=form.cleaned_data["version"] or 0,
            actor=request.user,
            at=clock.now(),
        )
    except Conflict as conflict:
        return _compared(request, nomination, form, str(conflict))
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
    headings: list[ReportHeading],
) -> ReportForm:
    """Return what was typed under the headings of a form that the office has replaced since."""
    report = AchievementReport.objects.get(nomination=nomination)
    typed = typed_headings(request.POST)
    texts = moved_texts([(old, compose(typed[old.pk])) for old in elsewhere], headings)
    theirs = {
        heading_id: text
        for heading_id, text in report.sections.values_list("heading_id", "text")
        if text and text != texts.get(heading_id, text)
    }
    form = ReportForm(report_initial(report.version, texts), headings=headings, theirs=theirs)
    form.is_valid()
    form.add_error(
        None,
        "Văn phòng vừa chọn mẫu báo cáo khác cho đợt này. Nội dung quý vị vừa gõ đã được xếp vào "
        "mục tương ứng bên dưới; hãy xem rồi lưu lại.",
    )
    return form


def _compared(
    request: HttpRequest, nomination: Nomination, typed: ReportForm, sentence: str
) -> ReportForm:
    """Return what was typed with the newer texts beside it, on top of the newer version."""
    report = AchievementReport.objects.get(nomination=nomination)
    theirs = {
        heading_id: text
        for heading_id, text in report.sections.values_list("heading_id", "text")
        if text != typed.texts.get(heading_id, text)
    }
    data = request.POST.copy()
    data["version"] = str(report.version)
    form = ReportForm(data, headings=typed.headings, theirs=theirs)
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
    evidence = list(nomination.evidence.select_related("file"))
    form.beside = _claims_beside(request, nomination, form.headings, evidence, claim_form)
    if not evidence_form.is_bound and request.POST.get("caption"):
        evidence_form.initial["caption"] = request.POST["caption"]
    context: dict[str, Any] = {
        "nomination": nomination,
        "proposal": nomination.proposal,
        "is_head": desk.speaks_for(request.user, nomination),
        "form": form,
        "evidence_form": evidence_form,
        "claim_form": claim_form,
        "evidence": evidence,
        "closed": window_is_open(nomination, at),
        "lacks": [*lacks_of_report(nomination), *lacks_of_evidence([nomination])],
        "criteria": nomination.award_form.criteria.filter(subject_kind=nomination.subject_kind),
    }
    return render(request, "awards/report_edit.html", context)


def _claims_beside(
    request: HttpRequest,
    nomination: Nomination,
    headings: list[ReportHeading],
    evidence: list[Evidence],
    claim_form: ClaimForm | None,
) -> dict[int, dict[str, Any]]:
    """Return for each heading its claims and the form that adds one, as far as it was typed."""
    beside: dict[int, dict[str, Any]] = {}
    claims = defaultdict(list)
    for claim in claims_of(nomination):
        claims[claim.section.heading_id].append(claim)
    for heading in headings:
        prefix = ClaimForm.prefix_of(heading.pk)
        form = claim_form
        if form is None or form.prefix != prefix:
            names = ("statement", "evidence", "page")
            typed = {name: request.POST.get(f"{prefix}-{name}", "") for name in names}
            form = ClaimForm(prefix=prefix, files=evidence, initial=typed)
        beside[heading.pk] = {
            "heading": heading,
            "nomination": nomination,
            "claims": claims[heading.pk],
            "form": form if evidence else None,
            "is_open": bool(form.errors or form.initial.get("statement")),
        }
    return beside
