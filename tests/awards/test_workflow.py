"""Every row of every table: whom it moves the record for, whom it refuses, and each reason why.

A row, a source state or a guard without a case here fails the suite.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from awards.models import (
    AgendaItem,
    Attendance,
    Decision,
    DecisionLine,
    LetterLine,
    Nomination,
    NominationState,
    Proposal,
    ReportSection,
    SubmissionLetter,
)
from awards.rules.holds import ON_HOLD
from awards.workflow import (
    CAMPAIGN,
    DECISION,
    LETTER,
    MEETING,
    NOMINATION,
    PROPOSAL,
    WORKFLOWS,
)
from campaigns.models import Campaign, Quota
from tests.factories import (
    accepted,
    approved,
    approved_letter,
    complete_proposal,
    counted,
    endorsed,
    forwarded,
    fresh,
    held,
    issued,
    numbered_letter,
    opened_meeting,
    printed,
    returned,
    sent,
    stored_file,
)
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused, Transition, Workflow
from units.models import Unit

pytestmark = pytest.mark.django_db


@dataclasses.dataclass
class World:
    """Everybody and everything that a case is built from."""

    cast: dict[Role, Any]
    unit: Any
    campaign: Any
    letter_form: Any
    merit_form: Any
    council: Any
    noon: dt.datetime

    def __getattr__(self, name: str) -> Any:
        return self.cast[Role(name)]


@pytest.fixture
def world(cast, unit, campaign, letter_form, merit_form, council, noon):
    return World(cast, unit, campaign, letter_form, merit_form, council, noon)


# --- Cases: how a record comes to stand before each row ----------------------------------------


def a_draft(w: World) -> Nomination:
    return complete_proposal(w.unit, w.unit_head, w.campaign, (w.unit, w.letter_form))[1][0]


def a_sent(w: World) -> Nomination:
    return sent(w.unit, w.unit_head, w.campaign, (w.unit, w.letter_form))[0]


def a_returned(w: World) -> Nomination:
    return returned(a_sent(w), w.appraiser)


def an_accepted(w: World) -> Nomination:
    return accepted(a_sent(w), w.appraiser)


def an_approved(w: World) -> Nomination:
    return approved(an_accepted(w), w.signatory)


def a_decision(w: World) -> Decision:
    an_approved(w)
    return printed(issued(w.letter_form, w.registrar))


def a_decided(w: World) -> Nomination:
    return a_decision(w).lines.get().nomination


def a_merit(w: World) -> Nomination:
    return accepted(
        sent(w.unit, w.unit_head, w.campaign, (w.unit, w.merit_form))[0], w.office_chief
    )


def a_meeting(w: World):
    a_merit(w)
    return counted(
        opened_meeting(w.council, w.merit_form, w.council_secretary), w.council_secretary
    )


def a_letter(w: World) -> SubmissionLetter:
    a_merit(w)
    return endorsed(w.council, w.merit_form, w.council_secretary)


def a_signed_letter(w: World) -> SubmissionLetter:
    return approved_letter(a_letter(w), w.signatory)


def a_sent_letter(w: World) -> SubmissionLetter:
    return forwarded(a_letter(w), w.signatory, w.registrar)


def due(campaign: Campaign, day: dt.date) -> Campaign:
    Campaign.objects.filter(pk=campaign.pk).update(nominations_due_on=day)
    return fresh(campaign)


def an_ended_campaign(w: World) -> Campaign:
    return due(w.campaign, dt.date(2025, 11, 19))


def a_closed_campaign(w: World) -> Campaign:
    return CAMPAIGN.fire(an_ended_campaign(w), "close", actor=w.office_chief, at=w.noon)


def of_line(letter: SubmissionLetter) -> Nomination:
    return fresh(letter.lines.get().nomination)


def closing(w: World) -> dict[str, Any]:
    return {"number": 1, "ended_at": w.noon, "rule": {}}


def numbering(w: World) -> dict[str, Any]:
    return {"number": 1, "issued_on": w.noon.date()}


def signing(w: World) -> dict[str, Any]:
    return {"signed_file": stored_file(), "signed_on": w.noon.date()}


Build = Callable[[World], Any]
S = NominationState
# fmt: off
CASES: dict[tuple[str, str, str], tuple[Build, Callable[[World], dict[str, Any]]]] = {
    ("campaign", "close", "open"):           (an_ended_campaign, lambda w: {}),
    ("campaign", "reopen", "closed"):        (a_closed_campaign, lambda w: {}),
    ("campaign", "archive", "closed"):       (a_closed_campaign, lambda w: {}),
    ("proposal", "submit", "draft"):         (lambda w: a_draft(w).proposal, lambda w: {}),
    ("proposal", "withdraw", "submitted"):   (lambda w: a_sent(w).proposal, lambda w: {}),
    ("nomination", "submit", "draft"):       (a_draft, lambda w: {}),
    ("nomination", "recall", "submitted"):   (a_sent, lambda w: {}),
    ("nomination", "resubmit", "returned"):  (a_returned, lambda w: {}),
    ("nomination", "withdraw", "draft"):     (a_draft, lambda w: {}),
    ("nomination", "withdraw", "returned"):  (a_returned, lambda w: {}),
    ("nomination", "accept", "submitted"):   (a_sent, lambda w: {}),
    ("nomination", "return", "submitted"):   (a_sent, lambda w: {}),
    ("nomination", "decline", "submitted"):  (a_sent, lambda w: {}),
    ("nomination", "approve", "accepted"):   (an_accepted, lambda w: {}),
    ("nomination", "refuse", "accepted"):    (an_accepted, lambda w: {}),
    ("nomination", "issue", "approved"):     (an_approved, lambda w: {}),
    ("nomination", "award", "decided"):      (a_decided, lambda w: {}),
    ("nomination", "endorse", "accepted"):   (a_merit, lambda w: {}),
    ("nomination", "reject", "accepted"):    (a_merit, lambda w: {}),
    ("nomination", "forward", "endorsed"):   (lambda w: of_line(a_letter(w)), lambda w: {}),
    ("nomination", "grant", "forwarded"):    (lambda w: of_line(a_sent_letter(w)), lambda w: {}),
    ("nomination", "deny", "forwarded"):     (lambda w: of_line(a_sent_letter(w)), lambda w: {}),
    ("councilmeeting", "close", "open"):     (a_meeting, closing),
    ("submissionletter", "approve", "draft"):   (a_letter, lambda w: {}),
    ("submissionletter", "number", "approved"): (a_signed_letter, numbering),
    ("submissionletter", "answer", "numbered"): (a_sent_letter, lambda w: {}),
    ("decision", "close", "numbered"):       (a_decision, signing),
}
TABLES: dict[str, Workflow] = {
    "campaign": CAMPAIGN, "proposal": PROPOSAL, "nomination": NOMINATION, "councilmeeting": MEETING,
    "submissionletter": LETTER, "decision": DECISION,
}
# fmt: on


@dataclasses.dataclass
class Stand:
    """One record before one row, with the person whom the row names."""

    world: World
    workflow: Workflow
    row: Transition
    record: Any
    facts: dict[str, Any]

    @property
    def actor(self) -> Any:
        return self.world.cast[min(self.row.who.roles, key=list(Role).index)]

    def fire(self, actor: Any = None, **changed: Any) -> Any:
        options = {
            "actor": actor or self.actor,
            "at": self.world.noon,
            "note": "Lý do.",
            "within": self.row.within,
            "confirmed": True,
            **self.facts,
            **changed,
        }
        return self.workflow.fire(self.record, self.row.action, **options)

    def blocked_for(self, actor: Any) -> str | None:
        """Return why the button is grey for `actor`; None when there is no button."""
        offers = self.workflow.offers(self.record, actor, self.world.noon)
        return {offer.row.action: offer.blocked for offer in offers}.get(self.row.action)

    def assert_refused(self, sentence: str, kind: type[Refused] = Refused, **changed: Any) -> None:
        """Fire, read the sentence, and see that nothing was changed and nothing logged."""
        before, logged = columns(self.record), AuditEntry.objects.count()
        with pytest.raises(Refused) as refused, transaction.atomic():
            self.fire(**changed)
        assert str(refused.value).startswith(sentence), str(refused.value)
        assert type(refused.value) is kind
        assert columns(self.record) == before
        assert AuditEntry.objects.count() == logged


def columns(record: Any) -> dict[str, Any]:
    return type(record)._base_manager.filter(pk=record.pk).values().get()


def stand_before(world: World, table: str, action: str, source: str) -> Stand:
    build, facts = CASES[table, action, source]
    record = fresh(build(world))
    assert record.state == source
    workflow = TABLES[table]
    return Stand(world, workflow, workflow.rows[action], record, facts(world))


@pytest.fixture(params=CASES, ids="-".join)
def stand(request, world):
    return stand_before(world, *request.param)


# --- Completeness ------------------------------------------------------------------------------


def test_every_row_of_every_table_has_a_case_for_each_source():
    assert {id(table) for table in TABLES.values()} == {id(table) for table in WORKFLOWS}
    rows = {
        (name, row.action, str(source))
        for name, workflow in TABLES.items()
        for row in workflow.rows.values()
        for source in row.sources
    }

    assert rows == set(CASES)


def test_every_guard_of_every_row_has_a_case():
    guards = {
        (name, row.action, guard.__name__)
        for name, workflow in TABLES.items()
        for row in workflow.rows.values()
        for guard in row.guards
    }

    assert guards == {key[:3] for key in GUARDS}


# fmt: off
HEAD, SECRETARY = {Role.UNIT_HEAD}, {Role.COUNCIL_SECRETARY}
SIGNATORY, REGISTRAR = {Role.SIGNATORY}, {Role.REGISTRAR}
OFFICE, CHIEF = {Role.APPRAISER, Role.OFFICE_CHIEF}, {Role.OFFICE_CHIEF}
ASKED: dict[tuple[str, str], tuple[set[Role], str]] = {
    # Whom a row names, and what it asks of them: said twice, so that neither changes alone.
    ("campaign", "close"):           (CHIEF, ""),
    ("campaign", "reopen"):          (CHIEF, "note"),
    ("campaign", "archive"):         (CHIEF, ""),
    ("proposal", "submit"):          (HEAD, ""),
    ("proposal", "withdraw"):        (HEAD, "note"),
    ("nomination", "submit"):        (HEAD, ""),
    ("nomination", "recall"):        (HEAD, ""),
    ("nomination", "resubmit"):      (HEAD, ""),
    ("nomination", "withdraw"):      (HEAD, "note"),
    ("nomination", "accept"):        (OFFICE, ""),
    ("nomination", "return"):        (OFFICE, "note"),
    ("nomination", "decline"):       (OFFICE, "note"),
    ("nomination", "approve"):       (SIGNATORY, "password"),
    ("nomination", "refuse"):        (SIGNATORY, "note password"),
    ("nomination", "issue"):         (REGISTRAR, ""),
    ("nomination", "award"):         (REGISTRAR, ""),
    ("nomination", "endorse"):       (SECRETARY, ""),
    ("nomination", "reject"):        (SECRETARY, ""),
    ("nomination", "forward"):       (REGISTRAR, ""),
    ("nomination", "grant"):         (OFFICE, ""),
    ("nomination", "deny"):          (OFFICE, ""),
    ("councilmeeting", "close"):     (SECRETARY, ""),
    ("submissionletter", "approve"): (SIGNATORY, "password"),
    ("submissionletter", "number"):  (REGISTRAR, ""),
    ("submissionletter", "answer"):  (OFFICE, ""),
    ("decision", "close"):           (REGISTRAR, ""),
}
# fmt: on


def test_every_row_names_whom_it_should_and_asks_what_it_should():
    asked = {
        (name, row.action): (
            set(row.who.roles),
            " ".join(["note"] * row.needs_note + ["password"] * row.needs_password),
        )
        for name, workflow in TABLES.items()
        for row in workflow.rows.values()
    }

    assert asked == ASKED


def test_every_state_but_the_first_is_reached_by_a_row():
    for workflow in TABLES.values():
        first, *others = workflow.states
        reached = {row.target for row in workflow.rows.values()}

        assert set(others) <= reached <= {first, *others}


# --- Rows --------------------------------------------------------------------------------------


def test_the_row_is_offered_to_everybody_it_names_and_moves_the_record_for_them(stand):
    source, version = stand.record.state, stand.record.version
    for role in sorted(stand.row.who.roles):
        actor, logged = stand.world.cast[role], AuditEntry.objects.count()
        # A part of a larger act has no button of its own; everything else is free to press.
        assert stand.blocked_for(actor) == (None if stand.row.within else "")
        with transaction.atomic():
            stand.fire(actor)
            moved, entry = fresh(stand.record), AuditEntry.objects.first()
            assert (moved.state, moved.version) == (stand.row.target, version + 1)
            assert AuditEntry.objects.count() == logged + 1
            assert entry.subject_id == str(moved.pk)
            assert entry.action == f"{moved._meta.label_lower}.{stand.row.action}"
            assert entry.action_label == stand.row.label
            assert entry.changes == {"state": [source, stand.row.target]}
            assert (entry.actor, entry.actor_name) == (actor, actor.display_name)
            assert entry.note == "Lý do."
            transaction.set_rollback(True)
        stand.record = fresh(stand.record)


def test_the_row_refuses_everybody_else_and_whoever_leaves_out_what_it_asks(stand):
    others = set(Role) - stand.row.who.roles
    assert others
    for role in others:
        actor = stand.world.cast[role]
        stand.assert_refused("Việc này do ", actor=actor)
        assert stand.blocked_for(actor) is None
    if stand.row.needs_note:
        stand.assert_refused("Hãy ghi lý do.", note=" ")
    if stand.row.needs_password:
        stand.assert_refused("Hãy nhập mật khẩu để xác nhận.", confirmed=False)
    for within in {"", "gì đó khác"} - {stand.row.within}:
        stand.assert_refused(f"«{stand.row.label}» chỉ được thực hiện cùng", within=within)


def test_the_row_refuses_every_other_state_and_who_comes_second_reads_who_was_first(stand):
    with transaction.atomic():
        fill_all_columns(stand)
        for state in set(stand.workflow.states) - set(stand.row.sources):
            type(stand.record)._base_manager.filter(pk=stand.record.pk).update(state=state)
            sentence = f"Không thể «{stand.row.label}»: hồ sơ đang ở trạng thái «{state.label}»."
            stand.assert_refused(sentence, Conflict)
        transaction.set_rollback(True)

    stand.fire()

    sentence = (
        f"Không thể «{stand.row.label}»: hồ sơ đang ở trạng thái "
        f"«{stand.workflow.states(stand.row.target).label}». "
        f"{stand.actor.display_name} đã «{stand.row.label}» lúc "
    )
    stand.assert_refused(sentence, Conflict)


def fill_all_columns(stand: Stand) -> None:
    """Let the record carry what any of its states needs, so that it can be put into each."""
    world, record = stand.world, stand.record
    day, file = world.noon.date(), stored_file()
    everything = {
        "campaign": {"closed_at": world.noon},
        "proposal": {"submitted_at": world.noon},
        "nomination": {
            "submitted_at": world.noon,
            "submitted_by": world.unit_head,
            "received_for_appraisal_at": record.__dict__.get("received_for_appraisal_at")
            or world.noon,
            "return_reason": "Lý do.",
        },
        "councilmeeting": {"number": 1, "ended_at": world.noon},
        "submissionletter": {"number": 1, "issued_on": day, "approved_by": world.signatory},
        "decision": {"signed_file": file, "signed_on": day},
    }[record._meta.model_name]
    type(record)._base_manager.filter(pk=record.pk).update(**everything)


# --- Guards ------------------------------------------------------------------------------------


def too_late(stand: Stand) -> dict[str, Any]:
    return {"at": stand.world.campaign.closes_at}


def too_early(stand: Stand) -> dict[str, Any]:
    return {"at": stand.world.campaign.opens_at - dt.timedelta(microseconds=1)}


def window_still_open(stand: Stand) -> None:
    due(stand.record, dt.date(2025, 11, 20))


def one_on_its_way(stand: Stand) -> None:
    due(stand.record, dt.date(2025, 12, 31))
    a_sent(stand.world)
    due(stand.record, dt.date(2025, 11, 19))


def nominations_of(stand: Stand) -> Any:
    record = stand.record
    if isinstance(record, Nomination):
        return Nomination.objects.filter(pk=record.pk)
    return Nomination.objects.filter(proposal=record)


def blank_section(stand: Stand) -> None:
    section = ReportSection.objects.filter(
        report__nomination__in=nominations_of(stand), heading__is_required=True
    ).first()
    ReportSection.objects.filter(pk=section.pk).update(text="")


def other_text(stand: Stand) -> None:
    ReportSection.objects.filter(report__nomination__in=nominations_of(stand)).update(text="Khác.")


def unfinished_letter(stand: Stand) -> None:
    Proposal.objects.filter(pk=stand.record.pk).update(letter_confirmed=False)


def lowered_quota(stand: Stand) -> None:
    for nomination in nominations_of(stand):
        Quota.objects.create(
            award_form=nomination.award_form, subject_kind=nomination.subject_kind, most=0
        )


def begun_review(stand: Stand) -> None:
    accepted(nominations_of(stand).get(), stand.world.appraiser)


def dissolved_unit(stand: Stand) -> None:
    Unit.objects.filter(pk=stand.world.unit.pk).update(valid_until=dt.date(2025, 11, 19))


def unconfirmed_line(stand: Stand) -> None:
    nominations_of(stand).update(
        printed_name="", printed_title="", line_confirmed_by=None, line_confirmed_at=None
    )


def merit_instead(stand: Stand) -> None:
    nominations_of(stand).update(award_form=stand.world.merit_form)


def letter_instead(stand: Stand) -> None:
    nominations_of(stand).update(award_form=stand.world.letter_form)


def two_absent(stand: Stand) -> None:
    seats = Attendance.objects.filter(meeting=stand.record)[:2]
    Attendance.objects.filter(pk__in=[s.pk for s in seats]).update(is_present=False)


def uncounted(stand: Stand) -> None:
    AgendaItem.objects.filter(meeting=stand.record).update(for_count=None, against_count=None)


def empty_agenda(stand: Stand) -> None:
    AgendaItem.objects.filter(meeting=stand.record).delete()


def letter_not_made(stand: Stand) -> None:
    SubmissionLetter.objects.filter(pk=stand.record.pk).update(file=None)


def decision_not_made(stand: Stand) -> None:
    Decision.objects.filter(pk=stand.record.pk).update(file=None)


def certificate_not_made(stand: Stand) -> None:
    DecisionLine.objects.filter(decision=stand.record).update(certificate_file=None)


def hold_opened(stand: Stand) -> None:
    held(stand.world.unit, stand.world.hold_keeper)


ENDED_WINDOW = "Đợt này đã hết hạn: nhận hồ sơ đến hết ngày 31/12/2025."
CLOSED_WINDOW = "Đợt này nhận hồ sơ từ ngày 01/10/2025."
CHANGED = "Nội dung hồ sơ không còn khớp với bản đã gửi."
DISSOLVED = "Phòng Nghiệp vụ 2 đã giải thể từ ngày 19/11/2025."
NOT_OURS = "Bằng khen của Chủ tịch UBND tỉnh do Hội đồng xét và cấp trên quyết định."
NOT_THEIRS = "Giấy khen"
# fmt: off
GUARDS: dict[tuple[str, str, str, str], tuple[Callable[[Stand], Any], str]] = {
    ("campaign", "close", "window_is_over", ""):           (window_still_open, "Đợt còn nhận hồ sơ đến hết ngày 20/11/2025"),
    ("campaign", "close", "nothing_is_in_flight", ""):     (one_on_its_way, "Còn 1 hồ sơ chưa có kết quả."),
    ("proposal", "submit", "sending_is_open", "late"):      (too_late, ENDED_WINDOW),
    ("proposal", "submit", "sending_is_open", "early"):     (too_early, CLOSED_WINDOW),
    ("proposal", "submit", "within_quota", ""):            (lowered_quota, "Giấy khen của Chánh Thanh tra, tập thể: đề nghị 1, vượt chỉ tiêu 0."),
    ("proposal", "submit", "proposal_is_complete", "letter"): (unfinished_letter, "Còn thiếu 1 việc: Hoàn thành tờ trình (Mục "),
    ("proposal", "submit", "proposal_is_complete", "report"): (blank_section, "Còn thiếu 1 việc: Viết mục "),
    ("proposal", "submit", "findings_allow_sending", ""):  (dissolved_unit, f"Phòng Nghiệp vụ 2: {DISSOLVED}".removesuffix(".")),
    ("proposal", "withdraw", "window_is_open", "late"):    (too_late, ENDED_WINDOW),
    ("proposal", "withdraw", "review_has_not_begun", ""):  (begun_review, "Văn phòng đã bắt đầu thẩm định."),
    ("nomination", "submit", "sending_is_open", "late"):    (too_late, ENDED_WINDOW),
    ("nomination", "submit", "unit_exists", ""):           (dissolved_unit, DISSOLVED),
    ("nomination", "submit", "nomination_is_complete", ""): (blank_section, "Còn thiếu 1 việc: Viết mục "),
    ("nomination", "resubmit", "sending_is_open", "late"):  (too_late, ENDED_WINDOW),
    ("nomination", "resubmit", "unit_exists", ""):         (dissolved_unit, DISSOLVED),
    ("nomination", "resubmit", "nomination_is_complete", ""): (blank_section, "Còn thiếu 1 việc: Viết mục "),
    ("nomination", "accept", "nomination_is_complete", ""): (blank_section, "Còn thiếu 1 việc: Viết mục "),
    ("nomination", "accept", "text_is_as_sent", ""):       (other_text, CHANGED),
    ("nomination", "accept", "not_on_hold", ""):           (hold_opened, ON_HOLD),
    ("nomination", "approve", "not_on_hold", ""):          (hold_opened, ON_HOLD),
    ("nomination", "issue", "not_on_hold", ""):            (hold_opened, ON_HOLD),
    ("nomination", "endorse", "not_on_hold", ""):          (hold_opened, ON_HOLD),
    ("nomination", "forward", "not_on_hold", ""):          (hold_opened, ON_HOLD),
    ("nomination", "approve", "own_route", ""):            (merit_instead, NOT_OURS),
    ("nomination", "approve", "text_is_as_sent", ""):      (other_text, CHANGED),
    ("nomination", "refuse", "own_route", ""):             (merit_instead, NOT_OURS),
    ("nomination", "issue", "own_route", ""):              (merit_instead, NOT_OURS),
    ("nomination", "issue", "line_is_confirmed", ""):      (unconfirmed_line, "Dòng in của Phòng Nghiệp vụ 2 chưa được xác nhận."),
    ("nomination", "award", "own_route", ""):              (merit_instead, NOT_OURS),
    ("nomination", "endorse", "superior_route", ""):       (letter_instead, NOT_THEIRS),
    ("nomination", "endorse", "text_is_as_sent", ""):      (other_text, CHANGED),
    ("nomination", "reject", "superior_route", ""):        (letter_instead, NOT_THEIRS),
    ("nomination", "forward", "superior_route", ""):       (letter_instead, NOT_THEIRS),
    ("nomination", "grant", "superior_route", ""):         (letter_instead, NOT_THEIRS),
    ("nomination", "deny", "superior_route", ""):          (letter_instead, NOT_THEIRS),
    ("councilmeeting", "close", "quorum_is_met", ""):      (two_absent, "Chưa đủ số thành viên có mặt: cần 3 trên 3, hiện có 1."),
    ("councilmeeting", "close", "all_items_are_counted", "count"): (uncounted, "Hãy ghi số phiếu cho Phòng Nghiệp vụ 2."),
    ("councilmeeting", "close", "all_items_are_counted", "none"): (empty_agenda, "Phiên họp chưa có nội dung xét."),
    ("submissionletter", "answer", "papers_of_letter_are_made", ""): (letter_not_made, "Tờ trình và các bộ hồ sơ đang được tạo."),
    ("decision", "close", "papers_are_printed", "decision"): (decision_not_made, "Quyết định và giấy khen đang được tạo."),
    ("decision", "close", "papers_are_printed", "certificate"): (certificate_not_made, "Quyết định và giấy khen đang được tạo."),
}
# fmt: on


@pytest.mark.parametrize("key", GUARDS, ids="-".join)
def test_the_guard_refuses_with_its_sentence_and_nothing_happens(world, key):
    table, action, _, _ = key
    source = str(TABLES[table].rows[action].sources[0])
    stand = stand_before(world, table, action, source)
    stumble, sentence = GUARDS[key]

    changed = stumble(stand) or {}

    stand.record = fresh(stand.record)
    stand.assert_refused(sentence, **changed)
    at = changed.get("at", world.noon)
    assert stand.workflow.refusal(stand.record, action, stand.actor, at).startswith(sentence)


# --- What a row leaves in the record -----------------------------------------------------------


def test_sending_stamps_who_when_and_what(world):
    nomination = a_sent(world)

    assert nomination.submitted_by == world.unit_head
    assert nomination.submitted_at == world.noon
    assert len(nomination.content_sha256) == 64


def test_a_return_shows_the_unit_what_to_mend_until_it_sends_again(world):
    stand = stand_before(world, "nomination", "resubmit", "returned")
    assert stand.record.return_reason == "Ghi rõ mục 3."
    assert stand.record.reviewed_by == world.appraiser

    stand.fire()

    again = fresh(stand.record)
    assert (again.return_reason, again.reviewed_by, again.reviewed_at) == ("", None, None)


@pytest.mark.parametrize(
    ("action", "source"),
    [
        ("withdraw", "draft"),
        ("decline", "submitted"),
        ("refuse", "accepted"),
        ("reject", "accepted"),
        ("deny", "forwarded"),
    ],
)
def test_an_end_without_award_keeps_its_reason(world, action, source):
    stand = stand_before(world, "nomination", action, source)

    stand.fire()

    assert fresh(stand.record).outcome_reason == "Lý do."


@pytest.mark.parametrize("action", ["approve", "refuse"])
def test_whoever_settles_is_kept_as_account_and_as_person(world, action):
    stand = stand_before(world, "nomination", action, "accepted")

    stand.fire()

    settled = fresh(stand.record)
    assert settled.settled_by == world.signatory
    assert settled.settled_by_person == world.signatory.person
    assert settled.settled_at == world.noon


def test_the_letter_names_who_signed_it_off(world):
    letter = fresh(a_signed_letter(world))

    assert (letter.approved_by, letter.approved_at) == (world.signatory, world.noon)
    assert letter.signatory_name == "Triệu Văn Ngọc"


def test_a_numbered_letter_carries_number_and_day(world):
    letter = fresh(numbered_letter(a_signed_letter(world), world.registrar))

    assert (letter.number, letter.issued_on) == (1, dt.date(2025, 11, 20))
    assert LetterLine.objects.get(letter=letter).nomination.state == S.FORWARDED
