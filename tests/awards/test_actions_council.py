"""The council and the superior: a meeting, its counts, the letter, and what comes back."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from awards.actions import council as acts
from awards.actions import letters
from awards.models import (
    AgendaItem,
    CouncilMeeting,
    IssuedNumber,
    Nomination,
    RegisterEntry,
    SubmissionLetter,
    SuperiorOutcome,
)
from tests.factories import (
    accepted,
    answered,
    approved_letter,
    assembled,
    closed_meeting,
    counted,
    endorsed,
    forwarded,
    fresh,
    numbered_letter,
    opened_meeting,
    sent,
)
from thidua.core import audit, clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(cast):
    return cast[Role.COUNCIL_SECRETARY]


@pytest.fixture
def merits(cast, unit, other_unit, other_head, campaign, merit_form):
    """Return two accepted collectives of two units."""
    waiting = [
        *sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, merit_form)),
        *sent(other_unit, other_head, campaign, (other_unit, merit_form)),
    ]
    return [accepted(nomination, cast[Role.APPRAISER]) for nomination in waiting]


@pytest.fixture
def meeting(merits, council, merit_form, secretary):
    return opened_meeting(council, merit_form, secretary)


@pytest.fixture
def letter(meeting, secretary):
    return closed_meeting(counted(meeting, secretary), secretary)


@pytest.fixture
def sent_letter(letter, cast):
    return forwarded(letter, cast[Role.SIGNATORY], cast[Role.REGISTRAR])


def assert_refused(sentence, act, *args, **kwargs):
    logged = AuditEntry.objects.count()
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(*args, **kwargs)
    assert str(refused.value).startswith(sentence), str(refused.value)
    assert AuditEntry.objects.count() == logged
    return refused.value


# --- The meeting -------------------------------------------------------------------------------


def test_a_meeting_takes_up_all_that_waits_and_seats_everybody(meeting, merits, council):
    # Collectives in the order of their names; the member of unit 2 leaves that item out.
    assert [
        (item.position, item.nomination.recipient_name, item.eligible_count)
        for item in meeting.agenda.all()
    ] == [(1, "Phòng Nghiệp vụ 1", 3), (2, "Phòng Nghiệp vụ 2", 2)]
    assert meeting.attendance.filter(is_present=True).count() == council.members.count() == 3


def test_a_meeting_is_not_opened_without_names_on_the_other_route_or_ahead_of_its_day(
    council, merit_form, letter_form, secretary, merits, cast, noon
):
    assert_refused(
        "Giấy khen của Chánh Thanh tra không qua Hội đồng.",
        opened_meeting,
        council,
        letter_form,
        secretary,
    )
    assert_refused(
        "Ngày họp ở tương lai.",
        acts.open_meeting,
        council=council,
        award_form=merit_form,
        held_at=noon + dt.timedelta(days=1),
        place="x",
        actor=secretary,
        at=noon,
    )
    first = opened_meeting(council, merit_form, secretary)
    assert opened_meeting(council, merit_form, secretary) == first  # the same words, at once
    with clock.frozen(noon + dt.timedelta(minutes=3)):
        assert_refused(
            "Đang có một phiên họp chưa kết thúc", opened_meeting, council, merit_form, secretary
        )
    Nomination.objects.update(state="submitted")
    CouncilMeeting.objects.all().delete()
    assert_refused("Chưa có đề nghị Bằng khen", opened_meeting, council, merit_form, secretary)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COUNCIL_SECRETARY}))
def test_only_the_secretary_records_a_meeting(meeting, council, merit_form, cast, role, noon):
    named = {"actor": cast[role], "at": noon}
    mine = "Việc này do Thư ký Hội đồng thực hiện."
    item = meeting.agenda.first()
    assert_refused(mine, opened_meeting, council, merit_form, cast[role])
    assert_refused(mine, acts.record_attendance, meeting=meeting, absences={}, **named)
    assert_refused(mine, acts.record_discussion, meeting=meeting, text="x", **named)
    assert_refused(mine, acts.record_votes, item=item, for_count=0, against_count=0, **named)
    assert_refused(mine, acts.close_meeting, meeting=meeting, ended_at=noon, **named)


def test_whoever_is_absent_has_a_reason_and_no_vote(meeting, council, secretary, noon):
    member = council.members.get(position="member")
    named = {"meeting": meeting, "actor": secretary, "at": noon}
    assert_refused(
        "Hãy ghi lý do vắng của Bế Thị Lan.",
        acts.record_attendance,
        absences={member.pk: " "},
        **named,
    )

    acts.record_attendance(absences={member.pk: "Đi công tác"}, **named)

    assert [item.eligible_count for item in meeting.agenda.all()] == [2, 2]
    assert not meeting.agenda.filter(recusals__isnull=False).exists()
    assert audit.history_of(meeting).last().note == "Vắng: Bế Thị Lan (Đi công tác)"


def test_counts_that_no_longer_fit_are_forgotten(meeting, council, secretary, noon):
    counted(meeting, secretary)
    member = council.members.get(position="member")

    acts.record_attendance(meeting=meeting, absences={member.pk: "Ốm"}, actor=secretary, at=noon)

    # 3 votes no longer fit 2 who may vote; 2 still fit.
    assert [item.for_count for item in meeting.agenda.all()] == [None, 2]


def test_votes_beyond_those_who_may_vote_are_refused_by_rule_and_by_database(
    meeting, secretary, noon
):
    item = meeting.agenda.get(position=2)

    assert_refused(
        "Tổng số phiếu 3 vượt số người được biểu quyết 2",
        acts.record_votes,
        item=item,
        for_count=2,
        against_count=1,
        actor=secretary,
        at=noon,
    )
    with pytest.raises(IntegrityError, match="agenda_item_votes_within_eligible"):
        AgendaItem.objects.filter(pk=item.pk).update(for_count=2, against_count=1)


def test_a_meeting_closes_with_number_rule_and_letter(meeting, secretary, merits, noon):
    letter = closed_meeting(counted(meeting, secretary), secretary)

    now = fresh(meeting)
    assert (now.state, now.number) == ("closed", 1)
    assert now.rule == {
        "symbol": "BB-HĐTĐKT",
        "quorum_percent": 67,
        "threshold_percent": 50,
        "threshold_base": "total",
        "total": 3,
        "present": 3,
    }
    assert {fresh(n).state for n in merits} == {"endorsed"}
    assert [line.nomination.recipient_name for line in letter.lines.all()] == [
        "Phòng Nghiệp vụ 1",
        "Phòng Nghiệp vụ 2",
    ]
    assert (letter.state, letter.number) == ("draft", None)


def test_a_meeting_ends_after_it_began(meeting, secretary, noon):
    counted(meeting, secretary)

    assert_refused(
        "Giờ kết thúc phải sau giờ bắt đầu.",
        acts.close_meeting,
        meeting=meeting,
        ended_at=meeting.held_at,
        actor=secretary,
        at=noon,
    )


def test_what_the_council_rejects_ends_with_its_count(meeting, secretary, merits):
    letter = closed_meeting(counted(meeting, secretary, against=True), secretary)

    assert letter is None
    assert not SubmissionLetter.objects.exists()
    assert {(fresh(n).state, fresh(n).outcome_reason) for n in merits} == {
        ("not_endorsed", "0 phiếu tán thành trên 3 thành viên")
    }


def test_a_meeting_that_is_refused_takes_no_number(meeting, secretary):
    assert_refused("Hãy ghi số phiếu cho Phòng Nghiệp vụ 1.", closed_meeting, meeting, secretary)

    assert not IssuedNumber.objects.filter(register__book="minutes").exists()


def test_a_meeting_does_not_end_in_the_future(meeting, secretary, noon):
    later = noon + dt.timedelta(minutes=1)

    with pytest.raises(Refused, match="Giờ kết thúc ở tương lai"):
        acts.close_meeting(meeting=meeting, ended_at=later, actor=secretary, at=noon)


def test_a_closed_meeting_is_not_changed_any_more(meeting, letter, secretary, noon):
    named = {"meeting": meeting, "actor": secretary, "at": noon}
    over = "Phiên họp đã kết thúc nên không sửa được biên bản."
    assert_refused(over, acts.record_attendance, absences={}, **named)
    assert_refused(over, acts.record_discussion, text="x", **named)
    assert_refused(over, closed_meeting, meeting, secretary)


# --- The letter --------------------------------------------------------------------------------


def test_a_letter_is_numbered_after_it_was_signed_off(letter, cast):
    registrar = cast[Role.REGISTRAR]
    assert_refused("Không thể «Cấp số và trình»", numbered_letter, letter, registrar)
    assert not IssuedNumber.objects.filter(register__book="letter").exists()

    approved_letter(letter, cast[Role.SIGNATORY])
    numbered = numbered_letter(letter, registrar)

    assert numbered.number_text == "01/TTr-TTr"
    assert set(Nomination.objects.values_list("state", flat=True)) == {"forwarded"}
    assert_refused("Không thể «Cấp số và trình»", numbered_letter, letter, registrar)
    assert IssuedNumber.objects.filter(register__book="letter").count() == 1


def test_the_day_of_a_letter_is_not_ahead(letter, cast, noon):
    approved_letter(letter, cast[Role.SIGNATORY])
    tomorrow = noon.date() + dt.timedelta(days=1)

    assert_refused("Ngày 21/11/2025 ở tương lai.", numbered_letter, letter, cast[Role.REGISTRAR],
                   day=tomorrow)  # fmt: skip
    assert fresh(letter).state == "approved"


# --- What comes back ---------------------------------------------------------------------------


def test_what_the_superior_grants_enters_the_register(sent_letter, cast, noon):
    answered(sent_letter, cast[Role.APPRAISER])

    assert fresh(sent_letter).state == "answered"
    entries = RegisterEntry.objects.order_by("number")
    assert [(e.number, e.recipient_name, e.golden_number) for e in entries] == [
        (1, "Phòng Nghiệp vụ 1", None),
        (2, "Phòng Nghiệp vụ 2", None),
    ]
    assert {e.decision_number for e in entries} == {"2170/QĐ-UBND"}
    assert {e.decided_by for e in entries} == {"Chủ tịch UBND tỉnh"}
    assert {e.amount for e in entries} == {7_020_000}


def test_what_the_superior_denies_keeps_the_reason_and_stays_out_of_the_register(sent_letter, cast):
    answered(sent_letter, cast[Role.OFFICE_CHIEF], granted=False)

    assert not RegisterEntry.objects.exists()
    assert set(Nomination.objects.values_list("state", "outcome_reason")) == {
        ("not_granted", "Chưa đủ tiêu chuẩn.")
    }


def answer(line, actor, at, **changed):
    facts = {
        "line": line,
        "is_granted": True,
        "decision_number": "2170/QĐ-UBND",
        "decided_on": at.date(),
        "actor": actor,
        "at": at,
        **changed,
    }
    return letters.record_outcome(**facts)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"decision_number": " "}, "Hãy ghi số và ngày quyết định của cấp trên."),
        ({"decided_on": None}, "Hãy ghi số và ngày quyết định của cấp trên."),
        ({"decided_on": dt.date(2025, 11, 21)}, "Ngày 21/11/2025 ở tương lai."),
        ({"decided_on": dt.date(2025, 11, 19)}, "Ngày 19/11/2025 trước ngày 20/11/2025"),
        ({"is_granted": False}, "Hãy ghi lý do không được tặng."),
    ],
)
def test_an_answer_lacks_nothing(sent_letter, cast, noon, changed, sentence):
    line = sent_letter.lines.first()

    assert_refused(sentence, answer, line, cast[Role.APPRAISER], noon, **changed)
    assert not SuperiorOutcome.objects.exists()


def test_an_answer_is_recorded_once_and_the_letter_waits_for_the_last(sent_letter, cast, noon):
    clerk, lines = cast[Role.APPRAISER], list(sent_letter.lines.all())

    answer(lines[0], clerk, noon)

    assert fresh(sent_letter).state == "numbered"
    refusal = assert_refused(
        "Kết quả của trường hợp này đã được ghi.", answer, lines[0], clerk, noon
    )
    assert isinstance(refusal, Conflict)
    answer(lines[1], clerk, noon)
    assert fresh(sent_letter).state == "answered"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.APPRAISER, Role.OFFICE_CHIEF}))
def test_only_the_office_records_an_answer(sent_letter, cast, noon, role):
    line = sent_letter.lines.first()

    assert_refused("Việc này do Chuyên viên Văn phòng", answer, line, cast[role], noon)


def test_no_answer_is_recorded_before_the_sets_stand(letter, cast, noon):
    approved_letter(letter, cast[Role.SIGNATORY])
    line = letter.lines.first()
    clerk = cast[Role.APPRAISER]
    assert_refused("Tờ trình và các bộ hồ sơ đang được tạo.", answer, line, clerk, noon)

    numbered_letter(letter, cast[Role.REGISTRAR])
    assert_refused("Tờ trình và các bộ hồ sơ đang được tạo.", answer, line, clerk, noon)
    assembled(letter)

    assert answer(line, clerk, noon).is_granted


def test_the_database_refuses_an_award_without_its_decision(sent_letter, cast, noon):
    line = sent_letter.lines.first()

    with pytest.raises(IntegrityError, match="outcome_granted_has_decision"):
        SuperiorOutcome.objects.create(
            line=line, is_granted=True, recorded_by=cast[Role.APPRAISER], recorded_at=noon
        )


def test_a_second_meeting_takes_up_what_was_accepted_later(
    cast, unit, other_unit, other_head, campaign, merit_form, council, secretary
):
    accepted(
        sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, merit_form))[0], cast[Role.APPRAISER]
    )
    first = endorsed(council, merit_form, secretary)
    accepted(sent(other_unit, other_head, campaign, (other_unit, merit_form))[0],
             cast[Role.APPRAISER])  # fmt: skip

    second = endorsed(council, merit_form, secretary)

    assert [first.meeting.number, second.meeting.number] == [1, 2]
    assert second.lines.get().nomination.recipient_name == "Phòng Nghiệp vụ 1"
