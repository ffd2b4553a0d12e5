"""Gửi Văn phòng: exactly what will be sent, as the PDF that is archived; then the receipt."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import proposals as actions
from awards.forms.returns import SupplementForm
from awards.models import Nomination, Proposal, SendingVisit
from awards.queries import desk
from awards.queries.quotas import quota_lines
from awards.rules.findings import check, check_proposal, lacks_of_findings
from awards.rules.nomination import Lack, lacks_of_nomination, window_is_open
from awards.rules.proposal import lacks_of_proposal, warnings_of_proposal
from awards.rules.quotas import lacks_of_quota
from awards.views.doors import PROPOSAL_READERS, is_draft
from awards.workflow import NOMINATION, PROPOSAL
from dossiers.package import Package, package_of_proposal, package_of_supplement
from thidua.core import clock, files
from thidua.core.documents import PaperError
from thidua.core.kept import ticket
from thidua.core.permissions import Role, allow
from thidua.core.workflow import Conflict, Refused

_LONGEST_KEY = 18  # digits of a key of the database
_NOT_SEEN = "?"  # the fingerprint of no content


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def proposal_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show exactly what will be sent, and send it."""
    proposal = get_object_or_404(desk.own_proposals(request.user), pk=pk)
    at = clock.now()
    if request.method == "GET" and not is_draft(proposal):
        messages.error(request, PROPOSAL.refusal(proposal, "submit", request.user, at))
        return redirect(proposal)
    quotas = quota_lines([proposal], clock.local_day(at))[proposal.pk]
    checked = check_proposal(proposal, at, request.user)
    return _Page(
        request,
        proposal,
        checked=checked,
        warnings=warnings_of_proposal(proposal),
        lacks=[
            *lacks_of_quota(proposal, quotas),
            *lacks_of_findings(checked),
            *lacks_of_proposal(proposal),
        ],
        package=lambda: package_of_proposal(proposal, request.user, at),
        send=lambda sending: actions.submit_proposal(
            proposal=proposal, sending=sending, actor=request.user, at=at
        ),
    ).answer()


@allow(Role.UNIT_HEAD)
@require_http_methods(["GET", "POST"])
def nomination_resubmit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what will be sent again after a return, and send it."""
    nomination = get_object_or_404(desk.own_nominations(request.user), pk=pk)
    at = clock.now()
    reason = NOMINATION.refusal(nomination, "resubmit", request.user, at)
    if request.method == "GET" and nomination.state not in NOMINATION.rows["resubmit"].sources:
        messages.error(request, reason)
        return redirect(nomination.proposal)
    form = SupplementForm(request.POST if request.method == "POST" else None)
    return _Page(
        request,
        nomination.proposal,
        nomination=nomination,
        form=form,
        checked=check([nomination], at, request.user),
        lacks=lacks_of_nomination(nomination),
        package=lambda: package_of_supplement(nomination, request.user, at),
        send=lambda sending: actions.resubmit_nomination(
            nomination=nomination,
            note=form.cleaned_data["note"],
            sending=sending,
            actor=request.user,
            at=at,
        ),
    ).answer()


class _Page:
    """The page that sends, for a proposal or for one nomination of it."""

    def __init__(
        self,
        request: HttpRequest,
        proposal: Proposal,
        *,
        lacks: list[Lack],
        checked: Any,
        package: Any,
        send: Any,
        warnings: Sequence[Lack] = (),
        nomination: Nomination | None = None,
        form: SupplementForm | None = None,
    ) -> None:
        self.form = form
        self.request, self.proposal, self.nomination = request, proposal, nomination
        self.checked, self.warnings = checked, warnings
        self.lacks, self.package, self.send = lacks, package, send

    def answer(self) -> HttpResponse:
        """Send, or show what would be sent with why it was not."""
        error = ""
        shown = self._printed()
        if self.request.method == "POST" and (self.form is None or self.form.is_valid()):
            try:
                receipt = self.send(self._sending(shown))
            except Conflict as conflict:
                messages.error(self.request, str(conflict))
                return redirect(self.proposal)
            except Refused as refusal:
                error = str(refusal)
            else:
                messages.success(self.request, "Văn phòng đã nhận hồ sơ. Hãy lưu biên nhận này.")
                return redirect(receipt)
        return self._show(shown, error)

    def _printed(self) -> Package | None:
        """Return the package; what cannot be printed yet is said, and not sent."""
        try:
            package: Package | None = self.package()
        except (PaperError, Refused) as error:
            messages.error(self.request, str(error))
            return None
        return package

    def _sending(self, shown: Package | None) -> actions.Sending:
        """Return what the sender saw; what was not seen as it stands now is not sent."""
        is_seen = shown and self.request.POST.get("package") == shown.file.sha256
        return actions.Sending(
            shown.file if shown else None,
            shown.content_sha256 if shown and is_seen else _NOT_SEEN,
            self._visit(),
        )

    def _visit(self) -> SendingVisit | None:
        """Return when the page was opened: the form only names it, the time is ours."""
        user: Any = self.request.user
        key = self.request.POST.get("visit", "")
        if not key.isdecimal() or len(key) > _LONGEST_KEY:
            return None
        return SendingVisit.objects.filter(
            pk=int(key), proposal=self.proposal, user=user, used_at__isnull=True
        ).first()

    def _show(self, shown: Package | None, error: str) -> HttpResponse:
        at = clock.now()
        closed = window_is_open(self.proposal, at)
        visit = self._visit()
        if visit is None and not closed:
            visit = actions.open_sending(proposal=self.proposal, actor=self.request.user, at=at)
        context = {
            "proposal": self.proposal,
            "nomination": self.nomination,
            "form": self.form,
            "error": error,
            "closed": closed,
            "lacks": self.lacks,
            "checked": self.checked,
            "warnings": self.warnings,
            "package": shown,
            "pictures": ticket(shown.file, self.request.user) if shown else "",
            "visit": visit,
        }
        return render(self.request, "dossiers/sending.html", context)


@allow(*PROPOSAL_READERS)
@require_GET
def submission_package(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the package as it was sent."""
    submission = get_object_or_404(desk.submissions_to_read(request.user), pk=pk)
    if submission.package is None:
        raise Http404
    return files.send(submission.package, inline=True)
