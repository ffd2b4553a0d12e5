"""Until when a unit may send: the window of the plan, lengthened by what was decided."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from campaigns.models import Campaign, CampaignState, WindowExtension
from thidua.core import clock
from thidua.core.permissions import headed_unit_ids


def due_on(campaign: Campaign, unit_id: int | None) -> dt.date:
    """Return the last day for a unit (None: for a unit without an extension of its own).

    Reads the whole relation, so that a list of campaigns can bring it along.
    """
    days = [campaign.nominations_due_on]
    days += [
        extension.due_on
        for extension in campaign.extensions.all()
        if extension.unit_id is None or extension.unit_id == unit_id
    ]
    return max(days)


def closes_at(campaign: Campaign, unit_id: int | None) -> dt.datetime:
    """Return the first instant after the last day of a unit: in time is `at < closes_at`."""
    return clock.end_of(due_on(campaign, unit_id))


def grace_until(campaign: Campaign, unit_id: int | None) -> dt.datetime:
    """Return until when a page that was opened within the window may still send."""
    return closes_at(campaign, unit_id) + dt.timedelta(minutes=campaign.grace_minutes)


def last_close(campaign: Campaign) -> dt.datetime:
    """Return the first instant at which no unit may send any more."""
    days = [extension.due_on for extension in campaign.extensions.all()]
    return clock.end_of(max([campaign.nominations_due_on, *days]))


def extension_of(campaign: Campaign, unit_id: int | None) -> WindowExtension | None:
    """Return the extension by which a unit's last day is later than the plan's, if any."""
    last = due_on(campaign, unit_id)
    if last == campaign.nominations_due_on:
        return None
    found = [
        extension
        for extension in campaign.extensions.all()
        if extension.due_on == last and extension.unit_id in (None, unit_id)
    ]
    return found[-1]


def last_day_of(campaign: Campaign, unit_ids: Iterable[int]) -> dt.date:
    """Return the latest last day among some units; of none, that of all."""
    return max(due_on(campaign, unit_id) for unit_id in list(unit_ids) or [None])


def extensions_of(campaign: Campaign, unit_ids: Iterable[int]) -> list[WindowExtension]:
    """Return the extensions that hold for some units now, each once; of none, that of all."""
    found = (extension_of(campaign, unit_id) for unit_id in list(unit_ids) or [None])
    return list({extension.pk: extension for extension in found if extension}.values())


def is_receiving(campaign: Campaign, unit_id: int | None, day: dt.date) -> bool:
    """Whether a unit may send on `day`."""
    is_open = campaign.state == CampaignState.OPEN
    return is_open and campaign.opens_on <= day <= due_on(campaign, unit_id)


def why_ended(campaign: Campaign) -> str:
    """Return the sentence that a closed campaign answers every change with, "" while it runs."""
    if campaign.state == CampaignState.OPEN or campaign.closed_at is None:
        return ""
    return (
        f"Đợt này đã kết thúc ngày {clock.local_day(campaign.closed_at):%d/%m/%Y}. "
        "Hãy liên hệ Văn phòng."
    )


def own_unit_ids(user: Any) -> frozenset[int]:
    """Return the units whose last day matters to `user`: those headed, else the one of the job."""
    if headed := headed_unit_ids(user):
        return headed
    unit_id = user.person.unit_id if user.person_id else None
    return frozenset({unit_id}) if unit_id else frozenset()


def with_last_day(campaigns: QuerySet[Campaign], unit_ids: Iterable[int]) -> QuerySet[Campaign]:
    """Annotate `last_on`, the latest last day among some units."""
    later = _extensions_for(unit_ids).order_by().values("campaign").annotate(last=Max("due_on"))
    # In PostgreSQL the greatest of a value and nothing is the value.
    return campaigns.annotate(
        last_on=Greatest(F("nominations_due_on"), Subquery(later.values("last")))
    )


def receiving(
    campaigns: QuerySet[Campaign], unit_ids: Iterable[int], day: dt.date
) -> QuerySet[Campaign]:
    """Keep the campaigns in which at least one of the units may send on `day`."""
    longer = Exists(_extensions_for(unit_ids).filter(due_on__gte=day))
    return campaigns.filter(
        Q(nominations_due_on__gte=day) | longer, state=CampaignState.OPEN, opens_on__lte=day
    ).prefetch_related("extensions")


def _extensions_for(unit_ids: Iterable[int]) -> QuerySet[WindowExtension]:
    return WindowExtension.objects.filter(
        Q(unit__isnull=True) | Q(unit_id__in=list(unit_ids)), campaign=OuterRef("pk")
    )
