"""Quotas: a draft may go over them, what is sent may not."""

import datetime as dt

from django.urls import reverse

from awards.models import Proposal
from awards.queries.quotas import QuotaLine, quota_lines
from awards.rules.nomination import Lack
from thidua.core import clock

_CLAUSE = "Chỉ tiêu của đợt"


def over_quota_sentence(line: QuotaLine) -> str:
    """Say by how much a unit is over, and both ways out; "" when it is not."""
    if not line.is_over:
        return ""
    extra = line.allowed - line.most
    waived = f" và {extra} được vượt thêm" if extra else ""
    return (
        f"{line.label}: đề nghị {line.used}, vượt chỉ tiêu {line.most}{waived}. "
        f"Hãy rút bớt {line.over} trường hợp, hoặc đề nghị Văn phòng cho vượt chỉ tiêu."
    )


def lacks_of_quota(proposal: Proposal, lines: list[QuotaLine]) -> list[Lack]:
    """Return a line for each kind of which the unit proposes too many."""
    url = reverse("proposal_detail", args=[proposal.pk]) + "#danh-sach"
    return [
        Lack(over_quota_sentence(line).removesuffix("."), _CLAUSE, url)
        for line in lines
        if line.is_over
    ]


def within_quota(proposal: Proposal, at: dt.datetime) -> str:
    """Refuse to send more than was allowed, naming the first kind and what to do.

    Asked of the whole proposal, under its lock: nothing is added to it once it was sent. What
    was sent is not asked again when it comes back mended, so that a lower quota never reaches it.
    """
    for line in quota_lines([proposal], clock.local_day(at))[proposal.pk]:
        if reason := over_quota_sentence(line):
            return reason
    return ""
