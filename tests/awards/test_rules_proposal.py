"""What a proposal still lacks: each thing with its clause and the place where it is mended."""

import pytest

from awards.models import ReportSection
from awards.rules.nomination import lacks_of_nomination, text_is_as_sent, unit_exists
from awards.rules.proposal import lacks_of_proposal, proposal_is_complete
from campaigns.models import ReportHeading
from tests.factories import (
    complete,
    draft_proposal,
    fire,
    fresh,
    hold_unit_meeting,
    nominate,
    sent,
    write_report,
)
from thidua.core.permissions import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(unit, cast, campaign):
    return draft_proposal(unit, cast[Role.UNIT_HEAD], campaign)


def sentences(proposal):
    return [lack.sentence for lack in lacks_of_proposal(fresh(proposal))]


def required(form, kind):
    return ReportHeading.objects.filter(
        form=form.report_form, subject_kind=kind, is_group=False, is_required=True
    )


def test_an_empty_proposal_lacks_its_first_name(proposal, noon):
    [lack] = lacks_of_proposal(proposal)

    assert lack.sentence == "Thêm ít nhất một tập thể hoặc cá nhân"
    assert lack.clause.startswith("Mục ")
    assert proposal_is_complete(proposal, noon) == (
        f"Còn thiếu 1 việc: {lack.sentence} ({lack.clause})."
    )


@pytest.mark.parametrize("kind", ["unit", "person"])
def test_each_heading_without_text_is_named(proposal, unit, people, letter_form, kind):
    subject = unit if kind == "unit" else people[0]
    nomination = nominate(proposal, subject, letter_form)
    headings = [heading.number for heading in required(letter_form, kind)]
    name = nomination.recipient_name
    assert headings

    assert sentences(proposal) == [
        *(f"Viết mục {number} báo cáo của {name}" for number in headings),
        "Ghi kết quả họp xét của phòng",
        "Hoàn thành tờ trình",
    ]


def test_a_heading_that_is_not_required_may_stay_empty(proposal, unit, letter_form):
    nomination = nominate(proposal, unit, letter_form)
    complete(proposal)
    optional = ReportSection.objects.filter(
        report__nomination=nomination, heading__is_required=False
    )
    assert optional.update(text="") >= 1

    assert sentences(proposal) == []


def test_once_the_meeting_stands_the_name_without_votes_is_lacking(
    proposal, unit, people, letter_form
):
    nominate(proposal, unit, letter_form)
    complete(proposal)
    write_report(nominate(proposal, people[0], letter_form))

    assert sentences(proposal) == [
        "Ghi kết quả biểu quyết cho Nông Thị Ánh · Giấy khen của Chánh Thanh tra"
    ]


def test_where_the_plan_asks_for_no_minutes_none_are_lacking(proposal, unit, merit_form):
    nomination = nominate(proposal, unit, merit_form)
    write_report(nomination)

    assert sentences(proposal) == ["Hoàn thành tờ trình"]
    assert lacks_of_nomination(nomination) == []


def test_a_withdrawn_name_lacks_nothing(proposal, unit, people, letter_form, cast):
    nominate(proposal, unit, letter_form)
    complete(proposal)
    other = nominate(proposal, people[0], letter_form)
    assert sentences(proposal) != []

    fire(other, "withdraw", cast[Role.UNIT_HEAD], note="Nhầm.")

    assert sentences(proposal) == []


def test_every_lack_leads_to_the_place_where_it_is_mended(proposal, unit, letter_form):
    nomination = nominate(proposal, unit, letter_form)
    heading = required(letter_form, "unit").first()
    lacks = lacks_of_proposal(proposal)

    assert lacks[0].url.endswith(f"#id_heading_{heading.pk}")
    assert f"/{nomination.pk}/" in lacks[0].url
    assert all(lack.url and lack.clause.startswith("Mục ") for lack in lacks)


@pytest.mark.parametrize("count", [1, 3])
def test_asking_what_lacks_costs_the_same_for_one_name_or_three(
    proposal, unit, people, letter_form, count, django_assert_num_queries
):
    for subject in [unit, *people][:count]:
        nominate(proposal, subject, letter_form)
    hold_unit_meeting(proposal)
    proposal = fresh(proposal)

    # nominations; their sections, past awards, headings and required items; unclean files; the
    # minutes, who sat, what was signed and what is half typed
    with django_assert_num_queries(10):
        lacks_of_proposal(proposal)


def test_any_change_after_sending_is_noticed(unit, cast, campaign, letter_form, noon):
    [nomination] = sent(unit, cast[Role.UNIT_HEAD], campaign, (unit, letter_form))
    assert text_is_as_sent(fresh(nomination), noon) == ""

    changes = [
        lambda: ReportSection.objects.filter(report__nomination=nomination).update(text="Khác."),
        lambda: type(nomination.unit_vote).objects.update(for_count=1),
        lambda: type(nomination).objects.update(recipient_name="Khác"),
        lambda: type(nomination).objects.update(recipient_title="Khác"),
    ]
    for change in changes:
        before = fresh(nomination)
        sections = list(ReportSection.objects.filter(report__nomination=nomination))
        vote = fresh(nomination).unit_vote
        change()
        assert text_is_as_sent(fresh(nomination), noon).startswith("Nội dung hồ sơ không còn khớp")
        before.save()
        ReportSection.objects.bulk_update(sections, ["text"])
        vote.save()
        assert text_is_as_sent(fresh(nomination), noon) == ""


def test_a_unit_exists_on_its_last_day_and_its_heir_is_named_after(
    proposal, unit, other_unit, letter_form, noon
):
    nomination = nominate(proposal, unit, letter_form)
    unit.valid_until, unit.successor = noon.date(), other_unit
    unit.save()
    assert unit_exists(fresh(nomination), noon) == ""

    unit.valid_until = noon.date().replace(day=19)
    unit.save()

    assert unit_exists(fresh(nomination), noon) == (
        "Phòng Nghiệp vụ 2 đã giải thể từ ngày 19/11/2025. Hãy đề nghị Phòng Nghiệp vụ 1."
    )
