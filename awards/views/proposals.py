"""Đề nghị của phòng: its names, minutes and letter, and the way to the office."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import proposals as actions
from awards.actions import reports
from awards.forms.unit import (
    NominationForm,
    UnitChoiceForm,
)
from awards.models import PaperKind, Proposal
from awards.policy import LINE_CONFIRMER
from awards.queries import desk
from awards.queries.holds import with_holds
from awards.queries.progress import Progress
from awards.queries.quotas import quota_lines
from awards.rules.findings import check_proposal, lacks_of_findings
from awards.rules.lines import is_unconfirmed
from awards.rules.nomination import window_is_open
from awards.rules.proposal import lacks_of_proposal
from awards.rules.quotas import lacks_of_quota, over_quota_sentence
from awards.views.doors import PROPOSAL_READERS, SENT, is_draft
from awards.workflow import NOMINATION, PROPOSAL
from campaigns.models import Campaign
from campaigns.queries import days, windows
from staff.models import User
from thidua.core import audit, clock
from thidua.core.answers import refusals
from thidua.core.confirm import confirm_transition
from thidua.core.permissions import Role, allow, headed_unit_ids
from thidua.core.templatetags.ui import moment, short_date

# --- Opening -----------------------------------------------------------------------------------


@allow(Role.UNIT_HEAD)
@require_GET
def proposal_mine(request: HttpRequest) -> HttpResponse:
    """Lead to the unit's only proposal, or offer to open one for each unit and campaign."""
    places = desk.places_to_propose(request.user, clock.now())
    if len(places) == 1 and places[0].proposal:
        return redirect(places[0].proposal)
    return render(request, "awards/proposal_mine.html", {"places": places})


@allow(Role.UNIT_HEAD)
@require_POST
def proposal_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the proposal of an own unit in a campaign."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    form = UnitChoiceForm(request.POST, units=desk.headed_units(request.user))
    if not form.is_valid():
        raise Http404
    with refusals(request):
        proposal = actions.open_proposal(
            campaign=campaign,
            unit=form.cleaned_data["unit"],
            actor=request.user,
            at=clock.now(),
        )
        return redirect(proposal)
    return redirect("proposal_mine")


# --- The workspace -----------------------------------------------------------------------------


@allow(*PROPOSAL_READERS)
@require_GET
def proposal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the four parts, the names, what lacks, the receipts and what happened."""
    proposal = get_object_or_404(desk.proposals_to_read(request.user), pk=pk)
    at = clock.now()
    draft = is_draft(proposal)
    may_write = proposal.unit_id in headed_unit_ids(request.user)
    nominations = list(with_holds(desk.nominations_of(proposal), request.user))
    meeting = getattr(proposal, "meeting", None)
    progress = Progress.of(proposal, nominations, has_meeting=meeting is not None)
    quotas = quota_lines([proposal], clock.local_day(at))[proposal.pk]
    lacks = _lacks(proposal, quotas, request.user, at) if draft else []
    context = {
        "proposal": proposal,
        "subtitle": _subtitle(proposal, progress),
        "is_draft": draft,
        "may_write": may_write,
        "writes_draft": may_write and draft,
        "nominations": nominations,
        "unconfirmed": [n for n in nominations if is_unconfirmed(n)],
        "may_confirm": not LINE_CONFIRMER.refuses(request.user, proposal),
        "first_returned": next((n for n in nominations if n.return_reason), None),
        "percent": progress.percent,
        "parts": _parts(proposal, progress, nominations, writes=may_write and draft),
        "lacks": lacks,
        "quotas": quotas,
        "due_on": windows.due_on(proposal.campaign, proposal.unit_id),
        "working_days": _working_days(proposal, request.user, at),
        "extension": windows.extension_of(proposal.campaign, proposal.unit_id),
        "closed": window_is_open(proposal, at) if draft else "",
        "withdrawal": "" if draft else PROPOSAL.refusal(proposal, "withdraw", request.user, at),
        "criteria": desk.criteria_of(proposal.campaign),
        "submissions": desk.submissions_of(proposal),
        "history": audit.history_of(proposal).reverse()[:20],
    }
    return render(request, "awards/proposal_detail.html", context)


def _lacks(proposal: Proposal, quotas: list[Any], user: Any, at: dt.datetime) -> list[Any]:
    """Return all that keeps a draft from being sent."""
    return [
        *lacks_of_quota(proposal, quotas),
        *lacks_of_findings(check_proposal(proposal, at, user)),
        *lacks_of_proposal(proposal),
    ]


def _subtitle(proposal: Proposal, progress: Progress) -> str:
    due_on = windows.due_on(proposal.campaign, proposal.unit_id)
    due = f"nhận hồ sơ đến hết {short_date(due_on)}"
    if proposal.submitted_at is None:
        return f"Bản nháp, xong {progress.percent} % · {due}"
    return f"Gửi lúc {moment(proposal.submitted_at)} · {due}"


def _working_days(proposal: Proposal, user: Any, at: dt.datetime) -> int:
    day = clock.local_day(at)
    due_on = windows.due_on(proposal.campaign, proposal.unit_id)
    return days.count_working(days.calendar_for(user, day), day, due_on)


def _parts(
    proposal: Proposal, progress: Progress, nominations: list[Any], *, writes: bool
) -> list[dict[str, Any]]:
    """Describe the four parts as rows: what is done, and where to go on."""
    names = [
        f"{count} {kind}"
        for count, kind in ((progress.unit_count, "tập thể"), (progress.person_count, "cá nhân"))
        if count
    ]
    unwritten = next((n for n in nominations if n.missing_count), None)
    half_typed = set(proposal.unfinished_papers.values_list("kind", flat=True))
    letter = "unit_letter_edit" if writes else "unit_letter_file"
    minutes = "unit_meeting_edit" if writes else "unit_minutes_file"
    listed = "#danh-sach"
    rows = [
        (
            "Tập thể, cá nhân đề nghị",
            reverse("nomination_create", args=[proposal.pk]) if writes else listed,
            ", ".join(names) or "Chọn hình thức và đối tượng",
            bool(names),
            None,
        ),
        (
            "Báo cáo thành tích",
            reverse("report_edit", args=[unwritten.pk]) if writes and unwritten else listed,
            f"{progress.report_count} trên {progress.total} báo cáo đủ mục theo mẫu"
            if names
            else "Mỗi tập thể, cá nhân một báo cáo theo mẫu của kế hoạch",
            progress.written_count > 0,
            (progress.written_count, progress.heading_count) if names else None,
        ),
        (
            "Biên bản họp phòng",
            reverse(minutes, args=[proposal.pk]) if writes or progress.has_meeting else listed,
            f"Đã ghi {progress.vote_count - progress.missing_vote_count} trên "
            f"{progress.vote_count} kết quả biểu quyết mà kế hoạch yêu cầu"
            if progress.has_meeting
            else "Ghi thành phần và kết quả biểu quyết từng trường hợp",
            progress.has_meeting or PaperKind.MINUTES in half_typed,
            None,
        ),
        (
            "Tờ trình",
            reverse(letter, args=[proposal.pk]),
            "Soạn sẵn từ ba phần trên, sửa được",
            bool(proposal.letter_text) or PaperKind.LETTER in half_typed,
            None,
        ),
    ]
    return [
        {
            "number": number,
            "title": title,
            "url": url,
            "detail": detail,
            "status": "done" if done else "now" if begun else "",
            "label": "Xong" if done else "Đang làm" if begun else "Chưa bắt đầu",
            "value": meter[0] if meter and not done else None,
            "total": meter[1] if meter else 0,
        }
        for number, ((title, url, detail, begun, meter), done) in enumerate(
            zip(rows, progress.parts, strict=True), start=1
        )
    ]


# --- Names -------------------------------------------------------------------------------------


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def nomination_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person or the collective to the proposal."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    at = clock.now()
    form = NominationForm(
        request.POST or None,
        campaign=proposal.campaign,
        unit=proposal.unit,
        people=desk.people_to_nominate(proposal.unit, clock.local_day(at)),
    )
    form.cancel_url = proposal.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            nomination = actions.add_nomination(
                proposal=proposal,
                award_form=form.cleaned_data["award_form"],
                **form.cleaned_data["subject"],
                both_forms_reason=form.cleaned_data["both_forms_reason"],
                actor=request.user,
                at=at,
            )
            messages.success(request, f"Đã thêm {nomination}.")
            for line in quota_lines([proposal], clock.local_day(at))[proposal.pk]:
                if line.holds(nomination) and line.is_over:
                    messages.warning(request, over_quota_sentence(line))
            return redirect(proposal)
    if request.method == "GET" and not is_draft(proposal):
        messages.error(request, SENT)
        return redirect(proposal)
    context = {
        "proposal": proposal,
        "form": form,
        "criteria": desk.criteria_of(proposal.campaign),
        "listed": desk.nominations_of(proposal),
        "quotas": quota_lines([proposal], clock.local_day(at))[proposal.pk],
    }
    return render(request, "awards/nomination_create.html", context)


@allow(Role.UNIT_HEAD)
@require_POST
def nomination_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite the nominee to write the own report."""
    nomination = get_object_or_404(desk.own_nominations(request.user), pk=pk)
    author = get_object_or_404(
        User.objects.filter(person__isnull=False, is_active=True), person=nomination.person_id
    )
    with refusals(request):
        reports.invite_author(
            nomination=nomination, author=author, actor=request.user, at=clock.now()
        )
        messages.success(request, f"Đã mời {author.display_name} viết báo cáo thành tích.")
    return redirect(nomination.proposal)


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def nomination_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a name out of the proposal."""
    nomination = get_object_or_404(desk.own_nominations(request.user), pk=pk)
    return confirm_transition(
        request,
        NOMINATION,
        "withdraw",
        nomination,
        back=nomination.proposal.get_absolute_url(),
        explanation="Đề nghị đã rút không xét tiếp trong đợt này; lịch sử vẫn được lưu.",
    )
