"""The printed lines of a unit, and what still waits for whose confirmation."""

from collections.abc import Collection, Container

from django.db.models import Q, QuerySet

from awards.models import Nomination, NominationState, Proposal
from campaigns.models import AwardRoute
from staff.models import RoleAssignment
from thidua.core import clock
from thidua.core.permissions import Role

OPEN_LINE = Q(state=NominationState.APPROVED, award_form__route=AwardRoute.OWN)
UNCONFIRMED = OPEN_LINE & Q(line_confirmed_at__isnull=True)


def lines_of(proposal: Proposal) -> QuerySet[Nomination]:
    """Return what was approved and has no number yet, with who confirmed its line."""
    return _in_order(proposal).filter(OPEN_LINE)


def named_lines(proposal: Proposal, sent: Container[str]) -> list[Nomination]:
    """Return the nominations that a request names, whatever has become of them meanwhile."""
    return [n for n in _in_order(proposal) if f"version_{n.pk}" in sent]


def _in_order(proposal: Proposal) -> QuerySet[Nomination]:
    return (
        Nomination.objects.filter(proposal=proposal)
        .select_related("award_form__campaign__agency", "line_confirmed_by__person")
        .order_by("award_form__position", "-subject_kind", "sort_key")
    )


def heads_of(unit_ids: Collection[int]) -> dict[int, str]:
    """Return who speaks for each of some units today, delegates included."""
    found: dict[int, list[str]] = {}
    held = (
        RoleAssignment.objects.in_force(clock.today())
        .filter(role=Role.UNIT_HEAD, unit_id__in=unit_ids, user__is_active=True)
        .select_related("user__person")
        .order_by("from_on", "pk")
    )
    for assignment in held:
        if assignment.unit_id is not None:
            found.setdefault(assignment.unit_id, []).append(assignment.user.display_name)
    return {unit_id: ", ".join(dict.fromkeys(names)) for unit_id, names in found.items()}
