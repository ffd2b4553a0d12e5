"""Where everything stands on a certificate: the layout as data.

All lengths are millimetres from the top left corner; `…_at_mm` is a baseline; sizes are points.
A law row, a blank and a form all speak of the same names.
"""

import dataclasses
import enum
import functools
import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from thidua.core.drawing import POINTS_PER_MM, PaperError

_ASCENT, _DESCENT = 0.98, 0.25  # of the size: Ẫ reaches higher than an ordinary capital
_ROOM_FOR_PEN = 8.0  # millimetres between a title and a name, for the signature
_LEAST_BODY = 15.0  # millimetres: a name, a title and two lines at the least sizes


class Element(enum.StrEnum):
    """Thành phần của giấy khen: what may or may not be printed."""

    FRAME = "frame"
    EMBLEM = "emblem"
    HEADING = "heading"
    AUTHORITY = "authority"
    GIVEN = "given"
    KIND = "kind"
    RECIPIENT = "recipient"
    CODE = "code"
    DECISION = "decision"
    GOLDEN_NUMBER = "golden_number"
    PLACE_DATE = "place_date"
    SIGNER_TITLE = "signer_title"
    SIGNER_NAME = "signer_name"


ELEMENT_LABELS: Mapping[Element, str] = {
    Element.FRAME: "Đường diềm",
    Element.EMBLEM: "Quốc huy",
    Element.HEADING: "Quốc hiệu, Tiêu ngữ",
    Element.AUTHORITY: "Thẩm quyền tặng",
    Element.GIVEN: "Chữ TẶNG",
    Element.KIND: "Chữ GIẤY KHEN",
    Element.RECIPIENT: "Tên, chức danh và thành tích",
    Element.CODE: "Mã QR kiểm tra",
    Element.DECISION: "Số quyết định",
    Element.GOLDEN_NUMBER: "Số sổ vàng",
    Element.PLACE_DATE: "Địa danh, ngày tháng năm",
    Element.SIGNER_TITLE: "Chức vụ người ký",
    Element.SIGNER_NAME: "Họ tên người ký",
}
# What a blank leaves open.
VARIABLE_ELEMENTS = frozenset(
    {
        Element.RECIPIENT,
        Element.CODE,
        Element.DECISION,
        Element.GOLDEN_NUMBER,
        Element.PLACE_DATE,
        Element.SIGNER_TITLE,
        Element.SIGNER_NAME,
    }
)


class Measure(NamedTuple):
    """What a field of the sheet is called and may be."""

    label: str
    unit: str
    least: float
    most: float


class Box(NamedTuple):
    """A rectangle of the sheet, in millimetres from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclasses.dataclass(frozen=True)
class Shift:
    """Độ bù của máy in: how far everything printed is moved, in millimetres."""

    right_mm: float = 0
    down_mm: float = 0


def _mm(default: float, label: str, least: float = 0, most: float = 420) -> Any:
    return dataclasses.field(
        default=default, metadata={"measure": Measure(label, "mm", least, most)}
    )


def _pt(default: float, label: str, least: float, most: float) -> Any:
    return dataclasses.field(
        default=default, metadata={"measure": Measure(label, "pt", least, most)}
    )


@dataclasses.dataclass(frozen=True)
class CertificateSheet:
    """Mẫu trình bày Giấy khen: where everything stands, and what of it is printed."""

    width_mm: float = _mm(297, "Chiều ngang tờ giấy", 180, 420)
    height_mm: float = _mm(210, "Chiều cao tờ giấy", 120, 297)
    frame_margin_mm: float = _mm(9, "Đường diềm cách mép giấy", 3, 30)
    axis_mm: float = _mm(148.5, "Trục giữa của phần đầu và nội dung")
    emblem_top_mm: float = _mm(22.5, "Mép trên của Quốc huy")
    emblem_size_mm: float = _mm(21, "Cỡ Quốc huy", 5, 60)
    heading_width_mm: float = _mm(250, "Bề rộng phần đầu", 40)
    nation_at_mm: float = _mm(51, "Dòng Quốc hiệu")
    motto_at_mm: float = _mm(57.5, "Dòng Tiêu ngữ")
    heading_pt: float = _pt(14, "Cỡ chữ Quốc hiệu, Tiêu ngữ", 8, 30)
    authority_at_mm: float = _mm(71, "Dòng thẩm quyền tặng")
    authority_pt: float = _pt(20, "Cỡ chữ thẩm quyền tặng", 10, 40)
    given_at_mm: float = _mm(79.5, "Dòng chữ TẶNG")
    given_pt: float = _pt(16, "Cỡ chữ TẶNG", 10, 40)
    kind_at_mm: float = _mm(96.5, "Dòng chữ GIẤY KHEN")
    kind_pt: float = _pt(44, "Cỡ chữ GIẤY KHEN", 20, 72)
    body_width_mm: float = _mm(225, "Bề rộng phần nội dung", 40)
    body_top_mm: float = _mm(102.5, "Mép trên phần nội dung")
    body_bottom_mm: float = _mm(147.5, "Mép dưới phần nội dung")
    name_pt: float = _pt(26, "Cỡ chữ tên lớn nhất", 12, 48)
    name_least_pt: float = _pt(20, "Cỡ chữ tên nhỏ nhất khi còn một dòng", 8, 48)
    body_pt: float = _pt(16, "Cỡ chữ thành tích lớn nhất", 10, 30)
    body_least_pt: float = _pt(11, "Cỡ chữ thành tích nhỏ nhất nên dùng", 8, 30)
    footer_pt: float = _pt(13, "Cỡ chữ chân giấy khen", 8, 20)
    footer_left_mm: float = _mm(32, "Mép trái của số quyết định, số sổ vàng")
    footer_width_mm: float = _mm(130, "Bề rộng của số quyết định, số sổ vàng", 20)
    decision_at_mm: float = _mm(178.5, "Dòng số quyết định")
    golden_number_at_mm: float = _mm(185, "Dòng số sổ vàng")
    code_left_mm: float = _mm(32, "Mép trái mã QR")
    code_top_mm: float = _mm(154, "Mép trên mã QR")
    code_size_mm: float = _mm(17, "Cỡ mã QR", 10, 60)
    signer_centre_mm: float = _mm(219, "Trục giữa phần người ký")
    signer_width_mm: float = _mm(96, "Bề rộng phần người ký", 20)
    place_date_at_mm: float = _mm(153, "Dòng địa danh, ngày tháng năm")
    signer_title_at_mm: float = _mm(159, "Dòng chức vụ người ký")
    signer_name_at_mm: float = _mm(185, "Dòng họ tên người ký")
    elements: frozenset[Element] = frozenset(Element)

    @classmethod
    def of(cls, terms: Mapping[str, Any], base: Self | None = None) -> Self:
        """Build the sheet of a law row or of a blank; what `terms` leave open is as in `base`.

        Refuses what no sheet has room for, naming the field. A least size is never above its size.
        """
        values: dict[str, Any] = {}
        for name, value in terms.items():
            values[name] = _elements(value) if name == "elements" else _measured(name, value)
        sheet = dataclasses.replace(base or cls(), **values)
        sheet = dataclasses.replace(
            sheet,
            name_least_pt=min(sheet.name_least_pt, sheet.name_pt),
            body_least_pt=min(sheet.body_least_pt, sheet.body_pt),
        )
        _refuse_what_leaves_the_paper(sheet)
        return sheet

    @functools.cached_property
    def boxes(self) -> Mapping[Element, Box]:
        """Return the room of each printed element that stands in a place of its own."""
        wide, room = self.heading_width_mm / 2, self.footer_width_mm
        left, centre, half = self.footer_left_mm, self.signer_centre_mm, self.signer_width_mm / 2
        body, axis, size = self.body_width_mm / 2, self.axis_mm, self.footer_pt
        code, emblem = self.code_size_mm, self.emblem_size_mm

        def line(low: float, high: float, at: float, size: float, last: float = 0) -> Box:
            top, bottom = at - size * _ASCENT / POINTS_PER_MM, size * _DESCENT / POINTS_PER_MM
            return Box(low, top, high, (last or at) + bottom)

        title_end = self.signer_name_at_mm - size * _ASCENT / POINTS_PER_MM - _ROOM_FOR_PEN
        title_end = max(title_end, self.signer_title_at_mm)
        boxes = {
            Element.EMBLEM: Box(
                axis - emblem / 2,
                self.emblem_top_mm,
                axis + emblem / 2,
                self.emblem_top_mm + emblem,
            ),
            Element.HEADING: line(
                axis - wide, axis + wide, self.nation_at_mm, self.heading_pt, self.motto_at_mm
            ),
            Element.AUTHORITY: line(
                axis - wide, axis + wide, self.authority_at_mm, self.authority_pt
            ),
            Element.GIVEN: line(axis - wide, axis + wide, self.given_at_mm, self.given_pt),
            Element.KIND: line(axis - wide, axis + wide, self.kind_at_mm, self.kind_pt),
            Element.RECIPIENT: Box(axis - body, self.body_top_mm, axis + body, self.body_bottom_mm),
            Element.CODE: Box(
                self.code_left_mm,
                self.code_top_mm,
                self.code_left_mm + code,
                self.code_top_mm + code,
            ),
            Element.DECISION: line(left, left + room, self.decision_at_mm, size),
            Element.GOLDEN_NUMBER: line(left, left + room, self.golden_number_at_mm, size),
            Element.PLACE_DATE: line(centre - half, centre + half, self.place_date_at_mm, size),
            Element.SIGNER_TITLE: line(
                centre - half, centre + half, self.signer_title_at_mm, size, title_end
            ),
            Element.SIGNER_NAME: line(centre - half, centre + half, self.signer_name_at_mm, size),
        }
        return {element: box for element, box in boxes.items() if element in self.elements}


FIELDS: Mapping[str, Measure] = {
    field.name: field.metadata["measure"]
    for field in dataclasses.fields(CertificateSheet)
    if "measure" in field.metadata
}


ORDINARY_SHEET, UNMOVED = CertificateSheet(), Shift()


def _measured(name: str, value: Any) -> float:
    measure = FIELDS.get(name)
    if measure is None:
        raise PaperError(f"Bố cục giấy khen không có ô “{name}”: hãy bỏ ô này.")
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not measure.least <= number <= measure.most:
        raise PaperError(
            f"{measure.label} phải từ {_told(measure.least)} đến {_told(measure.most)} "
            f"{measure.unit}."
        )
    return number


def _elements(value: Any) -> frozenset[Element]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise PaperError("Thành phần được in phải là một danh sách.")
    try:
        elements = frozenset(Element(name) for name in value)
    except ValueError as error:
        raise PaperError("Giấy khen không có thành phần vừa chọn: hãy chọn lại.") from error
    if not elements:
        raise PaperError("Hãy chọn ít nhất một thành phần được in.")
    return elements


def _refuse_what_leaves_the_paper(sheet: CertificateSheet) -> None:
    if sheet.width_mm <= sheet.height_mm:
        raise PaperError("Giấy khen nằm ngang: chiều ngang tờ giấy phải lớn hơn chiều cao.")
    if sheet.body_bottom_mm - sheet.body_top_mm < _LEAST_BODY:
        raise PaperError(
            f"Mép dưới phần nội dung phải thấp hơn mép trên ít nhất {_told(_LEAST_BODY)} mm."
        )
    for element, box in sheet.boxes.items():
        if box.left < 0 or box.top < 0 or box.right > sheet.width_mm:
            sides = "bên trái, bên phải hoặc phía trên"
        elif box.bottom > sheet.height_mm:
            sides = "phía dưới"
        else:
            continue
        raise PaperError(
            f"“{ELEMENT_LABELS[element]}” ra ngoài tờ giấy ở {sides}: hãy sửa vị trí hoặc bề rộng."
        )


def _told(number: float) -> str:
    return f"{number:g}".replace(".", ",")
