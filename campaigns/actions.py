"""Loading what a campaign stands on: the law as rows, and a launching plan as rows.

A plan is a file in `campaigns/plans/`; another plan is another file. Rows that stand already are
never written over: an office may have mended them.
"""

import decimal
import pathlib
import tomllib
from typing import Any

from django.db import transaction

from campaigns.models import (
    AwardForm,
    BaseSalary,
    Campaign,
    CampaignBasis,
    Criterion,
    LegalBasis,
    PlanRecipient,
    PlanSection,
    PrizeRate,
    ReportForm,
    ReportHeading,
    RequiredItem,
)
from thidua.core import audit
from units.models import Agency

_HERE = pathlib.Path(__file__).parent
LAW = _HERE / "law" / "law.toml"
PLANS = _HERE / "plans"
FIRST_PLAN = PLANS / "tong-tuyen-cu-80-nam.toml"


@transaction.atomic
def load_law() -> None:
    """Add the rows of law, base salary, prize and report form that do not stand yet."""
    law = _read(LAW)
    LegalBasis.objects.bulk_create(
        [LegalBasis(**row) for row in law["basis"]], ignore_conflicts=True
    )
    bases = {basis.code: basis for basis in LegalBasis.objects.all()}
    BaseSalary.objects.bulk_create(
        [BaseSalary(**{**row, "basis": bases[row["basis"]]}) for row in law["base_salary"]],
        ignore_conflicts=True,
    )
    PrizeRate.objects.bulk_create(
        [
            PrizeRate(
                **{
                    **row,
                    "coefficient": decimal.Decimal(row["coefficient"]),
                    "basis": bases[row["basis"]],
                }
            )
            for row in law["prize_rate"]
        ],
        ignore_conflicts=True,
    )
    for row in law["report_form"]:
        form, is_new = ReportForm.objects.get_or_create(
            basis=bases[row["basis"]], number=row["number"], defaults={"label": row["label"]}
        )
        if is_new:
            ReportHeading.objects.bulk_create(
                [
                    ReportHeading(form=form, position=position, **heading)
                    for position, heading in enumerate(row["heading"], start=1)
                ]
            )


@transaction.atomic
def load_plan(
    *, agency: Agency, actor: Any = None, plan: str | pathlib.Path = FIRST_PLAN
) -> Campaign:
    """Load a plan file as a campaign of `agency` and return it; a loaded plan is left as it is.

    `plan` is a path, or the name of a file in `campaigns/plans/`.
    """
    load_law()
    content = _read(PLANS / plan)
    agency = Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
    loaded = Campaign.objects.filter(agency=agency, title=content["title"]).first()
    if loaded:
        return loaded
    terms = dict(content["terms"])
    cited = [_basis(code) for code in terms.pop("bases")]
    reference = terms.pop("reference_plan", None)
    campaign = Campaign.objects.create(
        agency=agency,
        title=content["title"],
        short_title=content["short_title"],
        number=content["number"],
        symbol=content["symbol"],
        issued_text=content["issued_text"],
        issued_on=content.get("issued_on"),
        preamble=content["preamble"],
        signer_title=content["signer_title"],
        signer_name=content["signer_name"],
        reference_plan=_basis(reference) if reference else None,
        **terms,
    )
    CampaignBasis.objects.bulk_create(
        [
            CampaignBasis(campaign=campaign, basis=basis, position=position)
            for position, basis in enumerate(cited, start=1)
        ]
    )
    PlanSection.objects.bulk_create(
        [
            PlanSection(campaign=campaign, position=position, **section)
            for position, section in enumerate(content["section"], start=1)
        ]
    )
    PlanRecipient.objects.bulk_create(
        [
            PlanRecipient(campaign=campaign, position=position, text=text)
            for position, text in enumerate(content["recipients"], start=1)
        ]
    )
    forms = _add_award_forms(campaign, content["award_form"])
    _add_required_items(campaign, content["required_item"], forms)
    audit.record("create", campaign, actor=actor, label="Nạp kế hoạch")
    return campaign


def _add_award_forms(campaign: Campaign, rows: list[dict[str, Any]]) -> dict[str, AwardForm]:
    """Return the forms by the key that the file gives them."""
    forms = {}
    for position, row in enumerate(rows, start=1):
        columns = {k: v for k, v in row.items() if k not in {"key", "criterion", "report_form"}}
        named = row["report_form"]
        form = forms[row["key"]] = AwardForm.objects.create(
            campaign=campaign,
            position=position,
            report_form=ReportForm.objects.get(basis__code=named["basis"], number=named["number"]),
            **columns,
        )
        Criterion.objects.bulk_create(
            [Criterion(award_form=form, **criterion) for criterion in row["criterion"]]
        )
    return forms


def _add_required_items(
    campaign: Campaign, rows: list[dict[str, Any]], forms: dict[str, AwardForm]
) -> None:
    for position, row in enumerate(rows, start=1):
        columns = {k: v for k, v in row.items() if k != "award_forms"}
        item = RequiredItem.objects.create(campaign=campaign, position=position, **columns)
        item.award_forms.set([forms[key] for key in row["award_forms"]])


def _basis(code: str) -> LegalBasis:
    return LegalBasis.objects.get(code=code)


def _read(path: pathlib.Path) -> dict[str, Any]:
    """Return the content of a data file; a leading line break of a long text is the file's own."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
