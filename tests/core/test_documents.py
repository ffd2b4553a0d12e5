"""Papers: what the printer fetches, how parts are put together, how dates are written."""

import datetime as dt
import http.server
import io
import subprocess
import threading
import zoneinfo

import pikepdf
import pytest

from thidua.core import drawing, pdf
from thidua.core.documents import PaperError, PartPlace, written_day, written_moment
from thidua.core.linebreaks import balanced_lines

DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg"
    "=="
)
SECRET = "chuỗi-bí-mật-của-máy-chủ"


def page(body, head=""):
    return f'<!doctype html><html lang="vi"><head><title>Thử</title>{head}</head>{body}</html>'


def text_of(content):
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def sheets(count, size="A4"):
    body = '<p style="break-before: page">Trang</p>' * count
    return pdf.render_html_to_pdf(page(body, f"<style>@page {{ size: {size} }}</style>"))


@pytest.fixture
def canary():
    """A loopback listener that counts who comes."""
    visits = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            visits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", visits
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_paper_is_archival_titled_vietnamese_and_has_its_fonts_inside():
    html = page(
        "<p>Nguyễn <b>Thị</b> <i>Hằng</i> <b><i>Đạt</i></b></p>",
        "<style>p{font:14pt 'Official Serif'}</style>",
    )
    content = pdf.render_html_to_pdf(html)
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert str(opened.Root.Lang) == "vi"
        assert str(opened.docinfo.Title) == "Thử"
        assert str(opened.Root.OutputIntents[0].S) == "/GTS_PDFA1"
        with opened.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
        fonts = [font for found in opened.pages for font in found.Resources.Font.values()]
        assert len(fonts) == 4
        for font in fonts:
            assert "FontFile2" in str(font.DescendantFonts[0].FontDescriptor.keys())
            assert "Official" in str(font.BaseFont)
    assert text_of(content) == "Nguyễn Thị Hằng Đạt"


def test_the_same_html_gives_the_same_bytes():
    html = page("<p>Giống nhau</p>")
    assert pdf.render_html_to_pdf(html) == pdf.render_html_to_pdf(html)
    assert pdf.render_html_to_pdf(html) != pdf.render_html_to_pdf(page("<p>Khác nhau</p>"))


REFUSED = [
    '<img src="{url}/a.png">',
    '<link rel="stylesheet" href="{url}/a.css">',
    '<link rel="attachment" href="{url}/a.txt">',
    '<style>@import url("{url}/a.css");</style>',
    '<style>body {{ background: url("{url}/a.png") }}</style>',
    '<style>@font-face {{ font-family: f; src: url("{url}/a.ttf") }} p {{ font-family: f }}</style>',
    '<style>p::before {{ content: url("{url}/a.png") }}</style>',
    '<style>li {{ list-style-image: url("{url}/a.png") }}</style><li>mục</li>',
    '<object data="{url}/a.png"></object>',
    '<embed src="{url}/a.png">',
    '<svg viewBox="0 0 9 9"><image href="{url}/a.png" width="9" height="9"/></svg>',
]


@pytest.mark.parametrize("markup", REFUSED)
@pytest.mark.parametrize("kind", ["http", "file"])
def test_nothing_outside_the_project_is_fetched(markup, kind, canary, tmp_path):
    address, visits = canary
    for name in ("a.png", "a.css", "a.txt", "a.ttf"):
        (tmp_path / name).write_text(SECRET)
    url = address if kind == "http" else tmp_path.as_uri()
    with pytest.raises(PaperError, match="ngoài phạm vi"):
        pdf.render_html_to_pdf(page("<p>chữ</p>" + markup.format(url=url)))
    assert visits == []


@pytest.mark.parametrize(
    "url",
    [
        "static:../thidua/settings.py",
        "static:documents/../css/app.css",
        "static:documents/official.css?x=1",
        "static:css/app.css",
        "font:regular",
        "official.css",
        "/etc/passwd",
        "//127.0.0.1/a.css",
        "\\\\127.0.0.1\\share\\a.css",
        "ftp://127.0.0.1/a.css",
        "http://169.254.169.254/latest/meta-data/",
        "data:text/css,p{}",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "FILE:///etc/passwd",
    ],
)
def test_other_addresses_are_refused_too(url):
    with pytest.raises(PaperError, match="ngoài phạm vi"):
        pdf.render_html_to_pdf(page("<p>chữ</p>", f'<link rel="stylesheet" href="{url}">'))


def test_frames_are_not_followed(canary):
    address, visits = canary
    content = pdf.render_html_to_pdf(page(f'<iframe src="{address}/x"></iframe><p>chữ</p>'))
    assert visits == []
    assert text_of(content) == "chữ"


def test_project_assets_and_inlined_pictures_are_printed(caplog):
    head = '<link rel="stylesheet" href="static:documents/official.css">'
    content = pdf.render_html_to_pdf(
        page(f'<img alt="Chấm" src="data:image/png;base64,{DOT}">', head)
    )
    assert b"/Subtype /Image" in content or b"/Subtype/Image" in content
    assert caplog.records == []


def test_a_missing_asset_stops_the_paper():
    head = '<link rel="stylesheet" href="static:documents/khong-co.css">'
    with pytest.raises(PaperError, match="Thiếu tệp trình bày"):
        pdf.render_html_to_pdf(page("<p>chữ</p>", head))


def test_a_missing_font_names_its_package(monkeypatch, tmp_path):
    monkeypatch.setattr(drawing, "_FONT_FOLDERS", (tmp_path,))
    with pytest.raises(PaperError, match="fonts-liberation2"):
        drawing.font_file("regular")


@pytest.mark.parametrize("content", [b"", b"not a pdf", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_refused(content):
    with pytest.raises(PaperError, match="không phải là PDF"):
        pdf.page_count(content)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (dt.date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (dt.date(2024, 2, 29), "ngày 29 tháng 02 năm 2024"),
        (dt.date(2019, 6, 9), "ngày 09 tháng 6 năm 2019"),
        (dt.date(2025, 12, 31), "ngày 31 tháng 12 năm 2025"),
    ],
)
def test_days_are_written_as_the_decree_asks(day, written):
    assert written_day(day) == written


def test_a_day_not_yet_known_leaves_room():
    assert written_day(None).split() == ["ngày", "tháng", "năm"]


def test_moments_are_written_in_viet_nam():
    at = dt.datetime(2025, 12, 31, 17, 5, tzinfo=zoneinfo.ZoneInfo("UTC"))
    assert written_moment(at) == "00 giờ 05 phút, ngày 01 tháng 01 năm 2026"


def test_places_say_their_pages():
    assert PartPlace("a", 5, 1).pages == "5"
    assert PartPlace("a", 5, 3).pages == "5 - 7"


def test_centred_lines_are_even_and_keep_numbers_and_names_whole():
    text = (
        "Đã có thành tích xuất sắc trong đợt thi đua chào mừng kỷ niệm 80 năm "
        "Ngày Tổng tuyển cử đầu tiên bầu Quốc hội Việt Nam (06/01/1946 - 06/01/2026)"
    )
    lines = balanced_lines(text, "regular", 16, 225)
    assert lines == [text.partition(" Ngày")[0], "Ngày" + text.partition(" Ngày")[2]]
    assert balanced_lines("", "regular", 16, 225) == []
    with pytest.raises(PaperError):
        balanced_lines("chữ" * 80, "regular", 16, 225)
