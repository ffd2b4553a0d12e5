"""Hỏi đáp, thông báo: what the units and the office write to each other about a campaign."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.actions.announcements import publish_announcement
from campaigns.actions.questions import answer_question, ask_question
from campaigns.forms_talk import AnnouncementForm, AnswerForm, QuestionForm
from campaigns.models import Announcement, Campaign, CampaignState, Question
from campaigns.papers import announcement_paper
from campaigns.queries import talk
from thidua.core import audit, clock
from thidua.core.permissions import ANYONE, OFFICE, allow
from thidua.core.sending import send_paper
from thidua.core.workflow import Conflict, Refused

_ON_A_PAGE = 25


@allow(*ANYONE)
@require_http_methods(["GET", "POST"])
def question_list(request: HttpRequest, pk: int) -> HttpResponse:
    """List the questions that the person may read, and take a new one."""
    campaign = _campaign(request, pk)
    is_sent = request.method == "POST"
    form = QuestionForm(request.POST) if is_sent else QuestionForm()
    if is_sent and form.is_valid():
        try:
            question = ask_question(
                campaign=campaign,
                text=form.cleaned_data["text"],
                actor=request.user,
                at=clock.now(),
            )
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, "Đã gửi câu hỏi đến Văn phòng.")
            return redirect(question_place(question))
    page = Paginator(talk.questions_of(request.user, campaign), _ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "campaign": campaign,
        "page": page,
        "form": form,
        "may_ask": campaign.state == CampaignState.OPEN,
        "may_answer": talk.may_answer(request.user),
    }
    return render(request, "campaigns/question_list.html", context)


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def question_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question, or mend its answer."""
    question = get_object_or_404(talk.questions_to_answer(request.user), pk=pk)
    is_sent = request.method == "POST"
    form = AnswerForm(request.POST if is_sent else None, initial=_answered(question))
    form.cancel_url = question_place(question)
    theirs = None
    if is_sent and form.is_valid():
        try:
            answer_question(
                question=question,
                answer=form.cleaned_data["answer"],
                is_public=form.cleaned_data["is_public"],
                version=form.cleaned_data["version"] or 0,
                actor=request.user,
                at=clock.now(),
            )
        except Conflict as conflict:
            # What was typed stays; the newer answer is shown beside it, and saving again is known.
            theirs = question = talk.questions_to_answer(request.user).get(pk=pk)
            form.see_version(question.version)
            form.add_error(None, str(conflict))
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, "Đã lưu câu trả lời.")
            return redirect(question_place(question))
    elif is_sent and "version" in form.errors:
        form.see_version(question.version)
    context = {
        "question": question,
        "campaign": question.campaign,
        "form": form,
        "theirs": theirs,
        "history": audit.history_of(question),
    }
    return render(request, "campaigns/question_answer.html", context)


@allow(*ANYONE)
@require_GET
def announcement_list(request: HttpRequest, pk: int) -> HttpResponse:
    """List what the office announced."""
    campaign = _campaign(request, pk)
    page = Paginator(talk.announcements_of(campaign), _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"campaign": campaign, "page": page, "may_announce": talk.may_answer(request.user)}
    return render(request, "campaigns/announcement_list.html", context)


@allow(*ANYONE)
@require_GET
def announcement_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show an announcement as a paper."""
    campaigns = Campaign.objects.visible_to(request.user)
    announcement = get_object_or_404(
        Announcement.objects.filter(campaign__in=campaigns).select_related("campaign__agency"),
        pk=pk,
    )
    back = reverse("announcement_list", args=[announcement.campaign_id])
    return send_paper(request, announcement_paper(announcement), "thong-bao", back=back)


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def announcement_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell everybody of the agency."""
    campaign = _campaign(request, pk)
    back = reverse("announcement_list", args=[campaign.pk])
    is_sent = request.method == "POST"
    form = AnnouncementForm(request.POST) if is_sent else AnnouncementForm()
    form.cancel_url = back
    if is_sent and form.is_valid():
        try:
            publish_announcement(
                campaign=campaign,
                title=form.cleaned_data["title"],
                text=form.cleaned_data["text"],
                actor=request.user,
                at=clock.now(),
            )
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, "Đã thông báo đến mọi người của cơ quan.")
            return redirect(back)
    context = {"campaign": campaign, "form": form}
    return render(request, "campaigns/announcement_create.html", context)


def question_place(question: Question) -> str:
    """Return where a question stands on the page of its campaign."""
    page = reverse("question_list", args=[question.campaign_id])
    return f"{page}#cau-hoi-{question.pk}"


def _answered(question: Question) -> dict[str, Any]:
    return {
        "version": question.version,
        "answer": question.answer,
        "is_public": "1" if question.is_public else "0",
    }


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    return get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
