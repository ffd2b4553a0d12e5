"""Line breaks of centred Vietnamese text: few lines, even lines, broken between phrases."""

import functools
import itertools
import math
from collections.abc import Callable, Sequence

from thidua.core.pdf import Face, PaperError, text_width

# A line breaks best before a word that opens a phrase, or after a comma.
# fmt: off
_OPENING_WORDS = frozenset((
    "trong", "và", "của", "đã", "có", "cho", "với", "vì", "tại", "nhân", "từ", "theo", "do", "về",
    "bằng", "chào", "lập", "thực", "hoàn", "góp", "năm",
))
# fmt: on


def balanced_lines(text: str, face: Face, size: float, width: float) -> list[str]:
    """Break `text` into the fewest lines that fit, even in length and broken between phrases."""
    pieces = _unbroken_pieces(text)
    if not pieces:
        return []
    space = text_width(" ", face, size)
    widths = [text_width(piece, face, size) for piece in pieces]
    if any(piece_width > width for piece_width in widths):
        raise PaperError(f"Không xuống dòng được cho vừa khuôn: “{text}”.")

    def measure(start: int, stop: int) -> float:
        return sum(widths[start:stop]) + space * (stop - start - 1)

    for count in range(1, len(pieces) + 1):
        if edges := _cheapest_edges(pieces, measure, width, count):
            return [" ".join(pieces[a:b]) for a, b in itertools.pairwise((0, *edges))]
    raise PaperError(f"Không xuống dòng được cho vừa khuôn: “{text}”.")


def _cheapest_edges(
    pieces: Sequence[str], measure: Callable[[int, int], float], width: float, count: int
) -> tuple[int, ...]:
    """Return where each of `count` lines ends, or nothing if they cannot all fit."""
    even = measure(0, len(pieces)) / count

    @functools.cache
    def cheapest_from(start: int, lines: int) -> tuple[float, tuple[int, ...]]:
        best: tuple[float, tuple[int, ...]] = (math.inf, ())
        last = len(pieces)
        for stop in [last] if lines == 1 else range(start + 1, last):
            length = measure(start, stop)
            if length > width:
                break
            rest, edges = (0.0, ()) if lines == 1 else cheapest_from(stop, lines - 1)
            cost = ((length - even) / even) ** 2 + _break_cost(pieces, stop) + rest
            best = min(best, (cost, (stop, *edges)))
        return best

    cost, edges = cheapest_from(0, count)
    return edges if cost < math.inf else ()


def _unbroken_pieces(text: str) -> list[str]:
    """Split at blanks, keeping together what a reader takes as one: numbers, dates, dashes."""
    pieces: list[str] = []
    for word in text.split():
        after_dash = bool(pieces) and pieces[-1].endswith((" -", " –"))
        after_number = bool(pieces) and pieces[-1][-1:].isdigit() and word.isalpha()
        before_number = bool(pieces) and word[0].isdigit() and pieces[-1].isalpha()
        if pieces and (word in {"-", "–"} or after_dash or after_number or before_number):
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def _break_cost(pieces: Sequence[str], stop: int) -> float:
    """Return what a break before `pieces[stop]` costs: nothing between phrases."""
    if stop == len(pieces):
        return 0.0
    before, after = pieces[stop - 1], pieces[stop]
    if before.endswith((",", ";", ".")) or after.startswith(("(", "“")):
        return 0.0
    if before[0].isupper() and after[0].isupper():
        return 0.2  # most likely inside a name
    if after.split()[0] in _OPENING_WORDS or after[0].isupper():
        return 0.02
    return 0.08
