"""Nhắc việc: do by hand what the schedule does each morning; a second run adds nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from awards.jobs import remind


class Command(BaseCommand):
    help = "Lập nhắc việc của hôm nay cho mọi người còn việc và xếp thư vào hàng đợi."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã lập {remind()} lần nhắc việc.")
