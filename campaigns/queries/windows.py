"""Until when a unit may send: the window of the plan, lengthened by what was decided."""

import datetime as dt

from campaigns.models import Campaign, WindowExtension
from thidua.core import clock


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
