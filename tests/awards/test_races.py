"""People at once: real threads on a real database. One wins, the others read what happened.

Nobody may ever wait in a ring: a deadlock is an OperationalError and fails the test.
"""

import contextvars
import dataclasses
import functools
import random
import re
import threading
import time

import pytest
from django.db import connections, transaction

from awards.actions import council as council_acts
from awards.actions import decisions, letters, proposals, reports, unit_papers
from awards.actions.lines import as_it_stands, confirm_lines
from awards.actions.numbers import take_number
from awards.actions.printing import start_run
from awards.models import (
    Book,
    CouncilMeeting,
    Decision,
    IssuedNumber,
    Nomination,
    PrintedLine,
    Proposal,
    Register,
    RegisterEntry,
    Submission,
    SubmissionLetter,
    SuperiorOutcome,
)
from awards.queries.printing import left_of
from awards.workflow import NOMINATION
from campaigns.actions import create_draft
from campaigns.models import AwardForm, PlanDraft
from staff.models import User
from tests.conftest import make_person, make_user
from tests.factories import (
    accepted,
    approved,
    approved_letter,
    blank,
    complete_proposal,
    counted,
    draft_proposal,
    endorsed,
    forwarded,
    fresh,
    issued,
    nominate,
    opened_meeting,
    print_run,
    printed,
    printer,
    returned,
    sent,
    upload,
)
from thidua.core import audit, clock, jobs
from thidua.core.models import AuditEntry, Job, StoredFile
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 32


def together(*works, seconds=30):
    """Let every work begin at the same instant, each in its own thread and connection.

    Returns what each returned, or the refusal it met; anything else fails the test.
    """
    start = threading.Barrier(len(works))
    ends = [None] * len(works)

    def body(place):
        try:
            start.wait(timeout=seconds)
            ends[place] = works[place]()
        except Exception as error:  # noqa: BLE001 -- judged below, in the main thread
            ends[place] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(body, place), daemon=True)
        for place in range(len(works))
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=max(0.0, began + seconds - time.monotonic()))
    assert not any(thread.is_alive() for thread in threads), "somebody still waits"
    for end in ends:
        if isinstance(end, Exception) and not isinstance(end, Refused):
            raise end
    return ends


def one_winner(ends):
    """Return what the only winner returned and the sentences that the others read."""
    winners = [end for end in ends if not isinstance(end, Refused)]
    assert len(winners) == 1, winners
    return winners[0], [str(end) for end in ends if isinstance(end, Refused)]


def as_account(user):
    """Return the account as its own request reads it."""
    return User.objects.get(pk=user.pk)


# --- One record, many people -------------------------------------------------------------------


def test_32_reviews_of_one_nomination_have_one_winner_and_31_who_read_what_happened(
    cast, unit, campaign, letter_form, noon
):
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form))
    logged = AuditEntry.objects.count()

    def review(action, reviewer):
        record, actor = Nomination.objects.get(pk=nomination.pk), as_account(reviewer)
        return NOMINATION.fire(record, action, actor=actor, at=noon, note="Bổ sung mục 3.")

    ends = together(
        *(lambda: review("accept", cast[Role.APPRAISER]) for _ in range(CROWD // 2)),
        *(lambda: review("return", cast[Role.OFFICE_CHIEF]) for _ in range(CROWD // 2)),
    )

    winner, sentences = one_winner(ends)
    now, entry = fresh(nomination), AuditEntry.objects.first()
    assert now.state == winner.state in {"accepted", "returned"}
    assert now.reviewed_by.display_name == entry.actor_name
    assert AuditEntry.objects.count() == logged + 1
    assert len(sentences) == CROWD - 1
    assert all(isinstance(end, Conflict) for end in ends if isinstance(end, Refused))
    hour = f"{entry.at.astimezone(clock.VIET_NAM):%H:%M %d/%m/%Y}"
    told = f"{entry.actor_name} đã «{entry.action_label}» lúc {hour}."
    assert [told in sentence for sentence in sentences] == [True] * (CROWD - 1)
    assert audit.first_broken() is None


def test_32_clicks_on_send_make_one_receipt(cast, unit, campaign, people, letter_form, noon):
    proposal, _ = complete_proposal(
        unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form), (people[0], letter_form)
    )

    def send():
        return proposals.submit_proposal(
            proposal=Proposal.objects.get(pk=proposal.pk),
            actor=as_account(cast[Role.UNIT_HEAD]),
            at=noon,
        )

    winner, sentences = one_winner(together(*[send] * CROWD))

    assert Submission.objects.get() == winner
    assert set(proposal.nominations.values_list("state", flat=True)) == {"submitted"}
    assert IssuedNumber.objects.get(register__book=Book.RECEIPT).number == 1
    assert all("Lý Thị Đào đã «Gửi Văn phòng» lúc " in sentence for sentence in sentences)
    assert audit.first_broken() is None


def test_32_clicks_on_the_number_make_one_decision(cast, unit, campaign, people, letter_form, noon):
    for nomination in sent(
        unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form), (people[0], letter_form)
    ):
        approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])

    def number():
        return decisions.issue_decision(
            award_form=AwardForm.objects.get(pk=letter_form.pk),
            issued_on=noon.date(),
            actor=as_account(cast[Role.REGISTRAR]),
            at=noon,
        )

    ends = together(*[number] * CROWD)

    winner, sentences = one_winner(ends)
    assert Decision.objects.get() == winner
    assert [line.ordinal for line in winner.lines.all()] == [1, 2]
    assert IssuedNumber.objects.get(register__book=Book.DECISION).number == 1
    assert all(isinstance(end, Conflict) for end in ends if end is not winner)
    assert all("có thể vừa được cấp số" in sentence for sentence in sentences)
    assert audit.first_broken() is None


def test_a_line_confirmed_while_the_number_is_given_is_printed_or_refused(
    cast, unit, campaign, people, letter_form, noon
):
    """Whatever comes first, the list says what the nomination says, and nothing changes after."""
    for nomination in sent(
        unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form), (people[0], letter_form)
    ):
        approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
    proposal = nomination.proposal

    def number():
        return decisions.issue_decision(
            award_form=AwardForm.objects.get(pk=letter_form.pk),
            issued_on=noon.date(),
            actor=as_account(cast[Role.REGISTRAR]),
            at=noon,
        )

    def confirm(place):
        lines = [
            dataclasses.replace(as_it_stands(n), title=f"Chức vụ {place}")
            for n in Nomination.objects.order_by("-pk")
        ]
        return confirm_lines(
            proposal=proposal, lines=lines, actor=as_account(cast[Role.UNIT_HEAD]), at=noon
        )

    works = [number] * 4 + [lambda place=place: confirm(place) for place in range(12)]
    random.Random(3).shuffle(works)
    ends = together(*works)

    refusals = [end for end in ends if isinstance(end, Refused)]
    assert all(isinstance(end, Conflict) for end in refusals)
    decision = Decision.objects.get()
    titles = {
        (line.recipient_title, line.nomination.printed_title) for line in decision.lines.all()
    }
    assert len(titles) == 1, "one confirmation for both lines, never half of it"
    assert len(set(titles.pop())) == 1
    assert audit.first_broken() is None


def test_32_closings_of_a_decision_enter_the_register_once(
    cast, unit, campaign, people, letter_form, noon
):
    for nomination in sent(
        unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form), (people[0], letter_form)
    ):
        approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
    decision = printed(issued(letter_form, cast[Role.REGISTRAR]))

    def close():
        return decisions.close_decision(
            decision=Decision.objects.get(pk=decision.pk),
            upload=upload(),
            signed_on=noon.date(),
            actor=as_account(cast[Role.REGISTRAR]),
            at=noon,
        )

    _, sentences = one_winner(together(*[close] * CROWD))

    assert sorted(RegisterEntry.objects.values_list("number", flat=True)) == [1, 2]
    assert Register.objects.get(book=Book.COMMENDATION).last_number == 2
    assert all("Mai Thị Oanh đã «Ban hành» lúc " in sentence for sentence in sentences)
    assert audit.first_broken() is None


def test_32_closings_of_a_meeting_make_one_letter(cast, unit, campaign, merit_form, council, noon):
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, merit_form))
    accepted(nomination, cast[Role.APPRAISER])
    secretary = cast[Role.COUNCIL_SECRETARY]
    meeting = counted(opened_meeting(council, merit_form, secretary), secretary)

    def close():
        return council_acts.close_meeting(
            meeting=CouncilMeeting.objects.get(pk=meeting.pk),
            ended_at=noon,
            actor=as_account(secretary),
            at=noon,
        )

    winner, sentences = one_winner(together(*[close] * CROWD))

    assert SubmissionLetter.objects.get() == winner
    assert IssuedNumber.objects.get(register__book=Book.MINUTES).number == 1
    assert fresh(nomination).state == "endorsed"
    assert all("Phiên họp đã kết thúc" in sentence for sentence in sentences)
    assert audit.first_broken() is None


def test_32_answers_for_one_line_are_recorded_once(cast, unit, campaign, merit_form, council, noon):
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, merit_form))
    accepted(nomination, cast[Role.APPRAISER])
    letter = forwarded(
        endorsed(council, merit_form, cast[Role.COUNCIL_SECRETARY]),
        cast[Role.SIGNATORY],
        cast[Role.REGISTRAR],
    )
    line = letter.lines.get()

    def answer(granted):
        return letters.record_outcome(
            line=type(line).objects.get(pk=line.pk),
            is_granted=granted,
            decision_number="2170/QĐ-UBND",
            decided_on=noon.date(),
            reason="Chưa đủ.",
            actor=as_account(cast[Role.OFFICE_CHIEF]),
            at=noon,
        )

    ends = together(*(lambda won=place % 2 == 0: answer(won) for place in range(CROWD)))

    winner, _ = one_winner(ends)
    assert SuperiorOutcome.objects.get() == winner
    assert RegisterEntry.objects.count() == int(winner.is_granted)
    assert fresh(letter).state == "answered"
    assert audit.first_broken() is None


def test_16_heads_who_add_one_person_make_one_nomination(
    cast, unit, campaign, people, letter_form, noon
):
    proposal = draft_proposal(unit, cast[Role.UNIT_HEAD], campaign)

    def add():
        return proposals.add_nomination(
            proposal=Proposal.objects.get(pk=proposal.pk),
            award_form=AwardForm.objects.get(pk=letter_form.pk),
            subject_kind="person",
            person=people[0],
            actor=as_account(cast[Role.UNIT_HEAD]),
            at=noon,
        )

    winner, sentences = one_winner(together(*[add] * 16))

    assert Nomination.objects.get() == winner
    assert all("đã được đề nghị hình thức này trong đợt" in sentence for sentence in sentences)


def test_16_who_open_the_proposal_of_one_unit_find_the_same(cast, unit, campaign, noon):
    def open_it():
        return proposals.open_proposal(
            campaign=campaign, unit=unit, actor=as_account(cast[Role.UNIT_HEAD]), at=noon
        )

    ends = together(*[open_it] * 16)

    assert {end.pk for end in ends} == {Proposal.objects.get().pk}
    assert AuditEntry.objects.filter(action="awards.proposal.create").count() == 1


def test_two_writers_of_one_report_do_not_overwrite_each_other(
    cast, unit, campaign, letter_form, noon
):
    nomination = nominate(draft_proposal(unit, cast[Role.UNIT_HEAD], campaign), unit, letter_form)
    section = nomination.report.sections.filter(heading__is_required=True).first()

    def write(text):
        reports.write_report(
            nomination=Nomination.objects.get(pk=nomination.pk),
            texts={section.heading_id: text},
            version=1,
            actor=as_account(cast[Role.UNIT_HEAD]),
            at=noon,
        )
        return text

    ends = together(*(lambda text=f"Bản {place}": write(text) for place in range(8)))

    text, sentences = one_winner(ends)
    section.refresh_from_db()
    assert section.text == text
    assert fresh(nomination.report).version == 2
    assert all(sentence.startswith("Lý Thị Đào vừa lưu báo cáo này") for sentence in sentences)


# --- Numbers -----------------------------------------------------------------------------------


def test_32_who_take_numbers_and_often_give_up_leave_no_gap_and_no_double(cast, agency, noon):
    user, rounds, given_up = cast[Role.REGISTRAR], 6, []

    def take(seed):
        chance, kept = random.Random(seed), []
        for turn in range(rounds):
            with transaction.atomic():
                number = take_number(
                    agency, Book.DECISION, 2025, purpose=f"{seed}/{turn}", actor=user, at=noon
                )
                is_kept = chance.random() >= 0.15
                transaction.set_rollback(not is_kept)
            (kept if is_kept else given_up).append(number)
        return kept

    ends = together(*(lambda seed=seed: take(seed) for seed in range(CROWD)))

    numbers = sorted(number for kept in ends for number in kept)
    assert 10 < len(given_up) < 60
    assert numbers == list(range(1, CROWD * rounds - len(given_up) + 1))
    register = Register.objects.get()
    assert register.last_number == len(numbers)
    assert list(register.numbers.values_list("number", flat=True)) == numbers


def test_books_years_and_agencies_count_apart(cast, agency, noon):
    user = cast[Role.REGISTRAR]
    series = [(Book.DECISION, 2025), (Book.DECISION, 2026), (Book.LETTER, 2025)]

    def take(book, year):
        with transaction.atomic():
            return take_number(agency, book, year, purpose="thử", actor=user, at=noon)

    ends = together(*(lambda s=series[place % 3]: take(*s) for place in range(30)))

    assert sorted(ends) == sorted(list(range(1, 11)) * 3)


def test_32_entries_of_the_log_at_once_stand_one_after_the_other(cast):
    people = [user.person for user in cast.values()]

    def note(place):
        with transaction.atomic():
            return audit.record("try", people[place % len(people)], actor=None).sequence

    ends = together(*(lambda place=place: note(place) for place in range(CROWD)))

    assert sorted(ends) == list(range(1, CROWD + 1))
    assert audit.first_broken() is None


# --- Nobody waits in a ring --------------------------------------------------------------------


def shuffled_turns(acts, *, workers, turns, seed):
    """Let workers do random acts in random order; return how often each act went through."""
    went = dict.fromkeys(acts, 0)

    def work(place):
        chance = random.Random(f"{seed}-{place}")
        for _ in range(turns):
            name = chance.choice(sorted(acts))
            try:
                acts[name](chance)
            except Refused:
                continue
            went[name] += 1

    together(*(lambda place=place: work(place) for place in range(workers)), seconds=60)
    return went


def test_units_and_office_at_work_on_the_same_names_never_block_each_other(
    cast, unit, campaign, people, letter_form, noon
):
    head = cast[Role.UNIT_HEAD]
    proposal, names = complete_proposal(
        unit, head, campaign, (unit, letter_form), *((person, letter_form) for person in people)
    )

    def review(action):
        def act(chance):
            record = Nomination.objects.get(pk=chance.choice(names).pk)
            actor = cast[chance.choice([Role.APPRAISER, Role.OFFICE_CHIEF])]
            NOMINATION.fire(record, action, actor=actor, at=noon, note="Bổ sung.")

        return act

    def resubmit(chance):
        record = Nomination.objects.get(pk=chance.choice(names).pk)
        proposals.resubmit_nomination(nomination=record, actor=head, at=noon)

    def meet(chance):
        meeting = proposal.meeting
        columns = ("held_at", "ended_at", "place", "chair_name", "secretary_name", "total_count")
        facts = {name: getattr(meeting, name) for name in columns} | {"present_count": 7}
        votes = {name.pk: unit_papers.Votes(chance.randint(1, 7)) for name in names}
        unit_papers.record_unit_meeting(
            proposal=proposal, facts=facts, votes=votes, actor=head, at=noon
        )

    acts = {
        "send": lambda c: proposals.submit_proposal(proposal=proposal, actor=head, at=noon),
        "take back": lambda c: proposals.withdraw_proposal(
            proposal=proposal, note="Sửa.", actor=head, at=noon
        ),
        "resubmit": resubmit,
        "meet": meet,
        "return": review("return"),
    }

    went = shuffled_turns(acts, workers=8, turns=12, seed="unit")

    assert went["send"] >= 1
    assert went["return"] >= 1
    assert went["resubmit"] >= 1
    for nomination in Nomination.objects.filter(state="submitted"):
        NOMINATION.fire(nomination, "accept", actor=cast[Role.APPRAISER], at=noon)
    assert audit.first_broken() is None


def test_a_resubmission_and_a_withdrawal_of_the_proposal_never_block_each_other(
    cast, unit, campaign, people, letter_form, noon
):
    head = cast[Role.UNIT_HEAD]
    names = sent(unit, head, campaign, *((person, letter_form) for person in people))
    proposal = names[0].proposal

    for _ in range(6):
        for name in names:
            if fresh(name).state == "submitted":
                returned(fresh(name), cast[Role.APPRAISER])
        together(
            *(
                lambda name=name: proposals.resubmit_nomination(
                    nomination=name, actor=head, at=noon
                )
                for name in names
            ),
            *(
                lambda: proposals.withdraw_proposal(
                    proposal=proposal, note="Sửa.", actor=head, at=noon
                )
                for _ in range(4)
            ),
        )
        if fresh(proposal).state == "draft":
            proposals.submit_proposal(proposal=proposal, actor=head, at=noon)

    assert audit.first_broken() is None


def test_decisions_and_answers_that_enter_the_register_never_block_each_other(
    cast, unit, other_unit, other_head, campaign, people, letter_form, merit_form, council, noon
):
    registrar, chief = cast[Role.REGISTRAR], cast[Role.OFFICE_CHIEF]
    office_names = [
        *sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, merit_form), (people[0], letter_form)),
        *sent(
            other_unit,
            other_head,
            campaign,
            (other_unit, merit_form),
            (make_person(other_unit, "Ma Văn Tú"), letter_form),
        ),
    ]
    for name in office_names:
        accepted(name, cast[Role.APPRAISER])
    for name in office_names[1::2]:
        approved(fresh(name), cast[Role.SIGNATORY])
    decision = printed(issued(letter_form, registrar))
    letter = forwarded(
        endorsed(council, merit_form, cast[Role.COUNCIL_SECRETARY]),
        cast[Role.SIGNATORY],
        registrar,
    )

    def close():
        return decisions.close_decision(
            decision=decision, upload=upload(), signed_on=noon.date(), actor=registrar, at=noon
        )

    def answer(line):
        return letters.record_outcome(
            line=line,
            is_granted=True,
            decision_number="2170/QĐ-UBND",
            decided_on=noon.date(),
            actor=chief,
            at=noon,
        )

    lines = list(letter.lines.all())
    works = [close] * 4 + [lambda line=line: answer(line) for line in lines * 4]
    random.Random(7).shuffle(works)
    together(*works)

    assert sorted(RegisterEntry.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert fresh(letter).state == "answered"
    assert fresh(decision).state == "closed"
    assert set(Nomination.objects.values_list("state", flat=True)) == {"awarded"}
    assert audit.first_broken() is None


def test_two_letters_numbered_at_once_have_dates_in_the_order_of_their_numbers(
    cast, unit, other_unit, other_head, campaign, merit_form, council, noon
):
    secretary, waiting = cast[Role.COUNCIL_SECRETARY], []
    for at_unit, head in ((unit, cast[Role.UNIT_HEAD]), (other_unit, other_head)):
        [nomination] = sent(at_unit, head, campaign, (at_unit, merit_form))
        accepted(nomination, cast[Role.APPRAISER])
        letter = endorsed(council, merit_form, secretary)
        waiting.append(approved_letter(letter, cast[Role.SIGNATORY]))
    days = [noon.date().replace(day=18), noon.date().replace(day=20)]

    def number(place):
        return letters.number_letter(
            letter=waiting[place], issued_on=days[place], actor=cast[Role.REGISTRAR], at=noon
        )

    together(lambda: number(0), lambda: number(1))

    dated = SubmissionLetter.objects.filter(number__isnull=False).order_by("number")
    assert [letter.issued_on for letter in dated] == sorted(letter.issued_on for letter in dated)
    assert [letter.number for letter in dated] == list(range(1, len(dated) + 1))


def test_accounts_are_not_needed_to_be_different_for_a_conflict_to_be_told(
    cast, unit, campaign, letter_form, noon
):
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form))
    actor = make_user(
        make_person(unit.agency.units.get(kind="office"), "Ma Văn Tú"), Role.APPRAISER, "tu"
    )

    def accept():
        return NOMINATION.fire(fresh(nomination), "accept", actor=actor, at=noon)

    _, sentences = one_winner(together(accept, accept))

    assert re.search(r"Ma Văn Tú đã «Chấp nhận» lúc \d\d:\d\d", sentences[0])


def test_a_plan_sent_by_an_impatient_hand_is_read_once(agency, cast, noon):
    def send():
        return create_draft(
            agency=agency,
            upload=None,
            text="KẾ HOẠCH",
            actor=as_account(cast[Role.APPRAISER]),
            at=noon,
            form_key="a1b2",
        )

    ends = together(*[send] * 8)

    assert {draft.pk for draft in ends} == {PlanDraft.objects.get().pk}
    assert AuditEntry.objects.count() == 1


# --- The printing room -------------------------------------------------------------------------


def test_32_at_one_stock_never_take_a_blank_that_is_not_there(
    cast, unit, agency, campaign, letter_form, noon
):
    """Sixteen decisions, each printed twice at once, and nine blanks: nine are printed."""
    registrar, count = cast[Role.REGISTRAR], 9
    stock, by = blank(agency, registrar, count=count), printer(agency, registrar)
    pairs = [(make_person(unit, f"Người {n:02d}"), letter_form) for n in range(CROWD // 2)]
    lines = []
    for nomination in sent(unit, cast[Role.UNIT_HEAD], campaign, *pairs):
        approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
        lines.append(printed(issued(letter_form, registrar)).lines.get())

    def take(line):
        return start_run(
            decision=Decision.objects.get(pk=line.decision_id), line_ids=[line.pk], blank=stock,
            printer=by, reason="In lại.", seen=0, actor=as_account(registrar), at=noon,
        )  # fmt: skip

    ends = together(*(functools.partial(take, line) for line in [*lines, *lines]))

    runs = [end for end in ends if not isinstance(end, Refused)]
    assert len({run.decision_id for run in runs}) == len(runs) == count
    assert left_of(stock) == 0
    assert PrintedLine.objects.filter(ordinal=1).count() == PrintedLine.objects.count() == count
    told = [str(end) for end in ends if isinstance(end, Refused) and not isinstance(end, Conflict)]
    assert all("còn 0 tờ, cần 1 tờ" in sentence for sentence in told)
    assert Job.objects.filter(function="awards.jobs.make_print_run").count() == count
    assert audit.first_broken() is None


def test_32_who_make_the_file_of_one_run_make_one(
    cast, unit, agency, campaign, people, letter_form
):
    registrar = cast[Role.REGISTRAR]
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (people[0], letter_form))
    approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
    run = print_run(printed(issued(letter_form, registrar)), registrar)
    job = jobs.latest_for(run)
    kept = StoredFile.objects.count()

    together(*(lambda: jobs.run(job.pk) for _ in range(CROWD)))

    assert StoredFile.objects.count() == kept + 1
    assert fresh(run).file_id
    assert AuditEntry.objects.filter(action="awards.printrun.print").count() == 1
