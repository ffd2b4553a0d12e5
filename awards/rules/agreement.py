"""Where minutes, letter, list and signed scans say different things; each is named with its place.

What cannot be sent so is a lack; what only asks for a second look is a doubt.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from awards.models import MeetingVote, Nomination, PaperKind
from awards.queries.unit_papers import UnitPapers
from awards.rules.nomination import Lack, lacks_of_vote
from campaigns.models import DocumentKind, SubjectKind
from thidua.core import clock
from thidua.core.text import compose, fold

_COURTESIES = ("ông ", "bà ", "đồng chí ", "đ/c ", "anh ", "chị ")
# After a courtesy these begin an office, not a name: «đồng chí Chánh Thanh tra».
_OFFICES = frozenset(("chánh", "phó", "trưởng", "chủ", "giám", "bí"))
_COUNTED = re.compile(r"(\d{1,4})\s+(tập thể|cá nhân)")
_DAYS = re.compile(
    r"(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})|(\d{1,2})/(\d{1,2})/(\d{4})", re.IGNORECASE
)


# --- What cannot be sent so --------------------------------------------------------------------


def disagreements_of(papers: UnitPapers) -> list[Lack]:
    """Return what must be put right before the papers can be sent."""
    return [
        *_half_typed(papers),
        *_wrong_counts(papers),
        *_wrong_votes(papers),
        *_wrong_days(papers),
        *_missing_offices(papers),
        *_wrong_letter(papers),
        *_wrong_scans(papers),
    ]


def _half_typed(papers: UnitPapers) -> Iterator[Lack]:
    if PaperKind.MINUTES in papers.unfinished:
        yield _of_minutes(papers, "Hoàn chỉnh biên bản họp phòng đang gõ dở rồi lưu")
    if PaperKind.LETTER in papers.unfinished:
        yield _of_letter(papers, "Hoàn chỉnh tờ trình đang gõ dở rồi lưu", "id_text")


def _wrong_counts(papers: UnitPapers) -> Iterator[Lack]:
    meeting = papers.meeting
    if meeting is None:
        return
    if meeting.total_count < meeting.present_count:
        yield _of_minutes(
            papers,
            f"Sửa biên bản: {meeting.present_count} người có mặt vượt tổng số "
            f"{meeting.total_count} người",
        )
    members = [person for person in papers.people if not person.is_guest]
    present = sum(person.is_present for person in members)
    if members and (len(members), present) != (meeting.total_count, meeting.present_count):
        yield _of_minutes(
            papers,
            f"Sửa biên bản: danh sách có {present} trên {len(members)} người có mặt, số ghi là "
            f"{meeting.present_count} trên {meeting.total_count}",
        )


def _wrong_votes(papers: UnitPapers) -> Iterator[Lack]:
    for nomination, vote, present in _votes(papers):
        total = vote.for_count + vote.against_count + vote.blank_count
        if total > present:
            yield _of_minutes(
                papers,
                f"Sửa số phiếu của {nomination.recipient_name}: {total} phiếu vượt {present} "
                "người có mặt",
                f"id_vote_{nomination.pk}",
            )


def _wrong_days(papers: UnitPapers) -> Iterator[Lack]:
    meeting = papers.meeting
    if meeting is None or meeting.edited_at is None:
        return
    held_on, written_on = clock.local_day(meeting.held_at), clock.local_day(meeting.edited_at)
    if held_on > written_on:
        yield _of_minutes(
            papers,
            f"Sửa ngày họp {held_on:%d/%m/%Y}: sau ngày ghi biên bản {written_on:%d/%m/%Y}",
            "id_held_on",
        )


def _missing_offices(papers: UnitPapers) -> Iterator[Lack]:
    """Chair and secretary sit in the meeting; minutes that name nobody cannot say."""
    meeting = papers.meeting
    if meeting is None or not papers.people:
        return
    sitting = {bare_name(p.name): p.is_present for p in papers.people}
    for label, name, field in (
        ("Chủ trì", meeting.chair_name, "id_chair_name"),
        ("Thư ký", meeting.secretary_name, "id_secretary_name"),
    ):
        if not sitting.get(bare_name(name)):
            where = "vắng mặt" if bare_name(name) in sitting else "không có trong danh sách dự họp"
            yield _of_minutes(papers, f"Sửa biên bản: {label} {name} {where}", field)


def _wrong_letter(papers: UnitPapers) -> Iterator[Lack]:
    text = compose(papers.proposal.letter_text)
    for kind in (SubjectKind.UNIT, SubjectKind.PERSON):
        label, count = kind.label.lower(), sum(n.subject_kind == kind for n in papers.names)
        told = [int(number) for number, what in _COUNTED.findall(text.lower()) if what == label]
        # A letter may count by form of award: then the parts must give the whole.
        if told and count not in {*told, sum(told)}:
            yield _of_letter(
                papers,
                f"Sửa tờ trình: ghi {told[0]:02d} {label}, danh sách có {count:02d}",
                "id_text",
            )
    meeting = papers.meeting
    days = list(_days_of_minutes(text))
    if meeting and days and (held_on := clock.local_day(meeting.held_at)) not in days:
        yield _of_letter(
            papers,
            f"Sửa tờ trình: ghi biên bản họp ngày {days[0]:%d/%m/%Y}, biên bản ghi ngày "
            f"{held_on:%d/%m/%Y}",
            "id_text",
        )


def _wrong_scans(papers: UnitPapers) -> Iterator[Lack]:
    meeting = papers.meeting
    held_on = clock.local_day(meeting.held_at) if meeting else None
    for kind, scan in papers.scans.items():
        what, place = (
            ("biên bản", _of_minutes_scan)
            if kind == PaperKind.MINUTES
            else ("tờ trình", _of_letter_scan)
        )
        names = (
            sum(hasattr(n, "unit_vote") for n in papers.names)
            if kind == PaperKind.MINUTES
            else len(papers.names)
        )
        if scan.declared_on and held_on:
            told = f"Xem lại bản ký của {what}: ghi ngày {scan.declared_on:%d/%m/%Y}"
            if kind == PaperKind.MINUTES and scan.declared_on != held_on:
                yield place(
                    papers, f"{told}, dữ liệu ghi họp ngày {held_on:%d/%m/%Y}", "id_declared_on"
                )
            elif kind == PaperKind.LETTER and scan.declared_on < held_on:
                yield place(papers, f"{told}, trước ngày họp {held_on:%d/%m/%Y}", "id_declared_on")
        if scan.declared_present and meeting and scan.declared_present != meeting.present_count:
            yield place(
                papers,
                f"Xem lại bản ký của {what}: ghi {scan.declared_present} người có mặt, dữ liệu ghi "
                f"{meeting.present_count}",
                "id_declared_present",
            )
        if scan.declared_names and scan.declared_names != names:
            yield place(
                papers,
                f"Xem lại bản ký của {what}: ghi {scan.declared_names} tập thể, cá nhân, dữ liệu "
                f"có {names}",
                "id_declared_names",
            )


# --- What asks for a second look ---------------------------------------------------------------


def doubts_of(papers: UnitPapers, withdrawn: Iterable[str] = ()) -> list[Lack]:
    """Return what may be right, and should be looked at; `withdrawn` are names taken out."""
    return [
        *_weak_votes(papers),
        *_unvoted(papers),
        *_letter_before_meeting(papers),
        *_names_in(papers, list(withdrawn)),
    ]


def _weak_votes(papers: UnitPapers) -> Iterator[Lack]:
    for nomination, vote, present in _votes(papers):
        name, place = nomination.recipient_name, f"id_vote_{nomination.pk}"
        if 2 * vote.for_count < present or not vote.for_count:
            yield _of_minutes(
                papers,
                f"{name} chỉ có {vote.for_count} trên {present} phiếu đồng ý mà vẫn được đề nghị",
                place,
            )
        counted = vote.for_count + vote.against_count + vote.blank_count
        if counted < present:
            yield _of_minutes(
                papers, f"{name}: mới tính {counted} phiếu của {present} người có mặt", place
            )


def _unvoted(papers: UnitPapers) -> Iterator[Lack]:
    """Of the plan's own demand a lack says the same; this is for what it does not ask."""
    for nomination in papers.names if papers.meeting else []:
        if not hasattr(nomination, "unit_vote") and not lacks_of_vote(nomination):
            yield _of_minutes(
                papers,
                f"{nomination.recipient_name} có trong danh sách của tờ trình mà không có trong "
                "biên bản",
                f"id_vote_{nomination.pk}",
            )


def _letter_before_meeting(papers: UnitPapers) -> Iterator[Lack]:
    meeting, written_at = papers.meeting, papers.proposal.letter_edited_at
    if meeting and written_at and papers.proposal.letter_text and written_at < meeting.held_at:
        yield _of_letter(
            papers,
            f"Tờ trình viết ngày {clock.local_day(written_at):%d/%m/%Y}, trước cuộc họp ngày "
            f"{clock.local_day(meeting.held_at):%d/%m/%Y}",
            "id_text",
        )


def _names_in(papers: UnitPapers, withdrawn: Sequence[str]) -> Iterator[Lack]:
    """Names that a text says too many or too few of; who sat or is in the list is known."""
    meeting = papers.meeting
    listed = [n.recipient_name for n in papers.names]
    people = [n.recipient_name for n in papers.names if n.subject_kind == SubjectKind.PERSON]
    known = {bare_name(name) for name in (*listed, *withdrawn, *(p.name for p in papers.people))}
    known |= (
        {bare_name(meeting.chair_name), bare_name(meeting.secretary_name)} if meeting else set()
    )
    for text, what, tell, field in (
        (papers.proposal.letter_text, "Tờ trình", _of_letter, "id_text"),
        (meeting.conclusion if meeting else "", "Kết luận", _of_minutes, "id_conclusion"),
    ):
        said = _plain(text)
        for name in withdrawn:
            if _plain(name) in said and bare_name(name) not in map(bare_name, listed):
                yield tell(papers, f"{what} còn nêu {name}, đã rút khỏi danh sách", field)
        for name in _courteous_names(text):
            if bare_name(name) not in known:
                yield tell(
                    papers, f"{what} nêu {name}, không có trong danh sách và biên bản", field
                )
        missing = [name for name in people if _plain(name) not in said]
        if 0 < len(missing) < len(people):
            yield tell(
                papers,
                f"{what} nêu tên một số cá nhân mà không nêu {', '.join(missing)}",
                field,
            )


# --- Reading -----------------------------------------------------------------------------------


def clause_among(nominations: Iterable[Nomination], kind: DocumentKind) -> str:
    """Return how the plan cites a paper that any of the nominations needs."""
    items = [item for n in nominations for item in n.award_form.required_items.all()]
    return next((f"Mục {item.clause}" for item in items if item.kind == kind), "Kế hoạch")


def bare_name(name: str) -> str:
    """Return a name to be compared: composed, folded, without «ông», «bà», «đồng chí»."""
    bare = compose(name).strip()
    for courtesy in _COURTESIES:
        if bare.casefold().startswith(courtesy):
            bare = bare[len(courtesy) :]
    return fold(bare)


def _plain(text: str) -> str:
    """Return folded words between single blanks, so that a name is found as whole words."""
    return " ".join(["", *re.findall(r"\w+", fold(text)), ""])


def _courteous_names(text: str) -> Iterator[str]:
    """Yield the names that follow a courtesy: two capitalised words or more."""
    for piece in re.split(r"\b(?:ông|bà|đồng chí)\s", compose(text), flags=re.IGNORECASE)[1:]:
        words = []
        for word in piece.split():
            bare = word.rstrip(".,;:()")
            if not bare.istitle():
                break
            words.append(bare)
            if bare != word:
                break
        if len(words) > 1 and words[0].casefold() not in _OFFICES:
            yield " ".join(words)


def _days_of_minutes(text: str) -> Iterator[dt.date]:
    """Yield the days that a letter gives to the department's minutes."""
    for line in text.splitlines():
        plain = _plain(line)
        if " bien ban " not in plain or " hoi dong " in plain:
            continue
        for found in _DAYS.finditer(line):
            day, month, year = (int(part) for part in found.groups() if part)
            try:
                yield dt.date(year, month, day)
            except ValueError:
                continue


def _votes(papers: UnitPapers) -> Iterator[tuple[Nomination, MeetingVote, int]]:
    """Yield the names with votes, and how many sat when they were voted on."""
    meeting = papers.meeting
    for nomination in papers.names if meeting else []:
        if meeting and hasattr(nomination, "unit_vote"):
            vote = nomination.unit_vote
            # What the office holds was voted on before; a mended name by those who sit now.
            present = meeting.present_count if nomination.is_editable else vote.present_count
            yield nomination, vote, present


def _of_minutes(papers: UnitPapers, sentence: str, field: str = "") -> Lack:
    return _lack(papers, sentence, DocumentKind.UNIT_MINUTES, "unit_meeting_edit", field)


def _of_letter(papers: UnitPapers, sentence: str, field: str = "") -> Lack:
    return _lack(papers, sentence, DocumentKind.LETTER, "unit_letter_edit", field)


def _of_minutes_scan(papers: UnitPapers, sentence: str, field: str) -> Lack:
    return _lack(papers, sentence, DocumentKind.UNIT_MINUTES, "unit_minutes_signed", field)


def _of_letter_scan(papers: UnitPapers, sentence: str, field: str) -> Lack:
    return _lack(papers, sentence, DocumentKind.LETTER, "unit_letter_signed", field)


def _lack(papers: UnitPapers, sentence: str, kind: DocumentKind, url: str, field: str) -> Lack:
    address = reverse(url, args=[papers.proposal.pk])
    return Lack(
        sentence, clause_among(papers.names, kind), f"{address}#{field}" if field else address
    )
