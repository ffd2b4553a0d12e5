"""The desks of the office and of the signatory, through their pages."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from awards.actions.approvals import approve_all
from awards.models import Nomination, NominationState
from campaigns.models import ReportForm
from tests.conftest import NOON, PASSWORD, make_person, make_user
from tests.factories import accepted, approved, fresh, returned, sent
from thidua.core import audit
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

CONFIRM = {"csrfmiddlewaretoken": "as a browser sends it"}
OFFICE = (Role.APPRAISER, Role.OFFICE_CHIEF)


@pytest.fixture
def two(cast, unit, campaign, letter_form, people):
    """Return two people's nominations that wait for review."""
    head = cast[Role.UNIT_HEAD]
    return sent(unit, head, campaign, *[(person, letter_form) for person in people])


@pytest.fixture
def one(two):
    return two[0]


@pytest.fixture
def sign_in(client, cast):
    """Return a client on which somebody of the cast has signed in."""

    def act(role):
        client.force_login(cast[role] if isinstance(role, Role) else role)
        return client

    return act


def page(name, *args, **query):
    return reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")


def text_of(response):
    return response.content.decode()


# --- Doors and rooms ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("name", "admitted"),
    [
        ("review_queue", set(OFFICE)),
        ("summary", {*OFFICE, Role.SIGNATORY}),
        ("approval_list", {Role.SIGNATORY}),
    ],
)
def test_lists_open_for_whom_they_are(sign_in, campaign, role, name, admitted):
    assert sign_in(role).get(page(name)).status_code == (200 if role in admitted else 403)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("name", "admitted"),
    [
        ("nomination_accept", set(OFFICE)),
        ("nomination_return", set(OFFICE)),
        ("nomination_decline", set(OFFICE)),
        ("nomination_approve", {Role.SIGNATORY}),
        ("nomination_refuse", {Role.SIGNATORY}),
    ],
)
def test_acts_open_for_whom_they_are(sign_in, one, role, name, admitted):
    status = sign_in(role).post(page(name, one.pk)).status_code

    assert (status != 403) == (role in admitted)
    assert role in admitted or fresh(one).state == NominationState.SUBMITTED


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.UNIT_HEAD, 200),
        (Role.APPRAISER, 200),
        (Role.OFFICE_CHIEF, 200),
        (Role.SIGNATORY, 200),
        (Role.STAFF_MEMBER, 404),
        (Role.COUNCIL_MEMBER, 404),
        (Role.REGISTRAR, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_nomination_is_read_by_those_who_have_a_part_in_it(sign_in, one, role, status):
    assert sign_in(role).get(page("nomination_detail", one.pk)).status_code == status


def test_nomination_of_another_unit_does_not_exist(sign_in, other_head, one):
    assert sign_in(other_head).get(page("nomination_detail", one.pk)).status_code == 404


def test_invited_author_reads_the_own_nomination(sign_in, cast, unit, one):
    writer = make_user(one.person, Role.STAFF_MEMBER, "writer")
    Nomination.objects.filter(pk=one.pk).update(author=writer)

    html = text_of(sign_in(writer).get(page("nomination_detail", one.pk)))

    assert one.recipient_name in html
    assert page("nomination_accept", one.pk) not in html


# --- The queue ---------------------------------------------------------------------------------


def test_queue_shows_what_waits_and_filters_live_in_the_address(sign_in, cast, two):
    accepted(two[0], cast[Role.APPRAISER])
    client = sign_in(Role.OFFICE_CHIEF)

    waiting = text_of(client.get(page("review_queue")))
    done = text_of(client.get(page("review_queue", state="accepted")))
    every = text_of(client.get(page("review_queue", state="all")))

    shown = [[n.recipient_name in html for n in two] for html in (waiting, done, every)]
    assert shown == [[False, True], [True, False], [True, True]]
    assert "Chờ thẩm định (1)" in waiting
    assert "Đủ điều kiện (1)" in waiting


def test_queue_is_searched_without_accents_or_case(sign_in, two):
    html = text_of(sign_in(Role.APPRAISER).get(page("review_queue", q="NONG thi anh")))

    assert [n.recipient_name in html for n in two] == [True, False]


def test_queue_puts_collectives_first_then_given_names(
    sign_in, cast, unit, campaign, letter_form, people
):
    subjects = [people[1], people[0], unit]
    sent(unit, cast[Role.UNIT_HEAD], campaign, *[(s, letter_form) for s in subjects])

    rows = sign_in(Role.APPRAISER).get(page("review_queue")).context["rows"]

    assert [row.nomination.recipient_name for row in rows] == [
        "Phòng Nghiệp vụ 2",
        "Nông Thị Ánh",
        "Hoàng Văn Bình",
    ]
    assert [row.days for row in rows] == [0, 0, 0]


def test_queue_leaves_out_filters_that_say_nothing(sign_in, one):
    address = page("review_queue", state="nowhere", unit="x", award_form="-1", kind="?", page="99")

    assert sign_in(Role.APPRAISER).get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 5])
def test_queue_costs_the_same_for_one_or_five(
    sign_in, cast, unit, campaign, letter_form, count, django_assert_num_queries
):
    subjects = [make_person(unit, f"Nông Văn {letter}") for letter in "ABCDE"[:count]]
    sent(unit, cast[Role.UNIT_HEAD], campaign, *[(s, letter_form) for s in subjects])
    client = sign_in(Role.APPRAISER)
    client.get(page("review_queue"))

    with django_assert_num_queries(QUEUE_QUERIES):
        rows = client.get(page("review_queue")).context["rows"]

    assert len(rows) == count


# The frame (session, user, roles, the navigation's counter) costs 5; then units,
# award forms, counts, the page and its number, how often each was sent again.
QUEUE_QUERIES = 17


@pytest.mark.parametrize("count", [1, 5])
def test_approval_list_and_summary_cost_the_same_for_one_or_five(
    sign_in, cast, unit, campaign, letter_form, count, django_assert_max_num_queries
):
    subjects = [make_person(unit, f"Nông Văn {letter}") for letter in "ABCDE"[:count]]
    for nomination in sent(
        unit, cast[Role.UNIT_HEAD], campaign, *[(s, letter_form) for s in subjects]
    ):
        accepted(nomination, cast[Role.APPRAISER])
    client = sign_in(Role.SIGNATORY)
    client.get(page("summary"))

    with django_assert_max_num_queries(12) as of_list:
        waiting = client.get(page("approval_list")).context["waiting"]
    with django_assert_max_num_queries(12) as of_summary:
        listed = client.get(page("summary")).context["accepted"]

    assert [len(waiting), len(listed)] == [count, count]
    assert [len(of_list), len(of_summary)] == LIST_QUERIES


# The frame; then what waits, letters, what was settled; or campaigns, counts, forms, accepted.
LIST_QUERIES = [9, 11]


def test_nomination_costs_the_same_for_every_history(sign_in, cast, one, django_assert_num_queries):
    client = sign_in(Role.APPRAISER)
    client.get(page("nomination_detail", one.pk, state="submitted"))

    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(page("nomination_detail", one.pk, state="submitted"))


# The frame; the nomination; its evidence, report, past awards, claims, criteria, required items and
# headings (7); the findings (3: the other form, the form that holds, files not clean); neighbours,
# history; the hold (2) and what the findings by rule ask besides (9).
DETAIL_QUERIES = 35


def test_a_report_keeps_the_headings_under_which_it_was_written(sign_in, one):
    written_under = one.award_form.report_form
    another = ReportForm.objects.create(
        agency=written_under.agency, label="Mẫu khác", number="99", basis=written_under.basis
    )
    type(one.award_form).objects.filter(pk=one.award_form_id).update(report_form=another)

    parts = sign_in(Role.APPRAISER).get(page("nomination_detail", one.pk)).context["parts"]

    assert {part.heading.form_id for part in parts} == {written_under.pk}
    assert any(part.text for part in parts)


# --- One nomination ----------------------------------------------------------------------------


def test_nomination_shows_report_votes_criterion_findings_and_history(sign_in, one):
    html = text_of(sign_in(Role.APPRAISER).get(page("nomination_detail", one.pk)))

    for words in (
        "Nội dung mục II.1.",
        "6 trên 7 người có mặt đồng ý",
        "Mục V.2.b",
        "Đúng đối tượng",
        "Đủ mục báo cáo",
        "Đủ thành phần, 01 bộ",
        "Biên bản họp phòng (V.3.c)",
        "98/2023/NĐ-CP đã hết hiệu lực từ 01/7/2025",
        "Nội dung đúng như bản đã gửi",
        "Gửi Văn phòng",
    ):
        assert words in html


def test_nomination_in_the_queue_links_its_neighbours_with_the_filters(sign_in, two):
    client = sign_in(Role.APPRAISER)
    query = {"state": "submitted", "kind": "person"}

    html = text_of(client.get(page("nomination_detail", two[0].pk, **query)))

    address = f"{page('nomination_detail', two[1].pk)}?{urlencode(query).replace('&', '&amp;')}"
    assert f'href="{address}"' in html
    assert "1 / 2" in html


def test_accepting_goes_on_to_the_next_and_leaves_its_trace(sign_in, cast, two):
    client = sign_in(Role.APPRAISER)

    first = client.post(page("nomination_accept", two[0].pk), CONFIRM)
    second = client.post(page("nomination_accept", two[1].pk), CONFIRM)

    assert first.url == page("nomination_detail", two[1].pk, state="submitted")
    assert second.url == page("review_queue", state="submitted")
    assert [fresh(n).state for n in two] == ["accepted", "accepted"]
    entry = audit.history_of(two[0]).last()
    assert entry.action == "awards.nomination.accept"
    assert entry.changes == {"state": ["submitted", "accepted"]}
    assert entry.actor == cast[Role.APPRAISER]


def test_return_names_its_points_and_tells_them_to_the_unit(sign_in, cast, one):
    heading = one.report.sections.select_related("heading").last().heading
    point, remark = f"point_{heading.pk}", "Nêu số liệu (Mục V.3.d)."
    client = sign_in(Role.APPRAISER)

    empty = client.post(page("nomination_return", one.pk), {"note": "Xem lại."})
    assert empty.status_code == 200
    assert "Hãy nêu ít nhất một điểm cần bổ sung" in text_of(empty)
    assert "Xem lại." in text_of(empty)
    assert fresh(one).state == NominationState.SUBMITTED

    client.post(page("nomination_return", one.pk), {"note": "Xem lại.", point: remark})
    told = f"Xem lại.\nMục {heading}: {remark}"
    assert fresh(one).state == NominationState.RETURNED
    assert audit.history_of(one).last().note == told
    [made] = one.return_points.all()
    assert (made.heading, made.remark, made.made_by) == (heading, remark, cast[Role.APPRAISER])

    html = text_of(sign_in(Role.UNIT_HEAD).get(page("nomination_detail", one.pk)))
    assert remark in html
    assert page("report_edit", one.pk) in html


def test_decline_keeps_the_reason(sign_in, one):
    sign_in(Role.OFFICE_CHIEF).post(
        page("nomination_decline", one.pk), {"note": "Ngoài thời gian thi đua."}
    )

    assert fresh(one).state == NominationState.DECLINED
    assert fresh(one).outcome_reason == "Ngoài thời gian thi đua."


def test_second_reviewer_reads_what_happened(sign_in, cast, one):
    returned(one, cast[Role.OFFICE_CHIEF])
    before = audit.history_of(one).count()

    response = sign_in(Role.APPRAISER).post(page("nomination_accept", one.pk), CONFIRM, follow=True)

    assert "Hứa Văn Khoa đã «Yêu cầu bổ sung»" in text_of(response)
    assert fresh(one).state == NominationState.RETURNED
    assert audit.history_of(one).count() == before


def test_nobody_reviews_the_own_nomination(sign_in, cast, office, campaign, letter_form):
    reviewer = cast[Role.APPRAISER]
    head = make_user(
        make_person(office, "Mã Văn Sơn", "Phó Chánh Văn phòng"),
        Role.UNIT_HEAD,
        "office_head",
        unit=office,
    )
    [own] = sent(office, head, campaign, (reviewer.person, letter_form))
    client = sign_in(Role.APPRAISER)

    html = text_of(client.get(page("nomination_detail", own.pk)))
    response = client.post(page("nomination_accept", own.pk), CONFIRM)

    assert "Không ai thẩm định hồ sơ của chính mình" in html
    assert "Không ai thẩm định hồ sơ của chính mình" in text_of(response)
    assert fresh(own).state == NominationState.SUBMITTED


# --- The summary -------------------------------------------------------------------------------


def test_summary_counts_by_form_unit_and_state(sign_in, cast, two, letter_form):
    accepted(two[0], cast[Role.APPRAISER])

    response = sign_in(Role.OFFICE_CHIEF).get(page("summary"))

    [table] = [t for t in response.context["tables"] if t.award_form == letter_form]
    assert table.states == (("submitted", "Chờ thẩm định"), ("accepted", "Đủ điều kiện"))
    assert [(row.unit_name, row.total) for row in table.rows] == [("Phòng Nghiệp vụ 2", 2)]
    assert [cell.number for cell in table.sums] == [1, 1]
    assert [n.pk for n in response.context["accepted"]] == [two[0].pk]
    assert f"{page('review_queue')}?state=submitted" in text_of(response)


def test_summary_links_no_queue_for_who_cannot_open_it(sign_in, two):
    assert page("review_queue") not in text_of(sign_in(Role.SIGNATORY).get(page("summary")))


# --- The signatory -----------------------------------------------------------------------------


def decide(client, nominations, password=PASSWORD):
    keys = [nomination.pk for nomination in nominations]
    return client.post(page("approval_decide"), {"nominations": keys, "password": password})


@pytest.fixture
def ready(cast, two):
    """Return two nominations that the office has accepted."""
    return [accepted(nomination, cast[Role.APPRAISER]) for nomination in two]


def test_signatory_approves_some_at_once(sign_in, cast, ready):
    client = sign_in(Role.SIGNATORY)

    response = decide(client, ready)

    assert response.url == page("approval_list")
    assert [fresh(n).state for n in ready] == ["approved", "approved"]
    assert fresh(ready[0]).settled_by == cast[Role.SIGNATORY]
    html = text_of(client.get(response.url))
    assert "Đã phê duyệt 2 trường hợp: Nông Thị Ánh; Hoàng Văn Bình." in html


@pytest.mark.parametrize(("keys", "password"), [([], PASSWORD), ([0], "sai"), ([0], "")])
def test_approval_needs_a_choice_and_the_password(sign_in, ready, keys, password):
    response = decide(sign_in(Role.SIGNATORY), [ready[key] for key in keys], password)

    assert response.status_code == 200
    assert [fresh(n).state for n in ready] == ["accepted", "accepted"]
    assert text_of(response).count(" checked") == len(keys)


def test_bulk_approval_is_all_or_nothing_and_names_the_one(sign_in, cast, ready):
    approved(ready[1], cast[Role.SIGNATORY])

    response = decide(sign_in(Role.SIGNATORY), ready)

    assert "Chưa phê duyệt trường hợp nào. Hoàng Văn Bình: Không thể «Phê duyệt»" in text_of(
        response
    )
    assert fresh(ready[0]).state == NominationState.ACCEPTED


def test_bulk_approval_refuses_what_is_not_there(cast, ready):
    signatory = cast[Role.SIGNATORY]

    with pytest.raises(Conflict):
        approve_all(nomination_ids=[ready[0].pk, 0], actor=signatory, at=NOON, confirmed=True)
    with pytest.raises(Refused, match="Hãy chọn ít nhất một"):
        approve_all(nomination_ids=[], actor=signatory, at=NOON, confirmed=True)
    with pytest.raises(Refused, match="Hãy nhập mật khẩu"):
        approve_all(nomination_ids=[ready[0].pk], actor=signatory, at=NOON, confirmed=False)

    assert fresh(ready[0]).state == NominationState.ACCEPTED


def test_signatory_refuses_one_with_a_reason(sign_in, ready):
    client = sign_in(Role.SIGNATORY)
    answer = {"note": "Chưa nổi bật.", "password": PASSWORD}

    client.post(page("nomination_refuse", ready[0].pk), {**answer, "note": ""})
    assert fresh(ready[0]).state == NominationState.ACCEPTED

    client.post(page("nomination_refuse", ready[0].pk), answer)
    assert fresh(ready[0]).state == NominationState.REFUSED
    assert fresh(ready[0]).outcome_reason == "Chưa nổi bật."


def test_signatory_approves_one(sign_in, ready):
    client = sign_in(Role.SIGNATORY)

    response = client.post(page("nomination_approve", ready[0].pk), {"password": PASSWORD})

    assert response.url == page("approval_list")
    assert fresh(ready[0]).state == NominationState.APPROVED
    assert client.get(page("approval_decide")).url == page("approval_list")


def test_signatory_cannot_tick_the_own_name(sign_in, cast, office, campaign, letter_form, agency):
    signatory = cast[Role.SIGNATORY]
    head = make_user(
        make_person(signatory.person.unit, "Mã Văn Sơn"),
        Role.UNIT_HEAD,
        "leader",
        unit=signatory.person.unit,
    )
    [own] = sent(signatory.person.unit, head, campaign, (signatory.person, letter_form))
    accepted(own, cast[Role.APPRAISER])
    client = sign_in(Role.SIGNATORY)

    html = text_of(client.get(page("approval_list")))
    response = decide(client, [own])

    assert "Người ký không quyết định khen thưởng cho chính mình" in html
    assert "Triệu Văn Ngọc: Người ký không quyết định" in text_of(response)
    assert fresh(own).state == NominationState.ACCEPTED
