"""The council: its meetings, recorded by the secretary, read by its members."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from awards import policy
from awards.actions import council as actions
from awards.forms.office import (
    AttendanceForm,
    CloseForm,
    DiscussionForm,
    MeetingForm,
    VotesForm,
)
from awards.models import AgendaItem, CouncilMeeting
from awards.papers.council import council_minutes, keep_minutes, rule_of
from awards.queries.holds import held_among
from awards.queries.office import meetings_in_full, meetings_of, waiting_for_a_meeting
from awards.workflow import MEETING
from thidua.core import audit, clock
from thidua.core.answers import refusals
from thidua.core.permissions import Role, allow
from thidua.core.sending import send_paper

READERS = (
    Role.APPRAISER,
    Role.OFFICE_CHIEF,
    Role.COUNCIL_MEMBER,
    Role.COUNCIL_SECRETARY,
    Role.SIGNATORY,
)


@allow(Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY, Role.OFFICE_CHIEF, Role.SIGNATORY)
@require_GET
def council_list(request: HttpRequest) -> HttpResponse:
    """Hội đồng: the meetings, and what waits for one."""
    context = {
        "meetings": meetings_of(request.user),
        "waiting": waiting_for_a_meeting(request.user),
        "may_open": not policy.SECRETARY.refuses(request.user, None),
    }
    return render(request, "awards/council_list.html", context)


@allow(Role.COUNCIL_SECRETARY)
def meeting_create(request: HttpRequest) -> HttpResponse:
    """Open a meeting over all that the office has accepted for one form of award."""
    user: Any = request.user
    form = MeetingForm(_posted(request), agency_id=user.agency_id)
    form.cancel_url = reverse("council_list")
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            meeting = actions.open_meeting(
                council=form.cleaned_data["council"],
                award_form=form.cleaned_data["award_form"],
                held_at=form.held_at,
                place=form.cleaned_data["place"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, "Đã mở phiên họp. Hãy ghi thành phần dự họp.")
            return redirect("meeting_attendance", pk=meeting.pk)
    context = {"form": form, "waiting": waiting_for_a_meeting(request.user)}
    return render(request, "awards/meeting_create.html", context)


@allow(*READERS)
@require_GET
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Phiên họp: who sat, what was considered, who was left out, what was counted."""
    meeting = get_object_or_404(meetings_in_full(request.user), pk=pk)
    seats = list(meeting.attendance.all())
    present = sum(seat.is_present for seat in seats)
    needed = rule_of(meeting).quorum_count(len(seats))
    may_record = _may_record(meeting, request.user)
    items = list(meeting.agenda.all())
    context = {
        "meeting": meeting,
        "seats": seats,
        "has_quorum": bool(seats) and present >= needed,
        "quorum": f"{present} trên {len(seats)} thành viên có mặt; cần ít nhất {needed}.",
        "items": items,
        "held": _held(items, request.user) if meeting.number is None else (),
        "rule": rule_of(meeting).sentence,
        "may_record": may_record,
        "blocked": MEETING.refusal(meeting, "close", request.user, clock.now())
        if may_record
        else "",
        "entries": audit.history_of(meeting),
    }
    return render(request, "awards/meeting_detail.html", context)


@allow(Role.COUNCIL_SECRETARY)
def meeting_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Record who is absent, and why; everybody else sits."""
    meeting = get_object_or_404(meetings_in_full(request.user), pk=pk)
    form = AttendanceForm(_posted(request), seats=list(meeting.attendance.all()))

    def perform() -> None:
        actions.record_attendance(
            meeting=meeting, absences=form.absences, actor=request.user, at=clock.now()
        )

    return _record(
        request,
        meeting,
        form,
        perform,
        done="Đã ghi thành phần dự họp.",
        template="meeting_attendance",
    )


@allow(Role.COUNCIL_SECRETARY)
def agenda_votes(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the counts of one item."""
    meeting = get_object_or_404(meetings_in_full(request.user), agenda__pk=pk)
    item = next(item for item in meeting.agenda.all() if item.pk == pk)
    form = VotesForm(_posted(request), item=item)

    def perform() -> None:
        actions.record_votes(
            item=item,
            for_count=form.cleaned_data["for_count"],
            against_count=form.cleaned_data["against_count"],
            actor=request.user,
            at=clock.now(),
        )

    done = f"Đã ghi kết quả biểu quyết: {item.nomination.recipient_name}."
    return _record(request, meeting, form, perform, done=done, template="agenda_votes", item=item)


@allow(Role.COUNCIL_SECRETARY)
def meeting_discussion(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was said."""
    meeting = get_object_or_404(meetings_in_full(request.user), pk=pk)
    form = DiscussionForm(_posted(request), initial={"text": meeting.discussion})

    def perform() -> None:
        actions.record_discussion(
            meeting=meeting, text=form.cleaned_data["text"], actor=request.user, at=clock.now()
        )

    return _record(
        request, meeting, form, perform, done="Đã ghi diễn biến.", template="meeting_discussion"
    )


@allow(Role.COUNCIL_SECRETARY)
def meeting_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the meeting: each item is settled by the rule, and the minutes are kept."""
    meeting = get_object_or_404(meetings_in_full(request.user), pk=pk)
    form = CloseForm(_posted(request), meeting=meeting)

    def perform() -> None:
        actions.close_meeting(
            meeting=meeting, ended_at=form.ended_at, actor=request.user, at=clock.now()
        )
        keep_minutes(CouncilMeeting.objects.get(pk=meeting.pk), request.user)

    return _record(
        request,
        meeting,
        form,
        perform,
        done="Đã kết thúc phiên họp. Biên bản đã được lưu; tờ trình soạn sẵn chờ người ký duyệt.",
        template="meeting_close",
        blocked=MEETING.refusal(meeting, "close", request.user, clock.now()),
        rule=rule_of(meeting).sentence,
    )


@allow(*READERS)
@require_GET
def meeting_minutes_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the minutes: the kept file, or what an open meeting's would say now."""
    meeting = get_object_or_404(meetings_in_full(request.user), pk=pk)
    kept = keep_minutes(meeting, request.user)
    name = "bien-ban-hoi-dong" if kept else "bien-ban-xem-truoc"
    paper = council_minutes(meeting)
    return send_paper(request, paper, name, back=meeting.get_absolute_url(), kept=kept)


def _held(items: list[AgendaItem], user: Any) -> set[int]:
    """Return what is on hold (by nomination), as far as `user` may know."""
    held = held_among(item.nomination for item in items)
    nominations = [item.nomination for item in items if item.nomination_id in held]
    return {n.pk for n in nominations if policy.sees_hold(user, n)}


def _posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also when it is empty; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def _may_record(meeting: CouncilMeeting, user: Any) -> bool:
    """Whether the secretary may still write in the meeting."""
    row = MEETING.rows["close"]
    return meeting.state in row.sources and not row.who.refuses(user, meeting)


def _record(
    request: HttpRequest,
    meeting: CouncilMeeting,
    form: Any,
    perform: Any,
    *,
    done: str,
    template: str,
    **context: Any,
) -> HttpResponse:
    """Show one of the secretary's forms and do what it asks; a refusal keeps what was typed."""
    back = meeting.get_absolute_url()
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        with refusals(request, form, late=back):
            perform()
            messages.success(request, done)
            return redirect(back)
    return render(request, f"awards/{template}.html", {"form": form, "meeting": meeting, **context})
