"""A browser without JavaScript: opens pages, follows links, fills forms by their labels.

It works over Django's test client and over HTTP alike, so one story is told to both.
"""

import http.cookiejar
import io
import re
import urllib.error
import urllib.parse
import urllib.request

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from lxml import html


class Answer:
    def __init__(self, status, path, content, content_type):
        self.status, self.path, self.content = status, path, content
        self.content_type = content_type


class ClientDoor:
    """The way in through Django's test client; CSRF is checked as in life."""

    def __init__(self):
        self.new_person()

    def new_person(self):
        self.client = Client(enforce_csrf_checks=True)

    def ask(self, path, data=None):
        if data is None:
            response = self.client.get(path, follow=True)
        else:
            response = self.client.post(path, data, follow=True)
        if response.redirect_chain:
            path = response.redirect_chain[-1][0]
        content = b"".join(response) if response.streaming else response.content
        return Answer(response.status_code, path, content, response["Content-Type"])


class HttpDoor:
    """The way in over HTTP."""

    def __init__(self, base):
        self.base = base
        self.new_person()

    def new_person(self):
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def ask(self, path, data=None):
        request = urllib.request.Request(urllib.parse.urljoin(self.base, path))
        if data is not None:
            request.data = encode_multipart(BOUNDARY, data)
            request.add_header("Content-Type", MULTIPART_CONTENT)
        try:
            response = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            arrived = urllib.parse.urlsplit(response.url)
            where = arrived.path + (f"?{arrived.query}" if arrived.query else "")
            kind = response.headers.get("Content-Type", "")
            return Answer(response.status, where, response.read(), kind)


def plain(text):
    return re.sub(r"\s+", " ", text or "").strip()


def names(node):
    """Return what a link or button is called: its label for the ear, its text without keys."""
    text = "".join(node.xpath(".//text()[not(ancestor::kbd)]"))
    return {plain(node.get("aria-label")), plain(text)} - {""}


class Reader:
    """Somebody who reads pages and fills forms."""

    def __init__(self, door):
        self.door = door
        self.path = "/"
        self.page = None
        self._files = {}

    def open(self, path):
        return self._arrive(self.door.ask(path))

    def sign_in(self, username, password):
        self.door.new_person()
        self.open("/login/")
        self.submit("Đăng nhập", {"Tên đăng nhập": username, "Mật khẩu": password})
        assert "Đăng xuất" in self.text, self.text[:500]
        return self

    @property
    def text(self):
        return plain(self.page.text_content())

    def reads(self, *phrases):
        for phrase in phrases:
            assert phrase in self.text, f"«{phrase}» is not on {self.path}:\n{self.text[:3000]}"

    def follow(self, name, nth=0):
        """Follow the link of that name."""
        return self.open(self._link(name, nth))

    def fetch(self, name, nth=0):
        """Return the bytes behind a link."""
        answer = self.door.ask(self._link(name, nth))
        assert answer.status == 200, answer.status
        return answer.content

    def _link(self, name, nth):
        links = [a for a in self.page.xpath("//a[@href]") if name in names(a)]
        assert len(links) > nth, f"no link «{name}» on {self.path}: {self.text[:3000]}"
        return urllib.parse.urljoin(self.path, links[nth].get("href"))

    def submit(self, button, fields=None, nth=0):
        """Fill the form that holds the button of that name, by labels, and send it."""
        buttons = [b for b in self.page.xpath("//form//button") if button in names(b)]
        assert len(buttons) > nth, f"no button «{button}» on {self.path}: {self.text[:2000]}"
        pressed = buttons[nth]
        assert pressed.get("disabled") is None, f"«{button}» is closed: {self.text[:3000]}"
        form = next(a for a in pressed.iterancestors("form"))
        for label, value in (fields or {}).items():
            self._fill(form, label, value)
        data = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        if pressed.get("name"):
            data[pressed.get("name")] = [pressed.get("value", "")]
        data.update(self._files)
        self._files = {}
        action = pressed.get("formaction") or form.get("action") or self.path
        target = urllib.parse.urljoin(self.path, action)
        return self._arrive(self.door.ask(target, data))

    def _fill(self, form, label, value):
        field = self._field(form, label)
        kind = field.get("type")
        if kind == "file":
            name, content, media_type = value
            upload = io.BytesIO(content)
            upload.name, upload.content_type = name, media_type
            self._files = {**self._files, field.get("name"): upload}
        elif kind in {"checkbox", "radio"}:
            if value:
                field.set("checked", "checked")
            elif "checked" in field.attrib:
                del field.attrib["checked"]
        elif field.tag == "select":
            options = {plain(o.text_content()): o.get("value") for o in field.iter("option")}
            chosen = [v for text, v in options.items() if value in text]
            assert chosen, f"«{value}» is not among {list(options)}"
            field.value = chosen[0]
        else:
            field.value = str(value)

    def _field(self, form, label):
        """Return the control whose label begins with `label`, or which is named so."""
        for node in form.xpath(".//label[@for]"):
            if plain(node.text_content()).rstrip("* ").startswith(label):
                found = self.page.xpath(f"//*[@id='{node.get('for')}']")
                if found:
                    return found[0]
        for node in form.xpath(".//*[@aria-label]"):
            if plain(node.get("aria-label")).startswith(label):
                return node
        found = form.xpath(f".//*[@name='{label}']")
        labels = [plain(n.text_content()) for n in form.xpath(".//label")]
        assert found, f"no field «{label}» on {self.path}; there are {labels}"
        return found[0]

    def _arrive(self, answer):
        self.path = answer.path
        assert answer.status < 400, f"{answer.path}: {answer.status}"
        if "html" in answer.content_type:
            self.page = html.fromstring(answer.content)
        return answer
