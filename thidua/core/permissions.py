"""Who may open which door: roles, the grants of a person, and `@allow` for pages.

Three questions of permission, each asked in one place: the door (here), the room
(`visible_to` of each model, worded in `awards.policy`), the handle (the workflow tables).
"""

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase

from thidua.core import clock


class Role(models.TextChoices):
    """Vai trò: what a person holds; conflicts follow the person, not the role."""

    UNIT_HEAD = "unit_head", "Trưởng phòng"
    STAFF_MEMBER = "staff_member", "Công chức, người lao động"
    APPRAISER = "appraiser", "Chuyên viên Văn phòng"
    OFFICE_CHIEF = "office_chief", "Chánh Văn phòng"
    COUNCIL_MEMBER = "council_member", "Thành viên Hội đồng"
    COUNCIL_SECRETARY = "council_secretary", "Thư ký Hội đồng"
    SIGNATORY = "signatory", "Chánh Thanh tra"
    REGISTRAR = "registrar", "Văn thư"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"
    HOLD_KEEPER = "hold_keeper", "Người giữ sổ tạm giữ"


OFFICE = frozenset({Role.APPRAISER, Role.OFFICE_CHIEF})
COUNCIL = frozenset({Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY})
ANYONE = frozenset(Role)


@dataclasses.dataclass(frozen=True, slots=True)
class Grant:
    """A role held now, for one unit or (None) for the whole agency."""

    role: Role
    unit_id: int | None


def grants_of(user: Any, on: dt.date | None = None) -> frozenset[Grant]:
    """Return what `user` holds on a day (today); read once for each user object and day."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    day = on or clock.today()
    kept: dict[dt.date, frozenset[Grant]] = user.__dict__.setdefault("_grants", {})
    if day not in kept:
        kept[day] = frozenset(
            Grant(Role(role), unit_id)
            for role, unit_id in user.role_assignments.in_force(day).values_list("role", "unit_id")
        )
    return kept[day]


def roles_of(user: Any) -> frozenset[Role]:
    """Return the roles that `user` holds today."""
    return frozenset(grant.role for grant in grants_of(user))


def headed_unit_ids(user: Any) -> frozenset[int]:
    """Return the units for which `user` speaks as their head."""
    return frozenset(
        grant.unit_id
        for grant in grants_of(user)
        if grant.role == Role.UNIT_HEAD and grant.unit_id is not None
    )


def names_of(roles: frozenset[Role]) -> str:
    """Return the roles as people read them, in the order of the list."""
    return ", ".join(role.label for role in Role if role in roles)


View = Callable[..., HttpResponseBase]


def allow(*roles: Role) -> Callable[[View], View]:
    """Open the page to holders of any of `roles`; others read who has it (403)."""
    admitted = frozenset(roles)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not admitted & roles_of(request.user):
                raise PermissionDenied(f"Trang này dành cho: {names_of(admitted)}.")
            return view(request, *args, **kwargs)

        guarded.admitted = admitted  # type: ignore[attr-defined] # read by the matrix test
        return guarded

    return decorate
