"""A file that came with a form that has to be mended: nobody chooses it twice."""

from typing import Any

from django.core import signing
from django.http import HttpRequest

from thidua.core import files
from thidua.core.models import StoredFile
from thidua.core.workflow import Refused

_SALT = "core.kept-upload"
_A_DAY = 86_400  # seconds


def ticket(stored: StoredFile, user: Any) -> str:
    """Return what the form carries in its hidden field `kept`; of use to this person alone."""
    return signing.dumps([stored.pk, user.pk], salt=_SALT)


def kept_file(request: HttpRequest) -> StoredFile | None:
    """Return the file that came with an earlier try of the same person.

    A page that only looks, such as a preview, names the ticket in its address.
    """
    return named((request.POST or request.GET).get("kept", ""), request.user)


def named(text: str, user: Any) -> StoredFile | None:
    """Return the file that a ticket names, to the person for whom it was written."""
    try:
        pk, user_pk = signing.loads(text, salt=_SALT, max_age=_A_DAY)
    except signing.BadSignature:
        return None
    return StoredFile.objects.filter(pk=pk).first() if user_pk == user.pk else None


def file_of(request: HttpRequest, form: Any) -> StoredFile | None:
    """Return the file that came, now or with an earlier try, so that nobody chooses it twice.

    A refused one is an error of the form's field `file`.
    """
    if request.method != "POST":
        return None
    form.full_clean()  # an error of the file is added to those of the fields
    upload = request.FILES.get("file")
    if upload is None or "file" in form.errors:
        return kept_file(request)
    try:
        stored = files.accept_upload(upload, actor=request.user)
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return None
    form.data = mended = request.POST.copy()
    mended["kept"] = ticket(stored, request.user)
    return stored
