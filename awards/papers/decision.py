"""The papers of a decision and of the letter to the superior, built from their records.

What stands here is what the record says: law from the campaign's rows, names as the list keeps
them, nothing that only one agency would write.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from awards.documents import (
    DecisionPaper,
    DecisionRow,
    Nominee,
    SubmissionLetterPaper,
)
from awards.models import AgendaItem, Decision, DecisionLine, SubmissionLetter
from awards.papers.council import symbol_of
from awards.queries.law import bases_in_force, plan_of, reference_of, signing_law
from campaigns.models import AwardType, Campaign, SubjectKind
from campaigns.papers import office_title
from thidua.core import clock
from thidua.core.certificates import CertificatePaper, CertificateSheet
from thidua.core.documents import Signature, written_day
from thidua.core.text import lower_first
from units.models import Agency


def decision_paper(decision: Decision) -> DecisionPaper:
    """Return the decision with its list, as law.md's form of a decision arranges them."""
    campaign, form = decision.campaign, decision.award_form
    agency, law = campaign.agency, law_of(decision)
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
        legal_bases=(*law["bases"], f"Theo đề nghị của {_office_head(agency)}"),
        articles=(
            (
                f"Tặng {form.name} cho {counted(lines)} (có danh sách kèm theo) đã có "
                f"{lower_first(_achievement(campaign))}."
            ),
            (
                f"Tiền thưởng kèm theo {AwardType(form.award_type).label} thực hiện theo quy định "
                f"tại {law['prize_basis']}, "
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
    words = {"given": given} if (given := _layout_of(decision).get("given")) else {}
    return CertificatePaper(
        **words,
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


def certificate_sheet(decision: Decision) -> CertificateSheet:
    """Return the sheet as the law of the signing lays it out; what it leaves open is ours."""
    layout = _layout_of(decision)
    return CertificateSheet.of({name: layout[name] for name in layout if name != "given"})


def law_of(decision: Decision) -> dict[str, Any]:
    """Return the law frozen with the number; a decision from before that has none of its own."""
    return decision.signing_law or signing_law(decision.award_form, decision.issued_on)


def _layout_of(decision: Decision) -> dict[str, Any]:
    layout = law_of(decision)["layout"]
    return layout["terms"] if layout else {}


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
        legal_bases=(
            *bases_in_force(campaign, day),
            *reference_of(campaign),
            plan_of(campaign),
        ),
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


def _office_head(agency: Agency, *, short: bool = False) -> str:
    title = office_title(agency)
    return title if short else f"{title} {agency.name}"


# --- The council's counts ------------------------------------------------------------------


def _minutes_number(letter: SubmissionLetter) -> str:
    number, symbol = letter.meeting.number, symbol_of(letter.meeting)
    return f"{number:02d}/{symbol}" if number else f"…/{symbol}"


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
