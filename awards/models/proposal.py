"""What a unit sends: the proposal, its meeting, its receipts."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from awards import policy
from campaigns.models import Campaign
from staff.models import Person
from thidua.core import clock
from thidua.core.models import StoredFile
from units.models import Unit


class ProposalState(models.TextChoices):
    """Trạng thái đề nghị: whether the unit still writes or has sent."""

    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Đã gửi Văn phòng"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """Keep what exists for `user`."""
        return policy.visible_proposals(self, user)


class Proposal(models.Model):
    """Đề nghị của phòng: one unit's submission in a campaign: letter, minutes, nominations."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="proposals", verbose_name="đợt"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="proposals", verbose_name="đơn vị")
    state = models.CharField(
        "trạng thái", max_length=10, choices=ProposalState, default=ProposalState.DRAFT
    )
    version = models.PositiveIntegerField("phiên bản", default=1)
    letter_text = models.TextField("nội dung tờ trình", blank=True)
    letter_confirmed = models.BooleanField("tờ trình đã xong", default=False)
    letter_version = models.PositiveIntegerField("phiên bản tờ trình", default=0)
    letter_edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người sửa tờ trình",
    )
    letter_edited_at = models.DateTimeField("sửa tờ trình lúc", null=True, blank=True)
    letter_edited_in = models.CharField("trang sửa tờ trình", max_length=32, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập"
    )
    created_at = models.DateTimeField("lập lúc", default=clock.now)
    submitted_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    # Who sends it just now, while what will be sent is shown; not a column.
    sender: Any = None

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đề nghị của phòng"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="proposal_once"),
            models.CheckConstraint(
                name="proposal_submitted_has_time",
                condition=Q(state=ProposalState.DRAFT) | Q(submitted_at__isnull=False),
                violation_error_message="Đề nghị đã gửi phải có thời điểm gửi.",
            ),
        ]

    def __str__(self) -> str:
        return f"Đề nghị của {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("proposal_detail", args=[self.pk])

    @property
    def agency_id(self) -> int:
        return self.campaign.agency_id

    @property
    def state_tone(self) -> str:
        return "info" if self.state == ProposalState.SUBMITTED else ""


class Submission(models.Model):
    """Biên nhận hồ sơ: what was sent, frozen: code, instant and fingerprint; never changed.

    The database holds the window: an instant past it cannot be stored.
    """

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, related_name="submissions", verbose_name="đề nghị"
    )
    code = models.CharField("mã biên nhận", max_length=30, unique=True)
    is_supplement = models.BooleanField("gửi lại sau bổ sung", default=False)
    submitted_at = models.DateTimeField("thời điểm nhận")
    window_closes_at = models.DateTimeField("hết hạn lúc")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gửi"
    )
    content = models.JSONField("nội dung đã gửi")
    content_sha256 = models.CharField("mã băm nội dung", max_length=64)
    package = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bộ hồ sơ đã gửi",
    )
    # Only of what was sent past the window, from a page that was opened within it.
    opened_at = models.DateTimeField("mở trang gửi lúc", null=True, blank=True)
    grace_until = models.DateTimeField("gửi chậm được đến", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "biên nhận hồ sơ"
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="submission_within_window",
                condition=Q(submitted_at__lt=F("window_closes_at"))
                | Q(
                    opened_at__isnull=False,  # an unknown instant is not an early one
                    grace_until__isnull=False,
                    opened_at__lt=F("window_closes_at"),
                    submitted_at__lt=F("grace_until"),
                ),
                violation_error_message="Đã hết thời hạn nhận hồ sơ.",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("submission_receipt", args=[self.pk])

    @property
    def is_in_grace(self) -> bool:
        return self.grace_until is not None


class SendingVisit(models.Model):
    """Lượt mở trang gửi: when its head opened the page that sends; its sending names it."""

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="sending_visits", verbose_name="đề nghị của phòng"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="người mở"
    )
    opened_at = models.DateTimeField("mở lúc")
    used_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "lượt mở trang gửi"

    def __str__(self) -> str:
        return f"{self.proposal} · {self.opened_at:%d/%m/%Y %H:%M:%S}"


class ReceiptMail(models.Model):
    """Thư báo nhận hồ sơ: that the receipt went to its sender's address, once."""

    submission = models.OneToOneField(
        Submission, models.CASCADE, related_name="mail", verbose_name="biên nhận"
    )
    address = models.EmailField("địa chỉ")
    mailed_at = models.DateTimeField("gửi lúc")

    class Meta:
        verbose_name = verbose_name_plural = "thư báo nhận hồ sơ"

    def __str__(self) -> str:
        return f"{self.submission} · {self.address}"


class UnitMeeting(models.Model):
    """Biên bản họp phòng: the department's meeting that chose whom to propose.

    The counts follow from its people; older meetings have counts alone.
    """

    proposal = models.OneToOneField(
        Proposal, models.CASCADE, related_name="meeting", verbose_name="đề nghị"
    )
    held_at = models.DateTimeField("bắt đầu lúc")
    ended_at = models.DateTimeField("kết thúc lúc")
    place = models.CharField("địa điểm", max_length=200)
    chair_name = models.CharField("chủ trì", max_length=120)
    secretary_name = models.CharField("thư ký", max_length=120)
    total_count = models.PositiveSmallIntegerField("tổng số người của phòng")
    present_count = models.PositiveSmallIntegerField("số người có mặt")
    absent_note = models.CharField("vắng mặt, lý do", max_length=300, blank=True)
    conclusion = models.TextField("kết luận", blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người sửa sau cùng",
    )
    edited_at = models.DateTimeField("sửa lúc", null=True, blank=True)
    edited_in = models.CharField("trang sửa sau cùng", max_length=32, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "biên bản họp phòng"
        constraints = [
            models.CheckConstraint(
                name="unit_meeting_present_within_total",
                condition=Q(present_count__lte=F("total_count")) & Q(present_count__gte=1),
                violation_error_message="Số người có mặt phải từ 1 đến tổng số người của phòng.",
            ),
            models.CheckConstraint(
                name="unit_meeting_times_in_order",
                condition=Q(held_at__lt=F("ended_at")),
                violation_error_message="Giờ kết thúc phải sau giờ bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"Biên bản họp của {self.proposal.unit}"


class MeetingPerson(models.Model):
    """Người dự họp: who sat or was absent and why, named as the minutes print it.

    Guests are not counted: the department is its own people, and they alone vote.
    """

    meeting = models.ForeignKey(
        UnitMeeting, models.CASCADE, related_name="people", verbose_name="cuộc họp"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cá nhân"
    )
    name = models.CharField("họ và tên", max_length=120)
    title = models.CharField("chức vụ", max_length=120, blank=True)
    is_guest = models.BooleanField("khách mời", default=False)
    is_present = models.BooleanField("có mặt", default=True)
    absent_reason = models.CharField("lý do vắng", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = verbose_name_plural = "người dự họp"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="meeting_person_once"),
            models.CheckConstraint(
                name="meeting_person_absent_has_reason",
                condition=Q(is_present=True, absent_reason="")
                | (Q(is_present=False) & ~Q(absent_reason="")),
                violation_error_message="Người vắng mặt phải có lý do; người có mặt thì không.",
            ),
            models.CheckConstraint(
                name="meeting_person_guest_is_present",
                condition=Q(is_guest=False) | Q(is_present=True),
                violation_error_message="Khách mời không dự thì không ghi vào biên bản.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeetingVote(models.Model):
    """Kết quả biểu quyết: the votes of the department's meeting for one name."""

    meeting = models.ForeignKey(
        UnitMeeting, models.CASCADE, related_name="votes", verbose_name="cuộc họp"
    )
    nomination = models.OneToOneField(
        "awards.Nomination", models.CASCADE, related_name="unit_vote", verbose_name="đề nghị"
    )
    for_count = models.PositiveSmallIntegerField("số phiếu đồng ý")
    against_count = models.PositiveSmallIntegerField("số phiếu không đồng ý", default=0)
    blank_count = models.PositiveSmallIntegerField("số phiếu không có ý kiến", default=0)
    present_count = models.PositiveSmallIntegerField("số người có mặt")

    class Meta:
        verbose_name = verbose_name_plural = "kết quả biểu quyết"
        constraints = [
            models.CheckConstraint(
                name="meeting_vote_within_present",
                condition=Q(
                    present_count__gte=F("for_count") + F("against_count") + F("blank_count")
                ),
                violation_error_message="Tổng số phiếu không vượt số người có mặt.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.for_count}/{self.present_count}"


class PaperKind(models.TextChoices):
    """Giấy tờ của phòng: what a unit writes besides the reports."""

    MINUTES = "minutes", "Biên bản họp phòng"
    LETTER = "letter", "Tờ trình"


class UnfinishedPaper(models.Model):
    """Bản gõ dở: what was typed and cannot be kept as minutes or letter yet, word for word.

    It counts on in the versions of the paper, and goes when the paper is saved.
    """

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="unfinished_papers", verbose_name="đề nghị"
    )
    kind = models.CharField("giấy tờ", max_length=10, choices=PaperKind)
    typed = models.JSONField("nội dung đã gõ")
    version = models.PositiveIntegerField("phiên bản")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gõ"
    )
    edited_at = models.DateTimeField("gõ lúc")
    edited_in = models.CharField("trang gõ", max_length=32, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "bản gõ dở"
        constraints = [
            models.UniqueConstraint(fields=["proposal", "kind"], name="unfinished_paper_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} gõ dở"


class SignedScan(models.Model):
    """Bản ký quét: the signed paper as it was scanned, and what its head reads on it."""

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, related_name="signed_scans", verbose_name="đề nghị"
    )
    kind = models.CharField("giấy tờ", max_length=10, choices=PaperKind)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    declared_number = models.CharField("số ghi trên bản ký", max_length=40, blank=True)
    declared_on = models.DateField("ngày ghi trên bản ký", null=True, blank=True)
    declared_present = models.PositiveSmallIntegerField(
        "số người có mặt ghi trên bản ký", null=True, blank=True
    )
    declared_names = models.PositiveSmallIntegerField(
        "số tên ghi trên bản ký", null=True, blank=True
    )
    is_current = models.BooleanField("bản hiện dùng", default=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người thêm"
    )
    added_at = models.DateTimeField("thêm lúc")

    class Meta:
        verbose_name = verbose_name_plural = "bản ký quét"
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "kind"],
                condition=Q(is_current=True),
                name="signed_scan_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, bản ký"

    def get_absolute_url(self) -> str:
        return reverse("signed_scan_file", args=[self.pk])
