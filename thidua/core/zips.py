"""What every zip of a stranger has to keep to before anything in it is read."""

import dataclasses
import zipfile

from thidua.core.workflow import Refused


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """How many entries, how many bytes unpacked (all, one), and how tightly packed."""

    entries: int
    unpacked: int
    entry: int
    ratio: int
    ratio_from: int  # bytes: a small entry may be packed as tightly as it likes


def check_sizes(archive: zipfile.ZipFile, limits: Limits, *, bomb: str, broken: str) -> None:
    """Refuse with the sentence `bomb` what swells, with `broken` what hides or leads outside."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if max(len(entries) / limits.entries, unpacked / limits.unpacked) > 1:
        raise Refused(bomb)
    if len(names) != len(entries):
        raise Refused(bomb)
    for entry in entries:
        is_tight = entry.file_size / max(entry.compress_size, 1) > limits.ratio
        if entry.file_size > limits.entry or (entry.file_size > limits.ratio_from and is_tight):
            raise Refused(bomb)
        if entry.flag_bits & 1 or entry.filename.startswith("/") or ".." in entry.filename:
            raise Refused(broken)
