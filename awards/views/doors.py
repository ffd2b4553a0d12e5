"""Who may open the doors of a unit's work: the roles that its pages are for."""

from awards.models import Proposal
from awards.workflow import PROPOSAL
from thidua.core.permissions import COUNCIL, OFFICE, Role

# Who reads what a unit has sent; whose record it is, `visible_to` decides.
PROPOSAL_READERS = (Role.UNIT_HEAD, *sorted(OFFICE), Role.SIGNATORY)
REPORT_WRITERS = (Role.UNIT_HEAD, Role.STAFF_MEMBER)
REPORT_READERS = (*REPORT_WRITERS, *sorted(OFFICE), *sorted(COUNCIL), Role.SIGNATORY)
SENT = "Đề nghị đã gửi Văn phòng nên không sửa được."


def is_draft(proposal: Proposal) -> bool:
    """Whether the unit still writes it."""
    return proposal.state in PROPOSAL.rows["submit"].sources
