"""What every page shows around its content: the rehearsal notice, the agency, the navigation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from thidua.core import clock
from thidua.core.navigation import NavItem, counters, navigation_of


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Give the frame of a page; the navigation costs queries only where it is shown."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated

    def nav() -> list[NavItem]:
        return navigation_of(user, request.path, clock.now()) if signed_in else []

    def unread() -> int:
        count = counters().get("reminder_list")
        return count(user, clock.now()) if signed_in and count else 0

    return {
        "rehearsal": settings.REHEARSAL,
        "business_day": clock.today(),
        "agency": SimpleLazyObject(lambda: agency_of(user) if signed_in else ""),
        "unit": SimpleLazyObject(lambda: unit_of(user) if signed_in else ""),
        "nav": SimpleLazyObject(nav),
        "unread_count": SimpleLazyObject(unread),
    }


def agency_of(user: Any) -> str:
    """Return the name of the agency `user` works for, empty when the account has none."""
    return str(getattr(user, "agency", None) or "")


def unit_of(user: Any) -> str:
    """Return the name of the unit of the person behind the account, empty without one."""
    return str(getattr(getattr(user, "person", None), "unit", None) or "")
