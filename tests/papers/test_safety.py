"""No field of any document can make a printer fetch, read or run anything.

Every text of every kind of document is given hostile words, nested ones too. Two canaries watch: a
listener on the loopback, and the interpreter's own report of every file it opens and every address
it asks for. What was written stands in the paper as plain words.
"""

import contextlib
import dataclasses
import functools
import html
import io
import re
import socket
import string
import subprocess
import sys
import tempfile
import threading
import unicodedata
import zipfile

import pytest
from weasyprint.urls import URLFetcher

from tests.papers.samples import SAMPLES, kinds
from thidua.core import pdf
from thidua.core.certificates import CertificatePaper, print_certificates_together
from thidua.core.documents import PaperError, render_html, render_pdf
from thidua.core.word_writing import render_docx

SECRET, CONTENT = "bm7d1f", "NOI-DUNG-KHONG-AI-DUOC-DOC"
MARKUPS = """
<img src="http://$H/img">
<link rel="stylesheet" href="http://$H/css">
<link rel=attachment href="file://$F">
<a rel=attachment href="file://$F">x</a>
<style>@import "http://$H/import";</style>
<style>p{ background: url(http://$H/b) }</style>
<p style="list-style: url(http://$H/li)">x</p>
<iframe src="http://$H/frame"></iframe>
<object data="http://$H/object"></object>
<embed src="http://$H/embed">
<svg><image href="http://$H/svg"/></svg>
<svg><image xlink:href="file://$F"/></svg>
<svg><use href="http://$H/use#a"/></svg>
<base href="http://$H/base">
<meta http-equiv="refresh" content="0;url=//$H/r">
<img src="file://$F">
<img src="//$H/scheme">
<img src="\\\\$H\\unc">
<img src="http://169.254.169.254/latest/">
<img src="data:text/html,<img src=//$H/d>">
<img srcset="http://$H/set 2x">
<xi:include href="file://$F" parse="text"/>
<script src="http://$H/js"></script>
<!ENTITY x SYSTEM "file://$F"> &x;
]]> <![CDATA[ -->
url(http://$H/css-function)
</title></style></p></td></table>
" onerror="x" style="
{{ 7|add:7 }} {{7*7}} {% debug %}
{% include "registration/login.html" %}
{% load static %}{{ paper.__class__ }} ${7*7} <%= 7*7 %>
{ INCLUDETEXT "$F" }
{ INCLUDEPICTURE "//$H/f" }
{ DDEAUTO c:\\\\cmd "/k calc" } =HYPERLINK("//$H")
<w:fldSimple w:instr=" INCLUDETEXT "/></w:t>
&#60;img src=//$H/entity&#62; &lt;b&gt;
a\x00b \x01\x07\x0b\x0c\x1b \ufffe
"""
PER_FIELD = 6  # so many payloads in each field of one printing; each field meets them all


@dataclasses.dataclass
class Watch:
    """What was asked for while a document was made."""

    host: str
    file: str
    visits: list
    events: list

    def payloads(self):
        lines = string.Template(MARKUPS).safe_substitute(H=self.host, F=self.file)
        return lines.strip("\n").split("\n")


_listening: list[Watch] = []


def _report(event, arguments):
    """Note what the interpreter does that reaches outside; the hook stays, the notes do not."""
    if not _listening:
        return
    if event == "subprocess.Popen" and arguments[0] == "pdftotext":
        return  # the reader of these tests
    if event in {"socket.connect", "socket.getaddrinfo", "urllib.Request", "subprocess.Popen"}:
        _listening[-1].events.append((event, str(arguments)))
    elif event == "open" and isinstance(arguments[0], str):
        name = arguments[0]
        if SECRET in name or name.startswith(("/etc/passwd", "\\\\", "//")):
            _listening[-1].events.append((event, name))


sys.addaudithook(_report)


@pytest.fixture
def watch():
    """Watch the loopback and the interpreter; a secret file lies ready to be read."""
    visits = []
    with (
        tempfile.NamedTemporaryFile("w", prefix=SECRET, dir="/tmp") as secret,  # a short name
        socket.create_server(("127.0.0.1", 0)) as door,
    ):
        secret.write(CONTENT)
        secret.flush()
        door.settimeout(0.1)
        over = threading.Event()

        def listen():
            while not over.is_set():
                with contextlib.suppress(TimeoutError):
                    visitor, _ = door.accept()
                    visits.append(visitor.recv(200))
                    visitor.close()

        thread = threading.Thread(target=listen)
        thread.start()
        seen = Watch(f"127.0.0.1:{door.getsockname()[1]}", secret.name, visits, [])
        _listening.append(seen)
        yield seen
        _listening.pop()
        over.set()
        thread.join()


# --- Hostile papers ----------------------------------------------------------------------------
def filled(value, give, path=""):
    """Return a copy of a paper whose every text is what `give` says for its place."""
    if isinstance(value, str):
        return give(path)
    if isinstance(value, tuple):
        parts = [filled(part, give, f"{path}[{n}]") for n, part in enumerate(value[:2])]
        rest = value[2:] if hasattr(value, "_fields") else ()
        return type(value)(*parts, *rest) if hasattr(value, "_fields") else tuple(parts)
    if dataclasses.is_dataclass(value):
        return dataclasses.replace(
            value,
            **{
                field.name: filled(getattr(value, field.name), give, f"{path}.{field.name}")
                for field in dataclasses.fields(value)
            },
        )
    return value


@functools.cache
def places_of(kind):
    """Return the places of texts in a sample of this kind, and those that the paper shows."""
    names = {}

    def give(path):
        return names.setdefault(path, f"Nơi{len(names)}chỗ")

    shown = render_html(filled(SAMPLES[kind]["short"], give)).casefold()
    return list(names), {path for path, name in names.items() if name.casefold() in shown}


def hostile(kind, payloads, turn):
    """Return a paper of this kind with other payloads in every field, and what each one has."""
    places, shown = places_of(kind)
    said = {}
    for number, path in enumerate(places):
        start = (number + turn) * PER_FIELD
        chosen = [payloads[(start + n) % len(payloads)] for n in range(PER_FIELD)]
        said[path] = chosen
    paper = filled(SAMPLES[kind]["short"], lambda path: " ".join(said[path]))
    return paper, {words for path in shown for words in said[path]}


def bare(text):
    """Return the letters and signs alone: lines and pages break where they like."""
    kept = (c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] not in "CZ")
    return "".join(kept).casefold().replace("\ufffd", "")


def words_of_pdf(content):
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True
    )
    # The number of a page is drawn last.
    return bare(re.sub(r"\n\d+\s*\f", "\n", done.stdout.decode()))


def words_of_docx(content):
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        body = opened.read("word/document.xml").decode()
    return bare(html.unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", body))))


def refuse_active_word(content):
    """Assert that a Word file fetches nothing and does nothing."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        for name in opened.namelist():
            assert name.endswith((".xml", ".rels")), name
            text = opened.read(name).decode()
            assert "vba" not in name.casefold()
            if name.endswith(".rels"):
                assert "TargetMode" not in text
                assert "http" not in re.sub(r'(Type|xmlns)="[^"]*"', "", text)
            assert "<w:instrText" not in text
            assert set(re.findall(r'<w:fldSimple[^>]*w:instr="([^"]*)"', text)) <= {" PAGE "}
            for tag in ("<w:hyperlink", "<w:object", "<w:pict", "<w:altChunk", "<w:subDoc"):
                assert tag not in text


# --- The proofs --------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_hostile_words_in_every_field_stay_words(kind, watch):
    payloads = watch.payloads()
    for turn in range(-(-len(payloads) // PER_FIELD)):
        paper, said = hostile(kind, payloads, turn)
        word = render_docx(paper)
        written = words_of_docx(word)
        refuse_active_word(word)
        assert bare(CONTENT) not in written
        for words in said:
            assert bare(words) in written
        if turn % 3:  # the walk over the fields is the same: PDF is slow, two turns have them all
            continue
        printed = render_pdf(paper)
        shown = words_of_pdf(printed)
        for words in said:
            assert bare(words) in shown
        assert bare(CONTENT) not in shown
        assert CONTENT.encode() not in printed
        assert b"/EmbeddedFile" not in printed
    assert (watch.visits, watch.events) == ([], [])


def test_every_kind_of_paper_is_tried():
    assert set(SAMPLES) == kinds()


def test_hostile_words_on_a_certificate_stay_words_or_are_refused(watch):
    *payloads, controls = watch.payloads()
    fields = [field.name for field in dataclasses.fields(CertificatePaper)]
    plain = dict.fromkeys(fields, "Chữ thử")
    texts = [name for name in fields if name != "verify_url"]
    papers = [
        CertificatePaper(**plain | dict.fromkeys(some, words) | {"verify_url": words})
        for words in payloads
        for some in (texts[::2], texts[1::2])
    ]
    shown = words_of_pdf(print_certificates_together(papers))
    for words in payloads:
        # Two are written so large that long words end beyond the sheet, where nobody reads.
        assert shown.count(bare(words)) >= len(texts) - 2
    for name in texts:  # the face has no control characters
        with pytest.raises(PaperError, match="không có ký tự"):
            print_certificates_together([CertificatePaper(**plain | {name: controls})])
    assert (watch.visits, watch.events) == ([], [])


# --- Each wall holds alone, and the canaries see when both are gone ----------------------------
def unescaped(paper):
    return html.unescape(render_html(paper))


def a_paper_with(words):
    kind = next(iter(SAMPLES))
    paper = SAMPLES[kind]["short"]
    return dataclasses.replace(paper, body=words)


def test_escaping_alone_keeps_the_canaries_silent(watch, monkeypatch):
    monkeypatch.setattr(pdf, "PaperFetcher", _loose())
    for turn in (0, 3):
        render_pdf(hostile(next(iter(SAMPLES)), watch.payloads(), turn)[0])
    assert (watch.visits, watch.events) == ([], [])


def test_the_fetcher_alone_keeps_the_canaries_silent(watch):
    refused = 0
    for words in watch.payloads()[:16]:
        try:
            content = pdf.render_html_to_pdf(unescaped(a_paper_with(words)))
        except PaperError:
            refused += 1
        else:
            assert bare(CONTENT) not in words_of_pdf(content)
    assert refused >= 6
    assert (watch.visits, watch.events) == ([], [])


def test_the_canaries_see_what_happens_without_walls(watch, monkeypatch):
    monkeypatch.setattr(pdf, "PaperFetcher", _loose())
    picture, sheet, local = (watch.payloads()[n] for n in (0, 1, 15))
    for words in (picture, sheet, local):
        with contextlib.suppress(Exception):
            pdf.render_html_to_pdf(unescaped(a_paper_with(words)))
    assert watch.visits
    assert any(event == "socket.connect" for event, _ in watch.events)
    assert any(event == "open" and SECRET in name for event, name in watch.events)


def _loose():
    """Return a stand-in for the fetcher that lets everything through."""
    strict = pdf.PaperFetcher

    class Loose(URLFetcher):
        refusal = None

        def fetch(self, url, headers=None):
            if url.startswith("static:"):
                return strict().fetch(url, headers)
            return super().fetch(url, headers)

    return Loose
