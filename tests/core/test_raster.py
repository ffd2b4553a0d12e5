"""Pictures of pages, alone and over the scan of a blank."""

import io
import threading

import pytest
from PIL import Image

from thidua.core.drawing import Drawing, PaperError
from thidua.core.raster import page_png


def sheet(width=297, height=210):
    drawing = Drawing("Thử", width, height)
    drawing.squares((50, 50), 20, [b"\x01"])
    drawing.next_page()
    return drawing.finish()


def scan(kind="PNG", size=(600, 424), colour="#ffeecc", **options):
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, kind, **options)
    return target.getvalue()


def opened(content):
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "PNG"
    return picture.convert("RGB")


def test_a_page_is_drawn_at_its_size_on_white():
    picture = opened(page_png(sheet(), dpi=127))
    assert picture.size == pytest.approx((1485, 1050), abs=1)
    assert picture.getpixel((300, 300)) == (0, 0, 0)
    assert picture.getpixel((10, 10)) == (255, 255, 255)
    assert opened(page_png(sheet(), 2)).getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_scan_shows_through_wherever_the_page_is_bare(kind):
    picture = opened(page_png(sheet(), dpi=127, under=scan(kind)))
    assert picture.size == pytest.approx((1485, 1050), abs=1)
    assert picture.getpixel((300, 300)) == (0, 0, 0)
    for found, meant in zip(picture.getpixel((10, 10)), (255, 238, 204), strict=True):
        assert abs(found - meant) <= 3


def test_a_scan_that_a_camera_turned_is_turned_back():
    turned = Image.new("RGB", (210, 297), "white")
    turned.paste("red", (0, 0, 210, 30))
    target, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # the top of the picture is at its right
    turned.save(target, "JPEG", exif=exif)
    picture = opened(page_png(sheet(), under=target.getvalue()))
    assert picture.getpixel((picture.width - 5, 200))[1] < 60
    assert picture.getpixel((5, 200))[1] > 200


@pytest.mark.parametrize(
    "content", [b"not a picture", scan()[:90], b"%PDF-1.7", scan("GIF"), scan("BMP")]
)
def test_a_scan_that_is_none_is_refused(content):
    with pytest.raises(PaperError, match="PNG hoặc JPEG"):
        page_png(sheet(), under=content)


def test_a_huge_scan_is_refused_before_it_is_read():
    with pytest.raises(PaperError, match="lớn quá"):
        page_png(sheet(), under=scan(size=(9000, 7000)))


def test_a_huge_page_stays_bounded():
    picture = opened(page_png(sheet(2000, 1000), dpi=9999))
    assert picture.width * picture.height < 12_100_000


def test_a_page_that_is_not_there_is_named():
    with pytest.raises(PaperError, match="không có trang 3"):
        page_png(sheet(), 3)
    with pytest.raises(PaperError, match="không có trang 0"):
        page_png(sheet(), 0)


def test_many_threads_get_what_one_gets():
    content, expected, found = sheet(), page_png(sheet(), dpi=40), []
    threads = [
        threading.Thread(target=lambda: found.append(page_png(content, dpi=40))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 12
