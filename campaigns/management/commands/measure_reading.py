"""Prints how well plans are read: a row for each plan, a column for each field."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns import measuring
from campaigns.actions.law import packs
from campaigns.measuring import MEASURED
from thidua.places import BASE_DIR


class Command(BaseCommand):
    help = "In bảng kế hoạch × trường: đọc đúng (.), sai (S), bỏ trống (-)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=BASE_DIR / "tests" / "campaigns" / "plans",
            help="Thư mục có các kế hoạch (.txt) và kết quả do người ghi (.toml).",
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        rows = measuring.measure(folder, measuring.law_of(packs()))
        if not rows:
            raise CommandError(f"Không thấy kế hoạch nào trong {folder}.")
        width = max(len(row.name) for row in rows)
        for number, field in enumerate(MEASURED, 1):
            self.stdout.write(f"{number:>2} {field.label}")
        heads = " ".join(f"{number:>2}" for number in range(1, len(MEASURED) + 1))
        self.stdout.write(f"\n{'':{width}} {heads}")
        for row in rows:
            marks = " ".join(f"{row.mark(field.name):>2}" for field in MEASURED)
            self.stdout.write(f"{row.name:{width}} {marks}  {row.right}/{len(MEASURED)}")
        right, wrong = measuring.shares(rows)
        self.stdout.write(
            f"\n{len(rows)} kế hoạch, {len(rows) * len(MEASURED)} trường: "
            f"đúng {right:.1%}, sai {wrong:.1%}, bỏ trống {1 - right - wrong:.1%}."
        )
