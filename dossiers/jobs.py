"""Background work of dossiers: the papers printed once, each set bound and packed.

May be tried twice, or killed at any moment: prints are kept one by one and found again; the sets
are made in a folder of their own and stand in the records all at once, or not at all.
"""

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Max

from awards.models import SubmissionLetter
from awards.rules.nomination import Lack
from dossiers.models import Dossier, DossierItem
from dossiers.papers import (
    Piece,
    archive_entries,
    content_fingerprint,
    cover,
    letter_file,
    pieces_of,
    stem_of,
)
from dossiers.queries import Scope, Subject, scope_of
from dossiers.rules import lacks_of
from thidua.core import audit, binding, clock, files, jobs
from thidua.core.archives import Entry, write_archive
from thidua.core.binding import Places
from thidua.core.models import Job
from thidua.core.workflow import Conflict, Refused


@dataclasses.dataclass(frozen=True)
class _Set:
    """One set as it was made: its row, still unsaved, its parts, and its two files."""

    dossier: Dossier
    items: list[DossierItem]
    bound: Path
    archive: Path
    page_count: int


def assemble_letter(job: Job) -> None:
    """Print the letter and bind its sets; refuse while a part is missing."""
    letter = SubmissionLetter.objects.select_related(
        "campaign__agency", "campaign__reference_plan", "award_form", "meeting__council"
    ).get(pk=job.subject_id)
    if letter.file_id:
        return
    scope = scope_of(letter)
    if lacks := lacks_of(scope):
        names = "; ".join(f"{lack.sentence} ({lack.clause})" for lack in lacks)
        raise Refused(f"Chưa đóng được bộ hồ sơ vì còn thiếu: {names}.")
    _bind(scope, [], job)


def bind(job: Job) -> None:
    """Bind the dossier of a nomination, a unit or a campaign, unless it stands as it is."""
    model = apps.get_model(job.subject_type)
    related = {"nomination": ["campaign__agency"], "proposal": ["campaign__agency", "unit"]}
    subject = model.objects.select_related(
        *related.get(model._meta.model_name, ["campaign__agency"])
    ).get(pk=job.subject_id)
    scope = scope_of(subject)
    if not scope.nominations:
        raise Refused("Chưa có đề nghị nào để đóng vào hồ sơ này.")
    _bind(scope, lacks_of(scope), job)


def _bind(scope: Scope, lacks: list[Lack], job: Job) -> None:
    pieces: list[Piece] = []
    done = 0
    for nomination, some in pieces_of(scope, job.requested_by):
        pieces += some
        if nomination:
            done += 1
            jobs.advance(job, done)
    facts = content_fingerprint(scope, pieces, lacks)
    standing = scope.subject.dossiers.order_by("-edition").first()
    if standing and scope.letter:  # the sets stand, the letter itself was not kept yet
        _keep_letter(scope.letter, pieces, job)
        return
    if standing and standing.content_sha256 == facts:
        return
    edition = standing.edition + 1 if standing else 1
    at = clock.now()
    with tempfile.TemporaryDirectory(prefix="ho-so-") as folder:
        sets = []
        for number in range(1, scope.set_count + 1):
            dossier = Dossier(
                **{_column(scope.subject): scope.subject},
                edition=edition,
                set_number=number,
                set_count=scope.set_count,
                is_complete=not lacks,
                lacks=[{"sentence": lack.sentence, "clause": lack.clause} for lack in lacks],
                content_sha256=facts,
                created_by=job.requested_by,
                assembled_at=at,
            )
            chosen = [piece for piece in pieces if piece.sets >= number]
            sets.append(_made(scope, dossier, chosen, lacks, Path(folder)))
            jobs.advance(job, done + number)
        _keep(scope, sets, pieces, job)


def _made(
    scope: Scope, dossier: Dossier, pieces: list[Piece], lacks: list[Lack], folder: Path
) -> _Set:
    """Make the files of one set."""
    stem = stem_of(scope, dossier)
    bound, archive = folder / f"{stem}.pdf", folder / f"{stem}.zip"

    def cover_with(places: Places) -> Any:
        return cover(scope, dossier, lacks, places)

    places = binding.bind(cover_with, [piece.part for piece in pieces], bound)
    items = [
        DossierItem(
            dossier=dossier,
            required_item=piece.item,
            position=position,
            heading=" · ".join(place.headings)[:400],
            title=place.title,
            sha256=piece.part.file.sha256,
            first_page=place.first_page,
            page_count=place.page_count,
        )
        for position, (piece, place) in enumerate(zip(pieces, places, strict=True), start=1)
    ]
    entries = archive_entries(scope, dossier, items, pieces, Entry(bound.name, bound))
    write_archive(entries, archive)
    return _Set(dossier, items, bound, archive, places[-1].last_page)


@transaction.atomic
def _keep(scope: Scope, sets: list[_Set], pieces: list[Piece], job: Job) -> None:
    """Keep all sets at once; the row of the subject is the queue."""
    subject, actor = _locked(scope.subject), job.requested_by
    edition = sets[0].dossier.edition
    latest = subject.dossiers.aggregate(latest=Max("edition"))["latest"] or 0
    if latest >= edition:
        raise Conflict("Hồ sơ này vừa được đóng xong ở việc khác. Hãy tải lại trang.")
    hashes = []
    for made in sets:
        dossier = made.dossier
        dossier.file = files.keep_made(
            made.bound,
            name=made.bound.name,
            media_type=files.PDF,
            actor=actor,
            pages=made.page_count,
        )
        dossier.archive = files.keep_made(
            made.archive, name=made.archive.name, media_type=files.ZIP, actor=actor
        )
        dossier.save(force_insert=True)
        DossierItem.objects.bulk_create(made.items)
        hashes.append(f"bộ {dossier.set_label}: SHA-256 {dossier.file.sha256}")
    if isinstance(subject, SubmissionLetter):
        _keep_letter(subject, pieces, job)
        label = "Đóng xong các bộ hồ sơ"
    else:
        label = "Đóng hồ sơ" if sets[0].dossier.is_complete else "Đóng hồ sơ xem trước, chưa đủ"
    note = f"{len(sets):02d} bộ, lần {edition:02d}; {'; '.join(hashes)}"
    audit.record("assemble", subject, actor=actor, label=label, note=note)


@transaction.atomic
def _keep_letter(letter: SubmissionLetter, pieces: list[Piece], job: Job) -> None:
    """Keep the printed letter: a letter with a file is a letter whose sets stand."""
    locked = _locked(letter)
    if locked.file_id is None:
        locked.file = letter_file(locked, pieces, job.requested_by)
        locked.save(update_fields=["file"])


def _locked(subject: Subject) -> Any:
    """Return the row of the subject, locked."""
    rows = type(subject)._default_manager.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=subject.pk)


def _column(subject: Subject) -> str:
    """Return the column of a dossier that names a subject of this kind."""
    return {
        "submissionletter": "letter",
        "nomination": "nomination",
        "proposal": "proposal",
        "awardform": "award_form",
    }[subject._meta.model_name or ""]
