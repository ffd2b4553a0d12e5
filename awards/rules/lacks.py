"""One line of «Còn thiếu»: what lacks, which clause asks for it, where it is mended."""

import dataclasses

from awards.models import Nomination
from campaigns.models import DocumentKind


@dataclasses.dataclass(frozen=True, slots=True)
class Lack:
    """Một việc còn thiếu: what lacks, the clause that asks for it, and where to mend it."""

    sentence: str
    clause: str
    url: str
    # Lines of one group stand together in the panel, each under its short name.
    group: str = ""
    short: str = ""


def clause_of(nomination: Nomination, kind: DocumentKind) -> str:
    """Return how the plan cites the paper for this form of award, "" if it asks for none."""
    # All rows, sifted here: a list of nominations brings them along in one query.
    items = (item for item in nomination.award_form.required_items.all() if item.kind == kind)
    item = next(items, None)
    return f"Mục {item.clause}" if item else ""
