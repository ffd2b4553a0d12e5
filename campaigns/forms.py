"""What the office gives of a plan: its file or its words, then one field after the other."""

import secrets
from typing import Any

from django import forms

from campaigns.plan_fields import Field
from thidua.core.forms import PageForm

_MOST = 200_000


class PlanSourceForm(PageForm):
    """Where the plan comes from: a Word file, pasted words, or nothing but the keyboard."""

    submit_label = "Đọc kế hoạch"

    file = forms.FileField(
        label="Tệp kế hoạch",
        required=False,
        help_text="Tệp Word .docx, đến 20 MB. Tệp được giữ nguyên cùng bản đọc.",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    text = forms.CharField(
        label="Hoặc dán lời văn của kế hoạch",
        required=False,
        max_length=_MOST,
        help_text="Dán cả văn bản, từ số, ký hiệu đến nơi nhận.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    by_hand = forms.BooleanField(label="Không có văn bản: tự điền mọi mục", required=False)
    # Drawn anew with each page: what is sent twice from one page is one plan.
    form_key = forms.CharField(
        required=False,
        initial=secrets.token_hex,
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one source."""
        cleaned = super().clean() or self.cleaned_data
        given = [name for name in ("file", "text", "by_hand") if cleaned.get(name)]
        if not given and not self.errors:
            self.add_error(None, "Hãy chọn tệp, dán lời văn, hoặc đánh dấu tự điền mọi mục.")
        if len(given) > 1:
            self.add_error(None, "Hãy chỉ dùng một cách: tệp, lời văn dán vào, hoặc tự điền.")
        return cleaned


class CopyForm(PageForm):
    """By how many years the dates of a plan move."""

    submit_label = "Lập đợt mới"

    years = forms.IntegerField(
        label="Dời các ngày thêm (năm)",
        min_value=1,
        max_value=10,
        initial=1,
        help_text="Thời gian thi đua và thời hạn nhận hồ sơ được dời; mọi mục đều phải xác nhận lại.",
    )


class PlanFieldForm(PageForm):
    """One field of a plan, to be confirmed as it stands or as it was mended."""

    form_tag = False

    def __init__(self, *args: Any, field: Field, **kwargs: Any) -> None:
        is_long = field.rows > 1
        value = forms.CharField(
            label=field.label,
            help_text=field.hint,
            required=field.required,
            max_length=_MOST,
            widget=forms.Textarea(attrs={"rows": field.rows}) if is_long else forms.TextInput(),
        )
        self.base_fields = {"value": value}  # type: ignore[misc]
        super().__init__(*args, prefix=field.name, **kwargs)
