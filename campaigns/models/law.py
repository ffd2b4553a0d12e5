"""The law as rows: instruments, what their articles fix, and the forms of report they bring.

Each agency keeps its own copy: it marks what it has compared with the official text, and mends
what it found different. A dossier never reads these rows twice: what it needs of them is copied
into it at its date (launch, receipt for appraisal, signing).
"""

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from campaigns.models.catalogue import SubjectKind
from units.models import Agency

_NUMBERED = re.compile(r".{2,40}? số \d\S*")


class LawQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "LawQuerySet":
        """The law is read by everybody of the agency."""
        return self.filter(agency_id=user.agency_id)


class LawRow(models.Model):
    """Dòng luật: what every row of law has: article, days in force, the mark of the office.

    `verified_at` says that somebody of the office has compared the row with the official text;
    a correction takes the mark away. `version` counts corrections.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="cơ quan")
    article = models.CharField("điều, khoản", max_length=80, blank=True)
    note = models.TextField("điều còn chưa rõ", blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người đối chiếu",
    )
    verified_at = models.DateTimeField("đối chiếu lúc", null=True, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    objects = LawQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class LegalBasis(LawRow):
    """Văn bản quy định: a law, decree, circular or plan with the days when it is in force.

    `review_on` is a day by which the text should be looked up again, the announced end of an
    instrument: it warns, it switches nothing off.
    """

    code = models.CharField("số, ký hiệu", max_length=60)
    citation = models.CharField("cách dẫn trong căn cứ", max_length=400)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    in_force_on = models.DateField("có hiệu lực từ", null=True, blank=True)
    out_of_force_on = models.DateField("hết hiệu lực từ", null=True, blank=True)
    review_on = models.DateField("phải rà soát trước ngày", null=True, blank=True)
    replaced_by_code = models.CharField("được thay bằng", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "văn bản quy định"
        ordering = ["in_force_on", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"],
                name="legal_basis_once",
                violation_error_message="Văn bản này đã có trong danh mục.",
            ),
            models.CheckConstraint(
                name="legal_basis_dates_in_order",
                condition=Q(in_force_on__lt=F("out_of_force_on")),
                violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("law_detail", args=[self.pk])

    @property
    def short_name(self) -> str:
        """Return “Nghị định số 98/2023/NĐ-CP”: the citation up to its number, else to its day."""
        words = self.citation.removeprefix("Căn cứ ")
        numbered = _NUMBERED.match(words)
        name = numbered.group().rstrip(",;.") if numbered else words.split(" ngày ")[0].strip()
        return name or self.code

    def in_force(self, day: dt.date) -> bool:
        return (self.in_force_on is None or self.in_force_on <= day) and (
            self.out_of_force_on is None or day < self.out_of_force_on
        )


class ProvisionKind(models.TextChoices):
    """Loại quy định: what a provision fixes; `campaigns.terms` says what each kind holds."""

    PRINCIPLE = "principle", "Nguyên tắc"
    BASE_SALARY = "base_salary", "Mức lương cơ sở"
    PRIZE_RATE = "prize_rate", "Mức tiền thưởng"
    COUNCIL_RULE = "council_rule", "Quy tắc biểu quyết của Hội đồng"
    CERTIFICATE_LAYOUT = "certificate_layout", "Bố cục giấy khen"
    NUMBERING = "numbering", "Số, ký hiệu văn bản"
    RETENTION = "retention", "Thời hạn bảo quản"
    TIME_LIMIT = "time_limit", "Thời hạn giải quyết"
    NOTICE = "notice", "Báo trước"


class Provision(LawRow):
    """Quy định: one thing that an article fixes, in force from a day until the next row of its key.

    `content` holds the terms of its kind, checked by `campaigns.terms`.
    """

    kind = models.CharField("loại", max_length=20, choices=ProvisionKind)
    key = models.CharField("mã", max_length=80)
    title = models.CharField("nội dung", max_length=300)
    basis = models.ForeignKey(
        LegalBasis,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="provisions",
        verbose_name="văn bản",
    )
    content = models.JSONField("điều khoản", default=dict, blank=True)
    in_force_on = models.DateField("áp dụng từ ngày")
    out_of_force_on = models.DateField("thôi áp dụng từ ngày", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "quy định"
        ordering = ["kind", "key", "-in_force_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "key", "in_force_on"],
                name="provision_once",
                violation_error_message="Đã có quy định này áp dụng từ cùng ngày.",
            ),
            models.CheckConstraint(
                name="provision_dates_in_order",
                condition=Q(in_force_on__lt=F("out_of_force_on")),
                violation_error_message="Ngày thôi áp dụng phải sau ngày áp dụng.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("provision_detail", args=[self.pk])


class FormPurpose(models.TextChoices):
    """Mục đích của mẫu: what kind of commendation a form of report is for."""

    THEMATIC = "thematic", "Theo đợt, chuyên đề"
    MERIT = "merit", "Công trạng"
    AD_HOC = "ad_hoc", "Đột xuất"
    OTHER = "other", "Khác"


class ReportForm(LawRow):
    """Mẫu báo cáo thành tích: a form of a decree, its headings as rows.

    A form and its headings are never written over: reports stand under them. A correction is a
    new edition, and the old row names it.
    """

    label = models.CharField("tên mẫu", max_length=300)
    number = models.CharField("số mẫu", max_length=20)
    purpose = models.CharField(
        "dùng cho", max_length=10, choices=FormPurpose, default=FormPurpose.THEMATIC
    )
    basis = models.ForeignKey(
        LegalBasis, models.PROTECT, related_name="forms", verbose_name="văn bản"
    )
    edition = models.PositiveIntegerField("lần sửa", default=1)
    replaced_by = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="bản sửa",
    )

    class Meta:
        verbose_name = verbose_name_plural = "mẫu báo cáo"
        ordering = ["basis__in_force_on", "number", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["basis", "number", "edition"], name="report_form_once"),
            models.UniqueConstraint(
                fields=["basis", "number"],
                condition=Q(replaced_by__isnull=True),
                name="report_form_one_current",
                violation_error_message="Mẫu này đã được sửa. Hãy mở bản mới.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("report_form_detail", args=[self.pk])


class HeadingKind(models.TextChoices):
    """Loại mục: what is written under a heading of a report."""

    TEXT = "text", "Đoạn văn"
    AWARDS = "awards", "Danh sách khen thưởng"


class ReportHeading(models.Model):
    """Mục của mẫu báo cáo: one heading, for one kind of subject, with the hint beside it.

    A list of awards has rows by year, and a text for what is no row.
    """

    form = models.ForeignKey(
        ReportForm, models.CASCADE, related_name="headings", verbose_name="mẫu"
    )
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    position = models.PositiveIntegerField("thứ tự")
    number = models.CharField("số mục", max_length=10)
    title = models.CharField("tên mục", max_length=300)
    hint = models.TextField("gợi ý", blank=True)
    kind = models.CharField(
        "loại nội dung", max_length=10, choices=HeadingKind, default=HeadingKind.TEXT
    )
    is_group = models.BooleanField("chỉ là đề mục", default=False)
    is_required = models.BooleanField("bắt buộc", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "mục của mẫu báo cáo"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "subject_kind", "position"], name="report_heading_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def lists_awards(self) -> bool:
        return self.kind == HeadingKind.AWARDS and not self.is_group


class DayKind(models.TextChoices):
    """Loại ngày: a day off in the week, or a day off that is worked."""

    HOLIDAY = "holiday", "Ngày nghỉ"
    WORKING = "working", "Ngày làm bù"


class CalendarDay(LawRow):
    """Ngày nghỉ, ngày làm bù: a day on which the week's own rule does not hold.

    Monday to Friday are worked unless a row says otherwise.
    """

    day = models.DateField("ngày")
    kind = models.CharField("loại", max_length=10, choices=DayKind)
    name = models.CharField("tên ngày", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "lịch nghỉ"
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "day"],
                name="calendar_day_once",
                violation_error_message="Ngày này đã có trong lịch.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.name}"
