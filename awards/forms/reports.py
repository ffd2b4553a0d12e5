"""Báo cáo thành tích: a text under each heading of its form."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.layout import Layout
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils.html import escape

from campaigns.models import ReportHeading
from thidua.core.forms import LONGEST_TEXT, PageForm

_LONGEST_KEY = 19  # digits: a longer number is no key of the database


_HEADING = "heading_"


@dataclasses.dataclass(frozen=True, slots=True)
class HeadingTitle:
    """What stands before the field of a heading: a title, or somebody else's newer text."""

    template: str
    context: dict[str, Any]

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        return render_to_string(self.template, self.context)


class ReportForm(PageForm):
    """Báo cáo thành tích: a text under each heading; `theirs` are newer texts to compare."""

    form_tag = False

    version = forms.IntegerField(required=False, label="Phiên bản", widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        headings: Iterable[ReportHeading],
        theirs: Mapping[int, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.headings = list(headings)
        self.theirs = theirs or {}
        self.beside: Mapping[int, dict[str, Any]] = {}  # what stands below a heading, by its key
        self.base_fields = {**self.base_fields, **_text_fields(self.headings)}  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    @property
    def texts(self) -> dict[int, str]:
        """Return what was typed, by heading."""
        return {
            heading.pk: self.cleaned_data[f"{_HEADING}{heading.pk}"]
            for heading in self.headings
            if not heading.is_group
        }

    def layout(self) -> Layout:
        shown: list[Any] = ["version"]
        for heading in self.headings:
            if heading.is_group:
                shown.append(HeadingTitle("awards/report_heading.html", {"heading": heading}))
                continue
            if heading.pk in self.theirs:
                context = {"heading": heading, "text": self.theirs[heading.pk]}
                shown.append(HeadingTitle("awards/report_theirs.html", context))
            shown.append(f"{_HEADING}{heading.pk}")
            if heading.pk in self.beside:
                shown.append(HeadingTitle("awards/report_claims.html", self.beside[heading.pk]))
        return Layout(*shown)


def _text_fields(headings: Iterable[ReportHeading]) -> dict[str, forms.Field]:
    return {
        f"{_HEADING}{heading.pk}": forms.CharField(
            label=f"{heading.number}. {heading.title}"
            + ("" if heading.is_required else " (nếu có)"),
            help_text=escape(heading.hint),
            required=False,  # a draft is kept as it is; what lacks is listed beside it
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 5}),
        )
        for heading in headings
        if not heading.is_group
    }


def report_initial(version: int, texts: Mapping[int, str]) -> dict[str, Any]:
    """Return the first content of a ReportForm."""
    return {
        "version": version,
        **{f"{_HEADING}{heading_id}": text for heading_id, text in texts.items()},
    }


def typed_headings(sent: Mapping[str, str]) -> dict[int, str]:
    """Return the texts of a request by the heading that each field names, whatever its form."""
    numbers = {name: name.removeprefix(_HEADING) for name in sent if name.startswith(_HEADING)}
    return {
        int(number): sent[name]
        for name, number in numbers.items()
        if number.isascii() and number.isdigit() and len(number) < _LONGEST_KEY
    }
