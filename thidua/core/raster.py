"""Stub."""

import io

import pypdfium2


def page_png(pdf: bytes, page: int = 1, dpi: int = 100, *, under: bytes | None = None) -> bytes:
    """Stub."""
    out = io.BytesIO()
    pypdfium2.PdfDocument(pdf)[page - 1].render(scale=dpi / 72).to_pil().save(out, "PNG")
    return out.getvalue()
