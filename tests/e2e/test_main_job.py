"""The main job in a real browser, on the running product: each step kept as a picture.

axe judges every page at 1280 and 360 px; nothing scrolls sideways; the console stays silent.
"""

import re

from staff.queries import SAMPLE_PASSWORD
from tests.stories.main_job import (
    FIRST,
    LETTER_FORM,
    MERIT_FORM,
    PRINTED,
    PRINTED_OF,
    REFUSE_REASON,
    RETURN_AT,
    RETURN_REASON,
    SECOND,
    TODAY,
    UNIT,
    scan,
)


def pdf(name):
    return {"name": name, "mimeType": "application/pdf", "buffer": scan()}


def the_unit_proposes(visitor):
    page = visitor.page
    visitor.sign_in("truongphong2")
    visitor.reads("Việc của tôi", "Còn 41 ngày")
    visitor.look("viec-cua-toi")
    visitor.press("Đợt thi đua")
    page.get_by_role("link", name="Kỷ niệm 80 năm").first.click()
    visitor.reads("I. MỤC ĐÍCH, YÊU CẦU", "IV. THỜI GIAN THI ĐUA", "VI. TỔ CHỨC THỰC HIỆN")
    visitor.look("ke-hoach")
    visitor.press("Đề nghị của phòng")
    visitor.press(f"Lập đề nghị của {UNIT}")
    workspace = page.url.removeprefix(visitor.base)
    visitor.look("de-nghi-trong")
    for form, subject, reason in (
        (LETTER_FORM, UNIT, ""),
        (LETTER_FORM, FIRST, ""),
        (LETTER_FORM, SECOND, ""),
        (MERIT_FORM, UNIT, "Bằng khen cho thành tích theo Kế hoạch 112 của UBND tỉnh."),
    ):
        visitor.go(workspace)
        visitor.press("Thêm tập thể, cá nhân")
        page.get_by_label(form).first.check()
        subjects = page.get_by_label("Đối tượng").locator("option").all_inner_texts()
        chosen = next(text for text in subjects if subject in text)
        page.get_by_label("Đối tượng").select_option(label=chosen)
        visitor.fill("Lý do đề nghị hai hình thức", reason)
        if reason:
            visitor.look("them-de-nghi")
        visitor.press("Thêm vào đề nghị")
    visitor.go(workspace)
    visitor.reads("Còn thiếu")
    visitor.look("con-thieu")
    return workspace


def the_reports_are_written(visitor, workspace):
    page = visitor.page
    while (missing := page.locator("a[href*='/report/#']").first).count():
        missing.click()
        for area in page.locator("textarea[name^='heading_']").all():
            area.fill("Hoàn thành 14 trên 15 nhiệm vụ được giao, trước hạn 9 nhiệm vụ.")
        visitor.press("Lưu báo cáo")
        visitor.go(workspace)
    page.get_by_role("link", name=f"Sửa báo cáo của {FIRST}").click()
    page.set_input_files("input[type=file]", pdf("ket-luan.pdf"))
    visitor.fill("Tệp này chứng minh điều gì", "Văn bản khen của đơn vị phối hợp")
    visitor.press("Thêm minh chứng")
    visitor.reads("Văn bản khen của đơn vị phối hợp")
    visitor.look("bao-cao-thanh-tich")


def the_meeting_and_the_letter(visitor, workspace):
    page = visitor.page
    visitor.go(workspace)
    visitor.press("Biên bản họp phòng")
    for label, value in {
        "Ngày họp": "18/11/2025",
        "Bắt đầu lúc": "08:00",
        "Kết thúc lúc": "09:30",
        "Địa điểm": "Phòng họp tầng 2",
        "Chủ trì": "Lý Thanh Sơn",
        "Thư ký": "Bế Thị Diệp",
        "Kết luận": "Thống nhất đề nghị.",
    }.items():
        visitor.fill(label, value)
    page.get_by_label("Trần Quang Vinh: Vắng mặt").check()
    visitor.fill("Lý do vắng của Trần Quang Vinh", "đi công tác")
    for vote in page.locator("input[name^='vote_']").all():
        vote.fill("6")
    visitor.look("bien-ban-hop-phong")
    visitor.press("Lưu biên bản")
    visitor.go(workspace)
    visitor.press("Tờ trình")
    page.get_by_label("Tờ trình đã xong").check()
    visitor.look("to-trinh-cua-phong")
    visitor.press("Lưu tờ trình")
    visitor.go(workspace)
    visitor.reads("Không còn thiếu việc nào")
    visitor.look("de-nghi-du", keep="1-de-nghi-cua-phong.png")
    visitor.press("Xem và gửi Văn phòng")
    visitor.look("xem-truoc-khi-gui")
    visitor.press("Gửi Văn phòng")
    visitor.reads("Biên nhận hồ sơ", "HS-")
    shown = re.sub(r"\s", "", page.locator("main").inner_text())
    assert re.search(r"[0-9a-f]{64}", shown), "the fingerprint of the content is on the receipt"
    assert re.search(r"\d\d:\d\d:\d\d", shown), "and the second at which it was received"
    visitor.look("bien-nhan")


def the_office_reviews(visitor, workspace):
    page = visitor.page
    visitor.sign_in("thamdinh")
    visitor.press("Bàn thẩm định")
    visitor.look("ban-tham-dinh")
    visitor.press(FIRST)
    visitor.look("mot-ho-so", keep="2-ban-tham-dinh.png")
    page.get_by_role("link", name="Yêu cầu bổ sung").click()
    visitor.fill(RETURN_AT, RETURN_REASON)
    visitor.look("yeu-cau-bo-sung")
    visitor.press("Yêu cầu bổ sung")

    visitor.sign_in("truongphong2")
    visitor.reads(RETURN_REASON)
    visitor.go(workspace)
    visitor.look("bi-tra-lai")
    visitor.press(f"Sửa báo cáo của {FIRST}")
    page.locator("textarea[name^='heading_']").first.fill("Đã giải quyết 14 trên 15 kiến nghị.")
    visitor.press("Lưu báo cáo")
    visitor.go(workspace)
    visitor.press(f"Gửi lại hồ sơ của {FIRST}")
    visitor.press("Gửi lại Văn phòng")
    visitor.reads("Biên nhận hồ sơ")

    visitor.sign_in("thamdinh")
    for name in (FIRST, SECOND, UNIT, UNIT):
        visitor.go("/review/")
        visitor.press(name)
        page.get_by_role("button", name="Chấp nhận").click()
        page.get_by_text("Đã thực hiện: Chấp nhận").wait_for()


def the_signatory_approves(visitor):
    page = visitor.page
    visitor.sign_in("chanhthanhtra")
    visitor.press("Phê duyệt")
    visitor.look("phe-duyet", keep="3-phe-duyet.png")
    page.get_by_role("link", name=f"Mở hồ sơ của {SECOND}").click()
    visitor.look("ho-so-trinh-ky")
    page.get_by_role("link", name="Không phê duyệt").click()
    visitor.fill("Lý do", REFUSE_REASON)
    page.locator("input[type=password]").fill(SAMPLE_PASSWORD)
    visitor.look("khong-phe-duyet")
    visitor.press("Không phê duyệt")
    visitor.go("/approvals/")
    page.get_by_label(f"Chọn {UNIT}").check()
    page.get_by_label(f"Chọn {FIRST}").check()
    page.locator("input[type=password]").fill("sai-mat-khau")
    visitor.press("Phê duyệt các trường hợp đã chọn")
    visitor.reads("Mật khẩu chưa đúng")
    assert page.get_by_label(f"Chọn {FIRST}").is_checked()
    visitor.look("sai-mat-khau")
    page.locator("input[type=password]").fill(SAMPLE_PASSWORD)
    visitor.press("Phê duyệt các trường hợp đã chọn")
    visitor.look("da-phe-duyet")


def the_units_confirm_their_lines(visitor):
    page = visitor.page
    visitor.sign_in("vanthu")
    visitor.press("Ban hành")
    visitor.reads("Chờ xác nhận dòng in")
    visitor.look("cho-xac-nhan-dong-in")
    visitor.press("Xem danh sách: Giấy khen của Chánh Thanh tra")
    visitor.reads("Chưa cấp số được")
    visitor.look("chua-cap-so-duoc")
    visitor.sign_in("truongphong2")
    visitor.press("Xác nhận dòng in: 2 người nhận")
    visitor.fill(PRINTED_OF, PRINTED)
    page.locator(".as-printed").get_by_text(PRINTED).wait_for()
    visitor.look("xac-nhan-dong-in")
    visitor.press("Xác nhận tất cả 2 dòng")
    visitor.reads("Đã xác nhận 2 dòng in.")
    visitor.look("da-xac-nhan-dong-in")
    visitor.sign_in("truongphong4")
    visitor.press("Xác nhận dòng in: 2 người nhận")
    visitor.press("Xác nhận tất cả 2 dòng")
    visitor.reads("Đã xác nhận 2 dòng in.")


def the_registrar_issues(visitor):
    page = visitor.page
    visitor.sign_in("vanthu")
    visitor.press("Ban hành")
    visitor.look("ban-hanh")
    visitor.press("Lập quyết định")
    visitor.reads(UNIT, FIRST)
    visitor.look("lap-quyet-dinh")
    visitor.fill("Ngày ban hành", TODAY)
    visitor.press("Cấp số và tạo giấy khen")
    visitor.reads("03/QĐ-TTr")
    page.get_by_role("link", name=f"PDF giấy khen của {FIRST}").wait_for(timeout=90_000)
    visitor.look("quyet-dinh", keep="4-ban-hanh.png")
    address = page.get_by_role("link", name=f"PDF giấy khen của {FIRST}").get_attribute("href")
    certificate = page.context.request.get(visitor.base + address).body()
    assert certificate.startswith(b"%PDF-")
    visitor.press("Tải bản đã ký và ban hành")
    page.set_input_files("input[type=file]", pdf("qd-da-ky.pdf"))
    visitor.fill("Ngày ký", TODAY)
    visitor.look("tai-ban-da-ky")
    visitor.press("Ban hành và vào sổ")
    visitor.reads("Đã ban hành", "1.410.000", "710.000")
    visitor.look("da-ban-hanh")
    visitor.go("/register/")
    visitor.reads(FIRST, UNIT, "03/QĐ-TTr")
    visitor.look("so-khen-thuong")


def the_council_meets(visitor):
    page = visitor.page
    visitor.sign_in("thuky")
    visitor.press("Hội đồng")
    visitor.look("hoi-dong")
    visitor.press("Mở phiên họp")
    visitor.fill("Ngày họp", TODAY)
    visitor.fill("Giờ bắt đầu", "00:01")
    visitor.fill("Địa điểm", "Phòng họp tầng 3")
    visitor.look("mo-phien-hop")
    visitor.press("Mở phiên họp")
    page.get_by_label("Triệu Văn Thành (Ủy viên) vắng mặt").check()
    visitor.fill("Lý do vắng của Triệu Văn Thành", "Đi họp")
    visitor.look("thanh-phan-du-hop")
    visitor.press("Lưu thành phần dự họp")
    meeting = page.url.removeprefix(visitor.base)
    visitor.reads("không tham gia biểu quyết")
    for name in (UNIT, "Phòng Nghiệp vụ 3"):
        visitor.go(meeting)
        page.get_by_role("link", name=f"Ghi phiếu của {name}").click()
        visitor.fill("Số phiếu tán thành", "5")
        visitor.fill("Số phiếu không tán thành", "0")
        visitor.look("ghi-phieu")
        visitor.press("Lưu kết quả")
    visitor.go(meeting)
    visitor.look("phien-hop")
    visitor.press("Kết thúc phiên họp")
    visitor.fill("Ngày kết thúc", TODAY)
    visitor.fill("Giờ kết thúc", "00:02")
    visitor.look("ket-thuc-phien-hop")
    visitor.press("Kết thúc phiên họp")
    visitor.reads("Đã kết thúc")
    visitor.look("phien-hop-da-ket-thuc")


def the_letter_goes_and_is_answered(visitor):
    page = visitor.page
    visitor.sign_in("chanhthanhtra")
    visitor.go("/approvals/")
    addresses = {a.get_attribute("href") for a in page.locator("a[href*='/letters/']").all()}
    for address in sorted(addresses, reverse=True):
        visitor.go(address)
        if UNIT in page.locator("main").inner_text():
            break
    letter = page.url.removeprefix(visitor.base)
    visitor.look("to-trinh-cho-duyet")
    visitor.press("Duyệt tờ trình")
    page.locator("input[type=password]").fill(SAMPLE_PASSWORD)
    visitor.press("Duyệt tờ trình")

    visitor.sign_in("vanthu")
    visitor.go(letter)
    visitor.press("Cấp số và trình")
    visitor.fill("Ngày trình", TODAY)
    visitor.look("cap-so-to-trinh")
    visitor.press("Cấp số và trình")
    page.locator("a[href*='/dossiers/']").nth(1).wait_for(timeout=90_000)
    visitor.reads("03/TTr-TTr")
    visitor.look("bo-ho-so")

    visitor.sign_in("thamdinh")
    visitor.go(letter)
    visitor.press(f"Ghi kết quả của {UNIT}")
    page.locator("input[name=outcome]").first.check()
    visitor.fill("Số quyết định của cấp trên", "2170/QĐ-UBND")
    visitor.fill("Ngày quyết định", TODAY)
    visitor.look("ket-qua-cap-tren")
    visitor.press("Ghi kết quả")
    visitor.go("/register/")
    visitor.reads("2170/QĐ-UBND", "7.020.000")
    visitor.look("so-khen-thuong-bang-khen")


def everybody_else_finds_a_page(visitor):
    """Pages beside the path: sign-in, the member's, the administrator's, the public check."""
    page = visitor.page
    for username, path, name in (
        ("thanhvien", "/", "thanh-vien"),
        ("canbo5", "/", "can-bo"),
        ("canbo5", "/awards/mine/", "khen-thuong-da-nhan"),
        ("chanhvp", "/summary/", "tong-hop"),
        ("quantri", "/agency/", "co-quan"),
        ("quantri", "/audit/", "nhat-ky"),
    ):
        visitor.sign_in(username)
        visitor.go(path)
        visitor.look(name)
    page.context.clear_cookies()
    visitor.go("/login/")
    visitor.look("dang-nhap")
    certificates = f"DecisionLine.objects.filter(recipient_name={FIRST!r})"
    visitor.go(f"/k/{visitor.stack.ask(f'{certificates}.get().check_code')}/")
    visitor.reads(FIRST, "03/QĐ-TTr", "Còn hiệu lực")
    visitor.look("kiem-tra-giay-khen")


def test_the_main_job_in_a_browser(visitor):
    workspace = the_unit_proposes(visitor)
    the_reports_are_written(visitor, workspace)
    the_meeting_and_the_letter(visitor, workspace)
    the_office_reviews(visitor, workspace)
    the_signatory_approves(visitor)
    the_units_confirm_their_lines(visitor)
    the_registrar_issues(visitor)
    the_council_meets(visitor)
    the_letter_goes_and_is_answered(visitor)
    everybody_else_finds_a_page(visitor)
