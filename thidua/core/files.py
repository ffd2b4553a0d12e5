"""Files: what may be uploaded, and the one place where bytes are kept.

Storage is by content: the path is the SHA-256, written once. Kinds are decided by structure,
never by name: a PDF must open and carry no active content; an image is decoded and written anew;
a Word or Excel file is small, sound and passive. Where a scanner is configured, what came from
outside waits for it: until it is found clean nobody reads it.
"""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from PIL import Image, ImageOps, UnidentifiedImageError

from thidua.core import clock, jobs, sheets, word
from thidua.core.models import CheckState, StoredFile
from thidua.core.text import compose, fold
from thidua.core.workflow import Refused

PDF = "application/pdf"
ZIP = "application/zip"
_IMAGE_TYPES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png")}
# What makes a PDF act or carry files: as a key of any dictionary, or as its kind.
_ACTIVE_KEYS = frozenset(("/JavaScript", "/JS", "/EF", "/EmbeddedFiles", "/XFA", "/RichMedia"))
_ACTIVE_KINDS = frozenset(
    (
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"),
        *("/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D", "/EmbeddedFile"),
    )
)
_MAX_PIXELS = 60_000_000
_WORD_TEXT = "word/document.xml"
_ZIP_HEAD, _OLE_HEAD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PACKED_HEADS = (b"PK\x05\x06", b"PK\x07\x08", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh")
_MARKUP = (b"<svg", b"<html", b"<!doctype", b"<?xml", b"<script", b"<body")
_PACKED = (
    "Tệp nén và tệp văn bản kiểu khác (ZIP, RAR, ODT, PPTX…) không được nhận. Hãy giải nén rồi "
    "tải từng tệp, hoặc xuất ra PDF, .docx, .xlsx."
)
_OLD_OFFICE = (
    "Tệp Word, Excel đời cũ (.doc, .xls) hoặc có mật khẩu không được nhận. Hãy bỏ mật khẩu, lưu "
    "lại thành .docx, .xlsx hoặc PDF rồi tải lên."
)
_WEB_PAGE = (
    "Trang web và hình SVG có thể chứa mã chạy nên không được nhận. Hãy in ra PDF rồi tải lên."
)
_BAD_WORD = (
    "Tệp Word bị hỏng, nén bất thường, hoặc có macro, tệp nhúng, liên kết ra ngoài nên không được "
    "nhận. Hãy lưu lại thành .docx thường hoặc xuất ra PDF rồi tải lên."
)


class Unchecked(Refused):
    """The bytes of a file that is not, or not yet, found free of malware."""


def accept_upload(
    upload: UploadedFile, *, actor: Any, images_only: bool = False, documents: bool = False
) -> StoredFile:
    """Check an uploaded file by its structure and keep it.

    PDF, JPEG and PNG are accepted; with `documents` DOCX and XLSX, too. Raises Refused with the
    sentence that says the mend.
    """
    _check_size(upload)
    content = upload.read()
    name = _safe_name(upload.name or "tep")
    if content.startswith(b"%PDF-") and not images_only:
        return _kept_upload(content, name + ".pdf", PDF, actor, pages=_check(content))
    if documents:
        if content.startswith(_ZIP_HEAD):
            media_type, suffix = _office_kind(content)
            return _kept_upload(content, name + suffix, media_type, actor)
        _refuse_what_is_known(content)
    content, media_type, suffix = _redraw(content, images_only=images_only, documents=documents)
    return _kept_upload(content, name + suffix, media_type, actor)


def accept_word(upload: UploadedFile, *, actor: Any) -> tuple[StoredFile, list[word.Paragraph]]:
    """Check an uploaded DOCX, keep it as it is, and return it with its paragraphs."""
    _check_size(upload)
    content = upload.read()
    paragraphs = word.paragraphs_of(content)
    name = _safe_name(upload.name or "ke-hoach") + ".docx"
    return _kept_upload(content, name, word.DOCX, actor), paragraphs


def _kept_upload(
    content: bytes, name: str, media_type: str, actor: Any, pages: int | None = None
) -> StoredFile:
    """Keep what came from outside: in quarantine where there is a scanner, else as checked."""
    if not settings.CLAMD:
        return keep(content, name=name, media_type=media_type, actor=actor, pages=pages)
    stored = keep(
        content,
        name=name,
        media_type=media_type,
        actor=actor,
        pages=pages,
        check_state=CheckState.WAITING,
    )
    jobs.later("thidua.core.scanning.check_file", stored.pk)
    return stored


def keep(
    content: bytes,
    *,
    name: str,
    media_type: str,
    actor: Any,
    pages: int | None = None,
    check_state: CheckState = CheckState.CLEAN,
) -> StoredFile:
    """Store bytes under their hash (once) and return a new row that names them."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _store(ContentFile(content), sha256)
    return _row(sha256, path, len(content), name, media_type, actor, pages, check_state)


def keep_made(
    made: Path, *, name: str, media_type: str, actor: Any, pages: int | None = None
) -> StoredFile:
    """Store a file that was made on the disk, of any size, as `keep` stores bytes."""
    with made.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        path = _store(File(file), sha256)
    return _row(sha256, path, made.stat().st_size, name, media_type, actor, pages)


def _store(content: File, sha256: str) -> str:
    """Write the content to its place, unless it stands there whole.

    A worker that was killed while it wrote has left a shorter file: that one is written anew.
    """
    path = f"{sha256[:2]}/{sha256}"
    if default_storage.exists(path):
        if default_storage.size(path) == content.size:
            return path
        default_storage.delete(path)
    return default_storage.save(path, content)


def _row(  # noqa: PLR0917 -- the columns of the row
    sha256: str,
    path: str,
    size: int,
    name: str,
    media_type: str,
    actor: Any,
    pages: int | None,
    check_state: CheckState = CheckState.CLEAN,
) -> StoredFile:
    return StoredFile.objects.create(
        sha256=sha256,
        path=path,
        name=name,
        media_type=media_type,
        size=size,
        page_count=pages,
        created_by=actor,
        created_at=clock.now(),
        check_state=check_state,
    )


def read(stored: StoredFile) -> bytes:
    """Return the bytes of a clean file; raises Unchecked for any other."""
    refuse_closed(stored)
    return contents(stored)


def refuse_closed(stored: StoredFile) -> None:
    """Raise Unchecked unless the file was found clean."""
    if reason := why_closed(stored):
        raise Unchecked(reason)


def why_closed(stored: StoredFile) -> str:
    """Return why nobody may open the file, or ""."""
    if stored.is_clean:
        return ""
    if stored.is_infected:
        return f"Tệp «{stored.name}» có mã độc nên không mở được. Hãy bỏ tệp và tải bản sạch lên."
    return (
        f"Tệp «{stored.name}» đang chờ kiểm tra mã độc nên chưa mở được. Việc này thường xong sau "
        "vài phút; hãy tải lại trang. Nếu chờ quá lâu, hãy báo quản trị hệ thống."
    )


def contents(stored: StoredFile) -> bytes:
    """Return the bytes, clean or not; raises Refused if they are no longer those that were kept.

    For what never leaves the server: the scanner, and a form that sends its own file again.
    """
    with default_storage.open(stored.path) as file:
        content: bytes = file.read()
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise Refused(f"Tệp «{stored.name}» đã bị thay đổi trên ổ đĩa. Hãy báo quản trị hệ thống.")
    return content


def send(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Answer with the file: shown in the page (PDF, images) or as a download."""
    return send_content(read(stored), name=stored.name, media_type=stored.media_type, inline=inline)


def send_content(
    content: bytes, *, name: str, media_type: str, inline: bool = False
) -> FileResponse:
    """Answer with bytes that are not kept, with the same care."""
    response = FileResponse(
        io.BytesIO(content), as_attachment=not inline, filename=name, content_type=media_type
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _check_size(upload: UploadedFile) -> None:
    size = upload.size or 0
    if not size:
        raise Refused("Tệp rỗng. Hãy chọn lại tệp.")
    if size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // 1024 // 1024
        raise Refused(f"Tệp lớn hơn {limit} MB. Hãy giảm dung lượng hoặc tách thành nhiều tệp.")


def _safe_name(name: str) -> str:
    stem = compose(name.replace("\\", "/").rsplit("/", 1)[-1]).rsplit(".", 1)[0]
    kept = "".join(c if c.isalnum() or c in " -_" else "-" for c in stem).strip(" -.")
    return kept[:120] or fold(stem)[:120] or "tep"


def _check(content: bytes) -> int:
    """Return the page count of a sound and passive PDF."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("Tệp PDF có tệp nén nối ở cuối. Hãy in lại thành PDF thường rồi tải lên.")
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages = len(pdf.pages)
            active = any(_is_active(thing) for thing in pdf.objects)
    except pikepdf.PasswordError:
        raise Refused("Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Refused("Tệp PDF bị hỏng, không mở được. Hãy xuất lại tệp rồi tải lên.") from None
    if active:
        raise Refused(
            "Tệp PDF có mã chạy hoặc tệp nhúng bên trong. Hãy in lại thành PDF thường rồi tải lên."
        )
    if not pages:
        raise Refused("Tệp PDF không có trang nào. Hãy chọn tệp khác.")
    return pages


def _is_active(thing: Any) -> bool:
    """Whether an object, or one written inside it, acts or carries a file.

    References are not followed: what they name is an object of the file in its own turn.
    """
    if isinstance(thing, pikepdf.Array):
        parts = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        kinds = {str(thing[key]) for key in ("/S", "/Subtype", "/Type") if key in thing}
        if kinds & _ACTIVE_KINDS or _ACTIVE_KEYS & set(thing.keys()):
            return True
        parts = [part for _, part in thing.items()]
    else:
        return False
    return any(
        _is_active(part)
        for part in parts
        if isinstance(part, pikepdf.Object) and not part.is_indirect
    )


def _office_kind(content: bytes) -> tuple[str, str]:
    """Return media type and ending of a sound DOCX or XLSX."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise Refused(_PACKED) from None
    if sheets.MAIN in names:
        sheets.check(content)
        return sheets.XLSX, ".xlsx"
    if not any(name.startswith("word/") for name in names):
        raise Refused(_PACKED)
    if _WORD_TEXT not in names:
        raise Refused(_BAD_WORD)
    try:
        word.check(content)
    except Refused:
        raise Refused(_BAD_WORD) from None
    return word.DOCX, ".docx"


def _refuse_what_is_known(content: bytes) -> None:
    """Say of kinds that people often send how each is mended."""
    if content.startswith(_OLE_HEAD):
        raise Refused(_OLD_OFFICE)
    if content.startswith(_PACKED_HEADS):
        raise Refused(_PACKED)
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0").lower()
    if head.startswith(_MARKUP):
        raise Refused(_WEB_PAGE)


def _redraw(
    content: bytes, *, images_only: bool, documents: bool = False
) -> tuple[bytes, str, str]:
    """Decode an image and write it anew, so that nothing but the picture is kept."""
    try:
        with Image.open(io.BytesIO(content), formats=list(_IMAGE_TYPES)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise Refused("Ảnh quá lớn. Hãy giảm kích thước ảnh rồi tải lại.")
            kind = image.format or "PNG"
            # A phone writes which way is up beside the picture: turn it before that is dropped.
            picture = ImageOps.exif_transpose(image)
            if kind == "JPEG":
                picture = picture.convert("RGB")
            elif picture.mode == "P":
                picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
            picture.info = {}
            out = io.BytesIO()
            picture.save(out, kind, quality=90)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        kinds = "ảnh JPG hoặc PNG" if images_only else "PDF, ảnh JPG hoặc PNG"
        kinds = "PDF, ảnh JPG, PNG, Word .docx hoặc Excel .xlsx" if documents else kinds
        raise Refused(f"Không nhận được kiểu tệp này. Hãy dùng tệp {kinds}.") from None
    media_type, suffix = _IMAGE_TYPES[kind]
    return out.getvalue(), media_type, suffix
