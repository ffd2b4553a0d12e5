"""Printed once: what the same facts print as is kept, and found again by its fingerprint.

A dossier of hundreds of reports is made again after one of them changed: only that one is printed.
Each row is one printing, so their number tells how much was printed.
"""

import functools
import hashlib
import importlib.metadata
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.db import transaction

from thidua.core import drawing, files, pdf, word_writing
from thidua.core.documents import OfficialPaper, render_html, render_pdf
from thidua.core.models import RenderedPaper, StoredFile
from thidua.core.word import DOCX
from thidua.core.word_writing import render_docx

_ASSET = re.compile(r"static:(documents/[a-z0-9_-]+\.[a-z]+)")


def kept_pdf(paper: OfficialPaper, *, name: str, actor: Any) -> StoredFile:
    """Return the printed paper: from what is kept, else printed now and kept."""
    facts = fingerprint("pdf", render_html(paper))
    return kept(
        facts, lambda: render_pdf(paper), name=f"{name}.pdf", media_type=files.PDF, actor=actor
    )


def kept_docx(paper: OfficialPaper, *, name: str, actor: Any) -> StoredFile:
    """Return the paper as a Word file: from what is kept, else written now and kept."""
    facts = fingerprint("docx", render_html(paper))
    return kept(
        facts, lambda: render_docx(paper), name=f"{name}.docx", media_type=DOCX, actor=actor
    )


def kept(
    facts: str, make: Callable[[], bytes], *, name: str, media_type: str, actor: Any
) -> StoredFile:
    """Return the file that `facts` (a fingerprint) gave before, else make and keep it.

    Two that make the same at once keep one row. A file that was lost is made again.
    """
    found = RenderedPaper.objects.filter(facts_sha256=facts).select_related("file").first()
    if found and default_storage.exists(found.file.path):
        return found.file
    content = make()
    pages = pdf.page_count(content) if media_type == files.PDF else None
    with transaction.atomic():
        stored = files.keep(content, name=name, media_type=media_type, actor=actor, pages=pages)
        RenderedPaper.objects.bulk_create(
            [RenderedPaper(facts_sha256=facts, file=stored)], ignore_conflicts=True
        )
        first = RenderedPaper.objects.select_related("file").get(facts_sha256=facts).file
        if first.pk != stored.pk:  # the same bytes, at the same place
            stored.delete()
    return first


def kept_file(
    facts: str, make: Callable[[Path], object], *, name: str, media_type: str, actor: Any
) -> StoredFile:
    """Return what `facts` gave before, as `kept` does; else `make` writes it on the disk."""

    def content() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, name)
            make(target)
            return target.read_bytes()

    return kept(facts, content, name=name, media_type=media_type, actor=actor)


def fingerprint(kind: str, facts: str) -> str:
    """Return the SHA-256 of `facts` together with all that shapes a file of this kind from them."""
    assets = [_content(name) for name in sorted(set(_ASSET.findall(facts)))]
    # Each as its own hash: no two lists can run together into the same text.
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in (kind, _printer(), facts)]
    return hashlib.sha256("\n".join([*hashes, *assets]).encode()).hexdigest()


@functools.cache
def _printer() -> str:
    """Name the engine, and the code of ours that steers it: a mended printer prints anew."""
    ours = [Path(str(module.__file__)).read_bytes() for module in (pdf, drawing, word_writing)]
    return (
        f"{importlib.metadata.version('weasyprint')} {hashlib.sha256(b''.join(ours)).hexdigest()}"
    )


def _content(asset: str) -> str:
    path = finders.find(asset)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if path else ""
