"""Static files out of installed packages."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from thidua.core import assets

FIRST_LOAD_LIMIT = 250 * 1024


@pytest.mark.parametrize("name", assets.FILES)
def test_each_named_file_is_found(name):
    found = finders.find(name)

    assert Path(found).is_file()
    assert Path(found) == assets.source(name)


def test_nothing_else_of_a_package_is_reachable():
    assert not finders.find("vendor/bootstrap/bootstrap.js")
    assert assets.PackageFinder().find("vendor/../../settings.py") == []
    assert assets.PackageFinder().find("vendor/nothing.css", find_all=True) == []


def test_collectstatic_gets_every_file_and_skips_what_it_is_told_to():
    finder = assets.PackageFinder()

    names = [name for name, _ in finder.list(None)]
    without_fonts = [name for name, _ in finder.list(["*.ttf"])]

    assert names == list(assets.FILES)
    assert without_fonts == [name for name in names if not name.endswith(".ttf")]


def test_storage_opens_the_file_of_the_package():
    name, storage = next(iter(assets.PackageFinder().list(None)))

    with storage.open(name) as file:
        assert b"Bootstrap Reboot" in file.read(200)


def test_first_load_stays_light():
    """All that the head of a page asks for, and the three weights of the face."""
    head = render_to_string("components/document_head.html")
    prefix = settings.STATIC_URL.lstrip("/")
    names = set(re.findall(rf'(?:href|src)="/?{prefix}([^"]+)"', head))
    css = Path(finders.find("css/app.css"))
    names |= {
        f"vendor/{path}" for path in re.findall(r'url\("\.\./vendor/([^"]+)"\)', css.read_text())
    }

    weight = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in names)

    assert len(names) == 11
    assert weight < FIRST_LOAD_LIMIT
