"""A machine that does what anybody might do, in any order, and finds no way round the tables.

After each step the whole world is looked at: see `Life.look`. Longer: HYPOTHESIS_PROFILE=long.
"""

import collections
import dataclasses
import datetime as dt
import os

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from awards.actions import council as council_acts
from awards.actions import decisions, letters, proposals, reports
from awards.actions.lines import as_it_stands, confirm_lines
from awards.models import (
    AgendaItem,
    CouncilMeeting,
    Decision,
    IssuedNumber,
    LetterLine,
    Nomination,
    Proposal,
    Register,
    RegisterEntry,
    Submission,
    SubmissionLetter,
)
from awards.models.nomination import ENDED
from awards.queries import nomination_fingerprint
from awards.workflow import DECISION, LETTER, MEETING, NOMINATION, PROPOSAL
from staff.models import RoleAssignment, User
from tests.conftest import make_person, make_user
from tests.factories import (
    accepted,
    approved,
    assembled,
    closed_meeting,
    complete,
    counted,
    forwarded,
    fresh,
    issued,
    opened_meeting,
    printed,
    submit,
    upload,
)
from thidua.core import audit
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role, roles_of
from thidua.core.workflow import Refused

TABLES = {
    Proposal: PROPOSAL,
    Nomination: NOMINATION,
    CouncilMeeting: MEETING,
    SubmissionLetter: LETTER,
    Decision: DECISION,
}
SNAPSHOT = " UNION ALL ".join(
    [f"SELECT '{m._meta.db_table}', id, state, version FROM {m._meta.db_table}" for m in TABLES]
    + [
        f"SELECT '{m._meta.db_table}', count(*), '', coalesce(max(id), 0) FROM {m._meta.db_table}"
        for m in (AuditEntry, IssuedNumber, Submission, RegisterEntry)
    ]
    + ["SELECT 'log', sequence, entry_hash, 0 FROM core_audithead ORDER BY 1, 2"]
)
LARGER_ACTS = sorted({row.within for table in TABLES.values() for row in table.rows.values()})
SENT = {
    *("submitted", "accepted", "approved", "decided", "awarded"),
    *("endorsed", "forwarded", "not_endorsed", "not_granted", "refused", "declined"),
}
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
PROFILE = settings(
    max_examples=150 if LONG else 10,
    stateful_step_count=80 if LONG else 45,
    derandomize=not LONG,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
# Mostly the person whose turn it is; else anybody, by place in the list of actors.
somebody = st.one_of(st.none(), st.none(), st.none(), st.integers(0, 30))
place = st.integers(0, 30)
rarely = st.integers(0, 9).map(lambda n: n == 0)


ACTS = [
    *("add", "complete_all", "send", "send", "take_back", "write", "send_again", "send_again"),
    *("try_any_row_outside_its_act", "try_any_row_outside_its_act"),
    *("review", "review", "review", "review", "settle", "settle", "settle", "settle"),
    *("number_a_decision", "close_a_decision", "close_a_decision"),
    *("open_a_meeting", "count", "count", "count", "close_a_meeting", "close_a_meeting"),
    *("move_a_letter", "move_a_letter", "answer", "answer", "answer"),
]


class Life(RuleBasedStateMachine):
    """The life of some nominations of two units on both routes; the stage is set by the test."""

    stage: "Stage"

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.states, self.last_seen = {}, None
        self.seen = AuditEntry.objects.count()
        self.moves = collections.Counter()

    def teardown(self):
        broken = audit.first_broken()
        REACHED.update(self.moves)
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert broken is None

    # --- Helpers ---------------------------------------------------------------------------

    def who(self, turn, role=None, unit=None):
        """Return the person whose turn it is, or whoever was drawn."""
        if turn is not None:
            return self.stage.actors[turn % len(self.stage.actors)]
        return self.stage.heads[unit] if unit else self.stage.cast[role]

    def pick(self, model, at, **wanted):
        rows = list(model._base_manager.filter(**wanted).order_by("pk"))
        return rows[at % len(rows)] if rows else None

    def attempt(self, act, *args, **kwargs):
        """Do something; a refusal must have changed nothing and logged nothing."""
        before = self.snapshot()
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except Refused:
            after = self.snapshot()
        assert after == before
        return None

    def snapshot(self):
        with connection.cursor() as cursor:
            cursor.execute(SNAPSHOT)
            return cursor.fetchall()

    def moment(self, late):
        return self.stage.campaign.closes_at if late else self.stage.noon

    @rule(name=st.sampled_from(ACTS), data=st.data())
    def act(self, name, data):
        """Do one thing of the list; as one rule, since a machine of many leaves most of them out."""
        getattr(self, name)(data.draw)

    # --- The unit ------------------------------------------------------------------------------

    @initialize(both=st.sampled_from([True, True, False]))
    def begin(self, both):
        """Begin with drafts, or further on: else few walks would get to the end."""
        head_start = self.stage.head_start
        for unit, head in self.stage.heads.items():
            proposal = proposals.open_proposal(
                campaign=self.stage.campaign, unit=unit, actor=head, at=self.stage.noon
            )
            forms = self.stage.forms if both else self.stage.forms[:1]
            for form in forms:
                self.add_one(proposal, unit, form, head, "Hai thành tích.", self.stage.noon)
            person = unit.people.order_by("pk").first()
            self.add_one(proposal, person, self.stage.letter_form, head, "", self.stage.noon)
            complete(fresh(proposal))
            if head_start >= 1:
                submit(fresh(proposal))
        signatory, secretary = (
            self.stage.cast[role] for role in (Role.SIGNATORY, Role.COUNCIL_SECRETARY)
        )
        registrar = self.stage.cast[Role.REGISTRAR]
        for nomination in Nomination.objects.order_by("pk") if head_start >= 2 else ():
            accepted(nomination, self.stage.cast[Role.APPRAISER])
            if head_start >= 3 and nomination.award_form == self.stage.letter_form:
                approved(nomination, signatory)
        if head_start >= 4:
            issued(self.stage.letter_form, registrar)
        if head_start >= 3 and both:
            meeting = opened_meeting(self.stage.council, self.stage.forms[1], secretary)
            counted(meeting, secretary)  # `count` may still change each
            if head_start >= 4:
                letter = closed_meeting(meeting, secretary)
                if head_start >= 5:
                    forwarded(letter, signatory, registrar)

    def add_one(self, proposal, subject, form, actor, reason, at):
        is_unit = subject == proposal.unit
        return self.attempt(
            proposals.add_nomination,
            proposal=proposal,
            award_form=form,
            subject_kind="unit" if is_unit else "person",
            person=None if is_unit else subject,
            recipient_unit=subject if is_unit else None,
            both_forms_reason=reason,
            actor=actor,
            at=at,
        )

    def add(self, draw):
        unit = draw(st.sampled_from(self.stage.units))
        subject = draw(st.sampled_from([unit, *unit.people.order_by("pk")]))
        form = draw(st.sampled_from(self.stage.forms))
        actor = self.who(draw(somebody), unit=unit)
        reason = draw(st.sampled_from(["", "Hai."]))
        proposal = Proposal.objects.get(unit=unit)
        self.add_one(proposal, subject, form, actor, reason, self.moment(draw(rarely)))

    def complete_all(self, draw):
        proposal = Proposal.objects.get(unit=draw(st.sampled_from(self.stage.units)))
        if proposal.nominations.exclude(state="withdrawn").exists():
            self.attempt(complete, proposal)

    def send(self, draw):
        turn = draw(somebody)
        late = draw(rarely)
        unit = draw(st.sampled_from(self.stage.units))
        proposal, actor = Proposal.objects.get(unit=unit), self.who(turn, unit=unit)
        self.attempt(
            proposals.submit_proposal, proposal=proposal, actor=actor, at=self.moment(late)
        )

    def take_back(self, draw):
        turn = draw(somebody)
        unit = draw(st.sampled_from(self.stage.units))
        self.attempt(
            proposals.withdraw_proposal,
            proposal=Proposal.objects.get(unit=unit),
            note="Sửa.",
            actor=self.who(turn, unit=unit),
            at=self.stage.noon,
        )

    def write(self, draw):
        n = draw(place)
        turn = draw(somebody)
        text = draw(st.sampled_from(["Bổ sung.", "Khác.", ""]))
        nomination = self.pick(Nomination, n)
        self.attempt(
            reports.write_report,
            nomination=nomination,
            texts={s.heading_id: text for s in nomination.report.sections.all()[:1]},
            version=nomination.report.version,
            actor=self.who(turn, unit=nomination.proposal.unit),
            at=self.stage.noon,
        )

    def send_again(self, draw):
        n = draw(place)
        turn = draw(somebody)
        late = draw(rarely)
        nomination = self.pick(Nomination, n, state="returned") or self.pick(Nomination, n)
        self.attempt(
            proposals.resubmit_nomination,
            nomination=nomination,
            actor=self.who(turn, unit=nomination.proposal.unit),
            at=self.moment(late),
        )

    # --- Any row of any table, by anybody ------------------------------------------------------

    def try_any_row_outside_its_act(self, draw):
        t = draw(place)
        a = draw(place)
        n = draw(place)
        who = draw(place)
        note = draw(st.sampled_from(["", "Lý do."]))
        within = draw(st.sampled_from(LARGER_ACTS))
        confirmed = draw(st.booleans())
        model = list(TABLES)[t % len(TABLES)]
        record, rows = self.pick(model, n), list(TABLES[model].rows.values())
        row = rows[a % len(rows)]
        if record is None or (row.within and row.within == within):
            return  # the larger acts themselves are rules of their own
        self.attempt(
            TABLES[model].fire,
            record,
            row.action,
            actor=self.stage.actors[who % len(self.stage.actors)],
            at=self.stage.noon,
            note=note,
            within=within,
            confirmed=confirmed,
        )

    def review(self, draw):
        n = draw(place)
        turn = draw(somebody)
        action = draw(st.sampled_from(["accept", "accept", "return", "decline"]))
        self.judge(n, "submitted", action, self.who(turn, Role.APPRAISER))

    def settle(self, draw):
        n = draw(place)
        turn = draw(somebody)
        action = draw(st.sampled_from(["approve", "approve", "refuse"]))
        self.judge(n, "accepted", action, self.who(turn, Role.SIGNATORY))

    def judge(self, n, state, action, actor):
        nomination = self.pick(Nomination, n, state=state) or self.pick(Nomination, n)
        self.attempt(
            NOMINATION.fire,
            nomination,
            action,
            actor=actor,
            at=self.stage.noon,
            note="Lý do.",
            confirmed=True,
        )

    # --- The agency's own decision -------------------------------------------------------------

    def number_a_decision(self, draw):
        """Number; while lines wait for their unit, somebody else is tried, then the unit itself."""
        turn = draw(somebody)
        f = draw(rarely)
        form = self.stage.forms[1 if f else 0]
        for hand in (turn, None):
            decision = self.attempt(
                decisions.issue_decision,
                award_form=form,
                issued_on=self.stage.noon.date(),
                actor=self.who(turn, Role.REGISTRAR),
                at=self.stage.noon,
            )
            if decision:
                assert all(line.nomination.line_confirmed_at for line in decision.lines.all())
            self.confirm_every_line(hand)

    def confirm_every_line(self, turn):
        """Try to mend the line of every nomination, whatever has become of it."""
        for nomination in Nomination.objects.select_related("proposal__unit").order_by("pk"):
            line = dataclasses.replace(as_it_stands(nomination), title=f"Chức vụ {nomination.pk}")
            changed = self.attempt(
                confirm_lines,
                proposal=nomination.proposal,
                lines=[line],
                reason="Trưởng phòng nghỉ phép.",
                actor=self.who(turn, unit=nomination.proposal.unit),
                at=self.stage.noon,
            )
            assert not changed or nomination.state == "approved"

    def close_a_decision(self, draw):
        n = draw(place)
        turn = draw(somebody)
        papers = draw(st.booleans())
        decision = self.pick(Decision, n, state="numbered") or self.pick(Decision, n)
        if decision is None:
            return
        if papers and decision.state == "numbered":
            printed(decision)
        self.attempt(
            decisions.close_decision,
            decision=decision,
            upload=upload(),
            signed_on=self.stage.noon.date(),
            actor=self.who(turn, Role.REGISTRAR),
            at=self.stage.noon,
        )

    # --- The council and the superior ----------------------------------------------------------

    def open_a_meeting(self, draw):
        turn = draw(somebody)
        f = draw(rarely)
        self.attempt(
            council_acts.open_meeting,
            council=self.stage.council,
            award_form=self.stage.forms[0 if f else 1],
            held_at=self.stage.noon - dt.timedelta(hours=2),
            place="Phòng họp",
            actor=self.who(turn, Role.COUNCIL_SECRETARY),
            at=self.stage.noon,
        )

    def count(self, draw):
        n = draw(place)
        turn = draw(somebody)
        for_count = draw(st.integers(0, 4))
        against_count = draw(st.integers(0, 2))
        item = self.pick(AgendaItem, n, meeting__state="open") or self.pick(AgendaItem, n)
        if item is None:
            return
        self.attempt(
            council_acts.record_votes,
            item=item,
            for_count=for_count,
            against_count=against_count,
            actor=self.who(turn, Role.COUNCIL_SECRETARY),
            at=self.stage.noon,
        )

    def close_a_meeting(self, draw):
        n = draw(place)
        turn = draw(somebody)
        meeting = self.pick(CouncilMeeting, n, state="open") or self.pick(CouncilMeeting, n)
        if meeting is None:
            return
        self.attempt(
            council_acts.close_meeting,
            meeting=meeting,
            ended_at=self.stage.noon,
            actor=self.who(turn, Role.COUNCIL_SECRETARY),
            at=self.stage.noon,
        )

    def move_a_letter(self, draw):
        n = draw(place)
        turn = draw(somebody)
        act = draw(st.sampled_from(["approve", "number"]))
        letter = self.pick(SubmissionLetter, n)
        if letter is None:
            return
        if act == "approve":
            signatory = self.who(turn, Role.SIGNATORY)
            self.attempt(
                LETTER.fire, letter, "approve", actor=signatory, at=self.stage.noon, confirmed=True
            )
        else:
            numbered = self.attempt(
                letters.number_letter,
                letter=letter,
                issued_on=self.stage.noon.date(),
                actor=self.who(turn, Role.REGISTRAR),
                at=self.stage.noon,
            )
            if numbered:
                assembled(numbered)

    def answer(self, draw):
        n = draw(place)
        turn = draw(somebody)
        granted = draw(st.booleans())
        complete_answer = draw(st.sampled_from([True, True, False]))
        line = self.pick(LetterLine, n, outcome=None) or self.pick(LetterLine, n)
        if line is None:
            return
        self.attempt(
            letters.record_outcome,
            line=line,
            is_granted=granted,
            decision_number="2170/QĐ-UBND" if complete_answer else "",
            decided_on=self.stage.noon.date(),
            reason="Chưa đủ." if complete_answer else "",
            actor=self.who(turn, Role.APPRAISER),
            at=self.stage.noon,
        )

    # --- The whole world -----------------------------------------------------------------------

    @invariant()
    def look(self):
        now = self.snapshot()
        if now == self.last_seen:
            return
        self.last_seen = now
        self.states_move_by_the_tables_alone()
        self.people_keep_apart()
        self.names_and_texts_hold()
        self.numbers_are_whole()

    def states_move_by_the_tables_alone(self):
        """Replay the new entries of the log on what was known; the result is what stands."""
        labels = {model._meta.label_lower: model for model in TABLES}
        entries = AuditEntry.objects.filter(sequence__gt=self.seen).order_by("sequence")
        for entry in entries.select_related("actor"):
            self.seen = entry.sequence
            if "state" not in entry.changes:
                continue
            model = labels[entry.subject_type]
            row = TABLES[model].rows[entry.action.rsplit(".", 1)[1]]
            source, target = entry.changes["state"]
            key = (model, int(entry.subject_id))
            first = next(iter(TABLES[model].states)).value
            assert self.states.get(key, first) == source
            assert source in row.sources
            assert target == row.target
            assert roles_of(entry.actor) & row.who.roles
            assert entry.note or not row.needs_note
            self.states[key] = target
            self.moves[model._meta.model_name, row.action] += 1
        for model, table in TABLES.items():
            first = next(iter(table.states)).value
            for pk, state in model._base_manager.values_list("pk", "state"):
                assert self.states.get((model, pk), first) == state

    def people_keep_apart(self):
        for n in Nomination.objects.all():
            makers = {n.created_by_id, n.submitted_by_id, n.author_id} - {None}
            assert n.reviewed_by_id not in makers
            assert n.settled_by_id is None or n.settled_by_id not in {*makers, n.reviewed_by_id}
            assert n.person_id is None or n.person_id not in {
                n.settled_by_person_id,
                n.reviewed_by.person_id if n.reviewed_by else None,
            }

    def names_and_texts_hold(self):
        live, alone = collections.Counter(), collections.Counter()
        for n in Nomination.objects.select_related("award_form", "report", "unit_vote"):
            if n.state in SENT:
                assert n.content_sha256 == nomination_fingerprint(n)
            if n.state not in ENDED:
                subject = (n.person_id, n.recipient_unit_id)
                live[n.award_form_id, subject] += 1
                alone[subject] += not n.both_forms_reason
            assert n.subject_kind == "unit" or n.award_form == self.stage.letter_form
        assert not live or max(live.values()) == 1
        assert not alone or max(alone.values()) <= 1
        assert not Submission.objects.filter(
            submitted_at__gte=self.stage.campaign.closes_at
        ).exists()

    def numbers_are_whole(self):
        awarded = set(Nomination.objects.filter(state="awarded").values_list("pk", flat=True))
        assert set(RegisterEntry.objects.values_list("nomination_id", flat=True)) == awarded
        for decision in Decision.objects.prefetch_related("lines"):
            ordinals = [line.ordinal for line in decision.lines.all()]
            assert ordinals == list(range(1, len(ordinals) + 1))
            assert ordinals
            for line in decision.lines.select_related("nomination"):
                confirmed = line.nomination.printed_name, line.nomination.printed_title
                assert (line.recipient_name, line.recipient_title) == confirmed
        for register in Register.objects.prefetch_related("numbers"):
            taken = [number.number for number in register.numbers.all()]
            assert taken == list(range(1, register.last_number + 1))
        # Each number belongs to a record that stands.
        used = {
            "decision": Decision.objects.count(),
            "letter": SubmissionLetter.objects.filter(number__isnull=False).count(),
            "minutes": CouncilMeeting.objects.filter(number__isnull=False).count(),
            "receipt": Submission.objects.count(),
            "commendation": RegisterEntry.objects.count(),
        }
        given = dict(Register.objects.values_list("book", "last_number"))
        assert given == {book: count for book, count in used.items() if count}


class Stage:
    """What stands before a life begins: people, units, the plan, the council."""


REACHED: collections.Counter = collections.Counter()


@pytest.fixture
def stage_of_life(
    cast, unit, other_unit, other_head, people, campaign, letter_form, merit_form, council, noon
):
    stage = Stage()
    stage.cast, stage.campaign, stage.council, stage.noon = cast, campaign, council, noon
    stage.units = [unit, other_unit]
    stage.heads = {unit: cast[Role.UNIT_HEAD], other_unit: other_head}
    stage.forms = [letter_form, merit_form]
    stage.letter_form = letter_form
    # One person who holds everything, and a nominee who also reviews and signs.
    everything = make_user(make_person(other_unit, "Ma Văn Tú"), Role.APPRAISER, "tat-ca")
    nominee = make_user(people[0], Role.APPRAISER, "nguoi-duoc-de-nghi")
    for user, role, at in [
        (everything, Role.SIGNATORY, None),
        (everything, Role.REGISTRAR, None),
        (everything, Role.COUNCIL_SECRETARY, None),
        (everything, Role.UNIT_HEAD, unit),
        (nominee, Role.SIGNATORY, None),
    ]:
        RoleAssignment.objects.create(user=user, role=role, unit=at, from_on=dt.date(2025, 1, 1))
    stage.actors = [
        *cast.values(),
        other_head,
        User.objects.get(pk=everything.pk),
        User.objects.get(pk=nominee.pk),
    ]
    return stage


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("head_start", "reached"),
    [
        (0, {("nomination", "submit"), ("nomination", "accept"), ("nomination", "approve")}),
        (1, {("nomination", "accept"), ("nomination", "return"), ("nomination", "decline")}),
        (3, {("nomination", "issue"), ("nomination", "endorse"), ("councilmeeting", "close")}),
        (5, {("nomination", "award"), ("nomination", "grant"), ("nomination", "deny")}),
    ],
    ids=["from drafts", "from sent", "from accepted", "from sent on"],
)
def test_no_order_of_acts_by_anybody_finds_a_way_round_the_tables(
    stage_of_life, head_start, reached
):
    stage_of_life.head_start = head_start
    Life.stage = stage_of_life
    REACHED.clear()

    run_state_machine_as_test(Life, settings=PROFILE)

    # The walk is worth nothing if it never gets far.
    assert reached <= set(REACHED)
