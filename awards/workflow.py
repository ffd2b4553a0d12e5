"""The lifecycles of awards, as tables: who may move what from where to where, and why not.

Read a row as: action, what people read, from, to, who; then what must hold and what follows.
`within` names the larger act of which a row is a part.
"""

from typing import Any

from awards.models import (
    CouncilMeeting,
    DecisionState,
    LetterState,
    MeetingState,
    Nomination,
    NominationState,
    Proposal,
    ProposalState,
    SubmissionLetter,
)
from awards.policy import (
    AGENCY_SIGNATORY,
    OFFICE_DESK,
    OFFICE_HEAD,
    OWN_HEAD,
    REGISTRAR,
    REVIEWER,
    SECRETARY,
    SIGNATORY,
)
from awards.queries import nomination_fingerprint
from awards.queries.law import receipt_law
from awards.rules.campaign import nothing_is_in_flight, window_is_over
from awards.rules.council import all_items_are_counted, quorum_is_met
from awards.rules.decision import papers_are_printed, papers_of_letter_are_made
from awards.rules.findings import findings_allow_sending
from awards.rules.holds import not_on_hold
from awards.rules.lines import line_is_confirmed
from awards.rules.nomination import (
    nomination_is_complete,
    own_route,
    review_has_not_begun,
    sending_is_open,
    superior_route,
    text_is_as_sent,
    unit_exists,
    window_is_open,
)
from awards.rules.proposal import proposal_is_complete
from awards.rules.quotas import within_quota
from campaigns.models import Campaign, CampaignState
from campaigns.queries.law import kept_until
from thidua.core import clock
from thidua.core.workflow import Change, Transition, Workflow

# --- Consequences ------------------------------------------------------------------------------


def stamp_sent(nomination: Nomination, change: Change) -> None:
    """Remember who sent what, when; the first sending is the receipt for appraisal.

    Its day decides the law of the appraisal: nothing sent later moves it.
    """
    if nomination.received_for_appraisal_at is None:
        nomination.received_for_appraisal_at = change.at
        nomination.received_law = receipt_law(nomination, clock.local_day(change.at))
    nomination.submitted_by, nomination.submitted_at = change.actor, change.at
    nomination.content_sha256 = nomination_fingerprint(nomination)
    nomination.return_reason = ""
    nomination.reviewed_by, nomination.reviewed_at = None, None


def stamp_proposal(proposal: Proposal, change: Change) -> None:
    """Remember when the unit sent."""
    proposal.submitted_at = change.at


def stamp_review(nomination: Nomination, change: Change) -> None:
    """Remember who reviewed, when."""
    nomination.reviewed_by, nomination.reviewed_at = change.actor, change.at


def keep_return_reason(nomination: Nomination, change: Change) -> None:
    """Show the unit what to mend."""
    nomination.return_reason = change.note


def stamp_settled(nomination: Nomination, change: Change) -> None:
    """Remember who settled it; the person too, so that the database can compare."""
    nomination.settled_by, nomination.settled_at = change.actor, change.at
    nomination.settled_by_person = change.actor.person


def keep_outcome_reason(nomination: Nomination, change: Change) -> None:
    """Keep why a nomination ended so."""
    nomination.outcome_reason = change.note


def close_minutes(meeting: CouncilMeeting, change: Change) -> None:
    """Freeze number, end and rule of the meeting."""
    meeting.number = change.facts["number"]
    meeting.ended_at = change.facts["ended_at"]
    meeting.rule = change.facts["rule"]


def stamp_letter(letter: SubmissionLetter, change: Change) -> None:
    """Remember who signed off the letter; the block under it names that person."""
    letter.approved_by, letter.approved_at = change.actor, change.at
    letter.signatory_name = change.actor.display_name


def number_the_letter(letter: SubmissionLetter, change: Change) -> None:
    """Put number and date on the letter."""
    letter.number, letter.issued_on = change.facts["number"], change.facts["issued_on"]


def attach_signed(decision: Any, change: Change) -> None:
    """Keep the signed file and the day of signing."""
    decision.signed_file = change.facts["signed_file"]
    decision.signed_on = change.facts["signed_on"]


def stamp_closed(campaign: Campaign, change: Change) -> None:
    """Remember when the campaign ended."""
    campaign.closed_at = change.at


def clear_closed(campaign: Campaign, change: Change) -> None:
    """An open campaign has not ended."""
    campaign.closed_at = None


def stamp_retention(campaign: Campaign, change: Change) -> None:
    """Keep the campaign's file as long as the rule of its last year says; None is for ever."""
    campaign.kept_until = kept_until(campaign, "campaign")


# --- Tables ------------------------------------------------------------------------------------

P, S, M, D, L = ProposalState, NominationState, MeetingState, DecisionState, LetterState
C = CampaignState

# fmt: off
PROPOSAL = Workflow("Đề nghị của phòng", P,
    #          action       label                     from                          to              who
    Transition("submit",    "Gửi Văn phòng",          (P.DRAFT,),                   P.SUBMITTED,    OWN_HEAD,
               guards=(sending_is_open, within_quota, proposal_is_complete, findings_allow_sending), then=(stamp_proposal,), within="submit_proposal"),
    Transition("withdraw",  "Thu hồi đề nghị",        (P.SUBMITTED,),               P.DRAFT,        OWN_HEAD,
               guards=(window_is_open, review_has_not_begun), needs_note=True, within="withdraw_proposal"),
)

NOMINATION = Workflow("Đề nghị khen thưởng", S,
    #          action       label                     from                          to              who
    Transition("submit",    "Gửi Văn phòng",          (S.DRAFT,),                   S.SUBMITTED,    OWN_HEAD,
               guards=(sending_is_open, unit_exists, nomination_is_complete), then=(stamp_sent,), within="submit_proposal"),
    Transition("recall",    "Thu hồi về bản nháp",    (S.SUBMITTED,),               S.DRAFT,        OWN_HEAD,
               within="withdraw_proposal"),
    Transition("resubmit",  "Gửi lại Văn phòng",      (S.RETURNED,),                S.SUBMITTED,    OWN_HEAD,
               guards=(sending_is_open, unit_exists, nomination_is_complete), then=(stamp_sent,), within="resubmit_nomination"),
    Transition("withdraw",  "Rút đề nghị",            (S.DRAFT, S.RETURNED),        S.WITHDRAWN,    OWN_HEAD,
               needs_note=True, then=(keep_outcome_reason,)),

    Transition("accept",    "Chấp nhận",              (S.SUBMITTED,),               S.ACCEPTED,     REVIEWER,
               guards=(nomination_is_complete, text_is_as_sent, not_on_hold), then=(stamp_review,), tone="main"),
    Transition("return",    "Yêu cầu bổ sung",        (S.SUBMITTED,),               S.RETURNED,     REVIEWER,
               needs_note=True, then=(stamp_review, keep_return_reason)),
    Transition("decline",   "Không đủ điều kiện",     (S.SUBMITTED,),               S.DECLINED,     REVIEWER,
               needs_note=True, then=(stamp_review, keep_outcome_reason)),

    Transition("approve",   "Phê duyệt",              (S.ACCEPTED,),                S.APPROVED,     SIGNATORY,
               guards=(own_route, text_is_as_sent, not_on_hold), needs_password=True, then=(stamp_settled,), tone="main"),
    Transition("refuse",    "Không phê duyệt",        (S.ACCEPTED,),                S.REFUSED,      SIGNATORY,
               guards=(own_route,), needs_note=True, needs_password=True, then=(stamp_settled, keep_outcome_reason)),
    Transition("issue",     "Đưa vào quyết định",     (S.APPROVED,),                S.DECIDED,      REGISTRAR,
               guards=(own_route, line_is_confirmed, not_on_hold), within="issue_decision"),
    Transition("award",     "Ghi sổ khen thưởng",     (S.DECIDED,),                 S.AWARDED,      REGISTRAR,
               guards=(own_route,), within="close_decision"),

    Transition("endorse",   "Hội đồng thông qua",     (S.ACCEPTED,),                S.ENDORSED,     SECRETARY,
               guards=(superior_route, text_is_as_sent, not_on_hold), within="close_meeting"),
    Transition("reject",    "Hội đồng không thông qua", (S.ACCEPTED,),              S.NOT_ENDORSED, SECRETARY,
               guards=(superior_route,), then=(keep_outcome_reason,), within="close_meeting"),
    Transition("forward",   "Trình cấp trên",         (S.ENDORSED,),                S.FORWARDED,    REGISTRAR,
               guards=(superior_route, not_on_hold), within="number_letter"),
    Transition("grant",     "Cấp trên tặng",          (S.FORWARDED,),               S.AWARDED,      OFFICE_DESK,
               guards=(superior_route,), within="record_outcome"),
    Transition("deny",      "Cấp trên không tặng",    (S.FORWARDED,),               S.NOT_GRANTED,  OFFICE_DESK,
               guards=(superior_route,), then=(keep_outcome_reason,), within="record_outcome"),
)

MEETING = Workflow("Phiên họp Hội đồng", M,
    Transition("close",     "Kết thúc phiên họp",     (M.OPEN,),                    M.CLOSED,       SECRETARY,
               guards=(quorum_is_met, all_items_are_counted), then=(close_minutes,), within="close_meeting"),
)

LETTER = Workflow("Tờ trình cấp trên", L,
    Transition("approve",   "Duyệt tờ trình",         (L.DRAFT,),                   L.APPROVED,     AGENCY_SIGNATORY,
               needs_password=True, then=(stamp_letter,), tone="main"),
    Transition("number",    "Cấp số và trình",        (L.APPROVED,),                L.NUMBERED,     REGISTRAR,
               then=(number_the_letter,), within="number_letter"),
    Transition("answer",    "Đã có kết quả",          (L.NUMBERED,),                L.ANSWERED,     OFFICE_DESK,
               guards=(papers_of_letter_are_made,), within="record_outcome"),
)

DECISION = Workflow("Quyết định khen thưởng", D,
    Transition("close",     "Ban hành",               (D.NUMBERED,),                D.CLOSED,       REGISTRAR,
               guards=(papers_are_printed,), then=(attach_signed,), within="close_decision"),
)

CAMPAIGN = Workflow("Đợt thi đua", C,
    Transition("close",     "Kết thúc đợt",           (C.OPEN,),                    C.CLOSED,       OFFICE_HEAD,
               guards=(window_is_over, nothing_is_in_flight), then=(stamp_closed,), tone="main"),
    Transition("reopen",    "Mở lại đợt",             (C.CLOSED,),                  C.OPEN,         OFFICE_HEAD,
               needs_note=True, then=(clear_closed,)),
    Transition("archive",   "Lưu trữ",                (C.CLOSED,),                  C.ARCHIVED,     OFFICE_HEAD,
               then=(stamp_retention,), tone="main"),
)
# fmt: on

WORKFLOWS = (CAMPAIGN, PROPOSAL, NOMINATION, MEETING, LETTER, DECISION)
