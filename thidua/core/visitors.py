"""Whose address it is that asks."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


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
