"""Quorum, majority and conflicts of a council meeting."""

import dataclasses
import datetime as dt
import math

from awards.models import AgendaItem, CouncilMeeting, Nomination
from awards.queries.holds import without_holds
from campaigns.models import AwardForm, ThresholdBase


@dataclasses.dataclass(frozen=True, slots=True)
class CouncilRule:
    """Quy tắc biểu quyết: the rule of one award form, as it was on the day of the meeting."""

    quorum_percent: int
    threshold_percent: int
    threshold_base: str

    @classmethod
    def of(cls, award_form: AwardForm) -> "CouncilRule":
        return cls(
            award_form.quorum_percent, award_form.threshold_percent, award_form.threshold_base
        )

    @property
    def sentence(self) -> str:
        """How the minutes say it."""
        return (
            f"Phiên họp hợp lệ khi có mặt ít nhất {self.quorum_percent}% tổng số thành viên; "
            f"được thông qua khi số phiếu tán thành vượt {self.threshold_percent}% "
            f"{ThresholdBase(self.threshold_base).label}."
        )

    def quorum_count(self, total: int) -> int:
        """Return how many members must sit."""
        return math.ceil(total * self.quorum_percent / 100)

    def endorses(self, for_count: int, *, total: int, present: int) -> bool:
        """Whether `for_count` votes carry an item; the majority must be passed, not met."""
        base = total if self.threshold_base == ThresholdBase.TOTAL else present
        return for_count * 100 > base * self.threshold_percent


def quorum_is_met(meeting: CouncilMeeting, at: dt.datetime) -> str:
    """A meeting counts when enough members sit."""
    total = meeting.attendance.count()
    present = meeting.attendance.filter(is_present=True).count()
    needed = CouncilRule.of(meeting.award_form).quorum_count(total)
    if total and present >= needed:
        return ""
    return f"Chưa đủ số thành viên có mặt: cần {needed} trên {total}, hiện có {present}."


def all_items_are_counted(meeting: CouncilMeeting, at: dt.datetime) -> str:
    """A meeting closes when each item has its counts; what is on hold needs none."""
    if not meeting.agenda.exists():
        return "Phiên họp chưa có nội dung xét. Hãy đưa đề nghị đã đủ điều kiện vào chương trình."
    uncounted = without_holds(
        Nomination.objects.filter(
            agenda_items__in=meeting.agenda.filter(for_count__isnull=True)
        ).order_by("agenda_items__position")
    ).first()
    return f"Hãy ghi số phiếu cho {uncounted.recipient_name}." if uncounted else ""


def counts_fit(item: AgendaItem, for_count: int, against_count: int) -> str:
    """Votes of one item never pass those who may vote on it."""
    if for_count + against_count <= (item.eligible_count or 0):
        return ""
    return (
        f"Tổng số phiếu {for_count + against_count} vượt số người được biểu quyết "
        f"{item.eligible_count} (có mặt, trừ người không tham gia biểu quyết nội dung này)."
    )
