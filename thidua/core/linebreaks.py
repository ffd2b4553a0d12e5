"""Line breaks of centred Vietnamese text: few lines, even lines, broken between phrases."""

import bisect
import functools
import itertools
import math
import re
from collections.abc import Sequence

from thidua.core.drawing import Face, PaperError, text_width

# A line breaks best before a word that opens a phrase, or after a comma.
# fmt: off
_OPENING_WORDS = frozenset((
    "trong", "và", "của", "đã", "có", "cho", "với", "vì", "tại", "nhân", "từ", "theo", "do", "về",
    "bằng", "chào", "lập", "thực", "hoàn", "góp", "năm",
))
# fmt: on
_DASHES = frozenset("-–")
_NAMED_BY_NEXT = frozenset(("Phòng", "Ban", "Tổ", "Đội", "Chi", "Cục", "Sở"))
_JOINED = re.compile(r"[^\W\d_]{1,3}['’ʼ][^\W\d_]")  # H'Hen, Y’Moan, K'Brẻo
_HAIR = 1e-6  # millimetres: what adding up may lose


def balanced_lines(text: str, face: Face, size: float, width: float) -> list[str]:
    """Break `text` into the fewest lines that fit, even in length and broken between phrases."""
    return list(_balanced(text, face, size, width))


@functools.lru_cache(maxsize=1024)  # a batch of certificates says one thing of everybody
def _balanced(text: str, face: Face, size: float, width: float) -> tuple[str, ...]:
    pieces = _fitting_pieces(text, face, size, width)
    if not pieces:
        return ()
    space = text_width(" ", face, size)
    widths = (text_width(piece, face, size) + space for piece in pieces)
    ends = list(itertools.accumulate(widths, initial=0.0))
    fewest = math.ceil(ends[-1] / (width + space))
    for count in range(max(fewest, 1), len(pieces) + 1):
        if edges := _cheapest_edges(pieces, ends, width + space, count):
            return tuple(" ".join(pieces[a:b]) for a, b in itertools.pairwise((0, *edges)))
    raise PaperError(f"Không xuống dòng được cho vừa khuôn: “{text}”.")


def _cheapest_edges(
    pieces: Sequence[str], ends: Sequence[float], width: float, count: int
) -> tuple[int, ...]:
    """Return where each of `count` lines ends, or nothing if they cannot all fit.

    `ends` is where each piece would end on one endless line; pieces and `width` include a blank.
    """
    last = len(pieces)
    even = ends[last] / count

    @functools.cache
    def cheapest_from(start: int, lines: int) -> tuple[float, tuple[int, ...]]:
        best: tuple[float, tuple[int, ...]] = (math.inf, ())
        # Before `first` the other lines could not hold the rest; after `final` this line is full.
        first = max(bisect.bisect_left(ends, ends[last] - (lines - 1) * width - _HAIR), start + 1)
        final = bisect.bisect_right(ends, ends[start] + width + _HAIR) - 1
        for stop in range(first, min(final, last - lines + 1) + 1):
            rest, edges = (0.0, ()) if lines == 1 else cheapest_from(stop, lines - 1)
            cost = ((ends[stop] - ends[start] - even) / even) ** 2 + rest
            cost += _break_cost(pieces, stop)
            best = min(best, (cost, (stop, *edges)))
        return best

    cost, edges = cheapest_from(0, count)
    return edges if cost < math.inf else ()


def _fitting_pieces(text: str, face: Face, size: float, width: float) -> list[str]:
    """Return the pieces, taking apart those that no line could hold."""
    pieces: list[str] = []
    for piece in _unbroken_pieces(text):
        too_wide = text_width(piece, face, size) > width
        pieces += piece.split() if too_wide else [piece]
    if any(text_width(piece, face, size) > width for piece in pieces):
        raise PaperError(f"Không xuống dòng được cho vừa khuôn: “{text}”.")
    return pieces


def _unbroken_pieces(text: str) -> list[str]:
    """Split at blanks, keeping together what a reader takes as one."""
    pieces: list[str] = []
    for word in text.split():
        if pieces and _belong_together(pieces[-1], word):
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def _belong_together(piece: str, word: str) -> bool:
    """Say whether no line breaks here: numbers, dashes, “Phòng …”, names like H’Hen Niê."""
    before = piece.rsplit(maxsplit=1)[-1]
    dashed = word in _DASHES or (before in _DASHES and before != piece)
    counted = (piece[-1].isdigit() and word.isalpha()) or (word[0].isdigit() and piece.isalpha())
    named = word[0].isupper() and (
        before in _NAMED_BY_NEXT
        or (before[-1].isalpha() and bool(_JOINED.match(before) or _JOINED.match(word)))
    )
    return dashed or counted or named


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
