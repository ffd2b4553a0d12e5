"""What one person is reminded of on one day, and what of it is still unread."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from awards.models import Nudge, Reminder
from awards.queries.units import nudges_to_heed
from awards.queries.work import Task, tasks_of
from campaigns.models import Announcement, Question
from campaigns.queries import talk
from campaigns.queries.days import calendar_of, is_working
from staff.models import User
from thidua.core.permissions import headed_unit_ids
from units.models import Unit

SOON_DAYS = 7  # as the chips of the pages count
_REMEMBERED = dt.timedelta(days=90)  # what still waits after that is told again
_LONGEST_REST = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line of a reminder; `plain` is its title in a mail, without anybody's name."""

    title: str
    url: str
    detail: str = ""
    due_on: dt.date | None = None
    plain: str = ""

    def stored(self) -> dict[str, str]:
        """Return the line as the reminder keeps it."""
        return {
            "title": self.title,
            "detail": self.detail,
            "url": self.url,
            "due_on": self.due_on.isoformat() if self.due_on else "",
            "plain": self.plain or self.title,
        }


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What a person was told in the last months: until when, and which places."""

    until: dt.datetime | None = None
    places: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Morning:
    """What is common to everybody of an agency on a day; read once."""

    day: dt.date
    at: dt.datetime
    is_worked: bool
    next_worked: dt.date
    told: dict[int, Told]
    announcements: list[Announcement]
    answers: dict[int, list[Question]]
    nudges: dict[int, list[Any]]

    def nudges_of(self, user: Any) -> list[Nudge]:
        """Return the nudges that the next reminder of `user` carries."""
        return [nudge for unit_id in headed_unit_ids(user) for nudge in self.nudges[unit_id]]


def morning_of(agency_id: int, day: dt.date, at: dt.datetime) -> Morning:
    """Read what everybody's reminder of an agency is made from."""
    calendar = calendar_of(agency_id, day, day + dt.timedelta(days=_LONGEST_REST))
    coming = (day + dt.timedelta(days=n) for n in range(1, _LONGEST_REST + 1))
    answers: dict[int, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(
        campaign__agency_id=agency_id,
        answered_at__gt=at - talk.NEWS_DAYS,
        answered_at__lte=at,
    ).select_related("campaign"):
        answers[question.asked_by_id].append(question)
    nudges: dict[int, list[Any]] = defaultdict(list)
    units = Unit.objects.filter(agency_id=agency_id)
    for nudge in nudges_to_heed(units, at).filter(carried_on__isnull=True):
        nudges[nudge.unit_id].append(nudge)
    return Morning(
        day=day,
        at=at,
        is_worked=is_working(day, calendar),
        next_worked=next(other for other in coming if is_working(other, calendar)),
        told=_told(agency_id, at),
        announcements=talk.recent_announcements(agency_id, at),
        answers=answers,
        nudges=nudges,
    )


def _told(agency_id: int, at: dt.datetime) -> dict[int, Told]:
    places: dict[int, set[str]] = defaultdict(set)
    until: dict[int, dt.datetime] = {}
    earlier = Reminder.objects.filter(
        user__agency_id=agency_id, made_at__gt=at - _REMEMBERED
    ).order_by("made_at")
    for user_id, made_at, lines in earlier.values_list("user_id", "made_at", "lines"):
        places[user_id].update(line["url"] for line in lines)
        until[user_id] = made_at
    return {user_id: Told(until[user_id], frozenset(places[user_id])) for user_id in until}


def users_to_remind(agency_id: int, day: dt.date) -> QuerySet[User]:
    """Return the active accounts of an agency that have no reminder of `day` yet."""
    return (
        User.objects.filter(agency_id=agency_id, is_active=True)
        .exclude(pk__in=Reminder.objects.filter(on=day).values("user_id"))
        .order_by("pk")
    )


def lines_of(user: Any, morning: Morning) -> list[Line]:
    """Return what `user` is reminded of, "nothing" included: then there is no reminder.

    On a day off only somebody for whom something ends before the next worked day is reminded.
    """
    tasks = tasks_of(user, morning.at)
    if not morning.is_worked and not any(_ends_in_the_rest(task, morning) for task in tasks):
        return []
    told = morning.told.get(user.pk, Told())
    lines = [
        Line(task.title, task.url, task.detail, task.due_on, task.plain)
        for task in tasks
        if _is_pressing(task, morning) or _is_new(task, told)
    ]
    return [*_nudge_lines(user, morning), *lines, *_news(user, morning, told)]


def _ends_in_the_rest(task: Task, morning: Morning) -> bool:
    return task.due_on is not None and morning.day <= task.due_on < morning.next_worked


def _is_pressing(task: Task, morning: Morning) -> bool:
    return task.due_on is not None and (task.due_on - morning.day).days <= SOON_DAYS


def _is_new(task: Task, told: Told) -> bool:
    """A task is new where its place was not told yet, or when something came up there since."""
    if told.until is None or task.url not in told.places:
        return True
    return task.came_at is not None and task.came_at > told.until


def _nudge_lines(user: Any, morning: Morning) -> Iterator[Line]:
    for nudge in morning.nudges_of(user):
        proposal_id = getattr(nudge, "proposal_id", None)
        yield Line(
            f"Văn phòng nhắc {nudge.unit}",
            reverse("proposal_detail", args=[proposal_id])
            if proposal_id
            else reverse("proposal_mine"),
            nudge.text,
            plain=f"Văn phòng nhắc {nudge.unit}: {' '.join(nudge.text.split())}",
        )


def _news(user: Any, morning: Morning, told: Told) -> Iterator[Line]:
    for question in morning.answers.get(user.pk, ()):
        if told.until is None or question.answered_at > told.until:
            yield Line(
                "Văn phòng đã trả lời câu hỏi của bạn",
                f"{reverse('question_list', args=[question.campaign_id])}#cau-hoi-{question.pk}",
                str(question.campaign),
            )
    for announcement in morning.announcements:
        is_new = told.until is None or announcement.published_at > told.until
        if is_new and announcement.published_by_id != user.pk:
            page = reverse("announcement_list", args=[announcement.campaign_id])
            yield Line(
                f"Thông báo: {announcement.title}",
                f"{page}#thong-bao-{announcement.pk}",
                str(announcement.campaign),
            )


# --- In the application ------------------------------------------------------------------------


def reminders_of(user: Any) -> QuerySet[Reminder]:
    """Return the own reminders, the newest first."""
    return Reminder.objects.visible_to(user)


def latest_unread(user: Any) -> Reminder | None:
    """Return the newest reminder that `user` has not opened."""
    return reminders_of(user).filter(read_at__isnull=True).first()


def unread_count(user: Any, at: dt.datetime) -> int:
    """Return how many reminders `user` has not opened, for the frame of every page."""
    return reminders_of(user).filter(read_at__isnull=True).count()


def unmailed(agency_id: int, day: dt.date, days: int) -> QuerySet[Reminder]:
    """Return the reminders of the last days whose mail has not gone out, though it should."""
    return (
        Reminder.objects.filter(
            user__agency_id=agency_id,
            user__is_active=True,
            user__takes_mail=True,
            mailed_at__isnull=True,
            on__gt=day - dt.timedelta(days=days),
            on__lte=day,
        )
        .exclude(user__email="")
        .order_by("pk")
    )
