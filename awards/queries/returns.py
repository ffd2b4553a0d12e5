"""What of a nomination is open to its unit."""

import dataclasses

from awards.models import Nomination, NominationState, ReturnKind, ReturnPoint


@dataclasses.dataclass(frozen=True, slots=True)
class OpenParts:
    """Những phần đang mở: all of a draft; of a returned nomination what the office has named.

    `headings` are ids; None means every one of them.
    """

    headings: frozenset[int] | None = None
    evidence: bool = True
    vote: bool = True

    def has_heading(self, heading_id: int) -> bool:
        return self.headings is None or heading_id in self.headings


EVERYTHING = OpenParts()
NOTHING = OpenParts(frozenset(), evidence=False, vote=False)


def open_parts(nomination: Nomination) -> OpenParts:
    """Return what may be changed now; a return that names no point opens everything."""
    if nomination.state == NominationState.DRAFT:
        return EVERYTHING
    if nomination.state != NominationState.RETURNED:
        return NOTHING
    points = open_points(nomination)
    kinds = {point.kind for point in points}
    if not points or ReturnKind.WHOLE in kinds:
        return EVERYTHING
    return OpenParts(
        frozenset(point.heading_id for point in points if point.heading_id),
        evidence=ReturnKind.EVIDENCE in kinds,
        vote=ReturnKind.VOTE in kinds,
    )


def open_points(nomination: Nomination) -> list[ReturnPoint]:
    """Return the points that were named and not yet answered, in the order of the report."""
    points = nomination.return_points.filter(answered_by__isnull=True).select_related("heading")
    return sorted(points, key=lambda p: (p.heading is None, p.heading and p.heading.position, p.pk))
