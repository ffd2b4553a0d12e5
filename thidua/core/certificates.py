"""Giấy khen: the certificate, drawn on its sheet (decree 98/2023, article 104: see docs).

What is the same for everybody (frame, emblem, national heading) is drawn once as a layer; what
differs is written into the boxes of the sheet. All lengths are millimetres from the top left.
"""

import dataclasses
import itertools
import math
from collections.abc import Iterable, Sequence

import segno

from thidua.core.pdf import Drawing, Face, PaperError, Point, text_width

_LINE_HEIGHT = 1.28 / 72 * 25.4  # millimetres a point of size
_RED, _BLACK, _GOLD, _DEEP_GOLD, _BRAID_RED = "#b0161b", "#000000", "#b58a32", "#8a6414", "#9f1a1f"
_LAYER = "sheet"
_FIXED_MASK = 2  # the search for the best mask costs more than the drawing
# A line breaks best before a word that opens a phrase, or after a comma.
_OPENING_WORDS = frozenset(
    ["trong", "và", "của", "đã", "có", "cho", "với", "vì", "tại", "nhân", "từ", "theo", "do", "về", "bằng", "chào", "lập", "thực", "hoàn", "góp", "năm"]
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CertificatePaper:
    """Giấy khen: what one certificate says.

    A line feed in `achievement` or `signer_title` breaks the line there.
    """

    recipient_name: str
    recipient_title: str = ""
    achievement: str
    decision_line: str
    golden_number: str
    place_date: str
    signer_title: str
    signer_name: str
    authority: str
    given: str = "TẶNG"
    kind: str = "GIẤY KHEN"
    verify_url: str | None = None


@dataclasses.dataclass(frozen=True)
class CertificateSheet:
    """Mẫu trình bày Giấy khen: where everything stands; names end in the unit (mm, pt)."""

    width_mm: float = 297
    height_mm: float = 210
    frame_margin_mm: float = 9
    emblem_top_mm: float = 24
    emblem_size_mm: float = 22
    nation_at_mm: float = 53.5
    motto_at_mm: float = 60
    heading_pt: float = 14
    authority_at_mm: float = 74
    authority_pt: float = 20
    given_at_mm: float = 83
    given_pt: float = 16
    kind_at_mm: float = 99.5
    kind_pt: float = 44
    body_side_mm: float = 32
    body_top_mm: float = 105.5
    body_bottom_mm: float = 149
    name_pt: float = 26
    name_least_pt: float = 16
    body_pt: float = 16
    body_least_pt: float = 11
    footer_pt: float = 13
    footer_left_mm: float = 32
    decision_at_mm: float = 177
    golden_number_at_mm: float = 183.5
    code_top_mm: float = 153
    code_size_mm: float = 17
    signer_centre_mm: float = 219
    signer_width_mm: float = 96
    place_date_at_mm: float = 154.5
    signer_title_at_mm: float = 161
    signer_name_at_mm: float = 185


def print_certificates(
    papers: Sequence[CertificatePaper],
    sheet: CertificateSheet = CertificateSheet(),
    emblem: bytes | None = None,
) -> list[bytes]:
    """Print one PDF for each paper; each depends on its own paper alone."""
    return [print_certificates_together([paper], sheet, emblem) for paper in papers]


def print_certificates_together(
    papers: Sequence[CertificatePaper],
    sheet: CertificateSheet = CertificateSheet(),
    emblem: bytes | None = None,
) -> bytes:
    """Print one PDF with a page for each paper, for the printer."""
    if not papers:
        raise PaperError("Không có giấy khen nào để in.")
    title = papers[0].kind.capitalize()
    if len(papers) == 1:
        title = f"{title} {papers[0].recipient_name}"
    drawing = Drawing(title, sheet.width_mm, sheet.height_mm)
    with drawing.layer(_LAYER):
        _draw_frame(drawing, sheet)
        _draw_heading(drawing, sheet, emblem)
    for index, paper in enumerate(papers):
        if index:
            drawing.next_page()
        drawing.lay(_LAYER)
        _draw_paper(drawing, sheet, paper)
    return drawing.finish()


# --- The sheet -----------------------------------------------------------------------------
def _draw_frame(drawing: Drawing, sheet: CertificateSheet) -> None:
    """Draw two double rules and a braid of sine waves between them, mitred in the corners.

    No motif in the corners and none near the emblem: article 104 wants it so, and it keeps the
    frame unlike those of State awards.
    """
    outer, band = sheet.frame_margin_mm, 7.0
    for offset, width, colour in (
        (0, 0.9, _DEEP_GOLD),
        (1.2, 0.25, _GOLD),
        (band + 1.4, 0.25, _GOLD),
        (band + 2.6, 0.55, _DEEP_GOLD),
    ):
        drawing.frame(outer + offset, width, colour)
    middle = outer + 1.3 + band / 2
    # One period for both sides, a whole number of times: then all corners meet alike.
    period = (sheet.width_mm - sheet.height_mm) / 11
    strands = [(2.6, period, quarter * math.pi / 2, 0.28, _GOLD) for quarter in range(4)]
    strands += [(1.15, period / 2, half * math.pi, 0.18, _BRAID_RED) for half in range(2)]
    for side in range(4):
        with drawing.clipped(_trapezium(sheet, side, outer + 1.35, outer + band + 1.25)):
            for amplitude, length, phase, width, colour in strands:
                wave = _wave(sheet, side, middle, amplitude, length, phase)
                drawing.line(wave, width, colour)


def _trapezium(sheet: CertificateSheet, side: int, near: float, far: float) -> list[Point]:
    """Return the part of the band along one side, cut at the corners' diagonals."""
    return [
        _beside(sheet, side, along, depth)
        for along, depth in ((near, near), (-near, near), (-far, far), (far, far))
    ]


def _wave(  # noqa: PLR0917 -- the numbers of a formula
    sheet: CertificateSheet, side: int, middle: float, amplitude: float, period: float, phase: float
) -> list[Point]:
    length = sheet.height_mm if side % 2 else sheet.width_mm
    steps = int(length * 3)
    points = []
    for step in range(steps + 1):
        along = length * step / steps
        angle = 2 * math.pi * (along - length / 2) / period + phase
        points.append(_beside(sheet, side, along, middle + amplitude * math.cos(angle)))
    return points


def _beside(sheet: CertificateSheet, side: int, along: float, depth: float) -> Point:
    """Return the point `along` a side and `depth` inside it; a negative one counts from its end."""
    length = sheet.height_mm if side % 2 else sheet.width_mm
    along = along + length if along < 0 else along
    return (
        (along, depth),
        (sheet.width_mm - depth, along),
        (along, sheet.height_mm - depth),
        (depth, along),
    )[side]


def _draw_heading(drawing: Drawing, sheet: CertificateSheet, emblem: bytes | None) -> None:
    centre = sheet.width_mm / 2
    middle = (centre, sheet.emblem_top_mm + sheet.emblem_size_mm / 2)
    if emblem:
        drawing.picture(emblem, middle, sheet.emblem_size_mm)
    else:
        drawing.circle(middle, sheet.emblem_size_mm / 2, 0.4, _GOLD)
        place = (centre, middle[1] + 1)
        drawing.text(place, "Quốc huy", "regular", 8, colour=_DEEP_GOLD, align="centre")
    nation, motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
    size = sheet.heading_pt
    drawing.text((centre, sheet.nation_at_mm), nation, "bold", size, align="centre")
    drawing.text((centre, sheet.motto_at_mm), motto, "bold", size, align="centre")
    half, below = text_width(motto, "bold", size) / 2, sheet.motto_at_mm + 2.2
    drawing.line([(centre - half, below), (centre + half, below)], 0.35, _BLACK)


# --- The words -----------------------------------------------------------------------------
def _draw_paper(drawing: Drawing, sheet: CertificateSheet, paper: CertificatePaper) -> None:
    for at, words, size, colour, spacing in (
        (sheet.authority_at_mm, paper.authority, sheet.authority_pt, _RED, 0.3),
        (sheet.given_at_mm, paper.given, sheet.given_pt, _BLACK, 0.6),
        (sheet.kind_at_mm, paper.kind, sheet.kind_pt, _RED, 1.5),
    ):
        place = (sheet.width_mm / 2, at)
        drawing.text(place, words, "bold", size, colour=colour, align="centre", spacing=spacing)
    _draw_body(drawing, sheet, paper)
    if paper.verify_url:
        _draw_code(drawing, sheet, paper.verify_url)
    left, size = sheet.footer_left_mm, sheet.footer_pt
    drawing.text((left, sheet.decision_at_mm), paper.decision_line, "bold-italic", size)
    drawing.text((left, sheet.golden_number_at_mm), paper.golden_number, "bold-italic", size)
    place = (sheet.signer_centre_mm, sheet.place_date_at_mm)
    drawing.text(place, paper.place_date, "bold-italic", size, align="centre")
    title_lines = Block(paper.signer_title, "bold", size).fitted(sheet.signer_width_mm, size - 3)
    for line, y in title_lines.baselines(sheet.signer_title_at_mm - size * _LINE_HEIGHT * 0.75):
        drawing.text((sheet.signer_centre_mm, y), line, "bold", title_lines.size, align="centre")
    name = Block(paper.signer_name, "bold", size).fitted(sheet.signer_width_mm, size - 3)
    for line, y in name.baselines(sheet.signer_name_at_mm - size * _LINE_HEIGHT * 0.75):
        drawing.text((sheet.signer_centre_mm, y), line, "bold", name.size, align="centre")


def _draw_code(drawing: Drawing, sheet: CertificateSheet, address: str) -> None:
    code = segno.make(address, error="m", micro=False, boost_error=False, mask=_FIXED_MASK)
    place = (sheet.footer_left_mm, sheet.code_top_mm)
    drawing.squares(place, sheet.code_size_mm, [bytes(row) for row in code.matrix])


def _draw_body(drawing: Drawing, sheet: CertificateSheet, paper: CertificatePaper) -> None:
    """Write name, title and achievement, smaller if they must be, and never past their box."""
    width = sheet.width_mm - 2 * sheet.body_side_mm
    height = sheet.body_bottom_mm - sheet.body_top_mm
    size = sheet.body_pt
    while True:
        name_size = sheet.name_pt - (sheet.body_pt - size)
        name = Block(paper.recipient_name, "bold", name_size)
        blocks = [name.fitted(width, sheet.name_least_pt)]
        if paper.recipient_title:
            blocks.append(Block(paper.recipient_title, "regular", size).wrapped(width))
        blocks.append(Block(paper.achievement, "regular", size).wrapped(width))
        gaps = [1.2, 3.2] if paper.recipient_title else [4.0]
        needed = sum(block.height for block in blocks) + sum(gaps)
        if needed <= height:
            break
        size -= 0.5
        if size < sheet.body_least_pt:
            raise PaperError(
                f"Nội dung giấy khen của “{paper.recipient_name}” dài quá khuôn: hãy rút gọn."
            )
    top = sheet.body_top_mm
    for block, gap in itertools.zip_longest(blocks, gaps, fillvalue=0.0):
        for line, y in block.baselines(top):
            drawing.text((sheet.width_mm / 2, y), line, block.face, block.size, align="centre")
        top += block.height + gap


@dataclasses.dataclass(frozen=True)
class Block:
    """Centred lines of one face and size; `text` may hold line feeds."""

    text: str
    face: Face
    size: float
    lines: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * _LINE_HEIGHT

    def baselines(self, top: float) -> Iterable[tuple[str, float]]:
        """Give each line with its baseline, the block beginning at `top`."""
        step = self.size * _LINE_HEIGHT
        for index, line in enumerate(self.lines):
            yield line, top + (index + 0.75) * step

    def wrapped(self, width: float) -> "Block":
        """Break into as few lines as fit, of about the same length."""
        lines: list[str] = []
        for paragraph in self.text.split("\n"):
            lines += balanced_lines(paragraph, self.face, self.size, width)
        return dataclasses.replace(self, lines=tuple(lines))

    def fitted(self, width: float, least: float) -> "Block":
        """Keep each line whole by shrinking down to `least`; only then wrap."""
        size = self.size
        while size > least and any(
            text_width(line, self.face, size) > width for line in self.text.split("\n")
        ):
            size -= 0.5
        return dataclasses.replace(self, size=size).wrapped(width)


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
    if after.split()[0] in _OPENING_WORDS or (after[0].isupper() and not before[-1].isupper()):
        return 0.02 if not before[0].isupper() else 0.08
    return 0.08
