"""The law of an agency: loading packs, marking what was compared, mending what was wrong.

A pack is a file in `campaigns/law/`. Rows that stand already are never written over: an office
may have mended them.
"""

import functools
import pathlib
import tomllib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from campaigns import terms
from campaigns.models import (
    CalendarDay,
    LegalBasis,
    Provision,
    ReportForm,
    ReportHeading,
)
from units.models import Agency

PACKS = pathlib.Path(__file__).parent.parent / "law"
_TABLES = ("basis", "provision", "report_form", "day")


@functools.cache
def packs() -> Mapping[str, list[dict[str, Any]]]:
    """Return the rows of all packs by table, in the order of their files."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in _TABLES}
    for path in sorted(PACKS.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        if unknown := set(content) - set(_TABLES):
            raise ValueError(f"{path.name}: {unknown}")
        for table, found in content.items():
            rows[table] += found
    return rows


@transaction.atomic
def load_law(agency: Agency) -> None:
    """Add to `agency` the rows of the packs that it does not have yet."""
    law = packs()
    LegalBasis.objects.bulk_create(
        [LegalBasis(agency=agency, **row) for row in law["basis"]], ignore_conflicts=True
    )
    bases = {basis.code: basis for basis in LegalBasis.objects.filter(agency=agency)}
    Provision.objects.bulk_create(
        [_provision(agency, row, bases) for row in law["provision"]], ignore_conflicts=True
    )
    CalendarDay.objects.bulk_create(
        [CalendarDay(agency=agency, **row) for row in law["day"]], ignore_conflicts=True
    )
    standing = set(
        ReportForm.objects.filter(agency=agency).values_list("basis__code", "number").distinct()
    )
    for row in law["report_form"]:
        if (row["basis"], row["number"]) in standing:
            continue
        columns = {name: value for name, value in row.items() if name not in {"basis", "heading"}}
        form = ReportForm.objects.create(agency=agency, basis=bases[row["basis"]], **columns)
        ReportHeading.objects.bulk_create(
            [
                ReportHeading(form=form, position=position, **heading)
                for position, heading in enumerate(row.get("heading", []), start=1)
            ]
        )


def _provision(
    agency: Agency, row: Mapping[str, Any], bases: Mapping[str, LegalBasis]
) -> Provision:
    columns = {name: value for name, value in row.items() if name not in {"basis", "content"}}
    content = terms.stored(terms.read(row["kind"], row.get("content", {})))
    basis = bases[row["basis"]] if row.get("basis") else None
    return Provision(agency=agency, basis=basis, content=content, **columns)
