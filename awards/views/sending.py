"""The receipt of what was sent, and the way back."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import proposals as actions
from awards.papers import unit as papers
from awards.queries import desk
from awards.views.doors import PROPOSAL_READERS
from awards.workflow import PROPOSAL
from thidua.core import clock
from thidua.core.confirm import confirm_transition
from thidua.core.permissions import Role, allow
from thidua.core.sending import send_paper


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
