"""What the office writes to units that are late."""

from typing import Any

from django import forms

from awards.actions.reminders import LONGEST_NUDGE
from thidua.core.forms import PageForm
from units.models import Unit


class NudgeForm(PageForm):
    """Which units are urged, in which words."""

    submit_label = "Nhắc các đơn vị đã chọn"

    units = forms.ModelMultipleChoiceField(
        label="Đơn vị",
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple(),
    )
    text = forms.CharField(
        label="Lời nhắc",
        help_text="Trưởng phòng đọc ngay ở trang «Việc của tôi» và trong thư nhắc việc tới. Lời "
        "nhắc đi qua thư điện tử: đừng ghi tên cá nhân được đề nghị.",
        max_length=LONGEST_NUDGE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
