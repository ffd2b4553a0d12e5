"""Biên bản họp phòng, tờ trình, bản ký quét: what a unit writes besides the reports."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crispy_forms.layout import Layout
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from awards.actions.unit_papers import Sitting, Votes
from awards.models import MeetingPerson, MeetingVote, Nomination, PaperKind, UnitMeeting
from awards.queries.unit_papers import Seat
from thidua.core import clock
from thidua.core.drafts import UNTYPED, DraftForm
from thidua.core.forms import PageForm
from thidua.core.text import LONGEST_TEXT

_VOTE, _AGAINST, _BLANK = "vote_", "against_", "blank_"
_ABSENT, _REASON, _LISTED = "absent_", "reason_", "listed_"
_GUEST, _GUEST_TITLE = "guest_name_", "guest_title_"
_MOST_GUESTS, _FREE_LINES = 30, 3


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A part of a form that a template of its own lays out."""

    template: str

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        return render_to_string(self.template, {"form": form})


class PaperForm(DraftForm):
    """A paper that is saved on the way: it knows the version that the writer has in sight."""

    form_tag = False

    @property
    def typed(self) -> dict[str, str]:
        """Return word for word what was typed, to be kept until it is whole."""
        return {
            name: self.data[name]
            for name in self.fields
            if name in self.data and name not in UNTYPED
        }

    def shown(self, name: str) -> str:
        """Return what a field shows, as people read it."""
        field, value = self.fields[name], self[name].value()
        if isinstance(field.widget, forms.CheckboxInput):
            return "Có" if value else "Không"
        written = field.widget.format_value(value)
        return "" if written is None else str(written)

    @property
    def first_lack(self) -> str:
        """Return the first thing that is not whole yet, named by its field."""
        for name, messages in self.errors.items():
            label = f"{self.fields[name].label}: " if name in self.fields else ""
            return f"{label}{messages[0]}"
        return ""


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One field that says one thing on the page and another in what somebody saved."""

    label: str
    target: str
    theirs: str
    yours: str


def differences_of(theirs: PaperForm, yours: PaperForm) -> list[Difference]:
    """Return field by field where what was saved differs from what is typed."""
    found = []
    for name in theirs.fields:
        saved = theirs.shown(name)
        typed = yours.shown(name) if name in yours.fields else ""
        if name not in UNTYPED and saved.split() != typed.split():
            bound = theirs[name]
            found.append(Difference(str(bound.label), bound.id_for_label, saved, typed))
    return found


def typed_data(typed: Mapping[str, str], version: int) -> QueryDict:
    """Return what was typed some time ago as a request would bring it."""
    data = QueryDict(mutable=True)
    data.update({**typed, "version": str(version)})
    return data


def _hour(label: str, example: str) -> forms.TimeField:
    """Return a field for an hour of the day."""
    return forms.TimeField(
        label=label,
        help_text=f"Giờ:phút, ví dụ {example}.",
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric"}),
    )


def _present_name(label: str) -> forms.CharField:
    """Return a field for one of those who sit: picked among them, or typed."""
    return forms.CharField(
        label=label,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "nguoi-co-mat", "autocomplete": "off"}),
    )


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=999)


def _line(label: str, longest: int, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


class UnitMeetingForm(PaperForm):
    """Biên bản họp phòng: when, who sat, and the votes for each name."""

    held_on = forms.DateField(label="Ngày họp")
    starts = _hour("Bắt đầu lúc", "14:00")
    ends = _hour("Kết thúc lúc", "15:30")
    place = forms.CharField(label="Địa điểm", max_length=200)
    chair_name = _present_name("Chủ trì")
    secretary_name = _present_name("Thư ký")
    conclusion = forms.CharField(
        label="Kết luận",
        required=False,
        max_length=LONGEST_TEXT,
        help_text="Để trống thì phần mềm soạn từ kết quả biểu quyết.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        seats: Sequence[Seat],
        nominations: Iterable[Nomination],
        guest_count: int = 0,
        **kwargs: Any,
    ) -> None:
        self.seats, self.nominations = list(seats), list(nominations)
        self.guest_lines = range(1, _guests_in(data, guest_count) + _FREE_LINES + 1)
        added = {**self._people_fields(), **self._guest_fields(), **self._vote_fields()}
        # Given before the form is made, so that they get our manner like declared ones.
        self.base_fields = {**self.base_fields, **added}  # type: ignore[misc]
        super().__init__(data, **kwargs)

    def _people_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for seat in self.seats:
            fields[f"{_ABSENT}{seat.person_id}"] = forms.BooleanField(
                label=f"{seat.name} vắng mặt", required=False
            )
            # The placeholder tells the stylesheet whether the field is empty.
            fields[f"{_REASON}{seat.person_id}"] = _line(
                f"Lý do vắng của {seat.name}", 200, placeholder=" "
            )
        return fields

    def _guest_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for line in self.guest_lines:
            fields[f"{_GUEST}{line}"] = _line(f"Họ và tên khách mời {line}", 120)
            fields[f"{_GUEST_TITLE}{line}"] = _line(f"Chức vụ, đơn vị khách mời {line}", 120)
        return fields

    def _vote_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for nomination in self.nominations:
            name = nomination.recipient_name
            fields[f"{_VOTE}{nomination.pk}"] = _count(f"{name}: đồng ý")
            fields[f"{_AGAINST}{nomination.pk}"] = _count(f"{name}: không đồng ý")
            fields[f"{_BLANK}{nomination.pk}"] = _count(f"{name}: không có ý kiến")
        return fields

    # --- What the templates show -------------------------------------------------------------

    @property
    def seat_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "seat": seat,
                "absent": self[f"{_ABSENT}{seat.person_id}"],
                "reason": self[f"{_REASON}{seat.person_id}"],
            }
            for seat in self.seats
        ]

    @property
    def guest_rows(self) -> list[dict[str, Any]]:
        return [
            {"name": self[f"{_GUEST}{line}"], "title": self[f"{_GUEST_TITLE}{line}"]}
            for line in self.guest_lines
        ]

    @property
    def vote_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "nomination": nomination,
                "fields": [
                    ("Đồng ý", self[f"{_VOTE}{nomination.pk}"]),
                    ("Không đồng ý", self[f"{_AGAINST}{nomination.pk}"]),
                    ("Không có ý kiến", self[f"{_BLANK}{nomination.pk}"]),
                ],
            }
            for nomination in self.nominations
        ]

    def layout(self) -> Layout:
        return Layout(
            *("version", "held_on", "starts", "ends", "place"),
            Part("awards/unit_meeting_people.html"),
            *("chair_name", "secretary_name"),
            Part("awards/unit_meeting_votes.html"),
            "conclusion",
        )

    # --- What it says ------------------------------------------------------------------------

    @property
    def typed(self) -> dict[str, str]:
        return super().typed | {
            name: "1" for seat in self.seats if (name := f"{_LISTED}{seat.person_id}") in self.data
        }

    @property
    def facts(self) -> dict[str, Any]:
        """Return the columns of UnitMeeting that are typed."""
        typed = self.cleaned_data
        names = ("place", "chair_name", "secretary_name", "conclusion")
        return {
            "held_at": _moment(typed["held_on"], typed["starts"]),
            "ended_at": _moment(typed["held_on"], typed["ends"]),
            **{name: typed[name] for name in names},
        }

    @property
    def people(self) -> list[Sitting]:
        """Return who sat, who was absent and why, and the guests."""
        typed = self.cleaned_data
        members = [
            Sitting(
                seat.name,
                seat.title,
                seat.person_id,
                absent_reason=typed[f"{_REASON}{seat.person_id}"],
            )
            for seat in self.seats
        ]
        guests = [
            Sitting(name, typed[f"{_GUEST_TITLE}{line}"], is_guest=True)
            for line in self.guest_lines
            if (name := typed[f"{_GUEST}{line}"])
        ]
        return members + guests

    @property
    def present_count(self) -> int:
        """Return how many of the unit sit, also while something else is not whole."""
        typed = self.cleaned_data
        return sum(not typed.get(f"{_ABSENT}{seat.person_id}") for seat in self.seats)

    @property
    def votes(self) -> dict[int, Votes | None]:
        """Return the votes that were typed, by nomination; None where there are none."""
        typed = self.cleaned_data
        return {
            n.pk: None
            if (agree := typed.get(f"{_VOTE}{n.pk}")) is None
            else Votes(agree, typed.get(f"{_AGAINST}{n.pk}"), typed.get(f"{_BLANK}{n.pk}") or 0)
            for n in self.nominations
        }

    @property
    def voted(self) -> list[tuple[Nomination, int, int]]:
        """Return the names that have votes: those for it, of how many."""
        votes = self.votes
        return [
            (n, vote.agree, self.present_count) for n in self.nominations if (vote := votes[n.pk])
        ]

    def clean(self) -> dict[str, Any]:
        """Put an error beside what is wrong."""
        typed = super().clean() or self.cleaned_data
        starts, ends = typed.get("starts"), typed.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "Giờ kết thúc phải sau giờ bắt đầu.")
        for seat in self.seats:
            self._check_seat(seat, typed)
        for line in self.guest_lines:
            if typed.get(f"{_GUEST_TITLE}{line}") and not typed.get(f"{_GUEST}{line}"):
                self.add_error(f"{_GUEST}{line}", "Hãy ghi họ tên khách mời, hoặc xóa chức vụ.")
        for nomination in self.nominations:
            self._check_votes(nomination.pk, typed)
        return typed

    def _check_seat(self, seat: Seat, typed: Mapping[str, Any]) -> None:
        absent, reason = f"{_ABSENT}{seat.person_id}", f"{_REASON}{seat.person_id}"
        if f"{_LISTED}{seat.person_id}" not in self.data:
            self.add_error(
                absent,
                f"{seat.name} thuộc đơn vị trong ngày họp này mà danh sách vừa rồi chưa có. "
                "Hãy đánh dấu nếu vắng mặt, rồi lưu lại.",
            )
        if reason in self.errors:
            return
        if typed.get(absent) and not typed.get(reason):
            self.add_error(reason, "Hãy ghi lý do vắng.")
        elif typed.get(reason) and not typed.get(absent):
            self.add_error(absent, "Hãy đánh dấu vắng mặt, hoặc xóa lý do bên dưới.")

    def _check_votes(self, key: int, typed: Mapping[str, Any]) -> None:
        agree, *others = (typed.get(f"{name}{key}") for name in (_VOTE, _AGAINST, _BLANK))
        present = self.present_count
        if agree is None:
            if any(other is not None for other in others) and f"{_VOTE}{key}" not in self.errors:
                self.add_error(f"{_VOTE}{key}", "Hãy ghi số phiếu đồng ý.")
        elif agree > present:
            self.add_error(f"{_VOTE}{key}", f"Không vượt {present} người có mặt.")
        elif (total := agree + sum(filter(None, others))) > present:
            self.add_error(f"{_VOTE}{key}", f"Tổng {total} phiếu vượt {present} người có mặt.")


def _guests_in(data: Mapping[str, Any] | None, count: int) -> int:
    """Return how many lines of guests are written, so that each is shown again."""
    if data is None:
        return count
    return max(
        (n for n in range(1, _MOST_GUESTS) if data.get(f"{_GUEST}{n}") or data.get(f"{_GUEST_TITLE}{n}")),
        default=0,
    )  # fmt: skip


def typed_day(data: Mapping[str, Any] | None) -> dt.date | None:
    """Return the day of the meeting if one was typed."""
    try:
        return forms.DateField(required=False).clean((data or {}).get("held_on"))
    except forms.ValidationError:
        return None


def meeting_initial(
    meeting: UnitMeeting | None,
    votes: Iterable[MeetingVote],
    seats: Iterable[Seat],
    defaults: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the first content of a UnitMeetingForm."""
    if meeting is None:
        return dict(defaults)
    held_at, ended_at = (
        at.astimezone(clock.VIET_NAM) for at in (meeting.held_at, meeting.ended_at)
    )
    names = ("place", "chair_name", "secretary_name", "conclusion")
    content: dict[str, Any] = {
        **defaults,
        "held_on": held_at.date(),
        "starts": held_at.time(),
        "ends": ended_at.time(),
        **{name: getattr(meeting, name) for name in names},
    }
    for seat in seats:
        content[f"{_ABSENT}{seat.person_id}"] = not seat.is_present
        content[f"{_REASON}{seat.person_id}"] = seat.absent_reason
    for line, guest in enumerate(guests_of(meeting), start=1):
        content[f"{_GUEST}{line}"], content[f"{_GUEST_TITLE}{line}"] = guest.name, guest.title
    for vote in votes:
        # What follows from the rest stays empty, so that it goes on following.
        follows = Votes(vote.for_count, blank=vote.blank_count).against_of(vote.present_count)
        told = None if vote.against_count == follows else vote.against_count
        content[f"{_VOTE}{vote.nomination_id}"] = vote.for_count
        content[f"{_AGAINST}{vote.nomination_id}"] = told
        content[f"{_BLANK}{vote.nomination_id}"] = vote.blank_count or None
    return content


def guests_of(meeting: UnitMeeting | None) -> list[MeetingPerson]:
    """Return the guests of a meeting in their order."""
    return [one for one in meeting.people.all() if one.is_guest] if meeting else []


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, clock.VIET_NAM)


class UnitLetterForm(PaperForm):
    """Tờ trình của phòng: its text, and whether its head calls it finished."""

    text = forms.CharField(
        label="Nội dung tờ trình",
        help_text="Dòng bắt đầu bằng «Căn cứ» là căn cứ; dòng cuối bắt đầu bằng «Kính đề nghị» "
        "là lời kết. Danh sách tập thể, cá nhân được chèn trước lời kết.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    is_confirmed = forms.BooleanField(label="Tờ trình đã xong", required=False)


class SignedScanForm(PageForm):
    """Bản ký quét: the file, and what stands on the paper, to be compared with what is kept."""

    submit_label = "Tải bản ký lên"

    file = forms.FileField(
        label="Tệp quét bản đã ký",
        help_text="PDF, ảnh JPG hoặc PNG, không quá 20 MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    declared_number = forms.CharField(
        label="Số ghi trên bản ký", required=False, max_length=40, help_text="Ví dụ 05/TTr-NV1."
    )
    declared_on = forms.DateField(label="Ngày ghi trên bản ký", required=False)
    declared_present = forms.IntegerField(
        label="Số người có mặt ghi trên bản ký", required=False, min_value=1, max_value=999
    )
    declared_names = forms.IntegerField(
        label="Số tập thể, cá nhân ghi trên bản ký", required=False, min_value=1, max_value=999
    )

    def __init__(self, *args: Any, kind: PaperKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == PaperKind.MINUTES:
            self.fields["declared_number"].help_text = "Ví dụ 02/BB-NV1."
            self.fields["declared_on"].label = "Ngày họp ghi trên bản ký"

    @property
    def declared(self) -> dict[str, Any]:
        """Return what the head read on the paper."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}
