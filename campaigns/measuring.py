"""How well plans are read: each plan of a folder against the fields that a person wrote of it."""

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from campaigns import reading
from campaigns.plan_fields import FIELDS
from thidua.core import word
from thidua.core.word import Paragraph

# The day of launch is proposed from the day of issue: counted once.
MEASURED = tuple(field for field in FIELDS if field.name != "launched_on")


@dataclasses.dataclass(frozen=True, slots=True)
class Measured:
    """One plan: the fields that are wrong though filled, and those left empty though the plan has them."""

    name: str
    wrong: tuple[str, ...]
    empty: tuple[str, ...]

    @property
    def right(self) -> int:
        return len(MEASURED) - len(self.wrong) - len(self.empty)

    def mark(self, field: str) -> str:
        """Return a mark for a field: right, wrong or left empty."""
        if field in self.wrong:
            return "S"
        return "-" if field in self.empty else "."


def law_of(content: Mapping[str, Any]) -> reading.Law:
    """Return the law of the packs, as the reader needs it."""
    rows = (
        reading.LawRow(
            row["code"],
            row["citation"],
            row.get("issued_on"),
            row.get("in_force_on"),
            row.get("out_of_force_on"),
        )
        for row in content["basis"]
    )
    forms = frozenset((form["number"], form["basis"]) for form in content["report_form"])
    return reading.Law(tuple(rows), forms)


def compare(name: str, values: Mapping[str, str], expected: Mapping[str, str]) -> Measured:
    """Compare what was read with what a person wrote."""
    amiss = [
        f.name for f in MEASURED if seen(f.name, values[f.name]) != seen(f.name, expected[f.name])
    ]
    return Measured(
        name,
        tuple(field for field in amiss if values[field]),
        tuple(field for field in amiss if not values[field]),
    )


def seen(name: str, value: str) -> list[str]:
    """Return a value to compare: of the contents, its headings with their numbers."""
    lines = value.split("\n")
    return [line for line in lines if name != "sections" or line.startswith("[")]


def plans_in(folder: Path) -> Iterator[tuple[str, list[Paragraph], dict[str, Any]]]:
    """Yield each plan of a folder: its name, its paragraphs, the fields that a person wrote.

    The words stand beside the fields as text, or in the folder «files» as a Word file.
    """
    for fields in sorted(folder.rglob("*.toml")):
        expected = tomllib.loads(fields.read_text(encoding="utf-8"))
        pasted = fields.with_suffix(".txt")
        if pasted.exists():
            text = pasted.read_text(encoding="utf-8")
            yield fields.stem, reading.paragraphs_of(text), expected
        in_word = folder.parent / "files" / f"{fields.stem}.docx"
        if in_word.exists():
            yield f"{fields.stem} (Word)", word.paragraphs_of(in_word.read_bytes()), expected


def measure(folder: Path, law: reading.Law) -> list[Measured]:
    """Read every plan of a folder and compare."""
    return [
        compare(name, reading.read(paragraphs, law).values, expected)
        for name, paragraphs, expected in plans_in(folder)
    ]


def shares(rows: list[Measured]) -> tuple[float, float]:
    """Return the share of fields that are right, and of those that are wrong though filled."""
    total = len(rows) * len(MEASURED) or 1
    return sum(row.right for row in rows) / total, sum(len(row.wrong) for row in rows) / total
