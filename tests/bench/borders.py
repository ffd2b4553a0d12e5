"""The border of a certificate as the usual ways take it: one JPEG, or one SVG."""

import math
import subprocess
from pathlib import Path

from PIL import Image, ImageDraw

_WIDTH_MM, _HEIGHT_MM = 297, 210
_BAND_MM = 19  # from the edge of the sheet to where the border ends
_DPI = 200


def jpeg(printed: Path, target: Path) -> None:
    """Take the border from a certificate that the product has printed."""
    drawn = target.with_suffix("")
    command = ["pdftoppm", "-jpeg", "-r", str(_DPI), "-singlefile", str(printed), str(drawn)]
    subprocess.run(command, check=True)
    with Image.open(target) as picture:
        width, height = picture.size
        band = round(_BAND_MM / 25.4 * _DPI)
        ImageDraw.Draw(picture).rectangle((band, band, width - band, height - band), fill="white")
        picture.save(target, quality=90)


def svg(target: Path) -> None:
    """Draw double rules and six waves along each side."""
    parts = [
        f'<rect x="{m}" y="{m}" width="{_WIDTH_MM - 2 * m}" height="{_HEIGHT_MM - 2 * m}"'
        ' fill="none" stroke="#8a6414" stroke-width="0.5"/>'
        for m in (9, 10.2, 17.4, 18.6)
    ]
    for phase in range(6):
        parts += [
            _line([(x, depth + _wave(x, phase)) for x in _steps(_WIDTH_MM)])
            for depth in (13.8, _HEIGHT_MM - 13.8)
        ]
        parts += [
            _line([(depth + _wave(y, phase), y) for y in _steps(_HEIGHT_MM)])
            for depth in (13.8, _WIDTH_MM - 13.8)
        ]
    size = f'width="{_WIDTH_MM}mm" height="{_HEIGHT_MM}mm" viewBox="0 0 {_WIDTH_MM} {_HEIGHT_MM}"'
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>')


def _steps(length: int) -> list[float]:
    return [14 + step * 0.5 for step in range((length - 28) * 2 + 1)]


def _wave(along: float, phase: int) -> float:
    return 2.6 * math.cos(along * 0.8 + phase * math.pi / 3)


def _line(points: list[tuple[float, float]]) -> str:
    path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="#b58a32" stroke-width="0.28"/>'
