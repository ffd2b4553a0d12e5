"""Gửi Văn phòng: what will be sent, the sending, the receipt, the way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import proposals as actions
from awards.papers import unit as papers
from awards.queries import desk
from awards.queries.quotas import quota_lines
from awards.rules.findings import check_proposal, lacks_of_findings
from awards.rules.nomination import window_is_open
from awards.rules.proposal import lacks_of_proposal
from awards.rules.quotas import lacks_of_quota
from awards.views.doors import PROPOSAL_READERS, is_draft
from awards.workflow import PROPOSAL
from thidua.core import clock
from thidua.core.confirm import confirm_transition
from thidua.core.permissions import Role, allow
from thidua.core.sending import send_paper
from thidua.core.workflow import Conflict, Refused


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def proposal_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show exactly what will be sent, and send it."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    at = clock.now()
    error = ""
    if request.method == "POST":
        try:
            submission = actions.submit_proposal(proposal=proposal, actor=request.user, at=at)
        except Conflict as conflict:
            messages.error(request, str(conflict))
            return redirect(proposal)
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Văn phòng đã nhận hồ sơ. Hãy lưu biên nhận này.")
            return redirect(submission)
    elif not is_draft(proposal):
        messages.error(request, PROPOSAL.refusal(proposal, "submit", request.user, at))
        return redirect(proposal)
    names = list(desk.nominations_with_evidence(proposal))
    quotas = quota_lines([proposal], clock.local_day(at))[proposal.pk]
    checked = check_proposal(proposal, at, request.user)
    context = {
        "proposal": proposal,
        "checked": checked,
        "error": error,
        "closed": window_is_open(proposal, at),
        "lacks": [
            *lacks_of_quota(proposal, quotas),
            *lacks_of_findings(checked),
            *lacks_of_proposal(proposal),
        ],
        "letter": papers.unit_letter_paper(proposal, clock.local_day(at), names),
        "minutes": papers.unit_minutes_paper(proposal, names),
        "nominations": names,
    }
    return render(request, "awards/proposal_submit.html", context)


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the proposal back while the office has not begun with it."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    return confirm_transition(
        request,
        PROPOSAL,
        "withdraw",
        proposal,
        perform=lambda note: actions.withdraw_proposal(
            proposal=proposal, note=note, actor=request.user, at=clock.now()
        ),
        explanation="Đề nghị trở lại bản nháp để sửa rồi gửi lại trong thời hạn nhận hồ sơ.",
    )


@allow(*PROPOSAL_READERS)
@require_GET
def submission_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a receipt: code, second and fingerprint."""
    submission = get_object_or_404(desk.submissions_to_read(request.user), pk=pk)
    digest = submission.content_sha256
    context = {
        "submission": submission,
        "paper": papers.receipt_paper(submission),
        "hash_groups": " ".join(digest[at : at + 4] for at in range(0, len(digest), 4)),
    }
    return render(request, "awards/submission_receipt.html", context)


@allow(*PROPOSAL_READERS)
@require_GET
def submission_receipt_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a receipt as PDF."""
    submission = get_object_or_404(desk.submissions_to_read(request.user), pk=pk)
    paper = papers.receipt_paper(submission)
    return send_paper(request, paper, submission.code, back=submission.get_absolute_url())
