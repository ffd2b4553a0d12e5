"""Which law holds on a day: the one place where rows of law are looked up.

Three dates ask: the launch (criteria, the council's rule), the receipt for appraisal (procedure,
forms, law) and the signing (money, certificate). What is found is copied by whoever asks.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from campaigns import terms
from campaigns.models import Campaign, LegalBasis, Provision, ProvisionKind, ReportForm
from campaigns.models.law import LawRow
from thidua.core import clock
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


def principles_on(agency: Agency | int, keys: Iterable[str], day: dt.date) -> dict[str, Provision]:
    """Return by key the principles in force on `day`; one that the catalogue lacks is left out."""
    found = {row.key: row for row in _in_force(agency, ProvisionKind.PRINCIPLE, day)}
    return {key: found[key] for key in keys if key in found}


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


def kept_until(campaign: Campaign, key: str) -> dt.date | None:
    """Return the last day on which a file of a closed campaign is kept; None is for ever.

    Years are counted from the end of the year in which the work ended.
    """
    ended = clock.local_day(campaign.closed_at) if campaign.closed_at else clock.today()
    years = must_hold(campaign.agency_id, ProvisionKind.RETENTION, key, ended).terms["years"]
    return dt.date(ended.year + years, 12, 31) if years else None


def _in_force(agency: Agency | int, kind: str, day: dt.date) -> list[Provision]:
    agency_id = agency if isinstance(agency, int) else agency.pk
    rows: dict[str, Provision] = {}
    for row in (
        Provision.objects.filter(agency_id=agency_id, kind=kind, in_force_on__lte=day)
        .select_related("basis")
        .order_by("key", "in_force_on")
    ):
        rows[row.key] = row
    return [row for row in rows.values() if not row.out_of_force_on or day < row.out_of_force_on]


def ending_soon(agency: Agency | int, day: dt.date) -> list[LegalBasis]:
    """Return the instruments whose end, or whose day of review, is announced by now.

    A day of review that has passed still warns: only a person ends the warning, by moving it.
    """
    agency_id = agency if isinstance(agency, int) else agency.pk
    held = provision_on(agency_id, ProvisionKind.NOTICE, "law_ends", day)
    until = day + dt.timedelta(days=held.terms["days"] if held else DEFAULT_NOTICE_DAYS)
    ends = Q(out_of_force_on__range=(day, until))
    asks = Q(review_on__lte=until) & (Q(out_of_force_on__isnull=True) | Q(out_of_force_on__gt=day))
    return list(LegalBasis.objects.filter(ends | asks, agency_id=agency_id))


def to_review(agency: Agency | int, day: dt.date) -> list[LegalBasis]:
    """Return those ending soon of which nobody knows yet what follows."""
    soon = ending_soon(agency, day)
    if not soon:
        return []
    known = set(
        LegalBasis.objects.filter(
            agency_id=soon[0].agency_id, code__in=[basis.replaced_by_code for basis in soon]
        ).values_list("code", flat=True)
    )
    return [basis for basis in soon if basis.replaced_by_code not in known]


# --- The law as people read it -----------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class Pack:
    """Một văn bản với những gì rút ra từ đó; without a basis: what the agency sets by itself."""

    basis: LegalBasis | None
    provisions: list[Provision]
    forms: list[ReportForm]

    @property
    def rows(self) -> list[LawRow]:
        """All that can be compared with the official text."""
        return [*filter(None, [self.basis]), *self.provisions, *self.forms]

    @property
    def verified_count(self) -> int:
        return sum(row.is_verified for row in self.rows)

    @property
    def groups(self) -> list[tuple[str, list[Provision]]]:
        """The provisions by kind, in the order of the kinds, then as articles follow."""
        found = []
        for kind in ProvisionKind:
            rows = [row for row in self.provisions if row.kind == kind]
            if rows:
                found.append((kind.label, sorted(rows, key=_place)))
        return found


def _place(row: Provision) -> tuple[list[int], str, dt.date]:
    """Sort «Điều 9» before «Điều 13»; within an article by letter, or by what it is about."""
    numbers = [int(word) for word in row.article.replace(",", " ").split() if word.isdecimal()]
    if row.kind == ProvisionKind.PRINCIPLE:
        return numbers or [10**6], row.article, row.in_force_on
    return numbers[:1], row.key, row.in_force_on


REPORT_FORM = "report_form"
KINDS = (*ProvisionKind.choices, (REPORT_FORM, "Mẫu báo cáo thành tích"))


def packs_of(user: Any, kind: str = "") -> list[Pack]:
    """Return the law of the agency, in order of force; with a kind, only what holds such rows."""
    bases = LegalBasis.objects.visible_to(user).select_related("verified_by__person")
    provisions = Provision.objects.visible_to(user).select_related("verified_by__person")
    forms = current_forms(user)
    if kind:
        provisions = provisions.filter(kind=kind)
        forms = forms if kind == REPORT_FORM else forms.none()
    rows: dict[int | None, tuple[list[Provision], list[ReportForm]]] = {
        key: ([], []) for key in [None, *(basis.pk for basis in bases)]
    }
    for provision in with_words(provisions):
        rows[provision.basis_id][0].append(provision)
    for form in forms:
        rows[form.basis_id][1].append(form)
    packs = [Pack(basis, *rows[basis.pk if basis else None]) for basis in [*bases, None]]
    return [pack for pack in packs if pack.provisions or pack.forms or (pack.basis and not kind)]


def current_forms(user: Any) -> Any:
    """Return the forms of report of the agency, the current edition of each."""
    return (
        ReportForm.objects.visible_to(user)
        .filter(replaced_by__isnull=True)
        .select_related("basis", "verified_by__person")
    )


def rows_of_key(provision: Provision) -> list[Provision]:
    """Return all rows of a provision's kind and key, the latest first."""
    return with_words(
        Provision.objects.filter(
            agency_id=provision.agency_id, kind=provision.kind, key=provision.key
        )
        .select_related("basis")
        .order_by("-in_force_on")
    )


def with_words(provisions: Iterable[Provision]) -> list[Any]:
    """Return the provisions, each with its terms in words as `told`."""
    rows: list[Any] = list(provisions)
    for row in rows:
        row.told = terms.told(row.kind, row.content)
    return rows
