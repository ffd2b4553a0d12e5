"""Reminders: one message a day to one person, each line tied to a piece of work."""

from typing import Any

from django.conf import settings
from django.db import models

from campaigns.models import Campaign
from thidua.core import clock
from units.models import Unit


class ReminderQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "ReminderQuerySet":
        """A reminder is read by the person whom it reminds."""
        return self.filter(user=user)


class Reminder(models.Model):
    """Nhắc việc: what waits for one person on one day, in one message.

    `lines` are {title, detail, url, due_on}; the message is written once, mailed at most once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="reminders",
        verbose_name="người nhận",
    )
    on = models.DateField("ngày nhắc")
    lines = models.JSONField("các việc", default=list)
    made_at = models.DateTimeField("lập lúc", default=clock.now)
    mailed_at = models.DateTimeField("gửi thư lúc", null=True, blank=True)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "nhắc việc"
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "on"], name="reminder_once_a_day")]

    def __str__(self) -> str:
        return f"Nhắc việc ngày {self.on:%d/%m/%Y}"


class Nudge(models.Model):
    """Đôn đốc: a word of the office to one unit, carried by the next reminder of its head."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="nudges", verbose_name="đợt"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    text = models.CharField("lời nhắc", max_length=500)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nhắc"
    )
    written_at = models.DateTimeField("nhắc lúc", default=clock.now)
    carried_on = models.DateField("đã chuyển ngày", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "đôn đốc"
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"Đôn đốc {self.unit}"
