"""What somebody typed into a page whose session had ended: kept, and sent again after signing in.

A form that is posted by nobody is laid aside in the session of that browser, for the person who
signed in there last and for nobody else. After signing in it is shown, and goes to the same
address again or is dropped; the address itself judges it as any other form.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

_KEY = "unsent"
COOKIE, _SALT = "thidua-last", "core.unsent"
_LONGEST = 400_000  # characters of all that is typed on a page, some twenty long reports
_SECRET = ("password", "csrfmiddlewaretoken")


def remember_person(request: HttpRequest, response: HttpResponseBase) -> None:
    """Leave a signed word in the browser that says who works here; it opens nothing."""
    word = signing.Signer(salt=_SALT).sign(str(request.user.pk))
    if request.COOKIES.get(COOKIE) != word:
        response.set_cookie(
            COOKIE, word, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )


def lay_aside(request: HttpRequest) -> None:
    """Keep the fields of a form that nobody has signed; passwords and files never."""
    try:
        person = signing.Signer(salt=_SALT).unsign(request.COOKIES.get(COOKIE, ""))
    except signing.BadSignature:
        return
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(secret in name for secret in _SECRET)
    ]
    if sum(len(name) + len(value) for name, value in fields) > _LONGEST:
        return
    request.session[_KEY] = {
        "person": person,
        "path": request.get_full_path(),
        "page": _page_of(request),
        "fields": fields,
        "files": [upload.name for _, some in request.FILES.lists() for upload in some],
    }


def lay_aside_stale(request: HttpRequest) -> bool:
    """Keep a form whose token is from an earlier session, if it came from a page of ours."""
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    if request.method != "POST" or not origin or origin != request.get_host():
        return False
    lay_aside(request)
    return laid_aside(request) is not None


def _page_of(request: HttpRequest) -> str:
    """Return the page on which the form stood: not every address of a form shows one."""
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() else "/"


def laid_aside(request: HttpRequest) -> dict[str, Any] | None:
    """Return what this person left unsent in this browser; what another left is forgotten."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if kept and kept["person"] != str(request.user.pk):
        forget(request)
        return None
    return kept


def forget(request: HttpRequest) -> None:
    """Drop what was laid aside."""
    request.session.pop(_KEY, None)


def is_sent_again(request: HttpRequest, kept: dict[str, Any]) -> bool:
    """Whether this request is the form that was laid aside, on its way once more."""
    return request.method == "POST" and request.get_full_path() == kept["path"]


def ended(request: HttpRequest) -> HttpResponse:
    """Answer a script whose session has ended: it keeps what is typed, and says so."""
    return HttpResponse("Phiên làm việc đã hết.", status=401, content_type="text/plain")


def readable(kept: dict[str, Any]) -> list[str]:
    """Return what a person typed, without the numbers that only the page itself needs."""
    return [value for _, value in kept["fields"] if value.strip() and not value.strip().isdigit()]
