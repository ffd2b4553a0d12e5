"""The words that plan, law and nomination share: whom one can honour, and with what."""

from django.db import models


class SubjectKind(models.TextChoices):
    """Đối tượng: whom a form of award can honour."""

    UNIT = "unit", "Tập thể"
    PERSON = "person", "Cá nhân"


class AwardType(models.TextChoices):
    """Loại khen thưởng: the catalogue that money and papers refer to."""

    COMMENDATION_LETTER = "commendation_letter", "Giấy khen"
    CERTIFICATE_OF_MERIT = "certificate_of_merit", "Bằng khen"
