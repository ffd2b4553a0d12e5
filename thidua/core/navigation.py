"""The main navigation, as data: which page, under which name, for whom."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from thidua.core.permissions import Role, roles_of

Counter = Callable[[Any, dt.datetime], int]

EVERYBODY = frozenset(Role)
OFFICE = frozenset({Role.APPRAISER, Role.OFFICE_CHIEF})
COUNCIL = frozenset({Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY, Role.OFFICE_CHIEF})

# fmt: off
PAGES = (
    # label                  url name          for whom
    ("Việc của tôi",        "home",            EVERYBODY),
    ("Đợt thi đua",         "campaign_list",   EVERYBODY),
    ("Đề nghị của phòng",   "proposal_mine",   frozenset({Role.UNIT_HEAD})),
    ("Bàn thẩm định",       "review_queue",    OFFICE),
    ("Tổng hợp",            "summary",         OFFICE | {Role.SIGNATORY}),
    ("Hội đồng",            "council_list",    COUNCIL),
    ("Phê duyệt",           "approval_list",   frozenset({Role.SIGNATORY})),
    ("Ban hành",            "issuing",         frozenset({Role.REGISTRAR})),
    ("Sổ khen thưởng",      "register_list",   OFFICE | {Role.REGISTRAR, Role.SIGNATORY}),
    ("Khen thưởng đã nhận", "my_awards",       EVERYBODY),
    ("Cơ quan",             "agency_detail",   frozenset({Role.ADMINISTRATOR})),
    ("Nhật ký",             "audit_list",      frozenset({Role.ADMINISTRATOR})),
)
# fmt: on

NEEDS_A_PERSON = frozenset({"my_awards"})


@dataclasses.dataclass(frozen=True, slots=True)
class NavItem:
    """One link of the main navigation."""

    label: str
    url_name: str
    url: str
    current: bool
    count: int


def counters() -> dict[str, Counter]:
    """Return who counts what waits behind a link: settings name them, core knows no app."""
    paths: dict[str, str] = getattr(settings, "NAVIGATION_COUNTERS", {})
    return {url_name: import_string(path) for url_name, path in paths.items()}


def navigation_of(user: Any, path: str, at: dt.datetime) -> list[NavItem]:
    """List the links of `user`, the one that leads to `path` marked as current."""
    roles = roles_of(user)
    count = counters()
    links = []
    for label, url_name, readers in PAGES:
        if readers != EVERYBODY and not roles & readers:
            continue
        if url_name in NEEDS_A_PERSON and getattr(user, "person", None) is None:
            continue
        try:
            url = reverse(url_name)
        except NoReverseMatch:
            continue
        waiting = count[url_name](user, at) if url_name in count else 0
        links.append(NavItem(label, url_name, url, _leads_to(url, path), waiting))
    return links


def _leads_to(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
