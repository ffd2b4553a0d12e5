"""Texts of the sample reports, put together from a small vocabulary; no two are alike.

Nothing here is a real case, person or figure.
"""

from collections.abc import Mapping

from campaigns.models import SubjectKind

_RESULTS = (
    "Trong {months} tháng, {who} đã tham mưu ban hành {a} văn bản triển khai nội dung mục II của kế hoạch phát động, đúng và trước thời hạn được giao.",
    "Hoàn thành {a}/{a} nhiệm vụ trong chương trình công tác, trong đó {b} nhiệm vụ vượt tiến độ từ 05 ngày trở lên.",
    "Tổ chức {b} buổi tuyên truyền, sinh hoạt chuyên đề về lịch sử Quốc hội Việt Nam và ý nghĩa Ngày Tổng tuyển cử đầu tiên, với {c} lượt người tham dự.",
    "Hoàn thành {a} cuộc làm việc theo nhiệm vụ {field}; kết luận đều được ban hành trong thời hạn luật định.",
    "Tham mưu trả lời {c} ý kiến, kiến nghị của cử tri được giao; không có ý kiến nào quá hạn.",
    "Rà soát {c} hồ sơ, đề xuất sửa đổi {b} quy định không còn phù hợp với thực tiễn của tỉnh.",
    "Tiếp nhận và xử lý {c} đơn; tỷ lệ xử lý đúng hạn đạt 100%, cao hơn cùng kỳ {b} điểm phần trăm.",
    "Phối hợp phục vụ {b} kỳ họp Hội đồng nhân dân, cung cấp {a} báo cáo bảo đảm chất lượng và thời gian.",
    "Đôn đốc thực hiện {a} kiến nghị sau giám sát; đến nay {b} kiến nghị khó đã được giải quyết xong.",
)
_MEASURES = (
    "Lập bảng theo dõi tiến độ chung của đơn vị, cập nhật hằng tuần; nhờ đó thời gian tổng hợp báo cáo giảm từ {b} ngày xuống còn 01 ngày.",
    "Xây dựng bộ mẫu biên bản làm việc thống nhất cho nhiệm vụ {field}, rút ngắn khoảng {c}% thời gian soạn thảo.",
    "Số hóa {c}0 trang tài liệu lưu trữ, giúp tra cứu hồ sơ ngay tại bàn làm việc.",
    "Phân công theo nhóm việc, mỗi việc có người chính và người hỗ trợ, không để gián đoạn khi có người đi công tác.",
    "Đề xuất quy trình ba bước kiểm tra chéo trước khi trình ký; từ đó không có văn bản nào phải thu hồi.",
    "Tổ chức trao đổi nghiệp vụ vào sáng thứ Sáu hằng tuần, đã có {b} chuyên đề được chia sẻ trong cơ quan.",
    "Áp dụng sổ tay hướng dẫn xử lý tình huống thường gặp gồm {a} tình huống, được các phòng khác tham khảo.",
)
_CONDUCT = (
    "Chấp hành nghiêm chủ trương của Đảng, chính sách, pháp luật của Nhà nước, nội quy và quy chế làm việc của cơ quan.",
    "Thực hiện tốt quy tắc ứng xử của ngành; giữ bí mật thông tin trong khi làm nhiệm vụ {field}.",
    "Sinh hoạt dân chủ, công khai; tham gia đầy đủ các hoạt động của cơ quan và {b} hoạt động vì cộng đồng.",
    "Không có đơn thư khiếu nại, tố cáo; không có người bị xem xét kỷ luật trong thời gian thi đua.",
)
_UNIT_CONDUCT = (
    "Nội bộ đoàn kết, thống nhất; mọi việc khó đều được bàn bạc trước khi quyết định.",
    "Tập thể đoàn kết, giúp nhau hoàn thành việc chung; phát huy dân chủ ở cơ sở.",
)
_PERSON_DUTIES = (
    "Trực tiếp theo dõi {b} đầu việc của nhiệm vụ {field}; tham gia các đoàn công tác của cơ quan.",
    "Được phân công tổng hợp số liệu, dự thảo báo cáo về nhiệm vụ {field} và quản lý hồ sơ của đơn vị.",
    "Phụ trách một nhóm việc của nhiệm vụ {field}, đồng thời hỗ trợ công tác tuyên truyền của đơn vị.",
)
_EARLIER = (
    "Danh hiệu Lao động tiên tiến năm 2023, năm 2024.",
    "Giấy khen của Chánh Thanh tra năm 2023.",
    "Danh hiệu Tập thể lao động tiên tiến năm 2024.",
)


def report_texts(
    kind: str,
    *,
    turn: int,
    name: str,
    position: str,
    unit: str,
    field: str,
    headcount: int,
    own: Mapping[str, str],
) -> dict[str, str]:
    """Return texts by the number of their heading; each `turn` gives another choice.

    `own` are words written for this recipient alone; they stand before the vocabulary.
    """
    words = {
        "who": "đơn vị" if kind == SubjectKind.UNIT else "cá nhân",
        "field": field,
        "months": 9 + turn % 8,
        "a": f"{6 + 5 * turn % 17:02d}",
        "b": f"{2 + turn % 7:02d}",
        "c": 18 + 7 * turn % 41,
    }

    def say(sentences: tuple[str, ...], count: int, shift: int) -> str:
        chosen = [sentences[(turn * 2 + shift + step) % len(sentences)] for step in range(count)]
        return "\n".join(sentence.format(**words) for sentence in chosen)

    shared = {
        "II.1": say(_RESULTS, 3, turn % 3),
        "II.2": say(_MEASURES, 2, 0),
        "II.3": say(_CONDUCT, 2, turn % 2),
        "III": _EARLIER[turn % 2] if turn % 3 == 0 else "",
    }
    if kind == SubjectKind.UNIT:
        texts = shared | {
            "I.1": f"{unit} có {headcount:02d} công chức, người lao động.",
            "I.2": f"{unit} được giao nhiệm vụ {field}; tham mưu giúp Chánh Thanh tra về lĩnh vực này.",
            "II.3": shared["II.3"] + "\n" + _UNIT_CONDUCT[turn % 2],
            "III": _EARLIER[2] if turn % 2 == 0 else "",
        }
    else:
        texts = shared | {
            "I.1": f"{name}, {position}, {unit}. Trình độ chuyên môn: đại học.",
            "I.2": say(_PERSON_DUTIES, 1, turn),
        }
    return texts | dict(own)


def letter_text(unit: str, plan: str) -> str:
    """Return the text of a unit's letter."""
    return (
        "Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022;\n"
        f"Thực hiện kế hoạch phát động đợt thi đua {plan}, {unit} đã tổ chức họp xét thành tích "
        "của tập thể và từng cá nhân theo tiêu chuẩn của kế hoạch, thống nhất đề nghị khen thưởng "
        "theo danh sách sau:\n"
        "Kính đề nghị Chánh Thanh tra xem xét, quyết định hoặc trình cấp có thẩm quyền quyết định."
    )
