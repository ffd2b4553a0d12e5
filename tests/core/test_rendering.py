"""The same facts are printed once, whoever asks, and however many ask at once."""

import dataclasses
import threading

import pytest
from django.db import connection

from tests.awards.test_documents import RECEIPT
from thidua.core import files, rendering
from thidua.core.models import RenderedPaper, StoredFile

pytestmark = pytest.mark.django_db


def test_a_paper_is_printed_once_and_anew_when_a_fact_changed():
    first = rendering.kept_pdf(RECEIPT, name="bien-nhan", actor=None)
    again = rendering.kept_pdf(RECEIPT, name="ten-khac", actor=None)
    other = rendering.kept_pdf(
        dataclasses.replace(RECEIPT, unit="Phòng Nghiệp vụ 9"), name="bien-nhan", actor=None
    )

    assert first.pk == again.pk != other.pk
    assert (first.name, first.page_count) == ("bien-nhan.pdf", 1)
    assert RenderedPaper.objects.count() == 2


def test_the_word_file_is_kept_beside_the_print():
    printed = rendering.kept_pdf(RECEIPT, name="bien-nhan", actor=None)
    word = rendering.kept_docx(RECEIPT, name="bien-nhan", actor=None)

    assert printed.pk != word.pk == rendering.kept_docx(RECEIPT, name="x", actor=None).pk
    assert files.read(word).startswith(b"PK")


def test_a_new_layout_or_a_new_printer_prints_anew(monkeypatch):
    facts = '<link href="static:documents/official.css">'
    before = rendering.fingerprint("pdf", facts)

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "_content", lambda name: "a changed stylesheet")
        assert rendering.fingerprint("pdf", facts) != before
    monkeypatch.setattr(rendering, "_printer", lambda: "another engine")
    assert rendering.fingerprint("pdf", facts) != before


def test_a_print_that_was_lost_is_made_again(settings):
    first = rendering.kept_pdf(RECEIPT, name="bien-nhan", actor=None)
    (settings.MEDIA_ROOT / first.path).unlink()

    again = rendering.kept_pdf(RECEIPT, name="bien-nhan", actor=None)

    assert again.pk == first.pk
    assert files.read(again).startswith(b"%PDF")
    assert StoredFile.objects.count() == RenderedPaper.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_print_the_same_at_once_keep_one():
    begun, kept = threading.Barrier(2), []

    def make():
        begun.wait(timeout=10)  # neither finds the other's row
        return b"x"

    def ask():
        try:
            stored = rendering.kept("facts", make, name="a", media_type="text/plain", actor=None)
            kept.append(stored.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert len(kept) == 2
    assert kept[0] == kept[1] == StoredFile.objects.get().pk
    assert RenderedPaper.objects.count() == 1
