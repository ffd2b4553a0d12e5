"""When a campaign may be closed: the window is over, and nothing waits for a decision."""

import datetime as dt

from awards.models import IN_FLIGHT, Nomination
from campaigns.models import Campaign
from campaigns.queries.windows import last_close
from thidua.core import clock


def window_is_over(campaign: Campaign, at: dt.datetime) -> str:
    """A campaign is not closed while a unit may still send."""
    last = last_close(campaign)
    if at >= last:
        return ""
    day = clock.local_day(last - dt.timedelta(microseconds=1))
    return f"Đợt còn nhận hồ sơ đến hết ngày {day:%d/%m/%Y} nên chưa kết thúc được."


def nothing_is_in_flight(campaign: Campaign, at: dt.datetime) -> str:
    """Each nomination that was sent has its end: awarded, declined, refused or withdrawn."""
    waiting = Nomination.objects.filter(campaign=campaign, state__in=IN_FLIGHT).count()
    if not waiting:
        return ""
    return f"Còn {waiting} hồ sơ chưa có kết quả. Hãy giải quyết xong rồi kết thúc đợt."
