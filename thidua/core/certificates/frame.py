"""The frame of a certificate: drawn once for a batch."""

import functools
import itertools
import math

from thidua.core.certificates.sheet import CertificateSheet
from thidua.core.drawing import Arc, Drawing, Point

_GOLD, _DEEP_GOLD, _BRAID_RED = "#b58a32", "#8a6414", "#9f1a1f"
_CREST_HANDLE = 0.3642  # a Bézier arc with this handle follows half a cosine within 1 %
Strand = tuple[Point, list[Arc], float, str]  # start, arcs, width, colour


def draw_frame(drawing: Drawing, sheet: CertificateSheet) -> None:
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
