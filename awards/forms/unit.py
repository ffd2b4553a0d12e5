"""What a unit types: a name to propose, a report, a file, the minutes, the letter."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.layout import HTML, Layout
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils.html import escape

from awards.models import MeetingVote, Nomination, UnitMeeting
from campaigns.models import AwardForm, Campaign, ReportHeading, SubjectKind
from staff.models import Person
from thidua.core import clock
from thidua.core.forms import PageForm
from units.models import Unit

_LONGEST_KEY = 19  # digits: a longer number is no key of the database
_HEADING, _VOTE = "heading_", "vote_"
_LONGEST_TEXT = 20_000  # characters, some six printed pages


class AwardFormField(forms.ModelChoiceField):
    """A choice among the forms of award, each with whom it is for and its clause."""

    def label_from_instance(self, obj: AwardForm) -> str:
        """Say the name, the kinds of subject with criteria, and the clause."""
        kinds = [SubjectKind(c.subject_kind).label.lower() for c in obj.criteria.all()]
        return f"{obj.name} ({', '.join(kinds)}; mục {obj.clause})"


class NominationForm(PageForm):
    """Whom the unit proposes, and for which form of award."""

    submit_label = "Thêm vào đề nghị"

    award_form = AwardFormField(
        label="Hình thức", queryset=AwardForm.objects.none(), widget=forms.RadioSelect
    )
    subject = forms.ChoiceField(
        label="Đối tượng", help_text="Tập thể của đơn vị, hoặc một người đang công tác tại đơn vị."
    )
    both_forms_reason = forms.CharField(
        label="Lý do đề nghị hai hình thức",
        required=False,
        max_length=500,
        help_text="Chỉ ghi khi đối tượng này đã được đề nghị một hình thức khác trong cùng đợt: "
        "một thành tích chỉ khen một lần, nên phải nêu rõ thành tích khác nhau ở đâu.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )

    def __init__(
        self, *args: Any, campaign: Campaign, unit: Unit, people: Iterable[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.people = unit, {person.pk: person for person in people}
        forms_of_award = campaign.award_forms.prefetch_related("criteria")
        self.fields["award_form"].queryset = forms_of_award  # type: ignore[attr-defined]
        self.fields["award_form"].empty_label = None  # type: ignore[attr-defined]
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            ("", "Chọn tập thể hoặc cá nhân"),
            ("Tập thể", [(f"unit:{unit.pk}", f"Tập thể: {unit.name}")]),
            (
                "Cá nhân",
                [
                    (f"person:{person.pk}", f"{person.full_name}, {person.position}")
                    for person in self.people.values()
                ],
            ),
        ]

    def clean_subject(self) -> dict[str, Any]:
        """Turn the choice into the arguments that the action takes."""
        kind, key = self.cleaned_data["subject"].split(":")
        if kind == SubjectKind.UNIT:
            return {"subject_kind": kind, "recipient_unit": self.unit}
        return {"subject_kind": kind, "person": self.people[int(key)]}


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
        return Layout(*shown)


def _text_fields(headings: Iterable[ReportHeading]) -> dict[str, forms.Field]:
    return {
        f"{_HEADING}{heading.pk}": forms.CharField(
            label=f"{heading.number}. {heading.title}"
            + ("" if heading.is_required else " (nếu có)"),
            help_text=escape(heading.hint),
            required=False,  # a draft is kept as it is; what lacks is listed beside it
            max_length=_LONGEST_TEXT,
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
        max_length=_LONGEST_TEXT,
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
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    is_confirmed = forms.BooleanField(label="Tờ trình đã xong", required=False)


class UnitChoiceForm(PageForm):
    """For which of the units that a head speaks a proposal is opened."""

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
