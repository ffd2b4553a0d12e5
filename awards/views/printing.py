"""The printing room: blanks and their book, printers, runs of certificates."""

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import printing as acts
from awards.forms.printing import (
    BlankForm,
    PlacesForm,
    PrinterForm,
    ReceiveForm,
    RunForm,
    SeenForm,
    SpoiltForm,
)
from awards.models import CertificateBlank, Printer
from awards.papers import printing as papers
from awards.policy import PRINTING_ROOM
from awards.queries import printing as reads
from awards.queries.registrar import decisions_visible_to
from awards.rules.printing import certificates_are_made
from thidua.core import audit, clock, files, jobs
from thidua.core.answers import refusals
from thidua.core.certificates import FIELDS, Shift, calibration_sheet
from thidua.core.kept import kept_file, ticket
from thidua.core.models import StoredFile
from thidua.core.permissions import Role, allow, roles_of
from thidua.core.workflow import Conflict, Refused
from units.models import Agency

READERS = tuple(sorted(PRINTING_ROOM))
_ASKED = ("GET", "POST")


@allow(*READERS)
@require_GET
def printing_room(request: HttpRequest) -> HttpResponse:
    """Phôi và máy in: what is in stock, which printers are calibrated, what was printed last."""
    context = {
        "blanks": reads.blanks_visible_to(request.user),
        "printers": reads.printers_visible_to(request.user),
        "runs": reads.runs_visible_to(request.user)[: reads.RECENT_COUNT],
        "may_work": _works(request),
    }
    return render(request, "awards/printing_room.html", context)


# --- Blanks ------------------------------------------------------------------------------------


@allow(*READERS)
@require_GET
def blank_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One blank: its stock, its book, how it is printed on."""
    blank = _blank(request, pk)
    context = {
        "blank": blank,
        "entries": reads.entries_of(blank),
        "printers": reads.printers_visible_to(request.user).filter(is_active=True),
        "preview_url": _preview_url({"blank": blank.pk}),
        "history": audit.history_of(blank),
        "may_work": _works(request),
    }
    return render(request, "awards/blank_detail.html", context)


@allow(Role.REGISTRAR)
@require_http_methods(_ASKED)
def blank_create(request: HttpRequest) -> HttpResponse:
    """Take a new kind of blank into use."""
    return _blank_page(request, None)


@allow(Role.REGISTRAR)
@require_http_methods(_ASKED)
def blank_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is printed on a blank, and where."""
    return _blank_page(request, _blank(request, pk))


def _blank_page(request: HttpRequest, blank: CertificateBlank | None) -> HttpResponse:
    agency = _agency(request)
    terms = _terms(agency, blank)
    asked = {"blank": blank.pk} if blank else {}
    form = BlankForm(
        *_sent(request),
        terms=terms,
        **({"elements": blank.elements} if blank else {}),
        initial={"name": blank.name, "is_active": blank.is_active, "seen": blank.version}
        if blank
        else {},
        is_new=blank is None,
        preview_url=_preview_url(asked),
    )
    form.cancel_url = blank.get_absolute_url() if blank else reverse("printing_room")
    scan = _scan_of(request, form)
    wants_look = "preview" in request.POST
    if request.method == "POST" and form.is_valid() and not wants_look:
        wanted = {
            "name": form.cleaned_data["name"],
            "scan": scan,
            "layout": form.places,
            "elements": form.cleaned_data["elements"],
            "actor": request.user,
        }
        with _renewing(request, form, _version_of(blank)):
            if blank:
                blank = acts.edit_blank(
                    blank=blank,
                    version=form.cleaned_data["seen"],
                    is_active=form.cleaned_data["is_active"],
                    **wanted,
                )
            else:
                blank = acts.create_blank(agency=agency, **wanted)
            messages.success(request, f"Đã lưu phôi «{blank}».")
            return redirect(blank)
    if form.is_bound:
        asked |= _asked_places(form)
    context = {
        "blank": blank,
        "form": form,
        "kept": scan,
        "preview_url": _preview_url(asked) if not form.is_bound or form.is_valid() else "",
    }
    return render(request, "awards/blank_edit.html", context)


@allow(Role.REGISTRAR)
@require_GET
def blank_preview(request: HttpRequest) -> HttpResponse:
    """Show an example over the scan of a blank: the picture, or for htmx what shows it.

    The address holds what the form holds; without it the blank is shown as it was saved.
    """
    agency = _agency(request)
    blank = _asked_blank(request)
    terms = _terms(agency, blank)
    elements = blank.elements if blank else reads.OPEN_ELEMENTS
    has_places = "elements" in request.GET
    form = PlacesForm(request.GET if has_places else None, terms=terms, elements=elements)
    if has_places and not form.is_valid():
        return render(request, "awards/blank_preview.html", {"form": form})
    asked = ({"blank": blank.pk} if blank else {}) | (_asked_places(form) if has_places else {})
    if request.htmx:
        return render(request, "awards/blank_preview.html", {"preview_url": _preview_url(asked)})
    sheet = form.sheet if has_places else reads.sheet_of(terms, elements)
    name = form.cleaned_data["example"] if has_places else ""
    picture = papers.preview(
        papers.example_paper(agency, request.user, name),
        sheet,
        agency,
        kept_file(request) or (blank.scan if blank else None),
    )
    return files.send_content(picture, name="xem-thu.png", media_type="image/png", inline=True)


@allow(*READERS)
@require_GET
def blank_scan_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the scan of a blank."""
    return _shown(_blank(request, pk).scan)


@allow(Role.REGISTRAR)
@require_http_methods(_ASKED)
def blank_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter blanks that came."""
    blank = _blank(request, pk)
    form = ReceiveForm(_posted(request), initial={"seen": blank.entries.count()})
    form.cancel_url = blank.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with _renewing(request, form, blank.entries.count):
            entry = acts.receive_blanks(
                blank=blank,
                count=form.cleaned_data["count"],
                note=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, f"Đã ghi vào sổ phôi: {entry}.")
            return redirect(blank)
    return render(request, "awards/blank_receive.html", {"blank": blank, "form": form})


@allow(Role.REGISTRAR)
@require_http_methods(_ASKED)
def blank_spoil(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter blanks that cannot be used."""
    blank = _blank(request, pk)
    initial = {"seen": blank.entries.count(), "run": request.GET.get("run", "")}
    runs = reads.runs_open_to_spoilage(blank)
    form = SpoiltForm(_posted(request), runs=runs, initial=initial)
    form.cancel_url = blank.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with _renewing(request, form, blank.entries.count):
            entry = acts.report_spoilt(
                blank=blank,
                count=form.cleaned_data["count"],
                reason=form.cleaned_data["reason"],
                run=form.chosen_run,
                seen=form.cleaned_data["seen"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, f"Đã ghi vào sổ phôi: {entry}.")
            return redirect(blank)
    return render(request, "awards/blank_spoil.html", {"blank": blank, "form": form})


# --- Printers ----------------------------------------------------------------------------------


@allow(Role.REGISTRAR)
@require_http_methods(_ASKED)
def printer_create(request: HttpRequest) -> HttpResponse:
    """Name a printer."""
    form = PrinterForm(_posted(request), is_new=True)
    form.cancel_url = reverse("printing_room")
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            printer = acts.create_printer(
                agency=_agency(request),
                name=form.cleaned_data["name"],
                right_mm=form.cleaned_data["right_mm"],
                down_mm=form.cleaned_data["down_mm"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, f"Đã thêm máy in «{printer}». Hãy in tờ căn chỉnh và đo.")
            return redirect("printer_edit", printer.pk)
    return render(request, "awards/printer_edit.html", {"form": form})


@allow(Role.REGISTRAR)
@require_http_methods(_ASKED)
def printer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Calibrate a printer: its sheet, what was measured on it, and the sheet again."""
    printer = _printer(request, pk)
    names = ("name", "right_mm", "down_mm", "is_active")
    initial = {name: getattr(printer, name) for name in names} | {"seen": printer.version}
    form = PrinterForm(_posted(request), initial=initial)
    form.cancel_url = reverse("printing_room")
    if request.method == "POST" and form.is_valid():
        with _renewing(request, form, _version_of(printer)):
            acts.edit_printer(
                printer=printer,
                version=form.cleaned_data["seen"],
                **{name: form.cleaned_data[name] for name in names},
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, "Đã lưu máy in. Tờ căn chỉnh in sau đã được dời theo.")
            return redirect("printer_edit", printer.pk)
    context = {"printer": printer, "form": form, "history": audit.history_of(printer)}
    return render(request, "awards/printer_edit.html", context)


@allow(*READERS)
@require_GET
def printer_calibration_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Print the calibration sheet of a printer, for the law's sheet or for a blank."""
    printer = _printer(request, pk)
    blank = _asked_blank(request)
    elements = blank.elements if blank else None
    content = calibration_sheet(
        reads.sheet_of(_terms(_agency(request), blank), elements),
        Shift(float(printer.right_mm), float(printer.down_mm)),
        printer.name,
    )
    return files.send_content(content, name="to-can-chinh.pdf", media_type=files.PDF, inline=True)


# --- Runs --------------------------------------------------------------------------------------


@allow(Role.REGISTRAR)
@require_http_methods(_ASKED)
def print_run_create(request: HttpRequest, pk: int) -> HttpResponse:
    """In giấy khen: choose lines, what is printed on, the printer."""
    decision = get_object_or_404(decisions_visible_to(request.user), pk=pk)
    refusal = certificates_are_made(decision)
    if request.method == "GET" and refusal:
        messages.error(request, refusal)
        return redirect(decision)
    lines = list(reads.lines_with_printings(decision))
    form = RunForm(
        _posted(request),
        lines=lines,
        blanks=reads.blanks_visible_to(request.user).filter(is_active=True),
        printers=reads.printers_visible_to(request.user).filter(is_active=True),
        initial={"seen": decision.print_runs.count()},
    )
    if request.method == "POST" and form.is_valid():
        with _renewing(request, form, decision.print_runs.count):
            run = acts.start_run(
                decision=decision,
                line_ids=[int(key) for key in form.cleaned_data["lines"]],
                blank=form.cleaned_data["blank"],
                printer=form.cleaned_data["printer"],
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
                actor=request.user,
                at=clock.now(),
            )
            messages.success(request, "Đang tạo bản in. Xong thì mở tệp bên dưới để in.")
            return redirect(run)
    context = {"decision": decision, "form": form, "lines": lines}
    return render(request, "awards/print_run_create.html", context)


@allow(*READERS)
@require_GET
def print_run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: its progress, its file, what it printed and how often."""
    run = get_object_or_404(reads.runs_visible_to(request.user), pk=pk)
    job = jobs.latest_for(run)
    context = {
        "run": run,
        "job": job,
        "lines": reads.printed_lines_of(run),
        "history": audit.history_of(run),
        "may_work": _works(request),
        "may_try_again": _works(request) and not run.file_id and (job is None or job.is_over),
    }
    return render(request, "awards/print_run_detail.html", context)


@allow(*READERS)
@require_GET
def print_run_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the file of a run, for the printer."""
    return _shown(get_object_or_404(reads.runs_visible_to(request.user), pk=pk).file)


@allow(Role.REGISTRAR)
@require_POST
def print_run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the file of a run after a failure."""
    run = get_object_or_404(reads.runs_visible_to(request.user), pk=pk)
    with refusals(request):
        acts.run_again(run=run, actor=request.user)
        messages.success(request, "Đang tạo lại bản in.")
    return redirect(run)


# --- Parts -------------------------------------------------------------------------------------


def _agency(request: HttpRequest) -> Agency:
    """Return the agency of the account; one without has no such page."""
    agency: Agency | None = request.user.agency
    if agency is None:
        raise Http404
    return agency


def _blank(request: HttpRequest, pk: int) -> CertificateBlank:
    return get_object_or_404(reads.blanks_visible_to(request.user), pk=pk)


def _asked_blank(request: HttpRequest) -> CertificateBlank | None:
    """Return the blank that the address names, if it names one."""
    key = request.GET.get("blank", "")
    return _blank(request, int(key)) if re.fullmatch(r"[0-9]{1,9}", key) else None


def _printer(request: HttpRequest, pk: int) -> Printer:
    return get_object_or_404(reads.printers_visible_to(request.user), pk=pk)


def _works(request: HttpRequest) -> bool:
    return Role.REGISTRAR in roles_of(request.user)


def _shown(stored: StoredFile | None) -> HttpResponseBase:
    if stored is None:
        raise Http404
    return files.send(stored, inline=True)


def _terms(agency: Agency, blank: CertificateBlank | None) -> dict[str, float]:
    """Return every place of the sheet of today's law, under those of the blank."""
    law = reads.places_of(reads.sheet_of(reads.law_terms(agency, clock.today())))
    return law | (blank.layout if blank else {})


def _preview_url(asked: dict[str, Any]) -> str:
    query = urlencode(asked, doseq=True)
    return reverse("blank_preview") + (f"?{query}" if query else "")


def _asked_places(form: PlacesForm) -> dict[str, Any]:
    """Return what the preview has to know of a form that came, as it was typed."""
    names = [name for name in ("example", "kept", *FIELDS) if form.data.get(name)]
    return {name: form.data[name] for name in names} | {"elements": form["elements"].value() or []}


@contextlib.contextmanager
def _renewing(request: HttpRequest, form: SeenForm, present: Callable[[], int]) -> Iterator[None]:
    """Say a refusal in the form; after a conflict the next press knows what stands now."""
    with refusals(request, form):
        try:
            yield
        except Conflict:
            form.renew(present())
            raise


def _version_of(record: Any) -> Callable[[], int]:
    """Return what asks for the version that stands now."""
    return lambda: type(record).objects.get(pk=record.pk).version if record else 0


def _posted(request: HttpRequest) -> Any:
    # Nothing filled in is still something sent: «or None» would leave such a form unanswered.
    return request.POST if request.method == "POST" else None


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _scan_of(request: HttpRequest, form: BlankForm) -> StoredFile | None:
    """Return the scan that came, now or with an earlier try, so that nobody chooses it twice."""
    if request.method != "POST":
        return None
    form.full_clean()  # an error of the file is added to those of the fields
    upload = request.FILES.get("scan")
    if upload is None or "scan" in form.errors:
        return kept_file(request)
    try:
        stored = files.accept_upload(upload, actor=request.user, images_only=True)
    except Refused as refusal:
        form.add_error("scan", str(refusal))
        return None
    form.change("kept", ticket(stored, request.user))
    return stored
