"""How far a proposal has come: what its four parts hold and still lack, counted in one query."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from awards.models import (
    AchievementReport,
    Evidence,
    MeetingVote,
    Nomination,
    NominationState,
    PastAward,
    Proposal,
    ReportSection,
)
from campaigns.models import (
    DocumentKind,
    ReportHeading,
    RequiredItem,
    SubjectKind,
)
from thidua.core.models import CheckState

SHOWN_REVIEWS = 8
PART_NAMES = ("tập thể, cá nhân đề nghị", "báo cáo thành tích", "biên bản họp phòng", "tờ trình")


# What a row of past awards cannot do without; `awards.rules.past_awards` says it in words.
IS_WHOLE = Q(year__regex=r"(19|20)\d{2}") & ~Q(name="") & ~Q(decision_number="") & ~Q(issued_by="")


def _counted(rows: QuerySet[Any]) -> Coalesce:
    """Count the rows of a subquery without grouping the outer ones; 0 when there is none."""
    one_group = rows.order_by().annotate(_one=Value(1)).values("_one")
    return Coalesce(one_group.annotate(_count=Count("pk")).values("_count"), 0)


def with_progress(nominations: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Annotate how many headings the form asks for, what the report lacks, and the votes.

    `required_count`, `unwritten_count` (headings), `missing_count` (also half rows of awards and
    what was read from Word and not placed), `closed_file_count`, `needs_vote`, `has_vote`.
    """
    closed = Evidence.objects.filter(nomination=OuterRef("pk")).exclude(
        file__check_state=CheckState.CLEAN
    )
    headings = ReportHeading.objects.filter(
        form=OuterRef("report__form"),
        subject_kind=OuterRef("subject_kind"),
        is_group=False,
        is_required=True,
    )
    written = ReportSection.objects.filter(
        heading=OuterRef("pk"), report__nomination=OuterRef(OuterRef("pk"))
    ).exclude(text="")
    awards = PastAward.objects.filter(
        heading=OuterRef("pk"), report__nomination=OuterRef(OuterRef("pk"))
    )
    half_rows = PastAward.objects.filter(~IS_WHOLE, report__nomination=OuterRef("pk"))
    unplaced = AchievementReport.objects.filter(nomination=OuterRef("pk")).exclude(unplaced="")
    minutes = RequiredItem.objects.filter(
        award_forms=OuterRef("award_form"), kind=DocumentKind.UNIT_MINUTES
    )
    return nominations.annotate(
        required_count=_counted(headings),
        unwritten_count=_counted(headings.filter(~Exists(written), ~Exists(awards))),
        missing_count=F("unwritten_count") + _counted(half_rows) + _counted(unplaced),
        closed_file_count=_counted(closed),
        needs_vote=Exists(minutes),
        has_vote=Exists(MeetingVote.objects.filter(nomination=OuterRef("pk"))),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """Tiến độ của đề nghị: the four parts, counted."""

    unit_count: int
    person_count: int
    report_count: int
    heading_count: int
    unwritten_count: int
    missing_count: int
    closed_file_count: int
    vote_count: int
    missing_vote_count: int
    has_meeting: bool
    letter_confirmed: bool

    @classmethod
    def of(cls, proposal: Proposal, nominations: Iterable[Any], *, has_meeting: bool) -> "Progress":
        live = [n for n in nominations if n.state != NominationState.WITHDRAWN]
        voted = [n for n in live if n.needs_vote]
        return cls(
            unit_count=sum(n.subject_kind == SubjectKind.UNIT for n in live),
            person_count=sum(n.subject_kind == SubjectKind.PERSON for n in live),
            report_count=sum(not n.missing_count for n in live),
            heading_count=sum(n.required_count for n in live),
            unwritten_count=sum(n.unwritten_count for n in live),
            missing_count=sum(n.missing_count for n in live),
            closed_file_count=sum(n.closed_file_count for n in live),
            vote_count=len(voted),
            missing_vote_count=sum(not n.has_vote for n in voted),
            has_meeting=has_meeting,
            letter_confirmed=proposal.letter_confirmed,
        )

    @property
    def total(self) -> int:
        return self.unit_count + self.person_count

    @property
    def written_count(self) -> int:
        return self.heading_count - self.unwritten_count

    @property
    def parts(self) -> tuple[bool, bool, bool, bool]:
        """Whether each of the four parts is finished."""
        return (
            self.total > 0,
            self.total > 0 and not self.missing_count and not self.closed_file_count,
            self.total > 0
            and not self.missing_vote_count
            and (self.has_meeting or not self.vote_count),
            self.letter_confirmed,
        )

    @property
    def done_count(self) -> int:
        return sum(self.parts)

    @property
    def percent(self) -> int:
        """Return how much of the four parts is done, 0 to 100; all of it only when all are."""
        if not self.total:
            return 0
        votes = (self.vote_count - self.missing_vote_count) / (self.vote_count or 1)
        shares = (
            1.0,
            self.written_count / (self.heading_count or 1),
            votes if self.has_meeting else 0.0,
            0.0,
        )
        done = [
            1.0 if is_done else share for share, is_done in zip(shares, self.parts, strict=True)
        ]
        return int(sum(done) * 100 / len(done))

    @property
    def lack_count(self) -> int:
        """Return how many lines «Còn thiếu» has."""
        if not self.total:
            return 1
        votes = self.missing_vote_count if self.has_meeting else bool(self.missing_vote_count)
        return self.missing_count + self.closed_file_count + votes + (not self.letter_confirmed)

    @property
    def first_unfinished(self) -> str:
        """Name the first part that is not finished, "" when all are."""
        return next(
            (name for name, done in zip(PART_NAMES, self.parts, strict=True) if not done), ""
        )
