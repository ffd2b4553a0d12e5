"""The unit's pages: who may open them, what they show, and the whole way without JavaScript."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from awards.actions import proposals as actions
from awards.actions import reports, unit_papers
from awards.models import Evidence, Nomination, Proposal, RegisterEntry, Submission
from awards.queries import desk, work
from awards.queries.progress import Progress
from awards.rules.proposal import lacks_of_proposal
from awards.workflow import NOMINATION
from campaigns.models import LegalBasis, SubjectKind
from tests.conftest import make_person, make_unit, make_user
from tests.factories import shown
from thidua.core import clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role

pytestmark = pytest.mark.usefixtures("printed_once")


@pytest.fixture
def head(cast, campaign):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def proposal(head, campaign, unit, noon):
    return actions.open_proposal(campaign=campaign, unit=unit, actor=head, at=noon)


@pytest.fixture
def as_head(client, head):
    client.force_login(head)
    return client


def nominate(proposal, award_form, head, at, person=None):
    return actions.add_nomination(
        proposal=proposal,
        award_form=award_form,
        subject_kind=SubjectKind.PERSON if person else SubjectKind.UNIT,
        person=person,
        recipient_unit=None if person else proposal.unit,
        actor=head,
        at=at,
    )


def write_all(nomination, head, at):
    sections = nomination.report.sections.all()
    reports.write_report(
        nomination=nomination,
        texts={section.heading_id: "Đã hoàn thành vượt tiến độ." for section in sections},
        version=nomination.report.version,
        actor=head,
        at=at,
    )


def picture(name="anh.png", colour="white"):
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def meeting_data(nominations, **changed):
    return {
        "held_on": "18/11/2025",
        "starts": "14:00",
        "ends": "15:30",
        "place": "Phòng họp số 2",
        "chair_name": "Lý Thị Đào",
        "secretary_name": "Vi Văn Đức",
        "conclusion": "Thống nhất đề nghị khen thưởng.",
        **{f"listed_{p.pk}": "1" for p in nominations[0].proposal.unit.people.all()},
        **{f"vote_{nomination.pk}": "2" for nomination in nominations},
        **changed,
    }


@pytest.fixture
def ready(proposal, merit_form, letter_form, people, head, noon):
    """A proposal of one collective and two people that can be sent."""
    nominations = [
        nominate(proposal, merit_form, head, noon),
        *(nominate(proposal, letter_form, head, noon, person) for person in people),
    ]
    for nomination in nominations:
        write_all(nomination, head, noon)
    unit_papers.record_unit_meeting(
        proposal=proposal,
        facts={
            "held_at": noon.replace(hour=8),
            "ended_at": noon.replace(hour=9),
            "place": "Phòng họp",
            "chair_name": "Lý Thị Đào",
            "secretary_name": "Vi Văn Đức",
            "total_count": 9,
            "present_count": 8,
        },
        votes={nomination.pk: unit_papers.Votes(8) for nomination in nominations},
        actor=head,
        at=noon,
    )
    unit_papers.write_letter(
        proposal=proposal, text="Kính đề nghị xem xét.", confirmed=True, actor=head, at=noon
    )
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def sent(ready, head, noon):
    actions.submit_proposal(proposal=ready, actor=head, at=noon)
    ready.refresh_from_db()
    return ready


# --- Who may open what -------------------------------------------------------------------------

PAGES = ("proposal_detail", "nomination_create", "unit_meeting_edit", "unit_letter_edit")


@pytest.mark.parametrize("name", PAGES)
def test_the_head_opens_the_pages_of_the_own_proposal(as_head, proposal, name):
    assert as_head.get(reverse(name, args=[proposal.pk])).status_code == 200


@pytest.mark.parametrize("name", [*PAGES, "proposal_submit", "proposal_withdraw"])
def test_another_unit_s_proposal_does_not_exist(client, other_head, proposal, name):
    client.force_login(other_head)

    assert client.get(reverse(name, args=[proposal.pk])).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "proposal_submit", "proposal_withdraw"])
def test_a_role_without_a_part_reads_who_has_it(client, cast, proposal, name):
    client.force_login(cast[Role.REGISTRAR])

    response = client.get(reverse(name, args=[proposal.pk]))

    assert response.status_code == 403
    assert "Trưởng phòng" in response.content.decode()


def test_the_report_is_closed_to_everybody_but_the_head_and_the_invited(
    client, cast, other_head, proposal, letter_form, head, noon
):
    author = cast[Role.STAFF_MEMBER]
    nomination = nominate(proposal, letter_form, head, noon, author.person)
    url = reverse("report_edit", args=[nomination.pk])
    opened = {}
    for user in (head, author, other_head, cast[Role.APPRAISER]):
        client.force_login(user)
        opened[user.username] = client.get(url).status_code

    assert opened == {"unit_head": 200, "staff_member": 404, "other_head": 404, "appraiser": 403}


def test_an_invited_author_writes_and_sees_only_the_own_report(
    client, as_head, cast, proposal, letter_form, people, head, noon
):
    author = cast[Role.STAFF_MEMBER]
    mine = nominate(proposal, letter_form, head, noon, author.person)
    other = nominate(proposal, letter_form, head, noon, people[0])
    assert as_head.post(reverse("nomination_invite", args=[mine.pk])).status_code == 302
    client.force_login(author)
    heading = mine.report.sections.first().heading_id

    page = client.get(reverse("home"))
    client.post(
        reverse("report_edit", args=[mine.pk]),
        {"version": "1", f"heading_{heading}": "Tôi đã xử lý 12 đơn."},
    )

    assert reverse("report_edit", args=[mine.pk]) in page.content.decode()
    assert mine.report.sections.get(heading=heading).text == "Tôi đã xử lý 12 đơn."
    assert client.get(reverse("report_edit", args=[other.pk])).status_code == 404
    assert client.get(reverse("proposal_detail", args=[proposal.pk])).status_code == 403


def test_the_office_reads_a_proposal_once_it_is_sent(client, cast, sent, other_head):
    client.force_login(cast[Role.APPRAISER])
    page = client.get(reverse("proposal_detail", args=[sent.pk]))

    assert page.status_code == 200
    assert "Thu hồi đề nghị" not in page.content.decode()
    for name in ("unit_letter_file", "unit_minutes_file"):
        answer = client.get(reverse(name, args=[sent.pk]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer.getvalue().startswith(b"%PDF-")


def test_a_draft_does_not_exist_for_the_office(client, cast, proposal):
    client.force_login(cast[Role.APPRAISER])

    assert client.get(reverse("proposal_detail", args=[proposal.pk])).status_code == 404


# --- Home --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_home_is_never_empty(client, cast, campaign, role):
    client.force_login(cast[role])

    page = client.get("/").content.decode()

    assert "Việc của tôi" in page
    assert "Cần làm" in page
    assert campaign.short_title in page


def test_a_head_begins_with_opening_the_proposal(as_head, campaign, unit):
    tasks = as_head.get("/").context["tasks"]

    assert [(task.title, task.url) for task in tasks] == [
        (f"Lập đề nghị khen thưởng của {unit}", reverse("proposal_mine"))
    ]


def test_home_counts_what_the_panel_lists(as_head, proposal, letter_form, people, head, noon):
    nominate(proposal, letter_form, head, noon, people[0])

    (task,) = as_head.get("/").context["tasks"]

    assert f"còn thiếu {len(lacks_of_proposal(proposal))} việc" in task.detail
    assert "1 trên 4 phần" in task.detail


def test_the_counts_of_progress_agree_with_the_rules_at_every_step(
    proposal, merit_form, letter_form, people, head, noon
):
    def agrees():
        proposal.refresh_from_db()
        nominations = list(desk.nominations_of(proposal))
        progress = Progress.of(proposal, nominations, has_meeting=hasattr(proposal, "meeting"))
        assert progress.lack_count == len(lacks_of_proposal(proposal))
        return progress.lack_count

    steps = [agrees()]
    collective = nominate(proposal, merit_form, head, noon)
    steps.append(agrees())
    person = nominate(proposal, letter_form, head, noon, people[0])
    steps.append(agrees())
    write_all(collective, head, noon)
    steps.append(agrees())
    write_all(person, head, noon)
    steps.append(agrees())
    unit_papers.write_letter(proposal=proposal, text="…", confirmed=True, actor=head, at=noon)
    steps.append(agrees())

    assert steps == [1, 6, 12, 7, 2, 1]


def test_a_returned_name_comes_first_with_its_reason(as_head, sent, cast, noon):
    nomination = sent.nominations.get(person__full_name="Nông Thị Ánh")
    NOMINATION.fire(
        nomination, "return", actor=cast[Role.APPRAISER], at=noon, note="Thiếu số liệu mục II.1."
    )

    page = as_head.get("/")

    (task,) = page.context["tasks"]
    assert task.title == "Bổ sung hồ sơ của Nông Thị Ánh theo yêu cầu của Văn phòng"
    assert task.url == reverse("report_edit", args=[nomination.pk])
    assert "Thiếu số liệu mục II.1." in task.detail
    assert len(page.context["sent"]) == 2


def test_what_waits_for_the_office_the_secretary_and_the_signatory(client, sent, cast, noon):
    LegalBasis.objects.update(out_of_force_on=None)  # no form of report is to be chosen

    def tasks_of(role):
        client.force_login(cast[role])
        return [task.title for task in client.get("/").context["tasks"]]

    assert len(tasks_of(Role.APPRAISER)) == 3
    assert tasks_of(Role.COUNCIL_SECRETARY) == []
    assert tasks_of(Role.SIGNATORY) == []
    for nomination in sent.nominations.all():
        NOMINATION.fire(nomination, "accept", actor=cast[Role.APPRAISER], at=noon)

    assert tasks_of(Role.APPRAISER) == []
    assert tasks_of(Role.COUNCIL_SECRETARY) == ["Mở phiên họp xét Bằng khen của Chủ tịch UBND tỉnh"]
    assert tasks_of(Role.SIGNATORY) == ["Phê duyệt 2 đề nghị Giấy khen của Chánh Thanh tra"]


def test_many_waiting_reviews_are_counted_and_the_rest_grouped(
    client, proposal, unit, letter_form, cast, head, noon
):
    LegalBasis.objects.update(out_of_force_on=None)  # no form of report is to be chosen
    for number in range(10):
        person = make_person(unit, f"Nông Văn {chr(65 + number)}")
        nomination = nominate(proposal, letter_form, head, noon, person)
        Nomination.objects.filter(pk=nomination.pk).update(
            state="submitted",
            submitted_at=noon,
            submitted_by=head,
            received_for_appraisal_at=noon,
        )
    client.force_login(cast[Role.APPRAISER])

    page = client.get("/")

    assert len(page.context["tasks"]) == work.SHOWN_REVIEWS
    assert page.context["waiting_count"] == 10


# --- Query counts ------------------------------------------------------------------------------


FRAME = ("django_session", "staff_user", "staff_roleassignment")


def queries_of(client, url, capture):
    """Count what a page asks beside session, account and roles."""
    with capture() as seen:
        assert client.get(url).status_code == 200
    asked = [
        query["sql"].split(" FROM ", 1)[1]
        for query in seen.captured_queries
        if query["sql"].startswith("SELECT") and " FROM " in query["sql"]
    ]
    return len([table for table in asked if not table.lstrip('"').startswith(FRAME)])


@pytest.fixture
def capture(db):
    return lambda: CaptureQueriesContext(connection)


@pytest.mark.parametrize("name", ["home", "proposal_detail", "nomination_create"])
def test_rows_cost_no_queries(as_head, proposal, letter_form, unit, head, noon, capture, name):
    url = reverse(name, args=[] if name == "home" else [proposal.pk])
    nominate(proposal, letter_form, head, noon, make_person(unit, "Nông Văn An"))
    few = queries_of(as_head, url, capture)
    for given in ("Bích", "Cường", "Dũng", "Giang"):
        nominate(proposal, letter_form, head, noon, make_person(unit, f"Nông Văn {given}"))

    many = queries_of(as_head, url, capture)

    assert many == few
    # The findings cost 13 of them, whatever the number of names.
    assert many <= (35 if name.startswith("proposal") else 17)


def test_printing_what_will_be_sent_costs_a_few_reads_a_name(
    as_head, proposal, letter_form, unit, head, noon, capture
):
    url = reverse("proposal_submit", args=[proposal.pk])
    nominate(proposal, letter_form, head, noon, make_person(unit, "Nông Văn An"))
    few = queries_of(as_head, url, capture)
    for given in ("Bích", "Cường", "Dũng", "Giang"):
        nominate(proposal, letter_form, head, noon, make_person(unit, f"Nông Văn {given}"))

    assert (queries_of(as_head, url, capture) - few) / 4 <= 10


def test_sent_rows_cost_no_queries(client, sent, cast, unit, letter_form, head, noon, capture):
    client.force_login(head)
    few = queries_of(client, "/", capture)
    for given in ("Bích", "Cường", "Dũng", "Giang"):
        Nomination.objects.create(
            proposal=sent,
            campaign=sent.campaign,
            award_form=letter_form,
            subject_kind=SubjectKind.PERSON,
            person=make_person(unit, f"Nông Văn {given}"),
            recipient_name=given,
            recipient_title="Thanh tra viên",
            state="accepted",
            created_by=head,
            submitted_by=head,
            submitted_at=noon,
            received_for_appraisal_at=noon,
        )

    assert queries_of(client, "/", capture) == few


# --- The whole way, without JavaScript ---------------------------------------------------------


def test_from_nothing_to_a_receipt_and_back_again_after_a_return(  # noqa: PLR0915 -- one story
    as_head, client, cast, campaign, unit, people, merit_form, letter_form, noon
):
    # Open
    offered = as_head.get(reverse("proposal_mine")).content.decode()
    assert "Lập đề nghị" in offered
    opened = as_head.post(reverse("proposal_open", args=[campaign.pk]), {"unit": unit.pk})
    proposal = Proposal.objects.get()
    assert opened.url == reverse("proposal_detail", args=[proposal.pk])
    assert as_head.get(reverse("proposal_mine")).url == opened.url

    # Names
    add = reverse("nomination_create", args=[proposal.pk])
    as_head.post(add, {"award_form": merit_form.pk, "subject": f"unit:{unit.pk}"})
    for person in people:
        as_head.post(add, {"award_form": letter_form.pk, "subject": f"person:{person.pk}"})
    nominations = list(proposal.nominations.order_by("pk"))
    assert len(nominations) == 3

    # Reports and evidence
    for nomination in nominations:
        url = reverse("report_edit", args=[nomination.pk])
        fields = as_head.get(url).context["form"].fields
        typed = {name: "Đã xử lý 12 đơn." for name in fields if name.startswith("heading_")}
        saved = as_head.post(url, {"version": "1", **typed})
        assert saved.url == url
    url = reverse("evidence_create", args=[nominations[1].pk])
    as_head.post(url, {"file": picture(), "caption": "Quyết định công nhận sáng kiến"})
    evidence = Evidence.objects.get()
    assert evidence.caption == "Quyết định công nhận sáng kiến"
    seen = as_head.get(reverse("evidence_file", args=[evidence.pk]))
    assert seen["Content-Type"] == "image/png"
    assert as_head.get(reverse("report_file", args=[nominations[1].pk])).getvalue()[:5] == b"%PDF-"

    # Meeting and letter
    detail = reverse("proposal_detail", args=[proposal.pk])
    assert [lack.sentence for lack in as_head.get(detail).context["lacks"]] == [
        "Ghi kết quả họp xét của phòng",
        "Hoàn thành tờ trình",
    ]
    meeting = reverse("unit_meeting_edit", args=[proposal.pk])
    as_head.post(meeting, meeting_data(nominations))
    letter = reverse("unit_letter_edit", args=[proposal.pk])
    drafted = as_head.get(letter).context["form"].initial["text"]
    assert "01 tập thể và 02 cá nhân" in drafted
    as_head.post(letter, {"text": drafted, "is_confirmed": "on"})
    assert as_head.get(detail).context["lacks"] == []

    # Sending
    submit = reverse("proposal_submit", args=[proposal.pk])
    preview = as_head.get(submit).content.decode()
    assert all(nomination.recipient_name in preview for nomination in nominations)
    sent = as_head.post(submit, shown(as_head, submit))
    submission = Submission.objects.get()
    receipt = as_head.get(sent.url).content.decode()
    assert sent.url == reverse("submission_receipt", args=[submission.pk])
    assert submission.code in receipt
    assert "10:30:00" in receipt
    assert submission.content_sha256[:4] + " " + submission.content_sha256[4:8] in receipt
    pdf = as_head.get(reverse("submission_receipt_file", args=[submission.pk]))
    assert pdf.getvalue()[:5] == b"%PDF-"

    # Returned, mended, sent again
    returned = nominations[1]
    NOMINATION.fire(returned, "return", actor=cast[Role.APPRAISER], at=noon, note="Nêu số liệu.")
    assert "Nêu số liệu." in as_head.get(detail).content.decode()
    url = reverse("report_edit", args=[returned.pk])
    form = as_head.get(url).context["form"]
    heading = next(name for name in form.fields if name.startswith("heading_"))
    as_head.post(url, {**form.initial, heading: "Đã xử lý 12 trên 12 đơn, đúng hạn."})
    asked = reverse("nomination_resubmit", args=[returned.pk])
    assert "Nêu số liệu." in as_head.get(asked).content.decode()
    again = as_head.post(asked, {"note": "", **shown(as_head, asked)})
    supplement = Submission.objects.get(is_supplement=True)
    assert again.url == reverse("submission_receipt", args=[supplement.pk])
    returned.refresh_from_db()
    assert returned.state == "submitted"
    assert as_head.get(again.url).status_code == 200


def test_a_double_post_sends_once_and_the_loser_reads_what_happened(as_head, ready):
    url = reverse("proposal_submit", args=[ready.pk])
    button = shown(as_head, url)
    as_head.post(url, button)

    again = as_head.post(url, button, follow=True)

    assert Submission.objects.count() == 1
    assert AuditEntry.objects.filter(action="awards.proposal.submit").count() == 1
    page = again.content.decode()
    assert "hồ sơ đang ở trạng thái «Đã gửi Văn phòng»" in page
    assert "Lý Thị Đào đã «Gửi Văn phòng» lúc" in page


def test_sending_what_is_not_complete_is_refused_with_what_lacks(as_head, proposal):
    page = as_head.post(reverse("proposal_submit", args=[proposal.pk])).content.decode()

    assert "Còn thiếu 1 việc: Thêm ít nhất một tập thể hoặc cá nhân" in page
    assert not Submission.objects.exists()


def test_after_the_window_everything_says_so(as_head, ready):
    late = clock.end_of(ready.campaign.nominations_due_on)
    with clock.frozen(late):
        detail = as_head.get(reverse("proposal_detail", args=[ready.pk])).content.decode()
        sent = as_head.post(reverse("proposal_submit", args=[ready.pk])).content.decode()
        meeting = as_head.post(
            reverse("unit_meeting_edit", args=[ready.pk]), meeting_data(ready.nominations.all())
        ).content.decode()

    for page in (detail, sent, meeting):
        assert "Đợt này đã hết hạn: nhận hồ sơ đến hết ngày 31/12/2025." in page
    assert not Submission.objects.exists()


def test_a_proposal_is_taken_back_until_the_office_begins(as_head, sent, cast, noon):
    url = reverse("proposal_withdraw", args=[sent.pk])

    as_head.post(url, {"note": "Bổ sung một cá nhân."})

    sent.refresh_from_db()
    assert sent.state == "draft"
    assert as_head.get(reverse("proposal_detail", args=[sent.pk])).context["is_draft"]


def test_a_proposal_is_not_taken_back_once_the_office_has_begun(as_head, sent, cast, noon):
    NOMINATION.fire(
        sent.nominations.first(), "return", actor=cast[Role.APPRAISER], at=noon, note="Sửa."
    )

    page = as_head.post(
        reverse("proposal_withdraw", args=[sent.pk]), {"note": "Rút."}
    ).content.decode()

    assert "Văn phòng đã bắt đầu thẩm định." in page
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_a_name_is_withdrawn_with_a_reason(as_head, ready):
    nomination = ready.nominations.first()
    url = reverse("nomination_withdraw", args=[nomination.pk])

    asked = as_head.post(url, {"note": ""}).content.decode()
    as_head.post(url, {"note": "Chuyển công tác."})

    assert "Hãy điền ô này." in asked
    nomination.refresh_from_db()
    assert (nomination.state, nomination.outcome_reason) == ("withdrawn", "Chuyển công tác.")


# --- Refusals keep what was typed --------------------------------------------------------------


def test_a_second_form_needs_its_reason_and_keeps_what_was_typed(
    as_head, proposal, merit_form, letter_form, unit, head, noon
):
    nominate(proposal, merit_form, head, noon)
    url = reverse("nomination_create", args=[proposal.pk])
    data = {"award_form": letter_form.pk, "subject": f"unit:{unit.pk}"}

    refused = as_head.post(url, data)
    accepted = as_head.post(url, {**data, "both_forms_reason": "Thành tích khác: sáng kiến A."})

    page = refused.content.decode()
    assert "Hãy ghi lý do đề nghị hai hình thức trong một đợt." in page
    assert f'<option value="unit:{unit.pk}" selected>' in page
    assert accepted.status_code == 302
    assert proposal.nominations.count() == 2


def test_somebody_of_another_unit_is_no_choice(as_head, proposal, letter_form, other_unit):
    stranger = make_person(other_unit, "Đàm Văn Xa")

    page = as_head.post(
        reverse("nomination_create", args=[proposal.pk]),
        {"award_form": letter_form.pk, "subject": f"person:{stranger.pk}"},
    ).content.decode()

    assert "Lựa chọn này không còn" in page
    assert not proposal.nominations.exists()


def test_two_writers_see_both_texts_and_nothing_is_lost(
    as_head, client, proposal, letter_form, people, head, noon
):
    nomination = nominate(proposal, letter_form, head, noon, people[0])
    url = reverse("report_edit", args=[nomination.pk])
    heading = nomination.report.sections.first().heading_id
    name = f"heading_{heading}"
    as_head.post(url, {"version": "1", name: "Bản của người thứ nhất."})

    refused = as_head.post(url, {"version": "1", name: "Bản của người thứ hai."})
    page = refused.content.decode()
    saved = as_head.post(url, {"version": refused.context["form"].data["version"], name: "Gộp."})

    assert refused.status_code == 200
    assert "vừa lưu báo cáo này lúc 10:30" in page
    assert "Bản của người thứ nhất." in page
    assert "Bản của người thứ hai." in page
    assert saved.status_code == 302
    assert nomination.report.sections.get(heading_id=heading).text == "Gộp."


def test_a_draft_saves_itself_and_says_when(as_head, proposal, letter_form, people, head, noon):
    nomination = nominate(proposal, letter_form, head, noon, people[0])
    heading = nomination.report.sections.first().heading_id
    url = reverse("report_edit", args=[nomination.pk])

    def typed(version):
        return as_head.post(
            url,
            {"version": version, f"heading_{heading}": f"Bản {version}"},
            HTTP_HX_REQUEST="true",
        ).content.decode()

    first, stale = typed("1"), typed("1")

    assert "Đã lưu lúc 10:30" in first
    assert 'value="2"' in first
    assert "Chưa lưu" in stale
    assert "vừa lưu báo cáo này" in stale


def test_a_refused_file_keeps_the_report_that_was_typed(
    as_head, proposal, letter_form, people, head, noon
):
    nomination = nominate(proposal, letter_form, head, noon, people[0])
    heading = nomination.report.sections.first().heading_id

    page = as_head.post(
        reverse("evidence_create", args=[nomination.pk]),
        {
            "version": "1",
            f"heading_{heading}": "Đang gõ dở.",
            "file": SimpleUploadedFile("ma.exe", b"MZ\x90\x00"),
            "caption": "Không phải minh chứng",
        },
    ).content.decode()

    assert "Không nhận được kiểu tệp này." in page
    assert "Đang gõ dở." in page
    assert "Không phải minh chứng" in page
    assert not Evidence.objects.exists()


def test_evidence_is_taken_out_again(as_head, proposal, letter_form, people, head, noon):
    nomination = nominate(proposal, letter_form, head, noon, people[0])
    as_head.post(reverse("evidence_create", args=[nomination.pk]), {"file": picture()})

    as_head.post(reverse("evidence_delete", args=[Evidence.objects.get().pk]))

    assert not Evidence.objects.exists()


def test_wrong_numbers_of_the_meeting_stand_beside_their_fields(as_head, ready):
    nominations = list(ready.nominations.all())
    present = ready.unit.people.count()
    data = meeting_data(nominations, ends="13:00")
    data[f"vote_{nominations[0].pk}"] = str(present + 1)

    page = as_head.post(reverse("unit_meeting_edit", args=[ready.pk]), data).content.decode()

    assert "Giờ kết thúc phải sau giờ bắt đầu." in page
    assert f"Không vượt {present} người có mặt." in page
    assert "Phòng họp số 2" in page


def test_a_head_of_two_units_chooses(client, cast, campaign, unit, agency):
    second = make_unit(agency, "Phòng Nghiệp vụ 3")
    user = make_user(make_person(unit, "Lô Thị Hai"), Role.UNIT_HEAD, "two_units", unit=unit)
    user.role_assignments.create(role=Role.UNIT_HEAD, unit=second, from_on=clock.today())
    client.force_login(user)

    page = client.get(reverse("proposal_mine")).content.decode()
    client.post(reverse("proposal_open", args=[campaign.pk]), {"unit": second.pk})

    assert page.count("Lập đề nghị của") == 2
    assert Proposal.objects.get().unit == second


def test_a_proposal_of_a_unit_that_one_does_not_head_cannot_be_opened(
    as_head, campaign, other_unit
):
    response = as_head.post(reverse("proposal_open", args=[campaign.pk]), {"unit": other_unit.pk})

    assert response.status_code == 404
    assert not Proposal.objects.exists()


def test_people_see_their_own_awards_only(client, cast, sent, agency, letter_form, people, noon):
    user = make_user(people[0], Role.STAFF_MEMBER, "anh")
    for nomination in sent.nominations.filter(person__isnull=False):
        RegisterEntry.objects.create(
            agency=agency,
            campaign=sent.campaign,
            award_form=letter_form,
            nomination=nomination,
            year=2025,
            number=nomination.pk,
            decision_number="12/QĐ-TTr",
            decided_on=noon.date(),
            decided_by="Chánh Thanh tra",
            subject_kind=nomination.subject_kind,
            person=nomination.person,
            recipient_name=nomination.recipient_name,
            recipient_title=nomination.recipient_title,
            award_name=letter_form.name,
            achievement=f"thành tích của {nomination.recipient_name}",
            coefficient="0.3",
            base_salary=2_340_000,
            amount=710_000,
            entered_by=cast[Role.REGISTRAR],
        )
    client.force_login(user)

    page = client.get(reverse("my_awards")).content.decode()

    assert f"Thành tích của {people[0].full_name}" in page
    assert people[1].full_name not in page
    assert "710.000" in page


def test_a_real_button_carries_its_token(head, campaign, unit):
    client = Client(enforce_csrf_checks=True)
    client.force_login(head)
    page = client.get(reverse("proposal_mine")).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    response = client.post(
        reverse("proposal_open", args=[campaign.pk]),
        {"unit": unit.pk, "csrfmiddlewaretoken": token},
    )

    assert response.status_code == 302
