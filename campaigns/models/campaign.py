"""A campaign as data: plan, award forms, criteria, dossier list, window.

Nothing of one plan stands in code: another plan is another set of these rows.
"""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from campaigns.models.catalogue import AwardType, SubjectKind
from campaigns.models.law import LegalBasis, ReportForm
from thidua.core import clock
from units.models import Agency


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: Any) -> "CampaignQuerySet":
        """A plan is read by everybody of the agency."""
        return self.filter(agency_id=user.agency_id)


class CampaignState(models.TextChoices):
    """Trạng thái đợt: under way, closed when all is settled, archived with its retention."""

    OPEN = "open", "Đang thực hiện"
    CLOSED = "closed", "Đã kết thúc"
    ARCHIVED = "archived", "Đã lưu trữ"


class Campaign(models.Model):
    """Đợt thi đua, khen thưởng: one plan, with the dates that bind everybody.

    `launched_on` is the first of the three dates that decide which law holds: the criteria and
    the council's rule are those of that day, copied into the rows of the campaign.
    """

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
    state = models.CharField(
        "trạng thái", max_length=10, choices=CampaignState, default=CampaignState.OPEN
    )
    version = models.PositiveIntegerField("phiên bản", default=1)
    launched_on = models.DateField("ngày phát động")
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    kept_until = models.DateField("bảo quản đến hết ngày", null=True, blank=True)
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="lập từ đợt",
    )
    emulation_ends_on = models.DateField("thi đua đến hết ngày")
    window_text = models.CharField("thời gian gửi hồ sơ như kế hoạch", max_length=100)
    opens_on = models.DateField("nhận hồ sơ từ ngày")
    nominations_due_on = models.DateField("nhận hồ sơ đến hết ngày")
    grace_minutes = models.PositiveSmallIntegerField(
        "số phút gửi chậm khi trang gửi mở trong hạn", default=15
    )
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
                name="campaign_closed_has_time",
                condition=Q(state=CampaignState.OPEN) | Q(closed_at__isnull=False),
                violation_error_message="Đợt đã kết thúc phải có thời điểm kết thúc.",
            ),
            models.CheckConstraint(
                name="campaign_dates_in_order",
                condition=Q(opens_on__lte=F("nominations_due_on")),
                violation_error_message="Hạn nộp hồ sơ phải sau ngày mở đợt.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_title

    def get_absolute_url(self) -> str:
        return reverse("campaign_detail", args=[self.pk])

    @property
    def state_tone(self) -> str:
        return "info" if self.state == CampaignState.OPEN else ""

    @property
    def is_open(self) -> bool:
        return self.state == CampaignState.OPEN

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
    def mark(self) -> str:
        """Return the number as it opens the section: «IV.», «1.1.», «a)»."""
        is_point = len(self.number) == 1 and self.number.islower()
        return self.number and self.number + (")" if is_point else ".")

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


class EligibleSubject(models.Model):
    """Đối tượng: whom the plan addresses, of one kind, in its own words."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="subjects", verbose_name="đợt"
    )
    position = models.PositiveIntegerField("thứ tự")
    subject_kind = models.CharField("đối tượng", max_length=10, choices=SubjectKind)
    text = models.TextField("lời của kế hoạch")

    class Meta:
        verbose_name = verbose_name_plural = "đối tượng của đợt"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="eligible_subject_once")
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
