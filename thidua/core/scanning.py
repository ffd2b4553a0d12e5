"""The malware scanner: clamd, asked over a socket; whatever it does not say clean stays closed."""

import logging
import socket
import struct

from django.conf import settings
from django.db.models import F

from thidua.core import clock, files
from thidua.core.models import CheckState, StoredFile
from thidua.core.workflow import Refused

logger = logging.getLogger(__name__)

SECONDS = 60.0  # for one file: a scanner that keeps silent longer is down
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
_AT_ONCE = 50
_MOST_FAILURES = 3  # then it is down, and the rest waits for the next time


class ScannerDown(Exception):
    """The scanner is not there, keeps silent, or says something else than it should."""


def check_file(stored_id: int) -> bool:
    """Ask the scanner about one waiting file and return whether there is nothing left to ask.

    Without a sound answer the file goes on waiting. It is not locked while the scanner works:
    two that ask at once get the same answer.
    """
    waiting = StoredFile.objects.filter(pk=stored_id, check_state=CheckState.WAITING)
    stored = waiting.first()
    if stored is None or not settings.CLAMD:
        return True
    try:
        found = malware_in(files.contents(stored))
    except (ScannerDown, Refused, OSError) as reason:
        logger.warning("file %s waits for the scanner: %s", stored_id, reason)
        waiting.update(checked_at=clock.now(), check_note=str(reason)[:200])
        return False
    waiting.update(
        check_state=CheckState.INFECTED if found else CheckState.CLEAN,
        checked_at=clock.now(),
        check_note=found[:200],
    )
    return True


def check_waiting() -> None:
    """Ask again about files that wait; called every few minutes.

    Those asked longest ago come first, so that one that the scanner chokes on holds up no other.
    """
    waiting = StoredFile.objects.filter(check_state=CheckState.WAITING).order_by(
        F("checked_at").asc(nulls_first=True), "pk"
    )
    failures = 0
    for stored_id in list(waiting.values_list("pk", flat=True)[:_AT_ONCE]):
        failures += not check_file(stored_id)
        if failures == _MOST_FAILURES:
            return


def malware_in(content: bytes) -> str:
    """Return the name of the malware in `content`, "" if there is none; raises ScannerDown."""
    try:
        with _connected() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except OSError as error:
        raise ScannerDown(f"không hỏi được trình quét mã độc ({error})") from None
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND") or "không rõ tên"
    raise ScannerDown(f"trình quét mã độc trả lời lạ: {answer[:100]!r}")


def _connected() -> socket.socket:
    kind, place, port = settings.CLAMD
    if kind == "tcp":
        return socket.create_connection((place, port), SECONDS)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(SECONDS)
    try:
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line


def _answer(line: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        some = line.recv(_LONGEST_ANSWER)
        if not some:
            break
        answer += some
    head, end, _ = answer.partition(b"\0")
    return head.decode(errors="replace").strip() if end else ""
