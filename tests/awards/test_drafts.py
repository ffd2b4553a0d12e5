"""Drafts: a page that saves itself never fights with itself, nor over a sent proposal."""

import datetime as dt

import pytest
from django.urls import reverse

from awards.models import Presence
from tests import factories
from tests.conftest import make_user
from thidua.core import clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role

BY_SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def head(cast, campaign):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def written(unit, head, campaign, letter_form, people):
    return factories.nominate(
        factories.draft_proposal(unit, head, campaign), people[0], letter_form
    )


@pytest.fixture
def page(client, head, written):
    """An open page of the report: `save(text)` is what it does by itself."""
    client.force_login(head)
    return Page(client, written)


class Page:
    def __init__(self, client, nomination):
        self.client, self.url = client, reverse("report_edit", args=[nomination.pk])
        self.nomination = nomination
        form = client.get(self.url).context["form"]
        self.version, self.name = form["version"].value(), form["page"].value()
        self.heading = nomination.report.sections.first().heading_id

    def save(self, text, **options):
        sent = {"version": self.version, "page": self.name, f"heading_{self.heading}": text}
        return self.client.post(self.url, sent, **{**BY_SCRIPT, **options})

    @property
    def stored(self):
        return self.nomination.report.sections.get(heading_id=self.heading).text


def test_an_answer_that_was_lost_is_no_conflict(page):
    page.save("Câu đầu")  # the page never hears of it, and keeps its version
    again = page.save("Câu đầu, câu sau")

    assert "data-saved" in again.content.decode()
    assert page.stored == "Câu đầu, câu sau"


def test_two_tabs_of_one_person_are_two_pages(page, client, written):
    other = Page(client, written)
    assert other.name != page.name
    page.save("Thẻ thứ nhất")
    refused = other.save("Thẻ thứ hai")

    assert "Chưa lưu" in refused.content.decode()
    assert page.stored == "Thẻ thứ nhất"
    both = other.save("Thẻ thứ hai", HTTP_HX_REQUEST="").content.decode()
    assert "Thẻ thứ nhất" in both
    assert "Thẻ thứ hai" in both


def test_what_somebody_else_saved_in_between_is_a_conflict_for_the_first_page_too(
    page, client, written
):
    page.save("Một")
    other = Page(client, written)
    assert "data-saved" in other.save("Hai").content.decode()
    assert "Chưa lưu" in page.save("Ba").content.decode()
    assert page.stored == "Hai"


def test_the_log_is_not_filled_by_a_page_that_saves_itself(page, head):
    def told():
        return AuditEntry.objects.filter(action__endswith="write_report").count()

    for number in range(20):
        page.save(f"Chữ thứ {number}")
    assert told() == 1
    with clock.frozen(clock.now() + dt.timedelta(minutes=11)):
        page.save("Sau mười phút")
    assert told() == 2
    page.save("Bấm nút", HTTP_HX_REQUEST="")
    assert told() == 3


def test_an_old_tab_never_writes_over_what_was_sent(client, unit, head, campaign, letter_form):
    proposal, [nomination] = factories.complete_proposal(unit, head, campaign, (unit, letter_form))
    client.force_login(head)
    old = Page(client, nomination)
    before = old.stored
    factories.submit(proposal)

    by_itself = old.save("Chữ của thẻ cũ")
    by_button = old.save("Chữ của thẻ cũ", HTTP_HX_REQUEST="")

    assert "Chưa lưu" in by_itself.content.decode()
    assert "data-saved" not in by_itself.content.decode()
    assert "Hồ sơ đang ở trạng thái" in by_button.content.decode()
    assert old.stored == before


def test_two_people_of_a_unit_see_each_other(client, head, people, written):
    other = make_user(people[0], Role.STAFF_MEMBER, "nguoi-duoc-moi")
    written.author = other
    written.save()
    place = reverse("report_presence", args=[written.pk])
    client.force_login(head)
    assert "cũng đang mở" not in client.post(place, **BY_SCRIPT).content.decode()
    client.force_login(other)
    assert (
        head.display_name in client.get(reverse("report_edit", args=[written.pk])).content.decode()
    )
    client.force_login(head)
    assert other.display_name in client.post(place, **BY_SCRIPT).content.decode()
    assert Presence.objects.count() == 2

    Presence.objects.filter(user=other).update(seen_at=clock.real_now() - dt.timedelta(minutes=2))
    assert "cũng đang mở" not in client.post(place, **BY_SCRIPT).content.decode()
    Presence.objects.filter(user=other).update(seen_at=clock.real_now() - dt.timedelta(days=2))
    client.post(place, **BY_SCRIPT)
    assert Presence.objects.count() == 1
