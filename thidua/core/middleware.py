"""What holds for every page of somebody signed in."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from thidua.core import clock, unsent

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


class SignedIn(LoginRequiredMiddleware):
    """Lead whoever is not signed in to the door; what they typed waits behind it."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Ask for a sign-in; right after it, show first what an ended session left unsent."""
        answer: HttpResponseBase | None = super().process_view(
            request, view_func, view_args, view_kwargs
        )
        if answer or not request.user.is_authenticated:
            return answer
        kept = unsent.laid_aside(request)
        if kept is None:
            return None
        if unsent.is_sent_again(request, kept):
            unsent.forget(request)
            return None
        place = reverse("unsent")
        is_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        return redirect(place) if is_page and request.path != place else None

    def handle_no_permission(self, request: Any, view_func: Any) -> Any:
        """Keep a form that came too late; tell a script so, instead of showing it the door."""
        if request.htmx:
            return unsent.ended(request)
        if request.method == "POST":
            unsent.lay_aside(request)
        return super().handle_no_permission(request, view_func)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Remember whose browser this is, until they sign out themselves."""
        if request.path == reverse("logout"):
            response.delete_cookie(unsent.COOKIE)
        # Whoever has not asked for the session here, is not signed in here.
        elif request.session.accessed and request.user.is_authenticated:
            unsent.remember_person(request, response)
        return response
