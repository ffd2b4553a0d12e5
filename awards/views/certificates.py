"""Kiểm tra giấy khen: the public page behind the code on a certificate."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from awards.models import DecisionState
from awards.papers.decision import certificate_paper
from awards.queries.registrar import line_by_code
from thidua.core.visitors import limited


@login_not_required
@require_GET
@limited
def certificate_check(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the certificate itself says, and whether its decision is in force; no more."""
    # What no code is made of cannot be asked of the database: it refuses a NUL.
    line = line_by_code(code) if code.isprintable() else None
    in_force = line is not None and line.decision.state == DecisionState.CLOSED
    context = {
        "line": line,
        "paper": certificate_paper(line, line.decision) if line and in_force else None,
    }
    response = render(
        request, "awards/certificate_check.html", context, status=200 if line else 404
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response
