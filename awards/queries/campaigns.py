"""How far a campaign is from its end: counts by what happened, and what is still on its way."""

import dataclasses
import datetime as dt

from django.db.models import Count

from awards.models import IN_FLIGHT, Nomination, NominationState
from campaigns.models import AwardType, Campaign, CampaignState
from campaigns.queries.law import kept_until
from thidua.core.workflow import Refused

_FILES = (
    ("campaign", "Hồ sơ tổ chức phong trào thi đua"),
    *((t.value, f"Hồ sơ {t.label}") for t in AwardType),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """Thời hạn bảo quản: a kind of file and its last day; None is for ever."""

    title: str
    until: dt.date | None
    missing: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class CampaignEnd:
    """Tình hình kết thúc đợt: states with their counts, what waits, how long files are kept."""

    counts: list[tuple[str, int]]
    waiting: list[Nomination]
    kept: list[Kept]


def end_of(campaign: Campaign) -> CampaignEnd:
    """Return what keeps `campaign` from its end, and how long its files stay."""
    nominations = Nomination.objects.filter(campaign=campaign)
    by_state = dict(nominations.order_by().values_list("state").annotate(Count("pk")))
    waiting = nominations.filter(state__in=IN_FLIGHT).select_related("award_form", "proposal__unit")
    return CampaignEnd(
        [(state.label, by_state[state]) for state in NominationState if state in by_state],
        list(waiting.order_by("state", "sort_key")),
        [_kept(campaign, key, title) for key, title in _FILES]
        if campaign.state != CampaignState.OPEN
        else [],
    )


def _kept(campaign: Campaign, key: str, title: str) -> Kept:
    try:
        return Kept(title, kept_until(campaign, key))
    except Refused as reason:
        return Kept(title, None, str(reason))
