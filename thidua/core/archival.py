"""What an archive asks of every PDF: a title, a language, known colours, the same bytes again."""

import functools
import importlib.util
import io
from pathlib import Path
from typing import Any, Literal

import pikepdf

ARCHIVAL_PART = "3"
SRGB_FILE = "sRGB2014.icc"


def saved(pdf: pikepdf.Pdf) -> bytes:
    """Return the bytes of `pdf`, which depend on nothing but what is in it."""
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


def declare_archival(pdf: pikepdf.Pdf, title: str, level: Literal["A", "B"]) -> None:
    """Say that a drawing is PDF/A: fonts embedded, colours sRGB, and for level A tagged."""
    entitle(pdf, title, pdfaid__part=ARCHIVAL_PART, pdfaid__conformance=level)
    profile = pdf.make_stream(srgb_profile())
    profile.N = 3
    intent: dict[str, Any] = {
        "/Type": pikepdf.Name.OutputIntent,
        "/S": pikepdf.Name.GTS_PDFA1,
        "/OutputConditionIdentifier": pikepdf.String(SRGB_FILE),
        "/DestOutputProfile": profile,
    }
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(intent))])


@functools.cache
def srgb_profile() -> bytes:
    """Return the colour profile that the layout engine embeds too, without loading the engine."""
    engine = importlib.util.find_spec("weasyprint")
    if engine is None or engine.origin is None:
        raise FileNotFoundError(SRGB_FILE)
    return (Path(engine.origin).parent / "pdf" / SRGB_FILE).read_bytes()
