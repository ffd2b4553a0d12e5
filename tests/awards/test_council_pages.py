"""The council's desk, through its pages, and the minutes that come out."""

import datetime as dt
import subprocess

import pytest
from django.urls import reverse

from awards.models import CouncilMeeting, MeetingState, NominationState
from awards.papers.council import council_minutes, keep_minutes
from awards.queries.work import tasks_of
from tests.conftest import make_person
from tests.factories import accepted, closed_meeting, counted, endorsed, fresh, opened_meeting, sent
from thidua.core import audit, files
from thidua.core.permissions import Role

RECORDING = ("meeting_attendance", "meeting_discussion", "meeting_close")
READERS = {
    Role.APPRAISER,
    Role.OFFICE_CHIEF,
    Role.COUNCIL_MEMBER,
    Role.COUNCIL_SECRETARY,
    Role.SIGNATORY,
}


@pytest.fixture
def ready(cast, unit, campaign, merit_form):
    """Return a collective that the office has accepted for the superior's award."""
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, merit_form))
    return accepted(nomination, cast[Role.APPRAISER])


@pytest.fixture
def meeting(ready, council, merit_form, cast):
    """Return an open meeting; one member belongs to the collective and is left out."""
    return opened_meeting(council, merit_form, cast[Role.COUNCIL_SECRETARY])


@pytest.fixture
def secretary(client, cast):
    client.force_login(cast[Role.COUNCIL_SECRETARY])
    return client


def page(name, *args):
    return reverse(name, args=args)


def text_of(response):
    return response.content.decode()


def words_of(content, tmp_path):
    """Return the text of a PDF, with single blanks."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    found = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


@pytest.mark.parametrize("role", Role)
def test_doors(client, cast, meeting, role):
    client.force_login(cast[role])
    item = meeting.agenda.get()
    listed = READERS - {Role.APPRAISER}
    expected = {
        page("council_list"): listed,
        page("meeting_detail", meeting.pk): READERS,
        page("meeting_minutes_file", meeting.pk): READERS,
        page("meeting_create"): {Role.COUNCIL_SECRETARY},
        page("agenda_votes", item.pk): {Role.COUNCIL_SECRETARY},
        **{page(name, meeting.pk): {Role.COUNCIL_SECRETARY} for name in RECORDING},
    }

    found = {address: client.get(address).status_code for address in expected}

    assert found == {
        address: 200 if role in admitted else 403 for address, admitted in expected.items()
    }


def test_secretary_opens_a_meeting_over_what_waits(secretary, council, ready, merit_form):
    answer = {
        "council": council.pk,
        "award_form": merit_form.pk,
        "held_on": "20/11/2025",
        "held_time": "",
        "place": "Phòng họp số 1",
    }
    assert ready.recipient_name in text_of(secretary.get(page("council_list")))

    empty = secretary.post(page("meeting_create"), answer)
    assert "Hãy điền giờ." in text_of(empty)
    assert "Phòng họp số 1" in text_of(empty)

    secretary.post(page("meeting_create"), {**answer, "held_time": "8h30"})
    meeting = CouncilMeeting.objects.get()
    assert str(meeting.held_at.astimezone(files.clock.VIET_NAM)) == "2025-11-20 08:30:00+07:00"
    assert meeting.agenda.get().nomination == ready

    again = secretary.post(page("meeting_create"), {**answer, "held_time": "8h30"})
    assert again.url == page("meeting_attendance", meeting.pk)
    other = secretary.post(page("meeting_create"), {**answer, "held_time": "9h30"})
    assert "Đang có một phiên họp chưa kết thúc" in text_of(other)
    assert CouncilMeeting.objects.count() == 1


def test_meeting_names_who_is_left_out(secretary, meeting):
    html = text_of(secretary.get(page("meeting_detail", meeting.pk)))

    assert "Bế Thị Lan không tham gia biểu quyết: thuộc tập thể được đề nghị" in html
    assert meeting.agenda.get().eligible_count == 2


def test_members_read_only(client, cast, meeting):
    client.force_login(cast[Role.COUNCIL_MEMBER])
    item = meeting.agenda.get()

    html = text_of(client.get(page("meeting_detail", meeting.pk)))

    for address in (
        page("agenda_votes", item.pk),
        *[page(name, meeting.pk) for name in RECORDING],
    ):
        assert address not in html
    assert client.get(item.nomination.get_absolute_url()).status_code == 200


def test_absence_needs_its_reason_and_undoes_the_quorum(secretary, meeting):
    absent = [seat.member_id for seat in meeting.attendance.all()][:2]
    ticked = {f"absent_{key}": "on" for key in absent}
    address = page("meeting_attendance", meeting.pk)

    response = secretary.post(address, {**ticked, f"reason_{absent[0]}": "Ốm"})
    assert "Hãy ghi lý do vắng." in text_of(response)
    assert "Ốm" in text_of(response)
    assert meeting.attendance.filter(is_present=False).count() == 0

    reasons = {f"reason_{key}": "Đi công tác" for key in absent}
    secretary.post(address, {**ticked, **reasons})
    html = text_of(secretary.get(page("meeting_close", meeting.pk)))
    assert "Chưa đủ số thành viên có mặt: cần 3 trên 3, hiện có 1." in html

    closing = {"ended_on": "20/11/2025", "ended_time": "10:00"}
    refused = secretary.post(page("meeting_close", meeting.pk), closing)
    assert "Chưa đủ số thành viên có mặt" in text_of(refused)
    assert fresh(meeting).state == MeetingState.OPEN


def test_reason_without_absence_is_asked_about(secretary, meeting):
    member_id = meeting.attendance.first().member_id

    response = secretary.post(
        page("meeting_attendance", meeting.pk), {f"reason_{member_id}": "Đi công tác"}
    )

    assert "Hãy đánh dấu vắng mặt" in text_of(response)


def test_votes_never_pass_those_who_may_vote(secretary, meeting):
    item = meeting.agenda.get()
    address = page("agenda_votes", item.pk)

    response = secretary.post(address, {"for_count": "3", "against_count": "0"})
    assert "Tổng số phiếu 3 vượt số người được biểu quyết 2" in text_of(response)
    assert fresh(item).for_count is None

    secretary.post(address, {"for_count": "2", "against_count": "0"})
    assert fresh(item).for_count == 2
    assert audit.history_of(meeting).last().note == "Phòng Nghiệp vụ 2: 2 tán thành, 0 không"


def test_closing_settles_keeps_the_minutes_and_shows_them(secretary, meeting, ready, tmp_path):
    preview = secretary.get(page("meeting_minutes_file", meeting.pk))
    assert "01/BB" not in words_of(preview.getvalue(), tmp_path)
    secretary.post(
        page("meeting_discussion", meeting.pk), {"text": "Các thành viên nhất trí đánh giá."}
    )
    secretary.post(
        page("agenda_votes", meeting.agenda.get().pk), {"for_count": "2", "against_count": "0"}
    )

    early = {"ended_on": "20/11/2025", "ended_time": "07:00"}
    assert "Giờ kết thúc phải sau" in text_of(
        secretary.post(page("meeting_close", meeting.pk), early)
    )
    secretary.post(page("meeting_close", meeting.pk), {**early, "ended_time": "09:45"})

    meeting = fresh(meeting)
    assert meeting.state == MeetingState.CLOSED
    assert fresh(ready).state == NominationState.ENDORSED
    assert meeting.minutes_file.name == "bien-ban-hoi-dong-01-2025.pdf"
    shown = secretary.get(page("meeting_minutes_file", meeting.pk))
    content = b"".join(shown.streaming_content)
    assert content == files.read(meeting.minutes_file)
    words = words_of(content, tmp_path)
    for expected in (
        "Số: 01/BB-HĐTĐKT",
        "Quyết định số 10/QĐ-TTr: 3 người",
        "Có mặt (3 người)",
        "Vắng mặt: Không",
        "Các thành viên nhất trí đánh giá.",
        "2/3",
        "66,7%",
        "Thông qua",
        "Bế Thị Lan",
        "09 giờ 45 phút, ngày 20 tháng 11 năm 2025",
    ):
        assert expected in words


def test_minutes_are_kept_once(secretary, cast, meeting):
    actor = cast[Role.COUNCIL_SECRETARY]
    assert keep_minutes(meeting, actor) is None
    secretary.post(
        page("agenda_votes", meeting.agenda.get().pk), {"for_count": "1", "against_count": "1"}
    )
    closing = {"ended_on": "20/11/2025", "ended_time": "10:00"}
    secretary.post(page("meeting_close", meeting.pk), closing)
    kept = fresh(meeting).minutes_file

    assert keep_minutes(fresh(meeting), actor) == kept
    assert [entry.action_label for entry in audit.history_of(meeting)].count("Lập biên bản") == 1
    [conclusion] = council_minutes(fresh(meeting)).conclusion
    assert conclusion == (
        "Hội đồng không thông qua đề nghị tặng Bằng khen của Chủ tịch UBND tỉnh: Phòng Nghiệp vụ 2."
    )


def test_closed_meeting_takes_no_more(secretary, meeting):
    item = meeting.agenda.get()
    secretary.post(page("agenda_votes", item.pk), {"for_count": "2", "against_count": "0"})
    closing = {"ended_on": "20/11/2025", "ended_time": "10:00"}
    secretary.post(page("meeting_close", meeting.pk), closing)

    again = secretary.post(page("meeting_close", meeting.pk), closing)
    late = secretary.post(page("agenda_votes", item.pk), {"for_count": "0", "against_count": "2"})

    assert "Phiên họp đã kết thúc nên không sửa được biên bản." in text_of(again)
    assert "Phiên họp đã kết thúc nên không sửa được biên bản." in text_of(late)
    assert fresh(item).for_count == 2


@pytest.mark.parametrize("count", [1, 5])
def test_meeting_costs_the_same_for_one_or_five(
    secretary, cast, agency, campaign, merit_form, council, count, django_assert_num_queries
):
    from tests.conftest import make_unit, make_user  # noqa: PLC0415

    for number in range(count):
        unit = make_unit(agency, f"Phòng Thử {number + 1}")
        chief = make_person(unit, f"Lô Văn {'ABCDE'[number]}", "Trưởng phòng")
        head = make_user(chief, Role.UNIT_HEAD, f"head{number}", unit=unit)
        [nomination] = sent(unit, head, campaign, (unit, merit_form))
        accepted(nomination, cast[Role.APPRAISER])
    secretary.get(page("council_list"))  # which saves the session for a minute
    with django_assert_num_queries(LIST_QUERIES):
        assert len(secretary.get(page("council_list")).context["waiting"]) == count
    meeting = opened_meeting(council, merit_form, cast[Role.COUNCIL_SECRETARY])

    with django_assert_num_queries(MEETING_QUERIES):
        items = secretary.get(page("meeting_detail", meeting.pk)).context["items"]

    assert len(items) == count


# The frame: session, user, roles, the navigation's counter; then the meetings and what waits.
LIST_QUERIES = 8
# The frame; then meeting, seats, agenda, recusals, what the guards of closing ask, the history.
MEETING_QUERIES = 14


def test_minutes_are_to_be_read_for_three_days_after_they_are_made(
    council, merit_form, meeting, cast, noon
):
    member, secretary = cast[Role.COUNCIL_MEMBER], cast[Role.COUNCIL_SECRETARY]
    closed_meeting(counted(meeting, secretary), secretary)
    made = fresh(meeting).ended_at

    def titles(days):
        tasks = tasks_of(fresh(member), made + dt.timedelta(days=days))
        return [task.title for task in tasks]

    assert titles(3) == ["Đọc biên bản của phiên họp Hội đồng ngày 20/11/2025"]
    assert titles(3.1) == []


def test_the_log_names_the_letter_to_the_superior(council, merit_form, ready, cast):
    letter = endorsed(council, merit_form, cast[Role.COUNCIL_SECRETARY])

    assert audit.history_of(letter).first().action_label == "Soạn tờ trình gửi cấp trên"
