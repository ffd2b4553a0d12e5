"""The calendar file: read back by the library that calendars use, the same bytes each time."""

import datetime as dt

import pytest
from django.urls import reverse
from icalendar import Calendar

from campaigns.models import WindowExtension
from staff.models import RoleAssignment
from thidua.core import clock
from thidua.core.permissions import Role

R = Role


@pytest.fixture
def ask(client, campaign):
    def of(user):
        client.force_login(user)
        return client.get(reverse("deadline_file", args=[campaign.pk]))

    return of


def events(response):
    calendar = Calendar.from_ical(response.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["VERSION"] == "2.0"
    return calendar.walk("VEVENT")


def extend(campaign, actor, unit, day):
    return WindowExtension.objects.create(
        campaign=campaign,
        unit=unit,
        due_on=day,
        reason="Bận đoàn thanh tra",
        decided_by="Chánh Thanh tra",
        document="Công văn số 12",
        recorded_by=actor,
    )


def test_the_deadline_is_an_all_day_event_with_two_alarms(ask, cast, campaign, unit):
    response = ask(cast[R.STAFF_MEMBER])
    assert response["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert 'filename="han-gui-ho-so.ics"' in response["Content-Disposition"]
    [event] = events(response)
    assert event.decoded("dtstart") == campaign.nominations_due_on
    assert event.decoded("dtend") == campaign.nominations_due_on + dt.timedelta(days=1)
    assert str(event["summary"]) == f"Hạn gửi hồ sơ khen thưởng của {unit}"
    assert campaign.title in str(event["description"])
    assert event["uid"] == f"han-nop-{campaign.pk}-{unit.pk}@127.0.0.1"
    alarms = event.walk("VALARM")
    assert [alarm.decoded("trigger") for alarm in alarms] == [
        dt.timedelta(days=-7, hours=8),
        dt.timedelta(days=-1, hours=8),
    ]


def test_the_bytes_are_the_same_on_another_day_and_folded_by_the_rule(ask, cast, noon):
    first = ask(cast[R.STAFF_MEMBER]).content
    with clock.frozen(noon + dt.timedelta(days=9)):
        assert ask(cast[R.STAFF_MEMBER]).content == first
    lines = first.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:  # no letter is cut in two by the folding
        line.decode()


def test_an_extension_is_a_newer_edition_of_the_same_event(ask, cast, campaign, unit, other_head):
    [before] = events(ask(cast[R.STAFF_MEMBER]))
    extend(campaign, cast[R.OFFICE_CHIEF], unit, dt.date(2026, 1, 9))
    [after] = events(ask(cast[R.STAFF_MEMBER]))
    [other] = events(ask(other_head))
    assert before["uid"] == after["uid"] != other["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert before.decoded("dtstamp") < after.decoded("dtstamp")
    assert after.decoded("dtstart") == dt.date(2026, 1, 9)
    assert other.decoded("dtstart") == campaign.nominations_due_on


def test_a_head_of_two_units_gets_both_and_the_leader_the_plan_s(
    ask, cast, campaign, unit, other_unit
):
    RoleAssignment.objects.create(
        user=cast[R.UNIT_HEAD], role=R.UNIT_HEAD, unit=other_unit, from_on=dt.date(2025, 1, 1)
    )
    found = events(ask(cast[R.UNIT_HEAD]))
    assert [str(event["summary"]).rsplit("của ")[1] for event in found] == [
        other_unit.name,
        unit.name,
    ]
    [plain] = events(ask(cast[R.SIGNATORY]))
    assert str(plain["summary"]) == "Hạn gửi hồ sơ khen thưởng"
