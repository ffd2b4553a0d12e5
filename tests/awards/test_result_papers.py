"""What goes before the council and what follows a decision: summary, money list, announcement."""

import io
import subprocess

import pytest
from django.urls import reverse
from docx import Document

from awards.models import RegisterEntry
from campaigns.actions.announcements import publish_announcement
from tests import factories as make
from thidua.core import clock, jobs
from thidua.core.permissions import Role

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def approve(cast, campaign, unit, people, letter_form):
    """Return a function that has the unit's collective and two people approved."""

    def prepare():
        subjects = [(unit, letter_form), *((person, letter_form) for person in people)][:3]
        for nomination in make.sent(unit, cast[Role.UNIT_HEAD], campaign, *subjects):
            make.approved(make.accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])

    return prepare


@pytest.fixture
def closed(approve, letter_form, cast):
    approve()
    decision = make.issued(letter_form, cast[Role.REGISTRAR])
    jobs.run(jobs.latest_for(decision).pk)
    decision.refresh_from_db()
    return make.closed(decision, cast[Role.REGISTRAR])


@pytest.fixture
def read(client, cast):
    """Return a function that opens a paper as `role` and gives what its PDF and its Word say."""

    def opened(role, name, pk):
        client.force_login(cast[role])
        url = reverse(name, args=[pk])
        printed = client.get(url)
        assert printed["Content-Type"] == "application/pdf"
        content = b"".join(printed.streaming_content)
        said = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
        )
        written = client.get(url, {"format": "docx"})
        assert written["Content-Type"] == DOCX
        assert written["Content-Disposition"].startswith("attachment")
        document = Document(io.BytesIO(b"".join(written.streaming_content)))
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        text = " ".join(" ".join([p.text for p in document.paragraphs] + cells).split())
        return " ".join(said.stdout.decode().split()), text

    return opened


def test_the_money_list_pays_what_the_register_holds(read, closed):
    entries = list(RegisterEntry.objects.order_by("golden_number"))
    pdf, docx = read(Role.REGISTRAR, "money_list_file", closed.pk)
    for said in (pdf, docx):
        assert "DANH SÁCH CHI TIỀN THƯỞNG" in said
        for entry in entries:
            assert entry.recipient_name in said
            assert f"{entry.amount:,}".replace(",", ".") in said
        total = sum(entry.amount for entry in entries)
        assert f"{total:,}".replace(",", ".") in said
        assert "Số tiền bằng chữ:" in said
        assert "Nghị định số 152/2025/NĐ-CP" in said


def test_both_the_product_and_what_is_paid_are_shown(read, closed):
    [entry, *_] = RegisterEntry.objects.filter(subject_kind="person")
    exact = int(entry.coefficient * entry.base_salary)
    assert exact != entry.amount
    pdf, _ = read(Role.OFFICE_CHIEF, "money_list_file", closed.pk)
    assert f"{exact:,}".replace(",", ".") in pdf


def test_there_is_no_money_list_before_the_register_has_it(client, cast, approve, letter_form):
    approve()
    decision = make.issued(letter_form, cast[Role.REGISTRAR])
    client.force_login(cast[Role.REGISTRAR])
    assert client.get(reverse("money_list_file", args=[decision.pk])).status_code == 404


def test_the_announcement_names_whom_the_decision_names(read, closed):
    for said in read(Role.REGISTRAR, "result_announcement_file", closed.pk):
        assert "THÔNG BÁO" in said
        assert closed.number_text in said
        assert "./." in said
        for line in closed.lines.all():
            assert line.recipient_name in said


def test_the_summary_holds_what_the_office_accepted(read, closed, campaign):
    for said in read(Role.OFFICE_CHIEF, "summary_file", campaign.pk):
        assert "BẢNG TỔNG HỢP" in said
        for line in closed.lines.all():
            assert line.recipient_name in said


def test_a_summary_of_nothing_says_so(read, campaign):
    pdf, _ = read(Role.OFFICE_CHIEF, "summary_file", campaign.pk)
    assert "Chưa có đề nghị nào đủ điều kiện." in pdf


def test_what_the_office_announces_is_a_paper_too(read, cast, campaign):
    made = publish_announcement(
        campaign=campaign,
        title="Lịch họp Hội đồng",
        text="Hội đồng họp ngày 25/11/2025.\nCác phòng gửi hồ sơ trước ngày 20/11/2025.",
        actor=cast[Role.APPRAISER],
        at=clock.now(),
    )
    for said in read(Role.UNIT_HEAD, "announcement_file", made.pk):
        assert "Lịch họp Hội đồng" in said
        assert "trước ngày 20/11/2025./." in said


@pytest.mark.parametrize("name", ["decision_file"])
def test_a_kept_paper_has_a_word_twin(read, closed, name):
    pdf, docx = read(Role.REGISTRAR, name, closed.pk)
    for line in closed.lines.all():
        assert line.recipient_name in pdf
        assert line.recipient_name in docx
