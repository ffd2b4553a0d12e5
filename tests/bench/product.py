"""The product, each job run alone: `python -m tests.bench.product NAME TARGET ARGUMENT…`.

A job imports what it needs when it begins: what it brings along is a part of its cost.
"""

import dataclasses
import json
import sys
import time
from pathlib import Path


def certificates(target: Path, count: str) -> None:
    """Vector border, code, every name another."""
    from tests.bench import samples  # noqa: PLC0415
    from thidua.core.certificates import print_certificates_together  # noqa: PLC0415

    target.write_bytes(print_certificates_together(samples.certificates(int(count))))


def decision(target: Path, count: str) -> None:
    """One decision with a long list."""
    _set_up()
    from tests.bench import long_papers  # noqa: PLC0415
    from thidua.core.documents import render_pdf  # noqa: PLC0415

    paper = long_papers.decision(int(count))
    began = _Began()
    target.write_bytes(render_pdf(paper))
    began.say()


def dossier(target: Path, count: str, changed: str) -> None:
    """A dossier of many reports; `changed` is the number of the report that says something new."""
    _set_up()
    from tests.bench import dossiers, long_papers  # noqa: PLC0415

    papers = long_papers.reports(int(count))
    if int(changed):
        paper = papers[int(changed) - 1]
        papers[int(changed) - 1] = dataclasses.replace(paper, pledge="Tôi cam kết đúng sự thật.")
    began = _Began()
    pages, printed = dossiers.make(papers, target)
    began.say(pages=pages, printed=printed)


def _set_up() -> None:
    import django  # noqa: PLC0415

    django.setup()


class _Began:
    """What the job itself took, without the start of the program."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.monotonic(), time.process_time()

    def say(self, **facts: float) -> None:
        took = {"wall": time.monotonic() - self.wall, "cpu": time.process_time() - self.cpu}
        print(json.dumps(took | facts))


if __name__ == "__main__":
    name, target, *arguments = sys.argv[1:]
    globals()[name](Path(target), *arguments)
