"""What a browser may keep, and how long a sign-in lasts."""

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import PASSWORD
from thidua.core import clock
from thidua.core.permissions import Role


def test_no_page_of_somebody_signed_in_is_kept_by_the_browser(client, cast):
    client.force_login(cast[Role.REGISTRAR])

    for url, status in (("/", 200), (reverse("audit_list"), 403), ("/no/such/page/", 404)):
        response = client.get(url)
        assert response.status_code == status
        assert response["Cache-Control"] == "no-store", url


def test_what_everybody_may_read_stays_as_it_was(client, cast, settings):
    settings.WHITENOISE_USE_FINDERS = True
    client.force_login(cast[Role.REGISTRAR])

    assert not client.get(reverse("healthz")).has_header("Cache-Control")
    style = client.get("/static/css/app.css")
    style.close()
    assert "public" in style["Cache-Control"]


def test_a_sign_in_lasts_from_the_last_page_and_is_saved_once_a_minute(
    client, cast, monkeypatch, settings
):
    start = clock.real_now()
    client.post(reverse("login"), {"username": "registrar", "password": PASSWORD})
    row = Session.objects.get()

    def visit(seconds):
        monkeypatch.setattr(clock, "real_now", lambda: start + dt.timedelta(seconds=seconds))
        monkeypatch.setattr(timezone, "now", clock.real_now)
        with CaptureQueriesContext(connection) as seen:
            response = client.get("/")
        row.refresh_from_db()
        saved = any(
            query["sql"].startswith("UPDATE") and "django_session" in query["sql"]
            for query in seen.captured_queries
        )
        return response.status_code, saved, settings.SESSION_COOKIE_NAME in response.cookies

    assert visit(30) == (200, False, False)
    assert visit(61) == (200, True, True)
    assert row.expire_date == clock.real_now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    assert visit(100) == (200, False, False)
    assert visit(61 + settings.SESSION_COOKIE_AGE - 1) == (200, True, True)
    assert visit(61 + 2 * settings.SESSION_COOKIE_AGE)[0] == 302


def test_a_sign_out_leaves_no_session_behind(client, cast):
    client.post(reverse("login"), {"username": "registrar", "password": PASSWORD})
    client.post(reverse("logout"))

    client.get(reverse("login"))

    assert not Session.objects.exists()
