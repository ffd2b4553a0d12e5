"""The criteria: lines shared out among forms of award and kinds, whichever the plan names first."""

import dataclasses
import re
from collections.abc import Iterator, Sequence

from campaigns.models import SubjectKind
from campaigns.plan_fields import KINDS
from campaigns.reading.contents import Contents, texts
from campaigns.reading.forms import ANY_FORM, Forms, names
from campaigns.reading.found import Found
from campaigns.reading.outline import Section
from campaigns.reading.subjects import kinds_named
from campaigns.reading.words import BULLET, UPPER

_KIND = re.compile(r"(?:tập thể|cá nhân)\b", re.IGNORECASE)
_JOINING = re.compile(
    r"(?:đối với|dành cho|cho|với|các|những|mỗi|về|của|xét tặng|xét|tặng thưởng|tặng|khen thưởng|thưởng"
    r"|đề nghị|để được|được|để|danh hiệu|hình thức|tiêu chuẩn|tiêu chí|điều kiện|mức|và|hoặc|cụ thể"
    r"|đạt tiêu chuẩn|do|xem xét)\b|[,/-](?=\s)",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\([^)]{0,120}\)")
_WHEN = re.compile(r"(?:khi|nếu)\b\s*:?\s*", re.IGNORECASE)
_MUST = re.compile(r"(?:phải|cần|là|có|đạt|hoàn thành|thực hiện)\b", re.IGNORECASE)
_LOOSE = re.compile(
    r"^(?:đối với\s+|tiêu chuẩn\s+(?:đối với\s+|tặng\s+|xét\s+)*|các\s+|dành cho\s+|tặng\s+)*"
    r"(?:tập thể|cá nhân|(?:bằng|giấy)\s+khen)[^:.;]{0,80}:\s*",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"^(?:các\s+)?(?:tập thể|cá nhân)\s*(?:,|và|hoặc|/)\s*(?:tập thể|cá nhân)\b", re.IGNORECASE
)
_STARTS_WITH_KIND = re.compile(r"(?:các\s+|mỗi\s+)?(?:tập thể|cá nhân)\b", re.IGNORECASE)
_TITLE = re.compile(
    r"^(?:tiêu chuẩn|tiêu chí|điều kiện)(?: (?:xét )?(?:khen thưởng|chung|xét))?\s*:\s*",
    re.IGNORECASE,
)
_NEW_SENTENCE = re.compile(rf"(?<=[^\d\s.])[.;]\s+(?=[{UPPER}a-zđ])")
_INTRODUCES = re.compile(
    r"(?:đạt\s+)?(?:các|những)?\s*(?:tiêu chuẩn|tiêu chí|điều kiện)\s+sau[^:]{0,20}:$",
    re.IGNORECASE,
)
_SETS = re.compile(r"số (?:bộ|lượng)", re.IGNORECASE)
_FOR_WHOM = re.compile(r"\s*(?:đối với|cho|dành cho)\s+(?P<whom>[^.;]{5,300})", re.IGNORECASE)
_LINE = 4_000
_TOKENS, _LEAD_LENGTH = 40, 600


@dataclasses.dataclass(frozen=True, slots=True)
class _Lead:
    """What stands before a criterion: the forms and kinds that it is for, and where it ends."""

    forms: list[str]
    kinds: list[str]
    end: int


def proposals(
    contents: Contents, forms: Forms, kinds: Sequence[str]
) -> Iterator[tuple[str, Found]]:
    """Propose the criteria."""
    beside = _beside_forms(contents, forms)
    reader = _Reader(forms, kinds, {name for _, name, _ in beside})
    for root in contents.alike("criteria"):
        reader.begin(root.title)
        for section in contents.under(root):
            for text in section.lines if section is root else texts(section):
                for piece in _pieces(text[:_LINE], forms):
                    reader.take(piece, section, is_root=section is root)
    if not reader.said:
        _from_sentences(reader, contents, forms)
    for section, name, whom in beside:
        if name not in reader.named and name not in reader.general:
            reader.add(name, kinds_named(whom)[:1] or list(kinds), whom, section)
    if reader.said:
        yield "criteria", Found(reader.text(), reader.source)


def _from_sentences(reader: "_Reader", contents: Contents, forms: Forms) -> None:
    """Take the criteria from the sections that name the forms, where a sentence says for whom."""
    clauses = {form.clause for form in forms}
    for section in contents.sections:
        if section.clause in clauses:
            reader.begin("")
            for line in texts(section):
                for piece in _pieces(line[:_LINE], forms):
                    if _lead(piece, forms):
                        reader.take(piece, section, is_root=True)


def _beside_forms(contents: Contents, forms: Forms) -> list[tuple[Section, str, str]]:
    """Return for whom a form is, where the sentence that names it says so."""
    found: list[tuple[Section, str, str]] = []
    for root in contents.about("forms") if len(forms) > 1 else []:
        for section in contents.under(root):
            for line in texts(section):
                for sentence in re.split(r"[.;]\s+", line[:_LINE]):
                    found += [(section, *said) for said in _said_of(sentence, forms)]
    return found


def _said_of(sentence: str, forms: Forms) -> Iterator[tuple[str, str]]:
    """Yield form and words of «Giấy khen của Giám đốc cho tập thể …»."""
    for match in ANY_FORM.finditer(sentence):
        named = [name for name in names(forms) if sentence.startswith(name, match.start())]
        meant = named or forms.meant_by(sentence)
        end = match.start() + len(named[0]) if named else match.end()
        whom = _FOR_WHOM.match(sentence, end)
        # «cho tập thể và cá nhân có thành tích» says nothing of its own.
        if whom and len(meant) == 1 and len(kinds_named(whom["whom"])) == 1:
            yield meant[0], whom["whom"].strip()


def _pieces(text: str, forms: Forms) -> list[str]:
    """Return a paragraph cut where a sentence turns to another form or kind."""
    found: list[str] = []
    start = 0
    for match in _NEW_SENTENCE.finditer(text):
        if _SETS.match(text, match.end()):
            return [*found, text[start : match.start()]]
        if _lead(text[match.end() :], forms):
            found.append(text[start : match.start() + (match.group()[0] == ".")])
            start = match.end()
    return [*found, text[start:]]


def _lead(text: str, forms: Forms) -> _Lead | None:
    """Return what a sentence says first of form and kind, if that leads to a criterion."""
    at, seen_form, seen_kind = _scan(text, forms)
    if not seen_form and not seen_kind:
        return _loose(text, forms)
    head, rest = text[:at], text[at:].lstrip()
    bracket = _BRACKET.match(rest)
    if bracket and rest[bracket.end() :].lstrip()[:1] in {":", ""}:
        head, rest = head + bracket.group(), rest[bracket.end() :].lstrip()
    when = _WHEN.match(rest)
    if rest.startswith(":"):
        rest = rest[1:].lstrip()
    elif when and seen_form:
        rest = rest[when.end() :]
    elif rest and not (seen_form and seen_kind and _MUST.match(rest)):
        return _loose(text, forms)
    return _Lead(
        forms.meant_by(head) if seen_form else [], kinds_named(head), len(text) - len(rest)
    )


def _scan(text: str, forms: Forms) -> tuple[int, bool, bool]:
    """Return how far only form, kind and joining words go, and whether they named form and kind."""
    at, seen_form, seen_kind = 0, False, False
    small = text[:_LEAD_LENGTH].lower()
    for _ in range(_TOKENS):
        while text[at : at + 1] == " ":
            at += 1
        name = next((name for name in forms.spoken if small.startswith(name, at)), "")
        form, kind = ANY_FORM.match(text, at), _KIND.match(text, at)
        word = form or kind or _JOINING.match(text, at)
        if not name and not word:
            break
        seen_form = seen_form or bool(form)
        seen_kind = seen_kind or bool(kind and not name)
        at = at + len(name) if name else word.end() if word else at
    return at, seen_form, seen_kind


def _loose(text: str, forms: Forms) -> _Lead | None:
    lead = _LOOSE.match(text)
    if not lead:
        return None
    words = lead.group()
    return _Lead(
        forms.meant_by(words) if ANY_FORM.search(words) else [], kinds_named(words), lead.end()
    )


class _Reader:
    def __init__(self, forms: Forms, kinds: Sequence[str], apart: set[str]) -> None:
        self.forms, self.kinds = forms, kinds
        every = names(forms)
        # What is said of no form in particular is not said of one that has words of its own.
        self.all = [name for name in every if name not in apart] or every
        self.said: dict[tuple[str, str], list[str]] = {}
        self.where: dict[tuple[str, str], str] = {}
        self.named: set[str] = set()
        self.general: set[str] = set()
        self.source = ""
        self.begin("")

    def begin(self, title: str) -> None:
        """Begin a section about criteria; its title may say for which form or kind."""
        self.now_forms: list[str] = []
        self.now_kinds: list[str] = []
        self.outer = ""
        lead = _lead(title, self.forms)
        if lead:
            self._enter(lead)

    def take(self, text: str, section: Section, *, is_root: bool) -> None:
        line = _TITLE.sub("", BULLET.sub("", text))
        while lead := _lead(line, self.forms):
            self._enter(lead)
            line = line[lead.end :].strip()
        line = line.strip()
        said_nothing = not self.now_forms and not self.now_kinds
        if not line or _INTRODUCES.match(line) or (is_root and said_nothing and line.endswith(":")):
            return
        kinds = self.now_kinds
        if len(kinds) != 1 and not _BOTH.match(line):
            # A sentence about one of two kinds begins with it, or names no other.
            named = kinds_named(line)
            kinds = named[:1] if not kinds or _STARTS_WITH_KIND.match(line) else kinds
        for name in self.now_forms or self.all:
            if not self.now_forms:
                self.general.add(name)
            self.add(name, kinds or list(self.kinds), line, section)

    def _enter(self, lead: _Lead) -> None:
        if lead.forms:
            self.outer = self.outer or ("form" if not lead.kinds else "")
            self.now_forms = lead.forms
            self.named |= set(lead.forms)
            if self.outer == "form" or lead.kinds:
                self.now_kinds = lead.kinds
        elif lead.kinds:
            self.outer = self.outer or "kind"
            self.now_kinds = lead.kinds
            if self.outer == "kind":
                self.now_forms = []

    def add(self, name: str, kinds: Sequence[str], words: str, section: Section) -> None:
        self.source = self.source or section.source
        for kind in kinds:
            self.said.setdefault((name, kind), []).append(words)
            self.where.setdefault((name, kind), section.clause)

    def text(self) -> str:
        return "\n".join(
            f"{name} | {KINDS[SubjectKind(kind)]} | {self.where[name, kind]} | {' '.join(words)}"
            for (name, kind), words in self.said.items()
        )
