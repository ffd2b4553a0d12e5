"""People, accounts, and who holds which role where."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from thidua.core import clock
from thidua.core.models import KeyedQuerySet, StoredFile, key_column
from thidua.core.permissions import Role, roles_of
from thidua.core.text import fold, person_sort_key
from units.models import Agency, Unit


class EmploymentKind(models.TextChoices):
    """Loại lao động: civil servant, public employee or contract worker."""

    CIVIL_SERVANT = "civil_servant", "Công chức"
    PUBLIC_EMPLOYEE = "public_employee", "Viên chức"
    CONTRACT_WORKER = "contract_worker", "Người lao động"


class Person(models.Model):
    """Cá nhân: somebody of the agency, whether or not with an account.

    Only what a nomination prints is kept: no birth date, no identity number, no address.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="people", verbose_name="cơ quan"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name="đơn vị")
    full_name = models.CharField("họ và tên", max_length=120)
    position = models.CharField("chức vụ, chức danh", max_length=120)
    employment_kind = models.CharField("loại lao động", max_length=20, choices=EmploymentKind)
    in_service_from = models.DateField("công tác từ ngày", null=True, blank=True)
    in_service_until = models.DateField("đến hết ngày", null=True, blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    sort_key = key_column("khóa xếp")
    search_key = key_column("khóa tìm")

    objects = KeyedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "cá nhân"
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                name="person_service_in_order",
                condition=Q(in_service_until__gte=F("in_service_from")),
                violation_error_message="Ngày cuối phải sau ngày đầu.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key, self.search_key = person_sort_key(self.full_name), fold(self.full_name)
        super().save(*args, **kwargs)


class UserManager(BaseUserManager["User"]):
    """Makes accounts; Django's own name for it."""

    def get_queryset(self) -> models.QuerySet["User"]:
        """Bring agency and person along: every page shows them."""
        return super().get_queryset().select_related("agency", "person__unit")

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account with a usable password, or with none."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str, **fields: Any) -> "User":
        """Create an account that may open the back office."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Tài khoản: how a person signs in; what the person may do is in RoleAssignment."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="users", verbose_name="cơ quan"
    )
    username = models.CharField("tên đăng nhập", max_length=60, unique=True)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user", verbose_name="cá nhân"
    )
    email = models.EmailField("thư điện tử", blank=True)
    takes_mail = models.BooleanField("nhận nhắc việc qua thư điện tử", default=True)
    is_active = models.BooleanField("đang dùng", default=True)
    is_staff = models.BooleanField("vào trang quản trị", default=False)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    created_at = models.DateTimeField("tạo lúc", default=clock.real_now)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "tài khoản"

    def __str__(self) -> str:
        return self.username

    @property
    def display_name(self) -> str:
        return self.person.full_name if self.person else self.username


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self, day: dt.date) -> "RoleAssignmentQuerySet":
        """Keep what is held on `day`, first and last day included."""
        return self.filter(Q(from_on__lte=day), Q(until_on__isnull=True) | Q(until_on__gte=day))


class RoleAssignment(models.Model):
    """Phân vai: a role held by an account, for one unit or the whole agency, between two days."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="role_assignments", verbose_name="tài khoản"
    )
    role = models.CharField("vai trò", max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="role_assignments",
        verbose_name="đơn vị",
    )
    from_on = models.DateField("từ ngày")
    until_on = models.DateField("đến hết ngày", null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "phân vai"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit", "from_on"],
                name="role_assignment_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="role_assignment_unit_for_heads",
                condition=~Q(role=Role.UNIT_HEAD) | Q(unit__isnull=False),
                violation_error_message="Trưởng phòng phải gắn với một đơn vị.",
            ),
            models.CheckConstraint(
                name="role_assignment_dates_in_order",
                condition=Q(until_on__gte=F("from_on")),
                violation_error_message="Ngày cuối phải sau ngày đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"


class HoldKind(models.TextChoices):
    """Loại tạm giữ: what is being settled about somebody, in the order of the decree."""

    DISCIPLINE = "discipline", "Xem xét kỷ luật"
    INVESTIGATION = "investigation", "Điều tra"
    INSPECTION = "inspection", "Thanh tra, kiểm tra có dấu hiệu vi phạm"
    COMPLAINT = "complaint", "Khiếu nại, tố cáo hoặc báo chí nêu, đang xác minh"


class HoldOutcome(models.TextChoices):
    """Kết luận tạm giữ: how the matter ended."""

    CLEARED = "cleared", "Không vi phạm"
    DISCIPLINED = "disciplined", "Bị kỷ luật"


LIVE_HOLD = Q(concluded_on__isnull=True, is_corrected=False)


class HoldQuerySet(models.QuerySet["Hold"]):
    def visible_to(self, user: Any) -> "HoldQuerySet":
        """For its keepers only, and of a keeper's own lines not even for that one."""
        if Role.HOLD_KEEPER not in roles_of(user):
            return self.none()
        return self.filter(agency_id=user.agency_id).exclude(person_id=user.person_id or 0)


class Hold(models.Model):
    """Tạm giữ xét khen thưởng: a person or a unit waits while something about it is settled.

    It ends with its concluding document. No row is deleted or written over: a mistake is
    corrected by a new row, and the database refuses the rest. `str` says neither whom nor why,
    for it stands in the log.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="holds", verbose_name="cơ quan")
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name="cá nhân",
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="holds", verbose_name="tập thể"
    )
    kind = models.CharField("loại", max_length=20, choices=HoldKind)
    reason = models.TextField("lý do")
    opened_on = models.DateField("tạm giữ từ ngày")
    document_number = models.CharField("số, ký hiệu văn bản", max_length=100)
    document_on = models.DateField("ngày văn bản")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    opened_at = models.DateTimeField("ghi lúc", default=clock.now)
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        verbose_name="đính chính cho dòng",
    )
    correction_reason = models.CharField("lý do đính chính", max_length=500, blank=True)
    is_corrected = models.BooleanField("đã được đính chính", default=False)
    concluded_on = models.DateField("ngày văn bản kết luận", null=True, blank=True)
    concluding_number = models.CharField("số văn bản kết luận", max_length=100, blank=True)
    concluding_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tệp kết luận",
    )
    outcome = models.CharField("kết luận", max_length=15, choices=HoldOutcome, blank=True)
    discipline_until = models.DateField("thời hạn kỷ luật đến hết ngày", null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ghi kết luận",
    )
    concluded_at = models.DateTimeField("ghi kết luận lúc", null=True, blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "tạm giữ xét khen thưởng"
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="hold_one_subject",
                condition=Q(person__isnull=False, unit__isnull=True)
                | Q(person__isnull=True, unit__isnull=False),
                violation_error_message="Hãy chọn một cá nhân hoặc một tập thể.",
            ),
            models.CheckConstraint(
                name="hold_opens_by_a_document",
                condition=~Q(document_number="")
                & ~Q(reason="")
                & Q(document_on__lte=F("opened_on")),
                violation_error_message="Tạm giữ phải có lý do và văn bản không sau ngày tạm giữ.",
            ),
            models.CheckConstraint(
                name="hold_ends_by_a_document",
                condition=Q(
                    concluded_on__isnull=True,
                    concluding_number="",
                    concluding_file__isnull=True,
                    outcome="",
                    concluded_by__isnull=True,
                    concluded_at__isnull=True,
                )
                | (
                    Q(
                        concluded_on__isnull=False,
                        concluded_on__gte=F("opened_on"),
                        concluded_by__isnull=False,
                        concluded_at__isnull=False,
                        outcome__in=HoldOutcome.values,
                    )
                    & ~Q(concluding_number="")
                ),
                violation_error_message="Kết luận phải có số, ngày văn bản không trước ngày tạm giữ.",
            ),
            models.CheckConstraint(
                name="hold_discipline_has_its_end",
                condition=Q(
                    outcome=HoldOutcome.DISCIPLINED,
                    discipline_until__isnull=False,
                    discipline_until__gte=F("concluded_on"),
                )
                | (~Q(outcome=HoldOutcome.DISCIPLINED) & Q(discipline_until__isnull=True)),
                violation_error_message="Kỷ luật phải có ngày hết thời hạn, không trước ngày kết luận.",
            ),
            models.CheckConstraint(
                name="hold_correction_says_why",
                condition=Q(corrects__isnull=True, correction_reason="")
                | (Q(corrects__isnull=False) & ~Q(correction_reason="")),
                violation_error_message="Hãy ghi lý do đính chính.",
            ),
            # Two matters about one subject may be open at once; the same document is one matter.
            models.UniqueConstraint(
                fields=["agency", "person", "unit", "kind", "document_number", "document_on"],
                condition=LIVE_HOLD,
                name="hold_once_by_a_document",
                nulls_distinct=False,
                violation_error_message="Văn bản này đã được ghi vào sổ cho cùng đối tượng.",
            ),
        ]

    def __str__(self) -> str:
        return f"Sổ tạm giữ, dòng {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("hold_detail", args=[self.pk])

    @property
    def subject(self) -> Person | Unit | None:
        return self.person or self.unit

    @property
    def is_live(self) -> bool:
        return self.concluded_on is None and not self.is_corrected

    @property
    def status(self) -> tuple[str, str]:
        """Return where it stands, in words and tone."""
        if self.is_corrected:
            return "Đã đính chính", ""
        return ("Đang tạm giữ", "wait") if self.is_live else ("Đã kết luận", "ok")
