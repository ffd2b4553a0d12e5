"""A campaign as data: plan, award forms, criteria, dossier list, window, law and money.

Nothing of one plan stands in code: another plan is another set of these rows.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from thidua.core import clock
from thidua.core.models import StoredFile
from units.models import Agency


class SubjectKind(models.TextChoices):
    """Đối tượng: whom a form of award can honour."""

    UNIT = "unit", "Tập thể"
    PERSON = "person", "Cá nhân"


class LegalBasis(models.Model):
    """Căn cứ pháp lý: a law, decree or plan with the days between which it is in force.

    Law is common to all agencies of an installation. `verified` says that the office has seen
    the official text; until then every page that cites the row says so.
    """

    code = models.CharField("số, ký hiệu", max_length=60, unique=True)
    citation = models.CharField("cách dẫn trong căn cứ", max_length=400)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    in_force_on = models.DateField("có hiệu lực từ", null=True, blank=True)
    out_of_force_on = models.DateField("hết hiệu lực từ", null=True, blank=True)
    verified = models.BooleanField("đã đối chiếu", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "căn cứ pháp lý"
        ordering = ["in_force_on", "code"]

    def __str__(self) -> str:
        return self.code

    def in_force(self, day: dt.date) -> bool:
        return (self.in_force_on is None or self.in_force_on <= day) and (
            self.out_of_force_on is None or day < self.out_of_force_on
        )


class BaseSalary(models.Model):
    """Mức lương cơ sở: VND a month, in force from a day until the next row's."""

    amount = models.PositiveBigIntegerField("mức lương (đồng)")
    in_force_on = models.DateField("áp dụng từ ngày", unique=True)
    basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="+", verbose_name="căn cứ")

    class Meta:
        verbose_name = verbose_name_plural = "mức lương cơ sở"
        ordering = ["-in_force_on"]

    def __str__(self) -> str:
        return f"{self.amount} đồng từ {self.in_force_on:%d/%m/%Y}"


class AwardType(models.TextChoices):
    """Loại khen thưởng: the catalogue that money and papers refer to."""

    COMMENDATION_LETTER = "commendation_letter", "Giấy khen"
    CERTIFICATE_OF_MERIT = "certificate_of_merit", "Bằng khen"


class PrizeRate(models.Model):
    """Mức tiền thưởng: coefficient of the base salary, in force from a day.

    The product is rounded up to `round_to` VND (NĐ 152/2025 Điều 49 khoản 2); 1 means unrounded.
    """

    award_type = models.CharField("loại khen thưởng", max_length=30, choices=AwardType)
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    coefficient = models.DecimalField("hệ số", max_digits=5, decimal_places=2)
    round_to = models.PositiveIntegerField("làm tròn lên bội số của (đồng)", default=10_000)
    in_force_on = models.DateField("áp dụng từ ngày")
    basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="+", verbose_name="căn cứ")
    article = models.CharField("điều, khoản", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "mức tiền thưởng"
        constraints = [
            models.UniqueConstraint(
                fields=["award_type", "subject_kind", "in_force_on"], name="prize_rate_once"
            ),
            models.CheckConstraint(
                name="prize_rate_rounding_positive",
                condition=Q(round_to__gte=1),
                violation_error_message="Bội số làm tròn phải từ 1 đồng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_award_type_display()}, {self.get_subject_kind_display()}: {self.coefficient}"


class ReportForm(models.Model):
    """Mẫu báo cáo thành tích: a form named by a decree, its headings as rows."""

    label = models.CharField("tên mẫu", max_length=300)
    number = models.CharField("số mẫu", max_length=20)
    basis = models.ForeignKey(
        LegalBasis, models.PROTECT, related_name="forms", verbose_name="căn cứ"
    )
    verified = models.BooleanField("đã đối chiếu", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "mẫu báo cáo"
        constraints = [models.UniqueConstraint(fields=["basis", "number"], name="report_form_once")]

    def __str__(self) -> str:
        return self.label


class ReportHeading(models.Model):
    """Mục của mẫu báo cáo: one heading, for one kind of subject, with the hint beside it."""

    form = models.ForeignKey(
        ReportForm, models.CASCADE, related_name="headings", verbose_name="mẫu"
    )
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    position = models.PositiveIntegerField("thứ tự")
    number = models.CharField("số mục", max_length=10)
    title = models.CharField("tên mục", max_length=300)
    hint = models.TextField("gợi ý", blank=True)
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


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: Any) -> "CampaignQuerySet":
        """A plan is read by everybody of the agency."""
        return self.filter(agency_id=user.agency_id)


class Campaign(models.Model):
    """Đợt thi đua, khen thưởng: one plan, with the dates that bind everybody."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="campaigns", verbose_name="cơ quan"
    )
    title = models.CharField("tên kế hoạch", max_length=500)
    short_title = models.CharField("tên ngắn", max_length=120)
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40)
    issued_text = models.CharField("địa danh, ngày tháng như văn bản", max_length=200)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    preamble = models.TextField("phần mở đầu")
    signer_title = models.CharField("chức danh người ký", max_length=100)
    signer_name = models.CharField("người ký", max_length=100)
    achievement_sentence = models.CharField(
        "câu thành tích", max_length=500, help_text="In trên quyết định và giấy khen."
    )
    emulation_ends_on = models.DateField("thi đua đến hết ngày")
    window_text = models.CharField("thời gian gửi hồ sơ như kế hoạch", max_length=100)
    opens_on = models.DateField("nhận hồ sơ từ ngày")
    nominations_due_on = models.DateField("nhận hồ sơ đến hết ngày")
    reference_plan = models.ForeignKey(
        LegalBasis,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kế hoạch của cấp trên",
    )
    bases = models.ManyToManyField(
        LegalBasis, through="CampaignBasis", related_name="+", verbose_name="căn cứ của quyết định"
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đợt thi đua"
        ordering = ["-nominations_due_on"]
        constraints = [
            models.CheckConstraint(
                name="campaign_dates_in_order",
                condition=Q(opens_on__lte=F("nominations_due_on")),
                violation_error_message="Hạn nộp hồ sơ phải sau ngày mở đợt.",
            )
        ]

    def __str__(self) -> str:
        return self.short_title

    def get_absolute_url(self) -> str:
        return reverse("campaign_detail", args=[self.pk])

    @property
    def opens_at(self) -> dt.datetime:
        return clock.start_of(self.opens_on)

    @property
    def closes_at(self) -> dt.datetime:
        return clock.end_of(self.nominations_due_on)


class CampaignBasis(models.Model):
    """Căn cứ của đợt: a legal basis as it is cited in the decision of the campaign, in order."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="basis_lines")
    basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="+", verbose_name="căn cứ")
    position = models.PositiveIntegerField("thứ tự")

    class Meta:
        verbose_name = verbose_name_plural = "căn cứ của đợt"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="campaign_basis_once")
        ]

    def __str__(self) -> str:
        return self.basis.citation


class PlanSection(models.Model):
    """Mục của kế hoạch: a piece of the plan as it is written, its own numbering kept.

    `clause` is how other places cite it: «II», «V.3.d».
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="sections", verbose_name="đợt"
    )
    position = models.PositiveIntegerField("thứ tự")
    level = models.PositiveSmallIntegerField("cấp")
    number = models.CharField("số mục", max_length=10, blank=True)
    title = models.CharField("tên mục", max_length=300, blank=True)
    body = models.TextField("nội dung", blank=True)
    clause = models.CharField("cách dẫn", max_length=30)

    class Meta:
        verbose_name = verbose_name_plural = "mục của kế hoạch"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="plan_section_once"),
            models.UniqueConstraint(fields=["campaign", "clause"], name="plan_section_clause_once"),
        ]

    def __str__(self) -> str:
        return f"Mục {self.clause}"

    @property
    def anchor(self) -> str:
        return "muc-" + self.clause.replace(".", "-")


class PlanRecipient(models.Model):
    """Nơi nhận: one line of the recipients of the plan."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="recipients", verbose_name="đợt"
    )
    position = models.PositiveIntegerField("thứ tự")
    text = models.CharField("nơi nhận", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "nơi nhận"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="plan_recipient_once")
        ]

    def __str__(self) -> str:
        return self.text


class AwardRoute(models.TextChoices):
    """Thẩm quyền: who decides, and so which way a nomination goes."""

    OWN = "own", "Thủ trưởng cơ quan quyết định"
    SUPERIOR = "superior", "Hội đồng xét, trình cấp trên quyết định"


class ThresholdBase(models.TextChoices):
    """Mẫu số của tỷ lệ: upon which count a majority is taken."""

    TOTAL = "total", "tổng số thành viên Hội đồng"
    PRESENT = "present", "số thành viên có mặt"


class AwardForm(models.Model):
    """Hình thức khen thưởng của đợt: what can be won, by which route, in how many sets.

    The council's rule is a row, not code: no statute fixes it for these forms.
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="award_forms", verbose_name="đợt"
    )
    position = models.PositiveIntegerField("thứ tự")
    award_type = models.CharField("loại", max_length=30, choices=AwardType)
    name = models.CharField("tên hình thức", max_length=200)
    route = models.CharField("thẩm quyền", max_length=10, choices=AwardRoute)
    set_count = models.PositiveSmallIntegerField("số bộ hồ sơ")
    report_form = models.ForeignKey(
        ReportForm, models.PROTECT, related_name="+", verbose_name="mẫu báo cáo"
    )
    clause = models.CharField("mục của kế hoạch", max_length=30)
    quorum_percent = models.PositiveSmallIntegerField("túc số (% tổng số thành viên)", default=67)
    threshold_percent = models.PositiveSmallIntegerField("tỷ lệ đồng ý phải vượt (%)", default=50)
    threshold_base = models.CharField(
        "tính trên", max_length=10, choices=ThresholdBase, default=ThresholdBase.TOTAL
    )

    class Meta:
        verbose_name = verbose_name_plural = "hình thức khen thưởng"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="award_form_once"),
            models.CheckConstraint(
                name="award_form_has_sets",
                condition=Q(set_count__gte=1),
                violation_error_message="Phải có ít nhất 01 bộ hồ sơ.",
            ),
            models.CheckConstraint(
                name="award_form_percents",
                condition=Q(quorum_percent__lte=100) & Q(threshold_percent__lt=100),
                violation_error_message="Tỷ lệ phải từ 0 đến 100.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """Tiêu chuẩn: what a form asks of one kind of subject; no row, not for that kind."""

    award_form = models.ForeignKey(
        AwardForm, models.CASCADE, related_name="criteria", verbose_name="hình thức"
    )
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    text = models.TextField("tiêu chuẩn")
    clause = models.CharField("mục của kế hoạch", max_length=30)

    class Meta:
        verbose_name = verbose_name_plural = "tiêu chuẩn"
        constraints = [
            models.UniqueConstraint(fields=["award_form", "subject_kind"], name="criterion_once")
        ]

    def __str__(self) -> str:
        return f"{self.award_form}, {self.get_subject_kind_display()}"


class DocumentKind(models.TextChoices):
    """Loại tài liệu của hồ sơ: which paper of the system answers a line of the list."""

    LETTER = "letter", "Tờ trình"
    COUNCIL_MINUTES = "council_minutes", "Biên bản họp Hội đồng"
    UNIT_MINUTES = "unit_minutes", "Biên bản họp phòng"
    REPORT = "report", "Báo cáo thành tích"


class RequiredItem(models.Model):
    """Thành phần hồ sơ: one line of the plan's list, and the forms of award that need it."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="required_items", verbose_name="đợt"
    )
    position = models.PositiveIntegerField("thứ tự")
    letter = models.CharField("điểm", max_length=5)
    kind = models.CharField("loại tài liệu", max_length=20, choices=DocumentKind)
    text = models.TextField("nội dung như kế hoạch")
    clause = models.CharField("mục của kế hoạch", max_length=30)
    award_forms = models.ManyToManyField(
        AwardForm, related_name="required_items", verbose_name="hình thức cần đến"
    )

    class Meta:
        verbose_name = verbose_name_plural = "thành phần hồ sơ"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="required_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.letter}) {self.text}"


class PlanDraftQuerySet(models.QuerySet["PlanDraft"]):
    def visible_to(self, user: Any) -> "PlanDraftQuerySet":
        """A draft is read by the office of its agency; the door is on the page."""
        return self.filter(agency_id=user.agency_id)


class PlanDraft(models.Model):
    """Bản đọc kế hoạch: what was read or typed of a plan, until a campaign is made of it.

    `fields` maps a field to its text, its source in the plan and who confirmed it when. Nothing
    of it counts for anybody before `campaign` is set.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="cơ quan")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người lập"
    )
    created_at = models.DateTimeField("lập lúc", default=clock.now)
    source = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tệp kế hoạch",
    )
    text = models.TextField("lời văn đã đọc", blank=True)
    sent_key = models.CharField(
        "khóa của lần gửi", max_length=64, null=True, blank=True, unique=True, editable=False
    )
    fields = models.JSONField("các mục", default=dict)
    campaign = models.OneToOneField(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_draft",
        verbose_name="đợt đã lập",
    )

    objects = PlanDraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "bản đọc kế hoạch"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        title = self.fields.get("short_title", {}).get("value", "")
        return title or f"Bản đọc kế hoạch ngày {clock.local_day(self.created_at):%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("plan_draft_detail", args=[self.pk])

    @property
    def values(self) -> dict[str, str]:
        return {name: row.get("value", "") for name, row in self.fields.items()}
