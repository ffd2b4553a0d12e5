"""Minh chứng: files that prove the claims of a report, and the claims that cite their pages."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from awards.actions.editing import editable_nomination
from awards.models import Claim, Evidence, Nomination, ReportSection
from awards.queries.returns import open_parts
from awards.rules.evidence import MOST_FILES, is_cited, page_is_there
from awards.rules.returns import claims_are_open, evidence_is_open
from thidua.core import audit, clock, confined, files, jobs, sheets
from thidua.core.text import compose
from thidua.core.workflow import Refused, must


@transaction.atomic
def attach_evidence(
    *, nomination: Nomination, upload: UploadedFile, caption: str, actor: Any, at: dt.datetime
) -> Evidence:
    """Check a file and attach it to a nomination; the same file once only."""
    nomination = editable_nomination(nomination, actor, at)
    must(evidence_is_open(open_parts(nomination)))
    if nomination.evidence.count() >= MOST_FILES:
        raise Refused(f"Mỗi hồ sơ có không quá {MOST_FILES} tệp. Hãy bỏ bớt hoặc gộp tệp.")
    stored = files.accept_upload(upload, actor=actor, documents=True)
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
    jobs.later("awards.jobs.look_after_evidence", evidence.pk)
    audit.record("attach", nomination, actor=actor, label="Thêm minh chứng", note=evidence.caption)
    return evidence


@transaction.atomic
def detach_evidence(
    *, evidence: Evidence, actor: Any, at: dt.datetime, with_claims: bool = False
) -> None:
    """Take a file out of an editable nomination; the bytes stay in the store.

    One that is cited goes only `with_claims`, together with them.
    """
    nomination = editable_nomination(evidence.nomination, actor, at)
    must(evidence_is_open(open_parts(nomination)))
    claims = list(evidence.claims.select_related("section__heading"))
    if not with_claims:
        must(is_cited(evidence, claims))
    for claim in claims:
        _drop(claim, nomination, actor)
    evidence.delete()
    audit.record("detach", nomination, actor=actor, label="Bỏ minh chứng", note=evidence.caption)


@transaction.atomic
def add_claim(
    *,
    section: ReportSection,
    evidence: Evidence,
    page: int | None,
    statement: str,
    actor: Any,
    at: dt.datetime,
) -> Claim:
    """Link words of a section of the report to the page of the file that proves them."""
    nomination = editable_nomination(section.report.nomination, actor, at)
    must(claims_are_open(open_parts(nomination), section.heading))
    if evidence.nomination_id != nomination.pk:
        raise Refused("Tệp này không thuộc hồ sơ. Hãy chọn một tệp trong danh sách.")
    must(page_is_there(evidence, page))
    cited = {
        "section": section,
        "evidence": evidence,
        "page": page or (evidence.page_count and 1),
        "statement": compose(statement),
    }
    if Claim.objects.filter(**cited).exists():
        raise Refused("Dẫn chứng này đã có ở mục này.")
    claim = Claim.objects.create(
        **cited,
        added_by=actor,
        added_at=at,
    )
    audit.record(
        "cite",
        nomination,
        actor=actor,
        label="Thêm dẫn chứng",
        note=f"Mục {section.heading.number}: {claim.statement} ({claim.place})",
    )
    return claim


@transaction.atomic
def drop_claim(*, claim: Claim, actor: Any, at: dt.datetime) -> None:
    """Take a claim out; its file stays."""
    nomination = editable_nomination(claim.section.report.nomination, actor, at)
    must(claims_are_open(open_parts(nomination), claim.section.heading))
    _drop(claim, nomination, actor)


def _drop(claim: Claim, nomination: Nomination, actor: Any) -> None:
    note = f"Mục {claim.section.heading.number}: {claim.statement} ({claim.place})"
    claim.delete()
    audit.record("uncite", nomination, actor=actor, label="Bỏ dẫn chứng", note=note)


def examine(evidence: Evidence) -> None:
    """Look at every page once and keep what makes it hard to read; such a warning hinders nobody.

    A file that cannot be looked at is left without a warning: its readers will see.
    """
    try:
        found = _warnings_of(evidence)
    except Refused:
        found = []
    Evidence.objects.filter(pk=evidence.pk).update(warnings=found, examined_at=clock.now())


def _warnings_of(evidence: Evidence) -> list[dict[str, Any]]:
    kind = evidence.file.media_type
    if kind == files.PDF or kind.startswith("image/"):
        return confined.scan_warnings(files.read(evidence.file))
    if kind == sheets.XLSX and confined.sheet_tables(files.read(evidence.file))["hidden"]:
        return [{"page": None, "kind": "hidden"}]
    return []
