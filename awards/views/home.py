"""Việc của tôi, and what a person has received."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from awards.queries import desk, reminders, units, work
from campaigns.queries import Window, days, talk, windows
from thidua.core import clock
from thidua.core.permissions import ANYONE, allow


@allow(*ANYONE)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits, what was sent on, and the campaign beside it."""
    at = clock.now()
    day = clock.local_day(at)
    campaign = desk.current_campaign(request.user, at)
    tasks = work.tasks_of(request.user, at)
    context = {
        "tasks": tasks,
        "waiting_count": work.waiting_count(request.user, at),
        "sent": work.sent_by(request.user),
        "next_sentence": "" if tasks else work.next_sentence(request.user, campaign),
        "campaign": campaign,
        "window": Window.of(
            campaign,
            day,
            windows.own_unit_ids(request.user),
            days.calendar_for(request.user, day),
        )
        if campaign
        else None,
        "reminder": reminders.latest_unread(request.user),
        "nudges": units.recent_nudges(request.user, at),
        "announcements": talk.recent_announcements(request.user.agency_id, at),
        "counts": desk.counts_in(campaign, request.user) if campaign else [],
    }
    return render(request, "awards/home.html", context)


@allow(*ANYONE)
@require_GET
def my_awards(request: HttpRequest) -> HttpResponse:
    """Khen thưởng đã nhận: the own awards over the years."""
    return render(request, "awards/my_awards.html", {"entries": desk.awards_of(request.user)})
