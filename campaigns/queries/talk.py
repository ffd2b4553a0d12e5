"""What the office and the units say to each other about a campaign: questions, announcements."""

import datetime as dt
from typing import Any

from django.db.models import Case, Count, Max, Min, QuerySet, When

from campaigns.models import Announcement, Campaign, Question
from thidua.core.permissions import OFFICE, headed_unit_ids, roles_of

NEWS_DAYS = dt.timedelta(days=14)
_SHOWN_BESIDE = 3


def questions_of(user: Any, campaign: Campaign) -> QuerySet[Question]:
    """Return the questions that exist for `user`: what waits for an answer first, then the newest."""
    return (
        Question.objects.visible_to(user)
        .filter(campaign=campaign)
        .select_related("unit", "asked_by__person", "answered_by__person")
        .annotate(is_answered=Case(When(answer="", then=0), default=1))
        .order_by("is_answered", "-asked_at", "-pk")
    )


def questions_to_answer(user: Any) -> QuerySet[Question]:
    """Return the questions of the agency that the office may answer, or answer anew."""
    return Question.objects.visible_to(user).select_related(
        "campaign", "unit", "asked_by__person", "answered_by__person"
    )


def latest_answers(user: Any, campaign: Campaign) -> list[Question]:
    """Return the last answers that `user` may read, for the page of the plan."""
    answered = questions_of(user, campaign).exclude(answer="")
    return list(answered.order_by("-answered_at", "-pk")[:_SHOWN_BESIDE])


def waiting_questions(agency_id: int) -> list[dict[str, Any]]:
    """Count the questions without an answer, a row for each campaign; `only` is the first's key."""
    return list(
        Question.objects.filter(campaign__agency_id=agency_id, answer="")
        .order_by()
        .values("campaign_id", "campaign__short_title")
        .annotate(
            count=Count("pk"), first_at=Min("asked_at"), last_at=Max("asked_at"), only=Min("pk")
        )
        .order_by("first_at")
    )


def announcements_of(campaign: Campaign) -> QuerySet[Announcement]:
    """Return what the office announced about a campaign, the newest first."""
    return campaign.announcements.select_related("published_by__person")


def recent_announcements(agency_id: int | None, at: dt.datetime) -> list[Announcement]:
    """Return what was announced to an agency lately, the newest first."""
    return list(
        Announcement.objects.filter(
            campaign__agency_id=agency_id, published_at__gt=at - NEWS_DAYS, published_at__lte=at
        ).select_related("campaign", "published_by__person")
    )


def asking_unit_id(user: Any) -> int | None:
    """Return the unit for which `user` asks: the one that the person heads, else works in."""
    headed = headed_unit_ids(user)
    own: int | None = user.person.unit_id if user.person else None
    return next(iter(headed)) if len(headed) == 1 else own


def may_answer(user: Any) -> bool:
    """Whether `user` answers and announces."""
    return bool(roles_of(user) & OFFICE)
