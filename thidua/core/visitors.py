"""Whose address it is that asks, and how often one address may ask in public."""

import datetime as dt
import functools
import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from thidua.core import clock

# One statement, so that every process of the web server counts alike; past minutes are forgotten.
_COUNT = """
WITH past AS (
    DELETE FROM core_visit WHERE id IN (
        SELECT id FROM core_visit WHERE minute < %(minute)s FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO core_visit (address, minute, count) VALUES (%(address)s, %(minute)s, 1)
ON CONFLICT (address, minute) DO UPDATE SET count = core_visit.count + 1
RETURNING count
"""


def client_address(request: HttpRequest) -> str:
    """Return the address that asks; behind the proxy, the one that the proxy itself has seen.

    The proxy adds what it saw at the end of X-Forwarded-For; whatever stands before, anybody may
    have written.
    """
    address: str = request.META["REMOTE_ADDR"]
    if not settings.BEHIND_PROXY:
        return address
    seen = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(seen))
    except ValueError:
        return address


View = Callable[..., HttpResponseBase]


def limited(view: View) -> View:
    """Answer one address so often in a minute; beyond that, say when to come again (429)."""

    @functools.wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        at = clock.real_now()
        minute = at.replace(second=0, microsecond=0)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"address": client_address(request), "minute": minute})
            [count] = cursor.fetchone()
        if count <= settings.PUBLIC_VISITS_PER_MINUTE:
            return view(request, *args, **kwargs)
        seconds = -((at - minute - dt.timedelta(minutes=1)) // dt.timedelta(seconds=1))
        response = render(request, "core/too_many.html", {"seconds": seconds}, status=429)
        response.headers["Retry-After"] = str(seconds)
        response.headers["Cache-Control"] = "no-store"
        return response

    return counted
