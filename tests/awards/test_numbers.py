"""Numbers: one after the other, none twice, no gap; and records that never change again."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from awards.actions.numbers import take_number
from awards.models import Book, IssuedNumber, Register, RegisterEntry, Submission
from tests.conftest import NOON
from tests.factories import accepted, approved, closed, issued, printed, sent
from thidua.core.permissions import Role


def take(agency, cast, book=Book.DECISION, year=2025, purpose="thử"):
    with transaction.atomic():
        return take_number(
            agency,
            book,
            year,
            purpose=purpose,
            actor=cast[Role.REGISTRAR],
            at=NOON,
        )


@pytest.mark.django_db
def test_each_book_of_each_year_counts_from_one(agency, cast):
    taken = [take(agency, cast) for _ in range(3)]
    next_year = take(agency, cast, year=2026)
    other_book = take(agency, cast, Book.LETTER)

    assert (taken, next_year, other_book) == ([1, 2, 3], 1, 1)


@pytest.mark.django_db
def test_a_number_says_who_took_it_when_and_for_what(agency, cast):
    take(agency, cast, purpose="Quyết định tặng Giấy khen")

    number = IssuedNumber.objects.get()
    assert (number.number, number.purpose) == (1, "Quyết định tặng Giấy khen")
    assert number.taken_by == cast[Role.REGISTRAR]
    assert str(number) == "Quyết định 2025: 01"


@pytest.mark.django_db
def test_an_act_that_is_undone_gives_its_number_back(agency, cast):
    take(agency, cast)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(agency, cast)
        raise ZeroDivisionError

    assert take(agency, cast) == 2
    assert list(IssuedNumber.objects.values_list("number", flat=True)) == [1, 2]
    assert Register.objects.get().last_number == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_is_only_taken_in_the_transaction_of_its_act(agency, cast):
    with pytest.raises(RuntimeError, match="transaction"):
        take_number(agency, Book.LETTER, 2025, purpose="x", actor=None, at=NOON)

    assert not Register.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_a_number_given_twice_or_below_one(agency, cast):
    take(agency, cast)
    first = IssuedNumber.objects.get()

    for number, name in ((1, "issued_number_once"), (0, "issued_number_from_one")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            IssuedNumber.objects.create(
                register=first.register,
                number=number,
                purpose="x",
                taken_by=first.taken_by,
                taken_at=first.taken_at,
            )


@pytest.fixture
def entry(cast, unit, campaign, letter_form):
    """Return a register entry, with the receipt and the numbers on the way to it."""
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form))
    approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
    closed(printed(issued(letter_form, cast[Role.REGISTRAR])), cast[Role.REGISTRAR])
    return RegisterEntry.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Submission, IssuedNumber, RegisterEntry])
def test_receipts_numbers_and_the_register_are_append_only(entry, model):
    row = model.objects.order_by("pk").first()
    rows = model.objects.filter(pk=row.pk)

    for change in (
        row.save,
        row.delete,
        rows.delete,
        lambda: rows.update(id=row.pk),
        lambda: rows._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()

    assert model.objects.get(pk=row.pk) == row
