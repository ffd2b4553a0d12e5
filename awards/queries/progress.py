"""How far a proposal has come: what its four parts hold and still lack, counted in one query."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from awards.models import (
    Evidence,
    MeetingVote,
    Nomination,
    NominationState,
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


def _counted(rows: QuerySet[Any]) -> Coalesce:
    """Count the rows of a subquery without grouping the outer ones; 0 when there is none."""
    one_group = rows.order_by().annotate(_one=Value(1)).values("_one")
    return Coalesce(one_group.annotate(_count=Count("pk")).values("_count"), 0)


def with_progress(nominations: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Annotate how many headings the form asks for, how many lack, closed files, and the votes.

    `required_count`, `missing_count`, `closed_file_count`, `needs_vote`, `has_vote`.
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
    minutes = RequiredItem.objects.filter(
        award_forms=OuterRef("award_form"), kind=DocumentKind.UNIT_MINUTES
    )
    return nominations.annotate(
        required_count=_counted(headings),
        missing_count=_counted(headings.filter(~Exists(written))),
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
        return self.heading_count - self.missing_count

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
