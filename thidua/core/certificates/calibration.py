"""Tờ căn chỉnh: a sheet to print on plain paper, measure with a ruler, and hold over a blank."""

import itertools

from thidua.core.certificates.sheet import (
    ELEMENT_LABELS,
    VARIABLE_ELEMENTS,
    CertificateSheet,
    Shift,
)
from thidua.core.drawing import Drawing, Point, text_width

_FROM_EDGE = 20.0  # millimetres from the edges of the paper to each cross
_ARM = 6.0
_REACH = 16.0  # of a ruler on either side of its cross
_INK, _PALE = "#000000", "#7d7d7d"
_FIVE, _TEN = 5, 10


def calibration_sheet(sheet: CertificateSheet, shift: Shift, printer_name: str) -> bytes:
    """Draw crosses, rulers, boxes and instructions, moved as the printer's certificates are."""
    drawing = Drawing(f"Tờ căn chỉnh máy in {printer_name}", sheet.width_mm, sheet.height_mm)
    drawing.shift(shift.right_mm, shift.down_mm)
    with drawing.artifact():
        _draw_boxes(drawing, sheet)
        _draw_crosses(drawing)
    _write_instructions(drawing, sheet, shift, printer_name)
    return drawing.finish()


def _draw_crosses(drawing: Drawing) -> None:
    width, height = drawing.width, drawing.height
    corners = {
        "A": (_FROM_EDGE, _FROM_EDGE),
        "B": (width - _FROM_EDGE, _FROM_EDGE),
        "C": (_FROM_EDGE, height - _FROM_EDGE),
        "D": (width - _FROM_EDGE, height - _FROM_EDGE),
    }
    for name, (x, y) in corners.items():
        _draw_cross(drawing, (x, y))
        _draw_ruler(drawing, (x, y), across=True)
        _draw_ruler(drawing, (x, y), across=False)
        inward = 3.5 if x < width / 2 else -3.5
        drawing.text((x + inward, y - 2.5), name, "bold", 11, align="centre")
    _draw_cross(drawing, (width / 2, height / 2))


def _draw_cross(drawing: Drawing, at: Point) -> None:
    x, y = at
    drawing.line((x - _ARM, y), (x + _ARM, y), 0.25, _INK)
    drawing.line((x, y - _ARM), (x, y + _ARM), 0.25, _INK)
    drawing.circle(at, 2, 0.15, _INK)


def _draw_ruler(drawing: Drawing, cross: Point, *, across: bool) -> None:
    """Draw millimetres through a cross, numbered by their distance from the nearest edge."""
    along, depth = cross if across else cross[::-1]
    length = drawing.width if across else drawing.height
    near = along < length / 2

    def at(place: float, side: float) -> Point:
        return (place, depth + side) if across else (depth + side, place)

    edge = 0.0 if near else length
    inward = 1 if near else -1
    last = round(_FROM_EDGE + _REACH)
    drawing.line(at(edge, 0), at(edge + inward * last, 0), 0.12, _INK)
    for millimetre in range(last + 1):
        place = edge + inward * millimetre
        tick = 3.0 if millimetre % _TEN == 0 else 2.0 if millimetre % _FIVE == 0 else 1.2
        drawing.line(at(place, 0), at(place, tick), 0.12, _INK)
        if millimetre % _TEN == 0 and millimetre not in {0, _FROM_EDGE}:
            label = at(place, 5.6 if across else 4.8)
            drawing.text(
                (label[0], label[1] + (0 if across else 0.8)),
                str(millimetre),
                "regular",
                7,
                align="centre",
            )


def _draw_boxes(drawing: Drawing, sheet: CertificateSheet) -> None:
    for element, box in sheet.boxes.items():
        if element in VARIABLE_ELEMENTS:
            corners = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom))
            edges = (*corners, (box.left, box.bottom), corners[0])
            for start, end in itertools.pairwise(edges):
                drawing.line(start, end, 0.15, _PALE)
            place = (box.left + 1, box.top + 3)
            label = ELEMENT_LABELS[element]
            fitting = (box.right - box.left - 2) / text_width(label, "regular", 1)
            drawing.text(place, label, "regular", min(7, fitting), colour=_PALE)


def _write_instructions(
    drawing: Drawing, sheet: CertificateSheet, shift: Shift, printer_name: str
) -> None:
    right, down, edge = _signed(shift.right_mm), _signed(shift.down_mm), _told(_FROM_EDGE)
    example = _signed(shift.right_mm - 1.2)
    apart = _told(sheet.width_mm - 2 * _FROM_EDGE)
    lines = (
        f"Đang bù: sang phải {right} mm, xuống dưới {down} mm.",
        f"1. In tờ này lên giấy trắng, đúng cỡ 100 %, không chọn “vừa trang”. Từ A đến B phải đo được {apart} mm.",
        f"2. Đo từ mép trái tờ giấy tới dấu A. Số “Sang phải” mới = {right} + ({edge} − số đo được).",
        f"3. Đo từ mép trên tờ giấy tới dấu A. Số “Xuống dưới” mới = {down} + ({edge} − số đo được).",
        f"Ví dụ: mép trái đo được 21,2 mm thì nhập “Sang phải” {example}.",
        "Số dương đẩy hình sang phải, xuống dưới; số âm kéo ngược lại.",
        "4. Nhập xong, in lại tờ này, đặt chồng lên phôi và soi trước ánh sáng: khung trùng chỗ trống là được.",
    )
    left = 42.0
    with drawing.tagged("H1"):
        drawing.text((left, 32), f"Tờ căn chỉnh máy in: {printer_name}", "bold", 16)
    for index, line in enumerate(lines):
        with drawing.tagged("P"):
            drawing.text((left, 41 + 7 * index), line, "regular", 11.5)


def _signed(number: float) -> str:
    tenths = round(number * 10)
    return f"{tenths / 10:+.1f}".replace(".", ",").replace("-", "−") if tenths else "0,0"


def _told(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
