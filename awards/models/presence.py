"""Who has which part of a proposal open: two people of one unit see each other."""

from django.conf import settings
from django.db import models

from awards.models.nomination import Nomination
from awards.models.proposal import Proposal
from thidua.core import clock


class Part(models.TextChoices):
    """Phần của đề nghị: what is open in a browser."""

    REPORT = "report", "Báo cáo thành tích"
    MEETING = "meeting", "Biên bản họp phòng"
    LETTER = "letter", "Tờ trình"


class Presence(models.Model):
    """Người đang mở: who was last seen in a part, when; past ones are forgotten.

    `nomination` is the one whose report is open, empty for minutes and letter.
    """

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="presences", verbose_name="đề nghị của phòng"
    )
    nomination = models.ForeignKey(
        Nomination,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="presences",
        verbose_name="đề nghị",
    )
    part = models.CharField("phần", max_length=10, choices=Part)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="người mở"
    )
    seen_at = models.DateTimeField("thấy lúc", default=clock.real_now)

    class Meta:
        verbose_name = verbose_name_plural = "người đang mở"
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "nomination", "part", "user"],
                name="presence_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_part_display()}"
