"""Xác nhận dòng in: how the recipients of a unit stand on their certificates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions.lines import confirm_lines
from awards.forms.lines import LinesForm, seen_anew
from awards.papers.lines import line_previews
from awards.queries import desk
from awards.queries.lines import lines_of, named_lines
from awards.rules.lines import stands_in
from thidua.core import clock, files
from thidua.core.certificates import CertificateSheet, print_certificates_together
from thidua.core.documents import PaperError
from thidua.core.permissions import Role, allow
from thidua.core.workflow import Conflict, Refused

CONFIRMERS = (Role.UNIT_HEAD, Role.OFFICE_CHIEF)


@allow(*CONFIRMERS)
@require_http_methods(["GET", "POST"])
def line_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Show each line as it will be printed, and take the confirmation of them all."""
    proposal = get_object_or_404(desk.proposals_to_read(request.user), pk=pk)
    asks_reason = stands_in(request.user, proposal)

    sent = request.POST if request.method == "POST" else None
    nominations = lines_of(proposal) if sent is None else named_lines(proposal, sent)
    form = LinesForm(sent, nominations=nominations, asks_reason=asks_reason)
    if sent is not None and form.is_valid():
        try:
            changed = confirm_lines(
                proposal=proposal,
                lines=form.lines,
                reason=form.cleaned_data.get("reason", ""),
                actor=request.user,
                at=clock.now(),
            )
        except Conflict as conflict:
            still_open = [n for n in lines_of(proposal) if n in form.nominations]
            if not still_open:
                messages.error(request, str(conflict))
                return redirect("line_confirm", pk=proposal.pk)
            anew = seen_anew(sent, still_open)
            form = LinesForm(anew, nominations=still_open, asks_reason=asks_reason)
            form.add_error(None, str(conflict))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = (
                f"Đã xác nhận {len(changed)} dòng in." if changed else "Các dòng đã xác nhận rồi."
            )
            messages.success(request, said)
            return redirect("line_confirm", pk=proposal.pk)
    context = {
        "proposal": proposal,
        "form": form,
        "asks_reason": asks_reason,
    }
    return render(request, "awards/line_confirm.html", context)


@allow(*CONFIRMERS)
@require_GET
def line_preview_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the certificates of a unit as they would be printed, each marked as a trial."""
    proposal = get_object_or_404(desk.proposals_to_read(request.user), pk=pk)
    named = [(n, n.line_name, n.line_title) for n in lines_of(proposal)]
    emblem = proposal.campaign.agency.emblem
    try:
        previews = line_previews(named, clock.today())
        content = print_certificates_together(
            [paper for paper, _ in previews],
            previews[0][1] if previews else CertificateSheet(),
            files.read(emblem) if emblem else None,
        )
    except (PaperError, Refused) as error:
        messages.error(request, str(error))
        return redirect("line_confirm", pk=proposal.pk)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="giay-khen-xem-thu.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
