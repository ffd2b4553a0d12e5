"""Background work of dossiers: the letter's paper, and its sets as one ordered PDF each.

May be tried twice: a set that stands is left as it is. `letter.file` is written last, so that a
letter with a file is a letter whose sets are complete.
"""

from django.db import transaction

from awards.models import SubmissionLetter
from awards.papers.council import keep_minutes
from awards.papers.decision import letter_paper
from dossiers.documents import Part, cover, parts_of
from dossiers.models import Dossier, DossierItem
from thidua.core import audit, files, jobs
from thidua.core.documents import DossierPart, assemble_dossier, render_pdf
from thidua.core.models import Job


def assemble_letter(job: Job) -> None:
    """Print the letter, put its sets together, and say so in the log."""
    letter = SubmissionLetter.objects.select_related(
        "campaign__agency", "campaign__reference_plan", "award_form", "meeting__council"
    ).get(pk=job.subject_id)
    if letter.file_id:
        return
    minutes = letter.meeting.minutes_file or keep_minutes(letter.meeting, job.requested_by)
    printed = render_pdf(letter_paper(letter))
    parts = parts_of(letter, printed, minutes)
    jobs.advance(job, 1)
    for set_number in range(1, letter.award_form.set_count + 1):
        _assemble_set(letter, set_number, parts, job)
        jobs.advance(job, 1 + set_number)
    _keep_letter(letter, printed, job)


@transaction.atomic
def _assemble_set(letter: SubmissionLetter, set_number: int, parts: list[Part], job: Job) -> None:
    """Store one set, unless it stands already; the letter's row is the queue."""
    SubmissionLetter.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
    if Dossier.objects.filter(letter=letter, set_number=set_number).exists():
        return
    whole = assemble_dossier(
        lambda places: cover(letter, set_number, places),
        [DossierPart(part.title, part.content) for part in parts],
    )
    dossier = Dossier.objects.create(
        letter=letter,
        set_number=set_number,
        file=files.keep(
            whole.content,
            name=f"ho-so-{_slug(letter)}-bo-{set_number:02d}.pdf",
            media_type=files.PDF,
            actor=job.requested_by,
            pages=whole.places[-1].first_page + whole.places[-1].page_count - 1,
        ),
        created_by=job.requested_by,
    )
    DossierItem.objects.bulk_create(
        [
            DossierItem(
                dossier=dossier,
                required_item=part.required_item,
                position=position,
                title=part.title,
                sha256=part.sha256,
                first_page=place.first_page,
                page_count=place.page_count,
            )
            for position, (part, place) in enumerate(zip(parts, whole.places, strict=True), start=1)
        ]
    )


@transaction.atomic
def _keep_letter(letter: SubmissionLetter, printed: bytes, job: Job) -> None:
    locked = SubmissionLetter.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
    if locked.file_id:
        return
    locked.file = files.keep(
        printed,
        name=f"to-trinh-{_slug(letter)}.pdf",
        media_type=files.PDF,
        actor=job.requested_by,
    )
    locked.save(update_fields=["file"])
    audit.record(
        "assemble",
        locked,
        actor=job.requested_by,
        label="Đóng xong các bộ hồ sơ",
        note=f"{letter.award_form.set_count:02d} bộ",
    )


def _slug(letter: SubmissionLetter) -> str:
    year = letter.issued_on.year if letter.issued_on else 0
    return f"{year}-{letter.number or 0:02d}"
