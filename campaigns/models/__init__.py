"""The rules of a round as data: the law, the plan, and what happens after its launch."""

from campaigns.models.campaign import (
    AwardForm,
    AwardRoute,
    Campaign,
    CampaignBasis,
    CampaignState,
    Criterion,
    DocumentKind,
    EligibleSubject,
    PlanRecipient,
    PlanSection,
    RequiredItem,
    ThresholdBase,
)
from campaigns.models.catalogue import (
    AwardType,
    SubjectKind,
)
from campaigns.models.draft import (
    PlanDraft,
)
from campaigns.models.law import (
    CalendarDay,
    DayKind,
    FormPurpose,
    HeadingKind,
    LegalBasis,
    Provision,
    ProvisionKind,
    ReportForm,
    ReportHeading,
)
from campaigns.models.running import (
    Announcement,
    FormChoice,
    Question,
    Quota,
    QuotaWaiver,
    WindowExtension,
)

__all__ = [
    "Announcement",
    "AwardForm",
    "AwardRoute",
    "AwardType",
    "CalendarDay",
    "Campaign",
    "CampaignBasis",
    "CampaignState",
    "Criterion",
    "DayKind",
    "DocumentKind",
    "EligibleSubject",
    "FormChoice",
    "FormPurpose",
    "HeadingKind",
    "LegalBasis",
    "PlanDraft",
    "PlanRecipient",
    "PlanSection",
    "Provision",
    "ProvisionKind",
    "Question",
    "Quota",
    "QuotaWaiver",
    "ReportForm",
    "ReportHeading",
    "RequiredItem",
    "SubjectKind",
    "ThresholdBase",
    "WindowExtension",
]
