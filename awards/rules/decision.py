"""Numbers, dates and money of a decision."""

import dataclasses
import datetime as dt
import decimal
from collections.abc import Iterable

from awards.models import Decision, SubmissionLetter
from campaigns.models import ProvisionKind
from campaigns.queries.law import must_hold
from thidua.core import clock
from units.models import Agency


@dataclasses.dataclass(frozen=True, slots=True)
class Prize:
    """Tiền thưởng: coefficient × base salary (VND), rounded up to `round_to` VND."""

    coefficient: decimal.Decimal
    base_salary: int
    amount: int


def prize(agency: Agency, award_type: str, subject_kind: str, day: dt.date) -> Prize:
    """Return the prize money as the rules of `day` give it (NĐ 152/2025 Điều 49, Điều 54).

    Raises Refused when no base salary or coefficient is in force on that day.
    """
    salary = must_hold(agency, ProvisionKind.BASE_SALARY, "base_salary", day).terms["amount"]
    rate = must_hold(agency, ProvisionKind.PRIZE_RATE, f"{award_type}/{subject_kind}", day).terms
    coefficient = rate["coefficient"]
    return Prize(coefficient, salary, round_up(coefficient * salary, rate["round_to"]))


def round_up(amount: decimal.Decimal, step: int) -> int:
    """Round VND up to a multiple of `step`: 702.000 becomes 710.000 with 10.000."""
    steps = (amount / step).to_integral_value(rounding=decimal.ROUND_CEILING)
    return int(steps) * step


def papers_are_printed(decision: Decision, at: dt.datetime) -> str:
    """A decision closes when its papers have been made."""
    if decision.file_id and not decision.lines.filter(certificate_file__isnull=True).exists():
        return ""
    return "Quyết định và giấy khen đang được tạo. Hãy đợi tạo xong rồi tải bản đã ký."


def papers_of_letter_are_made(letter: SubmissionLetter, at: dt.datetime) -> str:
    """An answer is recorded for a letter that was really sent: its sets stand."""
    return "" if letter.file_id else "Tờ trình và các bộ hồ sơ đang được tạo. Hãy đợi tạo xong."


def day_follows_approval(day: dt.date, approved_at: Iterable[dt.datetime | None]) -> str:
    """Nothing is dated or signed before the last of its approvals."""
    last = max((clock.local_day(at) for at in approved_at if at), default=None)
    if last and day < last:
        return (
            f"Ngày {day:%d/%m/%Y} trước ngày phê duyệt {last:%d/%m/%Y}. "
            f"Hãy chọn ngày từ {last:%d/%m/%Y}."
        )
    return ""


def day_is_possible(day: dt.date, at: dt.datetime, *, not_before: dt.date | None = None) -> str:
    """A paper's date is neither in the future nor before the one numbered ahead of it."""
    if day > clock.local_day(at):
        return f"Ngày {day:%d/%m/%Y} ở tương lai. Hãy chọn ngày không sau hôm nay."
    if not_before and day < not_before:
        return (
            f"Ngày {day:%d/%m/%Y} trước ngày {not_before:%d/%m/%Y} của văn bản đã lấy số trước. "
            "Số và ngày phải cùng thứ tự."
        )
    return ""
