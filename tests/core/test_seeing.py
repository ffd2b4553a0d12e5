"""Strangers' files seen in a process of their own, and the pages that are hard to read."""

import io
import json

import pytest
from PIL import Image

from tests.core import scans
from tests.factories import docx_bytes, image_bytes, pdf_bytes, xlsx_bytes
from thidua.core import confined, strangers
from thidua.core.workflow import Refused


def test_bad_pages_are_found_and_good_ones_are_left_in_peace(capsys):
    shares, wrong = scans.measured(seed=7, count=1)
    with capsys.disabled():
        print(f"\n  trang quét: {shares}")  # noqa: T201
    assert shares.pop("") <= 0.1, wrong
    assert min(shares.values()) >= 0.9, wrong
    assert set(shares) == {*("blank", "nearly_blank", "dark", "faint", "blurred", "small", "lying")}


def test_the_pages_of_a_pdf_are_drawn_and_judged_in_a_child():
    content = pdf_bytes(pages=2)
    assert confined.scan_warnings(content) == [
        {"page": 1, "kind": "blank"},
        {"page": 2, "kind": "blank"},
    ]
    picture = Image.open(io.BytesIO(confined.page_picture(content, 2, 500)))
    assert (picture.format, picture.size) == ("PNG", (500, 708))
    with pytest.raises(Refused, match="Hãy tải tệp về để xem"):
        confined.page_picture(content, 3, 500)


def test_a_small_picture_is_warned_of_and_a_wide_one_stays_bounded():
    assert {"page": 1, "kind": "small"} in json.loads(strangers.warnings(image_bytes()))
    for kind in ("PNG", "JPEG"):
        content = strangers.page(image_bytes(kind, size=(3000, 400)), 1, 1000)
        assert Image.open(io.BytesIO(content)).size == (1000, 133)


def test_a_tall_page_stays_within_the_memory():
    out = io.BytesIO()
    import pikepdf  # noqa: PLC0415

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(10, 14_000))
        pdf.save(out)
    with Image.open(io.BytesIO(strangers.page(out.getvalue(), 1, 2000))) as picture:
        assert picture.width * picture.height < 13_000_000


@pytest.mark.parametrize("content", [b"%PDF-1.7 hong", b"khong phai anh", b""])
def test_what_cannot_be_read_is_a_sentence(content):
    with pytest.raises(Refused, match="Không hiện được tệp này"):
        confined.page_picture(content, 1, 500)


def test_words_and_tables_of_a_word_file_come_in_their_order():
    seen = json.loads(
        strangers.word(docx_bytes("Mở <b>đầu</b>", rows=[["Năm", "Đơn"], ["2025", "12"]]))
    )
    assert seen == {
        "blocks": [
            {"text": "Mở <b>đầu</b>", "is_heading": False},
            {"rows": [["Năm", "Đơn"], ["2025", "12"]]},
        ],
        "is_cut": False,
    }


def test_rows_of_an_excel_file_are_cut_and_hidden_sheets_are_told():
    rows = [["Tên", 1.5, True, None], *([[n, "", "", "cuối"] for n in range(300)])]
    seen = json.loads(strangers.sheets(xlsx_bytes(rows, title="Đơn", hidden=("Riêng",))))
    [sheet] = seen["sheets"]
    assert seen["hidden"] == ["Riêng"]
    assert (sheet["title"], len(sheet["rows"]), sheet["is_cut"]) == ("Đơn", 200, True)
    assert sheet["rows"][0] == ["Tên", "1,5", "đúng", ""]
    wide = json.loads(strangers.sheets(xlsx_bytes([list(range(100))])))["sheets"][0]
    assert (len(wide["rows"][0]), wide["is_cut"]) == (30, True)
