"""What a unit does between approval and number: it confirms how each recipient is printed."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from awards.models import Nomination, Proposal
from awards.policy import LINE_CONFIRMER
from awards.rules.lines import line_is_open, line_is_sound, stands_in
from thidua.core import audit, clock
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused, must


@dataclasses.dataclass(frozen=True, slots=True)
class PrintedLine:
    """Dòng in: one recipient as printed; `version` is that of the nomination in sight."""

    nomination_id: int
    name: str
    title: str
    version: int


def as_it_stands(nomination: Nomination) -> PrintedLine:
    """Return the line of a nomination that nobody needs to mend."""
    return PrintedLine(
        nomination.pk, nomination.line_name, nomination.line_title, nomination.version
    )


@transaction.atomic
def confirm_lines(
    *,
    proposal: Proposal,
    lines: Iterable[PrintedLine],
    reason: str = "",
    actor: Any,
    at: dt.datetime,
) -> list[Nomination]:
    """Confirm how recipients of one unit are printed, all of them or none; return what changed.

    What stands so already is left as it is: a second click does no harm. Raises Refused with the
    sentence that names the line; Conflict when somebody else was first.
    """
    must(LINE_CONFIRMER.refuses(actor, proposal))
    is_stand_in = stands_in(actor, proposal)
    reason = compose(reason).strip() if is_stand_in else ""
    if is_stand_in and not reason:
        raise Refused("Hãy ghi lý do xác nhận thay đơn vị.")
    wanted = {line.nomination_id: line for line in lines}
    nominations = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("award_form", "line_confirmed_by__person", "decision_line__decision")
        .filter(proposal=proposal, pk__in=wanted)
        .order_by("pk")
    )
    if not wanted or len(nominations) != len(wanted):
        raise Conflict("Danh sách vừa thay đổi. Hãy xem lại các dòng rồi bấm lần nữa.")
    changed = []
    for nomination in nominations:
        line = wanted[nomination.pk]
        name, title = compose(line.name).strip(), compose(line.title).strip()
        if nomination.line_confirmed_at and (name, title) == _printed(nomination):
            continue
        if closed := line_is_open(nomination):
            raise Conflict(closed)
        if nomination.version != line.version:
            raise Conflict(_what_happened(nomination))
        if unsound := line_is_sound(name, title):
            raise Refused(f"{nomination.recipient_name}: {unsound}")
        before = nomination.line_name, nomination.line_title
        nomination.printed_name, nomination.printed_title = name, title
        nomination.line_confirmed_by, nomination.line_confirmed_at = actor, at
        nomination.line_confirmed_note = reason
        nomination.version += 1
        nomination.save()
        _record(nomination, before, reason, actor)
        changed.append(nomination)
    return changed


def _record(nomination: Nomination, before: tuple[str, str], reason: str, actor: Any) -> None:
    """Log the line with what stood before; the note tells what was changed, for people."""
    after = _printed(nomination)
    told = [f"{old} → {new}" for old, new in zip(before, after, strict=True) if old != new]
    audit.record(
        "confirm_line",
        nomination,
        actor=actor,
        label="Xác nhận thay dòng in" if reason else "Xác nhận dòng in",
        changes={
            "printed_name": [before[0], after[0]],
            "printed_title": [before[1], after[1]],
        },
        note="\n".join([*told, *([reason] if reason else [])]),
    )


def _printed(nomination: Nomination) -> tuple[str, str]:
    return nomination.printed_name, nomination.printed_title


def _what_happened(nomination: Nomination) -> str:
    """Say what the first has confirmed, to whoever came second."""
    if not (nomination.line_confirmed_at and nomination.line_confirmed_by):
        return (
            f"Hồ sơ của {nomination.recipient_name} vừa thay đổi. Hãy xem lại dòng in rồi bấm "
            "Xác nhận lần nữa."
        )
    local = nomination.line_confirmed_at.astimezone(clock.VIET_NAM)
    return (
        f"{nomination.line_confirmed_by.display_name} đã xác nhận dòng in này lúc "
        f"{local:%H:%M %d/%m/%Y}: «{nomination.printed_name}», «{nomination.printed_title}». "
        "Nội dung vừa gõ còn giữ dưới đây; bấm Xác nhận lần nữa nếu vẫn muốn thay."
    )
