"""Where bytes lie: a file is there whole, or it is not there."""

import os
import tempfile
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Writes beside the place and moves the file there once it is on the disk.

    A program that is killed meanwhile leaves a file under another name, which nobody asks for.
    What stands in the place already is replaced: a name is the hash of what it holds.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name_beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        beside = Path(name_beside)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fchmod(file.fileno(), self.file_permissions_mode or 0o600)
                os.fsync(file.fileno())
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        _fix(target.parent)
        return name


def _fix(folder: Path) -> None:
    """Have the disk remember which files are in `folder`."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
