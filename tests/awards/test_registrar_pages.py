"""The registrar's desk: numbers, papers, the signed file, the register, the public check."""

import datetime as dt
import io
import subprocess

import openpyxl
import pikepdf
import pytest
from django.urls import reverse

from awards.models import Decision, DecisionLine, RegisterEntry
from awards.papers.decision import certificate_paper, counted, head_of
from awards.queries.law import signing_law
from awards.resources import neutral, register_workbook
from tests import factories as make
from thidua.core import files, jobs
from thidua.core.models import Job, JobState, StoredFile
from thidua.core.permissions import OFFICE, Role

pytestmark = pytest.mark.django_db

READERS = {*OFFICE, Role.SIGNATORY, Role.REGISTRAR}


@pytest.fixture
def approve(cast, campaign, unit, people, letter_form):
    """Return approved nominations: the collective first, then people, `count` in all."""

    def prepare(count=3):
        subjects = [(unit, letter_form), *((person, letter_form) for person in people)][:count]
        nominations = make.sent(unit, cast[Role.UNIT_HEAD], campaign, *subjects)
        return [
            make.approved(make.accepted(n, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
            for n in nominations
        ]

    return prepare


@pytest.fixture
def decision(approve, letter_form, cast):
    approve()
    return make.issued(letter_form, cast[Role.REGISTRAR])


@pytest.fixture
def printed(decision):
    jobs.run(jobs.latest_for(decision).pk)
    decision.refresh_from_db()
    return decision


@pytest.fixture
def closed(printed, cast):
    return make.closed(printed, cast[Role.REGISTRAR])


@pytest.fixture
def registrar(client, cast):
    client.force_login(cast[Role.REGISTRAR])
    return client


def text_of(stored: StoredFile) -> str:
    found = subprocess.run(
        ["pdftotext", "-", "-"], input=files.read(stored), capture_output=True, check=True
    )
    return " ".join(found.stdout.decode().split())


# --- Numbering -----------------------------------------------------------------------------


def test_what_was_approved_waits_on_the_desk_of_the_registrar(registrar, approve, letter_form):
    approve()

    page = registrar.get(reverse("issuing")).content.decode()

    assert "01 tập thể và 02 cá nhân" in page
    assert reverse("decision_create", args=[letter_form.pk]) in page


def test_the_list_is_shown_in_its_order_with_the_next_number(registrar, approve, letter_form):
    approve()

    page = registrar.get(reverse("decision_create", args=[letter_form.pk])).content.decode()

    places = [page.index(n) for n in ("Phòng Nghiệp vụ 2", "Nông Thị Ánh", "Hoàng Văn Bình")]
    assert places == sorted(places)
    assert "01/QĐ-TTr" in page
    assert 'value="20/11/2025"' in page


def test_a_post_numbers_the_decision_and_queues_its_papers(registrar, approve, letter_form):
    approve()

    answer = registrar.post(
        reverse("decision_create", args=[letter_form.pk]), {"issued_on": "20/11/2025"}
    )

    decision = Decision.objects.get()
    assert answer["Location"] == decision.get_absolute_url()
    assert (decision.number_text, decision.issued_on) == ("01/QĐ-TTr", dt.date(2025, 11, 20))
    assert [line.ordinal for line in decision.lines.all()] == [1, 2, 3]
    assert jobs.latest_for(decision).state == JobState.WAITING


def test_the_second_post_reads_what_happened(registrar, approve, letter_form):
    approve()
    url = reverse("decision_create", args=[letter_form.pk])
    listed = registrar.get(url).context["form"].initial["listed"]
    registrar.post(url, {"issued_on": "20/11/2025", "listed": listed})

    answer = registrar.post(url, {"issued_on": "20/11/2025", "listed": listed}, follow=True)

    assert Decision.objects.count() == 1
    assert "có thể vừa được cấp số" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == Decision.objects.get().get_absolute_url()


def test_a_list_that_grew_meanwhile_is_shown_again_first(registrar, approve, letter_form):
    approve()

    page = registrar.post(
        reverse("decision_create", args=[letter_form.pk]),
        {"issued_on": "20/11/2025", "listed": "1-2"},
    )

    assert "Danh sách vừa thay đổi" in page.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("21/11/2025", "ở tương lai"),
        ("11/20/2025", "Hãy ghi ngày theo dạng"),
        ("", "Hãy điền ngày."),
    ],
)
def test_a_wrong_day_is_told_beside_what_was_typed(registrar, approve, letter_form, day, sentence):
    approve()

    page = registrar.post(reverse("decision_create", args=[letter_form.pk]), {"issued_on": day})

    assert sentence in page.content.decode()
    assert f'value="{day}"' in page.content.decode() or not day
    assert not Decision.objects.exists()


# --- Papers --------------------------------------------------------------------------------


def test_the_job_prints_the_decision_and_a_certificate_for_each(printed):
    lines = list(printed.lines.select_related("certificate_file"))

    words = text_of(printed.file)
    assert "01 tập thể và 02 cá nhân" in words
    assert "Nghị định số 152/2025/NĐ-CP" in words
    assert "98/2023" not in words
    assert "quỹ khen thưởng của cơ quan" in words
    for line in lines:
        words = text_of(line.certificate_file)
        assert line.recipient_name in words
        assert "Số quyết định: 01/QĐ-TTr ngày 20 tháng 11 năm 2025" in words
        assert f"Số sổ vàng: {line.ordinal:02d}" in words
        assert "Đã có thành tích xuất sắc trong" in words
    with pikepdf.open(io.BytesIO(files.read(printed.certificates_file))) as together:
        assert len(together.pages) == 3
    job = jobs.latest_for(printed)
    assert (job.state, job.done_count, job.total_count) == (JobState.DONE, 4, 4)


def test_papers_are_made_once_however_often_the_job_is_tried(printed):
    before = [printed.file_id, *printed.lines.values_list("certificate_file", flat=True)]
    Job.objects.update(state=JobState.WAITING)

    jobs.run(jobs.latest_for(printed).pk)

    printed.refresh_from_db()
    after = [printed.file_id, *printed.lines.values_list("certificate_file", flat=True)]
    assert after == before
    assert StoredFile.objects.count() == 5


def test_a_job_that_broke_takes_up_what_is_unfinished(registrar, decision, monkeypatch):
    real = certificate_paper

    def stumble(line, of):
        if line.ordinal == 2:
            raise OSError("đĩa đầy")
        return real(line, of)

    monkeypatch.setattr("awards.jobs.certificate_paper", stumble)
    with pytest.raises(OSError, match="đĩa đầy"):
        jobs.run(jobs.latest_for(decision).pk)
    page = registrar.get(decision.get_absolute_url()).content.decode()
    assert "Làm lại" in page
    monkeypatch.undo()
    first = DecisionLine.objects.get(ordinal=1).certificate_file_id

    registrar.post(reverse("decision_print", args=[decision.pk]))
    jobs.run(jobs.latest_for(decision).pk)

    assert DecisionLine.objects.get(ordinal=1).certificate_file_id == first
    assert not DecisionLine.objects.filter(certificate_file=None).exists()


def test_finished_papers_are_not_made_again(registrar, printed):
    answer = registrar.post(reverse("decision_print", args=[printed.pk]), follow=True)

    assert "bản đã tạo không thay đổi nữa" in answer.content.decode()
    assert Job.objects.count() == 1


def test_progress_is_seen_while_the_papers_are_made(registrar, decision):
    page = registrar.get(decision.get_absolute_url()).content.decode()

    assert "Đã xong 0 trên 4." in page
    assert "đang được tạo" in page


def test_a_certificate_carries_the_address_of_its_check(settings, printed):
    settings.PUBLIC_URL = "https://khen.example.vn/"
    line = printed.lines.first()

    paper = certificate_paper(line, printed)

    assert paper.verify_url == f"https://khen.example.vn/k/{line.check_code}/"
    assert (paper.authority, paper.kind) == ("CHÁNH THANH TRA TỈNH THỬ", "GIẤY KHEN")


def test_a_decision_cites_only_the_law_of_its_day(decision):
    bases = " ".join(signing_law(decision.award_form, dt.date(2025, 6, 30))["bases"])

    assert "152/2025" not in bases
    assert "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022" in bases


def test_recipients_are_counted_as_official_texts_do(decision):
    lines = list(decision.lines.all())

    assert counted(lines) == "01 tập thể và 02 cá nhân"
    assert counted(lines[1:]) == "02 cá nhân"


def test_the_head_is_named_in_full(agency):
    assert head_of(agency) == "Chánh Thanh tra tỉnh Thử"


# --- The signed file -----------------------------------------------------------------------


def test_closing_writes_the_register_with_the_money(registrar, printed):
    answer = registrar.post(
        reverse("decision_close", args=[printed.pk]),
        {"upload": make.upload(), "signed_on": "20/11/2025"},
        follow=True,
    )

    entries = RegisterEntry.objects.order_by("number")
    assert [(e.number, e.golden_number, e.amount) for e in entries] == [
        (1, 1, 1_410_000),
        (2, 2, 710_000),
        (3, 3, 710_000),
    ]
    assert "Đã ban hành" in answer.content.decode()
    assert "2.830.000" in answer.content.decode()


def test_closing_twice_is_told_and_changes_nothing(registrar, closed):
    answer = registrar.post(
        reverse("decision_close", args=[closed.pk]),
        {"upload": make.upload(), "signed_on": "20/11/2025"},
        follow=True,
    )

    assert "đang ở trạng thái «Đã ban hành»" in answer.content.decode()
    assert RegisterEntry.objects.count() == 3


def test_the_uploaded_file_is_kept_when_the_day_is_wrong(registrar, printed):
    url = reverse("decision_close", args=[printed.pk])
    first = registrar.post(url, {"upload": make.upload(), "signed_on": "25/11/2025"})
    kept = first.context["form"].data["kept"]

    registrar.post(url, {"kept": kept, "signed_on": "20/11/2025"})

    printed.refresh_from_db()
    assert "Đã nhận tệp" in first.content.decode()
    assert printed.signed_file.name == "ban-ky.pdf"
    assert RegisterEntry.objects.count() == 3


def test_a_kept_file_belongs_to_whoever_sent_it(registrar, printed):
    page = registrar.post(
        reverse("decision_close", args=[printed.pk]), {"kept": "1:la", "signed_on": "20/11/2025"}
    )

    assert "Hãy chọn tệp." in page.content.decode()
    assert not RegisterEntry.objects.exists()


def test_a_file_of_another_kind_is_refused_with_the_mend(registrar, printed):
    page = registrar.post(
        reverse("decision_close", args=[printed.pk]),
        {"upload": make.upload(b"MZ", "a.pdf"), "signed_on": "20/11/2025"},
    )

    assert "Hãy dùng tệp PDF, ảnh JPG hoặc PNG." in page.content.decode()


def test_closing_waits_for_the_papers(registrar, decision):
    answer = registrar.get(reverse("decision_close", args=[decision.pk]), follow=True)

    assert "Hãy đợi tạo xong" in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["decision_file", "decision_signed_file", "certificates_file", "certificate_file"]
)
def test_files_are_shown_once_they_stand(registrar, closed, name):
    pk = closed.lines.first().pk if name == "certificate_file" else closed.pk

    answer = registrar.get(reverse(name, args=[pk]))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["decision_file", "decision_signed_file", "certificates_file"])
def test_a_file_that_is_not_there_yet_does_not_exist(registrar, decision, name):
    assert registrar.get(reverse(name, args=[decision.pk])).status_code == 404


# --- Doors and rooms -----------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("issuing", {Role.REGISTRAR}),
        ("decision_create", {Role.REGISTRAR}),
        ("decision_close", {Role.REGISTRAR}),
        ("decision_detail", READERS),
        ("register_list", READERS),
        ("register_export", READERS),
    ],
)
def test_pages_open_to_their_roles(client, cast, printed, letter_form, role, name, allowed):
    arguments = {"decision_create": [letter_form.pk]}.get(
        name, [printed.pk] if name.startswith("decision") else []
    )
    client.force_login(cast[role])

    answer = client.get(reverse(name, args=arguments))

    assert answer.status_code == (200 if role in allowed else 403)


def test_a_decision_of_another_agency_does_not_exist(registrar, printed, agency):
    agency.pk, agency.name = None, "Thanh tra tỉnh Khác"
    agency.save(force_insert=True)
    campaign = printed.campaign
    campaign.agency = agency
    campaign.save()

    assert registrar.get(printed.get_absolute_url()).status_code == 404
    assert registrar.get(reverse("decision_file", args=[printed.pk])).status_code == 404


# --- The register --------------------------------------------------------------------------


def test_the_register_is_searched_without_accents(registrar, closed):
    page = registrar.get(reverse("register_list"), {"q": "nong thi anh"})

    assert page.context["totals"] == {"count": 1, "amount": 710_000}
    assert "Nông Thị Ánh" in page.content.decode()
    assert "Hoàng Văn Bình" not in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"year": "2025"}, 3),
        ({"year": "1999"}, 3),
        ({"award": "commendation_letter"}, 3),
        ({"award": "certificate_of_merit"}, 0),
    ],
)
def test_filters_narrow_the_register(registrar, closed, asked, count):
    page = registrar.get(reverse("register_list"), asked)

    assert page.context["totals"]["count"] == count


def test_the_export_holds_what_is_filtered_and_no_formula(registrar, closed):
    answer = registrar.get(reverse("register_export"), {"q": "nghiep vu 2"})

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book.active.iter_rows(values_only=True))
    heads = rows[0]
    assert len(rows) == 4
    assert {row[heads.index("Tiền thưởng (đồng)")] for row in rows[1:]} == {710_000, 1_410_000}
    assert rows[1][heads.index("Ngày quyết định")] == dt.datetime(2025, 11, 20)  # noqa: DTZ001
    assert not [c for row in book.active.iter_rows() for c in row if c.data_type == "f"]
    hashes = {row[heads.index("SHA-256 của tệp giấy khen")] for row in rows[1:]}
    assert hashes == {line.certificate_file.sha256 for line in closed.lines.all()}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_export_can_become_a_formula(closed, start):
    entry = RegisterEntry.objects.first()
    entry.recipient_name = f"{start}HYPERLINK(1)"

    class Rows(list):
        def iterator(self, **options):
            return iter(self)

    assert neutral(entry.recipient_name) == f"'{start}HYPERLINK(1)"
    book = openpyxl.load_workbook(io.BytesIO(register_workbook(Rows([entry]))))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "d"}


# --- The public check ----------------------------------------------------------------------


def test_the_check_says_what_the_certificate_says(client, closed):
    line = closed.lines.get(ordinal=2)

    page = client.get(reverse("certificate_check", args=[line.check_code]))

    words = page.content.decode()
    assert page.status_code == 200
    assert all(
        fact in words
        for fact in ("Còn hiệu lực", line.recipient_name, "01/QĐ-TTr ngày 20 tháng 11 năm 2025")
    )
    assert "710.000" not in words
    assert "Hoàng Văn Bình" not in words


def test_the_check_confirms_nothing_before_the_decision_is_signed(client, printed):
    line = printed.lines.get(ordinal=2)

    page = client.get(reverse("certificate_check", args=[line.check_code])).content.decode()

    assert "Quyết định chưa ban hành" in page
    assert line.recipient_name not in page


def test_an_unknown_code_is_told_in_the_same_manner(client, agency):
    page = client.get(reverse("certificate_check", args=["khong-co-ma-nay"]))

    assert page.status_code == 404
    assert "Không có giấy khen nào mang mã này." in page.content.decode()


# --- Costs ---------------------------------------------------------------------------------


@pytest.fixture
def plain_frame(settings, registrar):
    """Leave out what has tests of its own: the navigation's counter, the session saved once."""
    settings.NAVIGATION_COUNTERS = {}
    registrar.get(reverse("issuing"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_costs_the_same_however_much_waits(
    registrar, approve, count, plain_frame, django_assert_num_queries
):
    approve(count)

    # session, user, roles; approved counts, heads, forms; decisions (none: no jobs), letters,
    # recent decisions, recent letters
    with django_assert_num_queries(10):
        registrar.get(reverse("issuing"))


@pytest.mark.parametrize("count", [1, 3])
def test_a_decision_costs_the_same_however_long_its_list(
    registrar, approve, letter_form, cast, count, plain_frame, django_assert_num_queries
):
    approve(count)
    decision = make.issued(letter_form, cast[Role.REGISTRAR])
    jobs.run(jobs.latest_for(decision).pk)
    make.closed(decision, cast[Role.REGISTRAR])

    # session, user, roles; decision, job, lines, print runs, history
    with django_assert_num_queries(8):
        registrar.get(decision.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_costs_the_same_however_long_it_is(
    registrar, approve, letter_form, cast, count, plain_frame, django_assert_num_queries
):
    approve(count)
    decision = make.printed(make.issued(letter_form, cast[Role.REGISTRAR]))
    make.closed(decision, cast[Role.REGISTRAR])

    # session, user, roles; years, sums, count, page
    with django_assert_num_queries(7):
        registrar.get(reverse("register_list"))
