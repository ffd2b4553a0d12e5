"""How much of a document was found again, and how much of it where it belongs."""

import collections
import dataclasses
import datetime as dt
import io
import itertools
import re
import zipfile
from xml.etree import ElementTree as ET

from awards.rules.past_awards import AwardRow
from awards.rules.report_reading import read_report
from campaigns.models import HeadingKind, ReportHeading
from tests.corpus.writing import GROUPS, KNOWN, LAYOUT, LOOSE, TITLES
from thidua.core.text import compose
from thidua.core.word_reading import read

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
LEAVES = {f"{W}t", f"{W}delText", f"{A}t", f"{M}t"}
GAPS = {f"{W}tab", f"{W}br", f"{W}p", f"{W}tc", f"{A}p", f"{W}sym"}
PARTS = re.compile(
    r"word/(document|(header|footer)\d*|footnotes|endnotes|comments|diagrams/.*)\.xml$"
)
# The words between the parts of a decision: a row has them in the heads of its columns.
JOINTS = ["Quyết", "định", "QĐ", "số", "Số", "ngày", "của", "Năm"]
DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})|(\d{1,2}) tháng (\d{1,2}) năm (\d{4})")


def form(kind):
    """Return the headings of the form as rows that are not kept."""
    return [
        ReportHeading(
            pk=position,
            position=position,
            number=number,
            title=title,
            is_group=number in GROUPS,
            kind=HeadingKind.AWARDS if number == "III" else HeadingKind.TEXT,
        )
        for position, (number, title) in enumerate(TITLES[kind].items(), start=1)
    ]


def words_in(content):
    """Count the words of a file, read from its XML without the reader that is measured."""
    found = collections.Counter()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if PARTS.match(name):
                said = []
                _gather(ET.fromstring(archive.read(name)), said)
                found.update(_words("".join(said)))
    return found


def _gather(node, said):
    for child in node:
        if child.tag in {f"{MC}Fallback", f"{W}moveFrom"}:  # the same words stand beside
            continue
        if child.tag in LEAVES:
            said.append(child.text or "")
        elif child.tag in GAPS:
            said.append(" ")
        elif child.tag == f"{W}noBreakHyphen":
            said.append("-")
        elif child.tag.endswith("}textpath"):
            said.append(f" {child.get('string')} ")
        boxed = child.tag == f"{W}txbxContent"
        said.append(" " * boxed)
        _gather(child, said)
        said.append(" " * boxed)


def _words(text):
    """Count words of letters or digits, marks at their ends and the spelling of days aside."""
    stripped = (word.strip(",;:.()•") for word in DAY.sub(_spelt, compose(text)).split())
    return collections.Counter(word for word in stripped if any(map(str.isalnum, word)))


def _spelt(found):
    day, month, year = filter(None, found.groups())
    return f"{day:0>2}/{month:0>2}/{year}"


@dataclasses.dataclass(frozen=True)
class Score:
    """Characters of a document: all, lost, labelled, and placed as labelled; and its rows."""

    total: int
    lost: dict
    labelled: int
    placed: int
    rows: int
    rows_read: int

    @property
    def share(self):
        return self.placed / self.labelled if self.labelled else 1.0

    @property
    def kept(self):
        return 1 - sum(len(word) * count for word, count in self.lost.items()) / self.total


def measure(paper, content=None):
    """Read a document of the corpus and compare."""
    content = content or paper.content()
    headings = form(paper.kind)
    reading = read_report(read(content), headings, KNOWN)
    numbers = {heading.pk: heading.number for heading in headings}
    texts = {numbers[pk]: text.split("\n") for pk, text in reading.texts.items()}
    texts[LOOSE] = [line for part in reading.unplaced for line in part.text.split("\n")]
    rows = [row for found in reading.rows.values() for row in found]
    kept = collections.Counter()
    for line in itertools.chain(*texts.values(), reading.layout):
        kept.update(_words(line))
    for place, row in enumerate(rows, start=1):
        kept.update(_words(row.line))
        kept.update([*JOINTS, str(place)])  # rows are counted: their place is no word of theirs
    source = words_in(content)
    texts[LAYOUT] = reading.layout
    wanted = [(place, compose(text)) for place, text in paper.expected]
    said = collections.Counter((place, line) for place, lines in texts.items() for line in lines)
    placed = 0
    for place, text in wanted:
        match = next((key for key in said if key[0] == place and _same(key[1], text)), None)
        if match:
            said[match] -= 1
            said += collections.Counter()
            placed += len(text)
    expected_rows = [_row(row) for row in paper.rows]
    return Score(
        total=sum(len(word) * count for word, count in source.items()),
        lost=dict(source - kept),
        labelled=sum(len(text) for _, text in wanted),
        placed=placed,
        rows=len(expected_rows),
        rows_read=sum(row in rows for row in expected_rows),
    )


def _same(line, text):
    """Whether a line is the labelled text, with a number or mark that Word draws or without."""
    return line == text or (line.endswith(f" {text}") and len(line) - len(text) < 6)


def _row(row):
    year, name, number, day, issuer = row
    return AwardRow(
        year, name, number, dt.date(*(int(part) for part in reversed(day.split("/")))), issuer
    )
