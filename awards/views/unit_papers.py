"""Biên bản họp phòng và tờ trình: written by the head, saved on the way, read as PDF and Word."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions.presence import be_seen
from awards.actions.unit_papers import (
    add_signed_scan,
    keep_unfinished,
    record_unit_meeting,
    write_letter,
)
from awards.forms.unit_papers import (
    Difference,
    PaperForm,
    SignedScanForm,
    UnitLetterForm,
    UnitMeetingForm,
    differences_of,
    guests_of,
    meeting_initial,
    typed_data,
    typed_day,
)
from awards.models import MeetingVote, Nomination, PaperKind, Part, Proposal, UnitMeeting
from awards.papers import unit as papers
from awards.queries import desk
from awards.queries.returns import open_parts
from awards.queries.unit_papers import Standing, scans_of, scans_to_read, seats_of, standing_of
from awards.rules.nomination import window_is_open
from awards.views.doors import PROPOSAL_READERS, SENT, is_draft
from thidua.core import clock, files
from thidua.core.answers import refusals
from thidua.core.permissions import Role, allow
from thidua.core.sending import send_paper
from thidua.core.workflow import Conflict, Refused

# --- Minutes -----------------------------------------------------------------------------------


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def unit_meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the department's meeting and the votes for each name; htmx saves on the way."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    if request.method == "GET":
        if not (
            is_draft(proposal) or any(open_parts(n).vote for n in desk.nominations_of(proposal))
        ):
            messages.error(request, SENT)
            return redirect(proposal)
        return _meeting_page(request, proposal, _standing_meeting(request, proposal))
    form = _meeting_form(request, proposal, request.POST.copy())
    if "redraft" in request.POST:
        return _redrafted(request, proposal, form)
    refusal = _save(
        request,
        proposal,
        form,
        PaperKind.MINUTES,
        lambda: record_unit_meeting(
            proposal=proposal,
            facts=form.facts,
            people=form.people,
            votes=form.votes,
            **form.seen,
            is_autosave=bool(request.htmx),
            actor=request.user,
            at=clock.now(),
        ),
    )
    if request.htmx:
        return _saved(request, proposal, form, PaperKind.MINUTES, refusal)
    apart = []
    if isinstance(refusal, Conflict):
        theirs = _standing_meeting(request, desk.own_proposals(request.user).get(pk=pk))
        apart = _compared(form, theirs)
    if form.errors:
        return _meeting_page(request, proposal, form, apart)
    messages.success(request, "Đã lưu biên bản họp phòng.")
    return redirect(proposal)


def _redrafted(request: HttpRequest, proposal: Proposal, form: UnitMeetingForm) -> HttpResponse:
    """Put the conclusion that the typed votes give into its field; nothing is saved yet."""
    form.is_valid()
    before = form.shown("conclusion")
    form.data["conclusion"] = after = papers.conclusion_draft(form.voted)
    apart = [Difference("Kết luận", "id_conclusion", before, after)] if before != after else []
    return _meeting_page(request, proposal, form, apart, redrafted=True)


def _standing_meeting(request: HttpRequest, proposal: Proposal) -> UnitMeetingForm:
    """Return the form with what is kept: what is half typed before what is whole."""
    standing = standing_of(proposal, PaperKind.MINUTES)
    if standing.unfinished:
        typed = typed_data(standing.unfinished.typed, standing.version)
        return _meeting_form(request, proposal, typed)
    return _meeting_form(request, proposal, None, standing.version)


def _meeting_form(
    request: HttpRequest, proposal: Proposal, typed: QueryDict | None, version: int = 0
) -> UnitMeetingForm:
    meeting: UnitMeeting | None = getattr(proposal, "meeting", None)
    if meeting:
        prefetch_related_objects([meeting], "people")
    day = typed_day(typed) or (clock.local_day(meeting.held_at) if meeting else clock.today())
    seats = seats_of(proposal, meeting, day)
    head: Any = request.user
    return UnitMeetingForm(
        typed,
        seats=seats,
        nominations=[n for n in desk.nominations_of(proposal) if _is_shown(n, typed)],
        guest_count=len(guests_of(meeting)),
        initial=meeting_initial(
            meeting,
            MeetingVote.objects.filter(meeting__proposal=proposal),
            seats,
            {"chair_name": head.display_name},
        )
        | {"version": version},
    )


def _is_shown(nomination: Nomination, typed: QueryDict | None) -> bool:
    """Whoever typed votes reads them again, also when the name was sent meanwhile."""
    return open_parts(nomination).vote or (typed is not None and f"vote_{nomination.pk}" in typed)


def _meeting_page(
    request: HttpRequest,
    proposal: Proposal,
    form: UnitMeetingForm,
    apart: list[Difference] | None = None,
    *,
    redrafted: bool = False,
) -> HttpResponse:
    context = _context(request.user, proposal, form, PaperKind.MINUTES, apart) | {
        "meeting": getattr(proposal, "meeting", None),
        "drafted": papers.conclusion_draft(papers.voted_of(proposal)),
        "redrafted": redrafted,
    }
    return render(request, "awards/unit_meeting_edit.html", context)


# --- Letter ------------------------------------------------------------------------------------


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def unit_letter_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the unit's letter; an empty one begins as drafted from the other parts."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    draft = papers.letter_draft(proposal, clock.today())
    if request.method == "GET":
        if not is_draft(proposal):
            messages.error(request, SENT)
            return redirect(proposal)
        return _letter_page(request, proposal, _standing_letter(proposal, draft), draft)
    form = UnitLetterForm(request.POST.copy())
    if "redraft" in request.POST:
        form.is_valid()
        before = form.shown("text")
        form.data["text"] = draft
        apart = [Difference("Nội dung tờ trình", "id_text", before, draft)]
        return _letter_page(
            request, proposal, form, draft, apart if before != draft else [], redrafted=True
        )
    refusal = _save(
        request,
        proposal,
        form,
        PaperKind.LETTER,
        lambda: write_letter(
            proposal=proposal,
            text=form.cleaned_data["text"],
            confirmed=form.cleaned_data["is_confirmed"],
            **form.seen,
            is_autosave=bool(request.htmx),
            actor=request.user,
            at=clock.now(),
        ),
    )
    if request.htmx:
        return _saved(request, proposal, form, PaperKind.LETTER, refusal)
    apart = []
    if isinstance(refusal, Conflict):
        theirs = _standing_letter(desk.own_proposals(request.user).get(pk=pk), draft)
        apart = _compared(form, theirs)
    if form.errors:
        return _letter_page(request, proposal, form, draft, apart)
    messages.success(request, "Đã lưu tờ trình.")
    return redirect(proposal)


def _standing_letter(proposal: Proposal, draft: str) -> UnitLetterForm:
    """Return the form with what is kept: what is half typed before what is whole."""
    standing = standing_of(proposal, PaperKind.LETTER)
    if standing.unfinished:
        return UnitLetterForm(typed_data(standing.unfinished.typed, standing.version))
    return UnitLetterForm(
        initial={
            "version": standing.version,
            "text": proposal.letter_text or draft,
            "is_confirmed": proposal.letter_confirmed,
        }
    )


def _letter_page(
    request: HttpRequest,
    proposal: Proposal,
    form: UnitLetterForm,
    draft: str,
    apart: list[Difference] | None = None,
    *,
    redrafted: bool = False,
) -> HttpResponse:
    drafted = papers.lines_beside(draft, form.shown("text"))
    own = [line for line, is_own in papers.lines_beside(form.shown("text"), draft) if is_own]
    context = _context(request.user, proposal, form, PaperKind.LETTER, apart) | {
        "drafted_lines": drafted,
        "own_lines": own,
        "is_apart": bool(own) or any(is_new for _, is_new in drafted),
        "redrafted": redrafted,
    }
    return render(request, "awards/unit_letter_edit.html", context)


# --- Saving either -----------------------------------------------------------------------------


def _save(
    request: HttpRequest,
    proposal: Proposal,
    form: PaperForm,
    kind: PaperKind,
    save: Callable[[], object],
) -> Refused | None:
    """Save the paper, or what is typed of it as long as it is not whole.

    Return the refusal when nothing was kept. The form has errors unless the paper is saved.
    """
    try:
        if form.is_valid():
            try:
                save()
            except Conflict:
                raise
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return None
        unfinished = keep_unfinished(
            proposal=proposal,
            kind=kind,
            typed=form.typed,
            **form.seen,
            actor=request.user,
            at=clock.now(),
        )
    except Refused as refusal:
        if str(refusal) not in form.non_field_errors():
            form.add_error(None, str(refusal))
        return refusal
    form.data["version"] = str(unfinished.version)
    return None


def _saved(
    request: HttpRequest,
    proposal: Proposal,
    form: PaperForm,
    kind: PaperKind,
    refusal: Refused | None,
) -> HttpResponse:
    """Answer an autosave: when it was kept, what is not whole, and the version that now stands.

    A refused one keeps the version that the page has, so that the next one is refused as well.
    """
    context = {
        "form": form,
        "refusal": refusal,
        "is_conflict": isinstance(refusal, Conflict),
        "button": _BUTTONS[kind],
        "standing": standing_of(proposal, kind),
    }
    return render(request, "awards/paper_saved.html", context)


def _compared(form: PaperForm, theirs: PaperForm) -> list[Difference]:
    """Return where both texts differ; saving again, on top of theirs, is a knowing choice."""
    form.data["version"] = theirs.shown("version")
    return differences_of(theirs, form)


_PARTS = {PaperKind.MINUTES: Part.MEETING, PaperKind.LETTER: Part.LETTER}
_BUTTONS = {PaperKind.MINUTES: "Lưu biên bản", PaperKind.LETTER: "Lưu tờ trình"}


def _context(
    user: Any, proposal: Proposal, form: PaperForm, kind: PaperKind, apart: list[Difference] | None
) -> dict[str, Any]:
    standing: Standing = standing_of(proposal, kind)
    part = _PARTS[kind]
    others = be_seen(proposal=proposal, part=part, actor=user, at=clock.real_now())
    scans = list(scans_of(proposal, kind))
    return {
        "proposal": proposal,
        "others": others,
        "presence_url": reverse(f"{part}_presence", args=[proposal.pk]),
        "form": form,
        "apart": apart or [],
        "standing": standing,
        "button": _BUTTONS[kind],
        "closed": window_is_open(proposal, clock.now()),
        "scan": next((scan for scan in scans if scan.is_current), None),
    }


# --- Signed scans ------------------------------------------------------------------------------


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def signed_scan_create(request: HttpRequest, pk: int, kind: PaperKind) -> HttpResponse:
    """Upload the signed paper, with what the head reads on it; show those before."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    form = SignedScanForm(request.POST or None, request.FILES or None, kind=kind)
    form.cancel_url = proposal.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            add_signed_scan(
                proposal=proposal,
                kind=kind,
                upload=form.cleaned_data["file"],
                declared=form.declared,
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, "Đã thêm bản ký quét.")
            return redirect(request.path)
    is_open = is_draft(proposal) or any(open_parts(n).vote for n in desk.nominations_of(proposal))
    context = {
        "proposal": proposal,
        "form": form,
        "closed": window_is_open(proposal, clock.now()) or ("" if is_open else SENT),
        "title": f"Bản ký của {PaperKind(kind).label.lower()}",
        "scans": scans_of(proposal, kind),
    }
    return render(request, "awards/signed_scan_create.html", context)


@allow(*PROPOSAL_READERS)
@require_GET
def signed_scan_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a signed scan to whoever may read its proposal."""
    scan = get_object_or_404(scans_to_read(request.user), pk=pk)
    return files.send(scan.file, inline=True)


# --- As papers ---------------------------------------------------------------------------------


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
