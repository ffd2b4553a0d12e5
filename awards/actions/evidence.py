"""Minh chứng: files that prove the claims of a report."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from awards.actions.editing import editable_nomination
from awards.models import Evidence, Nomination
from thidua.core import audit, files
from thidua.core.text import compose
from thidua.core.workflow import Refused


@transaction.atomic
def attach_evidence(
    *, nomination: Nomination, upload: UploadedFile, caption: str, actor: Any, at: dt.datetime
) -> Evidence:
    """Check a file and attach it to a nomination; the same file once only."""
    nomination = editable_nomination(nomination, actor, at)
    stored = files.accept_upload(upload, actor=actor)
    if nomination.evidence.filter(sha256=stored.sha256).exists():
        raise Refused("Tệp này đã có trong hồ sơ.")
    evidence = Evidence.objects.create(
        nomination=nomination,
        file=stored,
        sha256=stored.sha256,
        caption=compose(caption) or stored.name,
        added_by=actor,
        added_at=at,
    )
    audit.record("attach", nomination, actor=actor, label="Thêm minh chứng", note=evidence.caption)
    return evidence


@transaction.atomic
def detach_evidence(*, evidence: Evidence, actor: Any, at: dt.datetime) -> None:
    """Take a file out of an editable nomination; the bytes stay in the store."""
    nomination = editable_nomination(evidence.nomination, actor, at)
    evidence.delete()
    audit.record("detach", nomination, actor=actor, label="Bỏ minh chứng", note=evidence.caption)
