"""Strangers' files are read in a process of their own, with little memory and little time.

A file that kills, hangs or swells its reader costs one child process, never the server.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from thidua.core.workflow import Refused

_CHILD = Path(__file__).with_name("strangers.py")
_SECONDS = 20
_at_once = threading.BoundedSemaphore(2)


def page_picture(content: bytes, page: int, width: int) -> bytes:
    """Return one page (from 1) of a PDF or an image as PNG, at most `width` points wide."""
    return _asked(content, "page", page, width)


def scan_warnings(content: bytes) -> list[dict[str, Any]]:
    """Return what makes pages hard to read: [{"page": 3, "kind": "blank"}]."""
    found: list[dict[str, Any]] = json.loads(_asked(content, "warnings", seconds=120))
    return found


def word_text(content: bytes) -> dict[str, Any]:
    """Return the words and tables of a DOCX: {"blocks": [...], "is_cut": bool}."""
    found: dict[str, Any] = json.loads(_asked(content, "word"))
    return found


def sheet_tables(content: bytes) -> dict[str, Any]:
    """Return the first rows of the visible sheets of an XLSX: {"sheets": [...], "hidden": [...]}."""
    found: dict[str, Any] = json.loads(_asked(content, "sheets"))
    return found


def _asked(content: bytes, task: str, *arguments: int, seconds: int = _SECONDS) -> bytes:
    # -I: neither the folder it stands in nor the environment lends it a module.
    command = [sys.executable, "-I", str(_CHILD), task, str(seconds), *map(str, arguments)]
    try:
        with _at_once:
            done = subprocess.run(  # noqa: S603 -- our own file, by its path
                command,
                input=content,
                capture_output=True,
                timeout=seconds + 5,
                check=False,
                env={},
            )
    except subprocess.TimeoutExpired:
        raise Refused(_TOO_HEAVY) from None
    if done.returncode:
        raise Refused(_TOO_HEAVY)
    return done.stdout


_TOO_HEAVY = "Không hiện được tệp này trong trang. Hãy tải tệp về để xem."
