"""Sending: what was seen is what is archived; a page opened in time has some minutes of grace."""

import datetime as dt
import hashlib

import pikepdf
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from awards.jobs import mail_receipt
from awards.models import ReceiptMail, SendingVisit, Submission
from tests import factories
from thidua.core import clock
from thidua.core.kept import ticket
from thidua.core.permissions import Role

pytestmark = pytest.mark.usefixtures("printed_once")


@pytest.fixture
def head(cast, campaign):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def ready(unit, head, campaign, letter_form, people):
    proposal, _ = factories.complete_proposal(
        unit, head, campaign, (unit, letter_form), (people[0], letter_form)
    )
    return proposal


@pytest.fixture
def as_head(client, head):
    client.force_login(head)
    return client


@pytest.fixture
def url(ready):
    return reverse("proposal_submit", args=[ready.pk])


def words_of(content):
    import io  # noqa: PLC0415

    import pdfplumber  # noqa: PLC0415

    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return " ".join(" ".join((page.extract_text() or "").split()) for page in pdf.pages)


def test_what_was_shown_is_what_is_archived_byte_for_byte(as_head, url, ready, head):
    page = as_head.get(url)
    package = page.context["package"]
    seen = as_head.get(reverse("kept_file", args=[ticket(package.file, head)])).getvalue()
    picture = as_head.get(reverse("kept_page", args=[ticket(package.file, head), 1]))
    assert picture.getvalue()[:4] == b"\x89PNG"

    sent = as_head.post(url, factories.shown(as_head, url))
    receipt = Submission.objects.get()
    kept = as_head.get(reverse("submission_package", args=[receipt.pk])).getvalue()

    assert sent.url == receipt.get_absolute_url()
    assert kept == seen
    assert hashlib.sha256(kept).hexdigest() == receipt.package.sha256
    assert receipt.package.sha256 in as_head.get(sent.url).content.decode()
    printed = as_head.get(reverse("submission_receipt_file", args=[receipt.pk])).getvalue()
    assert receipt.package.sha256 in words_of(printed).replace(" ", "")
    words = words_of(kept)
    for said in (
        "DANH MỤC THÀNH PHẦN HỒ SƠ",
        "TỜ TRÌNH",
        "BIÊN BẢN",
        "Nông Thị Ánh",
        "ngày 20 tháng 11 năm 2025",
        head.display_name,
    ):
        assert said in words, said
    import io  # noqa: PLC0415

    with pikepdf.open(io.BytesIO(kept)) as pdf, pdf.open_outline() as outline:
        assert len(outline.root) == len(package.places) + 1
        assert len(pdf.pages) == package.file.page_count


def test_what_was_changed_meanwhile_is_shown_again_and_not_sent(as_head, url, ready, head):
    button = factories.shown(as_head, url)
    factories.write_report(ready.nominations.first(), text="Sửa sau khi xem")

    refused = as_head.post(url, button)

    assert "Nội dung đã thay đổi từ khi trang này mở" in refused.content.decode()
    assert not Submission.objects.exists()
    again = refused.context["package"].file.sha256
    assert again != button["package"]
    assert as_head.post(url, button | {"package": again}).status_code == 302


def test_the_ticket_of_a_picture_is_of_use_to_one_person(as_head, client, url, head, cast):
    stored = as_head.get(url).context["package"].file
    for stranger in (cast[Role.APPRAISER], cast[Role.STAFF_MEMBER]):
        client.force_login(stranger)
        assert client.get(reverse("kept_file", args=[ticket(stored, head)])).status_code == 404
    client.force_login(head)
    assert client.get(reverse("kept_page", args=[ticket(stored, head), 99])).status_code == 404
    assert client.get(reverse("kept_file", args=["x:y:z"])).status_code == 404


# --- Grace ----------------------------------------------------------------------------------------


@pytest.fixture
def closes(ready):
    return clock.end_of(ready.campaign.nominations_due_on)


def opened(as_head, url, at):
    with clock.frozen(at):
        return factories.shown(as_head, url)


@pytest.mark.parametrize(
    ("opened_before", "sent_after", "is_taken"),
    [
        (dt.timedelta(seconds=1), dt.timedelta(0), True),
        (dt.timedelta(minutes=30), dt.timedelta(minutes=14, seconds=59), True),
        (dt.timedelta(minutes=30), dt.timedelta(minutes=15), False),
    ],
)
def test_a_page_opened_in_time_has_some_minutes(
    as_head, url, closes, ready, opened_before, sent_after, is_taken
):
    button = opened(as_head, url, closes - opened_before)
    with clock.frozen(closes + sent_after):
        # The day has changed: what is printed now is dated now, and is looked at once more.
        refused = as_head.post(url, button)
        seen = refused.context["package"].file.sha256
        answer = as_head.post(url, button | {"package": seen})
    assert (answer.status_code == 302) == is_taken
    receipts = Submission.objects.all()
    assert [receipt.is_in_grace for receipt in receipts] == [True] * is_taken
    if is_taken:
        assert "Gửi chậm" in as_head.get(receipts[0].get_absolute_url()).content.decode()
        paper = as_head.get(reverse("submission_receipt_file", args=[receipts[0].pk])).getvalue()
        assert "Gửi chậm: trang gửi mở trong hạn" in words_of(paper)
    else:
        assert "đã hết hạn" in answer.content.decode()


def test_a_page_opened_too_late_has_none_and_nobody_borrows_a_visit(
    as_head, client, url, closes, ready, head, cast
):
    button = opened(as_head, url, closes - dt.timedelta(minutes=1))
    with clock.frozen(closes + dt.timedelta(minutes=1)):
        assert as_head.get(url).context["visit"] is None
        for visit in ("", "0", "x", "9" * 30, str(int(button["visit"]) + 1)):
            as_head.post(url, button | {"visit": visit})
        SendingVisit.objects.update(user=cast[Role.APPRAISER])
        as_head.post(url, button)
    assert not Submission.objects.exists()


def test_the_campaign_says_how_many_minutes(as_head, url, closes, ready):
    ready.campaign.grace_minutes = 0
    ready.campaign.save()
    button = opened(as_head, url, closes - dt.timedelta(minutes=1))
    with clock.frozen(closes):
        refused = as_head.post(url, button)
        as_head.post(url, button | {"package": refused.context["package"].file.sha256})
    assert not Submission.objects.exists()


def test_the_database_keeps_the_grace_too(as_head, url, ready):
    receipt = factories.submit(ready)
    closes = receipt.window_closes_at
    for late in (
        {"submitted_at": closes},
        {"submitted_at": closes, "grace_until": closes + dt.timedelta(minutes=5)},
        {
            "submitted_at": closes,
            "opened_at": closes,
            "grace_until": closes + dt.timedelta(minutes=5),
        },
        {
            "submitted_at": closes + dt.timedelta(minutes=5),
            "opened_at": closes - dt.timedelta(minutes=5),
            "grace_until": closes + dt.timedelta(minutes=5),
        },
    ):
        columns = {
            field.attname: getattr(receipt, field.attname)
            for field in Submission._meta.fields
            if not field.primary_key
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.create(**columns | {"code": "x"} | late)


# --- The receipt by mail ---------------------------------------------------------------------------


def test_the_receipt_goes_to_the_address_of_its_sender_once(as_head, url, ready, head):
    head.email = "dao@example.vn"
    head.save()
    receipt = factories.submit(ready)
    mail_receipt(receipt.pk)
    mail_receipt(receipt.pk)

    [letter] = mail.outbox
    assert letter.to == ["dao@example.vn"]
    assert receipt.code in letter.subject
    assert receipt.content_sha256 in letter.body
    assert receipt.get_absolute_url() in letter.body
    # A mail leaves the house: nobody who is proposed is named in it.
    assert not letter.attachments
    assert "Nông Thị Ánh" not in letter.body
    assert ReceiptMail.objects.get().address == "dao@example.vn"
    assert "dao@example.vn" in as_head.get(receipt.get_absolute_url()).content.decode()


def test_without_an_address_the_page_says_so(as_head, ready):
    receipt = factories.submit(ready)
    mail_receipt(receipt.pk)
    assert not mail.outbox
    assert "chưa có địa chỉ thư" in as_head.get(receipt.get_absolute_url()).content.decode()
