"""The progress of every unit: silent ones first, counted, without names; a word to the late."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.actions.reminders import nudge_units
from awards.models import Nudge
from awards.queries.units import progress_of_units
from campaigns.models import Campaign, CampaignState, WindowExtension
from tests.conftest import make_person, make_unit, make_user
from tests.factories import draft_proposal, nominate, returned, sent, write_report
from thidua.core import clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db
R = Role


def line_of(campaign, unit):
    return next(line for line in progress_of_units(campaign, clock.now()) if line.unit == unit)


def nudge(campaign, actor, *units, text="Đề nghị gửi hồ sơ sớm."):
    return nudge_units(campaign=campaign, units=units, text=text, actor=actor, at=clock.now())


def test_silent_units_come_first_then_vietnamese_order(
    cast, campaign, agency, office, unit, other_unit, other_head, people, letter_form, noon
):
    quiet = make_unit(agency, "Ban Tiếp công dân")
    head = make_user(make_person(quiet, "Đỗ Văn Ba"), R.UNIT_HEAD, "ba", quiet)
    with clock.frozen(noon - dt.timedelta(days=8)):
        draft_proposal(quiet, head, campaign)
    sent(unit, cast[R.UNIT_HEAD], campaign, (people[0], letter_form))
    draft_proposal(other_unit, other_head, campaign)

    lines = progress_of_units(campaign, noon)
    assert [(line.unit.name, line.label, line.is_silent) for line in lines] == [
        ("Ban Tiếp công dân", "Đang soạn", True),
        ("Văn phòng", "Chưa lập", True),
        ("Phòng Nghiệp vụ 1", "Đang soạn", False),
        ("Phòng Nghiệp vụ 2", "Đã gửi", False),
    ]
    assert [line.may_be_nudged for line in lines] == [True, True, True, False]


def test_a_line_counts_by_form_and_says_what_lacks(
    cast, campaign, unit, people, letter_form, merit_form, noon
):
    proposal = draft_proposal(unit, cast[R.UNIT_HEAD], campaign)
    first = nominate(proposal, people[0], letter_form)
    nominate(proposal, people[1], letter_form)
    nominate(proposal, unit, merit_form)
    with clock.frozen(noon + dt.timedelta(hours=1)) as later:
        write_report(first)
    line = line_of(campaign, unit)
    by_form = dict(zip(campaign.award_forms.all(), line.counts, strict=True))
    assert by_form == {letter_form: 2, merit_form: 1}
    assert line.lack.startswith("1 trên 4 phần đã xong, còn thiếu ")
    assert "báo cáo thành tích" in line.lack
    assert line.last_at == later


def test_what_came_back_is_what_lacks(cast, campaign, unit, people, letter_form):
    [nomination] = sent(unit, cast[R.UNIT_HEAD], campaign, (people[0], letter_form))
    assert line_of(campaign, unit).lack == ""
    returned(nomination, cast[R.APPRAISER])
    line = line_of(campaign, unit)
    assert (line.label, line.lack) == ("Chờ bổ sung", "1 hồ sơ Văn phòng yêu cầu bổ sung")
    assert line.may_be_nudged


def test_each_unit_has_its_own_last_day(cast, campaign, unit, other_unit):
    WindowExtension.objects.create(
        campaign=campaign, unit=unit, due_on=dt.date(2026, 1, 9), reason="Bận",
        decided_by="Chánh Thanh tra", document="Số 1", recorded_by=cast[R.OFFICE_CHIEF],
    )  # fmt: skip
    assert line_of(campaign, unit).due_on == dt.date(2026, 1, 9)
    assert line_of(campaign, other_unit).due_on == campaign.nominations_due_on
    with clock.frozen(clock.end_of(campaign.nominations_due_on)):
        assert line_of(campaign, unit).may_be_nudged
        assert not line_of(campaign, other_unit).may_be_nudged


def test_a_dissolved_unit_is_listed_only_with_what_it_wrote(cast, campaign, agency, unit, noon):
    gone = make_unit(agency, "Phòng cũ")
    type(gone).objects.filter(pk=gone.pk).update(valid_until=dt.date(2025, 6, 30))
    assert gone not in [line.unit for line in progress_of_units(campaign, noon)]
    head = make_user(make_person(gone, "Đỗ Văn Bốn"), R.UNIT_HEAD, "bon", gone)
    draft_proposal(gone, head, campaign)
    assert gone in [line.unit for line in progress_of_units(campaign, noon)]


def test_the_page_names_no_nominee_of_what_was_not_sent(
    client, cast, campaign, unit, people, letter_form
):
    nominate(draft_proposal(unit, cast[R.UNIT_HEAD], campaign), people[0], letter_form)
    client.force_login(cast[R.SIGNATORY])
    page = client.get(reverse("campaign_progress", args=[campaign.pk])).content.decode()
    assert unit.name in page
    assert people[0].full_name not in page
    assert "Nhắc đơn vị" not in page  # the signatory reads


def test_a_head_sees_the_own_line_on_the_plan_and_nobody_else_s(
    client, cast, campaign, unit, other_unit
):
    client.force_login(cast[R.UNIT_HEAD])
    plan = client.get(campaign.get_absolute_url())
    assert [line.unit for line in plan.context["own_progress"]] == [unit]
    assert other_unit.name not in plan.content.decode()
    assert reverse("campaign_progress", args=[campaign.pk]) not in plan.content.decode()
    client.force_login(cast[R.STAFF_MEMBER])
    assert client.get(campaign.get_absolute_url()).context["own_progress"] == []


def test_one_act_nudges_all_silent_units_and_says_which_before(
    client, cast, campaign, office, unit, other_unit
):
    client.force_login(cast[R.APPRAISER])
    page = reverse("nudge_create", args=[campaign.pk])
    before = client.get(page)
    html = before.content.decode()
    assert "<b>3 đơn vị</b>" in html
    assert set(before.context["form"].initial["units"]) == {office.pk, unit.pk, other_unit.pk}
    assert "đến hết ngày 31/12/2025" in before.context["form"].initial["text"]
    sent_form = {"units": [unit.pk, other_unit.pk], "text": "Đề nghị gửi hồ sơ."}
    after = client.post(page, sent_form, follow=True)
    assert "Đã nhắc 2 đơn vị: Phòng Nghiệp vụ 1, Phòng Nghiệp vụ 2." in after.content.decode()
    assert Nudge.objects.count() == 2
    assert AuditEntry.objects.filter(action="awards.nudge.nudge").count() == 2
    again = client.post(page, sent_form)
    assert "vừa được nhắc" in again.content.decode()
    assert client.get(page).context["form"].initial["units"] == [office.pk]


def test_one_unit_is_chosen_by_its_button(client, cast, campaign, office, unit):
    client.force_login(cast[R.APPRAISER])
    page = reverse("nudge_create", args=[campaign.pk])
    shown = client.get(page, {"unit": unit.pk})
    assert shown.context["form"].initial["units"] == [unit.pk]
    for nonsense in ("x", "0", "9" * 40, "\x00"):
        assert client.get(page, {"unit": nonsense}).status_code == 200


def test_who_and_whom_not(cast, campaign, unit, people, letter_form):
    for role in set(Role) - {R.APPRAISER, R.OFFICE_CHIEF}:
        with pytest.raises(Refused):
            nudge(campaign, cast[role], unit)
    sent(unit, cast[R.UNIT_HEAD], campaign, (people[0], letter_form))
    with pytest.raises(Refused, match="không còn gì phải gửi"):
        nudge(campaign, cast[R.APPRAISER], unit)
    assert not Nudge.objects.exists()


def test_a_closed_campaign_urges_nobody(client, cast, campaign, unit):
    Campaign.objects.filter(pk=campaign.pk).update(
        state=CampaignState.CLOSED, closed_at=clock.now()
    )
    client.force_login(cast[R.APPRAISER])
    answer = client.get(reverse("nudge_create", args=[campaign.pk]), follow=True)
    assert "Không còn đơn vị nào phải gửi" in answer.content.decode()
    with pytest.raises(Refused):
        nudge(Campaign.objects.get(), cast[R.APPRAISER], unit)


def test_the_page_costs_the_same_for_every_number_of_units(
    client, cast, campaign, agency, letter_form
):
    client.force_login(cast[R.APPRAISER])
    client.get(reverse("my_awards"))  # the first page of a minute keeps the session, too
    costs = set()
    for count in (2, 6):
        for n in range(count):
            unit = make_unit(agency, f"Phòng {count}{n}")
            head = make_user(make_person(unit, "Lê Văn X"), R.UNIT_HEAD, f"h{count}{n}", unit)
            nominate(draft_proposal(unit, head, campaign), head.person, letter_form)
            nudge(campaign, cast[R.APPRAISER], unit)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("campaign_progress", args=[campaign.pk]))
        costs.add(len(asked))
    assert len(costs) == 1, costs
    assert costs.pop() <= 18
