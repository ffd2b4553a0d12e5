"""Đợt thi đua: the plans, as people read them on paper, and how a new one is read in."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET, require_http_methods

from campaigns import actions, plan_fields, queries
from campaigns.forms import PlanFieldForm, PlanSourceForm
from campaigns.models import PlanDraft
from campaigns.papers import plan_paper
from campaigns.queries import (
    Window,
    campaigns_of,
    days,
    dossier_of,
    plans_of,
    talk,
    windows,
)
from campaigns.queries.forms import dead_forms_of
from thidua.core import audit, clock, files
from thidua.core.answers import refusals
from thidua.core.permissions import ANYONE, OFFICE, Role, allow, roles_of
from thidua.core.sending import send_paper
from thidua.core.text import file_stem

EXTENSION_READERS = OFFICE | {Role.UNIT_HEAD, Role.SIGNATORY}
_DRAFTS_ON_A_PAGE = 25
_SHOWN_ANNOUNCEMENTS = 3


@allow(*ANYONE)
@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    """List the plans of the agency with the days left."""
    day = clock.today()
    units, calendar = windows.own_unit_ids(request.user), days.calendar_for(request.user, day)
    rows = [
        (campaign, Window.of(campaign, day, units, calendar))
        for campaign in campaigns_of(request.user)
    ]
    context = {"rows": rows, "day": day, "may_plan": bool(roles_of(request.user) & OFFICE)}
    return render(request, "campaigns/campaign_list.html", context)


@allow(*ANYONE)
@require_GET
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan with its forms of award, criteria and dossier list."""
    campaign = get_object_or_404(plans_of(request.user), pk=pk)
    at = clock.now()
    day = clock.local_day(at)
    context = {
        "own_progress": import_string(settings.CAMPAIGN_PROGRESS)(request.user, campaign, at),
        "answers": talk.latest_answers(request.user, campaign),
        "announcements": talk.announcements_of(campaign)[:_SHOWN_ANNOUNCEMENTS],
        "campaign": campaign,
        "window": Window.of(
            campaign,
            day,
            windows.own_unit_ids(request.user),
            days.calendar_for(request.user, day),
        ),
        "day": day,
        "dossier": dossier_of(campaign),
        "dead_forms": dead_forms_of(campaign, day),
        "may_run": bool(roles_of(request.user) & (OFFICE | {Role.SIGNATORY})),
        "may_plan": bool(roles_of(request.user) & OFFICE),
        "may_propose": Role.UNIT_HEAD in roles_of(request.user),
        "may_choose": bool(OFFICE & roles_of(request.user)) and campaign.is_open,
        "may_read_extensions": bool(roles_of(request.user) & EXTENSION_READERS),
    }
    return render(request, "campaigns/campaign_detail.html", context)


@allow(*ANYONE)
@require_GET
def campaign_plan_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the plan as it is signed."""
    return _send_plan(request, pk, as_word=False)


@allow(*ANYONE)
@require_GET
def campaign_plan_docx(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the plan as it is edited."""
    return _send_plan(request, pk, as_word=True)


def _send_plan(request: HttpRequest, pk: int, *, as_word: bool) -> HttpResponseBase:
    campaign = get_object_or_404(queries.plans_to_print(request.user), pk=pk)
    name = f"ke-hoach-{file_stem(campaign.short_title)}".strip("-")
    back = campaign.get_absolute_url()
    return send_paper(request, plan_paper(campaign), name, back=back, as_word=as_word, inline=False)


@allow(*OFFICE)
@require_GET
def plan_draft_list(request: HttpRequest) -> HttpResponse:
    """List the plans that were read in, made into a campaign or not yet."""
    page = Paginator(queries.drafts_of(request.user), _DRAFTS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [(draft, len(queries.unconfirmed(draft))) for draft in page]
    return render(request, "campaigns/plan_draft_list.html", {"rows": rows, "page": page})


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def plan_draft_create(request: HttpRequest) -> HttpResponse:
    """Take a plan as a file or as words, and read it."""
    if request.user.agency_id is None:
        raise Http404
    is_sent = request.method == "POST"
    # Nothing filled in is still something sent: «or None» would leave such a form unanswered.
    form = PlanSourceForm(request.POST, request.FILES) if is_sent else PlanSourceForm()
    if is_sent and form.is_valid():
        with refusals(request, form):
            draft = actions.create_draft(
                agency=request.user.agency,
                upload=form.cleaned_data["file"],
                text=form.cleaned_data["text"],
                actor=request.user,
                at=clock.now(),
                form_key=form.cleaned_data["form_key"],
            )
            messages.success(request, "Đã đọc kế hoạch. Hãy xem và xác nhận từng mục.")
            return redirect(draft)
    return render(request, "campaigns/plan_draft_create.html", {"form": form})


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def plan_draft_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every field with its source; confirm one of them."""
    draft = _draft(request, pk)
    wrong = None
    if request.method == "POST":
        field = plan_fields.BY_NAME.get(request.POST.get("field", ""))
        if field is None:
            raise Http404
        wrong = PlanFieldForm(request.POST, field=field)
        if wrong.is_valid():
            with refusals(request, wrong, field="value", late=draft):
                draft = actions.confirm_field(
                    draft=draft,
                    name=field.name,
                    text=wrong.cleaned_data["value"],
                    actor=request.user,
                    at=clock.now(),
                )
                messages.success(request, f"Đã xác nhận: {field.label}.")
                following = next(iter(queries.unconfirmed(draft)), None)
                place = f"#muc-{following.name}" if following else "#tien-do"
                return redirect(draft.get_absolute_url() + place)
    return render(request, "campaigns/plan_draft_detail.html", _draft_context(draft, wrong))


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def plan_draft_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Look once more, then make the campaign."""
    draft = _draft(request, pk)
    if request.method == "POST":
        with refusals(request):
            campaign = actions.make_campaign(draft=draft, actor=request.user, at=clock.now())
            messages.success(request, "Đã lập đợt thi đua từ kế hoạch.")
            return redirect(campaign)
        return redirect(draft)
    return render(request, "campaigns/plan_draft_make.html", _draft_context(draft, None))


@allow(*OFFICE)
@require_GET
def plan_draft_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the file that was read."""
    draft = _draft(request, pk)
    if draft.source is None:
        raise Http404
    return files.send(draft.source)


def _draft(request: HttpRequest, pk: int) -> PlanDraft:
    return get_object_or_404(queries.drafts_of(request.user), pk=pk)


def _draft_context(draft: PlanDraft, wrong: PlanFieldForm | None) -> dict[str, Any]:
    findings = queries.findings_of(draft)
    rows = queries.fields_of(draft, findings)
    left = [row for row in rows if not row.is_settled]
    forms = [
        wrong
        if wrong and wrong.prefix == row.field.name
        else PlanFieldForm(field=row.field, initial={"value": row.value})
        for row in rows
    ]
    return {
        "draft": draft,
        "rows": list(zip(rows, forms, strict=True)),
        "fields": rows,
        "findings": findings,
        "left": left,
        "settled_count": len(rows) - len(left),
        "total_count": len(rows),
        "history": audit.history_of(draft),
    }
