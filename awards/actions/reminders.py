"""Reminding: the morning's message to each person, and the office's word to a unit.

A reminder is made once for a person and a day (the database holds it), with its mail in the
queue of the same transaction; whatever stops the run, the next one finishes it.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from awards.models import Nudge, Reminder
from awards.policy import OFFICE_DESK
from awards.queries.reminders import Morning, lines_of, morning_of, unmailed, users_to_remind
from awards.queries.units import units_to_nudge
from campaigns.models import Campaign
from staff.models import User
from thidua.core import audit, jobs
from thidua.core.permissions import roles_of
from thidua.core.text import compose
from thidua.core.workflow import Refused, must
from units.models import Agency, Unit

logger = logging.getLogger(__name__)
MAIL = "awards.jobs.mail_reminder"
_MAIL_DAYS = 3  # a mail that could not go out is tried again on these days
LONGEST_NUDGE = 500


def remind_all(day: dt.date, at: dt.datetime) -> int:
    """Remind everybody of what waits on `day`; return how many reminders were made.

    Run twice, or by two at once, it adds nothing. One person's broken record does not keep the
    message from the others: it is said at the end.
    """
    made, broken = 0, []
    for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True):
        late = list(unmailed(agency_id, day, _MAIL_DAYS))
        morning = morning_of(agency_id, day, at)
        for user in users_to_remind(agency_id, day):
            try:
                made += _remind(user, morning)
            except Exception:
                logger.exception("reminder of account %s failed", user.pk)
                broken.append(user.pk)
        for reminder in late:
            _queue_mail(reminder)
    if broken:
        raise RuntimeError(f"no reminder for accounts {broken}; the others have theirs")
    return made


def _remind(user: User, morning: Morning) -> bool:
    """Make the reminder of one person; False when there is nothing to say, or it stands."""
    if not roles_of(user):
        return False
    lines = lines_of(user, morning)
    if not lines:
        return False
    try:
        with transaction.atomic():
            reminder = Reminder.objects.create(
                user=user,
                on=morning.day,
                lines=[line.stored() for line in lines],
                made_at=morning.at,
            )
            carried = [nudge.pk for nudge in morning.nudges_of(user)]
            if carried:
                Nudge.objects.filter(pk__in=carried).update(carried_on=morning.day)
            if user.takes_mail and user.email:
                _queue_mail(reminder)
    except IntegrityError:
        if Reminder.objects.filter(user=user, on=morning.day).exists():
            return False  # another run was first
        raise
    return True


def _queue_mail(reminder: Reminder) -> None:
    if settings.SENDS_MAIL:
        jobs.later(MAIL, reminder.pk)


@transaction.atomic
def mark_read(*, reminders: Iterable[Reminder], user: User, at: dt.datetime) -> None:
    """Note that `user` has opened reminders: the first time counts."""
    Reminder.objects.visible_to(user).filter(
        pk__in=[reminder.pk for reminder in reminders], read_at__isnull=True
    ).update(read_at=at)


@transaction.atomic
def nudge_units(
    *, campaign: Campaign, units: Iterable[Unit], text: str, actor: Any, at: dt.datetime
) -> list[Nudge]:
    """Urge units on; each reads it at once, and in the next reminder of its head.

    A unit whose last nudge has not been carried yet is left out; Refused when none is left.
    """
    must(OFFICE_DESK.refuses(actor, campaign))
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    text = compose(text)
    if not text:
        raise Refused("Hãy viết lời nhắc.")
    lines = {line.unit.pk: line for line in units_to_nudge(campaign, at)}
    chosen = {unit.pk: unit for unit in units}
    if done := [unit for pk, unit in chosen.items() if pk not in lines]:
        raise Refused(f"{done[0]} không còn gì phải gửi trong đợt này. Hãy tải lại trang.")
    waiting = {
        pk for pk in chosen if (nudge := lines[pk].nudge) is not None and nudge.carried_on is None
    }
    made = [
        Nudge.objects.create(
            campaign=campaign, unit=unit, text=text, written_by=actor, written_at=at
        )
        for pk, unit in chosen.items()
        if pk not in waiting
    ]
    if not made:
        raise Refused(
            "Các đơn vị này vừa được nhắc; lời nhắc sẽ nằm trong thư nhắc việc sáng ngày làm việc "
            "tới. Hãy nhắc lại sau đó nếu cần."
        )
    for nudge in made:
        audit.record("nudge", nudge, actor=actor, label="Nhắc đơn vị", note=text)
    return made
