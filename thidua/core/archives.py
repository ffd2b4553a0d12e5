"""Archives: a ZIP that can be checked where nobody has this software.

Names are made by the server from ASCII letters, so that no name leads out of the folder where the
archive is opened. `SHA256SUMS` is in the form that `sha256sum -c` reads. The same files give the
same bytes.
"""

import dataclasses
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.core.files.storage import default_storage

from thidua.core.models import StoredFile
from thidua.core.workflow import Refused

SUMS = "SHA256SUMS"
_NAME = re.compile(r"(?:[a-z0-9][a-z0-9-]*/)?[A-Za-z0-9][A-Za-z0-9-]*(?:\.[a-z0-9]+)?")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file can name
_PLAIN_FILE = 0o100644 << 16
_AT_ONCE = 1 << 20


@dataclasses.dataclass(frozen=True)
class Entry:
    """Tệp trong gói: its name there, and what it holds."""

    name: str
    source: StoredFile | Path | bytes


def write_archive(entries: Iterable[Entry], target: Path) -> None:
    """Write the entries, and their sums last, into a ZIP at `target`."""
    sums: dict[str, str] = {}
    with zipfile.ZipFile(target, "w") as archive:
        for entry in entries:
            if not _NAME.fullmatch(entry.name) or entry.name in sums:
                raise ValueError(f"not a name for an archive: {entry.name!r}")
            sums[entry.name] = _write(archive, entry)
        lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sums.items())
        _write(archive, Entry(SUMS, lines.encode()))


def _write(archive: zipfile.ZipFile, entry: Entry) -> str:
    """Copy one entry as it is (papers are compressed in themselves) and return its SHA-256."""
    place = zipfile.ZipInfo(entry.name, _LONG_AGO)
    place.create_system, place.external_attr = 3, _PLAIN_FILE
    source = entry.source
    if isinstance(source, StoredFile):
        place.file_size = source.size
        opened: IO[bytes] = default_storage.open(source.path)
    elif isinstance(source, Path):
        place.file_size = source.stat().st_size
        opened = source.open("rb")
    else:
        opened = io.BytesIO(source)
    seen = hashlib.sha256()
    with opened, archive.open(place, "w") as copy:
        while some := opened.read(_AT_ONCE):
            seen.update(some)
            copy.write(some)
    if isinstance(source, StoredFile) and seen.hexdigest() != source.sha256:
        raise Refused(f"Tệp «{source.name}» đã bị thay đổi trên ổ đĩa. Hãy báo quản trị hệ thống.")
    return seen.hexdigest()
