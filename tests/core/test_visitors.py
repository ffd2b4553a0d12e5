"""Whose address it is that asks, and how often one address may ask in public."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD
from thidua.core import clock
from thidua.core.models import Visit
from thidua.core.visitors import client_address

PROXY, CLERK, ATTACKER = "10.0.0.1", "203.0.113.7", "198.51.100.9"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (None, PROXY),
        (ATTACKER, ATTACKER),
        (f"{CLERK}, {ATTACKER}", ATTACKER),  # what stands before, the client wrote itself
        ("2001:db8::1", "2001:db8::1"),
        (f"{ATTACKER}, không rõ", PROXY),
        ("", PROXY),
    ],
)
def test_behind_a_proxy_its_own_entry_counts(rf, settings, said, found):
    headers = {} if said is None else {"HTTP_X_FORWARDED_FOR": said}
    request = rf.get("/", REMOTE_ADDR=PROXY, **headers)

    settings.BEHIND_PROXY = True
    assert client_address(request) == found
    settings.BEHIND_PROXY = False
    assert client_address(request) == PROXY


def test_five_failures_behind_a_proxy_lock_one_address_not_everybody(cast, settings):
    settings.AXES_ENABLED = settings.BEHIND_PROXY = True

    def sign_in(address, password, invented=CLERK):
        return Client(REMOTE_ADDR=PROXY).post(
            reverse("login"),
            {"username": "registrar", "password": password},
            HTTP_X_FORWARDED_FOR=f"{invented}, {address}",
        )

    # A new invented entry each time does not make the same client a new one.
    tries = [sign_in(ATTACKER, "sai", f"192.0.2.{n}").status_code for n in range(5)]

    assert tries == [200, 200, 200, 200, 429]
    assert sign_in(ATTACKER, PASSWORD).status_code == 429
    assert sign_in(CLERK, PASSWORD).status_code == 302


@pytest.fixture
def check(db, settings, monkeypatch):
    """Return a check of a certificate from one address at a second of the hour."""
    settings.PUBLIC_VISITS_PER_MINUTE = 3
    hour = dt.datetime(2026, 11, 23, 8, tzinfo=clock.VIET_NAM)

    def act(address=CLERK, second=0):
        monkeypatch.setattr(clock, "real_now", lambda: hour + dt.timedelta(seconds=second))
        return Client(REMOTE_ADDR=address).get(reverse("certificate_check", args=["x"]))

    return act


def test_one_address_checks_so_often_in_a_minute_and_reads_when_to_come_again(check):
    assert [check(second=n).status_code for n in range(3)] == [404] * 3

    refused = check(second=12)

    assert refused.status_code == 429
    assert refused["Retry-After"] == "48"
    assert "Hãy đợi 48 giây rồi mở lại trang này." in refused.content.decode()
    assert check(second=59.5)["Retry-After"] == "1"
    assert check(ATTACKER, second=12).status_code == 404
    assert check(second=60).status_code == 404


def test_addresses_are_forgotten_with_their_minute(check):
    check(ATTACKER)
    check(second=59)
    assert Visit.objects.count() == 2

    check(second=60)

    assert [visit.address for visit in Visit.objects.all()] == [CLERK]


def test_static_files_carry_their_headers(client, db, settings):
    settings.WHITENOISE_USE_FINDERS = True

    response = client.get("/static/css/app.css")
    response.close()

    assert response.status_code == 200
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
