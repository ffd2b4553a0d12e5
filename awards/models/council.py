"""The council: members, a meeting, and counts; never who voted what."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from awards import policy
from awards.models.nomination import Nomination
from campaigns.models import AwardForm, Campaign
from staff.models import Person
from thidua.core import clock
from thidua.core.models import StoredFile
from units.models import Agency


class Council(models.Model):
    """Hội đồng Thi đua - Khen thưởng: an advisory body of the agency."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="councils")
    name = models.CharField("tên Hội đồng", max_length=200)
    founded_by = models.CharField("quyết định thành lập", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "Hội đồng"
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="council_once")]

    def __str__(self) -> str:
        return self.name


class CouncilPosition(models.TextChoices):
    """Chức vụ trong Hội đồng: the place of a member."""

    CHAIR = "chair", "Chủ tịch"
    VICE_CHAIR = "vice_chair", "Phó Chủ tịch"
    MEMBER = "member", "Ủy viên"
    SECRETARY = "secretary", "Ủy viên, Thư ký"


class CouncilMember(models.Model):
    """Thành viên Hội đồng: a person's seat."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", verbose_name="cá nhân")
    position = models.CharField("chức vụ trong Hội đồng", max_length=15, choices=CouncilPosition)
    rank = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = verbose_name_plural = "thành viên Hội đồng"
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["council", "person"], name="council_member_once"),
            models.UniqueConstraint(
                fields=["council"],
                condition=Q(position=CouncilPosition.CHAIR),
                name="council_one_chair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_position_display()}"


class MeetingState(models.TextChoices):
    """Trạng thái phiên họp: open for recording, or closed with its minutes."""

    OPEN = "open", "Đang ghi"
    CLOSED = "closed", "Đã kết thúc"


class MeetingQuerySet(models.QuerySet["CouncilMeeting"]):
    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """Keep what exists for `user`."""
        return policy.visible_meetings(self, user)


class CouncilMeeting(models.Model):
    """Phiên họp Hội đồng: who sat, what was considered, and the rule by which it was counted.

    The rule of the award form is copied when the meeting closes: later changes do not reach it.
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="meetings")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="meetings")
    award_form = models.ForeignKey(AwardForm, models.PROTECT, related_name="meetings")
    held_at = models.DateTimeField("bắt đầu lúc")
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200)
    discussion = models.TextField("diễn biến, ý kiến", blank=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=MeetingState, default=MeetingState.OPEN
    )
    version = models.PositiveIntegerField("phiên bản", default=1)
    number = models.PositiveIntegerField("số biên bản", null=True, blank=True)
    rule = models.JSONField("quy tắc đã áp dụng", default=dict, blank=True)
    minutes_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("lập lúc", default=clock.now)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "phiên họp Hội đồng"
        ordering = ["-held_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "award_form"],
                condition=Q(state=MeetingState.OPEN),
                name="council_meeting_one_open",
                violation_error_message="Đang có một phiên họp chưa kết thúc cho hình thức này.",
            ),
            models.CheckConstraint(
                name="council_meeting_closed_has_number",
                condition=Q(state=MeetingState.OPEN)
                | Q(number__isnull=False, ended_at__isnull=False),
                violation_error_message="Phiên họp đã kết thúc phải có số biên bản.",
            ),
            models.CheckConstraint(
                name="council_meeting_times_in_order",
                condition=Q(ended_at__isnull=True) | Q(held_at__lt=F("ended_at")),
                violation_error_message="Giờ kết thúc phải sau giờ bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        day = self.held_at.astimezone(clock.VIET_NAM)
        return f"Phiên họp Hội đồng ngày {day:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("meeting_detail", args=[self.pk])

    @property
    def agency_id(self) -> int:
        return self.campaign.agency_id

    @property
    def state_tone(self) -> str:
        return "ok" if self.state == MeetingState.CLOSED else "wait"


class Attendance(models.Model):
    """Thành phần dự họp: whether a member sat, and why not."""

    meeting = models.ForeignKey(CouncilMeeting, models.CASCADE, related_name="attendance")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="+")
    is_present = models.BooleanField("có mặt", default=True)
    absence_reason = models.CharField("lý do vắng", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "thành phần dự họp"
        ordering = ["member__rank"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.member}: {'có mặt' if self.is_present else 'vắng'}"


class AgendaItem(models.Model):
    """Nội dung xét: one nomination at one meeting, with its counts.

    Counts only: nothing links a vote to a member.
    """

    meeting = models.ForeignKey(CouncilMeeting, models.CASCADE, related_name="agenda")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField("thứ tự")
    eligible_count = models.PositiveSmallIntegerField("số người được biểu quyết", null=True)
    for_count = models.PositiveSmallIntegerField("số phiếu tán thành", null=True, blank=True)
    against_count = models.PositiveSmallIntegerField(
        "số phiếu không tán thành", null=True, blank=True
    )
    is_endorsed = models.BooleanField("thông qua", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "nội dung xét"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "nomination"], name="agenda_item_once"),
            models.CheckConstraint(
                name="agenda_item_votes_within_eligible",
                condition=Q(for_count__isnull=True)
                | Q(eligible_count__gte=F("for_count") + F("against_count")),
                violation_error_message="Tổng số phiếu không vượt số người được biểu quyết.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.nomination}"


class Recusal(models.Model):
    """Không tham gia biểu quyết: a member left out of one item, and why."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="recusals")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="+")
    reason = models.CharField("lý do", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "không tham gia biểu quyết"
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.reason}"
