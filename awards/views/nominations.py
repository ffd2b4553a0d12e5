"""One nomination, read by everybody who has a part in it."""

import dataclasses
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from awards.models import UNDER_REVIEW, Nomination
from awards.policy import OWN_HEAD, sees_hold
from awards.queries.holds import held_among
from awards.queries.office import (
    agenda_item_of,
    nominations_in_full,
    place_in,
    report_parts,
)
from awards.rules.findings import check
from awards.rules.nomination import superior_route
from awards.rules.review import findings_of
from awards.views.review import LAST_QUEUE, queue_of
from awards.workflow import NOMINATION
from thidua.core import audit, clock
from thidua.core.permissions import COUNCIL, OFFICE, Role, allow, roles_of

KEYS = {"accept": "a", "return": "r", "decline": "x"}
_DESK = OFFICE | {Role.SIGNATORY}


@allow(
    Role.UNIT_HEAD,
    Role.STAFF_MEMBER,
    Role.APPRAISER,
    Role.OFFICE_CHIEF,
    Role.COUNCIL_MEMBER,
    Role.COUNCIL_SECRETARY,
    Role.SIGNATORY,
)
@require_GET
def nomination_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Hồ sơ đề nghị: report and evidence, findings, what may be done now, what happened."""
    at = clock.now()
    nomination = get_object_or_404(nominations_in_full(request.user), pk=pk)
    offers = NOMINATION.offers(nomination, request.user, at)
    writes = nomination.author_id == request.user.pk or not OWN_HEAD.refuses(
        request.user, nomination
    )
    parts = report_parts(nomination)
    criteria = nomination.award_form.criteria.all()
    criterion = next((c for c in criteria if c.subject_kind == nomination.subject_kind), None)
    context = {
        "nomination": nomination,
        "parts": parts,
        "criterion": criterion,
        "is_held": sees_hold(request.user, nomination) and bool(held_among([nomination])),
        # What is decided is not checked again under a law that came later.
        "checked": check([nomination], at, request.user)
        if nomination.state in UNDER_REVIEW
        else [],
        "findings": findings_of(nomination, at, parts=parts, criterion=criterion),
        "offers": [(offer, KEYS.get(offer.row.action, "")) for offer in offers],
        "may_edit": writes and nomination.is_editable,
        "papers": _papers(nomination, request.user),
        "entries": audit.history_of(nomination),
        "back": _way_back(nomination, request.user),
        **_queue_context(request, nomination),
    }
    return render(request, "awards/nomination_detail.html", context)


def _way_back(nomination: Nomination, user: Any) -> tuple[str, str]:
    """Return the label and address of the page on which this reader works with nominations."""
    roles = roles_of(user)
    if not OWN_HEAD.refuses(user, nomination):
        return "Đề nghị của phòng", nomination.proposal.get_absolute_url()
    if roles & OFFICE:
        return "Bàn thẩm định", reverse("review_queue")
    if Role.SIGNATORY in roles:
        return "Phê duyệt", reverse("approval_list")
    if roles & COUNCIL:
        return "Hội đồng", reverse("council_list")
    return "Việc của tôi", reverse("home")


@dataclasses.dataclass(frozen=True, slots=True)
class PaperLink:
    """A paper about the nomination that its reader may open."""

    url: str
    name: str
    kind: str = ""
    word: bool = False


def _papers(nomination: Nomination, user: Any) -> list[PaperLink]:
    """Link the papers; only those behind whose door the reader is let."""
    links = [
        PaperLink(
            reverse("report_file", args=[nomination.pk]), "Báo cáo thành tích", "PDF", word=True
        )
    ]
    roles = roles_of(user)
    is_reader = bool(roles & _DESK) or not OWN_HEAD.refuses(user, nomination)
    if is_reader and nomination.submitted_at:
        url = reverse("nomination_dossier", args=[nomination.pk])
        links.append(PaperLink(url, "Đóng hồ sơ: mọi văn bản trong một tệp"))
    if roles & _DESK:
        letter_url = reverse("unit_letter_file", args=[nomination.proposal_id])
        links.append(PaperLink(letter_url, "Tờ trình của đơn vị", "PDF", word=True))
        if hasattr(nomination.proposal, "meeting"):
            minutes_url = reverse("unit_minutes_file", args=[nomination.proposal_id])
            links.append(PaperLink(minutes_url, "Biên bản họp phòng", "PDF", word=True))
    if roles & (_DESK | COUNCIL) and not superior_route(nomination, clock.now()):
        item = agenda_item_of(nomination)
        links += [PaperLink(item.meeting.get_absolute_url(), str(item.meeting))] if item else []
    if roles & _DESK and hasattr(nomination, "letter_line"):
        letter = nomination.letter_line.letter
        links.append(PaperLink(letter.get_absolute_url(), str(letter)))
    if roles & _DESK and hasattr(nomination, "decision_line"):
        line = nomination.decision_line
        links.append(PaperLink(line.decision.get_absolute_url(), str(line.decision)))
        if line.certificate_file_id:
            url = reverse("certificate_file", args=[line.pk])
            links.append(PaperLink(url, nomination.award_form.get_award_type_display(), "PDF"))
    return links


def _queue_context(request: HttpRequest, nomination: Nomination) -> dict[str, Any]:
    """Return the neighbours in the queue from which a reviewer came; others have none."""
    if "state" not in request.GET or not OFFICE & roles_of(request.user):
        return {}
    queue = queue_of(request.user, request.GET)
    if request.session.get(LAST_QUEUE) != queue.query:
        request.session[LAST_QUEUE] = queue.query
    return {"place": place_in(queue.nominations, nomination), "queue_query": queue.query}
