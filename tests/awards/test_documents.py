"""The papers of an award: what each must say is read back from its PDF."""

import dataclasses
import datetime as dt
import hashlib
import io
import re
import subprocess

import pikepdf
import pytest

from awards.documents import (
    AchievementReportPaper,
    CouncilItem,
    CouncilMinutes,
    DecisionPaper,
    DecisionRow,
    Nominee,
    Participant,
    Receipt,
    ReportSection,
    SubmissionLetterPaper,
    UnitLetter,
    UnitMinutes,
    UnitVote,
)
from thidua.core import clock
from thidua.core.documents import (
    Signature,
    render_html,
    render_pdf,
)

UNIT = {"parent_body": "THANH TRA TỈNH THỬ", "body": "PHÒNG NGHIỆP VỤ 1"}
AGENCY = {"parent_body": "UBND TỈNH THỬ", "body": "THANH TRA TỈNH"}
SIGNED = {"place": "Thử", "signed_on": dt.date(2026, 1, 5)}
GIAY_KHEN, BANG_KHEN = "Giấy khen của Chánh Thanh tra", "Bằng khen của Chủ tịch UBND tỉnh"
CAMPAIGN = "Đợt thi đua chào mừng 80 năm Ngày Tổng tuyển cử đầu tiên bầu Quốc hội Việt Nam"
BASES = (
    "Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022",
    "Thực hiện Kế hoạch số 45/KH-TTr ngày 27 tháng 5 năm 2024 của Thanh tra tỉnh",
)
NOMINEES = (
    Nominee("Phòng Nghiệp vụ 1", "Thanh tra tỉnh Thử", BANG_KHEN, 8, 9),
    Nominee("Nguyễn Thị Mẫu", "Thanh tra viên, Phòng Nghiệp vụ 1", GIAY_KHEN, 9, 9),
)
CHAIR = Participant("Hoàng Văn Mẫu", "Trưởng phòng")
SECRETARY = Participant("Lý Thị Ví Dụ", "Thanh tra viên")
MEETING = {
    "number": "02",
    "started_at": dt.datetime(2025, 11, 19, 14, 0, tzinfo=clock.VIET_NAM),
    "ended_at": dt.datetime(2025, 11, 19, 15, 30, tzinfo=clock.VIET_NAM),
    "venue": "Phòng họp tầng 2",
    "present": (CHAIR, SECRETARY),
    "absent": (Participant("Vi Văn Thử", "", "nghỉ ốm"),),
    "chair": CHAIR,
    "secretary": SECRETARY,
    "matters": ("Cuộc họp thảo luận và biểu quyết đối với từng tập thể, cá nhân.",),
    "conclusion": ("Cuộc họp thống nhất đề nghị khen thưởng.",),
}

UNIT_LETTER = UnitLetter(
    **UNIT,
    **SIGNED,
    number="05",
    symbol="TTr-NV1",
    subject="Về việc đề nghị khen thưởng",
    addressees=("Chánh Thanh tra tỉnh (qua Văn phòng)",),
    legal_bases=BASES,
    paragraphs=("Phòng Nghiệp vụ 1 đề nghị xét khen thưởng, gồm:",),
    nominees=NOMINEES,
    closing="Kính đề nghị Chánh Thanh tra tỉnh xem xét, quyết định",
    signature=Signature(("TRƯỞNG PHÒNG",), "Hoàng Văn Mẫu"),
    recipients=("Như trên", "Lưu: NV1"),
)
SUBMISSION = SubmissionLetterPaper(
    **AGENCY,
    place="Thử",
    symbol="TTr-TTr",
    subject="Về việc đề nghị tặng Bằng khen của Chủ tịch UBND tỉnh",
    addressees=("Chủ tịch Ủy ban nhân dân tỉnh Thử", "Sở Nội vụ"),
    legal_bases=BASES,
    nominees=NOMINEES[:1],
    closing="Thanh tra tỉnh kính đề nghị Chủ tịch Ủy ban nhân dân tỉnh xem xét, quyết định",
    signature=Signature(("CHÁNH THANH TRA",), "Vũ Đình Mẫu"),
    recipients=("Như trên", "Lưu: VT, VP"),
)
UNIT_MINUTES = UnitMinutes(
    **UNIT,
    **MEETING | {"present": (), "absent": ()},  # counts alone, as minutes were written once
    symbol="BB-NV1",
    subject="Họp xét đề nghị khen thưởng",
    total=3,
    present_count=2,
    absent_note="01 người đi công tác",
    votes=(UnitVote("Nguyễn Thị Mẫu", "Thanh tra viên", GIAY_KHEN, 1, 1),),
)
COUNCIL_MINUTES = CouncilMinutes(
    parent_body="THANH TRA TỈNH THỬ",
    body="HỘI ĐỒNG\nTHI ĐUA - KHEN THƯỞNG",
    **MEETING,
    symbol="BB-HĐ",
    subject="Họp xét đề nghị tặng Bằng khen",
    total=9,
    established_by="Quyết định số 12/QĐ-TTr",
    rule="Một đề nghị được thông qua khi có từ 80% tổng số thành viên đồng ý.",
    items=(
        CouncilItem(
            "Phòng Nghiệp vụ 1",
            "Thanh tra tỉnh Thử",
            BANG_KHEN,
            eligible=8,
            agree=8,
            disagree=0,
            total=9,
            outcome="Thông qua",
            left_out=("Trần Văn Thử (Trưởng phòng của tập thể được đề nghị)",),
        ),
    ),
    dissent=("Ông Vi Văn Thử đề nghị bổ sung số liệu.",),
    recipients=("Lưu: VT, HS",),
)
REPORT = AchievementReportPaper(
    **UNIT,
    **SIGNED,
    form_label="Mẫu số 07",
    award_form="Giấy khen của Chánh Thanh tra tỉnh",
    name="Nguyễn Thị Mẫu",
    position="Thanh tra viên",
    sections=(
        ReportSection("I", "Thông tin chung"),
        ReportSection("1", "Đơn vị công tác", 2, "Phòng Nghiệp vụ 1.\n\nThanh tra tỉnh Thử."),
        ReportSection("II", "Thành tích đạt được", 1, "Thu hồi 1.250 triệu đồng <b>& hơn</b>."),
    ),
    pledge="Tôi cam kết những nội dung trên là đúng.",
    signed=(
        Signature(("THỦ TRƯỞNG ĐƠN VỊ",), "Hoàng Văn Mẫu"),
        Signature(("NGƯỜI BÁO CÁO",), "Nguyễn Thị Mẫu", "(Ký, ghi rõ họ và tên)"),
        Signature(("XÁC NHẬN CỦA CẤP TRÌNH KHEN THƯỞNG",)),
    ),
)
DECISION = DecisionPaper(
    **AGENCY,
    **SIGNED,
    number="15",
    symbol="QĐ-TTr",
    subject="Về việc tặng Giấy khen của Chánh Thanh tra tỉnh",
    authority="CHÁNH THANH TRA TỈNH THỬ",
    legal_bases=(*BASES, "Theo đề nghị của Chánh Văn phòng Thanh tra tỉnh"),
    articles=(
        "Tặng Giấy khen cho 01 tập thể và 02 cá nhân (có danh sách kèm theo).",
        "Tiền thưởng kèm theo Giấy khen thực hiện theo quy định.",
        (
            "Chánh Văn phòng và các tập thể, cá nhân có tên tại Điều 1 chịu trách nhiệm thi hành"
            " Quyết định này"
        ),
    ),
    signature=Signature(("KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA"), "Vũ Đình Mẫu"),
    recipients=("Như Điều 3", "Lưu: VT, HS"),
    issuer="Chánh Thanh tra tỉnh Thử",
    collectives=(DecisionRow(1, "Phòng Nghiệp vụ 1", "Thanh tra tỉnh Thử"),),
    individuals=(
        DecisionRow(2, "Nguyễn Thị Mẫu", "Thanh tra viên"),
        DecisionRow(3, "Trần Văn Thử", "Chuyên viên"),
    ),
)
RECEIPT = Receipt(
    **AGENCY,
    **SIGNED,
    code="BN-2025-0007",
    submitted_at=dt.datetime(2025, 11, 20, 2, 41, tzinfo=dt.UTC),
    submitted_by="Hoàng Văn Mẫu, Trưởng phòng",
    unit="Phòng Nghiệp vụ 1",
    campaign=CAMPAIGN,
    nominees=NOMINEES,
    content_hash=hashlib.sha256(b"").hexdigest(),
)
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

WHAT_EACH_SAYS = [
    (
        UNIT_LETTER,
        (
            "THANH TRA TỈNH THỬ|PHÒNG NGHIỆP VỤ 1|Số: 05/TTr-NV1|Thử, ngày 05 tháng 01 năm 2026"
            "|TỜ TRÌNH|Về việc đề nghị khen thưởng|Kính gửi: Chánh Thanh tra tỉnh (qua Văn phòng)."
            "|ngày 15 tháng 6 năm 2022;|của Thanh tra tỉnh.|8/9|Nguyễn Thị Mẫu|quyết định./."
            "|Nơi nhận:|- Như trên;|- Lưu: NV1.|TRƯỞNG PHÒNG|Hoàng Văn Mẫu"
        ),
    ),
    (
        SUBMISSION,
        (
            "UBND TỈNH THỬ|/TTr-TTr|Thử, ngày tháng năm|- Chủ tịch Ủy ban nhân dân tỉnh Thử;"
            "|- Sở Nội vụ.|xem xét, quyết định./.|CHÁNH THANH TRA|Vũ Đình Mẫu"
        ),
    ),
    (
        UNIT_MINUTES,
        (
            "BIÊN BẢN|Số: 02/BB-NV1|Thời gian bắt đầu: 14 giờ 00 phút, ngày 19 tháng 11 năm 2025."
            "|Địa điểm: Phòng họp tầng 2.|Thành phần tham dự:|Có mặt: 2 người."
            "|Vắng mặt: 1 người: 01 người đi công tác.|Chủ trì (chủ tọa): Hoàng Văn Mẫu"
            "|Thư ký (người ghi biên bản): Lý Thị Ví Dụ|Nội dung (theo diễn biến cuộc họp):|1/2"
            "|Cuộc họp kết thúc vào 15 giờ 30 phút, ngày 19 tháng 11 năm 2025./.|THƯ KÝ|CHỦ TỌA"
        ),
    ),
    (
        COUNCIL_MINUTES,
        (
            "HỘI ĐỒNG|THI ĐUA - KHEN THƯỞNG|Tổng số thành viên Hội đồng theo Quyết định số 12/QĐ-TTr:"
            " 9 người.|từ 80% tổng số thành viên|8/9|88,9%|Thông qua|Không tham gia biểu quyết"
            "|Trần Văn Thử|Ý kiến khác:|THƯ KÝ|CHỦ TỌA|- Lưu: VT, HS."
        ),
    ),
    (
        REPORT,
        (
            "Mẫu số 07|BÁO CÁO THÀNH TÍCH|ĐỀ NGHỊ TẶNG GIẤY KHEN CỦA CHÁNH THANH TRA TỈNH"
            "|Nguyễn Thị Mẫu, Thanh tra viên|(Ghi đầy đủ bằng chữ in thường, không viết tắt)"
            "|I. THÔNG TIN CHUNG|1. Đơn vị công tác|II. THÀNH TÍCH ĐẠT ĐƯỢC"
            "|Thu hồi 1.250 triệu đồng <b>& hơn</b>.|Tôi cam kết|NGƯỜI BÁO CÁO"
            "|XÁC NHẬN CỦA CẤP TRÌNH KHEN THƯỞNG"
        ),
    ),
    (
        DECISION,
        (
            "Số: 15/QĐ-TTr|QUYẾT ĐỊNH|CHÁNH THANH TRA TỈNH THỬ|QUYẾT ĐỊNH:|Điều 1. Tặng Giấy khen"
            "|Điều 2. Tiền thưởng|Điều 3. Chánh Văn phòng|Quyết định này./.|KT. CHÁNH THANH TRA"
            "|PHÓ CHÁNH THANH TRA|- Như Điều 3;|DANH SÁCH TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG GIẤY KHEN"
            "|(Kèm theo Quyết định số 15/QĐ-TTr ngày 05 tháng 01 năm 2026 của Chánh Thanh tra tỉnh Thử)"
            "|I. TẬP THỂ|II. CÁ NHÂN|3 Trần Văn Thử"
        ),
    ),
    (
        RECEIPT,
        (
            "BIÊN NHẬN HỒ SƠ|BN-2025-0007|09:41:00, ngày 20 tháng 11 năm 2025"
            "|Hoàng Văn Mẫu, Trưởng phòng|e3b0c442 98fc1c14 9afbf4c8 996fb924"
            "|27ae41e4 649b934c a495991b 7852b855"
        ),
    ),
]


def pages_of(content, *options):
    done = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True
    )
    return [" ".join(text.split()) for text in done.stdout.decode().split("\f")[:-1]]


def boxes_of(content):
    """Yield (page, word, left, top, right, bottom) in millimetres."""
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
    )
    for number, page in enumerate(done.stdout.decode().split("<page ")[1:], 1):
        for *edges, word in re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', page
        ):
            yield (number, word, *(float(edge) / 72 * 25.4 for edge in edges))


@pytest.mark.parametrize(
    ("paper", "phrases"), WHAT_EACH_SAYS, ids=[type(p).__name__ for p, _ in WHAT_EACH_SAYS]
)
def test_each_paper_says_what_it_must_and_keeps_the_margins(paper, phrases, caplog):
    content = render_pdf(paper)
    assert caplog.records == []
    text = " ".join(pages_of(content))
    for phrase in (*NATION, *phrases.split("|")):
        assert phrase in text
    for _, word, left, top, right, bottom in boxes_of(content):
        if not word.isdigit():  # page numbers stand in the top margin
            assert left > 29.5
            assert right < 190.5
            assert top > 19
            assert bottom < 277.5
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert str(opened.docinfo.Title) == paper.title
        assert [round(float(x) / 72 * 25.4) for x in opened.pages[0].mediabox[2:]] == [210, 297]
        for page in opened.pages:
            assert not page.get_images()  # no picture: no signature, no seal
            for font in page.Resources.Font.values():
                assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
                assert "Official-Serif" in str(font.BaseFont)


def test_the_same_paper_has_the_same_bytes():
    assert render_pdf(DECISION) == render_pdf(dataclasses.replace(DECISION))


def test_minutes_carry_no_place_and_day():
    assert "Thử, ngày" not in render_html(UNIT_MINUTES)


def test_minutes_of_a_meeting_not_yet_closed_leave_room():
    paper = dataclasses.replace(UNIT_MINUTES, ended_at=None, total=2)
    text = " ".join(pages_of(render_pdf(paper)))
    assert "Vắng mặt: Không." in text
    assert "kết thúc vào …… giờ …… phút" in text


def test_page_numbers_begin_on_the_second_page_and_the_annex_has_its_own():
    rows = tuple(DecisionRow(n, f"Người Mẫu {n}", "Chuyên viên") for n in range(1, 90))
    pages = pages_of(render_pdf(dataclasses.replace(DECISION, collectives=(), individuals=rows)))
    assert pages[0].startswith("UBND TỈNH THỬ")
    assert pages[1].startswith("DANH SÁCH")
    assert [page.split()[:2] for page in pages[2:]] == [
        [str(n), "STT"] for n in range(2, len(pages))
    ]
    assert "I. CÁ NHÂN" not in pages[1]
    for n in range(1, 90):
        assert sum(f"Người Mẫu {n} Chuyên viên" in page for page in pages) == 1


def test_a_signature_is_never_alone_on_a_page():
    for count in range(1, 16):
        paper = dataclasses.replace(
            UNIT_LETTER,
            paragraphs=("Một đoạn văn bản vừa đủ dài để chiếm hai dòng trên trang giấy này. " * 2,)
            * count,
        )
        last = pages_of(render_pdf(paper))[-1]
        assert "Hoàng Văn Mẫu" in last
        assert "xem xét, quyết định./." in last


def test_the_rule_of_an_issuer_is_a_part_of_its_name_and_the_motto_s_is_whole():
    content = render_pdf(DECISION)
    with pikepdf.open(io.BytesIO(content)) as opened:
        drawn = pikepdf.parse_content_stream(opened.pages[0])
    widths = sorted(
        {
            round(float(operands[2]), 1)
            for operands, operator in drawn
            if str(operator) == "re" and 0 < abs(float(operands[3])) < 3
        }
    )
    words = list(boxes_of(content))
    motto = [box for box in words if box[0] == 1 and box[1] in {"Độc", "phúc"}][:2]
    motto_width = motto[1][4] - motto[0][2]
    issuer = [box for box in words if box[0] == 1 and box[1] in {"THANH", "TỈNH"} and box[3] < 32]
    issuer_width = max(b[4] for b in issuer) - min(b[2] for b in issuer)
    in_mm = [width * scale for width in widths for scale in (25.4 / 72, 25.4 / 96)]
    assert any(abs(width - motto_width) < 1 for width in in_mm)
    assert any(issuer_width / 3 <= width <= issuer_width / 2 for width in in_mm)


def test_facts_cannot_become_markup():
    evil = '<img src="file:///etc/passwd"><script>x</script>'
    paper = dataclasses.replace(UNIT_LETTER, subject=evil, paragraphs=(evil,), closing=evil)
    text = " ".join(pages_of(render_pdf(paper)))
    assert text.count("<script>x</script>") == 3


def test_the_ratio_is_rounded_half_up():
    def ratio(agree, total):
        return CouncilItem("a", "", "", 9, agree, 0, total, "").ratio

    assert [ratio(8, 9), ratio(7, 9), ratio(9, 9), ratio(0, 9), ratio(1, 0)] == [
        "88,9%",
        "77,8%",
        "100,0%",
        "0,0%",
        "",
    ]
