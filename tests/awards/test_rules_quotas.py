"""Quotas of a unit: a draft may go over, what is sent may not, a waiver makes room."""

import contextlib
import datetime as dt

import pytest
from django.db import connections, transaction
from django.urls import reverse

from awards.actions import proposals
from awards.models import Nomination, Proposal, Submission
from awards.queries import work
from awards.queries.quotas import quota_lines
from awards.rules.quotas import lacks_of_quota, within_quota
from awards.workflow import PROPOSAL
from campaigns.actions.quotas import set_quotas, waive_quota
from campaigns.models import Quota, SubjectKind
from staff.models import Person, User
from tests.awards.test_races import as_account, together
from tests.conftest import make_person
from tests.factories import (
    complete,
    complete_proposal,
    declined,
    draft_proposal,
    fire,
    fresh,
    nominate,
    returned,
    shown,
    submit,
)
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db
OVER = (
    "Giấy khen của Chánh Thanh tra, cá nhân: đề nghị 2, vượt chỉ tiêu 1. "
    "Hãy rút bớt 1 trường hợp, hoặc đề nghị Văn phòng cho vượt chỉ tiêu."
)


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def criterion(letter_form):
    return letter_form.criteria.get(subject_kind=SubjectKind.PERSON)


@pytest.fixture
def allow(criterion, cast, noon):
    """Set the quota of the letter for people: allow("1"), allow("10%", unit)."""

    def act(text, unit=None):
        key = unit.pk if unit else None
        held = Quota.objects.filter(unit_id=key, subject_kind="person").first()
        seen = "" if held is None else f"{held.percent}%" if held.percent else str(held.most)
        set_quotas(
            criterion=criterion,
            wanted={key: text},
            seen={key: seen},
            actor=cast[Role.APPRAISER],
            at=noon,
        )

    return act


@pytest.fixture
def waive(criterion, cast, noon):
    def act(unit, extra_count, document="Công văn số 3/TTr-VP"):
        return waive_quota(
            criterion=criterion,
            unit=unit,
            extra_count=extra_count,
            reason="Thành tích nổi bật.",
            decided_by="Chánh Thanh tra",
            document=document,
            actor=cast[Role.OFFICE_CHIEF],
            at=noon,
        )

    return act


@pytest.fixture
def two(unit, head, campaign, people, letter_form):
    """Return a proposal that lacks nothing, of two people."""
    pairs = [(person, letter_form) for person in people]
    return complete_proposal(unit, head, campaign, *pairs)[0]


def line_of(proposal, noon):
    [line] = quota_lines([proposal], noon.date())[proposal.pk]
    return line


def own_unit_people(unit, count):
    """Let the unit have exactly so many people in service."""
    have = Person.objects.filter(unit=unit).count()
    for n in range(have, count):
        make_person(unit, f"Lường Văn {n}")
    for person in Person.objects.filter(unit=unit).order_by("-pk")[: max(0, have - count)]:
        Person.objects.filter(pk=person.pk).update(in_service_until=dt.date(2025, 11, 19))


# --- Counting ----------------------------------------------------------------------------------


def test_without_a_quota_there_is_no_line_and_no_limit(two, noon):
    assert quota_lines([two], noon.date()) == {two.pk: []}
    assert within_quota(two, noon) == ""


@pytest.mark.parametrize(("most", "over"), [("1", 1), ("2", 0), ("3", 0), ("0", 2)])
def test_the_counter_stands_beside_the_quota(two, allow, noon, most, over):
    allow(most)

    line = line_of(two, noon)

    assert line.sentence == f"Giấy khen của Chánh Thanh tra, cá nhân: 2 trên {most} chỉ tiêu"
    assert line.over == over
    assert bool(within_quota(two, noon)) == bool(over)


def test_the_sentence_says_both_ways_out(two, allow, noon, head):
    allow("1")

    assert within_quota(two, noon) == OVER
    assert PROPOSAL.refusal(two, "submit", head, noon) == OVER
    [lack] = lacks_of_quota(two, [line_of(two, noon)])
    assert lack.sentence == OVER.removesuffix(".")
    assert lack.url.endswith("#danh-sach")


def test_a_unit_s_own_quota_goes_before_that_of_each_unit(two, allow, unit, other_unit, noon):
    allow("1")
    allow("5", other_unit)
    assert line_of(two, noon).most == 1

    allow("2", unit)
    assert line_of(two, noon).most == 2

    allow("0", unit)  # none at all is a quota, too
    assert line_of(two, noon).most == 0


def test_only_the_same_form_and_kind_are_counted(two, allow, unit, merit_form, letter_form, noon):
    nominate(two, unit, letter_form)
    nominate(two, unit, merit_form, reason="Thành tích khác.")
    allow("2")

    assert line_of(two, noon).used == 2


@pytest.mark.parametrize("end", ["withdraw", "decline"])
def test_what_has_ended_makes_room(two, allow, cast, head, noon, end):
    if end == "withdraw":
        fire(two.nominations.first(), "withdraw", head, note="Rút.")
    else:
        submit(two)
        declined(two.nominations.first(), cast[Role.APPRAISER])
    allow("1")

    assert line_of(two, noon).used == 1


@pytest.mark.parametrize(
    ("staff", "percent", "most"),
    [(10, 25, 2), (9, 33, 2), (9, 34, 3), (3, 10, 1), (12, 100, 12), (19, 10, 1), (20, 10, 2)],
)
def test_a_share_is_of_the_people_in_service_rounded_down_at_least_one(
    two, allow, unit, noon, staff, percent, most
):
    own_unit_people(unit, staff)
    gone = make_person(unit, "Lường Văn Đã Nghỉ")
    Person.objects.filter(pk=gone.pk).update(in_service_until=dt.date(2025, 11, 19))
    allow(f"{percent}%")

    assert line_of(two, noon).most == most


def test_a_waiver_makes_room_for_its_unit_and_kind_alone(
    two, allow, waive, unit, other_unit, noon, head
):
    allow("1")
    waive(other_unit, 5)
    assert within_quota(two, noon) == OVER

    waive(unit, 1)

    line = line_of(two, noon)
    assert (line.most, line.allowed, line.is_over) == (1, 2, False)
    assert line.sentence == "Giấy khen của Chánh Thanh tra, cá nhân: 2 trên 1 chỉ tiêu"
    assert within_quota(two, noon) == ""
    assert PROPOSAL.refusal(two, "submit", head, noon) == ""


def test_waivers_add_up_and_the_sentence_counts_them(
    two, allow, waive, unit, letter_form, noon, head
):
    for n in range(3):
        nominate(two, make_person(unit, f"Tòng Văn {n}"), letter_form)
    allow("1")
    waive(unit, 1)
    waive(unit, 2, "Công văn số 4/TTr-VP")

    assert line_of(two, noon).over == 1
    assert within_quota(two, noon).startswith(
        "Giấy khen của Chánh Thanh tra, cá nhân: đề nghị 5, vượt chỉ tiêu 1 và 3 được vượt thêm. Hãy rút bớt 1 "
    )


@pytest.mark.parametrize("count", [1, 4])
def test_lines_cost_the_same_for_one_or_four_proposals(
    agency, campaign, head, unit, allow, waive, count, noon, django_assert_num_queries
):
    from tests.conftest import make_unit  # noqa: PLC0415

    units = [make_unit(agency, f"Phòng mới {n}") for n in range(count)]
    made = [Proposal.objects.create(campaign=campaign, unit=u, created_by=head) for u in units]
    allow("10%")
    waive(units[0], 1)

    with django_assert_num_queries(4):  # quotas, nominations, people, waivers
        lines = quota_lines(made, noon.date())

    allowed = [line.allowed for p in made for line in lines[p.pk]]
    assert allowed == [2, 1, 1, 1][:count]  # the waiver is the first unit's alone


# --- Drafting, sending, coming back ------------------------------------------------------------


def test_a_draft_may_go_over_and_is_warned(client, head, two, allow, unit, letter_form):
    allow("2")
    client.force_login(head)
    person = make_person(unit, "Tòng Thị Chín")
    url = reverse("nomination_create", args=[two.pk])
    form = client.get(url).content.decode()
    assert "Giấy khen của Chánh Thanh tra, cá nhân: <b>2 trên 2</b> chỉ tiêu" in form

    page = client.post(
        url,
        {"award_form": letter_form.pk, "subject": f"person:{person.pk}", "both_forms_reason": ""},
        follow=True,
    ).content.decode()

    assert "Đã thêm Tòng Thị Chín" in page
    assert (
        "Giấy khen của Chánh Thanh tra, cá nhân: đề nghị 3, vượt chỉ tiêu 2. Hãy rút bớt 1 trường hợp"
        in page
    )
    assert "Giấy khen của Chánh Thanh tra, cá nhân: <b>3 trên 2</b> chỉ tiêu" in page
    assert "Vượt 1" in page


def test_sending_over_the_quota_is_refused_until_the_chief_waives(
    client, head, two, allow, waive, unit
):
    allow("1")
    client.force_login(head)
    url = reverse("proposal_submit", args=[two.pk])
    looked = client.get(url).content.decode()
    assert OVER.removesuffix(".") in looked

    refused = client.post(url).content.decode()
    assert OVER in refused
    assert not Submission.objects.exists()
    assert fresh(two).state == "draft"

    waive(unit, 1)
    page = client.get(reverse("proposal_detail", args=[two.pk])).content.decode()
    assert "được vượt thêm 1 theo Công văn số 3/TTr-VP" in page
    assert client.post(url, shown(client, url)).status_code == 302
    assert Submission.objects.count() == 1


def test_home_does_not_call_a_proposal_ready_that_is_over(two, allow, head, noon):
    allow("1")

    [task] = work.tasks_of(User.objects.get(pk=head.pk), noon)

    assert task.title == "Hoàn thành đề nghị của Phòng Nghiệp vụ 2"
    assert "còn thiếu 1 việc, trước hết là rút bớt cho đúng chỉ tiêu" in task.detail


def test_a_lower_quota_never_reaches_what_was_sent(two, allow, cast, head, noon):
    allow("2")
    submit(two)
    nomination = returned(two.nominations.first(), cast[Role.APPRAISER])
    before = {n.pk: (n.state, n.version) for n in two.nominations.all()}

    allow("0")

    assert {n.pk: (n.state, n.version) for n in two.nominations.all()} == before
    receipt = proposals.resubmit_nomination(nomination=nomination, actor=head, at=noon)
    assert receipt.is_supplement
    assert fresh(nomination).state == "submitted"


def test_what_was_taken_back_is_counted_anew(two, allow, head, noon):
    allow("2")
    submit(two)
    allow("1")
    proposals.withdraw_proposal(proposal=two, note="Sửa.", actor=head, at=noon)

    with pytest.raises(Refused, match="vượt chỉ tiêu 1"):
        submit(fresh(two))


# --- Races -------------------------------------------------------------------------------------


def sent_people(proposal):
    return Nomination.objects.filter(proposal=proposal, state="submitted").count()


@pytest.mark.django_db(transaction=True)
def test_a_name_added_while_the_proposal_is_sent_never_goes_over(
    cast, unit, campaign, people, letter_form, allow, head, noon
):
    """Either the name comes first and the sending is refused, or the sending and the name is."""
    allow("1")
    proposal, _ = complete_proposal(unit, head, campaign, (people[0], letter_form))

    def add():
        return proposals.add_nomination(
            proposal=Proposal.objects.get(pk=proposal.pk),
            award_form=letter_form,
            subject_kind="person",
            person=people[1],
            actor=as_account(head),
            at=noon,
        )

    def send():
        return proposals.submit_proposal(
            proposal=Proposal.objects.get(pk=proposal.pk), actor=as_account(head), at=noon
        )

    ends = together(add, send)

    refusals = [end for end in ends if isinstance(end, Refused)]
    assert len(refusals) == 1, ends
    assert sent_people(proposal) == (1 if refusals == [ends[0]] else 0)


@pytest.mark.django_db(transaction=True)
def test_32_names_and_sendings_at_once_send_no_more_than_the_quota(
    cast, unit, campaign, letter_form, allow, head, noon
):
    crowd = [make_person(unit, f"Quàng Văn {n}") for n in range(16)]
    allow("3")
    proposal = draft_proposal(unit, head, campaign)

    def add(person):
        return nominate(
            Proposal.objects.select_related("created_by").get(pk=proposal.pk), person, letter_form
        )

    def send():
        with transaction.atomic():  # what was added meanwhile is made whole, then sent
            whole = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
            if whole.state == "draft" and whole.nominations.exists():
                complete(whole)
            return submit(fresh(proposal))

    together(*(lambda person=person: add(person) for person in crowd), *[send] * 16, seconds=60)

    assert sent_people(proposal) <= 3
    with contextlib.suppress(Refused):
        submit(complete(fresh(proposal)))
    assert sent_people(proposal) <= 3
    connections.close_all()
