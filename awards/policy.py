"""The policy: whose records exist for whom, and which persons must keep apart.

The one place for both. Rows of the workflow tables name a `Who` from here; `visible_to` of the
models calls the functions here. Rules follow the person, not the role: whoever is nominated,
wrote or sent a nomination never judges it.
"""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from thidua.core.permissions import (
    COUNCIL,
    OFFICE,
    Role,
    headed_unit_ids,
    roles_of,
)
from thidua.core.workflow import Who

Rows = TypeVar("Rows", bound=QuerySet[Any])

# States in which a record has left its unit: before that it is the unit's own affair.
UNSENT = ("draft",)
_ALL_UNITS = OFFICE | {Role.SIGNATORY}
PRINTING_ROOM = frozenset({Role.REGISTRAR, Role.OFFICE_CHIEF})


# --- Rooms: what exists for a person -----------------------------------------------------------


def visible_proposals(proposals: Rows, user: Any) -> Rows:
    """Heads see their unit's; the office and the signatory what was sent; nobody else any."""
    roles = roles_of(user)
    room = Q(unit_id__in=headed_unit_ids(user))
    if roles & _ALL_UNITS:
        room |= ~Q(state__in=UNSENT) | Q(submissions__isnull=False)
    return proposals.filter(room, campaign__agency_id=user.agency_id).distinct()


def visible_nominations(nominations: Rows, user: Any) -> Rows:
    """As for proposals; besides, an invited author sees the own one, the council its agenda."""
    roles = roles_of(user)
    room = Q(proposal__unit_id__in=headed_unit_ids(user)) | Q(author=user)
    if roles & _ALL_UNITS:
        room |= ~Q(state__in=UNSENT)
    if roles & COUNCIL:
        room |= Q(agenda_items__isnull=False)
    if Role.COUNCIL_SECRETARY in roles:
        room |= Q(award_form__route="superior") & ~Q(
            state__in=("draft", "submitted", "returned", "declined", "withdrawn")
        )
    return nominations.filter(room, campaign__agency_id=user.agency_id).distinct()


def visible_meetings(meetings: Rows, user: Any) -> Rows:
    """The council, the office and the signatory see the council's meetings."""
    seen = roles_of(user) & (COUNCIL | OFFICE | {Role.SIGNATORY})
    return meetings.filter(campaign__agency_id=user.agency_id) if seen else meetings.none()


def visible_decisions(decisions: Rows, user: Any) -> Rows:
    """Decisions and submission letters: office, signatory, registrar."""
    seen = roles_of(user) & (OFFICE | {Role.SIGNATORY, Role.REGISTRAR})
    return decisions.filter(campaign__agency_id=user.agency_id) if seen else decisions.none()


def visible_printing(rows: Rows, user: Any, agency: str) -> Rows:
    """The printing room: the registrar works there, the office chief reads.

    `agency` is the column that names the agency of a row.
    """
    seen = roles_of(user) & PRINTING_ROOM
    return rows.filter(**{agency: user.agency_id}) if seen else rows.none()


def visible_register(entries: Rows, user: Any) -> Rows:
    """The register is read by office, signatory and registrar; a person sees the own awards."""
    if roles_of(user) & (OFFICE | {Role.SIGNATORY, Role.REGISTRAR}):
        return entries.filter(agency_id=user.agency_id)
    return entries.filter(agency_id=user.agency_id, person_id=user.person_id or 0)


# --- Handles: which person may judge -----------------------------------------------------------


def _is_own_unit(actor: Any, record: Any) -> str:
    """A head acts for the own unit only; works for a proposal and for its nominations."""
    unit_id = record.unit_id if hasattr(record, "unit_id") else record.proposal.unit_id
    return "" if unit_id in headed_unit_ids(actor) else "Đây là hồ sơ của đơn vị khác."


def _confirms_lines(actor: Any, proposal: Any) -> str:
    """The head for the own unit; the office chief for every unit, when its head is away."""
    return "" if Role.OFFICE_CHIEF in roles_of(actor) else _is_own_unit(actor, proposal)


def is_nominee(actor: Any, nomination: Any) -> bool:
    """Whether `actor` is the person nominated."""
    return actor.person_id is not None and actor.person_id == nomination.person_id


def _stands_apart(actor: Any, nomination: Any) -> str:
    """Whoever is nominated, wrote or sent it does not review it."""
    if is_nominee(actor, nomination):
        return "Không ai thẩm định hồ sơ của chính mình. Hãy để chuyên viên khác thực hiện."
    concerned = {nomination.created_by_id, nomination.author_id, nomination.submitted_by_id}
    if actor.pk in concerned or nomination.proposal.unit_id in headed_unit_ids(actor):
        return (
            "Người lập hoặc gửi hồ sơ, hay phụ trách đơn vị đề nghị, không thẩm định hồ sơ đó. "
            "Hãy để chuyên viên khác thực hiện."
        )
    return ""


def _is_not_recipient(actor: Any, nomination: Any) -> str:
    """The signer is never the recipient, nor whoever nominated or reviewed."""
    if is_nominee(actor, nomination):
        return "Người ký không quyết định khen thưởng cho chính mình. Cấp trên xét trường hợp này."
    concerned = {
        nomination.created_by_id,
        nomination.author_id,
        nomination.submitted_by_id,
        nomination.reviewed_by_id,
    }
    if actor.pk in concerned:
        return "Người đã lập, gửi hoặc thẩm định hồ sơ không phê duyệt hồ sơ đó."
    return ""


def conflict_of(member: Any, nomination: Any) -> str:
    """Return why a council member leaves an item out, or "".

    A member does not vote on oneself nor on the collective of the own unit.
    """
    if member.person_id == nomination.person_id:
        return "là người được đề nghị"
    if nomination.recipient_unit_id and member.person.unit_id == nomination.recipient_unit_id:
        return f"thuộc tập thể được đề nghị ({nomination.recipient_unit})"
    return ""


# The desks that read of every nomination that it waits; a head reads it of the own unit's.
HOLD_DESKS = OFFICE | {Role.COUNCIL_SECRETARY, Role.SIGNATORY, Role.REGISTRAR}


def sees_hold(user: Any, nomination: Any) -> bool:
    """Whether `user` reads that a nomination is on hold; why, only the register's keepers do.

    Nobody learns it here about himself: whoever settles the matter tells him.
    """
    return sees_what_counts(user, nomination) and not is_nominee(user, nomination)


def sees_what_counts(user: Any, nomination: Any) -> bool:
    """Whether `user` reads from which day on a nominee's achievements count."""
    is_own = nomination.proposal.unit_id in headed_unit_ids(user)
    return is_own or bool(roles_of(user) & HOLD_DESKS)


OWN_HEAD = Who(frozenset({Role.UNIT_HEAD}), _is_own_unit)
LINE_CONFIRMER = Who(frozenset({Role.UNIT_HEAD, Role.OFFICE_CHIEF}), _confirms_lines)
REVIEWER = Who(OFFICE, _stands_apart)
SIGNATORY = Who(frozenset({Role.SIGNATORY}), _is_not_recipient)
AGENCY_SIGNATORY = Who(frozenset({Role.SIGNATORY}))
REGISTRAR = Who(frozenset({Role.REGISTRAR}))
SECRETARY = Who(frozenset({Role.COUNCIL_SECRETARY}))
OFFICE_DESK = Who(OFFICE)
OFFICE_HEAD = Who(frozenset({Role.OFFICE_CHIEF}))
HOLD_KEEPER = Who(frozenset({Role.HOLD_KEEPER}))
