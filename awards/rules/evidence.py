"""Files that are not free of malware hold up the sending; claims say where they are proved."""

from collections.abc import Iterable, Sequence

from django.db.models import prefetch_related_objects
from django.urls import reverse

from awards.models import Claim, Evidence, Nomination
from awards.rules.lacks import Lack, clause_of
from campaigns.models import DocumentKind

MOST_FILES = 50  # of one nomination
_SHOWN = 3


def lacks_of_evidence(nominations: Iterable[Nomination]) -> list[Lack]:
    """Return a line for each file that still waits to be checked, or was found infected."""
    listed = list(nominations)
    prefetch_related_objects(listed, "evidence__file")  # what was brought along is not read again
    return [
        _lack(evidence, nomination)
        for nomination in listed
        for evidence in nomination.evidence.all()
        if not evidence.file.is_clean
    ]


def _lack(evidence: Evidence, nomination: Nomination) -> Lack:
    whom = f"trong minh chứng của {nomination.recipient_name}"
    sentence = (
        f"Bỏ tệp «{evidence.caption}» có mã độc {whom}"
        if evidence.file.is_infected
        else f"Chờ kiểm tra tệp «{evidence.caption}» {whom}"
    )
    url = f"{reverse('report_edit', args=[nomination.pk])}#minh-chung"
    return Lack(sentence, clause_of(nomination, DocumentKind.REPORT), url)


def page_is_there(evidence: Evidence, page: int | None) -> str:
    """A claim names a page that the file has; a Word or Excel file has no pages to name."""
    count = evidence.page_count
    if count is None:
        return "Tệp Word, Excel không có số trang; hãy để trống ô này." if page else ""
    if page is None:
        # One page needs no number.
        return "" if count == 1 else f"Hãy ghi số trang, từ 1 đến {count}."
    return "" if 1 <= page <= count else f"Tệp này có {count} trang; hãy ghi số từ 1 đến {count}."


def is_cited(evidence: Evidence, claims: Sequence[Claim]) -> str:
    """A file that proves claims goes only together with them."""
    if not claims:
        return ""
    named = "; ".join(f"mục {c.section.heading.number}: «{c.statement}»" for c in claims[:_SHOWN])
    more = f" và {len(claims) - _SHOWN} dẫn chứng khác" if len(claims) > _SHOWN else ""
    return f"Tệp «{evidence.caption}» đang được dẫn ở {named}{more}. Bỏ tệp là bỏ cả dẫn chứng."
