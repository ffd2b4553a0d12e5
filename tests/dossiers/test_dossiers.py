"""The letter to the superior: signed off, sent in its sets, answered once."""

import datetime as dt
import io
import subprocess

import pikepdf
import pytest
from django.urls import reverse

from awards.actions.evidence import attach_evidence
from awards.models import LetterState, RegisterEntry, SubmissionLetter, SuperiorOutcome
from dossiers.models import Dossier, DossierItem
from dossiers.papers import picture_page
from tests import factories as make
from tests.conftest import PASSWORD
from thidua.core import clock, files, jobs
from thidua.core.models import Job, JobState, StoredFile
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast, campaign, unit, merit_form, council):
    """Return a drafted letter over one collective, whose report has a PDF and a picture."""
    head = cast[Role.UNIT_HEAD]
    proposal = make.draft_proposal(unit, head, campaign)
    nomination = make.nominate(proposal, unit, merit_form)
    for content, caption in (
        (make.pdf_bytes(3), "Kế hoạch của phòng"),
        (make.image_bytes(size=(40, 20)), "Ảnh hội nghị"),
    ):
        attach_evidence(
            nomination=nomination,
            upload=make.upload(content, "tep"),
            caption=caption,
            actor=head,
            at=clock.now(),
        )
    make.complete(proposal)
    make.submit(make.fresh(proposal))
    make.accepted(make.fresh(nomination), cast[Role.APPRAISER])
    return make.endorsed(council, merit_form, cast[Role.COUNCIL_SECRETARY])


@pytest.fixture
def approved(draft, cast):
    return make.approved_letter(draft, cast[Role.SIGNATORY])


@pytest.fixture
def numbered(client, cast, approved):
    client.force_login(cast[Role.REGISTRAR])
    client.post(reverse("letter_number", args=[approved.pk]), {"issued_on": "20/11/2025"})
    return make.fresh(approved)


@pytest.fixture
def sent(numbered):
    jobs.run(jobs.latest_for(numbered).pk)
    return make.fresh(numbered)


def words_of(content: bytes) -> list[str]:
    """Return the words of each page."""
    found = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return [" ".join(page.split()) for page in found.stdout.decode().split("\f")[:-1]]


# --- Signing off and numbering -------------------------------------------------------------


def test_the_letter_is_signed_off_with_the_password(client, cast, draft):
    client.force_login(cast[Role.SIGNATORY])
    url = reverse("letter_approve", args=[draft.pk])

    wrong = client.post(url, {"password": "sai"})
    client.post(url, {"password": PASSWORD})

    draft.refresh_from_db()
    assert "Mật khẩu chưa đúng" in wrong.content.decode()
    assert draft.state == LetterState.APPROVED
    assert draft.signatory_name == "Triệu Văn Ngọc"


def test_numbering_puts_the_letter_forward_and_queues_its_sets(numbered):
    job = jobs.latest_for(numbered)

    assert (numbered.state, numbered.number_text) == (LetterState.NUMBERED, "01/TTr-TTr")
    assert (job.state, job.total_count) == (JobState.WAITING, 3)


def test_the_second_number_is_not_taken(client, numbered):
    answer = client.post(
        reverse("letter_number", args=[numbered.pk]), {"issued_on": "20/11/2025"}, follow=True
    )

    assert "đang ở trạng thái «Đã trình»" in answer.content.decode()
    assert Job.objects.count() == 1
    assert make.fresh(numbered).number == 1


def test_a_future_day_is_refused_beside_what_was_typed(client, cast, approved):
    client.force_login(cast[Role.REGISTRAR])

    page = client.post(reverse("letter_number", args=[approved.pk]), {"issued_on": "21/11/2025"})

    assert "ở tương lai" in page.content.decode()
    assert 'value="21/11/2025"' in page.content.decode()


def test_the_letter_is_previewed_until_it_is_kept(client, cast, draft):
    client.force_login(cast[Role.SIGNATORY])

    answer = client.get(reverse("letter_file", args=[draft.pk]))

    content = answer.getvalue()
    [first, *_] = words_of(content)
    assert "TỜ TRÌNH" in first
    assert "Phòng Nghiệp vụ 2" in " ".join(words_of(content))
    assert not StoredFile.objects.filter(name__startswith="to-trinh").exists()


# --- The sets ------------------------------------------------------------------------------


def test_each_set_holds_the_parts_of_the_plan_in_order(sent):
    dossiers = list(Dossier.objects.order_by("set_number").select_related("file"))

    assert [d.set_number for d in dossiers] == [1, 2]
    for dossier in dossiers:
        items = list(dossier.items.select_related("required_item"))
        assert [item.required_item.kind for item in items] == [
            "letter",
            "council_minutes",
            "report",
            "report",
            "report",
        ]
        assert [item.title for item in items] == [
            "Tờ trình số 01/TTr-TTr",
            "Biên bản họp Hội đồng Thi đua - Khen thưởng ngày 20/11/2025",
            "Báo cáo thành tích của Phòng Nghiệp vụ 2",
            "Phụ lục 1 báo cáo của Phòng Nghiệp vụ 2: Kế hoạch của phòng",
            "Phụ lục 2 báo cáo của Phòng Nghiệp vụ 2: Ảnh hội nghị",
        ]
        pages = words_of(files.read(dossier.file))
        assert f"Bộ số {dossier.set_number:02d}/02" in pages[0]
        assert "TỜ TRÌNH" in pages[items[0].first_page - 1]
        assert "BIÊN BẢN" in pages[items[1].first_page - 1]
        assert "BÁO CÁO THÀNH TÍCH" in pages[items[2].first_page - 1]
        assert items[3].page_count == 3
        ends = [item.first_page + item.page_count for item in items]
        assert ends[:-1] == [item.first_page for item in items[1:]]
        assert ends[-1] - 1 == len(pages) == dossier.file.page_count
        assert pages[-1].endswith(f"Trang {len(pages)}/{len(pages)}")


def test_the_letter_is_kept_last_and_the_job_says_it_is_done(sent):
    job = jobs.latest_for(sent)

    assert sent.file.name == "to-trinh-2025-01.pdf"
    assert (job.state, job.done_count) == (JobState.DONE, 3)


def test_sets_are_made_once_however_often_the_job_is_tried(sent):
    before = list(Dossier.objects.values_list("pk", "file"))
    SubmissionLetter.objects.update(file=None)
    Job.objects.update(state=JobState.WAITING)

    jobs.run(jobs.latest_for(sent).pk)

    assert list(Dossier.objects.values_list("pk", "file")) == before
    assert DossierItem.objects.count() == 10
    assert make.fresh(sent).file.sha256 == sent.file.sha256


def test_a_missing_part_is_named_and_nothing_counts_as_complete(client, cast, numbered):
    line = numbered.lines.get()
    line.nomination.report.sections.update(text="")

    with pytest.raises(Refused, match="Báo cáo thành tích của Phòng Nghiệp vụ 2"):
        jobs.run(jobs.latest_for(numbered).pk)

    assert make.fresh(numbered).file is None
    assert not Dossier.objects.exists()
    page = client.get(numbered.get_absolute_url()).content.decode()
    assert "Báo cáo thành tích của Phòng Nghiệp vụ 2" in page
    assert "Mục V.3.d" in page
    assert "Làm lại" in page


def test_what_failed_is_taken_up_again(client, numbered, monkeypatch):
    def stumble(*args, **kwargs):
        raise OSError("đĩa đầy")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="đĩa đầy"):
        broken.setattr("dossiers.jobs.binding.bind", stumble)
        jobs.run(jobs.latest_for(numbered).pk)

    client.post(reverse("letter_assemble", args=[numbered.pk]))
    jobs.run(jobs.latest_for(numbered).pk)

    assert Dossier.objects.count() == 2
    assert make.fresh(numbered).file is not None


def test_complete_sets_are_not_made_again(client, sent):
    answer = client.post(reverse("letter_assemble", args=[sent.pk]), follow=True)

    assert "bản đã tạo không thay đổi nữa" in answer.content.decode()
    assert Job.objects.count() == 1


@pytest.mark.parametrize(("size", "lies"), [((40, 20), True), ((20, 40), False)])
def test_a_picture_stands_on_an_a4_page(size, lies):
    with pikepdf.open(io.BytesIO(picture_page(make.image_bytes(size=size), "Ảnh"))) as pdf:
        _, _, width, height = (float(edge) for edge in pdf.pages[0].mediabox)

    assert (width > height) is lies
    assert {round(width), round(height)} == {595, 842}


def test_a_set_is_shown(client, sent):
    answer = client.get(reverse("dossier_file", args=[Dossier.objects.first().pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


# --- What came back ------------------------------------------------------------------------


def test_an_award_is_recorded_once_and_enters_the_register(client, cast, sent):
    client.force_login(cast[Role.OFFICE_CHIEF])
    url = reverse("outcome_record", args=[sent.lines.get().pk])
    granted = {
        "outcome": "granted",
        "decision_number": "2145/QĐ-UBND",
        "decided_on": "20/11/2025",
        "reason": "",
    }

    client.post(url, granted)
    again = client.post(url, granted, follow=True)

    entry = RegisterEntry.objects.get()
    assert (entry.decision_number, entry.amount) == ("2145/QĐ-UBND", 7_020_000)
    assert entry.decided_on == dt.date(2025, 11, 20)
    assert make.fresh(sent).state == LetterState.ANSWERED
    assert "đã được ghi" in again.content.decode()


def test_a_denial_needs_its_reason(client, cast, sent):
    client.force_login(cast[Role.APPRAISER])
    url = reverse("outcome_record", args=[sent.lines.get().pk])

    page = client.post(url, {"outcome": "denied"})
    client.post(url, {"outcome": "denied", "reason": "Chưa đủ tiêu chuẩn."})

    assert "Hãy ghi lý do không được tặng." in page.content.decode()
    assert SuperiorOutcome.objects.get().reason == "Chưa đủ tiêu chuẩn."
    assert not RegisterEntry.objects.exists()


def test_an_award_needs_number_and_day(client, cast, sent):
    client.force_login(cast[Role.APPRAISER])

    page = client.post(
        reverse("outcome_record", args=[sent.lines.get().pk]), {"outcome": "granted"}
    ).content.decode()

    assert "Hãy ghi số quyết định của cấp trên." in page
    assert "Hãy ghi ngày quyết định của cấp trên." in page
    assert not SuperiorOutcome.objects.exists()


def test_nothing_is_recorded_before_the_sets_stand(client, cast, numbered):
    client.force_login(cast[Role.APPRAISER])

    answer = client.get(
        reverse("outcome_record", args=[numbered.lines.get().pk]), follow=True
    ).content.decode()

    assert "Hãy đợi tạo xong" in answer


# --- What it costs ---------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_a_letter_costs_the_same_however_long_its_list(
    client, cast, campaign, merit_form, council, count, agency, settings, django_assert_num_queries
):
    from tests.conftest import make_person, make_unit, make_user  # noqa: PLC0415

    for number in range(count):
        place = make_unit(agency, f"Phòng Thử {number}")
        head = make_user(make_person(place, "Lý Văn Sáu"), Role.UNIT_HEAD, f"head{number}", place)
        [nomination] = make.sent(place, head, campaign, (place, merit_form))
        make.accepted(nomination, cast[Role.APPRAISER])
    letter = make.endorsed(council, merit_form, cast[Role.COUNCIL_SECRETARY])
    settings.NAVIGATION_COUNTERS = {}  # they have tests of their own
    client.force_login(cast[Role.REGISTRAR])
    client.get(letter.get_absolute_url())  # which saves the session for a minute

    # session, user, roles; letter, job, what the sets hold (10: nominations, sections, past awards,
    # headings, required items, evidence, meetings, people who sat, signed scans, none of its
    # files), lines, agenda, dossiers, history
    with django_assert_num_queries(18):
        client.get(letter.get_absolute_url())
