"""Giấy khen: the sheet of decree 98/2023, article 104, read back from what was printed."""

import dataclasses
import io
import re
import subprocess
import sys
import unicodedata

import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageChops

from thidua.core.certificates import (
    ELEMENT_LABELS,
    FIELDS,
    VARIABLE_ELEMENTS,
    CertificatePaper,
    CertificateSheet,
    Element,
    Shift,
    calibration_sheet,
    print_certificates,
    print_certificates_together,
)
from thidua.core.drawing import PaperError
from thidua.core.raster import page_png

PAPER = CertificatePaper(
    recipient_name="Nguyễn Thị Thu Hằng",
    recipient_title="Thanh tra viên, Phòng Nghiệp vụ 2",
    achievement="Đã có thành tích xuất sắc trong đợt thi đua chào mừng kỷ niệm 80 năm Ngày Tổng"
    " tuyển cử đầu tiên bầu Quốc hội Việt Nam (06/01/1946 - 06/01/2026)",
    decision_line="Số quyết định: 15/QĐ-TTr ngày 05 tháng 01 năm 2026",
    golden_number="Số sổ vàng: 03",
    place_date="Lạng Sơn, ngày 05 tháng 01 năm 2026",
    signer_title="CHÁNH THANH TRA",
    signer_name="Vũ Đình Thắng",
    authority="CHÁNH THANH TRA TỈNH LẠNG SƠN",
)
NAMES = ["Ksor H’Bơ Khăp", "Đặng Ỷ Ợt", "Quách Huỳnh Thưởng", "Vi Văn Ẵm", "Lương Ngọc Ặc"]


def text_of(content, *options):
    done = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True
    )
    return done.stdout.decode()


def picture(kind="PNG", mode="RGBA", size=(90, 90)):
    target = io.BytesIO()
    Image.new(mode, size, "red").save(target, kind)
    return target.getvalue()


def test_a_certificate_says_everything_in_order():
    (content,) = print_certificates([PAPER])
    text = text_of(content)
    assert text == unicodedata.normalize("NFC", text)
    text = " ".join(text.split())
    phrases = [
        "Quốc huy",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "CHÁNH THANH TRA TỈNH LẠNG SƠN",
        "TẶNG",
        "GIẤY KHEN",
        PAPER.recipient_name,
        PAPER.recipient_title,
        PAPER.achievement,
    ]
    places = [text.index(phrase) for phrase in phrases]
    assert places == sorted(places)
    for phrase in (PAPER.decision_line, PAPER.golden_number, PAPER.place_date, PAPER.signer_name):
        assert phrase in text
    assert text.count("CHÁNH THANH TRA") == 2


def test_the_sheet_is_landscape_a4_archival_with_only_embedded_fonts():
    (content,) = print_certificates([PAPER])
    with pikepdf.open(io.BytesIO(content)) as opened:
        (page,) = opened.pages
        width, height = (float(side) / 72 * 25.4 for side in page.mediabox[2:])
        assert (round(width), round(height)) == (297, 210)
        assert str(opened.docinfo.Title) == "Giấy khen Nguyễn Thị Thu Hằng"
        with opened.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
    fonts = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True)
    rows = fonts.stdout.decode().splitlines()[2:]
    assert len(rows) == 3
    assert all(re.search(r"LiberationSerif.* yes yes yes ", row) for row in rows)


def test_every_name_of_a_batch_is_on_its_own_page():
    papers = [dataclasses.replace(PAPER, recipient_name=name) for name in NAMES]
    content = print_certificates_together(papers)
    pages = text_of(content).split("\f")[:-1]
    assert len(pages) == len(NAMES)
    for name, page in zip(NAMES, pages, strict=True):
        assert name in page
    singles = print_certificates(papers)
    assert [name in text_of(single) for name, single in zip(NAMES, singles, strict=True)] == [
        True
    ] * len(NAMES)


def test_the_frame_is_drawn_once_for_a_batch():
    one = print_certificates_together([PAPER])
    many = print_certificates_together([PAPER] * 40)
    assert len(many) < 2 * len(one)


def test_the_same_certificate_has_the_same_bytes_alone_or_among_others():
    coded = dataclasses.replace(PAPER, verify_url="https://kiem-tra.invalid/k/7Q4M2XKD")
    assert print_certificates([PAPER, coded])[1] == print_certificates([coded])[0]
    emblem = picture()
    assert (
        print_certificates([coded], emblem=emblem)[0]
        == print_certificates([coded], emblem=emblem)[0]
    )


def test_a_verification_address_becomes_a_code_that_is_drawn_not_a_picture():
    coded = dataclasses.replace(PAPER, verify_url="https://kiem-tra.invalid/k/7Q4M2XKD")
    (content,) = print_certificates([coded])
    with pikepdf.open(io.BytesIO(content)) as opened:
        (page,) = opened.pages
        assert page.Contents.read_bytes().count(b" re") > 100
    (plain,) = print_certificates([PAPER])
    with pikepdf.open(io.BytesIO(plain)) as opened:
        assert opened.pages[0].Contents.read_bytes().count(b" re") < 5


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB")])
def test_the_emblem_takes_the_place_of_the_ring(kind, mode):
    (content,) = print_certificates([PAPER], emblem=picture(kind, mode, (60, 90)))
    assert "Quốc huy" not in text_of(content)
    listed = subprocess.run(
        ["pdfimages", "-list", "-"], input=content, capture_output=True, check=True
    )
    assert listed.stdout.decode().count("image") >= 1


@pytest.mark.parametrize("emblem", [b"not a picture", picture()[:60]])
def test_a_broken_emblem_is_refused(emblem):
    with pytest.raises(PaperError, match="PNG hoặc JPEG"):
        print_certificates([PAPER], emblem=emblem)


def lines_of(content):
    found = re.findall(
        r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</line>',
        text_of(content, "-bbox-layout"),
        re.DOTALL,
    )
    for *box, inner in found:
        words = " ".join(re.findall(r">([^<]+)</word>", inner))
        yield words, [float(edge) / 72 * 25.4 for edge in box]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (
            "Phòng Thanh tra giải quyết khiếu nại, tố cáo và phòng, chống tham nhũng",
            "Thanh tra tỉnh",
        ),
        ("Văn phòng", ""),
        ("Công Tằng Tôn Nữ Thị Ngọc Bích Huyền Thương", "Phó Trưởng phòng phụ trách " * 5),
    ],
)
def test_long_words_stay_in_their_box_and_clear_of_the_footer(name, title):
    paper = dataclasses.replace(
        PAPER,
        recipient_name=name,
        recipient_title=title.strip(),
        achievement=PAPER.achievement + ", góp phần hoàn thành nhiệm vụ chính trị của cơ quan",
        signer_title="KT. CHÁNH THANH TRA\nPHÓ CHÁNH THANH TRA",
    )
    sheet = CertificateSheet()
    (content,) = print_certificates([paper], sheet)
    tops = dict(lines_of(content))
    for left, _, right, bottom in tops.values():
        assert left > 25
        assert right < sheet.width_mm - 25
        assert bottom < sheet.height_mm - 20
    footer = tops[paper.place_date][1]
    assert all(
        box[3] <= footer + 1
        for words, box in tops.items()
        if words in paper.achievement or words in name
    )


def test_what_cannot_fit_is_refused_with_the_name():
    paper = dataclasses.replace(PAPER, achievement=PAPER.achievement * 30)
    with pytest.raises(PaperError, match="Nguyễn Thị Thu Hằng"):
        print_certificates([paper])


def test_a_letter_without_a_glyph_is_refused():
    with pytest.raises(PaperError, match="漢"):
        print_certificates([dataclasses.replace(PAPER, recipient_name="Nguyễn 漢")])


def test_no_papers_no_print():
    with pytest.raises(PaperError, match="Không có giấy khen"):
        print_certificates_together([])


# --- The layout as data --------------------------------------------------------------------
def test_every_place_of_the_sheet_has_a_label_and_its_limits():
    sheet = CertificateSheet()
    assert {field.name for field in dataclasses.fields(sheet)} == {*FIELDS, "elements"}
    for name, (label, unit, least, most) in FIELDS.items():
        assert label == unicodedata.normalize("NFC", label)
        assert name.endswith(f"_{unit}")
        assert least <= getattr(sheet, name) <= most
    assert set(ELEMENT_LABELS) == set(Element)
    assert CertificateSheet.of(dataclasses.asdict(sheet)) == sheet


def test_what_terms_leave_open_is_as_in_the_base():
    base = CertificateSheet.of({"kind_pt": 50, "name_pt": 18, "body_pt": 10})
    assert (base.name_least_pt, base.body_least_pt) == (18, 10)
    sheet = CertificateSheet.of({"body_top_mm": 110, "elements": ["recipient", "code"]}, base)
    assert (sheet.kind_pt, sheet.body_top_mm) == (50, 110)
    assert sheet.elements == {Element.RECIPIENT, Element.CODE}


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"colour": 3}, "không có ô “colour”"),
        ({"kind_pt": 500}, "Cỡ chữ GIẤY KHEN phải từ 20 đến 72 pt"),
        ({"kind_pt": "to"}, "Cỡ chữ GIẤY KHEN phải từ"),
        ({"kind_pt": None}, "Cỡ chữ GIẤY KHEN phải từ"),
        ({"kind_pt": True}, "Cỡ chữ GIẤY KHEN phải từ"),
        ({"body_top_mm": float("nan")}, "Mép trên phần nội dung phải từ"),
        ({"body_top_mm": float("inf")}, "Mép trên phần nội dung phải từ"),
        ({"body_top_mm": 146}, "thấp hơn mép trên ít nhất 15 mm"),
        ({"code_left_mm": 285}, "“Mã QR kiểm tra” ra ngoài tờ giấy"),
        ({"golden_number_at_mm": 215}, "“Số sổ vàng” ra ngoài tờ giấy ở phía dưới"),
        ({"width_mm": 200}, "chiều ngang tờ giấy phải lớn hơn"),
        ({"elements": []}, "ít nhất một thành phần"),
        ({"elements": ["seal"]}, "không có thành phần"),
        ({"elements": "code"}, "phải là một danh sách"),
        ({"elements": [["code"]]}, "không có thành phần"),
    ],
)
def test_an_impossible_layout_is_refused_with_the_name_of_its_field(terms, sentence):
    with pytest.raises(PaperError, match=sentence):
        CertificateSheet.of(terms)


def test_a_blank_takes_only_the_words_that_vary():
    blank = CertificateSheet(elements=VARIABLE_ELEMENTS)
    coded = dataclasses.replace(PAPER, verify_url="https://kiem-tra.invalid/k/7Q4M2XKD")
    content = print_certificates_together([coded], blank)
    said = text_of(content, "-raw").split("\n")
    assert said[0] == PAPER.recipient_name
    assert "GIẤY KHEN" not in said
    assert "TẶNG" not in said
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert "/XObject" not in opened.pages[0].Resources
    without = blank.of({"elements": VARIABLE_ELEMENTS - {"code", "signer_name"}})
    assert PAPER.signer_name not in text_of(print_certificates_together([coded], without))


def test_a_certificate_of_which_nothing_is_printed_is_an_empty_page():
    sheet = CertificateSheet(elements=frozenset({Element.CODE}))
    coded = dataclasses.replace(PAPER, verify_url="https://kiem-tra.invalid/k/7Q4M2XKD")
    for papers in ([PAPER], [coded, PAPER]):
        with pikepdf.open(io.BytesIO(print_certificates_together(papers, sheet))) as opened:
            assert len(opened.pages) == len(papers)


@pytest.mark.parametrize("element", Element)
def test_each_element_prints_its_own_part_alone(element):
    coded = dataclasses.replace(PAPER, verify_url="https://kiem-tra.invalid/k/7Q4M2XKD")
    sheet = CertificateSheet(elements=frozenset({element}))
    content = print_certificates_together([coded], sheet, picture())
    drawn = Image.open(io.BytesIO(page_png(content, dpi=100))).convert("L")
    box = ImageChops.invert(drawn).getbbox()
    assert box
    if element != Element.FRAME:
        left, top, right, bottom = (edge / 100 * 25.4 for edge in box)
        room = sheet.boxes[element]
        assert room.left - 0.3 <= left <= right <= room.right + 0.3
        # The rule under the motto is part of the heading.
        assert room.top - 0.3 <= top <= bottom <= room.bottom + 1.5


# --- What a machine reads ------------------------------------------------------------------
def test_the_code_leads_to_the_page_of_the_certificate():
    address = "https://kiem-tra.invalid/k/7Q4M2XKD"
    coded = dataclasses.replace(PAPER, verify_url=address)
    picture = page_png(print_certificates_together([coded]), dpi=150)
    with Image.open(io.BytesIO(picture)) as opened:
        pixels = opened.convert("L")
    found = zxingcpp.read_barcodes(as_rows(pixels))
    assert [code.text for code in found] == [address]


def as_rows(picture):
    """Give the pixels as a buffer of two dimensions."""
    return memoryview(picture.tobytes()).cast("B", (picture.height, picture.width))


def test_a_certificate_is_tagged_in_the_order_of_reading():
    coded = dataclasses.replace(PAPER, verify_url="https://kiem-tra.invalid/k/7Q4M2XKD")
    content = print_certificates_together([coded, PAPER], emblem=picture())
    with pikepdf.open(io.BytesIO(content)) as opened:
        root = opened.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "vi"
        assert root.ViewerPreferences.DisplayDocTitle
        first, second = root.StructTreeRoot.K.K
        roles = [str(element.S)[1:] for element in first.K]
        assert roles == [*("Figure", "P", "P", "P", "P", "H1", "P", "P", "P"), "Figure", *"PPPPP"]
        told = [str(element.Alt) for element in first.K if "/Alt" in element]
        assert told == ["Quốc huy", "Mã QR dẫn tới trang kiểm tra giấy khen"]
        assert len(second.K) == len(roles) - 1
        owners = root.StructTreeRoot.ParentTree.Nums
        for number, (page, part) in enumerate(zip(opened.pages, (first, second), strict=True)):
            assert page.StructParents == number == owners[2 * number]
            stream = page.Contents.read_bytes()
            marked = re.findall(rb"/(\w+) <</MCID (\d+)>> BDC", stream)
            expected = [(str(e.S)[1:].encode(), b"%d" % e.K) for e in part.K]
            assert marked == expected
            # Whatever is drawn is marked, or an ornament.
            bare = re.sub(rb"/\w+ (<<[^>]*>> BDC|BMC).*?EMC", b"", stream, flags=re.DOTALL)
            assert not re.search(rb"(?<!\S)(Tj|re|Do|S|f)(?!\S)", bare)


def test_a_batch_of_certificates_needs_no_layout_engine():
    asked = "import sys, thidua.core.certificates; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


# --- The calibration sheet -----------------------------------------------------------------
def test_the_calibration_sheet_measures_from_the_edges_and_moves_with_the_shift():
    sheet = CertificateSheet(elements=VARIABLE_ELEMENTS)
    still, moved = (
        calibration_sheet(sheet, shift, "Máy in phòng Văn thư")
        for shift in (Shift(), Shift(1.2, -0.5))
    )
    assert still == calibration_sheet(sheet, Shift(), "Máy in phòng Văn thư")
    words = " ".join(text_of(moved).split())
    assert "Tờ căn chỉnh máy in: Máy in phòng Văn thư" in words
    assert "Đang bù: sang phải +1,2 mm, xuống dưới −0,5 mm." in words
    assert "mới = +1,2 + (20,0 − số đo được)" in words
    assert "đo được 21,2 mm thì nhập “Sang phải” 0,0." in words
    assert "thì nhập “Sang phải” −1,2." in " ".join(text_of(still).split())
    for content, (right, down) in ((still, (0, 0)), (moved, (1.2, -0.5))):
        drawn = Image.open(io.BytesIO(page_png(content, dpi=254))).convert("L")
        for x in (20, 297 - 20):
            for y in (20, 210 - 20):
                at = round((x + right) * 10), round((y + down) * 10)
                around = drawn.crop((at[0] - 2, at[1] - 2, at[0] + 3, at[1] + 3))
                assert around.getextrema()[0] < 90, (x, y)
    with pikepdf.open(io.BytesIO(still)) as opened, opened.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
