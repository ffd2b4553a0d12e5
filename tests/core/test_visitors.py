"""Whose address it is that asks, and how often one address may ask in public."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD
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
