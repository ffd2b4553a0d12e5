"""Forms of the letter to the superior."""

from typing import Any

from django import forms

from thidua.core import clock
from thidua.core.forms import PageForm


def _today() -> str:
    return f"{clock.today():%d/%m/%Y}"


class NumberForm(PageForm):
    """The date of the letter; its number is the next one."""

    submit_label = "Cấp số và trình"

    issued_on = forms.DateField(
        label="Ngày trình",
        initial=_today,
        help_text="Ngày/tháng/năm; không sau hôm nay, không trước ngày của tờ trình liền trước.",
    )


class OutcomeForm(PageForm):
    """What the superior decided on one nomination."""

    submit_label = "Ghi kết quả"

    outcome = forms.ChoiceField(
        label="Kết quả",
        choices=[("granted", "Được tặng"), ("denied", "Không được tặng")],
        widget=forms.RadioSelect,
    )
    decision_number = forms.CharField(
        label="Số quyết định của cấp trên",
        help_text="Khi được tặng. Ví dụ 2145/QĐ-UBND.",
        required=False,
        max_length=60,
    )
    decided_on = forms.DateField(
        label="Ngày quyết định",
        help_text="Khi được tặng. Ngày/tháng/năm, ví dụ 20/11/2025.",
        required=False,
    )
    reason = forms.CharField(
        label="Lý do không được tặng",
        help_text="Khi không được tặng; ghi như văn bản trả lời.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for number and day of a grant, or for the reason of a denial."""
        cleaned = super().clean() or self.cleaned_data
        wanted = {
            "granted": {
                "decision_number": "Hãy ghi số quyết định của cấp trên.",
                "decided_on": "Hãy ghi ngày quyết định của cấp trên.",
            },
            "denied": {"reason": "Hãy ghi lý do không được tặng."},
        }
        for name, sentence in wanted.get(cleaned.get("outcome", ""), {}).items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return cleaned
