"""Dòng in: each unit confirms how its recipients are printed, between approval and number."""

import dataclasses
import io
import unicodedata

import pdfplumber
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from awards.actions.lines import PrintedLine, as_it_stands, confirm_lines
from awards.models import Decision, IssuedNumber, Nomination, RegisterEntry
from awards.papers.decision import certificate_paper
from awards.queries.work import tasks_of
from staff.models import RoleAssignment, User
from tests import factories as make
from tests.conftest import make_person, make_user
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

pytestmark = pytest.mark.django_db
REASON = "Trưởng phòng nghỉ phép đến hết ngày 30/11/2025."


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def chief(cast):
    return cast[Role.OFFICE_CHIEF]


@pytest.fixture
def approve(cast, campaign, unit, people, letter_form):
    """Approve the collective and people of the unit, `count` in all, not confirmed yet."""

    def prepare(count=3):
        subjects = [(unit, letter_form), *((person, letter_form) for person in people)][:count]
        nominations = make.sent(unit, cast[Role.UNIT_HEAD], campaign, *subjects)
        return [
            make.approved(
                make.accepted(n, cast[Role.APPRAISER]), cast[Role.SIGNATORY], confirms=False
            )
            for n in nominations
        ]

    return prepare


@pytest.fixture
def waiting(approve):
    return approve()


def confirm(noon, actor, *lines, reason=""):
    proposal = Nomination.objects.get(pk=lines[0].nomination_id).proposal
    return confirm_lines(proposal=proposal, lines=lines, reason=reason, actor=actor, at=noon)


def refusal_of(act, *args, **kwargs):
    """Return the refusal; nothing was changed and nothing logged."""
    rows, logged = list(Nomination.objects.order_by("pk").values()), AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act(*args, **kwargs)
    assert list(Nomination.objects.order_by("pk").values()) == rows
    assert AuditEntry.objects.count() == logged
    return refusal.value


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page_of(nomination):
    return reverse("line_confirm", args=[nomination.proposal_id])


def fields_of(*nominations, **changed):
    typed = {}
    for n in nominations:
        fields = {"name": n.line_name, "title": n.line_title, "version": n.version} | changed
        typed |= {f"{key}_{n.pk}": value for key, value in fields.items()}
    return typed


# --- What is confirmed is what is printed --------------------------------------------------------


def test_the_list_the_certificate_and_the_register_say_what_the_unit_confirmed(
    waiting, head, cast, letter_form, noon
):
    collective, first, second = waiting
    line = PrintedLine(first.pk, "Bà Nông Thị Ánh", "Phó Trưởng phòng", first.version)
    confirm(noon, head, as_it_stands(collective), line, as_it_stands(second))
    person = first.person
    person.full_name, person.position = "Nông Thị Ảnh", "Thanh tra viên chính"
    person.save()

    decision = make.printed(make.issued(letter_form, cast[Role.REGISTRAR]))
    make.closed(decision, cast[Role.REGISTRAR])

    printed = [
        ("Phòng Nghiệp vụ 2", "Thanh tra tỉnh Thử"),
        ("Bà Nông Thị Ánh", "Phó Trưởng phòng"),  # by the given name: «Bà» moves nobody
        ("Hoàng Văn Bình", "Thanh tra viên, Phòng Nghiệp vụ 2"),
    ]
    lines = list(decision.lines.all())
    assert [(each.recipient_name, each.recipient_title) for each in lines] == printed
    paper = certificate_paper(lines[1], decision)
    assert (paper.recipient_name, paper.recipient_title) == printed[1]
    entries = RegisterEntry.objects.order_by("golden_number")
    assert list(entries.values_list("recipient_name", "recipient_title")) == printed


def test_the_log_keeps_the_old_and_the_new(waiting, head, noon):
    _, nomination, _ = waiting
    decomposed = unicodedata.normalize("NFD", "Bà Nông Thị Ánh")

    line = dataclasses.replace(as_it_stands(nomination), name=f"  {decomposed}  ")
    [changed] = confirm(noon, head, line)

    assert changed.printed_name == "Bà Nông Thị Ánh"
    assert (changed.line_confirmed_by, changed.line_confirmed_at) == (head, noon)
    assert changed.recipient_name == "Nông Thị Ánh"
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.actor) == ("awards.nomination.confirm_line", head)
    assert entry.changes == {
        "printed_name": ["Nông Thị Ánh", "Bà Nông Thị Ánh"],
        "printed_title": ["Thanh tra viên, Phòng Nghiệp vụ 2"] * 2,
    }
    assert entry.note == "Nông Thị Ánh → Bà Nông Thị Ánh"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "Phòng Nghiệp vụ 2: Hãy ghi tên in."),
        ({"title": ""}, "Phòng Nghiệp vụ 2: Hãy ghi chức vụ."),
        ({"name": "Hai\ndòng"}, "Phòng Nghiệp vụ 2: Hãy ghi tên in trên một dòng."),
        (
            {"title": "x" * 251},
            "Phòng Nghiệp vụ 2: Hãy rút chức vụ xuống còn 250 ký tự; nay có 251.",
        ),
    ],
)
def test_a_line_that_cannot_be_printed_is_not_confirmed(approve, head, noon, changed, sentence):
    [nomination] = approve(1)
    line = dataclasses.replace(as_it_stands(nomination), **changed)

    assert str(refusal_of(confirm, noon, head, line)) == sentence


def test_the_database_keeps_a_line_whole_and_still(waiting, head, cast, letter_form):
    for nomination in waiting:
        make.confirmed(nomination)
    rows = Nomination.objects.filter(pk=waiting[0].pk)
    for broken in ({"printed_name": ""}, {"line_confirmed_by": None}, {"line_confirmed_at": None}):
        with (
            pytest.raises(IntegrityError, match="nomination_line_confirmed_whole"),
            transaction.atomic(),
        ):
            rows.update(**broken)

    make.issued(letter_form, cast[Role.REGISTRAR])

    for late in ({"printed_name": "Khác"}, {"printed_title": "Khác"}, {"line_confirmed_by": 1}):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows.update(**late)


# --- No number before --------------------------------------------------------------------------


def test_a_decision_is_not_numbered_while_a_line_waits(waiting, head, cast, letter_form):
    make.confirmed(waiting[0])

    refusal = refusal_of(make.issued, letter_form, cast[Role.REGISTRAR])

    assert str(refusal) == (
        "Chưa cấp số được: còn 2 dòng in chưa xác nhận (Phòng Nghiệp vụ 2: Nông Thị Ánh, "
        "Hoàng Văn Bình). Người đứng đầu đơn vị xác nhận ở trang Đề nghị của phòng; khi người ấy "
        "vắng, Chánh Văn phòng xác nhận thay."
    )
    assert not isinstance(refusal, Conflict)
    assert not IssuedNumber.objects.filter(register__book="decision").exists()
    for nomination in waiting[1:]:
        make.confirmed(nomination)
    assert make.issued(letter_form, cast[Role.REGISTRAR]).number == 1


def test_a_refusal_names_five_lines_and_counts_the_rest(cast, unit, campaign, letter_form, head):
    people = [make_person(unit, f"Lò Văn {letter}") for letter in "ABCDEFG"]
    for n in make.sent(unit, head, campaign, *((person, letter_form) for person in people)):
        accepted = make.accepted(n, cast[Role.APPRAISER])
        make.approved(accepted, cast[Role.SIGNATORY], confirms=False)

    said = str(refusal_of(make.issued, letter_form, cast[Role.REGISTRAR]))

    assert "Lò Văn A, Lò Văn B, Lò Văn C, Lò Văn D, Lò Văn E và 2 dòng khác)" in said


def test_the_registrar_sees_what_waits_and_on_whom(waiting, head, cast, letter_form):
    registrar = signed_in(cast[Role.REGISTRAR])
    desk, create = reverse("issuing"), reverse("decision_create", args=[letter_form.pk])

    page = registrar.get(desk).content.decode()
    assert "Chờ xác nhận dòng in" in page
    assert "Phòng Nghiệp vụ 2 (Lý Thị Đào): 3 dòng" in page
    page = registrar.get(create).content.decode()
    assert "còn 3 dòng in chưa xác nhận" in page
    assert "Cấp số và tạo giấy khen" not in page
    answer = registrar.post(create, {"issued_on": "20/11/2025", "listed": ""})
    assert "còn 3 dòng in chưa xác nhận" in answer.content.decode()
    [task] = tasks_of(User.objects.get(pk=cast[Role.REGISTRAR].pk), head.created_at)
    assert task.detail == "3 trường hợp đã được phê duyệt, 3 dòng in chờ đơn vị xác nhận"

    for nomination in waiting:
        make.confirmed(nomination)

    assert "Chờ xác nhận dòng in" not in registrar.get(desk).content.decode()
    assert "Cấp số và tạo giấy khen" in registrar.get(create).content.decode()


def test_a_line_that_changed_after_the_registrar_looked_is_looked_at_again(
    approve, cast, letter_form
):
    nomination = make.confirmed(approve(1)[0])
    registrar = signed_in(cast[Role.REGISTRAR])
    create = reverse("decision_create", args=[letter_form.pk])
    listed = registrar.get(create).context["form"].present_list
    make.confirmed(nomination, title="Thanh tra tỉnh")

    answer = registrar.post(create, {"issued_on": "20/11/2025", "listed": listed})

    assert "Danh sách vừa thay đổi." in answer.content.decode()
    assert not Decision.objects.exists()


# --- Who ---------------------------------------------------------------------------------------


def test_a_delegate_of_the_unit_confirms_as_its_head_does(waiting, unit, noon):
    delegate = make_user(make_person(unit, "Vi Văn Sửu"), Role.UNIT_HEAD, "pho", unit)

    assert len(confirm(noon, delegate, *map(as_it_stands, waiting))) == 3


def test_the_office_chief_stands_in_with_a_reason(waiting, chief, noon):
    lines = [as_it_stands(n) for n in waiting]
    said = str(refusal_of(confirm, noon, chief, *lines, reason="  "))
    assert said == "Hãy ghi lý do xác nhận thay đơn vị."

    confirm(noon, chief, *lines, reason=REASON)

    assert {make.fresh(n).line_confirmed_note for n in waiting} == {REASON}
    entry = AuditEntry.objects.first()
    assert (entry.action_label, entry.note) == ("Xác nhận thay dòng in", REASON)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.UNIT_HEAD, Role.OFFICE_CHIEF}))
def test_nobody_else_confirms(approve, cast, role, noon):
    [nomination] = approve(1)

    said = str(refusal_of(confirm, noon, cast[role], as_it_stands(nomination), reason=REASON))

    assert said == "Việc này do Trưởng phòng, Chánh Văn phòng thực hiện."


def test_another_head_does_not(approve, other_head, noon):
    [nomination] = approve(1)

    said = str(refusal_of(confirm, noon, other_head, as_it_stands(nomination)))

    assert said == "Đây là hồ sơ của đơn vị khác."


def test_a_line_of_the_superior_or_before_approval_is_not_ours(
    cast, unit, campaign, letter_form, merit_form, head, people, noon
):
    letter, merit = make.sent(unit, head, campaign, (people[0], letter_form), (unit, merit_form))

    early = refusal_of(confirm, noon, head, as_it_stands(letter))
    theirs = refusal_of(confirm, noon, head, as_it_stands(merit))

    assert str(early) == ("Đề nghị của Nông Thị Ánh chưa được phê duyệt nên chưa xác nhận dòng in.")
    assert str(theirs) == (
        "Dòng in của Phòng Nghiệp vụ 2 do cấp trên quyết định nên không xác nhận ở đây."
    )


def test_a_line_of_another_proposal_does_not_slip_in(
    approve, other_unit, other_head, campaign, noon
):
    [nomination] = approve(1)
    other = make.draft_proposal(other_unit, other_head, campaign)

    refusal = refusal_of(
        confirm_lines,
        proposal=other,
        lines=[as_it_stands(nomination)],
        actor=other_head,
        at=noon,
    )

    assert isinstance(refusal, Conflict)


# --- Two at once ---------------------------------------------------------------------------------


def test_a_second_click_changes_nothing(waiting, head, noon):
    lines = [as_it_stands(n) for n in waiting]
    confirm(noon, head, *lines)
    logged = AuditEntry.objects.count()

    assert confirm(noon, head, *lines) == []
    assert AuditEntry.objects.count() == logged


def test_whoever_comes_second_reads_what_the_first_confirmed_and_loses_nothing(waiting, head):
    client, url = signed_in(head), page_of(waiting[0])
    mine = fields_of(*waiting, title="Chức vụ của tôi")
    make.confirmed(waiting[1], name="Bà Nông Thị Ánh")

    answer = client.post(url, mine)

    page = answer.content.decode()
    shown = [field.value() for name, field in bound_fields(answer) if name.startswith("title")]
    assert shown == ["Chức vụ của tôi"] * 3
    assert "Lý Thị Đào đã xác nhận dòng in này lúc 10:30 20/11/2025: «Bà Nông Thị Ánh»" in page
    assert not make.fresh(waiting[0]).line_confirmed_at, "all or none"
    again = {name: field.value() for name, field in bound_fields(answer)}
    assert client.post(url, again).status_code == 302
    assert make.fresh(waiting[1]).printed_title == "Chức vụ của tôi"


def test_a_field_left_as_it_was_takes_what_the_first_confirmed(waiting, head):
    client, url = signed_in(head), page_of(waiting[0])
    in_sight = {f"initial-{name}": value for name, value in fields_of(*waiting).items()}
    mine = fields_of(*waiting) | {f"title_{waiting[2].pk}": "Phó Trưởng phòng"}
    make.confirmed(waiting[1], name="Bà Nông Thị Ánh")

    form = client.post(url, in_sight | mine).context["form"]

    assert form[f"name_{waiting[1].pk}"].value() == "Bà Nông Thị Ánh"
    assert form[f"title_{waiting[2].pk}"].value() == "Phó Trưởng phòng"


def bound_fields(answer):
    form = answer.context["form"]
    return [(name, form[name]) for name in form.fields]


def test_whoever_comes_after_the_number_reads_the_decision(waiting, head, cast, letter_form):
    client, url = signed_in(head), page_of(waiting[0])
    late = fields_of(*waiting, name="Muộn rồi")
    for nomination in waiting:
        make.confirmed(nomination)
    make.issued(letter_form, cast[Role.REGISTRAR])

    page = client.post(url, late, follow=True).content.decode()

    assert "đã vào quyết định số 01/QĐ-TTr nên dòng in không đổi được nữa." in page
    assert "Không có dòng in nào chờ xác nhận." in page
    assert not Nomination.objects.filter(printed_name="Muộn rồi").exists()


def test_a_line_that_came_after_the_page_is_not_confirmed_unseen(waiting, head):
    client, url = signed_in(head), page_of(waiting[0])

    assert client.post(url, fields_of(waiting[0])).status_code == 302

    assert [bool(make.fresh(n).line_confirmed_at) for n in waiting] == [True, False, False]


# --- The page ------------------------------------------------------------------------------------


def test_the_page_asks_the_chief_for_a_reason_and_the_head_for_none(waiting, head, chief):
    url = page_of(waiting[0])
    assert "reason" not in signed_in(head).get(url).context["form"].fields
    client = signed_in(chief)
    answer = client.post(url, fields_of(*waiting) | {"reason": ""})
    assert answer.context["form"].errors == {"reason": ["Hãy điền ô này."]}

    assert client.post(url, fields_of(*waiting) | {"reason": REASON}).status_code == 302

    page = signed_in(head).get(url).content.decode()
    assert f"xác nhận thay: {REASON}" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Nông\tThị", "Ô này có ký tự điều khiển (xuống dòng, tab…); hãy gõ lại trên một dòng."),
        ("Nông\x00Thị", "Ô này có ký tự điều khiển (xuống dòng, tab…); hãy gõ lại trên một dòng."),
        ("x" * 201, "Hãy rút xuống còn 200 ký tự; nay có 201."),
        ("Nông 漢", "Phông chữ in không có ký tự “漢” trong “Nông 漢”."),
    ],
)
def test_what_cannot_be_printed_is_said_beside_the_field(approve, head, typed, sentence):
    [nomination] = approve(1)

    answer = signed_in(head).post(page_of(nomination), fields_of(nomination, name=typed))

    assert answer.context["form"].errors == {f"name_{nomination.pk}": [sentence]}
    assert not make.fresh(nomination).line_confirmed_at


def test_the_trial_print_shows_each_line_and_is_no_certificate(waiting, head):
    make.confirmed(waiting[1], name="Bà Nông Thị Ánh")
    url = reverse("line_preview_file", args=[waiting[0].proposal_id])

    answer = signed_in(head).get(url)

    assert answer["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        pages = [" ".join(page.extract_text().split()) for page in pdf.pages]
    assert len(pages) == 3
    names = ("Phòng Nghiệp vụ 2", "Bà Nông Thị Ánh", "Hoàng Văn Bình")
    assert [name in page for name, page in zip(names, pages, strict=True)] == [True] * 3
    assert all("BẢN XEM THỬ" in page and "QĐ-TTr" not in page for page in pages)
    assert not any("Triệu Văn Ngọc" in page for page in pages)


def test_nothing_to_try_is_said(cast, unit, campaign, head):
    proposal = make.draft_proposal(unit, head, campaign)

    page = signed_in(head).get(reverse("line_preview_file", args=[proposal.pk]), follow=True)

    assert "Không có giấy khen nào để in." in page.content.decode()


def test_the_head_finds_the_task_until_it_is_done(waiting, head, chief, noon):
    def tasks():
        return [
            task for task in tasks_of(User.objects.get(pk=head.pk), noon) if "dòng in" in task.title
        ]

    [task] = tasks()
    assert (task.title, task.url, task.count) == (
        "Xác nhận dòng in: 3 người nhận",
        page_of(waiting[0]),
        3,
    )
    detail = reverse("proposal_detail", args=[waiting[0].proposal_id])
    assert "Xác nhận thay đơn vị" in signed_in(chief).get(detail).content.decode()

    confirm(noon, head, *map(as_it_stands, waiting))

    assert not tasks()
    assert "Chờ xác nhận dòng in" not in signed_in(head).get(detail).content.decode()
    client = signed_in(head)
    assert "Đã xác nhận" in client.get(page_of(waiting[0])).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_line_and_for_three(
    approve, head, count, settings, django_assert_num_queries
):
    settings.NAVIGATION_COUNTERS = {}
    [first, *_] = approve(count)
    client = signed_in(head)
    client.get(page_of(first))

    # session, user, roles; proposal with its campaign's extensions, lines
    with django_assert_num_queries(6):
        client.get(page_of(first))


def test_whose_role_ended_yesterday_confirms_nothing(approve, head, noon):
    [nomination] = approve(1)
    RoleAssignment.objects.filter(user=head).update(until_on=noon.date().replace(day=19))

    refusal = refusal_of(confirm, noon, User.objects.get(pk=head.pk), as_it_stands(nomination))

    assert str(refusal).startswith("Việc này do Trưởng phòng")
