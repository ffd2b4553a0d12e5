"""The form on which a unit confirms how its recipients are printed."""

import dataclasses
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html

from awards.actions.lines import PrintedLine
from awards.models import Nomination
from awards.papers.lines import line_previews
from awards.rules.lines import LONGEST_NAME, LONGEST_TITLE
from thidua.core import clock
from thidua.core.certificates import print_certificates
from thidua.core.documents import PaperError
from thidua.core.forms import PageForm
from thidua.core.workflow import Refused

_LONGEST_VERSION = 9  # digits


class OneLineField(forms.CharField):
    """A text that is printed on one line: a tab or a line feed in it is a slip of the pasting."""

    def clean(self, value: Any) -> Any:
        if any(unicodedata.category(char) == "Cc" for char in value or ""):
            raise forms.ValidationError(
                "Ô này có ký tự điều khiển (xuống dòng, tab…); hãy gõ lại trên một dòng."
            )
        return super().clean(value)


@dataclasses.dataclass(frozen=True, slots=True)
class LineFields:
    """Một dòng của biểu mẫu: the nomination with its three fields."""

    nomination: Nomination
    name: BoundField
    title: BoundField
    version: BoundField


class LinesForm(PageForm):
    """Xác nhận dòng in: name and title of each recipient; the reason of whoever stands in."""

    form_tag = False

    reason = forms.CharField(
        label="Lý do xác nhận thay",
        help_text="Ví dụ: Trưởng phòng nghỉ phép đến hết ngày 30/11/2025. Ghi vào nhật ký thao tác.",
        max_length=500,
    )

    def __init__(
        self, *args: Any, nominations: Iterable[Nomination], asks_reason: bool, **kwargs: Any
    ) -> None:
        self.nominations = list(nominations)
        lines = {}
        for nomination in self.nominations:
            lines |= _fields_of(nomination)
        self.base_fields = {**lines, **self.base_fields}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        if not asks_reason:
            del self.fields["reason"]

    @property
    def rows(self) -> list[LineFields]:
        """Return the fields as the page shows them, one recipient after the other."""
        return [
            LineFields(n, self[f"name_{n.pk}"], self[f"title_{n.pk}"], self[f"version_{n.pk}"])
            for n in self.nominations
        ]

    @property
    def lines(self) -> list[PrintedLine]:
        """Return what was typed."""
        typed = self.cleaned_data
        return [
            PrintedLine(
                n.pk,
                typed[f"name_{n.pk}"],
                typed[f"title_{n.pk}"],
                _number(typed[f"version_{n.pk}"]),
            )
            for n in self.nominations
        ]

    def clean(self) -> dict[str, Any]:
        """Put each line on its certificate: what has no room there, or no letter, is said here."""
        typed = super().clean() or self.cleaned_data
        whole = [
            (n, typed[f"name_{n.pk}"], typed[f"title_{n.pk}"])
            for n in self.nominations
            if typed.get(f"name_{n.pk}") and typed.get(f"title_{n.pk}")
        ]
        try:
            previews = line_previews(whole, clock.today())
        except Refused as refusal:
            self.add_error(None, str(refusal))
            return typed
        for (nomination, *_), (paper, sheet) in zip(whole, previews, strict=True):
            try:
                print_certificates([paper], sheet)
            except PaperError as error:
                self.add_error(f"name_{nomination.pk}", str(error))
        return typed


def seen_anew(sent: Mapping[str, Any], nominations: Iterable[Nomination]) -> dict[str, Any]:
    """Return what was sent as the person goes on with it, having read what changed meanwhile.

    The versions are the present ones; a field that the person left as it was in sight shows what
    stands now, so that going on does not take back what somebody else has confirmed.
    """
    anew = {name: sent[name] for name in sent}
    for n in nominations:
        anew[f"version_{n.pk}"] = n.version
        for name, now in ((f"name_{n.pk}", n.line_name), (f"title_{n.pk}", n.line_title)):
            if anew.get(name) == anew.get(f"initial-{name}"):
                anew[name] = now
            anew[f"initial-{name}"] = now
    return anew


def _fields_of(nomination: Nomination) -> dict[str, forms.Field]:
    return {
        f"name_{nomination.pk}": OneLineField(
            label=_label("Tên in", nomination),
            initial=nomination.line_name,
            max_length=LONGEST_NAME,
            show_hidden_initial=True,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
        f"title_{nomination.pk}": OneLineField(
            label=_label("Chức vụ, đơn vị in", nomination),
            initial=nomination.line_title,
            max_length=LONGEST_TITLE,
            show_hidden_initial=True,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
        f"version_{nomination.pk}": forms.CharField(
            required=False,
            initial=nomination.version,
            label="Phiên bản",
            widget=forms.HiddenInput,
        ),
    }


def _label(what: str, nomination: Nomination) -> str:
    """Name the field; whose it is stands above it for the eye, and in the label for the ear."""
    words = '{}<span class="visually-hidden"> của {}</span>'
    return format_html(words, what, nomination.recipient_name)


def _number(seen: str) -> int:
    """Return the version that was in sight; 0, which none has, for anything else."""
    is_number = seen.isascii() and seen.isdecimal() and len(seen) <= _LONGEST_VERSION
    return int(seen) if is_number else 0
