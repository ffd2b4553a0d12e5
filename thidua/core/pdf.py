"""PDF: laying out HTML, drawing sheets.

The only module that imports WeasyPrint and ReportLab. Whatever is printed here from the
same input has the same bytes, so that a printed paper is known by its hash.
"""

import contextlib
import functools
import gc
import hashlib
import importlib.resources
import io
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pikepdf
import weasyprint
from django.contrib.staticfiles import finders
from PIL import Image, ImageFile
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# WeasyPrint makes Pillow accept a picture that was cut short, for the whole program: undo that.
ImageFile.LOAD_TRUNCATED_IMAGES = False
rl_config.useA85 = 0  # binary streams: the text encoding costs a third of a certificate's time

ARCHIVAL_VARIANT = "pdf/a-3a"  # tagged: read aloud and taken apart in its order
_SRGB, _SRGB_FILE = "paper-srgb", "sRGB2014.icc"
ARCHIVAL_PART, ARCHIVAL_LEVEL = "3", "B"
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
_FONT_FILES: dict[Face, str] = {
    "regular": "LiberationSerif-Regular.ttf",
    "bold": "LiberationSerif-Bold.ttf",
    "italic": "LiberationSerif-Italic.ttf",
    "bold-italic": "LiberationSerif-BoldItalic.ttf",
}
_FONT_STYLES: dict[Face, str] = {
    "regular": "font-weight: 400; font-style: normal",
    "bold": "font-weight: 700; font-style: normal",
    "italic": "font-weight: 400; font-style: italic",
    "bold-italic": "font-weight: 700; font-style: italic",
}
_FONT_FAMILY = "Official Serif"
_TELLING_LETTERS = "ẠạẶặẾếỆệỈỉỌọỚớỢợỤụỨứỰựỲỳỴỵĐđƠơƯư"
_FONT_MISSING = (
    "Máy chủ chưa có phông chữ Liberation Serif (đủ chữ tiếng Việt) để in văn bản: "
    "hãy cài gói fonts-liberation2."
)


def font_file(face: Face) -> Path:
    """Return the file of `face`, or say which package is missing."""
    for folder in _FONT_FOLDERS:
        path = folder / _FONT_FILES[face]
        if path.is_file():
            return path
    raise PaperError(_FONT_MISSING)


@functools.cache
def _drawing_font(face: Face) -> str:
    """Return the name under which ReportLab knows `face`, registering it the first time."""
    name = f"{_FONT_FAMILY} {face}"
    try:
        font = TTFont(name, font_file(face))
    except TTFError as error:
        raise PaperError(_FONT_MISSING) from error
    if any(ord(letter) not in font.face.charToGlyph for letter in _TELLING_LETTERS):
        raise PaperError(_FONT_MISSING)
    pdfmetrics.registerFont(font)
    return name


# --- Laying out HTML -----------------------------------------------------------------------
_ASSET_URL = re.compile(r"static:(documents/[a-z0-9_-]+\.(css|png|svg))")
_ASSET_TYPES = {"css": "text/css", "png": "image/png", "svg": "image/svg+xml"}
_PICTURE_URL = re.compile(r"data:image/(png|jpeg);base64,", re.IGNORECASE)


class PaperFetcher(URLFetcher):
    """Gives a paper the project's own assets and inlined pictures; refuses everything else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("static", "data"), fail_on_errors=True)
        self.refusal: PaperError | None = None  # SVG drawing swallows what it raises

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        try:
            return self._allowed(url, headers)
        except PaperError as refusal:
            self.refusal = refusal
            raise

    def _allowed(self, url: str, headers: dict[str, str] | None) -> URLFetcherResponse:
        if asset := _ASSET_URL.fullmatch(url):
            path = finders.find(asset[1])
            if not path:
                raise PaperError(f"Thiếu tệp trình bày “{asset[1]}” của văn bản.")
            return URLFetcherResponse(
                url, Path(path).read_bytes(), {"Content-Type": _ASSET_TYPES[asset[2]]}
            )
        if _PICTURE_URL.match(url):
            return super().fetch(url, headers)
        raise PaperError("Văn bản gọi tới một địa chỉ ngoài phạm vi cho phép nên không được in.")


class _FontFetcher(URLFetcher):
    """Gives the layout engine the font files, which no paper may ask for itself."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        face = next(face for face in _FONT_FILES if url == f"font:{face}")
        return URLFetcherResponse(url, font_file(face).read_bytes(), {"Content-Type": "font/ttf"})


class _Typesetter(NamedTuple):
    fonts: FontConfiguration
    stylesheet: weasyprint.CSS


@functools.cache
def _typesetter() -> _Typesetter:
    """Load the faces once: they outlive every single paper."""
    for face in _FONT_FILES:
        _drawing_font(face)  # refuses a missing or incomplete font before anything is laid out
    fonts = FontConfiguration()
    rules = "".join(
        f'@font-face {{ font-family: "{_FONT_FAMILY}"; src: url(font:{face}); {style} }}'
        for face, style in _FONT_STYLES.items()
    )
    stylesheet = weasyprint.CSS(
        string=rules, font_config=fonts, url_fetcher=_FontFetcher(fail_on_errors=True)
    )
    return _Typesetter(fonts, stylesheet)


_one_layout_at_a_time = threading.Lock()  # the shared font configuration is not thread-safe


def render_html_to_pdf(html: str) -> bytes:
    """Lay `html` out as an archival PDF (PDF/A-3b); its title and language are those of the HTML.

    Stylesheets and pictures are `static:documents/…` assets or inlined PNG and JPEG; anything else
    stops the printing with `PaperError`.
    """
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32]
    fetcher = PaperFetcher()
    try:
        with _one_layout_at_a_time, _uncollected():
            fonts, stylesheet = _typesetter()
            # A relative address has nothing to be relative to: it reaches the fetcher as it is.
            source = weasyprint.HTML(
                string=html, base_url="static:", url_fetcher=fetcher, media_type="print"
            )
            pdf = source.write_pdf(
                stylesheets=[stylesheet],
                font_config=fonts,
                color_profiles={_SRGB: _srgb_for_layout()},
                output_intent=_SRGB,
                pdf_variant=ARCHIVAL_VARIANT,
                pdf_identifier=identifier,
            )
    except FatalURLFetchingError as error:  # derives from BaseException
        raise fetcher.refusal or PaperError(str(error)) from error
    if fetcher.refusal:
        raise fetcher.refusal
    return bytes(pdf)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cycles away from a layout: a third of the time of a long list is its.

    Nearly everything that a layout makes lives until the paper is printed.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _srgb_for_layout() -> ColorProfile:
    """Return the colours of the screen; the layout engine's own way leaves its file open."""
    profile = io.BytesIO(_srgb_profile())
    return ColorProfile(profile, _SRGB_FILE, "relative-colorimetric", (["r"], ["g"], ["b"]))


# --- Drawing -------------------------------------------------------------------------------
class Drawing:
    """A PDF drawn by hand; lengths in millimetres from the top left corner, text sizes in points."""

    def __init__(self, title: str, width: float, height: float) -> None:
        self.title = title
        self.width, self.height = width, height
        self._file = io.BytesIO()
        self._canvas = Canvas(
            self._file,
            pagesize=(width * POINTS_PER_MM, height * POINTS_PER_MM),
            pageCompression=1,
            invariant=1,
            initialFontName=_drawing_font("regular"),
            lang="vi",
        )
        self._canvas.setTitle(title)

    def _x(self, x: float) -> float:
        return x * POINTS_PER_MM

    def _y(self, y: float) -> float:
        return (self.height - y) * POINTS_PER_MM

    def next_page(self, width: float | None = None, height: float | None = None) -> None:
        """Close the page and open another, of the same size unless a new one is given."""
        self._canvas.showPage()
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
            width = text_width(words, face, size, spacing)
            x -= width / 2 if align == "centre" else width
        if halo:
            self._canvas.saveState()  # the render mode would outlive its text
            self._canvas.setLineWidth(2)
            self._canvas.setStrokeColor(HexColor("#ffffff"))
            self._write(x, at[1], words, face, size, "#ffffff", spacing, mode=2)
            self._canvas.restoreState()
        self._write(x, at[1], words, face, size, colour, spacing)

    def _write(  # noqa: PLR0917 -- one place, one text
        self,
        x: float,
        y: float,
        words: str,
        face: Face,
        size: float,
        colour: str,
        spacing: float,
        mode: int = 0,
    ) -> None:
        line = self._canvas.beginText(self._x(x), self._y(y))
        line.setFont(_drawing_font(face), size)
        line.setCharSpace(spacing * POINTS_PER_MM)
        if mode:
            line.setTextRenderMode(mode)
        line.setFillColor(HexColor(colour))
        line.textOut(words)
        self._canvas.drawText(line)

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

    def squares(self, at: Point, side: float, rows: Sequence[Sequence[int]]) -> None:
        """Fill the ones of a square matrix, each row in as few rectangles as it takes."""
        count = len(rows)
        scale = side * POINTS_PER_MM / count
        path = self._canvas.beginPath()
        for index, row in enumerate(rows):
            bits = "".join("1" if bit else "0" for bit in row)
            for run in re.finditer("1+", bits):
                path.rect(run.start(), count - index - 1, len(run[0]), 1)
        self._canvas.saveState()
        self._canvas.translate(self._x(at[0]), self._y(at[1] + side))
        self._canvas.scale(scale, scale)
        self._canvas.setFillColor(HexColor("#000000"))
        self._canvas.drawPath(path, stroke=0, fill=1)
        self._canvas.restoreState()

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
            _declare_archival(pdf, self.title)
            return _saved(pdf)

    def raw(self) -> bytes:
        """Return the PDF as it was drawn, without what an archive asks for."""
        self._canvas.save()
        return self._file.getvalue()

    def _stroke(self, width: float, colour: str) -> None:
        self._canvas.setLineWidth(width * POINTS_PER_MM)
        self._canvas.setStrokeColor(HexColor(colour))


def text_width(words: str, face: Face, size: float, spacing: float = 0) -> float:
    """Return the width of `words` in millimetres; `spacing` stands between letters only."""
    width = pdfmetrics.stringWidth(words, _drawing_font(face), size) / POINTS_PER_MM
    return float(width) + spacing * max(len(words) - 1, 0)


def refuse_unknown_letters(words: str, face: Face) -> None:
    """Refuse a letter that the face lacks: it would print as an empty box."""
    known = pdfmetrics.getFont(_drawing_font(face)).face.charToGlyph
    for letter in words:
        if ord(letter) not in known:
            raise PaperError(f"Phông chữ in không có ký tự “{letter}” trong “{words}”.")


# --- PDFs of any origin ----------------------------------------------------------------------
def page_count(content: bytes) -> int:
    """Return the number of pages of a PDF, or refuse a file that is not one."""
    with opened(content) as pdf:
        return len(pdf.pages)


def opened(source: bytes | Path) -> pikepdf.Pdf:
    """Open a PDF, or say why it cannot be used; a file is read as it is needed."""
    try:
        if isinstance(source, Path):
            return pikepdf.open(source, access_mode=pikepdf.AccessMode.mmap)
        return pikepdf.open(io.BytesIO(source))
    except pikepdf.PasswordError as error:
        raise PaperError("Tệp PDF có mật khẩu nên không ghép được.") from error
    except pikepdf.PdfError as error:
        raise PaperError("Tệp không phải là PDF hoặc đã hỏng.") from error


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def entitle(pdf: pikepdf.Pdf, title: str, **more: str) -> None:
    """Write the title, and nothing that changes from one run to the next."""
    del pdf.docinfo
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = ["vi"]
        for name, value in more.items():
            metadata[name.replace("__", ":")] = value
    pdf.docinfo["/Title"] = title
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)


def _declare_archival(pdf: pikepdf.Pdf, title: str) -> None:
    """Say that the drawing is PDF/A: its fonts are embedded, its colours are sRGB."""
    entitle(pdf, title, pdfaid__part=ARCHIVAL_PART, pdfaid__conformance=ARCHIVAL_LEVEL)
    profile = pdf.make_stream(_srgb_profile())
    profile.N = 3
    intent: dict[str, Any] = {
        "/Type": pikepdf.Name.OutputIntent,
        "/S": pikepdf.Name.GTS_PDFA1,
        "/OutputConditionIdentifier": pikepdf.String(_SRGB_FILE),
        "/DestOutputProfile": profile,
    }
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(intent))])


@functools.cache
def _srgb_profile() -> bytes:
    """Return the colour profile that the layout engine embeds too."""
    return (importlib.resources.files("weasyprint.pdf") / _SRGB_FILE).read_bytes()
