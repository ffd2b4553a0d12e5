"""The plan names a form that has ended: the office chooses, and no word of a report is lost."""

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from awards.actions.form_choice import choose_form
from awards.models import Nomination
from awards.queries import work
from awards.rules.nomination import lacks_of_report
from awards.rules.report import moved_texts
from campaigns import actions
from campaigns.models import (
    Campaign,
    FormChoice,
    LegalBasis,
    ReportForm,
    ReportHeading,
    SubjectKind,
)
from campaigns.queries.forms import current_form, dead_forms_of, must_choose
from tests.campaigns.test_plan_drafts import NAME as PLAN
from tests.campaigns.test_plan_drafts import confirm_all, words_of
from tests.conftest import make_person
from tests.factories import (
    complete_proposal,
    draft_proposal,
    fresh,
    hold_unit_meeting,
    nominate,
    returned,
    sent,
    write_report,
)
from thidua.core import audit, clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

pytestmark = pytest.mark.django_db
OFFICE = (Role.APPRAISER, Role.OFFICE_CHIEF)
TITLE = "Chọn mẫu báo cáo cho"
OPEN = "Văn phòng chưa chọn mẫu báo cáo."
# The heir renumbers one heading, renames one and leaves one out.
HEADINGS = {
    SubjectKind.PERSON: [
        ("I.1", "Đơn vị công tác, chức vụ, trình độ chuyên môn"),
        ("II.1", "Thành tích theo nội dung phát động"),
        ("II.3", "Cách làm, giải pháp, sáng kiến và hiệu quả"),
        ("III", "Các hình thức đã được khen thưởng"),
    ],
    SubjectKind.UNIT: [("I.1", "Đặc điểm"), ("II.1", "Thành tích")],
}


@pytest.fixture
def heir(agency, campaign):
    """Return a form of a later decree that serves the purpose of the one named."""
    basis = LegalBasis.objects.create(
        agency=agency,
        code="901/2025/NĐ-CP",
        citation="Nghị định số 901/2025/NĐ-CP ngày 01 tháng 8 năm 2025 của Chính phủ",
        in_force_on=dt.date(2025, 8, 1),
    )
    form = ReportForm.objects.create(
        agency=agency, basis=basis, number="18", label="Mẫu số 18 Nghị định số 901/2025/NĐ-CP"
    )
    for kind, headings in HEADINGS.items():
        for position, (number, title) in enumerate(headings, start=1):
            ReportHeading.objects.create(
                form=form, subject_kind=kind, position=position, number=number, title=title
            )
    return form


@pytest.fixture
def clerk(cast):
    return cast[Role.APPRAISER]


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


def choose(award_form, form, actor, reason="Theo nghị định mới."):
    return choose_form(
        award_form=award_form, chosen=form, reason=reason, actor=actor, at=clock.now()
    )


def titles_of(user):
    return [task.title for task in work.tasks_of(fresh(user), clock.now())]


def texts_of(nomination):
    sections = nomination.report.sections.select_related("heading")
    return {section.heading.number: section.text for section in sections}


def page_of(client, user, url):
    client.force_login(user)
    return client.get(url).content.decode()


# --- What is told until the office chooses ------------------------------------------------------


def test_the_campaign_says_the_sentence_and_that_nothing_is_chosen(client, head, campaign, heir):
    page = page_of(client, head, campaign.get_absolute_url())

    assert (
        "Kế hoạch dẫn chiếu Mẫu số 07 Nghị định số 98/2023/NĐ-CP đã hết hiệu lực từ 01/7/2025; "
        "mẫu tương ứng đang áp dụng: Mẫu số 18 Nghị định số 901/2025/NĐ-CP."
    ) in page
    assert page.count(OPEN) == 2
    assert "/choose/" not in page


def test_the_sentence_says_when_nothing_corresponds(campaign, letter_form):
    ReportForm.objects.exclude(pk=letter_form.report_form_id).update(purpose="other")

    [dead] = dead_forms_of(campaign, clock.today())

    assert dead.sentence.endswith("đã hết hiệu lực từ 01/7/2025; danh mục chưa có mẫu tương ứng.")


@pytest.mark.parametrize("role", Role)
def test_the_task_is_the_offices_alone(cast, campaign, role):
    waiting = [title for title in titles_of(cast[role]) if title.startswith(TITLE)]

    assert len(waiting) == (2 if role in OFFICE else 0)


def test_the_task_leads_to_the_page_and_goes_once_it_is_done(
    client, cast, clerk, letter_form, merit_form, heir
):
    [task, _] = [t for t in work.tasks_of(clerk, clock.now()) if t.title.startswith(TITLE)]
    page = page_of(client, clerk, task.url)
    assert "Giữ mẫu kế hoạch nêu: Mẫu số 07" in page
    assert f"Dùng mẫu tương ứng: {heir.label}" in page

    answer = client.post(task.url, {"chosen": heir.pk, "reason": "Nghị định cũ đã hết."})

    assert answer.status_code == 302
    assert answer["Location"] == letter_form.campaign.get_absolute_url()
    left = [title for title in titles_of(clerk) if title.startswith(TITLE)]
    assert len(left) == 1
    for role in (Role.UNIT_HEAD, Role.OFFICE_CHIEF):
        told = page_of(client, cast[role], letter_form.campaign.get_absolute_url())
        assert told.count(OPEN) == 1
        assert "Lương Thị Hà chọn Mẫu số 18" in told
        assert "Nghị định cũ đã hết." in told
        assert ("Chọn lại mẫu cho" in told) == (role == Role.OFFICE_CHIEF)


def test_a_campaign_that_is_closed_asks_nothing(clerk, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(state="closed", closed_at=clock.now())

    assert not [title for title in titles_of(clerk) if title.startswith(TITLE)]


def test_a_living_form_asks_nothing(client, clerk, campaign, letter_form):
    LegalBasis.objects.update(out_of_force_on=None)

    assert not [title for title in titles_of(clerk) if title.startswith(TITLE)]
    assert dead_forms_of(campaign, clock.today()) == []
    url = reverse("form_choice_create", args=[campaign.pk, letter_form.pk])
    client.force_login(clerk)
    assert client.get(url).status_code == 302


def test_a_plan_read_in_that_names_a_dead_form_is_made_and_the_task_follows(agency, clerk):
    draft = actions.create_draft(
        agency=agency, upload=None, text=words_of(PLAN), actor=clerk, at=clock.now()
    )
    actions.confirm_field(
        draft=draft, name="report_form", text="07 | 98/2023/NĐ-CP", actor=clerk, at=clock.now()
    )
    confirm_all(fresh(draft), clerk)

    campaign = actions.make_campaign(draft=fresh(draft), actor=clerk, at=clock.now())

    assert all(must_choose(form, clock.today()) for form in campaign.award_forms.all())
    assert [title for title in titles_of(clerk) if title.startswith(TITLE)]


@pytest.mark.parametrize("count", [1, 4])
def test_pages_cost_the_same_for_every_number_of_choices(
    client, clerk, campaign, letter_form, merit_form, heir, count, django_assert_num_queries
):
    for turn in range(count):
        form = heir if turn % 2 == 0 else letter_form.report_form
        for award_form in (letter_form, merit_form):
            choose(award_form, form, clerk)
    client.force_login(clerk)
    with django_assert_num_queries(CAMPAIGN_QUERIES):
        client.get(campaign.get_absolute_url())


CAMPAIGN_QUERIES = 29


# --- Choosing -----------------------------------------------------------------------------------


def test_a_choice_is_kept_with_who_when_why(clerk, letter_form, heir, noon):
    choice = choose(letter_form, heir, clerk)

    assert (choice.named, choice.chosen) == (letter_form.report_form, heir)
    assert (choice.chosen_by, choice.chosen_at) == (clerk, noon)
    assert fresh(letter_form).report_form.number == "07"
    assert current_form(fresh(letter_form)) == heir
    entry = AuditEntry.objects.get(action="campaigns.campaign.choose_form")
    assert entry.changes["mẫu báo cáo"] == [letter_form.report_form.label, heir.label]
    assert entry.note == "Theo nghị định mới."
    assert audit.first_broken() is None


def test_the_named_form_may_be_kept_with_a_reason(clerk, letter_form, heir):
    choose(letter_form, letter_form.report_form, clerk, "Đã phổ biến mẫu này.")

    assert not must_choose(fresh(letter_form), clock.today())
    assert current_form(fresh(letter_form)) == letter_form.report_form


def test_the_office_may_think_again(clerk, cast, letter_form, heir):
    choose(letter_form, letter_form.report_form, clerk)
    choose(letter_form, heir, cast[Role.OFFICE_CHIEF])

    assert current_form(fresh(letter_form)) == heir
    assert FormChoice.objects.count() == 2


def test_the_same_choice_twice_is_told_to_the_second(clerk, cast, letter_form, heir):
    choose(letter_form, heir, clerk)

    with pytest.raises(Conflict, match="Lương Thị Hà đã chọn mẫu này lúc 10:30 20/11/2025"):
        choose(letter_form, heir, cast[Role.OFFICE_CHIEF])


@pytest.mark.parametrize("role", sorted(set(Role) - set(OFFICE)))
def test_nobody_else_chooses(cast, letter_form, heir, role):
    with pytest.raises(Refused, match="thực hiện"):
        choose(letter_form, heir, cast[role])
    assert not FormChoice.objects.exists()


def test_refusals_say_the_mend(agency, clerk, letter_form, campaign, heir):
    for reason in ("", "  \n "):
        with pytest.raises(Refused, match="Hãy ghi lý do"):
            choose(letter_form, heir, clerk, reason)
    other = ReportForm.objects.create(
        agency=agency, basis=heir.basis, number="19", purpose="merit", label="Mẫu khác"
    )
    with pytest.raises(Refused, match="Hãy chọn mẫu kế hoạch nêu hoặc"):
        choose(letter_form, other, clerk)
    heir.headings.filter(subject_kind="unit").delete()
    with pytest.raises(Refused, match="chưa có mục nào cho tập thể"):
        choose(letter_form, heir, clerk)
    Campaign.objects.filter(pk=campaign.pk).update(state="closed", closed_at=clock.now())
    with pytest.raises(Refused, match="Đợt đã kết thúc"):
        choose(letter_form, letter_form.report_form, clerk)
    Campaign.objects.filter(pk=campaign.pk).update(state="open", closed_at=None)
    LegalBasis.objects.update(out_of_force_on=None)
    with pytest.raises(Refused, match="đang còn hiệu lực"):
        choose(letter_form, letter_form.report_form, clerk)
    assert not FormChoice.objects.exists()


def test_the_page_keeps_what_was_typed_and_asks_for_the_reason(client, clerk, letter_form, heir):
    url = reverse("form_choice_create", args=[letter_form.campaign_id, letter_form.pk])
    client.force_login(clerk)

    without_choice = client.post(url, {"reason": "Một lý do dài đã gõ."}).content.decode()
    without_reason = client.post(url, {"chosen": heir.pk, "reason": " "}).content.decode()

    assert "Một lý do dài đã gõ." in without_choice
    assert "Hãy chọn một mục." in without_choice
    assert "Hãy điền ô này." in without_reason
    assert not FormChoice.objects.exists()


def test_a_form_of_another_campaign_is_not_found(client, clerk, letter_form):
    url = reverse("form_choice_create", args=[letter_form.campaign_id + 1, letter_form.pk])
    client.force_login(clerk)

    assert client.get(url).status_code == 404


def test_when_the_chosen_form_ends_in_its_turn_the_office_is_asked_again(
    client, clerk, campaign, letter_form, heir
):
    choose(letter_form, heir, clerk)
    LegalBasis.objects.filter(pk=heir.basis_id).update(out_of_force_on=dt.date(2025, 12, 1))

    assert not must_choose(fresh(letter_form), dt.date(2025, 11, 30))
    assert must_choose(fresh(letter_form), dt.date(2025, 12, 1))
    with clock.frozen(clock.start_of(dt.date(2025, 12, 2))):
        assert "Mẫu đã chọn cũng đã hết hiệu lực." in page_of(
            client, clerk, campaign.get_absolute_url()
        )


def test_a_new_edition_of_the_form_in_use_is_taken_for_new_reports(agency, letter_form):
    old = letter_form.report_form
    ReportForm.objects.filter(pk=old.pk).update(replaced_by=old)  # so that it is current no more
    new = ReportForm.objects.create(
        agency=agency, basis=old.basis, number="07", edition=2, label="Mẫu số 07, sửa"
    )
    ReportForm.objects.filter(pk=old.pk).update(replaced_by=new)

    assert current_form(fresh(letter_form)) == new


# --- Reports ------------------------------------------------------------------------------------


def test_unsent_reports_move_and_keep_every_word(
    unit, head, campaign, people, letter_form, heir, clerk
):
    nomination = nominate(draft_proposal(unit, head, campaign), people[0], letter_form)
    write_report(nomination)
    before = texts_of(nomination)

    choose(letter_form, heir, clerk)

    moved = fresh(nomination)
    after = texts_of(moved)
    assert moved.report.form == heir
    assert after == {
        "I.1": "Nội dung mục I.1.",
        "II.1": "Nội dung mục II.1.",
        "II.3": "Nội dung mục II.2.",
        "III": "Nội dung mục III.\n\n"
        "I.2. Nhiệm vụ được giao:\nNội dung mục I.2.\n\n"
        "II.3. Chấp hành chủ trương, pháp luật:\nNội dung mục II.3.",
    }
    assert all(text in "\n".join(after.values()) for text in before.values())
    assert lacks_of_report(moved) == []
    assert audit.history_of(moved).last().action_label == "Chuyển báo cáo sang mẫu khác"
    assert "1 báo cáo chưa gửi" in AuditEntry.objects.get(action__endswith="choose_form").note


def test_received_reports_keep_their_form_also_when_they_come_back(
    client, unit, head, campaign, people, letter_form, heir, clerk
):
    first, second = sent(unit, head, campaign, *((person, letter_form) for person in people))
    returned(first, clerk)
    kept = [texts_of(first), texts_of(second)]
    named = letter_form.report_form

    choose(letter_form, heir, clerk)

    first, second = fresh(first), fresh(second)
    assert [n.report.form for n in (first, second)] == [named, named]
    assert [texts_of(first), texts_of(second)] == kept
    edit = page_of(client, head, reverse("report_edit", args=[first.pk]))
    assert "II.2. Cách làm, giải pháp, sáng kiến và hiệu quả" in edit
    assert named.label in edit
    read = page_of(client, clerk, first.get_absolute_url())
    assert "II.2. Cách làm, giải pháp, sáng kiến và hiệu quả" in read
    assert lacks_of_report(first) == []


def test_what_was_sent_and_taken_back_was_received(
    unit, head, campaign, people, letter_form, heir, clerk
):
    from awards.actions import proposals  # noqa: PLC0415

    [nomination] = sent(unit, head, campaign, (people[0], letter_form))
    proposals.withdraw_proposal(
        proposal=nomination.proposal, note="Sửa.", actor=head, at=clock.now()
    )

    choose(letter_form, heir, clerk)

    assert fresh(nomination).report.form == letter_form.report_form


def test_another_form_of_award_is_left_alone(
    unit, head, campaign, letter_form, merit_form, heir, clerk
):
    merit = nominate(draft_proposal(unit, head, campaign), unit, merit_form)

    choose(letter_form, heir, clerk)

    assert fresh(merit).report.form == merit_form.report_form


def test_new_nominations_take_the_form_in_use_and_are_complete_by_it(
    client, unit, head, campaign, people, letter_form, heir, clerk
):
    choose(letter_form, heir, clerk)
    proposal, [nomination] = complete_proposal(unit, head, campaign, (people[0], letter_form))

    assert nomination.report.form == heir
    assert set(texts_of(nomination)) == {number for number, _ in HEADINGS["person"]}
    assert "Gửi đề nghị" in " ".join(titles_of(head))
    edit = page_of(client, head, reverse("report_edit", args=[nomination.pk]))
    assert "II.1. Thành tích theo nội dung phát động" in edit
    assert heir.label in edit
    nomination.report.sections.filter(heading__number="II.1").update(text="")
    [lack] = lacks_of_report(fresh(nomination))
    assert lack.sentence == f"Viết mục II.1 báo cáo của {nomination.recipient_name}"
    assert "còn thiếu 1 việc" in [
        task.detail.split(",")[0].split(" · ")[1]
        for task in work.tasks_of(fresh(head), clock.now())
        if task.title.startswith("Hoàn thành đề nghị")
    ]
    assert client.get(reverse("report_file", args=[nomination.pk])).status_code == 200
    assert hold_unit_meeting(proposal) is None


@pytest.mark.parametrize("is_htmx", [False, True])
def test_what_somebody_is_typing_meanwhile_is_not_lost(
    client, unit, head, campaign, people, letter_form, heir, clerk, is_htmx
):
    nomination = nominate(draft_proposal(unit, head, campaign), people[0], letter_form)
    old = {s.heading.number: s.heading_id for s in nomination.report.sections.all()}
    typed = {"version": "1"} | {f"heading_{pk}": f"Đang gõ {no}." for no, pk in old.items()}
    choose(letter_form, heir, clerk)

    client.force_login(head)
    url = reverse("report_edit", args=[nomination.pk])
    headers = {"HTTP_HX_REQUEST": "true"} if is_htmx else {}
    answer = client.post(url, typed, **headers)

    text = answer.content.decode()
    assert "Văn phòng vừa chọn mẫu báo cáo khác cho đợt này." in text
    assert set(texts_of(fresh(nomination)).values()) == {""}
    if not is_htmx:
        form = answer.context["form"]
        assert all(f"Đang gõ {number}." in text for number in old)
        again = {name: form[name].value() or "" for name in form.fields}
        assert client.post(url, again).status_code == 302
        written = "\n".join(texts_of(fresh(nomination)).values())
        assert all(f"Đang gõ {number}." in written for number in old)


def test_a_strangers_heading_is_no_heading(client, unit, head, campaign, people, letter_form):
    nomination = nominate(draft_proposal(unit, head, campaign), people[0], letter_form)
    client.force_login(head)

    url = reverse("report_edit", args=[nomination.pk])
    for key in ("999999999", "9" * 40, "x", ""):
        body = {"version": "1", f"heading_{key}": "Chen ngang"}
        assert client.post(url, body).status_code == 302
    assert "Chen ngang" not in texts_of(fresh(nomination)).values()


@pytest.mark.parametrize("count", [1, 5])
def test_moving_reports_touches_only_those_not_sent(
    unit, other_unit, other_head, head, campaign, letter_form, heir, clerk, count
):
    [received] = sent(other_unit, other_head, campaign, (other_unit, letter_form))
    proposal = draft_proposal(unit, head, campaign)
    for number in range(count):
        nominate(proposal, make_person(unit, f"Nông Văn {'ABCDE'[number]}"), letter_form)

    choose(letter_form, heir, clerk)

    assert Nomination.objects.filter(report__form=heir).count() == count
    assert fresh(received).report.form == letter_form.report_form


# --- Where a text goes ---------------------------------------------------------------------------

words = st.text("abc đ", min_size=0, max_size=8)
numbers = st.sampled_from(["I.1", "I.2", "II.1", "II.2", "III"])
titles = st.sampled_from(["Đặc điểm", "Thành tích", "Sáng kiến", "Đoàn kết", "Đã khen"])
heads = st.lists(st.tuples(numbers, titles, st.booleans()), min_size=1, max_size=6)


def headings_from(rows, first):
    return [
        ReportHeading(pk=first + at, position=at, number=number, title=title, is_group=is_group)
        for at, (number, title, is_group) in enumerate(rows)
    ]


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(old=st.lists(st.tuples(numbers, titles, words), max_size=6), new=heads)
def test_no_text_is_ever_lost(old, new):
    sources = headings_from([(number, title, False) for number, title, _ in old], 1)
    targets = headings_from(new, 100)
    written = [
        (heading, f"⟨{place}⟩{text}" if text.strip() else text)
        for place, (heading, (*_, text)) in enumerate(zip(sources, old, strict=True))
    ]

    texts = moved_texts(written, targets)

    assert set(texts) == {heading.pk for heading in targets if not heading.is_group}
    everything = "\n".join(texts.values())
    for _heading, text in written:
        assert not texts or not text.strip() or everything.count(text) == 1
