"""Serve named files of installed packages as static files, so that none of them is committed.

Only what the table names is reachable: a package can grow without our site growing with it.
"""

import importlib.resources
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

# fmt: off
FILES = {
    # address below static/                            package                   file inside it
    "vendor/bootstrap/bootstrap-reboot.min.css":        ("bootstrap", "css/bootstrap-reboot.min.css"),
    "vendor/bootstrap/bootstrap-utilities.min.css":     ("bootstrap", "css/bootstrap-utilities.min.css"),
    # The maps are named by the sheets, so a storage that follows addresses asks for them.
    "vendor/bootstrap/bootstrap-reboot.min.css.map":    ("bootstrap", "css/bootstrap-reboot.min.css.map"),
    "vendor/bootstrap/bootstrap-utilities.min.css.map": ("bootstrap", "css/bootstrap-utilities.min.css.map"),
    "vendor/htmx/htmx.js":                ("django_htmx",            "static/django_htmx/htmx-2.min.js"),
    "vendor/be-vietnam-pro/regular.ttf":  ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-Regular.ttf"),
    "vendor/be-vietnam-pro/medium.ttf":   ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-Medium.ttf"),
    "vendor/be-vietnam-pro/semibold.ttf": ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-SemiBold.ttf"),
    "vendor/be-vietnam-pro/bold.ttf":     ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-Bold.ttf"),
    "vendor/be-vietnam-pro/italic.ttf":   ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-Italic.ttf"),
}
# fmt: on


def source(name: str) -> Path:
    """Return where the installed package keeps the file that we serve as `name`."""
    package, inside = FILES[name]
    return Path(str(importlib.resources.files(package) / inside))


class PackageStorage(FileSystemStorage):
    """Read-only view of the table: a name leads to a file of a package."""

    prefix = None

    def path(self, name: str) -> str:
        return str(source(name))


class PackageFinder(BaseFinder):
    """Find the static files that come from installed packages."""

    storage = PackageStorage()

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in FILES or not source(path).is_file():
            return []  # Django's own word for "not here", with or without find_all
        return [str(source(path))] if find_all else str(source(path))

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, PackageStorage]]:
        for name in FILES:
            if not matches_patterns(name, ignore_patterns or ()):
                yield name, self.storage
