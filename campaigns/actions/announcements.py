"""Thông báo: what the office tells everybody about a campaign."""

import datetime as dt
from typing import Any

from django.db import transaction

from campaigns.models import Announcement, Campaign, CampaignState
from thidua.core import audit, clock
from thidua.core.permissions import OFFICE
from thidua.core.text import compose
from thidua.core.workflow import Refused, Who, must

_OFFICE = Who(OFFICE)
LONGEST_TEXT = 5000


@transaction.atomic
def publish_announcement(
    *, campaign: Campaign, title: str, text: str, actor: Any, at: dt.datetime
) -> Announcement:
    """Tell everybody of the agency; the same words twice on one day are one announcement."""
    must(_OFFICE.refuses(actor, campaign))
    campaign = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    if campaign.state == CampaignState.ARCHIVED:
        raise Refused("Đợt thi đua đã lưu trữ nên không thông báo thêm được.")
    title, text = compose(title), compose(text)
    if not (title and text):
        raise Refused("Hãy viết tiêu đề và nội dung thông báo.")
    today = clock.start_of(clock.local_day(at))
    same = campaign.announcements.filter(title=title, text=text, published_at__gte=today)
    if existing := same.first():
        return existing
    announcement = Announcement.objects.create(
        campaign=campaign, title=title, text=text, published_by=actor, published_at=at
    )
    audit.record("publish", announcement, actor=actor, label="Thông báo")
    return announcement
