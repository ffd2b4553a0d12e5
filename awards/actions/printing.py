"""The printing room: blanks come, are printed on or spoilt; printers are calibrated.

Locks in the order of the house: the decision, then the blank (its stock is a register), last the
log. The stock is counted from its rows under the lock of the blank, so it never goes below zero.
"""

import datetime as dt
import decimal
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from awards.models import (
    BlankEntry,
    BlankEntryKind,
    CertificateBlank,
    Decision,
    PrintedLine,
    Printer,
    PrintRun,
)
from awards.policy import REGISTRAR
from awards.queries import printing as reads
from awards.rules import printing as rules
from thidua.core import audit, jobs
from thidua.core.models import JobState, StoredFile
from thidua.core.workflow import Conflict, Refused, must
from units.models import Agency

_CHANGED = "Vừa có người sửa «{}». Hãy xem lại các số bên dưới rồi bấm lần nữa."


# --- Blanks ------------------------------------------------------------------------------------


@transaction.atomic
def create_blank(
    *,
    agency: Agency,
    name: str,
    scan: StoredFile | None,
    layout: Mapping[str, float],
    elements: Iterable[str],
    actor: Any,
) -> CertificateBlank:
    """Take a new kind of blank into use."""
    must(REGISTRAR.refuses(actor, None))
    blank = CertificateBlank(
        agency=agency, name=name, scan=scan, layout=dict(layout), elements=list(elements)
    )
    _save(blank, f"Cơ quan đã có phôi tên «{name}». Hãy đặt tên khác.")
    audit.record("create", blank, actor=actor, label="Thêm phôi giấy khen")
    return blank


@transaction.atomic
def edit_blank(
    *,
    blank: CertificateBlank,
    version: int,
    name: str,
    scan: StoredFile | None,
    layout: Mapping[str, float],
    elements: Iterable[str],
    is_active: bool,
    actor: Any,
) -> CertificateBlank:
    """Change what is printed on a blank and where; runs that were made keep their places."""
    must(REGISTRAR.refuses(actor, None))
    locked = CertificateBlank.objects.select_for_update(of=("self",), no_key=True).get(pk=blank.pk)
    wanted = {
        "name": name,
        "scan": scan or locked.scan,
        "layout": dict(layout),
        "elements": list(elements),
        "is_active": is_active,
    }
    return _edit(locked, version, wanted, actor, "Sửa phôi giấy khen")


@transaction.atomic
def receive_blanks(
    *, blank: CertificateBlank, count: int, note: str, seen: int, actor: Any, at: dt.datetime
) -> BlankEntry:
    """Enter blanks that came; `seen` is how many lines of the book the person saw."""
    must(REGISTRAR.refuses(actor, None))
    locked = _locked_book(blank, seen)
    entry = BlankEntry.objects.create(
        blank=locked,
        kind=BlankEntryKind.RECEIVED,
        count=count,
        reason=note,
        recorded_by=actor,
        recorded_at=at,
    )
    left = reads.left_of(locked)
    audit.record(
        "receive",
        locked,
        actor=actor,
        label="Nhận phôi",
        changes={"left": [left - count, left]},
        note=f"{count} tờ" + (f": {note}" if note else ""),
    )
    return entry


@transaction.atomic
def report_spoilt(
    *,
    blank: CertificateBlank,
    count: int,
    reason: str,
    run: PrintRun | None,
    seen: int,
    actor: Any,
    at: dt.datetime,
) -> BlankEntry:
    """Enter blanks that cannot be used.

    Those of a `run` were taken from the stock when it was printed; others are taken now.
    """
    must(REGISTRAR.refuses(actor, None))
    locked = _locked_book(blank, seen)
    before = reads.left_of(locked)
    if run is None:
        must(rules.blank_suffices(locked, before, count))
    else:
        counted = reads.runs_of(run.decision).get(pk=run.pk, blank=locked)
        must(rules.spoilt_of_run(run, counted.spoilt_count, counted.line_count, count))
    entry = BlankEntry.objects.create(
        blank=locked,
        kind=BlankEntryKind.SPOILT,
        count=count,
        reason=reason,
        run=run,
        recorded_by=actor,
        recorded_at=at,
    )
    label, note = "Báo phôi hỏng", f"{count} tờ: {reason}"
    changes = {"left": [before, before if run else before - count]}
    audit.record("spoil", locked, actor=actor, label=label, changes=changes, note=note)
    if run:
        audit.record("spoil", run, actor=actor, label=label, note=note)
    return entry


# --- Printers ----------------------------------------------------------------------------------


@transaction.atomic
def create_printer(
    *,
    agency: Agency,
    name: str,
    right_mm: decimal.Decimal,
    down_mm: decimal.Decimal,
    actor: Any,
    at: dt.datetime,
) -> Printer:
    """Name a printer; one that needs no shift may still have to be measured."""
    must(REGISTRAR.refuses(actor, None))
    printer = Printer(agency=agency, name=name, right_mm=right_mm, down_mm=down_mm)
    if right_mm or down_mm:
        printer.calibrated_by, printer.calibrated_at = actor, at
    _save(printer, f"Cơ quan đã có máy in tên «{name}». Hãy đặt tên khác.")
    audit.record("create", printer, actor=actor, label="Thêm máy in")
    return printer


@transaction.atomic
def edit_printer(
    *,
    printer: Printer,
    version: int,
    name: str,
    right_mm: decimal.Decimal,
    down_mm: decimal.Decimal,
    is_active: bool,
    actor: Any,
    at: dt.datetime,
) -> Printer:
    """Keep what was measured: the next sheets, and the next calibration sheet, are moved by it."""
    must(REGISTRAR.refuses(actor, None))
    locked = Printer.objects.select_for_update(of=("self",), no_key=True).get(pk=printer.pk)
    if (right_mm, down_mm) != (locked.right_mm, locked.down_mm):
        locked.calibrated_by, locked.calibrated_at = actor, at
    wanted = {"name": name, "right_mm": right_mm, "down_mm": down_mm, "is_active": is_active}
    return _edit(locked, version, wanted, actor, "Căn chỉnh, sửa máy in")


# --- Runs --------------------------------------------------------------------------------------


@transaction.atomic
def start_run(
    *,
    decision: Decision,
    line_ids: Iterable[int],
    blank: CertificateBlank | None,
    printer: Printer | None,
    reason: str,
    seen: int,
    actor: Any,
    at: dt.datetime,
) -> PrintRun:
    """Take the blanks, count the printings, and queue the file; `seen` is how many runs there were.

    Without a blank the whole sheet is printed; it may be moved for a printer as well.
    """
    must(REGISTRAR.refuses(actor, None))
    decision = (
        Decision.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign__agency", "award_form")
        .get(pk=decision.pk)
    )
    must(rules.certificates_are_made(decision))
    if decision.print_runs.count() != seen:
        raise Conflict(
            "Vừa có một lượt in khác của quyết định này. Hãy xem lại số lần đã in rồi bấm lần nữa."
        )
    wanted = set(line_ids)
    lines = [line for line in reads.lines_with_printings(decision) if line.pk in wanted]
    if not lines or len(lines) != len(wanted):
        raise Refused("Hãy chọn ít nhất một giấy khen trong danh sách.")
    again = [line.recipient_name for line in lines if line.printed_count]
    must(rules.reprint_says_why(again, reason))
    if blank:
        blank = _taken(blank, decision, printer, len(lines))
    elif printer and printer.agency_id != decision.agency_id:
        raise Refused("Máy in này không còn dùng. Hãy chọn máy in khác.")
    terms = reads.decision_terms(decision) | (blank.layout if blank else {})
    sheet = reads.sheet_of(terms, blank.elements if blank else None)
    run = PrintRun.objects.create(
        decision=decision,
        blank=blank,
        printer=printer,
        right_mm=printer.right_mm if printer else 0,
        down_mm=printer.down_mm if printer else 0,
        layout=reads.places_of(sheet),
        elements=sorted(sheet.elements),
        reason=reason if again else "",
        requested_by=actor,
        requested_at=at,
    )
    PrintedLine.objects.bulk_create(
        PrintedLine(run=run, line=line, ordinal=line.printed_count + 1) for line in lines
    )
    _queue(run, len(lines), actor)
    audit.record(
        "print_run",
        decision,
        actor=actor,
        label="In giấy khen",
        note=_told(run, len(lines), len(again)),
    )
    return run


@transaction.atomic
def run_again(*, run: PrintRun, actor: Any) -> None:
    """Queue the file of a run again after a failure; nothing is counted a second time."""
    must(REGISTRAR.refuses(actor, None))
    locked = PrintRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
    if locked.file_id:
        raise Refused("Bản in của lượt này đã có; bản đã tạo không thay đổi nữa.")
    latest = jobs.latest_for(locked)
    if latest and latest.state in {JobState.WAITING, JobState.RUNNING}:
        raise Refused("Bản in đang được tạo. Hãy đợi tạo xong.")
    _queue(locked, locked.lines.count(), actor)


# --- Parts -------------------------------------------------------------------------------------


def _taken(
    blank: CertificateBlank, decision: Decision, printer: Printer | None, count: int
) -> CertificateBlank:
    """Lock a blank, and see that it may be printed on and that enough are left."""
    locked = CertificateBlank.objects.select_for_update(of=("self",), no_key=True).get(pk=blank.pk)
    if locked.agency_id != decision.agency_id or not locked.is_active:
        raise Refused("Phôi này không còn dùng. Hãy chọn phôi khác.")
    if printer is None or printer.agency_id != decision.agency_id or not printer.is_active:
        raise Refused("Hãy chọn máy in: chữ in trên phôi được dời theo độ lệch của máy.")
    must(rules.blank_suffices(locked, reads.left_of(locked), count))
    return locked


def _queue(run: PrintRun, count: int, actor: Any) -> None:
    jobs.enqueue(
        "awards.jobs.make_print_run",
        run,
        label=f"Tạo bản in {count} giấy khen",
        actor=actor,
        total=count,
    )


def _told(run: PrintRun, count: int, again: int) -> str:
    on = f"trên phôi «{run.blank}»" if run.blank else "cả tờ trên giấy trắng"
    by = f", máy in «{run.printer}»" if run.printer else ""
    why = f"; in lại {again} giấy: {run.reason}" if again else ""
    return f"{count} giấy khen {on}{by}{why}"


def _locked_book(blank: CertificateBlank, seen: int) -> CertificateBlank:
    locked = CertificateBlank.objects.select_for_update(of=("self",), no_key=True).get(pk=blank.pk)
    if locked.entries.count() != seen:
        raise Conflict("Sổ phôi vừa có dòng mới. Hãy xem lại số còn rồi bấm lần nữa.")
    return locked


def _edit(row: Any, version: int, wanted: dict[str, Any], actor: Any, label: str) -> Any:
    if row.version != version:
        raise Conflict(_CHANGED.format(row))
    changes = {
        name: [_shown(getattr(row, name)), _shown(value)]
        for name, value in wanted.items()
        if getattr(row, name) != value
    }
    if not changes:
        return row
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    _save(row, f"Cơ quan đã có «{row.name}». Hãy đặt tên khác.")
    audit.record("edit", row, actor=actor, label=label, changes=changes)
    return row


def _shown(value: Any) -> Any:
    """Return a value as the log keeps it."""
    return value if isinstance(value, bool | dict | list | str) else str(value or "")


def _save(row: Any, taken: str) -> None:
    """Save; a name that the agency has already given is refused by the database."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(taken) from None
