"""Ban hành: numbering a decision, its papers, its signed file."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards import jobs as award_jobs
from awards.actions import decisions as acts
from awards.forms.registrar import CloseForm, IssueForm
from awards.models import Book, Decision, DecisionLine
from awards.papers.decision import decision_paper
from awards.papers.results import money_list_paper, result_announcement
from awards.policy import PRINTING_ROOM
from awards.queries import printing
from awards.queries import registrar as reads
from awards.queries.law import symbol_on
from awards.rules.lines import lines_are_confirmed
from awards.workflow import DECISION
from thidua.core import audit, clock, files, jobs
from thidua.core.answers import refusals
from thidua.core.kept import kept_file, ticket
from thidua.core.models import StoredFile
from thidua.core.permissions import OFFICE, Role, allow, roles_of
from thidua.core.sending import send_paper
from thidua.core.workflow import Conflict, Offer, Refused, Workflow

READERS = (*OFFICE, Role.SIGNATORY, Role.REGISTRAR)


@allow(Role.REGISTRAR)
@require_GET
def issuing(request: HttpRequest) -> HttpResponse:
    """Ban hành: what waits for a number, a paper or a signature, and what went out last."""
    decisions = list(reads.open_decisions(request.user))
    printing = reads.latest_jobs("awards.decision", [decision.pk for decision in decisions])
    context = {
        "waiting": reads.waiting_for_decision(request.user),
        "decisions": [(decision, printing.get(decision.pk)) for decision in decisions],
        "letters": reads.letters_to_number(request.user),
        "recent_decisions": reads.recent_decisions(request.user),
        "recent_letters": reads.recent_letters(request.user),
    }
    return render(request, "awards/issuing.html", context)


@allow(Role.REGISTRAR)
@require_http_methods(["GET", "POST"])
def decision_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the list in its order, ask the date, and number the decision."""
    award_form = get_object_or_404(reads.forms_visible_to(request.user), pk=pk)
    nominations = reads.approved_in_order(award_form)
    listed = "-".join(f"{nomination.pk}.{nomination.version}" for nomination in nominations)
    form = IssueForm(request.POST or None, listed=listed)
    form.cancel_url = reverse("issuing")
    if request.method == "POST" and form.is_valid():
        try:
            decision = acts.issue_decision(
                award_form=award_form,
                issued_on=form.cleaned_data["issued_on"],
                actor=request.user,
                at=clock.now(),
            )
        except Conflict as conflict:
            return _what_happened(request, award_form.pk, conflict)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Đã cấp số: {decision}. Giấy khen đang được tạo.")
            return redirect(decision)
    agency = award_form.campaign.agency
    context = {
        "form": form,
        "award_form": award_form,
        "nominations": nominations,
        "held": reads.approved_on_hold(award_form, request.user),
        "unconfirmed": lines_are_confirmed(nominations),
        "number": reads.next_number(agency.pk, Book.DECISION, clock.today().year),
        "symbol": symbol_on(agency, Book.DECISION, clock.today()),
    }
    return render(request, "awards/decision_create.html", context)


@allow(*READERS)
@require_GET
def decision_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: number, list, papers as they are made, money once it is closed."""
    decision = get_object_or_404(reads.decisions_visible_to(request.user), pk=pk)
    job = jobs.latest_for(decision)
    lines = list(reads.lines_of(decision))
    entries = [getattr(line.nomination, "register_entry", None) for line in lines]
    runs, held = list(printing.runs_of(decision)), roles_of(request.user)
    context = {
        "decision": decision,
        "back": _way_back(request.user),
        "lines": list(zip(lines, entries, strict=True)),
        "amount": sum(entry.amount for entry in entries if entry),
        "job": job,
        "close_offer": offer_of(DECISION, "close", decision, request.user),
        "can_print_again": _can_print_again(decision, job, request.user),
        "runs": runs,
        "run_totals": printing.totals_of_runs(runs),
        "may_print": bool(decision.certificates_file_id) and Role.REGISTRAR in held,
        "may_open_runs": bool(held & PRINTING_ROOM),
        "history": audit.history_of(decision),
    }
    return render(request, "awards/decision_detail.html", context)


@allow(Role.REGISTRAR)
@require_POST
def decision_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the papers that are still missing, after a failure."""
    decision = get_object_or_404(reads.decisions_visible_to(request.user), pk=pk)
    with refusals(request):
        award_jobs.print_again(decision=decision, actor=request.user)
        messages.success(request, "Đang tạo lại những bản còn thiếu.")
    return redirect(decision)


@allow(Role.REGISTRAR)
@require_http_methods(["GET", "POST"])
def decision_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the signed file and the day of signing, and write the register."""
    decision = get_object_or_404(reads.decisions_visible_to(request.user), pk=pk)
    at = clock.now()
    refusal = DECISION.refusal(decision, "close", request.user, at)
    if request.method == "GET" and refusal:
        messages.error(request, refusal)
        return redirect(decision)
    kept = kept_file(request)
    form = CloseForm(request.POST or None, request.FILES or None, has_kept=kept is not None)
    form.cancel_url = decision.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"] or _as_upload(kept)
        with refusals(request, form, late=decision):
            acts.close_decision(
                decision=decision,
                upload=upload,
                signed_on=form.cleaned_data["signed_on"],
                actor=request.user,
                at=at,
            )
            messages.success(request, f"Đã ban hành: {decision}. Người nhận đã vào sổ khen thưởng.")
            return redirect(decision)
    if request.method == "POST":
        kept = _keep_upload(request, form) or kept
    context = {"decision": decision, "form": form, "kept": kept}
    return render(request, "awards/decision_close.html", context)


@allow(*READERS)
@require_GET
def decision_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the printed decision, or give its Word twin."""
    decision = _decision(request, pk)
    if decision.file is None:
        raise Http404
    back = decision.get_absolute_url()
    return send_paper(
        request, decision_paper(decision), "quyet-dinh", back=back, kept=decision.file
    )


@allow(*READERS)
@require_GET
def money_list_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the list by which the money is paid; there is none before the register has it."""
    decision = _decision(request, pk)
    paper = money_list_paper(decision)
    if not paper.lines:
        raise Http404
    return send_paper(request, paper, "danh-sach-chi-tien-thuong", back=decision.get_absolute_url())


@allow(*READERS)
@require_GET
def result_announcement_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the announcement of what a decision awards."""
    decision = _decision(request, pk)
    paper = result_announcement(decision)
    return send_paper(request, paper, "thong-bao-ket-qua", back=decision.get_absolute_url())


@allow(*READERS)
@require_GET
def decision_signed_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the signed decision."""
    return _sent(_decision(request, pk).signed_file)


@allow(*READERS)
@require_GET
def certificates_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all certificates of a decision in one file, for the printer."""
    return _sent(_decision(request, pk).certificates_file)


@allow(*READERS)
@require_GET
def certificate_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the certificate of one line."""
    lines = DecisionLine.objects.filter(
        decision__in=Decision.objects.visible_to(request.user)
    ).select_related("certificate_file")
    return _sent(get_object_or_404(lines, pk=pk).certificate_file)


def offer_of(workflow: Workflow, action: str, record: Any, user: Any) -> Offer | None:
    """Return one row as it is offered to `user` now; None when it is not theirs or not its time."""
    row = workflow.rows[action]
    if record.state not in row.sources or not row.who.roles & roles_of(user):
        return None
    return Offer(row, workflow.refusal(record, action, user, clock.now()))


def _way_back(user: Any) -> tuple[str, str]:
    """Return label and address of the list that this reader may open."""
    if Role.REGISTRAR in roles_of(user):
        return "Ban hành", reverse("issuing")
    return "Sổ khen thưởng", reverse("register_list")


def _decision(request: HttpRequest, pk: int) -> Decision:
    return get_object_or_404(reads.decisions_visible_to(request.user), pk=pk)


def _sent(stored: StoredFile | None) -> HttpResponse:
    if stored is None:
        raise Http404
    return files.send(stored, inline=True)


def _can_print_again(decision: Decision, job: Any, user: Any) -> bool:
    over = job is None or job.is_over
    return over and not decision.certificates_file_id and Role.REGISTRAR in roles_of(user)


def _what_happened(request: HttpRequest, form_pk: int, conflict: Conflict) -> HttpResponse:
    """Lead whoever came second to the decision that the first one numbered."""
    messages.error(request, str(conflict))
    latest = (
        Decision.objects.visible_to(request.user)
        .filter(award_form_id=form_pk)
        .order_by("-created_at")
        .first()
    )
    return redirect(latest or "issuing")


# --- A file that came with a form that has to be mended --------------------------------------


def _keep_upload(request: HttpRequest, form: CloseForm) -> StoredFile | None:
    """Keep the file that came, so that nobody chooses it twice; hand its place to the form."""
    upload = request.FILES.get("upload")
    if upload is None:
        return None
    try:
        upload.seek(0)
        stored = files.accept_upload(upload, actor=request.user)
    except Refused:
        return None
    form.data = form.data.copy()
    form.data["kept"] = ticket(stored, request.user)
    return stored


def _as_upload(kept: StoredFile | None) -> UploadedFile:
    if kept is None:
        return SimpleUploadedFile("tep.pdf", b"")
    return SimpleUploadedFile(kept.name, files.contents(kept), content_type=kept.media_type)
