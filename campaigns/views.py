"""Đợt thi đua: the plans, as people read them on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from campaigns.queries import Window, campaigns_of, dead_forms_of, dossier_of, plans_of
from thidua.core import clock
from thidua.core.permissions import ANYONE, Role, allow, roles_of


@allow(*ANYONE)
@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    """List the plans of the agency with the days left."""
    day = clock.today()
    rows = [(campaign, Window.of(campaign, day)) for campaign in campaigns_of(request.user)]
    return render(request, "campaigns/campaign_list.html", {"rows": rows, "day": day})


@allow(*ANYONE)
@require_GET
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan with its forms of award, criteria and dossier list."""
    campaign = get_object_or_404(plans_of(request.user), pk=pk)
    day = clock.today()
    context = {
        "campaign": campaign,
        "window": Window.of(campaign, day),
        "day": day,
        "dossier": dossier_of(campaign),
        "dead_forms": dead_forms_of(campaign, day),
        "may_propose": Role.UNIT_HEAD in roles_of(request.user),
    }
    return render(request, "campaigns/campaign_detail.html", context)
