"""Line breaks of centred Vietnamese text: few lines, even lines, broken between phrases."""

import itertools
from collections.abc import Sequence

from thidua.core.pdf import Face, PaperError, text_width

# A line breaks best before a word that opens a phrase, or after a comma.
_OPENING_WORDS = frozenset(
    [
        "trong",
        "và",
        "của",
        "đã",
        "có",
        "cho",
        "với",
        "vì",
        "tại",
        "nhân",
        "từ",
        "theo",
        "do",
        "về",
        "bằng",
        "chào",
        "lập",
        "thực",
        "hoàn",
        "góp",
        "năm",
    ]
)


def balanced_lines(text: str, face: Face, size: float, width: float) -> list[str]:
    """Break `text` into the fewest lines that fit, even in length and broken between phrases."""
    pieces = _unbroken_pieces(text)
    if not pieces:
        return []
    space = text_width(" ", face, size)
    widths = [text_width(piece, face, size) for piece in pieces]
    if any(piece_width > width for piece_width in widths):
        raise PaperError(f"Không xuống dòng được cho vừa khuôn: “{text}”.")

    def span(start: int, stop: int) -> float:
        return sum(widths[start:stop]) + space * (stop - start - 1)

    for count in range(1, len(pieces) + 1):
        even = span(0, len(pieces)) / count
        # best[n]: cost and breaks of the first n pieces on the lines so far
        best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
        for line in range(count):
            longer: dict[int, tuple[float, list[int]]] = {}
            for start, (cost, breaks) in best.items():
                for stop in range(start + 1, len(pieces) + 1):
                    if span(start, stop) > width:
                        break
                    if (line == count - 1) != (stop == len(pieces)):
                        continue
                    total = cost + ((span(start, stop) - even) / even) ** 2
                    total += _break_cost(pieces, stop)
                    if stop not in longer or total < longer[stop][0]:
                        longer[stop] = (total, [*breaks, stop])
            best = longer
        if len(pieces) in best:
            edges = [0, *best[len(pieces)][1]]
            return [" ".join(pieces[a:b]) for a, b in itertools.pairwise(edges)]
    raise PaperError(f"Không xuống dòng được cho vừa khuôn: “{text}”.")


def _unbroken_pieces(text: str) -> list[str]:
    """Split at blanks, keeping together what a reader takes as one: numbers, dates, dashes."""
    pieces: list[str] = []
    for word in text.split():
        after_dash = bool(pieces) and pieces[-1].endswith((" -", " –"))
        after_number = bool(pieces) and pieces[-1][-1:].isdigit() and word.isalpha()
        before_number = bool(pieces) and word[0].isdigit() and pieces[-1].isalpha()
        if word in {"-", "–"} or after_dash or after_number or before_number:
            if pieces:
                pieces[-1] += f" {word}"
                continue
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
