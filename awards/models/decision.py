"""What is decided: the agency's own decision, and the letter to the superior with its answer."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from awards import policy
from awards.models.council import CouncilMeeting
from awards.models.nomination import Nomination
from campaigns.models import AwardForm, Campaign, SubjectKind
from thidua.core import clock
from thidua.core.models import StoredFile


def check_code() -> str:
    """Return a random code of 128 bits for the public check of a certificate."""
    return secrets.token_urlsafe(16)


class DecisionState(models.TextChoices):
    """Trạng thái quyết định: numbered and waiting for its signature, or in force."""

    NUMBERED = "numbered", "Chờ bản đã ký"
    CLOSED = "closed", "Đã ban hành"


class DecisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """Keep what exists for `user`."""
        return policy.visible_decisions(self, user)


class Decision(models.Model):
    """Quyết định khen thưởng: number, date, list; an approval by click is not its signature.

    It closes when the signed file or its scan is uploaded.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="decisions")
    award_form = models.ForeignKey(AwardForm, models.PROTECT, related_name="decisions")
    state = models.CharField(
        "trạng thái", max_length=10, choices=DecisionState, default=DecisionState.NUMBERED
    )
    version = models.PositiveIntegerField("phiên bản", default=1)
    number = models.PositiveIntegerField("số")
    symbol = models.CharField("ký hiệu", max_length=30)
    issued_on = models.DateField("ngày ban hành")
    signatory_title = models.CharField("chức danh người ký", max_length=100)
    signatory_name = models.CharField("người ký", max_length=120)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("cấp số lúc", default=clock.now)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bản in"
    )
    certificates_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="mọi giấy khen trong một tệp",
    )
    signed_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bản đã ký",
    )
    signed_on = models.DateField("ngày ký", null=True, blank=True)
    # The third date: citations, money and layout as they held on the day of the decision. A
    # trigger of the database refuses to change it.
    signing_law = models.JSONField("luật áp dụng khi ký", default=dict, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "quyết định"
        ordering = ["-issued_on", "-number"]
        constraints = [
            models.CheckConstraint(
                name="decision_closed_is_signed",
                condition=Q(state=DecisionState.NUMBERED)
                | Q(signed_file__isnull=False, signed_on__isnull=False),
                violation_error_message="Quyết định ban hành phải có bản đã ký và ngày ký.",
            )
        ]

    def __str__(self) -> str:
        return f"Quyết định số {self.number_text}"

    def get_absolute_url(self) -> str:
        return reverse("decision_detail", args=[self.pk])

    @property
    def agency_id(self) -> int:
        return self.campaign.agency_id

    @property
    def number_text(self) -> str:
        return f"{self.number:02d}/{self.symbol}"

    @property
    def state_tone(self) -> str:
        return "ok" if self.state == DecisionState.CLOSED else "wait"


class DecisionLine(models.Model):
    """Danh sách kèm theo: one recipient; `ordinal` is the số sổ vàng of the certificate."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lines")
    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="decision_line")
    ordinal = models.PositiveIntegerField("số sổ vàng")
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    recipient_name = models.CharField("tên in", max_length=200)
    recipient_title = models.CharField("chức vụ, đơn vị in", max_length=250)
    check_code = models.CharField("mã kiểm tra", max_length=30, unique=True, default=check_code)
    certificate_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "danh sách kèm theo quyết định"
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "ordinal"], name="decision_line_once"),
            models.CheckConstraint(
                name="decision_line_from_one",
                condition=Q(ordinal__gte=1),
                violation_error_message="Số sổ vàng bắt đầu từ 01.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal:02d}. {self.recipient_name}"


class LetterState(models.TextChoices):
    """Trạng thái tờ trình: drafted, signed off, numbered and sent, answered."""

    DRAFT = "draft", "Chờ duyệt"
    APPROVED = "approved", "Đã duyệt, chờ số"
    NUMBERED = "numbered", "Đã trình"
    ANSWERED = "answered", "Đã có kết quả"


class SubmissionLetter(models.Model):
    """Tờ trình cấp trên: asks the superior to award what the council endorsed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="letters")
    award_form = models.ForeignKey(AwardForm, models.PROTECT, related_name="letters")
    meeting = models.OneToOneField(CouncilMeeting, models.PROTECT, related_name="letter")
    state = models.CharField(
        "trạng thái", max_length=10, choices=LetterState, default=LetterState.DRAFT
    )
    version = models.PositiveIntegerField("phiên bản", default=1)
    number = models.PositiveIntegerField("số", null=True, blank=True)
    symbol = models.CharField("ký hiệu", max_length=30)
    issued_on = models.DateField("ngày trình", null=True, blank=True)
    signatory_title = models.CharField("chức danh người ký", max_length=100)
    signatory_name = models.CharField("người ký", max_length=120)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("lập lúc", default=clock.now)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tờ trình cấp trên"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="letter_numbered_has_number",
                condition=Q(state__in=[LetterState.DRAFT, LetterState.APPROVED])
                | Q(number__isnull=False, issued_on__isnull=False),
                violation_error_message="Tờ trình đã trình phải có số và ngày.",
            ),
            models.CheckConstraint(
                name="letter_approved_has_approver",
                condition=Q(state=LetterState.DRAFT) | Q(approved_by__isnull=False),
                violation_error_message="Tờ trình đã duyệt phải có người duyệt.",
            ),
        ]

    def __str__(self) -> str:
        return f"Tờ trình số {self.number_text}" if self.number else "Tờ trình (chưa có số)"

    def get_absolute_url(self) -> str:
        return reverse("letter_detail", args=[self.pk])

    @property
    def agency_id(self) -> int:
        return self.campaign.agency_id

    @property
    def number_text(self) -> str:
        return f"{self.number:02d}/{self.symbol}" if self.number else f"…/{self.symbol}"

    @property
    def state_tone(self) -> str:
        return {"draft": "wait", "approved": "info", "numbered": "info"}.get(self.state, "ok")


class LetterLine(models.Model):
    """Danh sách trình: one nomination put before the superior."""

    letter = models.ForeignKey(SubmissionLetter, models.PROTECT, related_name="lines")
    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="letter_line")
    position = models.PositiveIntegerField("thứ tự")

    class Meta:
        verbose_name = verbose_name_plural = "danh sách trình"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "position"], name="letter_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.nomination}"


class SuperiorOutcome(models.Model):
    """Kết quả của cấp trên: what came back for one nomination; recorded once."""

    line = models.OneToOneField(LetterLine, models.PROTECT, related_name="outcome")
    is_granted = models.BooleanField("được tặng")
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    reason = models.CharField("lý do không tặng", max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "kết quả của cấp trên"
        constraints = [
            models.CheckConstraint(
                name="outcome_granted_has_decision",
                condition=(Q(is_granted=True, decided_on__isnull=False) & ~Q(decision_number=""))
                | (Q(is_granted=False) & ~Q(reason="")),
                violation_error_message="Ghi số, ngày quyết định khi được tặng; lý do khi không.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line}: {'được tặng' if self.is_granted else 'không tặng'}"
