"""Background work of awards: printing what a decision needs, reminding, mailing.

A task may be tried twice, or run twice at once: each paper is made under the lock of its row,
and one that exists is left as it is.
"""

from typing import Any

from django.db import transaction

from awards.actions import decisions
from awards.actions.evidence import examine
from awards.actions.reminders import remind_all
from awards.models import (
    Decision,
    DecisionLine,
    Evidence,
    PrintRun,
    ReceiptMail,
    Reminder,
    Submission,
)
from awards.papers.decision import certificate_paper, certificate_sheet, decision_paper
from awards.papers.printing import run_content
from awards.papers.receipt import receipt_mail
from awards.papers.reminder import reminder_mail
from thidua.core import audit, clock, files, jobs, scanning
from thidua.core.certificates import print_certificates, print_certificates_together
from thidua.core.documents import render_pdf
from thidua.core.models import CheckState, Job, JobState, StoredFile
from thidua.core.workflow import Refused

_AT_ONCE = 20  # pieces of evidence that one run of the schedule looks at


def print_decision(job: Job) -> None:
    """Print the decision, a certificate for each line, and all certificates in one file."""
    decision = Decision.objects.select_related(
        "campaign__agency__emblem", "campaign__reference_plan", "award_form"
    ).get(pk=job.subject_id)
    emblem = decision.campaign.agency.emblem
    picture = files.read(emblem) if emblem else None
    _print_the_decision(decision, job)
    jobs.advance(job, 1)
    lines = list(decision.lines.all())
    for done, line in enumerate(lines, start=2):
        _print_one(line, decision, picture, job)
        jobs.advance(job, done)
    _print_all(decision, lines, picture, job)


def print_again(*, decision: Decision, actor: Any) -> None:
    """Queue the papers that are still unfinished; refuse while they are made or when all stand."""
    with transaction.atomic():
        locked = Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.pk)
        if locked.certificates_file_id:
            raise Refused("Quyết định và giấy khen đã được tạo; bản đã tạo không thay đổi nữa.")
        latest = jobs.latest_for(locked)
        if latest and latest.state in {JobState.WAITING, JobState.RUNNING}:
            raise Refused("Quyết định và giấy khen đang được tạo. Hãy đợi tạo xong.")
        decisions.print_decision(decision=locked, actor=actor)


@transaction.atomic
def _print_the_decision(decision: Decision, job: Job) -> None:
    locked = Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.pk)
    if locked.file_id:
        return
    name = f"quyet-dinh-{_slug(decision)}.pdf"
    locked.file = _kept(render_pdf(decision_paper(decision)), name, job)
    locked.save(update_fields=["file"])


@transaction.atomic
def _print_one(line: DecisionLine, decision: Decision, emblem: bytes | None, job: Job) -> None:
    locked = DecisionLine.objects.select_for_update(of=("self",), no_key=True).get(pk=line.pk)
    if locked.certificate_file_id:
        return
    papers = [certificate_paper(locked, decision)]
    [content] = print_certificates(papers, certificate_sheet(decision), emblem)
    name = f"giay-khen-{_slug(decision)}-{locked.ordinal:02d}.pdf"
    locked.certificate_file = _kept(content, name, job, pages=1)
    locked.save(update_fields=["certificate_file"])


@transaction.atomic
def _print_all(
    decision: Decision, lines: list[DecisionLine], emblem: bytes | None, job: Job
) -> None:
    locked = Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.pk)
    if locked.certificates_file_id:
        return
    papers = [certificate_paper(line, decision) for line in lines]
    content = print_certificates_together(papers, certificate_sheet(decision), emblem)
    name = f"giay-khen-{_slug(decision)}-tat-ca.pdf"
    locked.certificates_file = _kept(content, name, job, pages=len(papers))
    locked.save(update_fields=["certificates_file"])
    audit.record(
        "print",
        decision,
        actor=job.requested_by,
        label="Tạo xong quyết định và giấy khen",
        note=f"{len(papers)} giấy khen",
    )


def _kept(content: bytes, name: str, job: Job, pages: int | None = None) -> StoredFile:
    return files.keep(content, name=name, media_type=files.PDF, actor=job.requested_by, pages=pages)


def _slug(decision: Decision) -> str:
    return f"{decision.issued_on.year}-{decision.number:02d}"


@transaction.atomic
def make_print_run(job: Job) -> None:
    """Make the file of a run, once: whoever comes second finds it made."""
    run = PrintRun.objects.select_for_update(of=("self",), no_key=True).get(pk=job.subject_id)
    if run.file_id:
        return
    content, count = run_content(run), run.lines.count()
    name = f"in-giay-khen-{_slug(run.decision)}-luot-{run.pk}.pdf"
    run.file = _kept(content, name, job, pages=count)
    run.save(update_fields=["file"])
    audit.record(
        "print",
        run,
        actor=job.requested_by,
        label="Tạo xong bản in",
        note=f"{count} giấy khen; SHA-256 {run.file.sha256}",
    )


def remind() -> int:
    """Remind everybody of what waits today; called by the schedule, perhaps more than once."""
    at = clock.now()
    return remind_all(clock.local_day(at), at)


@transaction.atomic
def mail_reminder(reminder_id: int) -> None:
    """Send the mail of a reminder, unless it went out or nobody wants it any more.

    Under the lock of the row two workers send one mail. A worker killed between the sending and
    the commit sends it again: at least once, both with the same Message-ID.
    """
    reminder = (
        Reminder.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user__person")
        .get(pk=reminder_id)
    )
    user = reminder.user
    if reminder.mailed_at or not (user.is_active and user.takes_mail and user.email):
        return
    reminder_mail(reminder).send()
    reminder.mailed_at = clock.now()
    reminder.save(update_fields=["mailed_at"])


@transaction.atomic
def mail_receipt(submission_id: int) -> None:
    """Send a receipt to the address of its sender, once; a killed worker may send it again."""
    submission = (
        Submission.objects.select_for_update(of=("self",), no_key=True)
        .select_related("submitted_by__person", "proposal__unit", "proposal__campaign__agency")
        .get(pk=submission_id)
    )
    address = submission.submitted_by.email
    if not address or ReceiptMail.objects.filter(submission=submission).exists():
        return
    receipt_mail(submission).send()
    ReceiptMail.objects.create(submission=submission, address=address, mailed_at=clock.now())


def look_after_evidence(evidence_id: int) -> None:
    """Let the scanner check a new file, then look at its pages; a file that waits is left alone."""
    evidence = Evidence.objects.select_related("file").filter(pk=evidence_id).first()
    if evidence is None:  # taken out meanwhile
        return
    scanning.check_file(evidence.file_id)
    evidence.file.refresh_from_db()
    if evidence.file.is_clean and evidence.examined_at is None:
        examine(evidence)


def look_after_uploads() -> None:
    """Ask the scanner again about what waits, and look at what became clean meanwhile."""
    scanning.check_waiting()
    unseen = Evidence.objects.filter(
        examined_at__isnull=True, file__check_state=CheckState.CLEAN
    ).order_by("pk")
    for evidence in unseen.select_related("file")[:_AT_ONCE]:
        examine(evidence)
