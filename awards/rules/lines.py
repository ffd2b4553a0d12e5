"""The printed line of a recipient: when it may be confirmed, and what it may say."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from awards.models import Nomination, NominationState
from campaigns.models import AwardRoute
from thidua.core.permissions import headed_unit_ids

_NAMED = 5  # a refusal names so many lines of a unit; the page lists them all
LONGEST_NAME, LONGEST_TITLE = 200, 250  # as the columns


def line_is_confirmed(nomination: Nomination, at: dt.datetime) -> str:
    """A recipient is printed as the own unit has confirmed."""
    if nomination.line_confirmed_at:
        return ""
    return f"Dòng in của {nomination.recipient_name} chưa được xác nhận."


def lines_are_confirmed(nominations: Iterable[Nomination]) -> str:
    """A decision is numbered when every line of its list is confirmed; names those that are not."""
    waiting: dict[Any, list[str]] = {}
    for nomination in sorted(nominations, key=lambda n: n.line_order):
        if not nomination.line_confirmed_at:
            waiting.setdefault(nomination.proposal.unit, []).append(nomination.recipient_name)
    if not waiting:
        return ""
    count = sum(len(names) for names in waiting.values())
    units = "; ".join(f"{unit}: {_few(names)}" for unit, names in waiting.items())
    return (
        f"Chưa cấp số được: còn {count} dòng in chưa xác nhận ({units}). Người đứng đầu đơn vị "
        "xác nhận ở trang Đề nghị của phòng; khi người ấy vắng, Chánh Văn phòng xác nhận thay."
    )


def line_is_open(nomination: Nomination) -> str:
    """A line is confirmed, and changed, between the approval and the number."""
    name = nomination.recipient_name
    if nomination.award_form.route != AwardRoute.OWN:
        return f"Dòng in của {name} do cấp trên quyết định nên không xác nhận ở đây."
    if nomination.state == NominationState.APPROVED:
        return ""
    if hasattr(nomination, "decision_line"):
        decision = str(nomination.decision_line.decision)
        return f"{name} đã vào {decision[0].lower()}{decision[1:]} nên dòng in không đổi được nữa."
    return f"Đề nghị của {name} chưa được phê duyệt nên chưa xác nhận dòng in."


def is_unconfirmed(nomination: Nomination) -> bool:
    """Whether the number of the decision waits for this line."""
    is_approved = nomination.state == NominationState.APPROVED
    is_ours = nomination.award_form.route == AwardRoute.OWN
    return is_approved and is_ours and not nomination.line_confirmed_at


def line_is_sound(name: str, title: str) -> str:
    """Name and title are there, each on one line, and fit their columns."""
    for words, what, most in ((name, "tên in", LONGEST_NAME), (title, "chức vụ", LONGEST_TITLE)):
        if not words:
            return f"Hãy ghi {what}."
        if "\n" in words:
            return f"Hãy ghi {what} trên một dòng."
        if len(words) > most:
            return f"Hãy rút {what} xuống còn {most} ký tự; nay có {len(words)}."
    return ""


def stands_in(actor: Any, proposal: Any) -> bool:
    """Whether `actor` confirms in place of the unit, and so has to say why."""
    return proposal.unit_id not in headed_unit_ids(actor)


def _few(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" và {more} dòng khác" if more > 0 else "")
