"""Reads a plan: every field proposed, each by the module of its matter."""

import datetime as dt
from collections.abc import Iterable, Iterator

from campaigns import plan_fields
from campaigns.plan_fields import FIELDS, KINDS, Wording
from campaigns.reading import (
    citations,
    criteria,
    dates,
    dossier,
    ending,
    forms,
    lines,
    outline,
    parts,
    subjects,
    titles,
)
from campaigns.reading.contents import Contents
from campaigns.reading.findings import findings_of
from campaigns.reading.found import Finding, Found, Law, PlanReading
from thidua.core.word import Paragraph


def read(paragraphs: Iterable[Paragraph], law: Law) -> PlanReading:
    """Propose every field of a plan."""
    fields = {field.name: Found() for field in FIELDS}
    for name, found in _proposals(parts.cut(lines.clean(paragraphs)), law):
        # The first to speak of a field is the surest.
        if not fields[name].value:
            fields[name] = found
    values = {name: found.value for name, found in fields.items()}
    notes = [
        Finding(name, found.note, "Hãy so với văn bản rồi xác nhận.")
        for name, found in fields.items()
        if found.note
    ]
    return PlanReading(fields, (*findings_of(values, law), *notes))


def _proposals(plan: parts.Parts, law: Law) -> Iterator[tuple[str, Found]]:
    yield from titles.proposals(plan)
    head = dict(citations.proposals(plan, law))
    yield from head.items()
    if "issued_on" in head:
        yield "launched_on", head["issued_on"]
    found = outline.of(plan.body)
    contents = Contents(found.sections)
    if found.sections:
        yield "sections", _sections(found)
    issued = _day(head.get("issued_on"))
    year = dates.year_of([issued], plan.title, plan.preamble)
    period = dict(dates.period(contents, year))
    yield from period.items()
    ends = _day(period.get("emulation_ends_on"))
    yield from dates.window(contents, ends, ends.year if ends else year)
    named = forms.read(contents)
    yield from forms.proposals(named, plan, contents)
    rows, source = subjects.read(contents)
    yield from subjects.proposals(rows, source)
    kinds = list(dict.fromkeys(kind for kind, _ in rows)) or [str(kind) for kind in KINDS]
    yield from criteria.proposals(contents, named, kinds)
    yield from dossier.proposals(contents, named)
    yield from ending.proposals(plan.end)


def _sections(found: outline.Outline) -> Found:
    wordings = [Wording(s.clause, s.level, "", s.title, "\n".join(s.lines)) for s in found.sections]
    top = ", ".join(s.clause for s in found.sections if s.level == 1)
    note = "Đề mục không có số; phần mềm đánh số theo thứ tự." if found.is_numbered_by_us else ""
    return Found(plan_fields.sections_text(wordings), f"Các đề mục: {top}.", note)


def _day(found: Found | None) -> dt.date | None:
    if found is None or not found.value:
        return None
    day, month, year = found.value.split("/")
    return dates.date_of(day, month, year)
