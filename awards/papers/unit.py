"""The unit's papers, read from its records: letter, minutes, report, receipt.

The text of the letter is what its head wrote; lines that begin with «Căn cứ» become its legal
bases and a last line that begins with «Kính đề nghị» its closing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from awards.documents import (
    AchievementReportPaper,
    Nominee,
    Participant,
    Receipt,
    ReportSection,
    UnitLetter,
    UnitMinutes,
    UnitVote,
)
from awards.models import Nomination, NominationState, Proposal, Submission, UnitMeeting
from awards.queries import claims_of
from awards.rules.past_awards import AwardRow, row_of
from campaigns.models import SubjectKind
from thidua.core import clock
from thidua.core.documents import Signature, written_day
from thidua.core.text import fold, person_sort_key, sort_key

_BASIS, _CLOSING = "Căn cứ ", "Kính đề nghị "
_LETTER_SYMBOL = "TTr"


Names = Sequence[Nomination] | None
"""The names of a proposal in the order of a letter, when the page has read them already."""


def letter_draft(proposal: Proposal, day: dt.date, names: Names = None) -> str:
    """Return the text of the letter as the other three parts give it, for the head to mend.

    Of the plan's legal bases those stand that are in force on `day`.
    """
    campaign, meeting = proposal.campaign, _meeting_of(proposal)
    whom = counted_subjects([n.subject_kind for n in _nominations_of(proposal, names)])
    bases = [
        f"{_BASIS}{line.basis.citation};"
        for line in campaign.basis_lines.select_related("basis")
        if line.basis.in_force(day)
    ]
    plan = f"Kế hoạch {campaign.title[0].lower()}{campaign.title[1:]} của {campaign.agency}"
    if meeting:
        held_on = written_day(clock.local_day(meeting.held_at))
        bases.append(f"{_BASIS}{plan};")
        bases.append(f"{_BASIS}Biên bản họp xét của {proposal.unit} {held_on},")
        found = (
            f"{proposal.unit} đã họp xét, có {meeting.present_count} trên {meeting.total_count} "
            f"người dự, và thống nhất đề nghị khen thưởng {whom} có thành tích xuất sắc, "
            "tiêu biểu trong đợt thi đua, theo danh sách sau:"
        )
    else:
        bases.append(f"{_BASIS}{plan},")
        found = (
            f"{proposal.unit} đề nghị khen thưởng {whom} có thành tích xuất sắc, tiêu biểu "
            "trong đợt thi đua, theo danh sách sau:"
        )
    closing = f"{_CLOSING}{campaign.agency.head_title} xem xét, quyết định."
    return "\n".join([*bases, found, closing])


def lines_beside(text: str, other: str) -> list[tuple[str, bool]]:
    """Return the lines of `text`, and of each whether it stands nowhere in `other`."""
    kept = {" ".join(line.split()) for line in other.splitlines()}
    return [(line, " ".join(line.split()) not in kept) for line in _lines(text)]


def counted_subjects(kinds: Sequence[str]) -> str:
    """Return «01 tập thể và 02 cá nhân», as a letter counts them."""
    named = [
        f"{count:02d} {kind.label.lower()}"
        for kind in (SubjectKind.UNIT, SubjectKind.PERSON)
        if (count := kinds.count(kind))
    ]
    return " và ".join(named) or "các tập thể, cá nhân"


def voted_of(proposal: Proposal, names: Names = None) -> list[tuple[Nomination, int, int]]:
    """Return the names that have votes: those for it, of how many."""
    return [
        (n, n.unit_vote.for_count, n.unit_vote.present_count)
        for n in _nominations_of(proposal, names)
        if hasattr(n, "unit_vote")
    ]


def conclusion_draft(voted: Iterable[tuple[Nomination, int, int]]) -> str:
    """Return what the meeting concludes from its votes: of each name those for it, of how many.

    More than half of those present propose a name; "" while no name has its votes.
    """
    chosen, others = [], []
    for nomination, agree, present in voted:
        (chosen if 2 * agree > present else others).append(
            (nomination, f"{nomination.recipient_name} ({agree}/{present} phiếu đồng ý)")
        )
    lines = []
    if chosen:
        whom = counted_subjects([nomination.subject_kind for nomination, _ in chosen])
        named = "; ".join(line for _, line in chosen)
        lines.append(f"Cuộc họp thống nhất đề nghị khen thưởng {whom}: {named}.")
    if others:
        named = "; ".join(line for _, line in others)
        lines.append(f"Chưa đủ quá nửa số người có mặt đồng ý: {named}.")
    return "\n".join(lines)


def unit_letter_paper(proposal: Proposal, day: dt.date, names: Names = None) -> UnitLetter:
    """Return the unit's letter; what the head has not written yet stands as drafted on `day`."""
    bases, paragraphs, closing = _read_letter(
        proposal.letter_text or letter_draft(proposal, day, names)
    )
    agency, unit = proposal.campaign.agency, proposal.unit
    return UnitLetter(
        parent_body=agency.paper_name,
        body=unit.name.upper(),
        symbol=f"{_LETTER_SYMBOL}-{unit.code}",
        place=agency.place,
        signed_on=_day_sent(proposal),
        subject=f"Về việc đề nghị khen thưởng trong đợt thi đua {proposal.campaign.short_title}",
        recipients=("Như trên", f"Lưu: {unit.name}"),
        addressees=(agency.head_title,),
        legal_bases=bases,
        paragraphs=paragraphs,
        nominees=tuple(nominee_of(nomination) for nomination in _nominations_of(proposal, names)),
        closing=closing or f"{_CLOSING}{agency.head_title} xem xét, quyết định",
        signature=Signature((unit.head_title.upper(),), _head_of(proposal)),
    )


def unit_minutes_paper(proposal: Proposal, names: Names = None) -> UnitMinutes | None:
    """Return the minutes of the unit's meeting, or None while none is recorded."""
    meeting = _meeting_of(proposal)
    if meeting is None:
        return None
    agency, unit = proposal.campaign.agency, proposal.unit
    people = list(meeting.people.all())
    members = [p for p in people if not p.is_guest]
    titles = {fold(p.name): p.title for p in reversed(people)}
    absent = tuple(
        Participant(p.name, p.title, p.absent_reason) for p in members if not p.is_present
    )
    voted = voted_of(proposal, names)
    conclusion = meeting.conclusion or conclusion_draft(voted)
    return UnitMinutes(
        parent_body=agency.paper_name,
        body=unit.name.upper(),
        symbol=f"BB-{unit.code}",
        signed_on=clock.local_day(meeting.held_at),
        subject=f"Họp xét đề nghị khen thưởng đợt thi đua {proposal.campaign.short_title}",
        recipients=("Văn phòng", f"Lưu: {unit.name}"),
        started_at=meeting.held_at,
        ended_at=meeting.ended_at,
        venue=meeting.place,
        total=meeting.total_count,
        present_count=meeting.present_count,
        present=tuple(Participant(p.name, p.title) for p in members if p.is_present),
        absent=absent,
        absent_note="; ".join(f"{p.name} ({p.reason})" for p in absent) or meeting.absent_note,
        guests=tuple(Participant(p.name, p.title) for p in people if p.is_guest),
        chair=Participant(meeting.chair_name, titles.get(fold(meeting.chair_name), "")),
        secretary=Participant(meeting.secretary_name, titles.get(fold(meeting.secretary_name), "")),
        conclusion=tuple(_lines(conclusion)),
        votes=tuple(
            UnitVote(
                nomination.recipient_name,
                nomination.recipient_title,
                nomination.award_form.name,
                agree=nomination.unit_vote.for_count,
                disagree=nomination.unit_vote.against_count,
                blank=nomination.unit_vote.blank_count,
                voters=nomination.unit_vote.present_count,
            )
            for nomination, *_ in voted
        ),
    )


def report_paper(nomination: Nomination) -> AchievementReportPaper:
    """Return the achievement report of one nomination, every heading in its place."""
    agency, unit = nomination.campaign.agency, nomination.proposal.unit
    report = nomination.report
    texts = _with_claims(nomination, dict(report.sections.values_list("heading_id", "text")))
    rows: dict[int, list[AwardRow]] = {}
    for award in report.past_awards.all():
        rows.setdefault(award.heading_id, []).append(row_of(award))
    headings = report.form.headings.filter(subject_kind=nomination.subject_kind)
    head = unit.head_title.upper()
    if nomination.subject_kind == SubjectKind.PERSON:
        confirms = Signature(("XÁC NHẬN CỦA", head), _head_of(nomination.proposal))
        reports = Signature(("NGƯỜI BÁO CÁO",), nomination.recipient_name)
    else:
        confirms = Signature(("XÁC NHẬN CỦA CẤP", "TRÌNH KHEN THƯỞNG"))
        reports = Signature((head,), _head_of(nomination.proposal))
    return AchievementReportPaper(
        parent_body=agency.paper_name,
        body=unit.name.upper(),
        symbol=f"BC-{unit.code}",
        place=agency.place,
        signed_on=clock.local_day(nomination.submitted_at) if nomination.submitted_at else None,
        form_label=report.form.label,
        award_form=nomination.award_form.name,
        name=nomination.recipient_name,
        position=nomination.recipient_title,
        sections=tuple(
            ReportSection(
                heading.number,
                heading.title,
                level=1 + ("." in heading.number),
                text=texts.get(heading.pk, ""),
                awards=tuple(rows.get(heading.pk, ())),
            )
            for heading in headings
            # «nếu có»: a heading that may stay empty is not printed empty.
            if heading.is_required
            or heading.is_group
            or texts.get(heading.pk)
            or heading.pk in rows
        ),
        signed=(confirms, reports),
    )


def _with_claims(nomination: Nomination, texts: dict[int, str]) -> dict[int, str]:
    """Add to the text of each heading its claims, numbered through the whole report."""
    for number, claim in enumerate(claims_of(nomination), start=1):
        heading = claim.section.heading_id
        note = f"({number}) {claim.statement.rstrip(' .;')}. Minh chứng: {claim.place}."
        texts[heading] = "\n".join(filter(None, [texts.get(heading, ""), note]))
    return texts


def receipt_paper(submission: Submission) -> Receipt:
    """Return the receipt as it was given: names from the frozen content, never from today's."""
    proposal = submission.proposal
    agency = proposal.campaign.agency
    return Receipt(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        place=agency.place,
        signed_on=clock.local_day(submission.submitted_at),
        subject=f"Hồ sơ đề nghị khen thưởng của {proposal.unit}",
        code=submission.code,
        submitted_at=submission.submitted_at,
        submitted_by=submission.submitted_by.display_name,
        unit=proposal.unit.name,
        campaign=proposal.campaign.short_title,
        nominees=sent_nominees(submission),
        content_hash=submission.content_sha256,
        package_hash=submission.package.sha256 if submission.package else "",
        late=_late(submission),
    )


def _late(submission: Submission) -> str:
    """Say that a page opened in time was sent past the window, "" of all others."""
    if submission.opened_at is None:
        return ""
    opened, closed = (
        f"{moment.astimezone(clock.VIET_NAM):%H:%M:%S ngày %d/%m/%Y}"
        for moment in (submission.opened_at, submission.window_closes_at)
    )
    return f"trang gửi mở trong hạn, lúc {opened}; hạn nhận hồ sơ là {closed}"


def sent_nominees(submission: Submission) -> tuple[Nominee, ...]:
    """Return the names of a receipt as they were sent, collectives first, then by name."""
    return tuple(_sent_nominee(row) for row in sorted(submission.content["nominations"], key=_rank))


def _rank(row: dict[str, Any]) -> tuple[bool, str]:
    is_person = row["subject_kind"] == SubjectKind.PERSON
    return is_person, (person_sort_key if is_person else sort_key)(row["name"])


def _sent_nominee(row: dict[str, Any]) -> Nominee:
    agree, voters, *_ = row["vote"] or (None, None)
    return Nominee(row["name"], row["title"], row["award_form"], agree, voters)


def nominee_of(nomination: Nomination) -> Nominee:
    """Return one line of the table of a letter."""
    vote = getattr(nomination, "unit_vote", None)
    return Nominee(
        nomination.recipient_name,
        nomination.recipient_title,
        nomination.award_form.name,
        vote.for_count if vote else None,
        vote.present_count if vote else None,
    )


def _nominations_of(proposal: Proposal, names: Names) -> Sequence[Nomination]:
    """Return the names in the order of a letter."""
    if names is not None:
        return names
    return list(
        proposal.nominations.exclude(state=NominationState.WITHDRAWN)
        .select_related("award_form", "unit_vote")
        .order_by("award_form__position", "-subject_kind", "sort_key")
    )


def _meeting_of(proposal: Proposal) -> UnitMeeting | None:
    return getattr(proposal, "meeting", None)


def _head_of(proposal: Proposal) -> str:
    """Return who signs: whoever sends it now or sent it last, before that whoever began it."""
    if proposal.sender:
        return str(proposal.sender.display_name)
    sent = None
    if proposal.submitted_at:
        sent = proposal.submissions.select_related("submitted_by__person").last()
    return str((sent.submitted_by if sent else proposal.created_by).display_name)


def _day_sent(proposal: Proposal) -> dt.date | None:
    return clock.local_day(proposal.submitted_at) if proposal.submitted_at else None


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line]


def _read_letter(text: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Take a written letter apart: bases, paragraphs, closing."""
    lines = _lines(text)
    bases = tuple(line.rstrip(" ;,.") for line in lines if line.startswith(_BASIS))
    rest = [line for line in lines if not line.startswith(_BASIS)]
    closing = rest.pop() if rest and rest[-1].startswith(_CLOSING) else ""
    return bases, tuple(rest), closing.rstrip(" ./")
