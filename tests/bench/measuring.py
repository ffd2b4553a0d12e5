"""One contender, one fresh process: its processor time, its time on the clock, its memory."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent


class Cost(NamedTuple):
    """What a run cost, with all processes that it started and waited for."""

    cpu: float
    wall: float
    peak_mb: float
    size_mb: float
    facts: dict


def run(
    module: str,
    contender: str,
    target: Path,
    *arguments: object,
    environment: dict[str, str] | None = None,
) -> Cost:
    """Run one contender of `tests.bench` in a process of its own."""
    target.unlink(missing_ok=True)
    command = [sys.executable, "-m", f"tests.bench.{module}", contender, target, *arguments]
    began = time.monotonic()
    child = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment or os.environ | {"DJANGO_SETTINGS_MODULE": "thidua.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with child.stdout as said:
        words = said.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"«{contender}» hỏng với mã {child.returncode}.")
    return Cost(
        cpu=used.ru_utime + used.ru_stime,
        wall=time.monotonic() - began,
        peak_mb=used.ru_maxrss / 1024,
        size_mb=target.stat().st_size / 1e6,
        facts=json.loads(words.splitlines()[-1]) if words.strip() else {},
    )


def medians(costs: list[Cost]) -> Cost:
    """Return the median of each measure; the facts are those of the last run."""
    measures = (statistics.median(column) for column in list(zip(*costs, strict=True))[:4])
    return Cost(*measures, costs[-1].facts)


# --- Printing ------------------------------------------------------------------------------
def say(*cells: str) -> None:
    first, *others = cells
    print(f"  {first:<50}" + "".join(f"{cell:>13}" for cell in others), flush=True)


def say_costs(costs: dict[str, Cost]) -> None:
    say("", "bộ xử lý", "đồng hồ", "bộ nhớ", "tệp")
    for label, cost in costs.items():
        say(
            label,
            f"{number(cost.cpu)} giây",
            f"{number(cost.wall)} giây",
            f"{cost.peak_mb:.0f} MB",
            f"{number(cost.size_mb)} MB",
        )


def number(amount: float, digits: int = 2) -> str:
    """Write a number as Vietnamese does."""
    return f"{amount:.{digits}f}".replace(".", ",")


class Verdicts:
    """The goals, each said as it was met or missed."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def judge(self, goal: str, found: str, *, met: bool) -> None:
        print(f"  {'✓' if met else '✗'} {goal}: {found}.", flush=True)
        if not met:
            self.missed.append(goal)
