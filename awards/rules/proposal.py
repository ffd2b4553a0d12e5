"""What a unit's proposal still lacks: the list that owns the submit button."""

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse

from awards.models import Nomination, NominationState, Proposal
from awards.queries.unit_papers import UnitPapers, papers_of
from awards.rules.agreement import clause_among, disagreements_of, doubts_of
from awards.rules.evidence import lacks_of_evidence
from awards.rules.lacks import Lack
from awards.rules.nomination import lacks_of_report, lacks_of_vote
from campaigns.models import DocumentKind


def lacks_of_proposal(proposal: Proposal) -> list[Lack]:
    """Return every missing thing with its clause and its place, in the order of the four parts.

    After them stands what the papers say against each other.
    """
    nominations = list(
        _live(proposal)
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
    papers = papers_of(proposal, nominations)
    lacks += _lacks_of_meeting(papers)
    if not proposal.letter_confirmed:
        lacks.append(
            Lack(
                "Hoàn thành tờ trình",
                clause_among(nominations, DocumentKind.LETTER),
                reverse("unit_letter_edit", args=[proposal.pk]),
            )
        )
    return lacks + disagreements_of(papers)


def warnings_of_proposal(proposal: Proposal) -> list[Lack]:
    """Return what a head should look at once more; it keeps nobody from sending."""
    nominations = list(
        _live(proposal)
        .select_related("award_form", "unit_vote")
        .prefetch_related("award_form__required_items")
    )
    withdrawn = proposal.nominations.filter(state=NominationState.WITHDRAWN)
    return doubts_of(
        papers_of(proposal, nominations), list(withdrawn.values_list("recipient_name", flat=True))
    )


def _live(proposal: Proposal) -> QuerySet[Nomination]:
    return proposal.nominations.exclude(state=NominationState.WITHDRAWN)


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


def _lacks_of_meeting(papers: UnitPapers) -> list[Lack]:
    votes = [lack for nomination in papers.names for lack in lacks_of_vote(nomination)]
    if votes and papers.meeting is None:
        url = reverse("unit_meeting_edit", args=[papers.proposal.pk])
        return [Lack("Ghi kết quả họp xét của phòng", votes[0].clause, url)]
    return votes


def _first_clause(proposal: Proposal) -> str:
    form = proposal.campaign.award_forms.first()
    return f"Mục {form.clause}" if form else "Kế hoạch"


def proposal_is_complete(proposal: Proposal, at: dt.datetime) -> str:
    """Refuse while anything lacks, naming how much and the first thing."""
    lacks = lacks_of_proposal(proposal)
    return f"Còn thiếu {len(lacks)} việc: {lacks[0].sentence} ({lacks[0].clause})." if lacks else ""
