"""What the office writes when it mends or adds to the law: each form gives columns of its row."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from campaigns import headings, terms
from campaigns.models import (
    CalendarDay,
    DayKind,
    FormPurpose,
    LegalBasis,
    Provision,
    ReportForm,
    SubjectKind,
)
from thidua.core.clock import FIRST_DAY, LAST_DAY
from thidua.core.forms import PageForm
from thidua.core.text import fold
from thidua.core.workflow import Refused

_MOST_REASON = 2_000
_MOST_DAYS = 200
_MOST_NAME = 120


def _reason(label: str = "Lý do sửa") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text="Ghi căn cứ: văn bản nào, trang nào. Nhật ký giữ nguyên văn.",
        max_length=_MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _note() -> forms.CharField:
    return forms.CharField(
        label="Điều còn chưa rõ",
        required=False,
        max_length=_MOST_REASON,
        help_text="Để trống khi không còn gì phải hỏi.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _day(label: str, hint: str = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=hint)


class LawForm(PageForm):
    """A form over one row of law: its fields, the reason, and the version that was in sight.

    A version that cannot be read counts as an old one: what stands now is shown beside.
    """

    form_action = ""

    version = forms.CharField(label="Phiên bản", required=False, widget=forms.HiddenInput())

    @property
    def helper(self) -> FormHelper:
        """Send to `form_action`, when it is not the page's own address."""
        helper = super().helper
        helper.form_action = self.form_action
        return helper

    def clean_version(self) -> int:
        text: str = self.cleaned_data["version"]
        return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 -- digits

    @property
    def why(self) -> str:
        """The reason that was given."""
        return str(self.cleaned_data.get("reason", ""))

    def columns(self) -> dict[str, Any]:
        """Return what is to be written."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"reason", "version"}
        }


class ReasonForm(LawForm):
    """An act on a row that asks only why."""

    reason = _reason("Lý do")


class BasisForm(LawForm):
    """An instrument: how it is cited and when it is in force."""

    citation = forms.CharField(
        label="Cách dẫn trong căn cứ",
        max_length=400,
        help_text="Như in trong quyết định, ví dụ: Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    issued_on = _day("Ngày ban hành")
    in_force_on = _day("Có hiệu lực từ ngày", required=True)
    out_of_force_on = _day("Hết hiệu lực từ ngày", "Để trống khi chưa có văn bản nào bãi bỏ.")
    review_on = _day(
        "Phải rà soát trước ngày",
        "Ngày kết thúc được báo trước. Phần mềm chỉ nhắc, không ngừng áp dụng. "
        "Rà soát xong thì dời ngày này hoặc để trống.",
    )
    replaced_by_code = forms.CharField(
        label="Được thay bằng",
        required=False,
        max_length=60,
        help_text="Số, ký hiệu của văn bản thay thế nếu đã có.",
    )
    note = _note()


class BasisCorrectForm(BasisForm):
    """A correction of an instrument."""

    submit_label = "Lưu bản sửa"
    reason = _reason()

    @staticmethod
    def initial_of(basis: LegalBasis) -> dict[str, Any]:
        """Return the fields as they stand."""
        return _standing(BasisForm, basis)


class BasisCreateForm(BasisForm):
    """A new instrument."""

    submit_label = "Thêm văn bản"
    field_order = ["code"]

    code = forms.CharField(label="Số, ký hiệu", max_length=60, help_text="Ví dụ 152/2025/NĐ-CP.")


class ProvisionForm(LawForm):
    """One thing that an article fixes: the words around it, its days, the terms of its kind."""

    title = forms.CharField(label="Nội dung", max_length=300)
    basis = forms.ModelChoiceField(
        label="Văn bản",
        queryset=LegalBasis.objects.none(),
        required=False,
        empty_label="Do cơ quan tự đặt",
    )
    article = forms.CharField(
        label="Điều, khoản",
        required=False,
        max_length=80,
        help_text="Ví dụ Điều 54 khoản 1 điểm e.",
    )
    in_force_on = _day("Áp dụng từ ngày", required=True)
    out_of_force_on = _day(
        "Thôi áp dụng từ ngày", "Để trống khi quy định sau tự nối tiếp hoặc chưa có ngày kết thúc."
    )
    note = _note()

    def __init__(self, *args: Any, provision: Provision, **kwargs: Any) -> None:
        self.terms = terms.TERMS[provision.kind]
        added = {term.name: _field_of(term) for term in self.terms}
        names = [name for name in self.base_fields if name not in {"note", "reason", "version"}]
        self.base_fields = {  # type: ignore[misc]
            name: added.get(name) or self.base_fields[name]
            for name in [*names, *added, *(n for n in self.base_fields if n not in names)]
        }
        super().__init__(*args, **kwargs)
        self.kind = provision.kind
        self.fields["basis"].queryset = LegalBasis.objects.filter(  # type: ignore[attr-defined]
            agency_id=provision.agency_id
        ).order_by("code")

    def clean(self) -> dict[str, Any]:
        """Read each term as its kind means it."""
        cleaned = super().clean() or self.cleaned_data
        for term in self.terms:
            if term.name in cleaned:
                try:
                    cleaned[term.name] = term.read(cleaned[term.name])
                except Refused as refused:
                    self.add_error(term.name, _mend_of(term, refused))
        return cleaned

    def columns(self) -> dict[str, Any]:
        """Return what is to be written, the terms as one column."""
        found = super().columns()
        content = {term.name: found.pop(term.name) for term in self.terms}
        return found | {"content": terms.stored(content)}


class ProvisionCorrectForm(ProvisionForm):
    """A correction of a provision."""

    submit_label = "Lưu bản sửa"
    reason = _reason()

    @staticmethod
    def initial_of(provision: Provision) -> dict[str, Any]:
        """Return the fields as they stand, the terms as people type them."""
        read = terms.read(provision.kind, provision.content)
        typed = {
            term.name: read[term.name] if term.choices else term.typed(read[term.name])
            for term in terms.TERMS[provision.kind]
        }
        return _standing(ProvisionForm, provision) | typed


class ProvisionNextForm(ProvisionForm):
    """What holds from another day on."""

    submit_label = "Thêm quy định"

    @staticmethod
    def initial_of(provision: Provision) -> dict[str, Any]:
        """Return the row that stands, without its days and doubts."""
        found = ProvisionCorrectForm.initial_of(provision)
        return found | {"in_force_on": None, "out_of_force_on": None, "note": "", "article": ""}


class ReportFormForm(LawForm):
    """A correction of a form of report: a new edition."""

    submit_label = "Lập bản sửa"

    label = forms.CharField(
        label="Tên mẫu", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    purpose = forms.ChoiceField(label="Dùng cho", choices=FormPurpose.choices)
    article = forms.CharField(label="Điều, khoản", required=False, max_length=80)
    unit_headings = forms.CharField(
        label="Các mục, tập thể",
        required=False,
        max_length=20_000,
        help_text=f"Mỗi dòng một mục: số | tên | gợi ý | loại. Ví dụ: {headings.MANNER}. "
        f"Loại để trống là phải viết; «{headings.GROUP}» chỉ là tiêu đề của các mục sau; "
        f"«{headings.AWARDS}» là bảng theo năm. Nhiều loại cách nhau bằng dấu phẩy.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    person_headings = forms.CharField(
        label="Các mục, cá nhân",
        required=False,
        max_length=20_000,
        help_text="Ghi như trên; để trống cả ô khi mẫu không dùng cho cá nhân.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    note = _note()
    reason = _reason()

    @staticmethod
    def initial_of(form: ReportForm) -> dict[str, Any]:
        """Return the fields as they stand, headings as lines."""
        found: dict[str, Any] = {
            name: getattr(form, name) for name in ("label", "purpose", "article", "note", "version")
        }
        for kind in SubjectKind:
            rows = form.headings.filter(subject_kind=kind)
            found[f"{kind}_headings"] = "\n".join(headings.line_of(row) for row in rows)
        return found

    def clean(self) -> dict[str, Any]:
        """Read the lines of both kinds."""
        cleaned = super().clean() or self.cleaned_data
        self.rows: list[dict[str, Any]] = []
        for kind in SubjectKind:
            name = f"{kind}_headings"
            try:
                self.rows += headings.read(cleaned.get(name, ""), kind)
            except Refused as refused:
                self.add_error(name, str(refused))
        if not self.rows and not self.errors:
            self.add_error(None, "Mẫu phải có mục cho tập thể hoặc cho cá nhân.")
        return cleaned

    def columns(self) -> dict[str, Any]:
        """Return the columns of the edition; the headings are `rows`."""
        lines = {f"{kind}_headings" for kind in SubjectKind}
        return {name: value for name, value in super().columns().items() if name not in lines}


class CalendarDayForm(LawForm):
    """A day off in the week, or a day off that is worked."""

    submit_label = "Thêm ngày"

    day = _day("Ngày", required=True)
    kind = forms.ChoiceField(label="Loại", choices=DayKind.choices)
    name = forms.CharField(label="Tên ngày", max_length=_MOST_NAME)
    article = forms.CharField(
        label="Điều, khoản", required=False, max_length=80, help_text="Hoặc số thông báo nghỉ."
    )
    note = _note()


class CalendarDayCorrectForm(CalendarDayForm):
    """A correction of a day."""

    submit_label = "Lưu bản sửa"
    reason = _reason()

    @staticmethod
    def initial_of(day: CalendarDay) -> dict[str, Any]:
        """Return the fields as they stand."""
        return _standing(CalendarDayForm, day)


class CalendarImportForm(LawForm):
    """The days off of a year, pasted line by line."""

    submit_label = "Thêm các ngày"

    lines = forms.CharField(
        label="Các ngày",
        max_length=20_000,
        help_text="Mỗi dòng một ngày: ngày | nghỉ hoặc làm bù | tên ngày. "
        "Ví dụ: 30/04/2027 | nghỉ | Ngày Chiến thắng 30/4.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    article = forms.CharField(
        label="Theo thông báo",
        required=False,
        max_length=80,
        help_text="Ví dụ Thông báo số 15/TB-BNV; ghi cho mọi dòng.",
    )

    def clean_lines(self) -> list[dict[str, Any]]:
        lines = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > _MOST_DAYS:
            raise forms.ValidationError(f"Hãy dán mỗi lần không quá {_MOST_DAYS} dòng.")
        rows = [_read_day(line) for line in lines]
        for row in rows:
            if sum(other["day"] == row["day"] for other in rows) > 1:
                raise forms.ValidationError(f"Ngày {row['day']:%d/%m/%Y} có hai dòng; hãy bỏ một.")
        return rows

    def rows(self) -> list[dict[str, Any]]:
        """Return the columns of each day."""
        article = self.cleaned_data["article"]
        return [row | {"article": article} for row in self.cleaned_data["lines"]]


_DAY_KINDS = {fold("nghỉ"): DayKind.HOLIDAY, fold("làm bù"): DayKind.WORKING}
_DAY_PARTS = 3


def _read_day(line: str) -> dict[str, Any]:
    short = line if len(line) <= _MOST_DAYS else f"{line[:60]}…"
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != _DAY_PARTS or not all(parts):
        raise forms.ValidationError(
            f"Dòng «{short}»: hãy ghi như «30/04/2027 | nghỉ | Ngày Chiến thắng 30/4»."
        )
    try:
        day = dt.datetime.strptime(parts[0], "%d/%m/%Y").date()  # noqa: DTZ007 -- a day, no hour
    except ValueError:
        raise forms.ValidationError(f"Dòng «{short}»: ngày phải như 30/04/2027.") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(f"Dòng «{short}»: năm phải từ 1900 đến 2100.")
    kind = _DAY_KINDS.get(fold(parts[1]))
    if kind is None:
        raise forms.ValidationError(f"Dòng «{short}»: phần giữa chỉ là nghỉ hoặc làm bù.")
    if len(parts[2]) > _MOST_NAME:
        raise forms.ValidationError(f"Dòng «{short}»: tên ngày dài quá {_MOST_NAME} ký tự.")
    return {"day": day, "kind": kind, "name": parts[2]}


def _standing(kind: type[LawForm], row: Any) -> dict[str, Any]:
    """Return the columns of a row that the form of `kind` asks about."""
    return {name: getattr(row, name) for name in kind.base_fields if hasattr(row, name)}


def _field_of(term: terms.Term) -> forms.Field:
    if term.choices:
        return forms.ChoiceField(label=term.label, choices=term.choices, help_text=term.hint)
    attrs = {} if term.type is str else {"inputmode": "decimal", "autocomplete": "off"}
    return forms.CharField(
        label=term.label,
        required=term.required,
        max_length=40,
        help_text=term.hint,
        widget=forms.TextInput(attrs=attrs),
    )


def _mend_of(term: terms.Term, refused: Refused) -> str:
    """Return the sentence without the name of the field: it stands above."""
    sentence = str(refused).removeprefix(f"{term.label}: ")
    return sentence[:1].upper() + sentence[1:]
