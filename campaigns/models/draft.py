"""A plan that was read or typed, until a campaign is made of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from campaigns.models.campaign import Campaign
from thidua.core import clock
from thidua.core.models import StoredFile
from units.models import Agency


class PlanDraftQuerySet(models.QuerySet["PlanDraft"]):
    def visible_to(self, user: Any) -> "PlanDraftQuerySet":
        """A draft is read by the office of its agency; the door is on the page."""
        return self.filter(agency_id=user.agency_id)


class PlanDraft(models.Model):
    """Bản đọc kế hoạch: what was read or typed of a plan, until a campaign is made of it.

    `fields` maps a field to its text, its source in the plan and who confirmed it when. Nothing
    of it counts for anybody before `campaign` is set.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="cơ quan")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập"
    )
    created_at = models.DateTimeField("lập lúc", default=clock.now)
    source = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tệp kế hoạch",
    )
    text = models.TextField("lời văn đã đọc", blank=True)
    sent_key = models.CharField(
        "khóa của lần gửi", max_length=64, null=True, blank=True, unique=True, editable=False
    )
    copied_from = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="lập từ đợt",
    )
    fields = models.JSONField("các mục", default=dict)
    campaign = models.OneToOneField(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_draft",
        verbose_name="đợt đã lập",
    )

    objects = PlanDraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "bản đọc kế hoạch"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["copied_from"],
                condition=models.Q(campaign__isnull=True),
                name="plan_draft_one_open_copy",
                violation_error_message="Đang có một bản đọc lập từ đợt này chưa hoàn tất.",
            )
        ]

    def __str__(self) -> str:
        title = self.fields.get("short_title", {}).get("value", "")
        return title or f"Bản đọc kế hoạch ngày {clock.local_day(self.created_at):%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("plan_draft_detail", args=[self.pk])

    @property
    def values(self) -> dict[str, str]:
        return {name: row.get("value", "") for name, row in self.fields.items()}
