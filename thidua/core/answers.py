"""What somebody reads whose act was refused: in the form, or on the page of the record."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from thidua.core.files import Unchecked
from thidua.core.workflow import Conflict, Refused


class Late(Exception):
    """Leaves a view for the `place` where a person reads what somebody else did first."""

    def __init__(self, place: Any) -> None:
        super().__init__(str(place))
        self.place = place


@contextlib.contextmanager
def refusals(
    request: HttpRequest, form: Any = None, *, field: str | None = None, late: Any = None
) -> Iterator[None]:
    """Say a refusal in the form beside what was typed, or without a form as a message; go on.

    With `late`, a conflict is said on that page instead: the view ends there.
    """
    try:
        yield
    except Refused as refusal:
        is_late = late is not None and isinstance(refusal, Conflict)
        if form is not None and not is_late:
            form.add_error(field, str(refusal))
            return
        messages.error(request, str(refusal))
        if is_late:
            raise Late(late) from None


class LateAnswers:
    """Middleware: lead whoever came second to the page that says so.

    Whoever asks for a file that is not found clean reads why it is kept closed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Unchecked):
            return render(request, "core/file_closed.html", {"reason": exception}, status=403)
        return redirect(exception.place) if isinstance(exception, Late) else None
