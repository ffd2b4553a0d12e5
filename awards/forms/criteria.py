"""Where a report shows the criteria of the plan."""

from collections.abc import Container, Iterable
from typing import Any

from django import forms

from campaigns.models import Criterion, ReportHeading
from thidua.core.forms import PageForm


class CriteriaForm(PageForm):
    """For each criterion the heading of the report that shows it, or that nobody knows yet."""

    submit_label = "Lưu nơi nêu tiêu chuẩn"

    def __init__(
        self,
        *args: Any,
        criteria: Iterable[Criterion],
        headings: Iterable[ReportHeading],
        written: Container[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        self.headings = {str(heading.pk): heading for heading in headings}
        choices = [("", "Chưa rõ")]
        for key, heading in self.headings.items():
            choices.append((key, f"{heading}{'' if heading.pk in written else ' (còn trống)'}"))
        for criterion in self.criteria:
            self.fields[f"criterion_{criterion.pk}"] = forms.ChoiceField(
                label=f"Tiêu chuẩn ở mục {criterion.clause} được nêu ở mục nào của báo cáo?",
                help_text=criterion.text[:1].upper() + criterion.text[1:],
                choices=choices,
                required=False,
                error_messages={
                    "invalid_choice": "Mục này không còn trong mẫu báo cáo; hãy chọn lại."
                },
            )

    @property
    def answers(self) -> dict[Criterion, ReportHeading | None]:
        """Return the chosen heading of each criterion, None for «Chưa rõ»."""
        return {
            criterion: self.headings.get(self.cleaned_data[f"criterion_{criterion.pk}"])
            for criterion in self.criteria
        }
