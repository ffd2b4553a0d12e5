"""A new campaign from one that was: the same plan, its own days moved, nothing counted yet."""

import datetime as dt

import pytest

from campaigns import plan_fields
from campaigns.actions.copies import copy_campaign
from campaigns.models import PlanDraft
from campaigns.queries.copies import values_of
from campaigns.shifting import shift, shift_day
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Refused


@pytest.fixture
def clerk(cast):
    return cast[Role.APPRAISER]


def test_the_fields_written_back_are_the_campaign(campaign):
    content = plan_fields.content_of(values_of(campaign))

    assert content["title"] == campaign.title
    assert content["section"] == [
        {
            "clause": s.clause,
            "level": s.level,
            "number": s.number,
            "title": s.title,
            "body": s.body.strip(),
        }
        for s in campaign.sections.all()
    ]
    assert [form["name"] for form in content["award_form"]] == list(
        campaign.award_forms.values_list("name", flat=True)
    )
    assert [form["set_count"] for form in content["award_form"]] == [2, 1]
    assert [item["award_forms"] for item in content["required_item"]] == [
        list(item.award_forms.values_list("name", flat=True))
        for item in campaign.required_items.all()
    ]
    assert content["subject"] == list(campaign.subjects.values("subject_kind", "text"))
    assert content["terms"]["nominations_due_on"] == dt.date(2025, 12, 31)
    assert content["terms"]["bases"] == list(
        campaign.basis_lines.values_list("basis__code", flat=True)
    )


def test_only_the_plan_s_own_days_move(campaign):
    moved = shift(values_of(campaign), 1)

    assert moved["nominations_due_on"].value == "31/12/2026"
    assert moved["opens_on"].value == "01/10/2026"
    assert moved["window_text"].value == "Quý IV năm 2026"
    assert "đến hết ngày 31/12/2026" in moved["sections"].value
    assert "vào Quý IV năm 2026" in moved["sections"].value
    assert "2025" not in moved["sections"].value
    # History and other papers keep their days.
    assert "(06/01/1946 - 06/01/2026)" in moved["sections"].value
    assert "112/KH-UBND ngày 20/5/2024" in moved["criteria"].value
    assert moved["number"].value == moved["issued_on"].value == ""
    assert moved["issued_on"].note


def test_a_year_that_still_stands_in_the_words_is_said(campaign):
    values = values_of(campaign) | {"title": "Phát động đợt thi đua năm 2025"}

    assert "năm 2025" in shift(values, 1)["title"].note
    assert shift(values, 1)["title"].value == "Phát động đợt thi đua năm 2025"


@pytest.mark.parametrize(
    ("day", "years", "moved"),
    [
        ((2024, 2, 29), 1, (2025, 2, 28)),
        ((2025, 2, 28), 3, (2028, 2, 29)),
        ((2025, 12, 31), 1, (2026, 12, 31)),
        ((2024, 2, 28), 4, (2028, 2, 28)),
    ],
)
def test_the_end_of_february_stays_its_end(day, years, moved):
    assert shift_day(dt.date(*day), years) == dt.date(*moved)


def test_a_copy_is_a_draft_that_somebody_confirms(campaign, clerk, noon):
    draft = copy_campaign(campaign=campaign, years=1, actor=clerk, at=noon)

    assert draft.campaign is None
    assert draft.copied_from == campaign
    assert not any(row.get("confirmed_at") for row in draft.fields.values())
    assert AuditEntry.objects.filter(action="campaigns.plandraft.create").count() == 1
    # Asked again, the same draft answers: nobody fills in two by mistake.
    assert copy_campaign(campaign=campaign, years=1, actor=clerk, at=noon) == draft
    assert PlanDraft.objects.count() == 1


@pytest.mark.parametrize("years", [0, 11, -1])
def test_a_copy_moves_by_one_to_ten_years(campaign, clerk, noon, years):
    with pytest.raises(Refused, match="Hãy dời từ 1 đến 10 năm"):
        copy_campaign(campaign=campaign, years=years, actor=clerk, at=noon)
    assert not PlanDraft.objects.exists()
