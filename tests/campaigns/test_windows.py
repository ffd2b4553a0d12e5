"""The window of each unit, its extensions, and the days that are worked until it closes."""

import datetime as dt
import itertools
import threading
import time

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.actions import proposals, reports, unit_papers
from awards.models import Proposal, Submission
from awards.queries import desk, work
from awards.rules.nomination import campaign_window_is_open, window_is_open
from campaigns.actions.windows import MOST_DAYS, extend_window
from campaigns.models import (
    CalendarDay,
    Campaign,
    CampaignState,
    DayKind,
    Provision,
    ProvisionKind,
    WindowExtension,
)
from campaigns.queries import Window, days, windows
from staff.models import RoleAssignment, User
from tests.factories import complete_proposal, draft_proposal, fresh, sent, upload
from thidua.core import clock
from thidua.core.kept import ticket
from thidua.core.models import AuditEntry, StoredFile
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

LAST = dt.date(2025, 12, 31)
LATER = dt.date(2026, 1, 9)
AFTER = dt.datetime(2026, 1, 2, 9, 0, tzinfo=clock.VIET_NAM)
TYPED = {
    "due_on": "09/01/2026",
    "reason": "Đoàn thanh tra kéo dài.",
    "decided_by": "Chánh Thanh tra Triệu Văn Ngọc",
    "document": "Công văn số 12/TTr-VP ngày 29/12/2025",
    "file": "",
    "kept": "",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(cast):
    return cast[Role.OFFICE_CHIEF]


@pytest.fixture
def extend(campaign, chief, noon):
    def act(unit, due_on=LATER, **other):
        ruling = {name: TYPED[name] for name in ("reason", "decided_by", "document")}
        arguments = {
            "campaign": campaign,
            "unit": unit,
            "due_on": due_on,
            **ruling,
            "actor": chief,
            "at": noon,
        }
        return extend_window(**arguments | other)

    return act


@pytest.fixture
def as_chief(client, chief):
    client.force_login(chief)
    return client


def close(campaign, noon):
    type(campaign).objects.filter(pk=campaign.pk).update(
        state=CampaignState.CLOSED, closed_at=noon - dt.timedelta(days=1)
    )
    campaign.refresh_from_db()


# --- What an extension does --------------------------------------------------------------------


def test_an_extension_for_one_unit_leaves_the_others_where_they_are(
    extend, campaign, unit, other_unit
):
    extension = extend(unit)

    assert windows.due_on(campaign, unit.pk) == LATER
    assert windows.due_on(campaign, other_unit.pk) == LAST
    assert windows.due_on(campaign, None) == LAST
    assert windows.extension_of(campaign, unit.pk) == extension
    assert windows.extension_of(campaign, other_unit.pk) is None


def test_an_extension_for_all_reaches_every_unit_and_the_later_day_counts(
    extend, campaign, unit, other_unit
):
    general = extend(None, LATER)
    own = extend(unit, LATER + dt.timedelta(days=5))

    assert windows.due_on(campaign, other_unit.pk) == LATER
    assert windows.due_on(campaign, unit.pk) == own.due_on
    assert windows.last_day_of(campaign, [unit.pk, other_unit.pk]) == own.due_on
    assert windows.extensions_of(campaign, [unit.pk]) == [own]
    assert windows.extensions_of(campaign, [unit.pk, other_unit.pk]) == [own, general]
    assert windows.extensions_of(campaign, []) == [general]


def test_after_the_plan_s_day_the_extended_unit_writes_and_sends_again(
    extend, cast, campaign, unit, other_unit, other_head, letter_form
):
    head = cast[Role.UNIT_HEAD]
    proposal, _ = complete_proposal(unit, head, campaign, (unit, letter_form))
    draft_proposal(other_unit, other_head, campaign)
    with clock.frozen(AFTER):
        assert work.tasks_of(User.objects.get(pk=head.pk), AFTER) == []
        with pytest.raises(Refused, match="đã hết hạn"):
            unit_papers.write_letter(
                proposal=proposal, text="Sửa", confirmed=True, actor=head, at=AFTER
            )
        extend(unit, at=AFTER)

        unit_papers.write_letter(
            proposal=proposal, text="Kính đề nghị.", confirmed=True, actor=head, at=AFTER
        )
        [task] = work.tasks_of(User.objects.get(pk=head.pk), AFTER)
        assert (task.title, task.due_on) == ("Gửi đề nghị của Phòng Nghiệp vụ 2", LATER)
        assert work.tasks_of(User.objects.get(pk=other_head.pk), AFTER) == []
        receipt = proposals.submit_proposal(proposal=proposal, actor=head, at=AFTER)

    assert receipt.window_closes_at == clock.end_of(LATER)
    assert Submission.objects.get().submitted_at == AFTER


def test_an_extended_unit_may_still_begin_and_an_invited_author_write(
    extend, cast, campaign, unit, letter_form, other_head
):
    extend(unit)
    head, author = cast[Role.UNIT_HEAD], cast[Role.STAFF_MEMBER]
    with clock.frozen(AFTER):
        [place] = desk.places_to_propose(User.objects.get(pk=head.pk), AFTER)
        assert (place.unit, place.due_on, place.closed) == (unit, LATER, False)
        assert desk.places_to_propose(other_head, AFTER) == []
        proposal = draft_proposal(unit, head, campaign)
        nomination = proposals.add_nomination(
            proposal=proposal,
            award_form=letter_form,
            subject_kind="person",
            person=author.person,
            actor=head,
            at=AFTER,
        )
        reports.invite_author(nomination=nomination, author=author, actor=head, at=AFTER)

        [task] = work.tasks_of(User.objects.get(pk=author.pk), AFTER)

    assert (task.title, task.due_on) == ("Viết báo cáo thành tích của mình", LATER)


def test_a_head_of_two_units_is_led_only_to_the_one_that_may_still_send(
    extend, cast, campaign, unit, other_unit
):
    head = cast[Role.UNIT_HEAD]
    RoleAssignment.objects.create(
        user=head, role=Role.UNIT_HEAD, unit=other_unit, from_on=dt.date(2025, 1, 1)
    )
    extend(other_unit)
    with clock.frozen(AFTER):
        [task] = work.tasks_of(User.objects.get(pk=head.pk), AFTER)

    assert task.title == "Lập đề nghị khen thưởng của Phòng Nghiệp vụ 1"


def test_a_closed_campaign_refuses_whatever_its_days_say(
    extend, cast, campaign, unit, letter_form, noon
):
    head = cast[Role.UNIT_HEAD]
    proposal, _ = complete_proposal(unit, head, campaign, (unit, letter_form))
    extend(unit)
    close(campaign, noon)
    sentence = "Đợt này đã kết thúc ngày 19/11/2025. Hãy liên hệ Văn phòng."

    assert campaign_window_is_open(campaign, unit.pk, noon) == sentence
    assert window_is_open(fresh(proposal), noon) == sentence
    with pytest.raises(Refused) as refused:
        proposals.submit_proposal(proposal=proposal, actor=head, at=noon)
    assert str(refused.value) == sentence
    with pytest.raises(Refused, match="đã kết thúc"):
        extend(unit, LATER + dt.timedelta(days=1))
    reader = User.objects.get(pk=head.pk)
    assert not desk.open_campaigns(reader, noon).exists()
    assert work.tasks_of(reader, noon) == []
    assert work.next_sentence(reader, fresh(campaign)).endswith(sentence)


def test_the_campaign_shown_is_the_one_that_closes_next_for_the_reader(
    extend, cast, campaign, unit, other_head
):
    following = Campaign.objects.get(pk=campaign.pk)
    following.pk, following.title = None, "Kế hoạch sau"
    following.nominations_due_on = dt.date(2026, 1, 20)
    following.save(force_insert=True)
    with clock.frozen(AFTER):
        extend(unit, at=AFTER)
        head = User.objects.get(pk=cast[Role.UNIT_HEAD].pk)
        assert desk.current_campaign(head, AFTER) == campaign
        assert desk.current_campaign(other_head, AFTER) == following


# --- Recording one -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "sentence"),
    [
        (LAST, "Nay nhận hồ sơ đến hết ngày 31/12/2025. Hãy ghi một ngày sau ngày đó."),
        (dt.date(2025, 12, 1), "Nay nhận hồ sơ đến hết ngày 31/12/2025."),
        (LAST + dt.timedelta(days=MOST_DAYS + 1), "Gia hạn nhiều nhất 180 ngày"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(extend, unit, due_on, sentence):
    with pytest.raises(Refused) as refused:
        extend(unit, due_on)

    assert str(refused.value).startswith(sentence)
    assert not WindowExtension.objects.exists()


def test_the_last_sensible_day_is_taken(extend, unit):
    assert extend(unit, LAST + dt.timedelta(days=MOST_DAYS)).pk


def test_a_day_that_is_over_is_refused(extend, unit):
    late = clock.start_of(dt.date(2026, 1, 20))
    with clock.frozen(late), pytest.raises(Refused, match="Ngày này đã qua"):
        extend(unit, dt.date(2026, 1, 19), at=late)
    with clock.frozen(late):
        assert extend(unit, dt.date(2026, 1, 20), at=late).pk


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICE_CHIEF}))
def test_only_the_chief_extends(extend, cast, unit, role):
    with pytest.raises(Refused, match="Việc này do Chánh Văn phòng thực hiện."):
        extend(unit, actor=cast[role])


def test_an_extension_is_told_in_the_log(extend, campaign, unit):
    extension = extend(unit)

    entry = AuditEntry.objects.get(action="campaigns.campaign.extend")
    assert entry.subject_id == str(campaign.pk)
    assert entry.actor_name == "Hứa Văn Khoa"
    assert entry.changes == {"unit": ["", unit.name], "due_on": ["2025-12-31", "2026-01-09"]}
    assert extension.document in entry.note
    assert extension.reason in entry.note


@pytest.mark.django_db(transaction=True)
def test_two_extensions_at_once_both_stand_and_the_later_day_counts(extend, campaign, unit):
    """The second looks at the window before the first has committed."""
    written = threading.Event()

    def first():
        with transaction.atomic():
            extend(unit, LATER)
            written.set()
            with connections["default"].cursor() as cursor:
                for _ in range(200):  # until the other waits behind our entry of the log
                    cursor.execute(
                        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                        " WHERE NOT l.granted AND a.datname = current_database()"
                    )
                    if cursor.fetchone()[0]:
                        break
                    time.sleep(0.02)
        connections.close_all()

    thread = threading.Thread(target=first, daemon=True)
    thread.start()
    assert written.wait(timeout=20)
    extend(unit, LATER - dt.timedelta(days=2))
    thread.join(timeout=20)

    assert sorted(e.due_on.day for e in WindowExtension.objects.all()) == [7, 9]
    assert windows.due_on(fresh(campaign), unit.pk) == LATER


# --- Pages -------------------------------------------------------------------------------------


def test_the_chief_records_an_extension_with_its_document(as_chief, campaign, unit):
    url = reverse("extension_create", args=[campaign.pk])
    body = TYPED | {"unit": str(unit.pk), "file": upload(name="cong-van.pdf")}

    page = as_chief.post(url, body, follow=True).content.decode()

    extension = WindowExtension.objects.get()
    assert (extension.unit, extension.due_on) == (unit, LATER)
    assert "Đã ghi: Gia hạn Phòng Nghiệp vụ 2 đến hết ngày 09/01/2026." in page
    assert TYPED["document"] in page
    assert TYPED["reason"] in page
    file = as_chief.get(reverse("extension_file", args=[extension.pk]))
    assert file["Content-Type"] == "application/pdf"


def test_all_units_are_chosen_by_name_never_by_leaving_a_field_empty(as_chief, campaign):
    url = reverse("extension_create", args=[campaign.pk])

    empty = as_chief.post(url, TYPED | {"unit": ""})
    assert "Hãy chọn một mục." in empty.content.decode()
    as_chief.post(url, TYPED | {"unit": "all"})

    assert WindowExtension.objects.get().unit is None


def test_a_refusal_keeps_what_was_typed_and_the_file_that_came(as_chief, campaign, unit):
    url = reverse("extension_create", args=[campaign.pk])
    body = TYPED | {"unit": str(unit.pk), "due_on": "31/12/2025", "file": upload()}

    first = as_chief.post(url, body)
    page = first.content.decode()
    assert "Hãy ghi một ngày sau ngày đó." in page
    assert TYPED["reason"] in page
    assert "Đã nhận tệp «ban-ky.pdf»" in page
    kept = first.context["form"].data["kept"]
    as_chief.post(url, body | {"due_on": "09/01/2026", "file": "", "kept": kept})

    assert WindowExtension.objects.get().file.name == "ban-ky.pdf"


def test_a_file_kept_for_somebody_else_is_not_taken(as_chief, cast, campaign, unit, settings):

    stored = StoredFile.objects.create(
        sha256="0" * 64, path="00/0", name="la.pdf", media_type="application/pdf", size=1
    )
    token = ticket(stored, cast[Role.SIGNATORY])
    body = TYPED | {"unit": str(unit.pk), "kept": token}

    as_chief.post(reverse("extension_create", args=[campaign.pk]), body)

    assert WindowExtension.objects.get().file is None


def test_a_file_that_is_no_document_is_refused_beside_its_field(as_chief, campaign, unit):
    url = reverse("extension_create", args=[campaign.pk])
    body = TYPED | {"unit": str(unit.pk), "file": upload(b"MZ virus", "cong-van.pdf")}

    response = as_chief.post(url, body)

    assert "Không nhận được kiểu tệp này." in str(response.context["form"].errors["file"])
    assert not WindowExtension.objects.exists()


def test_a_head_reads_the_own_last_day_and_why(client, extend, cast, campaign, unit, other_head):
    extend(unit)
    sentence = "Gia hạn cho Phòng Nghiệp vụ 2 đến hết ngày"
    told = {}
    for name, user in (("own", cast[Role.UNIT_HEAD]), ("other", other_head)):
        client.force_login(user)
        pages = [
            client.get(reverse("campaign_detail", args=[campaign.pk])),
            client.get(reverse("home")),
            client.get(reverse("extension_list", args=[campaign.pk])),
        ]
        shown = [page.content.decode() for page in pages]
        told[name] = [sentence in shown[0], sentence in shown[1], TYPED["document"] in shown[2]]

    assert told == {"own": [True] * 3, "other": [False] * 3}


def test_the_proposal_page_names_the_extension_and_the_worked_days(
    client, extend, cast, campaign, unit
):
    CalendarDay.objects.all().delete()
    proposal = draft_proposal(unit, cast[Role.UNIT_HEAD], campaign)
    extend(unit)
    client.force_login(cast[Role.UNIT_HEAD])

    page = client.get(reverse("proposal_detail", args=[proposal.pk])).content.decode()

    assert "nhận hồ sơ đến hết 09/01/2026" in page
    assert f"được gia hạn đến hết ngày 09/01/2026 theo {TYPED['document']}" in page
    assert "Còn 50 ngày, 36 ngày làm việc" in page


# --- Working days ------------------------------------------------------------------------------

# Tết Bính Ngọ 2026 as made for this test: off from 16/02 (a Monday) to 20/02; the Saturday
# 28/02 is worked instead of a Monday.
TET = [dt.date(2026, 2, day) for day in (16, 17, 18, 19, 20)]
WORKED_SATURDAY = dt.date(2026, 2, 28)


@pytest.fixture
def tet(agency):
    CalendarDay.objects.filter(agency=agency, day__year=2026).delete()
    for day in TET:
        CalendarDay.objects.create(agency=agency, day=day, kind=DayKind.HOLIDAY, name="Tết")
    CalendarDay.objects.create(
        agency=agency, day=WORKED_SATURDAY, kind=DayKind.WORKING, name="Làm bù"
    )


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (dt.date(2026, 2, 13), dt.date(2026, 2, 22), 0),  # Friday before, to the Sunday after
        (dt.date(2026, 2, 12), dt.date(2026, 2, 23), 2),  # 13/02 and 23/02
        (dt.date(2026, 2, 23), dt.date(2026, 2, 28), 5),  # Tuesday to Friday, and the Saturday
        (dt.date(2026, 2, 27), dt.date(2026, 3, 1), 1),  # the worked Saturday alone
        (dt.date(2026, 3, 6), dt.date(2026, 3, 8), 0),  # a plain weekend
        (dt.date(2026, 3, 6), dt.date(2026, 3, 1), 0),  # over
    ],
)
def test_working_days_step_over_tet(agency, tet, first, last, count):
    calendar = days.calendar_of(agency, dt.date(2026, 1, 1), dt.date(2026, 12, 31))

    assert days.working_days_between(agency, first, last) == count
    assert days.count_working(calendar, first, last) == count


@pytest.mark.parametrize(
    ("received", "ends"),
    [
        (dt.date(2026, 2, 6), dt.date(2026, 2, 13)),  # the fifth day is the last before Tết
        (dt.date(2026, 2, 9), dt.date(2026, 2, 23)),  # the fifth falls behind it
        (dt.date(2026, 2, 14), dt.date(2026, 2, 27)),  # received on a Saturday
        (dt.date(2026, 2, 23), dt.date(2026, 2, 28)),  # ends on the worked Saturday
    ],
)
def test_five_working_days_end_where_the_calendar_says(agency, tet, received, ends):
    calendar = days.calendar_of(agency, dt.date(2026, 1, 1), dt.date(2026, 12, 31))

    assert days.Limit(5).ends_on(received, calendar) == ends
    assert days.add_working_days(agency, received, 5) == ends
    assert days.Limit(5, "calendar").ends_on(received, calendar) == received + dt.timedelta(days=5)


def test_the_limit_of_a_return_is_a_provision_and_five_days_without_one(agency):
    Provision.objects.filter(agency=agency, key="return").delete()
    day = dt.date(2025, 11, 20)
    assert days.return_limit(agency, day) == days.Limit(5, "working")

    Provision.objects.create(
        agency=agency,
        kind=ProvisionKind.TIME_LIMIT,
        key="return",
        title="Trả lại hồ sơ",
        in_force_on=dt.date(2025, 1, 1),
        content={"days": 8, "unit": "calendar"},
    )

    assert days.return_limit(agency, day) == days.Limit(8, "calendar")


def review_task(user, at):
    [task] = [
        task
        for task in work.tasks_of(User.objects.get(pk=user.pk), at)
        if task.title.startswith("Thẩm định")
    ]
    return task


def test_the_office_has_five_worked_days(cast, campaign, unit, letter_form, noon):
    Provision.objects.filter(key="return").delete()
    sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form))

    assert review_task(cast[Role.APPRAISER], noon).due_on == dt.date(2025, 11, 27)


def test_the_days_off_of_tet_do_not_count_and_a_supplement_is_received_again(
    cast, campaign, unit, letter_form, tet, extend
):
    Provision.objects.filter(key="return").delete()
    extend(unit, dt.date(2026, 3, 10))
    received = dt.datetime(2026, 2, 9, 8, 0, tzinfo=clock.VIET_NAM)
    with clock.frozen(received):
        [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form))
        assert review_task(cast[Role.APPRAISER], received).due_on == dt.date(2026, 2, 23)

        # Mended and sent again afterwards.
        again = received + dt.timedelta(days=16)
        type(nomination).objects.filter(pk=nomination.pk).update(submitted_at=again)
        assert review_task(cast[Role.APPRAISER], received).due_on == dt.date(2026, 3, 3)


def test_the_law_of_the_receipt_gives_the_limit(cast, campaign, unit, letter_form, noon):
    rule = Provision.objects.get(key="return")
    Provision.objects.filter(pk=rule.pk).update(content={"days": 3, "unit": "calendar"})
    sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form))
    # What is changed afterwards does not reach what was received.
    Provision.objects.filter(pk=rule.pk).update(content={"days": 9, "unit": "calendar"})
    law = {"limits": [{"key": "appraise", "days": 20, "unit": "working"}]}

    assert review_task(cast[Role.APPRAISER], noon).due_on == dt.date(2025, 11, 23)
    assert days.recorded_return_limit(law) is None
    assert days.recorded_return_limit({}) is None


def test_home_shows_worked_days_beside_the_days(client, cast, campaign, unit, letter_form):
    draft_proposal(unit, cast[Role.UNIT_HEAD], campaign)
    client.force_login(cast[Role.UNIT_HEAD])

    page = client.get(reverse("home")).content.decode()

    # From 20/11 to 31/12/2025 no day off falls into the week.
    assert "Còn 41 ngày, 29 ngày làm việc" in page
    assert "<b>41 ngày</b>, 29 ngày làm việc sau hôm nay" in page


def test_a_campaign_page_without_a_calendar_counts_days_only(campaign):
    assert Window.of(campaign, LAST).working_left is None


# --- Costs -------------------------------------------------------------------------------------

PAGES = {
    "home": [],
    "campaign_list": [],
    "campaign_detail": ["campaign"],
    "proposal_detail": ["proposal"],
    "proposal_mine": [],
    "extension_list": ["campaign"],
}


@pytest.mark.parametrize(
    ("role", "name"),
    [
        *itertools.product([Role.UNIT_HEAD], PAGES),
        *itertools.product([Role.OFFICE_CHIEF], ["home", "campaign_list", "campaign_detail"]),
    ],
)
def test_extensions_cost_nothing_and_the_calendar_one_query(
    client, cast, campaign, unit, other_unit, other_head, letter_form, extend, role, name
):
    sent(other_unit, other_head, campaign, (other_unit, letter_form))
    records = {
        "campaign": campaign,
        "proposal": draft_proposal(unit, cast[Role.UNIT_HEAD], campaign),
    }
    if name == "proposal_mine":  # with one proposal alone it leads there at once
        Proposal.objects.filter(unit=unit).delete()
    url = reverse(name, args=[records[key].pk for key in PAGES[name]])
    client.force_login(cast[role])

    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return [query["sql"] for query in seen.captured_queries]

    extend(unit, LATER)
    asked()  # the first page of a minute keeps the session, too
    few = asked()
    for n in range(1, 6):
        extend(unit, LATER + dt.timedelta(days=n))
        extend(None, LATER + dt.timedelta(days=n))
    many = asked()

    assert len(many) == len(few), set(many) ^ set(few)
    read = [sql for sql in many if 'FROM "campaigns_calendarday"' in sql]
    assert len(read) == (0 if name == "extension_list" and role == Role.UNIT_HEAD else 1)


def test_the_chief_says_how_long_a_late_click_counts(client, cast, campaign):
    url = reverse("grace_edit", args=[campaign.pk])
    client.force_login(cast[Role.OFFICE_CHIEF])
    assert client.get(url).context["form"]["minutes"].value() == 15
    refused = client.post(url, {"minutes": "500"})
    assert refused.status_code == 200
    assert client.post(url, {"minutes": "20"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.grace_minutes == 20
    assert AuditEntry.objects.filter(action="campaigns.campaign.grace").count() == 1
    client.post(url, {"minutes": "20"})
    assert AuditEntry.objects.filter(action="campaigns.campaign.grace").count() == 1
    page = client.get(reverse("extension_list", args=[campaign.pk])).content.decode()
    assert "được gửi thêm 20 phút" in page
