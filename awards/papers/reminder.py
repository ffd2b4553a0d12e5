"""The mail of a reminder: plain text, a link for each line, nobody's name but the reader's."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from awards.models import Reminder


def reminder_mail(reminder: Reminder) -> EmailMessage:
    """Return the mail; its identity is the reminder's, so that a second copy is known as one."""
    place = settings.PUBLIC_URL.rstrip("/")
    count = len(reminder.lines)
    words = [f"Kính gửi {reminder.user.display_name},", ""]
    if settings.REHEARSAL:
        words += ["[Chế độ diễn tập: không phải việc thật]", ""]
    words += [f"Ngày {reminder.on:%d/%m/%Y} có {count} việc cần làm hoặc cần biết:", ""]
    for number, line in enumerate(reminder.lines, start=1):
        due = f" (hạn {dt.date.fromisoformat(line['due_on']):%d/%m/%Y})" if line["due_on"] else ""
        words += [f"{number}. {line['plain']}{due}", f"   {place}{line['url']}", ""]
    words += [
        "Thư này do phần mềm gửi, mỗi ngày nhiều nhất một thư; xin không trả lời thư.",
        f"Xem lại các lần nhắc việc: {place}{reverse('reminder_list')}",
        f"Đổi địa chỉ hoặc thôi nhận thư: {place}{reverse('account')}",
    ]
    host = urlsplit(place).hostname or "thidua"
    return EmailMessage(
        subject=f"Việc cần làm ngày {reminder.on:%d/%m/%Y} ({count} việc)",
        body="\n".join(words) + "\n",
        to=[reminder.user.email],
        headers={
            "Message-ID": f"<nhac-viec-{reminder.pk}-{reminder.on:%Y%m%d}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
