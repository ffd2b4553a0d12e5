"""Quy định pháp luật: reading the law of the agency, marking what was compared, mending it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import forms_law
from campaigns.actions import law as actions
from campaigns.models import CalendarDay, LegalBasis, Provision, ReportForm
from campaigns.queries import law as queries
from thidua.core import audit, clock
from thidua.core.permissions import ANYONE, OFFICE, allow, roles_of
from thidua.core.workflow import Conflict, Refused

_TABLES: dict[str, Any] = {
    "basis": LegalBasis,
    "provision": Provision,
    "report_form": ReportForm,
    "calendar_day": CalendarDay,
}
_FORCES = (("Đang có hiệu lực", "ok"), ("Chưa có hiệu lực", "info"), ("Hết hiệu lực", ""))


# --- Reading -----------------------------------------------------------------------------------


@allow(*ANYONE)
@require_GET
def law_list(request: HttpRequest) -> HttpResponse:
    """List the instruments in order of force, what ends soon first of all."""
    day = clock.today()
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(queries.KINDS) else ""
    packs = queries.packs_of(request.user, kind)
    groups: dict[tuple[str, str], list[queries.Pack]] = {force: [] for force in _FORCES}
    for pack in packs:
        if pack.basis:
            groups[_force(pack.basis, day)].append(pack)
    agency_id = getattr(request.user, "agency_id", None)
    context = {
        "groups": [(*force, found) for force, found in groups.items() if found],
        "own": next((pack for pack in packs if pack.basis is None), None),
        "ending": queries.ending_soon(agency_id, day) if agency_id else [],
        "kinds": queries.KINDS,
        "kind": kind,
        "verified_count": sum(pack.verified_count for pack in packs),
        "total_count": sum(len(pack.rows) for pack in packs),
        "may_edit": _may_edit(request),
    }
    return render(request, "campaigns/law_list.html", context)


@allow(*ANYONE)
@require_GET
def law_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an instrument with its provisions, forms, doubts and history."""
    basis = _row(request, "basis", pk)
    day = clock.today()
    context = {
        "basis": basis,
        "pack": next(p for p in queries.packs_of(request.user) if p.basis == basis),
        "force": _force(basis, day),
        "is_ending": basis in queries.ending_soon(basis.agency_id, day),
        "history": audit.history_of(basis),
        "may_edit": _may_edit(request),
    }
    return render(request, "campaigns/law_detail.html", context)


@allow(*ANYONE)
@require_GET
def provision_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a provision, and what held of it at other times."""
    provision = _row(request, "provision", pk)
    held = queries.provision_on(provision.agency_id, provision.kind, provision.key, clock.today())
    context = {
        "provision": queries.with_words([provision])[0],
        "rows": queries.rows_of_key(provision),
        "held_pk": held.provision.pk if held else None,
        "history": audit.history_of(provision),
        "may_edit": _may_edit(request),
    }
    return render(request, "campaigns/law_provision.html", context)


@allow(*ANYONE)
@require_GET
def report_form_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a form of report with its headings."""
    form = _row(request, "report_form", pk)
    headings = list(form.headings.all())
    kinds = dict(form.headings.model._meta.get_field("subject_kind").flatchoices)
    context = {
        "report_form": form,
        "groups": [
            (label, found)
            for kind, label in kinds.items()
            if (found := [row for row in headings if row.subject_kind == kind])
        ],
        "newest": _newest(form),
        "history": audit.history_of(form),
        "may_edit": _may_edit(request),
    }
    return render(request, "campaigns/law_report_form.html", context)


@allow(*ANYONE)
@require_GET
def calendar_list(request: HttpRequest) -> HttpResponse:
    """List the days off of a year, and the days off that are worked."""
    days = CalendarDay.objects.visible_to(request.user)
    years = sorted({day.year for day in days.values_list("day", flat=True)})
    asked = request.GET.get("year", "")
    known = {str(year): year for year in years}
    year = known.get(asked, clock.today().year)
    context = {
        "rows": days.filter(day__year=year).select_related("verified_by__person"),
        "years": years,
        "year": year,
        "may_edit": _may_edit(request),
        "day": clock.today(),
    }
    return render(request, "campaigns/law_calendar.html", context)


# --- Comparing ---------------------------------------------------------------------------------


@allow(*OFFICE)
@require_POST
def verify(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """Mark a row, as it was shown, as compared with the official text."""
    row = _row(request, table, pk)
    version = request.POST.get("version", "")
    try:
        actions.mark_verified(
            row=row,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,  # noqa: PLR2004 -- digits
            actor=request.user,
            at=clock.now(),
        )
    except Conflict:
        messages.error(request, "Dòng này vừa được sửa. Hãy đọc lại rồi đánh dấu.")
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã ghi: bạn đã đối chiếu «{row}» với văn bản chính thức.")
    return redirect(_place(row))


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def unverify(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """Take the mark away, with a reason."""
    row = _row(request, table, pk)
    form = _form(request, forms_law.ReasonForm, row)
    form.submit_label = "Rút dấu đã đối chiếu"

    def act() -> Any:
        return actions.withdraw_mark(
            row=row, reason=form.why, version=form.cleaned_data["version"], actor=request.user
        )

    if _done(request, form, row, act):
        messages.success(request, f"Đã rút dấu đối chiếu của «{row}».")
        return redirect(_place(row))
    return _page(request, form, "Rút dấu đã đối chiếu", row, back=_place(row))


# --- Mending -----------------------------------------------------------------------------------


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def law_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an instrument."""
    return _correct(request, _row(request, "basis", pk), forms_law.BasisCorrectForm)


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def provision_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a provision."""
    row = _row(request, "provision", pk)
    return _correct(request, row, forms_law.ProvisionCorrectForm, provision=row)


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def calendar_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a day of the calendar."""
    return _correct(request, _row(request, "calendar_day", pk), forms_law.CalendarDayCorrectForm)


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def report_form_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a form of report: what is written becomes a new edition."""
    row = _row(request, "report_form", pk)
    if request.method == "GET" and row.replaced_by_id:
        return redirect("report_form_edit", pk=_newest(row).pk)
    form = _form(request, forms_law.ReportFormForm, row)

    def act() -> Any:
        return actions.new_edition(
            form=row,
            columns=form.columns(),
            rows=form.rows,
            reason=form.why,
            version=form.cleaned_data["version"],
            actor=request.user,
        )

    if edition := _done(request, form, row, act):
        messages.success(request, "Đã lập bản sửa của mẫu. Báo cáo đã viết giữ mẫu cũ.")
        return redirect(edition)
    return _page(request, form, "Sửa mẫu báo cáo", row, back=row.get_absolute_url())


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def calendar_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a day that has not come yet."""
    row = _row(request, "calendar_day", pk)
    form = _form(request, forms_law.ReasonForm, row)
    form.submit_label = "Bỏ khỏi lịch"

    def act() -> bool:
        actions.remove_day(
            row=row,
            reason=form.why,
            version=form.cleaned_data["version"],
            actor=request.user,
            at=clock.now(),
        )
        return True

    back = f"{reverse('calendar_list')}?year={row.day.year}"
    if _done(request, form, row, act):
        messages.success(request, f"Đã bỏ {row} khỏi lịch.")
        return redirect(back)
    return _page(request, form, "Bỏ ngày khỏi lịch", row, back=back)


# --- Adding ------------------------------------------------------------------------------------


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def law_create(request: HttpRequest) -> HttpResponse:
    """Add an instrument."""
    form = _form(request, forms_law.BasisCreateForm)

    def act() -> Any:
        return actions.add_basis(
            agency=_agency(request), columns=form.columns(), actor=request.user
        )

    if basis := _done(request, form, None, act):
        messages.success(request, f"Đã thêm {basis} vào danh mục.")
        return redirect(basis)
    return _page(request, form, "Thêm văn bản", None, back=reverse("law_list"))


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def provision_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Add what holds instead of a provision from another day on."""
    row = _row(request, "provision", pk)
    form = _form(request, forms_law.ProvisionNextForm, row, provision=row)

    def act() -> Any:
        return actions.follow_provision(provision=row, columns=form.columns(), actor=request.user)

    if added := _done(request, form, None, act):
        messages.success(request, f"Đã thêm quy định áp dụng từ {added.in_force_on:%d/%m/%Y}.")
        return redirect(added)
    return _page(
        request, form, "Thêm quy định cho thời gian khác", row, back=row.get_absolute_url()
    )


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def calendar_create(request: HttpRequest) -> HttpResponse:
    """Add a day to the calendar."""
    form = _form(request, forms_law.CalendarDayForm)

    def act() -> Any:
        return actions.add_day(agency=_agency(request), columns=form.columns(), actor=request.user)

    if row := _done(request, form, None, act):
        messages.success(request, f"Đã thêm {row}.")
        return redirect(_place(row))
    return _page(request, form, "Thêm ngày vào lịch", None, back=reverse("calendar_list"))


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def calendar_import(request: HttpRequest) -> HttpResponse:
    """Add the days of a year as they were pasted; those that stand already are left as they are."""
    form = _form(request, forms_law.CalendarImportForm)

    def act() -> Any:
        return actions.add_days(agency=_agency(request), rows=form.rows(), actor=request.user)

    if outcome := _done(request, form, None, act):
        added, kept = outcome
        messages.success(request, f"Đã thêm {len(added)} ngày vào lịch.")
        if kept:
            days = ", ".join(f"{day:%d/%m/%Y}" for day in kept[:10])
            more = " và các ngày khác" if len(kept) > len(kept[:10]) else ""
            messages.warning(request, f"Đã có trong lịch nên giữ nguyên: {days}{more}.")
        first = added[0].day if added else kept[0]
        return redirect(f"{reverse('calendar_list')}?year={first.year}")
    return _page(request, form, "Dán lịch nghỉ của một năm", None, back=reverse("calendar_list"))


# --- Inside ------------------------------------------------------------------------------------


def _row(request: HttpRequest, table: str, pk: int) -> Any:
    rows = _TABLES[table].objects.visible_to(request.user).select_related("verified_by__person")
    if table in {"provision", "report_form"}:
        rows = rows.select_related("basis", "verified_by__person")
    return get_object_or_404(rows, pk=pk)


def _agency(request: HttpRequest) -> Any:
    agency = getattr(request.user, "agency", None)
    if agency is None:
        raise Http404
    return agency


def _may_edit(request: HttpRequest) -> bool:
    return bool(roles_of(request.user) & OFFICE)


def _newest(form: ReportForm) -> ReportForm:
    while form.replaced_by is not None:
        form = form.replaced_by
    return form


def _force(basis: LegalBasis, day: dt.date) -> tuple[str, str]:
    """Return how an instrument stands on a day, and the colour of it."""
    living, coming, over = _FORCES
    if basis.in_force(day):
        return living
    return coming if basis.in_force_on and basis.in_force_on > day else over


def _place(row: Any) -> str:
    """Return the address of the line where a row is listed."""
    if isinstance(row, CalendarDay):
        return f"{reverse('calendar_list')}?year={row.day.year}#ngay-{row.day.isoformat()}"
    if isinstance(row, Provision):
        page = row.basis.get_absolute_url() if row.basis else reverse("law_list")
        return f"{page}#quy-dinh-{row.pk}"
    if isinstance(row, ReportForm):
        return row.get_absolute_url()
    url: str = row.get_absolute_url()
    return url


def _form(request: HttpRequest, kind: Any, row: Any = None, **options: Any) -> Any:
    if request.method == "POST":
        return kind(request.POST, **options)
    initial = kind.initial_of(row) if hasattr(kind, "initial_of") and row else {}
    return kind(initial=initial | ({"version": row.version} if row else {}), **options)


def _done(request: HttpRequest, form: Any, row: Any, act: Callable[[], Any]) -> Any:
    """Return what `act` gives for a form that holds; else None, and the form says why.

    When somebody else was first, what was typed stays, on top of the newer version.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act()
    except Conflict as conflict:
        newer = type(row).objects.filter(pk=row.pk).first()
        if isinstance(newer, ReportForm):
            newer = _newest(newer)
            form.form_action = reverse("report_form_edit", args=[newer.pk])
        if newer:
            form.data = form.data.copy()
            form.data["version"] = str(newer.version)
        form.add_error(None, str(conflict))
    except Refused as refused:
        form.add_error(None, str(refused))
    return None


def _correct(request: HttpRequest, row: Any, kind: Any, **options: Any) -> HttpResponse:
    form = _form(request, kind, row, **options)

    def act() -> Any:
        return actions.correct(
            row=row,
            columns=form.columns(),
            reason=form.why,
            version=form.cleaned_data["version"],
            actor=request.user,
        )

    if mended := _done(request, form, row, act):
        messages.success(request, f"Đã sửa «{mended}». Dòng này cần được đối chiếu lại.")
        return redirect(_place(mended))
    return _page(request, form, "Sửa", row, back=_place(row))


def _page(request: HttpRequest, form: Any, title: str, row: Any, *, back: str) -> HttpResponse:
    form.cancel_url = back
    context = {
        "form": form,
        "title": title,
        "record": row,
        "back": back,
        "history": audit.history_of(row) if row else (),
    }
    return render(request, "campaigns/law_form.html", context)
