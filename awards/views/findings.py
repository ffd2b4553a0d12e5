"""Kiểm tra trước khi gửi: the findings of one name, and where its report shows the criteria."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from awards.actions.criteria import answer_criteria
from awards.forms.criteria import CriteriaForm
from awards.models import Nomination
from awards.queries import desk
from awards.rules.findings import check
from awards.rules.nomination import window_is_open
from awards.views.doors import REPORT_WRITERS
from thidua.core import clock
from thidua.core.answers import refusals
from thidua.core.permissions import allow

_NOT_NOW = (
    "Nơi nêu tiêu chuẩn chỉ sửa được khi hồ sơ đang soạn, hoặc khi Văn phòng trả lại để bổ sung."
)


@allow(*REPORT_WRITERS)
@require_http_methods(["GET", "POST"])
def nomination_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what each rule says of a name, and ask where its report shows the criteria."""
    at = clock.now()
    nomination = get_object_or_404(desk.nominations_to_write(request.user), pk=pk)
    [checked] = check([nomination], at, request.user)
    form = _form(request, nomination)
    if request.method == "POST" and form.is_valid():
        with refusals(request, form):
            answer_criteria(nomination=nomination, answers=form.answers, actor=request.user, at=at)
            messages.success(request, "Đã lưu nơi nêu tiêu chuẩn.")
            return redirect("nomination_check", pk=nomination.pk)
    context = {
        "nomination": nomination,
        "checked": checked,
        "form": form,
        "speaks_for": desk.speaks_for(request.user, nomination),
        "closed": window_is_open(nomination, at) if nomination.is_editable else _NOT_NOW,
    }
    return render(request, "awards/nomination_check.html", context)


def _form(request: HttpRequest, nomination: Nomination) -> CriteriaForm:
    """Return the form; `check` has brought along all that it reads."""
    report = getattr(nomination, "report", None)
    answers: Any = nomination.criterion_answers.all()
    return CriteriaForm(
        request.POST if request.method == "POST" else None,
        criteria=[
            criterion
            for criterion in nomination.award_form.criteria.all()
            if criterion.subject_kind == nomination.subject_kind
        ],
        headings=[
            heading
            for heading in (report.form.headings.all() if report else ())
            if heading.subject_kind == nomination.subject_kind and not heading.is_group
        ],
        written={s.heading_id for s in report.sections.all() if s.text} if report else set(),
        initial={f"criterion_{answer.criterion_id}": answer.heading_id for answer in answers},
    )
