"""Which law holds on a day: the one place where rows of law are looked up.

Three dates ask: the launch (criteria, the council's rule), the receipt for appraisal (procedure,
forms, law) and the signing (money, certificate). What is found is copied by whoever asks.
"""

import dataclasses
import datetime as dt
from typing import Any

from campaigns import terms
from campaigns.models import LegalBasis, Provision, ProvisionKind, ReportForm
from thidua.core.workflow import Refused
from units.models import Agency

DEFAULT_NOTICE_DAYS = 180


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """Quy định đang áp dụng: the provision that holds on a day, with its terms read."""

    provision: Provision
    terms: dict[str, Any]

    @property
    def cited(self) -> str:
        """Return «Điều 54 Nghị định …», or the instrument's sign alone."""
        basis = self.provision.basis
        words = [self.provision.article, basis.code if basis else ""]
        return " ".join(word for word in words if word)


def provision_on(agency: Agency | int, kind: str, key: str, day: dt.date) -> Held | None:
    """Return what holds on `day`: the latest row that has begun and has not been ended."""
    agency_id = agency if isinstance(agency, int) else agency.pk
    row = (
        Provision.objects.filter(agency_id=agency_id, kind=kind, key=key, in_force_on__lte=day)
        .select_related("basis")
        .order_by("-in_force_on")
        .first()
    )
    if row is None or (row.out_of_force_on and row.out_of_force_on <= day):
        return None
    return Held(row, terms.read(row.kind, row.content))


def must_hold(agency: Agency | int, kind: str, key: str, day: dt.date) -> Held:
    """Return what holds on `day`; raises Refused, naming what to add where."""
    if held := provision_on(agency, kind, key, day):
        return held
    label = ProvisionKind(kind).label.lower()
    raise Refused(
        f"Danh mục quy định chưa có {label} áp dụng ngày {day:%d/%m/%Y}. "
        "Hãy đề nghị Văn phòng bổ sung ở trang Quy định pháp luật."
    )


def bases_on(agency: Agency | int, day: dt.date) -> list[LegalBasis]:
    """Return the instruments in force on `day`."""
    agency_id = agency if isinstance(agency, int) else agency.pk
    return [
        basis for basis in LegalBasis.objects.filter(agency_id=agency_id) if basis.in_force(day)
    ]


def corresponding_form(form: ReportForm, day: dt.date) -> ReportForm | None:
    """Return the form in force on `day` that serves the same purpose as `form`."""
    if form.basis.in_force(day) and form.replaced_by_id is None:
        return form
    candidates = ReportForm.objects.filter(
        agency_id=form.agency_id, purpose=form.purpose, replaced_by__isnull=True
    ).select_related("basis")
    living = [one for one in candidates if one.basis.in_force(day)]
    return max(living, key=lambda one: one.basis.in_force_on or dt.date.min, default=None)


def law_at_receipt(agency: Agency | int, form: ReportForm, day: dt.date) -> dict[str, Any]:
    """Return, as JSON, the law under which a dossier received on `day` is appraised."""
    return {
        "day": day.isoformat(),
        "bases": [
            {
                "code": basis.code,
                "name": basis.short_name,
                "citation": basis.citation,
                "verified": basis.is_verified,
            }
            for basis in bases_on(agency, day)
        ],
        "report_form": {
            "label": form.label,
            "number": form.number,
            "basis": form.basis.code,
            "verified": form.is_verified and form.basis.is_verified,
        },
        "limits": [
            {"key": row.key, "title": row.title, "article": row.article, **row.content}
            for row in _in_force(agency, ProvisionKind.TIME_LIMIT, day)
        ],
    }


def _in_force(agency: Agency | int, kind: str, day: dt.date) -> list[Provision]:
    agency_id = agency if isinstance(agency, int) else agency.pk
    rows: dict[str, Provision] = {}
    for row in Provision.objects.filter(
        agency_id=agency_id, kind=kind, in_force_on__lte=day
    ).order_by("key", "in_force_on"):
        rows[row.key] = row
    return [row for row in rows.values() if not row.out_of_force_on or day < row.out_of_force_on]


def ending_soon(agency: Agency | int, day: dt.date) -> list[LegalBasis]:
    """Return the instruments whose end, or whose day of review, is announced by now."""
    agency_id = agency if isinstance(agency, int) else agency.pk
    held = provision_on(agency, ProvisionKind.NOTICE, "law_ends", day)
    notice = dt.timedelta(days=held.terms["days"] if held else DEFAULT_NOTICE_DAYS)
    return [
        basis
        for basis in LegalBasis.objects.filter(agency_id=agency_id)
        if any(
            end and day <= end <= day + notice for end in (basis.out_of_force_on, basis.review_on)
        )
    ]
