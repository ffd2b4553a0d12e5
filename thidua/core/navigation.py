"""The main navigation, as data: which page, under which name, for whom."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from thidua.core.permissions import ANYONE, COUNCIL, OFFICE, Role, roles_of

Counter = Callable[[Any, dt.datetime], int]

# fmt: off
PAGES = (
    # label                  url name          for whom
    ("Việc của tôi",        "home",            ANYONE),
    ("Đợt thi đua",         "campaign_list",   ANYONE),
    ("Đề nghị của phòng",   "proposal_mine",   frozenset({Role.UNIT_HEAD})),
    ("Bàn thẩm định",       "review_queue",    OFFICE),
    ("Tổng hợp",            "summary",         OFFICE | {Role.SIGNATORY}),
    ("Hội đồng",            "council_list",    COUNCIL | {Role.OFFICE_CHIEF}),
    ("Phê duyệt",           "approval_list",   frozenset({Role.SIGNATORY})),
    ("Ban hành",            "issuing",         frozenset({Role.REGISTRAR})),
    ("Sổ khen thưởng",      "register_list",   OFFICE | {Role.REGISTRAR, Role.SIGNATORY}),
    ("Khen thưởng đã nhận", "my_awards",       ANYONE),
    ("Quy định pháp luật",  "law_list",        OFFICE),
    ("Cơ quan",             "agency_detail",   frozenset({Role.ADMINISTRATOR})),
    ("Nhật ký",             "audit_list",      frozenset({Role.ADMINISTRATOR})),
    ("Sổ tạm giữ",          "hold_list",       frozenset({Role.HOLD_KEEPER})),
)

# Records that several desks share stand under the first page of the line that the reader has.
SHARED = (
    ("/nominations/", ("review_queue", "proposal_mine", "approval_list", "council_list", "home")),
    ("/proposals/",   ("proposal_mine", "review_queue", "approval_list")),
    ("/receipts/",    ("proposal_mine", "review_queue", "approval_list")),
    ("/printing/",    ("issuing", "register_list")),
    ("/letters/",     ("issuing", "approval_list", "home")),
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
    """List the links of `user`; the one that reaches furthest towards `path` is current."""
    count = counters()
    pages = list(_pages_of(user))
    current = _current(pages, path)
    return [
        NavItem(label, name, url, url == current, count[name](user, at) if name in count else 0)
        for label, name, url in pages
    ]


def _pages_of(user: Any) -> Iterator[tuple[str, str, str]]:
    roles = roles_of(user)
    for label, url_name, readers in PAGES:
        if readers != ANYONE and not roles & readers:
            continue
        if url_name in NEEDS_A_PERSON and getattr(user, "person", None) is None:
            continue
        yield label, url_name, reverse(url_name)


def _current(pages: list[tuple[str, str, str]], path: str) -> str:
    own = max((url for *_, url in pages if _leads_to(url, path)), key=len, default="")
    desks = next((desks for prefix, desks in SHARED if path.startswith(prefix)), ())
    held = {name: url for _, name, url in pages}
    return own or next((held[name] for name in desks if name in held), "")


def _leads_to(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
