"""Bộ hồ sơ gửi: what a unit sends, printed as one PDF before it is sent, and archived as it is.

It is printed as if it were sent at this instant by this person. What the same content prints on
the same day is the same file, so what was seen is what is kept.
"""

import dataclasses
import datetime as dt
from typing import Any

from awards.documents import DossierCover
from awards.models import Nomination, Proposal
from awards.queries import fingerprint, proposal_content, supplement_content
from dossiers.papers import pieces_of
from dossiers.queries import Scope, scope_of
from thidua.core import binding, clock, files, rendering
from thidua.core.binding import Places
from thidua.core.documents import render_html
from thidua.core.models import StoredFile
from thidua.core.text import file_stem

_NAME_LENGTH = 60


@dataclasses.dataclass(frozen=True)
class Package:
    """The printed package, where each part stands in it, and the content that it prints."""

    file: StoredFile
    places: Places
    content_sha256: str

    @property
    def page_numbers(self) -> range:
        return range(1, (self.file.page_count or 0) + 1)


def package_of_proposal(proposal: Proposal, actor: Any, at: dt.datetime) -> Package | None:
    """Return what the head sends now: letter, minutes, every report with its evidence.

    There is none while nobody is proposed.
    """
    content = fingerprint(proposal_content(proposal))
    return _package(proposal, scope_of(proposal, is_sending=True), content, actor, at)


def package_of_supplement(nomination: Nomination, actor: Any, at: dt.datetime) -> Package | None:
    """Return what the head sends again after a return: the same of one nomination."""
    content = fingerprint(supplement_content(nomination))
    return _package(nomination.proposal, scope_of(nomination), content, actor, at)


def _package(
    proposal: Proposal, scope: Scope, content: str, actor: Any, at: dt.datetime
) -> Package | None:
    if not scope.nominations:
        return None
    sending = _as_sent(proposal, actor, at)
    for nomination in scope.nominations:
        nomination.proposal, nomination.submitted_at = sending, at
    pieces = [piece for _, some in pieces_of(scope, actor, with_word=False) for piece in some]
    parts = [piece.part for piece in pieces]

    def cover(places: Places) -> DossierCover:
        return _cover(scope, sending, clock.local_day(at), places)

    # Its pages are counted while it is bound; they follow from the same facts.
    facts = render_html(cover(binding.placed(parts, 1))) + "".join(
        part.file.sha256 for part in parts
    )
    stored = rendering.kept_file(
        rendering.fingerprint("package", facts),
        lambda target: binding.bind(cover, parts, target),
        name=f"{file_stem(f'ho so gui {proposal.unit}')[:_NAME_LENGTH]}.pdf",
        media_type=files.PDF,
        actor=actor,
    )
    length = (stored.page_count or 0) - sum(part.page_count for part in parts)
    return Package(stored, binding.placed(parts, length), content)


def _as_sent(proposal: Proposal, actor: Any, at: dt.datetime) -> Proposal:
    """Return the proposal as it will stand; the record itself is left alone."""
    sending = Proposal.objects.select_related("campaign__agency", "unit", "meeting").get(
        pk=proposal.pk
    )
    sending.sender, sending.submitted_at = actor, at
    return sending


def _cover(scope: Scope, proposal: Proposal, day: dt.date, places: Places) -> DossierCover:
    agency = scope.campaign.agency
    return DossierCover(
        parent_body=agency.paper_name,
        body=proposal.unit.name.upper(),
        place=agency.place,
        signed_on=day,
        set_number=1,
        set_count=1,
        award_form=", ".join(form.name for form in scope.award_forms),
        campaign=scope.campaign.short_title,
        proposer=str(proposal.unit),
        nominees=tuple(dict.fromkeys(n.recipient_name for n in scope.nominations)),
        contents=places,
    )
