"""What each kind of provision holds: typed, checked, and the same for the pack and the screen.

A provision keeps its terms as JSON, so that a new pack needs no migration; nothing reads that
JSON but this module. Money in VND, lengths in millimetres, sizes in points, shares in percent.
"""

import dataclasses
import decimal
import re
from collections.abc import Mapping
from typing import Any

from campaigns.models import ProvisionKind, ThresholdBase
from thidua.core.certificates import FIELDS, CertificateSheet
from thidua.core.drawing import PaperError
from thidua.core.workflow import Refused

AGENCY_SIGN = "{co_quan}"
_MOST_LETTERS = 40


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """One thing that a kind of provision fixes: how it is called, typed and bounded."""

    name: str
    label: str
    type: type
    least: float = 0
    most: float = 10**12
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    when_empty: str = ""  # what an empty value means, in words

    def read(self, value: Any) -> Any:
        """Return `value` as this term means it; raises Refused with the mend."""
        if value in (None, ""):
            if self.required:
                raise Refused(f"{self.label}: hãy điền ô này.")
            return None
        if self.type is str:
            text = str(value).strip()
            if self.choices and text not in dict(self.choices):
                raise Refused(f"{self.label}: hãy chọn một trong các giá trị có sẵn.")
            self._check_text(text)
            return text
        if self.type is bool:
            return bool(value)
        return self._number(value)

    def _check_text(self, text: str) -> None:
        if len(text) > _MOST_LETTERS:
            raise Refused(f"{self.label}: hãy rút xuống còn {_MOST_LETTERS} ký tự.")
        if re.search(r"[{}]", text.replace(AGENCY_SIGN, "")):
            raise Refused(f"{self.label}: trong ngoặc nhọn chỉ dùng {AGENCY_SIGN}.")

    def told(self, value: Any) -> tuple[str, str]:
        """Return what it is and how much, in words: («Mức lương», «2.340.000 đồng»)."""
        name, _, unit = self.label.partition(" (")
        unit = unit.removesuffix(")")
        if value is None:
            return name, self.when_empty
        if self.choices:
            return name, dict(self.choices).get(value, str(value))
        joint = "" if unit == "%" else " "
        return name, f"{self.typed(value)}{joint}{unit}".strip()

    def typed(self, value: Any) -> str:
        """Return a value as people type it: 2.340.000, 0,3."""
        if value is None:
            return ""
        if self.type is decimal.Decimal:
            return f"{decimal.Decimal(value):f}".replace(".", ",")
        return _dotted(value) if self.type is int else str(value)

    def _plain(self, text: str) -> str:
        """Return a number as Python reads it: 2.340.000 is a whole one, 0.300 is not."""
        text = text.strip()
        if self.type is int and re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
            return text.replace(".", "")
        return text.replace(",", ".")

    def _number(self, value: Any) -> int | decimal.Decimal:
        try:
            number = decimal.Decimal(self._plain(str(value)))
        except decimal.InvalidOperation:
            raise Refused(f"{self.label}: hãy ghi một con số.") from None
        if not number.is_finite() or not self.least <= number <= self.most:
            raise Refused(
                f"{self.label}: hãy ghi số từ {_dotted(self.least)} đến {_dotted(self.most)}."
            )
        if self.type is int:
            if number != number.to_integral_value():
                raise Refused(f"{self.label}: hãy ghi số nguyên.")
            return int(number)
        return number


def _dotted(number: float) -> str:
    return f"{int(number):,}".replace(",", ".")


_SHEET = CertificateSheet()
_UNITS = (("working", "ngày làm việc"), ("calendar", "ngày"))


TERMS: Mapping[str, tuple[Term, ...]] = {
    ProvisionKind.PRINCIPLE: (),
    ProvisionKind.BASE_SALARY: (
        Term("amount", "Mức lương (đồng)", int, least=1, most=1_000_000_000),
    ),
    ProvisionKind.PRIZE_RATE: (
        Term("coefficient", "Hệ số", decimal.Decimal, most=999),
        Term(
            "round_to",
            "Làm tròn lên bội số của (đồng)",
            int,
            least=1,
            most=1_000_000_000,
            hint="1 là không làm tròn.",
        ),
    ),
    ProvisionKind.COUNCIL_RULE: (
        Term("quorum_percent", "Túc số (% tổng số thành viên)", int, most=100),
        Term("threshold_percent", "Tỷ lệ đồng ý phải vượt (%)", int, most=99),
        Term("threshold_base", "Tính trên", str, choices=tuple(ThresholdBase.choices)),
    ),
    ProvisionKind.CERTIFICATE_LAYOUT: (
        Term("given", "Chữ trên tên hình thức", str),
        *(
            Term(
                name,
                f"{measure.label} ({measure.unit})",
                decimal.Decimal,
                least=measure.least,
                most=measure.most,
                required=False,
                hint="Để trống là theo mẫu có sẵn.",
                when_empty=f"{getattr(_SHEET, name):g} {measure.unit}".replace(".", ","),
            )
            for name, measure in FIELDS.items()
        ),
    ),
    ProvisionKind.NUMBERING: (
        Term(
            "symbol",
            "Ký hiệu",
            str,
            hint="{co_quan} là chữ viết tắt của cơ quan, ví dụ QĐ-{co_quan}.",
        ),
    ),
    ProvisionKind.RETENTION: (
        Term(
            "years",
            "Số năm",
            int,
            least=1,
            most=100,
            required=False,
            hint="Để trống là vĩnh viễn.",
            when_empty="vĩnh viễn",
        ),
    ),
    ProvisionKind.TIME_LIMIT: (
        Term("days", "Số ngày", int, least=1, most=1000),
        Term("unit", "Tính theo", str, choices=_UNITS),
    ),
    ProvisionKind.NOTICE: (Term("days", "Báo trước (ngày)", int, least=1, most=1000),),
}


def read(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms of a provision by name; raises Refused when one is missing or wrong."""
    terms = {term.name: term.read(content.get(term.name)) for term in TERMS[kind]}
    if kind == ProvisionKind.CERTIFICATE_LAYOUT:
        try:
            CertificateSheet.of(measures(terms))
        except PaperError as error:
            raise Refused(str(error)) from error
    return terms


def measures(terms: Mapping[str, Any]) -> dict[str, float]:
    """Return what the terms of a layout measure: places in mm, sizes in pt."""
    return {name: float(terms[name]) for name in FIELDS if terms.get(name) is not None}


def stored(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return terms as JSON keeps them: a decimal as its text, nothing rounded."""
    return {
        name: str(value) if isinstance(value, decimal.Decimal) else value
        for name, value in terms.items()
    }


def told(kind: str, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the terms of a provision in words."""
    return [term.told(content.get(term.name)) for term in TERMS[kind]]
