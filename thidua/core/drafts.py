"""Drafts that save themselves: which save is late, and which the log need not tell again.

A page that saves itself carries the version that it has seen and a name of its own.
"""

import datetime as dt
import secrets
from typing import Any

from django import forms

from thidua.core.forms import PageForm

_TOLD_FOR = dt.timedelta(minutes=10)


def is_stale(stored_version: int, stored_page: str, version: int, page: str) -> bool:
    """Whether somebody else has saved since a page was opened.

    What the same page saved last is its own, even if it never heard that it was saved.
    """
    return stored_version != version and not (page and page == stored_page)


def is_told(draft: Any, actor: Any, at: dt.datetime) -> bool:
    """Whether the log has said a short while ago that `actor` writes in this draft.

    The draft has edited_by, edited_at and edited_in; what was only made, nobody has written in.
    """
    is_own = bool(draft.edited_in) and draft.edited_by == actor
    return is_own and at - draft.edited_at < _TOLD_FOR


def new_page() -> str:
    """Return the name of one opened page."""
    return secrets.token_hex(8)


# What a form carries besides what people type.
UNTYPED = frozenset(("version", "page"))


class DraftForm(PageForm):
    """A form that saves itself: it says what it has seen, and which page it is."""

    version = forms.IntegerField(required=False, label="Phiên bản", widget=forms.HiddenInput)
    page = forms.CharField(
        required=False, label="Trang", max_length=32, initial=new_page, widget=forms.HiddenInput
    )

    @property
    def seen(self) -> dict[str, Any]:
        """Return what an action compares: the version that was seen, and the page."""
        data = self.cleaned_data
        return {"version": data.get("version") or 0, "page": data.get("page", "")}
