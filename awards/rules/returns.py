"""After a return only what the office has named can be changed."""

from collections.abc import Iterable

from awards.queries.returns import OpenParts
from campaigns.models import ReportHeading

_ONLY = "Sau khi trả lại, chỉ phần nào Văn phòng nêu mới sửa được."


def headings_are_open(parts: OpenParts, headings: Iterable[ReportHeading]) -> str:
    """Whether all of `headings` may be written; name those that may not."""
    closed = [heading.number for heading in headings if not parts.has_heading(heading.pk)]
    if not closed:
        return ""
    return (
        f"Văn phòng không yêu cầu sửa mục {', '.join(closed)} nên mục này giữ như đã gửi. {_ONLY}"
    )


def evidence_is_open(parts: OpenParts) -> str:
    """Whether files may be added and taken out."""
    return "" if parts.evidence else f"Văn phòng không yêu cầu sửa minh chứng. {_ONLY}"


def claims_are_open(parts: OpenParts, heading: ReportHeading) -> str:
    """Whether the claims of a heading may change: with its words, or with the files."""
    return "" if parts.evidence else headings_are_open(parts, [heading])


def report_is_open(parts: OpenParts) -> str:
    """Whether anything of the report may be written."""
    if parts.headings is None or parts.headings:
        return ""
    return f"Văn phòng không yêu cầu sửa báo cáo. {_ONLY}"


def everything_is_open(parts: OpenParts) -> str:
    """Whether what belongs to no part may be changed."""
    return "" if parts.headings is None else f"Văn phòng chỉ yêu cầu sửa một số phần. {_ONLY}"
