"""Load the sample of a rehearsal into an empty database."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dossiers import sample
from units.models import Agency


class Command(BaseCommand):
    help = "Nạp dữ liệu mẫu của buổi diễn tập vào cơ sở dữ liệu còn trống."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Dữ liệu mẫu chỉ dành cho diễn tập nên không nạp ở bản chính thức.")
        if Agency.objects.exists():
            self.stdout.write("Cơ sở dữ liệu đã có cơ quan nên không nạp dữ liệu mẫu.")
            return
        # The queue announces each task; people who start the product need not read that.
        logging.getLogger("django-q").setLevel(logging.WARNING)
        count = sample.load()
        self.stdout.write(
            f"Đã nạp dữ liệu mẫu: {count.people} người, {count.accounts} tài khoản, "
            f"{count.nominations} đề nghị ở mọi giai đoạn."
        )
