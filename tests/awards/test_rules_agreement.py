"""Minutes, letter, list and scans against each other: each slip by itself, and a clean set by none.

Without a database: the rules read what is loaded, and say it.
"""

import datetime as dt
from types import SimpleNamespace

import pytest

from awards.models import MeetingPerson, MeetingVote, Proposal, SignedScan, UnitMeeting
from awards.queries.unit_papers import UnitPapers
from awards.rules.agreement import bare_name, disagreements_of, doubts_of
from campaigns.models import DocumentKind, SubjectKind
from tests.conftest import NOON

HELD = NOON - dt.timedelta(days=2)
LETTER = (
    "Căn cứ Biên bản họp xét của Phòng Nghiệp vụ 2 ngày 18 tháng 11 năm 2025,\n"
    "Phòng Nghiệp vụ 2 đã họp xét, thống nhất đề nghị khen thưởng 01 tập thể và 02 cá nhân:\n"
    "Kính đề nghị Chánh Thanh tra xem xét, quyết định."
)
PLAN = SimpleNamespace(
    required_items=SimpleNamespace(
        all=lambda: [
            SimpleNamespace(kind=DocumentKind.UNIT_MINUTES, clause="V.3.c"),
            SimpleNamespace(kind=DocumentKind.LETTER, clause="V.3.a"),
        ]
    )
)
LAX = SimpleNamespace(required_items=SimpleNamespace(all=list))


def name(key, title, kind=SubjectKind.PERSON, votes=(5, 0, 0)):
    vote = dict(zip(("for_count", "against_count", "blank_count"), votes, strict=True))
    return SimpleNamespace(
        pk=key,
        proposal_id=7,
        recipient_name=title,
        subject_kind=kind,
        is_editable=True,
        award_form=PLAN,
        unit_vote=MeetingVote(present_count=5, **vote),
    )


@pytest.fixture
def papers():
    """Return papers that agree: one collective, two people, six of the unit, one of them absent."""
    proposal = Proposal(pk=7, letter_text=LETTER, letter_edited_at=NOON)
    meeting = UnitMeeting(
        held_at=HELD,
        ended_at=HELD + dt.timedelta(hours=1),
        place="Phòng họp",
        chair_name="đồng chí Lý Thị Đào",
        secretary_name="Vi Văn Đức",
        total_count=6,
        present_count=5,
        edited_at=NOON,
    )
    sitting = ("Lý Thị Đào", "Vi Văn Đức", "Bế Thị Lan", "Nông Thị Ánh", "Hoàng Văn Bình")
    people = [MeetingPerson(name=one) for one in sitting]
    people.append(MeetingPerson(name="Mai Văn Sáu", is_present=False, absent_reason="nghỉ ốm"))
    people.append(MeetingPerson(name="Triệu Văn Ngọc", is_guest=True))
    names = [
        name(11, "Phòng Nghiệp vụ 2", SubjectKind.UNIT),
        name(12, "Nông Thị Ánh"),
        name(13, "Hoàng Văn Bình"),
    ]
    return UnitPapers(proposal, names, meeting, people, {}, [])


def scan(kind, **declared):
    return lambda p: p.scans.update({kind: SignedScan(kind=kind, **declared)})


def put(place, **columns):
    """Return a change of one record: «meeting», «proposal», «names.1», «people.0», «votes.1»."""

    def change(papers):
        where, _, number = place.partition(".")
        record = getattr(papers, "names" if where == "votes" else where)
        record = record[int(number)] if number else record
        record = record.unit_vote if where == "votes" else record
        for column, value in columns.items():
            setattr(record, column, value)

    return change


def test_papers_that_agree_are_left_alone(papers):
    assert disagreements_of(papers) == []
    assert doubts_of(papers, ["Lô Văn Bảy"]) == []


def test_a_proposal_without_papers_has_nothing_to_disagree(papers):
    bare = UnitPapers(Proposal(pk=7), papers.names)
    assert disagreements_of(bare) == []
    assert doubts_of(bare) == []


# fmt: off
SLIPS = [
    (lambda p: p.unfinished.append("minutes"), "Hoàn chỉnh biên bản họp phòng đang gõ dở rồi lưu", "/meeting/"),
    (lambda p: p.unfinished.append("letter"), "Hoàn chỉnh tờ trình đang gõ dở rồi lưu", "/letter/#id_text"),
    (lambda p: p.people.clear() or put("meeting", total_count=4)(p),
     "Sửa biên bản: 5 người có mặt vượt tổng số 4 người", "/meeting/"),
    (put("meeting", total_count=8),
     "Sửa biên bản: danh sách có 5 trên 6 người có mặt, số ghi là 5 trên 8", "/meeting/"),
    (put("votes.1", for_count=6), "Sửa số phiếu của Nông Thị Ánh: 6 phiếu vượt 5 người có mặt", "/meeting/#id_vote_12"),
    (put("votes.2", blank_count=1), "Sửa số phiếu của Hoàng Văn Bình: 6 phiếu vượt 5 người có mặt", "/meeting/#id_vote_13"),
    (put("meeting", edited_at=HELD - dt.timedelta(days=1)),
     "Sửa ngày họp 18/11/2025: sau ngày ghi biên bản 17/11/2025", "/meeting/#id_held_on"),
    (put("meeting", chair_name="Mai Văn Sáu"), "Sửa biên bản: Chủ trì Mai Văn Sáu vắng mặt", "/meeting/#id_chair_name"),
    (put("meeting", secretary_name="Lô Văn Bảy"),
     "Sửa biên bản: Thư ký Lô Văn Bảy không có trong danh sách dự họp", "/meeting/#id_secretary_name"),
    (put("proposal", letter_text=LETTER.replace("02 cá nhân", "03 cá nhân")),
     "Sửa tờ trình: ghi 03 cá nhân, danh sách có 02", "/letter/#id_text"),
    (put("proposal", letter_text=LETTER.replace("01 tập thể", "2 tập thể")),
     "Sửa tờ trình: ghi 02 tập thể, danh sách có 01", "/letter/#id_text"),
    (put("proposal", letter_text=LETTER.replace("ngày 18", "ngày 17")),
     "Sửa tờ trình: ghi biên bản họp ngày 17/11/2025, biên bản ghi ngày 18/11/2025", "/letter/#id_text"),
    (scan("minutes", declared_on=dt.date(2025, 11, 17)),
     "Xem lại bản ký của biên bản: ghi ngày 17/11/2025, dữ liệu ghi họp ngày 18/11/2025", "/meeting/signed/#id_declared_on"),
    (scan("letter", declared_on=dt.date(2025, 11, 17)),
     "Xem lại bản ký của tờ trình: ghi ngày 17/11/2025, trước ngày họp 18/11/2025", "/letter/signed/#id_declared_on"),
    (scan("minutes", declared_present=6),
     "Xem lại bản ký của biên bản: ghi 6 người có mặt, dữ liệu ghi 5", "/meeting/signed/#id_declared_present"),
    (scan("letter", declared_names=2),
     "Xem lại bản ký của tờ trình: ghi 2 tập thể, cá nhân, dữ liệu có 3", "/letter/signed/#id_declared_names"),
]
DOUBTS = [
    (put("votes.1", for_count=2, against_count=3),
     "Nông Thị Ánh chỉ có 2 trên 5 phiếu đồng ý mà vẫn được đề nghị", "/meeting/#id_vote_12"),
    (put("votes.1", for_count=4), "Nông Thị Ánh: mới tính 4 phiếu của 5 người có mặt", "/meeting/#id_vote_12"),
    (lambda p: delattr(p.names[1], "unit_vote") or put("names.1", award_form=LAX)(p),
     "Nông Thị Ánh có trong danh sách của tờ trình mà không có trong biên bản", "/meeting/#id_vote_12"),
    (put("proposal", letter_edited_at=HELD - dt.timedelta(days=1)),
     "Tờ trình viết ngày 17/11/2025, trước cuộc họp ngày 18/11/2025", "/letter/#id_text"),
    (put("proposal", letter_text=f"{LETTER}\nLô Văn Bảy"), "Tờ trình còn nêu Lô Văn Bảy, đã rút khỏi danh sách", "/letter/#id_text"),
    (put("meeting", conclusion="Thống nhất với LÔ VĂN BẢY."),
     "Kết luận còn nêu Lô Văn Bảy, đã rút khỏi danh sách", "/meeting/#id_conclusion"),
    (put("proposal", letter_text=f"{LETTER}\ncủa bà Vũ Thị Tám, chuyên viên"),
     "Tờ trình nêu Vũ Thị Tám, không có trong danh sách và biên bản", "/letter/#id_text"),
    (put("meeting", conclusion="Đề nghị ông Hoàng Văn Bình."),
     "Kết luận nêu tên một số cá nhân mà không nêu Nông Thị Ánh", "/meeting/#id_conclusion"),
]
# fmt: on


@pytest.mark.parametrize(("slip", "sentence", "place"), SLIPS)
def test_a_slip_is_named_alone_with_its_clause_and_its_field(papers, slip, sentence, place):
    slip(papers)
    [lack] = disagreements_of(papers)
    assert (lack.sentence, lack.url) == (sentence, f"/proposals/7{place}")
    assert lack.clause == ("Mục V.3.c" if "/meeting/" in place else "Mục V.3.a")


@pytest.mark.parametrize(("change", "sentence", "place"), DOUBTS)
def test_a_doubt_is_named_alone_and_keeps_nobody_from_sending(papers, change, sentence, place):
    change(papers)
    assert disagreements_of(papers) == []
    [doubt] = doubts_of(papers, ["Lô Văn Bảy"])
    assert (doubt.sentence, doubt.url) == (sentence, f"/proposals/7{place}")


FINE = [
    put("proposal", letter_text=LETTER.replace("02 cá nhân", "01 cá nhân và 01 cá nhân")),
    put("proposal", letter_text=LETTER.replace("18 tháng 11 năm 2025", "18/11/2025")),
    put("proposal", letter_text=f"{LETTER}\ntheo ý kiến của đồng chí Chánh Thanh tra tỉnh"),
    put("proposal", letter_text=f"{LETTER}\nBiên bản họp Hội đồng ngày 01/11/2025"),
    put(
        "proposal", letter_text=f"{LETTER}\nBà Nông Thị Ánh; ông Hoàng Văn Bình, do ông Lý Thị Đào"
    ),
    put("meeting", chair_name="Triệu  Văn Ngọc"),
    put("meeting", secretary_name="Vi Va\u0306n \u0110u\u031b\u0301c"),
    scan("minutes", declared_on=dt.date(2025, 11, 18), declared_present=5, declared_names=3),
    scan("letter", declared_on=dt.date(2025, 11, 19), declared_number="05/TTr"),
    lambda p: (
        put("names.1", is_editable=False)(p) or put("votes.1", for_count=7, present_count=7)(p)
    ),
]


@pytest.mark.parametrize("change", FINE)
def test_what_is_said_in_other_words_agrees(papers, change):
    change(papers)
    assert disagreements_of(papers) == []
    assert doubts_of(papers) == []


def test_a_name_is_compared_without_courtesy_case_and_marks():
    assert bare_name(" Ông  Nguyễn Văn Đức") == bare_name("NGUYỄN VĂN ĐỨC") == "nguyen van duc"
