"""Papers of the length of real ones."""

import dataclasses
import datetime as dt

from awards.documents import AchievementReportPaper, DecisionPaper, DecisionRow, ReportSection
from tests.bench.samples import TITLE, names
from thidua.core.documents import Signature

_SIGNED = dt.date(2026, 1, 5)
_AGENCY = {"parent_body": "UBND TỈNH THỬ", "body": "THANH TRA TỈNH", "place": "Thử"}
_WORK = (
    "Trong đợt thi đua, đã tham mưu triển khai {} cuộc thanh tra theo kế hoạch và đột xuất, phát hiện"
    " và kiến nghị thu hồi nộp ngân sách nhà nước {} triệu đồng; hướng dẫn, tiếp nhận và xử lý đúng"
    " hạn toàn bộ đơn khiếu nại, tố cáo, kiến nghị, phản ánh thuộc thẩm quyền, không để phát sinh"
    " điểm nóng; phối hợp chặt chẽ với các đơn vị trong việc theo dõi, đôn đốc thực hiện kết luận."
)


def reports(count: int) -> list[AchievementReportPaper]:
    """Return reports of three pages, no two alike."""
    paper = AchievementReportPaper(
        **_AGENCY,
        signed_on=_SIGNED,
        form_label="Mẫu số 07",
        award_form="Bằng khen của Chủ tịch UBND tỉnh",
        name="",
        position="Thanh tra viên",
        pledge="Tôi cam kết những nội dung trên là đúng.",
        signed=(
            Signature(("THỦ TRƯỞNG ĐƠN VỊ",), "Hoàng Văn Mẫu"),
            Signature(("NGƯỜI BÁO CÁO",), "", "(Ký, ghi rõ họ và tên)"),
        ),
    )
    return [
        dataclasses.replace(paper, name=name, sections=_sections(number))
        for number, name in enumerate(names(count), 1)
    ]


def _sections(number: int) -> tuple[ReportSection, ...]:
    lines = [_WORK.format(number + line, 125 * number + line) for line in range(16)]
    return (
        ReportSection("I", "Thông tin chung", 1, lines[0]),
        ReportSection("II", "Thành tích đạt được"),
        ReportSection("1", "Kết quả thực hiện nhiệm vụ", 2, "\n".join(lines[1:9])),
        ReportSection("2", "Sáng kiến và việc làm theo", 2, "\n".join(lines[9:])),
    )


def decision(count: int) -> DecisionPaper:
    rows = tuple(DecisionRow(n, name, TITLE) for n, name in enumerate(names(count), 1))
    return DecisionPaper(
        **_AGENCY,
        signed_on=_SIGNED,
        number="15",
        symbol="QĐ-TTr",
        subject="Về việc tặng Giấy khen của Chánh Thanh tra tỉnh",
        authority="CHÁNH THANH TRA TỈNH THỬ",
        legal_bases=("Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022",),
        articles=(
            f"Tặng Giấy khen cho {count} cá nhân (có danh sách kèm theo).",
            "Các cá nhân có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này",
        ),
        signature=Signature(("CHÁNH THANH TRA",), "Vũ Đình Mẫu"),
        recipients=("Như Điều 2", "Lưu: VT, HS"),
        issuer="Chánh Thanh tra tỉnh Thử",
        individuals=rows,
    )
