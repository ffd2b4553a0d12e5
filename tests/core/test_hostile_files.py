"""Files that attack, lie or swell: each is refused within a second with a sentence that mends."""

import io
import time
import zipfile

import pikepdf
import pytest

from tests.core.test_files import pdf_with
from tests.factories import docx_bytes, image_bytes, pdf_bytes, upload, xlsx_bytes
from thidua.core import files
from thidua.core.models import CheckState, StoredFile
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db

# The industry's harmless test virus, in pieces: whole it would alarm the scanner of this disk.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
WORD = docx_bytes("Nội dung báo cáo", rows=[["a", "b"]])
BOOK = xlsx_bytes([["Năm", "Đơn"], [2025, 12]])
PDF, PNG, JPEG = pdf_bytes(), image_bytes("PNG"), image_bytes("JPEG")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOMB = b"\0" * (24 * 1024 * 1024)


def packed(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(content, *, add=None, instead=None, without=()):
    """Return an Office file with entries added, changed by a function, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            if entry.filename in without:
                continue
            words = old.read(entry)
            change = (instead or {}).get(entry.filename)
            new.writestr(entry.filename, change(words) if change else words)
        for name, words in (add or {}).items():
            new.writestr(name, words)
    return out.getvalue()


def relation(kind, target):
    line = f'<Relationship Id="rX" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return lambda words: words.replace(b"</Relationships>", line.encode() + b"</Relationships>")


def swapped(old, new):
    return lambda words: words.replace(old, new)


def entity(words):
    head, _, rest = words.partition(b"?>")
    return head + b'?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + rest


def outside_entity(words):
    head, _, rest = words.partition(b"?>")
    return head + b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rest


def lying(content, name, size):
    """Return a zip whose directory says another size of one entry than it has."""
    out = bytearray(content)
    place = out.rfind(name.encode())
    out[place - 46 + 24 : place - 46 + 28] = size.to_bytes(4, "little")
    return bytes(out)


def with_bomb(content, name):
    """Return an Office file with an entry that unpacks to 24 MB."""
    return changed(content, add={name: BOMB})


def many(content):
    return changed(content, add={f"xl/a{n}.xml": "<a/>" for n in range(500)})


def doubled(content, name):
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(name, "<a/>")
    return out.getvalue()


def encrypted(content):
    """Set the flag of encryption in the first entry of the directory."""
    out = bytearray(content)
    place = out.find(b"PK\x01\x02")
    out[place + 8] |= 1
    return bytes(out)


def hidden_script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


SHEET, MAIN = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
TYPES, RELS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
WORD_RELS = "word/_rels/document.xml.rels"
MACRO = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HOSTILE = {
    "eicar.txt": EICAR,
    "eicar.pdf": EICAR,
    "eicar.zip": packed(virus=EICAR),
    "eicar twice.zip": packed(inner=packed(virus=EICAR)),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg with head": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "svg with mark": b"\xef\xbb\xbf  <svg/>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "html named pdf": b"<html><body>%PDF-1.7</body></html>",
    "html upper": b"<HTML><BODY ONLOAD=alert(1)>",
    "doc": OLE,
    "xls with password": OLE + b"EncryptedPackage",
    "zip": packed(a="b"),
    "empty zip": packed(),
    "rar": b"Rar!\x1a\x07\x01\x00" + bytes(90),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(90),
    "gzip": b"\x1f\x8b\x08" + bytes(90),
    "exe": b"MZ" + bytes(500),
    "gif": image_bytes("GIF"),
    "odt": packed(mimetype="application/vnd.oasis.opendocument.text"),
    "pptx": packed(**{TYPES: "<Types/>", "ppt/presentation.xml": "<p/>"}),
    "jar as docx": packed(**{"META-INF/MANIFEST.MF": "x", "a.class": "x"}),
    "pdf + zip": PDF + packed(virus=EICAR),
    "pdf + docx": PDF + WORD,
    "late pdf": b"MZ\n" + PDF,
    "pdf script": pdf_with(hidden_script),
    "pdf carrying": pdf_with(lambda pdf: pdf.attachments.__setitem__("a.exe", b"MZ")),
    "pdf password": pdf_with(lambda pdf: None, encryption=pikepdf.Encryption(owner="a", user="b")),
    "pdf cut": PDF[:60],
    "docm": changed(WORD, add={"word/vbaProject.bin": b"x"}),
    "docx embedding": changed(WORD, add={"word/embeddings/a.bin": OLE}),
    "docx template": changed(
        WORD, instead={WORD_RELS: relation("attachedTemplate", "http://la.example/a.dotm")}
    ),
    "docx picture outside": changed(
        WORD, instead={WORD_RELS: relation("image", "file://la.example/a.png")}
    ),
    "docx entities": changed(WORD, instead={"word/document.xml": entity}),
    "docx bomb": with_bomb(WORD, "word/media/a.bin"),
    "docx cut": WORD[:-200],
    "docx without text": changed(WORD, without=("word/document.xml",)),
    "xlsm": changed(BOOK, add={"xl/vbaProject.bin": b"x"}, instead={TYPES: swapped(PLAIN, MACRO)}),
    "xlsm type alone": changed(BOOK, instead={TYPES: swapped(PLAIN, MACRO)}),
    "xlsx macro sheet": changed(BOOK, add={"xl/macrosheets/sheet1.xml": "<a/>"}),
    "xlsx link outside": changed(BOOK, add={"xl/externalLinks/externalLink1.xml": "<a/>"}),
    "xlsx connection": changed(BOOK, add={"xl/connections.xml": "<a/>"}),
    "xlsx query": changed(BOOK, add={"xl/queryTables/queryTable1.xml": "<a/>"}),
    "xlsx embedding": changed(BOOK, add={"xl/embeddings/a.bin": OLE}),
    "xlsx control": changed(BOOK, add={"xl/activeX/activeX1.xml": "<a/>"}),
    "xlsx relation": changed(
        BOOK, instead={RELS: relation("externalLinkPath", "http://la.example/a.xlsx")}
    ),
    "xlsx entities": changed(BOOK, instead={SHEET: entity}),
    "xlsx file entity": changed(BOOK, instead={MAIN: outside_entity}),
    "xlsx bomb": with_bomb(BOOK, "xl/media/a.bin"),
    "xlsx many": many(BOOK),
    "xlsx lying small": lying(with_bomb(BOOK, "xl/media/a.bin"), "xl/media/a.bin", 100),
    "xlsx lying": lying(BOOK, SHEET, 9),
    "xlsx double": doubled(BOOK, SHEET),
    "xlsx encrypted": encrypted(BOOK),
    "xlsx climbing": changed(BOOK, add={"../../a.xml": "<a/>"}),
    "xlsx cut": BOOK[:-200],
    "xlsx broken xml": changed(BOOK, instead={SHEET: lambda words: words[:-30]}),
    "xlsx without sheet type": changed(BOOK, instead={TYPES: swapped(PLAIN, b"text/plain")}),
}


def test_each_is_refused_in_time_with_a_sentence(settings):
    assert len(HOSTILE) >= 50
    for name, content in HOSTILE.items():
        begun = time.process_time()
        with pytest.raises(Refused) as refused:
            files.accept_upload(upload(content, name), actor=None, documents=True)
        sentence = str(refused.value)
        assert time.process_time() - begun < 1, name
        assert "Hãy" in sentence, name
        assert sentence.endswith("."), name
    assert not StoredFile.objects.exists()


# What no look at the structure can tell: a virus as the content of a sound file.
CARRIERS = {
    "a.docx": changed(WORD, add={"word/media/image1.png": EICAR}),
    "a.xlsx": changed(BOOK, add={"xl/media/image1.png": EICAR}),
    "a.pdf": pdf_with(lambda pdf: pdf.Root.__setitem__("/Thu", pdf.make_stream(EICAR))),
}


def test_what_only_a_scanner_can_tell_waits_for_it(settings):
    settings.CLAMD = ("tcp", "127.0.0.1", 9)
    for name, content in CARRIERS.items():
        stored = files.accept_upload(upload(content, name), actor=None, documents=True)
        assert stored.check_state == CheckState.WAITING, name
        with pytest.raises(files.Unchecked, match="đang chờ kiểm tra mã độc"):
            files.send(stored)


def test_pictures_lose_whatever_is_hung_to_them():
    for picture in (PNG, JPEG):
        for tail in (packed(virus=EICAR), b"<script>alert(1)</script>", EICAR):
            stored = files.accept_upload(upload(picture + tail), actor=None, documents=True)
            assert tail not in files.read(stored)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (WORD, ".docx"),
        (BOOK, ".xlsx"),
        (changed(WORD, instead={WORD_RELS: relation("hyperlink", "https://la.example")}), ".docx"),
        (xlsx_bytes([['=HYPERLINK("https://la.example")']], hidden=("Ẩn",)), ".xlsx"),
    ],
)
def test_plain_office_files_are_kept_as_they_are(content, kind):
    stored = files.accept_upload(upload(content, "Số liệu.bin"), actor=None, documents=True)

    assert (stored.name, files.read(stored)) == (f"Số liệu{kind}", content)
    assert (stored.page_count, stored.check_state) == (None, CheckState.CLEAN)


def test_where_no_documents_are_asked_for_they_are_refused():
    with pytest.raises(Refused, match="Hãy dùng tệp PDF, ảnh JPG hoặc PNG"):
        files.accept_upload(upload(WORD), actor=None)
