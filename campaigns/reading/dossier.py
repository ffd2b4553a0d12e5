"""The dossier: its papers, how many sets each form needs, and the form of the report."""

import re
from collections.abc import Iterator

from campaigns.models import DocumentKind
from campaigns.plan_fields import ALL_FORMS, PAPERS, TYPES
from campaigns.reading.citations import CODE
from campaigns.reading.contents import Contents, texts
from campaigns.reading.forms import ANY_FORM, Forms, names
from campaigns.reading.found import Found
from campaigns.reading.outline import Section
from campaigns.reading.words import BULLET, SENTENCE, capital, fold

_LETTERS = "abcdeghiklmn"
_PAPER = (
    r"(?:tờ trình|(?:trích\s+)?biên bản|(?:bản\s+)?báo cáo|(?:văn bản|công văn|giấy) đề nghị"
    r"|(?:bản\s+)?danh sách|bản sao|bản tóm tắt|bản photo|bản xác nhận|(?:giấy|phiếu|văn bản)\s+xác nhận"
    r"|phiếu|quyết định|chứng nhận|các tài liệu|tài liệu|hình ảnh|phụ lục)\b"
)
# In a sentence a paper follows a comma, «gồm», «và» or a number of its own.
_IN_SENTENCE = re.compile(
    rf"(?:(?:^|[,;:]|\bgồm(?:\s+có)?|\bvà|[.]\s)\s*)(?:\(?(?:\d|[a-zđ])[.)]\s*|[-+•]\s*|\d{{2}}\s+)?(?P<paper>{_PAPER})",
    re.IGNORECASE,
)
_NUMBERS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6}
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)})"
_COUNT = re.compile(
    rf"\b(?P<count>{_NUMBER})\s*(?:\(\s*(?:{_NUMBER})\s*(?:bộ\s*)?\)\s*)?bộ\b(?!\s+(?:trưởng|môn|phận|ngành))"
    rf"(?:\s*\(\s*{_NUMBER}\s*bộ\s*\))?",
    re.IGNORECASE,
)
_OF_DOSSIERS = re.compile(r"hồ sơ|số bộ|số lượng|lập thành|bản chính|bản giấy", re.IGNORECASE)
_REPORT_FORM = re.compile(
    rf"\bmẫu\s+(?:báo cáo\s+)?(?:số\s+)?(?P<number>\d{{1,2}}[a-zA-Z]?)\b(?P<between>.{{0,160}}?)(?P<code>{CODE.pattern})",
    re.IGNORECASE | re.DOTALL,
)
_GOES_ON = re.compile(
    r",\s*(?=(?:lập|gửi|nộp|mỗi|số lượng|trình|được|đóng|tất cả)\s)", re.IGNORECASE
)
_FORM_BEHIND = re.compile(
    rf"(?P<code>{CODE.pattern})(?P<between>[^.;]{{0,100}}?)\bmẫu\s+(?:số\s+)?(?P<number>\d{{1,2}}[a-zA-Z]?)\b",
    re.IGNORECASE,
)
_FOR_FORM = re.compile(r"\W*(?:hồ sơ\s*)?(?:đối với|cho|với|đề nghị|để|\(|/)")
_LEVEL = re.compile(r"\bcấp\s+(\w+)", re.IGNORECASE)
_LINE = 4_000
_TWO = 2


def proposals(contents: Contents, forms: Forms) -> Iterator[tuple[str, Found]]:
    """Propose papers, sets and the form of the report."""
    yield from _papers(contents, forms)
    yield from _sets(contents, forms)
    for line in contents.lines():
        named = _REPORT_FORM.search(line[:_LINE]) or _FORM_BEHIND.search(line[:_LINE])
        if named:
            code = re.sub(r"\s", "", named["code"])
            yield "report_form", Found(f"{named['number'].zfill(_TWO)} | {code}", line)
            return


# --- papers -------------------------------------------------------------------------------------


def _papers(contents: Contents, forms: Forms) -> Iterator[tuple[str, Found]]:
    for root in contents.ranked("dossier") or contents.sections:
        rows: list[str] = []
        strays: list[str] = []
        for section in contents.under(root):
            for text in section.lines if section is root and section.title else texts(section):
                for letter, line in _listed(text[:_LINE], section if section is not root else None):
                    kind = _kind(line)
                    if kind is None:
                        strays.append(line)
                        continue
                    place = letter or _LETTERS[min(len(rows), len(_LETTERS) - 1)]
                    which = _needed_by(line, forms)
                    rows.append(f"{place} | {PAPERS[kind]} | {which} | {section.clause} | {line}")
        # Outside a section about dossiers one paper alone is chance.
        if rows and (len(rows) > 1 or contents.ranked("dossier")):
            note = " ".join(
                f"«{line}» không thuộc loại tài liệu phần mềm lập sẵn nên không đưa vào đây."
                for line in strays
            )
            yield "required_items", Found("\n".join(rows), root.source, note)
            return


def _listed(text: str, section: Section | None) -> Iterator[tuple[str, str]]:
    """Yield the papers of a line; one with a number of its own is cited by it."""
    papers = _papers_in(BULLET.sub("", text))
    for line in papers:
        own = section and len(papers) == 1 and line == text
        yield (section.clause.rpartition(".")[2] if section and own else ""), line


def _papers_in(line: str) -> list[str]:
    """Return the papers that a line lists: itself, or those of its sentence one by one."""
    heads = [match.start("paper") for match in _IN_SENTENCE.finditer(line)]
    if not heads or (not _kind(line[heads[0] :]) and len(heads) == 1):
        return [line] if heads == [0] else []
    if heads == [0]:
        return [line]
    if heads[0] and not re.search(r"\b(?:gồm|có)\b|:", line[: heads[0]]):
        return []
    found = []
    for start, end in zip(heads, [*heads[1:], len(line)], strict=True):
        part = line[start:end]
        sentence = SENTENCE.split(part)[0]
        piece = _GOES_ON.split(sentence)[0]
        stop = "." if piece == sentence and part[len(sentence) :][:1] == "." else ""
        piece = re.sub(r"(?:[,;:]|\s+và|\s+\(?(?:\d|[a-zđ])[.)]|\s+[-+•])*\s*$", "", piece.strip())
        found.append(capital(piece) + stop)
    return found


def _kind(line: str) -> DocumentKind | None:
    folded = fold(line[:80])
    if folded.startswith(("to trinh", "van ban de nghi", "cong van de nghi", "giay de nghi")):
        return DocumentKind.LETTER
    if folded.startswith(("bien ban", "trich bien ban")):
        is_council = "hoi dong" in folded
        return DocumentKind.COUNCIL_MINUTES if is_council else DocumentKind.UNIT_MINUTES
    return DocumentKind.REPORT if folded.startswith(("bao cao", "ban bao cao")) else None


def _needed_by(line: str, forms: Forms) -> str:
    inside = " ".join(re.findall(r"\(([^)]*)\)", line))
    for words in (inside, line):
        named = [label for label in TYPES.values() if fold(label) in fold(words)]
        if len(named) == 1:
            return named[0]
        if named:
            return ALL_FORMS
    level = _LEVEL.search(inside)
    if level:
        meant = {form.award_type for form in forms if fold(level[1]) in fold(form.name).split()}
        if len(meant) == 1:
            return TYPES[meant.pop()]
    return ALL_FORMS


# --- sets ---------------------------------------------------------------------------------------


def _sets(contents: Contents, forms: Forms) -> Iterator[tuple[str, Found]]:
    own: dict[str, int] = {}
    general: int | None = None
    source = ""
    about = {id(section) for root in contents.ranked("dossier") for section in contents.under(root)}
    for section in contents.sections:
        for line in texts(section):
            if id(section) not in about and not _OF_DOSSIERS.search(line):
                continue
            for count, named in _counted(line[:_LINE], forms):
                source = source or line
                for name in named:
                    own.setdefault(name, count)
                if not named and general is None:
                    general = count
    rows = [
        f"{name} | {count:02d}"
        for name, count in ((name, own.get(name, general)) for name in names(forms))
        if count is not None
    ]
    if rows:
        yield "sets", Found("\n".join(rows), source)


def _counted(line: str, forms: Forms) -> Iterator[tuple[int, list[str]]]:
    """Yield each number of sets with the forms that it is for; none: for every form."""
    counts = list(_COUNT.finditer(line))
    if not counts:
        return
    bounds = [0, *(match.end() for match in counts), len(line)]
    # «Giấy khen 01 bộ; Bằng khen 02 bộ» or «02 bộ đối với Bằng khen, 01 bộ đối với Giấy khen».
    before = _clause_before(line[: counts[0].start()])
    leads = bool(ANY_FORM.search(before))
    for position, match in enumerate(counts):
        if leads:
            words = line[bounds[position] : match.start()]
        else:
            after = counts[position + 1].start() if position + 1 < len(counts) else len(line)
            words = re.split(r"[;.]", line[match.end() : after])[0]
            if not _FOR_FORM.match(words):
                # «01 bộ; riêng Bằng khen 02 bộ»
                words = re.split(r"[;.]", line[bounds[position] : match.start()])[-1]
                words = words if position else ""
        count = _NUMBERS.get(match["count"].lower()) or int(match["count"])
        yield count, forms.meant_by(words) if ANY_FORM.search(words) else []


def _clause_before(text: str) -> str:
    return re.split(r"[.]\s", text)[-1]
