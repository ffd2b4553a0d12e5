"""What the keepers of the hold register do; each look into it leaves its entry in the log.

The log names a line by its number only: neither whom it is about nor why.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from awards.models import Nomination
from awards.models.nomination import LIVE
from awards.policy import HOLD_KEEPER
from awards.rules.holds import (
    conclusion_is_sound,
    may_be_concluded,
    may_be_corrected,
    opening_is_sound,
)
from staff.models import Hold, Person
from thidua.core import audit
from thidua.core.models import StoredFile
from thidua.core.text import compose
from thidua.core.workflow import Refused, must
from units.models import Agency, Unit

_TWICE = "Văn bản này đã được ghi vào sổ cho cùng đối tượng. Hãy mở dòng đang có."


@transaction.atomic
def look_up(*, hold: Hold, actor: Any, label: str) -> None:
    """Record that somebody opened a line of the register."""
    must(HOLD_KEEPER.refuses(actor, hold))
    audit.record("look_up", hold, actor=actor, label=label)


@transaction.atomic
def look_through(*, agency: Agency, holds: Iterable[Hold], words: str, actor: Any) -> None:
    """Record that somebody listed or searched the register: for what, and what came up.

    No page shows the words: they are a name.
    """
    must(HOLD_KEEPER.refuses(actor, None))
    audit.record(
        "hold_look_up",
        agency,
        actor=actor,
        label="Tìm trong sổ tạm giữ" if words else "Xem sổ tạm giữ",
        changes={"words": ["", words], "lines": [[], [hold.pk for hold in holds]]},
    )


@transaction.atomic
def open_hold(
    *,
    agency: Agency,
    subject: Person | Unit,
    kind: str,
    reason: str,
    opened_on: dt.date,
    document_number: str,
    document_on: dt.date,
    actor: Any,
    at: dt.datetime,
    is_sample: bool = False,
) -> Hold:
    """Put a person or a collective on hold, by a document."""
    must(HOLD_KEEPER.refuses(actor, None))
    hold = Hold(
        agency=agency,
        kind=kind,
        reason=reason,
        opened_on=opened_on,
        document_number=document_number,
        document_on=document_on,
        is_sample=is_sample,
    )
    return _opened(hold, subject, "Mở tạm giữ", actor, at)


@transaction.atomic
def correct_hold(
    *,
    hold: Hold,
    subject: Person | Unit,
    kind: str,
    reason: str,
    opened_on: dt.date,
    document_number: str,
    document_on: dt.date,
    correction_reason: str,
    actor: Any,
    at: dt.datetime,
) -> Hold:
    """Put a new line in the place of a wrong one, which stays to be read."""
    must(HOLD_KEEPER.refuses(actor, hold))
    wrong = Hold.objects.select_for_update(of=("self",), no_key=True).get(pk=hold.pk)
    must(may_be_corrected(wrong))
    wrong.is_corrected = True
    wrong.save(update_fields=["is_corrected"])
    right = Hold(
        agency_id=wrong.agency_id,
        kind=kind,
        reason=reason,
        opened_on=opened_on,
        document_number=document_number,
        document_on=document_on,
        corrects=wrong,
        correction_reason=compose(correction_reason),
        is_sample=wrong.is_sample,
    )
    return _opened(right, subject, "Đính chính tạm giữ", actor, at)


@transaction.atomic
def conclude_hold(
    *,
    hold: Hold,
    concluded_on: dt.date,
    concluding_number: str,
    outcome: str,
    discipline_until: dt.date | None = None,
    file: StoredFile | None = None,
    actor: Any,
    at: dt.datetime,
) -> Hold:
    """End a hold by its concluding document."""
    must(HOLD_KEEPER.refuses(actor, hold))
    hold = Hold.objects.select_for_update(of=("self",), no_key=True).get(pk=hold.pk)
    must(may_be_concluded(hold))
    must(conclusion_is_sound(hold, concluded_on, outcome, discipline_until, at))
    hold.concluded_on, hold.concluding_number = concluded_on, compose(concluding_number)
    hold.outcome, hold.discipline_until = outcome, discipline_until
    hold.concluding_file = file
    hold.concluded_by, hold.concluded_at = actor, at
    hold.save()
    audit.record("conclude", hold, actor=actor, label="Ghi kết luận tạm giữ")
    return hold


def _opened(hold: Hold, subject: Person | Unit, label: str, actor: Any, at: dt.datetime) -> Hold:
    must(opening_is_sound(hold.opened_on, hold.document_on, at))
    _lock_nominations(subject)
    if isinstance(subject, Person):
        hold.person = subject
    else:
        hold.unit = subject
    hold.reason, hold.document_number = compose(hold.reason), compose(hold.document_number)
    hold.opened_by, hold.opened_at = actor, at
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError:
        raise Refused(_TWICE) from None
    audit.record("open", hold, actor=actor, label=label)
    return hold


def _lock_nominations(subject: Person | Unit) -> None:
    """Wait for whoever is deciding about the subject: what comes after reads the hold."""
    column = "person" if isinstance(subject, Person) else "recipient_unit"
    live = Nomination.objects.select_for_update(of=("self",), no_key=True)
    list(live.filter(LIVE, **{column: subject}).order_by("pk").only("pk"))
