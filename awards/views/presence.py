"""Who else is here: asked by an open page every few seconds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from awards.actions.presence import be_seen
from awards.models import Part, Presence
from awards.queries import desk
from awards.views.doors import REPORT_WRITERS
from thidua.core import clock
from thidua.core.permissions import Role, allow


@allow(*REPORT_WRITERS)
@require_POST
def report_presence(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who else has this report open."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    others = be_seen(
        proposal=nomination.proposal,
        part=Part.REPORT,
        nomination=nomination,
        actor=request.user,
        at=clock.real_now(),
    )
    return _answer(request, others, "report_edit", pk)


@allow(Role.UNIT_HEAD)
@require_POST
def unit_paper_presence(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Say who else has the minutes or the letter open."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    others = be_seen(proposal=proposal, part=Part(part), actor=request.user, at=clock.real_now())
    return _answer(request, others, f"unit_{part}_edit", pk)


def _answer(request: HttpRequest, others: list[Presence], page: str, pk: int) -> HttpResponse:
    """Return the notice for the open page; alone it leads to that page."""
    if not request.htmx:
        return redirect(page, pk=pk)
    return render(request, "awards/presence_others.html", {"others": others})
