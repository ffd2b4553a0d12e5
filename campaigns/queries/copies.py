"""A campaign written back as the fields of a plan: what a person would have typed for it."""

from collections.abc import Iterable

from campaigns.models import Campaign
from campaigns.plan_fields import ALL_FORMS, KINDS, PAPERS, ROUTES, TYPES, Wording, sections_text
from campaigns.plan_fields import day_text as day


def values_of(campaign: Campaign) -> dict[str, str]:
    """Return the text of every field, so that reading them again gives the same campaign."""
    forms = list(campaign.award_forms.prefetch_related("criteria").select_related("report_form"))
    report_form = forms[0].report_form if forms else None
    return {
        "title": campaign.title,
        "short_title": campaign.short_title,
        "number": campaign.number,
        "symbol": campaign.symbol,
        "issued_text": campaign.issued_text,
        "issued_on": day(campaign.issued_on),
        "launched_on": day(campaign.launched_on),
        "preamble": campaign.preamble,
        "bases": "\n".join(
            f"{line.basis.code} | {line.basis.citation}"
            for line in campaign.basis_lines.select_related("basis")
        ),
        "reference_plan": campaign.reference_plan.code if campaign.reference_plan else "",
        "sections": sections_text(
            [
                Wording(s.clause, s.level, s.number, s.title, s.body.strip())
                for s in campaign.sections.all()
            ]
        ),
        "emulation_ends_on": day(campaign.emulation_ends_on),
        "window_text": campaign.window_text,
        "opens_on": day(campaign.opens_on),
        "nominations_due_on": day(campaign.nominations_due_on),
        "subjects": _lines((KINDS[s.subject_kind], s.text) for s in campaign.subjects.all()),
        "award_forms": _lines((form.name, ROUTES[form.route], form.clause) for form in forms),
        "criteria": _lines(
            (form.name, KINDS[row.subject_kind], row.clause, _one_line(row.text))
            for form in forms
            for row in form.criteria.all()
        ),
        "sets": _lines((form.name, f"{form.set_count:02d}") for form in forms),
        "required_items": _required_items(campaign, len(forms)),
        "report_form": f"{report_form.number} | {report_form.basis.code}" if report_form else "",
        "achievement_sentence": campaign.achievement_sentence,
        "recipients": "\n".join(line.text for line in campaign.recipients.all()),
        "signer_title": campaign.signer_title,
        "signer_name": campaign.signer_name,
    }


def _required_items(campaign: Campaign, form_count: int) -> str:
    rows = []
    for item in campaign.required_items.prefetch_related("award_forms"):
        needed = list(item.award_forms.all())
        types = {form.award_type for form in needed}
        whose = TYPES[types.pop()] if len(types) == 1 and len(needed) < form_count else ALL_FORMS
        rows.append((item.letter, PAPERS[item.kind], whose, item.clause, _one_line(item.text)))
    return _lines(rows)


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(" | ".join(row) for row in rows)


def _one_line(text: str) -> str:
    return " ".join(text.split())
