"""Questions and answers, announcements: who reads what, what is lost, who was first."""

import contextlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from awards.queries.work import tasks_of
from campaigns.actions.announcements import publish_announcement
from campaigns.actions.questions import answer_question, ask_question
from campaigns.models import Announcement, Campaign, CampaignState, Question
from staff.models import User
from tests.factories import fresh
from thidua.core import audit, clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

R = Role


def ask(campaign, actor, text="Nộp bản giấy hay bản điện tử?"):
    return ask_question(campaign=campaign, text=text, actor=actor, at=clock.now())


def answer(question, actor, text="Bản điện tử.", *, is_public=True, version=None):
    return answer_question(
        question=question,
        answer=text,
        is_public=is_public,
        version=version or fresh(question).version,
        actor=actor,
        at=clock.now(),
    )


def announce(campaign, actor, title="Lịch họp Hội đồng", text="Họp ngày 25/11/2025."):
    return publish_announcement(
        campaign=campaign, title=title, text=text, actor=actor, at=clock.now()
    )


def read(user, question):
    return Question.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=question.pk).exists()


def test_who_reads_a_question_before_and_after_its_answer(cast, campaign, other_head):
    question = ask(campaign, cast[R.STAFF_MEMBER])
    readers = {who for who in (*cast.values(), other_head) if read(who, question)}
    office = {cast[R.APPRAISER], cast[R.OFFICE_CHIEF]}
    own = {cast[R.STAFF_MEMBER], cast[R.UNIT_HEAD]}
    assert readers == own | office

    answer(question, cast[R.APPRAISER], is_public=False)
    assert {who for who in (*cast.values(), other_head) if read(who, question)} == own | office

    answer(question, cast[R.APPRAISER], is_public=True)
    assert all(read(who, question) for who in (*cast.values(), other_head))


def test_the_same_words_still_waiting_are_one_question(cast, campaign):
    first = ask(campaign, cast[R.UNIT_HEAD], "Hạn nào?\r\n")
    assert ask(campaign, cast[R.UNIT_HEAD], "Hạn  nào?") == first
    answer(first, cast[R.APPRAISER])
    assert ask(campaign, cast[R.UNIT_HEAD], "Hạn nào?") != first
    assert AuditEntry.objects.filter(action="campaigns.question.ask").count() == 2


def test_a_head_asks_for_the_unit(cast, campaign, unit):
    assert ask(campaign, cast[R.UNIT_HEAD]).unit == unit
    stranger = User.objects.create(agency=campaign.agency, username="khong-ai")
    assert ask(campaign, stranger).unit is None


def test_only_the_office_answers_and_each_edit_is_in_the_log(cast, campaign):
    question = ask(campaign, cast[R.UNIT_HEAD])
    for role in set(Role) - {R.APPRAISER, R.OFFICE_CHIEF}:
        with pytest.raises(Refused):
            answer(question, cast[role])
    answer(question, cast[R.APPRAISER])
    answer(question, cast[R.APPRAISER])  # sent again: nothing happens
    answer(question, cast[R.OFFICE_CHIEF], "Bản điện tử, một tệp PDF.")

    told = [(entry.action_label, entry.changes) for entry in audit.history_of(question)]
    assert [label for label, _ in told] == ["Hỏi Văn phòng", "Trả lời câu hỏi", "Sửa câu trả lời"]
    assert told[2][1] == {"answer": ["Bản điện tử.", "Bản điện tử, một tệp PDF."]}
    assert fresh(question).answered_by == cast[R.OFFICE_CHIEF]


def test_two_who_answer_at_once_overwrite_nothing(client, cast, campaign):
    question = ask(campaign, cast[R.UNIT_HEAD])
    answer(question, cast[R.OFFICE_CHIEF], "Chỉ bản điện tử.")
    with pytest.raises(Conflict):
        answer(question, cast[R.APPRAISER], "Bản giấy.", version=1)

    client.force_login(cast[R.APPRAISER])
    page = reverse("question_answer", args=[question.pk])
    sent = {"version": "1", "answer": "Bản giấy <b>này</b>.", "is_public": "1"}
    shown = client.post(page, sent)
    html = shown.content.decode()
    assert "Người khác vừa trả lời câu hỏi này." in html
    assert "Chỉ bản điện tử." in html
    assert escape("Bản giấy <b>này</b>.") in html
    assert fresh(question).answer == "Chỉ bản điện tử."

    again = shown.context["form"]["version"].value()
    assert client.post(page, sent | {"version": again}).status_code == 302
    assert fresh(question).answer == "Bản giấy <b>này</b>."


def test_words_are_plain_text(client, cast, campaign):
    text = "Xem https://vi-du.example <script>x</script>\nDòng hai?"
    client.force_login(cast[R.UNIT_HEAD])
    page = reverse("question_list", args=[campaign.pk])
    answer_page = client.post(page, {"text": text}, follow=True)
    html = answer_page.content.decode()
    assert escape("<script>x</script>") in html
    assert 'href="https://vi-du' not in html
    assert "<br>Dòng hai?" in html


def test_a_question_that_is_too_long_is_kept_in_its_field(client, cast, campaign):
    client.force_login(cast[R.UNIT_HEAD])
    shown = client.post(reverse("question_list", args=[campaign.pk]), {"text": "x" * 2001})
    assert "Hãy rút xuống còn 2000 ký tự; nay có 2001." in shown.content.decode()
    assert "x" * 2001 in shown.content.decode()
    assert not Question.objects.exists()


def test_unanswered_questions_are_tasks_of_the_office(cast, campaign):
    question = ask(campaign, cast[R.UNIT_HEAD])
    chief = User.objects.get(pk=cast[R.OFFICE_CHIEF].pk)
    [task] = [task for task in tasks_of(chief, clock.now()) if "câu hỏi" in task.title]
    assert (task.title, task.url) == (
        "Trả lời câu hỏi",
        reverse("question_answer", args=[question.pk]),
    )
    ask(campaign, cast[R.UNIT_HEAD], "Câu nữa?")
    [task] = [
        task
        for task in tasks_of(User.objects.get(pk=chief.pk), clock.now())
        if "câu hỏi" in task.title
    ]
    assert (task.title, task.count) == ("Trả lời 2 câu hỏi", 2)
    assert task.url == reverse("question_list", args=[campaign.pk])
    for asked in Question.objects.all():
        answer(asked, chief)
    tasks = tasks_of(User.objects.get(pk=chief.pk), clock.now())
    assert not [task for task in tasks if "câu hỏi" in task.title]


def test_a_closed_campaign_takes_no_question(client, cast, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(
        state=CampaignState.CLOSED, closed_at=clock.now()
    )
    with pytest.raises(Refused):
        ask(campaign, cast[R.UNIT_HEAD])
    client.force_login(cast[R.UNIT_HEAD])
    page = reverse("question_list", args=[campaign.pk])
    assert "Gửi câu hỏi" not in client.get(page).content.decode()
    assert "không nhận câu hỏi nữa" in client.post(page, {"text": "Sao?"}).content.decode()
    announce(campaign, cast[R.APPRAISER])
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.ARCHIVED)
    with pytest.raises(Refused):
        announce(campaign, cast[R.APPRAISER], "Khác")


def test_an_announcement_is_read_by_everybody_and_stands_once(client, cast, campaign):
    made = announce(campaign, cast[R.APPRAISER])
    assert announce(campaign, cast[R.APPRAISER]) == made
    for role in Role:
        with contextlib.suppress(Refused):
            if role not in {R.APPRAISER, R.OFFICE_CHIEF}:
                announce(campaign, cast[role], "Của tôi")
        client.force_login(cast[role])
        for page in (
            reverse("home"),
            campaign.get_absolute_url(),
            reverse("announcement_list", args=[campaign.pk]),
        ):
            assert made.title in client.get(page).content.decode(), (role, page)
    assert Announcement.objects.get() == made


def test_old_announcements_leave_the_home_page(client, cast, campaign, noon):
    made = announce(campaign, cast[R.APPRAISER])
    client.force_login(cast[R.REGISTRAR])
    with clock.frozen(noon.replace(month=12, day=5)):
        assert made.title not in client.get(reverse("home")).content.decode()
        assert made.title in client.get(campaign.get_absolute_url()).content.decode()


def test_lists_cost_the_same_however_long(client, cast, campaign):
    costs = {}
    for count in (2, 8):
        for n in range(count):
            asked = ask(campaign, cast[R.UNIT_HEAD], f"Câu {count}-{n}?")
            answer(asked, cast[R.APPRAISER])
            announce(campaign, cast[R.APPRAISER], f"Tin {count}-{n}")
        for name in ("question_list", "announcement_list", "campaign_detail"):
            client.force_login(cast[R.UNIT_HEAD])
            client.get(reverse("my_awards"))  # the first page of a minute keeps the session, too
            with CaptureQueriesContext(connection) as asked_for:
                assert client.get(reverse(name, args=[campaign.pk])).status_code == 200
            costs.setdefault(name, set()).add(len(asked_for))
    assert all(len(found) == 1 for found in costs.values()), costs
