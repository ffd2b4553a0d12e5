"""What was typed into a page whose session had ended comes back after signing in."""

import html

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from tests.conftest import PASSWORD
from thidua.core.permissions import Role


def text_of(response):
    return html.unescape(response.content.decode())


TYPED = {"email": "Chữ vừa gõ <b>&\nhai dòng", "takes_mail": "on"}
AS_PAGE = {"headers": {"Accept": "text/html"}}


@pytest.fixture
def late(client, cast):
    """Somebody has signed in, opened a page, and stayed too long."""
    sign_in(client, "registrar")
    client.get(reverse("account"), **AS_PAGE)
    Session.objects.all().delete()
    return client


def sign_in(client, username):
    return client.post(reverse("login"), {"username": username, "password": PASSWORD})


def send(client, **extra):
    came_from = f"http://testserver{reverse('account')}"
    return client.post(reverse("account"), TYPED | extra, headers={"Referer": came_from})


def test_the_text_is_shown_after_signing_in_and_goes_on_its_way(late, cast):
    answer = send(late)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))
    sign_in(late, "registrar")

    led = late.get(reverse("home"), **AS_PAGE)
    assert (led.status_code, led.url) == (302, reverse("unsent"))
    page = late.get(led.url, **AS_PAGE)
    assert "Chữ vừa gõ <b>&" in text_of(page)
    kept = page.context["kept"]
    assert kept["path"] == reverse("account")

    again = late.post(kept["path"], dict(map(tuple, kept["fields"])))
    assert "Chữ vừa gõ" in text_of(again)  # the page itself judges it: that is no address of mail
    assert late.get(reverse("home"), **AS_PAGE).status_code == 200


def test_nobody_else_reads_it(late, cast):
    send(late)
    sign_in(late, "signatory")

    assert late.get(reverse("home"), **AS_PAGE).status_code == 200
    assert "unsent" not in late.session
    assert late.get(reverse("unsent"), **AS_PAGE).status_code == 302


def test_it_can_be_dropped(late, cast):
    send(late)
    sign_in(late, "registrar")

    dropped = late.post(reverse("unsent"))
    assert (dropped.status_code, dropped.url) == (302, reverse("account"))
    assert late.get(reverse("home"), **AS_PAGE).status_code == 200


def test_passwords_and_strangers_leave_nothing(late, cast):
    send(late, password="bí mật", old_password="cũng vậy")
    names = [name for name, _ in late.session["unsent"]["fields"]]
    assert names == ["email", "takes_mail"]

    late.cookies.clear()
    send(late)
    assert "unsent" not in late.session


def test_too_much_is_not_kept(late, cast):
    send(late, note="x" * 400_001)
    assert "unsent" not in late.session


def test_signing_out_leaves_no_word_in_the_browser(client, cast):
    sign_in(client, "registrar")
    client.get(reverse("account"))
    assert client.cookies["thidua-last"].value
    client.post(reverse("logout"))
    assert not client.cookies["thidua-last"].value


def test_a_script_is_told_that_the_session_has_ended(client, cast):
    answer = client.post(reverse("account"), TYPED, headers={"HX-Request": "true"})
    assert answer.status_code == 401


def test_a_page_from_an_earlier_session_keeps_its_text(cast):
    from django.test import Client  # noqa: PLC0415 -- one that checks tokens, as the server does

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast[Role.REGISTRAR])
    client.get(reverse("account"))
    stale = TYPED | {"csrfmiddlewaretoken": "x" * 64}
    origin = {"Referer": f"http://testserver{reverse('account')}"}

    foreign = client.post(reverse("account"), stale, headers=origin)
    assert foreign.status_code == 403
    assert "unsent" not in client.session

    own = client.post(reverse("account"), stale, headers=origin | {"Origin": "http://testserver"})
    assert (own.status_code, own.url) == (302, reverse("unsent"))
    assert ["email", TYPED["email"]] in client.session["unsent"]["fields"]
    by_script = client.post(reverse("account"), stale, headers={"HX-Request": "true"})
    assert by_script.status_code == 403
