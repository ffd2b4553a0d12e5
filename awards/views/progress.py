"""Tiến độ: how far every unit has come in a campaign, and a word to those that are late."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions.reminders import nudge_units
from awards.forms.progress import NudgeForm
from awards.queries.units import UnitProgress, progress_of_units
from campaigns.models import Campaign
from thidua.core import clock
from thidua.core.permissions import OFFICE, Role, allow, roles_of
from thidua.core.workflow import Refused


@allow(*OFFICE, Role.SIGNATORY)
@require_GET
def campaign_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a line for each unit: what it has, what lacks, when it last did something."""
    campaign = _campaign(request, pk)
    lines = progress_of_units(campaign, clock.now())
    may_nudge = bool(roles_of(request.user) & OFFICE)
    context = {
        "campaign": campaign,
        "forms": campaign.award_forms.all(),
        "lines": lines,
        "silent": [line for line in lines if line.is_silent],
        "sent_count": sum(not line.lack for line in lines),
        "may_nudge": may_nudge,
        "to_nudge": _late(lines) if may_nudge else [],
    }
    return render(request, "awards/campaign_progress.html", context)


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def nudge_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which units will be urged in which words; then urge them in one act."""
    campaign = _campaign(request, pk)
    back = reverse("campaign_progress", args=[campaign.pk])
    lines = [line for line in progress_of_units(campaign, clock.now()) if line.may_be_nudged]
    if request.method == "GET" and not lines:
        messages.error(request, "Không còn đơn vị nào phải gửi hoặc bổ sung hồ sơ.")
        return redirect(back)
    asked = [line for line in lines if str(line.unit.pk) == request.GET.get("unit")]
    chosen = asked or _late(lines)
    form = NudgeForm(
        request.POST if request.method == "POST" else None,
        units=[line.unit for line in lines],
        initial={"units": [line.unit.pk for line in chosen], "text": _words(chosen or lines)},
    )
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            made = nudge_units(
                campaign=campaign,
                units=form.cleaned_data["units"],
                text=form.cleaned_data["text"],
                actor=request.user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            names = ", ".join(str(nudge.unit) for nudge in made)
            messages.success(request, f"Đã nhắc {len(made)} đơn vị: {names}.")
            return redirect(back)
    context = {"campaign": campaign, "form": form, "chosen": chosen}
    return render(request, "awards/nudge_create.html", context)


def _late(lines: list[UnitProgress]) -> list[UnitProgress]:
    """Keep the silent units that can still act and whose last nudge is on its way no more."""
    return [
        line
        for line in lines
        if line.is_silent
        and line.may_be_nudged
        and (line.nudge is None or line.nudge.carried_on is not None)
    ]


def _words(lines: list[UnitProgress]) -> str:
    if not lines:
        return ""
    last = max(line.due_on for line in lines)
    first = min(line.due_on for line in lines)
    until = f"đến hết ngày {first:%d/%m/%Y}" if first == last else "đúng hạn của đơn vị"
    return f"Đề nghị đơn vị hoàn thành và gửi hồ sơ khen thưởng {until}."


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    plans = Campaign.objects.visible_to(request.user).prefetch_related("award_forms", "extensions")
    return get_object_or_404(plans, pk=pk)
