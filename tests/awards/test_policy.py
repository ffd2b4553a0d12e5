"""Persons keep apart: rules follow the person, not the role; and rooms are as wide as the policy."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from awards import policy
from awards.models import CouncilMember, Decision, Nomination, Recusal, RegisterEntry
from awards.workflow import NOMINATION
from staff.models import RoleAssignment, User
from tests.conftest import make_person, make_user
from tests.factories import (
    accepted,
    approved,
    closed,
    complete_proposal,
    draft_proposal,
    fire,
    fresh,
    issued,
    nominate,
    opened_meeting,
    printed,
    refused,
    returned,
    sent,
    submit,
)
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db

SELF_REVIEW = "Không ai thẩm định hồ sơ của chính mình."
OWN_REVIEW = "Người lập hoặc gửi hồ sơ, hay phụ trách đơn vị đề nghị, không thẩm định hồ sơ đó."
SELF_AWARD = "Người ký không quyết định khen thưởng cho chính mình."
OWN_AWARD = "Người đã lập, gửi hoặc thẩm định hồ sơ không phê duyệt hồ sơ đó."


def give(user, *roles, unit=None):
    """Give more roles to an account and return it as its next request reads it."""
    for role in roles:
        RoleAssignment.objects.create(user=user, role=role, unit=unit, from_on=dt.date(2025, 1, 1))
    return User.objects.get(pk=user.pk)


def assert_refused(nomination, action, actor, sentence):
    before, logged = fresh(nomination), AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        fire(nomination, action, actor, note="Lý do.")
    assert str(refusal.value).startswith(sentence), str(refusal.value)
    assert fresh(nomination).state == before.state
    assert AuditEntry.objects.count() == logged


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def nomination(unit, head, campaign, people, letter_form):
    return sent(unit, head, campaign, (people[0], letter_form))[0]


REVIEWS = ["accept", "return", "decline"]
SETTLEMENTS = ["approve", "refuse"]


# --- Reviewing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("action", REVIEWS)
@pytest.mark.parametrize("role", [Role.APPRAISER, Role.OFFICE_CHIEF])
def test_a_nominee_never_reviews_the_own_nomination(nomination, action, role):
    nominee = make_user(nomination.person, role, "nguoi.duoc.de.nghi")

    assert_refused(nomination, action, nominee, SELF_REVIEW)


@pytest.mark.parametrize("action", REVIEWS)
@pytest.mark.parametrize("trace", ["author", "submitted_by", "created_by"])
def test_who_wrote_sent_or_made_a_nomination_never_reviews_it(nomination, cast, action, trace):
    reviewer = cast[Role.APPRAISER]
    Nomination.objects.filter(pk=nomination.pk).update(**{trace: reviewer})

    assert_refused(nomination, action, reviewer, OWN_REVIEW)


@pytest.mark.parametrize("action", REVIEWS)
def test_another_head_of_the_proposing_unit_never_reviews_its_nominations(
    nomination, cast, unit, action
):
    reviewer = give(cast[Role.APPRAISER], Role.UNIT_HEAD, unit=unit)

    assert_refused(nomination, action, reviewer, OWN_REVIEW)


def test_the_head_of_another_unit_may_review(nomination, cast, other_unit):
    reviewer = give(cast[Role.APPRAISER], Role.UNIT_HEAD, unit=other_unit)

    assert accepted(nomination, reviewer).state == "accepted"


def test_who_sent_it_does_not_review_it_after_leaving_the_unit(nomination, head):
    RoleAssignment.objects.filter(user=head).update(until_on=dt.date(2025, 11, 19))
    former = give(head, Role.APPRAISER)

    assert_refused(nomination, "accept", former, OWN_REVIEW)


def test_the_database_refuses_a_reviewer_who_is_the_sender(nomination):
    with pytest.raises(IntegrityError, match="nomination_reviewer_is_not_sender"):
        Nomination.objects.filter(pk=nomination.pk).update(reviewed_by=nomination.submitted_by)


# --- Approving ---------------------------------------------------------------------------------


@pytest.mark.parametrize("action", SETTLEMENTS)
def test_a_reviewer_never_approves_what_the_same_person_reviewed(nomination, cast, action):
    both = give(cast[Role.APPRAISER], Role.SIGNATORY)
    accepted(nomination, both)

    assert_refused(nomination, action, both, OWN_AWARD)
    assert (
        fire(nomination, action, cast[Role.SIGNATORY], note="Lý do.").settled_by
        == cast[Role.SIGNATORY]
    )


@pytest.mark.parametrize("action", SETTLEMENTS)
def test_the_signer_is_never_the_recipient(nomination, cast, action):
    accepted(nomination, cast[Role.APPRAISER])
    recipient = make_user(nomination.person, Role.SIGNATORY, "nguoi.ky")

    assert_refused(nomination, action, recipient, SELF_AWARD)


@pytest.mark.parametrize("action", SETTLEMENTS)
@pytest.mark.parametrize("trace", ["author", "submitted_by", "created_by"])
def test_who_wrote_sent_or_made_a_nomination_never_approves_it(nomination, cast, action, trace):
    accepted(nomination, cast[Role.APPRAISER])
    signatory = cast[Role.SIGNATORY]
    Nomination.objects.filter(pk=nomination.pk).update(**{trace: signatory})

    assert_refused(nomination, action, signatory, OWN_AWARD)


def test_the_database_refuses_a_signer_who_is_the_recipient(nomination, cast):
    accepted(nomination, cast[Role.APPRAISER])

    with pytest.raises(IntegrityError, match="nomination_signer_is_not_recipient"):
        Nomination.objects.filter(pk=nomination.pk).update(settled_by_person=nomination.person)


def test_one_person_with_three_roles_passes_one_step_only(
    unit, head, cast, campaign, people, letter_form
):
    everything = give(head, Role.APPRAISER, Role.SIGNATORY)
    [nomination] = sent(unit, everything, campaign, (people[0], letter_form))

    for action in REVIEWS:
        assert_refused(nomination, action, everything, OWN_REVIEW)
    accepted(nomination, cast[Role.APPRAISER])
    for action in SETTLEMENTS:
        assert_refused(nomination, action, everything, OWN_AWARD)


# --- Units -------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["withdraw"])
def test_a_head_never_moves_another_units_nomination(
    unit, head, other_head, campaign, people, letter_form, action
):
    nomination = nominate(draft_proposal(unit, head, campaign), people[0], letter_form)

    assert_refused(nomination, action, other_head, "Đây là hồ sơ của đơn vị khác.")


def test_a_person_or_collective_of_another_unit_is_not_proposed(
    unit, head, campaign, other_unit, letter_form
):
    proposal = draft_proposal(unit, head, campaign)
    stranger = make_person(other_unit, "Ma Văn Tú")

    with pytest.raises(Refused, match="^Ma Văn Tú không thuộc Phòng Nghiệp vụ 2.$"):
        nominate(proposal, stranger, letter_form)
    with pytest.raises(Refused, match="chỉ gồm tập thể Phòng Nghiệp vụ 2.$"):
        nominate(proposal, other_unit, letter_form)


# --- The council -------------------------------------------------------------------------------


def test_a_member_leaves_out_the_collective_of_the_own_unit_and_the_own_name(
    cast, council, unit, other_unit, people
):
    member = council.members.get(person=cast[Role.COUNCIL_MEMBER].person)
    own_unit = Nomination(recipient_unit=unit, subject_kind="unit")
    other = Nomination(recipient_unit=other_unit, subject_kind="unit")
    oneself = Nomination(person=member.person, subject_kind="person")
    colleague = Nomination(person=people[0], subject_kind="person")

    assert policy.conflict_of(member, own_unit) == (
        "thuộc tập thể được đề nghị (Phòng Nghiệp vụ 2)"
    )
    assert policy.conflict_of(member, oneself) == "là người được đề nghị"
    assert policy.conflict_of(member, other) == ""
    assert policy.conflict_of(member, colleague) == ""


def test_who_is_left_out_is_recorded_and_not_counted(
    cast, unit, head, campaign, merit_form, council
):
    accepted(sent(unit, head, campaign, (unit, merit_form))[0], cast[Role.APPRAISER])
    secretary = cast[Role.COUNCIL_SECRETARY]

    item = opened_meeting(council, merit_form, secretary).agenda.get()

    recusal = Recusal.objects.get()
    assert recusal.member == CouncilMember.objects.get(person=cast[Role.COUNCIL_MEMBER].person)
    assert recusal.reason == "thuộc tập thể được đề nghị (Phòng Nghiệp vụ 2)"
    assert item.eligible_count == 2


# --- Rooms -------------------------------------------------------------------------------------

# fmt: off
ROOMS = {
    #                     draft   sent    merit, accepted   merit, on the agenda
    Role.UNIT_HEAD:         (True,  True,  True,  True),
    Role.STAFF_MEMBER:      (False, False, False, False),
    Role.APPRAISER:         (False, True,  True,  True),
    Role.OFFICE_CHIEF:      (False, True,  True,  True),
    Role.COUNCIL_MEMBER:    (False, False, False, True),
    Role.COUNCIL_SECRETARY: (False, False, True,  True),
    Role.SIGNATORY:         (False, True,  True,  True),
    Role.REGISTRAR:         (False, False, False, False),
    Role.ADMINISTRATOR:     (False, False, False, False),
    Role.HOLD_KEEPER:       (False, False, False, False),
}
# fmt: on


def sees(user, nomination):
    return Nomination.objects.visible_to(user).filter(pk=nomination.pk).exists()


def test_nominations_exist_for_each_role_as_the_policy_says(
    cast, unit, head, other_head, campaign, people, merit_form, letter_form, council
):
    proposal, [merit, person] = complete_proposal(
        unit, head, campaign, (unit, merit_form), (people[0], letter_form)
    )
    seen = {role: [sees(cast[role], person)] for role in Role}
    submit(proposal)
    for role in Role:
        seen[role].append(sees(cast[role], person))
    accepted(merit, cast[Role.APPRAISER])
    for role in Role:
        seen[role].append(sees(cast[role], merit))
    opened_meeting(council, merit_form, cast[Role.COUNCIL_SECRETARY])
    for role in Role:
        seen[role].append(sees(cast[role], merit))

    assert {role: tuple(row) for role, row in seen.items()} == ROOMS
    assert not Nomination.objects.visible_to(other_head).exists()


def test_an_invited_author_sees_the_own_nomination_and_no_other(
    cast, unit, head, campaign, people, letter_form
):
    nominations = [
        nominate(draft_proposal(unit, head, campaign), person, letter_form) for person in people
    ]
    author = make_user(people[0], Role.STAFF_MEMBER, "anh")
    Nomination.objects.filter(pk=nominations[0].pk).update(author=author)

    assert list(Nomination.objects.visible_to(author)) == [nominations[0]]


def test_nothing_of_another_agency_exists_for_anybody(nomination, cast, agency):
    twin = type(agency).objects.create(name="Cơ quan khác", abbreviation="CQK")
    for role in Role:
        cast[role].agency = twin

        assert not sees(cast[role], nomination)


DESK = {Role.APPRAISER, Role.OFFICE_CHIEF, Role.SIGNATORY, Role.REGISTRAR}


def test_decisions_and_the_register_are_the_offices_and_ones_own_awards_ones_own(
    nomination, cast, letter_form
):
    approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
    registrar = cast[Role.REGISTRAR]
    closed(printed(issued(letter_form, registrar)), registrar)
    recipient = make_user(nomination.person, Role.STAFF_MEMBER, "anh")

    decisions = {role for role in Role if Decision.objects.visible_to(cast[role]).exists()}
    entries = {role for role in Role if RegisterEntry.objects.visible_to(cast[role]).exists()}

    assert decisions == entries == DESK
    assert RegisterEntry.objects.visible_to(recipient).count() == 1
    assert not Decision.objects.visible_to(recipient).exists()


def test_a_returned_and_a_refused_nomination_stay_with_their_people(nomination, cast, head):
    returned(nomination, cast[Role.APPRAISER])
    assert sees(head, nomination)
    Nomination.objects.filter(pk=nomination.pk).update(state="accepted")
    refused(nomination, cast[Role.SIGNATORY])
    assert sees(head, nomination)
    assert NOMINATION.offers(fresh(nomination), head, nomination.submitted_at) == []
