"""Pictures of pages: what the browser shows before the printer prints.

Only for PDFs that this program made: what strangers send is drawn by `confined`, in a child.
"""

import io
import threading

import pypdfium2
from PIL import Image, ImageOps

from thidua.core.drawing import PaperError

_MOST_DPI = 300
_MOST_PIXELS = 12_000_000  # an A4 page at 300 dpi has 8.7 million
_MOST_SCAN_PIXELS = 60_000_000  # an A3 scan at 400 dpi has 31 million
_one_page_at_a_time = threading.Lock()  # pdfium knows nothing of threads


def page_png(pdf: bytes, page: int = 1, dpi: int = 100, *, under: bytes | None = None) -> bytes:
    """Draw one page (from 1) as PNG; `under` is a scan, PNG or JPEG, laid below at its size."""
    drawn = _drawn(pdf, page, min(dpi, _MOST_DPI))
    ground = _scan(under, drawn.size) if under else Image.new("RGBA", drawn.size, "white")
    ground.alpha_composite(drawn)
    target = io.BytesIO()
    ground.convert("RGB").save(target, "PNG", compress_level=4)
    return target.getvalue()


def _drawn(pdf: bytes, page: int, dpi: int) -> Image.Image:
    with _one_page_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= page <= len(document):
                raise PaperError(f"Tệp chỉ có {len(document)} trang: không có trang {page}.")
            leaf = document[page - 1]
            width, height = leaf.get_size()
            scale = min(dpi / 72, (_MOST_PIXELS / (width * height)) ** 0.5)
            bitmap = leaf.render(scale=scale, fill_color=(255, 255, 255, 0))
            return bitmap.to_pil().convert("RGBA")
        finally:
            document.close()


def _scan(content: bytes, size: tuple[int, int]) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _MOST_SCAN_PIXELS:
                raise PaperError("Ảnh quét lớn quá: hãy quét lại ở 300 dpi.")
            opened.draft("RGB", size)  # a JPEG is read no larger than it will be shown
            upright = ImageOps.exif_transpose(opened)
            shown = upright.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PaperError("Ảnh quét không đọc được: hãy dùng tệp PNG hoặc JPEG.") from error
    ground = Image.new("RGBA", size, "white")
    ground.alpha_composite(shown)
    return ground
