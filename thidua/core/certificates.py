"""Giấy khen: the certificate, drawn on its sheet (decree 98/2023, article 104: see docs).

What is the same for everybody (frame, emblem, national heading) is drawn once as a layer; what
differs is written into the boxes of the sheet. All lengths are millimetres from the top left.
"""

import dataclasses
import functools
import itertools
import math
from collections.abc import Iterable, Sequence

import segno

from thidua.core.linebreaks import balanced_lines
from thidua.core.pdf import Arc, Drawing, Face, PaperError, Point, text_width

_LINE_HEIGHT = 1.28 / 72 * 25.4  # millimetres a point of size
_RED, _BLACK, _GOLD, _DEEP_GOLD, _BRAID_RED = "#b0161b", "#000000", "#b58a32", "#8a6414", "#9f1a1f"
_CREST_HANDLE = 0.3642  # a Bézier arc with this handle follows half a cosine within 1 %
Strand = tuple[Point, list[Arc], float, str]  # start, arcs, width, colour
_LAYER = "sheet"
_FIXED_MASK = 2  # the search for the best mask costs more than the drawing


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
    emblem_top_mm: float = 22.5
    emblem_size_mm: float = 21
    nation_at_mm: float = 51
    motto_at_mm: float = 57.5
    heading_pt: float = 14
    authority_at_mm: float = 71
    authority_pt: float = 20
    given_at_mm: float = 80
    given_pt: float = 16
    kind_at_mm: float = 96.5
    kind_pt: float = 44
    body_side_mm: float = 36
    body_top_mm: float = 102.5
    body_bottom_mm: float = 147.5
    name_pt: float = 26
    name_least_pt: float = 20
    body_pt: float = 16
    body_least_pt: float = 11
    footer_pt: float = 13
    footer_left_mm: float = 32
    decision_at_mm: float = 178.5
    golden_number_at_mm: float = 185
    code_top_mm: float = 154
    code_size_mm: float = 17
    signer_centre_mm: float = 219
    signer_width_mm: float = 96
    place_date_at_mm: float = 153
    signer_title_at_mm: float = 159
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
    for side in range(4):
        with drawing.clipped(_trapezium(sheet, side, outer + 1.35, outer + band + 1.25)):
            for start, arcs, width, colour in _braid(sheet, side, outer + 1.3 + band / 2):
                drawing.curve(start, arcs, width, colour)


@functools.lru_cache(maxsize=16)
def _braid(sheet: CertificateSheet, side: int, middle: float) -> list[Strand]:
    """Return the strands of one side; the same for every certificate of a sheet."""
    # One period for both sides, a whole number of times: then all corners meet alike.
    period = (sheet.width_mm - sheet.height_mm) / 11
    strands = [(2.6, period, quarter * math.pi / 2, 0.28, _GOLD) for quarter in range(4)]
    strands += [(1.15, period / 2, half * math.pi, 0.18, _BRAID_RED) for half in range(2)]
    return [
        (*_wave(sheet, side, middle, amplitude, length, phase), width, colour)
        for amplitude, length, phase, width, colour in strands
    ]


def _trapezium(sheet: CertificateSheet, side: int, near: float, far: float) -> list[Point]:
    """Return the part of the band along one side, cut at the corners' diagonals."""
    length = sheet.height_mm if side % 2 else sheet.width_mm
    corners = ((near, near), (length - near, near), (length - far, far), (far, far))
    return [_beside(sheet, side, along, depth) for along, depth in corners]


def _wave(  # noqa: PLR0917 -- the numbers of a formula
    sheet: CertificateSheet, side: int, middle: float, amplitude: float, period: float, phase: float
) -> tuple[Point, list[Arc]]:
    """Return a cosine wave, even about the middle of the side, as one arc from crest to trough."""
    length = sheet.height_mm if side % 2 else sheet.width_mm
    half = period / 2
    centre = length / 2 - phase / math.pi * half
    first = math.floor(-centre / half)
    crests = [
        (centre + index * half, middle + (-amplitude if index % 2 else amplitude))
        for index in range(first, math.ceil((length - centre) / half) + 1)
    ]
    handle = half * _CREST_HANDLE
    arcs: list[Arc] = []
    for (x0, y0), (x1, y1) in itertools.pairwise(crests):
        arcs.append(
            (
                _beside(sheet, side, x0 + handle, y0),
                _beside(sheet, side, x1 - handle, y1),
                _beside(sheet, side, x1, y1),
            )
        )
    return _beside(sheet, side, *crests[0]), arcs


def _beside(sheet: CertificateSheet, side: int, along: float, depth: float) -> Point:
    """Return the point `along` a side and `depth` inside it."""
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
    drawing.line((centre - half, below), (centre + half, below), 0.35, _BLACK)


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
    for block, gap in zip(blocks, [*gaps, 0.0], strict=True):
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
