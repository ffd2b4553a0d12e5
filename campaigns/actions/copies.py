"""A new campaign from one that was: a draft with shifted dates, to be confirmed field by field."""

import datetime as dt
from typing import Any

from django.db import transaction

from campaigns import plan_fields
from campaigns.models import Campaign, PlanDraft
from campaigns.queries.copies import values_of
from campaigns.shifting import shift
from thidua.core import audit
from thidua.core.workflow import Refused

MOST_YEARS = 10


@transaction.atomic
def copy_campaign(*, campaign: Campaign, years: int, actor: Any, at: dt.datetime) -> PlanDraft:
    """Return a draft of the same plan, its own days `years` later; nothing of it counts yet.

    A draft of the same campaign that is not finished yet is returned as it stands.
    """
    if not 1 <= years <= MOST_YEARS:
        raise Refused(f"Hãy dời từ 1 đến {MOST_YEARS} năm.")
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    begun = PlanDraft.objects.filter(copied_from=campaign, campaign__isnull=True).first()
    if begun:
        return begun
    source = f"Từ đợt «{campaign.short_title}»"
    fields = {
        name: {"value": field.value, "source": source if field.value else "", "note": field.note}
        for name, field in shift(values_of(campaign), years).items()
        if name in plan_fields.BY_NAME
    }
    draft = PlanDraft.objects.create(
        agency=campaign.agency,
        created_by=actor,
        created_at=at,
        copied_from=campaign,
        fields=fields,
    )
    audit.record(
        "create",
        draft,
        actor=actor,
        label="Lập đợt mới từ đợt trước",
        note=f"{campaign}, dời {years} năm",
    )
    return draft
