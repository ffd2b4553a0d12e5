"""Where the texts of a report go when it moves under another form."""

from collections.abc import Iterable, Mapping

from awards.rules.past_awards import AwardRow
from campaigns.models import ReportHeading
from thidua.core.text import fold


def moved_texts(
    written: Iterable[tuple[ReportHeading, str]], headings: Iterable[ReportHeading]
) -> dict[int, str]:
    """Return the text of each new heading (by id); nothing that was written is lost.

    A text goes to the heading of its own title, else of its number if that heading is free. What
    finds no place stands at the end of the last heading, under its old title.
    """
    open_ones = [heading for heading in headings if not heading.is_group]
    texts = {heading.pk: "" for heading in open_ones}
    left = [(heading, text) for heading, text in written if text.strip()]
    for same in (
        lambda old, new: fold(old.title) == fold(new.title) and old.number == new.number,
        lambda old, new: fold(old.title) == fold(new.title),
        lambda old, new: old.number == new.number,
    ):
        rest = []
        for heading, text in left:
            place = next((n for n in open_ones if not texts[n.pk] and same(heading, n)), None)
            if place:
                texts[place.pk] = text
            else:
                rest.append((heading, text))
        left = rest
    if left and open_ones:
        last = open_ones[-1].pk
        added = [f"{heading.number}. {heading.title}:\n{text}" for heading, text in left]
        texts[last] = "\n\n".join(filter(None, [texts[last], *added]))
    return texts


def moved_rows(
    rows: Iterable[tuple[ReportHeading, AwardRow]], headings: Iterable[ReportHeading]
) -> tuple[dict[int, list[AwardRow]], list[tuple[ReportHeading, str]]]:
    """Return the rows of past awards by new heading, and as texts those that find no list there.

    A row goes to the list of its own title, else to the first list of the form.
    """
    lists = [heading for heading in headings if heading.lists_awards]
    placed: dict[int, list[AwardRow]] = {}
    left: dict[int, tuple[ReportHeading, list[str]]] = {}
    for heading, row in rows:
        same = (new for new in lists if fold(new.title) == fold(heading.title))
        place = next(same, lists[0] if lists else None)
        if place:
            placed.setdefault(place.pk, []).append(row)
        else:
            left.setdefault(heading.pk, (heading, []))[1].append(row.line)
    return placed, [(heading, "\n".join(lines)) for heading, lines in left.values()]


def joined_texts(
    written: Iterable[tuple[ReportHeading, str]], added: Iterable[tuple[ReportHeading, str]]
) -> list[tuple[ReportHeading, str]]:
    """Return the texts with what is added to them below."""
    more = {heading.pk: text for heading, text in added}
    texts = [(heading, text, more.pop(heading.pk, "")) for heading, text in written]
    joined = [(heading, "\n".join(filter(None, parts))) for heading, *parts in texts]
    return joined + [(heading, text) for heading, text in added if heading.pk in more]


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in empty lines alone, which no paper prints."""
    return [line for line in one.split("\n") if line] == [
        line for line in other.split("\n") if line
    ]


def moved_places(
    olds: Iterable[ReportHeading],
    headings: Iterable[ReportHeading],
    texts: Mapping[int, str],
    moved: Mapping[int, str],
) -> dict[int, int]:
    """Return for each old heading (by id) the new one under which its claims go on standing.

    `texts` are the old texts and `moved` the new ones: claims follow the words that they prove.
    """
    open_ones = [heading for heading in headings if not heading.is_group]
    places = {}
    for old in olds:
        text = texts.get(old.pk, "").strip()
        likeness = {
            new.pk: (
                bool(text) and text in moved.get(new.pk, ""),
                fold(old.title) == fold(new.title),
                old.number == new.number,
            )
            for new in open_ones
        }
        best = max(likeness, key=likeness.__getitem__)
        places[old.pk] = best if any(likeness[best]) else open_ones[-1].pk
    return places


def lacking_kinds(headings: Iterable[ReportHeading], kinds: Mapping[str, str]) -> list[str]:
    """Return the labels of the kinds of subject (value to label) that a form has no heading for."""
    there = {heading.subject_kind for heading in headings if not heading.is_group}
    return [label for kind, label in kinds.items() if kind not in there]
