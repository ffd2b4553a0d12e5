"""The printing room: stock that never lies, runs that are made once, places that are kept."""

import datetime as dt
import decimal
import io

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from awards import jobs as award_jobs
from awards.actions import printing as acts
from awards.forms.printing import GROUPS, SHARED_FIELDS, fields_of
from awards.models import (
    BlankEntry,
    CertificateBlank,
    Decision,
    PrintedLine,
    Printer,
    PrintRun,
)
from awards.papers.printing import run_content
from awards.queries import printing as reads
from tests import factories
from tests.conftest import make_person
from thidua.core import clock, files
from thidua.core import jobs as core_jobs
from thidua.core.certificates import ELEMENT_LABELS, FIELDS
from thidua.core.models import AuditEntry, Job, JobState, StoredFile
from thidua.core.permissions import Role
from thidua.core.workflow import Conflict, Refused

pytestmark = pytest.mark.django_db
NAMES = ("Nông Thị Ánh", "Hoàng Văn Bình", "Vi Thị Cúc")


@pytest.fixture
def registrar(cast):
    return cast[Role.REGISTRAR]


@pytest.fixture
def decision(cast, unit, campaign, letter_form, registrar):
    people = [(make_person(unit, name), letter_form) for name in NAMES]
    for nomination in factories.sent(unit, cast[Role.UNIT_HEAD], campaign, *people):
        factories.approved(
            factories.accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY]
        )
    return factories.printed(factories.issued(letter_form, registrar))


@pytest.fixture
def printer(agency, registrar):
    return factories.printer(agency, registrar)


@pytest.fixture
def blank(agency, registrar):
    return factories.blank(agency, registrar, count=5)


def left(blank):
    return reads.with_stock(CertificateBlank.objects.filter(pk=blank.pk)).get()


def counts(blank):
    row = left(blank)
    names = ("received_count", "printed_count", "reprinted_count", "spoilt_count", "left_count")
    return tuple(getattr(row, name) for name in names)


# --- Stock -------------------------------------------------------------------------------------


def test_blanks_that_come_are_counted_and_told(blank):
    assert counts(blank) == (5, 0, 0, 0, 5)
    entry = AuditEntry.objects.first()
    assert (entry.action_label, entry.changes) == ("Nhận phôi", {"left": [0, 5]})


def test_a_run_takes_its_blanks_and_a_reprint_takes_more(decision, blank, printer, registrar):
    first = factories.print_run(decision, registrar, blank, printer)
    again = factories.print_run(
        decision, registrar, blank, printer, lines=[decision.lines.first()], reason="In lệch."
    )

    assert counts(blank) == (5, 4, 1, 0, 1)
    assert [line.ordinal for line in first.lines.all()] == [1, 1, 1]
    assert [line.ordinal for line in again.lines.all()] == [2]
    assert (first.reason, again.reason) == ("", "In lệch.")
    told = AuditEntry.objects.filter(action="awards.decision.print_run").first()
    assert "in lại 1 giấy: In lệch." in told.note


def test_more_than_is_left_is_refused_and_nothing_is_taken(decision, blank, printer, registrar):
    factories.spoil(blank, registrar, 3)

    with pytest.raises(Refused, match="còn 2 tờ, cần 3 tờ"):
        factories.print_run(decision, registrar, blank, printer)

    assert counts(blank) == (5, 0, 0, 3, 2)
    assert not PrintRun.objects.exists()
    with pytest.raises(Refused, match="còn 2 tờ, cần 3 tờ"):
        factories.spoil(blank, registrar, 3)


def test_what_is_spoilt_in_a_run_was_taken_by_the_run(decision, blank, printer, registrar):
    run = factories.print_run(decision, registrar, blank, printer)

    factories.spoil(blank, registrar, 2, run=run)

    assert counts(blank) == (5, 3, 0, 2, 2)
    assert reads.runs_of(decision).get().spoilt_count == 2
    told = AuditEntry.objects.filter(action_label="Báo phôi hỏng")
    assert {entry.subject_type for entry in told} == {"awards.printrun", "awards.certificateblank"}
    with pytest.raises(Refused, match="Hãy ghi nhiều nhất 1 tờ"):
        factories.spoil(blank, registrar, 2, run=run)


def test_a_book_that_moved_is_read_again_first(blank, registrar):
    with pytest.raises(Conflict, match="Sổ phôi vừa có dòng mới"):
        acts.receive_blanks(blank=blank, count=5, note="", seen=0, actor=registrar, at=clock.now())
    assert counts(blank)[0] == 5


def refused_by_the_database(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_the_book_and_the_printings_are_facts(decision, blank, printer, registrar):
    run = factories.print_run(decision, registrar, blank, printer)
    rows = (BlankEntry.objects.first(), run.lines.first(), run)
    for row in rows:
        refused_by_the_database(type(row).objects.filter(pk=row.pk).delete)
    refused_by_the_database(lambda: BlankEntry.objects.update(count=9))
    refused_by_the_database(lambda: PrintedLine.objects.update(ordinal=9))
    refused_by_the_database(lambda: PrintRun.objects.update(reason="khác"))
    refused_by_the_database(lambda: PrintRun.objects.update(layout={}))
    PrintRun.objects.update(file=factories.stored_file())
    refused_by_the_database(lambda: PrintRun.objects.update(file=factories.stored_file()))


# --- Runs --------------------------------------------------------------------------------------


def test_only_papers_that_are_made_are_printed(decision, registrar):
    Decision.objects.update(certificates_file=None)
    with pytest.raises(Refused, match="chưa tạo xong"):
        factories.print_run(decision, registrar)


def test_a_line_printed_before_needs_a_reason(decision, registrar):
    factories.print_run(decision, registrar)
    with pytest.raises(Refused, match="Đã in trước đây: Nông Thị Ánh, Hoàng Văn Bình"):
        factories.print_run(decision, registrar)


def test_a_blank_needs_its_printer_and_both_are_of_the_agency(
    decision, blank, printer, registrar, agency
):
    with pytest.raises(Refused, match="Hãy chọn máy in"):
        factories.print_run(decision, registrar, blank, None)
    other = type(agency).objects.create(name="Cơ quan khác", abbreviation="K", place="Nơi")
    Printer.objects.update(agency=other)
    with pytest.raises(Refused, match="Hãy chọn máy in"):
        factories.print_run(decision, registrar, blank, factories.fresh(printer))
    with pytest.raises(Refused, match="Máy in này không còn dùng"):
        factories.print_run(decision, registrar, None, factories.fresh(printer))
    CertificateBlank.objects.update(agency=other)
    with pytest.raises(Refused, match="Phôi này không còn dùng"):
        factories.print_run(decision, registrar, factories.fresh(blank), printer)


def test_a_line_of_another_decision_is_not_printed(decision, registrar, blank, printer):
    with pytest.raises(Refused, match="Hãy chọn ít nhất một giấy khen"):
        acts.start_run(
            decision=decision, line_ids=[decision.lines.first().pk, 10**9], blank=blank,
            printer=printer, reason="", seen=0, actor=registrar, at=clock.now(),
        )  # fmt: skip


def test_only_the_registrar_prints(decision, cast):
    with pytest.raises(Refused, match="Việc này do Văn thư thực hiện"):
        factories.print_run(decision, cast[Role.OFFICE_CHIEF])


def words_of(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


def test_the_job_makes_one_file_whoever_runs_it_twice(decision, blank, printer, registrar):
    run = factories.print_run(decision, registrar, blank, printer)
    kept = [line.certificate_file_id for line in decision.lines.all()]
    job = core_jobs.latest_for(run)
    assert (job.state, job.total_count) == (JobState.WAITING, 3)
    before = StoredFile.objects.count()

    core_jobs.run(job.pk)
    made = factories.fresh(run)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)  # a worker was killed
    core_jobs.run(job.pk)
    award_jobs.make_print_run(job)

    assert factories.fresh(run).file_id == made.file_id
    assert StoredFile.objects.count() == before + 1
    assert words_of(files.read(made.file)) == 3
    assert files.read(made.file) == run_content(reads.runs_visible_to(registrar).get())
    [told] = AuditEntry.objects.filter(action="awards.printrun.print")
    assert told.note == f"3 giấy khen; SHA-256 {made.file.sha256}"
    assert [line.certificate_file_id for line in decision.lines.all()] == kept
    with pytest.raises(Refused, match="Bản in của lượt này đã có"):
        acts.run_again(run=run, actor=registrar)


def test_a_failed_run_is_made_again_without_being_counted_again(
    decision, blank, printer, registrar
):
    run = factories.print_run(decision, registrar, blank, printer)
    with pytest.raises(Refused, match="đang được tạo"):
        acts.run_again(run=run, actor=registrar)
    Job.objects.update(state=JobState.FAILED)

    acts.run_again(run=run, actor=registrar)

    assert core_jobs.latest_for(run).state == JobState.WAITING
    assert counts(blank) == (5, 3, 0, 0, 2)


def test_a_run_keeps_its_places_when_blank_and_printer_change(decision, blank, printer, registrar):
    run = factories.print_run(decision, registrar, blank, printer)
    wanted = run_content(reads.runs_visible_to(registrar).get())

    acts.edit_blank(
        blank=blank, version=1, name="Khác", scan=None, layout={"body_top_mm": 90.0},
        elements=["recipient"], is_active=False, actor=registrar,
    )  # fmt: skip
    acts.edit_printer(
        printer=printer, version=1, name="Khác", right_mm=decimal.Decimal(9),
        down_mm=decimal.Decimal(9), is_active=False, actor=registrar, at=clock.now(),
    )  # fmt: skip

    assert run_content(reads.runs_visible_to(registrar).get()) == wanted
    assert (run.right_mm, run.down_mm) == (decimal.Decimal("1.5"), decimal.Decimal("-0.5"))
    told = AuditEntry.objects.filter(action="awards.printer.edit").get()
    assert told.changes["right_mm"] == ["1.5", "9"]


def test_the_whole_sheet_without_a_shift_is_the_kept_sheet(decision, registrar):
    run = factories.print_run(decision, registrar)
    assert set(run.elements) == set(ELEMENT_LABELS)
    assert set(run.layout) == set(FIELDS)
    assert (run.right_mm, run.down_mm, run.blank) == (0, 0, None)


# --- Blanks and printers -----------------------------------------------------------------------


def test_two_blanks_or_printers_never_share_a_name(blank, printer, agency, registrar):
    with pytest.raises(Refused, match="đã có phôi tên"):
        factories.blank(agency, registrar)
    with pytest.raises(Refused, match="đã có máy in tên"):
        factories.printer(agency, registrar)


def test_whoever_edits_an_old_version_reads_so(blank, registrar):
    wanted = {"name": "Khác", "scan": None, "layout": {}, "elements": ["code"], "is_active": True}
    acts.edit_blank(blank=blank, version=1, **wanted, actor=registrar)
    with pytest.raises(Conflict, match="Vừa có người sửa"):
        acts.edit_blank(blank=blank, version=1, **wanted | {"name": "Nữa"}, actor=registrar)
    logged = AuditEntry.objects.count()
    acts.edit_blank(blank=blank, version=2, **wanted, actor=registrar)
    assert AuditEntry.objects.count() == logged


def test_a_calibration_says_who_and_when(agency, registrar):
    plain = acts.create_printer(
        agency=agency, name="Mới", right_mm=decimal.Decimal(0), down_mm=decimal.Decimal(0),
        actor=registrar, at=clock.now(),
    )  # fmt: skip
    assert plain.calibrated_at is None
    later = clock.now() + dt.timedelta(hours=1)
    moved = acts.edit_printer(
        printer=plain, version=1, name="Mới", right_mm=decimal.Decimal("0.5"),
        down_mm=decimal.Decimal(0), is_active=True, actor=registrar, at=later,
    )  # fmt: skip
    assert (moved.calibrated_by, moved.calibrated_at) == (registrar, later)


# --- Pages -------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, registrar):
    client.force_login(registrar)
    return client


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_every_place_is_asked_in_one_group():
    grouped = [name for _, _, prefixes in GROUPS for name in fields_of(prefixes)]
    assert sorted([*grouped, *SHARED_FIELDS]) == sorted(FIELDS)
    assert sorted(element for _, group, _ in GROUPS for element in group) == sorted(ELEMENT_LABELS)


def test_a_blank_is_made_looked_at_and_changed_through_its_page(desk, agency):
    page = reverse("blank_create")
    scan = factories.upload(factories.image_bytes(size=(60, 40)), "phoi.png")
    data = factories.blank_fields()

    looked = html_of(desk.post(page, data | {"scan": scan, "preview": "1"}))
    assert not CertificateBlank.objects.exists()
    assert "Đã nhận ảnh «phoi.png»" in looked
    kept = desk.post(page, data | {"scan": scan, "preview": "1"}).context["form"]["kept"].value()
    kept = kept or looked.split('name="kept" value="')[1].split('"')[0]
    saved = desk.post(page, data | {"kept": kept})
    blank = CertificateBlank.objects.get()
    assert saved["Location"] == blank.get_absolute_url()
    assert (blank.scan.name, blank.layout["body_top_mm"]) == ("phoi.png", 102.5)
    assert "kind_at_mm" not in blank.layout
    assert desk.get(reverse("blank_scan_file", args=[blank.pk]))["Content-Type"] == "image/png"

    edit = reverse("blank_edit", args=[blank.pk])
    changed = data | {"seen": "1", "body_top_mm": "100,5", "is_active": "on"}
    assert desk.post(edit, changed).status_code == 302
    assert factories.fresh(blank).layout["body_top_mm"] == 100.5
    again = html_of(desk.post(edit, changed | {"body_top_mm": "99"}))
    assert "Vừa có người sửa" in again
    assert 'name="seen" value="2"' in again


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("width_mm", "9999", "Hãy ghi từ 180 đến 420, lẻ nhiều nhất 0,1."),
        ("body_top_mm", "10,25", "Hãy ghi từ 0 đến 420, lẻ nhiều nhất 0,1."),
        ("body_top_mm", "", "Hãy điền số."),
        ("body_top_mm", "mười", "Hãy ghi một số, ví dụ 22,5."),
        ("signer_centre_mm", "290", "ra ngoài tờ giấy"),
        ("width_mm", "200", "chiều ngang tờ giấy phải lớn hơn chiều cao"),
    ],
)
def test_a_place_that_cannot_be_says_the_mend(desk, agency, field, value, sentence):
    data = factories.blank_fields() | {field: value}
    page = html_of(desk.post(reverse("blank_create"), data))
    assert sentence in page
    assert not CertificateBlank.objects.exists()
    assert sentence in html_of(desk.get(reverse("blank_preview"), data))


def test_what_is_not_printed_is_not_asked(desk, agency):
    data = factories.blank_fields() | {"kind_at_mm": "", "emblem_size_mm": "x"}
    assert desk.post(reverse("blank_create"), data).status_code == 302


def picture(response):
    assert response["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(b"".join(response.streaming_content)))


def test_the_preview_is_the_sheet_over_the_scan(desk, agency, registrar):
    scan = factories.upload(factories.image_bytes(size=(60, 40)), "phoi.png")
    desk.post(reverse("blank_create"), factories.blank_fields() | {"scan": scan})
    blank = CertificateBlank.objects.get()
    page = reverse("blank_preview")

    bare = picture(desk.get(page))
    over = picture(desk.get(page, {"blank": blank.pk}))
    small = picture(desk.get(page, factories.blank_fields() | {"height_mm": "200"}))

    assert bare.getpixel((5, 5)) == (255, 255, 255)
    assert over.getpixel((5, 5)) == (0xA6, 0x19, 0x2E)
    assert small.height < bare.height
    named = {**factories.blank_fields(), "example": "Trần Thị Ví Dụ"}
    assert picture(desk.get(page, named)).tobytes() != bare.tobytes()


def test_htmx_asks_for_the_picture_by_the_same_address(desk, blank):
    asked = factories.blank_fields() | {"blank": blank.pk, "body_top_mm": "95"}
    piece = html_of(desk.get(reverse("blank_preview"), asked, HTTP_HX_REQUEST="true"))
    assert piece.strip().startswith('<div id="preview"')
    assert "body_top_mm=95" in piece
    assert "csrf" not in piece


def test_the_preview_of_another_agency_s_blank_is_not_there(desk, blank, agency):
    other = type(agency).objects.create(name="Cơ quan khác", abbreviation="K", place="Nơi")
    CertificateBlank.objects.update(agency=other)
    for key in (blank.pk, 10**8):
        assert desk.get(reverse("blank_preview"), {"blank": key}).status_code == 404


def test_the_calibration_sheet_knows_its_printer(desk, printer, blank):
    page = reverse("printer_calibration_file", args=[printer.pk])
    for asked in ({}, {"blank": blank.pk}):
        response = desk.get(page, asked)
        assert response["Content-Type"] == "application/pdf"
        assert words_of(b"".join(response.streaming_content)) == 1
    assert desk.get(page, {"blank": "10000000"}).status_code == 404


def test_printing_through_the_pages(desk, decision, blank, printer):
    page = reverse("print_run_create", args=[decision.pk])
    assert html_of(desk.get(decision.get_absolute_url())).count(page) == 1
    offered = html_of(desk.get(page))
    assert offered.count(" checked") == 3
    assert "Phôi «Phôi nền hoa», còn 5 tờ" in offered
    lines = [str(line.pk) for line in decision.lines.all()]
    data = {"lines": lines[:2], "blank": blank.pk, "printer": "", "reason": "", "seen": "0"}

    wrong = html_of(desk.post(page, data))
    assert "Hãy chọn máy in" in wrong
    assert wrong.count(" checked") == 2
    response = desk.post(page, data | {"printer": printer.pk})
    run = PrintRun.objects.get()
    assert response["Location"] == run.get_absolute_url()
    assert "Có thể rời trang này" in html_of(desk.get(run.get_absolute_url()))
    core_jobs.run(core_jobs.latest_for(run).pk)
    done = html_of(desk.get(run.get_absolute_url()))
    assert reverse("print_run_file", args=[run.pk]) in done
    assert factories.fresh(run).file.sha256[:8] in done

    told = html_of(desk.post(page, data | {"printer": printer.pk}))
    assert "Vừa có một lượt in khác" in told
    assert 'name="seen" value="1"' in told
    again = data | {"printer": printer.pk, "seen": "1"}
    assert "Đã in trước đây: Nông Thị Ánh, Hoàng Văn Bình." in html_of(desk.post(page, again))
    assert desk.post(page, again | {"reason": "Kẹt giấy."}).status_code == 302
    factories.spoil(blank, decision.created_by, 1, run=run)
    shown = html_of(desk.get(decision.get_absolute_url()))
    assert "Đã in 4 giấy trong 2 lượt; in lại 2; hỏng 1 phôi." in shown


def test_a_decision_without_its_papers_leads_back(desk, decision):
    Decision.objects.update(certificates_file=None)
    response = desk.get(reverse("print_run_create", args=[decision.pk]), follow=True)
    assert "Hãy đợi tạo xong rồi in." in html_of(response)
    assert reverse("print_run_create", args=[decision.pk]) not in html_of(response)


def test_the_chief_reads_and_does_nothing(client, cast, decision, blank, printer, registrar):
    run = factories.print_run(decision, registrar, blank, printer)
    client.force_login(cast[Role.OFFICE_CHIEF])
    for page in (reverse("printing_room"), blank.get_absolute_url(), run.get_absolute_url()):
        text = html_of(client.get(page))
        for act in ("Thêm phôi", "Nhận phôi", "Báo phôi hỏng", "Sửa vị trí in", "In lại"):
            assert f"{act}</a>" not in text
    assert run.get_absolute_url() in html_of(client.get(decision.get_absolute_url()))
    client.force_login(cast[Role.SIGNATORY])
    assert run.get_absolute_url() not in html_of(client.get(decision.get_absolute_url()))


@pytest.fixture
def plain_frame(settings, desk):
    """Leave out what has tests of its own: the navigation's counter, the session saved once."""
    settings.NAVIGATION_COUNTERS = {}
    desk.get(reverse("printing_room"))


@pytest.mark.parametrize("count", [1, 5])
def test_the_room_costs_the_same_for_one_or_five(
    desk, agency, registrar, decision, count, plain_frame, django_assert_num_queries
):
    for number in range(count):
        factories.printer(agency, registrar, name=f"Máy {number}")
        blank = factories.blank(agency, registrar, name=f"Phôi {number}", count=9)
        factories.print_run(decision, registrar, blank, Printer.objects.first(), reason="In thử.")

    with django_assert_num_queries(6):  # session, user, roles; blanks, printers, runs
        desk.get(reverse("printing_room"))
    with django_assert_num_queries(7):  # session, user, roles; blank, book, printers, history
        desk.get(blank.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_a_run_costs_the_same_for_one_or_three(
    desk, decision, registrar, blank, printer, count, plain_frame, django_assert_num_queries
):
    run = factories.print_run(
        decision, registrar, blank, printer, lines=decision.lines.all()[:count]
    )

    with django_assert_num_queries(7):  # session, user, roles; run, job, lines, history
        desk.get(run.get_absolute_url())
    # session, user, roles; decision, lines, latest run, blanks, printers
    with django_assert_num_queries(8):
        desk.get(reverse("print_run_create", args=[decision.pk]))
