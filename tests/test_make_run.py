"""The first command of the README, from a fresh clone to a clean stop."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from staff.queries import SAMPLE_PASSWORD
from tests.stories.main_job import main_job
from tests.stories.reader import HttpDoor, Reader

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def clone():
    folder = Path(tempfile.mkdtemp(prefix="td-"))
    folder.chmod(0o755)  # a system account must reach the data folder
    subprocess.run(["git", "clone", "--quiet", ROOT, folder / "thidua"], check=True)
    yield folder / "thidua"
    shutil.rmtree(folder)


@contextlib.contextmanager
def make_run(clone):
    """Yield the address of a running `make run`; stop it as Ctrl+C in a terminal does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ours = ("THIDUA_", "DATABASE_URL", "DJANGO_", "PYTEST_", "MAKE", "MFLAGS")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    with tempfile.TemporaryFile("w+") as said:
        make = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=kept | {"PORT": str(port), "THIDUA_VENV": sys.prefix},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        family = []
        try:
            wait_until_healthy(make, port, clone, said)
            family = psutil.Process(make.pid).children(recursive=True)
            yield f"http://127.0.0.1:{port}"
            family = psutil.Process(make.pid).children(recursive=True)
        finally:
            if make.poll() is None:
                os.killpg(make.pid, signal.SIGINT)
            code = make.wait(60)
            survivors = psutil.wait_procs(family, timeout=5)[1]
        said.seek(0)
        text = said.read()
    assert f"Thi Đua đã sẵn sàng tại http://127.0.0.1:{port}" in text
    assert "Traceback" not in text
    assert code in (0, -signal.SIGINT, 128 + signal.SIGINT), text
    assert len(family) >= 5, "web, worker and database were there"
    assert survivors == []


def wait_until_healthy(make, port, clone, said):
    until = time.monotonic() + 240
    while time.monotonic() < until and make.poll() is None:
        with contextlib.suppress(OSError), get(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200
            return
        time.sleep(0.1)
    said.seek(0)
    logs = [path.read_text()[-2000:] for path in sorted((clone / "var" / "log").glob("*.log"))]
    pytest.fail("\n".join([said.read(), *logs]))


def get(address):
    return urllib.request.urlopen(address, timeout=10)


def the_worker_is_done(reader):
    """Look at the page again until its background work is over, as somebody would."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        reader.open(reader.path)
        if "Đang chờ" not in reader.text and "Đang làm" not in reader.text:
            return
        time.sleep(0.5)
    pytest.fail(reader.text[:3000])


def test_two_words_from_a_clone_to_a_giay_khen_and_back(clone):
    with make_run(clone) as address:
        certificate, sets = main_job(Reader(HttpDoor(address)), SAMPLE_PASSWORD, the_worker_is_done)
        assert [paper[:5] for paper in (certificate, *sets)] == [b"%PDF-"] * 3
    began = time.monotonic()
    with make_run(clone):
        assert time.monotonic() - began < 10
