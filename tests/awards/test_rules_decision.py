"""Money and dates: rounding up, the base salary of the day of signing, and days in order."""

import datetime as dt
import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.models import RegisterEntry
from awards.rules.decision import day_is_possible, prize, round_up
from campaigns.models import Provision
from tests.factories import accepted, approved, closed, issued, printed, sent
from thidua.core import clock
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

BEFORE, AFTER = dt.date(2026, 6, 30), dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("amount", "step", "rounded"),
    [
        ("702000", 10_000, 710_000),
        ("700000", 10_000, 700_000),
        ("700000.01", 10_000, 710_000),
        ("709999.99", 10_000, 710_000),
        ("0", 10_000, 0),
        ("759000", 10_000, 760_000),
        ("1404000", 1, 1_404_000),
        ("1404000.5", 1, 1_404_001),
    ],
)
def test_money_is_rounded_up_to_a_multiple(amount, step, rounded):
    assert round_up(decimal.Decimal(amount), step) == rounded


@given(st.decimals(0, 10**9, allow_nan=False, places=2), st.sampled_from([1, 500, 1_000, 10_000]))
def test_rounding_never_takes_away_and_never_gives_a_whole_step(amount, step):
    rounded = round_up(amount, step)

    assert rounded % step == 0
    assert 0 <= rounded - amount < step


# fmt: off
PRIZES = [
    ("commendation_letter",  "person", BEFORE, "0.3", 2_340_000,   710_000),
    ("commendation_letter",  "person", AFTER,  "0.3", 2_530_000,   760_000),
    ("commendation_letter",  "unit",   BEFORE, "0.6", 2_340_000, 1_410_000),
    ("commendation_letter",  "unit",   AFTER,  "0.6", 2_530_000, 1_520_000),
    ("certificate_of_merit", "person", BEFORE, "1.5", 2_340_000, 3_510_000),
    ("certificate_of_merit", "person", AFTER,  "1.5", 2_530_000, 3_800_000),
    ("certificate_of_merit", "unit",   BEFORE, "3.0", 2_340_000, 7_020_000),
    ("certificate_of_merit", "unit",   AFTER,  "3.0", 2_530_000, 7_590_000),
]
# fmt: on


@pytest.mark.django_db
@pytest.mark.parametrize(("award_type", "kind", "day", "coefficient", "salary", "amount"), PRIZES)
def test_the_prize_follows_the_base_salary_of_the_day(
    campaign, award_type, kind, day, coefficient, salary, amount
):
    money = prize(campaign.agency, award_type, kind, day)

    assert money.coefficient == decimal.Decimal(coefficient)
    assert (money.base_salary, money.amount) == (salary, amount)


@pytest.mark.django_db
def test_a_day_without_salary_or_rate_is_refused_with_the_mend(campaign):
    with pytest.raises(Refused, match="áp dụng ngày 01/01/2020. Hãy đề nghị Văn phòng"):
        prize(campaign.agency, "commendation_letter", "person", dt.date(2020, 1, 1))
    Provision.objects.filter(key__endswith="/unit").delete()
    with pytest.raises(Refused, match="mức tiền thưởng"):
        prize(campaign.agency, "commendation_letter", "unit", BEFORE)
    Provision.objects.filter(kind="base_salary").delete()
    with pytest.raises(Refused, match="mức lương cơ sở"):
        prize(campaign.agency, "commendation_letter", "person", BEFORE)


@pytest.mark.django_db
@pytest.mark.parametrize(("signed_on", "amount"), [(BEFORE, 1_410_000), (AFTER, 1_520_000)])
def test_the_register_pays_by_the_day_of_signing_not_by_the_day_of_the_number(
    cast, unit, campaign, letter_form, signed_on, amount
):
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form))
    approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])

    with clock.frozen(clock.start_of(dt.date(2026, 7, 2))):
        decision = printed(issued(letter_form, cast[Role.REGISTRAR], day=BEFORE))
        closed(decision, cast[Role.REGISTRAR], signed_on=signed_on)

    entry = RegisterEntry.objects.get()
    assert (entry.amount, entry.decided_on) == (amount, BEFORE)


NIGHT = dt.datetime(2025, 11, 20, 23, 59, tzinfo=clock.VIET_NAM)


@pytest.mark.parametrize(
    ("day", "not_before", "sentence"),
    [
        (dt.date(2025, 11, 20), None, ""),
        (dt.date(2025, 11, 21), None, "Ngày 21/11/2025 ở tương lai."),
        (dt.date(2025, 11, 20), dt.date(2025, 11, 20), ""),
        (dt.date(2025, 11, 19), dt.date(2025, 11, 20), "Ngày 19/11/2025 trước ngày 20/11/2025"),
    ],
)
def test_the_day_of_a_paper_is_neither_ahead_of_today_nor_behind_the_last_number(
    day, not_before, sentence
):
    reason = day_is_possible(day, NIGHT, not_before=not_before)

    assert reason.startswith(sentence)
    assert bool(reason) == bool(sentence)


def test_today_is_the_day_of_viet_nam():
    just_after_midnight = dt.datetime(2025, 11, 20, 17, 1, tzinfo=dt.UTC)

    assert day_is_possible(dt.date(2025, 11, 21), just_after_midnight) == ""
