"""The office's desk: the queue, what is done with one nomination, the summary."""

import dataclasses
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions.returns import return_nomination
from awards.forms.office import QueueFilterForm
from awards.forms.returns import ReturnForm
from awards.models import Nomination
from awards.papers.results import summary_paper
from awards.queries import desk
from awards.queries.holds import with_holds
from awards.queries.office import (
    accepted_in,
    filters_of,
    in_state,
    narrowed,
    nominations_in_summary,
    place_in,
    queue_rows,
    sent_nominations,
    state_counts,
    summary_tables,
)
from awards.workflow import NOMINATION
from campaigns.models import Campaign
from thidua.core import clock
from thidua.core.answers import refusals
from thidua.core.confirm import confirm_transition
from thidua.core.permissions import OFFICE, Role, allow, roles_of
from thidua.core.sending import send_paper

PAGE_SIZE = 25
_LONGEST_KEY = 30  # digits: Python refuses to read a number of thousands of them
LAST_QUEUE = "last_queue"  # the filters under which a reviewer works, to go on after an act


@dataclasses.dataclass(frozen=True, slots=True)
class Queue:
    """The queue under some filters."""

    chosen: dict[str, str]
    every_state: Any
    nominations: Any

    @property
    def query(self) -> str:
        """Return the filters as an address carries them; the state is always said."""
        return urlencode({name: value for name, value in self.chosen.items() if value})


def queue_of(user: Any, address: Mapping[str, str]) -> Queue:
    """Return the queue that an address describes."""
    chosen = filters_of(address)
    found = narrowed(sent_nominations(user), chosen)
    return Queue(chosen, found, in_state(found, chosen["state"]))


@allow(Role.APPRAISER, Role.OFFICE_CHIEF)
@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    """Bàn thẩm định: every nomination that units have sent, by filters that live in the URL."""
    user: Any = request.user
    queue = queue_of(user, request.GET)
    form = QueueFilterForm(queue.chosen, agency_id=user.agency_id)
    form.show_counts(state_counts(queue.every_state), queue.chosen["state"])
    shown = with_holds(queue.nominations, user).select_related("award_form", "proposal__unit")
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": queue_rows(list(page.object_list), clock.today()),
        "queue_query": queue.query,
        "is_narrowed": any(value for name, value in queue.chosen.items() if name != "state"),
    }
    return render(request, "awards/review_queue.html", context)


@allow(Role.APPRAISER, Role.OFFICE_CHIEF)
def nomination_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a nomination."""
    return _review(request, pk, "accept")


@allow(Role.APPRAISER, Role.OFFICE_CHIEF)
@require_http_methods(["GET", "POST"])
def nomination_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a nomination to its unit and name every point: only those open there."""
    nomination = get_object_or_404(
        Nomination.objects.visible_to(request.user).select_related(
            "award_form", "proposal", "report"
        ),
        pk=pk,
    )
    at, back = clock.now(), nomination.get_absolute_url()
    sent = request.POST if request.method == "POST" else None
    form = ReturnForm(sent, headings=desk.headings_of(nomination))
    form.cancel_url = back
    blocked = NOMINATION.refusal(nomination, "return", request.user, at)
    if request.method == "POST" and form.is_valid():
        with refusals(request, form, late=back):
            target = _next_page(request, nomination)
            return_nomination(
                nomination=nomination,
                remarks=form.remarks,
                note=form.cleaned_data["note"],
                actor=request.user,
                at=at,
            )
            messages.success(request, f"Đã yêu cầu bổ sung: {nomination}.")
            return redirect(target)
    elif request.method == "GET" and blocked:
        messages.error(request, blocked)
        return redirect(back)
    row = NOMINATION.rows["return"]
    context = {
        "form": form,
        "row": row,
        "record": nomination,
        "back": back,
        "explanation": EXPLANATIONS["return"],
    }
    return render(request, "core/confirm.html", context)


@allow(Role.APPRAISER, Role.OFFICE_CHIEF)
def nomination_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline a nomination, with the reason."""
    return _review(request, pk, "decline")


EXPLANATIONS = {
    "accept": "Hồ sơ chuyển sang danh sách trình người có thẩm quyền.",
    "return": "Nêu từng điểm cần bổ sung ngay dưới phần đó. Đơn vị sửa rồi gửi lại trong hạn.",
    "decline": "Ghi rõ tiêu chuẩn chưa đạt, dẫn mục của kế hoạch. Hồ sơ kết thúc tại đây.",
}


def _review(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one act on one nomination, then go on to the next that waits."""
    nomination = get_object_or_404(
        Nomination.objects.visible_to(request.user).select_related("award_form", "proposal"), pk=pk
    )

    def perform(note: str) -> str:
        target = _next_page(request, nomination)
        NOMINATION.fire(
            nomination, action, actor=request.user, at=clock.now(), note=note, confirmed=True
        )
        return target

    return confirm_transition(
        request,
        NOMINATION,
        action,
        nomination,
        perform=perform,
        explanation=EXPLANATIONS[action],
    )


def _next_page(request: HttpRequest, nomination: Nomination) -> str:
    """Return the page of the next nomination of the reviewer's queue, or the queue."""
    queue = queue_of(request.user, QueryDict(request.session.get(LAST_QUEUE, "")))
    next_id = place_in(queue.nominations, nomination).next_id
    url = reverse("nomination_detail", args=[next_id]) if next_id else reverse("review_queue")
    return f"{url}?{queue.query}"


@allow(Role.APPRAISER, Role.OFFICE_CHIEF, Role.SIGNATORY)
@require_GET
def summary(request: HttpRequest) -> HttpResponse:
    """Tổng hợp: counts by form of award, unit and state, and the list of those accepted."""
    campaigns = Campaign.objects.visible_to(request.user)
    wanted = request.GET.get("campaign", "")[:_LONGEST_KEY]
    chosen = campaigns.filter(pk=int(wanted)) if wanted.isdecimal() else campaigns
    campaign = chosen.first() or campaigns.first()
    nominations = sent_nominations(request.user)
    context = {
        "campaign": campaign,
        "campaigns": campaigns,
        "tables": summary_tables(nominations, campaign) if campaign else [],
        "accepted": with_holds(accepted_in(nominations, campaign), request.user)
        if campaign
        else [],
        "may_open_queue": bool(OFFICE & roles_of(request.user)),
    }
    return render(request, "awards/summary.html", context)


@allow(Role.APPRAISER, Role.OFFICE_CHIEF, Role.SIGNATORY)
@require_GET
def summary_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the summary table of a campaign as it goes before the council and the signatory."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    paper = summary_paper(campaign, nominations_in_summary(request.user, campaign))
    return send_paper(request, paper, "bang-tong-hop", back=reverse("summary"))
