"""What the office decides while a campaign runs: extensions, quotas, waivers."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.layout import Layout
from django import forms

from campaigns.models import Criterion, SubjectKind
from campaigns.queries import quotas
from thidua.core.forms import Actions, PageForm
from units.models import Unit

_ALL = "all"
_EACH = "each"
_QUOTA = re.compile(r"(\d{1,3})( ?%)?")


class RulingForm(PageForm):
    """Who allowed an exception, why, and by which document; its file may come along."""

    reason = forms.CharField(
        label="Lý do", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    decided_by = forms.CharField(
        label="Người quyết định",
        max_length=200,
        help_text="Chức vụ và họ tên, ví dụ «Chánh Thanh tra Nguyễn Văn A».",
    )
    document = forms.CharField(
        label="Văn bản cho phép",
        max_length=200,
        help_text="Tên loại, số, ký hiệu và ngày, ví dụ «Công văn số 12/TTr-VP ngày 20/11/2025».",
    )
    file = forms.FileField(
        label="Tệp văn bản (nếu có)",
        required=False,
        help_text="PDF, ảnh JPG hoặc PNG, đến 20 MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def ruling(self) -> dict[str, Any]:
        """Return the columns that every ruling has, but for the file."""
        return {name: self.cleaned_data[name] for name in ("reason", "decided_by", "document")}


class ExtensionForm(RulingForm):
    """A later last day, for one unit or for all."""

    submit_label = "Ghi gia hạn"
    field_order = ("unit", "due_on", "reason", "decided_by", "document", "file", "kept")

    unit = forms.ChoiceField(label="Gia hạn cho")
    due_on = forms.DateField(
        label="Nhận hồ sơ đến hết ngày",
        help_text="Ngày/tháng/năm; cả ngày này được tính, đến hết 24 giờ.",
    )

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", "Chọn đơn vị"),
            (_ALL, "Mọi đơn vị"),
            ("Một đơn vị", [(key, unit.name) for key, unit in self.units.items()]),
        ]

    @property
    def chosen_unit(self) -> Unit | None:
        """Return the unit chosen, None for all."""
        return self.units.get(self.cleaned_data["unit"])


class CriterionField(forms.ModelChoiceField):
    """A choice among the pairs of form of award and kind of subject."""

    def label_from_instance(self, obj: Criterion) -> str:
        """Name the pair."""
        return quotas.label_of(obj)


class WaiverForm(RulingForm):
    """How many more a unit may propose of one kind."""

    submit_label = "Ghi cho vượt chỉ tiêu"
    field_order = (
        "unit", "criterion", "extra_count", "reason", "decided_by", "document", "file", "kept",
    )  # fmt: skip

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none())
    criterion = CriterionField(label="Hình thức, đối tượng", queryset=Criterion.objects.none())
    extra_count = forms.IntegerField(
        label="Được vượt thêm",
        min_value=1,
        max_value=99,
        help_text="Số trường hợp thêm vào chỉ tiêu đang có.",
    )

    def __init__(self, *args: Any, units: Any, criteria: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = "Chọn đơn vị"  # type: ignore[attr-defined]
        self.fields["criterion"].queryset = criteria  # type: ignore[attr-defined]
        self.fields["criterion"].empty_label = "Chọn hình thức và đối tượng"  # type: ignore[attr-defined]


class QuotaForm(PageForm):
    """The quotas of one pair: of each unit, and of single units; hidden, what was in sight."""

    submit_label = "Lưu chỉ tiêu"

    def __init__(
        self,
        *args: Any,
        criterion: Criterion,
        units: Iterable[Unit],
        present: Mapping[int | None, str],
        **kwargs: Any,
    ) -> None:
        self.criterion = criterion
        self.units = {_EACH: None, **{f"unit_{unit.pk}": unit.pk for unit in units}}
        share = ", hoặc một tỷ lệ số người như 10%" if self.takes_share else ""
        labels = {_EACH: "Mỗi đơn vị", **{f"unit_{unit.pk}": unit.name for unit in units}}
        hints = {_EACH: f"Một con số{share}. Để trống là không giới hạn, 0 là không đề nghị."}
        self.base_fields = {  # type: ignore[misc]
            key: field
            for name, label in labels.items()
            for key, field in (
                (
                    name,
                    forms.CharField(
                        label=label,
                        required=False,
                        max_length=10,
                        help_text=hints.get(name, ""),
                        widget=forms.TextInput(attrs={"autocomplete": "off"}),
                    ),
                ),
                (
                    f"seen_{name}",
                    forms.CharField(required=False, max_length=10, widget=forms.HiddenInput),
                ),
            )
        }
        initial = {
            key: present.get(unit_id, "")
            for name, unit_id in self.units.items()
            for key in (name, f"seen_{name}")
        }
        super().__init__(*args, initial=initial, **kwargs)

    @property
    def takes_share(self) -> bool:
        return self.criterion.subject_kind == SubjectKind.PERSON

    @property
    def wanted(self) -> dict[int | None, str]:
        """Return what was typed, by unit."""
        return {unit_id: self.cleaned_data[name] for name, unit_id in self.units.items()}

    @property
    def seen(self) -> dict[int | None, str]:
        """Return what the writer had in sight, by unit."""
        return {unit_id: self.cleaned_data[f"seen_{name}"] for name, unit_id in self.units.items()}

    def clean(self) -> dict[str, Any]:
        """Read each quota as it is kept, and say beside it what is wrong."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.units:
            if cleaned.get(name):
                cleaned[name] = self._read(name, cleaned[name])
        return cleaned

    def _read(self, name: str, text: str) -> str:
        match = _QUOTA.fullmatch(text)
        if match is None:
            share = " hoặc một tỷ lệ như 10%" if self.takes_share else ""
            self.add_error(name, f"Hãy ghi một con số từ 0 đến 999{share}.")
            return text
        number, percent = int(match[1]), match[2]
        if percent and not self.takes_share:
            self.add_error(name, "Tỷ lệ chỉ dùng cho cá nhân. Hãy ghi một con số.")
        elif percent and not 1 <= number <= 100:  # noqa: PLR2004 -- a share in percent
            self.add_error(name, "Hãy ghi tỷ lệ từ 1% đến 100%.")
        return f"{number}%" if percent else str(number)

    def show_conflict(self, now: Mapping[int | None, str]) -> None:
        """Say beside each field what somebody else wrote meanwhile; what was typed stays."""
        mended: Any = self.data
        self.data = mended = mended.copy()
        for name, unit_id in self.units.items():
            if unit_id in now:
                mended[f"seen_{name}"] = now[unit_id]
                standing = quotas.sentence_of(now[unit_id]) if now[unit_id] else "để trống"
                self.add_error(
                    name,
                    f"Người khác vừa sửa thành: {standing}. Lưu lần nữa để dùng điều quý vị gõ.",
                )

    def layout(self) -> Layout:
        return Layout(*self.fields, Actions(self.submit_label, self.cancel_url))


class GraceForm(PageForm):
    """For how many minutes a page that was opened in time may still send."""

    submit_label = "Lưu"

    minutes = forms.IntegerField(
        label="Số phút gửi chậm",
        min_value=0,
        max_value=120,
        help_text="Trang gửi đã mở trước khi hết hạn được gửi thêm ngần ấy phút, biên nhận ghi rõ; "
        "0 là không cho.",
    )
