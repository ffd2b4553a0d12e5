"""Gia hạn: a later last day for one unit or for all, by a recorded decision; append-only."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from campaigns.models import Campaign, WindowExtension
from campaigns.queries import windows
from thidua.core import audit, clock
from thidua.core.models import StoredFile
from thidua.core.permissions import Role
from thidua.core.text import compose
from thidua.core.workflow import Refused, Who, must
from units.models import Unit

# Nobody extends by half a year and more: that is a slip of the keyboard, or another campaign.
MOST_DAYS = 180
CHIEF = Who(frozenset({Role.OFFICE_CHIEF}))


@transaction.atomic
def extend_window(
    *,
    campaign: Campaign,
    unit: Unit | None,
    due_on: dt.date,
    reason: str,
    decided_by: str,
    document: str,
    file: StoredFile | None = None,
    actor: Any,
    at: dt.datetime,
) -> WindowExtension:
    """Record a later last day for `unit` (None: for all units).

    Not under a lock: of two at once both stand, and the later day counts.
    """
    campaign = Campaign.objects.get(pk=campaign.pk)
    must(CHIEF.refuses(actor, campaign))
    must(windows.why_ended(campaign))
    if unit and unit.agency_id != campaign.agency_id:
        raise Refused("Đơn vị này không thuộc cơ quan của đợt.")
    present = windows.due_on(campaign, unit.pk if unit else None)
    if due_on <= present:
        raise Refused(
            f"Nay nhận hồ sơ đến hết ngày {present:%d/%m/%Y}. Hãy ghi một ngày sau ngày đó."
        )
    if due_on < clock.local_day(at):
        raise Refused("Ngày này đã qua. Hãy ghi từ hôm nay trở đi.")
    latest = campaign.nominations_due_on + dt.timedelta(days=MOST_DAYS)
    if due_on > latest:
        raise Refused(
            f"Gia hạn nhiều nhất {MOST_DAYS} ngày sau hạn của kế hoạch, "
            f"tức là đến ngày {latest:%d/%m/%Y}."
        )
    extension = WindowExtension(
        campaign=campaign,
        unit=unit,
        due_on=due_on,
        reason=compose(reason),
        decided_by=compose(decided_by),
        document=compose(document),
        file=file,
        recorded_by=actor,
        recorded_at=at,
    )
    try:
        with transaction.atomic():
            extension.save()
    except IntegrityError:
        raise Refused(f"Vừa có người ghi gia hạn đến ngày {due_on:%d/%m/%Y}.") from None
    audit.record(
        "extend",
        campaign,
        actor=actor,
        label="Gia hạn nhận hồ sơ",
        changes={
            "unit": ["", str(unit) if unit else "mọi đơn vị"],
            "due_on": [present.isoformat(), due_on.isoformat()],
        },
        note=f"{extension}; {extension.document}, {extension.decided_by}: {extension.reason}",
    )
    return extension


@transaction.atomic
def set_grace(*, campaign: Campaign, minutes: int, actor: Any) -> None:
    """Say for how many minutes a page that was opened in time may still send; 0 is not at all."""
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    must(CHIEF.refuses(actor, campaign))
    must(windows.why_ended(campaign))
    before = campaign.grace_minutes
    if minutes == before:
        return
    campaign.grace_minutes = minutes
    campaign.save(update_fields=["grace_minutes"])
    audit.record(
        "grace",
        campaign,
        actor=actor,
        label="Đặt số phút gửi chậm",
        changes={"grace_minutes": [before, minutes]},
    )
