"""The paper of a plan, read from its rows."""

import re

from campaigns.documents import AnnouncementPaper, PlanPaper, PlanPart
from campaigns.models import Announcement, Campaign
from thidua.core import clock
from thidua.core.documents import Signature
from thidua.core.text import compose
from units.models import Agency, Unit, UnitKind

_AUTHORITY = re.compile(r"^(?:KT|TM|TL|TUQ)\.")
# Where the next line of a signer's office begins: «TM. ỦY BAN NHÂN DÂN | KT. CHỦ TỊCH | PHÓ CHỦ TỊCH».
_NEXT_OFFICE = re.compile(
    r"(?<!\.)(?<!PHÓ)(?<!TỔNG)\s+"
    r"(?=KT\.|PHÓ\s|CHỦ TỊCH\b|TỔNG GIÁM ĐỐC\b|GIÁM ĐỐC\b|CHÁNH\s|TRƯỞNG (?:PHÒNG|BAN)\b)"
)


def plan_paper(campaign: Campaign) -> PlanPaper:
    """Return the plan as its agency wrote it."""
    agency = campaign.agency
    return PlanPaper(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        number=compose(campaign.number),
        symbol=compose(campaign.symbol),
        place=agency.place,
        signed_on=campaign.issued_on,
        issued_text=compose(campaign.issued_text),
        subject=compose(campaign.title),
        preamble=_lines(campaign.preamble),
        parts=tuple(
            PlanPart(section.mark, compose(section.title), section.level, _lines(section.body))
            for section in campaign.sections.all()
        ),
        # The layout sets the marks between the lines and after the last.
        recipients=tuple(compose(line.text).strip(" -–;.,") for line in campaign.recipients.all()),
        signature=Signature(_office_lines(campaign.signer_title), compose(campaign.signer_name)),
    )


def announcement_paper(announcement: Announcement) -> AnnouncementPaper:
    """Return what the office told everybody, as a paper; its number is still to come."""
    campaign = announcement.campaign
    agency = campaign.agency
    return AnnouncementPaper(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        symbol=f"TB-{agency.abbreviation}",
        place=agency.place,
        signed_on=clock.local_day(announcement.published_at),
        subject=compose(announcement.title),
        recipients=("Các đơn vị thuộc cơ quan", "Lưu: VT"),
        paragraphs=_lines(announcement.text),
        signature=office_signature(agency),
    )


def office_signature(agency: Agency) -> Signature:
    """Return the block of the office's head, who signs for the head of the agency (TL.)."""
    return Signature((f"TL. {agency.head_title.upper()}", office_title(agency).upper()))


def office_title(agency: Agency) -> str:
    """Return the title of the office's head."""
    office = Unit.objects.filter(agency=agency, kind=UnitKind.OFFICE).first()
    return office.head_title if office else "Chánh Văn phòng"


def _office_lines(title: str) -> tuple[str, ...]:
    """Return the lines of the signer's office, which the plan keeps as one."""
    lines = _lines(title)
    if len(lines) == 1 and _AUTHORITY.match(lines[0]):
        return tuple(_NEXT_OFFICE.split(lines[0]))
    return lines


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(compose, text.splitlines()) if line)
