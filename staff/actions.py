"""Changes of the agency's own page and of the own account."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from staff.models import User
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


@transaction.atomic
def change_mail(*, user: User, email: str, takes_mail: bool) -> User:
    """Keep where `user` gets mail; the log says that it changed, not the address."""
    locked = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if (locked.email, locked.takes_mail) == (email, takes_mail):
        return locked
    changes = {}
    if locked.takes_mail != takes_mail:
        changes["takes_mail"] = [locked.takes_mail, takes_mail]
    locked.email, locked.takes_mail = email, takes_mail
    locked.save(update_fields=["email", "takes_mail"])
    audit.record("mail", locked, actor=user, label="Đổi cách nhận nhắc việc", changes=changes)
    return locked
