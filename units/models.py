"""The agency and its units."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q

from thidua.core.models import KeyedQuerySet, StoredFile, key_column
from thidua.core.text import fold, sort_key


class Agency(models.Model):
    """Cơ quan: the root of every row; an installation may hold several."""

    name = models.CharField("tên cơ quan", max_length=200, unique=True)
    paper_name = models.CharField("tên trên văn bản", max_length=200)
    paper_parent = models.CharField("cơ quan chủ quản trên văn bản", max_length=200)
    place = models.CharField("địa danh", max_length=100)
    abbreviation = models.CharField("chữ viết tắt trong ký hiệu", max_length=20)
    head_title = models.CharField("chức danh người đứng đầu", max_length=100)
    granting_title = models.CharField("thẩm quyền tặng, in trên giấy khen", max_length=200)
    superior_title = models.CharField("cấp trên nhận tờ trình", max_length=200)
    superior_route = models.CharField("cơ quan thẩm định của cấp trên", max_length=200, blank=True)
    prize_source = models.CharField("nguồn tiền thưởng", max_length=200)
    founding_basis = models.CharField("căn cứ chức năng, nhiệm vụ", max_length=300, blank=True)
    emblem = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Quốc huy"
    )
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "cơ quan"

    def __str__(self) -> str:
        return self.name


class UnitKind(models.TextChoices):
    """Loại đơn vị: what a unit is to the plan."""

    LEADERSHIP = "leadership", "Lãnh đạo cơ quan"
    OFFICE = "office", "Văn phòng"
    DEPARTMENT = "department", "Phòng nghiệp vụ"


class UnitQuerySet(KeyedQuerySet):
    def in_force(self, day: dt.date) -> "UnitQuerySet":
        """Keep the units that exist on `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        )

    def nominating(self) -> "UnitQuerySet":
        """Keep the units that nominate and can be nominated as collectives."""
        return self.exclude(kind=UnitKind.LEADERSHIP)


class Unit(models.Model):
    """Đơn vị: a unit of the agency, with the days between which it exists."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units", verbose_name="cơ quan")
    name = models.CharField("tên đơn vị", max_length=200)
    code = models.CharField("mã", max_length=20)
    kind = models.CharField("loại", max_length=20, choices=UnitKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="thuộc"
    )
    head_title = models.CharField("chức danh người đứng đầu", max_length=100)
    valid_from = models.DateField("có từ ngày", null=True, blank=True)
    valid_until = models.DateField("đến hết ngày", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị kế thừa",
    )
    sort_key = key_column("khóa xếp")
    search_key = key_column("khóa tìm")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đơn vị"
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="unit_code_once"),
            models.CheckConstraint(
                name="unit_dates_in_order",
                condition=Q(valid_until__gte=F("valid_from")),
                violation_error_message="Ngày cuối phải sau ngày đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key, self.search_key = sort_key(self.name), fold(self.name)
        super().save(*args, **kwargs)
