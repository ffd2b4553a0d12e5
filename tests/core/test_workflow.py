"""The engine: what `fire` asks in which order, what it writes, and that it writes all or nothing."""

import pytest

from awards.models import Proposal, ProposalState
from tests.factories import draft_proposal, fresh
from thidua.core import clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import (
    Conflict,
    Refused,
    Transition,
    Who,
    Workflow,
    must,
    state_labels,
)

S = ProposalState
HEAD = Who(frozenset({Role.UNIT_HEAD}))
pytestmark = pytest.mark.django_db


def table(**options):
    """Return a lifecycle of one row that sends, with whatever else the test wants of it."""
    row = {"who": HEAD, "then": (stamp,), **options}
    return Workflow("Thử", S, Transition("send", "Gửi đi", (S.DRAFT,), S.SUBMITTED, **row))


def stamp(proposal, change):
    proposal.submitted_at = change.at
    proposal.letter_text = f"{change.note}|{change.facts}|{change.actor}"


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def proposal(unit, head, campaign):
    return draft_proposal(unit, head, campaign)


@pytest.fixture
def untouched(proposal):
    """Assert, when the test is over, that nothing was changed and nothing logged."""
    logged = AuditEntry.objects.count()
    yield
    now = fresh(proposal)
    assert (now.state, now.version, now.letter_text) == (S.DRAFT, 1, "")
    assert AuditEntry.objects.count() == logged


def fire(workflow, proposal, actor, at, **options):
    return workflow.fire(proposal, "send", actor=actor, at=at, **options)


def test_a_move_stamps_counts_and_leaves_a_trace(proposal, head, noon):
    logged = AuditEntry.objects.count()

    moved = fire(table(), proposal, head, noon, note="  Vì đủ.  ", colour="đỏ")

    stored = fresh(proposal)
    assert (stored.state, stored.version, stored.submitted_at) == (S.SUBMITTED, 2, noon)
    assert stored.letter_text == "Vì đủ.|{'colour': 'đỏ'}|unit_head"
    assert moved == stored
    entry = AuditEntry.objects.first()
    assert AuditEntry.objects.count() == logged + 1
    assert entry.action == "awards.proposal.send"
    assert entry.action_label == "Gửi đi"
    assert entry.changes == {"state": ["draft", "submitted"]}
    assert (entry.actor_name, entry.note) == ("Lý Thị Đào", "Vì đủ.")


def test_the_copy_of_the_caller_tells_the_truth_afterwards(proposal, head, noon):
    fire(table(), proposal, head, noon)

    assert (proposal.state, proposal.version, proposal.submitted_at) == (S.SUBMITTED, 2, noon)


def test_what_the_caller_changed_on_the_copy_is_not_stored(proposal, head, noon):
    proposal.letter_confirmed = True

    fire(table(), proposal, head, noon)

    assert not fresh(proposal).letter_confirmed


def test_a_role_that_the_row_does_not_name_reads_who_has_it(proposal, cast, noon, untouched):
    with pytest.raises(Refused, match="^Việc này do Trưởng phòng thực hiện.$"):
        fire(table(), proposal, cast[Role.SIGNATORY], noon)


def test_a_person_whom_the_row_leaves_out_reads_why(proposal, head, noon, untouched):
    who = Who(HEAD.roles, lambda actor, record: f"Không phải {record.unit}.")

    with pytest.raises(Refused, match="^Không phải Phòng Nghiệp vụ 2.$"):
        fire(table(who=who), proposal, head, noon)


def test_a_guard_refuses_with_its_own_sentence(proposal, head, noon, untouched):
    guards = (lambda record, at: "", lambda record, at: f"Lúc {at:%H:%M} thì không.")

    with pytest.raises(Refused, match="^Lúc 10:30 thì không.$"):
        fire(table(guards=guards), proposal, head, noon)


@pytest.mark.parametrize("note", ["", "   ", "\n"])
def test_a_row_that_needs_a_reason_refuses_a_blank_one(proposal, head, noon, untouched, note):
    with pytest.raises(Refused, match="^Hãy ghi lý do.$"):
        fire(table(needs_note=True), proposal, head, noon, note=note)


def test_a_row_that_needs_the_password_refuses_without(proposal, head, noon, untouched):
    with pytest.raises(Refused, match="^Hãy nhập mật khẩu để xác nhận.$"):
        fire(table(needs_password=True), proposal, head, noon)


@pytest.mark.parametrize(("of_row", "given"), [("larger", ""), ("", "larger"), ("larger", "other")])
def test_a_part_of_a_larger_act_moves_only_with_it(proposal, head, noon, untouched, of_row, given):
    with pytest.raises(Refused, match="chỉ được thực hiện cùng một việc khác"):
        fire(table(within=of_row), proposal, head, noon, within=given)


def test_a_consequence_that_fails_takes_everything_back(proposal, head, noon, untouched):
    def fail(record, change):
        stamp(record, change)
        record.save()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fire(table(then=(fail,)), proposal, head, noon)


def test_who_is_second_reads_who_was_first_and_when(proposal, head, noon):
    stale = Proposal.objects.get(pk=proposal.pk)
    fire(table(), proposal, head, noon)
    logged = AuditEntry.objects.count()

    with pytest.raises(Conflict) as conflict:
        fire(table(), stale, head, noon)

    hour = AuditEntry.objects.first().at.astimezone(clock.VIET_NAM)
    assert str(conflict.value) == (
        "Không thể «Gửi đi»: hồ sơ đang ở trạng thái «Đã gửi Văn phòng». "
        f"Lý Thị Đào đã «Gửi đi» lúc {hour:%H:%M %d/%m/%Y}."
    )
    assert AuditEntry.objects.count() == logged


def test_the_question_and_the_act_say_the_same(proposal, cast, noon):
    workflow = table(guards=(lambda record, at: "Chưa được.",))

    for role in Role:
        reason = workflow.refusal(proposal, "send", cast[role], noon)
        with pytest.raises(Refused) as refused:
            fire(workflow, proposal, cast[role], noon)
        assert str(refused.value) == reason


def test_offers_show_a_blocked_row_with_its_reason_and_to_nobody_else(proposal, cast, noon):
    workflow = table(guards=(lambda record, at: "Chưa được.",))

    offers = {role: workflow.offers(proposal, cast[role], noon) for role in Role}

    assert [(o.row.action, o.blocked) for o in offers.pop(Role.UNIT_HEAD)] == [
        ("send", "Chưa được.")
    ]
    assert not any(offers.values())


def test_offers_leave_out_parts_of_larger_acts_and_other_states(proposal, head, noon):
    assert table(within="larger").offers(proposal, head, noon) == []
    proposal.state = S.SUBMITTED
    assert table().offers(proposal, head, noon) == []


def test_an_action_stands_once_in_a_table():
    row = Transition("send", "Gửi", (S.DRAFT,), S.SUBMITTED, HEAD)

    with pytest.raises(ValueError, match="an action stands twice"):
        Workflow("Thử", S, row, row)


def test_must_raises_the_reason_it_is_given():
    must("")
    with pytest.raises(Refused, match="^Không được.$"):
        must("Không được.")


def test_states_are_read_by_their_labels():
    assert state_labels(S, ["draft", "submitted"]) == "Đang soạn, Đã gửi Văn phòng"
