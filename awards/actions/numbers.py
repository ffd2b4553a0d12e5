"""Taking numbers, and writing into the register of commendations."""

import datetime as dt
from typing import Any

from django.db import connection

from awards.models import Book, IssuedNumber, Nomination, Register, RegisterEntry
from awards.rules.decision import Prize
from thidua.core.text import fold
from units.models import Agency


def take_number(
    agency: Agency, book: Book, year: int, *, purpose: str, actor: Any, at: dt.datetime
) -> int:
    """Take the next number of a book and year; no gap, no double, gone if the act is undone.

    The row of the book is locked until the transaction ends. Raises RuntimeError outside one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("take_number needs the transaction of the act")
    Register.objects.bulk_create(
        [Register(agency=agency, book=book, year=year)], ignore_conflicts=True
    )
    register = Register.objects.select_for_update(no_key=True).get(
        agency=agency, book=book, year=year
    )
    register.last_number += 1
    register.save(update_fields=["last_number"])
    IssuedNumber.objects.create(
        register=register,
        number=register.last_number,
        purpose=purpose[:300],
        taken_by=actor,
        taken_at=at,
    )
    return register.last_number


def enter_register(
    nomination: Nomination,
    *,
    decision_number: str,
    decided_on: dt.date,
    decided_by: str,
    golden_number: int | None,
    money: Prize,
    actor: Any,
    at: dt.datetime,
) -> RegisterEntry:
    """Write one award into the register as it was printed."""
    campaign = nomination.campaign
    year = decided_on.year
    number = take_number(
        campaign.agency,
        Book.COMMENDATION,
        year,
        purpose=str(nomination),
        actor=actor,
        at=at,
    )
    return RegisterEntry.objects.create(
        agency=campaign.agency,
        campaign=campaign,
        award_form=nomination.award_form,
        nomination=nomination,
        year=year,
        number=number,
        decision_number=decision_number,
        decided_on=decided_on,
        decided_by=decided_by,
        golden_number=golden_number,
        subject_kind=nomination.subject_kind,
        person=nomination.person,
        recipient_unit=nomination.recipient_unit,
        recipient_name=nomination.line_name,
        recipient_title=nomination.line_title,
        award_name=nomination.award_form.name,
        achievement=campaign.achievement_sentence,
        coefficient=money.coefficient,
        base_salary=money.base_salary,
        amount=money.amount,
        entered_by=actor,
        entered_at=at,
        search_key=fold(f"{nomination.line_name} {nomination.line_title}"),
    )
