"""What the keepers of the hold register write down."""

import itertools
from collections.abc import Iterable
from typing import Any

from django import forms

from staff.models import HoldKind, HoldOutcome, Person
from thidua.core.forms import PageForm
from units.models import Unit


class HoldFilterForm(forms.Form):
    """Which lines of the register are listed; it only shows, nothing is refused."""

    q = forms.CharField(label="Tên", required=False)
    state = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[
            ("live", "Đang tạm giữ"),
            ("over", "Đã kết luận, đã đính chính"),
            ("all", "Tất cả"),
        ],
    )


class HoldForm(PageForm):
    """Who waits, what is being settled, and by which document."""

    submit_label = "Ghi vào sổ"

    subject = forms.ChoiceField(label="Cá nhân, tập thể")
    kind = forms.ChoiceField(
        label="Đang giải quyết việc gì", choices=HoldKind.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Nội dung",
        max_length=2000,
        help_text="Chỉ người giữ sổ đọc được. Ghi vừa đủ để nhận ra vụ việc.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document_number = forms.CharField(
        label="Số, ký hiệu văn bản", max_length=100, help_text="Văn bản mở đầu vụ việc."
    )
    document_on = forms.DateField(label="Ngày văn bản")
    opened_on = forms.DateField(
        label="Tạm giữ từ ngày",
        help_text="Không trước ngày văn bản, không sau hôm nay; ví dụ 20/11/2025.",
    )

    def __init__(
        self, *args: Any, people: Iterable[Person], units: Iterable[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.subjects: dict[str, Person | Unit] = {f"unit:{unit.pk}": unit for unit in units}
        collectives = [(key, str(unit)) for key, unit in self.subjects.items()]
        groups = []
        in_units = sorted(people, key=lambda person: (person.unit.sort_key, person.sort_key))
        for unit, members in itertools.groupby(in_units, key=lambda person: person.unit):
            listed = {f"person:{person.pk}": person for person in members}
            self.subjects |= listed
            lines = [(key, f"{one.full_name}, {one.position}") for key, one in listed.items()]
            groups.append((unit.name, lines))
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            ("", "Chọn cá nhân hoặc tập thể"),
            ("Tập thể", collectives),
            *groups,
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the action takes."""
        names = ("kind", "reason", "opened_on", "document_number", "document_on")
        subject = self.subjects[self.cleaned_data["subject"]]
        return {"subject": subject} | {name: self.cleaned_data[name] for name in names}


class CorrectionForm(HoldForm):
    """The same line as it should have been, and why it was wrong."""

    submit_label = "Ghi đính chính"

    correction_reason = forms.CharField(
        label="Lý do đính chính",
        max_length=500,
        help_text="Dòng sai vẫn được lưu, có dấu «đã đính chính».",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConclusionForm(PageForm):
    """How a matter ended, and by which document."""

    submit_label = "Ghi kết luận"

    concluding_number = forms.CharField(label="Số, ký hiệu văn bản kết luận", max_length=100)
    concluded_on = forms.DateField(
        label="Ngày văn bản kết luận",
        help_text="Không trước ngày tạm giữ, không sau hôm nay; ví dụ 20/11/2025.",
    )
    outcome = forms.ChoiceField(
        label="Kết luận", choices=HoldOutcome.choices, widget=forms.RadioSelect
    )
    discipline_until = forms.DateField(
        label="Thời hạn kỷ luật đến hết ngày",
        required=False,
        help_text="Chỉ ghi khi bị kỷ luật. Thành tích chỉ tính từ sau ngày này.",
    )
    file = forms.FileField(
        label="Tệp văn bản kết luận (nếu có)",
        required=False,
        help_text="PDF, ảnh JPG hoặc PNG, đến 20 MB. Chỉ người giữ sổ mở được.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the action takes, but for the file."""
        names = ("concluding_number", "concluded_on", "outcome", "discipline_until")
        return {name: self.cleaned_data[name] for name in names}
