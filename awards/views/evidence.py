"""Minh chứng: files beside a report, added, taken out, seen page by page; claims that cite them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from awards.actions.evidence import add_claim, attach_evidence, detach_evidence, drop_claim
from awards.forms.evidence import ClaimForm, EvidenceForm
from awards.models import Claim, Evidence, Nomination, ReportSection
from awards.queries import desk
from awards.rules.evidence import is_cited
from awards.views.doors import REPORT_READERS, REPORT_WRITERS
from awards.views.reports import report_page, saved_beside
from thidua.core import clock, confined, files, word
from thidua.core.answers import refusals
from thidua.core.permissions import allow
from thidua.core.workflow import Refused

_WIDTHS = {1: 1000, 2: 2000}  # points of the picture of a page: to read, to look closely
_LONGEST_NUMBER = 6


# --- Files -------------------------------------------------------------------------------------


@allow(*REPORT_WRITERS)
@require_POST
def evidence_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach files, each by itself; what was typed in the report on the same page is kept."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    report_form = saved_beside(request, nomination)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        for upload, caption in form.named_files():
            try:
                evidence = attach_evidence(
                    nomination=nomination,
                    upload=upload,
                    caption=caption,
                    actor=request.user,
                    at=clock.now(),
                )
            except Refused as refusal:
                form.add_error("file", f"«{upload.name}»: {refusal}")
            else:
                messages.success(request, f"Đã thêm minh chứng «{evidence.caption}».")
    if report_form.errors or form.errors:
        return report_page(
            request, nomination, report_form, form if form.errors else EvidenceForm()
        )
    return redirect(f"{reverse('report_edit', args=[nomination.pk])}#minh-chung")


@allow(*REPORT_WRITERS)
@require_POST
def evidence_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file out; one that is cited asks first, and then goes with its claims."""
    evidence = _evidence_to_write(request, pk)
    nomination = get_object_or_404(
        desk.nominations_to_write(request.user), pk=evidence.nomination_id
    )
    report_form = saved_beside(request, nomination)
    claims = list(evidence.claims.select_related("section__heading"))
    with_claims = "with_claims" in request.POST
    if claims and not with_claims and not report_form.errors:
        context = {
            "evidence": evidence,
            "nomination": nomination,
            "sentence": is_cited(evidence, claims),
        }
        return render(request, "awards/evidence_delete.html", context)
    with refusals(request):
        detach_evidence(
            evidence=evidence, actor=request.user, at=clock.now(), with_claims=with_claims
        )
        messages.success(request, f"Đã bỏ minh chứng «{evidence.caption}».")
    if report_form.errors:
        return report_page(request, nomination, report_form, EvidenceForm())
    return redirect("report_edit", pk=nomination.pk)


@allow(*REPORT_WRITERS)
@require_GET
def evidence_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the row of a file anew: it asks by itself until the file is checked and looked at."""
    evidence = _evidence_to_write(request, pk)
    if not request.htmx:
        return redirect(f"{reverse('report_edit', args=[evidence.nomination_id])}#minh-chung")
    return render(request, "awards/evidence_row.html", {"item": evidence})


# --- Seen in the page --------------------------------------------------------------------------


@allow(*REPORT_READERS)
@require_GET
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the file to whoever may see its nomination; what a browser cannot show is saved."""
    stored = _evidence_to_read(request, pk).file
    shown = stored.media_type == files.PDF or stored.media_type.startswith("image/")
    return files.send(stored, inline=shown and "download" not in request.GET)


@allow(*REPORT_READERS)
@require_GET
def evidence_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a piece of evidence in the page: a page of a PDF or image, or words and tables."""
    evidence = _evidence_to_read(request, pk)
    files.refuse_closed(evidence.file)
    nomination = evidence.nomination
    writes = desk.nominations_to_write(request.user).filter(pk=nomination.pk).exists()
    context: dict[str, Any] = {
        "evidence": evidence,
        "nomination": nomination,
        "subtitle": "" if evidence.caption == evidence.file.name else evidence.file.name,
        "back": reverse("report_edit" if writes else "nomination_detail", args=[nomination.pk]),
        "claims": evidence.claims.select_related("section__heading").order_by("page", "pk"),
    }
    try:
        context |= _shown(evidence, request)
    except Refused as refusal:
        context["refusal"] = str(refusal)
    return render(request, "awards/evidence_view.html", context)


@allow(*REPORT_READERS)
@require_GET
def evidence_page(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Draw one page of a PDF or image, at the width for reading or for looking closely."""
    evidence = _evidence_to_read(request, pk)
    if not 1 <= number <= (evidence.page_count or 0):
        raise Http404
    content = files.read(evidence.file)
    try:
        picture = confined.page_picture(content, number, _WIDTHS[_zoom(request)])
    except Refused:
        raise Http404 from None
    return files.send_content(
        picture, name=f"trang-{number}.png", media_type="image/png", inline=True
    )


def _shown(evidence: Evidence, request: HttpRequest) -> dict[str, Any]:
    count = evidence.page_count
    if count is not None:
        typed = request.GET.get("page", "")
        known = typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_NUMBER
        number = min(max(int(typed), 1), count) if known else 1
        return {"number": number, "count": count, "zoom": _zoom(request)}
    content = files.read(evidence.file)
    if evidence.file.media_type == word.DOCX:
        return {"word": confined.word_text(content)}
    return {"book": confined.sheet_tables(content)}


def _zoom(request: HttpRequest) -> int:
    return 2 if request.GET.get("zoom") == "2" else 1


# --- Claims ------------------------------------------------------------------------------------


@allow(*REPORT_WRITERS)
@require_POST
def claim_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a claim under a heading; what was typed in the report on the same page is kept."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    report_form = saved_beside(request, nomination)
    section = _section(nomination, request.POST.get("heading", ""))
    if section is None:
        messages.error(request, "Mục này không có trong mẫu báo cáo; hãy chọn lại mục rồi thêm.")
        if report_form.errors:
            return report_page(request, nomination, report_form, EvidenceForm())
        return redirect("report_edit", pk=nomination.pk)
    there = list(nomination.evidence.select_related("file"))
    prefix = ClaimForm.prefix_of(section.heading_id)
    form = ClaimForm(request.POST, prefix=prefix, files=there)
    if form.is_valid():
        chosen = next(e for e in there if e.pk == form.cleaned_data["evidence"])
        with refusals(request, form, field="page"):
            add_claim(
                section=section,
                evidence=chosen,
                page=form.cleaned_data["page"],
                statement=form.cleaned_data["statement"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, "Đã thêm dẫn chứng.")
    if form.errors:
        return report_page(request, nomination, report_form, EvidenceForm(), form)
    if report_form.errors:
        return report_page(request, nomination, report_form, EvidenceForm())
    place = f"#dan-chung-{section.heading_id}"
    return redirect(reverse("report_edit", args=[nomination.pk]) + place)


@allow(*REPORT_WRITERS)
@require_POST
def claim_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a claim out; what was typed in the report on the same page is kept."""
    claim = get_object_or_404(
        Claim.objects.filter(
            section__report__nomination__in=desk.nominations_to_write(request.user)
        ).select_related("section__report__nomination", "section__heading", "evidence"),
        pk=pk,
    )
    nomination = get_object_or_404(
        desk.nominations_to_write(request.user), pk=claim.section.report.nomination_id
    )
    report_form = saved_beside(request, nomination)
    with refusals(request):
        drop_claim(claim=claim, actor=request.user, at=clock.now())
        messages.success(request, "Đã bỏ dẫn chứng; tệp minh chứng vẫn còn.")
    if report_form.errors:
        return report_page(request, nomination, report_form, EvidenceForm())
    place = f"#dan-chung-{claim.section.heading_id}"
    return redirect(reverse("report_edit", args=[nomination.pk]) + place)


def _section(nomination: Nomination, heading: str) -> ReportSection | None:
    if not (heading.isascii() and heading.isdigit() and len(heading) < 19):  # noqa: PLR2004 -- a key of the database
        return None
    return (
        ReportSection.objects.filter(report__nomination=nomination, heading_id=int(heading))
        .select_related("report__nomination", "heading")
        .first()
    )


def _evidence_to_write(request: HttpRequest, pk: int) -> Evidence:
    return get_object_or_404(
        Evidence.objects.filter(
            nomination__in=desk.nominations_to_write(request.user)
        ).select_related("file", "nomination"),
        pk=pk,
    )


def _evidence_to_read(request: HttpRequest, pk: int) -> Evidence:
    return get_object_or_404(
        Evidence.objects.filter(
            nomination__in=Nomination.objects.visible_to(request.user)
        ).select_related("file", "nomination"),
        pk=pk,
    )
