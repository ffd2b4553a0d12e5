"""Yêu cầu bổ sung: the office returns a nomination and names every point."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from awards.models import Nomination, ReturnKind, ReturnPoint, Submission
from awards.workflow import NOMINATION
from campaigns.models import ReportHeading
from thidua.core.text import compose
from thidua.core.workflow import Refused

Place = ReportHeading | ReturnKind
"""Where a remark stands: under a heading of the report, or at one of the other parts."""


@transaction.atomic
def return_nomination(
    *,
    nomination: Nomination,
    remarks: Mapping[Place, str],
    note: str = "",
    actor: Any,
    at: dt.datetime,
) -> list[ReturnPoint]:
    """Return a nomination to its unit; only the places of `remarks` open there.

    Raises Refused when no place is named.
    """
    points = [
        _point(nomination, place, compose(text), actor, at) for place, text in remarks.items()
    ]
    if not points:
        raise Refused(
            "Hãy nêu ít nhất một điểm cần bổ sung, hoặc chọn «Mở toàn bộ hồ sơ»: "
            "đơn vị chỉ sửa được những gì được nêu."
        )
    told = [compose(note), *(str(point) for point in points)]
    NOMINATION.fire(
        nomination,
        "return",
        actor=actor,
        at=at,
        note="\n".join(line for line in told if line),
        confirmed=True,
    )
    # What an earlier return named and nobody answered is settled by this one.
    nomination.return_points.filter(answered_by__isnull=True).delete()
    return ReturnPoint.objects.bulk_create(points)


def _point(
    nomination: Nomination, place: Place, remark: str, actor: Any, at: dt.datetime
) -> ReturnPoint:
    if isinstance(place, ReportHeading):
        kind, heading = ReturnKind.HEADING, place
    else:
        kind, heading = place, None
    return ReturnPoint(
        nomination=nomination,
        kind=kind,
        heading=heading,
        remark=remark,
        made_by=actor,
        made_at=at,
    )


def answer_points(nomination: Nomination, submission: Submission) -> None:
    """Close the open points with the supplement that answers them."""
    nomination.return_points.filter(answered_by__isnull=True).update(answered_by=submission)
