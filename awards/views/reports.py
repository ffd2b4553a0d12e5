"""Báo cáo thành tích: written by the head or by whom the head invited, with its evidence."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import proposals as actions
from awards.forms.unit import EvidenceForm, ReportForm, report_initial, typed_headings
from awards.models import AchievementReport, Evidence, Nomination
from awards.papers.unit import report_paper
from awards.queries import desk
from awards.rules.nomination import lacks_of_report, window_is_open
from awards.rules.report import moved_texts
from campaigns.models import ReportHeading
from thidua.core import clock, files
from thidua.core.answers import refusals
from thidua.core.permissions import COUNCIL, OFFICE, Role, allow
from thidua.core.sending import send_paper
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused

WRITERS = (Role.UNIT_HEAD, Role.STAFF_MEMBER)
READERS = (*WRITERS, *sorted(OFFICE), *sorted(COUNCIL), Role.SIGNATORY)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the report under the headings of its form; htmx saves the draft on the way."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    if request.method == "GET":
        return _page(request, nomination, _stored(nomination), EvidenceForm())
    form = _save(request, nomination)
    if request.htmx:
        report = AchievementReport.objects.get(nomination=nomination)
        return render(request, "awards/report_saved.html", {"form": form, "report": report})
    if form.errors:
        return _page(request, nomination, form, EvidenceForm())
    messages.success(request, "Đã lưu báo cáo thành tích.")
    return redirect("report_edit", pk=nomination.pk)


@allow(*WRITERS)
@require_POST
def evidence_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a file; what was typed in the report on the same page is kept with it."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    report_form = _saved_beside(request, nomination)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals(request, form, field="file"):
            evidence = actions.attach_evidence(
                nomination=nomination,
                upload=form.cleaned_data["file"],
                caption=form.cleaned_data["caption"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, f"Đã thêm minh chứng «{evidence.caption}».")
            form = EvidenceForm()
    if report_form.errors or form.errors:
        return _page(request, nomination, report_form, form)
    return redirect("report_edit", pk=nomination.pk)


@allow(*WRITERS)
@require_POST
def evidence_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file out; what was typed in the report on the same page is kept."""
    evidence = get_object_or_404(
        Evidence.objects.filter(nomination__in=desk.nominations_to_write(request.user)), pk=pk
    )
    nomination = get_object_or_404(
        desk.nominations_to_write(request.user), pk=evidence.nomination_id
    )
    report_form = _saved_beside(request, nomination)
    with refusals(request):
        actions.detach_evidence(evidence=evidence, actor=request.user, at=clock.now())
        messages.success(request, f"Đã bỏ minh chứng «{evidence.caption}».")
    if report_form.errors:
        return _page(request, nomination, report_form, EvidenceForm())
    return redirect("report_edit", pk=nomination.pk)


@allow(*READERS)
@require_GET
def evidence_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a piece of evidence to whoever may see its nomination."""
    evidence = get_object_or_404(
        Evidence.objects.filter(
            nomination__in=Nomination.objects.visible_to(request.user)
        ).select_related("file"),
        pk=pk,
    )
    return files.send(evidence.file, inline=True)


@allow(*READERS)
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
        nomination.report = actions.write_report(
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


def _saved_beside(request: HttpRequest, nomination: Nomination) -> ReportForm:
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


def _page(
    request: HttpRequest, nomination: Nomination, form: ReportForm, evidence_form: EvidenceForm
) -> HttpResponse:
    at = clock.now()
    context: dict[str, Any] = {
        "nomination": nomination,
        "proposal": nomination.proposal,
        "is_head": desk.speaks_for(request.user, nomination),
        "form": form,
        "evidence_form": evidence_form,
        "evidence": nomination.evidence.select_related("file"),
        "closed": window_is_open(nomination, at),
        "lacks": lacks_of_report(nomination),
        "criteria": nomination.award_form.criteria.filter(subject_kind=nomination.subject_kind),
    }
    return render(request, "awards/report_edit.html", context)
