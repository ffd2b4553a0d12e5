"""PDF: laying out HTML, opening what others made.

The only module that imports WeasyPrint. Whatever is printed here from the same input has the same
bytes, so that a printed paper is known by its hash.
"""

import contextlib
import functools
import gc
import hashlib
import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pikepdf
import weasyprint
from django.contrib.staticfiles import finders
from PIL import ImageFile
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from thidua.core.archival import SRGB_FILE, srgb_profile
from thidua.core.drawing import (
    FONT_FAMILY,
    FONT_FILES,
    Face,
    PaperError,
    drawing_font,
    font_file,
)

# WeasyPrint makes Pillow accept a picture that was cut short, for the whole program: undo that.
ImageFile.LOAD_TRUNCATED_IMAGES = False

ARCHIVAL_VARIANT = "pdf/a-3a"  # tagged: read aloud and taken apart in its order
_SRGB = "paper-srgb"


# --- Laying out HTML -----------------------------------------------------------------------
_FONT_STYLES: dict[Face, str] = {
    "regular": "font-weight: 400; font-style: normal",
    "bold": "font-weight: 700; font-style: normal",
    "italic": "font-weight: 400; font-style: italic",
    "bold-italic": "font-weight: 700; font-style: italic",
}
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
        face = next(face for face in FONT_FILES if url == f"font:{face}")
        return URLFetcherResponse(url, font_file(face).read_bytes(), {"Content-Type": "font/ttf"})


class _Typesetter(NamedTuple):
    fonts: FontConfiguration
    stylesheet: weasyprint.CSS


@functools.cache
def _typesetter() -> _Typesetter:
    """Load the faces once: they outlive every single paper."""
    for face in FONT_FILES:
        drawing_font(face)  # refuses a missing or incomplete font before anything is laid out
    fonts = FontConfiguration()
    rules = "".join(
        f'@font-face {{ font-family: "{FONT_FAMILY}"; src: url(font:{face}); {style} }}'
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
    profile = io.BytesIO(srgb_profile())
    return ColorProfile(profile, SRGB_FILE, "relative-colorimetric", (["r"], ["g"], ["b"]))


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
