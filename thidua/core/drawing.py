"""Drawing: faces with every Vietnamese letter, sheets drawn by hand, tagged for a screen reader.

The only module that imports ReportLab. It loads fast: whoever draws needs no layout engine.
"""

import contextlib
import functools
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pikepdf
from PIL import Image
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from thidua.core.archival import declare_archival, saved

rl_config.useA85 = 0  # binary streams: the text encoding costs a third of a certificate's time

POINTS_PER_MM = 72 / 25.4

Face = Literal["regular", "bold", "italic", "bold-italic"]
Align = Literal["left", "centre", "right"]
Point = tuple[float, float]
Arc = tuple[Point, Point, Point]  # two handles and the end of a Bézier curve


class PaperError(Exception):
    """A paper cannot be printed; the message says why, in Vietnamese."""


# --- The face ------------------------------------------------------------------------------
# Liberation Serif has the widths of Times New Roman, which decree 30/2020 asks for. Its files are
# taken by path: a machine may hold an older font of the same name that lacks Vietnamese letters.
_FONT_FOLDERS = (
    Path("/usr/share/fonts/truetype/liberation2"),
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/liberation-serif"),
    Path("/usr/share/fonts/liberation-serif-fonts"),
)
FONT_FILES: dict[Face, str] = {
    "regular": "LiberationSerif-Regular.ttf",
    "bold": "LiberationSerif-Bold.ttf",
    "italic": "LiberationSerif-Italic.ttf",
    "bold-italic": "LiberationSerif-BoldItalic.ttf",
}
FONT_FAMILY = "Official Serif"
_TELLING_LETTERS = "ẠạẶặẾếỆệỈỉỌọỚớỢợỤụỨứỰựỲỳỴỵĐđƠơƯư"
_FONT_MISSING = (
    "Máy chủ chưa có phông chữ Liberation Serif (đủ chữ tiếng Việt) để in văn bản: "
    "hãy cài gói fonts-liberation2."
)


def font_file(face: Face) -> Path:
    """Return the file of `face`, or say which package is missing."""
    for folder in _FONT_FOLDERS:
        path = folder / FONT_FILES[face]
        if path.is_file():
            return path
    raise PaperError(_FONT_MISSING)


@functools.cache
def drawing_font(face: Face) -> str:
    """Return the name under which ReportLab knows `face`, registering it the first time."""
    name = f"{FONT_FAMILY} {face}"
    try:
        font = TTFont(name, font_file(face))
    except TTFError as error:
        raise PaperError(_FONT_MISSING) from error
    if any(ord(letter) not in font.face.charToGlyph for letter in _TELLING_LETTERS):
        raise PaperError(_FONT_MISSING)
    pdfmetrics.registerFont(font)
    return name


# --- Drawing -------------------------------------------------------------------------------
class _Mark(NamedTuple):
    """One piece of a page that a screen reader meets: its role, and what to say of a picture."""

    role: str
    alt: str


class Drawing:
    """A PDF drawn by hand; lengths in millimetres from the top left corner, text sizes in points.

    A drawing whose pieces are `tagged`, or else `artifact`s, tells a screen reader what is where.
    """

    def __init__(self, title: str, width: float, height: float) -> None:
        self.title = title
        self.width, self.height = width, height
        self._file = io.BytesIO()
        self._canvas = Canvas(
            self._file,
            pagesize=(width * POINTS_PER_MM, height * POINTS_PER_MM),
            pageCompression=1,
            invariant=1,
            initialFontName=drawing_font("regular"),
            lang="vi",
        )
        self._canvas.setTitle(title)
        self._pages: list[list[_Mark]] = [[]]
        # Most of what is written stands on every page of a batch.
        self._written = functools.lru_cache(maxsize=1024)(self._operators)

    def _x(self, x: float) -> float:
        return x * POINTS_PER_MM

    def _y(self, y: float) -> float:
        return (self.height - y) * POINTS_PER_MM

    def next_page(self, width: float | None = None, height: float | None = None) -> None:
        """Close the page and open another, of the same size unless a new one is given."""
        self._canvas.showPage()
        self._pages.append([])
        self.width, self.height = width or self.width, height or self.height
        self._canvas.setPageSize((self.width * POINTS_PER_MM, self.height * POINTS_PER_MM))

    @contextlib.contextmanager
    def layer(self, name: str) -> Iterator[None]:
        """Keep what is drawn inside as one layer, to be laid under any number of pages."""
        self._canvas.beginForm(name, 0, 0, self._x(self.width), self._x(self.height))
        yield
        self._canvas.endForm()

    def lay(self, name: str) -> None:
        """Put the layer called `name` on this page."""
        self._canvas.doForm(name)

    @contextlib.contextmanager
    def tagged(self, role: str, alt: str = "") -> Iterator[None]:
        """Say what is drawn inside: `role` is a structure type (P, H1, Figure), `alt` its words."""
        marks = self._pages[-1]
        self._canvas.addLiteral(f"/{role} <</MCID {len(marks)}>> BDC")
        marks.append(_Mark(role, alt))
        yield
        self._canvas.addLiteral("EMC")

    @contextlib.contextmanager
    def artifact(self) -> Iterator[None]:
        """Draw an ornament: a screen reader passes over it."""
        self._canvas.addLiteral("/Artifact BMC")
        yield
        self._canvas.addLiteral("EMC")

    def shift(self, right: float, down: float) -> None:
        """Move what is drawn on this page from here on."""
        if right or down:
            self._canvas.translate(self._x(right), -self._x(down))

    def text(
        self,
        at: Point,
        words: str,
        face: Face,
        size: float,
        *,
        colour: str = "#000000",
        align: Align = "left",
        spacing: float = 0,
        halo: bool = False,
    ) -> None:
        """Write `words` with the baseline at `at`; a halo keeps them legible on a dark scan."""
        refuse_unknown_letters(words, face)
        x = at[0]
        if align != "left":
            width = text_width(words.rstrip(), face, size, spacing)
            x -= width / 2 if align == "centre" else width
        if halo:
            self._canvas.saveState()  # the render mode would outlive its text
            self._canvas.setLineWidth(2)
            self._canvas.setStrokeColor(HexColor("#ffffff"))
            self._write(x, at[1], words, face, size, "#ffffff", spacing, 2)
            self._canvas.restoreState()
        self._write(x, at[1], words, face, size, colour, spacing, 0)

    def _write(self, x: float, y: float, *what: Any) -> None:
        self._canvas.addLiteral(self._written(self._x(x), self._y(y), *what))

    def _operators(  # noqa: PLR0917 -- one place, one text
        self,
        x: float,
        y: float,
        words: str,
        face: Face,
        size: float,
        colour: str,
        spacing: float,
        mode: int,
    ) -> str:
        line = self._canvas.beginText(x, y)
        line.setFont(drawing_font(face), size)
        line.setCharSpace(spacing * POINTS_PER_MM)
        if mode:
            line.setTextRenderMode(mode)
        line.setFillColor(HexColor(colour))
        line.textOut(words)
        return str(line.getCode())

    def line(self, start: Point, end: Point, width: float, colour: str) -> None:
        """Draw a straight line."""
        self._stroke(width, colour)
        self._canvas.line(self._x(start[0]), self._y(start[1]), self._x(end[0]), self._y(end[1]))

    def curve(self, start: Point, arcs: Iterable[Arc], width: float, colour: str) -> None:
        """Draw Bézier arcs one after another, each given by two handles and its end."""
        self._stroke(width, colour)
        operators = [f"{self._x(start[0]):.2f} {self._y(start[1]):.2f} m"]
        operators += [
            " ".join(f"{self._x(x):.2f} {self._y(y):.2f}" for x, y in arc) + " c" for arc in arcs
        ]
        self._canvas.addLiteral("\n".join([*operators, "S"]))

    def frame(self, margin: float, width: float, colour: str) -> None:
        """Draw a rectangle at `margin` from every edge of the page."""
        self._stroke(width, colour)
        self._canvas.rect(
            self._x(margin),
            self._x(margin),
            self._x(self.width - 2 * margin),
            self._x(self.height - 2 * margin),
        )

    def circle(self, centre: Point, radius: float, width: float, colour: str) -> None:
        """Draw a ring."""
        self._stroke(width, colour)
        self._canvas.circle(self._x(centre[0]), self._y(centre[1]), self._x(radius))

    def squares(self, at: Point, side: float, rows: Sequence[bytes]) -> None:
        """Fill the ones of a square matrix, each row in as few rectangles as it takes."""
        count = len(rows)
        scale = side * POINTS_PER_MM / count
        left, bottom = self._x(at[0]), self._y(at[1] + side)
        operators = [f"q {scale:.5f} 0 0 {scale:.5f} {left:.3f} {bottom:.3f} cm 0 0 0 rg"]
        for index, bits in enumerate(rows, start=1):
            y = count - index
            start = bits.find(1)
            while start >= 0:
                stop = bits.find(0, start)
                stop = count if stop < 0 else stop
                operators.append(f"{start} {y} {stop - start} 1 re")
                start = bits.find(1, stop)
        self._canvas.addLiteral("\n".join([*operators, "f Q"]))

    def picture(self, content: bytes, centre: Point, side: float) -> None:
        """Place a PNG or JPEG inside a square, keeping its proportions."""
        try:
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
                opened.load()  # a file cut short is found out here
            picture = ImageReader(io.BytesIO(content))
            self._canvas.drawImage(
                picture,
                self._x(centre[0] - side / 2),
                self._y(centre[1] + side / 2),
                self._x(side),
                self._x(side),
                mask="auto",
                preserveAspectRatio=True,
            )
        except (OSError, ValueError) as error:
            raise PaperError("Tệp ảnh không đọc được: hãy dùng tệp PNG hoặc JPEG.") from error

    @contextlib.contextmanager
    def clipped(self, corners: Sequence[Point]) -> Iterator[None]:
        """Let only what falls inside the polygon be seen."""
        self._canvas.saveState()
        path = self._canvas.beginPath()
        path.moveTo(self._x(corners[0][0]), self._y(corners[0][1]))
        for x, y in corners[1:]:
            path.lineTo(self._x(x), self._y(y))
        path.close()
        self._canvas.clipPath(path, stroke=0, fill=0)
        yield
        self._canvas.restoreState()

    def finish(self) -> bytes:
        """Return the archival PDF; the page being drawn is its last."""
        with pikepdf.open(io.BytesIO(self.raw())) as pdf:
            tagged = any(self._pages)
            if tagged:
                _add_structure(pdf, self._pages)
            declare_archival(pdf, self.title, "A" if tagged else "B")
            return saved(pdf)

    def raw(self) -> bytes:
        """Return the PDF as it was drawn, without what an archive asks for."""
        self._canvas.showPage()  # a last page with nothing on it is a page too
        self._canvas.save()
        return self._file.getvalue()

    def _stroke(self, width: float, colour: str) -> None:
        self._canvas.setLineWidth(width * POINTS_PER_MM)
        self._canvas.setStrokeColor(HexColor(colour))


def _add_structure(pdf: pikepdf.Pdf, pages: Sequence[Sequence[_Mark]]) -> None:
    """Write the tree of what the marks of each page say, in their order: one part for a page."""
    root = pdf.make_indirect(pikepdf.Object.parse(b"<</Type/StructTreeRoot>>"))
    document = pdf.make_indirect(pikepdf.Object.parse(b"<</Type/StructElem/S/Document>>"))
    document.P = root
    parts, owners = pikepdf.Array(), pikepdf.Array()
    for number, (page, marks) in enumerate(zip(pdf.pages, pages, strict=True)):
        part = pdf.make_indirect(pikepdf.Object.parse(b"<</Type/StructElem/S/Part>>"))
        part.P = document
        part.Pg = leaf = page.obj
        elements = []
        for index, (role, alt) in enumerate(marks):
            element = pdf.make_indirect(
                pikepdf.Object.parse(b"<</Type/StructElem/S/%b/K %d>>" % (role.encode(), index))
            )
            element.P = part
            element.Pg = leaf
            if alt:
                element.Alt = pikepdf.String(alt)
            elements.append(element)
        part.K = pikepdf.Array(elements)
        parts.append(part)
        owners.append(number)
        owners.append(pdf.make_indirect(pikepdf.Array(elements)))
        leaf.StructParents = number
        leaf.Tabs = pikepdf.Name.S
    document.K = parts
    root.K = document
    root.ParentTree = pdf.make_indirect(pikepdf.Dictionary(Nums=owners))
    root.ParentTreeNextKey = len(pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)


@functools.lru_cache(maxsize=16384)
def text_width(words: str, face: Face, size: float, spacing: float = 0) -> float:
    """Return the width of `words` in millimetres; `spacing` stands between letters only."""
    width = pdfmetrics.stringWidth(words, drawing_font(face), size) / POINTS_PER_MM
    return float(width) + spacing * max(len(words) - 1, 0)


def refuse_unknown_letters(words: str, face: Face) -> None:
    """Refuse a letter that the face lacks: it would print as an empty box."""
    if unknown := set(words) - _letters(face):
        letter = next(letter for letter in words if letter in unknown)
        raise PaperError(f"Phông chữ in không có ký tự “{letter}” trong “{words}”.")


@functools.cache
def _letters(face: Face) -> frozenset[str]:
    return frozenset(map(chr, pdfmetrics.getFont(drawing_font(face)).face.charToGlyph))
