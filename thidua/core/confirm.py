"""The page on which a person confirms an act: a reason, a password, or only «yes».

One view body for every transition, so that each asks, refuses and answers alike.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thidua.core import clock
from thidua.core.answers import refusals
from thidua.core.forms import TransitionForm
from thidua.core.workflow import Workflow

Perform = Callable[[str], Any]
"""Does the act with the note; returns where to go next, or None for the record's own page."""


def confirm_transition(
    request: HttpRequest,
    workflow: Workflow,
    action: str,
    record: Any,
    *,
    perform: Perform | None = None,
    back: str = "",
    explanation: str = "",
) -> HttpResponse:
    """Ask (GET) and do (POST) one transition of `record`; `perform` when it is a larger act.

    A refusal that the person can mend is shown with what was typed; when somebody else was
    first, the person reads what happened on the page of the record.
    """
    row = workflow.rows[action]
    at = clock.now()
    back = back or record.get_absolute_url()
    sent = request.POST if request.method == "POST" else None
    form = TransitionForm(sent, row=row, user=request.user, cancel_url=back)
    blocked = workflow.refusal(record, action, request.user, at)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data.get("note", "")
        with refusals(request, form, late=back):
            if perform:
                target = perform(note)
            else:
                workflow.fire(record, action, actor=request.user, at=at, note=note, confirmed=True)
                target = None
            messages.success(request, f"Đã thực hiện: {row.label} · {record}.")
            return redirect(target or back)
    elif request.method == "GET" and blocked:
        messages.error(request, blocked)
        return redirect(back)
    context = {
        "form": form,
        "row": row,
        "record": record,
        "back": back,
        "explanation": explanation,
    }
    return render(request, "core/confirm.html", context)
