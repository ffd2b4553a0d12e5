"""Numbers and the register of commendations."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from awards import policy
from campaigns.models import AwardForm, Campaign, SubjectKind
from staff.models import Person
from thidua.core import clock
from thidua.core.models import KeyedQuerySet, key_column
from units.models import Agency, Unit


class Book(models.TextChoices):
    """Sổ: a series of numbers that starts at 1 each year."""

    DECISION = "decision", "Quyết định"
    LETTER = "letter", "Tờ trình"
    MINUTES = "minutes", "Biên bản của Hội đồng"
    RECEIPT = "receipt", "Biên nhận hồ sơ"
    COMMENDATION = "commendation", "Sổ khen thưởng"


class Register(models.Model):
    """Sổ cấp số: one row for each book and year, locked while a number is taken."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="registers")
    book = models.CharField("sổ", max_length=15, choices=Book)
    year = models.PositiveSmallIntegerField("năm")
    last_number = models.PositiveIntegerField("số cuối", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "sổ cấp số"
        constraints = [
            models.UniqueConstraint(fields=["agency", "book", "year"], name="register_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_book_display()} {self.year}"


class IssuedNumber(models.Model):
    """Số đã cấp: each number with who took it, when and for what; never given twice."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="numbers")
    number = models.PositiveIntegerField("số")
    purpose = models.CharField("cấp cho", max_length=300)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField("cấp lúc")

    class Meta:
        verbose_name = verbose_name_plural = "số đã cấp"
        ordering = ["register", "number"]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="issued_number_once"),
            models.CheckConstraint(
                name="issued_number_from_one",
                condition=Q(number__gte=1),
                violation_error_message="Số bắt đầu từ 01.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register}: {self.number:02d}"


class RegisterQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> "RegisterQuerySet":
        """Keep what exists for `user`."""
        return policy.visible_register(self, user)


class RegisterEntry(models.Model):
    """Sổ khen thưởng: one award as it was printed; append-only.

    `number` is the office's own running number; `golden_number` (số sổ vàng) is the recipient's
    ordinal in the decision.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="register_entries")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="register_entries")
    award_form = models.ForeignKey(AwardForm, models.PROTECT, related_name="+")
    nomination = models.OneToOneField(
        "awards.Nomination", models.PROTECT, related_name="register_entry"
    )
    year = models.PositiveSmallIntegerField("năm vào sổ")
    number = models.PositiveIntegerField("số vào sổ")
    decision_number = models.CharField("số quyết định", max_length=60)
    decided_on = models.DateField("ngày quyết định")
    decided_by = models.CharField("cấp quyết định", max_length=200)
    golden_number = models.PositiveIntegerField("số sổ vàng", null=True, blank=True)
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="awards_received"
    )
    recipient_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="awards_received"
    )
    recipient_name = models.CharField("tên in", max_length=200)
    recipient_title = models.CharField("chức vụ, đơn vị in", max_length=250)
    award_name = models.CharField("hình thức", max_length=200)
    achievement = models.CharField("thành tích", max_length=500)
    coefficient = models.DecimalField("hệ số", max_digits=5, decimal_places=2)
    base_salary = models.PositiveBigIntegerField("mức lương cơ sở (đồng)")
    amount = models.PositiveBigIntegerField("tiền thưởng (đồng)")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("vào sổ lúc", default=clock.now)
    search_key = key_column("khóa tìm")

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "sổ khen thưởng"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="register_entry_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number:02d}/{self.year} · {self.recipient_name}"
