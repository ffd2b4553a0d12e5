"""The law of a dossier at two of its dates: what is copied at its receipt and at its signing.

Both copies are JSON in the dossier's own rows. Papers and pages read the copy, never the rows of
law again: those may be mended afterwards.
"""

import datetime as dt
from typing import Any

from awards.models import Book, Nomination
from campaigns import terms
from campaigns.models import AwardForm, Campaign, ProvisionKind, SubjectKind
from campaigns.queries.forms import choice_of, dead_form_sentence, has_ended
from campaigns.queries.law import Held, law_at_receipt, provision_on
from thidua.core.documents import written_day
from thidua.core.text import lower_first
from thidua.core.workflow import Refused
from units.models import Agency

_CITES = "Căn cứ "
_LONGEST_SYMBOL = 30
_SYMBOLS = {
    Book.DECISION: "QĐ-{co_quan}",
    Book.LETTER: "TTr-{co_quan}",
    Book.MINUTES: "BB-HĐTĐKT",
}


# --- The receipt for appraisal -----------------------------------------------------------------


def receipt_law(nomination: Nomination, day: dt.date) -> dict[str, Any]:
    """Return the law under which a nomination received on `day` is appraised."""
    form = nomination.report.form
    law = law_at_receipt(nomination.campaign.agency_id, form, day)
    return law | {"report_form": law["report_form"] | report_form_facts(nomination, day)}


def report_form_facts(nomination: Nomination, day: dt.date) -> dict[str, Any]:
    """Return what there is to say on `day` about the form that a report stands under.

    `notice` says that it has ended, `kept` that the office chose it all the same.
    """
    form = nomination.report.form
    facts = {
        "label": form.label,
        "verified": form.is_verified and form.basis.is_verified,
        "notice": dead_form_sentence(form, day) if has_ended(form, day) else "",
        "kept": "",
    }
    choice = choice_of(nomination.award_form) if facts["notice"] else None
    if choice and choice.chosen_id == form.pk:
        facts["kept"] = f"{choice.chosen_by.display_name} chọn giữ mẫu này: {choice.reason}"
    return facts


# --- The signing -------------------------------------------------------------------------------


def signing_law(award_form: AwardForm, day: dt.date) -> dict[str, Any]:
    """Return the law by which a decision dated `day` is written, printed and numbered."""
    campaign = award_form.campaign
    agency = campaign.agency
    salary = provision_on(agency, ProvisionKind.BASE_SALARY, "base_salary", day)
    rates = {
        kind.value: provision_on(
            agency, ProvisionKind.PRIZE_RATE, f"{award_form.award_type}/{kind}", day
        )
        for kind in SubjectKind
    }
    layout = provision_on(agency, ProvisionKind.CERTIFICATE_LAYOUT, award_form.award_type, day)
    return {
        "day": day.isoformat(),
        "bases": list(cited_bases(campaign, day)),
        "prize_basis": _prize_basis(rates.values()),
        "base_salary": _copied(salary),
        "rates": {kind: _copied(rate) for kind, rate in rates.items()},
        "layout": _copied(layout),
        "symbol": symbol_on(agency, Book.DECISION, day),
    }


def cited_bases(campaign: Campaign, day: dt.date) -> tuple[str, ...]:
    """Return the bases of a decision in their order: law in force, the agency's, the plans."""
    agency = campaign.agency
    founding = (cited(agency.founding_basis),) if agency.founding_basis else ()
    return (
        *bases_in_force(campaign, day),
        *founding,
        *reference_of(campaign),
        plan_of(campaign),
    )


def bases_in_force(campaign: Campaign, day: dt.date) -> tuple[str, ...]:
    """Return the law that the campaign cites and that is in force on `day`, in its order."""
    lines = campaign.basis_lines.exclude(basis=campaign.reference_plan_id).select_related("basis")
    return tuple(cited(line.basis.citation) for line in lines if line.basis.in_force(day))


def reference_of(campaign: Campaign) -> tuple[str, ...]:
    """Return the superior's plan: it stands after the law, before the own plan."""
    plan = campaign.reference_plan
    return (cited(plan.citation),) if plan else ()


def plan_of(campaign: Campaign) -> str:
    """Cite the own plan by number, day and title."""
    number = f" số {campaign.number}/{campaign.symbol}" if campaign.number else ""
    day = f" {written_day(campaign.issued_on)}" if campaign.issued_on else ""
    title = lower_first(campaign.title.strip().rstrip("."))
    return f"{_CITES}Kế hoạch{number}{day} của {campaign.agency.name} về việc {title}"


def cited(citation: str) -> str:
    """Return a citation as a basis: it begins with “Căn cứ” and has no closing mark."""
    words = citation.strip().rstrip(";.")
    return words if words.startswith(("Căn cứ", "Thực hiện", "Theo")) else _CITES + words


def symbol_on(agency: Agency, book: Book, day: dt.date) -> str:
    """Return the symbol of a kind of paper; raises Refused when it is too long to be kept."""
    held = provision_on(agency, ProvisionKind.NUMBERING, book.value, day)
    pattern = held.terms["symbol"] if held else _SYMBOLS[book]
    symbol: str = pattern.replace("{co_quan}", agency.abbreviation)
    if len(symbol) > _LONGEST_SYMBOL:
        raise Refused(
            f"Ký hiệu «{symbol}» dài quá {_LONGEST_SYMBOL} ký tự. "
            "Hãy đề nghị Văn phòng sửa ở trang Quy định pháp luật."
        )
    return symbol


def _copied(held: Held | None) -> dict[str, Any] | None:
    """Return a provision as a dossier keeps it: its terms, where they stand, and the mark."""
    if held is None:
        return None
    return {
        "terms": terms.stored(held.terms),
        "cited": held.cited,
        "verified": held.provision.is_verified,
    }


def _prize_basis(rates: Any) -> str:
    """Name the decree that fixes the money of a form of award."""
    for held in rates:
        if held and held.provision.basis:
            return _named(held.provision.basis.citation)
    return "pháp luật về thi đua, khen thưởng"


def _named(citation: str) -> str:
    """Return a citation by number, day and issuer alone, for a second mention."""
    words = citation.strip().rstrip(";.").removeprefix(_CITES)
    for subject in (" quy định ", " về việc ", " về "):
        words = words.split(subject)[0]
    return words
