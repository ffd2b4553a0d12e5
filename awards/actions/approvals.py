"""What the signatory does to many nominations at once."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction

from awards.models import Nomination
from awards.workflow import NOMINATION
from thidua.core.workflow import Conflict, Refused


@transaction.atomic
def approve_all(
    *, nomination_ids: Collection[int], actor: Any, at: dt.datetime, confirmed: bool
) -> list[Nomination]:
    """Approve every one of some nominations, or none; returns them as they now stand.

    Raises Refused or Conflict with the sentence that names the one in the way.
    """
    wanted = set(nomination_ids)
    if not wanted:
        raise Refused("Hãy chọn ít nhất một trường hợp để phê duyệt.")
    nominations = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("award_form")
        .filter(pk__in=wanted, campaign__agency_id=actor.agency_id)
        .order_by("pk")
    )
    if len(nominations) != len(wanted):
        raise Conflict("Danh sách vừa thay đổi. Hãy tải lại trang rồi chọn lại.")
    for nomination in nominations:
        try:
            NOMINATION.fire(nomination, "approve", actor=actor, at=at, confirmed=confirmed)
        except Refused as refusal:
            raise type(refusal)(f"{nomination.recipient_name}: {refusal}") from None
    return nominations
