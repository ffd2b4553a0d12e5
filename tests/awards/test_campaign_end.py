"""The end of a campaign: after its window, with nothing on its way, and then kept for its years."""

import datetime as dt

import pytest
from django.urls import reverse

from awards.workflow import CAMPAIGN
from campaigns.models import Campaign, CampaignState, Provision, WindowExtension
from tests import factories
from thidua.core import clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

AFTER = dt.datetime(2026, 1, 1, tzinfo=clock.VIET_NAM)


@pytest.fixture
def chief(cast):
    return cast[Role.OFFICE_CHIEF]


@pytest.fixture
def retention(campaign):
    Provision.objects.filter(kind="retention", key="campaign").delete()
    return Provision.objects.create(
        agency=campaign.agency,
        kind="retention",
        key="campaign",
        title="Hồ sơ tổ chức phong trào thi đua",
        content={"years": 10},
        in_force_on=dt.date(2024, 1, 1),
    )


def close(campaign, chief, at=AFTER):
    return CAMPAIGN.fire(campaign, "close", actor=chief, at=at)


def test_a_campaign_is_not_closed_while_units_may_send(campaign, chief):
    logged = AuditEntry.objects.count()
    with pytest.raises(Refused, match="còn nhận hồ sơ đến hết ngày 31/12/2025"):
        close(campaign, chief, at=AFTER - dt.timedelta(microseconds=1))
    assert AuditEntry.objects.count() == logged

    assert close(campaign, chief).state == CampaignState.CLOSED
    assert Campaign.objects.get().closed_at == AFTER


def test_an_extension_of_one_unit_keeps_the_campaign_open(campaign, chief, unit):
    WindowExtension.objects.create(
        campaign=campaign,
        unit=unit,
        due_on=dt.date(2026, 1, 5),
        reason="Đơn vị đi thanh tra dài ngày.",
        decided_by="Chánh Thanh tra",
        document="Công văn 12/TTr-VP",
        recorded_by=chief,
    )
    with pytest.raises(Refused, match="05/01/2026"):
        close(campaign, chief)


def test_a_nomination_without_its_end_keeps_the_campaign_open(
    campaign, chief, unit, cast, letter_form
):
    person = cast[Role.STAFF_MEMBER].person
    proposal, (nomination,) = factories.complete_proposal(
        unit, cast[Role.UNIT_HEAD], campaign, (person, letter_form)
    )
    factories.submit(proposal)
    with pytest.raises(Refused, match="Còn 1 hồ sơ chưa có kết quả"):
        close(campaign, chief)
    factories.fresh(nomination)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE_CHIEF])
def test_only_the_chief_of_the_office_ends_a_campaign(campaign, cast, role):
    with pytest.raises(Refused, match="Chánh Văn phòng"):
        CAMPAIGN.fire(campaign, "close", actor=cast[role], at=AFTER)


def test_nothing_is_proposed_in_a_closed_campaign_until_it_is_opened_again(
    campaign, chief, unit, cast
):
    close(campaign, chief)
    Campaign.objects.update(nominations_due_on=dt.date(2026, 3, 1))
    with pytest.raises(Refused, match="Đợt này đã kết thúc"):
        factories.draft_proposal(unit, cast[Role.UNIT_HEAD], Campaign.objects.get())

    CAMPAIGN.fire(campaign, "reopen", actor=chief, at=AFTER, note="Bổ sung một hồ sơ.")

    assert Campaign.objects.get().closed_at is None
    factories.draft_proposal(unit, cast[Role.UNIT_HEAD], Campaign.objects.get())


def test_an_archived_campaign_is_kept_for_its_years_and_stays_so(campaign, chief, retention):
    close(campaign, chief)
    CAMPAIGN.fire(campaign, "archive", actor=chief, at=AFTER)

    assert Campaign.objects.get().kept_until == dt.date(2036, 12, 31)
    with pytest.raises(Conflict):
        CAMPAIGN.fire(campaign, "reopen", actor=chief, at=AFTER, note="x")


def test_for_ever_has_no_last_day(campaign, chief, retention):
    Provision.objects.update(content={"years": None})
    close(campaign, chief)
    CAMPAIGN.fire(campaign, "archive", actor=chief, at=AFTER)
    assert Campaign.objects.get().kept_until is None


def test_without_a_rule_of_retention_the_archive_says_what_to_add(campaign, chief):
    Provision.objects.filter(kind="retention").delete()
    close(campaign, chief)
    with pytest.raises(Refused, match="chưa có thời hạn bảo quản"):
        CAMPAIGN.fire(campaign, "archive", actor=chief, at=AFTER)
    assert Campaign.objects.get().state == CampaignState.CLOSED


def test_the_chief_walks_from_the_plan_to_the_archive(client, campaign, chief, retention):
    client.force_login(chief)
    with clock.frozen(AFTER):
        page = client.get(reverse("campaign_detail", args=[campaign.pk])).content.decode()
        end = reverse("campaign_end", args=[campaign.pk])
        assert end in page
        assert "Kết thúc đợt" in client.get(end).content.decode()
        client.post(reverse("campaign_close", args=[campaign.pk]))
        shown = client.get(end).content.decode()
        assert "đến hết 31/12/2036" in shown
        client.post(reverse("campaign_archive", args=[campaign.pk]))
        listed = client.get(reverse("campaign_list")).content.decode()
    assert "Đã lưu trữ" in listed
    assert Campaign.objects.get().state == CampaignState.ARCHIVED
