"""Uploads: what is taken, what is refused with which sentence, and what is kept of a picture."""

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tests.factories import image_bytes, pdf_bytes, upload
from thidua.core import clock, files
from thidua.core.models import StoredFile
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db

BROKEN = "Tệp PDF bị hỏng, không mở được. Hãy xuất lại tệp rồi tải lên."
ACTIVE = "Tệp PDF có mã chạy hoặc tệp nhúng bên trong. Hãy in lại thành PDF thường rồi tải lên."
UNKNOWN = "Không nhận được kiểu tệp này. Hãy dùng tệp PDF, ảnh JPG hoặc PNG."


def accept(content, name="tep.pdf", **options):
    return files.accept_upload(upload(content, name), actor=None, **options)


def refusal_of(content, name="tep.pdf", **options):
    """Return the sentence of the refusal; nothing may be kept."""
    with pytest.raises(Refused) as refused:
        accept(content, name, **options)
    assert not StoredFile.objects.exists()
    return str(refused.value)


def pdf_with(change, **options):
    """Return a PDF of one page that `change` has worked on."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        pdf.save(out, **options)
    return out.getvalue()


def picture(stored):
    return Image.open(io.BytesIO(files.read(stored)))


# --- PDF ---------------------------------------------------------------------------------------


def test_a_pdf_is_kept_as_it_is_with_its_pages_counted(noon):
    content = pdf_bytes(pages=3)

    stored = accept(content, "Minh chứng số 1.pdf")

    assert files.read(stored) == content
    assert (stored.name, stored.media_type) == ("Minh chứng số 1.pdf", "application/pdf")
    assert (stored.page_count, stored.size) == (3, len(content))
    assert stored.created_at == noon


def test_the_kind_is_read_from_the_content_not_from_the_name():
    assert accept(pdf_bytes(), "anh.png").media_type == "application/pdf"
    assert accept(image_bytes("PNG"), "don.pdf").name == "don.png"
    assert accept(image_bytes("JPEG"), "a.exe").name == "a.jpg"


def test_the_same_bytes_are_kept_once_and_named_twice():
    first, second = accept(pdf_bytes(), "mot.pdf"), accept(pdf_bytes(), "hai.pdf")

    assert first.path == second.path
    assert (first.name, second.name) == ("mot.pdf", "hai.pdf")


def _open_action(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _open_action_indirect(pdf):
    _open_action(pdf)
    pdf.Root.OpenAction = pdf.make_indirect(pdf.Root.OpenAction)


def _javascript_of_names(pdf):
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    names = pikepdf.Array(["chay", pdf.make_indirect(action)])
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))


def _launch(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def _launch_by_link(pdf):
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action
    )
    pdf.pages[0].Annots = pikepdf.Array([link])


def _script_of_the_page(pdf):
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.pages[0].AA = pikepdf.Dictionary(O=action)


def _second_action(pdf):
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    action = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=[0], Next=pikepdf.Array([script]))
    pdf.Root.OpenAction = action


def _attachment(pdf):
    pdf.attachments["la.exe"] = b"MZ"


def _attachment_by_annotation(pdf):
    stream = pdf.make_stream(b"MZ")
    spec = pikepdf.Dictionary(
        Type=pikepdf.Name.Filespec, F="la.exe", EF=pikepdf.Dictionary(F=stream)
    )
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec
    )
    pdf.pages[0].Annots = pikepdf.Array([note])


def _rich_media(pdf):
    media = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9]
    )
    pdf.pages[0].Annots = pikepdf.Array([media])


def _dynamic_form(pdf):
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<xdp/>"), Fields=[])


def _form_that_is_sent(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="http://la.example")


@pytest.mark.parametrize(
    "change",
    [
        _open_action,
        _open_action_indirect,
        _javascript_of_names,
        _launch,
        _launch_by_link,
        _script_of_the_page,
        _second_action,
        _attachment,
        _attachment_by_annotation,
        _rich_media,
        _dynamic_form,
        _form_that_is_sent,
    ],
)
@pytest.mark.parametrize(
    "mode", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate]
)
def test_a_pdf_that_acts_or_carries_files_is_refused(change, mode):
    assert refusal_of(pdf_with(change, object_stream_mode=mode)) == ACTIVE


def test_a_pdf_with_links_and_bookmarks_only_is_accepted():
    def harmless(pdf):
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.vn")
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action
        )
        pdf.pages[0].Annots = pikepdf.Array([link])
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=[0])
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Trang đầu", 0))

    assert accept(pdf_with(harmless)).page_count == 1


def test_a_pdf_with_a_password_is_refused():
    locked = pdf_with(lambda pdf: None, encryption=pikepdf.Encryption(owner="a", user="b"))

    assert refusal_of(locked) == "Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.7\nkhong phai pdf", b"%PDF-" + bytes(2000)]
)
def test_a_broken_pdf_is_refused(content):
    assert refusal_of(content) == BROKEN


def test_a_pdf_without_pages_is_refused():
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(out)

    assert refusal_of(out.getvalue()) == "Tệp PDF không có trang nào. Hãy chọn tệp khác."


# --- Pictures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "media_type", "suffix"),
    [("PNG", "image/png", ".png"), ("JPEG", "image/jpeg", ".jpg")],
)
def test_a_picture_is_drawn_anew(kind, media_type, suffix):
    stored = accept(image_bytes(kind), "Ảnh chụp.x")

    assert (stored.media_type, stored.name) == (media_type, f"Ảnh chụp{suffix}")
    assert picture(stored).size == (8, 6)
    assert stored.page_count is None


def _exif(**tags):
    exif = Image.Exif()
    exif[0x010F] = "May anh rieng"
    for tag, value in tags.items():
        exif[int(tag.removeprefix("t"))] = value
    return exif


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_nothing_but_the_picture_is_kept(kind):
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "loi nhan an")
    options = {"pnginfo": words} if kind == "PNG" else {"comment": b"loi nhan an"}
    content = image_bytes(kind, exif=_exif(), **options) + b"phan duoi dinh kem"
    assert b"May anh rieng" in content

    kept = files.read(accept(content))

    assert b"May anh rieng" not in kept
    assert b"loi nhan an" not in kept
    assert b"phan duoi dinh kem" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_taken_sideways_is_kept_upright(kind):
    stored = accept(image_bytes(kind, size=(40, 20), exif=_exif(t274=6)))

    assert picture(stored).size == (20, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_accepted(mode):
    out = io.BytesIO()
    Image.new(mode, (5, 5)).save(out, "PNG")

    assert picture(accept(out.getvalue())).size == (5, 5)


def test_a_transparent_palette_stays_transparent():
    drawing = Image.new("P", (5, 5), 0)
    drawing.putpalette([255, 255, 255, 0, 0, 0])
    out = io.BytesIO()
    drawing.save(out, "PNG", transparency=0)

    assert picture(accept(out.getvalue())).convert("RGBA").getpixel((0, 0))[3] == 0


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_every_kind_of_jpeg_is_accepted(mode):
    out = io.BytesIO()
    Image.new(mode, (5, 5)).save(out, "JPEG")

    assert picture(accept(out.getvalue())).size == (5, 5)


def _huge_png():
    """Return the head of a PNG that says 20.000 × 20.000 points in a few bytes."""
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def test_a_picture_that_would_fill_the_memory_is_refused():
    assert refusal_of(_huge_png()) in {
        UNKNOWN,
        "Ảnh quá lớn. Hãy giảm kích thước ảnh rồi tải lại.",
    }


# --- Everything else ---------------------------------------------------------------------------


def _zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        _zip(),
        b"GIF89a" + bytes(50),
        b"MZ" + bytes(500),
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"chi la van ban",
        b"\n\n%PDF-1.7 muon",
        image_bytes("GIF"),
        image_bytes("BMP"),
        image_bytes("TIFF"),
        image_bytes("PNG")[:-30],
    ],
)
@pytest.mark.parametrize("name", ["tep.pdf", "tep.png"])
def test_other_kinds_are_refused_whatever_their_name(content, name):
    assert refusal_of(content, name) == UNKNOWN


def test_an_empty_file_is_refused():
    assert refusal_of(b"") == "Tệp rỗng. Hãy chọn lại tệp."


def test_a_file_at_the_limit_is_accepted_and_one_byte_more_is_refused(settings):
    content = pdf_bytes()
    settings.UPLOAD_LIMIT_BYTES = len(content) - 1
    assert refusal_of(content).startswith("Tệp lớn hơn 0 MB.")

    settings.UPLOAD_LIMIT_BYTES = len(content)

    assert accept(content).size == len(content)


def test_where_only_pictures_are_asked_for_a_pdf_is_refused():
    sentence = "Không nhận được kiểu tệp này. Hãy dùng tệp ảnh JPG hoặc PNG."

    assert refusal_of(pdf_bytes(), images_only=True) == sentence


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.sampled_from([pdf_bytes(), image_bytes("PNG"), image_bytes("JPEG")]),
    cuts=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12),
    length=st.integers(1, 5000),
)
def test_damaged_files_are_accepted_or_refused_and_never_break_the_page(seed, cuts, length):
    damaged = bytearray(seed[:length])
    for place, byte in cuts:
        damaged[place % len(damaged)] = byte

    try:
        accept(bytes(damaged))
    except Refused as refused:
        assert str(refused).endswith(".")  # noqa: PT017 -- either end is right


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Báo cáo.pdf", "Báo cáo.pdf"),
        ("..\\..\\windows\\a.pdf", "a.pdf"),
        ('a"; rm -rf.pdf', "a-- rm -rf.pdf"),
        ("Ba\u0301o ca\u0301o.pdf", "Báo cáo.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
        (".pdf", "tep.pdf"),
        ("an\u202efdp.exe", "an fdp.pdf"),
    ],
)
def test_names_are_made_safe_and_stay_readable(name, kept):
    raw = SimpleUploadedFile("tam", pdf_bytes())
    raw._name = name

    assert files.accept_upload(raw, actor=None).name == kept


# --- What is kept ------------------------------------------------------------------------------


def test_a_file_changed_on_the_disk_is_not_handed_out():
    stored = accept(pdf_bytes(), "Tờ trình.pdf")
    with open(default_storage.path(stored.path), "ab") as file:  # noqa: PTH123
        file.write(b" ")

    with pytest.raises(Refused, match="Tờ trình.pdf» đã bị thay đổi trên ổ đĩa"):
        files.read(stored)


def test_a_file_is_sent_privately_and_never_guessed_at():
    stored = accept(pdf_bytes(), "Tờ trình.pdf")

    shown, saved = files.send(stored, inline=True), files.send(stored)

    assert shown["Content-Disposition"].startswith("inline")
    assert saved["Content-Disposition"].startswith("attachment")
    assert shown["Cache-Control"] == "private, no-store"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert b"".join(saved.streaming_content) == pdf_bytes()


def test_a_kept_file_knows_the_business_hour(noon):
    assert accept(pdf_bytes()).created_at == clock.now() == noon
