"""What a browser may keep, and how long a sign-in lasts."""

from django.urls import reverse

from thidua.core.permissions import Role


def test_no_page_of_somebody_signed_in_is_kept_by_the_browser(client, cast):
    client.force_login(cast[Role.REGISTRAR])

    for url, status in (("/", 200), (reverse("audit_list"), 403), ("/no/such/page/", 404)):
        response = client.get(url)
        assert response.status_code == status
        assert response["Cache-Control"] == "no-store", url


def test_pages_for_everybody_stay_as_they_were(client, db):
    assert not client.get(reverse("healthz")).has_header("Cache-Control")
    assert not client.get("/static/css/app.css").get("Cache-Control", "").startswith("no-store")
