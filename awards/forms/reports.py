"""Báo cáo thành tích: a text under each heading of its form, rows where it asks for a list."""

import dataclasses
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crispy_forms.layout import Layout
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils.html import escape

from awards.rules.past_awards import (
    MOST_ISSUER,
    MOST_NAME,
    MOST_NUMBER,
    MOST_ROWS,
    MOST_YEAR,
    AwardRow,
)
from awards.rules.report_choices import JOIN, KEEP, REPLACE
from campaigns.models import ReportHeading
from thidua.core.drafts import DraftForm
from thidua.core.forms import PageForm
from thidua.core.text import LONGEST_TEXT

_LONGEST_KEY = 19  # digits: a longer number is no key of the database
_LONGEST_UNPLACED = 400_000
_EMPTY_ROWS = 3

_HEADING, _AWARD = "heading_", "award_"
_AWARD_NAME = re.compile(rf"^{_AWARD}(\d{{1,18}})_(\d{{1,2}})_([a-z_]+)$", re.ASCII)
_COLUMNS = {
    "year": ("Năm", MOST_YEAR),
    "name": ("Danh hiệu, hình thức", MOST_NAME),
    "decision_number": ("Số quyết định", MOST_NUMBER),
    "decided_on": ("Ngày quyết định", 0),
    "issued_by": ("Cơ quan ban hành", MOST_ISSUER),
}
_BEFORE_NUMBER = re.compile(r"^(?:(?:quyết định|qđ)\s+)?số\s*:?\s*", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class HeadingTitle:
    """What stands before the field of a heading: a title, or somebody else's newer text."""

    template: str
    context: dict[str, Any]

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        return render_to_string(self.template, self.context)


@dataclasses.dataclass(frozen=True, slots=True)
class AwardTable:
    """The rows of past awards of one heading, as plain fields."""

    heading: ReportHeading
    known_count: int = 0

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        lines = form.award_lines(self.heading.pk)
        return render_to_string(
            "awards/report_awards.html",
            {
                "heading": self.heading,
                "lines": lines,
                "columns": [label for label, _ in _COLUMNS.values()],
                "known_count": self.known_count,
                "nomination": form.nomination,
            },
        )


class ReportForm(DraftForm):
    """Báo cáo thành tích: texts and rows under the headings; `theirs` are newer ones to compare.

    `unplaced` is what was read from Word and belongs nowhere yet; the field is there while it is.
    """

    form_tag = False

    def __init__(
        self,
        *args: Any,
        headings: Iterable[ReportHeading],
        theirs: Mapping[int, str] | None = None,
        unplaced: str = "",
        known_count: int = 0,
        nomination: Any = None,
        closed: Mapping[int, str] | None = None,
        remarks: Mapping[int, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.headings = list(headings)
        self.theirs = theirs or {}
        # After a return: what stands under a heading that may not be written, and what the office
        # says about one that is to be mended.
        self.closed, self.remarks = closed or {}, remarks or {}
        self.beside: Mapping[int, dict[str, Any]] = {}  # what stands below a heading, by its key
        self.known_count, self.nomination = known_count, nomination
        sent = args[0] if args else kwargs.get("data")
        first = kwargs.get("initial") or {}
        self.rows_sent = _rows_in(sent or {})
        self.line_counts = _line_counts(self.headings, self.rows_sent, _rows_in(first))
        added = {**_text_fields(self.headings), **_row_fields(self.line_counts)}
        if unplaced or (sent and "unplaced_text" in sent):
            added["unplaced_text"] = _unplaced_field()
        self.base_fields = {**self.base_fields, **added}  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    @property
    def texts(self) -> dict[int, str]:
        """Return what was typed, by heading."""
        return {
            heading.pk: self.cleaned_data[f"{_HEADING}{heading.pk}"]
            for heading in self.headings
            if not heading.is_group and f"{_HEADING}{heading.pk}" in self.data
        }

    @property
    def rows(self) -> dict[int, list[AwardRow]]:
        """Return the rows that were typed, by heading; one whose table was not sent is not named."""
        return {
            heading.pk: [
                _row_of(self.cleaned_data, heading.pk, line)
                for line in range(1, self.line_counts[heading.pk] + 1)
            ]
            for heading in self.headings
            if heading.lists_awards and heading.pk in self.rows_sent
        }

    @property
    def unplaced(self) -> str | None:
        """Return the words that belong nowhere yet, None when the page did not show them."""
        return self.cleaned_data["unplaced_text"] if "unplaced_text" in self.data else None

    @property
    def wrong_rows(self) -> list[str]:
        """Return what is wrong in the rows, each sentence with its place."""
        return [
            f"dòng khen thưởng {found[2]}: {' '.join(map(str, errors))}"
            for name, errors in self.errors.items()
            if (found := _AWARD_NAME.match(name))
        ]

    def award_lines(self, heading_id: int) -> list[list[tuple[Any, str]]]:
        """Return the fields of each row, each with the sentence that says what it lacks."""
        found = []
        for line in range(1, self.line_counts[heading_id] + 1):
            names = {column: f"{_AWARD}{heading_id}_{line}_{column}" for column in _COLUMNS}
            said = {column: str(self[name].value() or "").strip() for column, name in names.items()}
            row = AwardRow(**{**said, "decided_on": None})
            lacks = row.lacks if any(said.values()) else {}
            found.append([(self[name], lacks.get(column, "")) for column, name in names.items()])
        return found

    def layout(self) -> Layout:
        shown: list[Any] = ["version", "page"]
        if "unplaced_text" in self.fields:
            shown.append("unplaced_text")
        for heading in self.headings:
            if heading.is_group:
                shown.append(HeadingTitle("awards/report_heading.html", {"heading": heading}))
                continue
            if heading.pk in self.closed:
                context = {"heading": heading, "text": self.closed[heading.pk]}
                shown.append(HeadingTitle("awards/report_closed.html", context))
                if heading.pk in self.beside:
                    beside = self.beside[heading.pk]
                    shown.append(HeadingTitle("awards/report_claims.html", beside))
                continue
            if heading.pk in self.remarks:
                context = {"heading": heading, "remark": self.remarks[heading.pk]}
                shown.append(HeadingTitle("awards/report_remark.html", context))
            if heading.pk in self.theirs:
                context = {"heading": heading, "text": self.theirs[heading.pk]}
                shown.append(HeadingTitle("awards/report_theirs.html", context))
            if heading.lists_awards:
                shown.append(AwardTable(heading, self.known_count))
            shown.append(f"{_HEADING}{heading.pk}")
            if heading.pk in self.beside:
                shown.append(HeadingTitle("awards/report_claims.html", self.beside[heading.pk]))
        return Layout(*shown)


def _text_fields(headings: Iterable[ReportHeading]) -> dict[str, forms.Field]:
    return {
        f"{_HEADING}{heading.pk}": forms.CharField(
            label="Ghi thêm ngoài bảng (nếu có)"
            if heading.lists_awards
            else f"{heading.number}. {heading.title}"
            + ("" if heading.is_required else " (nếu có)"),
            help_text="" if heading.lists_awards else escape(heading.hint),
            required=False,  # a draft is kept as it is; what lacks is listed beside it
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 3 if heading.lists_awards else 5}),
        )
        for heading in headings
        if not heading.is_group
    }


def _unplaced_field() -> forms.Field:
    return forms.CharField(
        label="Phần chưa xếp được từ tệp Word",
        help_text="Cắt từng phần dán vào mục của nó, hoặc xóa phần không cần. "
        "Ô này trống thì báo cáo mới đủ để gửi.",
        required=False,
        max_length=_LONGEST_UNPLACED,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


def _row_fields(line_counts: Mapping[int, int]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for heading_id, count in line_counts.items():
        for line, (column, (label, most)) in itertools.product(
            range(1, count + 1), _COLUMNS.items()
        ):
            attrs = {"aria-label": f"{label}, dòng {line}", "autocomplete": "off"}
            options: dict[str, Any] = {"label": label, "required": False}
            fields[f"{_AWARD}{heading_id}_{line}_{column}"] = (
                forms.CharField(max_length=most, widget=forms.TextInput(attrs=attrs), **options)
                if most
                else forms.DateField(widget=forms.DateInput(attrs=attrs), **options)
            )
    return fields


def _rows_in(sent: Mapping[str, Any]) -> dict[int, int]:
    """Return the last row that fields speak of, by heading; further ones than a table has are not."""
    last: dict[int, int] = {}
    for name in sent:
        if (found := _AWARD_NAME.match(name)) and found[3] in _COLUMNS:
            heading_id, line = int(found[1]), int(found[2])
            if 1 <= line <= MOST_ROWS:
                last[heading_id] = max(last.get(heading_id, 0), line)
    return last


def _line_counts(
    headings: Iterable[ReportHeading], sent: Mapping[int, int], first: Mapping[int, int]
) -> dict[int, int]:
    """Return how many rows each table shows: those that are there, and some empty ones."""
    return {
        heading.pk: sent.get(heading.pk) or min(first.get(heading.pk, 0) + _EMPTY_ROWS, MOST_ROWS)
        for heading in headings
        if heading.lists_awards
    }


def _row_of(cleaned: Mapping[str, Any], heading_id: int, line: int) -> AwardRow:
    said = {column: cleaned.get(f"{_AWARD}{heading_id}_{line}_{column}") for column in _COLUMNS}
    return AwardRow(
        said["year"] or "",
        said["name"] or "",
        _BEFORE_NUMBER.sub("", said["decision_number"] or ""),
        said["decided_on"],
        said["issued_by"] or "",
    )


def report_initial(
    version: int,
    texts: Mapping[int, str],
    rows: Mapping[int, Sequence[AwardRow]] | None = None,
    unplaced: str = "",
) -> dict[str, Any]:
    """Return the first content of a ReportForm."""
    return {
        "version": version,
        **{f"{_HEADING}{heading_id}": text for heading_id, text in texts.items()},
        **({"unplaced_text": unplaced} if unplaced else {}),
        **{
            f"{_AWARD}{heading_id}_{line}_{column}": f"{value:%d/%m/%Y}"
            if column == "decided_on" and value
            else value or ""
            for heading_id, found in (rows or {}).items()
            for line, row in enumerate(found[:MOST_ROWS], start=1)
            for column, value in dataclasses.asdict(row).items()
        },
    }


def typed_headings(sent: Mapping[str, str]) -> dict[int, str]:
    """Return the texts of a request by the heading that each field names, whatever its form."""
    numbers = {name: name.removeprefix(_HEADING) for name in sent if name.startswith(_HEADING)}
    return {
        int(number): sent[name]
        for name, number in numbers.items()
        if number.isascii() and number.isdigit() and len(number) < _LONGEST_KEY
    }


def typed_rows(sent: Mapping[str, str], heading_id: int) -> list[AwardRow]:
    """Return the rows of a request under one heading, whatever its form, as far as they can be."""
    counts = _rows_in(sent)
    fields = _row_fields({heading_id: counts.get(heading_id, 0)})
    cleaned = {}
    for name, field in fields.items():
        try:
            cleaned[name] = field.clean(sent.get(name, ""))
        except forms.ValidationError:
            cleaned[name] = None
    lines = range(1, counts.get(heading_id, 0) + 1)
    rows = [_row_of(cleaned, heading_id, line) for line in lines]
    return [row for row in rows if not row.is_empty]


class WordFileForm(PageForm):
    """Tệp Word: a report that is already written."""

    submit_label = "Đọc tệp"

    file = forms.FileField(
        label="Tệp báo cáo (.docx)",
        help_text="Tệp được kiểm tra và giữ lại; chưa có gì thay đổi cho tới khi quý vị xem và "
        "chọn dùng.",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )


class WordUseForm(PageForm):
    """What becomes of each heading that stands and that the file has too."""

    form_tag = False
    _CHOICES = (
        (REPLACE, "Thay bằng nội dung trong tệp"),
        (JOIN, "Nối nội dung trong tệp vào sau"),
        (KEEP, "Giữ nội dung đang có"),
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, differing: Iterable[ReportHeading] = (), **kwargs: Any) -> None:
        self.differing = list(differing)
        self.base_fields = {  # type: ignore[misc]
            **self.base_fields,
            **{
                f"use_{heading.pk}": forms.ChoiceField(
                    label=f"Mục {heading.number}",
                    choices=self._CHOICES,
                    widget=forms.RadioSelect,
                    initial=REPLACE,
                )
                for heading in self.differing
            },
        }
        super().__init__(*args, **kwargs)

    @property
    def choices(self) -> dict[int, str]:
        """Return what was chosen, by heading."""
        return {h.pk: self.cleaned_data[f"use_{h.pk}"] for h in self.differing}
