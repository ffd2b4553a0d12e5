"""Reading a plan by rule: from paragraphs to a proposal, each piece with where it was found.

Nothing is decided here: what is proposed counts only when a person has confirmed it. What the
rules do not find stays empty and is said; nothing is made up. Pure: the law comes in as rows.
"""

import calendar
import dataclasses
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from campaigns import plan_fields
from campaigns.models import AwardRoute, AwardType, DocumentKind, SubjectKind
from campaigns.plan_fields import (
    ALL_FORMS,
    FIELDS,
    KINDS,
    PAPERS,
    ROUTES,
    TYPES,
    Wording,
    day_text,
)
from thidua.core.clock import FIRST_DAY, LAST_DAY
from thidua.core.text import compose, fold
from thidua.core.word import Paragraph
from thidua.core.workflow import Refused

_MARK = re.compile(
    r"^(?:(?:[Pp]hần|PHẦN|[Mm]ục|MỤC|[Cc]hương|CHƯƠNG)\s+)?"
    r"(?:(?P<upper>[IVX]{1,5}|[A-HĐ])(?P<upper_end>\s?[.)/:]|\s?[-–](?=\s))"
    r"|(?P<decimal>\d{1,2}(?:\.\d{1,2})+)(?P<decimal_end>[.)/]?)"
    r"|(?P<digit>\d{1,2})(?P<digit_end>\s?[.)/])"
    r"|(?P<lower>[a-zđ])(?P<lower_end>\s?[.)/]))"
    r"\s*(?=\D)(?P<rest>\S.*)$",
    re.DOTALL,
)
_BARE_MARK = re.compile(r"^(?:[IVX]{1,5}|[A-HĐ]|\d{1,2}(?:\.\d{1,2})*|[a-zđ])[.)/]?$|^[-–+•]$")
_BULLET = re.compile(r"^[-–+•*]\s*")
# A place left blank for a number or a day: what follows the gap belongs to it.
_BLANK = re.compile(r"(?:\bSố\s*:?|\bngày|\btháng)[\s.…_]*$", re.IGNORECASE)
_DEGREE = re.compile(r"^(?:(?:\w{1,6}\.|BS|ThS|TS|PGS|GS|KS|CKI{1,2})\s*)+")
_GAP = re.compile(r"\t+|\s{4,}")
_TITLE_LINE = re.compile(r"^(?:KẾ HOẠCH|PHÁT ĐỘNG|PHƯƠNG ÁN)\b", re.IGNORECASE)
_OPENER = re.compile(
    r"^(?:Căn cứ|Thực hiện|Nhằm|Để|Hưởng ứng|Trên cơ sở|Theo|Triển khai|Xét|Phát huy|Thiết thực)\b"
)
_NUMBER_LINE = re.compile(
    r"\bSố\s*:?\s*(?P<number>\d{1,4})?[\s.…_]*/\s*(?P<symbol>[A-ZĐ]{1,6}\d*-[\wĐ.&-]*\w)"
)
_ISSUED = re.compile(
    r"^(?P<place>[^,\d]{2,60}),\s*ngày\s*(?P<day>\d{1,2})?[\s.…_]*tháng\s*(?P<month>\d{1,2})?[\s.…_]*"
    r"năm\s*(?P<year>\d{4})?[\s.…_]*$",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})"
    r"|(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})",
    re.IGNORECASE,
)
_MONTH = re.compile(r"tháng\s+(\d{1,2})\s*(?:/|-|\s+năm\s+)\s*((?:19|20)\d{2})", re.IGNORECASE)
_QUARTER = re.compile(
    r"Quý\s+(IV|I{1,3}|[1-4])\s*(?:/|-|\s+năm\s+|\s+)((?:19|20)\d{2})", re.IGNORECASE
)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}
_YEAR = re.compile(r"năm\s+((?:19|20)\d{2})", re.IGNORECASE)
_UNTIL = re.compile(r"(?:đến|tới|kết thúc)\b(?:\s+(?:hết|ngày|vào|trước|cuối))*\s*", re.IGNORECASE)
_SINCE = re.compile(r"\btừ\s+(?:ngày\s+)?", re.IGNORECASE)
_DUE = re.compile(
    r"(?:đến\s+hết|trước|chậm nhất|muộn nhất|hạn cuối|hết|đến|trong)\b[^.;]{0,30}$", re.IGNORECASE
)
_CODE = re.compile(r"\d{1,5}/(?:\d{4}/)?[A-ZĐ]{1,6}\d{0,2}(?:-[A-ZĐa-z0-9&]+)*")
# Where a citation ends and the sentence of the agency itself goes on.
_CITED_UNTIL = re.compile(
    r"[,;]\s*(?=[A-ZĐỦ][^,;]*\b(?:phát động|tổ chức|ban hành|xây dựng)\b[^,;]*$)"
)
_FORM_NAME = re.compile(
    r"(?P<name>(?:Bằng|Giấy)\s+khen\s+của\s+[^.;:,()|\n]+?)"
    r"(?=\s*(?:[.;:,()|\n]|$|\s(?:và|cho|đối với|để|theo|tặng|hoặc|được)\s))",
    re.IGNORECASE,
)
_ANY_FORM = re.compile(r"(?:Bằng|Giấy)\s+khen", re.IGNORECASE)
_REPORT_FORM = re.compile(
    r"mẫu\s+(?:báo cáo\s+)?(?:số\s+)?(?P<number>\d{1,2}[a-zA-Z]?)\b.{0,160}?"
    rf"(?P<code>{_CODE.pattern})",
    re.IGNORECASE | re.DOTALL,
)
_COUNT = r"(?P<count>\d{1,2})\s*(?:\([^)]*\)\s*)?bộ"
_SETS_AFTER = re.compile(rf"(?P<form>(?:Bằng|Giấy)\s+khen)[^.;)\d]{{0,80}}?{_COUNT}", re.IGNORECASE)
_SETS_BEFORE = re.compile(
    rf"{_COUNT}\s*(?:hồ sơ\s*)?[^.;,)\d]{{0,30}}?(?P<form>(?:Bằng|Giấy)\s+khen)", re.IGNORECASE
)
_SETS = re.compile(_COUNT, re.IGNORECASE)
_LEAD_KIND = re.compile(
    r"^(?:đối với\s+|tiêu chuẩn\s+(?:đối với\s+)?|các\s+|dành cho\s+)*(?P<kind>tập thể|cá nhân)"
    r"(?P<more>[^:.;]{0,60}):\s*",
    re.IGNORECASE,
)
_LEAD_FORM = re.compile(
    r"^(?:tặng\s+|đối với\s+|tiêu chuẩn\s+(?:tặng\s+|xét\s+)*)*(?P<form>(?:bằng|giấy)\s+khen[^:;]{0,80}?)"
    r"(?::\s*|$)",
    re.IGNORECASE,
)
_BARE_KIND = re.compile(r"^(?:đối với\s+|các\s+)*(?P<kind>tập thể|cá nhân)\s*$", re.IGNORECASE)
_TOPICS = {
    "subjects": ("doi tuong",),
    "forms": ("hinh thuc",),
    "criteria": ("tieu chuan", "tieu chi", "dieu kien"),
    "dossier": ("ho so", "thu tuc"),
    "window": (
        "thoi gian gui",
        "thoi gian nop",
        "thoi gian nhan",
        "thoi han",
        "han nop",
        "han gui",
    ),
    "period": ("thoi gian",),
}
_SHORT_TITLE = 120
_HEADING_LENGTH = 150
_WRAPPED = 55
_FEW_WORDS, _MANY_WORDS = 2, 6
_TITLE_LINES = 6
_MONTHS = 12
_LONGEST_TITLE = 300


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A proposal for one field: its text, the words it came from, a remark of the reader."""

    value: str = ""
    source: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Điều cần xem lại: what is missing or odd, and the mend; `is_stop` bars the campaign."""

    field: str
    title: str
    mend: str
    is_stop: bool = False

    @property
    def tone(self) -> str:
        return "stop" if self.is_stop else "wait"

    @property
    def url(self) -> str:
        return f"#muc-{self.field}"


@dataclasses.dataclass(frozen=True, slots=True)
class LawRow:
    """A legal basis as the reader needs it."""

    code: str
    citation: str
    issued_on: dt.date | None
    in_force_on: dt.date | None
    out_of_force_on: dt.date | None

    def in_force(self, day: dt.date) -> bool:
        return (self.in_force_on is None or self.in_force_on <= day) and (
            self.out_of_force_on is None or day < self.out_of_force_on
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Law:
    """The law that stands in the tables: bases, and report forms by number and basis."""

    rows: tuple[LawRow, ...] = ()
    report_forms: frozenset[tuple[str, str]] = frozenset()

    def row(self, code: str) -> LawRow | None:
        return next((row for row in self.rows if row.code == code), None)


@dataclasses.dataclass(frozen=True, slots=True)
class PlanReading:
    """What was read: a proposal for each field, and what is missing or odd."""

    fields: Mapping[str, Found]
    findings: tuple[Finding, ...]

    @property
    def values(self) -> dict[str, str]:
        return {name: found.value for name, found in self.fields.items()}


@dataclasses.dataclass(slots=True)
class _Section:
    """A section while it is being read; `lines` are its words without the heading."""

    clause: str
    level: int
    title: str = ""
    lines: list[str] = dataclasses.field(default_factory=list)

    @property
    def lead(self) -> str:
        """Return what the section says it is about."""
        if self.title or not self.lines:
            return self.title
        before, colon, _ = self.lines[0].partition(":")
        return before if colon and len(before) <= _HEADING_LENGTH else ""

    @property
    def source(self) -> str:
        return " ".join(filter(None, (f"[{self.clause}]", self.title, *self.lines[:1])))


def paragraphs_of(text: str) -> list[Paragraph]:
    """Return the paragraphs of a pasted text: marks of layout taken off, wrapped lines joined."""
    found: list[Paragraph] = []
    is_new = True
    for line in text.translate({0x0D: None}).split("\n"):
        words = re.sub(r"^#+\s*", "", line.replace("**", "").replace("***", "")).strip(" *")
        if not words.strip("-–_.= "):
            is_new = True
            continue
        last = found[-1].text if found else ""
        if not is_new and _is_wrapped(last, words):
            found[-1] = Paragraph(f"{last} {words}")
        else:
            found.append(Paragraph(words))
        is_new = False
    return found


def read(paragraphs: Iterable[Paragraph], law: Law) -> PlanReading:
    """Propose every field of a plan."""
    plan = _Plan(paragraphs, law)
    fields = {field.name: Found() for field in FIELDS} | dict(plan.proposals())
    values = {name: found.value for name, found in fields.items()}
    notes = [
        Finding(name, found.note, "Hãy so với văn bản rồi xác nhận.")
        for name, found in fields.items()
        if found.note
    ]
    return PlanReading(fields, (*findings_of(values, law), *notes))


def findings_of(values: Mapping[str, str], law: Law) -> list[Finding]:
    """Return what is missing or odd in the fields as they stand."""
    facts: dict[str, Any] = {}
    said: list[Finding] = []
    for field in FIELDS:
        text = values.get(field.name, "")
        try:
            facts[field.name] = field.read(compose(text))
        except Refused as reason:
            facts[field.name] = field.read("")
            said.append(
                Finding(field.name, f"{field.label}: chưa đúng cách ghi.", str(reason), True)
            )
        if not text.strip():
            said.append(_missing(field))
    said += _gaps(facts["sections"])
    said += _about_law(facts, law)
    said += _about_dates(facts)
    said += [
        Finding("criteria", words, "Hãy sửa cho khớp.", True) for words in _unfit(facts, values)
    ]
    return said


def _unfit(facts: dict[str, Any], values: Mapping[str, str]) -> list[str]:
    """Return contradictions once every field has something in it."""
    if any(field.required and not values.get(field.name, "").strip() for field in FIELDS):
        return []
    return plan_fields.contradictions(facts)


def _missing(field: plan_fields.Field) -> Finding:
    known = {
        "number": ("Kế hoạch chưa có số.", "Ghi số nếu đã cấp; chưa cấp thì để trống và xác nhận."),
        "issued_on": (
            "Kế hoạch chưa ghi đủ ngày ban hành.",
            "Ghi ngày nếu đã ban hành; chưa có thì để trống và xác nhận.",
        ),
        "reference_plan": (
            "Không thấy kế hoạch của cấp trên.",
            "Nếu đợt này hưởng ứng kế hoạch của cấp trên, hãy ghi số, ký hiệu; không thì để trống.",
        ),
        "opens_on": (
            "Không thấy ngày bắt đầu nhận hồ sơ.",
            "Hãy ghi ngày; đơn vị gửi hồ sơ được từ ngày này.",
        ),
    }
    title, mend = known.get(
        field.name, (f"Không tìm thấy: {field.label.lower()}.", "Hãy điền theo văn bản.")
    )
    return Finding(field.name, title, mend, field.required)


def _gaps(sections: Sequence[Wording]) -> Iterator[Finding]:
    """Say where the numbering jumps or repeats."""
    last: dict[str, int] = {}
    for section in sections:
        parent, _, own = section.clause.rpartition(".")
        place = _ordinal(own)
        before = last.get(parent, 0)
        if place is None:
            continue
        # Many writers know no «đ» in a row of letters: d, e is not a gap.
        lacking = [_like(own, missed) for missed in range(before + 1, place)]
        lacking = [name for name in lacking if name.lower() != "đ"]
        if lacking:
            names = ", ".join(f"{parent}.{name}" if parent else name for name in lacking)
            yield Finding(
                "sections",
                f"Thiếu mục {names}: cách đánh số nhảy tới {section.clause}.",
                "Giữ như văn bản nếu đúng là vậy, hoặc bổ sung mục còn thiếu.",
            )
        last[parent] = max(place, before)


def _about_law(facts: Mapping[str, Any], law: Law) -> Iterator[Finding]:
    day = facts["opens_on"] or facts["nominations_due_on"] or facts["emulation_ends_on"]
    number, code = facts["report_form"]
    form_law = law.row(code)
    if number and (number, code) not in law.report_forms:
        there = ", ".join(f"{n} | {c}" for n, c in sorted(law.report_forms))
        yield Finding(
            "report_form",
            f"Mẫu số {number} kèm theo {code} chưa có trong phần mềm.",
            f"Hãy chọn mẫu đang có ({there}) và đối chiếu khi trình.",
            True,
        )
    if form_law and day and not form_law.in_force(day):
        yield Finding(
            "report_form",
            f"Kế hoạch dẫn chiếu Mẫu số {number} kèm theo {code}, "
            f"{_force(form_law)}: không áp dụng trong thời gian nhận hồ sơ.",
            "Văn phòng đối chiếu mẫu đang áp dụng; giữ mẫu này thì vẫn xác nhận được.",
        )
    for cited, _ in facts["bases"]:
        row = law.row(cited)
        if row is None:
            yield Finding(
                "bases",
                f"Văn bản {cited} chưa có trong danh mục căn cứ.",
                "Ghi đủ cách dẫn sau dấu «|»; phần mềm thêm vào danh mục, ghi là chưa đối chiếu.",
            )
        elif day and not row.in_force(day):
            yield Finding(
                "bases",
                f"Căn cứ {cited} {_force(row)}.",
                "Hãy thay bằng văn bản đang có hiệu lực, hoặc giữ nếu đúng là vậy.",
            )
    if facts["bases"] and not any("/QH" in cited for cited, _ in facts["bases"]):
        alive = [r.code for r in law.rows if "/QH" in r.code and (not day or r.in_force(day))]
        yield Finding(
            "bases",
            "Căn cứ không dẫn Luật Thi đua, khen thưởng.",
            f"Quyết định khen thưởng cần căn cứ luật; có thể thêm dòng {' hoặc '.join(alive)}."
            if alive
            else "Quyết định khen thưởng cần căn cứ luật; hãy thêm một dòng.",
        )


def _force(row: LawRow) -> str:
    if row.out_of_force_on:
        return f"đã hết hiệu lực từ {day_text(row.out_of_force_on)}"
    return f"có hiệu lực từ {day_text(row.in_force_on)}"


def _about_dates(facts: Mapping[str, Any]) -> Iterator[Finding]:
    issued, ends, due = facts["issued_on"], facts["emulation_ends_on"], facts["nominations_due_on"]
    if issued and ends and ends < issued:
        yield Finding(
            "emulation_ends_on",
            "Ngày kết thúc thi đua đứng trước ngày ban hành kế hoạch.",
            "Hãy xem lại hai ngày này.",
        )
    if ends and due and due < ends:
        yield Finding(
            "nominations_due_on",
            "Hạn nhận hồ sơ đứng trước ngày kết thúc thi đua.",
            "Đúng như kế hoạch thì xác nhận; không thì sửa ngày.",
        )


class _Plan:
    """A plan cut into head, title, preamble, sections and end."""

    def __init__(self, paragraphs: Iterable[Paragraph], law: Law) -> None:
        self.law = law
        self.numbered_by_us = False
        lines = self._lines(paragraphs)
        start = next((i for i, line in enumerate(lines) if _is_title_line(line.text)), None)
        self.head = [line.text for line in lines[: start or 0]]
        rest = lines[start or 0 :]
        self.title, rest = self._cut_title(rest) if start is not None else ("", rest)
        first = self._first_section(rest)
        self.preamble = [line.text for line in rest[:first]]
        if start is None:
            self.head, self.preamble = self.preamble, []
        end = self._end(rest, first)
        self.end = [line.text for line in rest[end:]]
        self.sections = self._sections(rest[first:end])

    @staticmethod
    def _lines(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
        """Return clean lines: broken ones joined, columns apart where pages have columns."""
        found: list[Paragraph] = []
        zone = "head"
        for paragraph in paragraphs:
            for broken in _columns(paragraph.text, zone):
                text = compose(broken)
                if not text.strip("-–_.= "):
                    continue
                if zone == "head" and _is_title_line(text):
                    zone = "body"
                elif zone == "body" and fold(text).startswith("noi nhan"):
                    zone = "end"
                last = found[-1].text if found else ""
                if zone == "body" and found and _continues(last, text):
                    found[-1] = dataclasses.replace(found[-1], text=f"{last} {text}")
                else:
                    found.append(Paragraph(text, paragraph.heading))
        return found

    @staticmethod
    def _cut_title(lines: list[Paragraph]) -> tuple[str, list[Paragraph]]:
        first = re.sub(r"^(?:K\s*Ế\s+H\s*O\s*Ạ\s*C\s*H|PHÁT ĐỘNG$)\s*", "", lines[0].text).strip(
            " :"
        )
        parts = [first] if first else []
        taken = 1
        for line in lines[1 : _TITLE_LINES + 1]:
            text = line.text
            is_sentence = text.endswith((".", ";", ":"))
            if _MARK.match(text) or (parts and (text.startswith("Căn cứ") or is_sentence)):
                break
            if parts and _OPENER.match(text) and len(text) > _WRAPPED:
                break
            if text.startswith("(") and fold(text).startswith("(ban hanh kem"):
                taken += 1
                continue
            parts.append(text)
            taken += 1
        return " ".join(parts), lines[taken:]

    def _first_section(self, lines: list[Paragraph]) -> int:
        for position, line in enumerate(lines):
            if _MARK.match(line.text) or line.heading:
                return position
        for position, line in enumerate(lines):
            if _is_upper(line.text):
                return position
        return len(lines)

    @staticmethod
    def _end(lines: list[Paragraph], first: int) -> int:
        for position in range(first, len(lines)):
            text = lines[position].text
            if fold(text).startswith("noi nhan"):
                return position
            if text.rstrip().endswith("./."):
                return position + 1
        last = len(lines) - 1
        if last > first and _is_name(lines[last].text) and _is_upper(lines[last - 1].text):
            return last - 1
        return len(lines)

    def _sections(self, lines: list[Paragraph]) -> list[_Section]:
        reader = _Outline(lines)
        for line in lines:
            reader.take(line)
        self.numbered_by_us = reader.counted > 0
        return reader.sections

    def proposals(self) -> Iterator[tuple[str, Found]]:
        yield from self._head()
        yield from self._bases()
        wordings = [
            Wording(s.clause, s.level, "", s.title, "\n".join(s.lines)) for s in self.sections
        ]
        note = "Đề mục không có số; phần mềm đánh số theo thứ tự." if self.numbered_by_us else ""
        if wordings:
            top = ", ".join(s.clause for s in self.sections if s.level == 1)
            source = f"Các đề mục: {top}."
            yield "sections", Found(plan_fields.sections_text(wordings), source, note)
        yield from self._period()
        yield from self._window()
        yield from self._awards()
        yield from self._end_fields()

    # --- head -----------------------------------------------------------------------------------

    def _head(self) -> Iterator[tuple[str, Found]]:
        if self.title:
            yield "title", Found(self.title, self.title)
            note = "Tên viết hoa toàn bộ; hãy viết lại chữ thường." if _is_upper(self.title) else ""
            yield "short_title", Found(_short_title(self.title), self.title, note)
            yield "achievement_sentence", Found(_achievement(self.title), self.title, note)
        for line in self.head:
            numbered = _NUMBER_LINE.search(line)
            if numbered:
                yield "number", Found(numbered["number"] or "", line)
                yield "symbol", Found(numbered["symbol"], line)
            issued = _ISSUED.match(line)
            if issued:
                yield "issued_text", Found(line, line)
                day = _date(issued["day"], issued["month"], issued["year"])
                yield "issued_on", Found(day_text(day), line)
        if self.preamble:
            yield "preamble", Found("\n".join(self.preamble), self.preamble[0])

    def _bases(self) -> Iterator[tuple[str, Found]]:
        own = next((_NUMBER_LINE.search(line) for line in self.head if "/" in line), None)
        symbol = own["symbol"] if own else "?"
        rows: dict[str, str] = {}
        for line in self.preamble:
            for cited in _citations(line):
                for code, words in self._named(cited):
                    if not code.endswith("/" + symbol):
                        rows.setdefault(code, words)
        if rows:
            lines = [f"{code} | {words}".rstrip("| ") for code, words in rows.items()]
            yield "bases", Found("\n".join(lines), "\n".join(self.preamble))
        plans = [code for code in rows if "/KH" in code]
        if plans:
            source = next(line for line in self.preamble if plans[0] in line)
            yield "reference_plan", Found(plans[0], source)

    def _named(self, cited: str) -> Iterator[tuple[str, str]]:
        """Return code and words of the documents that a citation names."""
        codes = _CODE.findall(cited)
        for code in codes[:1]:
            row = self.law.row(code)
            yield code, row.citation if row else _citation(cited, code)
        if not codes:
            named = [
                row
                for row in self.law.rows
                if fold(row.citation.partition(" ngày ")[0]) in fold(cited)
                and "/QH" in row.code
                and (not _YEAR.search(cited) or _YEAR.findall(cited)[0] in row.citation)
            ]
            for row in sorted(named, key=lambda row: -len(row.citation))[:1]:
                yield row.code, row.citation

    # --- time -----------------------------------------------------------------------------------

    def _period(self) -> Iterator[tuple[str, Found]]:
        window = self._about("window")
        for section in self._ranked("period"):
            if window and section.clause == window[0].clause:
                continue
            for line in self._words(section):
                if _ANY_FORM.search(line) or re.search(r"hồ sơ", line, re.IGNORECASE):
                    continue
                day = _last_day(line)
                if day:
                    yield "emulation_ends_on", Found(day_text(day), line)
                    return
        for line in self._all_lines():
            if "thoi gian thi dua" in fold(line) or "thoi gian thuc hien" in fold(line):
                day = _last_day(line)
                if day:
                    yield "emulation_ends_on", Found(day_text(day), line)
                    return

    def _window(self) -> Iterator[tuple[str, Found]]:
        lines = [line for section in self._about("window") for line in self._words(section)]
        lines += [
            line
            for line in self._all_lines()
            if re.search(r"(?:gửi|nộp|nhận|hoàn thành)\b", line, re.IGNORECASE)
            and "ho so" in fold(line)
        ]
        for line in lines:
            for sentence in re.split(r"(?<=[^\d])[.;]\s+", line):
                said = _window_in(sentence)
                if said:
                    opens, due, words, note = said
                    yield "window_text", Found(words, line)
                    yield "opens_on", Found(day_text(opens), line if opens else "")
                    yield "nominations_due_on", Found(day_text(due), line, note)
                    return

    # --- awards ---------------------------------------------------------------------------------

    def _awards(self) -> Iterator[tuple[str, Found]]:
        kinds = yield from self._subjects()
        forms: dict[str, tuple[AwardType, str]] = {}
        roots = [*self._about("forms"), *self._about("criteria")]
        sections = [section for root in roots for section in self._under(root)]
        for section in [*sections, *self.sections]:
            if forms and section not in sections:
                break
            for line in self._texts(section):
                for match in _FORM_NAME.finditer(line):
                    name = _capital(match["name"].strip())
                    if fold(name) not in {fold(known) for known in forms}:
                        forms[name] = (_type_of(name), section.clause)
        if forms:
            rows = [
                f"{name} | {ROUTES[_route(award_type)]} | {clause}"
                for name, (award_type, clause) in forms.items()
            ]
            yield "award_forms", Found("\n".join(rows), self._source_of(next(iter(forms))))
        names: dict[AwardType, str] = {}
        for name, (award_type, _) in forms.items():
            names.setdefault(award_type, name)
        yield from self._criteria(names, kinds)
        yield from self._dossier(names)

    def _source_of(self, words: str) -> str:
        return next((line for line in self._all_lines() if fold(words) in fold(line)), "")

    def _subjects(self) -> Any:
        rows: dict[str, list[str]] = {}
        for section in self._about("subjects")[:1]:
            for line in self._words(section):
                text = re.sub(r"^Đối tượng[^:]{0,60}:\s*", "", _BULLET.sub("", line))
                if not text:
                    continue
                for kind in _kinds_in(text):
                    rows.setdefault(kind, []).append(_after_kind(text))
            if rows:
                text = "\n".join(
                    f"{KINDS[SubjectKind(kind)]} | {words}"
                    for kind, said in rows.items()
                    for words in said
                )
                yield "subjects", Found(text, section.source)
        return list(rows) or list(KINDS)

    def _criteria(
        self, names: Mapping[AwardType, str], kinds: Sequence[str]
    ) -> Iterator[tuple[str, Found]]:
        for root in self._about("criteria")[:1]:
            reader = _Criteria(names, kinds)
            for section in self._under(root):
                for text in self._texts(section, with_title=section is not root):
                    reader.take(text, section)
            if reader.said:
                yield "criteria", Found(reader.text, reader.source)

    def _dossier(self, names: Mapping[AwardType, str]) -> Iterator[tuple[str, Found]]:
        rows: list[str] = []
        strays: list[str] = []
        source = ""
        for root in self._about("dossier")[:1]:
            source = root.source
            for section in self._under(root):
                for text in self._texts(section, with_title=section is not root):
                    for line in _papers_in(_BULLET.sub("", text)):
                        paper = _paper(line)
                        if paper is None:
                            strays.append(line)
                            continue
                        own = section is not root and line == text
                        letter = section.clause.rpartition(".")[2] if own else ""
                        letter = letter or "abcdeghiklmn"[min(len(rows), 11)]
                        which = _needed_by(line)
                        rows.append(
                            f"{letter} | {PAPERS[paper]} | {which} | {section.clause} | {line}"
                        )
        note = "".join(
            f"«{line}» không thuộc loại tài liệu phần mềm lập sẵn nên không đưa vào đây. "
            for line in strays
        ).strip()
        if rows:
            yield "required_items", Found("\n".join(rows), source, note)
        yield from self._counts(names)
        for line in self._all_lines():
            named = _REPORT_FORM.search(line)
            if named:
                number = named["number"].zfill(_FEW_WORDS)
                yield "report_form", Found(f"{number} | {named['code']}", line)
                break

    def _counts(self, names: Mapping[AwardType, str]) -> Iterator[tuple[str, Found]]:
        counts: dict[AwardType, int] = {}
        source = ""
        for line in self._all_lines():
            found = list(_SETS_BEFORE.finditer(line)) or list(_SETS_AFTER.finditer(line))
            for match in found:
                counts.setdefault(_type_of(match["form"]), int(match["count"]))
                source = source or line
        if not counts:
            for line in self._all_lines():
                alone = _SETS.search(line)
                if alone and "ho so" in fold(line):
                    counts, source = dict.fromkeys(names, int(alone["count"])), line
                    break
        rows = [f"{names[t]} | {counts[t]:02d}" for t in names if t in counts]
        if rows:
            yield "sets", Found("\n".join(rows), source)

    # --- end ------------------------------------------------------------------------------------

    def _end_fields(self) -> Iterator[tuple[str, Found]]:
        recipients: list[str] = []
        titles: list[str] = []
        name = ""
        in_list = False
        for text in self.end:
            line = re.sub(r"^Nơi nhận\s*:?\s*", "", text, flags=re.IGNORECASE)
            in_list = in_list or line != text
            words = _BULLET.sub("", line)
            if not words or fold(words).startswith(("(da ky", "(ky")):
                continue
            is_item = words != line or words.endswith((";", "VT.", "VT")) or words.startswith("Lưu")
            if in_list and is_item:
                recipients.append(words)
            elif _is_upper(words):
                titles.append(words)
            elif _is_name(words):
                name = words
            elif in_list:
                recipients.append(words)
        if recipients:
            yield "recipients", Found("\n".join(recipients), "Nơi nhận: " + recipients[0])
        if titles:
            yield "signer_title", Found(" ".join(titles), titles[0])
        if name:
            yield "signer_name", Found(name, name)

    # --- looking up -----------------------------------------------------------------------------

    def _about(self, topic: str) -> list[_Section]:
        """Return the section that is most about a topic, or nothing."""
        return self._ranked(topic)[:1]

    def _ranked(self, topic: str) -> list[_Section]:
        scored = []
        for order, section in enumerate(self.sections):
            lead = fold(section.lead)
            mine = [lead.find(word) for word in _TOPICS[topic] if word in lead]
            if not mine:
                continue
            others = sum(
                any(word in lead for word in words)
                for name, words in _TOPICS.items()
                if name != topic
            )
            if topic in {"dossier", "period"} and any(w in lead for w in _TOPICS["window"]):
                others += 5
            if topic == "period" and not section.title:
                others += 1
            scored.append((others, min(mine) > 0, order, section))
        return [row[3] for row in sorted(scored, key=lambda row: row[:3])]

    def _under(self, root: _Section) -> list[_Section]:
        at = root.clause + "."
        return [s for s in self.sections if s is root or s.clause.startswith(at)]

    def _words(self, root: _Section) -> list[str]:
        """Return the words of a section and of those under it."""
        return [
            line
            for section in self._under(root)
            for line in self._texts(section, with_title=section is not root)
        ]

    def _texts(self, section: _Section, *, with_title: bool = True) -> list[str]:
        return [*([section.title] if section.title and with_title else []), *section.lines]

    def _all_lines(self) -> list[str]:
        return [line for section in self.sections for line in self._texts(section)]


class _Outline:
    """Cuts lines into sections by the marks before them, keeping the document's own numbers."""

    def __init__(self, lines: Sequence[Paragraph]) -> None:
        self.sections: list[_Section] = []
        self.stack: list[tuple[str, str]] = []
        self.counted = 0
        self.decimals: dict[int, tuple[int, ...]] = {}
        self.has_marks = any(_MARK.match(line.text) for line in lines)

    def take(self, line: Paragraph) -> None:
        match = _MARK.match(line.text)
        if match and self._open(match):
            return
        is_heading = line.heading or (not self.has_marks and _is_upper(line.text))
        if is_heading and (not match):
            if self._is_tail_of_heading(line.text):
                self.sections[-1].title += " " + line.text
            else:
                self._count(line)
        elif self.sections and self._is_tail_of_heading(line.text):
            self.sections[-1].title += " " + line.text
        elif self.sections:
            self.sections[-1].lines.append(line.text)

    def _is_tail_of_heading(self, text: str) -> bool:
        last = self.sections[-1] if self.sections else None
        return bool(
            self.has_marks
            and last
            and last.title
            and not last.lines
            and _is_upper(last.title)
            and _is_upper(text)
        )

    def _count(self, line: Paragraph) -> None:
        """Open a section whose heading has no number of its own."""
        self.counted += 1
        depth = max(line.heading, 1)
        while self.stack and self._depth(self.stack[-1][0]) >= depth:
            self.stack.pop()
        parent = ".".join(name for _, name in self.stack)
        place = sum(s.clause.rpartition(".")[0] == parent for s in self.sections) + 1
        self.stack.append((f"heading{depth}", str(place)))
        self._add(line.text)

    @staticmethod
    def _depth(kind: str) -> int:
        return int(kind.removeprefix("heading")) if kind.startswith("heading") else 0

    def _open(self, match: re.Match[str]) -> bool:
        """Open a section, unless the mark does not go on from the one before it."""
        kind, name = self._kind(match)
        kinds = [known for known, _ in self.stack]
        if kind.startswith("decimal"):
            parts = tuple(int(part) for part in name.split("."))
            if parts <= self.decimals.get(len(parts), ()):
                return False
            self.decimals[len(parts)] = parts
            stack = self._above(parts)
            name = ".".join(str(part) for part in parts[self._known(stack, parts) :])
        elif kind in kinds:
            at = kinds.index(kind)
            before, now = _ordinal(self.stack[at][1]), _ordinal(name)
            if before is not None and now is not None and now <= before:
                return False
            stack = self.stack[:at]
        else:
            stack = list(self.stack)
        clause = ".".join([*(n for _, n in stack), name])
        if clause in {section.clause for section in self.sections}:
            return False
        self.stack = [*stack, (kind, name)]
        self._add(match["rest"].strip())
        return True

    def _above(self, parts: tuple[int, ...]) -> list[tuple[str, str]]:
        """Return the sections over a decimal number: those that it continues, and no deeper."""
        stack = []
        for kind, name in self.stack:
            deeper = kind.startswith("decimal") and int(kind[7:]) >= len(parts)
            if deeper or kind in {"lower", "paren"}:
                break
            if kind == "digit." and name != str(parts[0]):
                break
            stack.append((kind, name))
        return stack

    @staticmethod
    def _known(stack: list[tuple[str, str]], parts: tuple[int, ...]) -> int:
        """Return how many parts of a decimal number the sections over it have said."""
        said = [
            len(name.split(".")) for kind, name in stack if kind.startswith(("digit", "decimal"))
        ]
        return min(sum(said), len(parts) - 1)

    def _kind(self, match: re.Match[str]) -> tuple[str, str]:
        if match["upper"]:
            name = match["upper"]
            letters = [n for k, n in self.stack if k == "letter"]
            could_be_roman = set(name) <= set("IVX")
            is_letter = not could_be_roman or (name == "I" and letters[-1:] == ["H"])
            return ("letter" if is_letter else "roman"), name
        if match["decimal"]:
            return f"decimal{match['decimal'].count('.') + 1}", match["decimal"]
        if match["digit"]:
            end = match["digit_end"].strip()
            return ("paren" if end == ")" else "digit."), match["digit"]
        return "lower", match["lower"]

    def _add(self, text: str) -> None:
        clause = ".".join(name for _, name in self.stack)
        section = _Section(clause, clause.count(".") + 1)
        before, colon, after = text.partition(": ")
        if colon and _is_upper(before) and not _is_upper(after):
            section.title, section.lines = before + ":", [after]
        elif _is_heading(text, is_top=len(self.stack) == 1):
            section.title = text
        else:
            section.lines = [text]
        self.sections.append(section)


class _Criteria:
    """Shares lines out among forms of award and kinds of subject, whichever the plan names first."""

    def __init__(self, names: Mapping[AwardType, str], kinds: Sequence[str]) -> None:
        self.names, self.kinds = names, kinds
        self.said: dict[tuple[str, str], list[str]] = {}
        self.where: dict[tuple[str, str], str] = {}
        self.source = ""
        self.form: str | None = None
        self.kind: str | None = None
        self.outer = ""

    def take(self, text: str, section: _Section) -> None:
        line = _BULLET.sub("", text)
        line = re.sub(r"^Tiêu chuẩn(?: khen thưởng)?:\s*", "", line)
        line = self._after_kind(self._after_form(line)).strip()
        if not line:
            return
        self.source = self.source or section.source
        targets = [self.form] if self.form else list(self.names.values())
        wanted = [self.kind] if self.kind else (_kinds_named(line)[:1] or list(self.kinds))
        for key in ((target, kind) for target in targets for kind in wanted):
            self.said.setdefault(key, []).append(line)
            self.where.setdefault(key, section.clause)

    @property
    def text(self) -> str:
        return "\n".join(
            f"{name} | {KINDS[SubjectKind(kind)]} | {self.where[name, kind]} | {' '.join(words)}"
            for (name, kind), words in self.said.items()
        )

    def _after_form(self, line: str) -> str:
        lead = _LEAD_FORM.match(line)
        if not lead:
            return line
        self.outer = self.outer or "form"
        self.form = self.names.get(_type_of(lead["form"]))
        named = _kinds_named(lead["form"])
        if self.outer == "form" or len(named) == 1:
            self.kind = named[0] if len(named) == 1 else None
        return line[lead.end() :]

    def _after_kind(self, line: str) -> str:
        lead = _LEAD_KIND.match(line) or _BARE_KIND.match(line)
        if not lead:
            return line
        self.outer = self.outer or "kind"
        self.kind = _kinds_named(lead["kind"])[0]
        inner = _ANY_FORM.search(lead.groupdict().get("more") or "")
        if inner:
            self.form = self.names.get(_type_of(inner.group()))
        elif self.outer == "kind":
            self.form = None
        return line[lead.end() :]


def _columns(text: str, zone: str) -> list[str]:
    """Return the lines of a paragraph; in head and end, columns set by tabs stand apart."""
    found: list[str] = []
    for line in re.split(r"[\n\v\f]", unicodedata.normalize("NFC", text)):
        pieces = [piece.strip() for piece in _GAP.split(line.strip()) if piece.strip()]
        is_mark = bool(pieces) and _BARE_MARK.match(pieces[0])
        if zone == "body" or is_mark:
            found.append(" ".join(pieces))
            continue
        open_ended = False
        for piece in pieces:
            if open_ended:
                found[-1] += " " + piece
            else:
                found.append(piece)
            open_ended = bool(_BLANK.search(piece))
    return [line for line in found if line]


def _is_title_line(text: str) -> bool:
    spaced = re.sub(r"\s+", "", text)
    if fold(spaced) == "kehoach":
        return True
    match = _TITLE_LINE.match(text)
    return bool(match and match.group().isupper() and not text.endswith("."))


def _is_wrapped(last: str, text: str) -> bool:
    """Whether a pasted line goes on from the line before it."""
    if _starts_anew(text) or len(last) < _WRAPPED or "\t" in last + text:
        return False
    return not last.endswith((".", ";", ":", "?", "!", "”.", "./.")) and not _is_upper(last)


def _continues(last: str, text: str) -> bool:
    """Whether a paragraph was cut in the middle of a sentence."""
    if _starts_anew(text) or last.endswith((".", ";", ":", "?", "!")) or _is_title_line(last):
        return False
    return text[:1].islower() and not _is_upper(last)


def _starts_anew(text: str) -> bool:
    return bool(_MARK.match(text) or _BULLET.match(text) or _OPENER.match(text)) or _is_upper(text)


def _is_upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > _FEW_WORDS and all(c.isupper() for c in letters)


def _is_heading(text: str, *, is_top: bool) -> bool:
    if _is_upper(text) or text.endswith(":"):
        return len(text) <= _LONGEST_TITLE
    return len(text) <= _HEADING_LENGTH and not text.endswith((".", ";", ",")) and "|" not in text


def _is_name(text: str) -> bool:
    words = _DEGREE.sub("", text).split()
    return _FEW_WORDS <= len(words) <= _MANY_WORDS and all(
        word[:1].isupper() and not word.endswith((";", ".", ",")) for word in words
    )


def _ordinal(name: str) -> int | None:
    """Return the place of a number in its row: 4 of IV, 2 of b."""
    name = name.rpartition(".")[2]
    if name.isdigit():
        return int(name)
    if name and set(name) <= set("IVX"):
        values = [{"I": 1, "V": 5, "X": 10}[c] for c in name]
        pairs = zip(values, [*values[1:], 0], strict=True)
        return sum(-v if v < after else v for v, after in pairs)
    letters = "abcdđeghiklmnopqrstuvxy"
    return letters.index(name.lower()) + 1 if len(name) == 1 and name.lower() in letters else None


def _like(name: str, place: int) -> str:
    """Return the number at a place, in the manner of `name`."""
    if name.isdigit():
        return str(place)
    if set(name) <= set("IVX"):
        tens, ones = divmod(place, 10)
        ending = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][ones]
        return "X" * tens + ending
    letter = "abcdđeghiklmnopqrstuvxy"[place - 1]
    return letter.upper() if name.isupper() else letter


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _date(day: str | None, month: str | None, year: str | None) -> dt.date | None:
    try:
        found = dt.date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _day_at(text: str) -> tuple[dt.date, str] | None:
    """Return the first whole day of a text, with its words."""
    for match in _DAY.finditer(text):
        groups = [group for group in match.groups() if group]
        day = _date(*groups)
        if day:
            return day, match.group()
    return None


def _span_at(text: str) -> tuple[dt.date, dt.date, str] | None:
    """Return the first month, quarter or year of a text, with its words."""
    quarter, month = _QUARTER.search(text), _MONTH.search(text)
    if quarter:
        place = _QUARTERS.get(quarter[1].upper()) or int(quarter[1])
        return *_months(int(quarter[2]), place * 3 - 2, place * 3), quarter.group()
    if month and 1 <= int(month[1]) <= _MONTHS:
        return *_months(int(month[2]), int(month[1]), int(month[1])), month.group()
    return None


def _months(year: int, first: int, last: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _last_day(text: str) -> dt.date | None:
    """Return the day until which a sentence runs."""
    untils = list(_UNTIL.finditer(text))
    for until in reversed(untils):
        rest = text[until.end() :]
        day, span, year = _day_at(rest), _span_at(rest), _YEAR.search(rest)
        if day:
            return day[0]
        if span:
            return span[1]
        if year:
            return dt.date(int(year[1]), 12, 31)
    span, year = _span_at(text), re.search(r"trong năm\s+((?:19|20)\d{2})", text, re.IGNORECASE)
    if span and not untils:
        return span[1]
    return dt.date(int(year[1]), 12, 31) if year else None


def _window_in(text: str) -> tuple[dt.date | None, dt.date, str, str] | None:
    """Return first day, last day, the words and a remark of a sentence about the window."""
    days = [(match, _day_at(match.group())) for match in _DAY.finditer(text)]
    whole = [(match, day[0]) for match, day in days if day]
    if len(whole) > 1 and _SINCE.search(text[: whole[0][0].start()][-12:]):
        (first, opens), (last, due) = whole[0], whole[1]
        return opens, due, _said(text, first.start(), last.end(), r"từ\s+(?:ngày\s+)?"), ""
    for match, day in whole:
        before = text[: match.start()]
        if not _DUE.search(before):
            continue
        words = _said(
            text,
            match.start(),
            match.end(),
            r"(?:(?:đến hết|trước|chậm nhất(?: là| vào)?|muộn nhất(?: là)?|hết|đến)\s+)+(?:ngày\s+)?",
        )
        if re.search(r"trước\s+(?:ngày\s+)?$", before, re.IGNORECASE):
            due = day - dt.timedelta(days=1)
            note = f"Kế hoạch ghi «{words}»; phần mềm hiểu là đến hết ngày {day_text(due)}."
            return None, due, words, note
        return None, day, words, ""
    span = _span_at(text)
    return (*span, "") if span else None


def _said(text: str, start: int, end: int, before: str) -> str:
    lead = re.search(before + "$", text[:start], re.IGNORECASE)
    return text[lead.start() if lead else start : end].strip()[:100]


def _citations(line: str) -> list[str]:
    """Return the documents cited by a line of the preamble, each with its own words."""
    parts = re.split(
        r"(?=\b(?:Luật|Nghị định|Thông tư|Nghị quyết|Quyết định|Kế hoạch|Chỉ thị|Công văn|Hướng dẫn)\s+(?:số\s+)?\d)"
        r"|(?=\bLuật\s+[A-ZĐ])",
        line,
    )
    return [part for part in parts if part]


def _citation(cited: str, code: str) -> str:
    """Return the words that cite a document, without what leads to them."""
    text = _CITED_UNTIL.split(cited.strip(" ;:.,"))[0]
    return text.strip(" ;:.,")[:400] if code in text else cited.strip(" ;:.,")[:400]


def _short_title(title: str) -> str:
    quoted = re.search(r"[“\"«](.+?)[”\"»]", title)
    if quoted and len(quoted[1]) <= _SHORT_TITLE:
        return quoted[1]
    text = re.sub(
        r"^(?:(?:về việc|v/v|phát động|tổ chức|triển khai|thực hiện)\s+)*(?:và tổ chức\s+)?(?:các\s+)?(?:đợt|phong trào)?\s*"
        r"(?:thi đua\s*)?(?:đặc biệt\s*|cao điểm\s*|theo chuyên đề\s*)?(?:lập thành tích\s*)?",
        "",
        title,
        flags=re.IGNORECASE,
    ).strip(" -–:,")
    text = _capital(text or title)
    return text if len(text) <= _SHORT_TITLE else text[:_SHORT_TITLE].rsplit(" ", 1)[0]


def _achievement(title: str) -> str:
    text = re.sub(
        r"^(?:(?:về việc|v/v|phát động|tổ chức|triển khai|thực hiện)\s+)+",
        "",
        title,
        flags=re.IGNORECASE,
    )
    text = text if text[:2].isupper() else text[:1].lower() + text[1:]
    sentence = f"đã có thành tích xuất sắc trong {text}"
    return sentence[:500]


def _type_of(name: str) -> AwardType:
    for award_type, label in TYPES.items():
        if fold(name).startswith(fold(label)):
            return award_type
    return AwardType.COMMENDATION_LETTER


def _route(award_type: AwardType) -> AwardRoute:
    own = award_type == AwardType.COMMENDATION_LETTER
    return AwardRoute.OWN if own else AwardRoute.SUPERIOR


def _kinds_named(text: str) -> list[str]:
    found = {
        kind: fold(text).find(fold(label))
        for kind, label in KINDS.items()
        if fold(label) in fold(text)
    }
    return sorted((str(kind) for kind in found), key=lambda kind: found[SubjectKind(kind)])


def _kinds_in(text: str) -> list[str]:
    """Return whom a line of subjects names."""
    named = _kinds_named(text)
    if named:
        return named
    folded = fold(text)
    if any(word in folded for word in ("cong chuc", "vien chuc", "nguoi lao dong", "can bo")):
        return [SubjectKind.PERSON.value]
    return (
        [SubjectKind.UNIT.value]
        if re.search(r"\b(?:phong|don vi|khoa|to|ban|chi cuc)\b", folded)
        else []
    )


def _after_kind(text: str) -> str:
    lead = _LEAD_KIND.match(text)
    return _capital(text[lead.end() :] if lead and text[lead.end() :] else text)


def _paper(line: str) -> DocumentKind | None:
    folded = fold(line)
    if folded.startswith("to trinh"):
        return DocumentKind.LETTER
    if folded.startswith(("bien ban", "trich bien ban")):
        is_council = "hoi dong" in folded
        return DocumentKind.COUNCIL_MINUTES if is_council else DocumentKind.UNIT_MINUTES
    return DocumentKind.REPORT if folded.startswith("bao cao") else None


def _papers_in(line: str) -> list[str]:
    """Return the papers that a line lists: itself, or those after «gồm:» one by one."""
    if _paper(line) or _names_paper(line):
        return [line]
    parts = [part.strip() for part in re.split(r"[:;]\s+", line)]
    return [part for part in parts if _paper(part) or _names_paper(part)]


def _names_paper(line: str) -> bool:
    return fold(line).startswith(
        ("danh sach", "ban sao", "ban tom tat", "giay xac nhan", "phieu", "quyet dinh")
    )


def _needed_by(line: str) -> str:
    inside = " ".join(re.findall(r"\(([^)]*)\)", line)) or line
    named = [label for label in TYPES.values() if fold(label) in fold(inside)]
    return named[0] if len(named) == 1 else ALL_FORMS
