"""What the office names when it returns a nomination: only that opens to its unit again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from awards.models.nomination import Nomination
from awards.models.proposal import Submission
from campaigns.models import ReportHeading
from thidua.core import clock


class ReturnKind(models.TextChoices):
    """Loại điểm cần bổ sung: which part of a nomination opens."""

    HEADING = "heading", "Mục của báo cáo"
    EVIDENCE = "evidence", "Minh chứng"
    VOTE = "vote", "Biên bản họp phòng"
    WHOLE = "whole", "Toàn bộ hồ sơ"


class ReturnPoint(models.Model):
    """Điểm cần bổ sung: what opens, and what the office says about it; kept after the answer.

    `answered_by` is the supplement that was sent with it mended; until then it is open.
    """

    nomination = models.ForeignKey(
        Nomination, models.CASCADE, related_name="return_points", verbose_name="đề nghị"
    )
    kind = models.CharField("loại", max_length=10, choices=ReturnKind)
    heading = models.ForeignKey(
        ReportHeading,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="mục của báo cáo",
    )
    remark = models.TextField("yêu cầu")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nêu"
    )
    made_at = models.DateTimeField("nêu lúc", default=clock.now)
    answered_by = models.ForeignKey(
        Submission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name="lần gửi lại",
    )

    class Meta:
        verbose_name = verbose_name_plural = "điểm cần bổ sung"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="return_point_names_its_heading",
                condition=Q(kind=ReturnKind.HEADING, heading__isnull=False)
                | (~Q(kind=ReturnKind.HEADING) & Q(heading__isnull=True)),
                violation_error_message="Hãy chọn mục của báo cáo cần bổ sung.",
            ),
            models.UniqueConstraint(
                fields=["nomination", "kind", "heading"],
                condition=Q(answered_by__isnull=True),
                nulls_distinct=False,
                name="return_point_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.remark}"

    @property
    def place(self) -> str:
        return f"Mục {self.heading}" if self.heading else str(self.get_kind_display())
