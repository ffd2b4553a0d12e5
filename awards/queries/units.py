"""How far every unit has come in a campaign: counted, without anybody's name.

What a unit has not sent is its own affair; the office reads how much there is and what lacks.
"""

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet

from awards.models import (
    Nomination,
    NominationState,
    Nudge,
    Proposal,
    ProposalState,
    UnitMeeting,
)
from awards.queries.progress import Progress, with_progress
from campaigns.models import Campaign, CampaignState
from campaigns.queries.windows import due_on
from thidua.core import clock
from thidua.core.permissions import headed_unit_ids
from units.models import Unit

QUIET = dt.timedelta(days=7)


@dataclasses.dataclass(frozen=True, slots=True)
class UnitProgress:
    """Tiến độ của một đơn vị: where its proposal stands, what it holds, what lacks."""

    unit: Unit
    proposal: Any
    label: str
    tone: str
    counts: tuple[int, ...]
    lack: str
    last_at: dt.datetime | None
    due_on: dt.date
    is_silent: bool
    may_be_nudged: bool
    nudge: Nudge | None

    @property
    def total(self) -> int:
        return sum(self.counts)


def progress_of_units(
    campaign: Campaign, at: dt.datetime, unit_ids: frozenset[int] | None = None
) -> list[UnitProgress]:
    """Return the line of every unit, or of some: the silent first, then in Vietnamese order."""
    proposals = {proposal.unit_id: proposal for proposal in _proposals(campaign)}
    day = clock.local_day(at)
    in_force = Unit.objects.filter(agency_id=campaign.agency_id).nominating().in_force(day)
    units = Unit.objects.filter(Q(pk__in=in_force.values("pk")) | Q(pk__in=list(proposals)))
    if unit_ids is not None:
        units = units.filter(pk__in=unit_ids)
    forms = [form.pk for form in campaign.award_forms.all()]
    nudges: dict[int, Nudge] = {}
    for nudge in campaign.nudges.order_by("written_at", "pk"):
        nudges[nudge.unit_id] = nudge
    lines = [
        _line(campaign, at, forms, unit, proposal=proposals.get(unit.pk), nudge=nudges.get(unit.pk))
        for unit in units
    ]
    return sorted(lines, key=lambda line: (not line.is_silent, line.unit.sort_key))


def progress_seen_by(user: Any, campaign: Campaign, at: dt.datetime) -> list[UnitProgress]:
    """Return the lines of the units that `user` heads."""
    headed = headed_unit_ids(user)
    return progress_of_units(campaign, at, headed) if headed else []


def units_to_nudge(campaign: Campaign, at: dt.datetime) -> list[UnitProgress]:
    """Return the units that still have something to send and can send it."""
    return [line for line in progress_of_units(campaign, at) if line.may_be_nudged]


def nudges_to_heed(unit_ids: Any, at: dt.datetime) -> QuerySet[Nudge]:
    """Return the nudges of units that have not yet done what they were nudged for."""
    proposals = Proposal.objects.filter(campaign=OuterRef("campaign"), unit=OuterRef("unit"))
    returned = Nomination.objects.filter(proposal=OuterRef("pk"), state=NominationState.RETURNED)
    has_sent = proposals.filter(~Exists(returned), state=ProposalState.SUBMITTED)
    return (
        Nudge.objects.filter(
            ~Exists(has_sent), unit__in=unit_ids, campaign__state=CampaignState.OPEN
        )
        .select_related("campaign", "unit", "written_by__person")
        .annotate(proposal_id=proposals.values("pk")[:1])
    )


def recent_nudges(user: Any, at: dt.datetime) -> list[Nudge]:
    """Return what the office lately urged the units of `user` to do."""
    headed = headed_unit_ids(user)
    if not headed:
        return []
    return list(nudges_to_heed(headed, at).filter(written_at__gt=at - QUIET))


def _proposals(campaign: Campaign) -> QuerySet[Proposal]:
    live = Nomination.objects.exclude(state=NominationState.WITHDRAWN)
    return (
        Proposal.objects.filter(campaign=campaign)
        .annotate(
            has_meeting=Exists(UnitMeeting.objects.filter(proposal=OuterRef("pk"))),
            named_at=Max("nominations__created_at"),
            written_at=Max("nominations__report__edited_at"),
            sent_at=Max("submissions__submitted_at"),
        )
        .prefetch_related(Prefetch("nominations", with_progress(live)))
    )


def _line(
    campaign: Campaign,
    at: dt.datetime,
    forms: list[int],
    unit: Unit,
    *,
    proposal: Any,
    nudge: Nudge | None,
) -> UnitProgress:
    last_day = due_on(campaign, unit.pk)
    nominations = list(proposal.nominations.all()) if proposal else []
    held = [nomination.award_form_id for nomination in nominations]
    last_at = _last_act(proposal) if proposal else None
    label, tone, lack = _standing(proposal, nominations)
    is_begun = last_at is not None and last_at > at - QUIET
    has_work = bool(lack)
    return UnitProgress(
        unit=unit,
        proposal=proposal,
        label=label,
        tone=tone,
        counts=tuple(held.count(form) for form in forms),
        lack=lack,
        last_at=last_at,
        due_on=last_day,
        is_silent=not is_begun and (proposal is None or proposal.state == ProposalState.DRAFT),
        may_be_nudged=has_work
        and campaign.state == CampaignState.OPEN
        and campaign.opens_at <= at < clock.end_of(last_day),
        nudge=nudge,
    )


def _last_act(proposal: Any) -> dt.datetime:
    acts = (proposal.created_at, proposal.named_at, proposal.written_at, proposal.sent_at)
    return max(act for act in acts if act)


def _standing(proposal: Any, nominations: list[Any]) -> tuple[str, str, str]:
    """Return (label, tone, what lacks) of a proposal."""
    if proposal is None:
        return "Chưa lập", "stop", "Chưa lập đề nghị"
    if proposal.state == ProposalState.DRAFT:
        progress = Progress.of(proposal, nominations, has_meeting=proposal.has_meeting)
        if not progress.lack_count:
            return "Đang soạn", "wait", "Đã đủ bốn phần, chưa gửi"
        lack = (
            f"{progress.done_count} trên 4 phần đã xong, còn thiếu {progress.lack_count} việc; "
            f"trước hết là {progress.first_unfinished}"
        )
        return "Đang soạn", "wait", lack
    returned = sum(nomination.state == NominationState.RETURNED for nomination in nominations)
    if returned:
        return "Chờ bổ sung", "wait", f"{returned} hồ sơ Văn phòng yêu cầu bổ sung"
    return "Đã gửi", "ok", ""
