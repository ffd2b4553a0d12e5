"""The pages as they were when somebody last looked at them: words and places, not pixels.

`make golden` writes them anew from the short samples and says what has changed.
"""

import json
import sys
from pathlib import Path

import django

from tests.papers.format_checker import Examination
from tests.papers.samples import SAMPLES, printed

FOLDER = Path(__file__).parent / "golden"
TOLERANCE_MM = 0.3


def measured(kind):
    """Return the pages of the short sample: each line of text with its place and face, each rule."""
    exam = Examination(printed(kind, "short"), SAMPLES[kind]["short"])
    pages = {page.number: [["page", _mm(page.width), _mm(page.height)]] for page in exam.pages}
    for piece in (*exam.pieces, *exam.repeated_heads):
        for line in piece.lines:
            pages[line.page].append([piece.part, *_place(line), line.text])
    for number, line in exam.page_numbers.items():
        pages[number].append(["page number", *_place(line), line.text])
    for rule in exam.rules:
        walls = exam.pages[rule.page - 1].walls
        if not any(abs(wall.x - rule.x0) < TOLERANCE_MM for wall in walls):  # no side of a cell
            pages[rule.page].append(["rule", _mm(rule.x0), _mm(rule.x1), _mm(rule.y)])
    return [pages[number] for number in sorted(pages)]


def kept(kind):
    """Return the pages as they are kept, or none."""
    path = _path(kind)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def differences(old, new):
    """Return in words how `new` pages differ from `old` ones, within the tolerance."""
    found = []
    if len(old) != len(new):
        found.append(f"{len(old)} trang thành {len(new)} trang")
    for number, (before, after) in enumerate(zip(old, new, strict=False), 1):
        if len(before) != len(after):
            found.append(f"trang {number}: {len(before)} dòng thành {len(after)} dòng")
        found += [
            f"trang {number}: {one} thành {other}"
            for one, other in zip(before, after, strict=False)
            if not _is_same(one, other)
        ]
    return found


def renew():
    """Write what is printed now, and tell what has changed."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        if path.stem not in {kind.__name__ for kind in SAMPLES}:
            path.unlink()
    for kind in SAMPLES:
        old, new = kept(kind), measured(kind)
        found = differences(old, new)
        sys.stdout.write(f"{kind.__name__}: {len(found) or 'không'} thay đổi\n")
        sys.stdout.writelines(f"  {line}\n" for line in found[:20])
        if found:
            pages = ",\n".join(f"[\n{_lines(page)}\n]" for page in new)
            _path(kind).write_text(f"[{pages}]\n", encoding="utf-8")


def _lines(page):
    return ",\n".join(json.dumps(line, ensure_ascii=False) for line in page)


def _path(kind):
    return FOLDER / f"{kind.__name__}.json"


def _place(line):
    letter = line.letters[0]
    face = ("bold " * letter.bold + "italic" * letter.italic).strip() or "upright"
    return _mm(line.x0), _mm(line.x1), _mm(line.baseline), round(line.size, 1), face


def _mm(length):
    return round(length, 1)


def _is_same(one, other):
    return len(one) == len(other) and all(
        a == b if isinstance(a, str) or isinstance(b, str) else abs(a - b) <= TOLERANCE_MM + 1e-6
        for a, b in zip(one, other, strict=True)
    )


if __name__ == "__main__":
    django.setup()
    renew()
