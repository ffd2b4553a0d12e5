"""What the office decides while a campaign runs: later last days, quotas, waivers of them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.actions import quotas as quota_acts
from campaigns.actions import windows as window_acts
from campaigns.forms_windows import ExtensionForm, GraceForm, QuotaForm, WaiverForm
from campaigns.models import Campaign, QuotaWaiver, WindowExtension
from campaigns.queries import quotas, windows
from campaigns.views import EXTENSION_READERS
from thidua.core import clock, files
from thidua.core.answers import refusals
from thidua.core.kept import file_of
from thidua.core.models import StoredFile
from thidua.core.permissions import ANYONE, OFFICE, Role, allow, roles_of
from thidua.core.workflow import Refused

READERS = tuple(sorted(EXTENSION_READERS))


# --- Extensions --------------------------------------------------------------------------------


@allow(*READERS)
@require_GET
def extension_list(request: HttpRequest, pk: int) -> HttpResponse:
    """List the extensions of a campaign that concern the reader, the latest first."""
    campaign = _campaign(request, pk)
    extensions = (
        WindowExtension.objects.visible_to(request.user)
        .filter(campaign=campaign)
        .select_related("unit", "file", "recorded_by__person")
        .order_by("-recorded_at", "-pk")
    )
    context = {
        "campaign": campaign,
        "extensions": extensions,
        "may_extend": _is_chief(request) and not windows.why_ended(campaign),
    }
    return render(request, "campaigns/extension_list.html", context)


@allow(Role.OFFICE_CHIEF)
@require_http_methods(["GET", "POST"])
def grace_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say for how many minutes a page that was opened in time may still send."""
    campaign = _campaign(request, pk)
    back = reverse("extension_list", args=[campaign.pk])
    sent = request.POST if request.method == "POST" else None
    form = GraceForm(sent, initial={"minutes": campaign.grace_minutes})
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            minutes = form.cleaned_data["minutes"]
            window_acts.set_grace(campaign=campaign, minutes=minutes, actor=request.user)
            messages.success(request, f"Được gửi chậm {minutes} phút.")
            return redirect(back)
    return render(request, "campaigns/grace_edit.html", {"campaign": campaign, "form": form})


@allow(Role.OFFICE_CHIEF)
@require_http_methods(["GET", "POST"])
def extension_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a later last day."""
    campaign = _campaign(request, pk)
    back = reverse("extension_list", args=[campaign.pk])
    form = ExtensionForm(*_sent(request), units=quotas.proposing_units(campaign, clock.today()))
    form.cancel_url = back
    file = file_of(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            extension = window_acts.extend_window(
                campaign=campaign,
                unit=form.chosen_unit,
                due_on=form.cleaned_data["due_on"],
                **form.ruling,
                file=file,
                actor=request.user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã ghi: {extension}.")
            return redirect(back)
    ended = windows.why_ended(campaign)
    if request.method == "GET" and ended:
        messages.error(request, ended)
        return redirect(back)
    context = {"campaign": campaign, "form": form, "kept": file}
    return render(request, "campaigns/extension_create.html", context)


@allow(*READERS)
@require_GET
def extension_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the document by which a window was extended."""
    rows = WindowExtension.objects.visible_to(request.user).select_related("file")
    return _shown(get_object_or_404(rows, pk=pk).file)


# --- Quotas ------------------------------------------------------------------------------------


@allow(*ANYONE)
@require_GET
def quota_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how many each unit may propose, and who was allowed more."""
    campaign = _campaign(request, pk)
    runs = not windows.why_ended(campaign)
    rows = quotas.quota_table(campaign, request.user)
    context = {
        "campaign": campaign,
        "rows": rows,
        "waivers": [(row, waiver) for row in rows for waiver in row.waivers],
        "may_edit": runs and bool(roles_of(request.user) & OFFICE),
        "may_waive": runs and _is_chief(request),
        "has_quotas": any(row.each or row.own for row in rows),
    }
    return render(request, "campaigns/quota_list.html", context)


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def quota_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the quotas of one form of award and kind of subject, unit by unit."""
    criterion = get_object_or_404(quotas.criteria_visible_to(request.user), pk=pk)
    campaign = criterion.award_form.campaign
    back = reverse("quota_list", args=[campaign.pk])
    present = {unit: quotas.text_of(row) for unit, row in quotas.quotas_of(criterion).items()}
    form = QuotaForm(
        request.POST if request.method == "POST" else None,
        criterion=criterion,
        units=list(quotas.proposing_units(campaign, clock.today())),
        present=present,
    )
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            count = quota_acts.set_quotas(
                criterion=criterion,
                wanted=form.wanted,
                seen=form.seen,
                actor=request.user,
                at=clock.now(),
            )
        except quota_acts.QuotaConflict as conflict:
            form.show_conflict(conflict.now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "Đã lưu chỉ tiêu." if count else "Không có chỉ tiêu nào thay đổi."
            )
            return redirect(back)
    context = {"campaign": campaign, "label": quotas.label_of(criterion), "form": form}
    return render(request, "campaigns/quota_edit.html", context)


@allow(Role.OFFICE_CHIEF)
@require_http_methods(["GET", "POST"])
def waiver_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a unit may go over its quota."""
    campaign = _campaign(request, pk)
    back = reverse("quota_list", args=[campaign.pk])
    form = WaiverForm(
        *_sent(request),
        units=quotas.proposing_units(campaign, clock.today()),
        criteria=quotas.criteria_of(campaign),
    )
    form.cancel_url = back
    file = file_of(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            waiver = quota_acts.waive_quota(
                criterion=form.cleaned_data["criterion"],
                unit=form.cleaned_data["unit"],
                extra_count=form.cleaned_data["extra_count"],
                **form.ruling,
                file=file,
                actor=request.user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã ghi cho vượt: {waiver}.")
            return redirect(back)
    context = {"campaign": campaign, "form": form, "kept": file}
    return render(request, "campaigns/waiver_create.html", context)


@allow(*READERS)
@require_GET
def waiver_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the document by which a unit may go over its quota."""
    rows = QuotaWaiver.objects.visible_to(request.user).select_related("file")
    return _shown(get_object_or_404(rows, pk=pk).file)


# --- Small -------------------------------------------------------------------------------------


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)


def _is_chief(request: HttpRequest) -> bool:
    return Role.OFFICE_CHIEF in roles_of(request.user)


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    # Nothing filled in is still something sent: «or None» would leave such a form unanswered.
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _shown(stored: StoredFile | None) -> HttpResponseBase:
    if stored is None:
        raise Http404
    return files.send(stored, inline=True)
