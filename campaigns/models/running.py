"""What happens to a campaign after its launch: extensions, quotas, questions, announcements."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.campaign import AwardForm, Campaign
from campaigns.models.catalogue import SubjectKind
from campaigns.models.law import ReportForm
from thidua.core import clock
from thidua.core.models import StoredFile
from thidua.core.permissions import OFFICE, Role, headed_unit_ids, roles_of
from units.models import Unit

_ALL_UNITS = OFFICE | {Role.SIGNATORY}


class Ruling(models.Model):
    """Quyết định cho phép: who decided an exception, by which document, why; append-only."""

    reason = models.TextField("lý do")
    decided_by = models.CharField("người quyết định", max_length=200)
    document = models.CharField("văn bản cho phép", max_length=200)
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tệp văn bản",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    recorded_at = models.DateTimeField("ghi lúc", default=clock.now)

    class Meta:
        abstract = True


class WindowExtensionQuerySet(models.QuerySet["WindowExtension"]):
    def visible_to(self, user: Any) -> "WindowExtensionQuerySet":
        """Heads read what was decided for their unit or for all; office and signatory read all."""
        rows = self.filter(campaign__agency_id=user.agency_id)
        if roles_of(user) & _ALL_UNITS:
            return rows
        return rows.filter(Q(unit__isnull=True) | Q(unit_id__in=headed_unit_ids(user)))


class WindowExtension(Ruling):
    """Gia hạn: a later last day for one unit, or (no unit) for all.

    The latest row recorded for a unit counts; it never shortens the window of the plan.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="extensions", verbose_name="đợt"
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị",
    )
    due_on = models.DateField("nhận hồ sơ đến hết ngày")

    objects = WindowExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "gia hạn"
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit", "due_on"],
                name="window_extension_once",
                nulls_distinct=False,
                violation_error_message="Đơn vị đã được gia hạn đến ngày này.",
            )
        ]

    def __str__(self) -> str:
        return f"Gia hạn {self.unit or 'mọi đơn vị'} đến hết ngày {self.due_on:%d/%m/%Y}"


class Quota(models.Model):
    """Chỉ tiêu: how many of one kind a unit may propose for a form of award.

    No unit: each unit that has no row of its own. Either a number (`most`) or, for people, a
    share of the unit's staff in percent, rounded down, at least one.
    """

    award_form = models.ForeignKey(
        AwardForm, models.CASCADE, related_name="quotas", verbose_name="hình thức"
    )
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị",
    )
    most = models.PositiveIntegerField("nhiều nhất", null=True, blank=True)
    percent = models.PositiveSmallIntegerField("phần trăm số người", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "chỉ tiêu"
        ordering = ["award_form__position", "-subject_kind", "unit__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["award_form", "subject_kind", "unit"],
                name="quota_once",
                nulls_distinct=False,
                violation_error_message="Đơn vị đã có chỉ tiêu cho hình thức và đối tượng này.",
            ),
            models.CheckConstraint(
                name="quota_number_or_share",
                condition=Q(most__isnull=False, percent__isnull=True)
                | Q(
                    most__isnull=True,
                    percent__gte=1,
                    percent__lte=100,
                    subject_kind=SubjectKind.PERSON,
                ),
                violation_error_message="Hãy ghi một con số, hoặc (với cá nhân) một tỷ lệ từ 1 đến 100.",
            ),
        ]

    def __str__(self) -> str:
        whom = f"{self.unit or 'mỗi đơn vị'}, {self.get_subject_kind_display().lower()}"
        return f"{self.award_form}: {whom}"


class QuotaWaiverQuerySet(models.QuerySet["QuotaWaiver"]):
    def visible_to(self, user: Any) -> "QuotaWaiverQuerySet":
        """Heads read what was decided for their unit; office and signatory read all."""
        rows = self.filter(award_form__campaign__agency_id=user.agency_id)
        if roles_of(user) & _ALL_UNITS:
            return rows
        return rows.filter(unit_id__in=headed_unit_ids(user))


class QuotaWaiver(Ruling):
    """Cho vượt chỉ tiêu: how many more a unit may propose, who allowed it and why."""

    award_form = models.ForeignKey(
        AwardForm, models.PROTECT, related_name="waivers", verbose_name="hình thức"
    )
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    extra_count = models.PositiveIntegerField("được vượt thêm")

    objects = QuotaWaiverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "cho vượt chỉ tiêu"
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="quota_waiver_from_one",
                condition=Q(extra_count__gte=1),
                violation_error_message="Số được vượt thêm phải từ 1.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}: thêm {self.extra_count} ({self.award_form})"


class FormChoice(models.Model):
    """Chọn mẫu báo cáo: what the office chose when the plan names a form no longer in force.

    Append-only; the latest row of a form of award counts.
    """

    award_form = models.ForeignKey(
        AwardForm, models.PROTECT, related_name="form_choices", verbose_name="hình thức"
    )
    named = models.ForeignKey(
        ReportForm, models.PROTECT, related_name="+", verbose_name="mẫu kế hoạch nêu"
    )
    chosen = models.ForeignKey(
        ReportForm, models.PROTECT, related_name="+", verbose_name="mẫu được chọn"
    )
    reason = models.TextField("lý do")
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người chọn"
    )
    chosen_at = models.DateTimeField("chọn lúc", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "chọn mẫu báo cáo"
        ordering = ["chosen_at", "pk"]

    def __str__(self) -> str:
        return f"{self.award_form}: {self.chosen}"


class QuestionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "QuestionQuerySet":
        """Everybody reads public answers and the own questions; the office reads all."""
        asked = self.filter(campaign__agency_id=user.agency_id)
        if roles_of(user) & OFFICE:
            return asked
        own = Q(asked_by=user) | Q(unit_id__in=headed_unit_ids(user))
        return asked.filter(own | (Q(is_public=True) & ~Q(answer="")))


class Question(models.Model):
    """Hỏi đáp: what a unit asked about a campaign, and what the office answered.

    An answered question is read by everybody of the agency unless the office keeps it between
    itself and the unit that asked.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="questions", verbose_name="đợt"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị hỏi"
    )
    text = models.TextField("câu hỏi")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người hỏi"
    )
    asked_at = models.DateTimeField("hỏi lúc", default=clock.now)
    answer = models.TextField("trả lời", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người trả lời",
    )
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    is_public = models.BooleanField("mọi đơn vị đều đọc", default=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "hỏi đáp"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="question_answer_is_whole",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                violation_error_message="Câu trả lời phải có người trả lời và thời điểm.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Announcement(models.Model):
    """Thông báo: what the office tells everybody about a campaign; append-only."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="announcements", verbose_name="đợt"
    )
    title = models.CharField("tiêu đề", max_length=200)
    text = models.TextField("nội dung")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người thông báo"
    )
    published_at = models.DateTimeField("thông báo lúc", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "thông báo"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title
