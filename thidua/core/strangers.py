"""What is seen of a stranger's file: run by `confined` in a process of its own.

Reads the file from the standard input and writes a picture or JSON. It knows nothing of the
program around it, so that it starts fast and there is nothing in it to be taken.
"""

import contextlib
import datetime as dt
import io
import itertools
import json
import resource
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from PIL import Image, ImageChops, ImageFilter, ImageStat

_MEMORY = 1536 * 1024 * 1024
_MOST_PIXELS = 12_000_000
_MOST_PAGES = 300
_A4_INCHES = (8.27, 11.69)
Image.MAX_IMAGE_PIXELS = 80_000_000


class Leaf(NamedTuple):
    """One page to be judged: its picture in greys, and the dots per inch of its scan (0: none)."""

    picture: Image.Image
    dpi: float


# --- Pictures of pages ---------------------------------------------------------------------


def page(content: bytes, number: int, width: int) -> bytes:
    """Draw one page as PNG, at most `width` points wide."""
    if content.startswith(b"%PDF-"):
        drawn = _pdf_page(content, number, width)
    elif number == 1:
        drawn = _image(content, width)
    else:
        raise IndexError(number)
    target = io.BytesIO()
    drawn.save(target, "PNG", compress_level=4)
    return target.getvalue()


def _pdf_page(content: bytes, number: int, width: int) -> Image.Image:
    import pypdfium2  # noqa: PLC0415 -- an image needs no PDF reader

    with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
        leaf = document[number - 1]
        across, high = leaf.get_size()
        scale = min(width / across, (_MOST_PIXELS / (across * high)) ** 0.5)
        return leaf.render(scale=scale).to_pil().convert("RGB")


def _image(content: bytes, width: int) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
        scale = min(1.0, width / opened.width, (_MOST_PIXELS / opened.width / opened.height) ** 0.5)
        size = max(1, round(opened.width * scale)), max(1, round(opened.height * scale))
        opened.draft("RGB", size)
        return _on_white(opened).resize(size, Image.Resampling.LANCZOS)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "I;16":
        picture = picture.point(lambda value: value / 256).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture.convert("RGBA"))
    return ground.convert("RGB")


# --- Is it readable? -----------------------------------------------------------------------
# Everything is judged at one size, as the eye judges a page at arm's length. What is darker than
# the paper around it counts as ink, so that shadows of a lamp and yellow paper do not.

_WIDTH = 850  # a page of A4 at about 100 dots an inch
_LYING_WIDTH = 1200
_EDGE = 0.03  # the rim of a scan shows the lid of the scanner
# Measured on the pages of tests/core/scans.py: blank pages have no ink at all once the grain is
# smoothed away, a page number alone 0.00008, six lines 0.016, a photograph more than any writing.
_INK, _BLANK, _NEARLY_BLANK, _PHOTOGRAPH = 14, 0.00004, 0.0030, 0.40
_UNEVEN = 22  # a lamp shades paper by 17; what varies more is a picture, and no writing
_DARK_PAPER, _FAINT_INK = 90, 60  # good ink is 87 or more below its paper, faint ink 37 or less
_BLURRED = 0.27  # good writing has 0.49 or more, blurred 0.12 or less
_SMALL_DPI = 95
_LYING = 2.2
_FEW = 0.0100  # less ink than this tells nothing about lines


def warnings(content: bytes) -> bytes:
    """Return what makes each page hard to read, as JSON."""
    found = []
    for number, leaf in enumerate(_leaves(content), start=1):
        found += [{"page": number, "kind": kind} for kind in judged(leaf)]
    return json.dumps(found).encode()


def _leaves(content: bytes) -> Iterator[Leaf]:
    if not content.startswith(b"%PDF-"):
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            short, long = sorted(opened.size)
        dpi = min(short / _A4_INCHES[0], long / _A4_INCHES[1])
        width = _WIDTH if short == opened.width else _LYING_WIDTH
        yield Leaf(_image(content, width).convert("L"), dpi)
        return
    import pypdfium2  # noqa: PLC0415 -- an image needs no PDF reader

    with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
        for number in range(min(len(document), _MOST_PAGES)):
            leaf = document[number]
            across, high = leaf.get_size()
            width = _WIDTH if across <= high else _LYING_WIDTH
            scale = min(width / across, (_MOST_PIXELS / (across * high)) ** 0.5)
            yield Leaf(leaf.render(scale=scale).to_pil().convert("L"), _scan_dpi(leaf))
            leaf.close()


def _scan_dpi(leaf: Any) -> float:
    """Return the dots per inch of the picture that fills the page, 0 if none does."""
    across, high = leaf.get_size()
    for piece in leaf.get_objects(filter=[3], max_depth=2):  # 3: an image
        left, bottom, right, top = piece.get_bounds()
        width, height = right - left, top - bottom
        if width * height > 0.6 * across * high:
            dots = piece.get_px_size()
            return float(min(dots[0] / width, dots[1] / height) * 72)
    return 0.0


def judged(leaf: Leaf) -> list[str]:
    """Return the kinds of trouble of one page; only the worst of those that hide one another."""
    picture = _inner(leaf.picture).filter(ImageFilter.MedianFilter(3))
    ground = picture.resize(_small(picture), Image.Resampling.BOX).filter(ImageFilter.MaxFilter(5))
    paper = _percentile(ground.histogram(), 0.5)
    ground = ground.filter(ImageFilter.GaussianBlur(3)).resize(picture.size)
    depth = ImageChops.subtract(ground, picture)
    ink = _share(depth, _INK)
    found = []
    if paper < _DARK_PAPER:
        found.append("dark")
    elif ink < _NEARLY_BLANK:
        found.append("blank" if ink < _BLANK else "nearly_blank")
    elif ink < _PHOTOGRAPH and ImageStat.Stat(ground).stddev[0] < _UNEVEN:
        black = _percentile_above(depth, _INK, 0.9)
        if _sharpness(picture, depth, black) < _BLURRED:
            found.append("blurred")
        elif black < _FAINT_INK:
            found.append("faint")
        elif ink > _FEW and _lies(depth):
            found.append("lying")
    if 0 < leaf.dpi < _SMALL_DPI and found != ["blank"]:
        found.append("small")
    return found


def _inner(picture: Image.Image) -> Image.Image:
    across, high = round(picture.width * _EDGE), round(picture.height * _EDGE)
    if min(picture.size) < 40:  # noqa: PLR2004 -- nothing would be left
        return picture
    return picture.crop((across, high, picture.width - across, picture.height - high))


def _small(picture: Image.Image) -> tuple[int, int]:
    return max(1, picture.width // 8), max(1, picture.height // 8)


def _share(depth: Image.Image, least: int) -> float:
    return sum(depth.histogram()[least + 1 :]) / (depth.width * depth.height)


def _percentile(histogram: list[int], share: float) -> int:
    wanted, seen = sum(histogram) * share, 0
    for value, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return value
    return 255


def _percentile_above(depth: Image.Image, least: int, share: float) -> int:
    histogram = depth.histogram()
    return _percentile([0] * (least + 1) + histogram[least + 1 :], share)


def _sharpness(picture: Image.Image, depth: Image.Image, black: int) -> float:
    """Return the strength of the edges (a Laplacian) beside the ink, for its blackness."""
    edges = picture.filter(
        ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
    )
    beside = depth.point(lambda value: 255 * (value > _INK)).filter(ImageFilter.MaxFilter(3))
    return float(ImageStat.Stat(edges, beside).stddev[0]) / max(black, 1)


def _lies(depth: Image.Image) -> bool:
    """Whether the lines of writing run upwards: then columns come and go as lines should."""
    mask = depth.point(lambda value: 255 * (value > _INK))
    rows = list(mask.resize((1, mask.height), Image.Resampling.BOX).tobytes())
    columns = list(mask.resize((mask.width, 1), Image.Resampling.BOX).tobytes())
    return _restless(columns) > _LYING * _restless(rows)


def _restless(profile: list[int]) -> float:
    steps = itertools.pairwise(profile)
    return sum((after - before) ** 2 for before, after in steps) / max(1, len(profile))


# --- Word and Excel ------------------------------------------------------------------------

_MOST_BLOCKS, _MOST_ROWS, _MOST_COLUMNS, _MOST_SHEETS = 3000, 200, 30, 12
_LONGEST_CELL = 500


def word(content: bytes) -> bytes:
    """Return the words of a DOCX: paragraphs, headings and tables in their order, as JSON."""
    from docx import Document  # noqa: PLC0415 -- a picture needs no Word reader
    from docx.table import Table  # noqa: PLC0415

    blocks: list[dict[str, Any]] = []
    left = _MOST_BLOCKS
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if left <= 0:
            break
        if isinstance(block, Table):
            rows = [
                [_words(cell) for cell in row._tr.tc_lst]  # noqa: SLF001 -- a merged cell once
                for row in list(block.rows)[:left]
            ]
            blocks.append({"rows": rows})
            left -= len(rows)
        elif text := _words(block._p):  # noqa: SLF001 -- inserted words stand below the runs
            style = (block.style.name or "") if block.style else ""
            blocks.append({"text": text, "is_heading": style.startswith(("Heading", "Title"))})
            left -= 1
    return json.dumps({"blocks": blocks, "is_cut": left <= 0}).encode()


def _words(element: Any) -> str:
    """Return the words of an element, inserted ones too; deleted ones are no `w:t`."""
    parts = []
    for node in element.iter():
        name = str(node.tag).rpartition("}")[2]
        if name == "t" and not _is_double(node):
            parts.append(node.text or "")
        elif name in {"tab", "br", "cr"} and node.getparent().tag.endswith("}r"):
            parts.append("\t" if name == "tab" else "\n")
        elif name == "p" and parts:
            parts.append("\n")
    return "".join(parts).strip()


def _is_double(node: Any) -> bool:
    """A drawing is written twice: for new readers and, as a fallback, for old ones."""
    return any(str(above.tag).endswith("}Fallback") for above in node.iterancestors())


def sheets(content: bytes) -> bytes:
    """Return the first rows of each visible sheet of an XLSX, and the names of the hidden, as JSON."""
    from openpyxl import load_workbook  # noqa: PLC0415 -- a picture needs no Excel reader

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    shown = []
    for sheet in seen[:_MOST_SHEETS]:
        sheet.reset_dimensions()  # what a file says of its size is not believed
        rows, is_cut = [], False
        for number, row in enumerate(sheet.iter_rows(values_only=True)):
            is_cut = is_cut or len(row) > _MOST_COLUMNS
            if number == _MOST_ROWS:
                is_cut = True
                break
            rows.append([_cell(value) for value in row[:_MOST_COLUMNS]])
        shown.append({"title": sheet.title, "rows": _trimmed(rows), "is_cut": is_cut})
    more = [sheet.title for sheet in seen[_MOST_SHEETS:]]
    return json.dumps({"sheets": shown, "hidden": hidden, "more": more}).encode()


def _cell(value: Any) -> str:
    match value:
        case None:
            shown = ""
        case bool():
            shown = "đúng" if value else "sai"
        case dt.datetime() if value.time() != dt.time():
            shown = f"{value:%d/%m/%Y %H:%M}"
        case dt.date():
            shown = f"{value:%d/%m/%Y}"
        case float():
            shown = f"{value:.10g}".replace(".", ",")
        case _:
            shown = str(value)
    return shown[:_LONGEST_CELL]


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Leave out empty rows at the end and empty columns at the right."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(
        (place for row in rows for place, cell in enumerate(row, start=1) if cell), default=0
    )
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]


TASKS: dict[str, Callable[..., bytes]] = {
    "page": page,
    "warnings": warnings,
    "word": word,
    "sheets": sheets,
}


def main() -> None:
    task, seconds, *arguments = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer = TASKS[task](sys.stdin.buffer.read(), *map(int, arguments))
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
