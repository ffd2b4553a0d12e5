"""The scanner of malware: a little clamd on the loopback that answers, finds, errs or keeps silent."""

import contextlib
import socketserver
import struct
import threading

import pytest

from tests.core.test_hostile_files import EICAR
from tests.factories import pdf_bytes, upload
from thidua.core import files, scanning
from thidua.core.models import CheckState, StoredFile

pytestmark = pytest.mark.django_db


class Clamd(socketserver.StreamRequestHandler):
    """Reads what INSTREAM brings and answers as clamd does."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.server.received.append(content)
        mood = self.server.mood
        if mood == "hangs":
            self.server.over.wait(5)
        elif mood == "dies":
            return
        elif mood != "well":
            self.wfile.write(mood.encode() + b"\0")
        elif EICAR in content:
            self.wfile.write(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


@contextlib.contextmanager
def clamd(settings, mood="well"):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        server.mood, server.received, server.over = mood, [], threading.Event()
        server.daemon_threads = True
        settings.CLAMD = ("tcp", "127.0.0.1", server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def waiting(settings, content=None):
    settings.CLAMD = ("tcp", "127.0.0.1", 9)
    return files.accept_upload(upload(content), actor=None)


def test_a_clean_file_opens_after_the_scan(settings, noon):
    stored = waiting(settings)
    with clamd(settings) as server:
        scanning.check_file(stored.pk)
        scanning.check_file(stored.pk)  # finished: it is not asked again

    stored.refresh_from_db()
    assert (stored.check_state, stored.checked_at) == (CheckState.CLEAN, noon)
    assert server.received == [files.read(stored)] == [pdf_bytes()]


def test_malware_is_named_and_never_handed_out(settings):
    stored = waiting(settings)
    stored.sha256, stored.path = _kept(EICAR)
    stored.save()
    with clamd(settings):
        scanning.check_waiting()

    stored.refresh_from_db()
    assert (stored.check_state, stored.check_note) == ("infected", "Win.Test.EICAR_HDB-1")
    for act in (files.read, files.send):
        with pytest.raises(files.Unchecked, match="có mã độc nên không mở được"):
            act(stored)


def _kept(content):
    other = files.keep(content, name="x", media_type="x", actor=None)
    return other.sha256, other.path


@pytest.mark.parametrize(
    "mood",
    ["dies", "hangs", "stream: lỗi ERROR", "INSTREAM size limit exceeded. ERROR", "OK FOUND?"],
)
def test_without_a_sound_answer_a_file_goes_on_waiting(settings, monkeypatch, mood):
    monkeypatch.setattr(scanning, "SECONDS", 0.15)
    stored = waiting(settings)
    with clamd(settings, mood):
        assert not scanning.check_file(stored.pk)

    stored.refresh_from_db()
    assert stored.check_state == CheckState.WAITING
    assert "trình quét mã độc" in stored.check_note


def test_a_scanner_that_is_away_is_asked_again(settings):
    stored = waiting(settings)
    scanning.check_waiting()
    assert StoredFile.objects.get(pk=stored.pk).check_state == CheckState.WAITING
    with clamd(settings):
        scanning.check_waiting()
    assert StoredFile.objects.get(pk=stored.pk).check_state == CheckState.CLEAN


def test_one_file_that_chokes_the_scanner_holds_up_no_other(settings, monkeypatch):
    first = [waiting(settings, pdf_bytes(pages)) for pages in range(1, 5)]
    asked = []

    def choked(content):
        asked.append(len(asked))
        raise scanning.ScannerDown("nghẽn")

    monkeypatch.setattr(scanning, "malware_in", choked)
    scanning.check_waiting()
    assert len(asked) == 3  # then it is taken to be down
    monkeypatch.undo()
    settings.CLAMD = ("tcp", "127.0.0.1", 9)
    waits = list(scanning.StoredFile.objects.filter(checked_at=None).values_list("pk", flat=True))
    assert waits == [first[-1].pk]  # who comes first the next time


def test_a_scanner_on_a_unix_socket(settings, tmp_path):
    place = str(tmp_path / "clamd.ctl")
    with socketserver.ThreadingUnixStreamServer(place, Clamd) as server:
        server.mood, server.received = "well", []
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            settings.CLAMD = ("unix", place, 0)
            assert scanning.malware_in(b"a" * 200_000) == ""
            assert scanning.malware_in(EICAR) == "Win.Test.EICAR_HDB-1"
        finally:
            server.shutdown()
            thread.join()


def test_without_a_scanner_the_checks_of_structure_are_enough(settings):
    assert settings.CLAMD is None
    assert files.accept_upload(upload(), actor=None).check_state == CheckState.CLEAN
    assert files.keep(b"x", name="x", media_type="x", actor=None).is_clean
