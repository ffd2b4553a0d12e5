"""What a unit opens, writes and reads back: campaigns, proposals, nominations, receipts."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from awards.models import (
    Nomination,
    NominationState,
    Proposal,
    RegisterEntry,
    Submission,
)
from awards.queries.progress import with_progress
from campaigns.models import (
    Campaign,
    CampaignState,
    Criterion,
    ReportHeading,
    SubjectKind,
)
from campaigns.queries import days, windows
from staff.models import Person, RoleAssignment
from thidua.core import clock
from thidua.core.permissions import Role, headed_unit_ids
from units.models import Unit

SHOWN_REVIEWS = 8
PART_NAMES = ("tập thể, cá nhân đề nghị", "báo cáo thành tích", "biên bản họp phòng", "tờ trình")


def open_campaigns(user: Any, at: dt.datetime) -> QuerySet[Campaign]:
    """Return the campaigns that receive nominations now, at least of one unit of `user`."""
    campaigns = Campaign.objects.visible_to(user)
    return windows.receiving(campaigns, windows.own_unit_ids(user), clock.local_day(at))


def current_campaign(user: Any, at: dt.datetime) -> Campaign | None:
    """Return the campaign whose window closes next for `user`, else the latest one."""
    is_past = ~Q(state=CampaignState.OPEN) | Q(last_on__lt=clock.local_day(at))
    return (
        windows.with_last_day(Campaign.objects.visible_to(user), windows.own_unit_ids(user))
        .annotate(is_past=Case(When(is_past, then=1), default=0))
        .order_by("is_past", "last_on")
        .prefetch_related("extensions__unit")
        .first()
    )


def counts_in(campaign: Campaign, user: Any) -> list[dict[str, Any]]:
    """Count the live nominations that exist for `user`, by form of award and kind of subject."""
    rows = (
        Nomination.objects.filter(
            pk__in=Nomination.objects.visible_to(user).order_by().values("pk"),
            campaign=campaign,
        )
        .exclude(state=NominationState.WITHDRAWN)
        .values("award_form__position", "award_form__name", "subject_kind")
        .annotate(count=Count("pk"))
        .order_by("award_form__position", "-subject_kind")
    )
    return [
        {
            "label": f"{row['award_form__name']}, {SubjectKind(row['subject_kind']).label.lower()}",
            "count": row["count"],
        }
        for row in rows
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a head can propose: a unit in a campaign, with the proposal if there is one."""

    campaign: Campaign
    unit: Unit
    proposal: Proposal | None
    due_on: dt.date
    working_days: int
    closed: bool


def places_to_propose(user: Any, at: dt.datetime) -> list[Place]:
    """Return what `user` can open or go on with, and the own proposals of past campaigns."""
    units = list(headed_units(user))
    begun = {(p.campaign_id, p.unit_id): p for p in own_proposals(user)}
    day = clock.local_day(at)
    calendar = days.calendar_for(user, day)
    places = [
        Place(
            campaign,
            unit,
            begun.get((campaign.pk, unit.pk)),
            windows.due_on(campaign, unit.pk),
            days.count_working(calendar, day, windows.due_on(campaign, unit.pk)),
            not windows.is_receiving(campaign, unit.pk, day),
        )
        for campaign in Campaign.objects.visible_to(user).prefetch_related("extensions")
        for unit in units
    ]
    return [place for place in places if place.proposal or not place.closed]


def speaks_for(user: Any, nomination: Nomination) -> bool:
    """Whether `user` heads the unit of the nomination."""
    return nomination.proposal.unit_id in headed_unit_ids(user)


def headings_of(nomination: Nomination) -> QuerySet[ReportHeading]:
    """Return the headings under which the report is written."""
    return ReportHeading.objects.filter(
        form_id=nomination.report.form_id, subject_kind=nomination.subject_kind
    )


def known_awards(nomination: Nomination) -> QuerySet[RegisterEntry]:
    """Return what our own register holds of the nominee, oldest first."""
    subject = (
        {"person_id": nomination.person_id}
        if nomination.person_id
        else {"recipient_unit_id": nomination.recipient_unit_id}
    )
    return RegisterEntry.objects.filter(
        agency_id=nomination.campaign.agency_id, **subject
    ).order_by("decided_on", "pk")


def headings_elsewhere(nomination: Nomination, keys: Iterable[int]) -> list[ReportHeading]:
    """Return those of `keys` that are headings of another form than the report's, in order."""
    return list(
        ReportHeading.objects.filter(
            pk__in=list(keys),
            form__agency_id=nomination.campaign.agency_id,
            subject_kind=nomination.subject_kind,
            is_group=False,
        )
        .exclude(form_id=nomination.report.form_id)
        .order_by("position")
    )


def criteria_of(campaign: Campaign) -> QuerySet[Criterion]:
    """Return what the plan asks of each form of award and kind of subject."""
    return (
        Criterion.objects.filter(award_form__campaign=campaign)
        .select_related("award_form")
        .order_by("award_form__position", "-subject_kind")
    )


def nominations_with_evidence(proposal: Proposal) -> QuerySet[Nomination]:
    """Return the names of a proposal, each with how many files prove it."""
    return nominations_of(proposal).annotate(evidence_count=Count("evidence"))


def headed_units(user: Any) -> QuerySet[Unit]:
    """Return the units for which `user` speaks."""
    return Unit.objects.filter(pk__in=headed_unit_ids(user))


def own_proposals(user: Any) -> QuerySet[Proposal]:
    """Return the proposals of the units that `user` heads."""
    return (
        Proposal.objects.filter(
            unit_id__in=headed_unit_ids(user), campaign__agency_id=user.agency_id
        )
        .select_related("campaign__agency", "unit", "meeting", "created_by__person")
        .prefetch_related("campaign__extensions")
    )


def proposals_to_read(user: Any) -> QuerySet[Proposal]:
    """Return the proposals that exist for `user`, ready to be shown."""
    return (
        Proposal.objects.visible_to(user)
        .select_related("campaign__agency", "unit", "created_by__person", "meeting")
        .prefetch_related("campaign__extensions")
    )


def nominations_to_write(user: Any) -> QuerySet[Nomination]:
    """Return the nominations whose report `user` may write: as head of the unit or invited."""
    return (
        Nomination.objects.visible_to(user)
        .filter(Q(proposal__unit_id__in=headed_unit_ids(user)) | Q(author=user))
        .select_related(
            "award_form",
            "report__form",
            "campaign__agency",
            "proposal__unit",
            "proposal__campaign",
            "report__edited_by__person",
            "report__word_file",
        )
    )


def own_nominations(user: Any) -> QuerySet[Nomination]:
    """Return the nominations of the units that `user` heads."""
    return Nomination.objects.filter(
        proposal__unit_id__in=headed_unit_ids(user), campaign__agency_id=user.agency_id
    ).select_related("award_form", "campaign__agency", "proposal__unit", "proposal__campaign")


def submissions_to_read(user: Any) -> QuerySet[Submission]:
    """Return the receipts of the proposals that exist for `user`."""
    return Submission.objects.filter(proposal__in=Proposal.objects.visible_to(user)).select_related(
        "proposal__campaign__agency", "proposal__unit", "submitted_by__person", "package"
    )


def submissions_of(proposal: Proposal) -> list[Submission]:
    """Return the receipts of a proposal, oldest first; there is none before it was sent."""
    if proposal.submitted_at is None:
        return []
    return list(proposal.submissions.only("code", "submitted_at", "is_supplement"))


def nominations_of(proposal: Proposal) -> QuerySet[Nomination]:
    """Return the names of a proposal with their progress, votes and who can be invited."""
    writers = RoleAssignment.objects.in_force(clock.today()).filter(
        user__person=OuterRef("person"),
        user__is_active=True,
        role__in=(Role.STAFF_MEMBER, Role.UNIT_HEAD),
    )
    return with_progress(
        proposal.nominations.exclude(state=NominationState.WITHDRAWN)
        .select_related("award_form", "unit_vote", "author__person", "person__user")
        .annotate(can_be_invited=Exists(writers))
    ).order_by("award_form__position", "-subject_kind", "sort_key")


def people_to_nominate(unit: Unit, day: dt.date) -> QuerySet[Person]:
    """Return the people of a unit who are in service on `day`."""
    return unit.people.filter(in_service_on(day))


def in_service_on(day: dt.date) -> Q:
    """Return the condition that a person is in service on `day`."""
    begun = Q(in_service_from__isnull=True) | Q(in_service_from__lte=day)
    return begun & (Q(in_service_until__isnull=True) | Q(in_service_until__gte=day))


def awards_of(user: Any) -> QuerySet[RegisterEntry]:
    """Return what the person behind the account has received, newest first."""
    return RegisterEntry.objects.visible_to(user).filter(person_id=user.person_id or 0)
