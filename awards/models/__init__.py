"""The life of a nomination, from a unit's proposal to its line in the register."""

from awards.models.council import (
    AgendaItem,
    Attendance,
    Council,
    CouncilMeeting,
    CouncilMember,
    CouncilPosition,
    MeetingState,
    Recusal,
)
from awards.models.decision import (
    Decision,
    DecisionLine,
    DecisionState,
    LetterLine,
    LetterState,
    SubmissionLetter,
    SuperiorOutcome,
)
from awards.models.nomination import (
    IN_FLIGHT,
    AchievementReport,
    Evidence,
    Nomination,
    NominationState,
    ReportSection,
)
from awards.models.presence import Part, Presence
from awards.models.printing import (
    MOST_BLANKS,
    MOST_SHIFT_MM,
    BlankEntry,
    BlankEntryKind,
    CertificateBlank,
    PrintedLine,
    Printer,
    PrintRun,
)
from awards.models.proposal import (
    MeetingVote,
    Proposal,
    ProposalState,
    Submission,
    UnitMeeting,
)
from awards.models.register import Book, IssuedNumber, Register, RegisterEntry
from awards.models.reminder import Nudge, Reminder

__all__ = [
    "IN_FLIGHT",
    "MOST_BLANKS",
    "MOST_SHIFT_MM",
    "AchievementReport",
    "AgendaItem",
    "Attendance",
    "BlankEntry",
    "BlankEntryKind",
    "Book",
    "CertificateBlank",
    "Council",
    "CouncilMeeting",
    "CouncilMember",
    "CouncilPosition",
    "Decision",
    "DecisionLine",
    "DecisionState",
    "Evidence",
    "IssuedNumber",
    "LetterLine",
    "LetterState",
    "MeetingState",
    "MeetingVote",
    "Nomination",
    "NominationState",
    "Nudge",
    "Part",
    "Presence",
    "PrintRun",
    "PrintedLine",
    "Printer",
    "Proposal",
    "ProposalState",
    "Recusal",
    "Register",
    "RegisterEntry",
    "Reminder",
    "ReportSection",
    "Submission",
    "SubmissionLetter",
    "SuperiorOutcome",
    "UnitMeeting",
]
