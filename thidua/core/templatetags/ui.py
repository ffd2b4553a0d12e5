"""The component library: each piece of interface is a tag or a filter, builtin in every template.

A tag checks its arguments here and leaves the markup to a file of `templates/components/`.
Tags know nothing about awards or campaigns.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.templatetags.crispy_forms_tags import do_uni_form
from django import forms, template
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from thidua.core import clock

register = template.Library()
register.tag("crispy", do_uni_form)

TONES = ("", "ok", "wait", "info", "stop")
STEP_STATUSES = {"done": "Đã xong", "now": "Đang ở bước này", "": "Chưa đến"}
FINDING_MARKS = {"ok": ("✓", "Đạt"), "wait": ("!", "Cần xem"), "stop": ("✕", "Không đạt")}
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
NO_BREAK = "\u00a0"
URGENT_DAYS, SOON_DAYS = 3, 7
KILOBYTE = 1024


def _checked(tone: str) -> str:
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"{tone!r} is not one of the tones {TONES}")
    return tone


# --- Words and numbers ---------------------------------------------------------------------


@register.filter
def money(amount: float) -> str:
    """Write an amount of đồng: 1.410.000 đ."""
    return f"{int(amount):,}".replace(",", ".") + NO_BREAK + "đ"


@register.filter
def vn_date(day: dt.date) -> str:
    """Write a date as papers do: a zero before days under 10 and the months 1 and 2."""
    month = f"{day.month:02d}" if day.month in {1, 2} else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


@register.filter
def short_date(day: dt.date | dt.datetime) -> str:
    """Write a date as screens do: 20/11/2025."""
    if isinstance(day, dt.datetime):
        day = clock.local_day(day)
    return f"{day:%d/%m/%Y}"


@register.filter
def moment(at: dt.datetime) -> str:
    """Write a moment in Viet Nam: 10:32 ngày 20/11/2025."""
    return f"{at.astimezone(clock.VIET_NAM):%H:%M ngày %d/%m/%Y}"


@register.filter
def clock_time(at: dt.datetime) -> str:
    """Write a time of the day in Viet Nam: 10:32."""
    return f"{at.astimezone(clock.VIET_NAM):%H:%M}"


@register.filter
def weekday_date(day: dt.date) -> str:
    """Write a date with its weekday: thứ Năm, 20/11/2025."""
    return f"{WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


@register.filter
def file_size(size: int) -> str:
    """Write a size in bytes as people read it: 1,2 MB."""
    if size < KILOBYTE:
        return f"{size}{NO_BREAK}byte"
    if size < KILOBYTE**2:
        return f"{size // KILOBYTE}{NO_BREAK}KB"
    return f"{size / KILOBYTE**2:.1f}".replace(".", ",") + f"{NO_BREAK}MB"


# --- States --------------------------------------------------------------------------------


@register.inclusion_tag("components/chip.html")
def chip(label: str, tone: str = "") -> dict[str, Any]:
    """Show a state by word and colour together."""
    return {"label": label, "tone": _checked(tone)}


@register.inclusion_tag("components/chip.html")
def state_chip(obj: Any) -> dict[str, Any]:
    """Show the state of a record; its `state_tone`, if it has one, gives the colour."""
    return {
        "label": obj.get_state_display(),
        "tone": _checked(getattr(obj, "state_tone", "")),
    }


@register.inclusion_tag("components/chip.html")
def days_left(due_on: dt.date, working_days: int | None = None) -> dict[str, Any]:
    """Show how long there is until the end of a day: red when nearly or already too late."""
    days = (due_on - clock.today()).days
    if days < 0:
        return {"label": f"Quá hạn {-days} ngày", "tone": "stop"}
    if days == 0:
        return {"label": "Hết hạn hôm nay", "tone": "stop"}
    left = f"{days} ngày"
    if working_days is not None:
        left += f", {working_days or 'không có'} ngày làm việc"
    tone = "stop" if days <= URGENT_DAYS else "wait" if days <= SOON_DAYS else ""
    return {"label": f"Còn {left}", "tone": tone}


@register.inclusion_tag("components/meter.html")
def meter(value: float, total: float, label: str) -> dict[str, Any]:
    """Draw how much of `total` is reached; `label` is what a screen reader says."""
    # Strings, or the template would write thousands with dots into the attributes.
    return {"value": str(min(value, total)), "total": str(total or 1), "label": label}


@register.inclusion_tag("components/path.html")
def path(steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Draw the way of a record: steps are (label, "done" | "now" | "")."""
    return {"steps": [(label, status, STEP_STATUSES[status]) for label, status in steps]}


# --- Work ----------------------------------------------------------------------------------


@register.inclusion_tag("components/task_row.html")
def task_row(
    title: str,
    url: str,
    detail: str = "",
    *,
    due_on: dt.date | None = None,
    working_days: int | None = None,
    label: str = "",
    tone: str = "",
    action: str = "",
    steps: Iterable[tuple[str, str]] = (),
    first: bool = False,
) -> dict[str, Any]:
    """List one piece of work; the first of a page carries the one red button."""
    return {
        "title": title,
        "url": url,
        "detail": detail,
        "due_on": due_on,
        "working_days": working_days,
        "label": label,
        "tone": _checked(tone),
        "action": action,
        "steps": list(steps),
        "first": first,
    }


@register.inclusion_tag("components/part_row.html")
def part_row(
    number: int,
    title: str,
    url: str,
    detail: str = "",
    status: str = "",
    *,
    label: str = "",
    tone: str = "",
    value: float | None = None,
    total: float = 0,
) -> dict[str, Any]:
    """List one part of a larger piece of work, inside `<ol class="parts">`."""
    return {
        "number": number,
        "title": title,
        "url": url,
        "detail": detail,
        "status": status,
        "label": label or STEP_STATUSES[status],
        "tone": _checked(tone or {"done": "ok", "now": "info"}.get(status, "")),
        "value": value,
        "total": total,
    }


@register.inclusion_tag("components/lacks_panel.html")
def lacks_panel(lacks: Sequence[Any]) -> dict[str, Any]:
    """Show what is missing: each has `sentence`, `clause` and `url`."""
    lacks = list(lacks)
    grouped = itertools.groupby(lacks, key=lambda lack: getattr(lack, "group", "") or lack.sentence)
    return {"lacks": lacks, "groups": [list(group) for _, group in grouped]}


@register.inclusion_tag("components/finding.html")
def finding(
    tone: str, title: str, detail: str = "", url: str = "", link: str = ""
) -> dict[str, Any]:
    """Show one finding of a check: tone ok, wait or stop, and the rule it rests on."""
    mark, meaning = FINDING_MARKS[tone]
    return {
        "tone": tone,
        "mark": mark,
        "meaning": meaning,
        "title": title,
        "detail": detail,
        "url": url,
        "link": link or "Xem",
    }


@register.inclusion_tag("components/transition_button.html")
def transition_button(obj: Any, offer: Any, key: str = "") -> dict[str, Any]:
    """Offer one transition of a record.

    One that needs a note or a password is a link to its page; one that is blocked says why.
    `key` is the letter of its keyboard shortcut.
    """
    row = offer.row
    return {
        "row": row,
        "tone": {"main": "main", "stop": "stop"}.get(row.tone, ""),
        "blocked": offer.blocked,
        "asks": row.needs_note or row.needs_password,
        "url": reverse(f"{obj._meta.model_name}_{row.action}", args=[obj.pk]),
        "reason_id": f"{obj._meta.model_name}-{obj.pk}-{row.action}-reason",
        "key": key,
    }


@register.inclusion_tag("components/job.html")
def job_progress(job: Any) -> dict[str, Any]:
    """Show a background job; it asks again each second until the job is over."""
    tone = {"done": "ok", "failed": "stop", "running": "info"}.get(job.state, "wait")
    return {
        "job": job,
        "tone": tone,
        "element_id": f"job-{job.pk}",
        "url": job.get_absolute_url(),
    }


@register.inclusion_tag("components/history.html")
def history(entries: Iterable[Any], obj: Any = None) -> dict[str, Any]:
    """Tell what happened, entry by entry; `obj` lends the labels of its states."""
    labels = dict(obj._meta.get_field("state").flatchoices) if obj is not None else {}
    told = []
    for entry in entries:
        before, after = (entry.changes or {}).get("state", ["", ""])
        told.append(
            {
                "at": entry.at,
                "business_on": _other_day(entry),
                "actor_name": entry.actor_name,
                "action_label": entry.action_label,
                "before": labels.get(before, ""),
                "after": labels.get(after, ""),
                "note": entry.note,
            }
        )
    return {"entries": told}


@register.simple_tag
def state_change(entry: Any) -> SafeString:
    """Tell from which state to which an entry of the log led, in words; "" when it led nowhere."""
    before, after = (entry.changes or {}).get("state", ["", ""])
    if not after:
        return SafeString()
    field = apps.get_model(entry.subject_type)._meta.get_field("state")
    labels = dict(field.flatchoices)
    return format_html(
        '<div class="small muted">{} <span aria-label="chuyển thành">→</span> {}</div>',
        labels.get(before, before),
        labels.get(after, after),
    )


def _other_day(entry: Any) -> dt.date | None:
    """Return the business date of an entry when a rehearsal makes it another day."""
    day: dt.date | None = getattr(entry, "business_on", None)
    return day if day and day != clock.local_day(entry.at) else None


# --- Pages ---------------------------------------------------------------------------------


@register.inclusion_tag("components/page_header.html")
def page_header(title: str, sub: str = "") -> dict[str, Any]:
    """Write the heading of a page."""
    return {"title": title, "sub": sub, "content": ""}


@register.simple_block_tag
def page_head(content: SafeString, title: str, sub: str = "") -> str:
    """Write the heading of a page with what stands beside it: a chip, a button, filters."""
    return _block("page_header", content, title=title, sub=sub)


@register.inclusion_tag("components/crumbs.html")
def crumbs(*words: str) -> dict[str, Any]:
    """Show the way to this page: label, address, label, address, ..., label of this page."""
    *before, here = words
    return {"links": list(zip(before[::2], before[1::2], strict=True)), "here": here}


@register.simple_block_tag
def sheet(content: SafeString, title: str = "", *, flush: bool = False, count: int = 0) -> str:
    """Put content on a sheet of paper; `flush` lets rows and tables reach its edges."""
    return _block("sheet", content, title=title, flush=flush, count=count)


@register.simple_block_tag
def table_box(content: SafeString, label: str) -> str:
    """Give a table its own box, the only thing that may scroll sideways."""
    return _block("table_box", content, label=label)


@register.simple_block_tag
def submit_bar(content: SafeString) -> str:
    """Keep the button that ends a page in sight."""
    return _block("submit_bar", content)


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info") -> str:
    """Say something that matters for the whole page."""
    return _block("notice", content, tone=_checked(tone))


def _block(name: str, content: SafeString, **context: Any) -> str:
    return render_to_string(f"components/{name}.html", {"content": content, **context})


@register.inclusion_tag("components/empty_state.html")
def empty_state(text: str, url: str = "", link: str = "") -> dict[str, Any]:
    """Say what an empty list means, and what comes next."""
    return {"text": text, "url": url, "link": link}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page) -> dict[str, Any]:
    """Link the pages of a list; filters in the address stay."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"page": page, "numbers": list(numbers), "request": context["request"]}


@register.inclusion_tag("components/file_link.html")
def file_link(
    url: str, name: str, size: int | None = None, kind: str = "", *, word: bool = False
) -> dict[str, Any]:
    """Link a file, saying what it is and how large; `word` links the Word twin of a paper."""
    about = [part for part in (kind, file_size(size) if size is not None else "") if part]
    return {"url": url, "name": name, "about": ", ".join(about), "word": word}


@register.inclusion_tag("components/word_link.html")
def word_link(url: str, name: str) -> dict[str, Any]:
    """Link the Word twin of the paper called `name` that is printed at `url`."""
    return {"url": url, "name": name}


# --- Forms ---------------------------------------------------------------------------------


@register.inclusion_tag("components/help_text.html")
def help_text(text: str, element_id: str = "") -> dict[str, Any]:
    """Write a hint, as it stands before a field."""
    return {"text": text, "element_id": element_id}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """List all errors of a form at its top, each linked to its field."""
    lines = [("", "", message) for message in form.non_field_errors()]
    for name, messages in form.errors.items():
        if name != NON_FIELD_ERRORS:
            field = form[name]
            target = field.id_for_label or f"{field.auto_id}_0"
            lines += [(target, str(field.label), message) for message in messages]
    return {"lines": lines}
