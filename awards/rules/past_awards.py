"""Rows of past awards: as they are written, printed, and read back from a table or a line.

A row is made of a text only when it holds every word of it, but for the words that join the parts
of a decision («Quyết định số … ngày … của …»); what is more than that stays text.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Sequence

from awards.models import PastAward, RegisterEntry
from thidua.core.text import compose, fold

HEADS = (
    "Năm",
    "Danh hiệu, hình thức",
    "Số, ngày, tháng, năm của quyết định; cơ quan ban hành",
)
MOST_ROWS = 60
MOST_YEAR, MOST_NAME, MOST_NUMBER, MOST_ISSUER = 20, 300, 100, 200
_YEARS = r"(?:19|20)\d{2}(?:\s*[-–]\s*(?:19|20)\d{2})?"
_HAS_YEAR = re.compile(r"(?:19|20)\d{2}")
_DAY = re.compile(
    r"(?:\bngày\s*)?\b(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*((?:19|20)\d{2})\b"
    r"|\bngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+((?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\bsố\s*:?\s*(\S*\d\S*)|\b(\d+\s?/\s?\S*[A-ZĐ]\S*)", re.IGNORECASE)
_OWN_NUMBER = re.compile(r"(?:Số (?P<number>.+?))?(?:(?:^| )ngày (?P<day>\d\d/\d\d/\d{4}))?;?")
_JOINTS = re.compile(
    r"^(?:[\s,;:.()–-]|(?:quyết định|qđ|số|ngày|của|do|theo|ban hành|cấp)\b)+", re.IGNORECASE
)
_LINE = re.compile(
    rf"^(?:[-+•*]\s*)?(?:năm\s+)?({_YEARS})\s*[:,;|.–-]?\s+(.*?)[\s,;(:–-]*"
    r"(?:theo\s+)?((?:quyết định|qđ)\s+số\b.*)$",
    re.IGNORECASE | re.DOTALL,
)


_HEADS_OF = {
    "year": ("nam", "thoi gian"),
    "day": ("ngay",),
    "issuer": ("co quan", "cap ", "noi "),
    "name": ("danh hieu", "hinh thuc", "noi dung khen", "khen thuong"),
    "decision": ("so", "quyet dinh"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class AwardRow:
    """Một lần khen thưởng: what one row says."""

    year: str = ""
    name: str = ""
    decision_number: str = ""
    decided_on: dt.date | None = None
    issued_by: str = ""

    @property
    def is_empty(self) -> bool:
        return self == AwardRow()

    @property
    def decision(self) -> str:
        """Return the third cell as it is printed: number and day, below them who issued it."""
        parts = [f"Số {self.decision_number}"] if self.decision_number else []
        parts += [f"ngày {self.decided_on:%d/%m/%Y}"] if self.decided_on else []
        first = " ".join(parts)
        if first and self.issued_by:
            first += ";"
        return "\n".join(filter(None, [first, self.issued_by]))

    @property
    def cells(self) -> tuple[str, str, str]:
        return self.year, self.name, self.decision

    @property
    def line(self) -> str:
        """Return the row as one line of text."""
        return " | ".join(part.replace("\n", " ") for part in self.cells if part)

    @property
    def lacks(self) -> dict[str, str]:
        """Return what a begun row still lacks: the sentence by column."""
        sentences = {
            "year": "Hãy ghi năm." if not _HAS_YEAR.search(self.year) else "",
            "name": "Hãy ghi danh hiệu hoặc hình thức." if not self.name else "",
            "decision_number": "Hãy ghi số quyết định." if not self.decision_number else "",
            "issued_by": "Hãy ghi cơ quan ban hành." if not self.issued_by else "",
        }
        return {column: sentence for column, sentence in sentences.items() if sentence}

    @property
    def _fits(self) -> bool:
        return (
            len(self.year) <= MOST_YEAR
            and len(self.name) <= MOST_NAME
            and len(self.decision_number) <= MOST_NUMBER
            and len(self.issued_by) <= MOST_ISSUER
        )


def rows_of_table(table: Sequence[Sequence[str]]) -> tuple[list[AwardRow], list[list[str]]] | None:
    """Return the rows of a table of awards, and the cells that are none; None for other tables.

    Cells hold lines. Heads that are not understood make it another table.
    """
    heads = [_part_of(head) for head in table[0]] if table else []
    if None in heads or not {"year", "name"} <= set(heads) or len(set(heads)) < len(heads):
        return None
    rows, rest = [], []
    for cells in table[1:]:
        row = _row_of(dict(zip(heads, cells, strict=True))) if len(cells) == len(heads) else None
        if row:
            rows.append(row)
        elif any(cells):
            rest.append(list(cells))
    return rows, rest


def row_of_line(line: str) -> AwardRow | None:
    """Return «Năm 2023: Giấy khen (Quyết định số … ngày … của …)» as a row, None for other lines."""
    found = _LINE.match(line)
    if not found:
        return None
    year, name, decision = found.groups()
    row = _decided(_one_line(year), name.strip(), decision.strip().removesuffix("."))
    return row if row and row.name and row.issued_by else None


def _part_of(head: str) -> str | None:
    """Return which part of a row stands below a head, None when it is not known."""
    words = fold(head).strip(" .:*()")
    if words in {"tt", "stt", "so tt"}:
        return "place"
    for part, openings in _HEADS_OF.items():
        if words.startswith(openings) and (part != "name" or "quyet dinh" not in words):
            return part
    return None


def _row_of(cells: dict[str | None, str]) -> AwardRow | None:
    year, name = _one_line(cells["year"]), _one_line(cells["name"])
    place = cells.get("place", "").strip(" .")
    if place and not place.isdigit():
        return None
    decision, issuer = cells.get("decision", ""), _one_line(cells.get("issuer", ""))
    own = _own(year, name, decision)
    if own and not issuer and "day" not in cells:
        return None if own.is_empty else own
    if not (name or year):
        return None
    if "day" in cells:
        decision = f"{decision} {cells['day']}"
    row = _decided(year, name, _one_line(decision))
    if row is None or (issuer and row.issued_by):
        return None
    row = dataclasses.replace(row, issued_by=issuer or row.issued_by)
    return row if row._fits else None  # noqa: SLF001 -- of this module


def _own(year: str, name: str, decision: str) -> AwardRow | None:
    """Read the cell as `AwardRow.decision` writes it."""
    first, *rest = decision.split("\n") if decision else [""]
    if len(rest) > 1 or (rest and not first.endswith(";")):
        return None
    found = _OWN_NUMBER.fullmatch(first.removesuffix(";") if rest else first)
    if not found:
        return None
    day = _day_of(*(found["day"] or "").split("/")) if found["day"] else None
    row = AwardRow(year, name, found["number"] or "", day, rest[0] if rest else "")
    return row if row.decision == decision and row._fits else None  # noqa: SLF001


def _decided(year: str, name: str, decision: str) -> AwardRow | None:
    """Return the row with a decision in any order of words, None if a word would be lost."""
    number = _NUMBER.search(decision)
    days = list(_DAY.finditer(decision))
    if len(days) > 1:
        return None
    day = _day_of(*(part for part in days[0].groups() if part)) if days else None
    if days and day is None:
        return None
    written = (number[1] or number[2]).strip(" ,;.()") if number else ""
    spans = sorted(found.span() for found in (number, *days) if found)
    if len(spans) > 1 and spans[0][1] > spans[1][0]:
        return None
    rest, end = [], 0
    for start, stop in [*spans, (len(decision), len(decision))]:
        rest.append(_JOINTS.sub("", decision[end:start]).strip(" ,;.()"))
        end = stop
    said = [part for part in rest if part]
    if len(said) > 1 or (said and any(c.isdigit() for c in said[0])):
        return None
    row = AwardRow(year, name, written, day, said[0] if said else "")
    return row if row._fits else None  # noqa: SLF001 -- of this module


def _day_of(day: str, month: str, year: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def row_of(award: PastAward) -> AwardRow:
    """Return what a kept row says."""
    return AwardRow(
        award.year, award.name, award.decision_number, award.decided_on, award.issued_by
    )


def row_of_entry(entry: RegisterEntry) -> AwardRow:
    """Return what our own register knows, as a row."""
    return AwardRow(
        str(entry.decided_on.year),
        entry.award_name,
        entry.decision_number,
        entry.decided_on,
        entry.decided_by,
    )


def merged(standing: Iterable[AwardRow], added: Iterable[AwardRow]) -> list[AwardRow]:
    """Return the rows that stand and those that were not among them yet."""
    rows = list(standing)
    for row in added:
        if row not in rows:
            rows.append(row)
    return rows


def tidy(row: AwardRow) -> AwardRow:
    """Return the row as it is kept: composed, on one line each."""
    year, name, number, issuer = (
        _one_line(compose(text))
        for text in (row.year, row.name, row.decision_number, row.issued_by)
    )
    return AwardRow(year, name, number, row.decided_on, issuer)
