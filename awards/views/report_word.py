"""Đọc từ tệp Word: a report that is written already, shown heading by heading before it is used."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from awards.actions import reports
from awards.forms.reports import WordFileForm, WordUseForm
from awards.models import AchievementReport, Nomination
from awards.queries import desk
from awards.rules.nomination import window_is_open
from awards.rules.past_awards import AwardRow
from awards.rules.report import same_text
from awards.rules.report_reading import Reading, read_report
from awards.views.doors import REPORT_WRITERS
from awards.views.reports import kept_rows
from campaigns.models import ReportHeading
from thidua.core import clock, files, word_reading
from thidua.core.answers import refusals
from thidua.core.permissions import allow
from thidua.core.workflow import Conflict, Refused


@dataclasses.dataclass(frozen=True, slots=True)
class ReadPart:
    """One heading: what the file holds beside what stands."""

    heading: ReportHeading
    text: str
    rows: list[AwardRow]
    standing: str
    standing_rows: list[AwardRow]

    @property
    def is_read(self) -> bool:
        return bool(self.text or self.rows)

    @property
    def is_same(self) -> bool:
        return same_text(self.text, self.standing) and self.rows == self.standing_rows

    @property
    def differs(self) -> bool:
        """Whether something else stands there: then somebody chooses."""
        stands = bool(self.standing or self.standing_rows)
        return self.is_read and stands and not self.is_same


@allow(*REPORT_WRITERS)
@require_http_methods(["GET", "POST"])
def report_word(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report written in Word; it is kept, and shown before anything changes."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    form = WordFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = WordFileForm(request.POST, request.FILES)
        if form.is_valid():
            with refusals(request, form, field="file"):
                reports.keep_word_file(
                    nomination=nomination,
                    upload=form.cleaned_data["file"],
                    actor=request.user,
                    at=clock.now(),
                )
                return redirect("report_word_use", pk=nomination.pk)
    return render(
        request,
        "awards/report_word.html",
        {
            "nomination": nomination,
            "form": form,
            "closed": window_is_open(nomination, clock.now()),
        },
    )


@allow(*REPORT_WRITERS)
@require_http_methods(["GET", "POST"])
def report_word_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was read beside what stands, and write it into the report when it is wanted."""
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    report = nomination.report
    if report.word_file is None:
        return redirect("report_word", pk=nomination.pk)
    try:
        reading = _read(nomination)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("report_word", pk=nomination.pk)
    parts = _parts(nomination, reading)
    differing = [part.heading for part in parts if part.differs]
    form = WordUseForm(differing=differing, initial={"version": report.version})
    if request.method == "POST":
        form = WordUseForm(request.POST, differing=differing)
        if form.is_valid() and _used(request, nomination, reading, form):
            return redirect("report_edit", pk=nomination.pk)
    context: dict[str, Any] = {
        "nomination": nomination,
        "form": form,
        "parts": [(part, _choice(form, part)) for part in parts],
        "reading": reading,
        "file": report.word_file,
        "version": AchievementReport.objects.values_list("version", flat=True).get(pk=report.pk),
        "closed": window_is_open(nomination, clock.now()),
    }
    return render(request, "awards/report_word_use.html", context)


@allow(*REPORT_WRITERS)
@require_GET
def report_word_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the Word file back to those who write the report."""
    nomination = get_object_or_404(
        desk.nominations_to_write(request.user).filter(report__word_file__isnull=False), pk=pk
    )
    return files.send(nomination.report.word_file)


def _read(nomination: Nomination) -> Reading:
    agency, unit = nomination.campaign.agency, nomination.proposal.unit
    known = (
        nomination.recipient_name,
        nomination.recipient_title,
        f"{nomination.recipient_name}, {nomination.recipient_title}",
        nomination.award_form.name,
        nomination.report.form.label,
        unit.name,
        unit.head_title,
        agency.name,
        agency.paper_name,
        agency.paper_parent,
        agency.place,
        nomination.campaign.short_title,
    )
    blocks = word_reading.read(files.read(nomination.report.word_file))
    return read_report(blocks, list(desk.headings_of(nomination)), known)


def _parts(nomination: Nomination, reading: Reading) -> list[ReadPart]:
    standing = dict(nomination.report.sections.values_list("heading_id", "text"))
    rows = kept_rows(nomination.report)
    return [
        ReadPart(
            heading,
            reading.texts.get(heading.pk, ""),
            reading.rows.get(heading.pk, []),
            standing.get(heading.pk, ""),
            rows.get(heading.pk, []),
        )
        for heading in desk.headings_of(nomination)
        if not heading.is_group
    ]


def _choice(form: WordUseForm, part: ReadPart) -> Any:
    return form[f"use_{part.heading.pk}"] if part.differs else None


def _used(
    request: HttpRequest, nomination: Nomination, reading: Reading, form: WordUseForm
) -> bool:
    """Write what was read; tell why not when somebody has written meanwhile."""
    try:
        report = reports.use_word_file(
            nomination=nomination,
            reading=reading,
            choices=form.choices,
            version=form.cleaned_data["version"] or 0,
            actor=request.user,
            at=clock.now(),
        )
    except Conflict:
        form.add_error(
            None, "Báo cáo vừa được lưu ở nơi khác. Hãy so sánh lại rồi bấm «Dùng nội dung này»."
        )
        return False
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request,
        "Đã đưa nội dung tệp Word vào báo cáo. Còn phần chưa xếp được ở đầu trang."
        if report.unplaced
        else "Đã đưa nội dung tệp Word vào báo cáo.",
    )
    return True
