"""Do the background work: what `qcluster` does, begun with what a killed worker left behind."""

from typing import Any

from django_q.management.commands.qcluster import Command as Cluster

from thidua.core import jobs


class Command(Cluster):
    help = "Làm các việc nền; việc dở của một tiến trình đã bị dừng đột ngột được làm lại ngay."

    def handle(self, *args: Any, **options: Any) -> None:
        jobs.take_back()
        super().handle(*args, **options)
