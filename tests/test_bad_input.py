"""What people, browsers and attackers can send: nothing crashes, is smuggled in, or leaks.

One table names every address that takes a POST, with a body that really does its work; the tests
bend that body, each in its own way. `test_the_table_is_whole` holds the table to the resolver,
and `test_each_body_works_once_and_only_by_its_fields` each body to its real effect.
"""

import contextlib
import dataclasses
import datetime as dt
import itertools
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, models, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.html import escape

from awards.actions.evidence import attach_evidence
from awards.models import CouncilMeeting, Evidence, Presence, SendingVisit, UnitMeeting
from awards.workflow import CAMPAIGN
from campaigns.actions import create_draft, law
from campaigns.actions.questions import ask_question
from campaigns.models import CalendarDay, Campaign, LegalBasis, Provision
from campaigns.plan_fields import BY_NAME
from staff.models import RoleAssignment, User
from tests import factories
from tests.campaigns.test_plan_drafts import NAME as PLAN
from tests.campaigns.test_plan_drafts import confirm_all, words_of
from tests.conftest import PASSWORD, make_person, make_unit, make_user
from tests.test_permission_matrix import MATRIX, address
from thidua.core import clock
from thidua.core.models import Job, JobState
from thidua.core.permissions import Role

pytestmark = pytest.mark.usefixtures("printed_once")

R = Role
HEAD_B, HEAD_C, HEAD_D = "head_b", "head_c", "head_d"


# --- The world: a record that waits for each act -------------------------------------------------


@pytest.fixture
def world(cast, agency, unit, other_unit, campaign, council, letter_form, merit_form):
    """Return records by name: unit A writes, B is being judged, C has just sent, D is discussed."""
    unit_c, unit_d = (make_unit(agency, f"Phòng Nghiệp vụ {n}") for n in (3, 4))
    accounts = {role: cast[role] for role in cast}
    for username, at, name in (
        (HEAD_B, other_unit, "Lò Văn Tám"),
        (HEAD_C, unit_c, "Lò Văn Chín"),
        (HEAD_D, unit_d, "Lò Văn Mười"),
    ):
        accounts[username] = make_user(make_person(at, name), R.UNIT_HEAD, username, at)
    clerk, signer, registrar, secretary = (
        cast[role] for role in (R.APPRAISER, R.SIGNATORY, R.REGISTRAR, R.COUNCIL_SECRETARY)
    )
    draft = factories.draft_proposal(unit, cast[R.UNIT_HEAD], campaign)
    written = factories.nominate(draft, cast[R.STAFF_MEMBER].person, letter_form)
    evidence = attach_evidence(
        nomination=written,
        upload=factories.upload(),
        caption="Minh chứng",
        actor=cast[R.UNIT_HEAD],
        at=clock.now(),
    )
    cited = attach_evidence(
        nomination=written,
        upload=factories.upload(TWO_PAGES),
        caption="Được dẫn",
        actor=cast[R.UNIT_HEAD],
        at=clock.now(),
    )
    people = [make_person(other_unit, f"Nông Văn {letter}") for letter in "ABCDE"]
    done, mended, waiting, judged, approved, merit = factories.sent(
        other_unit,
        accounts[HEAD_B],
        campaign,
        *((person, letter_form) for person in people),
        (other_unit, merit_form),
    )
    sent = factories.sent(unit_c, accounts[HEAD_C], campaign, (unit_c, letter_form))[0]
    discussed = factories.sent(unit_d, accounts[HEAD_D], campaign, (unit_d, merit_form))[0]
    for nomination in (done, judged, approved, merit):
        factories.accepted(nomination, clerk)
    factories.returned(mended, clerk)
    factories.approved(done, signer)
    decision = factories.printed(factories.issued(letter_form, registrar))
    factories.approved(approved, signer)
    letter = factories.endorsed(council, merit_form, secretary)
    factories.accepted(discussed, clerk)
    meeting = factories.counted(factories.opened_meeting(council, merit_form, secretary), secretary)
    blank = factories.blank(agency, registrar, count=9)
    printer = factories.printer(agency, registrar)
    return accounts | {
        "blank": blank,
        "printer": printer,
        "print_run": factories.print_run(decision, registrar, blank, printer),
        "clients": {who: client_of(accounts, who) for who in accounts},
        "accounts": accounts,
        "agency": agency,
        "unit": unit,
        "campaign": campaign,
        "ended": ended_copy(campaign),
        "letter_form": letter_form,
        "merit_form": merit_form,
        "council": council,
        "draft": draft,
        "person": cast[R.COUNCIL_MEMBER].person,
        "written": written,
        "evidence": evidence,
        "claim": factories.claim(cited),
        "mended": mended,
        "waiting": waiting,
        "judged": judged,
        "judging": judged.proposal,
        "approved": approved,
        "sent": sent.proposal,
        "decision": decision,
        "letter": letter,
        "letter_line": letter.lines.first(),
        "meeting": meeting,
        "item": meeting.agenda.first(),
        "basis": LegalBasis.objects.get(code="03/2024/TT-TTCP"),
        "provision": Provision.objects.get(
            key="commendation_letter/person", in_force_on=dt.date(2025, 7, 1)
        ),
        "report_form": letter_form.report_form,
        "calendar_day": CalendarDay.objects.latest("day"),
        "criterion": letter_form.criteria.get(subject_kind="person"),
        "hold": factories.held(unit, cast[R.HOLD_KEEPER], reason=PAYLOAD, document_number=PAYLOAD),
        "extension": factories.extended(campaign, unit_d, cast[R.OFFICE_CHIEF]),
        "question": ask_question(
            campaign=campaign, text="Hạn nào?", actor=cast[R.UNIT_HEAD], at=clock.now()
        ),
        "plan_draft": create_draft(
            agency=agency, upload=None, text=words_of(PLAN), actor=clerk, at=clock.now()
        ),
    }


# --- The table of bodies -------------------------------------------------------------------------

World = dict[Any, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Body:
    """A POST that does its work: who sends it about what, the fields, what must stand before.

    `typed` are the fields whose text people would lose.
    """

    who: Any
    record: str = ""
    data: Callable[[World], dict[str, Any]] = lambda w: {}
    prepare: Callable[[World], Any] = lambda w: None
    typed: tuple[str, ...] = ()


def forget_the_open_meeting(w: World) -> None:
    CouncilMeeting.objects.filter(pk=w["meeting"].pk).delete()


def forget_the_draft(w: World) -> None:
    w["claim"].delete()
    w["written"].evidence.all().delete()
    w["written"].delete()
    w["draft"].delete()


def complete_the_draft(w: World) -> None:
    factories.complete(w["draft"])


def what_is_shown(w: World, name: str) -> dict[str, str]:
    """Return what the button of a page that sends carries; a page that is closed has none."""
    context = client_of(w, BODIES[name].who).get(url_of(w, name)).context
    if context is None or not context["package"] or not context["visit"]:
        return {}
    return {"package": context["package"].file.sha256, "visit": str(context["visit"].pk)}


def fail_the_papers(w: World) -> None:
    """Leave a decision and a letter as a broken worker does: numbered, without papers."""
    decision = w["decision"]
    decision.lines.update(certificate_file=None)
    type(decision).objects.filter(pk=decision.pk).update(file=None, certificates_file=None)
    Job.objects.update(state=JobState.FAILED)


def number_the_letter(w: World) -> None:
    factories.numbered_letter(
        factories.approved_letter(w["letter"], w[R.SIGNATORY]), w[R.REGISTRAR]
    )
    fail_the_papers(w)


def headings(w: World, text: str = "Nội dung.") -> dict[str, Any]:
    sections = w["written"].report.sections.all()
    return {"version": "1", "page": "0f"} | {f"heading_{s.heading_id}": text for s in sections}


def keep_a_word_file(w: World) -> None:
    factories.keep_report_docx(w["written"], w[R.UNIT_HEAD])


def claim_facts(w: World) -> dict[str, Any]:
    heading = w["claim"].section.heading_id
    named = {"statement": "Giải quyết 40 đơn", "evidence": w["claim"].evidence_id, "page": "2"}
    facts = {f"claim_{heading}-{name}": f"{value}" for name, value in named.items()}
    return headings(w) | facts | {"heading": f"{heading}"}


def meeting_facts(w: World) -> dict[str, Any]:
    return {
        "version": "0",
        "page": "0f",
        "held_on": "18/11/2025",
        "starts": "14:00",
        "ends": "15:30",
        "place": "Phòng họp số 1",
        "chair_name": "Lý Thị Đào",
        "secretary_name": "Vi Văn Đức",
        "conclusion": "Thống nhất.",
        "guest_name_1": "Triệu Văn Ngọc",
        f"vote_{w['written'].pk}": "1",
    } | {f"listed_{person.pk}": "1" for person in w["draft"].unit.people.all()}


def signed_facts(w: World) -> dict[str, Any]:
    declared = {"declared_on": "18/11/2025", "declared_present": "7", "declared_names": "1"}
    return declared | {"file": factories.upload(TWO_PAGES), "declared_number": "05/TTr"}


def line_facts(w: World) -> dict[str, Any]:
    key = w["approved"].pk
    title = "Phó Trưởng phòng, Phòng Nghiệp vụ 1"
    version = factories.fresh(w["approved"]).version
    return {f"name_{key}": "Ông Nông Văn E", f"title_{key}": title, f"version_{key}": f"{version}"}


def forget_the_line(w: World) -> None:
    """Leave an approved nomination as its unit finds it: not confirmed yet."""
    empty = {"printed_name": "", "printed_title": "", "line_confirmed_note": ""}
    type(w["approved"]).objects.filter(pk=w["approved"].pk).update(
        **empty, line_confirmed_by=None, line_confirmed_at=None
    )


def attendance(w: World) -> dict[str, Any]:
    members = [seat.member_id for seat in w["meeting"].attendance.all()]
    return {f"absent_{members[1]}": "on"} | {
        f"reason_{pk}": "Nghỉ phép" if pk == members[1] else "" for pk in members
    }


def blank_facts(name: str) -> dict[str, Any]:
    return factories.blank_fields() | {"name": name}


TWO_PAGES, THREE_PAGES = factories.pdf_bytes(2), factories.pdf_bytes(3)


def ended_copy(campaign: Campaign) -> Campaign:
    """Return a campaign whose window is over, and in which nothing is on its way."""
    ended = Campaign.objects.get(pk=campaign.pk)
    ended.pk, ended.title = None, "Đợt đã qua"
    ended.nominations_due_on = dt.date(2025, 11, 19)
    ended.save(force_insert=True)
    return ended


def close_the_campaign(w: World) -> None:
    CAMPAIGN.fire(factories.fresh(w["ended"]), "close", actor=w[R.OFFICE_CHIEF], at=clock.now())


def confirm_the_plan(w: World) -> None:
    confirm_all(w["plan_draft"], w[R.APPRAISER])


def basis_facts() -> dict[str, Any]:
    days = {"issued_on": "01/02/2026", "in_force_on": "01/03/2026", "out_of_force_on": ""}
    text = {"citation": "Nghị định mới", "replaced_by_code": "", "note": ""}
    return days | text | {"review_on": "01/03/2027", "version": ""}


def provision_facts(w: World) -> dict[str, Any]:
    text = {"title": "Giấy khen", "article": "Điều 1", "note": "", "version": ""}
    terms = {"coefficient": "0,35", "round_to": "1.000"}
    days = {"in_force_on": "01/07/2025", "out_of_force_on": ""}
    return text | terms | days | {"basis": w["basis"].pk}


def report_form_facts(w: World) -> dict[str, Any]:
    lines = {"unit_headings": "I | Thành tích", "person_headings": "I | Thành tích | Nêu số liệu"}
    text = {"label": "Mẫu đã sửa", "purpose": "thematic", "article": "", "note": ""}
    return text | lines | MENDED


def day_facts(day: str) -> dict[str, Any]:
    return {"day": day, "kind": "holiday", "name": "Nghỉ", "article": "", "note": "", "version": ""}


def compare(w: World, record: str) -> None:
    law.mark_verified(row=w[record], version=1, actor=w[R.APPRAISER], at=clock.now())


def hold_facts(w: World) -> dict[str, Any]:
    text = {"reason": "Đơn tố cáo.", "document_number": "46/TTr-GQ", "kind": "complaint"}
    days = {"document_on": "18/11/2025", "opened_on": "19/11/2025"}
    return {"subject": f"person:{w['person'].pk}"} | text | days


HOLD_TYPED = ("reason", "document_number", "document_on", "opened_on")
MENDED = {"reason": "Đối chiếu Công báo.", "version": "1"}
NOTE = {"note": "Ghi rõ mục 3."}
SECRET = {"password": PASSWORD}
# fmt: off
BODIES = {
    "login":               Body(who=None, data=lambda w: {"username": "registrar", **SECRET},
                                typed=("username",)),
    "logout":              Body(who=R.REGISTRAR),
    "emblem_upload":       Body(who=R.ADMINISTRATOR, data=lambda w: {
                                "file": factories.upload(factories.image_bytes(), "quoc-huy.png")}),
    "proposal_open":       Body(who=R.UNIT_HEAD, record="campaign", data=lambda w: {"unit": w["unit"].pk},
                                prepare=forget_the_draft),
    "nomination_create":   Body(who=R.UNIT_HEAD, record="draft", typed=("both_forms_reason",), data=lambda w: {
                                "award_form": w["letter_form"].pk, "subject": f"person:{w['person'].pk}",
                                "both_forms_reason": "Thành tích khác."}),
    "unit_meeting_edit":   Body(who=R.UNIT_HEAD, record="draft", data=meeting_facts, typed=(
                                "held_on", "starts", "ends", "place", "chair_name", "secretary_name",
                                "guest_name_1", "conclusion")),
    "unit_minutes_signed": Body(who=R.UNIT_HEAD, record="draft", data=signed_facts, typed=(
                                "declared_number", "declared_on", "declared_present", "declared_names")),
    "unit_letter_signed":  Body(who=R.UNIT_HEAD, record="draft", data=signed_facts, typed=(
                                "declared_number", "declared_on", "declared_present", "declared_names")),
    "unit_letter_edit":    Body(who=R.UNIT_HEAD, record="draft", typed=("text",), data=lambda w: {
                                "version": "0", "page": "0f", "text": "Kính đề nghị xem xét.", "is_confirmed": "on"}),
    "proposal_submit":     Body(who=R.UNIT_HEAD, record="draft", prepare=complete_the_draft,
                                data=lambda w: what_is_shown(w, "proposal_submit")),
    "proposal_withdraw":   Body(who=HEAD_C, record="sent", data=lambda w: dict(NOTE), typed=("note",)),
    "line_confirm":        Body(who=HEAD_B, record="judging", data=line_facts, prepare=forget_the_line),
    "unsent":              Body(who=R.UNIT_HEAD),
    "report_presence":     Body(who=R.UNIT_HEAD, record="written"),
    "meeting_presence":    Body(who=R.UNIT_HEAD, record="draft"),
    "letter_presence":     Body(who=R.UNIT_HEAD, record="draft"),
    "report_edit":         Body(who=R.UNIT_HEAD, record="written", data=headings),
    "report_take_awards":  Body(who=R.UNIT_HEAD, record="written", data=headings),
    "report_word":         Body(who=R.UNIT_HEAD, record="written", data=lambda w: {
                                "file": factories.upload(factories.report_docx(), "bao-cao.docx")}),
    "report_word_use":     Body(who=R.UNIT_HEAD, record="written", prepare=keep_a_word_file,
                                data=lambda w: {"version": "1"}),
    "evidence_create":     Body(who=R.UNIT_HEAD, record="written", typed=("caption",), data=lambda w: headings(w) | {
                                "file": factories.upload(THREE_PAGES), "caption": "Giấy xác nhận"}),
    "evidence_delete":     Body(who=R.UNIT_HEAD, record="evidence", data=headings),
    "claim_create":        Body(who=R.UNIT_HEAD, record="written", data=claim_facts),
    "claim_delete":        Body(who=R.UNIT_HEAD, record="claim", data=headings),
    "nomination_invite":   Body(who=R.UNIT_HEAD, record="written"),
    "nomination_withdraw": Body(who=R.UNIT_HEAD, record="written", data=lambda w: dict(NOTE), typed=("note",)),
    "nomination_resubmit": Body(who=HEAD_B, record="mended", typed=("note",), data=lambda w: {
                                **what_is_shown(w, "nomination_resubmit"), "note": "Đã sửa mục 2."}),
    "nomination_accept":   Body(who=R.APPRAISER, record="waiting"),
    "nomination_return":   Body(who=R.APPRAISER, record="waiting", data=lambda w: NOTE | {"whole": "Làm lại."}, typed=("note", "whole")),
    "nomination_decline":  Body(who=R.APPRAISER, record="waiting", data=lambda w: dict(NOTE), typed=("note",)),
    "approval_decide":     Body(who=R.SIGNATORY, data=lambda w: {"nominations": [w["judged"].pk], **SECRET}),
    "nomination_approve":  Body(who=R.SIGNATORY, record="judged", data=lambda w: dict(SECRET)),
    "nomination_refuse":   Body(who=R.SIGNATORY, record="judged", data=lambda w: NOTE | SECRET, typed=("note",)),
    "meeting_create":      Body(who=R.COUNCIL_SECRETARY, prepare=forget_the_open_meeting,
                                typed=("held_on", "held_time", "place"), data=lambda w: {
                                "council": w["council"].pk, "award_form": w["merit_form"].pk,
                                "held_on": "20/11/2025", "held_time": "08:00", "place": "Phòng họp"}),
    "meeting_attendance":  Body(who=R.COUNCIL_SECRETARY, record="meeting", data=attendance),
    "agenda_votes":        Body(who=R.COUNCIL_SECRETARY, record="item", typed=("for_count", "against_count"),
                                data=lambda w: {"for_count": "1", "against_count": "1"}),
    "meeting_discussion":  Body(who=R.COUNCIL_SECRETARY, record="meeting", typed=("text",),
                                data=lambda w: {"text": "Trao đổi."}),
    "meeting_close":       Body(who=R.COUNCIL_SECRETARY, record="meeting", typed=("ended_on", "ended_time"),
                                data=lambda w: {"ended_on": "20/11/2025", "ended_time": "10:00"}),
    "decision_create":     Body(who=R.REGISTRAR, record="letter_form", typed=("issued_on",),
                                data=lambda w: {"issued_on": "20/11/2025", "listed": ""}),
    "decision_print":      Body(who=R.REGISTRAR, record="decision", prepare=fail_the_papers),
    "decision_close":      Body(who=R.REGISTRAR, record="decision", typed=("signed_on",), data=lambda w: {
                                "upload": factories.upload(), "kept": "", "signed_on": "20/11/2025"}),
    "blank_create":        Body(who=R.REGISTRAR, typed=("name", "body_top_mm", "example"), data=lambda w: blank_facts("Phôi mới") | {
                                "scan": factories.upload(factories.image_bytes(), "phoi.png")}),
    "blank_edit":          Body(who=R.REGISTRAR, record="blank", typed=("name", "body_top_mm"), data=lambda w: blank_facts("Phôi đổi tên") | {
                                "scan": factories.upload(factories.image_bytes(), "phoi.png"),
                                "is_active": "on", "seen": "1"}),
    "blank_receive":       Body(who=R.REGISTRAR, record="blank", typed=("count", "reason"), data=lambda w: {
                                "count": "10", "reason": "Đủ.", "seen": "1"}),
    "blank_spoil":         Body(who=R.REGISTRAR, record="blank", typed=("count", "reason"), data=lambda w: {
                                "run": "", "count": "1", "reason": "Rách.", "seen": "1"}),
    "printer_create":      Body(who=R.REGISTRAR, typed=("name", "right_mm", "down_mm"), data=lambda w: {
                                "name": "Máy mới", "right_mm": "1,5", "down_mm": "-0,5", "seen": ""}),
    "printer_edit":        Body(who=R.REGISTRAR, record="printer", typed=("name", "right_mm", "down_mm"), data=lambda w: {
                                "name": "Máy cũ", "right_mm": "2", "down_mm": "0", "is_active": "on", "seen": "1"}),
    "print_run_create":    Body(who=R.REGISTRAR, record="decision", typed=("reason",), data=lambda w: {
                                "lines": [w["decision"].lines.get().pk], "blank": w["blank"].pk,
                                "printer": w["printer"].pk, "reason": "In lệch.", "seen": "1"}),
    "print_run_again":     Body(who=R.REGISTRAR, record="print_run",
                                prepare=lambda w: Job.objects.update(state=JobState.FAILED)),
    "form_choice_create":  Body(who=R.APPRAISER, record="letter_form", typed=("reason",), data=lambda w: {
                                "chosen": str(w["letter_form"].report_form_id),
                                "reason": "Giữ mẫu đã phát động."}),
    "grace_edit":          Body(who=R.OFFICE_CHIEF, record="campaign", data=lambda w: {"minutes": "20"}, typed=("minutes",)),
    "extension_create":    Body(who=R.OFFICE_CHIEF, record="campaign", data=lambda w: factories.RULING | {
                                "unit": w["unit"].pk, "due_on": "09/01/2026", "file": factories.upload(), "kept": ""},
                                typed=("due_on", "reason", "decided_by", "document")),
    "quota_edit":          Body(who=R.APPRAISER, record="criterion", typed=("each",), data=lambda w: {
                                "each": "7", "seen_each": "", f"unit_{w['unit'].pk}": "10%",
                                f"seen_unit_{w['unit'].pk}": ""}),
    "waiver_create":       Body(who=R.OFFICE_CHIEF, record="campaign", data=lambda w: factories.RULING | {
                                "unit": w["unit"].pk, "criterion": w["criterion"].pk, "extra_count": "2",
                                "file": factories.upload(), "kept": ""},
                                typed=("extra_count", "reason", "decided_by", "document"),
                                prepare=lambda w: factories.limited(w["criterion"], 9)),
    "plan_draft_create":   Body(who=R.APPRAISER, typed=("text",),
                                data=lambda w: {
                                "file": "", "text": "KẾ HOẠCH", "by_hand": "", "form_key": "a1b2"}),
    "plan_draft_detail":   Body(who=R.APPRAISER, record="plan_draft",
                                data=lambda w: {"field": "number", "number-value": "15"}),
    "plan_draft_make":     Body(who=R.APPRAISER, record="plan_draft", prepare=confirm_the_plan),
    "campaign_close":      Body(who=R.OFFICE_CHIEF, record="ended"),
    "campaign_reopen":     Body(who=R.OFFICE_CHIEF, record="ended", prepare=close_the_campaign,
                                data=lambda w: dict(NOTE), typed=("note",)),
    "campaign_archive":    Body(who=R.OFFICE_CHIEF, record="ended", prepare=close_the_campaign),
    "campaign_copy":       Body(who=R.APPRAISER, record="campaign", typed=("years",),
                                data=lambda w: {"years": "1"}),
    "law_create":          Body(who=R.APPRAISER, data=lambda w: {"code": "9/2027/NĐ-CP"} | basis_facts(),
                                typed=("code", "citation", "replaced_by_code", "note")),
    "law_edit":            Body(who=R.APPRAISER, record="basis", data=lambda w: basis_facts() | MENDED,
                                typed=("citation", "replaced_by_code", "note", "reason")),
    "law_verify":          Body(who=R.APPRAISER, record="basis", data=lambda w: {"version": "1"}),
    "law_unverify":        Body(who=R.APPRAISER, record="basis", data=lambda w: dict(MENDED),
                                prepare=lambda w: compare(w, "basis"), typed=("reason",)),
    "provision_edit":      Body(who=R.APPRAISER, record="provision", typed=("title", "article", "coefficient", "round_to"),
                                data=lambda w: provision_facts(w) | MENDED),
    "provision_next":      Body(who=R.APPRAISER, record="provision", typed=("title", "article", "coefficient", "round_to"),
                                data=lambda w: provision_facts(w) | {"in_force_on": "01/10/2026"}),
    "provision_verify":    Body(who=R.APPRAISER, record="provision", data=lambda w: {"version": "1"}),
    "provision_unverify":  Body(who=R.APPRAISER, record="provision", data=lambda w: dict(MENDED),
                                prepare=lambda w: compare(w, "provision"), typed=("reason",)),
    "report_form_edit":    Body(who=R.APPRAISER, record="report_form", data=report_form_facts, typed=(
                                "label", "article", "unit_headings", "person_headings", "note", "reason")),
    "report_form_verify":  Body(who=R.APPRAISER, record="report_form", data=lambda w: {"version": "1"}),
    "report_form_unverify": Body(who=R.APPRAISER, record="report_form", data=lambda w: dict(MENDED),
                                prepare=lambda w: compare(w, "report_form"), typed=("reason",)),
    "calendar_create":     Body(who=R.APPRAISER, data=lambda w: day_facts("24/11/2026"), typed=("name", "article", "note")),
    "calendar_import":     Body(who=R.APPRAISER, typed=("lines", "article"), data=lambda w: {
                                "lines": "24/11/2027 | nghỉ | Ngày Văn hóa", "article": "Thông báo", "version": ""}),
    "calendar_edit":       Body(who=R.APPRAISER, record="calendar_day", data=lambda w: day_facts("24/11/2027") | MENDED,
                                typed=("name", "article", "note", "reason")),
    "calendar_delete":     Body(who=R.APPRAISER, record="calendar_day", data=lambda w: dict(MENDED), typed=("reason",)),
    "calendar_day_verify": Body(who=R.APPRAISER, record="calendar_day", data=lambda w: {"version": "1"}),
    "calendar_day_unverify": Body(who=R.APPRAISER, record="calendar_day", data=lambda w: dict(MENDED),
                                prepare=lambda w: compare(w, "calendar_day"), typed=("reason",)),
    "account":             Body(who=R.REGISTRAR, typed=("email",),
                                data=lambda w: {"email": "vanthu@thanhtra.example", "takes_mail": "on"}),
    "question_list":       Body(who=R.UNIT_HEAD, record="campaign", typed=("text",),
                                data=lambda w: {"text": "Gửi bản giấy hay bản điện tử?"}),
    "question_answer":     Body(who=R.APPRAISER, record="question", typed=("answer",), data=lambda w: {
                                "version": "1", "answer": "Bản điện tử.", "is_public": "0"}),
    "announcement_create": Body(who=R.APPRAISER, record="campaign", typed=("title", "text"), data=lambda w: {
                                "title": "Lịch họp", "text": "Hội đồng họp ngày 25/11/2025."}),
    "nudge_create":        Body(who=R.APPRAISER, record="campaign", typed=("text",), data=lambda w: {
                                "units": [w["unit"].pk], "text": "Đề nghị gửi hồ sơ sớm."}),
    "nomination_check":    Body(who=R.UNIT_HEAD, record="written", data=lambda w: {
                                f"criterion_{w['criterion'].pk}":
                                str(w["written"].report.sections.first().heading_id)}),
    "hold_create":         Body(who=R.HOLD_KEEPER, data=hold_facts, typed=HOLD_TYPED),
    "hold_correct":        Body(who=R.HOLD_KEEPER, record="hold", data=lambda w: hold_facts(w) | {
                                "correction_reason": "Nhầm người."}, typed=(*HOLD_TYPED, "correction_reason")),
    "hold_conclude":       Body(who=R.HOLD_KEEPER, record="hold", data=lambda w: {
                                "concluding_number": "50/KL-TTr", "concluded_on": "20/11/2025",
                                "outcome": "disciplined", "discipline_until": "20/11/2026",
                                "file": factories.upload(), "kept": ""},
                                typed=("concluding_number", "concluded_on", "discipline_until")),
    "letter_approve":      Body(who=R.SIGNATORY, record="letter", data=lambda w: dict(SECRET)),
    "letter_number":       Body(who=R.REGISTRAR, record="letter", typed=("issued_on",),
                                data=lambda w: {"issued_on": "20/11/2025"},
                                prepare=lambda w: factories.approved_letter(w["letter"], w[R.SIGNATORY])),
    "nomination_dossier_bind": Body(who=R.APPRAISER, record="waiting"),
    "proposal_dossier_bind": Body(who=HEAD_C, record="sent"),
    "quarter_dossier_bind": Body(who=R.APPRAISER, record="letter_form"),
    "letter_assemble":     Body(who=R.REGISTRAR, record="letter", prepare=number_the_letter),
    "outcome_record":      Body(who=R.APPRAISER, record="letter_line", data=lambda w: {
                                "outcome": "granted", "decision_number": "2170/QĐ-UBND",
                                "decided_on": "20/11/2025", "reason": ""},
                                typed=("decision_number", "decided_on", "reason"),
                                prepare=lambda w: factories.forwarded(
                                    w["letter"], w[R.SIGNATORY], w[R.REGISTRAR])),
}
# fmt: on


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextlib.contextmanager
def staged(world: World, name: str) -> Iterator[World]:
    """Give the world as it stands before one body, and take back what is done in it."""
    with undone():
        stage = {
            key: factories.fresh(value) if isinstance(value, models.Model) else value
            for key, value in world.items()
        }
        BODIES[name].prepare(stage)
        yield stage


def client_of(world: World, who: Any, **options: Any) -> Client:
    client = Client(**options)
    if who is not None:
        client.force_login(world[who])
    return client


def url_of(world: World, name: str) -> str:
    record = BODIES[name].record
    return address(name, world[record] if record else None)


def post(world: World, name: str, data: Any, **extra: Any) -> Any:
    """Post; the page that a success leads to must open as well."""
    who = BODIES[name].who
    # Signed in once for each world: the sessions stand outside of what is taken back.
    shared = who is not None and name != "logout"
    client = world["clients"][who] if shared else client_of(world, who)
    response = client.post(url_of(world, name), data, **extra)
    if response.status_code == 302:
        assert client.get(response["Location"]).status_code == 200, (name, response["Location"])
    return response


def sentences_of(response: Any) -> list[str]:
    """Return the errors of every form of the page."""
    if not response.context:
        return []
    forms = (response.context.get(name) for name in ("form", "evidence_form", "claim_form"))
    alone = response.context.get("error")
    return [alone] * bool(alone) + [
        sentence
        for form in forms
        if form is not None
        for errors in form.errors.values()
        for sentence in errors
    ]


def html_of(response: Any) -> str:
    return response.content.decode() if response["Content-Type"].startswith("text/html") else ""


# --- The table itself ----------------------------------------------------------------------------


def test_the_table_is_whole(world):
    """Whatever is not in the table answers a POST with 405."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    deaf = names - set(BODIES)
    for name in sorted(deaf):
        row = MATRIX.get(name)
        client = client_of(world, min(row.door) if row else None)
        args = {"certificate_check": ["x"], "evidence_page": [1, 1], "kept_page": ["x", 1]}.get(
            name, [1] if row and row.record else []
        )
        assert client.post(reverse(name, args=args)).status_code == 405, name
    assert len(deaf) + len(BODIES) == len(names)


RANDOM = {"id", "version", "emblem", "check_code", "requested_at", "subject_id"}


def kept(
    app_labels: tuple[str, ...] = ("awards", "campaigns", "dossiers", "units", "staff"),
) -> dict[str, list]:
    """Return every row that acts leave behind, without keys that a second run draws anew."""
    kinds = [
        model
        for label in app_labels
        for model in apps.get_app_config(label).get_models()
        if model not in {Presence, SendingVisit}  # that a page was looked at changes nothing
    ]
    return {
        kind._meta.label: sorted(
            str(
                {
                    field.name: field.value_from_object(row)
                    for field in kind._meta.concrete_fields
                    if field.name not in RANDOM and field.name != "last_login"
                }
            )
            for row in kind._base_manager.all()
        )
        for kind in (*kinds, Job)
    }


def differing(one: dict[str, list], other: dict[str, list]) -> list[str]:
    return [label for label in one if one[label] != other[label]]


def smuggled(allowed: set[str]) -> dict[str, str]:
    """Return a plausible value for each column of each model, under both of its names."""
    extra = {}
    for kind in apps.get_models():
        if kind._meta.app_label not in {"awards", "staff", "units", "dossiers", "campaigns"}:
            continue
        for field in kind._meta.concrete_fields:
            value = "Chen ngang"
            if field.choices:
                value = str(list(dict(field.flatchoices))[-1])
            elif isinstance(field, models.ForeignKey):
                last = field.related_model._base_manager.order_by("-pk").first()
                value = str(last.pk if last else 1)
            elif isinstance(field, models.BooleanField):
                value = "on"
            elif isinstance(field, models.DateField):
                value = "01/02/2025"
            elif isinstance(field, models.IntegerField | models.DecimalField):
                value = "999"
            extra |= {field.name: value, field.attname: value}
    return {key: value for key, value in extra.items() if key not in allowed}


def reset_keys() -> None:
    """Let both runs draw the same keys for the records that they make."""
    with connection.cursor() as cursor:
        for kind in apps.get_models():
            table, column = kind._meta.db_table, kind._meta.pk.column
            if isinstance(kind._meta.pk, models.AutoField):
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), 1000000)", [table, column]
                )


def test_each_body_works_once_and_only_by_its_fields(world):
    """Sent again word for word, as a browser does on «reload», nothing more happens.

    Nor does it with every column of every model beside the fields: the outcome is the same.
    """
    for name, body in BODIES.items():
        reset_keys()
        with staged(world, name) as stage:
            data = body.data(stage)
            before = kept()
            assert post(stage, name, data).status_code == 302, name
            after = kept()
            quiet = {
                "unsent",
                "report_presence",
                "meeting_presence",
                "letter_presence",
                "login",
                "logout",
                "emblem_upload",
                "decision_print",
                "letter_assemble",
            }
            assert differing(before, after) or name in quiet, name
            for value in data.values():
                if hasattr(value, "seek"):
                    value.seek(0)
            assert post(stage, name, data).status_code < 500, name
            assert not differing(after, kept()), name
        reset_keys()
        with staged(world, name) as stage:
            data = body.data(stage)
            assert post(stage, name, smuggled(set(data)) | data).status_code == 302, name
            assert not differing(after, kept()), name


# --- What is typed -------------------------------------------------------------------------------

HUGE = "x" * 25_000
NASTY = [
    "",
    "\x00",
    "Nguye\u0302\u0303n \u200b\u202egnut\u202c 👩\u200d👧",
    "{{ 7*7 }} {% load x %} %s %(name)s {0} ' OR 1=1 --",
    "<script>alert('x')</script>\"><img src=x onerror=alert(1)>",
    "9" * 30,
    "9" * 5000,
    "person:0",
]
ALONE = ["\x00", HUGE]


def check_answer(response: Any, case: tuple) -> None:
    """A page, a redirect or «not found»; if a page, then with sentences in Vietnamese."""
    assert response.status_code in {200, 302, 404}, case
    if response.status_code != 200:
        return
    page = html_of(response)
    sentences = sentences_of(response)
    assert sentences, case
    for sentence in sentences:
        assert sentence.endswith("."), (case, sentence)
        assert not sentence.isascii(), (case, sentence)
        assert escape(sentence) in page, (case, sentence)


def test_nothing_typed_breaks_a_form(world):
    for name, body in BODIES.items():
        if not body.data(world):
            continue
        with staged(world, name) as stage:
            fields = body.data(stage)
            for value in NASTY:
                with undone():
                    response = post(stage, name, dict.fromkeys(fields, value) | {"x": "1"})
                    check_answer(response, (name, value[:40]))
            for field, value in itertools.product(body.typed, ALONE):
                with undone():
                    response = post(stage, name, body.data(stage) | {field: value})
                    check_answer(response, (name, field, value[:40]))
                    if response.status_code == 200:
                        assert escape(value) in html_of(response), (name, field, value[:40])


def test_days_of_other_centuries_are_slips(world):
    for name, field in [
        ("unit_meeting_edit", "held_on"),
        ("extension_create", "due_on"),
        ("meeting_create", "held_on"),
        ("meeting_close", "ended_on"),
        ("decision_create", "issued_on"),
        ("decision_close", "signed_on"),
        ("letter_number", "issued_on"),
        ("outcome_record", "decided_on"),
        ("law_edit", "in_force_on"),
        ("calendar_edit", "day"),
    ]:
        for day in ("01/01/0001", "31/12/9999"):
            with staged(world, name) as stage:
                # Half past midnight in Viet Nam is the year before in the database's own clock.
                early = {"starts": "00:30"} if name == "unit_meeting_edit" else {}
                data = BODIES[name].data(stage) | early | {field: day}
                sentences = sentences_of(post(stage, name, data))
                assert sentences == ["Hãy ghi ngày từ 01/01/1900 đến 31/12/2100."], name


def test_nothing_typed_breaks_a_field_of_a_plan(world):
    days = ["\x00", "01/01/0001", "31/12/9999"]
    lines = ["[I] A\n" * 3, f"Giấy khen của Giám đốc | {'9' * 5000}"]
    for name in BY_NAME:
        for value in days if name.endswith("_on") else lines:
            with undone():
                data = {"field": name, f"{name}-value": value}
                response = post(world, "plan_draft_detail", data)
                assert response.status_code in {200, 302}, (name, value[:40])
                assert response.status_code == 200 or value not in days[1:], (name, value)


@pytest.mark.parametrize("year", ["0000", "0001", "9999"])
def test_no_year_of_a_plan_stops_its_reading(world, year):
    """A day that cannot be is not proposed; the last one would stop every page of the agency."""
    for line in (
        f"Thời gian gửi hồ sơ: Quý IV/{year}",
        f"Thời gian gửi hồ sơ khen thưởng: trước ngày 01/01/{year}",
        f"Thời gian thi đua: từ tháng 1/{year} đến hết năm {year}",
        f"Hà Nội, ngày 31 tháng 12 năm {year}",
    ):
        plan = f"KẾ HOẠCH\nPhát động\nI. THỜI GIAN THỰC HIỆN\n{line}"
        with undone():
            response = post(world, "plan_draft_create", {"text": plan})
            assert response.status_code == 302, line
    response = post(world, "plan_draft_create", {"text": "a\n" * 5_001})
    assert sentences_of(response) == [
        "Văn bản có quá nhiều dòng. Hãy chỉ dán lời văn của kế hoạch."
    ]


def test_a_meeting_of_tomorrow_has_no_minutes_yet(world):
    body = BODIES["unit_meeting_edit"]
    response = post(world, "unit_meeting_edit", body.data(world) | {"held_on": "21/11/2025"})
    assert sentences_of(response) == ["Ngày họp ở tương lai. Hãy ghi biên bản sau khi họp."]
    assert not UnitMeeting.objects.filter(proposal=world["draft"]).exists()


def test_a_letter_is_not_dated_before_it_was_signed_off(world):
    factories.approved_letter(world["letter"], world[R.SIGNATORY])
    response = post(world, "letter_number", {"issued_on": "19/11/2025"})
    assert sentences_of(response) == [
        "Ngày 19/11/2025 trước ngày phê duyệt 20/11/2025. Hãy chọn ngày từ 20/11/2025."
    ]


def test_a_report_without_its_version_is_not_said_to_be_saved(world):
    """Nobody knows what such a page had in sight: both texts are shown, and nothing is lost."""
    data = headings(world, "Chữ vừa gõ.")
    del data["version"]
    response = post(world, "report_edit", data)
    assert response.status_code == 200
    assert "Chữ vừa gõ." in html_of(response)
    assert sentences_of(response)
    assert not world["written"].report.sections.exclude(text="").exists()
    again = response.context["form"]["version"].value()
    assert post(world, "report_edit", data | {"version": again}).status_code == 302


BROKEN = [
    (b"note=%ED%A0%80%00%FF%C3&password=%FF", "application/x-www-form-urlencoded"),
    (b"&".join(b"a%d=1" % n for n in range(1100)), "application/x-www-form-urlencoded"),
    (b"note=" + b"x" * 5_300_000, "application/x-www-form-urlencoded"),
    (
        b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nx',
        "multipart/form-data; boundary=b",
    ),
    (b"x", "multipart/form-data"),
    (b"x", "multipart/form-data; boundary=" + "b" * 300),
    (b'{"note": 1}', "application/json"),
    (b"note=x", "application/x-www-form-urlencoded; charset=nonsense"),
    (b"", "text/plain"),
]


def test_broken_bodies_get_a_page(world):
    before = kept()
    for name in ("nomination_return", "nomination_refuse", "evidence_create", "emblem_upload"):
        client = client_of(world, BODIES[name].who)
        for body, content_type in BROKEN:
            with undone():
                response = client.generic("POST", url_of(world, name), body, content_type)
                case = (name, content_type, body[:30])
                assert response.status_code in {200, 302, 400}, case
                assert 'lang="vi"' in html_of(response) or response.status_code == 302, case
                assert not differing(before, kept()), case


# --- Addresses -----------------------------------------------------------------------------------


def test_keys_that_no_record_has(world):
    for name, row in MATRIX.items():
        if not row.record:
            continue
        client, pk = client_of(world, min(row.door)), str(10**30)
        nowhere = types.SimpleNamespace(pk=777_777, campaign_id=777_777)
        url = address(name, nowhere).replace("777777", pk)
        assert client.get(url).status_code in {404, 405}, (name, "get")
        assert client.post(url, {"x": "1"}).status_code in {404, 405}, (name, "post")


def test_filters_of_lists_take_anything(world):
    pages = [
        ("review_queue", R.APPRAISER, ("q", "state", "unit", "award_form", "kind", "page")),
        ("summary", R.OFFICE_CHIEF, ("campaign",)),
        ("register_list", R.REGISTRAR, ("q", "year", "award", "page")),
        ("register_export", R.REGISTRAR, ("q", "year", "award")),
        ("audit_list", R.ADMINISTRATOR, ("page",)),
        ("law_list", R.APPRAISER, ("kind",)),
        ("calendar_list", R.APPRAISER, ("year",)),
        ("login", None, ("as", "next")),
        ("reminder_list", R.REGISTRAR, ("page",)),
    ]
    for name, who, keys in pages:
        client = client_of(world, who)
        for value in [*NASTY, "0", "-5", "1e9", "٣", "²", "NaN", "inf", "all"]:
            response = client.get(reverse(name), dict.fromkeys(keys, value))
            assert response.status_code == 200, (name, value[:40])
            assert "<script>alert" not in html_of(response), name


def test_queue_filters_of_an_address_follow_the_reviewer_unharmed(world):
    """The filters are kept in the session and go into the address after the next act."""
    client = client_of(world, R.APPRAISER)
    page = reverse("nomination_detail", args=[world["waiting"].pk])
    for value in NASTY:
        client.get(page, {"state": value, "q": value, "unit": value})
        with undone():
            response = client.post(url_of(world, "nomination_accept"))
            assert response["Location"].startswith("/")
            assert client.get(response["Location"]).status_code == 200


# --- What is smuggled ----------------------------------------------------------------------------


def test_every_post_needs_its_token(world):
    for name, body in BODIES.items():
        with staged(world, name) as stage:
            before = kept()
            client = client_of(stage, body.who, enforce_csrf_checks=True)
            response = client.post(url_of(stage, name), body.data(stage))
            assert response.status_code == 403, name
            assert "csrf_failure.html" in [template.name for template in response.templates], name
            assert not differing(before, kept()), name


# --- What is shown -------------------------------------------------------------------------------

PAYLOAD = "<img src=x onerror=alert(1)>"
# Machine words, and records that the database lets nobody change.
NOT_TEXT = {
    *("sort_key", "search_key", "sha256", "content_sha256", "path", "media_type", "password"),
    *("username", "code", "check_code", "function", "subject_type"),
}
FIXED_LINE = {"printed_name", "printed_title"}  # once the nomination stands in a decision
SEALED = {
    *("awards.submission", "awards.registerentry", "awards.issuednumber", "core.auditentry"),
    *("campaigns.windowextension", "campaigns.quotawaiver"),
    *("campaigns.formchoice", "campaigns.announcement"),
    *("awards.blankentry", "awards.printrun", "staff.hold"),
}


def poison() -> None:
    """Put markup into every text that people may have typed, in every record."""
    for kind in apps.get_models():
        if kind._meta.app_label not in {
            "core",
            "units",
            "staff",
            "campaigns",
            "awards",
            "dossiers",
        }:
            continue
        if kind._meta.label_lower in SEALED:
            continue
        texts = [
            field
            for field in kind._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not field.choices
            and field.name not in NOT_TEXT
        ]
        for row in kind._base_manager.all():
            columns = {
                field.name: f"{PAYLOAD}{getattr(row, field.name)}"
                for field in texts
                if getattr(row, field.name)
                and not (field.name in FIXED_LINE and row.state == "decided")
                and len(getattr(row, field.name)) + len(PAYLOAD) <= (field.max_length or 10**6)
            }
            if columns:
                kind._base_manager.filter(pk=row.pk).update(**columns)


def test_markup_in_names_and_texts_is_shown_as_text(world):
    for name in ("nomination_return", "nomination_refuse"):
        assert post(world, name, BODIES[name].data(world) | {"note": PAYLOAD}).status_code == 302
    attendance_with_markup = {
        key: PAYLOAD if value == "Nghỉ phép" else value for key, value in attendance(world).items()
    }
    assert post(world, "meeting_attendance", attendance_with_markup).status_code == 302
    waiver = factories.waived(world["criterion"], world["unit"], world[R.OFFICE_CHIEF])
    poison()
    shown = 0
    records = world | {
        "nomination": world["written"],
        "proposal": world["draft"],
        "submission": world["sent"].submissions.first(),
        "line": world["decision"].lines.first(),
        "dossier": factories.dossier(world["letter"], world[R.REGISTRAR]),
        "job": Job.objects.first(),
        "waiver": waiver,
    }
    for name, row in MATRIX.items():
        for role in sorted(row.door):
            if row.method == "get" and not name.endswith(("_file", "_export")):
                url = address(name, records[row.record] if row.record else None)
                page = html_of(client_of(world, role).get(url, follow=True))
                assert PAYLOAD not in page, (name, role)
                shown += escape(PAYLOAD) in page
    for key in ("waiting", "judged", "mended"):
        page = html_of(
            client_of(world, R.APPRAISER).get(reverse("nomination_detail", args=[world[key].pk]))
        )
        assert PAYLOAD not in page
        assert escape(PAYLOAD) in page
    assert shown > 100


def test_markup_in_what_was_typed_is_shown_as_text(world):
    """A refused form shows the typed words again, and messages name records."""
    for name, body in BODIES.items():
        with staged(world, name) as stage:
            poison()
            data = {k: PAYLOAD if isinstance(v, str) else v for k, v in body.data(stage).items()}
            client = client_of(stage, body.who)
            response = client.post(url_of(stage, name), data, follow=True)
            assert PAYLOAD not in html_of(response), name


NAMES = [
    "../../../../etc/passwd.pdf",
    "C:\\fakepath\\báo cáo.pdf",
    "a\r\nSet-Cookie: x=1\r\n.pdf",
    'x"; filename="evil.html',
    "ba\u0301o ca\u0301o.exe.pdf",
    "\u202efdp.exe",
    "x" * 300 + ".pdf",
    "tệp\x00.pdf",
    "<img src=x onerror=alert(1)>.pdf",
    ".pdf",
    "CON.pdf",
]


def test_names_of_uploads_are_harmless(world):
    for number, name in enumerate(NAMES, start=1):
        data = headings(world) | {"caption": ""}
        file = factories.upload(factories.pdf_bytes(number + 2), name)
        file._name = name  # what a hostile client sends; Django's own class would tidy it
        client = client_of(world, R.UNIT_HEAD)
        with undone():
            response = client.post(url_of(world, "evidence_create"), data | {"file": file})
            if response.status_code == 200:
                assert sentences_of(response), name
                continue
            evidence = Evidence.objects.select_related("file").latest("pk")
            page = html_of(client.get(response["Location"]))
            sent = client.get(reverse("evidence_file", args=[evidence.pk]))
        assert "<img src=x" not in page
        assert sent["Content-Type"] == "application/pdf"
        assert sent["X-Content-Type-Options"] == "nosniff"
        disposition = sent["Content-Disposition"]
        assert disposition.startswith("inline; filename"), name
        assert not {"\r", "\n", "\x00", "/", "\\"} & set(disposition), disposition
        assert evidence.file.name.endswith(".pdf")
        assert evidence.file.name.count(".") == 1, evidence.file.name
        assert len(evidence.file.name) < 130
        assert ".." not in evidence.file.path


def test_evidence_of_another_unit_is_not_there(world):
    url = reverse("evidence_file", args=[world["evidence"].pk])
    assert client_of(world, R.UNIT_HEAD).get(url)["Content-Type"] == "application/pdf"
    for who in (HEAD_B, R.COUNCIL_MEMBER, R.APPRAISER, R.SIGNATORY, R.REGISTRAR):
        answer = client_of(world, who).get(url)
        assert answer.status_code in {403, 404}, who
        assert not answer["Content-Type"].startswith("application/pdf")


def test_every_answer_carries_its_headers(world):
    decision = reverse("decision_file", args=[world["decision"].pk])
    asked = [
        (R.REGISTRAR, "/", 200),
        (R.REGISTRAR, decision, 200),
        (R.REGISTRAR, reverse("proposal_mine"), 403),
        (R.REGISTRAR, reverse("decision_print", args=[world["decision"].pk]), 405),
        (R.REGISTRAR, "/no/such/page/", 404),
        (R.REGISTRAR, reverse("register_export"), 200),
        (None, "/", 302),
        (None, reverse("login"), 200),
        (None, reverse("healthz"), 200),
        (None, reverse("certificate_check", args=["x"]), 404),
    ]
    for who, url, status in asked:
        response = client_of(world, who).get(url)
        assert response.status_code == status, url
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, url
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"


# --- Who signs in --------------------------------------------------------------------------------


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("login"), {"username": username, "password": password}, **extra)


def test_signing_in_never_leads_elsewhere(cast, client):
    for target in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "\r\nX: 1",
        "\x00/",
    ):
        response = client.post(
            reverse("login"), {"username": "registrar", "password": PASSWORD, "next": target}
        )
        assert response["Location"] == "/", target
        client.logout()
    cookie = sign_in(client, "registrar").cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_five_failures_lock_one_place_and_not_the_person(cast, settings):
    settings.AXES_ENABLED = True
    attacker, leader = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="10.0.0.7")
    for attempt in range(1, 6):
        response = sign_in(attacker, "signatory", f"sai {attempt}")
        assert response.status_code == (429 if attempt == 5 else 200)
    locked = sign_in(attacker, "signatory")
    assert locked.status_code == 429
    assert "registration/locked.html" in [template.name for template in locked.templates]
    assert sign_in(leader, "signatory").status_code == 302
    assert sign_in(attacker, "registrar").status_code == 302


def test_whoever_is_gone_or_has_nothing_reads_a_sentence(cast, agency, other_unit):
    """No role, no person, no agency, not active: a page for each, never a crash."""
    nobody = User.objects.create(agency=agency, username="nobody")
    rootless = User.objects.create(username="rootless")
    lone = [User.objects.create(agency=agency, username=f"lone-{role}") for role in Role]
    homeless = [User.objects.create(username=f"homeless-{role}") for role in Role]
    for users in (lone, homeless):
        for user, role in zip(users, Role, strict=True):
            RoleAssignment.objects.create(
                user=user,
                role=role,
                unit=other_unit if role == R.UNIT_HEAD else None,
                from_on=dt.date(2025, 1, 1),
            )
    plain = [name for name, row in MATRIX.items() if not row.record and row.method == "get"]
    for user, role in [
        (nobody, None),
        (rootless, None),
        *zip(lone + homeless, [*Role, *Role], strict=True),
    ]:
        client = Client()
        client.force_login(user)
        for name in plain:
            if role is None or role in MATRIX[name].door:
                response = client.get(reverse(name), follow=True)
                assert response.status_code in {200, 403, 404}, (user.username, name)
    User.objects.filter(username="registrar").update(is_active=False)
    gone = sign_in(Client(), "registrar")
    assert gone.status_code == 200
    assert all(sentence.endswith(".") for sentence in sentences_of(gone))
    assert sentences_of(gone)


def test_what_ended_yesterday_is_gone_with_the_next_page(world):
    client = client_of(world, R.REGISTRAR)
    assert client.get(reverse("issuing")).status_code == 200
    yesterday = clock.today() - dt.timedelta(days=1)
    RoleAssignment.objects.filter(user=world[R.REGISTRAR]).update(until_on=yesterday)
    assert client.get(reverse("issuing")).status_code == 403
    assert post(world, "nomination_accept", {}).status_code == 302
    head = client_of(world, HEAD_B)
    page = reverse("proposal_detail", args=[world["mended"].proposal_id])
    assert head.get(page).status_code == 200
    User.objects.filter(pk=world[HEAD_B].pk).update(is_active=False)
    assert head.get(page)["Location"].startswith(reverse("login"))


# --- The public ----------------------------------------------------------------------------------


def test_guessed_codes_all_read_alike(world, client):
    line = world["decision"].lines.first()
    guesses = [
        "x",
        "A" * 22,
        "%00",
        "a%00b",
        "%ED%A0%80",
        "x" * 3000,
        line.check_code[:-1],
        "' OR 1=1",
    ]
    pages = set()
    for guess in guesses:
        response = client.get(f"/k/{guess}/")
        assert response.status_code == 404, guess[:30]
        pages.add(response.content)
    assert len(pages) == 1
    unsigned = client.get(reverse("certificate_check", args=[line.check_code]))
    for secret in (line.recipient_name, line.recipient_title, world["decision"].number_text):
        assert secret not in html_of(unsigned)


def test_health_says_when_the_database_is_away(client, monkeypatch):
    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("no route to the database")

    monkeypatch.setattr(connection, "cursor", away)
    response = client.get(reverse("healthz"))
    assert (response.status_code, response.content) == (503, b"database unavailable")


# --- What moves meanwhile ------------------------------------------------------------------------


def test_who_was_transferred_meanwhile_is_not_sent(world, other_unit):
    factories.complete(world["draft"])
    person = world["written"].person
    type(person).objects.filter(pk=person.pk).update(unit=other_unit)
    page = html_of(post(world, "proposal_submit", {}))
    assert "Rút đề nghị của Vi Văn Đức, nay thuộc Phòng Nghiệp vụ 1" in page
    assert factories.fresh(world["draft"]).state == "draft"
    assert post(world, "nomination_withdraw", dict(NOTE)).status_code == 302


def test_a_window_that_moved_closes_every_act_of_the_unit(world):
    factories.complete(world["draft"])
    campaign = world["campaign"]
    type(campaign).objects.filter(pk=campaign.pk).update(nominations_due_on=dt.date(2025, 11, 19))
    before = kept(("awards",))
    for name, body in BODIES.items():
        unit_acts = {"proposal_withdraw", "nomination_resubmit"}
        if (body.who == R.UNIT_HEAD and name != "nomination_withdraw") or name in unit_acts:
            with undone():
                assert post(world, name, body.data(world)).status_code in {200, 302}, name
                assert not differing(before, kept(("awards",))), name


def test_a_plan_that_lost_its_criteria_breaks_no_page(world):
    world["letter_form"].criteria.all().delete()
    for name in ("nomination_create", "proposal_submit", "report_edit", "nomination_accept"):
        client = client_of(world, BODIES[name].who)
        assert client.get(url_of(world, name)).status_code == 200, name
    detail = reverse("nomination_detail", args=[world["waiting"].pk])
    assert "Không đúng đối tượng" in html_of(client_of(world, R.APPRAISER).get(detail))
    response = post(world, "nomination_create", BODIES["nomination_create"].data(world))
    assert sentences_of(response) == [
        "Kế hoạch không nêu tiêu chuẩn Giấy khen của Chánh Thanh tra cho cá nhân."
    ]
