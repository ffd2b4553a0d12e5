"""Forms of the office, the council and the signatory: they clean, and offer what may be chosen."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from awards.models import AgendaItem, Attendance, Council, CouncilMeeting, Nomination
from awards.models import NominationState as S
from awards.queries.office import EVERY_STATE, award_forms_of, nominating_units
from campaigns.models import AwardRoute, ReportForm, SubjectKind
from thidua.core import clock
from thidua.core.forms import PageForm

# The order of the choice is the order of work: what waits comes first and is the default.
_STATES = [S.SUBMITTED, *(state for state in S if state not in {S.DRAFT, S.SUBMITTED})]


class FormChoiceForm(PageForm):
    """Which form of report follows the one that has ended, and why."""

    submit_label = "Chọn mẫu này"

    chosen = forms.ChoiceField(label="Mẫu báo cáo", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Lý do",
        help_text="Mọi người của cơ quan đọc được ở trang đợt thi đua.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, options: Iterable[ReportForm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named, *others = options
        self.options = {str(form.pk): form for form in (named, *others)}
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            (str(named.pk), f"Giữ mẫu kế hoạch nêu: {named.label}"),
            *((str(form.pk), f"Dùng mẫu tương ứng: {form.label}") for form in others),
        ]

    def clean_chosen(self) -> ReportForm:
        """Return the form itself."""
        return self.options[self.cleaned_data["chosen"]]


class QueueFilterForm(PageForm):
    """Lọc bàn thẩm định: shows the filters that live in the address."""

    q = forms.CharField(label="Tìm tên, đơn vị", required=False, max_length=100)
    state = forms.ChoiceField(label="Trạng thái", required=False)
    unit = forms.ChoiceField(label="Đơn vị", required=False)
    award_form = forms.ChoiceField(label="Hình thức", required=False)
    kind = forms.ChoiceField(label="Đối tượng", required=False)

    def __init__(self, *args: Any, agency_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"
        self.fields["q"].widget.attrs["size"] = 16
        self._choose(
            "state", [(s.value, str(s.label)) for s in _STATES] + [(EVERY_STATE, "Tất cả")]
        )
        units = [(str(unit.pk), unit.name) for unit in nominating_units(agency_id)]
        self._choose("unit", [("", "Mọi đơn vị"), *units])
        award_forms = list(award_forms_of(agency_id))
        many = len({form.campaign_id for form in award_forms}) > 1
        named = [
            (str(form.pk), f"{form.name} · {form.campaign}" if many else form.name)
            for form in award_forms
        ]
        self._choose("award_form", [("", "Mọi hình thức"), *named])
        self._choose("kind", [("", "Cả hai"), *SubjectKind.choices])

    def show_counts(self, counts: Mapping[str, int], chosen: str) -> None:
        """Write beside each state how many stand in it; empty states are not offered."""
        labels = {
            state: f"{label} ({counts.get(state, 0)})"
            for state, label in self.fields["state"].choices  # type: ignore[attr-defined]
            if counts.get(state) or state in {S.SUBMITTED, chosen}
        }
        labels[EVERY_STATE] = f"Tất cả ({sum(counts.values())})"
        self._choose("state", list(labels.items()))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class ApprovalForm(PageForm):
    """Phê duyệt nhiều trường hợp: which ones, and the password."""

    nominations = forms.ModelMultipleChoiceField(
        queryset=Nomination.objects.none(),
        label="Trường hợp được chọn",
        error_messages={"required": "Hãy chọn ít nhất một trường hợp."},
    )
    password = forms.CharField(
        label="Mật khẩu",
        help_text="Nhập lại mật khẩu đăng nhập để xác nhận.",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        # Every visible one, also the settled: the act then names the one that came too late.
        field: Any = self.fields["nominations"]
        field.queryset = Nomination.objects.visible_to(user).filter(
            award_form__route=AwardRoute.OWN
        )

    @property
    def ticked(self) -> frozenset[str]:
        """Return the keys that were ticked, so that none has to be ticked again."""
        if not self.is_bound:
            return frozenset()
        return frozenset(self.data.getlist("nominations"))  # type: ignore[attr-defined]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("Mật khẩu chưa đúng. Hãy nhập lại.")
        return password


class MomentMixin:
    """Two fields, a day and an hour, that mean one moment in Viet Nam."""

    cleaned_data: dict[str, Any]

    def moment_of(self, day: str, hour: str) -> dt.datetime | None:
        """Return the moment, or None while one of the two is wrong."""
        values = self.cleaned_data.get(day), self.cleaned_data.get(hour)
        if values[0] is None or values[1] is None:
            return None
        return dt.datetime.combine(values[0], values[1], clock.VIET_NAM)


def _hour(label: str) -> forms.TimeField:
    """Return a field for an hour of the day."""
    return forms.TimeField(
        label=label,
        help_text="Giờ:phút, ví dụ 14:30.",
        input_formats=["%H:%M", "%Hh%M", "%H giờ %M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric"}),
    )


class MeetingForm(MomentMixin, PageForm):
    """Mở phiên họp Hội đồng."""

    submit_label = "Mở phiên họp"

    council = forms.ModelChoiceField(queryset=Council.objects.none(), label="Hội đồng")
    award_form = forms.ModelChoiceField(
        queryset=award_forms_of(0),
        label="Hình thức đề nghị",
        help_text="Mọi đề nghị đủ điều kiện của hình thức này được đưa vào chương trình.",
    )
    held_on = forms.DateField(label="Ngày họp")
    held_time = _hour("Giờ bắt đầu")
    place = forms.CharField(label="Địa điểm", max_length=200)

    def __init__(self, *args: Any, agency_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        council: Any = self.fields["council"]
        council.queryset = Council.objects.filter(agency_id=agency_id)
        award_form: Any = self.fields["award_form"]
        award_form.queryset = award_forms_of(agency_id).filter(route=AwardRoute.SUPERIOR)
        for field in (council, award_form):
            choices = list(field.queryset[:2])
            if len(choices) == 1:
                field.empty_label, field.initial = None, choices[0]
        self.fields["held_on"].initial = clock.today()

    @property
    def held_at(self) -> dt.datetime:
        """Return the beginning of the meeting; ask only when the form is valid."""
        moment = self.moment_of("held_on", "held_time")
        if moment is None:
            raise ValueError("the form is not valid")
        return moment


class AttendanceForm(PageForm):
    """Thành phần dự họp: one box and one reason for each member."""

    title = "Thành phần dự họp"
    submit_label = "Lưu thành phần dự họp"

    def __init__(self, *args: Any, seats: Iterable[Attendance], **kwargs: Any) -> None:
        self.members = []
        asked: dict[str, forms.Field] = {}
        for seat in seats:
            self.members.append(seat.member)
            name = seat.member.person.full_name
            asked[f"absent_{seat.member_id}"] = forms.BooleanField(
                label=f"{name} ({seat.member.get_position_display()}) vắng mặt",
                required=False,
                initial=not seat.is_present,
            )
            asked[f"reason_{seat.member_id}"] = forms.CharField(
                label=f"Lý do vắng của {name}",
                required=False,
                max_length=200,
                initial=seat.absence_reason,
            )
        # Given before the form is made, so that they get our manner like declared ones.
        self.base_fields = {**self.base_fields, **asked}  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for member in self.members:
            reason = cleaned.get(f"reason_{member.pk}")
            if cleaned.get(f"absent_{member.pk}") and not reason:
                self.add_error(f"reason_{member.pk}", "Hãy ghi lý do vắng.")
            elif reason and not cleaned.get(f"absent_{member.pk}"):
                self.add_error(
                    f"absent_{member.pk}", "Hãy đánh dấu vắng mặt, hoặc xóa lý do bên dưới."
                )
        return cleaned

    @property
    def absences(self) -> dict[int, str]:
        """Return the absent members' ids with their reasons."""
        return {
            member.pk: self.cleaned_data[f"reason_{member.pk}"]
            for member in self.members
            if self.cleaned_data[f"absent_{member.pk}"]
        }


class VotesForm(PageForm):
    """Kết quả biểu quyết của một nội dung: counts only, never who voted what."""

    title = "Kết quả biểu quyết"
    submit_label = "Lưu kết quả"

    for_count = forms.IntegerField(label="Số phiếu tán thành", min_value=0)
    against_count = forms.IntegerField(label="Số phiếu không tán thành", min_value=0)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["for_count"].initial = item.for_count
        self.fields["against_count"].initial = item.against_count
        for field in self.fields.values():
            field.help_text = f"Từ 0 đến {item.eligible_count} phiếu."


class DiscussionForm(PageForm):
    """Diễn biến phiên họp."""

    title = "Diễn biến phiên họp"
    submit_label = "Lưu diễn biến"

    text = forms.CharField(
        label="Diễn biến, ý kiến",
        help_text="Mỗi đoạn một dòng; in nguyên văn trong biên bản.",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )


class CloseForm(MomentMixin, PageForm):
    """Kết thúc phiên họp."""

    submit_label = "Kết thúc phiên họp"

    ended_on = forms.DateField(label="Ngày kết thúc")
    ended_time = _hour("Giờ kết thúc")

    def __init__(self, *args: Any, meeting: CouncilMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = clock.local_day(meeting.held_at)

    @property
    def ended_at(self) -> dt.datetime:
        """Return the end of the meeting; ask only when the form is valid."""
        moment = self.moment_of("ended_on", "ended_time")
        if moment is None:
            raise ValueError("the form is not valid")
        return moment
