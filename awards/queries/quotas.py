"""How many a unit proposes of each kind, beside how many it may."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Q

from awards.models import Nomination, Proposal
from awards.models.nomination import LIVE
from awards.queries.desk import in_service_on
from campaigns.models import AwardForm, Quota, QuotaWaiver, SubjectKind
from campaigns.queries.quotas import most_of, quota_for
from staff.models import Person

Pair = tuple[int, str]


@dataclasses.dataclass(frozen=True, slots=True)
class QuotaLine:
    """Chỉ tiêu của đơn vị: one form of award and kind of subject, counted."""

    award_form: AwardForm
    subject_kind: str
    used: int
    most: int
    waivers: tuple[QuotaWaiver, ...]

    @property
    def allowed(self) -> int:
        return self.most + sum(waiver.extra_count for waiver in self.waivers)

    @property
    def over(self) -> int:
        return max(0, self.used - self.allowed)

    @property
    def is_over(self) -> bool:
        return self.over > 0

    def holds(self, nomination: Nomination) -> bool:
        """Whether this line counts `nomination`."""
        kind = (self.award_form.pk, self.subject_kind)
        return kind == (nomination.award_form_id, nomination.subject_kind)

    @property
    def label(self) -> str:
        return f"{self.award_form.name}, {SubjectKind(self.subject_kind).label.lower()}"

    @property
    def sentence(self) -> str:
        """Say the counter in words: «Giấy khen, cá nhân: 2 trên 3 chỉ tiêu»."""
        return f"{self.label}: {self.used} trên {self.most} chỉ tiêu"


def quota_lines(proposals: Iterable[Proposal], day: dt.date) -> dict[int, list[QuotaLine]]:
    """Return the counted quotas of each proposal; a kind without a quota has no line.

    Counts what has not ended: a name that was withdrawn or declined makes room again.
    """
    proposals = list(proposals)
    found: dict[int, list[QuotaLine]] = {proposal.pk: [] for proposal in proposals}
    quotas = _quotas_for(proposals)
    if not quotas:
        return found
    unit_ids = {proposal.unit_id for proposal in proposals}
    used = _used_in(proposals)
    staff = _staff_of(unit_ids, day) if any(quota.percent for quota in quotas) else Counter()
    waivers = list(
        QuotaWaiver.objects.filter(
            award_form__in={quota.award_form_id for quota in quotas}, unit__in=unit_ids
        )
    )
    for proposal in proposals:
        own = [q for q in quotas if q.award_form.campaign_id == proposal.campaign_id]
        for pair in dict.fromkeys((q.award_form_id, q.subject_kind) for q in own):
            quota = quota_for(own, *pair, proposal.unit_id)
            if quota is None:
                continue
            line = QuotaLine(
                quota.award_form,
                quota.subject_kind,
                used[proposal.pk, pair],
                most_of(quota, staff[proposal.unit_id]),
                tuple(
                    waiver
                    for waiver in waivers
                    if waiver.unit_id == proposal.unit_id
                    and (waiver.award_form_id, waiver.subject_kind) == pair
                ),
            )
            found[proposal.pk].append(line)
    return found


def _quotas_for(proposals: list[Proposal]) -> list[Quota]:
    if not proposals:
        return []
    return list(
        Quota.objects.filter(
            Q(unit__isnull=True) | Q(unit__in={proposal.unit_id for proposal in proposals}),
            award_form__campaign__in={proposal.campaign_id for proposal in proposals},
        ).select_related("award_form")
    )


def _used_in(proposals: list[Proposal]) -> Counter[tuple[int, Pair]]:
    rows = (
        Nomination.objects.filter(LIVE, proposal__in=proposals)
        .order_by()
        .values_list("proposal_id", "award_form_id", "subject_kind")
        .annotate(count=Count("pk"))
    )
    return Counter({(pk, (form, kind)): count for pk, form, kind, count in rows})


def _staff_of(unit_ids: Iterable[int], day: dt.date) -> Counter[int]:
    rows = (
        Person.objects.filter(in_service_on(day), unit__in=unit_ids)
        .order_by()
        .values_list("unit_id")
        .annotate(count=Count("pk"))
    )
    return Counter(dict(rows))
