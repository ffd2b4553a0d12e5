"""Signing in, and the agency's own page."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from staff import actions
from staff.queries import SAMPLE_PASSWORD
from tests.conftest import PASSWORD, make_person
from thidua.core import files
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role


def picture(kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "gold").save(out, kind)
    return out.getvalue()


def test_a_rehearsal_lists_the_sample_accounts_and_their_password(client, cast):
    page = client.get(reverse("login")).content.decode()

    assert SAMPLE_PASSWORD in page
    assert [user.username in page for user in cast.values()] == [True] * len(cast)


def test_production_lists_nobody(client, cast, settings):
    settings.REHEARSAL = False

    page = client.get(reverse("login")).content.decode()

    assert SAMPLE_PASSWORD not in page
    assert [user.display_name in page for user in cast.values()] == [False] * len(cast)


def test_a_listed_account_fills_the_name(client, cast):
    page = client.get(reverse("login"), {"as": "registrar"}).content.decode()

    assert 'value="registrar"' in page


def test_signing_in_needs_the_right_password_and_says_so(client, cast):
    wrong = client.post(reverse("login"), {"username": "registrar", "password": "sai"})
    right = client.post(reverse("login"), {"username": "registrar", "password": PASSWORD})

    assert "chưa đúng" in wrong.content.decode()
    assert right.status_code == 302
    assert right.url == reverse("home")


def test_a_stranger_is_sent_to_the_sign_in_page(client, db):
    response = client.get(reverse("audit_list"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


def test_signing_out_needs_a_post(client, cast):
    client.force_login(cast[Role.REGISTRAR])

    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302


def test_the_banner_names_the_day_of_the_rehearsal(client, cast):
    page = client.get(reverse("login")).content.decode()

    assert "Chế độ diễn tập" in page
    assert "20/11/2025" in page


def test_the_emblem_is_kept_shown_and_logged(client, cast, agency):
    client.force_login(cast[Role.ADMINISTRATOR])
    upload = SimpleUploadedFile("quoc-huy.png", picture(), "image/png")

    response = client.post(reverse("emblem_upload"), {"file": upload})

    agency.refresh_from_db()
    assert response.status_code == 302
    assert files.read(agency.emblem).startswith(b"\x89PNG")
    shown = client.get(reverse("emblem_file"))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert AuditEntry.objects.get().action_label == "Tải tệp Quốc huy"


def test_an_emblem_that_is_no_picture_is_refused_with_the_mend(client, cast, agency):
    client.force_login(cast[Role.ADMINISTRATOR])
    upload = SimpleUploadedFile("quoc-huy.svg", b"<svg onload='x'/>", "image/svg+xml")

    response = client.post(reverse("emblem_upload"), {"file": upload})

    agency.refresh_from_db()
    assert "Hãy dùng tệp ảnh JPG hoặc PNG" in response.content.decode()
    assert agency.emblem is None
    assert not AuditEntry.objects.exists()


def test_without_an_emblem_its_address_is_not_found(client, cast):
    client.force_login(cast[Role.ADMINISTRATOR])

    assert client.get(reverse("emblem_file")).status_code == 404


@pytest.mark.parametrize("count", [1, 5])
def test_the_agency_page_costs_the_same_for_one_or_five(
    client, cast, unit, count, django_assert_max_num_queries
):
    for number in range(count):
        make_person(unit, f"Nông Văn {number}")
    client.force_login(cast[Role.ADMINISTRATOR])
    client.get(reverse("agency_detail"))

    with django_assert_max_num_queries(7):
        assert client.get(reverse("agency_detail")).status_code == 200


def test_the_audit_list_shows_who_did_what(client, cast, agency):
    upload = SimpleUploadedFile("quoc-huy.png", picture(), "image/png")
    actions.keep_emblem(agency=agency, upload=upload, actor=cast[Role.ADMINISTRATOR])
    client.force_login(cast[Role.ADMINISTRATOR])

    page = client.get(reverse("audit_list")).content.decode()

    assert "Phùng Văn Phú" in page
    assert "Tải tệp Quốc huy" in page


def test_health_is_told_to_anybody(client, db):
    assert client.get(reverse("healthz")).content == b"ok"


def test_a_person_decides_about_the_own_mail(client, cast):
    user = cast[Role.REGISTRAR]
    client.force_login(user)
    page = reverse("account")
    wrong = client.post(page, {"email": "vanthu@", "takes_mail": "on"})
    assert "Hãy ghi địa chỉ thư điện tử" in wrong.content.decode()
    assert 'value="vanthu@"' in wrong.content.decode()
    assert client.post(page, {"email": "vanthu@thanhtra.example"}).status_code == 302
    user.refresh_from_db()
    assert (user.email, user.takes_mail) == ("vanthu@thanhtra.example", False)
    entry = AuditEntry.objects.get(action="staff.user.mail")
    assert entry.changes == {"takes_mail": [True, False]}
    assert "thanhtra.example" not in str(entry.changes) + entry.note + entry.subject_text
    client.post(page, {"email": "vanthu@thanhtra.example"})
    assert AuditEntry.objects.filter(action="staff.user.mail").count() == 1
