"""Smallest valid rows, and whole paths walked through the real actions.

Each helper takes the record before it and returns the record after it; who acts is read from the
record where it stands there (the head who made the proposal), else passed in. The moment is the
business clock's, which every test holds still.
"""

import dataclasses
import datetime as dt
import decimal
import io
from collections.abc import Iterable
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from docx import Document
from openpyxl import Workbook
from PIL import Image

from awards.actions import council as council_acts
from awards.actions import decisions, letters, printing, proposals, reports, unit_papers
from awards.actions.evidence import add_claim
from awards.actions.holds import open_hold
from awards.actions.lines import as_it_stands, confirm_lines
from awards.models import (
    AgendaItem,
    BlankEntry,
    CertificateBlank,
    Claim,
    Council,
    CouncilMeeting,
    Decision,
    DecisionLine,
    Evidence,
    LetterState,
    Nomination,
    PaperKind,
    Printer,
    PrintRun,
    Proposal,
    SignedScan,
    Submission,
    SubmissionLetter,
    SuperiorOutcome,
)
from awards.queries.printing import OPEN_ELEMENTS
from awards.workflow import LETTER, NOMINATION
from campaigns.actions.quotas import waive_quota
from campaigns.actions.windows import extend_window
from campaigns.models import (
    AwardForm,
    Campaign,
    Criterion,
    Quota,
    QuotaWaiver,
    SubjectKind,
    WindowExtension,
)
from dossiers.models import Dossier
from staff.models import Hold, Person
from thidua.core import clock, files
from thidua.core.certificates import FIELDS, CertificateSheet
from thidua.core.models import StoredFile
from units.models import Agency, Unit

# --- Files -------------------------------------------------------------------------------------


def pdf_bytes(pages: int = 1) -> bytes:
    """Return a sound PDF of empty pages."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def image_bytes(kind: str = "PNG", size: tuple[int, int] = (8, 6), **options: Any) -> bytes:
    """Return a small picture; `options` reach Pillow."""
    out = io.BytesIO()
    Image.new("RGB", size, "#a6192e").save(out, kind, **options)
    return out.getvalue()


def upload(content: bytes | None = None, name: str = "ban-ky.pdf") -> SimpleUploadedFile:
    """Return what a browser sends: a sound PDF unless told otherwise."""
    return SimpleUploadedFile(name, pdf_bytes() if content is None else content)


def report_docx(*lines: str) -> bytes:
    """Return a report written in Word, each line a paragraph."""
    document = Document()
    for line in lines or ("BÁO CÁO THÀNH TÍCH", "II.1. Kết quả thực hiện", "Đã xong.", "Lời lạ."):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_bytes(*paragraphs: str, rows: list[list[str]] | None = None) -> bytes:
    """Return a Word file of paragraphs and, if there are rows, a table."""
    out = io.BytesIO()
    document = Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    document.save(out)
    return out.getvalue()


def keep_report_docx(nomination: Nomination, actor: Any, *lines: str) -> None:
    """Keep a Word file beside the report, as its writer uploads it."""
    reports.keep_word_file(
        nomination=nomination,
        upload=upload(report_docx(*lines), "bao-cao.docx"),
        actor=actor,
        at=clock.now(),
    )


def xlsx_bytes(
    rows: list[list[Any]], *, title: str = "Kết quả", hidden: tuple[str, ...] = ()
) -> bytes:
    """Return an Excel file of one sheet, and of hidden ones by their names."""
    out = io.BytesIO()
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name in hidden:
        book.create_sheet(name).sheet_state = "hidden"
    book.save(out)
    return out.getvalue()


def stored_file(name: str = "ban-in.pdf", actor: Any = None) -> StoredFile:
    """Return a kept PDF."""
    return files.keep(pdf_bytes(), name=name, media_type=files.PDF, actor=actor, pages=1)


# --- The campaign ------------------------------------------------------------------------------

RULING = {
    "reason": "Đoàn thanh tra kéo dài.",
    "decided_by": "Chánh Thanh tra",
    "document": "Công văn số 12/TTr-VP ngày 20/11/2025",
}


def extended(campaign: Campaign, unit: Unit | None, chief: Any, days: int = 5) -> WindowExtension:
    """Return a recorded extension with its document."""
    return extend_window(
        campaign=campaign,
        unit=unit,
        due_on=campaign.nominations_due_on + dt.timedelta(days=days),
        **RULING,
        file=stored_file("cong-van.pdf", chief),
        actor=chief,
        at=clock.now(),
    )


def limited(criterion: Criterion, most: int, unit: Unit | None = None) -> Quota:
    """Return a quota of one pair, for a unit or (None) for each."""
    return Quota.objects.create(
        award_form=criterion.award_form,
        subject_kind=criterion.subject_kind,
        unit=unit,
        most=most,
    )


def waived(criterion: Criterion, unit: Unit, chief: Any, extra_count: int = 1) -> QuotaWaiver:
    """Return a recorded waiver with its document, of a quota made for it if there is none."""
    pair = {"award_form": criterion.award_form, "subject_kind": criterion.subject_kind}
    if not Quota.objects.filter(**pair).exists():
        limited(criterion, 9)
    return waive_quota(
        criterion=criterion,
        unit=unit,
        extra_count=extra_count,
        **RULING,
        file=stored_file("cong-van.pdf", chief),
        actor=chief,
        at=clock.now(),
    )


# --- The hold register -------------------------------------------------------------------------


def held(subject: Person | Unit, keeper: Any, **facts: Any) -> Hold:
    """Return a live line about a person or a collective."""
    return open_hold(
        agency=subject.agency,
        subject=subject,
        **{**HOLD_FACTS, **facts},
        actor=keeper,
        at=clock.now(),
    )


HOLD_FACTS = {
    "kind": "complaint",
    "reason": "Đang xác minh đơn.",
    "opened_on": dt.date(2025, 11, 18),
    "document_number": "45/TTr-GQ",
    "document_on": dt.date(2025, 11, 17),
}


# --- The unit ----------------------------------------------------------------------------------


def draft_proposal(unit: Unit, head: Any, campaign: Campaign) -> Proposal:
    """Return the unit's proposal, still empty."""
    return proposals.open_proposal(campaign=campaign, unit=unit, actor=head, at=clock.now())


def nominate(
    proposal: Proposal, subject: Person | Unit, award_form: AwardForm, *, reason: str = ""
) -> Nomination:
    """Add a person or the collective to a proposal; the report is still empty."""
    is_person = isinstance(subject, Person)
    return proposals.add_nomination(
        proposal=proposal,
        award_form=award_form,
        subject_kind=SubjectKind.PERSON if is_person else SubjectKind.UNIT,
        person=subject if is_person else None,
        recipient_unit=None if is_person else subject,
        both_forms_reason=reason,
        actor=proposal.created_by,
        at=clock.now(),
    )


def claim(evidence: Evidence, statement: str = "Xử lý 12 đơn", page: int | None = 1) -> Claim:
    """Return a claim under the first heading of the report, proved by a page of the file."""
    nomination = Nomination.objects.get(pk=evidence.nomination_id)
    return add_claim(
        section=nomination.report.sections.order_by("heading__position").first(),
        evidence=evidence,
        page=page,
        statement=statement,
        actor=evidence.added_by,
        at=clock.now(),
    )


def write_report(nomination: Nomination, *, actor: Any = None, text: str = "Nội dung") -> None:
    """Write every heading of the report."""
    report = nomination.report
    report.refresh_from_db()
    reports.write_report(
        nomination=nomination,
        texts={
            section.heading_id: f"{text} mục {section.heading.number}."
            for section in report.sections.select_related("heading")
        },
        version=report.version,
        actor=actor or nomination.created_by,
        at=clock.now(),
    )


def hold_unit_meeting(proposal: Proposal, *, present: int = 7, in_favour: int = 6) -> None:
    """Record the department's meeting with votes for every nomination."""
    day = clock.local_day(clock.now()) - dt.timedelta(days=2)
    unit_papers.record_unit_meeting(
        proposal=proposal,
        facts={
            "held_at": clock.start_of(day) + dt.timedelta(hours=8),
            "ended_at": clock.start_of(day) + dt.timedelta(hours=9),
            "place": "Phòng họp số 1",
            "chair_name": "Lý Thị Đào",
            "secretary_name": "Vi Văn Đức",
            "total_count": 8,
            "present_count": present,
            "conclusion": "Thống nhất đề nghị.",
        },
        votes=dict.fromkeys(
            proposal.nominations.values_list("pk", flat=True), unit_papers.Votes(in_favour)
        ),
        actor=proposal.created_by,
        at=clock.now(),
    )


def signed_scan(proposal: Proposal, kind: str = "minutes", **declared: Any) -> SignedScan:
    """Put a signed paper beside the minutes or the letter."""
    return unit_papers.add_signed_scan(
        proposal=proposal,
        kind=PaperKind(kind),
        upload=upload(),
        declared=declared,
        actor=proposal.created_by,
        at=clock.now(),
    )


def complete(proposal: Proposal) -> Proposal:
    """Do everything that a proposal lacks: reports, the meeting, the letter."""
    for nomination in proposal.nominations.exclude(state="withdrawn"):
        write_report(nomination)
    hold_unit_meeting(proposal)
    unit_papers.write_letter(
        proposal=proposal,
        text="Kính đề nghị xem xét.",
        confirmed=True,
        actor=proposal.created_by,
        at=clock.now(),
    )
    return fresh(proposal)


def complete_proposal(
    unit: Unit, head: Any, campaign: Campaign, *subjects: tuple[Person | Unit, AwardForm]
) -> tuple[Proposal, list[Nomination]]:
    """Return a proposal that lacks nothing, and its nominations in the order of `subjects`."""
    proposal = draft_proposal(unit, head, campaign)
    nominations = [nominate(proposal, subject, form) for subject, form in subjects]
    return complete(proposal), [fresh(nomination) for nomination in nominations]


def submit(proposal: Proposal) -> Submission:
    """Send a proposal that lacks nothing; return its receipt."""
    return proposals.submit_proposal(proposal=proposal, actor=proposal.created_by, at=clock.now())


def shown(client: Any, url: str) -> dict[str, str]:
    """Open the page that sends and return what its button carries."""
    context = client.get(url).context
    return {"package": context["package"].file.sha256, "visit": str(context["visit"].pk)}


def sent(
    unit: Unit, head: Any, campaign: Campaign, *subjects: tuple[Person | Unit, AwardForm]
) -> list[Nomination]:
    """Return nominations that wait for review, in the order of `subjects`."""
    proposal, nominations = complete_proposal(unit, head, campaign, *subjects)
    submit(proposal)
    return [fresh(nomination) for nomination in nominations]


# --- The office and the signatory --------------------------------------------------------------


def fire(nomination: Nomination, action: str, actor: Any, *, note: str = "") -> Nomination:
    """Do one thing that people do directly to a nomination, confirmed by password."""
    return NOMINATION.fire(
        nomination, action, actor=actor, at=clock.now(), note=note, confirmed=True
    )


def accepted(nomination: Nomination, reviewer: Any) -> Nomination:
    return fire(nomination, "accept", reviewer)


def returned(nomination: Nomination, reviewer: Any, reason: str = "Ghi rõ mục 3.") -> Nomination:
    return fire(nomination, "return", reviewer, note=reason)


def declined(nomination: Nomination, reviewer: Any, reason: str = "Chưa đủ.") -> Nomination:
    return fire(nomination, "decline", reviewer, note=reason)


def approved(nomination: Nomination, signatory: Any, *, confirms: bool = True) -> Nomination:
    """Approve; its unit confirms the printed line at once, unless told otherwise."""
    done = fire(nomination, "approve", signatory)
    return confirmed(done) if confirms else done


def confirmed(
    nomination: Nomination, *, name: str = "", title: str = "", actor: Any = None, reason: str = ""
) -> Nomination:
    """Confirm the printed line of an approved nomination, as it stands or as told."""
    line = as_it_stands(nomination)
    line = dataclasses.replace(line, name=name or line.name, title=title or line.title)
    confirm_lines(
        proposal=nomination.proposal,
        lines=[line],
        reason=reason,
        actor=actor or nomination.proposal.created_by,
        at=clock.now(),
    )
    return fresh(nomination)


def refused(nomination: Nomination, signatory: Any, reason: str = "Chưa nổi bật.") -> Nomination:
    return fire(nomination, "refuse", signatory, note=reason)


# --- The registrar -----------------------------------------------------------------------------


def issued(award_form: AwardForm, registrar: Any, *, day: dt.date | None = None) -> Decision:
    """Give a decision its number, over all that was approved."""
    return decisions.issue_decision(
        award_form=award_form, issued_on=day or clock.today(), actor=registrar, at=clock.now()
    )


def printed(decision: Decision) -> Decision:
    """Stand in for the worker: the papers of a decision have been made."""
    decision.file = decision.certificates_file = stored_file("quyet-dinh.pdf")
    decision.save(update_fields=["file", "certificates_file"])
    decision.lines.update(certificate_file=decision.file)
    return decision


def closed(decision: Decision, registrar: Any, *, signed_on: dt.date | None = None) -> Decision:
    """Close a printed decision: its recipients stand in the register."""
    return decisions.close_decision(
        decision=decision,
        upload=upload(),
        signed_on=signed_on or clock.today(),
        actor=registrar,
        at=clock.now(),
    )


# --- The printing room -------------------------------------------------------------------------


def blank(
    agency: Agency, registrar: Any, *, name: str = "Phôi nền hoa", count: int = 0
) -> CertificateBlank:
    """Return a blank as the registrar would make it, with `count` of them received."""
    made = printing.create_blank(
        agency=agency, name=name, scan=None, layout={}, elements=OPEN_ELEMENTS, actor=registrar
    )
    if count:
        printing.receive_blanks(
            blank=made, count=count, note="", seen=0, actor=registrar, at=clock.now()
        )
    return made


def printer(agency: Agency, registrar: Any, *, name: str = "Máy in Văn thư") -> Printer:
    """Return a calibrated printer."""
    return printing.create_printer(
        agency=agency,
        name=name,
        right_mm=decimal.Decimal("1.5"),
        down_mm=decimal.Decimal("-0.5"),
        actor=registrar,
        at=clock.now(),
    )


def print_run(
    decision: Decision,
    registrar: Any,
    blank: CertificateBlank | None = None,
    printer: Printer | None = None,
    *,
    lines: Iterable[DecisionLine] | None = None,
    reason: str = "",
) -> PrintRun:
    """Print certificates of a decision, all of them unless told otherwise."""
    return printing.start_run(
        decision=decision,
        line_ids=[line.pk for line in (decision.lines.all() if lines is None else lines)],
        blank=blank,
        printer=printer,
        reason=reason,
        seen=decision.print_runs.count(),
        actor=registrar,
        at=clock.now(),
    )


def spoil(
    blank: CertificateBlank, registrar: Any, count: int, *, run: PrintRun | None = None
) -> BlankEntry:
    """Report blanks that cannot be used."""
    return printing.report_spoilt(
        blank=blank,
        count=count,
        reason="Kẹt giấy.",
        run=run,
        seen=blank.entries.count(),
        actor=registrar,
        at=clock.now(),
    )


def blank_fields() -> dict[str, Any]:
    """Return what the form of a blank sends."""
    sheet = CertificateSheet()
    places = {name: f"{getattr(sheet, name):g}".replace(".", ",") for name in FIELDS}
    return places | {
        "name": "Phôi mới",
        "elements": list(OPEN_ELEMENTS),
        "kept": "",
        "seen": "",
        "example": "",
    }


# --- The council and the superior --------------------------------------------------------------


def opened_meeting(council: Council, award_form: AwardForm, secretary: Any) -> CouncilMeeting:
    """Open a council meeting over all that was accepted for a form."""
    return council_acts.open_meeting(
        council=council,
        award_form=award_form,
        held_at=clock.now() - dt.timedelta(hours=2),
        place="Phòng họp tầng 2",
        actor=secretary,
        at=clock.now(),
    )


def counted(meeting: CouncilMeeting, secretary: Any, *, against: bool = False) -> CouncilMeeting:
    """Record the votes of every item: all for it, or all against it."""
    for item in AgendaItem.objects.filter(meeting=meeting):
        votes = item.eligible_count or 0
        council_acts.record_votes(
            item=item,
            for_count=0 if against else votes,
            against_count=votes if against else 0,
            actor=secretary,
            at=clock.now(),
        )
    return meeting


def closed_meeting(meeting: CouncilMeeting, secretary: Any) -> SubmissionLetter | None:
    """Close a counted meeting; return the letter to the superior, if anything was endorsed."""
    return council_acts.close_meeting(
        meeting=meeting,
        ended_at=clock.now() - dt.timedelta(hours=1),
        actor=secretary,
        at=clock.now(),
    )


def endorsed(council: Council, award_form: AwardForm, secretary: Any) -> SubmissionLetter:
    """Take everything accepted through a council meeting; return the drafted letter."""
    letter = closed_meeting(
        counted(opened_meeting(council, award_form, secretary), secretary), secretary
    )
    if letter is None:
        raise AssertionError("nothing was endorsed")
    return letter


def approved_letter(letter: SubmissionLetter, signatory: Any) -> SubmissionLetter:
    return LETTER.fire(letter, "approve", actor=signatory, at=clock.now(), confirmed=True)


def numbered_letter(
    letter: SubmissionLetter, registrar: Any, *, day: dt.date | None = None
) -> SubmissionLetter:
    """Give a signed-off letter its number: its nominations are with the superior."""
    return letters.number_letter(
        letter=letter, issued_on=day or clock.today(), actor=registrar, at=clock.now()
    )


def assembled(letter: SubmissionLetter) -> SubmissionLetter:
    """Stand in for the worker: the letter and its sets have been made."""
    letter.file = stored_file("to-trinh.pdf")
    letter.save(update_fields=["file"])
    return letter


def forwarded(letter: SubmissionLetter, signatory: Any, registrar: Any) -> SubmissionLetter:
    """Take a drafted letter to where its answer can be recorded."""
    if letter.state == LetterState.DRAFT:
        approved_letter(letter, signatory)
    return assembled(numbered_letter(letter, registrar))


def answered(letter: SubmissionLetter, clerk: Any, *, granted: bool = True) -> SuperiorOutcome:
    """Record what the superior decided on every line; return the last outcome."""
    outcomes = [
        letters.record_outcome(
            line=line,
            is_granted=granted,
            decision_number="2170/QĐ-UBND" if granted else "",
            decided_on=clock.today() if granted else None,
            reason="" if granted else "Chưa đủ tiêu chuẩn.",
            actor=clerk,
            at=clock.now(),
        )
        for line in letter.lines.all()
    ]
    return outcomes[-1]


# --- Small -------------------------------------------------------------------------------------


def fresh(record: Any) -> Any:
    """Return the record as it now stands in the database, with nothing cached."""
    return type(record)._base_manager.get(pk=record.pk)


def undone(act: Any, *args: Any, **kwargs: Any) -> Any:
    """Do something, return its result, and take it back: to try several people on one record."""
    with transaction.atomic():
        result = act(*args, **kwargs)
        transaction.set_rollback(True)
    return result


def dossier(letter: SubmissionLetter, actor: Any) -> Dossier:
    """Stand in for the worker: one set of a letter."""
    return Dossier.objects.create(
        letter=letter,
        set_number=1,
        file=stored_file("bo-01.pdf"),
        archive=stored_file("bo-01.zip"),
        created_by=actor,
    )
