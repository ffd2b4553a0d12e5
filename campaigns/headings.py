"""The headings of a form of report as lines of text: number | title | hint | kind."""

from typing import Any

from campaigns.models import ReportHeading
from thidua.core.text import fold
from thidua.core.workflow import Refused

GROUP, OPTIONAL = "đề mục", "không bắt buộc"
MANNER = "II.1 | Kết quả thực hiện | Nêu số liệu | không bắt buộc"
_PARTS = MANNER.count("|") + 1
_KINDS = {fold(word): word for word in ("", GROUP, OPTIONAL)}
_MOST_NUMBER, _MOST_TITLE, _MOST_LINES = 10, 300, 60


def line_of(heading: ReportHeading) -> str:
    """Return a heading as the office writes it."""
    kind = GROUP if heading.is_group else "" if heading.is_required else OPTIONAL
    parts = [heading.number, heading.title, heading.hint.replace("\n", " "), kind]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


def read(text: str, subject_kind: str) -> list[dict[str, Any]]:
    """Return the columns of each heading; raises Refused, naming the line to mend."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > _MOST_LINES:
        raise Refused(f"Nhiều quá {_MOST_LINES} mục; hãy gộp bớt.")
    rows = [_read_line(line) | {"subject_kind": subject_kind} for line in lines]
    if rows and all(row["is_group"] or not row["is_required"] for row in rows):
        raise Refused("Phải có ít nhất một mục bắt buộc viết.")
    return rows


def _read_line(line: str) -> dict[str, Any]:
    short = line if len(line) <= _MOST_TITLE else f"{line[:60]}…"
    parts = [part.strip() for part in line.split("|")]
    if not all([*parts, ""][:2]) or len(parts) > _PARTS:
        raise Refused(f"Dòng «{short}»: hãy ghi như «{MANNER}».")
    number, title, hint, kind = parts + [""] * (_PARTS - len(parts))
    if len(number) > _MOST_NUMBER:
        raise Refused(f"Dòng «{short}»: số mục dài quá {_MOST_NUMBER} ký tự.")
    if len(title) > _MOST_TITLE:
        raise Refused(f"Dòng «{short}»: tên mục dài quá {_MOST_TITLE} ký tự.")
    if fold(kind) not in _KINDS:
        raise Refused(f"Dòng «{short}»: phần cuối chỉ là «{GROUP}», «{OPTIONAL}» hoặc để trống.")
    kind = _KINDS[fold(kind)]
    return {
        "number": number,
        "title": title,
        "hint": hint,
        "is_group": kind == GROUP,
        "is_required": kind != OPTIONAL,
    }
