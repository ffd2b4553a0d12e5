"""The plan as people read it: whole, with its window, its forms of award and its dossier list."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign, PlanSection
from campaigns.queries import Window
from thidua.core import clock
from thidua.core.permissions import Role
from units.models import Agency

FRAME = ("django_session", "staff_user", "staff_roleassignment")


@pytest.fixture
def page(client, cast, campaign):
    client.force_login(cast[Role.STAFF_MEMBER])
    return lambda: client.get(reverse("campaign_detail", args=[campaign.pk]))


@pytest.mark.parametrize("role", Role)
def test_everybody_of_the_agency_reads_the_plan(client, cast, campaign, role):
    client.force_login(cast[role])

    listed = client.get(reverse("campaign_list"))
    shown = client.get(reverse("campaign_detail", args=[campaign.pk]))

    assert campaign.short_title in listed.content.decode()
    assert shown.status_code == 200
    assert ("Lập đề nghị" in shown.content.decode()) == (role == Role.UNIT_HEAD)


def test_another_agency_s_plan_does_not_exist(client, cast, campaign):
    stranger = Agency.objects.create(name="Cơ quan khác")
    Campaign.objects.filter(pk=campaign.pk).update(agency=stranger)
    client.force_login(cast[Role.STAFF_MEMBER])

    assert client.get(reverse("campaign_detail", args=[campaign.pk])).status_code == 404
    assert campaign.short_title not in client.get(reverse("campaign_list")).content.decode()


def test_the_plan_stands_as_it_is_written_with_an_anchor_for_each_clause(page, campaign):
    text = page().content.decode()

    assert campaign.preamble in text
    for section in campaign.sections.all():
        assert text.count(f'id="{section.anchor}"') == 1
        for line in section.body.splitlines():
            assert line in text
    for recipient in campaign.recipients.all():
        assert recipient.text in text
    assert campaign.signer_name in text


def test_each_form_of_award_shows_its_criteria_papers_and_sets(page, campaign):
    response = page()

    text = response.content.decode()
    lines = [(line.item.letter, line.needed) for line in response.context["dossier"]]
    assert lines == [
        ("a", [True, True]),
        ("b", [True, False]),
        ("c", [False, True]),
        ("d", [True, True]),
    ]
    assert "02 bộ" in text
    assert "01 bộ" in text
    for form in campaign.award_forms.all():
        for criterion in form.criteria.all():
            assert criterion.text[1:] in text


def test_a_form_of_a_dead_decree_is_told(page):
    text = page().content.decode()

    assert (
        "Kế hoạch dẫn chiếu Mẫu số 07 Nghị định số 98/2023/NĐ-CP đã hết hiệu lực từ 01/7/2025; "
    ) in text
    assert text.count("đã hết hiệu lực") == 1


def test_a_form_of_a_living_decree_is_not_told(page, campaign):
    campaign.award_forms.first().report_form.basis.__class__.objects.update(out_of_force_on=None)

    assert "đã hết hiệu lực" not in page().content.decode()


@pytest.mark.parametrize(
    ("day", "passed", "left"),
    [
        (dt.date(2025, 9, 30), 0, 92),
        (dt.date(2025, 10, 1), 1, 91),
        (dt.date(2025, 11, 20), 51, 41),
        (dt.date(2025, 12, 31), 92, 0),
        (dt.date(2026, 1, 1), 92, 0),
    ],
)
def test_the_window_counts_days(campaign, day, passed, left):
    window = Window.of(campaign, day)

    assert (window.passed, window.left, window.total) == (passed, left, 92)
    assert window.is_last_day == (day == campaign.nominations_due_on)


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (dt.datetime(2025, 9, 1, 8, tzinfo=clock.VIET_NAM), "Chưa đến ngày nhận hồ sơ."),
        (dt.datetime(2025, 12, 31, 23, 59, tzinfo=clock.VIET_NAM), "ngày cuối"),
        (dt.datetime(2026, 1, 1, tzinfo=clock.VIET_NAM), "Đã hết thời hạn nhận hồ sơ."),
    ],
)
def test_the_page_says_where_the_window_stands(page, at, sentence):
    with clock.frozen(at):
        assert sentence in page().content.decode()


def test_sections_cost_no_queries(page, campaign):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert page().status_code == 200
        tables = [
            query["sql"].split(" FROM ", 1)[1].lstrip('"')
            for query in seen.captured_queries
            if query["sql"].startswith("SELECT") and " FROM " in query["sql"]
        ]
        return len([table for table in tables if not table.startswith(FRAME)])

    few = asked()
    last = campaign.sections.last().position
    PlanSection.objects.bulk_create(
        PlanSection(
            campaign=campaign, position=last + n, level=2, number=str(n), body="…", clause=f"X.{n}"
        )
        for n in range(1, 6)
    )

    assert asked() == few <= 17
