"""What holds for every page of somebody signed in."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from thidua.core import clock

Answer = Callable[[HttpRequest], HttpResponseBase]
_SEEN = "seen"  # when the session was last saved, in seconds
_SAVED_EVERY = 60


def no_store(get_response: Answer) -> Answer:
    """Keep pages out of the browser's memory: after the sign-out, «Back» shows nothing."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def sliding_session(get_response: Answer) -> Answer:
    """Let the age of a session count from the last page: it is saved again once a minute."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        session = request.session
        # Whoever has not asked for the session here, is not signed in here.
        if session.accessed and request.user.is_authenticated:
            at = int(clock.real_now().timestamp())
            if at - session.get(_SEEN, 0) >= _SAVED_EVERY:
                session[_SEEN] = at
        return response

    return middleware
