"""Giấy khen: the sheet of decree 98/2023, article 104, read back from what was printed."""

import dataclasses
import io
import re
import subprocess
import unicodedata

import pikepdf
import pytest
from PIL import Image

from thidua.core.certificates import (
    CertificatePaper,
    CertificateSheet,
    print_certificates,
    print_certificates_together,
)
from thidua.core.pdf import PaperError

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
    paper = dataclasses.replace(PAPER, achievement=PAPER.achievement * 12)
    with pytest.raises(PaperError, match="Nguyễn Thị Thu Hằng"):
        print_certificates([paper])


def test_a_letter_without_a_glyph_is_refused():
    with pytest.raises(PaperError, match="漢"):
        print_certificates([dataclasses.replace(PAPER, recipient_name="Nguyễn 漢")])


def test_no_papers_no_print():
    with pytest.raises(PaperError, match="Không có giấy khen"):
        print_certificates_together([])
