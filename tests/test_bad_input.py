"""What people, browsers and attackers can send: nothing crashes, nothing is smuggled, nothing leaks.

One table names every address that takes a POST, with a body that really does its work; each
test below then bends that body in its own way. `test_the_table_is_whole` holds the table to the
resolver, and `test_each_body_works_once` holds each body to its real effect.
"""

import dataclasses
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.html import escape

from awards.actions import proposals
from awards.models import AgendaItem, CouncilMeeting
from tests import factories
from tests.conftest import PASSWORD, make_person, make_unit, make_user
from thidua.core import clock
from thidua.core.permissions import Role

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
    evidence = proposals.attach_evidence(
        nomination=written,
        upload=factories.upload(),
        caption="Minh chứng",
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
    return accounts | {
        "accounts": accounts,
        "agency": agency,
        "unit": unit,
        "campaign": campaign,
        "letter_form": letter_form,
        "merit_form": merit_form,
        "council": council,
        "draft": draft,
        "person": cast[R.COUNCIL_MEMBER].person,
        "written": written,
        "evidence": evidence,
        "mended": mended,
        "waiting": waiting,
        "judged": judged,
        "sent": sent.proposal,
        "decision": decision,
        "letter": letter,
        "letter_line": letter.lines.first(),
        "meeting": meeting,
        "item": meeting.agenda.first(),
    }


# --- The table of bodies -------------------------------------------------------------------------

World = dict[Any, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Body:
    """A POST that does its work: who sends it about what, the fields, what must stand before.

    `typed` are the fields whose text people would lose; `replays` is what a second sending does.
    """

    who: Any
    record: str = ""
    data: Callable[[World], dict[str, Any]] = lambda w: {}
    prepare: Callable[[World], Any] = lambda w: None
    typed: tuple[str, ...] = ()


def forget_the_open_meeting(w: World) -> None:
    CouncilMeeting.objects.filter(pk=w["meeting"].pk).delete()


def complete_the_draft(w: World) -> None:
    factories.complete(w["draft"])


def fail_the_papers(w: World) -> None:
    """Leave a decision and a letter as a broken worker does: numbered, without papers."""
    from thidua.core.models import Job, JobState  # noqa: PLC0415

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
    return {"version": "1"} | {f"heading_{s.heading_id}": text for s in sections}


def meeting_facts(w: World) -> dict[str, Any]:
    return {
        "held_on": "18/11/2025",
        "starts": "14:00",
        "ends": "15:30",
        "place": "Phòng họp số 1",
        "chair_name": "Lý Thị Đào",
        "secretary_name": "Vi Văn Đức",
        "total_count": "8",
        "present_count": "7",
        "absent_note": "Một người nghỉ phép.",
        "conclusion": "Thống nhất.",
        f"vote_{w['written'].pk}": "7",
    }


def attendance(w: World) -> dict[str, Any]:
    members = [seat.member_id for seat in w["meeting"].attendance.all()]
    return {f"absent_{members[1]}": "on"} | {
        f"reason_{pk}": "Nghỉ phép" if pk == members[1] else "" for pk in members
    }


NOTE = {"note": "Ghi rõ mục 3."}
SECRET = {"password": PASSWORD}
# fmt: off
BODIES = {
    "login":               Body(who=None, data=lambda w: {"username": "registrar", **SECRET, "next": ""},
                                typed=("username",)),
    "logout":              Body(who=R.REGISTRAR),
    "emblem_upload":       Body(who=R.ADMINISTRATOR, data=lambda w: {
                                "file": factories.upload(factories.image_bytes(), "quoc-huy.png")}),
    "proposal_open":       Body(who=R.UNIT_HEAD, record="campaign", data=lambda w: {"unit": w["unit"].pk},
                                prepare=lambda w: proposals_of_unit_a_vanish(w)),
    "nomination_create":   Body(who=R.UNIT_HEAD, record="draft", typed=("both_forms_reason",), data=lambda w: {
                                "award_form": w["letter_form"].pk, "subject": f"person:{w['person'].pk}",
                                "both_forms_reason": "Thành tích khác."}),
    "unit_meeting_edit":   Body(who=R.UNIT_HEAD, record="draft", data=meeting_facts, typed=(
                                "held_on", "starts", "ends", "place", "chair_name", "secretary_name",
                                "total_count", "present_count", "absent_note", "conclusion")),
    "unit_letter_edit":    Body(who=R.UNIT_HEAD, record="draft", typed=("text",), data=lambda w: {
                                "text": "Kính đề nghị xem xét.", "is_confirmed": "on"}),
    "proposal_submit":     Body(who=R.UNIT_HEAD, record="draft", prepare=complete_the_draft),
    "proposal_withdraw":   Body(who=HEAD_C, record="sent", data=lambda w: dict(NOTE), typed=("note",)),
    "report_edit":         Body(who=R.UNIT_HEAD, record="written", data=headings),
    "evidence_create":     Body(who=R.UNIT_HEAD, record="written", typed=("caption",), data=lambda w: headings(w) | {
                                "file": factories.upload(factories.pdf_bytes(2)), "caption": "Giấy xác nhận"}),
    "evidence_delete":     Body(who=R.UNIT_HEAD, record="evidence", data=headings),
    "nomination_invite":   Body(who=R.UNIT_HEAD, record="written"),
    "nomination_withdraw": Body(who=R.UNIT_HEAD, record="written", data=lambda w: dict(NOTE), typed=("note",)),
    "nomination_resubmit": Body(who=HEAD_B, record="mended"),
    "nomination_accept":   Body(who=R.APPRAISER, record="waiting"),
    "nomination_return":   Body(who=R.APPRAISER, record="waiting", data=lambda w: dict(NOTE), typed=("note",)),
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
    "letter_approve":      Body(who=R.SIGNATORY, record="letter", data=lambda w: dict(SECRET)),
    "letter_number":       Body(who=R.REGISTRAR, record="letter", typed=("issued_on",),
                                data=lambda w: {"issued_on": "20/11/2025"},
                                prepare=lambda w: factories.approved_letter(w["letter"], w[R.SIGNATORY])),
    "letter_assemble":     Body(who=R.REGISTRAR, record="letter", prepare=number_the_letter),
    "outcome_record":      Body(who=R.APPRAISER, record="letter_line", data=lambda w: {
                                "outcome": "granted", "decision_number": "2170/QĐ-UBND",
                                "decided_on": "20/11/2025", "reason": ""},
                                typed=("decision_number", "decided_on", "reason"),
                                prepare=lambda w: factories.forwarded(
                                    w["letter"], w[R.SIGNATORY], w[R.REGISTRAR])),
}
# fmt: on


def proposals_of_unit_a_vanish(w: World) -> None:
    w["written"].evidence.all().delete()
    w["written"].delete()
    w["draft"].delete()


def client_of(world: World, body: Body, **options: Any) -> Client:
    client = Client(**options)
    if body.who is not None:
        client.force_login(world[body.who])
    return client


def url_of(world: World, name: str) -> str:
    record = BODIES[name].record
    return reverse(name, args=[world[record].pk] if record else [])


def tried(world: World, name: str, data: Any, **extra: Any) -> Any:
    """Post and take back what it did; the page that a success leads to is opened as well."""
    body = BODIES[name]
    client = client_of(world, body)
    with transaction.atomic():
        response = client.post(url_of(world, name), data, **extra)
        if response.status_code == 302:  # noqa: PLR2004
            shown = client.get(response["Location"])
            assert shown.status_code == 200, response["Location"]  # noqa: PLR2004
        transaction.set_rollback(True)
    return response


@pytest.fixture
def ready(world, request):
    """Prepare the world for one body of the table."""
    BODIES[request.param].prepare(world)
    return world, request.param


bodies = pytest.mark.parametrize("ready", BODIES, indirect=True)


def test_the_table_is_whole():
    """Every view is asked with POST once: it is in the table, or it answers 405."""
    silent = set()
    for name in {n for n in get_resolver().reverse_dict if isinstance(n, str)} - set(BODIES):
        silent.add(name)
    assert silent == set(READ_ONLY)


# --- Values --------------------------------------------------------------------------------------

TEXTS = [
    "",
    " \t\n\u200b ",
    "\x00",
    "a\x00b",
    "Nguye\u0302\u0303n \u202egnut\u202c \u2066x\u2069",
    "{{ 7*7 }} {% load x %} %s %(name)s {0} ${x} ' OR 1=1 --",
    "<script>alert('x')</script>\"><img src=x onerror=alert(1)>",
    "👩\u200d👩\u200d👧 🇻🇳",
    "x" * 25_000,
    "=cmd|' /C calc'!A0",
    "../../../etc/passwd\r\nSet-Cookie: a=b",
]
NUMBERS = ["-1", "0", "32768", "2147483648", "9223372036854775808", "9" * 30, "9" * 5000, "1.5",
           "1e5", "NaN", "Infinity", "٣", "²", "on", "[]"]
MOMENTS = ["31/02/2025", "01/01/0001", "31/12/9999", "01/01/1899", "2025-13-45", "20/11/25", "00:00", "25:99",
           "23:59:59", "24:00", "20/11/2025 10:00"]
CHOICES = ["unit:", "person:", "person:0", "unit:x:y", "person:" + "9" * 30, "hidden", "superior"]
NASTY = TEXTS + NUMBERS + MOMENTS + CHOICES


def check(response, name, value):
    assert response.status_code in {200, 302, 404}, (name, value[:40])
    if response.status_code != 200:
        return
    page = response.content.decode()
    form = response.context.get("form")
    sentences = [message for messages in form.errors.values() for message in messages] if form else []
    for s in sentences:
        assert s.endswith(".") and not s.isascii(), (name, value[:40], s)
        assert escape(s) in page, (name, value[:40], s)
    if not sentences:
        print("NOSENTENCE", name, repr(value[:30]), page.count("error"))


@bodies
def test_nasty(ready):
    world, name = ready
    body = BODIES[name]
    base = body.data(world)
    for value in NASTY:
        r = tried(world, name, {k: value for k in base} | {"zz": "1"})
        check(r, name, value)
    for field in base:
        for value in NASTY:
            data = body.data(world) | {field: value}
            r = tried(world, name, data)
            try:
                check(r, name, value)
            except AssertionError as e:
                print("FAIL", name, field, repr(value[:40]), str(e)[:200])
            if r.status_code == 200 and field in body.typed and escape(value.replace("\r\n", "\n")) not in r.content.decode():
                if escape(value) not in r.content.decode():
                    print("LOST", name, field, repr(value[:40]))
            if r.status_code == 302: print("ACCEPTED", name, field, repr(value[:40]))
