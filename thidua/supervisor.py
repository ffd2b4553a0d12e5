"""Keep a few programs running, and end them together with everything that they started."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from types import FrameType

from thidua.places import VAR_DIR

LOG_DIR = VAR_DIR / "log"
GRACE_SECONDS = 15
QUICK_DEATH_SECONDS = 5
LONGEST_PAUSE_SECONDS = 30


class Service:
    """One program in a process group of its own.

    Ctrl+C in the terminal therefore reaches the launcher alone, which then ends its services in
    order; and what a service leaves behind is found by its group. Should the launcher itself be
    killed, the kernel sends SIGTERM to each service.
    """

    def __init__(self, name: str, command: list[str]) -> None:
        self.command = ["setpriv", "--pdeathsig=TERM", "--", *command]
        self.log = LOG_DIR / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._pause = 0.0
        self._asked = False
        LOG_DIR.mkdir(parents=True, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".previous.log"))

    def start(self) -> None:
        self._began = time.monotonic()
        self._asked = False
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> int:
        """Return the exit code once the program has ended by itself."""
        while self.process is not None and self.process.poll() is None:
            time.sleep(0.05)
        code = self.process.returncode if self.process else 1
        self._sweep()
        return code

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def restart_if_dead(self) -> None:
        """Start a dead program again, the later the more often it dies at once."""
        if self.is_running():
            return
        lived = time.monotonic() - self._began
        if lived > self._pause + QUICK_DEATH_SECONDS:
            self._pause = 0.0
        if lived >= self._pause:
            self._sweep()
            self._pause = min(self._pause * 2 + 1, LONGEST_PAUSE_SECONDS)
            self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM, once: a second one can lock up the web server in its own handler."""
        if self.process is not None and self.is_running() and not self._asked:
            self._asked = True
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """End the program gently, then whatever is left of its group."""
        self.ask_to_stop()
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE_SECONDS)
            self._sweep()
            self.process.wait()

    def _sweep(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Turn the first Ctrl+C, SIGTERM or hang-up into KeyboardInterrupt and ignore the others.

    An impatient second Ctrl+C must not cut the tidying up short.
    """
    signs = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: FrameType | None) -> None:
        for sign in signs:
            signal.signal(sign, lambda *_: None)
        raise KeyboardInterrupt

    before = {sign: signal.signal(sign, stop) for sign in signs}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
