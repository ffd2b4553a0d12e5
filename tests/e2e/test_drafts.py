"""A draft in a real browser: it saves itself, and outlives a lost line, session and tab."""

import time

import psycopg2

from tests.conftest import PASSWORD
from tests.site import stored_text

FIRST = "textarea[name^='heading_']"


class Desk:
    """A page of the report, and what the database has of it."""

    def __init__(self, context, server, report, url):
        self.context, self.base, self.report, self.url = context, server.base, report, url
        self.page = self.open()

    def open(self):
        page = self.context.new_page()
        page.goto(self.base + self.report[0])
        return page

    def type(self, text):
        self.page.locator(FIRST).first.fill(text)

    def wait_for(self, said, seconds=20):
        self.page.get_by_text(said).first.wait_for(timeout=seconds * 1000)

    def wait_until_stored(self, text, seconds=20):
        until = time.monotonic() + seconds
        while stored_text(self.url, self.report) != text:
            assert time.monotonic() < until, stored_text(self.url, self.report)
            time.sleep(0.1)
        return seconds - (until - time.monotonic())


def test_a_draft_outlives_what_happens_to_it(server, report, surroundings, chromium):
    context = chromium.new_context(locale="vi-VN")
    context.add_cookies([{"name": "sessionid", "value": report[1], "url": server.base}])
    desk = Desk(context, server, report, surroundings)

    # By itself, within five seconds, and it says when.
    assert saves_itself_within(desk, 5)
    desk.wait_for("Đã lưu lúc")

    # The line drops: it says so, keeps trying, and nothing is lost.
    context.set_offline(True)
    desk.type("Câu gõ khi mất mạng.")
    desk.wait_for("Đang thử lại…")
    context.set_offline(False)
    desk.wait_until_stored("Câu gõ khi mất mạng.")

    # The session ends: somebody signs in again in another tab, and the page goes on.
    forget_all_sessions(surroundings)
    desk.type("Câu gõ sau khi hết phiên.")
    desk.wait_for("Phiên làm việc đã hết")
    other = context.new_page()
    other.goto(desk.base + "/login/")
    other.fill("#id_username", "unit_head")
    other.fill("#id_password", PASSWORD)
    other.get_by_role("button", name="Đăng nhập").click()
    desk.wait_until_stored("Câu gõ sau khi hết phiên.")
    other.close()

    # The tab is closed right after the last word.
    desk.type("Câu cuối rồi đóng thẻ.")
    desk.page.close(run_before_unload=True)
    desk.wait_until_stored("Câu cuối rồi đóng thẻ.")

    # The line is gone when the tab is closed: the copy of this browser is offered.
    desk.page = desk.open()
    context.set_offline(True)
    desk.type("Câu chỉ còn trên máy này.")
    time.sleep(0.3)
    desk.page.close()
    context.set_offline(False)
    desk.page = desk.open()
    desk.wait_for("Trên máy này còn nội dung gõ lúc")
    desk.page.get_by_role("button", name="Lấy lại nội dung đó").click()
    desk.wait_until_stored("Câu chỉ còn trên máy này.")

    # A second person: both are told, neither writes over the other, both texts are shown.
    second = Desk(context, server, report, surroundings)
    second.type("Bản của thẻ thứ hai.")
    second.wait_until_stored("Bản của thẻ thứ hai.")
    desk.type("Bản của thẻ thứ nhất.")
    desk.wait_for("Chưa lưu:")
    assert stored_text(surroundings, report) == "Bản của thẻ thứ hai."
    desk.page.get_by_role("button", name="Lưu báo cáo").click()
    desk.wait_for("Bản vừa được lưu của mục")
    text = desk.page.locator("main").inner_text()
    assert "Bản của thẻ thứ hai." in text
    assert desk.page.locator(FIRST).first.input_value() == "Bản của thẻ thứ nhất."

    # Signing out leaves nothing of it on this computer.
    desk.page.get_by_role("button", name="Đăng xuất").click()
    desk.page.wait_for_url("**/login/**")
    keys = desk.page.evaluate("() => Object.keys(localStorage)")
    assert not [key for key in keys if key.startswith("thidua-draft:")]
    context.close()


def saves_itself_within(desk, seconds):
    """The best of three: what the page promises, not what the machine does meanwhile."""
    texts = ("Câu thứ nhất.", "Câu thứ hai.", "Câu thứ ba.")
    for text in texts:
        desk.type(text)
        if desk.wait_until_stored(text) < seconds:
            return True
    return False


def forget_all_sessions(url):
    with psycopg2.connect(url) as link, link.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
