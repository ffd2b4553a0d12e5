"""Biên bản họp phòng và tờ trình: written by the head, read as PDF and Word."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions.unit_papers import record_unit_meeting, write_letter
from awards.forms.unit_papers import UnitLetterForm, UnitMeetingForm, meeting_initial
from awards.models import MeetingVote
from awards.papers import unit as papers
from awards.queries import desk
from awards.views.doors import PROPOSAL_READERS, SENT, is_draft
from thidua.core import clock
from thidua.core.answers import refusals
from thidua.core.permissions import Role, allow
from thidua.core.sending import send_paper


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def unit_meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the department's meeting and the votes for each name."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    nominations = [n for n in desk.nominations_of(proposal) if n.is_editable]
    head: Any = request.user
    if request.method == "GET" and not (is_draft(proposal) or nominations):
        messages.error(request, SENT)
        return redirect(proposal)
    form = UnitMeetingForm(
        request.POST or None,
        nominations=nominations,
        initial=meeting_initial(
            getattr(proposal, "meeting", None),
            MeetingVote.objects.filter(meeting__proposal=proposal),
            {
                "chair_name": head.display_name,
                "total_count": desk.people_to_nominate(proposal.unit, clock.today()).count(),
            },
        ),
    )
    form.cancel_url = proposal.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            record_unit_meeting(
                proposal=proposal,
                facts=form.facts,
                votes=form.votes,
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, "Đã lưu biên bản họp phòng.")
            return redirect(proposal)
    context = {"proposal": proposal, "form": form, "meeting": getattr(proposal, "meeting", None)}
    return render(request, "awards/unit_meeting_edit.html", context)


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def unit_letter_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the unit's letter; an empty one begins as drafted from the other parts."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    if request.method == "GET" and not is_draft(proposal):
        messages.error(request, SENT)
        return redirect(proposal)
    draft = papers.letter_draft(proposal, clock.today())
    form = UnitLetterForm(
        request.POST or None,
        initial={
            "text": proposal.letter_text or draft,
            "is_confirmed": proposal.letter_confirmed,
        },
    )
    form.cancel_url = proposal.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            write_letter(
                proposal=proposal,
                text=form.cleaned_data["text"],
                confirmed=form.cleaned_data["is_confirmed"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, "Đã lưu tờ trình.")
            return redirect(proposal)
    context = {"proposal": proposal, "form": form, "draft": draft}
    return render(request, "awards/unit_letter_edit.html", context)


@allow(*PROPOSAL_READERS)
@require_GET
def unit_letter_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the letter as PDF."""
    proposal = get_object_or_404(desk.proposals_to_read(request.user), pk=pk)
    paper = papers.unit_letter_paper(proposal, clock.today())
    return send_paper(request, paper, "to-trinh", back=proposal.get_absolute_url())


@allow(*PROPOSAL_READERS)
@require_GET
def unit_minutes_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the department's minutes as PDF."""
    proposal = get_object_or_404(desk.proposals_to_read(request.user), pk=pk)
    paper = papers.unit_minutes_paper(proposal)
    if paper is None:
        raise Http404
    return send_paper(request, paper, "bien-ban-hop-phong", back=proposal.get_absolute_url())
