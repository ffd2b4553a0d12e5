"""Forms of the agency's page and of the own account."""

from django import forms

from thidua.core.forms import PageForm


class EmblemForm(PageForm):
    """The national emblem as a file of the agency: nobody draws it."""

    submit_label = "Tải lên"
    file = forms.FileField(
        label="Tệp Quốc huy",
        help_text="Ảnh PNG hoặc JPG, vuông, từ 600 điểm ảnh. In ở đầu giấy khen.",
    )


class AccountForm(PageForm):
    """Where the morning's mail goes, and whether it goes at all."""

    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        help_text="Chỉ dùng để gửi nhắc việc. Để trống thì chỉ đọc nhắc việc trong phần mềm.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    takes_mail = forms.BooleanField(
        label="Nhận nhắc việc qua thư điện tử",
        required=False,
        help_text="Mỗi ngày nhiều nhất một thư, chỉ khi có việc.",
    )
