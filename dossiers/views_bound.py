"""The dossier of a nomination, a unit, a whole campaign: what lacks, what was bound, its files."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from awards.models import Nomination, Proposal
from campaigns.models import AwardForm
from dossiers import actions, queries
from dossiers.models import Dossier
from dossiers.papers import subject_text
from dossiers.rules import lacks_of, why_not_bound
from thidua.core import files
from thidua.core.answers import refusals
from thidua.core.models import StoredFile
from thidua.core.permissions import OFFICE, Role, allow, roles_of

UNIT_READERS = (Role.UNIT_HEAD, *sorted(OFFICE), Role.SIGNATORY)
READERS = (*UNIT_READERS, Role.REGISTRAR)
BINDERS = (Role.UNIT_HEAD, *sorted(OFFICE))
_PARTS_ON_PAGE = 100
Find = Callable[[Any, int], Any]


# --- Whose dossier -------------------------------------------------------------------------


def _nomination(user: Any, pk: int) -> Nomination:
    """Return a nomination whose proposal exists for `user`, too: its letter and minutes are inside."""
    proposals = Proposal.objects.visible_to(user)
    found = Nomination.objects.visible_to(user).filter(proposal__in=proposals)
    return get_object_or_404(
        found.select_related("campaign__agency", "award_form", "proposal"), pk=pk
    )


def _proposal(user: Any, pk: int) -> Proposal:
    found = Proposal.objects.visible_to(user).select_related("campaign__agency", "unit")
    return get_object_or_404(found, pk=pk)


def _award_form(user: Any, pk: int) -> AwardForm:
    found = AwardForm.objects.filter(campaign__agency_id=user.agency_id)
    return get_object_or_404(found.select_related("campaign__agency"), pk=pk)


# --- Pages ---------------------------------------------------------------------------------


@allow(*UNIT_READERS)
@require_GET
def nomination_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Hồ sơ của một đề nghị: report, evidence, and the papers of its unit."""
    subject = _nomination(request.user, pk)
    return _page(request, subject, "nomination_dossier", subject.get_absolute_url())


@allow(*BINDERS)
@require_POST
def nomination_dossier_bind(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the dossier of a nomination bound."""
    return _bind(request, _nomination, pk, "nomination_dossier")


@allow(*UNIT_READERS)
@require_GET
def proposal_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Hồ sơ của một phòng: its letter, minutes, and all its nominations."""
    subject = _proposal(request.user, pk)
    return _page(request, subject, "proposal_dossier", subject.get_absolute_url())


@allow(*BINDERS)
@require_POST
def proposal_dossier_bind(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the dossier of a unit bound."""
    return _bind(request, _proposal, pk, "proposal_dossier")


@allow(*sorted(OFFICE), Role.SIGNATORY)
@require_GET
def quarter_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Hồ sơ toàn đợt của một hình thức: every worthy nomination, unit by unit."""
    subject = _award_form(request.user, pk)
    back = f"{reverse('summary')}?campaign={subject.campaign_id}"
    return _page(request, subject, "quarter_dossier", back)


@allow(*sorted(OFFICE))
@require_POST
def quarter_dossier_bind(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the dossier of a whole campaign bound."""
    return _bind(request, _award_form, pk, "quarter_dossier")


@allow(*READERS)
@require_GET
def dossier_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One bound set: its parts with pages and clause, what it lacks, its hashes and its files."""
    dossiers = queries.in_full(Dossier.objects.visible_to(request.user))
    dossier = get_object_or_404(dossiers, pk=pk)
    context = {
        "dossier": dossier,
        "subject_text": subject_text(dossier.subject),
        "back": _home_of(dossier),
        "parts": _parts(request, dossier),
        "sets": queries.dossiers_of(dossier.subject),
    }
    return render(request, "dossiers/dossier_detail.html", context)


@allow(*READERS)
@require_GET
def dossier_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one set."""
    return files.send(_kept(request, pk, "file"), inline=True)


@allow(*READERS)
@require_GET
def dossier_archive(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the archive of one set: each part by itself, with the sums to check them offline."""
    return files.send(_kept(request, pk, "archive"))


# --- What the pages share ------------------------------------------------------------------


def _page(request: HttpRequest, subject: Any, name: str, back: str) -> HttpResponse:
    scope = queries.scope_of(subject)
    sets = list(queries.dossiers_of(subject))
    job = queries.binding_of(subject, actions.BIND)
    context = {
        "subject": subject,
        "subject_text": subject_text(subject),
        "back": back,
        "scope": scope,
        "lacks": lacks_of(scope),
        "blocked": why_not_bound(subject) or _why_empty(scope),
        "may_bind": bool(roles_of(request.user) & _binders_of(subject)),
        "bind_url": reverse(f"{name}_bind", args=[subject.pk]),
        "job": job,
        "dossier": sets[0] if sets else None,
        "parts": _parts(request, sets[0]) if sets else None,
        "sets": sets,
    }
    return render(request, "dossiers/subject_dossier.html", context)


def _bind(request: HttpRequest, find: Find, pk: int, name: str) -> HttpResponse:
    subject = find(request.user, pk)
    with refusals(request):
        actions.bind_dossier(subject=subject, actor=request.user)
        messages.success(request, "Đang đóng hồ sơ.")
    return redirect(name, pk=pk)


def _binders_of(subject: Any) -> frozenset[Role]:
    return OFFICE if isinstance(subject, AwardForm) else frozenset(BINDERS)


def _why_empty(scope: queries.Scope) -> str:
    return "" if scope.nominations else "Chưa có đề nghị nào đủ điều kiện để đóng vào hồ sơ này."


def _parts(request: HttpRequest, dossier: Dossier) -> Any:
    rows: QuerySet[Any] = queries.items().filter(dossier=dossier)
    return Paginator(rows, _PARTS_ON_PAGE).get_page(request.GET.get("page"))


def _home_of(dossier: Dossier) -> str:
    """Return the page on which the record of a dossier is worked with."""
    if dossier.letter:
        return dossier.letter.get_absolute_url()
    names = {
        "nomination_dossier": dossier.nomination_id,
        "proposal_dossier": dossier.proposal_id,
        "quarter_dossier": dossier.award_form_id,
    }
    return next(reverse(name, args=[pk]) for name, pk in names.items() if pk)


def _kept(request: HttpRequest, pk: int, column: str) -> StoredFile:
    dossiers = Dossier.objects.visible_to(request.user).select_related(column)
    stored = getattr(get_object_or_404(dossiers, pk=pk), column)
    if stored is None:
        raise Http404
    return stored
