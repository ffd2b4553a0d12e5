"""Minutes by person, the letter, what is half typed, conflicts and signed scans."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.actions import unit_papers
from awards.actions.unit_papers import Votes
from awards.documents import UnitMinutes
from awards.models import (
    MeetingPerson,
    MeetingVote,
    PaperKind,
    SignedScan,
    UnfinishedPaper,
    UnitMeeting,
)
from awards.papers.unit import unit_minutes_paper
from awards.queries import nomination_content, proposal_content
from awards.rules.proposal import lacks_of_proposal, warnings_of_proposal
from dossiers.papers import pieces_of
from dossiers.queries import scope_of
from tests.conftest import make_person, make_user
from tests.factories import (
    complete,
    draft_proposal,
    fresh,
    hold_unit_meeting,
    nominate,
    signed_scan,
    submit,
    upload,
)
from thidua.core import audit
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def colleague(unit, cast):
    """Another who heads the same unit: two people at one paper."""
    return make_user(make_person(unit, "Lô Thị Hai"), Role.UNIT_HEAD, "colleague", unit=unit)


@pytest.fixture
def proposal(unit, head, campaign):
    return draft_proposal(unit, head, campaign)


@pytest.fixture
def nomination(proposal, people, letter_form):
    return nominate(proposal, people[0], letter_form)


@pytest.fixture
def as_head(client, head):
    client.force_login(head)
    return client


@pytest.fixture
def minutes_url(proposal, nomination):
    return reverse("unit_meeting_edit", args=[proposal.pk])


@pytest.fixture
def letter_url(proposal, nomination):
    return reverse("unit_letter_edit", args=[proposal.pk])


def typed(proposal, version=0, **changed):
    """Return whole minutes as a page sends them: everybody of the unit there."""
    return {
        "version": str(version),
        "held_on": "18/11/2025",
        "starts": "14:00",
        "ends": "15:30",
        "place": "Phòng họp số 2",
        "chair_name": "Lý Thị Đào",
        "secretary_name": "Vi Văn Đức",
        **{f"listed_{p.pk}": "1" for p in proposal.unit.people.all()},
        **{f"vote_{n.pk}": "3" for n in proposal.nominations.all()},
        **changed,
    }


def row_of(person):
    return MeetingPerson.objects.get(person=person)


def answer(response):
    return " ".join(response.content.decode().split())


# --- Minutes by person -------------------------------------------------------------------------


def test_the_counts_follow_from_who_is_marked_absent(as_head, proposal, nomination, people,
                                                     minutes_url):  # fmt: skip
    absent = people[1]
    sent = typed(
        proposal,
        **{
            f"absent_{absent.pk}": "on",
            f"reason_{absent.pk}": "đi công tác",
            "guest_name_1": "Triệu Văn Ngọc",
            "guest_title_1": "Chánh Thanh tra",
            f"blank_{nomination.pk}": "1",
        },
    )
    assert as_head.post(minutes_url, sent).status_code == 302

    meeting = UnitMeeting.objects.get()
    count = proposal.unit.people.count()
    assert (meeting.total_count, meeting.present_count, meeting.version) == (count, count - 1, 1)
    assert row_of(absent).absent_reason == "đi công tác"
    assert row_of(people[0]).title == people[0].position
    vote = MeetingVote.objects.get()
    assert (vote.for_count, vote.against_count, vote.blank_count) == (3, count - 5, 1)
    paper = unit_minutes_paper(fresh(proposal))
    assert isinstance(paper, UnitMinutes)
    assert paper.attendance[1:] == [
        "Vắng mặt (1 người): Hoàng Văn Bình (lý do: đi công tác).",
        "Khách mời: Triệu Văn Ngọc (Chánh Thanh tra).",
    ]
    assert paper.attendance[0].startswith(f"Có mặt ({count - 1} người): Nông Thị Ánh (Thanh tra")
    assert paper.chair.title == "Trưởng phòng"
    [conclusion] = paper.conclusion
    assert conclusion == (
        "Cuộc họp thống nhất đề nghị khen thưởng 01 cá nhân: "
        f"Nông Thị Ánh (3/{count - 1} phiếu đồng ý)."
    )
    people_sent = proposal_content(fresh(proposal))["meeting"]["people"]
    assert ["Hoàng Văn Bình", "Thanh tra viên", False, "đi công tác"] in people_sent
    again = as_head.get(minutes_url).content.decode()
    assert "đi công tác" in again
    assert "Triệu Văn Ngọc" in again


def test_what_is_wrong_with_the_people_stands_beside_them(as_head, proposal, nomination, people,
                                                          minutes_url):  # fmt: skip
    absent, there = people
    sent = typed(
        proposal,
        **{
            f"absent_{absent.pk}": "on",
            f"reason_{there.pk}": "muộn",
            "guest_title_1": "Chánh Thanh tra",
            f"vote_{nomination.pk}": "",
            f"against_{nomination.pk}": "1",
        },
    )
    errors = as_head.post(minutes_url, sent).context["form"].errors
    assert errors == {
        f"reason_{absent.pk}": ["Hãy ghi lý do vắng."],
        f"absent_{there.pk}": ["Hãy đánh dấu vắng mặt, hoặc xóa lý do bên dưới."],
        "guest_name_1": ["Hãy ghi họ tên khách mời, hoặc xóa chức vụ."],
        f"vote_{nomination.pk}": ["Hãy ghi số phiếu đồng ý."],
    }
    sent = typed(proposal, **{f"vote_{nomination.pk}": "3", f"blank_{nomination.pk}": "9"})
    errors = as_head.post(minutes_url, sent).context["form"].errors
    assert errors[f"vote_{nomination.pk}"][0].startswith("Tổng 12 phiếu vượt ")


def test_nobody_is_said_to_have_sat_whom_the_page_did_not_show(as_head, proposal, minutes_url):
    sent = typed(proposal)
    new = make_person(proposal.unit, "Vi Thị Mới")
    response = as_head.post(minutes_url, sent)
    assert list(response.context["form"].errors) == [f"absent_{new.pk}"]
    assert f'name="listed_{new.pk}"' in response.content.decode()
    assert not UnitMeeting.objects.exists()


def test_who_has_moved_since_still_sat_and_who_came_later_did_not(
    as_head, proposal, people, minutes_url, other_unit
):
    assert as_head.post(minutes_url, typed(proposal)).status_code == 302
    people[0].unit = other_unit
    people[0].save()
    make_person(proposal.unit, "Vi Thị Sau")
    type(people[0]).objects.filter(full_name="Vi Thị Sau").update(
        in_service_from=dt.date(2025, 11, 19)
    )
    shown = [seat.name for seat in as_head.get(minutes_url).context["form"].seats]
    assert "Nông Thị Ánh" in shown
    assert "Vi Thị Sau" not in shown


def test_minutes_with_counts_alone_still_print_and_ask_for_the_names(
    as_head, proposal, minutes_url
):
    hold_unit_meeting(proposal, present=7, in_favour=6)
    paper = unit_minutes_paper(fresh(proposal))
    assert paper.attendance == ["Có mặt: 7 người.", "Vắng mặt: 1 người."]
    assert [block.rows[0].cells[3:] for block in paper.voting[1:]] == [
        ("6", "1", "0", "6/7\n85,7%")
    ]
    assert "chỉ ghi số lượng: có mặt 7 trên 8 người" in as_head.get(minutes_url).content.decode()


def test_the_database_holds_that_absence_has_a_reason(proposal, nomination):
    hold_unit_meeting(proposal)
    row = MeetingPerson(meeting=UnitMeeting.objects.get(), name="A", is_present=False, position=1)
    with pytest.raises(IntegrityError, match="meeting_person_absent_has_reason"):
        row.save()


def test_votes_that_are_cleared_are_taken_away(as_head, proposal, nomination, minutes_url):
    as_head.post(minutes_url, typed(proposal))
    cleared = typed(proposal, 1, **{f"vote_{nomination.pk}": ""})
    assert as_head.post(minutes_url, cleared).status_code == 302
    assert not MeetingVote.objects.exists()


def test_a_vote_is_fingerprinted_with_what_it_says_more(proposal, nomination, head, noon):
    hold_unit_meeting(proposal, present=7, in_favour=6)
    assert nomination_content(fresh(nomination))["vote"] == [6, 7]
    MeetingVote.objects.update(against_count=0, blank_count=1)
    assert nomination_content(fresh(nomination))["vote"] == [6, 7, 0, 1]


# --- Half typed --------------------------------------------------------------------------------


def test_an_autosave_keeps_what_is_not_whole_and_the_page_shows_it_again(
    as_head, proposal, people, minutes_url
):
    half = {
        "version": "0",
        "place": "Phòng họp",
        "held_on": "40/11/2025",
        f"vote_{proposal.nominations.get().pk}": "ba",
        f"listed_{people[0].pk}": "1",
        f"absent_{people[0].pk}": "on",
    }
    said = answer(as_head.post(minutes_url, half, **HTMX))
    assert "Đã lưu lúc 10:30" in said
    assert "chưa hoàn chỉnh. Ngày họp: Hãy ghi ngày" in said
    assert 'value="1" hx-swap-oob="true"' in said
    assert not UnitMeeting.objects.exists()
    assert len(audit.history_of(proposal)) == 1

    page = as_head.get(minutes_url)
    form = page.context["form"]
    assert "Chưa hoàn chỉnh." in page.content.decode()
    assert (form["held_on"].value(), form["version"].value()) == ("40/11/2025", "1")
    assert form[f"vote_{proposal.nominations.get().pk}"].value() == "ba"
    assert form[f"absent_{people[0].pk}"].value() is True
    assert "Hoàn chỉnh biên bản họp phòng đang gõ dở rồi lưu" in [
        lack.sentence for lack in lacks_of_proposal(fresh(proposal))
    ]

    assert "Đã lưu lúc" in answer(as_head.post(minutes_url, typed(proposal, 1), **HTMX))
    assert UnitMeeting.objects.get().version == 2
    assert not UnfinishedPaper.objects.exists()


def test_the_same_again_is_not_saved_again(as_head, proposal, minutes_url, letter_url):
    for _ in range(2):
        assert as_head.post(minutes_url, typed(proposal)).status_code == 302
        letter = {"version": "0", "text": "Kính đề nghị."}
        assert as_head.post(letter_url, letter).status_code == 302
    half = {"version": "1", "text": ""}
    for _ in range(2):
        assert "chưa hoàn chỉnh" in answer(as_head.post(letter_url, half, **HTMX))
    assert (UnitMeeting.objects.get().version, fresh(proposal).letter_version) == (1, 1)
    assert UnfinishedPaper.objects.get().version == 2
    assert [e.action_label for e in audit.history_of(proposal)].count("Soạn tờ trình") == 1


# --- Conflicts ---------------------------------------------------------------------------------


def test_minutes_of_two_are_shown_side_by_side_and_saved_knowingly(
    as_head, proposal, nomination, minutes_url, colleague, client
):
    as_head.post(minutes_url, typed(proposal, place="Hội trường"))
    client.force_login(colleague)
    mine = typed(proposal, place="Phòng họp số 3", **{f"vote_{nomination.pk}": "2"})

    said = answer(client.post(minutes_url, mine, **HTMX))
    assert said.startswith("Chưa lưu: Lý Thị Đào vừa lưu biên bản này lúc 10:30.")
    assert "hx-swap-oob" not in said
    response = client.post(minutes_url, mine)

    apart = response.context["apart"]
    assert [(d.label, d.theirs, d.yours) for d in apart] == [
        ("Địa điểm", "Hội trường", "Phòng họp số 3"),
        ("Nông Thị Ánh: đồng ý", "3", "2"),
    ]
    assert "Hội trường" in response.content.decode()
    assert UnitMeeting.objects.get().place == "Hội trường"
    version = response.context["form"]["version"].value()
    assert client.post(minutes_url, mine | {"version": version}).status_code == 302
    assert UnitMeeting.objects.get().place == "Phòng họp số 3"


def test_half_typed_words_of_another_are_not_overwritten(
    as_head, proposal, minutes_url, colleague, client
):
    half = typed(proposal, place="Hội trường", starts="")
    as_head.post(minutes_url, half, **HTMX)
    client.force_login(colleague)
    response = client.post(minutes_url, typed(proposal))
    assert [d.label for d in response.context["apart"]] == ["Bắt đầu lúc", "Địa điểm"]
    assert not UnitMeeting.objects.exists()
    assert UnfinishedPaper.objects.get().typed["place"] == "Hội trường"


def test_letters_of_two_are_shown_side_by_side(as_head, letter_url, colleague, client, proposal):
    as_head.post(letter_url, {"version": "0", "text": "Bản của trưởng phòng."})
    client.force_login(colleague)
    mine = {"version": "0", "text": "Bản của đồng nghiệp.", "is_confirmed": "on"}
    response = client.post(letter_url, mine)
    assert [(d.theirs, d.yours) for d in response.context["apart"]] == [
        ("Bản của trưởng phòng.", "Bản của đồng nghiệp."),
        ("Không", "Có"),
    ]
    mine["version"] = response.context["form"]["version"].value()
    assert client.post(letter_url, mine).status_code == 302
    kept = fresh(proposal)
    assert (kept.letter_text, kept.letter_edited_by) == ("Bản của đồng nghiệp.", colleague)


def test_an_act_that_saw_no_page_is_not_asked_for_a_version(proposal, nomination, head, noon):
    named = {"proposal": proposal, "actor": head, "at": noon}
    unit_papers.write_letter(text="Một.", confirmed=True, **named)
    unit_papers.write_letter(text="Hai.", confirmed=True, **named)
    with pytest.raises(Conflict):
        unit_papers.write_letter(text="Ba.", confirmed=True, version=1, **named)
    with pytest.raises(Conflict):
        unit_papers.keep_unfinished(kind=PaperKind.LETTER, typed={}, version=1, **named)


@pytest.mark.parametrize("how", [{}, HTMX])
def test_an_old_page_never_writes_over_what_was_sent(as_head, proposal, nomination, minutes_url,
                                                     letter_url, how):  # fmt: skip
    submit(complete(proposal))
    sent = "Đề nghị đã gửi Văn phòng nên không sửa được."
    for url, late in (
        (minutes_url, typed(proposal, 1, place="Nơi khác")),
        (letter_url, {"version": "1", "text": "Tờ trình khác."}),
    ):
        page = as_head.post(url, late, **how).content.decode()
        assert sent in page
        assert how or "Nơi khác" in page or "Tờ trình khác." in page
        assert how or url == letter_url or f'name="vote_{nomination.pk}" value="3"' in page
    assert not UnfinishedPaper.objects.exists()
    assert (UnitMeeting.objects.get().place, fresh(proposal).letter_text) == (
        "Phòng họp số 1", "Kính đề nghị xem xét.")  # fmt: skip


# --- What the software drafts ------------------------------------------------------------------


def test_the_conclusion_is_drafted_anew_from_what_is_typed(as_head, proposal, minutes_url, unit,
                                                           letter_form):  # fmt: skip
    weak = nominate(proposal, unit, letter_form)
    sent = typed(proposal, conclusion="Cũ.", redraft="1", **{f"vote_{weak.pk}": "1"})
    response = as_head.post(minutes_url, sent)
    count = unit.people.count()
    assert response.context["form"]["conclusion"].value() == (
        f"Cuộc họp thống nhất đề nghị khen thưởng 01 cá nhân: Nông Thị Ánh (3/{count} phiếu đồng "
        f"ý).\nChưa đủ quá nửa số người có mặt đồng ý: Phòng Nghiệp vụ 2 (1/{count} phiếu đồng ý)."
    )
    assert [d.theirs for d in response.context["apart"]] == ["Cũ."]
    assert not UnitMeeting.objects.exists()


def test_the_letter_says_which_sentences_differ_from_the_records(
    as_head, proposal, letter_url, people, letter_form
):
    drafted = as_head.get(letter_url).context["form"].initial["text"]
    as_head.post(letter_url, {"version": "0", "text": f"{drafted}\nThêm.", "is_confirmed": "on"})
    nominate(proposal, people[1], letter_form)
    context = as_head.get(letter_url).context
    [changed] = [line for line, is_new in context["drafted_lines"] if is_new]
    assert "02 cá nhân" in changed
    assert len(context["own_lines"]) == 2
    again = as_head.post(letter_url, {"version": "1", "text": "Khác.", "redraft": "1"})
    assert "02 cá nhân" in again.context["form"]["text"].value()
    assert [d.theirs for d in again.context["apart"]] == ["Khác."]
    assert [lack.sentence for lack in lacks_of_proposal(fresh(proposal))][-1] == (
        "Sửa tờ trình: ghi 01 cá nhân, danh sách có 02"
    )


def test_a_complete_proposal_raises_no_doubt(proposal, nomination):
    assert warnings_of_proposal(complete(proposal)) == []
    MeetingVote.objects.update(for_count=0, against_count=7)
    assert [doubt.sentence for doubt in warnings_of_proposal(fresh(proposal))] == [
        "Nông Thị Ánh chỉ có 0 trên 7 phiếu đồng ý mà vẫn được đề nghị"
    ]


# --- Signed scans ------------------------------------------------------------------------------


def test_a_signed_scan_replaces_the_one_before_which_is_kept(as_head, proposal, nomination):
    url = reverse("unit_letter_signed", args=[proposal.pk])
    declared = {"declared_number": "05/TTr-NV2", "declared_on": "20/11/2025", "declared_names": "1"}
    assert as_head.post(url, declared | {"file": upload()}).status_code == 302
    same = as_head.post(url, declared | {"file": upload()})
    assert "Bản ký này đã có, với đúng các số đã ghi." in same.content.decode()
    assert as_head.post(url, declared | {"declared_names": "2", "file": upload()}).url == url

    assert [(s.is_current, s.declared_names) for s in SignedScan.objects.all()] == [
        (True, 2),
        (False, 1),
    ]
    assert "Xem lại bản ký của tờ trình: ghi 2 tập thể, cá nhân, dữ liệu có 1" in [
        lack.sentence for lack in lacks_of_proposal(fresh(proposal))
    ]
    page = as_head.get(url).content.decode()
    assert "Bản trước, được giữ lại" in page
    shown = as_head.get(SignedScan.objects.first().get_absolute_url())
    assert shown.getvalue()[:5] == b"%PDF-"


def test_a_signed_scan_stands_in_the_dossier_beside_its_paper(proposal, nomination, head):
    signed_scan(proposal, "minutes")
    signed_scan(proposal, "letter")
    submit(complete(proposal))
    titles = [
        piece.part.title
        for _, pieces in pieces_of(scope_of(fresh(proposal)), head)
        for piece in pieces
    ]
    for paper, signed in (
        ("Tờ trình của", "Tờ trình của Phòng Nghiệp vụ 2, bản ký"),
        ("Biên bản họp của", "Biên bản họp phòng của Phòng Nghiệp vụ 2, bản ký"),
    ):
        assert titles[titles.index(f"{paper} Phòng Nghiệp vụ 2") + 1] == signed


def test_after_sending_nothing_signed_is_added(as_head, proposal, nomination):
    submit(complete(proposal))
    with pytest.raises(Refused, match="đã gửi Văn phòng"):
        signed_scan(proposal)
    page = as_head.get(reverse("unit_minutes_signed", args=[proposal.pk])).content.decode()
    assert "Đề nghị đã gửi Văn phòng nên không sửa được." in page
    assert "Tải bản ký lên" not in page


def test_rows_cost_no_queries(as_head, proposal, minutes_url, unit, letter_form,
                              django_assert_num_queries):  # fmt: skip
    as_head.post(minutes_url, typed(proposal))
    with CaptureQueriesContext(connection) as asked:
        as_head.get(minutes_url)
    few = len(asked)
    for number in range(4):
        nominate(proposal, make_person(unit, f"Nông Văn {number}"), letter_form)
    as_head.post(minutes_url, typed(proposal, 1))
    with django_assert_num_queries(few):
        as_head.get(minutes_url)
    assert few <= 25  # who else is there (3), session, account, roles and navigation among them


def test_who_is_not_counted_otherwise_was_against_it():
    assert [Votes(3).against_of(5), Votes(3, blank=2).against_of(4), Votes(3, 1).against_of(9)] == [
        2, 0, 1]  # fmt: skip
