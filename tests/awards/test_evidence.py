"""Minh chứng: several files at once, quarantine, pages seen, warnings, and claims that cite them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from awards.actions import reports
from awards.actions.evidence import add_claim, attach_evidence, detach_evidence
from awards.jobs import look_after_evidence, look_after_uploads
from awards.models import Claim, Evidence
from awards.papers.unit import report_paper
from awards.queries import nomination_content, nomination_fingerprint
from awards.queries.progress import Progress, with_progress
from awards.rules.evidence import MOST_FILES, lacks_of_evidence
from awards.rules.proposal import lacks_of_proposal
from campaigns.models import ReportForm, ReportHeading
from dossiers.papers import named_page
from tests import factories
from tests.factories import docx_bytes, fresh, image_bytes, pdf_bytes, upload, xlsx_bytes
from thidua.core import confined, files
from thidua.core.models import CheckState, StoredFile
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def nomination(unit, head, campaign, cast, letter_form):
    proposal = factories.draft_proposal(unit, head, campaign)
    return factories.nominate(proposal, cast[Role.STAFF_MEMBER].person, letter_form)


@pytest.fixture
def attach(nomination, head, noon):
    def attached(content=None, name="QĐ 12.pdf", caption=""):
        return attach_evidence(
            nomination=nomination,
            upload=upload(content, name),
            caption=caption,
            actor=head,
            at=noon,
        )

    return attached


@pytest.fixture
def as_head(client, head):
    client.force_login(head)
    return client


@pytest.fixture
def first(nomination):
    """Return the first section of the report."""
    return nomination.report.sections.select_related("heading").first()


def page_of(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def quarantined(evidence, state=CheckState.WAITING):
    StoredFile.objects.filter(pk=evidence.file_id).update(check_state=state)
    return fresh(evidence)


# --- Several files -----------------------------------------------------------------------------


def test_several_files_are_taken_or_refused_each_by_itself(as_head, nomination, first):
    chosen = [
        SimpleUploadedFile("a.pdf", pdf_bytes(2)),
        SimpleUploadedFile("b.svg", b"<svg/>"),
        SimpleUploadedFile("c.docx", docx_bytes("Lời")),
        SimpleUploadedFile("d.pdf", b""),
        SimpleUploadedFile("e.pdf", pdf_bytes(2)),
    ]
    field = f"heading_{first.heading_id}"

    html = as_head.post(
        reverse("evidence_create", args=[nomination.pk]),
        {"file": chosen, "caption": "Năm 2025", "version": "1", field: "Đang gõ dở."},
    ).content.decode()

    captions = [e.caption for e in Evidence.objects.all()]
    assert captions == ["Năm 2025: a.pdf", "Năm 2025: c.docx"]
    assert "«b.svg»: Trang web và hình SVG" in html
    assert "«d.pdf»: Tệp rỗng. Hãy chọn lại tệp." in html
    assert "«e.pdf»: Tệp này đã có trong hồ sơ." in html
    assert "Đang gõ dở." in html
    assert fresh(first).text == "Đang gõ dở."


def test_too_many_files_are_refused_before_any_is_kept(as_head, nomination, attach):
    many = [SimpleUploadedFile(f"{n}.pdf", b"%PDF") for n in range(21)]
    url = reverse("evidence_create", args=[nomination.pk])
    assert "không quá 20 tệp mỗi lần" in as_head.post(url, {"file": many}).content.decode()

    for number in range(MOST_FILES):
        Evidence.objects.create(
            nomination=nomination,
            file=factories.stored_file(),
            sha256=f"{number}",
            caption="x",
            added_by=nomination.proposal.created_by,
        )
    with pytest.raises(Refused, match="không quá 50 tệp"):
        attach()


# --- Quarantine --------------------------------------------------------------------------------


def test_a_file_that_waits_is_closed_and_holds_up_the_sending(as_head, nomination, attach):
    evidence = quarantined(attach())
    proposal = factories.complete(nomination.proposal)

    for name, args in [("evidence_file", ()), ("evidence_view", ()), ("evidence_page", (1,))]:
        answer = as_head.get(reverse(name, args=[evidence.pk, *args]))
        assert answer.status_code == 403
        assert "đang chờ kiểm tra mã độc" in answer.content.decode()
    [lack] = lacks_of_proposal(proposal)
    assert (
        lack.sentence
        == f"Chờ kiểm tra tệp «QĐ 12.pdf» trong minh chứng của {nomination.recipient_name}"
    )
    assert lack.clause.startswith("Mục ")
    counted = with_progress(proposal.nominations.all())
    assert Progress.of(proposal, counted, has_meeting=True).lack_count == 1
    with pytest.raises(Refused, match="Chờ kiểm tra tệp"):
        factories.submit(proposal)
    html = page_of(as_head, "report_edit", nomination.pk)
    assert "Chờ kiểm tra" in html
    assert f'href="{evidence.get_absolute_url()}' not in html

    quarantined(evidence, CheckState.CLEAN)
    assert lacks_of_proposal(proposal) == []


def test_the_unit_is_told_of_malware(as_head, nomination, attach):
    quarantined(attach(), CheckState.INFECTED)

    [lack] = lacks_of_evidence([nomination])
    html = page_of(as_head, "report_edit", nomination.pk)

    assert lack.sentence.startswith("Bỏ tệp «QĐ 12.pdf» có mã độc")
    assert "Trình quét thấy mã độc trong tệp này" in html
    assert "hx-get" not in html.partition('class="evidence"')[2].partition("</li>")[0]


def test_the_job_looks_only_at_what_is_clean(nomination, attach, monkeypatch):
    evidence = quarantined(attach())
    look_after_evidence(evidence.pk)
    assert fresh(evidence).examined_at is None

    quarantined(evidence, CheckState.CLEAN)
    monkeypatch.setattr(confined, "scan_warnings", lambda content: [{"page": 1, "kind": "blank"}])
    look_after_uploads()
    look_after_uploads()

    assert fresh(evidence).warnings == [{"page": 1, "kind": "blank"}]
    assert fresh(evidence).examined_at
    look_after_evidence(0)  # taken out meanwhile


# --- Seen in the page --------------------------------------------------------------------------


def test_pages_are_seen_one_by_one_and_closer(as_head, attach):
    evidence = attach(pdf_bytes(3))

    html = page_of(as_head, "evidence_view", evidence.pk, page=2)
    picture = as_head.get(reverse("evidence_page", args=[evidence.pk, 3]), {"zoom": 2})

    assert "Trang 2 trên 3" in html
    assert reverse("evidence_page", args=[evidence.pk, 2]) in html
    assert "?page=1" in html
    assert "?page=3" in html
    assert picture["Content-Type"] == "image/png"
    assert picture["Cache-Control"] == "private, no-store"
    assert Image.open(io.BytesIO(picture.getvalue())).width == 2000
    assert as_head.get(reverse("evidence_page", args=[evidence.pk, 4])).status_code == 404
    for strange in ("9", "-1", "x", "0", "9" * 40):
        assert "trên 3" in page_of(as_head, "evidence_view", evidence.pk, page=strange)


def test_word_and_excel_are_seen_as_words_and_tables(as_head, attach):
    word = attach(docx_bytes("Nội dung <script>", rows=[["Năm", "Số đơn"]]), "a.docx")
    book = attach(xlsx_bytes([["Họ tên", 12]], hidden=("Sổ riêng",)), "b.xlsx")

    words, table = (page_of(as_head, "evidence_view", e.pk) for e in (word, book))

    assert "Nội dung &lt;script&gt;" in words
    assert "<td>Số đơn</td>" in words
    assert "<td>Họ tên</td><td>12</td>" in table
    assert "1 trang tính ẩn, không hiện ở đây: Sổ riêng" in table
    saved = as_head.get(reverse("evidence_file", args=[word.pk]))
    assert saved["Content-Disposition"].startswith("attachment")
    look_after_evidence(book.pk)
    assert "Tệp Excel có trang tính ẩn." in page_of(as_head, "evidence_view", book.pk)
    assert as_head.get(reverse("evidence_page", args=[word.pk, 1])).status_code == 404


def test_what_cannot_be_shown_can_be_saved(as_head, attach, monkeypatch):
    evidence = attach(docx_bytes("Lời"), "a.docx")

    def fails(content):
        raise Refused("Không hiện được tệp này trong trang. Hãy tải tệp về để xem.")

    monkeypatch.setattr(confined, "word_text", fails)
    html = page_of(as_head, "evidence_view", evidence.pk)

    assert "Không hiện được tệp này trong trang." in html
    assert f"{reverse('evidence_file', args=[evidence.pk])}?download" in html


def test_warnings_name_their_pages_and_hinder_nobody(as_head, nomination, attach):
    evidence = attach(pdf_bytes(3))
    look_after_evidence(evidence.pk)

    url = reverse("evidence_state", args=[evidence.pk])
    row = as_head.get(url, HTTP_HX_REQUEST="true").content.decode()

    assert fresh(evidence).warning_lines == [("trang trắng", [1, 2, 3])]
    assert f"{evidence.get_absolute_url()}?page=3" in row
    assert "trang trắng" in row
    assert "hx-get" not in row
    assert lacks_of_evidence([nomination]) == []


# --- Claims ------------------------------------------------------------------------------------


def claim_data(first, evidence, page="2", statement="Xử lý 12 đơn"):
    name = f"claim_{first.heading_id}"
    return {
        "heading": first.heading_id,
        f"{name}-evidence": evidence.pk,
        f"{name}-page": page,
        f"{name}-statement": statement,
        "version": "1",
        f"heading_{first.heading_id}": "Lời của mục.",
    }


def test_a_claim_is_added_read_by_the_office_printed_sent_and_taken_out(
    as_head, client, cast, nomination, attach, first
):
    evidence = attach(pdf_bytes(3), caption="Báo cáo năm")
    before = nomination_fingerprint(fresh(nomination))

    url = reverse("claim_create", args=[nomination.pk])
    as_head.post(url, claim_data(first, evidence))

    claim = Claim.objects.get()
    link = f"{reverse('evidence_view', args=[evidence.pk])}?page=2"
    assert link in page_of(as_head, "report_edit", nomination.pk)
    assert "Được dẫn ở" in page_of(as_head, "evidence_view", evidence.pk)
    assert nomination_content(fresh(nomination))["claims"] == [
        [first.heading.number, "Xử lý 12 đơn", "Báo cáo năm", evidence.sha256, 2]
    ]
    assert nomination_fingerprint(fresh(nomination)) != before
    [printed] = [
        s.text for s in report_paper(fresh(nomination)).sections if s.number == first.heading.number
    ]
    assert printed == "Lời của mục.\n(1) Xử lý 12 đơn. Minh chứng: tệp «Báo cáo năm», trang 2."
    factories.submit(factories.complete(nomination.proposal))
    client.force_login(cast[Role.APPRAISER])
    assert link in page_of(client, "nomination_detail", nomination.pk)
    factories.returned(fresh(nomination), cast[Role.APPRAISER])
    client.force_login(nomination.proposal.created_by)
    client.post(reverse("claim_delete", args=[claim.pk]))
    assert not Claim.objects.exists()
    assert Evidence.objects.exists()


def test_a_wrong_claim_comes_back_with_its_sentence(as_head, nomination, attach, first):
    three, word = attach(pdf_bytes(3)), attach(docx_bytes("Lời"), "a.docx")
    url = reverse("claim_create", args=[nomination.pk])
    for evidence, page, sentence in [
        (three, "4", "Tệp này có 3 trang; hãy ghi số từ 1 đến 3."),
        (three, "", "Hãy ghi số trang, từ 1 đến 3."),
        (three, "0", "Hãy ghi số từ 1 trở lên."),
        (word, "1", "Tệp Word, Excel không có số trang; hãy để trống ô này."),
    ]:
        html = as_head.post(url, claim_data(first, evidence, page)).content.decode()
        assert sentence in html
        assert "Xử lý 12 đơn" in html
        assert "Lời của mục." in html
    assert not Claim.objects.exists()

    as_head.post(url, claim_data(first, word, ""))
    one = attach(image_bytes(), "anh.png")
    as_head.post(url, claim_data(first, one, ""))
    assert list(Claim.objects.values_list("page", flat=True)) == [None, 1]
    again = as_head.post(url, claim_data(first, one, "1")).content.decode()
    assert "Dẫn chứng này đã có ở mục này." in again


def test_saving_the_report_keeps_a_claim_that_is_being_typed(as_head, nomination, attach, first):
    evidence = attach(pdf_bytes(3))
    html = as_head.post(
        reverse("report_edit", args=[nomination.pk]), claim_data(first, evidence)
    ).content.decode()
    assert "Đã lưu báo cáo thành tích." in html
    assert "Xử lý 12 đơn" in html
    assert fresh(first).text == "Lời của mục."


def test_a_cited_file_asks_before_it_goes_with_its_claims(as_head, nomination, attach, head, noon):
    evidence = attach()
    factories.claim(evidence)
    url = reverse("evidence_delete", args=[evidence.pk])

    asked = as_head.post(url).content.decode()
    assert "«Xử lý 12 đơn». Bỏ tệp là bỏ cả dẫn chứng." in asked
    with pytest.raises(Refused, match="Bỏ tệp là bỏ cả dẫn chứng"):
        detach_evidence(evidence=evidence, actor=head, at=noon)
    assert Evidence.objects.exists()

    as_head.post(url, {"with_claims": "yes"})
    assert not Evidence.objects.exists()
    assert not Claim.objects.exists()


def test_a_claim_cites_only_files_of_its_own_nomination(
    nomination, attach, head, noon, unit, merit_form
):
    other = factories.nominate(nomination.proposal, unit, merit_form)
    with pytest.raises(Refused, match="không thuộc hồ sơ"):
        add_claim(
            section=other.report.sections.first(),
            evidence=attach(),
            page=1,
            statement="x",
            actor=head,
            at=noon,
        )


def test_claims_follow_their_words_into_another_form(nomination, attach, head, letter_form):
    evidence = attach()
    report = nomination.report
    sections = list(report.sections.select_related("heading").order_by("heading__position"))
    moved, same, empty = sections[0], sections[1], sections[2]
    for section, words in ((moved, "Lời đi theo."), (same, "Lời ở lại.")):
        section.text = words
        section.save()
    old = report.form
    form = ReportForm.objects.create(
        agency=old.agency, label="Mẫu mới", number="77", basis=old.basis
    )
    for position, (number, title) in enumerate(
        [("A", same.heading.title), ("B", "Mục khác hẳn")], start=1
    ):
        ReportHeading.objects.create(
            form=form,
            subject_kind=nomination.subject_kind,
            number=number,
            title=title,
            position=position,
        )
    for section, words in ((moved, "đi"), (same, "ở"), (empty, "trống")):
        Claim.objects.create(
            section=section, evidence=evidence, statement=words, page=1, added_by=head
        )

    reports.rebind_reports(award_form=letter_form, form=form, actor=head)

    where = {c.statement: c.section for c in Claim.objects.select_related("section__heading")}
    assert {words: s.heading.number for words, s in where.items()} == {
        "đi": "B",
        "ở": "A",
        "trống": "B",
    }
    assert "Lời đi theo." in where["đi"].text
    assert where["ở"].text == "Lời ở lại."


def test_rows_of_evidence_and_claims_cost_no_queries(
    as_head, nomination, attach, django_assert_max_num_queries
):
    for pages in range(1, 6):
        for words in ("một", "hai"):
            name = f"{pages}.pdf"
            evidence = Evidence.objects.filter(caption=name).first() or attach(
                pdf_bytes(pages), name
            )
            factories.claim(evidence, words)
    as_head.get(reverse("report_edit", args=[nomination.pk]))

    with django_assert_max_num_queries(28):
        as_head.get(reverse("report_edit", args=[nomination.pk]))


def test_the_page_that_stands_for_a_word_file_can_say_any_name():
    stored = files.keep(
        docx_bytes("x"), name="Số liệu 😀" + "x" * 100 + ".docx", media_type="x", actor=None
    )
    assert named_page(stored, "Phụ lục 1: 数据").startswith(b"%PDF-")
