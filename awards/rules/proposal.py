"""What a unit's proposal still lacks: the list that owns the submit button."""

import datetime as dt

from django.urls import reverse

from awards.models import Nomination, NominationState, Proposal, UnitMeeting
from awards.rules.evidence import lacks_of_evidence
from awards.rules.lacks import Lack
from awards.rules.nomination import lacks_of_report, lacks_of_vote
from campaigns.models import DocumentKind


def lacks_of_proposal(proposal: Proposal) -> list[Lack]:
    """Return every missing thing with its clause and its place, in the order of the four parts."""
    nominations = list(
        proposal.nominations.exclude(state=NominationState.WITHDRAWN)
        .select_related("award_form", "person__unit", "report__form", "unit_vote")
        .prefetch_related(
            "report__sections",
            "report__past_awards",
            "report__form__headings",
            "award_form__required_items",
        )
    )
    if not nominations:
        return [
            Lack(
                "Thêm ít nhất một tập thể hoặc cá nhân",
                _first_clause(proposal),
                reverse("nomination_create", args=[proposal.pk]),
            )
        ]
    lacks = _moved_away(proposal, nominations)
    lacks += [lack for nomination in nominations for lack in lacks_of_report(nomination)]
    lacks += lacks_of_evidence(nominations)
    lacks += _lacks_of_meeting(proposal, nominations)
    if not proposal.letter_confirmed:
        lacks.append(
            Lack(
                "Hoàn thành tờ trình",
                _clause(nominations, DocumentKind.LETTER),
                reverse("unit_letter_edit", args=[proposal.pk]),
            )
        )
    return lacks


def _moved_away(proposal: Proposal, nominations: list[Nomination]) -> list[Lack]:
    """A unit proposes its own people also at the moment of sending."""
    return [
        Lack(
            f"Rút đề nghị của {nomination.recipient_name}, nay thuộc {nomination.person.unit}",
            f"Mục {nomination.award_form.clause}",
            reverse("nomination_withdraw", args=[nomination.pk]),
        )
        for nomination in nominations
        if nomination.person
        and nomination.person.unit_id != proposal.unit_id
        and nomination.state == NominationState.DRAFT
    ]


def _lacks_of_meeting(proposal: Proposal, nominations: list) -> list[Lack]:
    votes = [lack for nomination in nominations for lack in lacks_of_vote(nomination)]
    if votes and not UnitMeeting.objects.filter(proposal=proposal).exists():
        url = reverse("unit_meeting_edit", args=[proposal.pk])
        return [Lack("Ghi kết quả họp xét của phòng", votes[0].clause, url)]
    return votes


def _first_clause(proposal: Proposal) -> str:
    form = proposal.campaign.award_forms.first()
    return f"Mục {form.clause}" if form else "Kế hoạch"


def _clause(nominations: list[Nomination], kind: DocumentKind) -> str:
    items = [item for n in nominations for item in n.award_form.required_items.all()]
    return next((f"Mục {item.clause}" for item in items if item.kind == kind), "Kế hoạch")


def proposal_is_complete(proposal: Proposal, at: dt.datetime) -> str:
    """Refuse while anything lacks, naming how much and the first thing."""
    lacks = lacks_of_proposal(proposal)
    return f"Còn thiếu {len(lacks)} việc: {lacks[0].sentence} ({lacks[0].clause})." if lacks else ""
