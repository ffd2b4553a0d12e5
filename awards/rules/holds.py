"""The hold register: what waits for it, and what its own lines must say.

A sentence that others than its keepers read names neither the kind nor the reason nor a day.
"""

import datetime as dt
from collections.abc import Iterable

from awards.models import Nomination
from awards.queries.holds import held_among
from staff.models import Hold, HoldOutcome
from thidua.core import clock

WHO_TELLS = (
    "Người giữ sổ tạm giữ cho biết khi nào được xét tiếp; việc tạm giữ hết khi có văn bản kết luận."
)
ON_HOLD = f"Hồ sơ đang tạm giữ nên chưa xét, chưa trình. {WHO_TELLS}"


def not_on_hold(nomination: Nomination, at: dt.datetime) -> str:
    """Nobody is commended while something about him is being settled (NĐ 152 Điều 4 khoản 4).

    Read after the lock of the nomination, which opening a hold takes first as well.
    """
    return ON_HOLD if held_among([nomination]) else ""


def none_is_on_hold(nominations: Iterable[Nomination]) -> str:
    """Say which of some nominations are on hold, "" when none is."""
    listed = list(nominations)
    held = held_among(listed)
    names = "; ".join(n.recipient_name for n in listed if n.pk in held)
    return f"Đang tạm giữ: {names}. {WHO_TELLS}" if names else ""


def opening_is_sound(opened_on: dt.date, document_on: dt.date, at: dt.datetime) -> str:
    """A hold begins by a document, not in the future."""
    if opened_on > clock.local_day(at):
        return "Ngày tạm giữ ở tương lai. Hãy chọn ngày không sau hôm nay."
    if document_on > opened_on:
        return (
            f"Ngày văn bản {document_on:%d/%m/%Y} sau ngày tạm giữ {opened_on:%d/%m/%Y}. "
            "Hãy sửa một trong hai ngày."
        )
    return ""


def conclusion_is_sound(
    hold: Hold,
    concluded_on: dt.date,
    outcome: str,
    discipline_until: dt.date | None,
    at: dt.datetime,
) -> str:
    """A hold ends by a document between its first day and today; discipline has an end."""
    if concluded_on > clock.local_day(at):
        return "Ngày văn bản kết luận ở tương lai. Hãy chọn ngày không sau hôm nay."
    if concluded_on < hold.opened_on:
        return (
            f"Ngày văn bản kết luận {concluded_on:%d/%m/%Y} trước ngày tạm giữ "
            f"{hold.opened_on:%d/%m/%Y}. Hãy kiểm tra lại ngày."
        )
    return _discipline_is_sound(concluded_on, outcome, discipline_until)


def _discipline_is_sound(
    concluded_on: dt.date, outcome: str, discipline_until: dt.date | None
) -> str:
    if outcome != HoldOutcome.DISCIPLINED:
        return "Chỉ ghi thời hạn kỷ luật khi kết luận là bị kỷ luật." if discipline_until else ""
    if discipline_until is None:
        return "Hãy ghi ngày hết thời hạn kỷ luật: thành tích chỉ tính từ sau ngày ấy."
    if discipline_until < concluded_on:
        return "Thời hạn kỷ luật hết trước ngày kết luận. Hãy kiểm tra lại hai ngày."
    return ""


def may_be_corrected(hold: Hold) -> str:
    """A line is corrected once; its correction may be corrected in turn."""
    if hold.is_corrected:
        return "Dòng này đã được đính chính. Hãy mở dòng mới để đính chính tiếp."
    return ""


def may_be_concluded(hold: Hold) -> str:
    """A line ends once."""
    if hold.concluded_on:
        return "Dòng này đã có kết luận. Nếu kết luận ghi sai, hãy đính chính dòng này."
    return may_be_corrected(hold)
