"""The guard of an Excel file: it is kept only when it is small, honest about its sizes and passive.

An XLSX is a zip of XML. Every entry is read as a stream up to its limit, by a parser that refuses
document types; nothing is unpacked to the disk, and no table is built here.
"""

import io
import zipfile
from typing import IO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from defusedxml import DefusedXmlException

from thidua.core.workflow import Refused
from thidua.core.zips import Limits, check_sizes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN = "xl/workbook.xml"
_TYPES = "[Content_Types].xml"
_MEBIBYTE = 1024 * 1024
_LIMITS = Limits(
    entries=400, unpacked=50 * _MEBIBYTE, entry=20 * _MEBIBYTE, ratio=150, ratio_from=_MEBIBYTE // 2
)
_CHUNK = 64 * 1024
_ACTIVE_PARTS = (
    *("vbaproject", "activex", "/embeddings/", "attachedtoolbars", "macrosheets", "dialogsheets"),
    *("externallinks", "connections.xml", "querytables", "customui", "webextensions", "xl/model/"),
)
# A link in a cell is only words to us; every other outside relation would be fetched by Excel.
_HARMLESS = "/hyperlink"
_BROKEN = "Tệp Excel bị hỏng, không mở được. Hãy lưu lại thành .xlsx hoặc xuất ra PDF rồi tải lên."
_BOMB = (
    "Tệp Excel nén bất thường hoặc lớn quá nên không được mở. "
    "Hãy giữ lại những trang tính cần thiết, hoặc xuất ra PDF rồi tải lên."
)
_ACTIVE = (
    "Tệp Excel có macro, tệp nhúng, kết nối dữ liệu hoặc liên kết ra ngoài. "
    "Hãy lưu lại thành .xlsx thường chỉ có giá trị, hoặc xuất ra PDF rồi tải lên."
)


def check(content: bytes) -> None:
    """Refuse whatever is not a small, sound and passive XLSX."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_sizes(archive, _LIMITS, bomb=_BOMB, broken=_BROKEN)
            _check_parts(archive)
    except (
        zipfile.BadZipFile,
        SAXException,
        DefusedXmlException,
        KeyError,
        ValueError,
        LookupError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Refused(_BROKEN) from None


def _check_parts(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    types = _Attributes()
    _parse(archive, _TYPES, types)
    kinds = {node.get("PartName", ""): node.get("ContentType", "") for node in types.found}
    all_kinds = " ".join([*kinds.values()]).lower()
    listed = " ".join(["", *names]).lower()
    if "macro" in all_kinds or any(part in listed for part in _ACTIVE_PARTS):
        raise Refused(_ACTIVE)
    if not kinds.get("/" + MAIN, "").startswith(XLSX + ".main"):
        raise Refused("Tệp này không phải tệp Excel .xlsx. Hãy lưu lại thành .xlsx rồi tải lên.")
    for name in names:
        if name.endswith(".rels"):
            relations = _Attributes()
            _parse(archive, name, relations)
            for node in relations.found:
                outside = node.get("TargetMode") == "External"
                if outside and not node.get("Type", "").endswith(_HARMLESS):
                    raise Refused(_ACTIVE)
        elif name.endswith((".xml", ".vml")):
            _parse(archive, name, ContentHandler())
        else:
            with archive.open(name) as entry:
                _Counted(entry).drain()


class _Attributes(ContentHandler):
    """Keeps the attributes of every element: for the two small kinds of parts that list things."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 -- SAX's name
        self.found.append(dict(attrs.items()))
        if len(self.found) > _LIMITS.entries**2:
            raise Refused(_BOMB)


class _Counted(io.RawIOBase):
    """Reads an entry, and no more than an entry may hold, whatever its header said."""

    def __init__(self, entry: IO[bytes]) -> None:
        self.entry, self.left = entry, _LIMITS.entry

    def read(self, size: int = -1) -> bytes:
        chunk = self.entry.read(_CHUNK if size < 0 else min(size, _CHUNK))
        self.left -= len(chunk)
        if self.left < 0:
            raise Refused(_BOMB)
        return chunk

    def drain(self) -> None:
        while self.read():
            pass


def _parse(archive: zipfile.ZipFile, name: str, handler: ContentHandler) -> None:
    with archive.open(name) as entry:
        defusedxml.sax.parse(_Counted(entry), handler, forbid_dtd=True)
