"""The letter to the superior: signed off, numbered, sent in its sets, answered."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.actions import letters as letter_acts
from awards.models import Book, LetterLine, SubmissionLetter
from awards.papers.decision import letter_paper
from awards.queries.registrar import next_number
from awards.workflow import LETTER
from dossiers import actions, queries
from dossiers.forms import NumberForm, OutcomeForm
from dossiers.rules import lacks_of
from thidua.core import audit, clock, jobs
from thidua.core.answers import refusals
from thidua.core.confirm import confirm_transition
from thidua.core.permissions import OFFICE, Role, allow, roles_of
from thidua.core.sending import send_paper
from thidua.core.workflow import Offer

READERS = (*OFFICE, Role.SIGNATORY, Role.REGISTRAR)


@allow(*READERS)
@require_GET
def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: list, meeting, sets, what came back."""
    letter = _letter(request, pk)
    job = jobs.latest_for(letter)
    scope = None if letter.file_id else queries.scope_of(letter)
    lacks = lacks_of(scope) if scope else []
    roles = roles_of(request.user)
    reads_nominations = bool(roles & (OFFICE | {Role.SIGNATORY}))
    context = {
        "letter": letter,
        "lines": queries.lines_of(letter),
        "required": scope.required if scope else [],
        "lacks": lacks if reads_nominations else [dataclasses.replace(x, url="") for x in lacks],
        "dossiers": queries.sets_in_full(letter),
        "job": job,
        "approve_offer": _offer("approve", letter, request.user),
        "number_offer": _offer("number", letter, request.user),
        "answer_offer": _offer("answer", letter, request.user),
        "can_assemble_again": _is_unfinished(letter, job) and Role.REGISTRAR in roles,
        "reads_nominations": reads_nominations,
        "history": audit.history_of(letter),
    }
    return render(request, "dossiers/letter_detail.html", context)


@allow(Role.SIGNATORY)
@require_http_methods(["GET", "POST"])
def letter_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign off the letter, confirmed with the password."""
    return confirm_transition(
        request,
        LETTER,
        "approve",
        _letter(request, pk),
        explanation="Sau khi duyệt, Văn thư cấp số, ngày và đóng các bộ hồ sơ để trình.",
    )


@allow(Role.REGISTRAR)
@require_http_methods(["GET", "POST"])
def letter_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Give number and date, and have the sets put together."""
    letter = _letter(request, pk)
    at = clock.now()
    refusal = LETTER.refusal(letter, "number", request.user, at)
    if request.method == "GET" and refusal:
        messages.error(request, refusal)
        return redirect(letter)
    form = NumberForm(request.POST or None)
    form.cancel_url = letter.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with refusals(request, form, late=letter):
            sent = actions.send_letter(
                letter=letter,
                issued_on=form.cleaned_data["issued_on"],
                actor=request.user,
                at=at,
            )
            messages.success(request, f"Đã cấp số: {sent}. Các bộ hồ sơ đang được đóng.")
            return redirect(letter)
    context = {
        "letter": letter,
        "form": form,
        "number": next_number(letter.agency_id, Book.LETTER, clock.today().year),
    }
    return render(request, "dossiers/letter_number.html", context)


@allow(Role.REGISTRAR)
@require_POST
def letter_assemble(request: HttpRequest, pk: int) -> HttpResponse:
    """Make what is still missing of the sets, after a failure."""
    letter = _letter(request, pk)
    with refusals(request):
        actions.assemble_again(letter=letter, actor=request.user)
        messages.success(request, "Đang đóng lại những bộ còn thiếu.")
    return redirect(letter)


@allow(*READERS)
@require_GET
def letter_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show the letter: as it was kept once it was sent, until then as it would be printed."""
    letter = _letter(request, pk)
    name = "to-trinh" if letter.file else "to-trinh-xem-truoc"
    paper = letter_paper(letter)
    return send_paper(request, paper, name, back=letter.get_absolute_url(), kept=letter.file)


@allow(*OFFICE)
@require_http_methods(["GET", "POST"])
def outcome_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the superior decided on one nomination."""
    line = get_object_or_404(
        LetterLine.objects.filter(
            letter__in=SubmissionLetter.objects.visible_to(request.user)
        ).select_related("letter", "nomination"),
        pk=pk,
    )
    letter = line.letter
    at = clock.now()
    refusal = LETTER.refusal(letter, "answer", request.user, at)
    if request.method == "GET" and refusal:
        messages.error(request, refusal)
        return redirect(letter)
    form = OutcomeForm(request.POST or None)
    form.cancel_url = letter.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with refusals(request, form, late=letter):
            letter_acts.record_outcome(
                line=line,
                is_granted=form.cleaned_data["outcome"] == "granted",
                decision_number=form.cleaned_data["decision_number"],
                decided_on=form.cleaned_data["decided_on"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=at,
            )
            messages.success(request, f"Đã ghi kết quả của {line.nomination.recipient_name}.")
            return redirect(letter)
    context = {"letter": letter, "line": line, "form": form}
    return render(request, "dossiers/outcome_record.html", context)


def _letter(request: HttpRequest, pk: int) -> SubmissionLetter:
    return get_object_or_404(queries.letters_visible_to(request.user), pk=pk)


def _offer(action: str, letter: SubmissionLetter, user: Any) -> Offer | None:
    """Return one row as it is offered to `user` now; None when it is not theirs or not its time."""
    row = LETTER.rows[action]
    if letter.state not in row.sources or not row.who.roles & roles_of(user):
        return None
    return Offer(row, LETTER.refusal(letter, action, user, clock.now()))


def _is_unfinished(letter: SubmissionLetter, job: Any) -> bool:
    """Whether a sent letter has no complete sets and nobody is making them."""
    return letter.number is not None and letter.file_id is None and (job is None or job.is_over)
