"""What a unit does: opens, fills, sends, takes back, sends again; and what it is refused."""

import pytest
from django.db import IntegrityError, transaction

from awards.actions import proposals, reports, unit_papers
from awards.actions.evidence import attach_evidence, detach_evidence
from awards.models import Evidence, MeetingVote, Nomination, ReportSection, Submission
from awards.queries import fingerprint, proposal_content
from tests.conftest import make_user
from tests.factories import (
    accepted,
    approved,
    closed,
    complete,
    complete_proposal,
    declined,
    draft_proposal,
    fire,
    fresh,
    hold_unit_meeting,
    image_bytes,
    issued,
    nominate,
    printed,
    returned,
    sent,
    submit,
    upload,
    write_report,
)
from thidua.core import audit
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

pytestmark = pytest.mark.django_db

TWICE = "Cá nhân này đã được đề nghị hình thức này trong đợt."
BOTH = "Hãy ghi lý do đề nghị hai hình thức trong một đợt."


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def proposal(unit, head, campaign):
    return draft_proposal(unit, head, campaign)


@pytest.fixture
def nomination(proposal, people, letter_form):
    return nominate(proposal, people[0], letter_form)


def labels(record):
    return [entry.action_label for entry in audit.history_of(record)]


def assert_refused(sentence, act, *args, **kwargs):
    logged = AuditEntry.objects.count()
    with pytest.raises(Refused) as refused, transaction.atomic():
        act(*args, **kwargs)
    assert str(refused.value).startswith(sentence), str(refused.value)
    assert AuditEntry.objects.count() == logged
    return refused.value


# --- Opening -----------------------------------------------------------------------------------


def test_opening_twice_finds_the_same_proposal(unit, head, campaign):
    first, second = draft_proposal(unit, head, campaign), draft_proposal(unit, head, campaign)

    assert first == second
    assert labels(first) == ["Lập đề nghị"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.UNIT_HEAD}))
def test_only_a_head_opens_a_proposal(unit, cast, campaign, role):
    assert_refused("Việc này do Trưởng phòng", draft_proposal, unit, cast[role], campaign)


def test_a_head_opens_no_proposal_of_another_unit_even_one_that_stands(
    unit, other_unit, other_head, head, campaign
):
    assert_refused("Đây là hồ sơ của đơn vị khác.", draft_proposal, other_unit, head, campaign)
    draft_proposal(other_unit, other_head, campaign)
    assert_refused("Đây là hồ sơ của đơn vị khác.", draft_proposal, other_unit, head, campaign)


# --- Adding names ------------------------------------------------------------------------------


def test_a_name_is_copied_as_it_will_be_printed(nomination, letter_form):
    assert nomination.recipient_name == "Nông Thị Ánh"
    assert nomination.recipient_title == "Thanh tra viên, Phòng Nghiệp vụ 2"
    assert nomination.report.form == letter_form.report_form
    assert labels(nomination) == ["Thêm vào đề nghị"]
    headings = letter_form.report_form.headings.filter(subject_kind="person", is_group=False)
    assert nomination.report.sections.count() == headings.count() > 0


def test_a_person_is_not_proposed_for_bang_khen_since_the_plan_names_no_criterion(
    proposal, people, merit_form
):
    assert_refused(
        "Kế hoạch không nêu tiêu chuẩn Bằng khen của Chủ tịch UBND tỉnh cho cá nhân.",
        nominate,
        proposal,
        people[0],
        merit_form,
    )
    assert not Nomination.objects.exists()


def test_one_person_has_one_live_nomination_for_a_form(nomination, proposal, people, letter_form):
    assert_refused(TWICE, nominate, proposal, people[0], letter_form, reason="Vì hai thành tích.")


def test_a_withdrawn_nomination_makes_room_for_another(
    nomination, proposal, people, letter_form, head
):
    fire(nomination, "withdraw", head, note="Nhầm người.")

    again = nominate(proposal, people[0], letter_form)

    assert again.pk != nomination.pk
    assert again.state == "draft"


def test_both_forms_for_one_collective_need_a_recorded_reason(
    proposal, unit, letter_form, merit_form
):
    nominate(proposal, unit, letter_form)
    assert_refused(BOTH, nominate, proposal, unit, merit_form)
    assert_refused(BOTH, nominate, proposal, unit, merit_form, reason="   ")

    second = nominate(proposal, unit, merit_form, reason="Hai thành tích khác nhau.")

    assert second.both_forms_reason == "Hai thành tích khác nhau."
    assert audit.history_of(second).get().note == "Hai thành tích khác nhau."


@pytest.mark.parametrize("end", ["declined", "refused"])
def test_a_nomination_that_ended_without_award_makes_room(
    head, cast, unit, campaign, people, letter_form, end
):
    [first] = sent(unit, head, campaign, (people[0], letter_form))
    if end == "declined":
        declined(first, cast[Role.APPRAISER])
    else:
        fire(accepted(first, cast[Role.APPRAISER]), "refuse", cast[Role.SIGNATORY], note="Chưa.")

    copy = Nomination.objects.get(pk=first.pk)
    copy.pk, copy.state = None, "draft"
    copy.save()

    assert Nomination.objects.filter(person=people[0]).count() == 2


def test_an_awarded_nomination_stands_in_the_way_of_another(
    head, cast, unit, campaign, people, letter_form
):
    [first] = sent(unit, head, campaign, (people[0], letter_form))
    approved(accepted(first, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
    closed(printed(issued(letter_form, cast[Role.REGISTRAR])), cast[Role.REGISTRAR])

    copy = Nomination.objects.get(pk=first.pk)
    copy.pk, copy.state = None, "draft"
    with pytest.raises(IntegrityError, match="nomination_live_once_person"):
        copy.save()


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({}, "nomination_live_once_person"),
        ({"both_forms_reason": "Lý do."}, "nomination_live_once_person"),
        ({"award_form": "merit"}, "nomination_one_form_person"),
        ({"recipient_unit": "unit"}, "nomination_one_subject"),
        ({"person": None}, "nomination_one_subject"),
        ({"person": "other", "state": "submitted"}, "nomination_sent_has_time"),
    ],
)
def test_the_database_alone_refuses_what_the_rules_refuse(
    nomination, unit, people, merit_form, changed, name
):
    named = {"merit": merit_form, "unit": unit, "other": people[1]}
    copy = Nomination.objects.get(pk=nomination.pk)
    copy.pk = None
    for column, value in changed.items():
        setattr(copy, column, named.get(value, value))

    with pytest.raises(IntegrityError, match=name):
        copy.save()


def test_a_form_of_another_campaign_and_nobody_at_all_are_refused(
    proposal, people, letter_form, unit, head, noon
):
    assert_refused(
        "Hãy chọn một cá nhân hoặc một tập thể.",
        proposals.add_nomination,
        proposal=proposal,
        award_form=letter_form,
        subject_kind="person",
        actor=head,
        at=noon,
    )
    letter_form.campaign_id = 0
    assert_refused("Hình thức này không thuộc đợt", nominate, proposal, people[0], letter_form)


# --- Writing -----------------------------------------------------------------------------------


def test_a_report_is_composed_and_its_change_is_traced(nomination, head, noon):
    section = nomination.report.sections.select_related("heading").first()

    report = reports.write_report(
        nomination=nomination,
        texts={section.heading_id: "Hoa\u0300n tha\u0300nh\u200b  tốt "},
        version=1,
        actor=head,
        at=noon,
    )

    section.refresh_from_db()
    assert section.text == "Hoàn thành tốt"
    assert (report.version, report.edited_by) == (2, head)
    assert audit.history_of(nomination).last().note == f"Mục {section.heading.number}"


def test_saving_the_same_text_changes_nothing_and_logs_nothing(nomination, head, noon):
    write_report(nomination)
    logged = AuditEntry.objects.count()

    reports.write_report(nomination=nomination, texts={}, version=2, actor=head, at=noon)

    assert fresh(nomination.report).version == 2
    assert AuditEntry.objects.count() == logged


def test_a_report_that_somebody_saved_in_between_is_not_overwritten(nomination, head, noon):
    write_report(nomination)
    texts = dict.fromkeys(nomination.report.sections.values_list("heading_id", flat=True), "Đè.")

    refusal = assert_refused(
        "Lý Thị Đào vừa lưu báo cáo này lúc 10:30.",
        reports.write_report,
        nomination=nomination,
        texts=texts,
        version=1,
        actor=head,
        at=noon,
    )

    assert isinstance(refusal, Conflict)
    assert not ReportSection.objects.filter(text="Đè.").exists()


def test_the_nominee_writes_the_own_report_once_invited(nomination, people, head, noon):
    author = make_user(people[0], Role.STAFF_MEMBER, "anh")
    assert_refused("Việc này do Trưởng phòng", write_report, nomination, actor=author)

    reports.invite_author(nomination=nomination, author=author, actor=head, at=noon)
    write_report(nomination, actor=author)

    assert fresh(nomination.report).edited_by == author
    assert labels(nomination)[-2:] == ["Mời viết báo cáo", "Viết báo cáo"]


def test_nobody_but_the_nominee_is_invited_and_only_by_the_head(
    nomination, people, cast, head, noon
):
    author = make_user(people[0], Role.STAFF_MEMBER, "anh")
    other = make_user(people[1], Role.STAFF_MEMBER, "binh")
    nobody = type(author)(username="khong.nguoi")
    invite = reports.invite_author
    for stranger in (other, cast[Role.APPRAISER], nobody):
        assert_refused(
            "Chỉ mời chính cá nhân", invite, nomination=nomination, author=stranger, actor=head,
            at=noon,
        )  # fmt: skip
    assert_refused(
        "Việc này do Trưởng phòng", invite, nomination=nomination, author=author, actor=author,
        at=noon,
    )  # fmt: skip


def test_an_author_attaches_but_neither_invites_nor_withdraws_nor_sends(
    nomination, people, head, noon
):
    author = make_user(people[0], Role.STAFF_MEMBER, "anh")
    reports.invite_author(nomination=nomination, author=author, actor=head, at=noon)

    attach_evidence(
        nomination=nomination, upload=upload(), caption="Quyết định", actor=author, at=noon
    )

    assert_refused("Việc này do Trưởng phòng", fire, nomination, "withdraw", author, note="x")
    assert_refused(
        "Việc này do Trưởng phòng",
        proposals.submit_proposal,
        proposal=nomination.proposal,
        actor=author,
        at=noon,
    )


# --- Evidence ----------------------------------------------------------------------------------


def test_evidence_is_attached_once_and_taken_out_with_its_trace(nomination, head, noon):
    attach = attach_evidence
    named = {"nomination": nomination, "actor": head, "at": noon}

    evidence = attach(upload=upload(name="QĐ 12.pdf"), caption="", **named)
    assert_refused("Tệp này đã có trong hồ sơ.", attach, upload=upload(), caption="x", **named)
    attach(upload=upload(image_bytes(), "anh.png"), caption="Ảnh", **named)
    detach_evidence(evidence=evidence, actor=head, at=noon)

    assert evidence.caption == "QĐ 12.pdf"
    assert Evidence.objects.get().caption == "Ảnh"
    assert labels(nomination)[-3:] == ["Thêm minh chứng", "Thêm minh chứng", "Bỏ minh chứng"]


def test_a_refused_file_leaves_nothing_behind(nomination, head, noon):
    assert_refused(
        "Trang web và hình SVG có thể chứa mã chạy",
        attach_evidence,
        nomination=nomination,
        upload=upload(b"<html>", "a.pdf"),
        caption="x",
        actor=head,
        at=noon,
    )

    assert not Evidence.objects.exists()


def test_another_unit_touches_nothing(nomination, proposal, other_head, noon):
    named = {"actor": other_head, "at": noon}
    strange = "Đây là hồ sơ của đơn vị khác."
    one, all_of_it = {"nomination": nomination, **named}, {"proposal": proposal, **named}
    assert_refused(strange, reports.write_report, texts={}, version=1, **one)
    assert_refused(strange, attach_evidence, upload=upload(), caption="", **one)
    assert_refused(strange, unit_papers.record_unit_meeting, facts={}, votes={}, **all_of_it)
    assert_refused(strange, unit_papers.write_letter, text="", confirmed=False, **all_of_it)
    assert_refused(strange, proposals.submit_proposal, **all_of_it)
    assert_refused(strange, proposals.withdraw_proposal, note="x", **all_of_it)
    assert_refused(strange, proposals.resubmit_nomination, **one)


# --- The department's meeting and letter -------------------------------------------------------


def test_votes_are_kept_for_each_name_with_those_present(nomination, proposal):
    hold_unit_meeting(proposal, present=7, in_favour=7)

    vote = MeetingVote.objects.get()
    assert (vote.nomination, vote.for_count, vote.present_count) == (nomination, 7, 7)
    assert audit.history_of(proposal).last().note == "Nông Thị Ánh 7/7"


def test_more_votes_than_people_present_are_refused(nomination, proposal):
    assert_refused(
        "Nông Thị Ánh: 8 phiếu đồng ý vượt 7 người có mặt.",
        hold_unit_meeting,
        proposal,
        present=7,
        in_favour=8,
    )
    assert not MeetingVote.objects.exists()


def test_the_database_alone_refuses_more_votes_than_people(nomination, proposal):
    hold_unit_meeting(proposal, present=7, in_favour=7)

    with pytest.raises(IntegrityError, match="meeting_vote_within_present"):
        MeetingVote.objects.update(for_count=8)


@pytest.mark.parametrize("present", [0, 9])
def test_those_present_are_at_least_one_and_at_most_all(nomination, proposal, present):
    assert_refused(
        "Số người có mặt phải từ 1 đến tổng số người của phòng.",
        hold_unit_meeting,
        proposal,
        present=present,
        in_favour=0,
    )


def test_an_empty_letter_is_never_finished(proposal, head, noon):
    unit_papers.write_letter(proposal=proposal, text="  \n ", confirmed=True, actor=head, at=noon)

    assert not fresh(proposal).letter_confirmed


# --- Sending -----------------------------------------------------------------------------------


def test_sending_gives_a_receipt_with_code_instant_and_hash(unit, head, campaign, people,
                                                            letter_form, noon, agency):  # fmt: skip
    proposal, nominations = complete_proposal(
        unit, head, campaign, (unit, letter_form), (people[0], letter_form)
    )

    receipt = submit(proposal)

    assert receipt.code == f"HS-{agency.pk}-2025-0001"
    assert (receipt.submitted_at, receipt.submitted_by) == (noon, head)
    assert receipt.content == proposal_content(fresh(proposal))
    assert receipt.content_sha256 == fingerprint(receipt.content)
    assert [n["name"] for n in receipt.content["nominations"]] == [
        "Phòng Nghiệp vụ 2",
        "Nông Thị Ánh",
    ]
    assert not receipt.is_supplement
    assert {fresh(n).state for n in nominations} == {"submitted"}
    assert labels(proposal)[-1] == "Gửi Văn phòng"


def test_the_hash_is_the_same_for_the_same_text_and_another_for_another(nomination, proposal):
    complete(proposal)
    first = fingerprint(proposal_content(fresh(proposal)))

    assert fingerprint(proposal_content(fresh(proposal))) == first
    ReportSection.objects.filter(pk=nomination.report.sections.first().pk).update(text="Khác.")
    assert fingerprint(proposal_content(fresh(proposal))) != first


def test_sending_what_lacks_something_takes_no_number(nomination, proposal, head, noon):
    assert_refused("Còn thiếu ", proposals.submit_proposal, proposal=proposal, actor=head, at=noon)

    assert not Submission.objects.exists()
    assert fresh(nomination).state == fresh(proposal).state == "draft"


def test_a_name_withdrawn_before_sending_stays_out_of_the_receipt(
    unit, head, campaign, people, letter_form
):
    proposal, [kept, gone] = complete_proposal(
        unit, head, campaign, (people[0], letter_form), (people[1], letter_form)
    )
    fire(gone, "withdraw", head, note="Chuyển công tác.")

    receipt = submit(proposal)

    assert [n["name"] for n in receipt.content["nominations"]] == [kept.recipient_name]
    assert fresh(gone).state == "withdrawn"


def test_after_sending_nothing_can_be_changed(unit, head, campaign, people, letter_form, noon):
    [nomination] = sent(unit, head, campaign, (people[0], letter_form))
    named = {"actor": head, "at": noon}
    closed_door = "Đề nghị đã gửi Văn phòng nên không sửa được."
    closed_book = "Hồ sơ đang ở trạng thái «Chờ thẩm định» nên không sửa được."
    proposal = nomination.proposal

    assert_refused(closed_door, nominate, proposal, people[1], letter_form)
    assert_refused(closed_door, hold_unit_meeting, proposal)
    assert_refused(
        closed_door, unit_papers.write_letter, proposal=proposal, text="", confirmed=False, **named
    )
    assert_refused(closed_book, write_report, nomination)
    assert_refused(
        closed_book,
        attach_evidence,
        nomination=nomination,
        upload=upload(),
        caption="",
        **named,
    )


# --- Taking back and sending again -------------------------------------------------------------


def test_a_proposal_taken_back_can_be_mended_and_sent_again(
    unit, head, campaign, people, letter_form, noon
):
    [nomination] = sent(unit, head, campaign, (people[0], letter_form))

    proposals.withdraw_proposal(
        proposal=nomination.proposal, note="Thiếu một người.", actor=head, at=noon
    )
    assert fresh(nomination).state == fresh(nomination.proposal).state == "draft"
    nominate(fresh(nomination.proposal), people[1], letter_form)
    again = submit(complete(fresh(nomination.proposal)))

    assert again.code.endswith("-0002")
    assert len(again.content["nominations"]) == 2
    assert Submission.objects.count() == 2
    assert audit.history_of(nomination.proposal).filter(note="Thiếu một người.").count() == 1


def test_a_proposal_is_not_taken_back_without_a_reason_or_once_review_began(
    unit, head, cast, campaign, people, letter_form, noon
):
    nominations = sent(unit, head, campaign, *((person, letter_form) for person in people))
    back = {"proposal": nominations[0].proposal, "actor": head, "at": noon}

    assert_refused("Hãy ghi lý do.", proposals.withdraw_proposal, note=" ", **back)
    accepted(nominations[0], cast[Role.APPRAISER])
    assert_refused("Văn phòng đã bắt đầu thẩm định.", proposals.withdraw_proposal, note="x", **back)
    assert fresh(nominations[1]).state == "submitted"


def test_a_returned_nomination_is_mended_and_sent_again_with_its_own_receipt(
    unit, head, cast, campaign, people, letter_form, noon
):
    nominations = sent(unit, head, campaign, *((person, letter_form) for person in people))
    mended = returned(nominations[0], cast[Role.APPRAISER], "Mục 2 thiếu số liệu.")
    before = mended.content_sha256
    write_report(mended, actor=head, text="Đã bổ sung")

    receipt = proposals.resubmit_nomination(
        nomination=mended, note="Đã bổ sung.", actor=head, at=noon
    )

    assert receipt.is_supplement
    assert receipt.code.endswith("-0002")
    assert [n["name"] for n in receipt.content["nominations"]] == ["Nông Thị Ánh"]
    assert fresh(mended).state == "submitted"
    assert fresh(mended).content_sha256 != before
    assert accepted(fresh(mended), cast[Role.OFFICE_CHIEF]).state == "accepted"
    assert labels(mended)[-4:] == ["Yêu cầu bổ sung", "Viết báo cáo", "Gửi lại Văn phòng",
                                   "Chấp nhận"]  # fmt: skip


def test_the_meeting_may_be_mended_for_a_returned_name_only(
    unit, head, cast, campaign, people, letter_form
):
    nominations = sent(unit, head, campaign, *((person, letter_form) for person in people))
    returned(nominations[0], cast[Role.APPRAISER])

    hold_unit_meeting(nominations[0].proposal, present=5, in_favour=5)

    votes = [fresh(n).unit_vote for n in nominations]
    assert [(v.for_count, v.present_count) for v in votes] == [(5, 5), (6, 7)]
    assert accepted(fresh(nominations[1]), cast[Role.APPRAISER]).state == "accepted"


def test_a_receipt_is_not_given_for_what_is_not_returned(
    unit, head, campaign, people, letter_form, noon
):
    [nomination] = sent(unit, head, campaign, (people[0], letter_form))

    refusal = assert_refused(
        "Không thể «Gửi lại Văn phòng»: hồ sơ đang ở trạng thái «Chờ thẩm định».",
        proposals.resubmit_nomination,
        nomination=nomination,
        actor=head,
        at=noon,
    )

    assert isinstance(refusal, Conflict)
    assert Submission.objects.count() == 1
