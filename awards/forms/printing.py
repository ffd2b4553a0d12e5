"""Forms of the printing room: where a blank is printed, what a printer is out by, what is printed."""

import decimal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crispy_forms.layout import Layout
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django import forms
from django.template.loader import render_to_string

from awards.models import MOST_BLANKS, MOST_SHIFT_MM, CertificateBlank, Printer, PrintRun
from awards.queries.printing import OPEN_ELEMENTS, sheet_of
from thidua.core.certificates import ELEMENT_LABELS, FIELDS, CertificateSheet
from thidua.core.forms import Actions, PageForm
from thidua.core.pdf import PaperError

_MOST_DIGITS = 9
_MOST_REASON = 500
# What is set together: the title, the elements, and how the fields of their places begin.
GROUPS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Người nhận và thành tích",
        ("recipient",),
        ("body_", "name_"),
    ),
    (
        "Góc dưới bên trái",
        ("decision", "golden_number", "code"),
        ("footer_left_mm", "footer_width_mm", "decision_", "golden_number_", "code_"),
    ),
    (
        "Góc dưới bên phải",
        ("place_date", "signer_title", "signer_name"),
        ("place_date_", "signer_"),
    ),
    ("Thẩm quyền tặng", ("authority",), ("authority_",)),
    ("Chữ TẶNG", ("given",), ("given_",)),
    ("Chữ GIẤY KHEN", ("kind",), ("kind_",)),
    ("Quốc hiệu, Tiêu ngữ", ("heading",), ("nation_", "motto_", "heading_pt")),
    ("Quốc huy", ("emblem",), ("emblem_",)),
    ("Đường diềm", ("frame",), ("frame_",)),
)


def fields_of(prefixes: tuple[str, ...]) -> list[str]:
    """Return the places of one group, in the order of the sheet."""
    return [name for name in FIELDS if name.startswith(prefixes)]


# Of every blank, whatever is printed: its size, and the size of the small letters.
SHARED_FIELDS = [
    name for name in FIELDS if not any(name in fields_of(group[2]) for group in GROUPS)
]


def _decimal(value: float | decimal.Decimal) -> decimal.Decimal:
    return decimal.Decimal(f"{value:g}")


def _number(value: float | decimal.Decimal) -> str:
    return f"{_decimal(value):f}".replace(".", ",")


class LengthField(forms.DecimalField):
    """A length to a tenth, written with a comma."""

    def __init__(self, *, least: float, most: float, **kwargs: Any) -> None:
        within = f"Hãy ghi từ {_number(least)} đến {_number(most)}, lẻ nhiều nhất 0,1."
        codes = ("max_digits", "max_decimal_places", "max_whole_digits", "min_value", "max_value")
        super().__init__(
            localize=True,
            min_value=_decimal(least),
            max_value=_decimal(most),
            max_digits=5,
            decimal_places=1,
            error_messages=dict.fromkeys(codes, within),
            **kwargs,
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}


class SeenForm(PageForm):
    """A form that says what its page had in sight; what cannot be read counts as old."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> int:
        text: str = self.cleaned_data["seen"]
        return int(text) if text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS else -1

    def renew(self, seen: int) -> None:
        """Let the next press go through: the page now shows what stands."""
        self.change("seen", str(seen))

    def change(self, name: str, value: str) -> None:
        """Write into a hidden field of the form that came."""
        mended = self.data.copy()
        mended[name] = value
        self.data = mended


class PlacesForm(SeenForm):
    """What is printed and where; fields of what is not printed are neither asked nor kept.

    Once valid, it has the `places` to be kept and the `sheet` that they make over `terms`.
    """

    places: dict[str, float]
    sheet: CertificateSheet

    elements = forms.MultipleChoiceField(
        label="Phần được in",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một phần được in."},
    )
    example = forms.CharField(
        label="Tên để xem thử",
        required=False,
        max_length=200,
        help_text="Để trống thì dùng dòng dài nhất của quyết định mới nhất.",
    )

    def __init__(
        self,
        *args: Any,
        terms: Mapping[str, float],
        elements: Sequence[str] = OPEN_ELEMENTS,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        places = {name: _decimal(value) for name, value in terms.items()}
        first = places | {"elements": list(elements)} | dict(initial or {})
        super().__init__(*args, initial=first, **kwargs)
        self.terms = terms
        self.fields["elements"].choices = [  # type: ignore[attr-defined]
            (str(element), label) for element, label in ELEMENT_LABELS.items()
        ]
        for name, (label, unit, least, most) in FIELDS.items():
            field = LengthField(label=f"{label} ({unit})", least=least, most=most, required=False)
            field.error_messages |= {"invalid": "Hãy ghi một số, ví dụ 22,5."}
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """Ask for the places of what is printed, and see that they make a sheet."""
        cleaned = self.cleaned_data
        wanted = [*SHARED_FIELDS]
        for _, elements, prefixes in GROUPS:
            if set(elements) & set(cleaned.get("elements", ())):
                wanted += fields_of(prefixes)
        for name in FIELDS:
            if name not in wanted:
                self.errors.pop(name, None)
            elif name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, "Hãy điền số.")
        if self.errors:
            return cleaned
        self.places = {name: float(cleaned[name]) for name in wanted}
        try:
            self.sheet = sheet_of({**self.terms, **self.places}, cleaned["elements"])
        except PaperError as error:
            self.add_error(None, str(error))
        return cleaned


class BlankForm(PlacesForm):
    """A blank: its name, its scan, what is printed on it."""

    submit_label = "Lưu phôi"
    field_order = ("name", "scan", "kept", "is_active", "seen", "elements")

    name = forms.CharField(
        label="Tên phôi", max_length=100, help_text="Ví dụ «Phôi nền hoa văn, đặt in năm 2025»."
    )
    scan = forms.FileField(
        label="Ảnh quét của phôi (nếu có)",
        required=False,
        help_text="Quét phẳng cả tờ, để ngang; JPG hoặc PNG, đến 20 MB. Ảnh chỉ để xem thử, không in.",
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    is_active = forms.BooleanField(label="Đang dùng", required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool, preview_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preview_url = preview_url
        if is_new:
            del self.fields["is_active"]

    @property
    def helper(self) -> Any:
        """Let htmx ask for the picture while somebody types; «Xem thử» asks without it."""
        helper = super().helper
        helper.attrs |= {
            "hx-get": self.preview_url,
            "hx-trigger": "input delay:400ms, change delay:100ms",
            "hx-target": "#preview",
            "hx-params": "not csrfmiddlewaretoken,scan,name,seen",
            "hx-sync": "this:replace",
        }
        return helper

    def layout(self) -> Layout:
        """Name and scan first, then each part with its places."""
        first = [
            name for name in ("name", "scan", "kept", "is_active", "seen") if name in self.fields
        ]
        return Layout(*first, Places(), "example", Previewed(self.submit_label, self.cancel_url))


class Places:
    """The parts of a certificate, each with a box to print it and the numbers of its place."""

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        boxes = {box.data["value"]: box for box in form["elements"]}

        def numbers(names: list[str]) -> list[str]:
            return [
                render_field(name, form, context, template_pack=template_pack) for name in names
            ]

        groups = [
            (title, [boxes[element] for element in elements], numbers(fields_of(prefixes)))
            for title, elements, prefixes in GROUPS
        ]
        return render_to_string(
            "awards/blank_places.html",
            {"form": form, "groups": groups, "shared": numbers(SHARED_FIELDS)},
        )


class Previewed(Actions):
    """The end of a form that can be looked at before it is saved."""

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        return render_to_string("awards/blank_actions.html", self.context)


class ReceiveForm(SeenForm):
    """Blanks that came."""

    submit_label = "Ghi nhận phôi"

    count = forms.IntegerField(label="Số tờ nhận", min_value=1, max_value=MOST_BLANKS)
    reason = forms.CharField(
        label="Ghi chú (nếu có)",
        required=False,
        max_length=_MOST_REASON,
        help_text="Ví dụ số phiếu giao hàng, hoặc «trả lại, chưa in đến».",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_count(self.fields["count"])


class SpoiltForm(SeenForm):
    """Blanks that cannot be used, and how they were spoilt."""

    submit_label = "Ghi phôi hỏng"

    run = forms.ChoiceField(label="Hỏng khi nào", widget=forms.RadioSelect, required=False)
    count = forms.IntegerField(label="Số tờ hỏng", min_value=1, max_value=MOST_BLANKS)
    reason = forms.CharField(
        label="Lý do",
        max_length=_MOST_REASON,
        help_text="Ví dụ «in lệch», «kẹt giấy», «rách khi mở gói».",
    )

    def __init__(self, *args: Any, runs: Iterable[PrintRun], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_count(self.fields["count"])
        self.runs = {str(run.pk): run for run in runs}
        self.fields["run"].choices = [  # type: ignore[attr-defined]
            ("", "Ngoài lượt in: rách, ướt, thử máy. Số tờ này được trừ khỏi số còn."),
            *((key, f"{run}: tờ in hỏng đã trừ khi in.") for key, run in self.runs.items()),
        ]

    @property
    def chosen_run(self) -> PrintRun | None:
        """Return the run in which they were spoilt, None outside of all."""
        return self.runs.get(self.cleaned_data["run"])


class PrinterForm(SeenForm):
    """A printer, and how far its print has to be moved."""

    submit_label = "Lưu máy in"

    name = forms.CharField(
        label="Tên máy in", max_length=100, help_text="Ghi cả khay giấy nếu mỗi khay lệch một khác."
    )
    right_mm = LengthField(
        label="Sang phải (mm)",
        least=-MOST_SHIFT_MM,
        most=MOST_SHIFT_MM,
        initial=0,
        help_text="Dấu A cách mép trái 18,5 mm (thiếu 1,5) thì cộng 1,5; cách 21,5 mm thì trừ 1,5.",
    )
    down_mm = LengthField(
        label="Xuống dưới (mm)",
        least=-MOST_SHIFT_MM,
        most=MOST_SHIFT_MM,
        initial=0,
        help_text="Dấu A cách mép trên 18 mm (thiếu 2) thì cộng 2; cách 22 mm thì trừ 2. Số âm ghi -2.",
    )
    is_active = forms.BooleanField(label="Đang dùng", required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["is_active"]


class BlankField(forms.ModelChoiceField):
    """A choice among blanks; each says how many are left."""

    def label_from_instance(self, obj: CertificateBlank) -> str:
        return f"Phôi «{obj}», còn {obj.left_count} tờ"  # type: ignore[attr-defined] # annotated


class PrinterField(forms.ModelChoiceField):
    """A choice among printers; each says what it is moved by."""

    def label_from_instance(self, obj: Printer) -> str:
        return f"{obj} (phải {_number(obj.right_mm)} mm, xuống {_number(obj.down_mm)} mm)"


class RunForm(SeenForm):
    """Which certificates are printed, on what, by which printer, and why again."""

    submit_label = "Tạo bản in"
    form_tag = False

    lines = forms.MultipleChoiceField(
        label="Giấy khen để in",
        error_messages={"required": "Hãy đánh dấu ít nhất một giấy khen."},
    )
    blank = BlankField(
        queryset=CertificateBlank.objects.none(),
        label="In lên",
        required=False,
        empty_label="Giấy trắng, in cả tờ",
    )
    printer = PrinterField(
        queryset=Printer.objects.none(),
        label="Máy in",
        required=False,
        empty_label="Không dời",
        help_text="In trên phôi thì phải chọn máy in đã căn chỉnh.",
    )
    reason = forms.CharField(
        label="Lý do in lại",
        required=False,
        max_length=_MOST_REASON,
        help_text="Chỉ cần khi chọn giấy đã in trước đây, ví dụ «in lệch», «người nhận làm mất».",
    )

    def __init__(
        self, *args: Any, lines: Iterable[Any], blanks: Any, printers: Any, **kwargs: Any
    ) -> None:
        lines = list(lines)
        unprinted = [str(line.pk) for line in lines if not line.printed_count]
        initial = {"lines": unprinted, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["lines"].choices = [(str(line.pk), str(line)) for line in lines]  # type: ignore[attr-defined]
        self.fields["blank"].queryset = blanks  # type: ignore[attr-defined]
        self.fields["printer"].queryset = printers  # type: ignore[attr-defined]

    def layout(self) -> Layout:
        """How it is printed; the list stands below, in a table of the page."""
        return Layout("blank", "printer", "reason", "seen")

    def clean(self) -> dict[str, Any]:
        """Printing on a blank needs its printer."""
        cleaned = self.cleaned_data
        if cleaned.get("blank") and not cleaned.get("printer") and "printer" not in self.errors:
            self.add_error(
                "printer", "Hãy chọn máy in: chữ in trên phôi được dời theo độ lệch của máy."
            )
        return cleaned

    @property
    def ticked(self) -> set[str]:
        """Return the lines whose box is ticked, as they came or as they are offered."""
        return {str(value) for value in self["lines"].value() or ()}


def _as_count(field: forms.Field) -> None:
    field.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
