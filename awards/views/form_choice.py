"""Chọn mẫu báo cáo: the office's answer when the plan names a form no longer in force."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from awards.actions.form_choice import choose_form
from awards.forms.office import FormChoiceForm
from awards.queries.office import report_counts
from campaigns.models import AwardForm, Campaign
from campaigns.queries.forms import (
    choice_of,
    dead_form_sentence,
    has_ended,
    options_of,
    with_choices,
)
from thidua.core import clock
from thidua.core.permissions import OFFICE, allow
from thidua.core.workflow import Conflict, Refused


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def form_choice_create(request: HttpRequest, pk: int, award_form: int) -> HttpResponse:
    """Say what has ended and what serves now, and take the choice with its reason."""
    day = clock.today()
    visible = AwardForm.objects.filter(campaign__in=Campaign.objects.visible_to(request.user))
    found = get_object_or_404(with_choices(visible), pk=award_form, campaign_id=pk)
    campaign = found.campaign
    if request.method == "GET" and not (campaign.is_open and has_ended(found.report_form, day)):
        messages.error(request, "Mẫu báo cáo của hình thức này không cần chọn lại.")
        return redirect(campaign)
    is_sent = request.method == "POST"
    options = options_of(found, day)
    form = FormChoiceForm(request.POST if is_sent else None, options=options)
    form.cancel_url = campaign.get_absolute_url()
    if is_sent and form.is_valid():
        try:
            choose_form(
                award_form=found,
                chosen=form.cleaned_data["chosen"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=clock.now(),
            )
        except Conflict as conflict:
            messages.error(request, str(conflict))
            return redirect(campaign)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã chọn mẫu báo cáo cho {found.name}.")
            return redirect(campaign)
    context = {
        "campaign": campaign,
        "award_form": found,
        "sentence": dead_form_sentence(found.report_form, day),
        "has_heir": len(options) > 1,
        "choice": choice_of(found),
        "counts": report_counts(found),
        "form": form,
    }
    return render(request, "awards/form_choice_create.html", context)
