"""Somebody types into a report without a pause: one number after the other, each with its time.

`python -m tests.faults.typist BASE PATH COOKIE SECONDS` prints «number time» a line, then «done»
once the page says that everything is saved. Whoever started it may kill it at any moment.
"""

import sys
import time

from playwright.sync_api import sync_playwright

from tests.browser import BROWSER, CHROMIUM

PAUSE = 0.05
LAST_WAIT = 40
IS_SAVED = (
    "() => !!document.querySelector('#saved [data-saved]')"
    " && !Object.keys(localStorage).some((key) => key.startsWith('thidua-draft:'))"
)


def main(base, path, cookie, seconds):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER)
        context = browser.new_context(locale="vi-VN")
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": base}])
        page = context.new_page()
        page.goto(base + path)
        page.locator("textarea[name^='heading_']").first.click()
        page.keyboard.press("Control+Home")
        until = time.time() + float(seconds)
        number = 0
        while time.time() < until:
            number += 1
            page.keyboard.insert_text(f"{number:05d} ")
            print(number, time.time(), flush=True)
            time.sleep(PAUSE)
        until = time.time() + LAST_WAIT
        while not page.evaluate(IS_SAVED):
            if time.time() > until:
                sys.exit("the page never said that all is saved")
            time.sleep(0.2)
        print("done", flush=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
