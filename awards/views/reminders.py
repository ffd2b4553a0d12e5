"""Nhắc việc: the own reminders, the newest first; opening the page is reading them."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from awards.actions.reminders import mark_read
from awards.models import Reminder
from awards.queries.reminders import reminders_of
from thidua.core import clock
from thidua.core.permissions import ANYONE, allow

_ON_A_PAGE = 20


@allow(*ANYONE)
@require_GET
def reminder_list(request: HttpRequest) -> HttpResponse:
    """Show the own reminders, and note that they were read."""
    page = Paginator(reminders_of(request.user), _ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    rows = [(reminder, lines_to_show(reminder)) for reminder in shown]
    mark_read(reminders=shown, user=request.user, at=clock.now())
    return render(request, "awards/reminder_list.html", {"page": page, "rows": rows})


def lines_to_show(reminder: Reminder) -> list[dict[str, Any]]:
    """Return the lines with their days as days."""
    return [
        line | {"due_on": dt.date.fromisoformat(line["due_on"]) if line["due_on"] else None}
        for line in reminder.lines
    ]
