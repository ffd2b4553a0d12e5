"""Reminders: one a day, only when there is something to say, mailed once, whatever happens."""

import datetime as dt
import logging

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from awards.actions import reminders as actions
from awards.actions.reminders import nudge_units, remind_all
from awards.jobs import mail_reminder
from awards.models import Nudge, Reminder
from campaigns.actions.announcements import publish_announcement
from campaigns.actions.questions import answer_question, ask_question
from campaigns.models import CalendarDay, DayKind, LegalBasis
from staff.models import RoleAssignment, User
from tests.conftest import make_person, make_user
from tests.factories import accepted, draft_proposal, returned, sent, stored_file
from thidua.core import clock
from thidua.core.permissions import Role

pytestmark = pytest.mark.django_db
R = Role
SATURDAY = dt.datetime(2025, 11, 22, 7, 30, tzinfo=clock.VIET_NAM)


def remind(at=None):
    at = at or clock.now()
    with clock.frozen(at):
        return remind_all(clock.local_day(at), at)


def lines(user, day=None):
    found = Reminder.objects.filter(user=user)
    reminder = found.get(on=day) if day else found.first()
    return [line["title"] for line in reminder.lines] if reminder else []


def day_after(noon, days):
    return noon + dt.timedelta(days=days)


def post():
    """Do what the worker would with the mails in the queue; return how many tasks there were."""
    tasks = [row.task for row in OrmQ.objects.all()]
    OrmQ.objects.all().delete()
    for task in tasks:
        import_string(task["func"])(*task["args"])
    return len(tasks)


@pytest.fixture(autouse=True)
def emblem(agency):
    """Give the agency its emblem: without one, that is a task of the administrator."""
    agency.emblem = stored_file("quoc-huy.png")
    agency.save(update_fields=["emblem"])


@pytest.fixture
def head(cast, campaign):
    """Return the head, whose unit has not begun; the window is open."""
    User.objects.filter(pk=cast[R.UNIT_HEAD].pk).update(email="dao@thanhtra.example")
    # A form of report that has ended is a task of the office.
    LegalBasis.objects.filter(forms__isnull=False).update(out_of_force_on=None)
    return User.objects.get(pk=cast[R.UNIT_HEAD].pk)


# --- Who is reminded of what -------------------------------------------------------------------


def test_nobody_without_work_gets_a_message(head, cast):
    assert remind() == 1
    assert lines(head) == ["Lập đề nghị khen thưởng của Phòng Nghiệp vụ 2"]
    assert Reminder.objects.get().user == head


def test_a_second_run_adds_nothing(head):
    assert remind() == 1
    assert remind() == 0
    assert Reminder.objects.count() == 1


def test_what_was_told_is_told_again_only_when_it_presses(head, noon, campaign):
    remind()
    assert remind(day_after(noon, 1)) == 0
    week_before = clock.start_of(campaign.nominations_due_on) - dt.timedelta(days=7)
    assert remind(week_before - dt.timedelta(hours=1)) == 0
    assert remind(week_before) == 1
    stored = Reminder.objects.get(user=head, on=clock.local_day(week_before)).lines
    assert [line["due_on"] for line in stored] == ["2025-12-31"]


def test_something_new_at_a_place_already_told_is_told(
    cast, campaign, unit, people, letter_form, noon
):
    nomination, other = sent(
        unit, cast[R.UNIT_HEAD], campaign, *[(person, letter_form) for person in people]
    )
    signatory = cast[R.SIGNATORY]
    accepted(nomination, cast[R.APPRAISER])
    remind(day_after(noon, 1))
    assert lines(signatory) == [f"Phê duyệt 1 đề nghị {letter_form.name}"]
    with clock.frozen(day_after(noon, 4)):
        remind()
        assert Reminder.objects.filter(user=signatory).count() == 1
        accepted(other, cast[R.APPRAISER])
    remind(day_after(noon, 5))
    assert lines(signatory) == [f"Phê duyệt 2 đề nghị {letter_form.name}"]


def test_a_returned_nomination_leads_the_head_to_its_report(
    cast, campaign, unit, people, letter_form, noon
):
    [nomination] = sent(unit, cast[R.UNIT_HEAD], campaign, (people[0], letter_form))
    remind()
    returned(nomination, cast[R.APPRAISER], "Ghi rõ mục 3.")
    remind(day_after(noon, 1))
    [line] = Reminder.objects.get(user=cast[R.UNIT_HEAD]).lines
    assert line["url"] == reverse("report_edit", args=[nomination.pk])
    assert people[0].full_name in line["title"]
    assert people[0].full_name not in line["plain"]


def test_every_line_leads_to_a_page_that_opens(
    client, cast, campaign, unit, people, letter_form, noon, agency
):
    sent(unit, cast[R.UNIT_HEAD], campaign, *[(person, letter_form) for person in people])
    question = ask_question(campaign=campaign, text="Sao?", actor=cast[R.UNIT_HEAD], at=clock.now())
    publish_announcement(
        campaign=campaign, title="Tin", text="Mới.", actor=cast[R.OFFICE_CHIEF], at=clock.now()
    )
    remind()
    answer_question(
        question=question,
        answer="Vậy.",
        is_public=True,
        version=1,
        actor=cast[R.APPRAISER],
        at=clock.now(),
    )
    remind(day_after(noon, 1))
    for reminder in Reminder.objects.all():
        client.force_login(reminder.user)
        for line in reminder.lines:
            assert client.get(line["url"], follow=True).status_code == 200, line
    assert Reminder.objects.count() > 8


def test_news_are_told_once_to_those_whom_they_concern(cast, head, campaign, noon):
    question = ask_question(campaign=campaign, text="Sao?", actor=head, at=clock.now())
    remind()
    with clock.frozen(day_after(noon, 1)) as at:
        answer_question(
            question=question, answer="Vậy.", is_public=True, version=1,
            actor=cast[R.APPRAISER], at=at,
        )  # fmt: skip
        publish_announcement(
            campaign=campaign, title="Tin", text="Mới.", actor=cast[R.OFFICE_CHIEF], at=at
        )
    monday = day_after(noon, 4)
    remind(monday)
    assert lines(head, clock.local_day(monday)) == [
        "Văn phòng đã trả lời câu hỏi của bạn",
        "Thông báo: Tin",
    ]
    assert lines(cast[R.REGISTRAR]) == ["Thông báo: Tin"]
    assert not Reminder.objects.filter(
        user=cast[R.OFFICE_CHIEF], on=clock.local_day(monday)
    ).exists()
    assert remind(day_after(noon, 5)) == 0


def test_who_is_gone_or_holds_nothing_is_left_alone(head, cast, agency, campaign):
    User.objects.create(agency=agency, username="khong-vai")
    publish_announcement(
        campaign=campaign, title="Tin", text="Mới.", actor=cast[R.OFFICE_CHIEF], at=clock.now()
    )
    User.objects.filter(pk=cast[R.REGISTRAR].pk).update(is_active=False)
    yesterday = clock.today() - dt.timedelta(days=1)
    RoleAssignment.objects.filter(user=cast[R.SIGNATORY]).update(until_on=yesterday)
    remind()
    told = set(Reminder.objects.values_list("user__username", flat=True))
    assert told == {user.username for user in cast.values()} - {
        "office_chief",
        "registrar",
        "signatory",
    }


# --- Days off ----------------------------------------------------------------------------------


def test_a_day_off_is_quiet_unless_something_ends_before_the_next_worked_day(head, campaign):
    assert remind(SATURDAY) == 0
    type(campaign).objects.update(nominations_due_on=dt.date(2025, 11, 24))  # a Monday
    assert remind(SATURDAY) == 0
    type(campaign).objects.update(nominations_due_on=dt.date(2025, 11, 23))  # the Sunday
    assert remind(SATURDAY) == 1


def test_the_calendar_of_the_agency_decides_what_is_a_day_off(head, agency):
    thursday = dt.date(2025, 11, 20)
    CalendarDay.objects.create(agency=agency, day=thursday, kind=DayKind.HOLIDAY, name="Nghỉ bù")
    assert remind() == 0
    CalendarDay.objects.create(
        agency=agency, day=SATURDAY.date(), kind=DayKind.WORKING, name="Làm bù"
    )
    assert remind(SATURDAY) == 1


# --- The word of the office --------------------------------------------------------------------


def test_a_nudge_is_read_at_once_and_carried_once(client, cast, head, campaign, unit, noon):
    remind()
    [nudge] = nudge_units(
        campaign=campaign, units=[unit], text="Gửi sớm nhé.", actor=cast[R.APPRAISER], at=noon
    )
    client.force_login(head)
    assert "Gửi sớm nhé." in client.get(reverse("home")).content.decode()
    assert remind() == 0  # today's is written
    tomorrow = day_after(noon, 1)
    assert remind(tomorrow) == 1
    assert lines(head, clock.local_day(tomorrow)) == ["Văn phòng nhắc Phòng Nghiệp vụ 2"]
    nudge.refresh_from_db()
    assert nudge.carried_on == clock.local_day(tomorrow)
    assert remind(day_after(noon, 4)) == 0


def test_two_heads_of_a_unit_both_get_the_nudge(cast, head, campaign, unit, noon):
    deputy = make_user(make_person(unit, "Bế Văn Phó"), R.UNIT_HEAD, "pho", unit)
    nudge_units(
        campaign=campaign, units=[unit], text="Gửi sớm nhé.", actor=cast[R.APPRAISER], at=noon
    )
    remind()
    for user in (head, deputy):
        assert lines(user)[0] == "Văn phòng nhắc Phòng Nghiệp vụ 2"


def test_a_nudge_that_was_heeded_is_not_carried(cast, campaign, unit, people, letter_form, noon):
    nudge_units(
        campaign=campaign, units=[unit], text="Gửi sớm nhé.", actor=cast[R.APPRAISER], at=noon
    )
    sent(unit, cast[R.UNIT_HEAD], campaign, (people[0], letter_form))
    remind()
    assert lines(cast[R.UNIT_HEAD]) == []
    assert Nudge.objects.get().carried_on is None


# --- The mail ----------------------------------------------------------------------------------


def test_the_mail_says_what_is_to_be_done_and_where(head, settings):
    settings.PUBLIC_URL = "https://thidua.example"
    remind()
    assert post() == 1
    [letter] = mail.outbox
    assert letter.subject == "Việc cần làm ngày 20/11/2025 (1 việc)"
    assert letter.to == ["dao@thanhtra.example"]
    assert "1. Lập đề nghị khen thưởng của Phòng Nghiệp vụ 2 (hạn 31/12/2025)" in letter.body
    assert "   https://thidua.example/proposals/\n" in letter.body
    assert "https://thidua.example/account/" in letter.body
    raw = letter.message()
    assert raw.get_content_type() == "text/plain"
    assert raw["Message-ID"].endswith("-20251120@thidua.example>")


def test_names_of_nominees_and_reasons_stay_in_the_application(
    cast, campaign, unit, people, letter_form, noon
):
    User.objects.update(email="x@thanhtra.example")
    nominations = sent(
        unit, cast[R.UNIT_HEAD], campaign, *[(person, letter_form) for person in people]
    )
    remind()
    returned(nominations[0], cast[R.APPRAISER], "Lý do riêng tư.")
    remind(day_after(noon, 1))
    post()
    assert len(mail.outbox) >= 3
    for letter in mail.outbox:
        assert "Lý do riêng tư" not in letter.body
        for person in people:
            assert person.full_name not in letter.body
    assert any("Bổ sung một hồ sơ theo yêu cầu của Văn phòng" in m.body for m in mail.outbox)


def test_no_mail_without_an_address_or_against_the_will(cast, head):
    User.objects.filter(pk=head.pk).update(takes_mail=False)
    remind()
    assert (Reminder.objects.count(), OrmQ.objects.count()) == (1, 0)
    User.objects.filter(pk=head.pk).update(takes_mail=True, email="")
    mail_reminder(Reminder.objects.get().pk)
    assert mail.outbox == []
    assert Reminder.objects.get().mailed_at is None


def test_without_a_server_reminders_stay_in_the_application(head, settings):
    settings.SENDS_MAIL = False
    remind()
    remind()
    assert (Reminder.objects.count(), OrmQ.objects.count()) == (1, 0)


def test_a_mail_that_failed_is_sent_by_the_next_run_without_a_second_reminder(head, monkeypatch):
    def broken(self, *args, **kwargs):
        raise OSError("no route")

    remind()
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", broken)
        with pytest.raises(OSError, match="no route"):
            post()
    assert Reminder.objects.get().mailed_at is None
    remind()
    assert (post(), len(mail.outbox)) == (1, 1)
    assert Reminder.objects.get().mailed_at is not None
    remind()
    assert (post(), len(mail.outbox)) == (0, 1)


def test_two_tasks_of_one_mail_send_it_once(head):
    remind()
    [pk] = Reminder.objects.values_list("pk", flat=True)
    mail_reminder(pk)
    mail_reminder(pk)
    assert len(mail.outbox) == 1


def test_an_old_mail_is_not_sent_any_more(head, noon):
    remind()
    OrmQ.objects.all().delete()
    remind(day_after(noon, 5))
    assert post() == 0


def test_one_broken_record_does_not_keep_the_message_from_the_others(
    head, cast, campaign, monkeypatch, caplog
):
    publish_announcement(
        campaign=campaign, title="Tin", text="Mới.", actor=cast[R.OFFICE_CHIEF], at=clock.now()
    )
    whole = actions.lines_of

    def stumble(user, morning):
        if user == head:
            raise ZeroDivisionError
        return whole(user, morning)

    monkeypatch.setattr(actions, "lines_of", stumble)
    with caplog.at_level(logging.CRITICAL), pytest.raises(RuntimeError):
        remind()
    assert Reminder.objects.filter(user=cast[R.REGISTRAR]).exists()
    monkeypatch.undo()
    assert remind() == 1


# --- In the application ------------------------------------------------------------------------


def test_the_frame_counts_what_is_unread_and_opening_reads_it(client, head, cast):
    remind()
    client.force_login(head)
    badge = "lần nhắc việc chưa đọc"
    home = client.get(reverse("home")).content.decode()
    assert badge in home
    assert "Đọc nhắc việc" in home
    page = client.get(reverse("reminder_list")).content.decode()
    assert "Thứ Năm, 20/11/2025" in page
    assert "Lập đề nghị khen thưởng của Phòng Nghiệp vụ 2" in page
    first = Reminder.objects.get().read_at
    assert first is not None
    home = client.get(reverse("home")).content.decode()
    assert badge not in home
    assert "Đọc nhắc việc" not in home
    client.get(reverse("reminder_list"))
    assert Reminder.objects.get().read_at == first
    client.force_login(cast[R.REGISTRAR])
    assert "Lập đề nghị" not in client.get(reverse("reminder_list")).content.decode()


def test_the_command_does_the_same_by_hand(head, capsys):
    call_command("remind")
    call_command("remind")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "Đã lập 1 lần nhắc việc.",
        "Đã lập 0 lần nhắc việc.",
    ]


# --- Cost --------------------------------------------------------------------------------------


def test_sixty_accounts_cost_a_bounded_number_of_queries_each(
    cast, campaign, agency, unit, people, letter_form
):
    draft_proposal(unit, cast[R.UNIT_HEAD], campaign)
    publish_announcement(
        campaign=campaign, title="Tin", text="Mới.", actor=cast[R.OFFICE_CHIEF], at=clock.now()
    )
    roles = [R.UNIT_HEAD, R.STAFF_MEMBER, R.APPRAISER, R.REGISTRAR]
    for n in range(60 - len(cast)):
        role = roles[n % len(roles)]
        user = make_user(
            make_person(unit, f"Nông Văn {n}"), role, f"u{n}", unit if role == R.UNIT_HEAD else None
        )
        User.objects.filter(pk=user.pk).update(email=f"u{n}@thanhtra.example")
    with CaptureQueriesContext(connection) as first:
        made = remind()
    assert made == 60
    assert post() == 60 - len(cast)
    with CaptureQueriesContext(connection) as again:
        assert remind() == 0
    # A savepoint, the row, the mail and four reads or so for each; the rest once.
    assert len(first) <= 60 * 11, len(first)
    assert len(again) <= 25, len(again)
