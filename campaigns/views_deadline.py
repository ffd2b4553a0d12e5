"""Hạn gửi hồ sơ, as a file for the person's own calendar."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from campaigns.deadlines import Deadline, deadline_calendar
from campaigns.models import Campaign
from thidua.core.permissions import ANYONE, allow, headed_unit_ids
from units.models import Unit


@allow(*ANYONE)
@require_GET
def deadline_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the last day of each unit that the person heads, else of the unit worked in."""
    campaign = get_object_or_404(
        Campaign.objects.visible_to(request.user).prefetch_related("extensions"), pk=pk
    )
    user: Any = request.user
    own = {user.person.unit_id} if user.person else set()
    units = list(Unit.objects.filter(pk__in=headed_unit_ids(user) or own).nominating())
    place = settings.PUBLIC_URL.rstrip("/")
    address = place + campaign.get_absolute_url()
    deadlines = [Deadline(campaign, unit, address) for unit in units or [None]]
    return HttpResponse(
        deadline_calendar(deadlines, urlsplit(place).hostname or "thidua"),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="han-gui-ho-so.ics"'},
    )
