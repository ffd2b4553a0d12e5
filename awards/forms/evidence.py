"""Minh chứng: files and what they prove; dẫn chứng: the page that proves a claim."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.core.files.uploadedfile import UploadedFile

from awards.models import Evidence
from thidua.core.forms import PageForm

MOST_AT_ONCE = 20
_MOST_CAPTION = 200
_KINDS = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"


class SeveralFiles(forms.FileInput):
    """A plain file field that takes several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Several files, each of them cleaned as one."""

    widget = SeveralFiles

    def clean(self, value: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        chosen = value if isinstance(value, list | tuple) else [value]
        if len(chosen) > MOST_AT_ONCE:
            raise forms.ValidationError(f"Hãy chọn không quá {MOST_AT_ONCE} tệp mỗi lần.")
        if len(chosen) <= 1:
            return [super().clean(chosen[0] if chosen else None, initial)]
        # An empty one among several is refused by itself, with its name, when it is kept.
        return [one for one in chosen if one]


class EvidenceForm(PageForm):
    """Files that prove claims, with what they show; stands inside the form of the report."""

    form_tag = False

    file = FilesField(
        label="Tệp minh chứng",
        help_text=(
            "PDF, ảnh JPG hoặc PNG, Word .docx, Excel .xlsx, mỗi tệp không quá 20 MB; chọn được "
            f"nhiều tệp, không quá {MOST_AT_ONCE} tệp mỗi lần."
        ),
        widget=SeveralFiles(attrs={"accept": _KINDS}),
    )
    caption = forms.CharField(
        label="Tệp này chứng minh điều gì",
        required=False,
        max_length=_MOST_CAPTION,
        help_text="Để trống thì dùng tên tệp. Nhiều tệp thì tên tệp đứng sau lời này.",
    )

    def layout(self) -> Layout:
        return Layout(Field("file", template="awards/evidence_drop.html"), "caption")

    def named_files(self) -> list[tuple[UploadedFile, str]]:
        """Return each file with how it is called: the words, and among several its name."""
        chosen, caption = self.cleaned_data["file"], self.cleaned_data["caption"]
        if not caption or len(chosen) == 1:
            return [(upload, caption) for upload in chosen]
        return [(upload, f"{caption}: {upload.name}"[:_MOST_CAPTION]) for upload in chosen]


class ClaimForm(PageForm):
    """Dẫn chứng of one heading: stands inside the form of the report, its names prefixed."""

    form_tag = False

    statement = forms.CharField(
        label="Điều được chứng minh",
        help_text="Chép lời của mục này, ví dụ «Xử lý 12 đơn, đạt 100%».",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    evidence = forms.TypedChoiceField(label="Tệp dẫn tới", coerce=int)
    page = forms.IntegerField(
        label="Trang",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="Để trống nếu tệp chỉ có một trang, hoặc là tệp Word, Excel.",
    )

    def __init__(self, *args: Any, files: Iterable[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["evidence"]
        # From a list, for there is one such form for each heading of a page.
        choice.choices = [("", "Chọn tệp"), *((one.pk, _named(one)) for one in files)]

    @staticmethod
    def prefix_of(heading_id: int) -> str:
        return f"claim_{heading_id}"


def _named(evidence: Evidence) -> str:
    pages = evidence.page_count or 0
    return f"{evidence.caption} ({pages} trang)" if pages > 1 else evidence.caption
