"""Health, progress of background jobs, the audit log, and what people read when refused."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from thidua.core import confined, files, kept, unsent
from thidua.core.models import AuditEntry, Job, StoredFile
from thidua.core.permissions import ANYONE, Role, allow
from thidua.core.workflow import Refused

_SCREEN_WIDTH = 794  # pixels of an A4 page at its size on paper


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unavailable", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


@allow(*ANYONE)
@require_GET
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a background job has come: a fragment for htmx, else a page."""
    job = get_object_or_404(Job.objects.filter(requested_by=request.user), pk=pk)
    template = "components/job_progress.html" if request.htmx else "core/job_progress.html"
    response = render(request, template, {"job": job})
    if request.htmx and job.is_over:
        response["HX-Refresh"] = "true"  # the page around it now has the papers to show
    return response


@allow(Role.ADMINISTRATOR)
@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    """Nhật ký: every entry of the agency, newest first."""
    entries = AuditEntry.objects.filter(agency_id=request.user.agency_id)
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    return render(request, "core/audit_list.html", {"page": page})


@allow(*ANYONE)
@require_http_methods(["GET", "POST"])
def unsent_form(request: HttpRequest) -> HttpResponseBase:
    """Show what an ended session left unsent, to be sent again or dropped."""
    form = unsent.laid_aside(request)
    if request.method == "POST" or form is None:
        unsent.forget(request)
        return redirect(form["page"] if form else "home")
    return render(request, "core/unsent.html", {"kept": form, "shown": unsent.readable(form)})


@allow(*ANYONE)
@require_GET
def kept_file(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """Show a PDF of ours that a page has just made for this person."""
    return files.send(_kept(request, ticket), inline=True)


@allow(*ANYONE)
@require_GET
def kept_page(request: HttpRequest, ticket: str, number: int) -> HttpResponseBase:
    """Show one page of such a PDF as a picture: strangers' pages may be bound into it."""
    try:
        picture = confined.page_picture(files.read(_kept(request, ticket)), number, _SCREEN_WIDTH)
    except Refused:
        raise Http404 from None
    return files.send_content(
        picture, name=f"trang-{number}.png", media_type="image/png", inline=True
    )


def _kept(request: HttpRequest, ticket: str) -> StoredFile:
    stored = kept.named(ticket, request.user)
    if stored is None or stored.media_type != files.PDF:
        raise Http404
    return stored


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in Vietnamese that the form is stale, and how to go on; keep what was typed."""
    if request.htmx:
        return HttpResponse("Trang đã cũ.", status=403, content_type="text/plain")
    if request.user.is_authenticated and unsent.lay_aside_stale(request):
        return redirect("unsent")
    return render(request, "csrf_failure.html", status=403)
