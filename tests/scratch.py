"""A database and a folder of files for programs that are measured, or killed."""

import contextlib
import os
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator

import psycopg2

from thidua.core.database import Cluster, serving
from thidua.places import BASE_DIR, VAR_DIR


@contextlib.contextmanager
def installation(name: str) -> Iterator[dict[str, str]]:
    """Yield the environment of an empty installation with its tables; forget it afterwards.

    It lies on the server that DATABASE_URL names, else on one of its own.
    """
    with tempfile.TemporaryDirectory(prefix=f"td-{name}-") as folder, _server(name) as url:
        ours = {
            "DATABASE_URL": url,
            "THIDUA_FILES": f"{folder}/files",
            "THIDUA_TODAY": "2025-11-20",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("THIDUA_", "PYTEST_"))}
        environment = kept | ours | {"DJANGO_SETTINGS_MODULE": "thidua.settings"}
        command = [sys.executable, "manage.py", "migrate", "--no-input", "-v0"]
        subprocess.run(command, cwd=BASE_DIR, env=environment, check=True)
        yield environment


@contextlib.contextmanager
def _server(name: str) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL")
    if given:
        database = f"td_{name}_{os.getpid()}"
        _tell(given, f'CREATE DATABASE "{database}"')
        try:
            yield urllib.parse.urlsplit(given)._replace(path=f"/{database}").geturl()
        finally:
            _tell(given, f'DROP DATABASE "{database}" WITH (FORCE)')
        return
    cluster = Cluster(VAR_DIR / f"{name}-postgres", durable=False)
    cluster.erase()
    try:
        with serving(cluster) as url:
            yield url
    finally:
        cluster.erase()


def _tell(url: str, statement: str) -> None:
    maintenance = urllib.parse.urlsplit(url)._replace(path="/postgres").geturl()
    with contextlib.closing(psycopg2.connect(maintenance)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
