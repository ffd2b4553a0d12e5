"""The hold register: its own lines for its keepers, and the bare fact for everybody else."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from awards.models import Nomination
from awards.policy import HOLD_DESKS
from staff.models import LIVE_HOLD, Hold, HoldOutcome, Person
from thidua.core.permissions import headed_unit_ids, roles_of
from units.models import Unit

LIVE, OVER, ALL = "live", "over", "all"


# --- For the keepers ---------------------------------------------------------------------------


def holds_visible_to(user: Any) -> QuerySet[Hold]:
    """Return the lines of the register that exist for `user`, ready to be shown."""
    return Hold.objects.visible_to(user).select_related(
        "person__unit",
        "unit",
        "opened_by__person",
        "concluded_by__person",
        "concluding_file",
        "corrects",
        "corrected_by",
    )


def narrowed(holds: QuerySet[Hold], words: str, state: str) -> QuerySet[Hold]:
    """Keep what is live, or over, and whose subject's name holds all of `words`."""
    people, units = Person.objects.search(words), Unit.objects.search(words)
    if words.strip():
        holds = holds.filter(Q(person__in=people) | Q(unit__in=units))
    if state == LIVE:
        return holds.filter(LIVE_HOLD)
    return holds.exclude(LIVE_HOLD) if state == OVER else holds


def people_to_hold(user: Any) -> QuerySet[Person]:
    """Return whom a keeper may write in the register: everybody but the own person."""
    people = Person.objects.filter(agency_id=user.agency_id).select_related("unit")
    return people.exclude(pk=user.person_id or 0)


def units_to_hold(user: Any) -> QuerySet[Unit]:
    """Return the collectives that may stand in the register."""
    return Unit.objects.filter(agency_id=user.agency_id).nominating()


# --- For everybody else ------------------------------------------------------------------------


def with_holds(nominations: Any, user: Any) -> Any:
    """Annotate `is_held` as `user` may read it; the rule for one is `policy.sees_hold`."""
    others = Hold.objects.exclude(person_id=user.person_id or 0)
    held = Q(Exists(_live_of_outer(others)))
    if not roles_of(user) & HOLD_DESKS:
        held &= Q(proposal__unit_id__in=[*headed_unit_ids(user), 0])
    return nominations.annotate(is_held=ExpressionWrapper(held, BooleanField()))


def _live_of_outer(holds: QuerySet[Hold]) -> QuerySet[Hold]:
    return holds.filter(
        LIVE_HOLD, Q(person=OuterRef("person")) | Q(unit=OuterRef("recipient_unit"))
    )


def without_holds(nominations: Any) -> Any:
    """Keep the nominations about which nothing is being settled."""
    return nominations.filter(~Exists(_live_of_outer(Hold.objects.all())))


def held_among(nominations: Iterable[Nomination]) -> frozenset[int]:
    """Return which of some nominations (by key) are on hold now, in one query."""
    listed = list(nominations)
    held = set(_holds_about(listed).filter(LIVE_HOLD).values_list("person_id", "unit_id"))
    return frozenset(n.pk for n in listed if (n.person_id, n.recipient_unit_id) in held)


@dataclasses.dataclass(frozen=True, slots=True)
class HoldFacts:
    """Điều sổ tạm giữ cho biết về các đề nghị: no kind, no reason, no day of opening."""

    held: frozenset[int]
    # The days between which no achievement counts, by nomination.
    uncounted: dict[int, list[tuple[dt.date, dt.date]]]


def hold_facts(nominations: Collection[Nomination]) -> HoldFacts:
    """Return what the register says about some nominations, in one query."""
    live, served = set(), {}
    rows = _holds_about(nominations).filter(is_corrected=False)
    for hold in rows.only("person", "unit", "outcome", "concluded_on", "discipline_until"):
        subject = (hold.person_id, hold.unit_id)
        if hold.concluded_on is None:
            live.add(subject)
        elif hold.outcome == HoldOutcome.DISCIPLINED and hold.discipline_until:
            served.setdefault(subject, []).append((hold.concluded_on, hold.discipline_until))
    return HoldFacts(
        frozenset(n.pk for n in nominations if (n.person_id, n.recipient_unit_id) in live),
        {
            n.pk: served[n.person_id, n.recipient_unit_id]
            for n in nominations
            if (n.person_id, n.recipient_unit_id) in served
        },
    )


def _holds_about(nominations: Iterable[Nomination]) -> QuerySet[Hold]:
    listed = list(nominations)
    people = {n.person_id for n in listed if n.person_id}
    units = {n.recipient_unit_id for n in listed if n.recipient_unit_id}
    return Hold.objects.filter(Q(person__in=people) | Q(unit__in=units)).order_by()
