"""What a reading yields, and the law that it is given."""

import dataclasses
import datetime as dt
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A proposal for one field: its text, the words it came from, a remark of the reader."""

    value: str = ""
    source: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Điều cần xem lại: what is missing or odd, and the mend; `is_stop` bars the campaign."""

    field: str
    title: str
    mend: str
    is_stop: bool = False

    @property
    def tone(self) -> str:
        return "stop" if self.is_stop else "wait"

    @property
    def url(self) -> str:
        return f"#muc-{self.field}"


@dataclasses.dataclass(frozen=True, slots=True)
class LawRow:
    """A legal basis as the reader needs it."""

    code: str
    citation: str
    issued_on: dt.date | None
    in_force_on: dt.date | None
    out_of_force_on: dt.date | None

    def in_force(self, day: dt.date) -> bool:
        return (self.in_force_on is None or self.in_force_on <= day) and (
            self.out_of_force_on is None or day < self.out_of_force_on
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Law:
    """The law that stands in the tables: bases, and report forms by number and basis."""

    rows: tuple[LawRow, ...] = ()
    report_forms: frozenset[tuple[str, str]] = frozenset()

    def row(self, code: str) -> LawRow | None:
        return next((row for row in self.rows if row.code == code), None)


@dataclasses.dataclass(frozen=True, slots=True)
class PlanReading:
    """What was read: a proposal for each field, and what is missing or odd."""

    fields: Mapping[str, Found]
    findings: tuple[Finding, ...]

    @property
    def values(self) -> dict[str, str]:
        return {name: found.value for name, found in self.fields.items()}
