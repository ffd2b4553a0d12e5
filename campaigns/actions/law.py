"""The law of an agency: loading packs, marking what was compared, mending what was wrong.

A pack is a file in `campaigns/law/`. Rows that stand already are never written over: an office
may have mended them. A correction says why, keeps the old values in the log, and takes away the
mark of comparison; a form of report is never written over at all, its correction is a new edition.
"""

import datetime as dt
import functools
import pathlib
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from campaigns import headings, terms
from campaigns.models import (
    AwardForm,
    CalendarDay,
    CampaignState,
    LegalBasis,
    Provision,
    ReportForm,
    ReportHeading,
    SubjectKind,
)
from thidua.core import audit, clock
from thidua.core.workflow import Conflict, Refused
from units.models import Agency

LawRow = LegalBasis | Provision | ReportForm | CalendarDay
PACKS = pathlib.Path(__file__).parent.parent / "law"
_TABLES = ("basis", "provision", "report_form", "day")


@functools.cache
def packs() -> Mapping[str, list[dict[str, Any]]]:
    """Return the rows of all packs by table, in the order of their files."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in _TABLES}
    for path in sorted(PACKS.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        if unknown := set(content) - set(_TABLES):
            raise ValueError(f"{path.name}: {unknown}")
        for table, found in content.items():
            rows[table] += found
    return rows


@transaction.atomic
def load_law(agency: Agency) -> None:
    """Add to `agency` the rows of the packs that it does not have yet."""
    law = packs()
    LegalBasis.objects.bulk_create(
        [LegalBasis(agency=agency, **row) for row in law["basis"]], ignore_conflicts=True
    )
    bases = {basis.code: basis for basis in LegalBasis.objects.filter(agency=agency)}
    Provision.objects.bulk_create(
        [_provision(agency, row, bases) for row in law["provision"]], ignore_conflicts=True
    )
    CalendarDay.objects.bulk_create(
        [CalendarDay(agency=agency, **row) for row in law["day"]], ignore_conflicts=True
    )
    standing = set(
        ReportForm.objects.filter(agency=agency).values_list("basis__code", "number").distinct()
    )
    for row in law["report_form"]:
        if (row["basis"], row["number"]) in standing:
            continue
        columns = {name: value for name, value in row.items() if name not in {"basis", "heading"}}
        form = ReportForm.objects.create(agency=agency, basis=bases[row["basis"]], **columns)
        ReportHeading.objects.bulk_create(
            [
                ReportHeading(form=form, position=position, **heading)
                for position, heading in enumerate(row.get("heading", []), start=1)
            ]
        )


def _provision(
    agency: Agency, row: Mapping[str, Any], bases: Mapping[str, LegalBasis]
) -> Provision:
    columns = {name: value for name, value in row.items() if name not in {"basis", "content"}}
    content = terms.stored(terms.read(row["kind"], row.get("content", {})))
    basis = bases[row["basis"]] if row.get("basis") else None
    return Provision(agency=agency, basis=basis, content=content, **columns)


# --- What was compared -------------------------------------------------------------------------


@transaction.atomic
def mark_verified(*, row: Any, version: int, actor: Any, at: dt.datetime) -> Any:
    """Say that `actor` has compared the row, as it was shown, with the official text."""
    row = _held(row, version)
    if row.is_verified:
        raise Refused(f"{row.verified_by.display_name} đã đối chiếu dòng này.")
    row.verified_by, row.verified_at = actor, at
    row.save(update_fields=["verified_by", "verified_at"])
    audit.record("verify", row, actor=actor, label="Đã đối chiếu với văn bản chính thức")
    return row


@transaction.atomic
def withdraw_mark(*, row: Any, reason: str, version: int, actor: Any) -> Any:
    """Take the mark of comparison away."""
    row = _held(row, version)
    if not row.is_verified:
        raise Refused("Dòng này chưa được đánh dấu đối chiếu.")
    row.verified_by = row.verified_at = None
    row.save(update_fields=["verified_by", "verified_at"])
    audit.record("unverify", row, actor=actor, label="Rút dấu đã đối chiếu", note=reason)
    return row


# --- What was wrong ----------------------------------------------------------------------------


@transaction.atomic
def correct(*, row: Any, columns: Mapping[str, Any], reason: str, version: int, actor: Any) -> Any:
    """Write `columns` over a row; the log keeps what stood before, the mark goes.

    Raises Conflict, telling what the other did, when `version` is not the row's any more.
    """
    row = _held(row, version)
    before = _words(row)
    for name, value in columns.items():
        setattr(row, name, value)
    changes = {
        label: [before[label], after]
        for label, after in _words(row).items()
        if before[label] != after
    }
    if not changes:
        raise Refused("Chưa có gì khác với nội dung đang có.")
    _check(row)
    row.verified_by = row.verified_at = None
    row.version += 1
    row.save()
    audit.record("correct", row, actor=actor, label="Sửa", changes=changes, note=reason)
    return row


@transaction.atomic
def add_basis(*, agency: Agency, columns: Mapping[str, Any], actor: Any) -> LegalBasis:
    """Add an instrument."""
    return _added(LegalBasis(agency=_agency(agency), **columns), actor, "Thêm văn bản")


@transaction.atomic
def follow_provision(*, provision: Provision, columns: Mapping[str, Any], actor: Any) -> Provision:
    """Add a row of the same kind and key from another day on; the rows that stand are kept."""
    agency = _agency(provision.agency)
    row = Provision(agency=agency, kind=provision.kind, key=provision.key, **columns)
    return _added(row, actor, "Thêm quy định cho thời gian khác")


@transaction.atomic
def add_day(*, agency: Agency, columns: Mapping[str, Any], actor: Any) -> CalendarDay:
    """Add a day to the calendar."""
    return _added(CalendarDay(agency=_agency(agency), **columns), actor, "Thêm ngày vào lịch")


@transaction.atomic
def add_days(
    *, agency: Agency, rows: Iterable[Mapping[str, Any]], actor: Any
) -> tuple[list[CalendarDay], list[dt.date]]:
    """Add days to the calendar; returns those added, and the days that stood there already."""
    agency = _agency(agency)
    standing = set(CalendarDay.objects.filter(agency=agency).values_list("day", flat=True))
    added, kept = [], []
    for row in rows:
        if row["day"] in standing:
            kept.append(row["day"])
        else:
            standing.add(row["day"])
            added.append(_added(CalendarDay(agency=agency, **row), actor, "Thêm ngày vào lịch"))
    return added, kept


@transaction.atomic
def remove_day(*, row: CalendarDay, reason: str, version: int, actor: Any, at: dt.datetime) -> None:
    """Take a day out of the calendar before it comes: no limit has been counted over it."""
    row = _held(row, version)
    if row.day <= clock.local_day(at):
        raise Refused("Ngày này đã qua nên không bỏ được nữa. Hãy sửa nếu ghi sai.")
    changes = {label: [text, ""] for label, text in _words(row).items() if text}
    audit.record("remove", row, actor=actor, label="Bỏ khỏi lịch", changes=changes, note=reason)
    row.delete()


@transaction.atomic
def new_edition(
    *,
    form: ReportForm,
    columns: Mapping[str, Any],
    rows: list[Mapping[str, Any]],
    reason: str,
    version: int,
    actor: Any,
) -> ReportForm:
    """Correct a form of report: a new edition with its headings; open campaigns move to it.

    `rows` are all headings in order, each with its `subject_kind`. Reports written under the old edition keep it.
    """
    old = _held(form, version)
    if old.replaced_by_id:
        raise Conflict("Mẫu này đã có bản sửa mới hơn. Hãy mở bản mới.")
    before = _words(old) | _heading_words(old)
    standing = {name: getattr(old, name) for name in ("label", "purpose", "article", "note")}
    edition = ReportForm(
        pk=_next_key(),
        agency=old.agency,
        basis=old.basis,
        number=old.number,
        edition=old.edition + 1,
        **(standing | dict(columns)),
    )
    # One edition of a form is current: the old one steps back before the new one stands.
    old.replaced_by_id = edition.pk
    old.version += 1
    old.save(update_fields=["replaced_by", "version"])
    edition.save(force_insert=True)
    ReportHeading.objects.bulk_create(
        ReportHeading(form=edition, position=position, **heading)
        for position, heading in enumerate(rows, start=1)
    )
    changes = {
        label: [before[label], after]
        for label, after in (_words(edition) | _heading_words(edition)).items()
        if before[label] != after
    }
    if not changes:
        raise Refused("Chưa có gì khác với nội dung đang có.")
    moved = AwardForm.objects.filter(report_form=old, campaign__state=CampaignState.OPEN)
    moved.update(report_form=edition)
    for record in (old, edition):
        audit.record(
            "correct", record, actor=actor, label="Lập bản sửa", changes=changes, note=reason
        )
    return edition


# --- Inside ------------------------------------------------------------------------------------


def _agency(agency: Agency) -> Agency:
    """Hold the agency, so that two people add one after the other."""
    return Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)


def _held(row: Any, version: int) -> Any:
    """Return the row locked; raises Conflict when it is not what the person had in sight."""
    model = type(row)
    found = model.objects.select_for_update(of=("self",), no_key=True).filter(pk=row.pk).first()
    if found is None:
        raise Conflict("Dòng này vừa được bỏ. Hãy mở lại danh sách.")
    if found.version != version:
        last = audit.history_of(found).last()
        raise Conflict(_told(last) if last else "Dòng này đã được sửa. Hãy xem lại rồi lưu.")
    return found


def _told(entry: Any) -> str:
    changes = "; ".join(f"{label}: {after}" for label, (_, after) in entry.changes.items())
    why = f" Lý do: {entry.note}" if entry.note else ""
    return (
        f"{entry.actor_name} vừa sửa trước bạn ({changes[:500]}).{why} "
        "Nội dung bạn gõ vẫn còn ở đây; lưu lần nữa sẽ thay nội dung ấy."
    )


def _check(row: Any) -> None:
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None


def _added(row: Any, actor: Any, label: str) -> Any:
    _check(row)
    row.save(force_insert=True)
    changes = {name: ["", text] for name, text in _words(row).items() if text}
    audit.record("create", row, actor=actor, label=label, changes=changes)
    return row


_NOT_TOLD = {"id", "agency", "verified_by", "verified_at", "version", "replaced_by", "edition"}


def _words(row: Any) -> dict[str, str]:
    """Return what a row says, each column under its name, as the log keeps it."""
    told: dict[str, str] = {}
    for field in row._meta.concrete_fields:
        if field.name in _NOT_TOLD:
            continue
        value = getattr(row, field.name)
        if field.name == "content":
            told |= dict(terms.told(row.kind, terms.read(row.kind, value)))
        elif field.choices:
            told[str(field.verbose_name)] = str(dict(field.flatchoices).get(value, value))
        elif isinstance(value, dt.date):
            told[str(field.verbose_name)] = f"{value:%d/%m/%Y}"
        else:
            told[str(field.verbose_name)] = "" if value is None else str(value)
    return told


def _heading_words(form: ReportForm) -> dict[str, str]:
    told = dict.fromkeys((f"các mục, {kind.label.lower()}" for kind in SubjectKind), "")
    for heading in form.headings.order_by("subject_kind", "position"):
        label = f"các mục, {heading.get_subject_kind_display().lower()}"
        told[label] += f"{headings.line_of(heading)}\n"
    return {label: text.strip() for label, text in told.items()}


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [ReportForm._meta.db_table]
        )
        key: int = cursor.fetchone()[0]
    return key
