"""Sổ tạm giữ: opened by its keepers alone, and every look into it is recorded."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import holds as acts
from awards.forms.holds import ConclusionForm, CorrectionForm, HoldFilterForm, HoldForm
from awards.queries import holds as reads
from awards.rules.holds import may_be_concluded, may_be_corrected
from staff.models import Hold
from thidua.core import audit, clock, files
from thidua.core.answers import refusals
from thidua.core.kept import file_of
from thidua.core.permissions import Role, allow
from units.models import Agency

PAGE_SIZE = 50
_LONGEST = 100
_SHOWN_LOOKS = 20
_ASKED = ("GET", "POST")


@allow(Role.HOLD_KEEPER)
@require_GET
def hold_list(request: HttpRequest) -> HttpResponse:
    """List the register, the live lines first asked for; search by name."""
    states = (reads.LIVE, reads.OVER, reads.ALL)
    words = request.GET.get("q", "")[:_LONGEST].replace("\x00", "")
    state = request.GET.get("state", "")
    state = state if state in states else reads.LIVE
    found = reads.narrowed(reads.holds_visible_to(request.user), words, state)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    acts.look_through(
        agency=_agency(request), holds=page.object_list, words=words, actor=request.user
    )
    context = {
        "page": page,
        "form": HoldFilterForm(initial={"q": words, "state": state}),
        "words": words,
    }
    return render(request, "awards/hold_list.html", context)


@allow(Role.HOLD_KEEPER)
@require_GET
def hold_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one line: why, since when, by which document, how it ended, who looked."""
    hold = _looked_up(request, pk)
    context = {
        "hold": hold,
        "history": audit.history_of(hold).reverse()[:_SHOWN_LOOKS],
        "not_concluded": may_be_concluded(hold),
        "not_corrected": may_be_corrected(hold),
    }
    return render(request, "awards/hold_detail.html", context)


@allow(Role.HOLD_KEEPER)
@require_http_methods(_ASKED)
def hold_create(request: HttpRequest) -> HttpResponse:
    """Write a new line."""
    form = HoldForm(*_sent(request), **_subjects(request), initial={"opened_on": clock.today()})
    form.cancel_url = reverse("hold_list")
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            hold = acts.open_hold(
                agency=_agency(request), **form.facts, actor=request.user, at=clock.now()
            )
            messages.success(request, "Đã ghi vào sổ. Hồ sơ của đối tượng này đang tạm giữ.")
            return redirect(hold)
    return render(request, "awards/hold_create.html", {"form": form})


@allow(Role.HOLD_KEEPER)
@require_http_methods(_ASKED)
def hold_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a right line in the place of a wrong one."""
    hold = _looked_up(request, pk)
    form = CorrectionForm(*_sent(request), **_subjects(request), initial=_as_written(hold))
    form.cancel_url = hold.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            right = acts.correct_hold(
                hold=hold,
                **form.facts,
                correction_reason=form.cleaned_data["correction_reason"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, "Đã đính chính. Dòng mới thay cho dòng cũ.")
            return redirect(right)
    if request.method == "GET" and (reason := may_be_corrected(hold)):
        messages.error(request, reason)
        return redirect(hold)
    return render(request, "awards/hold_create.html", {"form": form, "hold": hold})


@allow(Role.HOLD_KEEPER)
@require_http_methods(_ASKED)
def hold_conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Write how the matter ended; from then on the subject's nominations go on."""
    hold = _looked_up(request, pk)
    form = ConclusionForm(*_sent(request), initial={"concluded_on": clock.today()})
    form.cancel_url = hold.get_absolute_url()
    file = file_of(request, form)
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            acts.conclude_hold(
                hold=hold, **form.facts, file=file, actor=request.user, at=clock.now()
            )
            messages.success(request, "Đã ghi kết luận. Dòng này không còn tạm giữ hồ sơ nào.")
            return redirect(hold)
    if request.method == "GET" and (reason := may_be_concluded(hold)):
        messages.error(request, reason)
        return redirect(hold)
    return render(request, "awards/hold_conclude.html", {"form": form, "hold": hold, "kept": file})


@allow(Role.HOLD_KEEPER)
@require_GET
def hold_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the concluding document."""
    ended = reads.holds_visible_to(request.user).filter(concluding_file__isnull=False)
    hold = get_object_or_404(ended, pk=pk)
    acts.look_up(hold=hold, actor=request.user, label="Mở văn bản kết luận tạm giữ")
    return files.send(hold.concluding_file, inline=True)


# --- Small -------------------------------------------------------------------------------------


def _looked_up(request: HttpRequest, pk: int) -> Hold:
    """Find a line, and record that it was looked at before anything of it is shown."""
    hold = get_object_or_404(reads.holds_visible_to(request.user), pk=pk)
    acts.look_up(hold=hold, actor=request.user, label="Xem dòng sổ tạm giữ")
    return hold


def _agency(request: HttpRequest) -> Agency:
    agency: Agency | None = request.user.agency
    if agency is None:
        raise Http404
    return agency


def _subjects(request: HttpRequest) -> dict[str, Any]:
    return {
        "people": reads.people_to_hold(request.user),
        "units": reads.units_to_hold(request.user),
    }


def _as_written(hold: Hold) -> dict[str, Any]:
    names = ("kind", "reason", "opened_on", "document_number", "document_on")
    subject = f"person:{hold.person_id}" if hold.person_id else f"unit:{hold.unit_id}"
    return {"subject": subject} | {name: getattr(hold, name) for name in names}


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
