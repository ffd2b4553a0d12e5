"""Reading a printed page back: which letter stands where, in which face, beside which lines.

Lengths are millimetres from the top left corner of the page, sizes of letters are points.
"""

import dataclasses
import functools
import io
import itertools
from typing import NamedTuple

import pdfplumber
from reportlab.pdfbase import pdfmetrics

POINT = 25.4 / 72
_SAME_LINE = 0.3
_THIN, _SHORT = 0.6, 3.0
_TIMES = {
    (False, False): "Times-Roman",
    (True, False): "Times-Bold",
    (False, True): "Times-Italic",
    (True, True): "Times-BoldItalic",
}


class Letter(NamedTuple):
    """One letter on a page; `is_times` says whether it is as wide as in Times New Roman."""

    text: str
    page: int
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool
    italic: bool
    is_black: bool
    is_times: bool


class Rule(NamedTuple):
    """A thin line across the page."""

    page: int
    x0: float
    x1: float
    y: float

    @property
    def width(self):
        return self.x1 - self.x0

    @property
    def centre(self):
        return (self.x0 + self.x1) / 2


class Wall(NamedTuple):
    """A thin line down the page."""

    x: float
    top: float
    bottom: float


class Box(NamedTuple):
    """The lines around a cell or a frame."""

    page: int
    x0: float
    x1: float
    top: float
    bottom: float


@dataclasses.dataclass(frozen=True)
class Line:
    """Letters of one piece on one baseline."""

    letters: tuple[Letter, ...]

    @property
    def page(self):
        return self.letters[0].page

    @property
    def x0(self):
        return min(letter.x0 for letter in self.letters)

    @property
    def x1(self):
        return max(letter.x1 for letter in self.letters)

    @property
    def width(self):
        return self.x1 - self.x0

    @property
    def centre(self):
        return (self.x0 + self.x1) / 2

    @property
    def baseline(self):
        return self.letters[0].baseline

    @property
    def size(self):
        return max(letter.size for letter in self.letters)

    @property
    def top(self):
        """Return the height of the capitals, without their marks."""
        return self.baseline - 0.68 * self.size * POINT

    @property
    def ascent(self):
        return self.baseline - 0.891 * self.size * POINT

    @property
    def bottom(self):
        return self.baseline + 0.216 * self.size * POINT

    @property
    def text(self):
        """Return the words, parted where the page parts them."""
        words = [self.letters[0].text]
        for before, letter in itertools.pairwise(self.letters):
            words.append(" " * (letter.x0 - before.x1 > 0.12 * letter.size * POINT) + letter.text)
        return "".join(words)


class Page(NamedTuple):
    """What one page holds."""

    number: int
    width: float
    height: float
    letters: list[Letter]
    rules: list[Rule]
    walls: list[Wall]
    boxes: list[Box]
    is_black: bool


@functools.lru_cache(maxsize=48)
def read_pages(content):
    """Return the pages of a PDF as they print; blanks are no letters."""
    with pdfplumber.open(io.BytesIO(content)) as opened:
        return [_read_page(number, page) for number, page in enumerate(opened.pages, 1)]


def lines_of(letters):
    """Return the lines that `letters` stand on, in their order."""
    lines, current = [], []
    for letter in letters:
        if current and (
            letter.page != current[-1].page
            or abs(letter.baseline - current[-1].baseline) > _SAME_LINE
        ):
            lines.append(Line(tuple(current)))
            current = []
        current.append(letter)
    return [*lines, Line(tuple(current))] if current else lines


def _read_page(number, page):
    letters = [_letter(number, page, char) for char in page.chars if char["text"].strip()]
    shapes = [*page.rects, *page.lines, *page.curves]
    rules, walls, boxes = [], [], []
    for shape in (*page.rects, *page.lines):  # a curve is the path that a line is clipped to
        x0, x1, top, bottom = (float(shape[k]) * POINT for k in ("x0", "x1", "top", "bottom"))
        if bottom - top < _THIN and x1 - x0 > _SHORT:
            rules.append(Rule(number, x0, x1, (top + bottom) / 2))
        elif x1 - x0 < _THIN and bottom - top > _SHORT:
            walls.append(Wall((x0 + x1) / 2, top, bottom))
        elif x1 - x0 > _SHORT and bottom - top > _SHORT:
            boxes.append(Box(number, x0, x1, top, bottom))
    is_black = all(_is_black(shape["non_stroking_color"]) for shape in shapes)
    size = (float(page.width) * POINT, float(page.height) * POINT)
    return Page(number, *size, letters, rules, walls, boxes, is_black)


def cell_around(page, line):
    """Return the ruled cell that a line of text stands in, or None where a side is open."""
    above = [r.y for r in page.rules if r.x0 < line.centre < r.x1 and r.y < line.baseline]
    below = [r.y for r in page.rules if r.x0 < line.centre < r.x1 and r.y > line.baseline]
    beside = [wall.x for wall in page.walls if wall.top < line.baseline < wall.bottom]
    left = [x for x in beside if x < line.centre]
    right = [x for x in beside if x > line.centre]
    if not (above and below and left and right):
        return None
    return Box(page.number, max(left), min(right), max(above), min(below))


def _letter(number, page, char):
    name, size = char["fontname"], float(char["size"])
    bold, italic = "Bold" in name, "Italic" in name
    x0, x1 = float(char["x0"]), float(char["x1"])
    wanted = _width_in_times(char["text"], bold, italic)
    return Letter(
        char["text"],
        number,
        x0 * POINT,
        x1 * POINT,
        float(page.height - char["matrix"][5]) * POINT,
        size,
        bold,
        italic,
        _is_black(char["non_stroking_color"]),
        wanted is None or abs((x1 - x0) / size - wanted) < 0.003,
    )


@functools.cache
def _width_in_times(text, bold, italic):
    """Return how wide a plain letter is; of those with marks the metrics know nothing."""
    if not (text.isascii() and text.isalnum()):
        return None
    return pdfmetrics.stringWidth(text, _TIMES[bold, italic], 1000) / 1000


def _is_black(colour):
    parts = colour if isinstance(colour, tuple | list) else (colour,)
    return all(float(part or 0) == 0 for part in parts)
