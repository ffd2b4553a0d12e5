"""The headings of a form of report as lines of text: number | title | hint | kind."""

from typing import Any

from campaigns.models import HeadingKind, ReportHeading
from thidua.core.text import fold
from thidua.core.workflow import Refused

GROUP, OPTIONAL, AWARDS = "đề mục", "không bắt buộc", "danh sách khen thưởng"
MANNER = "II.1 | Kết quả thực hiện | Nêu số liệu | không bắt buộc"
_PARTS = MANNER.count("|") + 1
_KINDS = {fold(word): word for word in ("", GROUP, OPTIONAL, AWARDS)}
_MOST_NUMBER, _MOST_TITLE, _MOST_LINES = 10, 300, 60


def line_of(heading: ReportHeading) -> str:
    """Return a heading as the office writes it."""
    kinds = [GROUP] * heading.is_group
    kinds += [OPTIONAL] * (not heading.is_required and not heading.is_group)
    kinds += [AWARDS] * heading.lists_awards
    hint = heading.hint.replace("\n", " ")
    parts = [heading.number, heading.title, hint, ", ".join(kinds)]
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
    words = {fold(word) for word in kind.split(",")}
    if not words <= set(_KINDS):
        raise Refused(
            f"Dòng «{short}»: phần cuối chỉ là «{GROUP}», «{OPTIONAL}», «{AWARDS}» hoặc để trống."
        )
    kinds = {_KINDS[word] for word in words}
    if {GROUP, AWARDS} <= kinds:
        raise Refused(f"Dòng «{short}»: «{GROUP}» chỉ là tiêu đề nên không có danh sách.")
    return {
        "number": number,
        "title": title,
        "hint": hint,
        "kind": HeadingKind.AWARDS if AWARDS in kinds else HeadingKind.TEXT,
        "is_group": GROUP in kinds,
        "is_required": OPTIONAL not in kinds,
    }
