"""The papers of a decision and of the letter to the superior, built from their records.

What stands here is what the record says: law from the campaign's rows, names as the list keeps
them, nothing that only one agency would write.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from awards.documents import (
    DecisionPaper,
    DecisionRow,
    Nominee,
    SubmissionLetterPaper,
)
from awards.models import AgendaItem, Decision, DecisionLine, SubmissionLetter
from awards.papers.council import SYMBOL as MINUTES_SYMBOL
from campaigns.models import AwardType, Campaign, ProvisionKind, SubjectKind
from campaigns.queries.law import provision_on
from thidua.core import clock
from thidua.core.certificates import CertificatePaper
from thidua.core.documents import Signature, written_day
from units.models import Agency, Unit, UnitKind

_CITES = "Căn cứ "


def decision_paper(decision: Decision) -> DecisionPaper:
    """Return the decision with its list, as law.md's form of a decision arranges them."""
    campaign, form = decision.campaign, decision.award_form
    agency = campaign.agency
    lines = list(decision.lines.all())
    return DecisionPaper(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        symbol=decision.symbol,
        number=f"{decision.number:02d}",
        place=agency.place,
        signed_on=decision.issued_on,
        subject=f"Về việc tặng {form.name}",
        recipients=("Như Điều 3", "Lưu: VT, HS"),
        authority=agency.granting_title,
        legal_bases=(
            *_bases(campaign, decision.issued_on),
            *_founding(agency),
            *_reference(campaign),
            _plan(campaign),
            f"Theo đề nghị của {_office_head(agency)}",
        ),
        articles=(
            (
                f"Tặng {form.name} cho {counted(lines)} (có danh sách kèm theo) đã có "
                f"{lower_first(_achievement(campaign))}."
            ),
            (
                f"Tiền thưởng kèm theo {AwardType(form.award_type).label} thực hiện theo quy định "
                f"tại {_prize_basis(agency, form.award_type, decision.issued_on)}, "
                f"trích từ {agency.prize_source}."
            ),
            (
                f"{_office_head(agency, short=True)}, Trưởng các phòng và các {_kinds(lines).lower()} có "
                "tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này"
            ),
        ),
        signature=Signature((decision.signatory_title.upper(),), decision.signatory_name),
        annex_title=f"DANH SÁCH {_kinds(lines)} ĐƯỢC TẶNG {AwardType(form.award_type).label.upper()}",
        issuer=head_of(agency),
        collectives=_rows(lines, SubjectKind.UNIT),
        individuals=_rows(lines, SubjectKind.PERSON),
    )


def certificate_paper(line: DecisionLine, decision: Decision) -> CertificatePaper:
    """Return one certificate: name, title and ordinal as the decision's list has them."""
    agency = decision.campaign.agency
    return CertificatePaper(
        recipient_name=line.recipient_name,
        recipient_title=line.recipient_title,
        achievement=f"Đã có {lower_first(_achievement(decision.campaign))}",
        decision_line=f"Số quyết định: {decision.number_text} {written_day(decision.issued_on)}",
        golden_number=f"Số sổ vàng: {line.ordinal:02d}",
        place_date=f"{agency.place}, {written_day(decision.issued_on)}",
        signer_title=decision.signatory_title.upper(),
        signer_name=decision.signatory_name,
        authority=agency.granting_title,
        kind=AwardType(decision.award_form.award_type).label.upper(),
        verify_url=check_url(line),
    )


def check_url(line: DecisionLine) -> str:
    """Return the public address that the code on the certificate leads to."""
    base = getattr(settings, "PUBLIC_URL", "http://127.0.0.1:8000")
    return base.rstrip("/") + reverse("certificate_check", args=[line.check_code])


def letter_paper(letter: SubmissionLetter) -> SubmissionLetterPaper:
    """Return the letter that asks the superior to award what the council endorsed."""
    campaign, form, meeting = letter.campaign, letter.award_form, letter.meeting
    agency = campaign.agency
    lines = list(letter.lines.select_related("nomination__award_form"))
    day = letter.issued_on or clock.today()
    held_on = written_day(clock.local_day(meeting.held_at))
    superior = agency.superior_title
    through = f" (qua {agency.superior_route})" if agency.superior_route else ""
    return SubmissionLetterPaper(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        symbol=letter.symbol,
        number=f"{letter.number:02d}" if letter.number else "",
        place=agency.place,
        signed_on=letter.issued_on,
        subject=f"Về việc đề nghị tặng {form.name}",
        recipients=("Như trên", "Lưu: VT, HS"),
        addressees=(f"{superior}{through}",),
        legal_bases=(*_bases(campaign, day), *_reference(campaign), _plan(campaign)),
        paragraphs=(
            (
                f"{meeting.council} đã họp {held_on}, xét thành tích và bỏ phiếu đối với từng trường "
                f"hợp (Biên bản số {_minutes_number(letter)} kèm theo)."
            ),
            (
                f"{agency.name} đề nghị {superior} xét, tặng {form.name} cho "
                f"{counted(line.nomination for line in lines)} đã có "
                f"{lower_first(_achievement(campaign))} (có danh sách dưới đây và hồ sơ kèm theo):"
            ),
        ),
        nominees=_nominees(letter, [line.nomination_id for line in lines]),
        closing=f"Kính đề nghị {superior} xem xét, quyết định",
        signature=Signature((letter.signatory_title.upper(),), letter.signatory_name),
    )


# --- Words ---------------------------------------------------------------------------------


def counted(recipients: Iterable[object]) -> str:
    """Count collectives and people as official texts do: “02 tập thể và 03 cá nhân”."""
    kinds = [getattr(recipient, "subject_kind", "") for recipient in recipients]
    counts = (
        (kinds.count(SubjectKind.UNIT), "tập thể"),
        (kinds.count(SubjectKind.PERSON), "cá nhân"),
    )
    return " và ".join(f"{count:02d} {noun}" for count, noun in counts if count)


def lower_first(words: str) -> str:
    """Return `words` as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


def head_of(agency: Agency) -> str:
    """Name the head in full: “Chánh Thanh tra” of “Thanh tra tỉnh X” is “Chánh Thanh tra tỉnh X”."""
    title, name = agency.head_title.split(), agency.name.split()
    for shared in range(min(len(title), len(name)), 0, -1):
        if [w.casefold() for w in title[-shared:]] == [w.casefold() for w in name[:shared]]:
            return " ".join([*title, *name[shared:]])
    return f"{agency.head_title} {agency.name}"


def _achievement(campaign: Campaign) -> str:
    """Return the campaign's sentence without what the papers write around it."""
    sentence = campaign.achievement_sentence.strip().rstrip(".")
    for opening in ("Đã có ", "đã có "):
        sentence = sentence.removeprefix(opening)
    return sentence


def _kinds(lines: Iterable[DecisionLine]) -> str:
    present = {line.subject_kind for line in lines}
    return ", ".join(kind.label.upper() for kind in SubjectKind if kind in present)


def _rows(lines: Iterable[DecisionLine], kind: SubjectKind) -> tuple[DecisionRow, ...]:
    return tuple(
        DecisionRow(line.ordinal, line.recipient_name, line.recipient_title)
        for line in lines
        if line.subject_kind == kind
    )


# --- Law -----------------------------------------------------------------------------------


def _cited(citation: str) -> str:
    """Return a citation as a basis: it begins with “Căn cứ” and has no closing mark."""
    words = citation.strip().rstrip(";.")
    return words if words.startswith(("Căn cứ", "Thực hiện", "Theo")) else _CITES + words


def _bases(campaign: Campaign, day: dt.date) -> tuple[str, ...]:
    """Return the law that the campaign cites and that is in force on `day`, in its order."""
    lines = campaign.basis_lines.exclude(basis=campaign.reference_plan_id).select_related("basis")
    return tuple(_cited(line.basis.citation) for line in lines if line.basis.in_force(day))


def _founding(agency: Agency) -> tuple[str, ...]:
    return (_cited(agency.founding_basis),) if agency.founding_basis else ()


def _reference(campaign: Campaign) -> tuple[str, ...]:
    """Return the superior's plan: it stands after the law, before the own plan."""
    plan = campaign.reference_plan
    return (_cited(plan.citation),) if plan else ()


def _plan(campaign: Campaign) -> str:
    number = f" số {campaign.number}/{campaign.symbol}" if campaign.number else ""
    day = f" {written_day(campaign.issued_on)}" if campaign.issued_on else ""
    agency = campaign.agency.name
    title = lower_first(campaign.title.strip().rstrip("."))
    return f"{_CITES}Kế hoạch{number}{day} của {agency} về việc {title}"


def _office_head(agency: Agency, *, short: bool = False) -> str:
    office = Unit.objects.filter(agency=agency, kind=UnitKind.OFFICE).first()
    title = office.head_title if office else "Chánh Văn phòng"
    return title if short else f"{title} {agency.name}"


def _named(citation: str) -> str:
    """Return a citation by number, day and issuer alone, for a second mention."""
    words = citation.strip().rstrip(";.").removeprefix(_CITES)
    for subject in (" quy định ", " về việc ", " về "):
        words = words.split(subject)[0]
    return words


def _prize_basis(agency: Agency, award_type: str, day: dt.date) -> str:
    """Name the decree that fixes the money of a form of award."""
    for kind in SubjectKind:
        held = provision_on(agency, ProvisionKind.PRIZE_RATE, f"{award_type}/{kind}", day)
        if held and held.provision.basis:
            return _named(held.provision.basis.citation)
    return "pháp luật về thi đua, khen thưởng"


# --- The council's counts ------------------------------------------------------------------


def _minutes_number(letter: SubmissionLetter) -> str:
    number = letter.meeting.number
    return f"{number:02d}/{MINUTES_SYMBOL}" if number else f"…/{MINUTES_SYMBOL}"


def _nominees(letter: SubmissionLetter, nomination_ids: list[int]) -> tuple[Nominee, ...]:
    items = {
        item.nomination_id: item
        for item in AgendaItem.objects.filter(
            meeting=letter.meeting, nomination__in=nomination_ids
        ).select_related("nomination")
    }
    total = letter.meeting.rule.get("total")
    return tuple(
        Nominee(
            name=item.nomination.recipient_name,
            title=item.nomination.recipient_title,
            award_form=letter.award_form.name,
            agree=item.for_count,
            voters=total if item.for_count is not None else None,
        )
        for item in (items[pk] for pk in nomination_ids)
    )
