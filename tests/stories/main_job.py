"""The main job, told once: from a department's proposal to the register, on both routes.

`reader` is somebody without JavaScript; `finish_work(reader)` waits until background work is done. The
sample agency stands ready. The story returns what it saw, for the teller to look at.
"""

import io

import pikepdf

UNIT = "Phòng Nghiệp vụ 2"
FIRST, SECOND = "Trần Quang Vinh", "Hoàng Thị Cúc"
LETTER_FORM = "Giấy khen của Chánh Thanh tra"
MERIT_FORM = "Bằng khen của Chủ tịch UBND tỉnh"
RETURN_AT = "Mục II.1. Kết quả thực hiện các nội dung của đợt thi đua"
RETURN_REASON = "Cần nêu số liệu cụ thể."
REFUSE_REASON = "Thành tích chưa vượt trội so với nhiệm vụ được giao."
TODAY = "20/11/2025"
PRINTED_OF = f"Chức vụ, đơn vị in của {FIRST}"
PRINTED = "Thanh tra viên chính, Phòng Nghiệp vụ 2"


def scan(words="Bản quét đã ký"):
    """Return a sound one-page PDF."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.docinfo["/Title"] = words
        pdf.save(out)
    return out.getvalue()


def the_unit_proposes(reader, password):
    """A head adds a collective and two people, completes all four parts and sends."""
    reader.sign_in("truongphong2", password)
    reader.reads("Việc của tôi", "Còn 41 ngày")
    reader.follow("Đề nghị của phòng")
    reader.submit(f"Lập đề nghị của {UNIT}")
    reader.reads("Còn thiếu")
    workspace = reader.path
    for form, subject, reason in (
        (LETTER_FORM, UNIT, ""),
        (LETTER_FORM, FIRST, ""),
        (LETTER_FORM, SECOND, ""),
        (MERIT_FORM, UNIT, "Bằng khen cho thành tích theo Kế hoạch 112 của UBND tỉnh."),
    ):
        reader.open(workspace)
        reader.follow("Thêm tập thể, cá nhân")
        choose_form(reader, form)
        reader.submit(
            "Thêm vào đề nghị", {"Đối tượng": subject, "Lý do đề nghị hai hình thức": reason}
        )
    write_the_reports(reader, workspace)
    hold_the_meeting(reader, workspace)
    reader.open(workspace)
    reader.follow("Tờ trình")
    reader.submit("Lưu tờ trình", {"Tờ trình đã xong": True})
    reader.open(workspace)
    reader.follow("Xem và gửi Văn phòng")
    reader.submit("Gửi Văn phòng")
    reader.reads("Biên nhận hồ sơ", "HS-", "2025")
    receipt = reader.fetch("Biên nhận (PDF)")
    assert receipt.startswith(b"%PDF-")
    return workspace


def choose_form(reader, name):
    """Mark the radio button of a form of award."""
    for label in reader.page.xpath("//label[@for]"):
        if name in " ".join(label.text_content().split()):
            for radio in reader.page.xpath(f"//*[@id='{label.get('for')}' and @type='radio']"):
                for other in reader.page.xpath(f"//input[@name='{radio.get('name')}']"):
                    other.attrib.pop("checked", None)
                radio.set("checked", "checked")
                return
    raise AssertionError(f"no form of award «{name}» on {reader.path}: {reader.text[:1500]}")


def write_the_reports(reader, workspace):
    """Write every heading of every report, and attach a piece of evidence to the first."""
    reader.open(workspace)
    addresses = dict.fromkeys(
        a.get("href").split("#")[0]
        for a in reader.page.xpath("//a[contains(@href, '/report/')]")
        if "report.pdf" not in a.get("href")
    )
    assert len(addresses) == 4, addresses
    for number, address in enumerate(addresses):
        reader.open(address)
        texts = {
            area.get("name"): f"Nội dung thành tích số {number}, {place}: hoàn thành trước hạn."
            for place, area in enumerate(reader.page.xpath("//textarea[@name]"))
            if area.get("name").startswith("heading_")
        }
        assert texts, reader.text[:500]
        reader.submit("Lưu báo cáo", texts)
    reader.open(next(iter(addresses)))
    reader.submit(
        "Thêm minh chứng",
        {
            "Tệp minh chứng": ("ket-luan.pdf", scan(), "application/pdf"),
            "Tệp này chứng minh điều gì": "Văn bản khen của đơn vị phối hợp",
        },
    )
    reader.reads("Văn bản khen của đơn vị phối hợp")


def hold_the_meeting(reader, workspace):
    """Record the department's meeting and the votes for each name."""
    reader.open(workspace)
    reader.follow("Biên bản họp phòng")
    votes = {
        field.get("name"): 6 for field in reader.page.xpath("//input[starts-with(@name, 'vote_')]")
    }
    assert len(votes) >= 3
    reader.submit(
        "Lưu biên bản",
        {
            "Ngày họp": "18/11/2025",
            "Bắt đầu lúc": "08:00",
            "Kết thúc lúc": "09:30",
            "Địa điểm": "Phòng họp tầng 2",
            "Chủ trì": "Lý Thanh Sơn",
            "Thư ký": "Bế Thị Diệp",
            "Trần Quang Vinh: Vắng mặt": True,
            "Lý do vắng của Trần Quang Vinh": "đi công tác",
            "Kết luận": "Thống nhất đề nghị.",
            **votes,
        },
    )


def the_office_reviews(reader, password, workspace):
    """A reviewer returns one with a reason, the head mends it, the reviewer accepts all."""
    reader.sign_in("thamdinh", password)
    reader.follow("Bàn thẩm định")
    reader.follow(FIRST)
    reader.follow("Yêu cầu bổ sung")
    reader.submit("Yêu cầu bổ sung", {RETURN_AT: RETURN_REASON})

    reader.sign_in("truongphong2", password)
    reader.reads(RETURN_REASON)
    reader.open(workspace)
    reader.follow(f"Sửa báo cáo của {FIRST}")
    areas = reader.page.xpath("//textarea[starts-with(@name, 'heading_')]")
    reader.submit("Lưu báo cáo", {areas[0].get("name"): "Đã giải quyết 14 trên 15 kiến nghị."})
    reader.open(workspace)
    reader.follow(f"Gửi lại hồ sơ của {FIRST}")
    reader.submit("Gửi lại Văn phòng")
    reader.reads("Biên nhận hồ sơ")

    reader.sign_in("thamdinh", password)
    for name in (FIRST, SECOND, UNIT, UNIT):
        reader.open("/review/")
        reader.follow(name)
        reader.submit("Chấp nhận")
    reader.open("/review/")
    assert FIRST not in reader.text


def the_signatory_approves(reader, password):
    """The Chief Inspector approves two and refuses one with a reason, by password."""
    reader.sign_in("chanhthanhtra", password)
    reader.follow("Phê duyệt")
    reader.follow(f"Mở hồ sơ của {SECOND}")
    reader.follow("Không phê duyệt")
    reader.submit("Không phê duyệt", {"Lý do": REFUSE_REASON, "Mật khẩu": password})
    reader.open("/approvals/")
    chosen = {f"Chọn {UNIT}": True, f"Chọn {FIRST}": True}
    reader.submit("Phê duyệt các trường hợp đã chọn", {**chosen, "Mật khẩu": password})
    reader.reads("Đã phê duyệt")


def the_units_confirm_their_lines(reader, password):
    """Nothing gets a number until each unit has confirmed how its recipients are printed."""
    reader.sign_in("vanthu", password)
    reader.open("/issuing/")
    reader.reads("Chờ xác nhận dòng in", UNIT)
    reader.follow("Xem danh sách: Giấy khen của Chánh Thanh tra")
    reader.reads("Chưa cấp số được: còn 4 dòng in chưa xác nhận")
    for username, changed in (("truongphong2", {PRINTED_OF: PRINTED}), ("truongphong4", {})):
        reader.sign_in(username, password)
        reader.follow("Xác nhận dòng in: 2 người nhận")
        assert reader.fetch("Xem thử Giấy khen (PDF)").startswith(b"%PDF-")
        reader.submit("Xác nhận tất cả 2 dòng", changed)
        reader.reads("Đã xác nhận 2 dòng in.")


def the_registrar_issues(reader, password, finish_work):
    """The decision gets number and papers, is closed by its signed scan, enters the register."""
    reader.sign_in("vanthu", password)
    reader.follow("Ban hành")
    reader.follow("Lập quyết định")
    reader.reads(UNIT, FIRST, PRINTED)
    assert SECOND not in reader.text
    reader.submit("Cấp số và tạo giấy khen", {"Ngày ban hành": TODAY})
    decision = reader.path
    finish_work(reader)
    reader.open(decision)
    reader.reads("03/QĐ-TTr", UNIT, FIRST)
    certificate = reader.fetch(f"PDF giấy khen của {FIRST}")
    reader.follow("Tải bản đã ký và ban hành")
    reader.submit(
        "Ban hành và vào sổ",
        {"Quyết định đã ký": ("qd-da-ky.pdf", scan(), "application/pdf"), "Ngày ký": TODAY},
    )
    reader.open(decision)
    reader.reads("Đã ban hành", "1.410.000", "710.000")
    reader.open("/register/")
    reader.reads(FIRST, UNIT, "03/QĐ-TTr", "710.000", "1.410.000")
    return certificate


def the_council_meets(reader, password):
    """The secretary records the meeting: who sat, the votes, conflicts left out; minutes."""
    reader.sign_in("thuky", password)
    reader.follow("Hội đồng")
    reader.follow("Mở phiên họp")
    reader.submit(
        "Mở phiên họp",
        {"Ngày họp": TODAY, "Giờ bắt đầu": "00:01", "Địa điểm": "Phòng họp tầng 3"},
    )
    reader.submit(
        "Lưu thành phần dự họp",
        {"Triệu Văn Thành (Ủy viên) vắng mặt": True, "Lý do vắng của Triệu Văn Thành": "Đi họp"},
    )
    meeting = reader.path
    reader.reads(UNIT, "Lô Văn Hưng", "không tham gia biểu quyết")
    for name in (UNIT, "Phòng Nghiệp vụ 3"):
        reader.open(meeting)
        reader.follow(f"Ghi phiếu của {name}")
        reader.submit("Lưu kết quả", {"Số phiếu tán thành": 5, "Số phiếu không tán thành": 0})
    reader.open(meeting)
    reader.follow("Kết thúc phiên họp")
    reader.submit("Kết thúc phiên họp", {"Ngày kết thúc": TODAY, "Giờ kết thúc": "00:02"})
    reader.open(meeting)
    reader.reads("Đã kết thúc")
    return meeting


def the_letter_goes(reader, password, finish_work):
    """The signatory signs off the letter, the registrar numbers it, the sets are assembled."""
    reader.sign_in("chanhthanhtra", password)
    reader.open("/approvals/")
    letters = reader.page.xpath("//a[contains(@href, '/letters/')]")
    addresses = list(dict.fromkeys(a.get("href") for a in letters))
    for address in addresses:
        reader.open(address)
        if UNIT in reader.text:
            break
    letter = reader.path
    reader.reads(UNIT)
    reader.follow("Duyệt tờ trình")
    reader.submit("Duyệt tờ trình", {"Mật khẩu": password})

    reader.sign_in("vanthu", password)
    reader.open(letter)
    reader.follow("Cấp số và trình")
    reader.submit("Cấp số và trình", {"Ngày trình": TODAY})
    finish_work(reader)
    reader.open(letter)
    reader.reads("03/TTr-TTr")
    files = [
        reader.door.ask(a.get("href")).content
        for a in reader.page.xpath("//a[contains(@href, '/dossiers/')][contains(@href, '/file/')]")
    ]
    assert len(files) == 2
    return letter, files


def the_province_answers(reader, password, letter):
    """The office records what came back; the award enters the register."""
    reader.sign_in("thamdinh", password)
    reader.open(letter)
    reader.follow(f"Ghi kết quả của {UNIT}")
    for radio in reader.page.xpath("//input[@name='outcome']"):
        radio.attrib.pop("checked", None)
    reader.page.xpath("//input[@name='outcome']")[0].set("checked", "checked")
    reader.submit(
        "Ghi kết quả",
        {"Số quyết định của cấp trên": "2170/QĐ-UBND", "Ngày quyết định": TODAY},
    )
    reader.open("/register/")
    reader.reads("2170/QĐ-UBND", UNIT, "7.020.000")


def main_job(reader, password, finish_work):
    """Tell it all; return the certificate and the two sets."""
    workspace = the_unit_proposes(reader, password)
    the_office_reviews(reader, password, workspace)
    the_signatory_approves(reader, password)
    the_units_confirm_their_lines(reader, password)
    certificate = the_registrar_issues(reader, password, finish_work)
    the_council_meets(reader, password)
    letter, sets = the_letter_goes(reader, password, finish_work)
    the_province_answers(reader, password, letter)
    return certificate, sets
