"""Whom a unit proposes, and for which unit it opens a proposal."""

from collections.abc import Iterable
from typing import Any

from django import forms

from campaigns.models import AwardForm, Campaign, SubjectKind
from staff.models import Person
from thidua.core.forms import PageForm
from units.models import Unit


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


class UnitChoiceForm(PageForm):
    """For which of the units that a head speaks a proposal is opened."""

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
