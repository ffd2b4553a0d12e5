"""Loading a launching plan as rows.

A plan is a file in `campaigns/plans/`, or a draft that a person has confirmed field by field; both
are written as rows by the same function. Rows that stand already are never written over: an
office may have mended them.
"""

import datetime as dt
import hashlib
import json
import pathlib
import secrets
import tomllib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from campaigns import plan_fields, queries, reading
from campaigns.actions.law import load_law
from campaigns.models import (
    AwardForm,
    Campaign,
    CampaignBasis,
    Criterion,
    EligibleSubject,
    LegalBasis,
    PlanDraft,
    PlanRecipient,
    PlanSection,
    ProvisionKind,
    ReportForm,
    RequiredItem,
)
from campaigns.queries.law import provision_on
from thidua.core import audit, files
from thidua.core.workflow import Conflict, Refused
from units.models import Agency

PLANS = pathlib.Path(__file__).parent.parent / "plans"
FIRST_PLAN = PLANS / "tong-tuyen-cu-80-nam.toml"
_MOST_PARAGRAPHS = 5_000  # as of a Word file: the reader takes its time over each


@transaction.atomic
def load_plan(
    *, agency: Agency, actor: Any = None, plan: str | pathlib.Path = FIRST_PLAN
) -> Campaign:
    """Load a plan file as a campaign of `agency` and return it; a loaded plan is left as it is.

    `plan` is a path, or the name of a file in `campaigns/plans/`.
    """
    agency = _hold(agency)
    load_law(agency)
    content = _read(PLANS / plan)
    loaded = Campaign.objects.filter(agency=agency, title=content["title"]).first()
    if loaded:
        return loaded
    campaign = _write_campaign(agency, content)
    audit.record("create", campaign, actor=actor, label="Nạp kế hoạch")
    return campaign


@transaction.atomic
def create_draft(
    *,
    agency: Agency,
    upload: UploadedFile | None,
    text: str,
    actor: Any,
    at: dt.datetime,
    form_key: str = "",
) -> PlanDraft:
    """Read an uploaded or pasted plan into a draft; with neither, an empty one to be typed.

    The same content sent again from the same form (`form_key`) leads to the draft that stands.
    """
    load_law(agency)
    source = None
    paragraphs = reading.paragraphs_of(text)
    if upload:
        source, paragraphs = files.accept_word(upload, actor=actor)
    if len(paragraphs) > _MOST_PARAGRAPHS:
        raise Refused("Văn bản có quá nhiều dòng. Hãy chỉ dán lời văn của kế hoạch.")
    found = reading.read(paragraphs, queries.known_law(agency))
    content = {
        "agency": agency,
        "created_by": actor,
        "created_at": at,
        "source": source,
        "text": "\n".join(paragraph.text for paragraph in paragraphs),
        "fields": {
            name: {"value": field.value, "source": field.source, "note": field.note}
            for name, field in found.fields.items()
        },
    }
    once = form_key or secrets.token_hex()
    sent = json.dumps([once, actor.pk, source and source.sha256, content["text"]])
    key = hashlib.sha256(sent.encode()).hexdigest()
    # Of two at the same moment, the database lets one in; the other finds it.
    draft, is_new = PlanDraft.objects.get_or_create(sent_key=key, defaults=content)
    if is_new:
        audit.record("create", draft, actor=actor, label="Đọc kế hoạch")
    return draft


@transaction.atomic
def confirm_field(
    *, draft: PlanDraft, name: str, text: str, actor: Any, at: dt.datetime
) -> PlanDraft:
    """Take the text of one field as a person has seen, or typed, it."""
    field = plan_fields.BY_NAME[name]
    draft = _open_draft(draft)
    plan_fields.read(name, text)
    row = draft.fields.get(name, {})
    before, after = row.get("value", ""), plan_fields.tidy(text)
    draft.fields[name] = row | {
        "value": after,
        "confirmed_by": actor.display_name,
        "confirmed_at": at.isoformat(),
    }
    draft.save(update_fields=["fields"])
    changes = {field.label: [before, after]} if before != after else {}
    audit.record("confirm", draft, actor=actor, label=f"Xác nhận: {field.label}", changes=changes)
    return draft


@transaction.atomic
def make_campaign(*, draft: PlanDraft, actor: Any, at: dt.datetime) -> Campaign:
    """Make the campaign of a draft whose every field somebody has confirmed."""
    draft = _open_draft(draft)
    agency = _hold(draft.agency)
    lacking = queries.unconfirmed(draft)
    if lacking:
        names = ", ".join(field.label for field in lacking[:3])
        more = f" và {len(lacking) - 3} mục khác" if len(lacking) > len(lacking[:3]) else ""
        raise Refused(f"Còn {len(lacking)} mục chưa xác nhận: {names}{more}.")
    content = plan_fields.content_of(draft.values)
    if Campaign.objects.filter(agency=agency, title=content["title"]).exists():
        raise Refused("Cơ quan đã có đợt mang tên kế hoạch này. Hãy sửa tên rồi xác nhận lại.")
    named = content["award_form"][0]["report_form"]
    if not _forms(agency, named).exists():
        known = ReportForm.objects.filter(agency=agency, replaced_by__isnull=True)
        there = "; ".join(
            f"{number} | {code}" for number, code in known.values_list("number", "basis__code")
        )
        raise Refused(
            f"Mẫu báo cáo thành tích chưa có trong danh mục. Hãy ghi mẫu đang có: {there}."
        )
    _add_bases(agency, plan_fields.read("bases", draft.values["bases"]))
    campaign = _write_campaign(agency, content, copied_from=draft.copied_from)
    draft.campaign = campaign
    draft.save(update_fields=["campaign"])
    audit.record("create", campaign, actor=actor, label="Lập đợt từ kế hoạch")
    audit.record("make", draft, actor=actor, label="Lập đợt từ kế hoạch")
    return campaign


def _open_draft(draft: PlanDraft) -> PlanDraft:
    """Return the draft as it stands, locked; a draft that became a campaign is closed."""
    held = PlanDraft.objects.select_for_update(of=("self",), no_key=True).get(pk=draft.pk)
    if held.campaign_id:
        raise Conflict("Đợt đã được lập từ kế hoạch này nên không sửa ở đây nữa.")
    return held


def _hold(agency: Agency) -> Agency:
    return Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)


def _add_bases(agency: Agency, cited: list[tuple[str, str]]) -> None:
    """Add what the agency's list of law does not have yet, as not verified."""
    there = set(LegalBasis.objects.filter(agency=agency).values_list("code", flat=True))
    for code, citation in cited:
        if code not in there and not citation:
            raise Refused(f"Căn cứ {code} chưa có trong danh mục. Hãy ghi cách dẫn sau dấu «|».")
        if code not in there:
            LegalBasis.objects.create(agency=agency, code=code, citation=citation)


def _write_campaign(
    agency: Agency, content: dict[str, Any], *, copied_from: Campaign | None = None
) -> Campaign:
    """Write the rows of a campaign from the content of a plan: the one way in."""
    terms = dict(content["terms"])
    cited = [_basis(agency, code) for code in terms.pop("bases")]
    reference = terms.pop("reference_plan", None)
    campaign = Campaign.objects.create(
        agency=agency,
        title=content["title"],
        short_title=content["short_title"],
        number=content["number"],
        symbol=content["symbol"],
        issued_text=content["issued_text"],
        issued_on=content.get("issued_on"),
        launched_on=content["launched_on"],
        copied_from=copied_from,
        preamble=content["preamble"],
        signer_title=content["signer_title"],
        signer_name=content["signer_name"],
        reference_plan=_basis(agency, reference) if reference else None,
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
    EligibleSubject.objects.bulk_create(
        [
            EligibleSubject(campaign=campaign, position=position, **subject)
            for position, subject in enumerate(content.get("subject", []), start=1)
        ]
    )
    forms = _add_award_forms(campaign, content["award_form"])
    _add_required_items(campaign, content["required_item"], forms)
    return campaign


def _add_award_forms(campaign: Campaign, rows: list[dict[str, Any]]) -> dict[str, AwardForm]:
    """Return the forms by the key that the file gives them.

    The council's rule is the one of the day of launch, copied once, where the plan has none.
    """
    forms = {}
    for position, row in enumerate(rows, start=1):
        columns = {k: v for k, v in row.items() if k not in {"key", "criterion", "report_form"}}
        named = row["report_form"]
        form = forms[row["key"]] = AwardForm.objects.create(
            campaign=campaign,
            position=position,
            report_form=_forms(campaign.agency, named).get(),
            **{**_council_rule(campaign, row["award_type"]), **columns},
        )
        Criterion.objects.bulk_create(
            [Criterion(award_form=form, **criterion) for criterion in row["criterion"]]
        )
    return forms


def _council_rule(campaign: Campaign, award_type: str) -> dict[str, Any]:
    held = provision_on(
        campaign.agency_id, ProvisionKind.COUNCIL_RULE, award_type, campaign.launched_on
    )
    return held.terms if held else {}


def _add_required_items(
    campaign: Campaign, rows: list[dict[str, Any]], forms: dict[str, AwardForm]
) -> None:
    for position, row in enumerate(rows, start=1):
        columns = {k: v for k, v in row.items() if k != "award_forms"}
        item = RequiredItem.objects.create(campaign=campaign, position=position, **columns)
        item.award_forms.set([forms[key] for key in row["award_forms"]])


def _basis(agency: Agency, code: str) -> LegalBasis:
    return LegalBasis.objects.get(agency=agency, code=code)


def _forms(agency: Agency, named: dict[str, str]) -> QuerySet[ReportForm]:
    """Return the current edition of a form as a plan names it, if the agency has it."""
    return ReportForm.objects.filter(
        agency=agency,
        basis__code=named["basis"],
        number=named["number"],
        replaced_by__isnull=True,
    )


def _read(path: pathlib.Path) -> dict[str, Any]:
    """Return the content of a data file; a leading line break of a long text is the file's own."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
