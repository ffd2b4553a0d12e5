"""The mail that brings a receipt to whoever sent: code, second, fingerprint; nobody's name."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from awards.models import Submission
from thidua.core import clock


def receipt_mail(submission: Submission) -> EmailMessage:
    """Return the mail; the same receipt always makes the same Message-ID."""
    local = submission.submitted_at.astimezone(clock.VIET_NAM)
    place = settings.PUBLIC_URL.rstrip("/")
    lines = [
        *(["[Chế độ diễn tập: không phải việc thật]", ""] if settings.REHEARSAL else []),
        f"Văn phòng đã nhận hồ sơ của {submission.proposal.unit}.",
        "",
        f"Mã biên nhận: {submission.code}",
        f"Thời điểm nhận: {local:%H:%M:%S ngày %d/%m/%Y}",
        f"Mã kiểm tra nội dung (SHA-256): {submission.content_sha256}",
        "",
        f"Biên nhận (PDF) và bộ hồ sơ đã gửi: {place}{submission.get_absolute_url()}",
    ]
    return EmailMessage(
        subject=f"Biên nhận hồ sơ {submission.code}",
        body="\n".join(lines) + "\n",
        to=[submission.submitted_by.email],
        headers={
            "Message-ID": f"<bien-nhan-{submission.code}@{urlsplit(place).hostname or 'thidua'}>",
            "Auto-Submitted": "auto-generated",
        },
    )
