"""Health, progress of background jobs, the audit log, and what people read when refused."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from thidua.core.models import AuditEntry, Job
from thidua.core.permissions import ANYONE, Role, allow


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


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in Vietnamese that the form is stale, and how to go on."""
    return render(request, "csrf_failure.html", status=403)
