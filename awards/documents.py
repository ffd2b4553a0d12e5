"""The papers of an award, as facts: what each says, not how it looks.

Layouts are in `templates/documents/awards/`. No paper here carries a picture of a signature or a
seal: an unsigned paper must never look signed.
"""

import dataclasses
import datetime as dt
from typing import ClassVar

from thidua.core import clock
from thidua.core.documents import (
    OfficialPaper,
    PartPlace,
    Signature,
    written_day,
    written_moment,
)

_HASH_GROUP = 8


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnitLetter(Letter):
    """Tờ trình của phòng: a unit asks the Chief Inspector to commend its people."""

    template = "documents/awards/letter.html"
    votes_label: ClassVar[str] = "Phiếu đồng ý trên số có mặt"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SubmissionLetterPaper(Letter):
    """Tờ trình đề nghị Ủy ban nhân dân tỉnh tặng Bằng khen: signed by the Chief Inspector."""

    template = "documents/awards/letter.html"
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
    def signatures(self) -> tuple[Signature, Signature]:
        return (
            Signature(self.secretary_lines, self.secretary.name),
            Signature(self.chair_lines, self.chair.name),
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnitMinutes(Minutes):
    """Biên bản họp xét của phòng: how many sat, and the votes for each name."""

    template = "documents/awards/unit_minutes.html"

    present_count: int
    absent_note: str = ""
    votes: tuple[UnitVote, ...] = ()

    @property
    def absent_count(self) -> int:
        return self.total - self.present_count


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class CouncilMinutes(Minutes):
    """Biên bản họp Hội đồng Thi đua - Khen thưởng: each vote, and the rule that held that day."""

    template = "documents/awards/council_minutes.html"

    established_by: str = ""
    rule: str = ""
    items: tuple[CouncilItem, ...] = ()


@dataclasses.dataclass(frozen=True)
class ReportSection:
    """Mục của báo cáo: one heading of the form (level 1 or 2) and what stands under it."""

    number: str
    title: str
    level: int = 1
    text: str = ""

    @property
    def heading(self) -> str:
        heading = f"{self.number}. {self.title}" if self.number else self.title
        return heading.upper() if self.level == 1 else heading

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in map(str.strip, self.text.splitlines()) if line]


@dataclasses.dataclass(frozen=True, kw_only=True)
class AchievementReportPaper(OfficialPaper):
    """Báo cáo thành tích: what the nominee did, under the headings of the form.

    `signatures` are two (left, right) or three (the third below, of the level that submits).
    """

    template = "documents/awards/achievement_report.html"
    kind: ClassVar[str] = "BÁO CÁO THÀNH TÍCH"

    form_label: str = ""
    award_form: str
    name: str
    position: str = ""
    sections: tuple[ReportSection, ...] = ()
    pledge: str = ""
    signatures: tuple[Signature, ...] = ()

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

    template = "documents/awards/decision.html"
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
    def last_article(self) -> str:
        """Return the article that is kept on one page with the signature."""
        return self.articles[-1] if self.articles else ""

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


@dataclasses.dataclass(frozen=True, kw_only=True)
class DossierCover(OfficialPaper):
    """Bìa hồ sơ: which set of how many, for what, from whom, and the contents with their pages."""

    template = "documents/awards/dossier_cover.html"
    kind: ClassVar[str] = "HỒ SƠ ĐỀ NGHỊ KHEN THƯỞNG"

    set_number: int
    set_count: int
    award_form: str
    campaign: str
    proposer: str
    nominees: tuple[str, ...] = ()
    contents: tuple[PartPlace, ...] = ()

    @property
    def title(self) -> str:
        return f"Hồ sơ đề nghị tặng {self.award_form} - bộ {self.set_label}"

    @property
    def set_label(self) -> str:
        return f"{self.set_number:02d}/{self.set_count:02d}"

    @property
    def last_page(self) -> int:
        """Return the number of the last page of the dossier."""
        return max((place.first_page + place.page_count - 1 for place in self.contents), default=1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Receipt(OfficialPaper):
    """Biên nhận hồ sơ: the code, the moment and the hash of what a unit submitted."""

    template = "documents/awards/receipt.html"
    kind: ClassVar[str] = "BIÊN NHẬN HỒ SƠ"

    code: str
    submitted_at: dt.datetime
    submitted_by: str
    unit: str
    campaign: str
    nominees: tuple[Nominee, ...] = ()
    content_hash: str

    @property
    def title(self) -> str:
        return f"Biên nhận hồ sơ {self.code}"

    @property
    def submitted(self) -> str:
        """Write the moment to the second: a receipt is judged by it."""
        local = self.submitted_at.astimezone(clock.VIET_NAM)
        return f"{local:%H:%M:%S}, {written_day(local.date())}"

    @property
    def hash_groups(self) -> list[str]:
        """Return the SHA-256 in groups short enough to be compared by eye."""
        return [
            self.content_hash[start : start + _HASH_GROUP]
            for start in range(0, len(self.content_hash), _HASH_GROUP)
        ]


def _percentage(part: int, whole: int) -> str:
    """Return `part` of `whole` with one decimal, rounded half up, in whole numbers throughout."""
    if not whole:
        return ""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%"
