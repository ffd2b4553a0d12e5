"""The manner of every form: text is composed on the way in, and errors say how to mend them.

Labels stand above fields, hints and errors before them (`templates/bootstrap5/field.html`).
"""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.template.loader import render_to_string

from thidua.core.clock import FIRST_DAY, LAST_DAY
from thidua.core.text import compose

DATE_HINT = "Ngày/tháng/năm, ví dụ 20/11/2025."
WRONG_DATE = "Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 20/11/2025."
WRONG_NUMBER = "Hãy ghi một số."
STRANGE_CHARACTER = "Nội dung có ký tự không đọc được; hãy gõ lại."
WRONG_YEAR = f"Hãy ghi ngày từ {FIRST_DAY:%d/%m/%Y} đến {LAST_DAY:%d/%m/%Y}."
WRONG_CHOICE = "Lựa chọn này không còn; hãy chọn một mục trong danh sách."

# The first class of the list that a field belongs to gives its messages; later ones fill gaps.
MESSAGES: tuple[tuple[type[forms.Field], dict[str, str]], ...] = (
    (
        forms.FileField,
        {
            "required": "Hãy chọn tệp.",
            "missing": "Hãy chọn tệp.",
            "empty": "Tệp này rỗng; hãy chọn tệp khác.",
            "invalid": "Tệp chưa gửi tới được; hãy chọn lại.",
        },
    ),
    (
        forms.ModelMultipleChoiceField,
        {"required": "Hãy chọn ít nhất một mục.", "invalid_choice": WRONG_CHOICE},
    ),
    (
        forms.MultipleChoiceField,
        {"required": "Hãy chọn ít nhất một mục.", "invalid_choice": WRONG_CHOICE},
    ),
    (
        forms.ChoiceField,
        {"required": "Hãy chọn một mục.", "invalid_choice": WRONG_CHOICE},
    ),
    (forms.BooleanField, {"required": "Hãy đánh dấu ô này để tiếp tục."}),
    (forms.DateField, {"required": "Hãy điền ngày.", "invalid": WRONG_DATE}),
    (
        forms.DateTimeField,
        {
            "required": "Hãy điền ngày và giờ.",
            "invalid": "Hãy ghi ngày và giờ, ví dụ 20/11/2025 14:30.",
        },
    ),
    (forms.TimeField, {"required": "Hãy điền giờ.", "invalid": "Hãy ghi giờ, ví dụ 14:30."}),
    (
        forms.IntegerField,
        {
            "required": "Hãy điền số.",
            "invalid": WRONG_NUMBER,
            "min_value": "Hãy ghi số từ %(limit_value)s trở lên.",
            "max_value": "Hãy ghi số đến %(limit_value)s.",
        },
    ),
    (forms.EmailField, {"invalid": "Hãy ghi địa chỉ thư điện tử, ví dụ ten@coquan.gov.vn."}),
    (
        forms.Field,
        {
            "required": "Hãy điền ô này.",
            "max_length": "Hãy rút xuống còn %(limit_value)d ký tự; nay có %(show_value)d.",
            "min_length": "Hãy viết ít nhất %(limit_value)d ký tự; nay có %(show_value)d.",
            "null_characters_not_allowed": STRANGE_CHARACTER,
        },
    ),
)


class Actions:
    """The end of a form: its one button, and the way out."""

    def __init__(self, label: str, cancel_url: str = "", cancel_label: str = "Hủy") -> None:
        self.context = {"label": label, "cancel_url": cancel_url, "cancel_label": cancel_label}

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        return render_to_string("components/form_actions.html", self.context)


class FormMixin:
    """Give a form our manner; mix in before `forms.Form` or `forms.ModelForm`.

    `{% crispy form %}` then writes the whole form. A page that writes its own `<form>` sets
    `form_tag = False` and brings its own button and `{% csrf_token %}`.
    """

    submit_label = "Lưu"
    cancel_url = ""
    form_tag = True
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _mend_messages(field)
            _compose_text(field)
            _mend_choice(field)
            _bound_dates(field)

    @property
    def helper(self) -> FormHelper:
        """Return the layout that `{% crispy %}` reads."""
        helper = FormHelper()
        helper.form_tag = self.form_tag
        helper.disable_csrf = not self.form_tag
        # The browser's own bubbles speak its language, not ours, and hide all errors but one.
        helper.attrs = {"novalidate": True}
        helper.layout = self.layout()
        return helper

    def layout(self) -> Layout:
        """Return what the form shows, in order; override to group fields."""
        shown: list[Any] = list(self.fields)
        if self.form_tag:
            shown.append(Actions(self.submit_label, self.cancel_url))
        return Layout(*shown)


class PageForm(FormMixin, forms.Form):
    """A plain form in our manner."""


class PageModelForm(FormMixin, forms.ModelForm):
    """A model's form in our manner; it cleans, and the view hands on what it cleaned."""


class TransitionForm(PageForm):
    """What a transition asks before it is fired: a reason, the password, both or neither."""

    note = forms.CharField(
        label="Lý do",
        help_text="Người nhận và nhật ký thao tác sẽ thấy nguyên văn.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    password = forms.CharField(
        label="Mật khẩu",
        help_text="Nhập lại mật khẩu đăng nhập để xác nhận.",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(
        self, *args: Any, row: Any, user: Any, cancel_url: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.submit_label = row.label
        self.cancel_url = cancel_url
        if not row.needs_note:
            del self.fields["note"]
        if not row.needs_password:
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("Mật khẩu chưa đúng. Hãy nhập lại.")
        return password


class SignInForm(FormMixin, AuthenticationForm):
    """Sign in with the account that the agency gave."""

    submit_label = "Đăng nhập"

    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng Việt.",
        "inactive": "Tài khoản này đã ngừng dùng. Hãy hỏi quản trị hệ thống.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["password"].label = "Mật khẩu"


def _mend_messages(field: forms.Field) -> None:
    """Replace Django's default messages; those that the form itself set stay."""
    for kind, messages in reversed(MESSAGES):
        if isinstance(field, kind):
            for code, message in messages.items():
                if field.error_messages.get(code) in {None, _default_message(field, code), *_OURS}:
                    field.error_messages[code] = message


_OURS = frozenset(message for _, messages in MESSAGES for message in messages.values())


def _default_message(field: forms.Field, code: str) -> Any:
    for kind in type(field).__mro__:
        if code in getattr(kind, "default_error_messages", {}):
            return kind.default_error_messages[code]  # type: ignore[attr-defined]
    return None


def _compose_text(field: forms.Field) -> None:
    """Compose what people type; a password stays as it was typed."""
    if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
        field.to_python = functools.partial(_composed, field.to_python)  # type: ignore[method-assign]


def _composed(to_python: Callable[[Any], Any], value: Any) -> Any:
    return to_python(compose(value) if isinstance(value, str) else value)


def _mend_choice(field: forms.Field) -> None:
    """Say of a key with a NUL what is said of every wrong key: Django's own words are English."""
    if isinstance(field, forms.ModelChoiceField):
        field.clean = functools.partial(_chosen, field.clean)  # type: ignore[method-assign]


def _chosen(clean: Callable[[Any], Any], value: Any) -> Any:
    try:
        return clean(value)
    except forms.ValidationError as error:
        if getattr(error, "code", "") == "null_characters_not_allowed":
            raise forms.ValidationError(WRONG_CHOICE) from None
        raise


def _refuse_wrong_year(day: dt.date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(WRONG_YEAR)


def _bound_dates(field: forms.Field) -> None:
    """Take only days of our times, and say how a day is written."""
    if isinstance(field, forms.DateField):
        field.validators = [*field.validators, _refuse_wrong_year]
        field.help_text = field.help_text or DATE_HINT
        field.widget.attrs.setdefault("inputmode", "numeric")
        field.widget.attrs.setdefault("autocomplete", "off")
