"""Why certificates cannot be printed now, or blanks not be taken."""

from collections.abc import Iterable

from awards.models import CertificateBlank, Decision, PrintRun


def certificates_are_made(decision: Decision) -> str:
    """Only papers that stand are printed."""
    if decision.certificates_file_id:
        return ""
    return "Giấy khen của quyết định này chưa tạo xong. Hãy đợi tạo xong rồi in."


def blank_suffices(blank: CertificateBlank, left: int, wanted: int) -> str:
    """Nobody prints on blanks that are not there."""
    if wanted <= left:
        return ""
    return (
        f"Phôi «{blank}» còn {left} tờ, cần {wanted} tờ. "
        "Hãy chọn ít giấy khen hơn, hoặc ghi số phôi vừa nhận vào sổ phôi."
    )


def reprint_says_why(names: Iterable[str], reason: str) -> str:
    """A certificate that was printed before is printed again for a reason."""
    again = list(names)
    if not again or reason:
        return ""
    shown = ", ".join(again[:3]) + (f" và {len(again) - 3} giấy khác" if again[3:] else "")
    return f"Đã in trước đây: {shown}. Hãy ghi lý do in lại, hoặc bỏ chọn."


def spoilt_of_run(run: PrintRun, spoilt: int, printed: int, count: int) -> str:
    """Of a run no more blanks are spoilt than it printed."""
    if spoilt + count <= printed:
        return ""
    return (
        f"Lượt in này dùng {printed} tờ, đã báo hỏng {spoilt} tờ. "
        f"Hãy ghi nhiều nhất {printed - spoilt} tờ."
    )
