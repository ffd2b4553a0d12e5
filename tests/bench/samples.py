"""Certificates for people who do not exist."""

import hashlib
import itertools

from thidua.core.certificates import CertificatePaper

_FAMILIES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Nông",
    "Vi",
    "Lương",
]
_MIDDLES = [
    "Thị Thu",
    "Văn",
    "Thị Ngọc",
    "Đức",
    "Quốc",
    "Minh",
    "Thị Mỹ",
    "Hữu",
    "Thúy",
    "Khánh",
    "Thị Kiều",
    "Đình",
    "Xuân",
    "Thế",
]
_GIVEN = [
    "Ánh",
    "Bình",
    "Cường",
    "Đào",
    "Giang",
    "Hằng",
    "Khoa",
    "Lan",
    "Mẫn",
    "Nghĩa",
    "Oanh",
    "Phượng",
    "Quỳnh",
    "Sơn",
    "Thắng",
    "Uyên",
    "Vỹ",
    "Ý",
]
TITLE = "Thanh tra viên, Phòng Nghiệp vụ 2"
ACHIEVEMENT = (
    "Đã có thành tích xuất sắc trong đợt thi đua chào mừng kỷ niệm 80 năm Ngày Tổng tuyển cử đầu"
    " tiên bầu Quốc hội Việt Nam (06/01/1946 - 06/01/2026)"
)


def names(count: int) -> list[str]:
    """Return as many different names."""
    every = itertools.product(_GIVEN, _MIDDLES, _FAMILIES)
    return [
        f"{family} {middle} {given}" for given, middle, family in itertools.islice(every, count)
    ]


def address(number: int) -> str:
    """Return the address that the code on a certificate leads to."""
    secret = hashlib.sha256(str(number).encode()).hexdigest()[:26]
    return f"https://khenthuong.example/k/{secret}"


def certificates(count: int) -> list[CertificatePaper]:
    return [
        CertificatePaper(
            recipient_name=name,
            recipient_title=TITLE,
            achievement=ACHIEVEMENT,
            decision_line="Số quyết định: 15/QĐ-TTr ngày 05 tháng 01 năm 2026",
            golden_number=f"Số sổ vàng: {number:03d}",
            place_date="Thử, ngày 05 tháng 01 năm 2026",
            signer_title="CHÁNH THANH TRA",
            signer_name="Vũ Đình Mẫu",
            authority="CHÁNH THANH TRA TỈNH THỬ",
            verify_url=address(number),
        )
        for number, name in enumerate(names(count), 1)
    ]
