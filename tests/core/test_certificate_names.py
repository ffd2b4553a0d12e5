"""Names of any length: 5,000 invented certificates, read back and measured as they were printed."""

import dataclasses
import io
import itertools
import random
import re
import subprocess

import pypdfium2
import pytest
from PIL import Image, ImageChops

from thidua.core.certificates import (
    CertificatePaper,
    CertificateSheet,
    Element,
    Shift,
    print_certificates_together,
)
from thidua.core.linebreaks import balanced_lines
from thidua.core.raster import page_png
from thidua.core.text import compose

MM, HAIR = 25.4 / 72, 0.15
NAME_MOST, TITLE_MOST, ACHIEVEMENT_MOST = 200, 250, 500  # columns of a decision's line
VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
LETTERS = {*VOWELS, "đ", *VOWELS.upper(), "Đ"} - set("aeiouyAEIOUY")
FAMILIES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Quách",
    "Triệu",
    "Nông",
    "Lò",
    "Vi",
]
MIDDLES = [
    "Thị",
    "Văn",
    "Ngọc",
    "Thu",
    "Minh",
    "Đức",
    "Quang",
    "Hải",
    "Xuân",
    "Bích",
    "Như",
    "Tằng",
    "Tôn",
    "Nữ",
    "Khánh",
    "Thúy",
    "Hữu",
]
ONSETS = [
    "",
    *[
        "b",
        "c",
        "d",
        "đ",
        "g",
        "h",
        "k",
        "l",
        "m",
        "n",
        "p",
        "r",
        "s",
        "t",
        "v",
        "x",
        "ch",
        "gi",
        "kh",
        "ng",
        "ngh",
        "nh",
        "ph",
        "qu",
        "th",
        "tr",
    ],
]
CODAS = ["", *["c", "ch", "m", "n", "ng", "nh", "p", "t"]]
JOINED = ["H'Hen Niê", "Ksor H’Bơ Khăp", "Y’Moan Ênuôl", "K'Brẻo Mlô", "H'Lim Byă", "Rơ Ô H’Phiă"]
UNITS = ["Phòng", "Ban", "Tổ", "Đội", "Trung", "tâm", "Văn", "phòng", "Chi", "cục"]
WORK = [
    "thanh",
    "tra",
    "giải",
    "quyết",
    "khiếu",
    "nại,",
    "tố",
    "cáo",
    "và",
    "phòng,",
    "chống",
    "tham",
    "nhũng,",
    "lãng",
    "phí,",
    "tiêu",
    "cực;",
    "giám",
    "sát,",
    "kiểm",
    "tra,",
    "xử",
    "lý",
    "sau",
    "thanh",
    "tra,",
    "tiếp",
    "công",
    "dân,",
    "tổng",
    "hợp,",
    "nghiệp",
    "vụ,",
    "kinh",
    "tế,",
    "xã",
    "hội,",
    "khu",
    "vực",
]
PLACES = ["Thành phố Lạng Sơn", "Hữu Lũng", "Cao Lộc", "Bà Rịa - Vũng Tàu", "Đắk Lắk", "Ba Vì"]
DUTIES = ["Trưởng phòng", "Phó Trưởng phòng phụ trách", "Thanh tra viên chính", "Chuyên viên"]
DEED = (
    "Đã có thành tích xuất sắc trong đợt thi đua chào mừng kỷ niệm 80 năm Ngày Tổng tuyển cử đầu "
    "tiên bầu Quốc hội Việt Nam (06/01/1946 - 06/01/2026)"
)
DEEDS = (DEED, "Đã có thành tích tiêu biểu trong phong trào thi đua năm 2025")
LONG_DEED = " ".join(itertools.repeat(f"{DEED}, góp phần hoàn thành 15 nhiệm vụ;", 4))
BASE = CertificatePaper(
    recipient_name="",
    achievement=DEED,
    decision_line="Số quyết định: 15/QĐ-TTr ngày 05 tháng 01 năm 2026",
    golden_number="Số sổ vàng: 03",
    place_date="Lạng Sơn, ngày 05 tháng 01 năm 2026",
    signer_title="KT. CHÁNH THANH TRA\nPHÓ CHÁNH THANH TRA",
    signer_name="Vũ Đình Thắng",
    authority="CHÁNH THANH TRA TỈNH LẠNG SƠN",
)
TEXTS = frozenset(Element) - {Element.FRAME, Element.EMBLEM, Element.CODE}
SHEET = CertificateSheet(elements=TEXTS)


def cut(text, most):
    return compose(text[:most]).strip(" ,;-")


def syllable(chance, vowel):
    return f"{chance.choice(ONSETS)}{vowel}{chance.choice(CODAS)}".capitalize()


def person(chance):
    if chance.random() < 0.1:
        return chance.choice(JOINED)
    middles = chance.sample(MIDDLES, chance.choice((0, 1, 1, 2, 3, 6)))
    return " ".join([chance.choice(FAMILIES), *middles, syllable(chance, chance.choice(VOWELS))])


def unit(chance, most):
    words = [chance.choice(WORK) for _ in range(chance.randint(2, 40))]
    number = f" {chance.randint(1, 12)}" if chance.random() < 0.3 else ""
    name = f"{chance.choice(UNITS)} {' '.join(words).capitalize()}{number} {chance.choice(PLACES)}"
    return cut(name, most)


def invented(chance):
    collective = chance.random() < 0.35
    title = "" if chance.random() < 0.1 else f"{chance.choice(DUTIES)}, {unit(chance, TITLE_MOST)}"
    return dataclasses.replace(
        BASE,
        recipient_name=unit(chance, NAME_MOST) if collective else person(chance),
        recipient_title=cut(title, TITLE_MOST),
        achievement=LONG_DEED[:ACHIEVEMENT_MOST]
        if chance.random() < 0.01
        else chance.choice(DEEDS),
    )


def longest():
    """Return what the columns hold at most: ordinary words, capitals, wide letters, one word."""
    chance = random.Random(7)
    words = " ".join(f"{unit(chance, 200)} {person(chance)}" for _ in range(12))
    wide = "WƯỚNG MẪM " * 60
    for text in (words, words.upper(), wide, " – ".join(words.split(" ")), f"{'H’Ŵ Wm ' * 80}"):
        yield dataclasses.replace(
            BASE,
            recipient_name=cut(text, NAME_MOST),
            recipient_title=cut(text[9:], TITLE_MOST),
            achievement=cut(text[18:], ACHIEVEMENT_MOST),
        )
    yield dataclasses.replace(BASE, recipient_name="Ẫ" * 60, recipient_title="Ỷ" * 90)
    yield dataclasses.replace(
        BASE,
        recipient_name="Ặ",
        authority="ỦY BAN NHÂN DÂN THÀNH PHỐ " * 7,
        decision_line=BASE.decision_line + " của Chánh Thanh tra thành phố Hồ Chí Minh",
        place_date="Bà Rịa - Vũng Tàu và Thành phố Hồ Chí Minh, ngày 05 tháng 01 năm 2026",
        signer_title=cut("QUYỀN CHỦ NHIỆM ỦY BAN KIỂM TRA " * 4, 100),
        signer_name=cut("Công Tằng Tôn Nữ Thị Huyền " * 5, 120),
    )


def printed_lines(content):
    """Give for each page its lines as the renderer places them: text, and the box of its ink."""
    document = pypdfium2.PdfDocument(content)
    for leaf in document:
        page, height = leaf.get_textpage(), leaf.get_height()
        lines = []
        for index in range(page.count_rects()):
            left, bottom, right, top = page.get_rect(index)
            text = page.get_text_bounded(left, bottom, right, top)
            if text.endswith(" "):  # the blank between two lines has no ink
                blank = page.get_index(right - 0.2, (bottom + top) / 2, 0.5, top - bottom)
                right = page.get_charbox(blank)[0]
            edges = (left, height - top, right, height - bottom)
            lines.append((text.strip(), *(edge * MM for edge in edges)))
        yield lines


def printed_words(content):
    """Give the words of a page with their boxes in millimetres: bottoms follow the baseline."""
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
    )
    word = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    found = re.findall(word, done.stdout.decode())
    return [(text, *(float(edge) * MM for edge in edges)) for *edges, text in found]


def expected(paper):
    return {
        Element.HEADING: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        Element.AUTHORITY: paper.authority,
        Element.GIVEN: paper.given,
        Element.KIND: paper.kind,
        Element.RECIPIENT: f"{paper.recipient_name} {paper.recipient_title} {paper.achievement}",
        Element.DECISION: paper.decision_line,
        Element.GOLDEN_NUMBER: paper.golden_number,
        Element.PLACE_DATE: paper.place_date,
        Element.SIGNER_TITLE: paper.signer_title,
        Element.SIGNER_NAME: paper.signer_name,
    }


def in_boxes(lines, sheet=SHEET):
    """Sort the lines of a page into the boxes that hold them whole; refuse one that none holds."""
    found = {element: [] for element in sheet.boxes}
    for text, left, top, right, bottom in lines:
        homes = [
            element
            for element, box in sheet.boxes.items()
            # An italic letter leans a hair out of its own width.
            if box.left - HAIR <= left
            and right <= box.right + HAIR
            and box.top <= top
            and bottom <= box.bottom
        ]
        assert len(homes) == 1, f"{text} at {left:.1f} {top:.1f} to {right:.1f} {bottom:.1f}"
        found[homes[0]].append(text)
    return found


@pytest.fixture(scope="module")
def papers():
    chance = random.Random(2026)
    every_letter = [
        dataclasses.replace(BASE, recipient_name=f"Nông Thị {letter}n")
        for letter in sorted(LETTERS)
    ]
    tail = [invented(chance) for _ in range(5000 - len(every_letter))]
    return [*every_letter, *tail, *longest()]


@pytest.fixture(scope="module")
def pages(papers):
    return list(printed_lines(print_certificates_together(papers, SHEET)))


def test_no_two_boxes_of_the_sheet_touch():
    for (one, a), (other, b) in itertools.combinations(CertificateSheet().boxes.items(), 2):
        apart = a.right <= b.left or b.right <= a.left or a.bottom <= b.top or b.bottom <= a.top
        assert apart, f"{one} {other}"


def test_every_letter_and_every_length_is_among_the_names(papers):
    assert len(LETTERS) == 134
    assert set("".join(paper.recipient_name for paper in papers)) >= LETTERS
    assert max(len(paper.recipient_name) for paper in papers) >= NAME_MOST - 2
    assert max(len(paper.recipient_title) for paper in papers) >= TITLE_MOST - 2
    assert max(len(paper.achievement) for paper in papers) >= ACHIEVEMENT_MOST - 2


def test_no_word_leaves_its_box_and_none_is_lost(papers, pages):
    assert len(pages) == len(papers)
    for paper, lines in zip(papers, pages, strict=True):
        said = {element: " ".join(texts) for element, texts in in_boxes(lines).items()}
        for element, text in expected(paper).items():
            assert said[element].replace(" ", "") == "".join(text.split()), paper.recipient_name


def test_no_ugly_breaks(papers, pages):
    for paper, lines in zip(papers[:5000], pages, strict=False):
        broken = [text.split() for text in in_boxes(lines)[Element.RECIPIENT]]
        whole = {tuple(paper.recipient_name.split()), tuple(paper.recipient_title.split())}
        for line in broken:
            if len(line) == 1 and tuple(line) not in whole:
                assert len(line[0]) > 7, broken
            assert line[-1] not in {"-", "Phòng", "H'Hen", "H’Bơ", "Ksor"}, broken
        if paper.recipient_name in JOINED:
            assert paper.recipient_name.split() == broken[0]
        for line, following in itertools.pairwise(broken):
            if line[-1].isdigit() and following[0].isalpha():
                assert " ".join([line[-1], following[0]]) not in paper.recipient_title


@pytest.mark.parametrize("shift", [Shift(), Shift(1.5, -0.8)])
def test_text_stands_where_the_sheet_says(shift):
    sheet = CertificateSheet.of(
        {"golden_number_at_mm": 190.3, "footer_left_mm": 41.7, "signer_centre_mm": 213.2},
        CertificateSheet(elements=frozenset({Element.GOLDEN_NUMBER, Element.PLACE_DATE})),
    )
    words = printed_words(print_certificates_together([BASE], sheet, shift=shift))
    descent = 0.216 * sheet.footer_pt * MM
    number = [word for word in words if word[0] in "Số sổ vàng: 03"]
    day = [word for word in words if word not in number or word[0] == "03,"]
    assert number[0][1] - shift.right_mm == pytest.approx(41.7, abs=0.3)
    assert number[0][4] - descent - shift.down_mm == pytest.approx(190.3, abs=0.3)
    centre = (day[0][1] + day[-1][3]) / 2
    assert centre - shift.right_mm == pytest.approx(213.2, abs=0.3)
    assert day[0][4] - descent - shift.down_mm == pytest.approx(153, abs=0.3)


def ink(content, dpi=300):
    picture = Image.open(io.BytesIO(page_png(content, dpi=dpi))).convert("L")
    return ImageChops.invert(picture)


@pytest.mark.parametrize("paper", [*longest(), invented(random.Random(3))], ids=range(8))
def test_no_ink_leaves_the_boxes(paper):
    """At 300 dpi: what stands above or below a letter is ink too."""
    sheet = CertificateSheet(elements=TEXTS - {Element.HEADING})
    picture = ink(print_certificates_together([paper], sheet))
    scale = 300 / 25.4
    for element, box in sheet.boxes.items():
        outward = zip(box, (-HAIR, -HAIR, HAIR, HAIR), strict=True)
        place = tuple(round((edge + hair) * scale) for edge, hair in outward)
        assert picture.crop(place).getbbox(), element
        picture.paste(0, place)
    assert picture.getbbox() is None


def test_a_shift_moves_the_ink_by_as_much():
    still, moved = (
        ink(print_certificates_together([BASE], shift=shift)).getbbox()
        for shift in (Shift(), Shift(2, -1))
    )
    for before, after, millimetres in zip(still, moved, (2, -1, 2, -1), strict=True):
        assert (after - before) / 300 * 25.4 == pytest.approx(millimetres, abs=0.1)


def test_the_batch_has_a_page_for_each(papers):
    content = print_certificates_together(papers[:7], SHEET)
    assert len(pypdfium2.PdfDocument(content)) == 7


@pytest.mark.parametrize(
    ("text", "never_last"),
    [
        (
            (
                "Thanh tra viên chính, Phó Trưởng Phòng Nghiệp vụ 2, kiêm nhiệm tại Phòng Thanh tra "
                "giải quyết khiếu nại, tố cáo"
            ),
            {"Phòng"},
        ),
        (
            "Già làng Ksor H’Bơ Khăp, nghệ nhân H'Hen Niê và Y’Moan Ênuôl",
            {"Ksor", "H’Bơ", "H'Hen", "Y’Moan"},
        ),
    ],
)
def test_a_name_is_not_torn_at_any_width(text, never_last):
    for width in range(40, 200):
        lines = balanced_lines(text, "regular", 14, width)
        assert not never_last & {line.split()[-1] for line in lines}, lines
