"""Every address by every role, for the own unit, another unit, and another agency.

The table is data, written by hand; a first test compares it with the resolver, so a forgotten
address is a red build. Past the door stands the room: a record of another unit or agency
answers as if it did not exist. A refusal also asserts that nothing happened.
"""

import dataclasses
import datetime as dt

import lxml.html
import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from awards.actions.evidence import attach_evidence
from campaigns.actions import create_draft, load_plan
from campaigns.actions.announcements import publish_announcement
from campaigns.actions.questions import ask_question
from campaigns.models import CalendarDay, Provision
from staff.models import RoleAssignment, User
from tests import factories
from tests.conftest import make_person, make_unit
from thidua.core import clock, confined
from thidua.core.models import AuditEntry, Job
from thidua.core.permissions import Role, roles_of
from units.models import Agency

R = Role
ALL = frozenset(Role)
HEAD = frozenset({R.UNIT_HEAD})
WRITERS = HEAD | {R.STAFF_MEMBER}
OFFICE = frozenset({R.APPRAISER, R.OFFICE_CHIEF})
CHIEF = frozenset({R.OFFICE_CHIEF})
SIGNER = frozenset({R.SIGNATORY})
REGISTRAR = frozenset({R.REGISTRAR})
SECRETARY = frozenset({R.COUNCIL_SECRETARY})
COUNCIL = frozenset({R.COUNCIL_MEMBER, R.COUNCIL_SECRETARY})
ADMIN = frozenset({R.ADMINISTRATOR})
KEEPER = frozenset({R.HOLD_KEEPER})
PRINTERS = REGISTRAR | CHIEF
ISSUERS = OFFICE | SIGNER | REGISTRAR
READERS = WRITERS | OFFICE | SIGNER | COUNCIL
NOBODY = frozenset()

# Files that the world below has not made: not found even for those in the room.
NOT_MADE_YET = {
    *("emblem_file", "decision_signed_file", "plan_draft_file", "money_list_file"),
    *("blank_scan_file", "print_run_file", "report_word_file", "hold_file"),
    *("kept_file", "kept_page", "submission_package"),
}
# Why somebody waits: on no page but those of the hold register's keepers.
CANARIES = {"reason": "vì-chuyện-9317", "document_number": "9317/TTr-KÍN"}
PUBLIC = {"login", "logout", "healthz", "certificate_check"}


@dataclasses.dataclass(frozen=True)
class Row:
    """An address: how it is asked, who passes the door, and whose the record in the room is.

    `record` names it in the world; `own` and `other` say for whom of those past the door the
    record of the own unit, and that of another, exists. Without a record there is no room.
    """

    method: str
    door: frozenset
    record: str = ""
    own: frozenset = NOBODY
    other: frozenset = NOBODY


def page(method, door):
    return Row(method, door)


def shared(method, door, record):
    """A record of the agency: whoever passes the door sees it."""
    return Row(method, door, record, own=door, other=door)


def of_unit(method, door, record, beyond=NOBODY):
    """A record of a unit: its own people see it, and those `beyond` see every unit's."""
    own = (
        (door & (WRITERS | beyond))
        if record in {"nomination", "evidence", "claim"}
        else door - {R.STAFF_MEMBER}
    )
    return Row(method, door, record, own=own, other=door & beyond)


def of_letter(record):
    """A set of a letter: its door is also that of a head, whose unit's dossier is no letter's."""
    return Row("get", ISSUERS | HEAD, record, own=ISSUERS, other=ISSUERS)


BEYOND = OFFICE | SIGNER
# fmt: off
MATRIX = {
    "home":                    page("get", ALL),
    "audit_list":              page("get", ADMIN),
    "job_progress":            Row("get", ALL, "job", own=REGISTRAR, other=REGISTRAR),
    "agency_detail":           page("get", ADMIN),
    "emblem_upload":           page("post", ADMIN),
    "emblem_file":             page("get", ALL),
    "campaign_list":           page("get", ALL),
    "campaign_detail":         shared("get", ALL, "campaign"),
    "campaign_end":            shared("get", BEYOND, "campaign"),
    "campaign_close":          shared("get", frozenset({R.OFFICE_CHIEF}), "campaign"),
    "campaign_reopen":         shared("get", frozenset({R.OFFICE_CHIEF}), "campaign"),
    "campaign_archive":        shared("get", frozenset({R.OFFICE_CHIEF}), "campaign"),
    "campaign_copy":           shared("get", OFFICE, "campaign"),
    "campaign_plan_pdf":       shared("get", ALL, "campaign"),
    "campaign_plan_docx":      shared("get", ALL, "campaign"),
    "form_choice_create":      shared("get", OFFICE, "letter_form"),
    "extension_list":          shared("get", HEAD | BEYOND, "campaign"),
    "extension_create":        shared("get", CHIEF, "campaign"),
    "grace_edit":              shared("get", CHIEF, "campaign"),
    "extension_file":          of_unit("get", HEAD | BEYOND, "extension", BEYOND),
    "quota_list":              shared("get", ALL, "campaign"),
    "quota_edit":              shared("get", OFFICE, "criterion"),
    "waiver_create":           shared("get", CHIEF, "campaign"),
    "waiver_file":             of_unit("get", HEAD | BEYOND, "waiver", BEYOND),
    "plan_draft_list":         page("get", OFFICE),
    "plan_draft_create":       page("get", OFFICE),
    "plan_draft_detail":       shared("get", OFFICE, "plan_draft"),
    "plan_draft_make":         shared("get", OFFICE, "plan_draft"),
    "plan_draft_file":         shared("get", OFFICE, "plan_draft"),
    "law_list":                page("get", ALL),
    "law_create":              page("get", OFFICE),
    "law_detail":              shared("get", ALL, "basis"),
    "law_edit":                shared("get", OFFICE, "basis"),
    "law_verify":              shared("post", OFFICE, "basis"),
    "law_unverify":            shared("get", OFFICE, "basis"),
    "provision_detail":        shared("get", ALL, "provision"),
    "provision_edit":          shared("get", OFFICE, "provision"),
    "provision_next":          shared("get", OFFICE, "provision"),
    "provision_verify":        shared("post", OFFICE, "provision"),
    "provision_unverify":      shared("get", OFFICE, "provision"),
    "report_form_detail":      shared("get", ALL, "report_form"),
    "report_form_edit":        shared("get", OFFICE, "report_form"),
    "report_form_verify":      shared("post", OFFICE, "report_form"),
    "report_form_unverify":    shared("get", OFFICE, "report_form"),
    "calendar_list":           page("get", ALL),
    "calendar_create":         page("get", OFFICE),
    "calendar_import":         page("get", OFFICE),
    "calendar_edit":           shared("get", OFFICE, "calendar_day"),
    "calendar_delete":         shared("get", OFFICE, "calendar_day"),
    "calendar_day_verify":     shared("post", OFFICE, "calendar_day"),
    "calendar_day_unverify":   shared("get", OFFICE, "calendar_day"),
    "my_awards":               page("get", ALL),
    "reminder_list":           page("get", ALL),
    "account":                 page("get", ALL),
    "campaign_progress":       shared("get", BEYOND, "campaign"),
    "nudge_create":            shared("get", OFFICE, "campaign"),
    "deadline_file":           shared("get", ALL, "campaign"),
    "question_list":           shared("get", ALL, "campaign"),
    "question_answer":         shared("get", OFFICE, "question"),
    "announcement_list":       shared("get", ALL, "campaign"),
    "announcement_file":       shared("get", ALL, "announcement"),
    "announcement_create":     shared("get", OFFICE, "campaign"),

    "proposal_mine":           page("get", HEAD),
    "proposal_open":           shared("post", HEAD, "campaign"),
    "proposal_detail":         of_unit("get", HEAD | BEYOND, "proposal", BEYOND),
    "nomination_create":       of_unit("get", HEAD, "proposal"),
    "unit_meeting_edit":       of_unit("get", HEAD, "proposal"),
    "unit_letter_edit":        of_unit("get", HEAD, "proposal"),
    "unit_minutes_signed":     of_unit("get", HEAD, "proposal"),
    "unit_letter_signed":      of_unit("get", HEAD, "proposal"),
    "signed_scan_file":        of_unit("get", HEAD | BEYOND, "signed_scan", BEYOND),
    "unit_minutes_file":       of_unit("get", HEAD | BEYOND, "proposal", BEYOND),
    "unit_letter_file":        of_unit("get", HEAD | BEYOND, "proposal", BEYOND),
    "proposal_submit":         of_unit("get", HEAD, "proposal"),
    "proposal_withdraw":       of_unit("get", HEAD, "proposal"),
    "line_confirm":            of_unit("get", HEAD | CHIEF, "proposal", CHIEF),
    "line_preview_file":       of_unit("get", HEAD | CHIEF, "proposal", CHIEF),
    "submission_receipt":      of_unit("get", HEAD | BEYOND, "submission", BEYOND),
    "submission_receipt_file": of_unit("get", HEAD | BEYOND, "submission", BEYOND),
    "unsent":                  page("post", ALL),
    "kept_file":               shared("get", ALL, "nomination"),
    "kept_page":               shared("get", ALL, "nomination"),
    "submission_package":      of_unit("get", HEAD | BEYOND, "submission", BEYOND),
    "report_presence":         of_unit("post", WRITERS, "nomination"),
    "meeting_presence":        of_unit("post", HEAD, "proposal"),
    "letter_presence":         of_unit("post", HEAD, "proposal"),
    "report_edit":             of_unit("get", WRITERS, "nomination"),
    "report_file":             of_unit("get", READERS, "nomination", BEYOND),
    "report_take_awards":      of_unit("post", WRITERS, "nomination"),
    "report_word":             of_unit("get", WRITERS, "nomination"),
    "report_word_use":         of_unit("get", WRITERS, "nomination"),
    "report_word_file":        of_unit("get", WRITERS, "nomination"),
    "evidence_create":         of_unit("post", WRITERS, "nomination"),
    "evidence_delete":         of_unit("post", WRITERS, "evidence"),
    "evidence_file":           of_unit("get", READERS, "evidence", BEYOND),
    "evidence_view":           of_unit("get", READERS, "evidence", BEYOND),
    "evidence_page":           of_unit("get", READERS, "evidence", BEYOND),
    "evidence_state":          of_unit("get", WRITERS, "evidence"),
    "claim_create":            of_unit("post", WRITERS, "nomination"),
    "claim_delete":            of_unit("post", WRITERS, "claim"),
    "nomination_invite":       of_unit("post", HEAD, "nomination"),
    "nomination_withdraw":     of_unit("get", HEAD, "nomination"),
    "nomination_resubmit":     of_unit("get", HEAD, "nomination"),

    "nomination_detail":       of_unit("get", READERS, "nomination", BEYOND),
    "review_queue":            page("get", OFFICE),
    "nomination_accept":       of_unit("get", OFFICE, "nomination", BEYOND),
    "nomination_return":       of_unit("get", OFFICE, "nomination", BEYOND),
    "nomination_decline":      of_unit("get", OFFICE, "nomination", BEYOND),
    "summary":                 page("get", BEYOND),
    "summary_file":            shared("get", BEYOND, "campaign"),
    "approval_list":           page("get", SIGNER),
    "approval_decide":         page("post", SIGNER),
    "nomination_approve":      of_unit("get", SIGNER, "nomination", BEYOND),
    "nomination_refuse":       of_unit("get", SIGNER, "nomination", BEYOND),
    "council_list":            page("get", COUNCIL | {R.OFFICE_CHIEF, R.SIGNATORY}),
    "meeting_create":          page("get", SECRETARY),
    "meeting_detail":          shared("get", COUNCIL | BEYOND, "meeting"),
    "meeting_attendance":      shared("get", SECRETARY, "meeting"),
    "agenda_votes":            shared("get", SECRETARY, "item"),
    "meeting_discussion":      shared("get", SECRETARY, "meeting"),
    "meeting_close":           shared("get", SECRETARY, "meeting"),
    "meeting_minutes_file":    shared("get", COUNCIL | BEYOND, "meeting"),

    "issuing":                 page("get", REGISTRAR),
    "decision_create":         shared("get", REGISTRAR, "letter_form"),
    "decision_detail":         shared("get", ISSUERS, "decision"),
    "decision_print":          shared("post", REGISTRAR, "decision"),
    "decision_close":          shared("get", REGISTRAR, "decision"),
    "decision_file":           shared("get", ISSUERS, "decision"),
    "money_list_file":         shared("get", ISSUERS, "decision"),
    "result_announcement_file": shared("get", ISSUERS, "decision"),
    "decision_signed_file":    shared("get", ISSUERS, "decision"),
    "certificates_file":       shared("get", ISSUERS, "decision"),
    "certificate_file":        shared("get", ISSUERS, "line"),
    "printing_room":           page("get", PRINTERS),
    "blank_create":            page("get", REGISTRAR),
    "blank_preview":           page("get", REGISTRAR),
    "blank_detail":            shared("get", PRINTERS, "blank"),
    "blank_edit":              shared("get", REGISTRAR, "blank"),
    "blank_scan_file":         shared("get", PRINTERS, "blank"),
    "blank_receive":           shared("get", REGISTRAR, "blank"),
    "blank_spoil":             shared("get", REGISTRAR, "blank"),
    "printer_create":          page("get", REGISTRAR),
    "printer_edit":            shared("get", REGISTRAR, "printer"),
    "printer_calibration_file": shared("get", PRINTERS, "printer"),
    "print_run_create":        shared("get", REGISTRAR, "decision"),
    "print_run_detail":        shared("get", PRINTERS, "print_run"),
    "print_run_file":          shared("get", PRINTERS, "print_run"),
    "print_run_again":         shared("post", REGISTRAR, "print_run"),
    "register_list":           page("get", ISSUERS),
    "register_export":         page("get", ISSUERS),
    "letter_detail":           shared("get", ISSUERS, "letter"),
    "letter_approve":          shared("get", SIGNER, "letter"),
    "letter_number":           shared("get", REGISTRAR, "letter"),
    "letter_assemble":         shared("post", REGISTRAR, "letter"),
    "letter_file":             shared("get", ISSUERS, "letter"),
    "nomination_dossier":      of_unit("get", HEAD | BEYOND, "nomination", BEYOND),
    "nomination_dossier_bind": of_unit("post", HEAD | OFFICE, "nomination", BEYOND),
    "proposal_dossier":        of_unit("get", HEAD | BEYOND, "proposal", BEYOND),
    "proposal_dossier_bind":   of_unit("post", HEAD | OFFICE, "proposal", BEYOND),
    "quarter_dossier":         shared("get", BEYOND, "letter_form"),
    "quarter_dossier_bind":    shared("post", OFFICE, "letter_form"),
    "dossier_detail":          of_letter("dossier"),
    "dossier_file":            of_letter("dossier"),
    "dossier_archive":         of_letter("dossier"),
    "outcome_record":          shared("get", OFFICE, "letter_line"),
    "nomination_check":        of_unit("get", WRITERS, "nomination"),
    "hold_list":               page("get", KEEPER),
    "hold_create":             page("get", KEEPER),
    "hold_detail":             shared("get", KEEPER, "hold"),
    "hold_correct":            shared("get", KEEPER, "hold"),
    "hold_conclude":           shared("get", KEEPER, "hold"),
    "hold_file":               shared("get", KEEPER, "hold"),
}
# fmt: on


def test_no_address_is_missing_from_the_matrix():
    named = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert named == set(MATRIX) | PUBLIC


def test_every_door_that_the_matrix_names_is_the_one_on_the_view():
    def views(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern.url_patterns)
            else:
                yield pattern.name, pattern.callback

    on_views = {
        name: getattr(view, "admitted", None)
        for name, view in views(get_resolver().url_patterns)
        if name not in PUBLIC
    }
    assert on_views == {name: row.door for name, row in MATRIX.items()}


@pytest.fixture
def world(cast, unit, other_unit, other_head, campaign, council, letter_form, merit_form):
    """Return {"own": …, "other": …}: a record of each kind, of this unit and of another."""
    plan_draft = create_draft(
        agency=campaign.agency,
        upload=None,
        text="KẾ HOẠCH",
        actor=cast[R.APPRAISER],
        at=clock.now(),
    )
    shared_records = {
        "campaign": campaign,
        "letter_form": letter_form,
        "plan_draft": plan_draft,
        "basis": letter_form.report_form.basis,
        "provision": Provision.objects.get(key="law_ends"),
        "report_form": letter_form.report_form,
        "calendar_day": CalendarDay.objects.latest("day"),
        "criterion": letter_form.criteria.get(subject_kind="person"),
        "question": ask_question(
            campaign=campaign, text="Hạn nào?", actor=cast[R.UNIT_HEAD], at=clock.now()
        ),
        "announcement": publish_announcement(
            campaign=campaign,
            title="Lịch họp",
            text="Họp ngày 25/11/2025.",
            actor=cast[R.APPRAISER],
            at=clock.now(),
        ),
    }
    units = {"own": (unit, cast[R.UNIT_HEAD]), "other": (other_unit, other_head)}
    made = {name: dict(shared_records) for name in units}
    waiting = {}
    for name, (at, head) in units.items():
        author = cast[R.STAFF_MEMBER] if name == "own" else None
        writer = author.person if author else make_person(at, "Lô Văn Sáu")
        proposal = factories.draft_proposal(at, head, campaign)
        forms = [
            (at, merit_form),
            (make_person(at, "Vi Thị Tám"), letter_form),
            (writer, letter_form),
        ]
        nominations = [factories.nominate(proposal, *pair) for pair in forms]
        if author:
            factories.reports.invite_author(
                nomination=nominations[2], author=author, actor=head, at=clock.now()
            )
        evidence = attach_evidence(
            nomination=nominations[2],
            upload=factories.upload(),
            caption="Minh chứng",
            actor=head,
            at=clock.now(),
        )
        claim = factories.claim(evidence)
        signed_scan = factories.signed_scan(proposal)
        submission = factories.submit(factories.complete(proposal))
        waiting[name] = [factories.fresh(n) for n in nominations]
        made[name] |= {
            "proposal": proposal,
            "nomination": waiting[name][2],
            "evidence": evidence,
            "claim": claim,
            "submission": submission,
            "signed_scan": signed_scan,
            "extension": factories.extended(campaign, at, cast[R.OFFICE_CHIEF]),
            "waiver": factories.waived(shared_records["criterion"], at, cast[R.OFFICE_CHIEF]),
        }
    for merit, first, _ in waiting.values():
        factories.accepted(merit, cast[R.APPRAISER])
        factories.approved(factories.accepted(first, cast[R.APPRAISER]), cast[R.SIGNATORY])
    decision = factories.printed(factories.issued(letter_form, cast[R.REGISTRAR]))
    meeting_letter = factories.endorsed(council, merit_form, cast[R.COUNCIL_SECRETARY])
    letter = factories.forwarded(meeting_letter, cast[R.SIGNATORY], cast[R.REGISTRAR])
    blank = factories.blank(campaign.agency, cast[R.REGISTRAR], count=5)
    printer = factories.printer(campaign.agency, cast[R.REGISTRAR])
    agency_records = {
        "hold": factories.held(other_unit, cast[R.HOLD_KEEPER], **CANARIES),
        "blank": blank,
        "printer": printer,
        "print_run": factories.print_run(decision, cast[R.REGISTRAR], blank, printer),
        "decision": decision,
        "line": decision.lines.first(),
        "meeting": letter.meeting,
        "item": letter.meeting.agenda.first(),
        "letter": letter,
        "letter_line": letter.lines.first(),
        "dossier": factories.dossier(letter, cast[R.REGISTRAR]),
        "job": Job.objects.filter(requested_by=cast[R.REGISTRAR]).first(),
    }
    return {name: records | agency_records for name, records in made.items()}


@pytest.fixture
def strangers(db):
    """Return {Role: User} of another agency with a plan of its own."""
    agency = Agency.objects.create(
        name="Cơ quan khác",
        paper_name="CƠ QUAN KHÁC",
        paper_parent="UBND TỈNH KHÁC",
        place="Nơi khác",
        abbreviation="CQK",
        head_title="Thủ trưởng",
        granting_title="THỦ TRƯỞNG",
        superior_title="Cấp trên",
        prize_source="quỹ",
    )
    load_plan(agency=agency)
    unit = make_unit(agency, "Phòng khác")
    users = {}
    for role in Role:
        user = User.objects.create(
            agency=agency,
            person=make_person(unit, f"Người {role.value}"),
            username=f"x-{role.value}",
        )
        RoleAssignment.objects.create(
            user=user,
            role=role,
            unit=unit if role == R.UNIT_HEAD else None,
            from_on=dt.date(2025, 1, 1),
        )
        users[role] = user
    return users


def address(name, record):
    """Return the address of a record; a form of award stands inside its campaign."""
    if name == "form_choice_create":
        return reverse(name, args=[record.campaign_id, record.pk])
    if name == "evidence_page":
        return reverse(name, args=[record.pk, 1])
    if name in {"kept_file", "kept_page"}:  # a ticket that nobody has written
        return reverse(name, args=["x", 1][: 1 + (name == "kept_page")])
    return reverse(name, args=[record.pk] if record else [])


def ask(user, name, row, record):
    """Ask one address as `user`, and take back what the answer did."""
    unit = user.person.unit_id if name == "proposal_open" else ""
    client = Client()
    client.force_login(user)
    before = AuditEntry.objects.count()
    url = address(name, record if row.record else None)
    with transaction.atomic():
        response = getattr(client, row.method)(url, {"unit": unit} if unit else {})
        told = AuditEntry.objects.count() - before
        transaction.set_rollback(True)
    if response["Content-Type"].startswith("text/html") and response.content:
        page = response.content.decode()
        assert "Chế độ diễn tập" in page
        assert "20/11/2025" in page
        assert ("Trang này dành cho:" in page) == (response.status_code == 403)
        assert grey_without_words(page) == [], (name, user)
        told_why = [word for word in CANARIES.values() if word in page]
        assert not told_why or R.HOLD_KEEPER in roles_of(user), (name, user)
    return response.status_code, told


def grey_without_words(page):
    """Return the controls that are closed and do not say why: each names the sentence by its id."""
    tree = lxml.html.fromstring(page)
    silent = []
    for control in tree.xpath("//*[@disabled]"):
        told = [
            tree.get_element_by_id(i, None) for i in control.get("aria-describedby", "").split()
        ]
        if not any(one is not None and one.text_content().strip() for one in told):
            silent.append(lxml.html.tostring(control, encoding="unicode")[:200])
    return silent


def test_a_grey_control_without_words_is_found():
    closed = '<p id="w">Hết hạn.</p><button disabled aria-describedby="w">Gửi</button>'
    assert grey_without_words(f"<main>{closed}</main>") == []
    assert grey_without_words(f"<main>{closed}<input disabled></main>")


@pytest.mark.parametrize("name", MATRIX)
def test_doors_and_rooms(world, cast, strangers, monkeypatch, name):
    monkeypatch.setattr(confined, "page_picture", lambda *_: b"")  # drawn elsewhere
    row = MATRIX[name]
    found = {}
    expected = {}
    for side, records in world.items():
        record = records[row.record] if row.record else None
        seen_by = row.own if side == "own" else row.other
        for role, user in cast.items():
            status, told = ask(user, name, row, record)
            key = (side, role.value)
            found[key] = status if status in {403, 404} else "in"
            if role not in row.door:
                expected[key] = 403
            elif row.record and role not in seen_by:
                expected[key] = 404
            else:
                expected[key] = 404 if name in NOT_MADE_YET else "in"
            if found[key] != "in":
                assert told == 0, key
        if row.record:
            for role, user in strangers.items():
                status, told = ask(user, name, row, record)
                assert status == (404 if role in row.door else 403), ("stranger", side, role)
                assert told == 0
    assert found == expected
