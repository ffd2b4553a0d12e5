"""Three samples of every kind of document: short, long, and with all that is optional left out.

The people are invented.
"""

import datetime as dt
import functools
import hashlib
import importlib.util

from django.apps import apps

from awards.documents import (
    AchievementReportPaper,
    CouncilItem,
    CouncilMinutes,
    DecisionPaper,
    DecisionRow,
    DossierCover,
    MoneyLine,
    MoneyListPaper,
    Nominee,
    Participant,
    Receipt,
    ReportSection,
    SubmissionLetterPaper,
    SummaryLine,
    SummaryPaper,
    UnitLetter,
    UnitMinutes,
    UnitVote,
)
from campaigns.documents import AnnouncementPaper, PlanPaper, PlanPart
from thidua.core import clock
from thidua.core.documents import (
    Column,
    ListTable,
    OfficialPaper,
    PartPlace,
    Row,
    Signature,
    render_pdf,
)
from thidua.core.word_writing import render_docx

UNIT = {"parent_body": "THANH TRA TỈNH THỬ", "body": "PHÒNG NGHIỆP VỤ 1"}
AGENCY = {"parent_body": "UBND TỈNH THỬ", "body": "THANH TRA TỈNH"}
LONG_UNIT = {
    "parent_body": "THANH TRA TỈNH THỬ",
    "body": "PHÒNG TIẾP CÔNG DÂN, XỬ LÝ ĐƠN\nVÀ GIÁM SÁT SAU THANH TRA",
}
SIGNED = {"place": "Thử", "signed_on": dt.date(2026, 1, 5)}
GIAY_KHEN, BANG_KHEN = "Giấy khen của Chánh Thanh tra", "Bằng khen của Chủ tịch UBND tỉnh"
CAMPAIGN = "Chào mừng 80 năm Ngày Tổng tuyển cử đầu tiên bầu Quốc hội Việt Nam"
LONG_SUBJECT = (
    "Về việc đề nghị khen thưởng các tập thể, cá nhân có thành tích xuất sắc trong đợt thi đua "
    "lập thành tích chào mừng “Kỷ niệm 80 năm Ngày Tổng tuyển cử đầu tiên bầu Quốc hội Việt Nam” "
    "(06/01/1946 - 06/01/2026)"
)
BASES = (
    "Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022",
    (
        "Căn cứ Nghị định số 152/2025/NĐ-CP ngày 14 tháng 6 năm 2025 của Chính phủ quy định về phân "
        "cấp, phân quyền trong lĩnh vực thi đua, khen thưởng"
    ),
    "Theo đề nghị của Chánh Văn phòng Thanh tra tỉnh",
)
PROSE = (
    "Trong đợt thi đua, tập thể và các cá nhân đã hoàn thành 12 cuộc thanh tra theo kế hoạch, "
    "kiến nghị thu hồi 1.250 triệu đồng, xử lý kịp thời 100% đơn thuộc thẩm quyền và thực hiện tốt "
    "quy chế tiếp công dân; không có vụ việc tồn đọng kéo dài, không để xảy ra điểm nóng về khiếu "
    "nại, tố cáo trên địa bàn."
)
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
    "Triệu",
    "Nông",
    "Vi",
]
MIDDLES = ["Thị", "Văn", "Thị Phương", "Đình", "Nguyễn Thùy", "Công Huyền Tôn Nữ"]
GIVENS = [
    "Mẫu",
    "Thử",
    "Ngọc",
    "Hằng",
    "Quỹ",
    "Nghiệm",
    "Khuyển",
    "Thoảng",
    "Đạt",
    "Bích",
    "Uyển",
    "Ỷ",
    "Loan",
]
POSITIONS = (
    "Thanh tra viên",
    "Phó Trưởng phòng, Phòng Nghiệp vụ 2",
    "Thanh tra viên chính, Phòng Tiếp công dân, xử lý đơn và giám sát sau thanh tra",
)
HEAD, CLERK = "Hoàng Văn Mẫu", "Lý Thị Ví Dụ"
BY_HEAD = Signature(("TRƯỞNG PHÒNG",), HEAD)
BY_CHIEF = Signature(("CHÁNH THANH TRA",), "Vũ Đình Mẫu")
BY_DEPUTY = Signature(("KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA"), "Đặng Thị Phương Uyển")
MEETING = {
    "number": "02",
    "started_at": dt.datetime(2025, 11, 19, 14, 0, tzinfo=clock.VIET_NAM),
    "ended_at": dt.datetime(2025, 11, 19, 15, 30, tzinfo=clock.VIET_NAM),
    "venue": "Phòng họp tầng 2, trụ sở Thanh tra tỉnh Thử",
    "chair": Participant(HEAD, "Trưởng phòng"),
    "secretary": Participant(CLERK, "Thanh tra viên"),
}
BARE_MEETING = {
    "started_at": MEETING["started_at"],
    "venue": "Phòng họp",
    "chair": Participant(HEAD),
    "secretary": Participant(CLERK),
}


def name(number):
    family, middle, given = (
        FAMILIES[number % len(FAMILIES)],
        MIDDLES[number % len(MIDDLES)],
        GIVENS[number % len(GIVENS)],
    )
    return f"{family} {middle} {given}"


def position(number):
    return POSITIONS[number % len(POSITIONS)]


def nominees(count, form=GIAY_KHEN):
    first = Nominee("Phòng Nghiệp vụ 1", "Thanh tra tỉnh Thử", form, 8, 9)
    return (first, *(Nominee(name(n), position(n), form, 9, 9) for n in range(1, count)))


def rows(first, count):
    return tuple(DecisionRow(n, name(n), position(n)) for n in range(first, first + count))


UNIT_LETTER = {
    **UNIT,
    **SIGNED,
    "symbol": "TTr-NV1",
    "addressees": ("Chánh Thanh tra tỉnh",),
    "closing": "Kính đề nghị Chánh Thanh tra tỉnh xem xét, quyết định",
    "signature": BY_HEAD,
}
SUBMISSION = {
    **AGENCY,
    "place": "Thử",
    "symbol": "TTr-TTr",
    "subject": "Về việc đề nghị tặng Bằng khen của Chủ tịch UBND tỉnh",
    "addressees": ("Chủ tịch Ủy ban nhân dân tỉnh Thử",),
    "closing": "Thanh tra tỉnh kính đề nghị Chủ tịch Ủy ban nhân dân tỉnh xem xét, quyết định",
    "signature": BY_CHIEF,
}
UNIT_MINUTES = {**UNIT, **MEETING, "symbol": "BB-NV1", "subject": "Họp xét đề nghị khen thưởng"}
COUNCIL = {
    "parent_body": "THANH TRA TỈNH THỬ",
    "body": "HỘI ĐỒNG\nTHI ĐUA - KHEN THƯỞNG",
    "symbol": "BB-HĐ",
    "subject": "Xét đề nghị tặng Bằng khen của Chủ tịch UBND tỉnh",
}
RULE = "Một đề nghị được thông qua khi có từ 80% tổng số thành viên Hội đồng đồng ý trở lên."
REPORT = {
    **UNIT,
    **SIGNED,
    "symbol": "BC-NV1",
    "award_form": "Giấy khen của Chánh Thanh tra tỉnh",
    "name": name(7),
    "signed": (
        Signature(("XÁC NHẬN CỦA TRƯỞNG PHÒNG",), HEAD),
        Signature(("NGƯỜI BÁO CÁO",), name(7), "(Ký, ghi rõ họ và tên)"),
    ),
}
DECISION = {
    **AGENCY,
    "place": "Thử",
    "symbol": "QĐ-TTr",
    "subject": "Về việc tặng Giấy khen của Chánh Thanh tra tỉnh",
    "authority": "CHÁNH THANH TRA TỈNH THỬ",
    "signature": BY_DEPUTY,
}
ARTICLES = (
    "Tặng Giấy khen cho 01 tập thể và 02 cá nhân có thành tích xuất sắc (có danh sách kèm theo).",
    (
        "Tiền thưởng kèm theo Giấy khen thực hiện theo quy định tại Nghị định số 152/2025/NĐ-CP, chi "
        "từ quỹ khen thưởng của cơ quan."
    ),
    (
        "Chánh Văn phòng và các tập thể, cá nhân có tên tại Điều 1 chịu trách nhiệm thi hành Quyết "
        "định này"
    ),
)
TO_ALL = ("Như Điều 3", "Lãnh đạo Thanh tra tỉnh", "Lưu: VT, HS")
MONEY = {**AGENCY, "place": "Thử", "subject": GIAY_KHEN}
PAID_BY = "Quyết định số 15/QĐ-TTr ngày 05 tháng 01 năm 2026 của Chánh Thanh tra tỉnh Thử"
GROUND = (
    "Mức chi thực hiện theo Điều 49 Nghị định số 152/2025/NĐ-CP; mức lương cơ sở áp dụng: 2.340.000 "
    "đồng; nguồn chi: quỹ khen thưởng của cơ quan."
)
TELLING = Signature(("TL. CHÁNH THANH TRA", "CHÁNH VĂN PHÒNG"), "Ngô Công Thử")
RECIPIENT_COLUMNS = (
    Column("STT", 13, is_centred=True),
    Column("Họ và tên, tên tập thể", 58),
    Column("Chức vụ, đơn vị công tác"),
)
RECEIPT = {
    **AGENCY,
    **SIGNED,
    "code": "BN-2025-0007",
    "submitted_at": dt.datetime(2025, 11, 20, 2, 41, tzinfo=dt.UTC),
    "submitted_by": f"{HEAD}, Trưởng phòng",
    "unit": "Phòng Nghiệp vụ 1",
    "campaign": CAMPAIGN,
    "content_hash": hashlib.sha256(b"").hexdigest(),
}
COVER = {
    **AGENCY,
    "place": "Thử",
    "signed_on": dt.date(2026, 2, 28),
    "set_number": 1,
    "set_count": 2,
    "award_form": BANG_KHEN,
    "campaign": CAMPAIGN,
    "proposer": "Thanh tra tỉnh Thử",
}
PLAN = {**AGENCY, "symbol": "KH-TTr", "signature": BY_CHIEF, "place": "Thử"}


def items(count):
    return tuple(
        CouncilItem(
            name(n),
            position(n),
            BANG_KHEN,
            eligible=8,
            agree=8 - n % 3,
            disagree=n % 3,
            total=9,
            outcome="Thông qua" if n % 3 == 0 else "Không thông qua",
            blank=n % 2,
            left_out=() if n % 4 else (f"{name(n + 5)} (Trưởng phòng của cá nhân được đề nghị)",),
        )
        for n in range(count)
    )


def votes(count):
    return tuple(
        UnitVote(name(n), position(n), GIAY_KHEN, 8 - n % 2, n % 2, 1) for n in range(count)
    )


def sections(count):
    prose = "\n".join([PROSE] * count)
    return (
        ReportSection("I", "Thông tin chung"),
        ReportSection("1", "Đơn vị công tác", 2, "Phòng Nghiệp vụ 1, Thanh tra tỉnh Thử."),
        ReportSection("II", "Thành tích đạt được"),
        ReportSection("1", "Quyền hạn, nhiệm vụ được giao", 2, prose),
        ReportSection("2", "Kết quả thực hiện", 2, prose),
    )


def plan_parts(count):
    return (
        PlanPart("I.", "MỤC ĐÍCH, YÊU CẦU", 1),
        PlanPart("1.", "Mục đích:", 2, (PROSE,) * count),
        PlanPart("2.", "", 2, (PROSE,) * count),
        PlanPart("II.", "NỘI DUNG", 1, (PROSE,) * count),
        PlanPart("a)", "Hình thức khen thưởng:", 2, ("- Giấy khen của Chánh Thanh tra.",)),
        PlanPart("III.", "TỔ CHỨC THỰC HIỆN", 1, (PROSE, "Các đơn vị thực hiện Kế hoạch này./.")),
    )


def summary_lines(count):
    return tuple(
        SummaryLine(name(n), position(n), "Phòng Nghiệp vụ 1", "9/9", "Đã thẩm định")
        for n in range(count)
    )


def money_lines(count):
    return tuple(
        MoneyLine(n, name(n), position(n), "0,3", 702_000, 700_000) for n in range(1, count + 1)
    )


SAMPLES = {
    UnitLetter: {
        "short": UnitLetter(
            **UNIT_LETTER,
            number="05",
            subject="Về việc đề nghị khen thưởng",
            legal_bases=BASES[:2],
            paragraphs=(PROSE,),
            nominees=nominees(2),
            recipients=("Như trên", "Lưu: Phòng Nghiệp vụ 1"),
        ),
        "long": UnitLetter(
            **UNIT_LETTER | LONG_UNIT,
            number="112",
            subject=LONG_SUBJECT,
            legal_bases=BASES,
            paragraphs=(PROSE,) * 9,
            nominees=nominees(30),
            recipients=("Như trên", "Phòng Tiếp công dân, xử lý đơn và giám sát", "Lưu: NV1"),
        ),
        "minimal": UnitLetter(**UNIT_LETTER, subject="Về việc đề nghị khen thưởng"),
    },
    SubmissionLetterPaper: {
        "short": SubmissionLetterPaper(
            **SUBMISSION | {"addressees": ("Chủ tịch Ủy ban nhân dân tỉnh Thử", "Sở Nội vụ")},
            number="09",
            signed_on=dt.date(2025, 12, 9),
            legal_bases=BASES[:2],
            paragraphs=(PROSE,),
            nominees=nominees(2, BANG_KHEN),
            recipients=("Như trên", "Lưu: VT, VP"),
        ),
        "long": SubmissionLetterPaper(
            **SUBMISSION | {"subject": LONG_SUBJECT, "signature": BY_DEPUTY},
            number="1209",
            legal_bases=BASES,
            paragraphs=(PROSE,) * 10,
            nominees=nominees(32, BANG_KHEN),
            recipients=TO_ALL,
        ),
        "minimal": SubmissionLetterPaper(**SUBMISSION),
    },
    UnitMinutes: {
        "short": UnitMinutes(
            **UNIT_MINUTES,
            total=10,
            present_count=9,
            present=tuple(Participant(name(n), position(n)) for n in range(9)),
            absent=(Participant(name(9), position(9), "đi công tác"),),
            guests=(Participant(name(10), "Phó Chánh Thanh tra"),),
            votes=votes(3),
            conclusion=("Cuộc họp thống nhất đề nghị khen thưởng các tập thể, cá nhân trên.",),
            recipients=("Văn phòng", "Lưu: Phòng Nghiệp vụ 1"),
        ),
        "long": UnitMinutes(
            **UNIT_MINUTES | LONG_UNIT | {"subject": LONG_SUBJECT},
            total=10,
            present_count=9,
            absent_note="01 người đi công tác",
            matters=(PROSE,) * 6,
            votes=votes(26),
            dissent=(PROSE,) * 4,
            conclusion=(PROSE,) * 3,
            recipients=("Văn phòng", "Lưu: Phòng Nghiệp vụ 1"),
        ),
        "minimal": UnitMinutes(
            **UNIT,
            **BARE_MEETING,
            symbol="BB-NV1",
            subject="Họp xét khen thưởng",
            total=9,
            present_count=9,
        ),
    },
    CouncilMinutes: {
        "short": CouncilMinutes(
            **COUNCIL,
            **MEETING,
            present=tuple(Participant(name(n), position(n)) for n in range(8)),
            absent=(Participant(name(9), "Ủy viên", "nghỉ ốm"),),
            matters=("Hội đồng thảo luận và biểu quyết bằng phiếu kín.",),
            total=9,
            established_by="Quyết định số 12/QĐ-TTr",
            rule=RULE,
            items=items(2),
            dissent=("Ông Vi Văn Thử đề nghị bổ sung số liệu của quý IV.",),
            conclusion=("Hội đồng thống nhất đề nghị cấp có thẩm quyền xem xét.",),
            recipients=("Thành viên Hội đồng", "Lưu: VT, Hội đồng"),
        ),
        "long": CouncilMinutes(
            **COUNCIL | {"subject": LONG_SUBJECT},
            **MEETING,
            present=tuple(Participant(name(n), position(n)) for n in range(17)),
            absent=tuple(Participant(name(n), "Ủy viên", "nghỉ ốm") for n in range(3)),
            matters=(PROSE,) * 5,
            total=20,
            rule=RULE,
            items=items(20),
            conclusion=(PROSE,) * 2,
            recipients=("Thành viên Hội đồng", "Lưu: VT, Hội đồng"),
            chair_lines=("CHỦ TỌA", "CHỦ TỊCH HỘI ĐỒNG"),
        ),
        "minimal": CouncilMinutes(**COUNCIL | {"body": "HỘI ĐỒNG"}, **BARE_MEETING, total=9),
    },
    AchievementReportPaper: {
        "short": AchievementReportPaper(
            **REPORT,
            number="07",
            form_label="Mẫu số 07",
            position="Thanh tra viên",
            sections=sections(1),
            pledge="Tôi cam kết những nội dung trên là đúng.",
        ),
        "long": AchievementReportPaper(
            **REPORT
            | LONG_UNIT
            | {
                "name": "Phòng Tiếp công dân, xử lý đơn và giám sát sau thanh tra",
                "award_form": "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
                "signed": (
                    Signature(("XÁC NHẬN CỦA CẤP", "TRÌNH KHEN THƯỞNG")),
                    Signature(("TRƯỞNG PHÒNG",), HEAD),
                    Signature(("Ý KIẾN CỦA THANH TRA TỈNH",), "Vũ Đình Mẫu"),
                ),
            },
            form_label="Mẫu số 07",
            position="Thanh tra tỉnh Thử",
            sections=sections(9),
            pledge=PROSE,
        ),
        "minimal": AchievementReportPaper(**REPORT, form_label="Mẫu số 07", sections=sections(0)),
    },
    DecisionPaper: {
        "short": DecisionPaper(
            **DECISION,
            number="15",
            signed_on=dt.date(2026, 1, 5),
            legal_bases=BASES,
            articles=ARTICLES,
            recipients=TO_ALL,
            issuer="Chánh Thanh tra tỉnh Thử",
            collectives=(DecisionRow(1, "Phòng Nghiệp vụ 1", "Thanh tra tỉnh Thử"),),
            individuals=rows(2, 2),
        ),
        "long": DecisionPaper(
            **DECISION | {"subject": LONG_SUBJECT, "signature": BY_CHIEF},
            number="1015",
            signed_on=dt.date(2025, 10, 31),
            legal_bases=BASES * 2,
            articles=(PROSE,) * 6 + ARTICLES,
            recipients=TO_ALL,
            issuer="Chánh Thanh tra tỉnh Thử",
            collectives=rows(1, 9),
            individuals=rows(10, 50),
        ),
        "minimal": DecisionPaper(
            **DECISION, legal_bases=BASES[:1], articles=ARTICLES[-1:], individuals=rows(1, 1)
        ),
    },
    SummaryPaper: {
        "short": SummaryPaper(
            **AGENCY,
            **SIGNED,
            subject="Đề nghị khen thưởng đợt thi đua",
            groups=((BANG_KHEN, summary_lines(2)), (GIAY_KHEN, summary_lines(3))),
            counts=("Tổng số: 05 cá nhân.",),
            signature=TELLING,
            recipients=("Lãnh đạo Thanh tra tỉnh", "Lưu: VT"),
        ),
        "long": SummaryPaper(
            **AGENCY,
            **SIGNED,
            subject=LONG_SUBJECT,
            groups=((BANG_KHEN, summary_lines(12)), (GIAY_KHEN, summary_lines(26))),
            counts=(PROSE,) * 3,
            signature=TELLING,
            recipients=("Lãnh đạo Thanh tra tỉnh", "Lưu: VT"),
        ),
        "minimal": SummaryPaper(
            **AGENCY,
            place="Thử",
            subject="Đề nghị khen thưởng",
            counts=("Chưa có đề nghị nào đủ điều kiện.",),
            signature=TELLING,
        ),
    },
    MoneyListPaper: {
        "short": MoneyListPaper(
            **MONEY,
            signed_on=dt.date(2026, 1, 5),
            attached_to=PAID_BY,
            grounds=(GROUND,),
            lines=money_lines(3),
            signed=(Signature(("NGƯỜI LẬP",)), BY_CHIEF),
        ),
        "long": MoneyListPaper(
            **MONEY,
            attached_to=PAID_BY,
            grounds=(GROUND, PROSE),
            lines=money_lines(36),
            signed=(Signature(("NGƯỜI LẬP",), CLERK), BY_DEPUTY),
        ),
        "minimal": MoneyListPaper(
            **MONEY,
            attached_to=PAID_BY,
            lines=money_lines(1),
            signed=(Signature(("NGƯỜI LẬP",)), BY_CHIEF),
        ),
    },
    DossierCover: {
        "short": DossierCover(
            **COVER,
            nominees=("Phòng Nghiệp vụ 1", name(2)),
            contents=(
                PartPlace("Tờ trình", 2, 1),
                PartPlace("Biên bản họp Hội đồng", 3, 3),
                PartPlace(f"Báo cáo thành tích của {name(2)}", 6, 2),
            ),
        ),
        "long": DossierCover(
            **COVER,
            nominees=tuple(name(n) for n in range(24)),
            contents=tuple(
                PartPlace(f"Phụ lục {n + 1} báo cáo của {name(n)}: {PROSE[:90]}", 2 + 3 * n, 3)
                for n in range(30)
            ),
        ),
        "minimal": DossierCover(**COVER, contents=(PartPlace("Tờ trình", 2, 1),)),
    },
    Receipt: {
        "short": Receipt(**RECEIPT, nominees=nominees(2)),
        "long": Receipt(**RECEIPT, nominees=nominees(36, BANG_KHEN)),
        "minimal": Receipt(**RECEIPT),
    },
    PlanPaper: {
        "short": PlanPaper(
            **PLAN,
            number="45",
            subject="Phát động đợt thi đua chào mừng Ngày Quốc khánh",
            issued_text="Thử, ngày 27 tháng 5 năm 2024",
            preamble=(
                f"{BASES[0]};",
                f"{BASES[1]}.",
                "Thanh tra tỉnh phát động đợt thi đua với nội dung cụ thể như sau:",
            ),
            parts=plan_parts(1),
            recipients=("Sở Nội vụ", "Các đơn vị thuộc Thanh tra tỉnh", "Lưu: VT"),
        ),
        "long": PlanPaper(
            **PLAN,
            number="04",
            subject=LONG_SUBJECT,
            issued_text="Thử, ngày tháng 5 năm 2024",
            preamble=(f"{BASES[0]};", f"{BASES[1]}.", PROSE),
            parts=plan_parts(6),
            recipients=(
                "Phòng Thi đua - Khen thưởng (Sở Nội vụ)",
                "Cụm II - Các cơ quan quản lý chuyên ngành (Sở Nông nghiệp và Môi trường)",
                "Các đơn vị thuộc Thanh tra tỉnh",
                "Lưu: VT",
            ),
        ),
        "minimal": PlanPaper(
            **PLAN,
            subject="Phát động thi đua",
            parts=(PlanPart("", "", 1, ("Các đơn vị thi đua./.",)),),
        ),
    },
    AnnouncementPaper: {
        "short": AnnouncementPaper(
            **AGENCY,
            **SIGNED,
            number="21",
            symbol="TB-TTr",
            subject="Kết quả khen thưởng đợt thi đua",
            legal_bases=BASES[:1],
            paragraphs=("Thanh tra tỉnh Thử thông báo kết quả tặng Giấy khen như sau:",),
            listed=ListTable(
                RECIPIENT_COLUMNS, tuple(Row((f"{n:02d}", name(n), position(n))) for n in (1, 2))
            ),
            closing="Các đơn vị thông báo tới tập thể, cá nhân được tặng",
            signature=TELLING,
            recipients=("Các đơn vị thuộc cơ quan", "Lưu: VT"),
        ),
        "long": AnnouncementPaper(
            **AGENCY,
            **SIGNED,
            symbol="TB-TTr",
            subject=LONG_SUBJECT,
            legal_bases=BASES,
            paragraphs=(PROSE,) * 7,
            listed=ListTable(
                RECIPIENT_COLUMNS,
                tuple(Row((f"{n:02d}", name(n), position(n))) for n in range(1, 33)),
            ),
            closing="Các đơn vị thông báo tới tập thể, cá nhân được tặng",
            signature=TELLING,
            recipients=("Các đơn vị thuộc cơ quan", "Lưu: VT"),
        ),
        "minimal": AnnouncementPaper(
            **AGENCY,
            symbol="TB-TTr",
            place="Thử",
            subject="Lùi hạn nộp hồ sơ",
            paragraphs=("Hạn nộp hồ sơ lùi đến hết ngày 05 tháng 12 năm 2025",),
            signature=TELLING,
        ),
    },
}
LENGTHS = ("short", "long", "minimal")
EACH = [(kind, length) for kind in SAMPLES for length in LENGTHS]
NAMES = [f"{kind.__name__}-{length}" for kind, length in EACH]


def kinds():
    """Return every kind of document that the project can print."""
    for app in apps.get_app_configs():
        if importlib.util.find_spec(f"{app.name}.documents"):
            importlib.import_module(f"{app.name}.documents")
    return {kind for kind in _below(OfficialPaper) if not kind.__module__.startswith("tests.")}


def _below(kind):
    """Yield the kinds below `kind` that nothing stands below."""
    for one in kind.__subclasses__():
        yield from _below(one) if one.__subclasses__() else (one,)


@functools.cache
def printed(kind, length):
    return render_pdf(SAMPLES[kind][length])


@functools.cache
def written(kind, length):
    return render_docx(SAMPLES[kind][length])
