"""The rows of law: in force when they say, and the money that follows from them."""

import datetime as dt

import pytest

from awards.rules.decision import prize
from campaigns.actions import load_law
from campaigns.models import CalendarDay, LegalBasis, Provision, ReportForm, ReportHeading

LAST_DAY = dt.date(2025, 12, 31)
NEW_SALARY = dt.date(2026, 7, 1)


@pytest.fixture(autouse=True)
def law(agency):
    load_law(agency)


@pytest.mark.parametrize(
    ("award_type", "kind", "day", "amount"),
    [
        ("commendation_letter", "person", LAST_DAY, 710_000),
        ("commendation_letter", "unit", LAST_DAY, 1_410_000),
        ("certificate_of_merit", "unit", LAST_DAY, 7_020_000),
        ("certificate_of_merit", "person", LAST_DAY, 3_510_000),
        ("commendation_letter", "person", NEW_SALARY - dt.timedelta(days=1), 710_000),
        ("commendation_letter", "person", NEW_SALARY, 760_000),
        ("commendation_letter", "unit", NEW_SALARY, 1_520_000),
        ("certificate_of_merit", "unit", NEW_SALARY, 7_590_000),
        ("commendation_letter", "unit", dt.date(2025, 6, 30), 1_410_000),
    ],
)
def test_prize_follows_the_day_of_signing(agency, award_type, kind, day, amount):
    assert prize(agency, award_type, kind, day).amount == amount


def test_one_decree_ends_on_the_day_the_next_begins():
    old, new = (LegalBasis.objects.get(code=f"{n}/NĐ-CP") for n in ("98/2023", "152/2025"))
    change = dt.date(2025, 7, 1)
    assert old.in_force(change - dt.timedelta(days=1))
    assert not old.in_force(change)
    assert new.in_force(change)


def test_nothing_is_called_verified_before_an_office_has_seen_it():
    assert not LegalBasis.objects.filter(verified_at__isnull=False).exists()
    assert not ReportForm.objects.filter(verified_at__isnull=False).exists()


@pytest.mark.parametrize("kind", ["unit", "person"])
def test_the_form_has_its_headings_for_both_kinds(kind):
    headings = ReportHeading.objects.filter(form__number="07", subject_kind=kind)
    groups = headings.filter(is_group=True).values_list("number", flat=True)
    assert list(groups) == ["I", "II"]
    for heading in headings.filter(is_group=False, is_required=True):
        assert heading.number.partition(".")[0] in {"I", "II"}
        assert heading.hint
    assert headings.get(number="III").is_required is False


def test_loading_again_adds_nothing_and_keeps_what_an_office_mended(agency):
    tables = (LegalBasis, Provision, ReportForm, ReportHeading, CalendarDay)
    before = [table.objects.count() for table in tables]
    LegalBasis.objects.filter(code="152/2025/NĐ-CP").update(citation="Đã sửa")
    load_law(agency)
    assert [table.objects.count() for table in tables] == before
    assert LegalBasis.objects.get(code="152/2025/NĐ-CP").citation == "Đã sửa"
