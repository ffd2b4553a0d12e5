"""Reads: annotated lists, counts, and the canonical content that a fingerprint is taken of."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db.models import prefetch_related_objects

from awards.models import Claim, MeetingVote, Nomination, NominationState, PastAward, Proposal


def nomination_content(nomination: Nomination) -> dict[str, Any]:
    """Return what a nomination says, in a shape that is always the same for the same text."""
    # Brought along once: what a page has read already is not read again.
    prefetch_related_objects(
        [nomination], "report__sections__heading", "report__past_awards", "evidence"
    )
    report = getattr(nomination, "report", None)
    vote = getattr(nomination, "unit_vote", None)
    awards = list(report.past_awards.all()) if report else []
    claims = claims_of(nomination)
    # A report without claims says what it said before there were any.
    cited = {"claims": [_claim_content(claim) for claim in claims]} if claims else {}
    return cited | {
        "award_form": nomination.award_form.name,
        "subject_kind": nomination.subject_kind,
        "person": nomination.person_id,
        "unit": nomination.recipient_unit_id,
        "name": nomination.recipient_name,
        "title": nomination.recipient_title,
        "both_forms_reason": nomination.both_forms_reason,
        "report": [[s.heading.number, s.heading.title, s.text] for s in report.sections.all()]
        if report
        else [],
        "evidence": [[e.caption, e.sha256] for e in nomination.evidence.all()],
        "vote": _votes(vote) if vote else None,
        # Named only where there are rows: what was sent before there were any keeps its hash.
        **({"past_awards": [_past_award(award) for award in awards]} if awards else {}),
    }


def _past_award(award: PastAward) -> list[str]:
    day = award.decided_on.isoformat() if award.decided_on else ""
    return [award.year, award.name, award.decision_number, day, award.issued_by]


def claims_of(nomination: Nomination) -> list[Claim]:
    """Return the claims of a report in the order of its headings."""
    prefetch_related_objects([nomination], "report__sections__claims__evidence")
    report = getattr(nomination, "report", None)
    sections = report.sections.all() if report else []
    return [claim for section in sections for claim in section.claims.all()]


def _claim_content(claim: Claim) -> list[Any]:
    evidence = claim.evidence
    return [
        claim.section.heading.number,
        claim.statement,
        evidence.caption,
        evidence.sha256,
        claim.page,
    ]


def _votes(vote: MeetingVote) -> list[int]:
    """Return a vote: for and of how many; the rest only where it says something more.

    What was sent before all were counted keeps its fingerprint.
    """
    told = [vote.for_count, vote.present_count]
    if vote.for_count + vote.against_count == vote.present_count:
        return told
    return [*told, vote.against_count, vote.blank_count]


def proposal_content(proposal: Proposal) -> dict[str, Any]:
    """Return what a proposal sends: letter, minutes and nominations."""
    meeting = getattr(proposal, "meeting", None)
    nominations = (
        proposal.nominations.exclude(state=NominationState.WITHDRAWN)
        .select_related("award_form", "report", "unit_vote")
        .order_by("pk")
    )
    return {
        "campaign": proposal.campaign.title,
        "unit": proposal.unit.name,
        "letter": proposal.letter_text,
        "meeting": {
            "held_at": meeting.held_at.astimezone(dt.UTC).isoformat(),
            "ended_at": meeting.ended_at.astimezone(dt.UTC).isoformat(),
            "place": meeting.place,
            "chair": meeting.chair_name,
            "secretary": meeting.secretary_name,
            "total": meeting.total_count,
            "present": meeting.present_count,
            "absent": meeting.absent_note,
            "people": [
                [p.name, p.title, p.is_guest, p.absent_reason] for p in meeting.people.all()
            ],
            "conclusion": meeting.conclusion,
        }
        if meeting
        else None,
        "nominations": [nomination_content(n) for n in nominations],
    }


def supplement_content(nomination: Nomination) -> dict[str, Any]:
    """Return what a unit sends when it sends one nomination again."""
    return {
        **proposal_content(nomination.proposal),
        "nominations": [nomination_content(nomination)],
    }


def fingerprint(content: dict[str, Any]) -> str:
    """Return the SHA-256 of canonical JSON: sorted keys, no blanks, Vietnamese as it is."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def nomination_fingerprint(nomination: Nomination) -> str:
    """Return the fingerprint of one nomination's content."""
    return fingerprint(nomination_content(nomination))
