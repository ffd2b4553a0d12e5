"""A browser or the server is killed while somebody types: nothing older than five seconds is lost.

`make faults` kills each ten times; the suite once.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.site import kill, stored_text, wait_for

KILLS = min(int(os.environ.get("KILLS") or 1), 10)
LOST_SECONDS = 5


class Typist:
    """A browser of its own that types for some seconds."""

    def __init__(self, server, report, seconds):
        path, cookie, _ = report
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.typist", server.base, path, cookie, str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
        )

    def first(self):
        """Wait until the first number is typed; return when."""
        self.lines = [self.process.stdout.readline()]
        assert self.lines[0], "the browser never typed"
        return float(self.lines[0].split()[1])

    def kill(self):
        """Kill the browser and what drives it."""
        for pid in [*descendants(self.process.pid), self.process.pid]:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue
        at = time.time()
        self.finish()
        return at

    def finish(self):
        with self.process.stdout as said:
            self.lines += said.read().splitlines()
        return self.process.wait()

    @property
    def typed(self):
        """Return when each number was typed."""
        pairs = [line.split() for line in self.lines if line[:1].isdigit()]
        return {int(pair[0]): float(pair[1]) for pair in pairs if len(pair) == 2}


def descendants(pid):
    """Return all processes below `pid`: the browser is in a session of its own."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
                )
            except OSError:
                continue
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        children = [child for child, above in parents.items() if above == parent]
        found += children
        waiting += children
    return found


def stored(url, report):
    """Return the numbers that the database has."""
    return [int(word) for word in stored_text(url, report).split()]


def test_a_killed_browser_loses_less_than_five_seconds(server, report, surroundings):
    moments = random.Random(KILLS)
    worst = 0.0
    for _ in range(KILLS):
        typist = Typist(server, report, 60)
        before = len(stored(surroundings, report))
        typist.first()
        time.sleep(moments.uniform(2.5, 9))
        killed_at = typist.kill()
        time.sleep(1.0)  # what travelled already may arrive
        kept = stored(surroundings, report)[: len(stored(surroundings, report)) - before]
        lost = [at for number, at in typist.typed.items() if number > len(kept)]
        worst = max(worst, killed_at - min(lost, default=killed_at))
        assert kept == list(range(1, len(kept) + 1))
        assert kept, "nothing was kept at all"
    print(f"\n{KILLS} lần dừng trình duyệt: mất nhiều nhất {worst:.1f} giây vừa gõ.")
    assert worst < LOST_SECONDS


def test_a_killed_server_loses_nothing_that_is_still_on_the_page(server, report, surroundings):
    moments = random.Random(KILLS)
    typist = Typist(server, report, 6 + 6 * KILLS)
    began = typist.first()
    for count in range(KILLS):
        time.sleep(max(0.0, began + 2 + 6 * count + moments.uniform(0, 2) - time.time()))
        kill(server)
        time.sleep(moments.uniform(0.2, 1.5))
        server.start()
        wait_for(server.base)
    assert typist.finish() == 0, "the page never said that all is saved"
    assert stored(surroundings, report) == sorted(typist.typed)
    print(f"\n{KILLS} lần dừng máy chủ: đủ {len(typist.typed)} lần gõ.")
