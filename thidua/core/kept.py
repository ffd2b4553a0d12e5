"""A file that came with a form that has to be mended: nobody chooses it twice."""

from typing import Any

from django.core import signing
from django.http import HttpRequest

from thidua.core.models import StoredFile

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
