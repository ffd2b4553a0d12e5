"""The last instant of the window: by the rule and by the database, whatever the server's zone."""

import datetime as dt
import time

import pytest
from django.db import IntegrityError, connections, transaction

from awards.actions import proposals, reports, unit_papers
from awards.models import Submission
from awards.rules.nomination import campaign_window_is_open, window_is_open
from awards.workflow import PROPOSAL
from tests.factories import (
    accepted,
    approved,
    complete_proposal,
    draft_proposal,
    extended,
    fresh,
    nominate,
    sent,
)
from thidua.core import clock
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

ZONES = ["UTC", "America/New_York", "Asia/Ho_Chi_Minh"]
LAST = dt.datetime(2025, 12, 31, 23, 59, 59, 999_000, tzinfo=clock.VIET_NAM)
NEXT = dt.datetime(2026, 1, 1, tzinfo=clock.VIET_NAM)
FIRST = dt.datetime(2025, 10, 1, tzinfo=clock.VIET_NAM)
TOO_LATE = "Đợt này đã hết hạn: nhận hồ sơ đến hết ngày 31/12/2025. Hãy liên hệ Văn phòng."
pytestmark = pytest.mark.django_db


@pytest.fixture(params=ZONES)
def process_zone(request, monkeypatch):
    """Let the server process live elsewhere."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(params=ZONES)
def server_zone(request, process_zone, monkeypatch, settings):
    """Let Django and the session of the database live elsewhere, too."""
    settings.TIME_ZONE = request.param  # sets TZ as well; the process keeps its own zone
    monkeypatch.setenv("TZ", process_zone)
    time.tzset()
    settled = connections["default"].settings_dict["TIME_ZONE"]
    use_zone(request.param)
    yield request.param
    use_zone(settled)


def use_zone(name):
    connection = connections["default"]
    connection.settings_dict["TIME_ZONE"] = name
    for cached in ("timezone", "timezone_name"):
        connection.__dict__.pop(cached, None)
    connection.ensure_timezone()


def as_other_zones_say(instant):
    """Return one instant as it is written elsewhere."""
    return [
        instant,
        instant.astimezone(dt.UTC),
        instant.astimezone(dt.timezone(dt.timedelta(hours=-9))),
    ]


def test_the_last_instant_is_in_time_and_the_next_is_not(
    server_zone, cast, unit, campaign, letter_form
):
    with connections["default"].cursor() as cursor:
        cursor.execute("SHOW TIME ZONE")
        assert cursor.fetchone() == (server_zone,)
    head = cast[Role.UNIT_HEAD]
    proposal, _ = complete_proposal(unit, head, campaign, (unit, letter_form))

    # By the rule.
    for instant in as_other_zones_say(LAST):
        assert campaign_window_is_open(campaign, unit.pk, instant) == ""
        assert window_is_open(proposal, instant) == ""
    for instant in as_other_zones_say(NEXT):
        assert campaign_window_is_open(campaign, unit.pk, instant) == TOO_LATE
        assert PROPOSAL.refusal(proposal, "submit", head, instant) == TOO_LATE

    # By the act.
    with pytest.raises(Refused, match="đã hết hạn"), transaction.atomic():
        proposals.submit_proposal(proposal=proposal, actor=head, at=NEXT)
    assert not Submission.objects.exists()
    receipt = proposals.submit_proposal(proposal=proposal, actor=head, at=LAST)
    assert receipt.submitted_at == LAST
    assert fresh(proposal).submitted_at == LAST

    # By the database, with no rule in between.
    stored = {
        name: getattr(receipt, name)
        for name in ("proposal", "window_closes_at", "submitted_by", "content", "content_sha256")
    }
    for place, instant in enumerate(as_other_zones_say(LAST)):
        Submission.objects.create(**stored, code=f"in-{place}", submitted_at=instant)
    for place, instant in enumerate(as_other_zones_say(NEXT)):
        with pytest.raises(IntegrityError, match="submission_within_window"), transaction.atomic():
            Submission.objects.create(**stored, code=f"out-{place}", submitted_at=instant)
    assert set(Submission.objects.values_list("submitted_at", flat=True)) == {LAST}


def test_an_extended_unit_has_its_own_last_instant_and_the_others_theirs(
    server_zone, cast, unit, other_unit, other_head, campaign, letter_form
):
    extended(campaign, unit, cast[Role.OFFICE_CHIEF], days=5)
    last = LAST + dt.timedelta(days=5)
    after = NEXT + dt.timedelta(days=5)
    head = cast[Role.UNIT_HEAD]
    own, _ = complete_proposal(unit, head, campaign, (unit, letter_form))
    other, _ = complete_proposal(other_unit, other_head, campaign, (other_unit, letter_form))
    too_late = TOO_LATE.replace("31/12/2025", "05/01/2026")

    # By the rule: the plan's day is over for the other unit alone.
    for instant in (*as_other_zones_say(NEXT), *as_other_zones_say(last)):
        assert campaign_window_is_open(campaign, unit.pk, instant) == ""
        assert PROPOSAL.refusal(own, "submit", head, instant) == ""
        assert window_is_open(other, instant) == TOO_LATE
        assert PROPOSAL.refusal(other, "submit", other_head, instant) == TOO_LATE
    for instant in as_other_zones_say(after):
        assert window_is_open(own, instant) == too_late
        assert PROPOSAL.refusal(own, "submit", head, instant) == too_late

    # By the act.
    with pytest.raises(Refused, match="đã hết hạn"), transaction.atomic():
        proposals.submit_proposal(proposal=own, actor=head, at=after)
    with pytest.raises(Refused, match="đã hết hạn"), transaction.atomic():
        proposals.submit_proposal(proposal=other, actor=other_head, at=NEXT)
    receipt = proposals.submit_proposal(proposal=own, actor=head, at=last)
    assert (receipt.submitted_at, receipt.window_closes_at) == (last, after)

    # By the database: what is kept is the unit's own end.
    stored = {
        name: getattr(receipt, name)
        for name in ("proposal", "window_closes_at", "submitted_by", "content", "content_sha256")
    }
    for place, instant in enumerate(as_other_zones_say(last)):
        Submission.objects.create(**stored, code=f"in-{place}", submitted_at=instant)
    for place, instant in enumerate(as_other_zones_say(after)):
        with pytest.raises(IntegrityError, match="submission_within_window"), transaction.atomic():
            Submission.objects.create(**stored, code=f"out-{place}", submitted_at=instant)


def test_the_window_opens_with_its_first_instant(unit, campaign):
    before = FIRST - dt.timedelta(microseconds=1)

    assert campaign_window_is_open(campaign, unit.pk, FIRST) == ""
    assert (
        campaign_window_is_open(campaign, unit.pk, before)
        == "Đợt này nhận hồ sơ từ ngày 01/10/2025."
    )


def test_after_the_window_a_unit_changes_nothing_any_more(
    cast, unit, campaign, people, letter_form
):
    head = cast[Role.UNIT_HEAD]
    proposal = draft_proposal(unit, head, campaign)
    nomination = nominate(proposal, unit, letter_form)
    late = {"actor": head, "at": NEXT}
    acts = [
        lambda: proposals.add_nomination(
            proposal=proposal,
            award_form=letter_form,
            subject_kind="person",
            person=people[0],
            **late,
        ),
        lambda: reports.write_report(nomination=nomination, texts={}, version=1, **late),
        lambda: unit_papers.write_letter(proposal=proposal, text="Thư", confirmed=True, **late),
        lambda: unit_papers.record_unit_meeting(proposal=proposal, facts={}, votes={}, **late),
        lambda: reports.invite_author(nomination=nomination, author=head, **late),
    ]

    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert str(refused.value) == TOO_LATE


def test_after_the_window_a_proposal_is_not_opened_but_one_that_stands_is_found(
    cast, unit, other_unit, other_head, campaign
):
    standing = draft_proposal(unit, cast[Role.UNIT_HEAD], campaign)

    found = proposals.open_proposal(
        campaign=campaign, unit=unit, actor=cast[Role.UNIT_HEAD], at=NEXT
    )

    assert found == standing
    with pytest.raises(Refused, match="đã hết hạn"):
        proposals.open_proposal(campaign=campaign, unit=other_unit, actor=other_head, at=NEXT)


def test_the_office_goes_on_after_the_window(cast, unit, campaign, letter_form):
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form))

    with clock.frozen(NEXT + dt.timedelta(days=9)):
        approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])

    assert fresh(nomination).state == "approved"
