"""What becomes of a text that stands when a Word file holds another one for the same heading."""

from collections.abc import Mapping, Sequence

from awards.rules.past_awards import MOST_ROWS, AwardRow, merged
from awards.rules.report import same_text
from awards.rules.report_reading import Unplaced
from campaigns.models import ReportHeading
from thidua.core.text import LONGEST_TEXT

REPLACE, JOIN, KEEP = "replace", "join", "keep"


def chosen_texts(
    read: Mapping[int, str], standing: Mapping[int, str], choices: Mapping[int, str]
) -> dict[int, str]:
    """Return the texts to write by heading; one that differs in empty lines alone stays."""
    chosen = {}
    for pk, text in read.items():
        before = standing.get(pk, "")
        choice = choices.get(pk, REPLACE)
        if choice != KEEP and not same_text(text, before):
            chosen[pk] = f"{before}\n{text}" if before and choice == JOIN else text
    return chosen


def chosen_rows(
    read: Mapping[int, Sequence[AwardRow]],
    standing: Mapping[int, Sequence[AwardRow]],
    choices: Mapping[int, str],
) -> dict[int, list[AwardRow]]:
    """Return the rows to write by heading."""
    return {
        pk: merged(standing.get(pk, []), rows) if choices.get(pk) == JOIN else list(rows)
        for pk, rows in read.items()
        if choices.get(pk) != KEEP
    }


def within_limits(
    texts: Mapping[int, str],
    rows: Mapping[int, Sequence[AwardRow]],
    headings: Sequence[ReportHeading],
) -> tuple[dict[int, str], dict[int, list[AwardRow]], list[Unplaced]]:
    """Return what the fields can hold, and what is beyond it."""
    numbers = {heading.pk: heading.number for heading in headings}
    held, kept, beyond = dict(texts), {pk: list(found) for pk, found in rows.items()}, []
    for pk, text in texts.items():
        if len(text) > LONGEST_TEXT:
            cut = text.rfind("\n", 1, LONGEST_TEXT)
            cut = cut if cut > 0 else LONGEST_TEXT
            held[pk] = text[:cut]
            beyond.append(Unplaced(f"Phần vượt quá ô của mục {numbers[pk]}", text[cut:].strip()))
    for pk, found in kept.items():
        if len(found) > MOST_ROWS:
            rest = "\n".join(row.line for row in found[MOST_ROWS:])
            beyond.append(Unplaced(f"Các dòng vượt quá bảng của mục {numbers[pk]}", rest))
            kept[pk] = found[:MOST_ROWS]
    return held, kept, beyond
