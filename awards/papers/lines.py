"""Bản xem thử: the certificate as a line that is not confirmed yet would stand on it."""

import dataclasses
import datetime as dt

from awards.models import Decision, DecisionLine, Nomination
from awards.papers.decision import certificate_paper, certificate_sheet
from awards.queries.law import signing_law
from thidua.core.certificates import CertificatePaper, CertificateSheet


def line_previews(
    named: list[tuple[Nomination, str, str]], day: dt.date
) -> list[tuple[CertificatePaper, CertificateSheet]]:
    """Return the certificate of each (nomination, name, title), as the law of `day` lays it out.

    Made from rows that are never saved, so that it cannot differ from the real one; without
    number, date, signature and code.
    """
    decisions: dict[int, Decision] = {}
    made = []
    for nomination, name, title in named:
        form = nomination.award_form
        if form.pk not in decisions:
            decisions[form.pk] = Decision(
                campaign=form.campaign,
                award_form=form,
                number=0,
                signing_law=signing_law(form, day),
                issued_on=day,
                signatory_title=form.campaign.agency.head_title,
            )
        decision = decisions[form.pk]
        line = DecisionLine(ordinal=0, recipient_name=name, recipient_title=title)
        paper = dataclasses.replace(
            certificate_paper(line, decision),
            decision_line="BẢN XEM THỬ",
            golden_number="Chưa có số quyết định, số sổ vàng",
            place_date=f"{form.campaign.agency.place}, ngày … tháng … năm {day:%Y}",
            signer_name="",
            verify_url=None,
        )
        made.append((paper, certificate_sheet(decision)))
    return made
