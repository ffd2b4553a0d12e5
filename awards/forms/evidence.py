"""Minh chứng: a file and what it proves."""

from crispy_forms.layout import Layout
from django import forms

from thidua.core.forms import PageForm


class EvidenceForm(PageForm):
    """A file that proves a claim, with what it shows; stands inside the form of the report."""

    form_tag = False

    file = forms.FileField(
        label="Tệp minh chứng",
        help_text="PDF, ảnh JPG hoặc PNG, không quá 20 MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    caption = forms.CharField(
        label="Tệp này chứng minh điều gì",
        required=False,
        max_length=200,
        help_text="Để trống thì dùng tên tệp.",
    )

    def layout(self) -> Layout:
        return Layout("file", "caption")
