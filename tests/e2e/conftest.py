"""A whole installation of its own for the browser: web, worker, database, sample agency."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from staff.queries import SAMPLE_PASSWORD
from tests.browser import BROWSER, CHROMIUM, free_port
from tests.site import report, server, surroundings

__all__ = ["report", "server", "surroundings"]

ROOT = Path(__file__).resolve().parent.parent.parent
SHOTS = ROOT / "var" / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def wait_for(url, process, seconds):
    """Wait until `url` answers 200; fail with what the process said if it ends before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"the launcher ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"{url} did not answer within {seconds} s")


@dataclasses.dataclass
class Stack:
    """A running product: its address, and the surroundings that lead to its data."""

    base: str
    surroundings: dict
    log: Path

    def ask(self, expression):
        """Return what a Python expression over the models says."""
        done = subprocess.run(
            [sys.executable, "-m", "thidua.launcher", "manage", "shell", "-v", "0", "-c",
             f"from awards.models import *; print({expression})"],
            cwd=ROOT, env=self.surroundings, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """Start the product as `make run` does, on a free port with data of its own."""
    port = free_port()
    home = tmp_path_factory.mktemp("stack")
    outside = {"DATABASE_URL", "THIDUA_TODAY", "DJANGO_SETTINGS_MODULE", "THIDUA_FILES"}
    surroundings = {
        **{name: value for name, value in os.environ.items() if name not in outside},
        "PORT": str(port),
        "THIDUA_VAR": str(home / "var"),
    }
    log = (home / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "thidua.launcher", "run"],
        cwd=ROOT,
        env=surroundings,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process, 120)
        yield Stack(f"http://127.0.0.1:{port}", surroundings, home / "log")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        log.close()


@pytest.fixture
def chromium():
    """Open a browser for one test: its event loop must not outlive it in a worker of xdist."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER)
        yield browser
        browser.close()


@dataclasses.dataclass
class Visitor:
    """Somebody at a browser: signs in as one person after another and looks at pages."""

    page: Page
    stack: Stack
    shot_count: int = 0

    @property
    def base(self):
        return self.stack.base

    def go(self, path):
        answer = self.page.goto(self.base + path)
        assert answer is None or answer.status < 400, f"{path}: {answer.status}"

    def sign_in(self, username, password=SAMPLE_PASSWORD):
        self.page.context.clear_cookies()
        self.go("/login/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", password)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url(self.base + "/")

    def press(self, name):
        """Press the button or follow the link of that name, or one that begins so."""
        for exact in (True, False):
            button = self.page.get_by_role("button", name=name, exact=exact)
            link = self.page.get_by_role("link", name=name, exact=exact)
            if (found := button.or_(link)).count() or not exact:
                found.first.click()
                break
        self.page.wait_for_load_state()

    def fill(self, label, value):
        self.page.get_by_label(label).first.fill(value)

    def reads(self, *phrases):
        text = self.page.locator("body").inner_text()
        for phrase in phrases:
            assert phrase in text, f"«{phrase}» is not on {self.page.url}:\n{text[:3000]}"

    def look(self, name, keep=None):
        """Keep a picture at both widths, and let axe judge the page at each."""
        self.shot_count += 1
        SHOTS.mkdir(parents=True, exist_ok=True)
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            path = SHOTS / f"{self.shot_count:02d}-{name}-{size['width']}.png"
            self.page.screenshot(path=path, full_page=True)
            found = Axe().run(self.page, options=AXE_OPTIONS).response["violations"]
            told = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]
            assert told == [], f"{self.page.url} at {size['width']} px: {told}"
            overflow = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{self.page.url} scrolls sideways at {size['width']} px"
        if keep:
            (ROOT / "var" / "readme").mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=ROOT / "var" / "readme" / keep)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Show what stood on the page when a test in the browser failed."""
    report = (yield).get_result()
    visitor = item.funcargs.get("visitor") if hasattr(item, "funcargs") else None
    if visitor and report.when == "call" and report.failed:
        text = visitor.page.locator("body").inner_text()
        report.sections.append(("The page that was open", f"{visitor.page.url}\n{text[:6000]}"))
        server = (visitor.stack.log.read_text(errors="replace")).splitlines()[-60:]
        report.sections.append(("The last words of the server", "\n".join(server)))


@pytest.fixture
def visitor(stack, chromium):
    context = chromium.new_context(viewport=WIDE, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    # Two installations may be starting on two cores while this one answers.
    context.set_default_timeout(60_000)
    page = context.new_page()
    troubles = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda message: (
            troubles.append(f"{page.url}: {message.text} {message.location}")
            if message.type == "error"
            else None
        ),
    )
    yield Visitor(page, stack)
    context.close()
    assert troubles == []
