"""Start everything with one command, and stop everything that was started.

    python -m thidua.launcher run               the database, the web server and the worker
    python -m thidua.launcher test [ARGUMENT…]  pytest, on a database of its own
    python -m thidua.launcher manage ARGUMENT…  a command of Django, on the database of `run`
    python -m thidua.launcher demo              forget the rehearsal; the next `run` makes it anew

What cannot be started is said in one sentence with its mend, and the exit code is 1.
"""

import contextlib
import ctypes
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import environs

from thidua.core.database import OLDEST_MAJOR, Cluster, Unready, serving
from thidua.places import BASE_DIR, VAR_DIR
from thidua.supervisor import GRACE_SECONDS, Service, stopped_by_signals

HOST = "127.0.0.1"
REHEARSAL_DAY = "2025-11-20"
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
WEB_SECONDS = 60
HIGHEST_PORT = 65535
SERVER_ERROR = 500


# --- What must be right before anything is started -------------------------------------------


def read_settings() -> ModuleType:
    """Return the settings of `run`, with what `.env` says where the environment says nothing."""
    environs.Env().read_env(BASE_DIR / ".env", recurse=False)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thidua.settings")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 -- after .env

    try:
        from thidua import settings  # noqa: PLC0415
    except ImproperlyConfigured as wrong:
        raise Unready(str(wrong)) from None
    if settings.REHEARSAL:  # said to the programs that we start
        os.environ["THIDUA_TODAY"] = os.environ.get("THIDUA_TODAY") or REHEARSAL_DAY
        own_address = f"http://{HOST}:{read_port()}"
        os.environ["THIDUA_PUBLIC_URL"] = os.environ.get("THIDUA_PUBLIC_URL") or own_address
    return settings


def read_port() -> int:
    said = os.environ.get("PORT") or "8000"
    if not (said.isascii() and said.isdigit() and 0 < int(said) <= HIGHEST_PORT):
        raise Unready(
            f"Biến PORT phải là một số từ 1 đến {HIGHEST_PORT}: hãy sửa hoặc bỏ biến này"
            " rồi chạy lại."
        )
    return int(said)


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Unready(
                f"Tài khoản này không được mở cổng {port}: hãy chọn cổng từ 1024 trở lên,"
                " ví dụ «make run PORT=8001»."
            ) from None
        except OSError:
            raise Unready(
                f"Cổng {port} đang có chương trình khác dùng: hãy dừng chương trình đó hoặc chọn"
                " cổng khác, ví dụ «make run PORT=8001»."
            ) from None


def refuse_missing_libraries() -> None:
    missing = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    if missing:
        raise Unready(
            f"Máy còn thiếu thư viện để in PDF: hãy chạy «apt-get install {' '.join(missing)}»"
            " rồi chạy lại."
        )


def refuse_foreign_server(database: dict[str, Any]) -> None:
    """Ask the server that DATABASE_URL names whether it will do."""
    import psycopg2  # noqa: PLC0415 -- only when there is such a server

    try:
        connection = psycopg2.connect(
            host=database.get("HOST") or None,
            port=database.get("PORT") or None,
            user=database.get("USER") or None,
            password=database.get("PASSWORD") or None,
            dbname=database["NAME"],
            connect_timeout=5,
            **database.get("OPTIONS", {}),
        )
    except psycopg2.OperationalError:
        raise Unready(
            "Không vào được cơ sở dữ liệu mà DATABASE_URL trỏ tới: hãy kiểm tra máy chủ, tên và"
            " mật khẩu, hoặc bỏ biến này để dùng PostgreSQL đi kèm."
        ) from None
    with contextlib.closing(connection):
        major = connection.server_version // 10000
    if major < OLDEST_MAJOR:
        raise Unready(
            f"Máy chủ mà DATABASE_URL trỏ tới là PostgreSQL {major}: hãy dùng bản {OLDEST_MAJOR}"
            " trở lên rồi chạy lại."
        )


def names_a_server(settings: ModuleType) -> bool:
    """Say whether DATABASE_URL names a server, and refuse one that will not do."""
    if not os.environ.get("DATABASE_URL"):
        return False
    refuse_foreign_server(settings.DATABASES["default"])
    return True


# --- The commands ----------------------------------------------------------------------------


def run() -> int:
    """Serve until Ctrl+C."""
    port = read_port()
    settings = read_settings()
    refuse_missing_libraries()
    refuse_taken_port(port)
    cluster = None if names_a_server(settings) else Cluster(VAR_DIR / "postgres")
    python = sys.executable
    prepare = Service("prepare", [python, "-m", "thidua.launcher", "prepare"])
    web = Service("web", [python, "-m", "granian", *web_options(port), "thidua.wsgi:application"])
    worker = Service("worker", [python, "manage.py", "work"])
    try:
        print("Đang khởi động Thi Đua…", flush=True)
        if cluster:
            os.environ["DATABASE_URL"] = cluster.start()
        prepare.start()
        if prepare.wait() != 0:
            raise Unready(
                f"Chưa chuẩn bị được cơ sở dữ liệu: hãy xem {prepare.log}, hoặc bắt đầu lại"
                " từ đầu bằng «make demo»."
            )
        web.start()
        worker.start()
        wait_for_web(web, port)
        print(f"Thi Đua đã sẵn sàng tại http://{HOST}:{port} (Ctrl+C để dừng).", flush=True)
        while True:
            if cluster and not cluster.is_running():
                cluster.start()
            web.restart_if_dead()
            worker.restart_if_dead()
            time.sleep(0.2)
    finally:
        for service in (prepare, web, worker):
            service.ask_to_stop()
        for service in (prepare, web, worker):
            service.stop()
        if cluster:
            cluster.stop()


def web_options(port: int) -> list[str]:
    options = {
        "--interface": "wsgi",
        "--host": HOST,
        "--port": str(port),
        "--workers": "2",
        "--blocking-threads": "4",
        "--workers-kill-timeout": "10",
    }
    pairs = [part for option in options.items() for part in option]
    return [*pairs, "--no-ws", "--respawn-failed-workers"]


def wait_for_web(web: Service, port: int) -> None:
    """Return when the web server answers at all; in production it may not know our host name."""
    last_look = time.monotonic() + WEB_SECONDS
    while web.is_running() and time.monotonic() < last_look:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError as answer:
            if answer.code < SERVER_ERROR:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise Unready(f"Máy chủ web chưa chạy được: hãy xem {web.log} rồi chạy lại.")


def prepare() -> int:
    """Bring the tables and the static files up to date; fill an empty rehearsal."""
    settings = read_settings()
    import django  # noqa: PLC0415 -- the launcher itself stays small

    django.setup()
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.core.management import call_command, get_commands  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False)
    seal, seal_file = static_seal(), VAR_DIR / "static.seal"
    known = seal_file.read_text() if seal_file.exists() else ""
    if known != seal or not settings.STATIC_ROOT.is_dir():
        call_command("collectstatic", interactive=False)
        seal_file.write_text(seal)
    is_empty = not get_user_model()._base_manager.exists()
    if settings.REHEARSAL and is_empty and "seed_demo" in get_commands():
        with transaction.atomic():  # half a sample would pass for a whole one next time
            call_command("seed_demo")
    from thidua.core.jobs import keep_schedules  # noqa: PLC0415 -- its tables stand now

    keep_schedules()
    return 0


def static_seal() -> str:
    """Return what changes with any static file: compressing them all again takes seconds."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415 -- after .env

    seal = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            seal.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return seal.hexdigest()


def manage(*arguments: str) -> int:
    """Run a command of Django on the database of `run`, which may be running or not."""
    with contextlib.ExitStack() as stack:
        if not names_a_server(read_settings()):
            url = stack.enter_context(serving(Cluster(VAR_DIR / "postgres")))
            os.environ["DATABASE_URL"] = url
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, check=False).returncode


def demo() -> int:
    """Forget the rows and files of the rehearsal."""
    settings = read_settings()
    if settings.PRODUCTION or os.environ.get("DATABASE_URL"):
        raise Unready(
            "Chỉ xóa dữ liệu diễn tập trong PostgreSQL đi kèm: hãy bỏ biến DATABASE_URL và"
            " THIDUA_PRODUCTION rồi chạy lại."
        )
    Cluster(VAR_DIR / "postgres").erase()
    shutil.rmtree(VAR_DIR / "files", ignore_errors=True)  # not whatever THIDUA_FILES may name
    print("Đã xóa dữ liệu diễn tập: «make run» lần tới nạp lại dữ liệu mẫu.")
    return 0


def test(*arguments: str) -> int:
    """Run pytest on a fresh server that trades safety for speed."""
    for name in [name for name in os.environ if name.startswith("THIDUA_") or name == "PORT"]:
        if name != "THIDUA_VENV":
            del os.environ[name]
    command = [sys.executable, "-m", "pytest", "-n", "2", *arguments]
    with contextlib.ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            cluster = Cluster(VAR_DIR / "test-postgres", durable=False)
            cluster.erase()
            stack.callback(cluster.erase)
            os.environ["DATABASE_URL"] = stack.enter_context(serving(cluster))
        pytest = subprocess.Popen(command, cwd=BASE_DIR)
        try:
            return pytest.wait()
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                pytest.wait(GRACE_SECONDS)  # Ctrl+C has reached it, too
            pytest.terminate()
            pytest.wait()


COMMANDS: dict[str, Callable[..., int]] = {
    "run": run,
    "prepare": prepare,
    "manage": manage,
    "demo": demo,
    "test": test,
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    os.chdir(BASE_DIR)
    try:
        with stopped_by_signals():
            return COMMANDS[arguments[0]](*arguments[1:])
    except Unready as why:
        print(why, file=sys.stderr)
        return 1
    except PermissionError as refused:
        print(
            f"Tài khoản này không được ghi vào {refused.filename}: hãy trả thư mục đó cho tài"
            " khoản này hoặc chạy bằng tài khoản đã tạo ra nó.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 0 if arguments[0] == "run" else 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
