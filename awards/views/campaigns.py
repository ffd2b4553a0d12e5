"""The end of a campaign: what is still on its way, closing, archiving, and the next one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from awards.queries.campaigns import end_of
from awards.workflow import CAMPAIGN
from campaigns.actions.copies import copy_campaign
from campaigns.forms import CopyForm
from campaigns.models import Campaign
from thidua.core import audit, clock
from thidua.core.confirm import confirm_transition
from thidua.core.permissions import OFFICE, Role, allow
from thidua.core.workflow import Refused


@allow(*OFFICE, Role.SIGNATORY)
@require_GET
def campaign_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what keeps a campaign from its end, and what may be done now."""
    campaign = _campaign(request, pk)
    context = {
        "campaign": campaign,
        "end": end_of(campaign),
        "offers": CAMPAIGN.offers(campaign, request.user, clock.now()),
        "history": audit.history_of(campaign),
    }
    return render(request, "awards/campaign_end.html", context)


@allow(Role.OFFICE_CHIEF)
def campaign_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a campaign whose every nomination has its end."""
    return _move(
        request,
        pk,
        "close",
        "Sau khi kết thúc, không đơn vị nào lập, sửa hay gửi đề nghị của đợt này nữa.",
    )


@allow(Role.OFFICE_CHIEF)
def campaign_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed campaign again, with the reason."""
    return _move(request, pk, "reopen", "Đợt trở lại trạng thái đang thực hiện.")


@allow(Role.OFFICE_CHIEF)
def campaign_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Archive a closed campaign with its term of retention."""
    return _move(
        request,
        pk,
        "archive",
        "Đợt đã lưu trữ chỉ còn để đọc, không mở lại được. Thời hạn bảo quản tính theo danh mục quy định.",
    )


@allow(*OFFICE)
def campaign_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the draft of a new campaign from this one, its dates shifted."""
    campaign = _campaign(request, pk)
    form = CopyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = copy_campaign(
                campaign=campaign,
                years=form.cleaned_data["years"],
                actor=request.user,
                at=clock.now(),
            )
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, "Đã lập bản đọc cho đợt mới. Hãy xem và xác nhận từng mục.")
            return redirect(draft)
    return render(request, "awards/campaign_copy.html", {"campaign": campaign, "form": form})


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    campaigns = Campaign.objects.visible_to(request.user).select_related("agency")
    return get_object_or_404(campaigns, pk=pk)


def _move(request: HttpRequest, pk: int, action: str, explanation: str) -> HttpResponse:
    campaign = _campaign(request, pk)
    return confirm_transition(
        request,
        CAMPAIGN,
        action,
        campaign,
        back=reverse("campaign_end", args=[campaign.pk]),
        explanation=explanation,
    )
