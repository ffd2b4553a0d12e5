"""Yêu cầu bổ sung: a remark beside each part of a nomination that its unit is to mend."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import HTML, Layout
from django import forms

from awards.models import ReturnKind
from campaigns.models import ReportHeading
from thidua.core.forms import PageForm

_HEADING = "point_"
_LONGEST = 2000
_OTHERS = (ReturnKind.EVIDENCE, ReturnKind.VOTE)


class ReturnForm(PageForm):
    """Which points are to be mended: what has a remark opens to the unit, and nothing else."""

    submit_label = "Yêu cầu bổ sung"

    note = forms.CharField(
        label="Nhận xét chung",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    whole = forms.CharField(
        label="Mở toàn bộ hồ sơ",
        help_text="Chỉ ghi khi cần làm lại cả hồ sơ; nêu lý do. Khi đó mọi phần đều sửa được.",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, headings: Iterable[ReportHeading], **kwargs: Any) -> None:
        self.headings = [heading for heading in headings if not heading.is_group]
        points = {f"{_HEADING}{heading.pk}": _remark(f"Mục {heading}") for heading in self.headings}
        others = {f"{_HEADING}{kind}": _remark(str(kind.label)) for kind in _OTHERS}
        note, whole = self.base_fields["note"], self.base_fields["whole"]
        self.base_fields = {  # type: ignore[misc]
            "note": note,
            **points,
            **others,
            "whole": whole,
        }
        super().__init__(*args, **kwargs)

    @property
    def remarks(self) -> dict[ReportHeading | ReturnKind, str]:
        """Return the remarks that were typed, by the place that each opens."""
        places: dict[ReportHeading | ReturnKind, str] = {
            **{heading: f"{_HEADING}{heading.pk}" for heading in self.headings},
            **{kind: f"{_HEADING}{kind}" for kind in _OTHERS},
            ReturnKind.WHOLE: "whole",
        }
        typed = {place: self.cleaned_data[name] for place, name in places.items()}
        return {place: text for place, text in typed.items() if text}

    def layout(self) -> Layout:
        layout = super().layout()
        hint = "Chỉ phần nào có yêu cầu thì đơn vị mới sửa được."
        title = f"<h2>Điểm cần bổ sung</h2><p class='muted'>{hint}</p>"
        layout.fields.insert(1, HTML(title))
        return layout


class SupplementForm(PageForm):
    """What a unit tells the office when it sends a mended nomination again."""

    form_tag = False

    note = forms.CharField(
        label="Nhắn Văn phòng đã sửa gì",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def layout(self) -> Layout:
        return Layout("note")


def _remark(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
