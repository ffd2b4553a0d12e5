"""Changes of the agency's own page."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from thidua.core import audit, files
from units.models import Agency


@transaction.atomic
def keep_emblem(*, agency: Agency, upload: UploadedFile, actor: Any) -> Agency:
    """Keep the agency's own file of the national emblem (Quốc huy).

    Raises Refused when the file is not a sound image.
    """
    agency = Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
    agency.emblem = files.accept_upload(upload, actor=actor, images_only=True)
    agency.save(update_fields=["emblem"])
    audit.record("emblem", agency, actor=actor, label="Tải tệp Quốc huy")
    return agency
