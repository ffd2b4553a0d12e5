"""Signing in, the own account, and the agency's own page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff import actions
from staff.forms import AccountForm, EmblemForm
from staff.queries import SAMPLE_PASSWORD, people_of, sample_accounts, units_with_people
from thidua.core import clock, files
from thidua.core.answers import refusals
from thidua.core.forms import SignInForm
from thidua.core.permissions import ANYONE, Role, allow
from units.models import Agency


class SignIn(LoginView):
    """Đăng nhập: in a rehearsal the sample accounts are listed beside the form."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "username": self.request.GET.get("as", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = sample_accounts()
        return super().get_context_data(
            sample_accounts=accounts,
            sample_password=SAMPLE_PASSWORD if accounts else "",
            **kwargs,
        )


@allow(*ANYONE)
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Tài khoản: what the person holds, and where the own mail goes."""
    user = request.user
    is_sent = request.method == "POST"
    initial = {"email": user.email, "takes_mail": user.takes_mail}
    form = AccountForm(request.POST if is_sent else None, initial=initial)
    if is_sent and form.is_valid():
        actions.change_mail(user=user, **form.cleaned_data)
        messages.success(request, "Đã lưu cách nhận nhắc việc.")
        return redirect("account")
    held = user.role_assignments.in_force(clock.today()).select_related("unit")
    return render(request, "staff/account.html", {"form": form, "held": held})


@allow(Role.ADMINISTRATOR)
@require_GET
def agency_detail(request: HttpRequest) -> HttpResponse:
    """Cơ quan: units, people, accounts, and the file of the emblem."""
    return _agency_page(request, EmblemForm())


@allow(Role.ADMINISTRATOR)
@require_POST
def emblem_upload(request: HttpRequest) -> HttpResponse:
    """Keep the agency's emblem."""
    form = EmblemForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals(request, form, field="file"):
            actions.keep_emblem(
                agency=_agency(request), upload=form.cleaned_data["file"], actor=request.user
            )
            messages.success(request, "Đã lưu tệp Quốc huy. Giấy khen in sau sẽ có hình này.")
            return redirect("agency_detail")
    return _agency_page(request, form)


@allow(*ANYONE)
@require_GET
def emblem_file(request: HttpRequest) -> HttpResponse:
    """Show the agency's emblem."""
    emblem = _agency(request).emblem
    if emblem is None:
        raise Http404
    return files.send(emblem, inline=True)


def _agency(request: HttpRequest) -> Agency:
    """Return the agency of the account; one without has no such page."""
    agency: Agency | None = request.user.agency
    if agency is None:
        raise Http404
    return agency


def _agency_page(request: HttpRequest, form: EmblemForm) -> HttpResponse:
    agency = _agency(request)
    context = {
        "agency_record": agency,
        "units": units_with_people(agency),
        "people": people_of(agency),
        "accounts": sample_accounts(),
        "form": form,
    }
    return render(request, "staff/agency_detail.html", context)
