"""Certificates on pre-printed blanks, in a real browser: placed, printed, one of them spoilt."""


def is_picture(response):
    return response.headers.get("content-type") == "image/png"


def a_blank_is_placed(visitor):
    page = visitor.page
    visitor.sign_in("vanthu")
    visitor.press("Ban hành")
    visitor.press("Phôi và máy in")
    visitor.look("phoi-va-may-in")
    visitor.press("Máy in phòng Văn thư")
    visitor.look("can-chinh-may-in")
    visitor.go("/printing/")
    visitor.press("Phôi hoa văn")
    visitor.reads("20 tờ")
    visitor.look("mot-phoi")
    visitor.press("Sửa vị trí in")
    with page.expect_response(is_picture) as drawn:
        visitor.fill("Tên để xem thử", "Trần Nguyễn Hoàng Phương Thảo")
    assert drawn.value.status == 200
    visitor.look("sua-phoi")
    visitor.fill("Mép trên phần nội dung", "400")
    page.get_by_text("Chưa xem thử được").wait_for()
    visitor.press("Xem thử")
    visitor.reads("cần sửa")
    visitor.look("sua-phoi-sai")


def the_certificates_are_printed(visitor, decision):
    page = visitor.page
    visitor.go(f"/issuing/{decision}/")
    visitor.press("In giấy khen")
    page.get_by_label("In lên").select_option(
        label="Phôi «Phôi hoa văn, đặt in năm 2025», còn 20 tờ"
    )
    visitor.press("Tạo bản in")
    visitor.reads("Hãy chọn máy in")
    visitor.look("in-giay-khen-sai")
    page.get_by_label("Máy in").select_option(index=1)
    visitor.press("Tạo bản in")
    page.get_by_role("link", name="Mở bản in").wait_for(timeout=90_000)
    visitor.look("luot-in")
    address = page.get_by_role("link", name="Mở bản in").get_attribute("href")
    assert page.context.request.get(visitor.base + address).body().startswith(b"%PDF-")


def one_blank_is_spoilt(visitor, decision):
    visitor.press("Báo phôi hỏng")
    visitor.fill("Số tờ hỏng", "1")
    visitor.fill("Lý do", "Kẹt giấy.")
    visitor.look("bao-phoi-hong")
    visitor.press("Ghi phôi hỏng")
    visitor.reads("17 tờ", "Kẹt giấy.")
    visitor.press("Nhận phôi")
    visitor.look("nhan-phoi")
    visitor.go("/printing/blanks/new/")
    visitor.look("them-phoi")
    visitor.go("/printing/printers/new/")
    visitor.look("them-may-in")
    visitor.go(f"/issuing/{decision}/")
    visitor.reads("Đã in 3 giấy trong 1 lượt; hỏng 1 phôi.")
    visitor.look("quyet-dinh-da-in")


def test_certificates_are_printed_on_blanks(visitor):
    decision = visitor.stack.ask("Decision.objects.order_by('pk')[1].pk")  # of the sample
    a_blank_is_placed(visitor)
    the_certificates_are_printed(visitor, decision)
    one_blank_is_spoilt(visitor, decision)
