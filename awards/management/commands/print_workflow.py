"""Print the tables of every lifecycle as one page: docs/workflow.md, never edited by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from awards.workflow import WORKFLOWS
from thidua.core.permissions import names_of
from thidua.core.workflow import Transition, Workflow, state_labels
from thidua.places import BASE_DIR

PAGE = BASE_DIR / "docs" / "workflow.md"
HEAD = """# Các vòng đời

Trang này in ra từ `awards/workflow.py` bằng `make workflow`; đừng sửa tay. Mỗi dòng của bảng: ai được làm gì, từ trạng
thái nào đến trạng thái nào, cần điều gì. «Trong việc» là việc lớn hơn mà dòng ấy là một phần, không làm riêng được.
"""


class Command(BaseCommand):
    help = "In các bảng vòng đời vào docs/workflow.md."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(PAGE).write_text(page(), encoding="utf-8")
        self.stdout.write(f"Đã in {PAGE.relative_to(BASE_DIR)}.")


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join("\n".join(_table(workflow)) + "\n" for workflow in WORKFLOWS)


def _table(workflow: Workflow) -> Iterator[str]:
    yield f"\n## {workflow.name}\n"
    yield "| Việc | Từ | Đến | Ai | Cần | Trong việc |"
    yield "|---|---|---|---|---|---|"
    for row in workflow.rows.values():
        yield (
            f"| {row.label} (`{row.action}`) | {state_labels(workflow.states, row.sources)} "
            f"| {workflow.states(row.target).label} | {names_of(row.who.roles)} "
            f"| {_needs(row)} | {f'`{row.within}`' if row.within else ''} |"
        )


def _needs(row: Transition) -> str:
    asked = [f"`{guard.__name__}`" for guard in row.guards]
    asked += ["lý do"] if row.needs_note else []
    asked += ["mật khẩu"] if row.needs_password else []
    return ", ".join(asked)
