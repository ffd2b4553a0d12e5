"""Forms of the agency's page."""

from django import forms

from thidua.core.forms import PageForm


class EmblemForm(PageForm):
    """The national emblem as a file of the agency: nobody draws it."""

    submit_label = "Tải lên"
    file = forms.FileField(
        label="Tệp Quốc huy",
        help_text="Ảnh PNG hoặc JPG, vuông, từ 600 điểm ảnh. In ở đầu giấy khen.",
    )
