"""What a set holds: each paper that the plan lists, as PDF pages, in the plan's order."""

import dataclasses
import hashlib
import io

from PIL import Image

from awards.documents import DossierCover
from awards.models import Evidence, Nomination, SubmissionLetter
from awards.papers.unit import report_paper, unit_minutes_paper
from campaigns.models import DocumentKind, RequiredItem
from dossiers.queries import lacks_of_letter, required_items
from thidua.core import files
from thidua.core.documents import PartPlace, render_pdf
from thidua.core.models import StoredFile
from thidua.core.pdf import Drawing
from thidua.core.workflow import Refused

_A4 = (210.0, 297.0)
_MARGIN = 12.0  # millimetres; the page label stands inside it


@dataclasses.dataclass(frozen=True)
class Part:
    """Thành phần: one paper of a set, the line of the plan that asks for it, and its hash."""

    required_item: RequiredItem
    title: str
    content: bytes
    sha256: str


def parts_of(letter: SubmissionLetter, letter_pdf: bytes, minutes: StoredFile | None) -> list[Part]:
    """Return all parts in order; raises Refused that names what is missing."""
    required = required_items(letter)
    if lacks := lacks_of_letter(letter, required):
        names = "; ".join(f"{lack.sentence} ({lack.clause})" for lack in lacks)
        raise Refused(f"Chưa đóng được bộ hồ sơ vì còn thiếu: {names}.")
    nominations = list(
        Nomination.objects.filter(letter_line__letter=letter)
        .select_related(
            "campaign__agency",
            "award_form",
            "report__form",
            "proposal__unit",
            "proposal__campaign__agency",
            "person__unit",
            "recipient_unit",
        )
        .order_by("letter_line__position")
    )
    parts: list[Part] = []
    for item in required:
        if item.kind == DocumentKind.LETTER:
            parts.append(_part(item, str(letter), letter_pdf))
        elif item.kind == DocumentKind.COUNCIL_MINUTES and minutes:
            title = f"Biên bản họp {letter.meeting.council}"
            parts.append(_part(item, title, files.read(minutes)))
        elif item.kind == DocumentKind.UNIT_MINUTES:
            proposals = {n.proposal_id: n.proposal for n in nominations}
            parts += [
                _part(item, f"Biên bản họp của {p.unit}", render_pdf(minutes_of_unit))
                for p in proposals.values()
                if (minutes_of_unit := unit_minutes_paper(p))
            ]
        elif item.kind == DocumentKind.REPORT:
            for nomination in nominations:
                parts += _report_with_annexes(item, nomination)
    return parts


def cover(letter: SubmissionLetter, set_number: int, places: tuple[PartPlace, ...]) -> DossierCover:
    """Return the cover of one set with its contents."""
    agency = letter.campaign.agency
    return DossierCover(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        place=agency.place,
        signed_on=letter.issued_on,
        set_number=set_number,
        set_count=letter.award_form.set_count,
        award_form=letter.award_form.name,
        campaign=letter.campaign.short_title,
        proposer=agency.name,
        nominees=tuple(line.nomination.recipient_name for line in letter.lines.all()),
        contents=places,
    )


def picture_page(content: bytes, title: str) -> bytes:
    """Put a picture on an A4 page, lying when it is wider than high, as large as fits."""
    with Image.open(io.BytesIO(content)) as image:
        ratio = image.width / image.height
    width, height = _A4 if ratio <= 1 else _A4[::-1]
    side = min(
        (width - 2 * _MARGIN) / min(1.0, ratio), (height - 2 * _MARGIN) / min(1.0, 1 / ratio)
    )
    drawing = Drawing(title, width, height)
    drawing.picture(content, (width / 2, height / 2), side)
    return drawing.finish()


def _report_with_annexes(item: RequiredItem, nomination: Nomination) -> list[Part]:
    name = nomination.recipient_name
    parts = [_part(item, f"Báo cáo thành tích của {name}", render_pdf(report_paper(nomination)))]
    annexes = nomination.evidence.select_related("file")
    for number, evidence in enumerate(annexes, start=1):
        title = f"Phụ lục {number} báo cáo của {name}: {evidence.caption}"
        parts.append(Part(item, title[:300], _pages(evidence, title), evidence.sha256))
    return parts


def _pages(evidence: Evidence, title: str) -> bytes:
    try:
        content = files.read(evidence.file)
    except FileNotFoundError:
        raise Refused(f"Chưa đóng được bộ hồ sơ vì mất tệp minh chứng: {title}.") from None
    return content if evidence.file.media_type == files.PDF else picture_page(content, title)


def _part(item: RequiredItem, title: str, content: bytes) -> Part:
    return Part(item, title[:300], content, hashlib.sha256(content).hexdigest())
