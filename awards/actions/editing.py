"""Who may still write in what: the one lock and the one refusal of everything a unit edits."""

import datetime as dt
from typing import Any

from awards.models import Nomination, NominationState, Proposal, ProposalState
from awards.policy import OWN_HEAD
from awards.queries.returns import open_parts
from awards.rules.nomination import window_is_open
from thidua.core.workflow import Refused, must


def locked_proposal(proposal: Proposal) -> Proposal:
    return (
        Proposal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "unit")
        .get(pk=proposal.pk)
    )


def editable_proposal(
    proposal: Proposal, actor: Any, at: dt.datetime, *, also_returned: bool = False
) -> Proposal:
    """Lock the proposal and refuse unless its head may still write in it."""
    locked = locked_proposal(proposal)
    must(OWN_HEAD.refuses(actor, locked))
    must(window_is_open(locked, at))
    if locked.state == ProposalState.DRAFT:
        return locked
    returned = locked.nominations.filter(state=NominationState.RETURNED)
    if also_returned and any(open_parts(nomination).vote for nomination in returned):
        return locked
    raise Refused(
        "Đề nghị đã gửi Văn phòng nên không sửa được. Hãy thu hồi khi Văn phòng chưa thẩm định."
    )


def editable_nomination(nomination: Nomination, actor: Any, at: dt.datetime) -> Nomination:
    """Lock the nomination and refuse unless its head or invited author may still write."""
    locked = (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "proposal")
        .get(pk=nomination.pk)
    )
    if locked.author_id != actor.pk:
        must(OWN_HEAD.refuses(actor, locked))
    must(window_is_open(locked, at))
    if not locked.is_editable:
        raise Refused(
            f"Hồ sơ đang ở trạng thái «{locked.get_state_display()}» nên không sửa được. "
            "Chỉ sửa được bản nháp hoặc hồ sơ Văn phòng trả lại."
        )
    return locked
