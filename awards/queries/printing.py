"""Reads of the printing room: stock of blanks, printers, runs, the sheet that a run prints."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Length

from awards.models import (
    BlankEntry,
    BlankEntryKind,
    CertificateBlank,
    Decision,
    DecisionLine,
    PrintedLine,
    Printer,
    PrintRun,
)
from awards.queries.law import signing_law
from campaigns.models import AwardType, ProvisionKind
from campaigns.queries.law import provision_on
from campaigns.terms import measures
from thidua.core.certificates import ELEMENT_LABELS, FIELDS, VARIABLE_ELEMENTS, CertificateSheet
from units.models import Agency

# What a blank usually lacks, in the order of the sheet.
OPEN_ELEMENTS = tuple(element.value for element in ELEMENT_LABELS if element in VARIABLE_ELEMENTS)
RECENT_COUNT = 8
SHEET_AWARD = AwardType.COMMENDATION_LETTER


# --- Stock -------------------------------------------------------------------------------------


def _total(rows: QuerySet[Any], counted: Any) -> Coalesce:
    """Return the sum over the rows of one blank, 0 where there are none."""
    grouped = rows.order_by().values(key=F(_BLANK_OF[rows.model])).annotate(total=counted)
    return Coalesce(Subquery(grouped.values("total"), output_field=IntegerField()), 0)


_BLANK_OF = {BlankEntry: "blank_id", PrintedLine: "run__blank_id"}


def with_stock(blanks: QuerySet[CertificateBlank]) -> QuerySet[CertificateBlank]:
    """Add what came, what was printed (how much of it again), what is spoilt, what is left.

    A spoilt blank that names its run was taken from the stock by that run: it is counted as
    spoilt, and not taken a second time.
    """
    entries = BlankEntry.objects.filter(blank=OuterRef("pk"))
    spoilt = entries.filter(kind=BlankEntryKind.SPOILT)
    printed = PrintedLine.objects.filter(run__blank=OuterRef("pk"))
    return blanks.annotate(
        received_count=_total(entries.filter(kind=BlankEntryKind.RECEIVED), Sum("count")),
        printed_count=_total(printed, Count("pk")),
        reprinted_count=_total(printed.filter(ordinal__gt=1), Count("pk")),
        spoilt_count=_total(spoilt, Sum("count")),
        loose_count=_total(spoilt.filter(run__isnull=True), Sum("count")),
    ).annotate(left_count=F("received_count") - F("printed_count") - F("loose_count"))


def left_of(blank: CertificateBlank) -> int:
    """Return how many blanks are left; whoever acts on it holds the lock of the blank."""
    row = with_stock(CertificateBlank.objects.filter(pk=blank.pk)).get()
    left: int = row.left_count
    return left


def blanks_visible_to(user: Any) -> QuerySet[CertificateBlank]:
    """Return the blanks of the agency with their stock."""
    blanks = CertificateBlank.objects.visible_to(user).select_related("agency", "scan")
    return with_stock(blanks)


def entries_of(blank: CertificateBlank) -> QuerySet[BlankEntry]:
    """Return the book of a blank, newest first."""
    entries: QuerySet[BlankEntry] = blank.entries.select_related(
        "run__decision", "recorded_by__person"
    )
    return entries


def printers_visible_to(user: Any) -> QuerySet[Printer]:
    """Return the printers of the agency."""
    printers: QuerySet[Printer] = Printer.objects.visible_to(user).select_related(
        "agency", "calibrated_by__person"
    )
    return printers


# --- Runs --------------------------------------------------------------------------------------


def runs_visible_to(user: Any) -> QuerySet[Any]:
    """Return the runs of the agency with what every page of theirs shows."""
    return _counted(PrintRun.objects.visible_to(user)).select_related(
        "decision__campaign__agency__emblem",
        "decision__award_form",
        "blank",
        "printer",
        "file",
        "requested_by__person",
    )


def runs_of(decision: Decision) -> QuerySet[Any]:
    """Return the runs of a decision, newest first."""
    runs = _counted(decision.print_runs.all())
    return runs.select_related("blank", "printer", "file", "requested_by__person")


def _counted(runs: QuerySet[PrintRun]) -> QuerySet[Any]:
    spoilt = BlankEntry.objects.filter(run=OuterRef("pk")).order_by().values("run")
    total = spoilt.annotate(total=Sum("count")).values("total")
    return runs.annotate(
        line_count=Count("lines"),
        reprint_count=Count("lines", filter=Q(lines__ordinal__gt=1)),
        spoilt_count=Coalesce(Subquery(total, output_field=IntegerField()), 0),
    ).order_by("-pk")


@dataclasses.dataclass(frozen=True, slots=True)
class RunTotals:
    """Số đã in: over all runs of a decision."""

    printed: int
    reprinted: int
    spoilt: int


def totals_of_runs(runs: list[Any]) -> RunTotals:
    """Add up the runs of a decision."""
    return RunTotals(
        sum(run.line_count for run in runs),
        sum(run.reprint_count for run in runs),
        sum(run.spoilt_count for run in runs),
    )


def lines_with_printings(decision: Decision) -> QuerySet[Any]:
    """Return the list of a decision, each line with how often it was printed."""
    lines: QuerySet[Any] = decision.lines.annotate(printed_count=Count("printings")).order_by(
        "ordinal"
    )  # a query that counts forgets the order of its model
    return lines


def printed_lines_of(run: PrintRun) -> QuerySet[PrintedLine]:
    """Return what a run printed, in the order of the list."""
    return run.lines.select_related("line").order_by("line__ordinal")


def runs_open_to_spoilage(blank: CertificateBlank) -> list[PrintRun]:
    """Return the latest runs of a blank of which not every sheet is known to be spoilt."""
    runs = _counted(blank.print_runs.all()).select_related("decision")
    return list(runs.filter(line_count__gt=F("spoilt_count"))[:RECENT_COUNT])


# --- The sheet ---------------------------------------------------------------------------------


def law_terms(agency: Agency, day: dt.date) -> dict[str, float]:
    """Return the places that the law of a day gives, for a sheet without a decision."""
    held = provision_on(agency, ProvisionKind.CERTIFICATE_LAYOUT, SHEET_AWARD, day)
    return measures(held.terms if held else {})


def decision_terms(decision: Decision) -> dict[str, float]:
    """Return the places that stand with the decision since its number."""
    law = decision.signing_law or signing_law(decision.award_form, decision.issued_on)
    return measures(law["layout"]["terms"] if law["layout"] else {})


def sheet_of(terms: dict[str, float], elements: Iterable[str] | None = None) -> CertificateSheet:
    """Return the sheet with these places; without `elements` all of it is printed.

    Raises PaperError when it leaves the paper.
    """
    return CertificateSheet.of(terms if elements is None else {**terms, "elements": elements})


def places_of(sheet: CertificateSheet) -> dict[str, float]:
    """Return every place of a sheet, to be kept with a run."""
    return {name: getattr(sheet, name) for name in FIELDS}


def longest_line(user: Any) -> DecisionLine | None:
    """Return the line of the newest decision that fills its certificate most."""
    newest = Decision.objects.visible_to(user).order_by("-created_at", "-pk")[:1]
    return (
        DecisionLine.objects.filter(decision__in=newest)
        .select_related("decision__campaign__agency", "decision__award_form")
        .order_by((Length("recipient_name") + Length("recipient_title")).desc(), "ordinal")
        .first()
    )
