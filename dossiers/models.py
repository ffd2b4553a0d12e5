"""Paper: what goes into the envelope."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from awards.models import SubmissionLetter
from awards.policy import visible_decisions
from campaigns.models import RequiredItem
from thidua.core import clock
from thidua.core.models import StoredFile


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: Any) -> "DossierQuerySet":
        """Keep the dossiers of the letters that exist for `user`."""
        letters = visible_decisions(SubmissionLetter.objects.all(), user)
        return self.filter(letter__in=letters)


class Dossier(models.Model):
    """Bộ hồ sơ: one of the sets that a letter is sent with, as one ordered PDF."""

    letter = models.ForeignKey(SubmissionLetter, models.PROTECT, related_name="dossiers")
    set_number = models.PositiveSmallIntegerField("bộ số")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assembled_at = models.DateTimeField("đóng lúc", default=clock.now)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "bộ hồ sơ"
        ordering = ["set_number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "set_number"], name="dossier_set_once"),
            models.CheckConstraint(
                name="dossier_set_from_one",
                condition=Q(set_number__gte=1),
                violation_error_message="Bộ hồ sơ đánh số từ 01.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bộ {self.set_number:02d} của {self.letter}"


class DossierItem(models.Model):
    """Thành phần trong bộ: one part, the line of the plan that asks for it, and its pages."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="items")
    required_item = models.ForeignKey(RequiredItem, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("thứ tự")
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
