"""Sổ khen thưởng: the awards over the years, and the same as a workbook."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from awards.forms.registrar import RegisterFilterForm
from awards.queries import registrar as reads
from awards.resources import XLSX, register_workbook
from thidua.core import clock
from thidua.core.permissions import OFFICE, Role, allow

READERS = (*OFFICE, Role.SIGNATORY, Role.REGISTRAR)
PAGE_SIZE = 50


@allow(*READERS)
@require_GET
def register_list(request: HttpRequest) -> HttpResponse:
    """Search and filter the register; the sums are of what is filtered."""
    form, wanted = _asked(request)
    entries = reads.register_entries(request.user, wanted)
    context = {
        "form": form,
        "page": Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page")),
        "totals": reads.totals_of(entries),
        "is_narrowed": wanted != reads.RegisterFilter(),
        "query": request.GET.urlencode(),
    }
    return render(request, "awards/register_list.html", context)


@allow(*READERS)
@require_GET
def register_export(request: HttpRequest) -> HttpResponse:
    """Answer with what is filtered, as a workbook."""
    _form, wanted = _asked(request)
    content = register_workbook(reads.register_entries(request.user, wanted))
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = (
        f'attachment; filename="so-khen-thuong-{clock.today():%Y%m%d}.xlsx"'
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _asked(request: HttpRequest) -> tuple[RegisterFilterForm, reads.RegisterFilter]:
    """Read the filter from the address; what is not a choice narrows nothing."""
    form = RegisterFilterForm(request.GET, years=reads.register_years(request.user))
    form.is_valid()
    asked = form.cleaned_data
    return form, reads.RegisterFilter(asked.get("q", ""), asked.get("year"), asked.get("award", ""))
