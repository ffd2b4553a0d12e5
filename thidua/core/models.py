"""Tables that every app shares: the audit log, stored files, background jobs."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from thidua.core import clock
from thidua.core.text import fold


class AuditHead(models.Model):
    """Đầu chuỗi nhật ký: the last place in the chain; one row, locked while an entry is added."""

    sequence = models.PositiveBigIntegerField("số thứ tự cuối", default=0)
    entry_hash = models.CharField("mã băm cuối", max_length=64, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "đầu chuỗi nhật ký"

    def __str__(self) -> str:
        return f"Đầu chuỗi {self.sequence}"


class AuditEntry(models.Model):
    """Nhật ký thao tác: who did what to which record, when, from, to and why; append-only.

    The database refuses UPDATE and DELETE (migration 0002).
    """

    sequence = models.PositiveBigIntegerField("số thứ tự", unique=True)
    at = models.DateTimeField("thời điểm thực")
    business_on = models.DateField("ngày nghiệp vụ")
    agency_id = models.BigIntegerField("cơ quan", null=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="người thực hiện",
    )
    actor_name = models.CharField("tên người thực hiện", max_length=200)
    action = models.CharField("mã thao tác", max_length=100)
    action_label = models.CharField("thao tác", max_length=200)
    subject_type = models.CharField("loại bản ghi", max_length=60)
    subject_id = models.CharField("mã bản ghi", max_length=40)
    subject_text = models.CharField("bản ghi", max_length=300)
    changes = models.JSONField("thay đổi", default=dict)
    note = models.TextField("lý do", blank=True)
    previous_hash = models.CharField("mã băm trước", max_length=64, blank=True)
    entry_hash = models.CharField("mã băm", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "nhật ký thao tác"
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "sequence"])]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor_name}: {self.action_label}"


class CheckState(models.TextChoices):
    """Kết quả kiểm tra mã độc: only what is clean is ever handed out."""

    WAITING = "waiting", "Chờ kiểm tra"
    CLEAN = "clean", "Đã kiểm tra"
    INFECTED = "infected", "Có mã độc"


class StoredFile(models.Model):
    """Tệp lưu: bytes kept once under their SHA-256, never written over."""

    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    path = models.CharField("nơi lưu", max_length=120)
    name = models.CharField("tên tệp", max_length=200)
    media_type = models.CharField("kiểu", max_length=100)
    size = models.PositiveBigIntegerField("dung lượng (byte)")
    page_count = models.PositiveIntegerField("số trang", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="người tạo",
    )
    created_at = models.DateTimeField("tạo lúc", default=clock.now)
    check_state = models.CharField(
        "kiểm tra mã độc", max_length=10, choices=CheckState, default=CheckState.CLEAN
    )
    checked_at = models.DateTimeField("kiểm tra lúc", null=True, blank=True)
    check_note = models.CharField("kết quả kiểm tra", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "tệp lưu"
        indexes = [
            models.Index(
                fields=["id"],
                name="stored_file_unclean",
                condition=~models.Q(check_state=CheckState.CLEAN),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_clean(self) -> bool:
        return self.check_state == CheckState.CLEAN

    @property
    def is_infected(self) -> bool:
        return self.check_state == CheckState.INFECTED


class RenderedPaper(models.Model):
    """Bản in đã dựng: the file that the same facts, layout and printer always give; made once."""

    facts_sha256 = models.CharField(
        "mã băm của nội dung và cách trình bày", max_length=64, unique=True
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", verbose_name="tệp đã dựng"
    )
    rendered_at = models.DateTimeField("dựng lúc", default=clock.real_now)

    class Meta:
        verbose_name = verbose_name_plural = "bản in đã dựng"

    def __str__(self) -> str:
        return str(self.file)


class JobState(models.TextChoices):
    """Trạng thái việc nền: where a background job stands."""

    WAITING = "waiting", "Đang chờ"
    RUNNING = "running", "Đang làm"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không làm được"


class Job(models.Model):
    """Việc nền: a long task with its progress, seen by whoever asked for it.

    The task itself lies in the queue; this row is what people look at.
    """

    label = models.CharField("việc", max_length=200)
    function = models.CharField("hàm", max_length=120)
    subject_type = models.CharField("loại bản ghi", max_length=60)
    subject_id = models.BigIntegerField("mã bản ghi")
    state = models.CharField(
        "trạng thái", max_length=10, choices=JobState, default=JobState.WAITING
    )
    total_count = models.PositiveIntegerField("tổng số", default=0)
    done_count = models.PositiveIntegerField("đã xong", default=0)
    error = models.TextField("lỗi", blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người yêu cầu"
    )
    requested_at = models.DateTimeField("yêu cầu lúc", default=clock.real_now)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "việc nền"
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]
        constraints = [
            models.CheckConstraint(
                name="job_done_within_total",
                condition=models.Q(done_count__lte=models.F("total_count")),
                violation_error_message="Số đã xong không vượt tổng số.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("job_progress", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}


class Visit(models.Model):
    """Lượt xem công khai: how often one address asked in one minute; past minutes are forgotten."""

    address = models.CharField("địa chỉ", max_length=45)
    minute = models.DateTimeField("phút")
    count = models.PositiveIntegerField("số lượt")

    class Meta:
        verbose_name = verbose_name_plural = "lượt xem công khai"
        constraints = [models.UniqueConstraint(fields=["address", "minute"], name="visit_once")]

    def __str__(self) -> str:
        return f"{self.address}: {self.count}"


class KeyedQuerySet(models.QuerySet[Any]):
    """Rows that are found by search key and sorted by sort key."""

    def search(self, words: str) -> "KeyedQuerySet":
        """Narrow to rows whose search key holds every word of `words`, accents ignored."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_key__contains=word)
        return found


def key_column(verbose_name: str, max_length: int = 600) -> models.CharField:
    """Return a column for a computed key: collation "C", never shown, never typed."""
    return models.CharField(
        verbose_name, max_length=max_length, db_collation="C", editable=False, default=""
    )
