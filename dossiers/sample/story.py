"""The story of the sample: who did what on which day of the fourth quarter of 2025.

Everything is done by the same acts as in the pages, at moments that only go forward, so the log
reads as if people had worked. The story ends before the rehearsal's day, 20/11/2025.
"""

import dataclasses
import datetime as dt

from django.db import transaction

from awards.models import Nomination
from campaigns.actions import load_plan
from dossiers.sample.acts import Acts, forget_what_is_queued, moment
from dossiers.sample.agency import make_cast
from staff.models import HoldKind
from thidua.core import clock


@dataclasses.dataclass(frozen=True, slots=True)
class Count:
    """How much the sample holds."""

    people: int
    accounts: int
    nominations: int


@transaction.atomic
def load() -> Count:
    """Make the whole sample, or nothing of it, and return how much it is."""
    with clock.frozen(moment("10-01 08:00")):
        cast = make_cast()
        story = Acts(cast, load_plan(agency=cast.agency, actor=cast.accounts["quantri"]))
    story.stock("10-02 09:00", 20)
    _a_hold_that_is_over(story)
    tell(story)
    _a_hold_that_is_live(story)
    forget_what_is_queued()
    return Count(len(cast.people), len(cast.accounts), Nomination.objects.count())


def tell(story: Acts) -> None:
    """Tell it, in the order of time."""
    # Four units are early. Văn phòng asks for both forms, with its reason.
    office = story.prepare("10-06 08:30", "VP", ["Đinh Thị Nga", "Lộc Văn Sáng"], ["merit"])
    office |= story.nominate_too(
        "10-06 10:00",
        "VP",
        "Giấy khen ghi nhận việc phục vụ kỳ họp tháng 9 năm 2025; Bằng khen ghi nhận thành tích "
        "cả đợt theo kế hoạch của UBND tỉnh: hai thành tích khác nhau.",
    )
    fourth = story.prepare(
        "10-07 08:30", "NV4", ["Dương Văn Bách", "Hứa Thị Yến", "Đặng Minh Tú"], ["merit"]
    )
    sixth = story.prepare("10-07 14:00", "NV6", ["Lộc Thị Mai"], ["merit"])
    sixth |= story.nominate_too(
        "10-07 15:30",
        "NV6",
        "Giấy khen ghi nhận sáng kiến bộ mẫu kiểm tra hồ sơ xây dựng; Bằng khen ghi nhận kết quả "
        "chung của đợt thi đua.",
    )
    seventh = story.prepare("10-08 08:30", "NV7", ["Trần Thị Phương", "Lý Văn Quang"], ["merit"])
    story.send("10-08 14:00", "VP")
    story.send("10-08 15:00", "NV4")
    story.send("10-09 08:30", "NV6")
    story.send("10-09 10:00", "NV7")

    # The first Giấy khen: three of Văn phòng, from review to register.
    early = [office["letter"], office["Đinh Thị Nga"], office["Lộc Văn Sáng"]]
    story.review("10-10 09:00", "thamdinh", "accept", early)
    story.review(
        "10-10 10:00",
        "thamdinh2",
        "return",
        [office["merit"]],
        "Bổ sung số liệu so sánh với cùng kỳ năm 2024 ở mục II.1.",
    )
    story.settle("10-14 09:00", "approve", early)
    first = story.decide(["10-14 15:00", "10-15 09:00"], early)
    story.close("10-16 15:00", first)

    # The first council: three collectives, of which two go to the province.
    story.review(
        "10-16 16:00", "thamdinh2", "accept", [fourth["merit"], sixth["merit"], seventh["merit"]]
    )
    sent = story.meet(
        "10-17 08:00",
        "10-17 10:30",
        {fourth["merit"]: (6, 0), sixth["merit"]: (3, 4), seventh["merit"]: (5, 2)},
        "Hội đồng nghe Thường trực báo cáo kết quả thẩm định; các thành viên trao đổi về hiệu quả "
        "của các giải pháp, nhất trí đánh giá theo tiêu chuẩn của UBND tỉnh.",
    )
    story.send_letter(["10-17 15:00", "10-20 09:00"], sent)

    story.review(
        "10-28 09:00",
        "thamdinh",
        "return",
        [sixth["letter"]],
        "Nêu rõ sáng kiến đã áp dụng từ ngày nào và hiệu quả đo được (mục II.2).",
    )
    story.review(
        "10-28 10:30",
        "thamdinh",
        "accept",
        [sixth["Lộc Thị Mai"], seventh["Trần Thị Phương"], seventh["Lý Văn Quang"]],
    )

    asked = story.ask(
        "10-29 09:00",
        "NV3",
        "Người được cử đi học tập trung 3 tháng trong thời gian thi đua có được đề nghị Giấy khen "
        "không?",
    )
    story.answer(
        "10-29 15:00",
        "thamdinh",
        asked,
        "Được, nếu thành tích trong thời gian công tác tại đơn vị đạt tiêu chuẩn của kế hoạch. Báo "
        "cáo thành tích cần ghi rõ thời gian đi học.",
    )

    # Phòng Nghiệp vụ 1: one collective hurries to the province, its people wait for review.
    first_unit = story.prepare(
        "11-03 08:30", "NV1", ["Triệu Thị Mơ", "Nguyễn Đức Hiếu", "Mông Thị Xuân"], ["merit"]
    )
    story.send("11-03 15:00", "NV1")
    story.review("11-04 09:00", "thamdinh2", "accept", [first_unit["merit"]])
    second = story.meet(
        "11-05 08:00",
        "11-05 09:30",
        {first_unit["merit"]: (5, 0)},
        "Các thành viên nhất trí với báo cáo thẩm định; đề nghị phòng chia sẻ cách làm với các "
        "phòng khác.",
        absent={"Vi Thị Hồng Vân": "đi công tác theo phân công"},
    )
    story.send_letter(["11-05 15:00", "11-06 09:00"], second)

    # Phòng Nghiệp vụ 4, 6 and 7: decided by the Chief Inspector; the province answers.
    second_list = [sixth["Lộc Thị Mai"], seventh["Trần Thị Phương"], seventh["Lý Văn Quang"]]
    story.settle("11-10 09:00", "approve", second_list)
    story.learn("11-12 09:00", fourth["merit"], "1972/QĐ-UBND", dt.date(2025, 11, 7))
    story.learn(
        "11-12 09:30",
        seventh["merit"],
        reason="Chưa nêu rõ phạm vi ảnh hưởng của thành tích theo tiêu chuẩn của tỉnh.",
    )
    of_fourth = [fourth[name] for name in ("Dương Văn Bách", "Hứa Thị Yến", "Đặng Minh Tú")]
    story.review("11-12 14:00", "thamdinh", "accept", of_fourth)

    third = story.prepare(
        "11-13 08:30", "NV3", ["Hoàng Đức Nhân", "Nông Thị Thoa", "Vi Văn Kiên"], ["merit"]
    )
    story.send("11-13 16:00", "NV3")
    story.mend("11-14 09:00", office["merit"], "Đã bổ sung số liệu so sánh cùng kỳ.")
    story.review("11-14 15:00", "thamdinh2", "accept", [office["merit"]])

    story.announce(
        "11-14 16:00",
        "chanhvp",
        "Lịch thẩm định hồ sơ khen thưởng",
        "Văn phòng thẩm định theo thứ tự hồ sơ gửi đến. Đơn vị gửi trước ngày 15/12/2025 có kết quả "
        "thẩm định trong tháng 12; đơn vị gửi sau chờ đến đầu tháng 01/2026.",
    )
    story.decide(["11-14 17:00", "11-17 09:00"], second_list)  # waits for its signed file
    story.review(
        "11-17 10:00",
        "thamdinh",
        "return",
        [first_unit["Mông Thị Xuân"]],
        "Mục II.1 còn chung chung: hãy nêu số việc đã làm và kết quả cụ thể.",
    )
    # Văn phòng's letter waits for the Chief Inspector.
    story.meet(
        "11-18 08:00",
        "11-18 09:15",
        {office["merit"]: (5, 0)},
        "Các thành viên nhất trí; thành viên thuộc Văn phòng không tham gia biểu quyết.",
    )
    story.mend("11-18 10:00", sixth["letter"], "Đã nêu ngày áp dụng sáng kiến và hiệu quả.")
    story.settle("11-18 14:00", "approve", of_fourth[:2])
    story.settle(
        "11-18 14:10",
        "refuse",
        of_fourth[2:],
        "Thời gian công tác tại phòng chưa đủ để đánh giá thành tích của cả đợt.",
    )
    story.review(
        "11-19 09:00",
        "thamdinh",
        "accept",
        [third["merit"], third["Hoàng Đức Nhân"], third["Nông Thị Thoa"]],
    )
    story.review(
        "11-19 09:30",
        "thamdinh",
        "decline",
        [third["Vi Văn Kiên"]],
        "Thành tích nêu trong báo cáo ngoài thời gian thi đua của kế hoạch.",
    )

    # Phòng Nghiệp vụ 5 still writes; Phòng Nghiệp vụ 2 has not begun.
    story.begin(
        ["11-19 10:00", "11-19 10:40"],
        "NV5",
        invited="Vi Đức Long",
        withdrawn="Mông Văn Uy",
        named="Nguyễn Thị Thảo",
    )
    story.ask(
        "11-19 14:00",
        "NV5",
        "Minh chứng chỉ có bản giấy thì chụp ảnh gửi kèm có được không, hay phải quét thành PDF?",
    )


def _a_hold_that_is_over(story: Acts) -> None:
    """Write a line of the hold register that is over on the same day."""
    checked = story.hold(
        "10-03 09:00",
        "Hoàng Văn Lực",
        HoldKind.INSPECTION,
        "31/TTr-GQ",
        "Vụ việc mẫu: kiểm tra việc chấp hành quy chế chi tiêu nội bộ.",
    )
    story.clear("10-03 16:00", checked, "33/KL-TTr")


def _a_hold_that_is_live(story: Acts) -> None:
    """Let somebody of Phòng Nghiệp vụ 5, which still writes, wait."""
    story.hold(
        "11-19 15:00",
        "Nguyễn Thị Thảo",
        HoldKind.COMPLAINT,
        "47/TTr-GQ",
        "Vụ việc mẫu: xác minh một đơn phản ánh.",
    )
