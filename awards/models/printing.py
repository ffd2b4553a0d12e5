"""The printing room of the Giấy khen: blanks and their stock, printers, what was printed."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from awards import policy
from awards.models.decision import Decision, DecisionLine
from thidua.core import clock
from thidua.core.models import StoredFile
from units.models import Agency

# A printer that is out by more than this is not calibrated: its paper is laid in wrongly.
MOST_SHIFT_MM = 20
# A single delivery, or a single loss, of more than this is a slip of the keyboard.
MOST_BLANKS = 10_000


class AgencyPrintingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "AgencyPrintingQuerySet":
        """Keep what exists for `user`."""
        return policy.visible_printing(self, user, "agency_id")


class CertificateBlank(models.Model):
    """Phôi giấy khen: a pre-printed sheet, with the places of what the printer adds to it.

    `layout` overrides the sheet of the law, in mm and pt; `elements` names what is printed.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="certificate_blanks")
    name = models.CharField("tên phôi", max_length=100)
    scan = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ảnh quét của phôi",
    )
    layout = models.JSONField("vị trí in (mm, pt)", default=dict, blank=True)
    elements = models.JSONField("phần được in", default=list)
    is_active = models.BooleanField("đang dùng", default=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    objects = AgencyPrintingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "phôi giấy khen"
        ordering = ["-is_active", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="certificate_blank_once",
                violation_error_message="Cơ quan đã có phôi tên này. Hãy đặt tên khác.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("blank_detail", args=[self.pk])


class Printer(models.Model):
    """Máy in: how far its output has to be moved, so that it lands where the sheet says."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="printers")
    name = models.CharField("tên máy in", max_length=100)
    right_mm = models.DecimalField("dời sang phải (mm)", max_digits=4, decimal_places=1, default=0)
    down_mm = models.DecimalField("dời xuống dưới (mm)", max_digits=4, decimal_places=1, default=0)
    calibrated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người căn chỉnh",
    )
    calibrated_at = models.DateTimeField("căn chỉnh lúc", null=True, blank=True)
    is_active = models.BooleanField("đang dùng", default=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    objects = AgencyPrintingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "máy in"
        ordering = ["-is_active", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="printer_once",
                violation_error_message="Cơ quan đã có máy in tên này. Hãy đặt tên khác.",
            ),
            models.CheckConstraint(
                name="printer_shift_is_small",
                condition=Q(right_mm__range=(-MOST_SHIFT_MM, MOST_SHIFT_MM))
                & Q(down_mm__range=(-MOST_SHIFT_MM, MOST_SHIFT_MM)),
                violation_error_message=f"Máy in lệch nhiều nhất {MOST_SHIFT_MM} mm mỗi chiều.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PrintRunQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> "PrintRunQuerySet":
        """Keep what exists for `user`."""
        return policy.visible_printing(self, user, "decision__campaign__agency_id")


class PrintRun(models.Model):
    """Lượt in: certificates of one decision sent to the printer together.

    Without a blank the whole sheet is printed on plain paper. Places and shift are copied, so the
    file says the same whenever it is made; the database lets nothing change but the missing file.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="print_runs")
    blank = models.ForeignKey(
        CertificateBlank,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="print_runs",
        verbose_name="phôi",
    )
    printer = models.ForeignKey(
        Printer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="print_runs",
        verbose_name="máy in",
    )
    right_mm = models.DecimalField("dời sang phải (mm)", max_digits=4, decimal_places=1, default=0)
    down_mm = models.DecimalField("dời xuống dưới (mm)", max_digits=4, decimal_places=1, default=0)
    layout = models.JSONField("vị trí in (mm, pt)")
    elements = models.JSONField("phần được in")
    reason = models.CharField("lý do in lại", max_length=500, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người in"
    )
    requested_at = models.DateTimeField("in lúc", default=clock.now)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bản in"
    )

    objects = PrintRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "lượt in"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="print_run_on_blank_has_printer",
                condition=Q(blank__isnull=True) | Q(printer__isnull=False),
                violation_error_message="In trên phôi phải chọn máy in.",
            )
        ]

    def __str__(self) -> str:
        return f"Lượt in ngày {clock.local_day(self.requested_at):%d/%m/%Y}, {self.decision}"

    def get_absolute_url(self) -> str:
        return reverse("print_run_detail", args=[self.pk])

    @property
    def agency_id(self) -> int:
        return self.decision.agency_id


class PrintedLine(models.Model):
    """Giấy khen đã in: one certificate of a run; `ordinal` above 1 is a reprint; append-only."""

    run = models.ForeignKey(PrintRun, models.PROTECT, related_name="lines")
    line = models.ForeignKey(DecisionLine, models.PROTECT, related_name="printings")
    ordinal = models.PositiveIntegerField("lần in thứ")

    class Meta:
        verbose_name = verbose_name_plural = "giấy khen đã in"
        ordering = ["run", "line__ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["line", "ordinal"], name="printed_line_once"),
            models.UniqueConstraint(fields=["run", "line"], name="printed_line_once_in_a_run"),
            models.CheckConstraint(
                name="printed_line_from_one",
                condition=Q(ordinal__gte=1),
                violation_error_message="Lần in đầu là lần 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}, lần {self.ordinal}"


class BlankEntryKind(models.TextChoices):
    """Loại dòng sổ phôi: blanks that came, and blanks that cannot be used."""

    RECEIVED = "received", "Nhận"
    SPOILT = "spoilt", "Hỏng"


class BlankEntry(models.Model):
    """Sổ phôi: blanks received or spoilt; append-only.

    A spoilt one that names its run was taken from the stock when that run was printed.
    """

    blank = models.ForeignKey(CertificateBlank, models.PROTECT, related_name="entries")
    kind = models.CharField("loại", max_length=10, choices=BlankEntryKind)
    count = models.PositiveIntegerField(
        "số tờ", validators=[MinValueValidator(1), MaxValueValidator(MOST_BLANKS)]
    )
    reason = models.CharField("lý do, ghi chú", max_length=500, blank=True)
    run = models.ForeignKey(
        PrintRun,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="blank_entries",
        verbose_name="lượt in",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    recorded_at = models.DateTimeField("ghi lúc", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "sổ phôi"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="blank_entry_from_one",
                condition=Q(count__range=(1, MOST_BLANKS)),
                violation_error_message="Số tờ từ 1 trở lên.",
            ),
            models.CheckConstraint(
                name="blank_entry_spoilt_says_why",
                condition=Q(kind=BlankEntryKind.RECEIVED, run__isnull=True)
                | (Q(kind=BlankEntryKind.SPOILT) & ~Q(reason="")),
                violation_error_message="Phôi hỏng phải có lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.count} tờ phôi «{self.blank}»"
