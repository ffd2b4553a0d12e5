"""The signatory's desk: approve all, some or none, on one page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from awards.actions.approvals import approve_all
from awards.forms.office import ApprovalForm
from awards.models import Nomination
from awards.policy import SIGNATORY
from awards.queries.office import letters_to_sign, settled_recently, waiting_for_approval
from awards.rules.holds import ON_HOLD
from awards.workflow import NOMINATION
from thidua.core import clock
from thidua.core.confirm import confirm_transition
from thidua.core.permissions import Role, allow
from thidua.core.workflow import Refused


@allow(Role.SIGNATORY)
@require_GET
def approval_list(request: HttpRequest) -> HttpResponse:
    """Phê duyệt: all that waits for the signatory, and what was settled last."""
    return _approval_page(request, ApprovalForm(user=request.user))


@allow(Role.SIGNATORY)
def approval_decide(request: HttpRequest) -> HttpResponse:
    """Approve the chosen nominations, all of them or none."""
    if request.method != "POST":
        return redirect("approval_list")
    form = ApprovalForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            approved = approve_all(
                nomination_ids=[nomination.pk for nomination in form.cleaned_data["nominations"]],
                actor=request.user,
                at=clock.now(),
                confirmed=True,
            )
        except Refused as refusal:
            form.add_error(None, f"Chưa phê duyệt trường hợp nào. {refusal}")
        else:
            names = "; ".join(nomination.recipient_name for nomination in approved)
            messages.success(
                request,
                f"Đã phê duyệt {len(approved)} trường hợp: {names}. Văn thư lập quyết định và cấp số.",
            )
            return redirect("approval_list")
    return _approval_page(request, form)


@allow(Role.SIGNATORY)
def nomination_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve one nomination."""
    return _settle(request, pk, "approve")


@allow(Role.SIGNATORY)
def nomination_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse one nomination, with the reason."""
    return _settle(request, pk, "refuse")


EXPLANATIONS = {
    "approve": "Hồ sơ chuyển sang Văn thư để lấy số quyết định.",
    "refuse": "Đơn vị và Văn phòng đọc được lý do. Hồ sơ kết thúc tại đây.",
}


def _settle(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one act on one nomination, then return to the list."""
    nomination = get_object_or_404(
        Nomination.objects.visible_to(request.user).select_related("award_form", "proposal"), pk=pk
    )

    def perform(note: str) -> str:
        NOMINATION.fire(
            nomination, action, actor=request.user, at=clock.now(), note=note, confirmed=True
        )
        return reverse("approval_list")

    return confirm_transition(
        request,
        NOMINATION,
        action,
        nomination,
        perform=perform,
        explanation=EXPLANATIONS[action],
    )


def _approval_page(request: HttpRequest, form: ApprovalForm) -> HttpResponse:
    waiting = [
        (
            nomination,
            SIGNATORY.refuses(request.user, nomination) or (ON_HOLD if nomination.is_held else ""),
        )
        for nomination in waiting_for_approval(request.user)
    ]
    context = {
        "form": form,
        "waiting": waiting,
        "letters": letters_to_sign(request.user),
        "settled": settled_recently(request.user),
    }
    return render(request, "awards/approval_list.html", context)
