"""The web server on the rows and files of one test: up in two seconds, and killed at will."""

import contextlib
import os
import signal
import sys
import time
import urllib.error
import urllib.request

import psycopg2
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.browser import free_port
from tests.conftest import PASSWORD
from thidua.core import clock
from thidua.core.permissions import Role
from thidua.supervisor import Service


@pytest.fixture
def surroundings(transactional_db, monkeypatch):
    """Let programs that are started from here work on the database and files of this test."""
    to = connection.settings_dict
    address = f"{to['USER']}:{to['PASSWORD']}@{to['HOST']}:{to['PORT']}"
    if str(to["HOST"]).startswith("/"):
        url = f"postgres:///{to['NAME']}?host={to['HOST']}&user={to['USER']}"
    else:
        url = f"postgres://{address}/{to['NAME']}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("THIDUA_FILES", str(settings.MEDIA_ROOT))
    monkeypatch.setenv("THIDUA_TODAY", str(clock.today()))
    return url


def kill(service):
    """Kill a program and all that it started, as a power cut would."""
    if service.process:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait()


@pytest.fixture
def report(transactional_db, cast, campaign, unit, letter_form, people):
    """An empty report of the own unit, its page, and the session of its head."""
    head = cast[Role.UNIT_HEAD]
    # As the server itself keeps a password: it knows nothing of the quick one of the tests.
    hasher = Argon2PasswordHasher()
    head.password = hasher.encode(PASSWORD, hasher.salt())
    head.save()
    nomination = make.nominate(make.draft_proposal(unit, head, campaign), people[0], letter_form)
    client = Client()
    client.force_login(head)
    return (
        reverse("report_edit", args=[nomination.pk]),
        client.cookies["sessionid"].value,
        nomination.report.sections.first().pk,
    )


@pytest.fixture
def server(surroundings, monkeypatch):
    """The web server on the rows of this test; `start` waits until it answers."""
    port = free_port()
    monkeypatch.setenv("THIDUA_DEBUG", "1")
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    options += ["--workers", "1", "--blocking-threads", "4", "--no-ws"]
    service = Service(
        "server-that-is-killed",
        [sys.executable, "-m", "granian", *options, "thidua.wsgi:application"],
    )
    service.base = f"http://127.0.0.1:{port}"
    service.start()
    wait_for(service.base)
    yield service
    kill(service)


def wait_for(base):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")


def stored_text(url, report):
    """Return the text that the database has; read beside Django, which a browser keeps busy."""
    with psycopg2.connect(url) as link, link.cursor() as cursor:
        cursor.execute("SELECT text FROM awards_reportsection WHERE id = %s", [report[2]])
        [text] = cursor.fetchone()
    return text
