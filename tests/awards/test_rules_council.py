"""Quorum and majority: just before, at and just after each bound."""

import pytest

from awards.models import AgendaItem
from awards.rules.council import CouncilRule, counts_fit
from campaigns.models import AwardForm


@pytest.mark.parametrize(
    ("percent", "total", "needed"),
    [(67, 3, 3), (67, 9, 7), (67, 100, 67), (50, 8, 4), (50, 9, 5), (100, 5, 5), (1, 3, 1)],
)
def test_the_quorum_is_rounded_up_to_whole_members(percent, total, needed):
    assert CouncilRule(percent, 50, "total").quorum_count(total) == needed


@pytest.mark.parametrize(
    ("base", "for_count", "carried"),
    [
        ("total", 4, False),
        ("total", 5, True),
        ("present", 3, False),
        ("present", 4, True),
        ("present", 0, False),
    ],
)
def test_a_majority_must_be_passed_and_not_met(base, for_count, carried):
    # 8 members, 6 of them present: half is 4 of all, 3 of those present.
    rule = CouncilRule(67, 50, base)

    assert rule.endorses(for_count, total=8, present=6) is carried


def test_a_threshold_of_thirds_is_exact():
    rule = CouncilRule(67, 66, "total")

    assert not rule.endorses(66, total=100, present=100)
    assert rule.endorses(67, total=100, present=100)


def test_the_rule_is_copied_from_the_form_and_read_in_the_minutes():
    form = AwardForm(quorum_percent=67, threshold_percent=50, threshold_base="total")

    assert CouncilRule.of(form).sentence == (
        "Phiên họp hợp lệ khi có mặt ít nhất 67% tổng số thành viên; được thông qua khi số phiếu "
        "tán thành vượt 50% tổng số thành viên Hội đồng."
    )


@pytest.mark.parametrize(
    ("eligible", "for_count", "against_count", "fits"),
    [(5, 5, 0, True), (5, 3, 2, True), (5, 2, 1, True), (5, 5, 1, False), (None, 1, 0, False)],
)
def test_votes_never_pass_those_who_may_vote(eligible, for_count, against_count, fits):
    reason = counts_fit(AgendaItem(eligible_count=eligible), for_count, against_count)

    assert (reason == "") is fits
