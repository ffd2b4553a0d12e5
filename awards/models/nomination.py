"""One nomination with its report and evidence."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from awards import policy
from awards.models.proposal import Proposal
from campaigns.models import AwardForm, Campaign, Criterion, ReportForm, ReportHeading, SubjectKind
from staff.models import Person
from thidua.core import clock
from thidua.core.models import KeyedQuerySet, StoredFile, key_column
from thidua.core.text import compose, fold, person_sort_key, sort_key
from units.models import Unit


class NominationState(models.TextChoices):
    """Trạng thái đề nghị khen thưởng: the life of one name, on both routes."""

    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Chờ thẩm định"
    RETURNED = "returned", "Yêu cầu bổ sung"
    ACCEPTED = "accepted", "Đủ điều kiện"
    DECLINED = "declined", "Không đủ điều kiện"
    WITHDRAWN = "withdrawn", "Đã rút"
    APPROVED = "approved", "Đã phê duyệt"
    REFUSED = "refused", "Không phê duyệt"
    DECIDED = "decided", "Đã có số quyết định"
    ENDORSED = "endorsed", "Hội đồng thông qua"
    NOT_ENDORSED = "not_endorsed", "Hội đồng không thông qua"
    FORWARDED = "forwarded", "Đã trình cấp trên"
    NOT_GRANTED = "not_granted", "Cấp trên không tặng"
    AWARDED = "awarded", "Đã khen thưởng"


# A nomination that has ended without an award no longer stands in the way of another.
ENDED = (
    NominationState.DECLINED,
    NominationState.WITHDRAWN,
    NominationState.REFUSED,
    NominationState.NOT_ENDORSED,
    NominationState.NOT_GRANTED,
)
# On its way: the office, the council, the signatory, the registrar or the superior still has to
# act. Drafts and returned ones end with the window.
IN_FLIGHT = (
    NominationState.SUBMITTED,
    NominationState.ACCEPTED,
    NominationState.APPROVED,
    NominationState.DECIDED,
    NominationState.ENDORSED,
    NominationState.FORWARDED,
)
# Still with its unit or the office, which can mend it.
UNDER_REVIEW = (
    NominationState.DRAFT,
    NominationState.SUBMITTED,
    NominationState.RETURNED,
    NominationState.ACCEPTED,
)
_TONES = {
    NominationState.SUBMITTED: "wait",
    NominationState.RETURNED: "stop",
    NominationState.ACCEPTED: "info",
    NominationState.APPROVED: "ok",
    NominationState.DECIDED: "ok",
    NominationState.ENDORSED: "ok",
    NominationState.FORWARDED: "info",
    NominationState.AWARDED: "ok",
    **dict.fromkeys(ENDED, "stop"),
    NominationState.WITHDRAWN: "",
}
LIVE = ~Q(state__in=ENDED)
# What may stand before a printed name; a list is sorted without it.
COURTESIES = ("Ông ", "Bà ", "Đồng chí ")


class NominationQuerySet(KeyedQuerySet):
    def visible_to(self, user: Any) -> "NominationQuerySet":
        """Keep what exists for `user`."""
        return policy.visible_nominations(self, user)


class Nomination(models.Model):
    """Đề nghị khen thưởng: one person or collective for one form of award in one campaign.

    `campaign` repeats the proposal's, so that the database can refuse a second live one.
    Names are copied as they will be printed: a certificate shows what was true then.
    """

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, related_name="nominations", verbose_name="đề nghị của phòng"
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="nominations", verbose_name="đợt"
    )
    award_form = models.ForeignKey(
        AwardForm, models.PROTECT, related_name="nominations", verbose_name="hình thức đề nghị"
    )
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name="cá nhân",
    )
    recipient_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name="tập thể",
    )
    recipient_name = models.CharField("tên in trên quyết định", max_length=200)
    recipient_title = models.CharField("chức vụ, đơn vị in trên quyết định", max_length=250)
    both_forms_reason = models.CharField(
        "lý do đề nghị hai hình thức trong một đợt", max_length=500, blank=True
    )
    state = models.CharField(
        "trạng thái", max_length=15, choices=NominationState, default=NominationState.DRAFT
    )
    version = models.PositiveIntegerField("phiên bản", default=1)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invited_nominations",
        verbose_name="người được mời viết báo cáo",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập"
    )
    created_at = models.DateTimeField("lập lúc", default=clock.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người gửi",
    )
    submitted_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    # The second of the three dates that decide which law holds: written once, with the law as it
    # stood that day. A trigger of the database refuses to change either.
    received_for_appraisal_at = models.DateTimeField(
        "tiếp nhận để thẩm định lúc", null=True, blank=True
    )
    received_law = models.JSONField("luật áp dụng khi tiếp nhận", default=dict, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người thẩm định",
    )
    reviewed_at = models.DateTimeField("thẩm định lúc", null=True, blank=True)
    return_reason = models.TextField("yêu cầu bổ sung", blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người quyết",
    )
    settled_by_person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ký",
    )
    settled_at = models.DateTimeField("quyết lúc", null=True, blank=True)
    outcome_reason = models.TextField("lý do của kết quả", blank=True)
    # The line as its unit confirmed it, between approval and number; empty until then. A trigger
    # of the database refuses to change it once the nomination stands in a decision.
    printed_name = models.CharField("tên in trên Giấy khen", max_length=200, blank=True)
    printed_title = models.CharField(
        "chức vụ, đơn vị in trên Giấy khen", max_length=250, blank=True
    )
    line_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người xác nhận dòng in",
    )
    line_confirmed_at = models.DateTimeField("xác nhận dòng in lúc", null=True, blank=True)
    line_confirmed_note = models.CharField("lý do xác nhận thay", max_length=500, blank=True)
    content_sha256 = models.CharField("mã băm khi gửi", max_length=64, blank=True)
    sort_key = key_column("khóa xếp")
    search_key = key_column("khóa tìm")

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đề nghị khen thưởng"
        ordering = ["subject_kind", "sort_key"]
        indexes = [models.Index(fields=["campaign", "state"])]
        constraints = [
            models.CheckConstraint(
                name="nomination_one_subject",
                condition=(
                    Q(subject_kind=SubjectKind.PERSON, person__isnull=False)
                    & Q(recipient_unit__isnull=True)
                )
                | (
                    Q(subject_kind=SubjectKind.UNIT, recipient_unit__isnull=False)
                    & Q(person__isnull=True)
                ),
                violation_error_message="Hãy chọn một cá nhân hoặc một tập thể.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "award_form", "person"],
                condition=LIVE & Q(person__isnull=False),
                name="nomination_live_once_person",
                violation_error_message="Cá nhân này đã được đề nghị hình thức này trong đợt.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "award_form", "recipient_unit"],
                condition=LIVE & Q(recipient_unit__isnull=False),
                name="nomination_live_once_unit",
                violation_error_message="Tập thể này đã được đề nghị hình thức này trong đợt.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "person"],
                condition=LIVE & Q(person__isnull=False, both_forms_reason=""),
                name="nomination_one_form_person",
                violation_error_message="Hãy ghi lý do đề nghị hai hình thức trong một đợt.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "recipient_unit"],
                condition=LIVE & Q(recipient_unit__isnull=False, both_forms_reason=""),
                name="nomination_one_form_unit",
                violation_error_message="Hãy ghi lý do đề nghị hai hình thức trong một đợt.",
            ),
            models.CheckConstraint(
                name="nomination_sent_has_time",
                condition=Q(state__in=[NominationState.DRAFT, NominationState.WITHDRAWN])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                violation_error_message="Đề nghị đã gửi phải có người gửi và thời điểm gửi.",
            ),
            models.CheckConstraint(
                name="nomination_sent_is_received",
                condition=Q(state__in=[NominationState.DRAFT, NominationState.WITHDRAWN])
                | Q(received_for_appraisal_at__isnull=False),
                violation_error_message="Đề nghị đã gửi phải có thời điểm tiếp nhận để thẩm định.",
            ),
            models.CheckConstraint(
                name="nomination_returned_has_reason",
                condition=~Q(state=NominationState.RETURNED) | ~Q(return_reason=""),
                violation_error_message="Hãy ghi lý do trả lại.",
            ),
            models.CheckConstraint(
                name="nomination_reviewer_is_not_sender",
                condition=~Q(reviewed_by=models.F("submitted_by")),
                violation_error_message="Người gửi hồ sơ không thẩm định hồ sơ đó.",
            ),
            models.CheckConstraint(
                name="nomination_line_confirmed_whole",
                condition=Q(
                    line_confirmed_at__isnull=True,
                    line_confirmed_by__isnull=True,
                    printed_name="",
                    printed_title="",
                    line_confirmed_note="",
                )
                | (
                    Q(line_confirmed_at__isnull=False, line_confirmed_by__isnull=False)
                    & ~Q(printed_name="")
                ),
                violation_error_message="Dòng in đã xác nhận phải có tên, người và thời điểm xác nhận.",
            ),
            models.CheckConstraint(
                name="nomination_signer_is_not_recipient",
                condition=~Q(settled_by_person=models.F("person")),
                violation_error_message="Người ký không quyết định khen thưởng cho chính mình.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_name} · {self.award_form.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.recipient_name = compose(self.recipient_name)
        person = self.subject_kind == SubjectKind.PERSON
        self.sort_key = (person_sort_key if person else sort_key)(self.recipient_name)
        self.search_key = fold(f"{self.recipient_name} {self.recipient_title}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("nomination_detail", args=[self.pk])

    @property
    def agency_id(self) -> int:
        return self.campaign.agency_id

    @property
    def line_name(self) -> str:
        """Return the name as it is printed: confirmed, or what stands to be confirmed."""
        return self.printed_name or self.recipient_name

    @property
    def line_title(self) -> str:
        return self.printed_title if self.line_confirmed_at else self.recipient_title

    @property
    def line_order(self) -> tuple[bool, str]:
        """Return the place in a list: collectives first, then people by their given name."""
        if self.subject_kind == SubjectKind.UNIT:
            return False, sort_key(self.line_name)
        name = self.line_name
        for courtesy in COURTESIES:
            name = name.removeprefix(courtesy)
        return True, person_sort_key(name)

    @property
    def state_tone(self) -> str:
        return _TONES.get(NominationState(self.state), "")

    @property
    def is_editable(self) -> bool:
        return self.state in {NominationState.DRAFT, NominationState.RETURNED}


class AchievementReport(models.Model):
    """Báo cáo thành tích: the report of one nomination under the headings of its form."""

    nomination = models.OneToOneField(
        Nomination, models.CASCADE, related_name="report", verbose_name="đề nghị"
    )
    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="reports", verbose_name="mẫu")
    version = models.PositiveIntegerField("phiên bản", default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người sửa cuối"
    )
    edited_at = models.DateTimeField("sửa lúc")
    edited_in = models.CharField("trang sửa cuối", max_length=32, blank=True)
    # What was read from a Word file and belongs under no heading; stays until it is placed or
    # deleted knowingly, and the report is not complete before.
    unplaced = models.TextField("phần chưa xếp được từ tệp Word", blank=True)
    word_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tệp Word đã đọc",
    )

    class Meta:
        verbose_name = verbose_name_plural = "báo cáo thành tích"

    def __str__(self) -> str:
        return f"Báo cáo thành tích của {self.nomination.recipient_name}"


class ReportSection(models.Model):
    """Nội dung một mục của báo cáo: plain text under one heading."""

    report = models.ForeignKey(
        AchievementReport, models.CASCADE, related_name="sections", verbose_name="báo cáo"
    )
    heading = models.ForeignKey(ReportHeading, models.PROTECT, related_name="+", verbose_name="mục")
    text = models.TextField("nội dung", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "nội dung báo cáo"
        ordering = ["heading__position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "heading"], name="report_section_once")
        ]

    def __str__(self) -> str:
        return f"{self.report}, mục {self.heading.number}"


class PastAward(models.Model):
    """Hình thức đã được khen thưởng: one row of the list that a heading of the report asks for.

    A draft is kept as it is typed, also half a row; what a row lacks is listed before sending.
    """

    report = models.ForeignKey(
        AchievementReport, models.CASCADE, related_name="past_awards", verbose_name="báo cáo"
    )
    heading = models.ForeignKey(ReportHeading, models.PROTECT, related_name="+", verbose_name="mục")
    position = models.PositiveSmallIntegerField("thứ tự")
    # Words, since a title may be for «2021-2025».
    year = models.CharField("năm", max_length=20, blank=True)
    name = models.CharField("danh hiệu, hình thức", max_length=300, blank=True)
    decision_number = models.CharField("số quyết định", max_length=100, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    issued_by = models.CharField("cơ quan ban hành", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "hình thức đã được khen thưởng"
        ordering = ["heading__position", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "heading", "position"], name="past_award_place_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.name}"


class ScanWarning(models.TextChoices):
    """Điều làm trang khó đọc: what a reader should look at before sending."""

    BLANK = "blank", "trang trắng"
    NEARLY_BLANK = "nearly_blank", "gần như trống"
    DARK = "dark", "quá tối"
    FAINT = "faint", "chữ quá mờ"
    BLURRED = "blurred", "nhòe, khó đọc"
    SMALL = "small", "độ phân giải thấp (dưới 100 điểm mỗi inch)"
    LYING = "lying", "có thể bị xoay ngang"
    HIDDEN = "hidden", "tệp Excel có trang tính ẩn"


class Evidence(models.Model):
    """Minh chứng: a file that proves a claim of the report."""

    nomination = models.ForeignKey(
        Nomination, models.CASCADE, related_name="evidence", verbose_name="đề nghị"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="tệp")
    sha256 = models.CharField("SHA-256", max_length=64)
    caption = models.CharField("mô tả", max_length=200)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người thêm"
    )
    added_at = models.DateTimeField("thêm lúc", default=clock.now)
    # What makes its pages hard to read: [{"page": 3, "kind": "blank"}]; it never hinders.
    warnings = models.JSONField("cảnh báo về trang quét", default=list, blank=True)
    examined_at = models.DateTimeField("xem từng trang lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "minh chứng"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "sha256"],
                name="evidence_once",
                violation_error_message="Tệp này đã có trong hồ sơ.",
            )
        ]

    def __str__(self) -> str:
        return self.caption

    def get_absolute_url(self) -> str:
        return reverse("evidence_view", args=[self.pk])

    @property
    def page_count(self) -> int | None:
        """Return how many pages can be named; a Word or Excel file has none of its own."""
        if self.file.media_type.startswith("image/"):
            return 1
        return self.file.page_count

    @property
    def warning_lines(self) -> list[tuple[str, list[int]]]:
        """Return each kind of warning in words, with the pages that have it."""
        pages: dict[str, list[int]] = {}
        for warning in self.warnings:
            pages.setdefault(warning["kind"], []).append(warning["page"])
        return [(ScanWarning(kind).label, list(filter(None, on))) for kind, on in pages.items()]


class Claim(models.Model):
    """Dẫn chứng: words of a section of the report, and the page of the file that proves them."""

    section = models.ForeignKey(
        ReportSection, models.CASCADE, related_name="claims", verbose_name="mục báo cáo"
    )
    # Goes with its nomination, and never behind anybody's back.
    evidence = models.ForeignKey(
        Evidence, models.RESTRICT, related_name="claims", verbose_name="minh chứng"
    )
    statement = models.CharField("điều được chứng minh", max_length=300)
    page = models.PositiveIntegerField("trang", null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người thêm"
    )
    added_at = models.DateTimeField("thêm lúc", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "dẫn chứng"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="claim_page_from_one",
                condition=models.Q(page__isnull=True) | models.Q(page__gte=1),
                violation_error_message="Số trang tính từ 1.",
            ),
            models.UniqueConstraint(
                fields=["section", "evidence", "page", "statement"],
                name="claim_once",
                nulls_distinct=False,
                violation_error_message="Dẫn chứng này đã có.",
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        """Return the page of the file that proves it."""
        where = f"?page={self.page}" if self.page else ""
        return f"{reverse('evidence_view', args=[self.evidence_id])}{where}"

    @property
    def place(self) -> str:
        """Return how the page is cited: «tệp …, trang 3»."""
        where = f", trang {self.page}" if self.page else ""
        return f"tệp «{self.evidence.caption}»{where}"


class CriterionAnswer(models.Model):
    """Nơi nêu tiêu chuẩn: under which heading of the report a criterion of the plan is shown.

    No heading: the unit has looked and does not know yet.
    """

    nomination = models.ForeignKey(
        Nomination, models.CASCADE, related_name="criterion_answers", verbose_name="đề nghị"
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name="tiêu chuẩn"
    )
    heading = models.ForeignKey(
        ReportHeading,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="mục của báo cáo",
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người nêu"
    )
    answered_at = models.DateTimeField("nêu lúc", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "nơi nêu tiêu chuẩn"
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "criterion"], name="criterion_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.heading or 'chưa rõ mục'}"
