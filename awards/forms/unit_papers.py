"""Biên bản họp phòng và tờ trình: what a unit writes besides the reports."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.layout import HTML, Layout
from django import forms

from awards.models import MeetingVote, Nomination, UnitMeeting
from thidua.core import clock
from thidua.core.forms import PageForm
from thidua.core.text import LONGEST_TEXT

_VOTE = "vote_"


def _hour(label: str, example: str) -> forms.TimeField:
    """Return a field for an hour of the day."""
    return forms.TimeField(
        label=label,
        help_text=f"Giờ:phút, ví dụ {example}.",
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric"}),
    )


class UnitMeetingForm(PageForm):
    """Biên bản họp phòng: when, who, and the votes for each name."""

    submit_label = "Lưu biên bản"

    held_on = forms.DateField(label="Ngày họp")
    starts = _hour("Bắt đầu lúc", "14:00")
    ends = _hour("Kết thúc lúc", "15:30")
    place = forms.CharField(label="Địa điểm", max_length=200)
    chair_name = forms.CharField(label="Chủ trì", max_length=120)
    secretary_name = forms.CharField(label="Thư ký", max_length=120)
    total_count = forms.IntegerField(label="Tổng số người của đơn vị", min_value=1, max_value=999)
    present_count = forms.IntegerField(label="Số người có mặt", min_value=1, max_value=999)
    absent_note = forms.CharField(
        label="Vắng mặt, lý do",
        required=False,
        max_length=300,
        help_text="Ghi họ tên và lý do của từng người vắng; để trống nếu đủ.",
    )
    conclusion = forms.CharField(
        label="Kết luận",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, nominations: Iterable[Nomination], **kwargs: Any) -> None:
        self.nominations = list(nominations)
        votes = {
            f"{_VOTE}{nomination.pk}": forms.IntegerField(
                label=f"{nomination.recipient_name} · {nomination.award_form.name}",
                help_text="Số phiếu đồng ý đề nghị khen thưởng.",
                required=False,
                min_value=0,
                max_value=999,
            )
            for nomination in self.nominations
        }
        self.base_fields = {**self.base_fields, **votes}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        self.fields["held_on"].widget.attrs["autocomplete"] = "off"

    @property
    def facts(self) -> dict[str, Any]:
        """Return the columns of UnitMeeting."""
        data = self.cleaned_data
        names = ("place", "chair_name", "secretary_name", "total_count", "present_count")
        return {
            "held_at": _moment(data["held_on"], data["starts"]),
            "ended_at": _moment(data["held_on"], data["ends"]),
            **{name: data[name] for name in (*names, "absent_note", "conclusion")},
        }

    @property
    def votes(self) -> dict[int, int]:
        """Return the votes that were typed, by nomination."""
        typed = {n.pk: self.cleaned_data[f"{_VOTE}{n.pk}"] for n in self.nominations}
        return {pk: count for pk, count in typed.items() if count is not None}

    def clean(self) -> dict[str, Any]:
        """Put an error beside the number that is wrong."""
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "Giờ kết thúc phải sau giờ bắt đầu.")
        total, present = data.get("total_count"), data.get("present_count")
        if total and present and present > total:
            self.add_error("present_count", f"Không vượt tổng số {total} người của đơn vị.")
        for nomination in self.nominations:
            votes = data.get(f"{_VOTE}{nomination.pk}")
            if present and votes is not None and votes > present:
                self.add_error(f"{_VOTE}{nomination.pk}", f"Không vượt {present} người có mặt.")
        return data

    def layout(self) -> Layout:
        layout = super().layout()
        if self.nominations:
            place = next(
                index for index, name in enumerate(layout.fields) if str(name).startswith(_VOTE)
            )
            layout.fields.insert(place, HTML("<h2>Kết quả biểu quyết</h2>"))
        return layout


def meeting_initial(
    meeting: UnitMeeting | None, votes: Iterable[MeetingVote], defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the first content of a UnitMeetingForm."""
    if meeting is None:
        return dict(defaults)
    held_at, ended_at = (
        at.astimezone(clock.VIET_NAM) for at in (meeting.held_at, meeting.ended_at)
    )
    names = ("place", "chair_name", "secretary_name", "total_count", "present_count")
    return {
        "held_on": held_at.date(),
        "starts": held_at.time(),
        "ends": ended_at.time(),
        **{name: getattr(meeting, name) for name in (*names, "absent_note", "conclusion")},
        **{f"{_VOTE}{vote.nomination_id}": vote.for_count for vote in votes},
    }


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, clock.VIET_NAM)


class UnitLetterForm(PageForm):
    """Tờ trình của phòng: its text, and whether its head calls it finished."""

    submit_label = "Lưu tờ trình"

    text = forms.CharField(
        label="Nội dung tờ trình",
        help_text="Dòng bắt đầu bằng «Căn cứ» là căn cứ; dòng cuối bắt đầu bằng «Kính đề nghị» "
        "là lời kết. Danh sách tập thể, cá nhân được chèn trước lời kết.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    is_confirmed = forms.BooleanField(label="Tờ trình đã xong", required=False)
