import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from thidua import launcher, supervisor
from thidua.supervisor import Service

ROOT = Path(__file__).resolve().parents[2]
KEY = "0123456789" * 6


def clean_environment(**changes):
    """Ours, without what a developer or the suite has set."""
    ours = ("THIDUA_", "DATABASE_URL", "EMAIL_URL", "PORT", "DJANGO_", "PYTEST_")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    return kept | changes


def launch(**changes):
    return subprocess.run(
        [sys.executable, "-m", "thidua.launcher", "run"],
        cwd=ROOT,
        env=clean_environment(**changes),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# fmt: off
PRODUCTION = {"THIDUA_PRODUCTION": "1", "THIDUA_SECRET_KEY": KEY, "THIDUA_HOSTS": "thidua.example",
              "THIDUA_PUBLIC_URL": "https://thidua.example"}
WRONG_SETTINGS = [
    ({"PORT": "tám nghìn"},                            "Biến PORT phải là một số"),
    ({"PORT": "70000"},                                "Biến PORT phải là một số"),
    ({"THIDUA_TODAY": "20/11/2025"},                   "Biến THIDUA_TODAY phải là một ngày"),
    ({"THIDUA_PRODUCTION": "có"},                      "Biến THIDUA_PRODUCTION phải là 1 hoặc 0"),
    ({"DATABASE_URL": "thidua"},                       "Biến DATABASE_URL phải là địa chỉ PostgreSQL"),
    ({"DATABASE_URL": "sqlite:///thidua"},             "Biến DATABASE_URL phải trỏ tới PostgreSQL"),
    ({"DATABASE_URL": "postgres://a@127.0.0.1:1/a"},   "Không vào được cơ sở dữ liệu"),
    ({"THIDUA_REMIND_AT": "sáng"},                     "Biến THIDUA_REMIND_AT phải là một giờ"),
    ({"EMAIL_URL": "nonsense"},                        "Biến EMAIL_URL phải là địa chỉ máy chủ thư"),
    ({"EMAIL_URL": "telnet://a:b@c"},                  "Biến EMAIL_URL phải là địa chỉ máy chủ thư"),
    (PRODUCTION | {"EMAIL_URL": "smtp://a:b@c:25"},    "hãy đặt biến THIDUA_MAIL_FROM"),
    (PRODUCTION | {"THIDUA_TODAY": "2025-11-20"},      "hãy bỏ biến THIDUA_TODAY"),
    (PRODUCTION | {"THIDUA_DEBUG": "1"},               "hãy bỏ biến THIDUA_DEBUG"),
    (PRODUCTION | {"THIDUA_SECRET_KEY": ""},           "hãy đặt biến THIDUA_SECRET_KEY"),
    (PRODUCTION | {"THIDUA_SECRET_KEY": "ngắn"},       "hãy sửa biến THIDUA_SECRET_KEY"),
    (PRODUCTION | {"THIDUA_HOSTS": ""},                "hãy đặt biến THIDUA_HOSTS"),
    (PRODUCTION | {"THIDUA_PUBLIC_URL": ""},           "hãy đặt biến THIDUA_PUBLIC_URL"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "sentence"), WRONG_SETTINGS)
def test_a_wrong_setting_is_said_in_one_sentence_with_its_mend(changes, sentence):
    answer = launch(**{"PORT": "8999"} | changes)
    assert answer.returncode == 1
    assert sentence in answer.stderr
    assert ": hãy " in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    assert answer.stdout == ""


def test_a_taken_port_is_refused_before_anything_is_started():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = launch(PORT=str(port))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"Cổng {port} đang có chương trình khác dùng: hãy ")
    assert len(answer.stderr.splitlines()) == 1


@pytest.fixture
def at_home(monkeypatch, capsys):
    """Run the launcher in this process, in a var folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="td-"))
    folder.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("PORT", str(free.getsockname()[1]))
    monkeypatch.setenv("THIDUA_TODAY", "2025-11-20")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(launcher, "VAR_DIR", folder)
    monkeypatch.setattr(supervisor, "LOG_DIR", folder / "log")
    yield folder
    shutil.rmtree(folder)


def test_a_missing_library_is_named_with_its_package(at_home, monkeypatch, capsys):
    monkeypatch.setattr(launcher, "LIBRARIES", {"libthieu.so.0": "libthieu0"})
    assert launcher.main(["run"]) == 1
    assert "«apt-get install libthieu0»" in capsys.readouterr().err


def test_a_data_folder_of_another_major_is_said_in_one_sentence(at_home, capsys):
    data = at_home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("14\n")
    assert launcher.main(["run"]) == 1
    said = capsys.readouterr().err
    assert "là của PostgreSQL 14" in said
    assert len(said.splitlines()) == 1


def test_production_passes_the_deployment_check():
    subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=clean_environment(**PRODUCTION),
        check=True,
        capture_output=True,
        timeout=60,
    )


def test_bootstrap_tells_an_ordinary_user_the_one_command(tmp_path):
    for name, says in (("dpkg-query", "exit 1"), ("id", "echo 1000")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{says}\n")
        (tmp_path / name).chmod(0o755)
    answer = subprocess.run(
        [ROOT / "bin" / "bootstrap", "true"],
        env=clean_environment(PATH=f"{tmp_path}:{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 1
    assert " -c 'apt-get update && apt-get install -y" in answer.stderr
    assert "fonts-liberation2" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


# --- The supervisor --------------------------------------------------------------------------


@pytest.fixture
def service(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "LOG_DIR", tmp_path)
    service = Service("family", ["sh", "-c", "sleep 60 & echo $!; wait"])
    yield service
    service.stop()


def child_of(service):
    while not service.log.read_text():
        time.sleep(0.01)
    return int(service.log.read_text().split()[-1])


def is_alive(pid):
    """A zombie is dead: only its parent has not looked yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid):
    for _ in range(200):
        if not is_alive(pid):
            return True
        time.sleep(0.01)
    return False


def test_stop_ends_the_children_too(service):
    service.start()
    child = child_of(service)
    service.stop()
    assert not service.is_running()
    assert gone(child)


def test_a_dead_service_is_started_again_without_its_orphans(service):
    service.start()
    orphan = child_of(service)
    service.restart_if_dead()
    first = service.process.pid
    assert child_of(service) == orphan, "a living service is left alone"
    os.kill(first, signal.SIGKILL)
    service.process.wait()
    service.restart_if_dead()
    assert service.is_running()
    assert service.process.pid != first
    assert gone(orphan)


def test_a_service_that_keeps_dying_is_started_ever_more_rarely(service):
    starts = []
    service.command = ["false"]
    service.start()
    until = time.monotonic() + 2
    while time.monotonic() < until:
        before = service.process
        service.restart_if_dead()
        if service.process is not before:
            starts.append(time.monotonic())
        service.process.wait()
        time.sleep(0.01)
    assert len(starts) == 2
