"""The registrar: a number for the decision, its list, its signed file, the register."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction

from awards.actions.decisions import close_decision
from awards.models import Decision, IssuedNumber, Nomination, RegisterEntry
from tests import factories
from tests.factories import (
    accepted,
    approved,
    closed,
    fresh,
    issued,
    printed,
    refused,
    sent,
    upload,
)
from thidua.core import audit, clock
from thidua.core.models import AuditEntry, Job
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(cast):
    return cast[Role.REGISTRAR]


@pytest.fixture
def nominations(cast, unit, campaign, people, letter_form):
    """Return a collective and two people, accepted."""
    subjects = [people[1], people[0], unit]
    waiting = sent(
        unit, cast[Role.UNIT_HEAD], campaign, *((subject, letter_form) for subject in subjects)
    )
    return [accepted(nomination, cast[Role.APPRAISER]) for nomination in waiting]


@pytest.fixture
def decision(nominations, cast, letter_form, registrar):
    for nomination in nominations:
        approved(nomination, cast[Role.SIGNATORY])
    return issued(letter_form, registrar)


def assert_refused(sentence, act, *args, **kwargs):
    logged = AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(*args, **kwargs)
    assert str(refusal.value).startswith(sentence), str(refusal.value)
    assert AuditEntry.objects.count() == logged
    return refusal.value


def test_the_list_is_collectives_first_then_people_by_given_name(decision):
    assert [(line.ordinal, line.recipient_name) for line in decision.lines.all()] == [
        (1, "Phòng Nghiệp vụ 2"),
        (2, "Nông Thị Ánh"),
        (3, "Hoàng Văn Bình"),
    ]
    assert decision.number_text == "01/QĐ-TTr"
    assert decision.signatory_name == "Triệu Văn Ngọc"
    assert set(Nomination.objects.values_list("state", flat=True)) == {"decided"}


def test_every_certificate_has_a_check_code_of_its_own(decision):
    codes = set(decision.lines.values_list("check_code", flat=True))

    assert len(codes) == 3
    assert all(re.fullmatch(r"[\w-]{22}", code) for code in codes)


def test_the_papers_are_queued_with_the_number(decision, registrar):
    job = Job.objects.get()

    assert (job.function, job.subject_id) == ("awards.jobs.print_decision", decision.pk)
    assert (job.total_count, job.requested_by) == (4, registrar)


def test_only_what_was_approved_is_decided(nominations, cast, letter_form, registrar):
    approved(nominations[0], cast[Role.SIGNATORY])
    refused(nominations[1], cast[Role.SIGNATORY])

    decision = issued(letter_form, registrar)

    assert decision.lines.get().nomination == nominations[0]
    assert [fresh(n).state for n in nominations] == ["decided", "refused", "accepted"]


def test_a_second_click_finds_nothing_left_and_takes_no_number(decision, letter_form, registrar):
    refusal = assert_refused("Không còn đề nghị đã phê duyệt nào", issued, letter_form, registrar)

    assert isinstance(refusal, Conflict)
    assert IssuedNumber.objects.filter(register__book="decision").count() == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.REGISTRAR}))
def test_only_the_registrar_numbers_and_closes(nominations, cast, letter_form, role, registrar):
    approved(nominations[0], cast[Role.SIGNATORY])
    mine = "Việc này do Văn thư thực hiện."
    assert_refused(mine, issued, letter_form, cast[role])

    decision = printed(issued(letter_form, registrar))

    assert_refused(mine, closed, decision, cast[role])
    assert not RegisterEntry.objects.exists()


def test_a_number_is_given_neither_ahead_of_today_nor_behind_the_last(
    nominations, cast, letter_form, registrar, noon
):
    today = noon.date()
    approved(nominations[0], cast[Role.SIGNATORY])
    tomorrow, yesterday = today + dt.timedelta(days=1), today - dt.timedelta(days=1)
    assert_refused("Ngày 21/11/2025 ở tương lai.", issued, letter_form, registrar, day=tomorrow)
    issued(letter_form, registrar, day=today)
    approved(nominations[1], cast[Role.SIGNATORY])

    assert_refused(
        "Ngày 19/11/2025 trước ngày 20/11/2025", issued, letter_form, registrar, day=yesterday
    )
    assert IssuedNumber.objects.filter(register__book="decision").count() == 1
    assert issued(letter_form, registrar, day=today).number == 2


def test_a_new_year_begins_with_number_one(nominations, cast, letter_form, registrar):
    approved(nominations[0], cast[Role.SIGNATORY])
    issued(letter_form, registrar)
    approved(nominations[1], cast[Role.SIGNATORY])

    with clock.frozen(clock.start_of(dt.date(2026, 1, 2))):
        decision = issued(letter_form, registrar)

    assert (decision.number, decision.issued_on.year) == (1, 2026)


def test_an_approval_is_not_yet_a_signature(decision, registrar):
    assert_refused("Quyết định và giấy khen đang được tạo.", closed, decision, registrar)
    with pytest.raises(IntegrityError, match="decision_closed_is_signed"):
        Decision.objects.filter(pk=decision.pk).update(state="closed")


def test_closing_enters_every_recipient_as_printed(decision, registrar, campaign, noon):
    closed(printed(decision), registrar)

    entries = list(RegisterEntry.objects.order_by("number"))
    assert [(e.number, e.golden_number, e.recipient_name, e.amount) for e in entries] == [
        (1, 1, "Phòng Nghiệp vụ 2", 1_410_000),
        (2, 2, "Nông Thị Ánh", 710_000),
        (3, 3, "Hoàng Văn Bình", 710_000),
    ]
    assert {e.decision_number for e in entries} == {"01/QĐ-TTr"}
    assert {e.achievement for e in entries} == {campaign.achievement_sentence}
    assert {e.entered_at for e in entries} == {noon}
    assert entries[1].person.full_name == "Nông Thị Ánh"
    assert fresh(decision).signed_file is not None
    assert set(Nomination.objects.values_list("state", flat=True)) == {"awarded"}


def test_a_closed_decision_is_not_closed_again(decision, registrar):
    closed(printed(decision), registrar)

    refusal = assert_refused("Không thể «Ban hành»", closed, decision, registrar)

    assert isinstance(refusal, Conflict)
    assert "Mai Thị Oanh đã «Ban hành» lúc " in str(refusal)
    assert RegisterEntry.objects.count() == 3


def test_a_bad_signed_file_closes_nothing(decision, registrar, noon):
    assert_refused(
        "Tệp PDF bị hỏng",
        close_decision,
        decision=printed(decision),
        upload=upload(b"%PDF-1.7 hong"),
        signed_on=noon.date(),
        actor=registrar,
        at=noon,
    )

    assert fresh(decision).state == "numbered"
    assert not RegisterEntry.objects.exists()
    assert not IssuedNumber.objects.filter(register__book="commendation").exists()


def test_a_day_of_signing_ahead_of_today_is_refused(decision, registrar, noon):
    tomorrow = noon.date() + dt.timedelta(days=1)

    assert_refused("Ngày 21/11/2025 ở tương lai.", closed, printed(decision), registrar,
                   signed_on=tomorrow)  # fmt: skip


def test_what_was_printed_stays_when_a_person_is_renamed(decision, registrar, people):
    people[0].full_name, people[0].position = "Nông Thị Ánh Tuyết", "Phó Trưởng phòng"
    people[0].save()

    closed(printed(decision), registrar)

    entry = RegisterEntry.objects.get(person=people[0])
    assert entry.recipient_name == "Nông Thị Ánh"
    assert entry.recipient_title == "Thanh tra viên, Phòng Nghiệp vụ 2"


def test_every_step_of_the_path_is_in_the_log(decision, registrar, nominations):
    closed(printed(decision), registrar)

    steps = audit.history_of(nominations[0]).filter(changes__has_key="state")
    assert [(e.action_label, *e.changes["state"], e.actor_name) for e in steps] == [
        ("Gửi Văn phòng", "draft", "submitted", "Lý Thị Đào"),
        ("Chấp nhận", "submitted", "accepted", "Lương Thị Hà"),
        ("Phê duyệt", "accepted", "approved", "Triệu Văn Ngọc"),
        ("Đưa vào quyết định", "approved", "decided", "Mai Thị Oanh"),
        ("Ghi sổ khen thưởng", "decided", "awarded", "Mai Thị Oanh"),
    ]
    assert audit.first_broken() is None


@pytest.mark.parametrize("which", ["issued_on", "signed_on"])
def test_nothing_is_dated_or_signed_before_its_approval(cast, letter_form, unit, people, which):
    [nomination] = factories.sent(
        unit, cast[Role.UNIT_HEAD], letter_form.campaign, (people[0], letter_form)
    )
    factories.approved(factories.accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
    day_before = clock.today() - dt.timedelta(days=1)

    with pytest.raises(Refused, match="trước ngày phê duyệt 20/11/2025"):
        if which == "issued_on":
            factories.issued(letter_form, cast[Role.REGISTRAR], day=day_before)
        else:
            decision = factories.printed(factories.issued(letter_form, cast[Role.REGISTRAR]))
            factories.closed(decision, cast[Role.REGISTRAR], signed_on=day_before)
