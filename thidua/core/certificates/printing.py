"""Printing certificates: the frame once for a batch, the words fitted into their boxes."""

import dataclasses
import functools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import zxingcpp

from thidua.core.certificates.frame import draw_frame
from thidua.core.certificates.sheet import (
    ORDINARY_SHEET,
    UNMOVED,
    Box,
    CertificateSheet,
    Element,
    Shift,
)
from thidua.core.drawing import POINTS_PER_MM, Drawing, Face, PaperError, text_width
from thidua.core.linebreaks import balanced_lines

_LINE_HEIGHT = 1.28 / POINTS_PER_MM  # millimetres a point of size
_BASELINE = 0.75  # of a line's height
_FLOOR_PT = 7.0  # 950 wide capitals still fit the body of the ordinary sheet
_STEP_PT = 0.5
_RED, _BLACK, _GOLD, _DEEP_GOLD = "#b0161b", "#000000", "#b58a32", "#8a6414"
_NATION, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_FRAME, _EMBLEM = "frame", "emblem"
_DARK = bytes([1]) + bytes(255)  # in the picture of a code black is 0
_CODE_ALT = "Mã QR dẫn tới trang kiểm tra giấy khen"


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


def print_certificates(
    papers: Sequence[CertificatePaper],
    sheet: CertificateSheet = ORDINARY_SHEET,
    emblem: bytes | None = None,
    *,
    shift: Shift = UNMOVED,
) -> list[bytes]:
    """Print one PDF for each paper; each depends on its own paper alone."""
    return [print_certificates_together([paper], sheet, emblem, shift=shift) for paper in papers]


def print_certificates_together(
    papers: Sequence[CertificatePaper],
    sheet: CertificateSheet = ORDINARY_SHEET,
    emblem: bytes | None = None,
    *,
    shift: Shift = UNMOVED,
) -> bytes:
    """Print one PDF with a page for each paper; what `sheet` leaves out stays transparent."""
    if not papers:
        raise PaperError("Không có giấy khen nào để in.")
    title = papers[0].kind.capitalize()
    if len(papers) == 1:
        title = f"{title} {papers[0].recipient_name}"
    drawing = Drawing(title, sheet.width_mm, sheet.height_mm)
    if Element.FRAME in sheet.elements:
        with drawing.layer(_FRAME):
            draw_frame(drawing, sheet)
    if Element.EMBLEM in sheet.elements:
        with drawing.layer(_EMBLEM):
            _draw_emblem(drawing, sheet, emblem)
    for index, paper in enumerate(papers):
        if index:
            drawing.next_page()
        drawing.shift(shift.right_mm, shift.down_mm)
        _draw_paper(drawing, sheet, paper)
    return drawing.finish()


def _draw_emblem(drawing: Drawing, sheet: CertificateSheet, emblem: bytes | None) -> None:
    middle = (sheet.axis_mm, sheet.emblem_top_mm + sheet.emblem_size_mm / 2)
    if emblem:
        drawing.picture(emblem, middle, sheet.emblem_size_mm)
    else:
        drawing.circle(middle, sheet.emblem_size_mm / 2, 0.4, _GOLD)
        place = (sheet.axis_mm, middle[1] + 1)
        drawing.text(place, "Quốc huy", "regular", 8, colour=_DEEP_GOLD, align="centre")


def _draw_paper(drawing: Drawing, sheet: CertificateSheet, paper: CertificatePaper) -> None:
    """Draw what this sheet prints, in the order in which it is read."""
    elements, axis = sheet.elements, sheet.axis_mm
    if Element.FRAME in elements:
        with drawing.artifact():
            drawing.lay(_FRAME)
    if Element.EMBLEM in elements:
        with drawing.tagged("Figure", "Quốc huy"):
            drawing.lay(_EMBLEM)
    if Element.HEADING in elements:
        _draw_heading(drawing, sheet)
    for element, at, words, size, colour, spacing in (
        (Element.AUTHORITY, sheet.authority_at_mm, paper.authority, sheet.authority_pt, _RED, 0.3),
        (Element.GIVEN, sheet.given_at_mm, paper.given, sheet.given_pt, _BLACK, 0.6),
        (Element.KIND, sheet.kind_at_mm, paper.kind, sheet.kind_pt, _RED, 1.5),
    ):
        if element in elements:
            role = "H1" if element == Element.KIND else "P"
            line = Line(words, "bold", size, spacing).shrunk(sheet.heading_width_mm)
            line.draw(drawing, (axis, at), role=role, colour=colour)
    if Element.RECIPIENT in elements:
        _draw_body(drawing, sheet, paper)
    _draw_footer(drawing, sheet, paper)


def _draw_heading(drawing: Drawing, sheet: CertificateSheet) -> None:
    axis, room, size = sheet.axis_mm, sheet.heading_width_mm, sheet.heading_pt
    Line(_NATION, "bold", size).shrunk(room).draw(drawing, (axis, sheet.nation_at_mm))
    motto = Line(_MOTTO, "bold", size).shrunk(room)
    motto.draw(drawing, (axis, sheet.motto_at_mm))
    half, below = text_width(motto.words, motto.face, motto.size) / 2, sheet.motto_at_mm + 2.2
    with drawing.artifact():
        drawing.line((axis - half, below), (axis + half, below), 0.35, _BLACK)


def _draw_footer(drawing: Drawing, sheet: CertificateSheet, paper: CertificatePaper) -> None:
    elements, size = sheet.elements, sheet.footer_pt
    if Element.CODE in elements and paper.verify_url:
        code = _code_rows(paper.verify_url)
        with drawing.tagged("Figure", _CODE_ALT):
            place = (sheet.code_left_mm, sheet.code_top_mm)
            drawing.squares(place, sheet.code_size_mm, code)
    for element, at, words in (
        (Element.DECISION, sheet.decision_at_mm, paper.decision_line),
        (Element.GOLDEN_NUMBER, sheet.golden_number_at_mm, paper.golden_number),
    ):
        if element in elements:
            line = Line(words, "bold-italic", size).shrunk(sheet.footer_width_mm)
            line.draw(drawing, (sheet.footer_left_mm, at), align_left=True)
    centre, width = sheet.signer_centre_mm, sheet.signer_width_mm
    if Element.PLACE_DATE in elements:
        line = Line(paper.place_date, "bold-italic", size).shrunk(width)
        line.draw(drawing, (centre, sheet.place_date_at_mm))
    if Element.SIGNER_TITLE in elements:
        box = sheet.boxes[Element.SIGNER_TITLE]
        title = _signer_title(paper.signer_title, size, box)
        title.draw(drawing, centre, sheet.signer_title_at_mm - title.first_baseline)
    if Element.SIGNER_NAME in elements:
        line = Line(paper.signer_name, "bold", size).shrunk(width)
        line.draw(drawing, (centre, sheet.signer_name_at_mm))


def _code_rows(address: str) -> list[bytes]:
    """Return the rows of the code that says `address`: 1 is a dark square."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)
    side, squares = picture.shape[0], memoryview(picture).tobytes().translate(_DARK)
    return [squares[start : start + side] for start in range(0, side * side, side)]


@functools.lru_cache(maxsize=256)
def _signer_title(words: str, size: float, box: Box) -> "Block":
    """Keep the lines of an office whole by shrinking a little; wrap one that is longer still."""
    height = box.bottom - box.top
    for tried in _sizes_down(size, _FLOOR_PT):
        least = min(tried, max(size - 3, _FLOOR_PT))
        block = Block(words, "bold", tried).fitted(box.right - box.left, least)
        if block.height <= height:
            break
    return block


def _draw_body(drawing: Drawing, sheet: CertificateSheet, paper: CertificatePaper) -> None:
    """Write name, title and achievement, smaller if they must be, and never past their box."""
    blocks = _fitted_body(sheet, paper)
    top = sheet.body_top_mm
    for block, gap in blocks:
        block.draw(drawing, sheet.axis_mm, top)
        top += block.height + gap


def _fitted_body(sheet: CertificateSheet, paper: CertificatePaper) -> list[tuple["Block", float]]:
    """Return each block with the gap below it, as large as the box lets them be."""
    width, height = sheet.body_width_mm, sheet.body_bottom_mm - sheet.body_top_mm
    gaps = (1.2, 3.2, 0.0) if paper.recipient_title else (4.0, 0.0)
    texts = [text for text in (paper.recipient_title, paper.achievement) if text]
    name_length = text_width(paper.recipient_name, "bold", 1)
    lengths = [text_width(text.replace("\n", " "), "regular", 1) for text in texts]

    def least_height(name_size: float, size: float) -> float:
        """Return what no way of breaking lines goes below: it costs little to ask."""
        name_lines = math.ceil(name_length * name_size / (width + name_size))
        rest = sum(math.ceil(length * size / (width + size)) for length in lengths)
        return (name_lines * name_size + rest * size) * _LINE_HEIGHT + sum(gaps)

    refusal: PaperError | None = None
    for name_size, name_least, size in _body_sizes(sheet):
        if least_height(name_least, size) > height:
            continue
        try:
            blocks = [
                Block(paper.recipient_name, "bold", name_size).fitted(width, name_least),
                *(Block(text, "regular", size).wrapped(width) for text in texts),
            ]
        except PaperError as error:  # a word wider than the box: it may fit when smaller
            refusal = error
            continue
        if sum(block.height for block in blocks) + sum(gaps) <= height:
            return list(zip(blocks, gaps, strict=False))
    raise PaperError(
        f"Nội dung giấy khen của “{paper.recipient_name}” dài quá khuôn: hãy rút gọn, "
        "hoặc nới phần nội dung của mẫu in."
    ) from refusal


def _body_sizes(sheet: CertificateSheet) -> Iterator[tuple[float, float, float]]:
    """Give name's size, its least on one line, and the size of the rest: handsome ones first."""
    for size in _sizes_down(sheet.body_pt, sheet.body_least_pt):
        name = max(sheet.name_pt - (sheet.body_pt - size), sheet.name_least_pt)
        yield name, sheet.name_least_pt, size
    size = sheet.body_least_pt
    for name in _sizes_down(sheet.name_least_pt, size + 2):
        yield name, name, size
    for smaller in _sizes_down(size, _FLOOR_PT):
        yield smaller + 2, smaller + 2, smaller
    yield _FLOOR_PT, _FLOOR_PT, _FLOOR_PT


def _sizes_down(size: float, least: float) -> Iterator[float]:
    while size >= least:
        yield size
        size -= _STEP_PT


@dataclasses.dataclass(frozen=True)
class Line:
    """Words that stay on one line."""

    words: str
    face: Face
    size: float
    spacing: float = 0

    def shrunk(self, width: float) -> "Line":
        """Return the line as large as `width` lets it be."""
        needed = text_width(self.words, self.face, self.size, self.spacing)
        if needed <= width:
            return self
        ratio = width / needed
        # Rounded down: what is rounded up would be too wide.
        size = int(self.size * ratio * 20) / 20
        return dataclasses.replace(self, size=size, spacing=self.spacing * ratio)

    def draw(
        self,
        drawing: Drawing,
        at: tuple[float, float],
        *,
        role: str = "P",
        colour: str = _BLACK,
        align_left: bool = False,
    ) -> None:
        with drawing.tagged(role):
            drawing.text(
                at,
                self.words,
                self.face,
                self.size,
                colour=colour,
                align="left" if align_left else "centre",
                spacing=self.spacing,
            )


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

    @property
    def first_baseline(self) -> float:
        """How far below the top of the block its first line stands."""
        return self.size * _LINE_HEIGHT * _BASELINE

    def draw(self, drawing: Drawing, centre: float, top: float) -> None:
        """Write the lines as one paragraph, the block beginning at `top`."""
        last = len(self.lines) - 1
        with drawing.tagged("P"):
            for index, line in enumerate(self.lines):
                y = top + (index + _BASELINE) * self.size * _LINE_HEIGHT
                # The blank is for who reads by ear or copies: two lines are not one word.
                words = line if index == last else f"{line} "
                drawing.text((centre, y), words, self.face, self.size, align="centre")

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
            size -= _STEP_PT
        return dataclasses.replace(self, size=size).wrapped(width)
