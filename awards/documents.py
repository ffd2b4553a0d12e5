"""The papers of an award, as facts: what each says, not how it looks.

One layout prints them all (`templates/documents/paper.html`). No paper here carries a picture of a signature or a
seal: an unsigned paper must never look signed.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import ClassVar

from awards.rules.past_awards import HEADS, AwardRow
from thidua.core import clock
from thidua.core.documents import (
    Addressees,
    Annex,
    Block,
    Cell,
    Column,
    FactTable,
    ListTable,
    OfficialPaper,
    PartPlace,
    Passage,
    Row,
    Signature,
    bases,
    begun,
    title_lines,
    written_day,
    written_moment,
)
from thidua.core.text import dotted, in_words

_HASH_GROUP = 8
_ORDINAL = Column("STT", 13, is_centred=True)
_NAME, _POSITION = "Họ và tên, tên tập thể", "Chức vụ, đơn vị"
_FORM = Column("Hình thức đề nghị", 34)


@dataclasses.dataclass(frozen=True)
class Participant:
    """Người dự họp: one person at a meeting; `reason` says why an absent one is absent."""

    name: str
    title: str = ""
    reason: str = ""


@dataclasses.dataclass(frozen=True)
class Nominee:
    """Tập thể, cá nhân được đề nghị: one line of the table of a letter.

    `agree` of `voters` is the vote that the letter reports; None leaves the cell empty.
    """

    name: str
    title: str
    award_form: str
    agree: int | None = None
    voters: int | None = None

    @property
    def votes(self) -> str:
        """Return "8/9", agreeing of those who count."""
        return "" if self.agree is None else f"{self.agree}/{self.voters}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Letter(OfficialPaper):
    """Tờ trình: asks a higher level to decide, with the table of those proposed.

    Legal bases and addressees come without closing punctuation: the layout adds it.
    """

    kind: ClassVar[str] = "TỜ TRÌNH"
    votes_label: ClassVar[str]

    addressees: tuple[str, ...]
    legal_bases: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    nominees: tuple[Nominee, ...] = ()
    closing: str = ""
    signature: Signature

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return (self.signature,)

    @property
    def blocks(self) -> list[Block]:
        table = (
            [
                ListTable(
                    (
                        _ORDINAL,
                        Column(_NAME),
                        Column(_POSITION),
                        _FORM,
                        Column(self.votes_label, 25, is_centred=True),
                    ),
                    tuple(
                        Row((str(number), n.name, n.title, n.award_form, n.votes))
                        for number, n in enumerate(self.nominees, 1)
                    ),
                )
            ]
            if self.nominees
            else []
        )
        return [
            Addressees(self.addressees),
            *bases(self.legal_bases),
            *map(Passage, self.paragraphs),
            *table,
            Passage(f"{self.closing}./."),
        ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnitLetter(Letter):
    """Tờ trình của phòng: a unit asks the Chief Inspector to commend its people."""

    votes_label: ClassVar[str] = "Phiếu đồng ý trên số có mặt"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SubmissionLetterPaper(Letter):
    """Tờ trình đề nghị Ủy ban nhân dân tỉnh tặng Bằng khen: signed by the Chief Inspector."""

    votes_label: ClassVar[str] = "Phiếu đồng ý trên tổng số thành viên"


@dataclasses.dataclass(frozen=True)
class UnitVote:
    """Kết quả biểu quyết của phòng: the votes for one name."""

    name: str
    title: str
    award_form: str
    agree: int
    disagree: int
    blank: int = 0
    voters: int | None = None  # as many as sat, unless this name was voted on at another time


@dataclasses.dataclass(frozen=True, kw_only=True)
class Minutes(OfficialPaper):
    """Biên bản họp: what every meeting's minutes say (decree 30/2020, form 1.9)."""

    kind: ClassVar[str] = "BIÊN BẢN"

    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    venue: str
    total: int
    present: tuple[Participant, ...] = ()
    absent: tuple[Participant, ...] = ()
    chair: Participant
    secretary: Participant
    matters: tuple[str, ...] = ()
    dissent: tuple[str, ...] = ()
    conclusion: tuple[str, ...] = ()
    chair_lines: tuple[str, ...] = ("CHỦ TỌA",)
    secretary_lines: tuple[str, ...] = ("THƯ KÝ",)

    @property
    def started(self) -> str:
        return written_moment(self.started_at)

    @property
    def ended(self) -> str:
        """Return the closing moment in the words of the form, or room for it."""
        if self.ended_at is None:
            return f"…… giờ …… phút, {written_day(None)}"
        return written_moment(self.ended_at)

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return (
            Signature(self.secretary_lines, self.secretary.name),
            Signature(self.chair_lines, self.chair.name),
        )

    @property
    def members(self) -> str:
        """Return how many there are of whom the meeting consists."""
        return f"Tổng số công chức, người lao động của đơn vị: {self.total} người."

    @property
    def attendance(self) -> list[str]:
        """Return who came and who did not, one sentence each."""
        present = "; ".join(f"{p.name} ({p.title})" if p.title else p.name for p in self.present)
        absent = "; ".join(
            f"{p.name} (lý do: {p.reason})" if p.reason else p.name for p in self.absent
        )
        return [
            f"Có mặt ({len(self.present)} người): {present}." if present else "Có mặt: Không.",
            f"Vắng mặt ({len(self.absent)} người): {absent}." if absent else "Vắng mặt: Không.",
        ]

    @property
    def voting(self) -> list[Block]:
        """Return the rule of the vote and its results."""
        return []

    @property
    def blocks(self) -> list[Block]:
        matters = self.matters or (
            "Cuộc họp xét, biểu quyết đề nghị khen thưởng đối với từng tập thể, cá nhân.",
        )
        return [
            Passage(f"Thời gian bắt đầu: {self.started}."),
            Passage(f"Địa điểm: {self.venue}."),
            Passage("Thành phần tham dự:", "label"),
            *(Passage(f"- {line}") for line in (self.members, *self.attendance)),
            Passage(f"Chủ trì (chủ tọa): {_introduced(self.chair)}."),
            Passage(f"Thư ký (người ghi biên bản): {_introduced(self.secretary)}."),
            Passage("Nội dung (theo diễn biến cuộc họp):", "label"),
            *map(Passage, matters),
            *self.voting,
            *_labelled("Ý kiến khác:", [f"- {opinion}" for opinion in self.dissent]),
            *_labelled("Kết luận:", self.conclusion),
            Passage(f"Cuộc họp kết thúc vào {self.ended}./."),
        ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnitMinutes(Minutes):
    """Biên bản họp xét của phòng: who sat, and the votes for each name.

    Minutes without names say how many sat, and in `absent_note` who did not.
    """

    present_count: int
    absent_note: str = ""
    guests: tuple[Participant, ...] = ()
    votes: tuple[UnitVote, ...] = ()

    @property
    def absent_count(self) -> int:
        return self.total - self.present_count

    @property
    def attendance(self) -> list[str]:
        if self.present:
            lines = super().attendance
        else:
            reasons = f": {self.absent_note}" if self.absent_note else ""
            absent = f"{self.absent_count} người{reasons}" if self.absent_count else "Không"
            lines = [f"Có mặt: {self.present_count} người.", f"Vắng mặt: {absent}."]
        guests = "; ".join(f"{p.name} ({p.title})" if p.title else p.name for p in self.guests)
        return [*lines, f"Khách mời: {guests}."] if guests else lines

    @property
    def voting(self) -> list[Block]:
        if not self.votes:
            return []
        columns = (
            _ORDINAL,
            Column("Tập thể, cá nhân"),
            _FORM,
            *(
                Column(title, width, is_centred=True)
                for title, width in (
                    ("Đồng ý", 17),
                    ("Không đồng ý", 17),
                    ("Không có ý kiến", 20),
                    ("Tỷ lệ đồng ý", 20),
                )
            ),
        )
        rows = (
            Row(
                (
                    str(number),
                    Cell(vote.name, (vote.title,) if vote.title else ()),
                    vote.award_form,
                    str(vote.agree),
                    str(vote.disagree),
                    str(vote.blank),
                    f"{vote.agree}/{voters}\n{_percentage(vote.agree, voters)}",
                )
            )
            for number, vote in enumerate(self.votes, 1)
            for voters in [self.present_count if vote.voters is None else vote.voters]
        )
        return [
            Passage("Kết quả biểu quyết đối với từng tập thể, cá nhân:", "label"),
            ListTable(columns, tuple(rows)),
        ]


@dataclasses.dataclass(frozen=True)
class CouncilItem:
    """Kết quả biểu quyết của Hội đồng về một đề nghị, with those left out for their interest.

    `left_out` names each with the reason: "Trần Văn B (là cá nhân được đề nghị)".
    """

    name: str
    title: str
    award_form: str
    eligible: int
    agree: int
    disagree: int
    total: int
    outcome: str
    blank: int = 0
    left_out: tuple[str, ...] = ()

    @property
    def ratio(self) -> str:
        """Return agreeing votes by all members of the council, with one decimal."""
        return _percentage(self.agree, self.total)

    @property
    def asides(self) -> tuple[str, ...]:
        """Return what stands below the name."""
        left_out = "; ".join(self.left_out)
        return (
            self.award_form,
            *((f"Không tham gia biểu quyết: {left_out}.",) if left_out else ()),
            *((f"Ý kiến khác: {self.blank}.",) if self.blank else ()),
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class CouncilMinutes(Minutes):
    """Biên bản họp Hội đồng Thi đua - Khen thưởng: each vote, and the rule that held that day."""

    established_by: str = ""
    rule: str = ""
    items: tuple[CouncilItem, ...] = ()

    @property
    def members(self) -> str:
        source = f" theo {self.established_by}" if self.established_by else ""
        return f"Tổng số thành viên Hội đồng{source}: {self.total} người."

    @property
    def voting(self) -> list[Block]:
        rule: list[Block] = [Passage(self.rule)] if self.rule else []
        if not self.items:
            return rule
        columns = (
            _ORDINAL,
            Column("Tập thể, cá nhân; hình thức đề nghị"),
            *(
                Column(title, width, is_centred=True)
                for title, width in (
                    ("Được biểu quyết", 16),
                    ("Đồng ý", 16),
                    ("Không đồng ý", 16),
                    ("Tỷ lệ trên tổng số", 19),
                    ("Kết quả", 22),
                )
            ),
        )
        rows = (
            Row(
                (
                    str(number),
                    Cell(f"{item.name}, {item.title}" if item.title else item.name, item.asides),
                    str(item.eligible),
                    str(item.agree),
                    str(item.disagree),
                    f"{item.agree}/{item.total}\n{item.ratio}",
                    item.outcome,
                )
            )
            for number, item in enumerate(self.items, 1)
        )
        return [
            *rule,
            Passage("Kết quả biểu quyết đối với từng đề nghị:", "label"),
            ListTable(columns, tuple(rows)),
        ]


@dataclasses.dataclass(frozen=True)
class ReportSection:
    """Mục của báo cáo: one heading of the form (level 1 or 2) and what stands under it."""

    number: str
    title: str
    level: int = 1
    text: str = ""
    awards: tuple[AwardRow, ...] = ()

    @property
    def heading(self) -> str:
        heading = f"{self.number}. {self.title}" if self.number else self.title
        return heading.upper() if self.level == 1 else heading

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in map(str.strip, self.text.splitlines()) if line]

    @property
    def table(self) -> ListTable:
        """Return the awards by year, as the form draws them."""
        columns = (Column(HEADS[0], 24, is_centred=True), Column(HEADS[1]), Column(HEADS[2], 76))
        return ListTable(columns, tuple(Row(row.cells) for row in self.awards))


@dataclasses.dataclass(frozen=True, kw_only=True)
class AchievementReportPaper(OfficialPaper):
    """Báo cáo thành tích: what the nominee did, under the headings of the form.

    `signed` are two (left, right) or three (the third below, of the level that submits).
    """

    kind: ClassVar[str] = "BÁO CÁO THÀNH TÍCH"

    form_label: str = ""
    award_form: str
    name: str
    position: str = ""
    sections: tuple[ReportSection, ...] = ()
    pledge: str = ""
    signed: tuple[Signature, ...] = ()

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return self.signed

    @property
    def corner(self) -> str:
        return self.form_label

    @property
    def titles(self) -> list[Passage]:
        name = f"{self.name}, {self.position}" if self.position else self.name
        return [
            Passage(self.kind, "kind"),
            Passage("\n".join(title_lines(f"ĐỀ NGHỊ TẶNG {self.award_form_upper}")), "kind"),
            Passage("\n".join(title_lines(name)), "kind"),
            Passage("(Ghi đầy đủ bằng chữ in thường, không viết tắt)", "note"),
        ]

    @property
    def blocks(self) -> list[Block]:
        blocks: list[Block] = []
        for section in self.sections:
            blocks.append(Passage(section.heading, "heading", section.level))
            blocks += map(Passage, section.paragraphs)
            if section.awards:
                blocks.append(section.table)
        return [*blocks, Passage(self.pledge)] if self.pledge else blocks

    @property
    def title(self) -> str:
        return f"Báo cáo thành tích đề nghị tặng {self.award_form}: {self.name}"

    @property
    def award_form_upper(self) -> str:
        return self.award_form.upper()


@dataclasses.dataclass(frozen=True)
class DecisionRow:
    """Người được tặng: one line of the annex; `number` is the ordinal kept as “số sổ vàng”."""

    number: int
    name: str
    title: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class DecisionPaper(OfficialPaper):
    """Quyết định tặng Giấy khen, with the list of recipients as its annex.

    `articles` are the texts after “Điều n.”. Legal bases come without closing punctuation.
    """

    kind: ClassVar[str] = "QUYẾT ĐỊNH"

    authority: str
    legal_bases: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    signature: Signature
    annex_title: str = "DANH SÁCH TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG GIẤY KHEN"
    issuer: str = ""
    collectives: tuple[DecisionRow, ...] = ()
    individuals: tuple[DecisionRow, ...] = ()

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return (self.signature,)

    @property
    def blocks(self) -> list[Block]:
        articles = [
            Passage(text if number < len(self.articles) else f"{text}./.", lead=f"Điều {number}.")
            for number, text in enumerate(self.articles, 1)
        ]
        return [
            Passage(self.authority, "authority"),
            *bases(self.legal_bases),
            Passage("QUYẾT ĐỊNH:", "mark"),
            *articles,
        ]

    @property
    def annexes(self) -> tuple[Annex, ...]:
        if not self.groups:
            return ()
        rows: list[Row] = []
        for label, people in self.groups:
            rows.append(Row((label,), is_group=True))
            rows += [Row((str(row.number), row.name, row.title)) for row in people]
        columns = (_ORDINAL, Column(_NAME, 58), Column("Chức vụ, đơn vị công tác"))
        titles = (Passage(self.annex_title, "annex-title"), Passage(self.attached_to, "note"))
        return (Annex(titles, (ListTable(columns, tuple(rows)),)),)

    @property
    def attached_to(self) -> str:
        """Return “(Kèm theo Quyết định số … ngày … của …)”."""
        issuer = f" của {self.issuer}" if self.issuer else ""
        return (
            f"(Kèm theo Quyết định số {self.number_and_symbol} {written_day(self.signed_on)}"
            f"{issuer})"
        )

    @property
    def groups(self) -> list[tuple[str, tuple[DecisionRow, ...]]]:
        """Return the headed groups of the annex; one group alone needs no Roman number."""
        filled = [
            (label, rows)
            for label, rows in (("TẬP THỂ", self.collectives), ("CÁ NHÂN", self.individuals))
            if rows
        ]
        if len(filled) == 1:
            return filled
        return [(f"{'I' * n}. {label}", rows) for n, (label, rows) in enumerate(filled, 1)]


@dataclasses.dataclass(frozen=True)
class SummaryLine:
    """Một dòng của bảng tổng hợp: who is proposed, by whom, with how many votes, and where it stands."""

    name: str
    title: str
    unit: str
    votes: str
    state: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SummaryPaper(OfficialPaper):
    """Bảng tổng hợp đề nghị khen thưởng: all that the office accepted, by form of award.

    `groups` are (form of award, its lines) in the order of the plan.
    """

    kind: ClassVar[str] = "BẢNG TỔNG HỢP"
    look = "lying"

    groups: tuple[tuple[str, tuple[SummaryLine, ...]], ...] = ()
    counts: tuple[str, ...] = ()
    signature: Signature

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return (self.signature,)

    @property
    def blocks(self) -> list[Block]:
        columns = (
            _ORDINAL,
            Column(_NAME, 58),
            Column(_POSITION),
            Column("Đơn vị đề nghị", 46),
            Column("Phiếu đồng ý trên số có mặt", 27, is_centred=True),
            Column("Kết quả", 38),
        )
        rows: list[Row] = []
        for form, lines in self.groups:
            rows.append(Row((f"{form}: {len(lines):02d}",), is_group=True))
            rows += [
                Row((str(number), line.name, line.title, line.unit, line.votes, line.state))
                for number, line in enumerate(lines, 1)
            ]
        listed: list[Block] = [ListTable(columns, tuple(rows))] if rows else []
        return [*listed, *map(Passage, self.counts)]


@dataclasses.dataclass(frozen=True)
class MoneyLine:
    """Một dòng của danh sách chi: `exact` is coefficient × base salary, `amount` what is paid (VND)."""

    number: int
    name: str
    title: str
    coefficient: str
    exact: int
    amount: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class MoneyListPaper(OfficialPaper):
    """Danh sách chi tiền thưởng: who receives how much with a decision (decree 152/2025, article 49).

    Both the product and what it is rounded to are shown; the rounded one is paid. VND.
    """

    kind: ClassVar[str] = "DANH SÁCH CHI TIỀN THƯỞNG"
    look = "lying"

    attached_to: str = ""
    grounds: tuple[str, ...] = ()
    lines: tuple[MoneyLine, ...] = ()
    signed: tuple[Signature, ...] = ()

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return self.signed

    @property
    def titles(self) -> list[Passage]:
        return [*super().titles, Passage(f"(Kèm theo {self.attached_to})", "note")]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def blocks(self) -> list[Block]:
        columns = (
            _ORDINAL,
            Column(_NAME, 55),
            Column(_POSITION),
            Column("Hệ số", 16, is_centred=True),
            Column("Hệ số × mức lương cơ sở (đồng)", 34, is_centred=True),
            Column("Số tiền thưởng (đồng)", 30, is_centred=True),
            Column("Ký nhận", 32),
        )
        rows = [
            Row(
                (
                    f"{line.number:02d}",
                    line.name,
                    line.title,
                    line.coefficient,
                    dotted(line.exact),
                    dotted(line.amount),
                    "",
                )
            )
            for line in self.lines
        ]
        total = Row(("", "Cộng", "", "", "", dotted(self.total), ""), is_strong=True)
        words = in_words(self.total)
        return [
            *map(Passage, self.grounds),
            ListTable(columns, (*rows, total)),
            Passage(f"Số tiền bằng chữ: {words[:1].upper()}{words[1:]} đồng."),
        ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DossierCover(OfficialPaper):
    """Bìa hồ sơ: which set of how many, for what, from whom, and the contents with their pages."""

    kind: ClassVar[str] = "HỒ SƠ ĐỀ NGHỊ KHEN THƯỞNG"

    look = "cover"

    set_number: int
    set_count: int
    award_form: str
    campaign: str
    proposer: str
    nominees: tuple[str, ...] = ()
    bound: str = ""  # which binding this is, and when; a letter is bound once
    lacks: tuple[str, ...] = ()
    contents: tuple[PartPlace, ...] = ()

    @property
    def title(self) -> str:
        return f"Hồ sơ đề nghị tặng {self.award_form} - bộ {self.set_label}"

    @property
    def set_label(self) -> str:
        return f"{self.set_number:02d}/{self.set_count:02d}"

    @property
    def titles(self) -> list[Passage]:
        return [
            Passage(self.kind, "kind"),
            Passage(self.award_form, "subject"),
            Passage(f"Bộ số {self.set_label}", "boxed"),
            *([Passage("CHƯA ĐỦ THÀNH PHẦN", "boxed")] if self.lacks else []),
        ]

    @property
    def blocks(self) -> list[Block]:
        facts = (
            ("Đợt thi đua:", self.campaign),
            ("Đơn vị đề nghị:", self.proposer),
            ("Tập thể, cá nhân:", self.nominees),
            ("Lần đóng:", self.bound),
        )
        columns = (
            _ORDINAL,
            Column("Tên văn bản"),
            Column("Số trang", 24, is_centred=True),
            Column("Từ trang - đến trang", 24, is_centred=True),
        )
        lacking = [Passage("CÒN THIẾU", "mark")] if self.lacks else []
        lacking += [Passage(f"{n}. {lack}.") for n, lack in enumerate(self.lacks, 1)]
        return [
            FactTable(
                tuple(
                    (label, said if isinstance(said, tuple) else (said,))
                    for label, said in facts
                    if said
                )
            ),
            *lacking,
            Passage("DANH MỤC THÀNH PHẦN HỒ SƠ", "mark"),
            ListTable(columns, self._rows),
            Passage(f"Hồ sơ gồm {len(self.contents)} văn bản, {self.last_page} trang, kể cả bìa."),
        ]

    @property
    def _rows(self) -> tuple[Row, ...]:
        """Return a row for each part, and above it one for each heading that begins there."""
        rows: list[Row] = []
        above: tuple[str, ...] = ()
        for number, place in enumerate(self.contents, 1):
            rows += [Row((heading,), is_group=True) for heading in begun(above, place.headings)]
            above = place.headings
            title = Cell(place.title, leads_to=place.first_page)
            rows.append(Row((str(number), title, str(place.page_count), place.pages)))
        return tuple(rows)

    @property
    def last_page(self) -> int:
        """Return the number of the last page of the dossier."""
        return max((place.last_page for place in self.contents), default=1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Receipt(OfficialPaper):
    """Biên nhận hồ sơ: the code, the moment and the hash of what a unit submitted."""

    kind: ClassVar[str] = "BIÊN NHẬN HỒ SƠ"

    code: str
    submitted_at: dt.datetime
    submitted_by: str
    unit: str
    campaign: str
    nominees: tuple[Nominee, ...] = ()
    content_hash: str
    package_hash: str = ""  # of the PDF that was sent
    late: str = ""  # said of what was sent past the window from a page opened within it

    @property
    def title(self) -> str:
        return f"Biên nhận hồ sơ {self.code}"

    @property
    def submitted(self) -> str:
        """Write the moment to the second: a receipt is judged by it."""
        local = self.submitted_at.astimezone(clock.VIET_NAM)
        return f"{local:%H:%M:%S}, {written_day(local.date())}"

    @property
    def blocks(self) -> list[Block]:
        facts = (
            ("Mã biên nhận:", (self.code,)),
            ("Thời điểm nhận:", (self.submitted,)),
            *((("Gửi chậm:", (self.late,)),) if self.late else ()),
            ("Đơn vị nộp:", (self.unit,)),
            ("Người nộp:", (self.submitted_by,)),
            ("Đợt thi đua:", (self.campaign,)),
        )
        columns = (_ORDINAL, Column(_NAME), Column(_POSITION), _FORM)
        rows = tuple(
            Row((str(number), n.name, n.title, n.award_form))
            for number, n in enumerate(self.nominees, 1)
        )
        listed: list[Block] = [
            Passage("Tập thể, cá nhân trong hồ sơ:", "label"),
            ListTable(columns, rows),
        ]
        sent: list[Block] = [
            Passage("Mã kiểm tra (SHA-256) của tệp hồ sơ đã nộp:", "label"),
            Passage(_grouped(self.package_hash), "code"),
        ]
        return [
            FactTable(facts),
            *(listed if rows else []),
            Passage("Mã kiểm tra (SHA-256) của nội dung đã nộp:", "label"),
            Passage(_grouped(self.content_hash), "code"),
            *(sent if self.package_hash else []),
            Passage(
                "Biên nhận do hệ thống lập khi nhận hồ sơ. Nội dung hồ sơ thay đổi dù một chữ thì "
                "mã này cũng thay đổi."
            ),
        ]


def _grouped(digest: str) -> str:
    """Write a SHA-256 on two lines, in groups short enough to be compared by eye."""
    groups = [digest[at : at + _HASH_GROUP] for at in range(0, len(digest), _HASH_GROUP)]
    half = len(groups) // 2
    return f"{' '.join(groups[:half])}\n{' '.join(groups[half:])}"


def _labelled(label: str, lines: Iterable[str]) -> list[Passage]:
    """Return paragraphs under their label, or nothing."""
    passages = [Passage(line) for line in lines]
    return [Passage(label, "label"), *passages] if passages else []


def _introduced(person: Participant) -> str:
    return f"{person.name}, {person.title}" if person.title else person.name


def _percentage(part: int, whole: int) -> str:
    """Return `part` of `whole` with one decimal, rounded half up, in whole numbers throughout."""
    if not whole:
        return ""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%"
