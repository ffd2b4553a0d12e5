"""Forms of the registrar's desk."""

from typing import Any

from django import forms

from campaigns.models import AwardType
from thidua.core import clock
from thidua.core.forms import PageForm

_DAY_FORMAT = "%d/%m/%Y"


def _today() -> str:
    return f"{clock.today():{_DAY_FORMAT}}"


class IssueForm(PageForm):
    """The date of a decision; `listed` says which list the registrar had in sight."""

    submit_label = "Cấp số và tạo giấy khen"

    issued_on = forms.DateField(
        label="Ngày ban hành",
        initial=_today,
        help_text="Ngày/tháng/năm; không sau hôm nay, không trước ngày của quyết định liền trước.",
    )
    listed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, listed: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"listed": listed}, **kwargs)
        self.present_list = listed

    def clean_listed(self) -> str:
        """Refuse to number a list that the registrar has not seen; an empty one is the act's."""
        seen: str = self.cleaned_data["listed"]
        if seen and self.present_list and seen != self.present_list:
            self.data = self.data.copy()
            self.data["listed"] = self.present_list
            self.add_error(
                None, "Danh sách vừa thay đổi. Hãy xem lại danh sách bên dưới rồi bấm lần nữa."
            )
        return seen


class CloseForm(PageForm):
    """The signed decision, and the day of signing that the prize money follows."""

    submit_label = "Ban hành và vào sổ"

    upload = forms.FileField(
        label="Quyết định đã ký",
        help_text="Tệp PDF đã ký số, hoặc bản quét PDF, JPG, PNG có chữ ký và dấu; đến 20 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    signed_on = forms.DateField(
        label="Ngày ký",
        help_text="Ngày/tháng/năm ghi trên quyết định. Tiền thưởng tính theo mức lương cơ sở của ngày này.",
    )

    def __init__(self, *args: Any, has_kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The file may have come with an earlier try of the same form.
        self.fields["upload"].required = not has_kept


class RegisterFilterForm(forms.Form):
    """What narrows the register; stands in the address of the page."""

    q = forms.CharField(label="Tìm tên, đơn vị", required=False, max_length=100)
    year = forms.TypedChoiceField(label="Năm", required=False, coerce=int, empty_value=None)
    award = forms.ChoiceField(
        label="Hình thức", required=False, choices=[("", "Tất cả"), *AwardType.choices]
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "Tất cả"), *((y, str(y)) for y in years)]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "form-control")
