"""Paper: what goes into the envelope, and what is bound for reading and keeping."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from awards.models import Nomination, Proposal, SubmissionLetter
from awards.policy import visible_decisions, visible_nominations, visible_proposals
from campaigns.models import AwardForm, RequiredItem
from thidua.core import clock
from thidua.core.models import StoredFile
from thidua.core.permissions import OFFICE, Role, roles_of

SUBJECTS = ("letter", "nomination", "proposal", "award_form")


def _one_subject() -> Q:
    """Exactly one of the subjects is there."""
    one = Q()
    for chosen in SUBJECTS:
        one |= Q(**{f"{name}__isnull": name != chosen for name in SUBJECTS})
    return one


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: Any) -> "DossierQuerySet":
        """Keep the dossiers whose every paper exists for `user`.

        That of a nomination holds its unit's letter and minutes, too: the proposal must exist for
        its reader as well.
        """
        letters = visible_decisions(SubmissionLetter.objects.all(), user)
        proposals = visible_proposals(Proposal.objects.all(), user)
        nominations = visible_nominations(Nomination.objects.all(), user)
        room = (
            Q(letter__in=letters)
            | Q(proposal__in=proposals)
            | Q(nomination__in=nominations.filter(proposal__in=proposals))
        )
        if roles_of(user) & (OFFICE | {Role.SIGNATORY}):
            room |= Q(award_form__campaign__agency_id=user.agency_id)
        return self.filter(room)


class Dossier(models.Model):
    """Bộ hồ sơ: one ordered PDF and its archive: a set of a letter, or an edition of a dossier.

    A letter is bound once; a nomination, a unit or a quarter again whenever something changed.
    """

    letter = models.ForeignKey(
        SubmissionLetter, models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    nomination = models.ForeignKey(
        Nomination, models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    award_form = models.ForeignKey(
        AwardForm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers",
        verbose_name="cả đợt theo hình thức",
    )
    edition = models.PositiveSmallIntegerField("lần đóng", default=1)
    set_number = models.PositiveSmallIntegerField("bộ số")
    set_count = models.PositiveSmallIntegerField("tổng số bộ", default=1)
    is_complete = models.BooleanField("đủ thành phần", default=True)
    # What lacked when it was bound: [{"sentence": …, "clause": …}], as its cover says.
    lacks = models.JSONField("còn thiếu", default=list, blank=True)
    content_sha256 = models.CharField("mã băm các thành phần", max_length=64, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    archive = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp nén"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assembled_at = models.DateTimeField("đóng lúc", default=clock.now)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "bộ hồ sơ"
        ordering = ["-edition", "set_number"]
        constraints = [
            models.UniqueConstraint(
                fields=[*SUBJECTS, "edition", "set_number"],
                name="dossier_set_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="dossier_one_subject",
                condition=_one_subject(),
                violation_error_message="Bộ hồ sơ thuộc đúng một tờ trình, đề nghị hoặc đợt.",
            ),
            models.CheckConstraint(
                name="dossier_set_from_one",
                condition=Q(set_number__gte=1),
                violation_error_message="Bộ hồ sơ đánh số từ 01.",
            ),
            models.CheckConstraint(
                name="dossier_set_within_count",
                condition=Q(set_number__lte=F("set_count")),
                violation_error_message="Bộ hồ sơ đánh số đến tổng số bộ.",
            ),
            models.CheckConstraint(
                name="dossier_complete_lacks_nothing",
                condition=Q(is_complete=True, lacks=[]) | (Q(is_complete=False) & ~Q(lacks=[])),
                violation_error_message="Bộ hồ sơ đủ thành phần khi và chỉ khi không còn thiếu gì.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bộ {self.set_label} của {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("dossier_detail", args=[self.pk])

    @property
    def subject(self) -> Any:
        return self.letter or self.nomination or self.proposal or self.award_form

    @property
    def set_label(self) -> str:
        return f"{self.set_number:02d}/{self.set_count:02d}"


class DossierItem(models.Model):
    """Thành phần trong bộ: one part, the line of the plan that asks for it, and its pages."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="items")
    required_item = models.ForeignKey(RequiredItem, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("thứ tự")
    heading = models.CharField("đề mục", max_length=400, blank=True)
    title = models.CharField("tên tài liệu", max_length=300)
    sha256 = models.CharField("SHA-256", max_length=64)
    first_page = models.PositiveIntegerField("từ trang")
    page_count = models.PositiveIntegerField("số trang")

    class Meta:
        verbose_name = verbose_name_plural = "thành phần trong bộ hồ sơ"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "position"], name="dossier_item_once")
        ]

    def __str__(self) -> str:
        return self.title
