"""Being seen in a part of a proposal: not a change of any record, so nothing is logged."""

import datetime as dt
from typing import Any

from awards.models import Nomination, Part, Presence, Proposal

_HERE = dt.timedelta(seconds=45)  # a page says every ten seconds that it is still open
_FORGOTTEN = dt.timedelta(days=1)


def be_seen(
    *,
    proposal: Proposal,
    part: Part,
    nomination: Nomination | None = None,
    actor: Any,
    at: dt.datetime,
) -> list[Presence]:
    """Note that `actor` has a part open at the real instant `at`; return who else has it open."""
    there = Presence.objects.filter(proposal=proposal, nomination=nomination, part=part)
    Presence.objects.bulk_create(
        [Presence(proposal=proposal, nomination=nomination, part=part, user=actor, seen_at=at)],
        update_conflicts=True,
        unique_fields=["proposal", "nomination", "part", "user"],
        update_fields=["seen_at"],
    )
    there.filter(seen_at__lt=at - _FORGOTTEN).delete()
    return list(
        there.exclude(user=actor)
        .filter(seen_at__gt=at - _HERE)
        .select_related("user__person")
        .order_by("pk")
    )
