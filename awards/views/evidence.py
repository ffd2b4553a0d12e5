"""Minh chứng: files beside a report, added, taken out, shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from awards.actions.evidence import attach_evidence, detach_evidence
from awards.forms.evidence import EvidenceForm
from awards.models import Evidence, Nomination
from awards.queries import desk
from awards.views.doors import REPORT_READERS, REPORT_WRITERS
from awards.views.reports import report_page, saved_beside
from thidua.core import clock, files
from thidua.core.answers import refusals
from thidua.core.permissions import allow


@allow(*REPORT_WRITERS)
@require_POST
def evidence_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a file; what was typed in the report on the same page is kept with it."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    report_form = saved_beside(request, nomination)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals(request, form, field="file"):
            evidence = attach_evidence(
                nomination=nomination,
                upload=form.cleaned_data["file"],
                caption=form.cleaned_data["caption"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, f"Đã thêm minh chứng «{evidence.caption}».")
            form = EvidenceForm()
    if report_form.errors or form.errors:
        return report_page(request, nomination, report_form, form)
    return redirect("report_edit", pk=nomination.pk)


@allow(*REPORT_WRITERS)
@require_POST
def evidence_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file out; what was typed in the report on the same page is kept."""
    evidence = get_object_or_404(
        Evidence.objects.filter(nomination__in=desk.nominations_to_write(request.user)), pk=pk
    )
    nomination = get_object_or_404(
        desk.nominations_to_write(request.user), pk=evidence.nomination_id
    )
    report_form = saved_beside(request, nomination)
    with refusals(request):
        detach_evidence(evidence=evidence, actor=request.user, at=clock.now())
        messages.success(request, f"Đã bỏ minh chứng «{evidence.caption}».")
    if report_form.errors:
        return report_page(request, nomination, report_form, EvidenceForm())
    return redirect("report_edit", pk=nomination.pk)


@allow(*REPORT_READERS)
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
