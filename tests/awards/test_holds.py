"""The hold register: who reads why, what waits, and that nothing of it is lost or told."""

import datetime as dt
import io
import threading
import zipfile

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from awards import policy
from awards.actions import council as council_acts
from awards.actions import holds as acts
from awards.actions import letters
from awards.queries.holds import held_among
from awards.rules.holds import ON_HOLD
from awards.workflow import NOMINATION
from staff.models import Hold, HoldOutcome
from tests import factories
from tests.awards.test_races import as_account
from tests.conftest import make_person, make_user
from tests.factories import accepted, approved, fresh, held, sent
from thidua.core import clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

R = Role
DAY = dt.date(2025, 11, 20)
CANARIES = ("vì-chuyện-9317", "9317/TTr-KÍN", "9318/KL-KÍN", "Khiếu nại, tố cáo hoặc báo chí")
SECRET = {"reason": CANARIES[0], "document_number": CANARIES[1]}


@pytest.fixture
def keeper(cast):
    return cast[R.HOLD_KEEPER]


def conclude(hold, keeper, **facts):
    return acts.conclude_hold(
        hold=hold,
        **{
            "concluded_on": DAY,
            "concluding_number": CANARIES[2],
            "outcome": HoldOutcome.CLEARED,
            **facts,
        },
        actor=keeper,
        at=clock.now(),
    )


# --- The register ------------------------------------------------------------------------------


def test_the_database_takes_no_line_without_subject_document_or_whole_end(db, keeper, people, unit):
    good = {
        **factories.HOLD_FACTS,
        "agency": unit.agency,
        "person": people[0],
        "opened_by": keeper,
        "opened_at": clock.now(),
    }
    end = {
        "concluded_on": DAY,
        "concluding_number": "50/KL",
        "outcome": HoldOutcome.CLEARED,
        "concluded_by": keeper,
        "concluded_at": clock.now(),
    }
    bad = [
        {"person": None},
        {"unit": unit},
        {"reason": ""},
        {"document_number": ""},
        {"document_on": DAY},
        {"correction_reason": "Không có dòng nào được đính chính."},
        *({name: value} for name, value in end.items()),
        *(end | {name: None} for name in ("concluded_on", "concluded_by", "concluded_at")),
        end | {"concluding_number": ""},
        end | {"outcome": ""},
        end | {"concluded_on": dt.date(2025, 11, 17)},
        end | {"discipline_until": DAY},
        end | {"outcome": HoldOutcome.DISCIPLINED},
        end | {"outcome": HoldOutcome.DISCIPLINED, "discipline_until": dt.date(2025, 11, 19)},
    ]
    for facts in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.create(**good | facts)
    first = Hold.objects.create(**good)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(**good)
    Hold.objects.create(**good | {"document_number": "Văn bản khác"})
    assert Hold.objects.create(**good | end).concluded_on == DAY
    assert first.is_live


def test_no_line_is_deleted_or_written_over(keeper, people):
    hold = held(people[0], keeper)
    ended = conclude(held(people[1], keeper), keeper)
    rows = Hold.objects.filter(pk=hold.pk)
    changes = [
        rows.delete,
        lambda: rows.update(reason="Khác"),
        lambda: rows.update(person=people[1]),
        lambda: rows.update(opened_on=DAY),
        lambda: Hold.objects.filter(pk=ended.pk).update(outcome="", concluded_on=None),
        lambda: Hold.objects.filter(pk=ended.pk).update(concluding_number="Khác"),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    assert fresh(hold).is_live


def test_a_line_is_corrected_once_by_a_new_one_and_ends_once(keeper, people):
    wrong = held(people[0], keeper)
    facts = {**factories.HOLD_FACTS, "subject": people[1], "correction_reason": "Nhầm người."}

    right = acts.correct_hold(hold=wrong, **facts, actor=keeper, at=clock.now())

    assert (fresh(wrong).is_corrected, right.corrects, right.person) == (True, wrong, people[1])
    with pytest.raises(Refused, match="đã được đính chính"):
        acts.correct_hold(hold=wrong, **facts, actor=keeper, at=clock.now())
    with pytest.raises(Refused, match="đã được đính chính"):
        conclude(wrong, keeper)
    conclude(right, keeper)
    with pytest.raises(Refused, match="đã có kết luận"):
        conclude(right, keeper)
    # The same document about the same subject, once its matter is over, is a new matter.
    assert held(people[1], keeper).is_live


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"concluded_on": dt.date(2025, 11, 21)}, "ở tương lai"),
        ({"concluded_on": dt.date(2025, 11, 17)}, "trước ngày tạm giữ"),
        ({"discipline_until": dt.date(2026, 1, 1)}, "Chỉ ghi thời hạn kỷ luật"),
        ({"outcome": HoldOutcome.DISCIPLINED}, "Hãy ghi ngày hết thời hạn"),
        (
            {"outcome": HoldOutcome.DISCIPLINED, "discipline_until": dt.date(2025, 11, 19)},
            "hết trước ngày kết luận",
        ),
    ],
)
def test_a_conclusion_says_what_does_not_fit(keeper, people, facts, sentence):
    with pytest.raises(Refused, match=sentence):
        conclude(held(people[0], keeper), keeper, **facts)


def test_an_opening_says_what_does_not_fit_and_only_keepers_open(cast, keeper, people):
    with pytest.raises(Refused, match="ở tương lai"):
        held(people[0], keeper, opened_on=dt.date(2025, 11, 21))
    with pytest.raises(Refused, match="sau ngày tạm giữ"):
        held(people[0], keeper, document_on=dt.date(2025, 11, 19))
    held(people[0], keeper)
    with pytest.raises(Refused, match="đã được ghi vào sổ"):
        held(people[0], keeper)
    with pytest.raises(Refused, match="Người giữ sổ tạm giữ"):
        held(people[1], cast[R.OFFICE_CHIEF])
    assert Hold.objects.count() == 1


# --- Who looked --------------------------------------------------------------------------------


def test_every_look_is_recorded_and_the_log_names_nobody(client, cast, keeper, people):
    hold = held(people[0], keeper, **SECRET)
    conclude(hold, keeper, file=factories.stored_file())
    client.force_login(keeper)
    asked = [
        (reverse("hold_list"), "hold_look_up", "Xem sổ tạm giữ"),
        (reverse("hold_list") + "?q=anh&state=all", "hold_look_up", "Tìm trong sổ tạm giữ"),
        (reverse("hold_detail", args=[hold.pk]), "look_up", "Xem dòng sổ tạm giữ"),
        (reverse("hold_file", args=[hold.pk]), "look_up", "Mở văn bản kết luận tạm giữ"),
        (reverse("hold_correct", args=[hold.pk]), "look_up", "Xem dòng sổ tạm giữ"),
        (reverse("hold_conclude", args=[hold.pk]), "look_up", "Xem dòng sổ tạm giữ"),
    ]
    for url, action, label in asked:
        before = AuditEntry.objects.count()
        assert client.get(url).status_code in {200, 302}
        entry = AuditEntry.objects.first()
        assert AuditEntry.objects.count() == before + 1, url
        assert (entry.action.split(".")[-1], entry.action_label) == (action, label)
        assert entry.actor == keeper
    found = AuditEntry.objects.get(action_label="Tìm trong sổ tạm giữ")
    assert found.changes == {"words": ["", "anh"], "lines": [[], [hold.pk]]}
    client.force_login(cast[R.ADMINISTRATOR])
    log = client.get(reverse("audit_list")).content.decode()
    assert f"Sổ tạm giữ, dòng {hold.pk}" in log
    assert not [word for word in (*CANARIES, people[0].full_name) if word in log]


def test_a_keeper_finds_lines_by_name_and_state_but_never_the_own(client, keeper, people, unit):
    held(people[0], keeper)
    held(unit, keeper)
    over = conclude(held(people[1], keeper), keeper)
    other = make_user(make_person(unit, "Lục Văn Giữ"), R.HOLD_KEEPER, "giu2")
    own = held(keeper.person, other)
    client.force_login(keeper)

    def listed(query):
        return [str(h.subject) for h in client.get(reverse("hold_list") + query).context["page"]]

    assert set(listed("")) == {people[0].full_name, unit.name}
    assert listed("?q=nong thi") == [people[0].full_name]
    assert listed("?state=over") == [people[1].full_name]
    assert len(listed("?state=all")) == 3
    assert listed("?q=%00&state=x") == listed("")
    assert client.get(own.get_absolute_url()).status_code == 404
    assert client.get(over.get_absolute_url()).status_code == 200
    choices = str(client.get(reverse("hold_create")).context["form"].fields["subject"].choices)
    assert keeper.person.full_name not in choices


# --- What others learn -------------------------------------------------------------------------


def test_nobody_else_learns_why_on_any_page_or_file(client, cast, agency, unit, campaign, council,
                                                    keeper, people, letter_form, merit_form):  # fmt: skip
    """The short sweep; the matrix looks for canaries on every page of every role."""
    person, merit = sent(
        unit, cast[R.UNIT_HEAD], campaign, (people[0], letter_form), (unit, merit_form)
    )
    approved(accepted(person, cast[R.APPRAISER]), cast[R.SIGNATORY])
    accepted(merit, cast[R.APPRAISER])
    meeting = factories.opened_meeting(council, merit_form, cast[R.COUNCIL_SECRETARY])
    ended = conclude(held(people[1], keeper, **SECRET), keeper)
    for subject in (people[0], unit):
        held(subject, keeper, **SECRET)
    conclude(held(people[0], keeper, **SECRET | {"kind": "inspection"}), keeper)
    detail, of_merit = (one.get_absolute_url() for one in (person, merit))
    asked = {
        R.UNIT_HEAD: [detail, reverse("nomination_check", args=[merit.pk])],
        R.APPRAISER: [reverse("review_queue") + "?state=all&q=9317", reverse("register_export")],
        R.SIGNATORY: [of_merit, reverse("proposal_detail", args=[person.proposal_id])],
        R.COUNCIL_SECRETARY: [meeting.get_absolute_url()],
        R.COUNCIL_MEMBER: [of_merit],
        R.REGISTRAR: [reverse("decision_create", args=[letter_form.pk])],
        R.ADMINISTRATOR: [reverse("audit_list")],
    }
    for role, urls in asked.items():
        client.force_login(cast[role])
        for url in urls:
            answer = client.get(url)
            assert answer.status_code == 200, (role, url)
            content = answer.getvalue()
            if content.startswith(b"PK"):
                book = zipfile.ZipFile(io.BytesIO(content))
                content = b"".join(book.read(name) for name in book.namelist())
            assert not [word for word in CANARIES if word.encode() in content], (role, url)
        assert client.get(ended.get_absolute_url()).status_code == 403


def test_that_somebody_waits_is_read_by_the_desks_and_the_own_head_alone(
    client, cast, unit, campaign, council, keeper, merit_form
):
    [merit] = sent(unit, cast[R.UNIT_HEAD], campaign, (unit, merit_form))
    accepted(merit, cast[R.APPRAISER])
    factories.opened_meeting(council, merit_form, cast[R.COUNCIL_SECRETARY])
    held(unit, keeper)
    readers = {R.UNIT_HEAD, R.APPRAISER, R.OFFICE_CHIEF, R.COUNCIL_SECRETARY, R.SIGNATORY}
    meeting = merit.agenda_items.get().meeting.get_absolute_url()
    lists = {
        R.UNIT_HEAD: merit.proposal.get_absolute_url(),
        R.APPRAISER: reverse("review_queue") + "?state=all",
        R.COUNCIL_SECRETARY: meeting,
        R.COUNCIL_MEMBER: meeting,
    }
    for role in readers | {R.COUNCIL_MEMBER}:
        client.force_login(cast[role])
        for url in filter(None, (merit.get_absolute_url(), lists.get(role))):
            page = client.get(url).content.decode().lower()
            assert ("đang tạm giữ" in page) == (role in readers), (role, url)


def test_nobody_learns_it_about_himself(client, cast, campaign, keeper, letter_form, unit):
    head = cast[R.UNIT_HEAD]
    [own] = sent(unit, head, campaign, (head.person, letter_form))
    held(head.person, keeper)
    client.force_login(head)

    for url in (own.get_absolute_url(), own.proposal.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "tạm giữ" not in page.lower().replace("sổ tạm giữ không", "")
    assert not policy.sees_hold(head, own)
    assert policy.sees_hold(cast[R.APPRAISER], own)
    assert not policy.sees_hold(cast[R.COUNCIL_MEMBER], own)


# --- What waits --------------------------------------------------------------------------------


def test_a_unit_on_hold_sends_in_time_and_the_office_may_return_or_decline(
    cast, unit, campaign, keeper, people, letter_form
):
    held(people[0], keeper)
    one, other = sent(
        unit, cast[R.UNIT_HEAD], campaign, (people[0], letter_form), (unit, letter_form)
    )

    with pytest.raises(Refused) as refused:
        accepted(one, cast[R.APPRAISER])

    assert str(refused.value) == ON_HOLD
    assert held_among([one, other]) == {one.pk}
    assert factories.returned(one, cast[R.APPRAISER]).state == "returned"
    assert accepted(other, cast[R.APPRAISER]).state == "accepted"


def test_its_document_ends_it(cast, unit, campaign, keeper, letter_form):
    [one] = sent(unit, cast[R.UNIT_HEAD], campaign, (unit, letter_form))
    first, second = held(unit, keeper), held(unit, keeper, kind="inspection")
    conclude(first, keeper)
    assert held_among([one])
    conclude(second, keeper)

    assert not held_among([one])
    assert accepted(one, cast[R.APPRAISER]).state == "accepted"


def test_a_decision_goes_on_without_what_is_on_hold(
    client, cast, unit, campaign, keeper, people, letter_form
):
    for one in sent(unit, cast[R.UNIT_HEAD], campaign, *((p, letter_form) for p in people)):
        approved(accepted(one, cast[R.APPRAISER]), cast[R.SIGNATORY])
    hold = held(people[0], keeper)
    client.force_login(cast[R.REGISTRAR])
    page = client.get(reverse("decision_create", args=[letter_form.pk])).content.decode()
    assert f"Đang tạm giữ, chờ quyết định sau: {people[0].full_name}." in page

    decision = factories.issued(letter_form, cast[R.REGISTRAR])

    assert [line.nomination.person for line in decision.lines.all()] == [people[1]]
    with pytest.raises(Refused, match=f"Đang tạm giữ: {people[0].full_name}"):
        factories.issued(letter_form, cast[R.REGISTRAR])
    conclude(hold, keeper)
    later = factories.issued(letter_form, cast[R.REGISTRAR])
    assert [line.nomination.person for line in later.lines.all()] == [people[0]]


def test_the_council_leaves_what_is_on_hold_to_its_next_meeting_and_no_letter_carries_it(
    cast, unit, other_unit, other_head, campaign, council, keeper, merit_form
):
    secretary = cast[R.COUNCIL_SECRETARY]
    pair = [
        accepted(sent(at, head, campaign, (at, merit_form))[0], cast[R.APPRAISER])
        for at, head in ((unit, cast[R.UNIT_HEAD]), (other_unit, other_head))
    ]
    meeting = factories.opened_meeting(council, merit_form, secretary)
    hold = held(unit, keeper)
    factories.counted(meeting, secretary)

    letter = council_acts.close_meeting(
        meeting=meeting, ended_at=clock.now(), actor=secretary, at=clock.now()
    )

    assert [fresh(one).state for one in pair] == ["accepted", "endorsed"]
    assert [line.nomination for line in letter.lines.all()] == [pair[1]]
    assert [item.position for item in meeting.agenda.all()] == [1]
    [entry] = AuditEntry.objects.filter(action_label="Chuyển sang phiên sau")
    assert (entry.note, "tạm giữ" in str(entry)) == (unit.name, False)
    with pytest.raises(Refused, match="Chưa có đề nghị"):
        factories.opened_meeting(council, merit_form, secretary)
    held(other_unit, keeper)
    signed = factories.approved_letter(letter, cast[R.SIGNATORY])
    with pytest.raises(Refused, match=f"Đang tạm giữ: {other_unit.name}"):
        letters.number_letter(letter=signed, issued_on=DAY, actor=cast[R.REGISTRAR], at=clock.now())
    conclude(hold, keeper)
    again = factories.opened_meeting(council, merit_form, secretary)
    assert [item.nomination for item in again.agenda.all()] == [pair[0]]


# --- At once -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_no_approval_passes_a_hold_that_is_being_opened(
    cast, unit, campaign, keeper, letter_form, noon
):
    """The hold is written and not yet committed when the approval begins: it waits, then reads it."""
    [one] = sent(unit, cast[R.UNIT_HEAD], campaign, (unit, letter_form))
    accepted(one, cast[R.APPRAISER])
    written, ends = threading.Event(), {}

    def approve():
        written.wait(10)
        try:
            with clock.frozen(noon):
                ends["approval"] = NOMINATION.fire(
                    fresh(one),
                    "approve",
                    actor=as_account(cast[R.SIGNATORY]),
                    at=noon,
                    confirmed=True,
                ).state
        except Refused as refusal:
            ends["approval"] = str(refusal)
        finally:
            connections.close_all()

    thread = threading.Thread(target=approve, daemon=True)
    thread.start()
    with transaction.atomic():
        held(unit, keeper)
        written.set()
        thread.join(0.5)
        assert thread.is_alive(), "the approval did not wait"
    thread.join(10)

    assert ends["approval"] == ON_HOLD
    assert fresh(one).state == "accepted"
