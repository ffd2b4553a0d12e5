"""People, accounts, and who holds which role where."""

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q

from thidua.core import clock
from thidua.core.models import KeyedQuerySet, key_column
from thidua.core.permissions import Role
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
