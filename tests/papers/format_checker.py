"""Measures a printed document against decree 30/2020/NĐ-CP, annex I, element by element.

What a document must hold is in `KINDS`; how each element must look in `LOOKS`; where it must stand
in the functions below. Everything is measured on the printed page, nothing is read from a
stylesheet: the facts of the paper only say which letters belong to which element.
"""

import dataclasses
import functools
import itertools
import re
import statistics
import unicodedata
from typing import NamedTuple

from tests.papers.measuring import POINT, Line, cell_around, lines_of, read_pages
from thidua.core.documents import Addressees, FactTable, ListTable, Passage

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
A4 = (210.0, 297.0)
LEFT, RIGHT, TOP, BOTTOM = (30, 35), (15, 20), (20, 25), (20, 25)  # margins, shortest and longest
INDENTS = (10.0, 12.7)
GAP_PT, WIDEST_GAP_PT = 6, 16  # the decree gives the least; a wider one is a hole
SINGLE, WIDEST = 1.149, 1.5 * 1.149  # the lines of Times New Roman, in its size
ROOM_FOR_SIGNATURE = 20
# How far from its place an element may be; the words of a justified line are rounded one by one.
NEAR, CENTRED, LEVEL, JUSTIFIED = 0.4, 0.7, 0.3, 0.6
FLOWING = ("body", "label", "basis", "heading 1", "heading 2", "heading 3")

SOURCES = {
    "page": "Phụ lục I, mục I.1 và I.2",
    "margin": "Phụ lục I, mục I.3",
    "face": "Phụ lục I, mục I.4",
    "colour": "Phụ lục I, mục I.4",
    "page number": "Phụ lục I, mục I.7",
    "nation": "Phụ lục I, mục II.1.a",
    "motto": "Phụ lục I, mục II.1.b",
    "parent body": "Phụ lục I, mục II.2",
    "issuing body": "Phụ lục I, mục II.2",
    "number": "Phụ lục I, mục II.3",
    "place and day": "Phụ lục I, mục II.4",
    "kind": "Phụ lục I, mục II.5",
    "name in title": "Phụ lục I, mục II.5",
    "subject": "Phụ lục I, mục II.5",
    "authority": "Phụ lục III, mẫu 1.2",
    "mark": "Phụ lục III, mẫu 1.2",
    "office": "Phụ lục I, mục II.7",
    "sign note": "Phụ lục I, mục II.7",
    "signer": "Phụ lục I, mục II.7",
    "addressee": "Phụ lục I, mục II.9.a",
    "recipients label": "Phụ lục I, mục II.9.b",
    "recipient": "Phụ lục I, mục II.9.b",
    "annex title": "Phụ lục I, mục III.1",
    "note": "Phụ lục I, mục III.1",
    "end mark": "Phụ lục III, các mẫu",
}
TEXT_SOURCE = "Phụ lục I, mục II.6"


class Finding(NamedTuple):
    """One thing that is not as the decree has it."""

    element: str
    rule: str
    measured: str
    wanted: str


class Look(NamedTuple):
    """How the letters of an element look; None leaves it free."""

    size: tuple[float, float] = (13, 14)
    bold: bool | None = False
    italic: bool | None = False
    upper: bool | None = None


class Format(NamedTuple):
    """What one kind of document holds."""

    holds: frozenset[str]
    lacks: frozenset[str] = frozenset()
    signatures: tuple[int, int] = (1, 1)
    is_lying: bool = False
    has_end_mark: bool = False
    has_name_in_title: bool = False
    largest_kind: float = 14
    is_subject_ruled: bool = True


LOOKS = {
    "form label": Look((11, 14), italic=None),
    "parent body": Look((12, 13), upper=True),
    "issuing body": Look((12, 13), bold=True, upper=True),
    "nation": Look((12, 13), bold=True, upper=True),
    "motto": Look(bold=True, upper=False),
    "number": Look((13, 13)),
    "place and day": Look(italic=True),
    "kind": Look(bold=True, upper=True),
    "name in title": Look(bold=True),
    "subject": Look(bold=True, upper=False),
    "note": Look(italic=True),
    "boxed": Look(bold=True),
    "basis": Look(italic=True),
    "body": Look(),
    "lead": Look(bold=True),
    "label": Look(),
    "heading 1": Look(bold=True, upper=True),
    "heading 2": Look(bold=True),
    "heading 3": Look(),
    "authority": Look(bold=True, upper=True),
    "mark": Look(bold=True, upper=True),
    "code": Look(),
    "addressee": Look(),
    "fact label": Look(),
    "fact": Look(bold=None),
    "table head": Look((11, 14), bold=True),
    "table group": Look((11, 14), bold=True),
    "table total": Look((11, 14), bold=True),
    "table cell": Look((11, 14)),
    "table remark": Look((11, 14), italic=True),
    "recipients label": Look((12, 12), bold=True, italic=True),
    "recipient": Look((11, 11)),
    "office": Look(bold=True, upper=True),
    "sign note": Look(italic=True),
    "signer": Look(bold=True, upper=False),
    "annex title": Look(bold=True, upper=True),
    "page number": Look(),
}
MASTHEAD = frozenset({"parent body", "issuing body", "nation", "motto", "kind"})
NUMBERED = MASTHEAD | {"number", "subject"}
FULL = NUMBERED | {"place and day", "office", "body"}
MINUTES = Format(
    NUMBERED | {"office", "signer", "body", "label"},
    lacks=frozenset({"place and day"}),
    signatures=(2, 2),
    has_end_mark=True,
)
LETTER = Format(FULL | {"addressee", "signer"}, has_end_mark=True)
LIST = Format(
    MASTHEAD | {"place and day", "subject", "body", "office"},
    lacks=frozenset({"number"}),
    is_lying=True,
)
KINDS = {
    "UnitLetter": LETTER,
    "SubmissionLetterPaper": LETTER,
    "UnitMinutes": MINUTES,
    "CouncilMinutes": MINUTES,
    "AchievementReportPaper": Format(
        MASTHEAD | {"form label", "name in title", "note", "heading 1", "heading 2", "office"},
        signatures=(2, 3),
        has_name_in_title=True,
    ),
    "DecisionPaper": Format(
        FULL | {"authority", "basis", "mark", "signer", "annex title", "note"}, has_end_mark=True
    ),
    "SummaryPaper": LIST,
    "MoneyListPaper": LIST._replace(holds=LIST.holds | {"note", "table head"}, signatures=(2, 2)),
    "DossierCover": Format(
        MASTHEAD | {"place and day", "subject", "boxed", "fact", "mark", "table head"},
        lacks=frozenset({"number", "office", "signer"}),
        signatures=(0, 0),
        largest_kind=20,
        is_subject_ruled=False,
    ),
    "Receipt": Format(
        MASTHEAD | {"place and day", "fact", "code"},
        lacks=frozenset({"number", "office", "signer"}),
        signatures=(0, 0),
    ),
    "PlanPaper": Format(FULL | {"signer"}, has_end_mark=True),
    "AnnouncementPaper": Format(FULL, has_end_mark=True),
}


@dataclasses.dataclass
class Piece:
    """What is written in one place: an element, its words, and the lines that they print on."""

    part: str
    text: str
    lead: str = ""
    block: int = 0
    place: tuple[int, int] = (0, 0)  # of a cell: its row and column; of a signature: its number
    letters: tuple = ()

    @functools.cached_property
    def lines(self) -> list[Line]:
        return lines_of(self.letters)


# --- What the paper says, in reading order ---------------------------------------------------
def pieces_of(paper):
    """Return what must be printed, from the first line to the last."""
    form = KINDS[type(paper).__name__]
    return [piece for piece in _all_pieces(paper, form) if piece.text.strip()]


def _all_pieces(paper, form):
    yield Piece("form label", paper.corner)
    yield from (Piece("parent body", line) for line in paper.parent_body.split("\n"))
    yield from (Piece("issuing body", line) for line in paper.body.split("\n"))
    yield from (Piece("nation", NATION), Piece("motto", MOTTO))
    yield Piece("number", f"Số: {paper.number_and_symbol}" if paper.symbol else "")
    yield Piece("place and day", paper.place_and_day if paper.place else "")
    titles = paper.titles
    kinds = [passage for passage in titles if passage.part == "kind"]
    for passage in titles:
        is_name = form.has_name_in_title and passage is kinds[-1]
        yield Piece("name in title" if is_name else passage.part, passage.text)
    for number, block in enumerate(paper.blocks, 1):
        yield from _pieces_of_block(block, number)
    recipients = _recipients(paper)
    if len(paper.signatures) == 1:
        yield from recipients
    yield from _signed(paper.signatures)
    if len(paper.signatures) != 1:
        yield from recipients
    for number, annex in enumerate(paper.annexes, 1):
        for passage in annex.titles:
            yield Piece(passage.part.replace("-", " "), passage.text, block=1000 * number)
        for index, block in enumerate(annex.blocks, 1):
            yield from _pieces_of_block(block, 1000 * number + index)


def _signed(signatures):
    """Yield the blocks as they are read: two that stand beside each other line by line."""
    for first, group in ((0, signatures[:2]), (2, signatures[2:])):
        numbered = list(enumerate(group, first))
        for number, signature in numbered:
            yield from (Piece("office", line, place=(number, 0)) for line in signature.lines)
            yield Piece("sign note", signature.note, place=(number, 0))
        for number, signature in numbered:
            yield Piece("signer", signature.name, place=(number, 0))


def _recipients(paper):
    if not paper.recipients:
        return []
    *others, last = paper.recipients
    lines = [*(f"- {line};" for line in others), f"- {last}."]
    return [Piece("recipients label", "Nơi nhận:"), *(Piece("recipient", line) for line in lines)]


@functools.singledispatch
def _pieces_of_block(block, number):
    raise NotImplementedError(f"the checker does not know {type(block).__name__}")


@_pieces_of_block.register
def _(block: Passage, number):
    part = f"heading {block.level}" if block.part == "heading" else block.part
    yield Piece(part, f"{block.lead} {block.text}".strip(), lead=block.lead, block=number)


@_pieces_of_block.register
def _(block: Addressees, number):
    if len(block.names) == 1:
        yield Piece("addressee", f"Kính gửi: {block.lines[0]}", block=number)
        return
    yield from (Piece("addressee", text, block=number) for text in ("Kính gửi:", *block.lines))


@_pieces_of_block.register
def _(block: FactTable, number):
    for row, (label, lines) in enumerate(block.facts):
        yield Piece("fact label", label, block=number, place=(row, 0))
        yield from (Piece("fact", line, block=number, place=(row, 1)) for line in lines)


@_pieces_of_block.register
def _(block: ListTable, number):
    for index, column in enumerate(block.columns):
        yield Piece("table head", column.title, block=number, place=(0, index))
    for index, (row, cells) in enumerate(block.lined_rows, 1):
        part = "table group" if row.is_group else "table total" if row.is_strong else "table cell"
        for column, (_, cell) in enumerate(cells):
            yield Piece(part, cell.text, block=number, place=(index, column))
            for aside in cell.asides:
                yield Piece("table remark", aside, block=number, place=(index, column))


# --- The examination -------------------------------------------------------------------------
def check(content, paper):
    """Return everything in the printed `paper` that the decree does not allow."""
    if type(paper).__name__ not in KINDS:
        name = type(paper).__name__
        return [Finding("kind", "KINDS", f"{name} không có trong bảng", "mỗi loại một dòng")]
    examination = Examination(content, paper)
    for check_one in CHECKS:
        check_one(examination)
    return examination.findings


class Examination:
    """A printed paper taken apart, and what was found in it so far."""

    def __init__(self, content, paper):
        self.paper, self.form = paper, KINDS[type(paper).__name__]
        self.pages = read_pages(content)
        self.findings = []
        self.page_numbers = {}
        self.repeated_heads = []
        self.pieces = [piece for piece in self._aligned(pieces_of(paper)) if piece.letters]
        self.boxes = {page.number: page.boxes for page in self.pages}
        self.rules = [rule for page in self.pages for rule in page.rules]
        self.left, self.right = self._edges()

    def hold(self, ok, element, measured, wanted, source=None):
        """Note a finding unless `ok`."""
        if not ok:
            rule = source or SOURCES.get(element, TEXT_SOURCE)
            self.findings.append(Finding(element, rule, str(measured), str(wanted)))

    def near(self, element, measured, wanted, tolerance=NEAR):
        """Note a finding unless two lengths in millimetres agree."""
        self.hold(
            abs(measured - wanted) <= tolerance, element, f"{measured:.2f} mm", f"{wanted:.2f} mm"
        )

    def of(self, *parts):
        return [piece for piece in self.pieces if piece.part in parts]

    def lines(self, *parts):
        return [line for piece in self.of(*parts) for line in piece.lines]

    @property
    def text_centre(self):
        return (self.left + self.right) / 2

    @property
    def width(self):
        return self.pages[0].width

    @property
    def annex_pages(self):
        """Return the pages on which annexes begin."""
        firsts = {}
        for piece in self.pieces:
            if piece.block >= 1000:
                firsts.setdefault(piece.block // 1000, piece.lines[0].page)
        return sorted(set(firsts.values()))

    def rule_below(self, line):
        """Return the rule that stands under a line of text, nearest first."""
        below = [
            rule
            for rule in self.rules
            if rule.page == line.page
            and 0 < rule.y - line.baseline < 5
            and rule.x0 < line.x1
            and rule.x1 > line.x0
        ]
        return min(below, key=lambda rule: rule.y, default=None)

    def _aligned(self, pieces):
        """Give every piece its letters: the pages are read in the order in which they are told."""
        stream = [letter for page in self.pages for letter in self.without_number(page)]
        told = "".join(letter.text for letter in stream)
        owner = [letter for letter in stream for _ in letter.text]
        at, heads = 0, {}
        for piece in pieces:
            words = _bare(piece.text)
            if piece.part == "table head":
                heads[piece.block] = heads.get(piece.block, "") + words
            head = heads.get(piece.block, "") if piece.part.startswith("table") else ""
            if not told.startswith(words, at):
                at = self._past_a_repeated_head(told, owner, at, head)
            found = told.find(words, at)
            if found < 0:
                self.hold(
                    False, "text", f"không thấy sau «{told[max(at - 30, 0) : at]}»", piece.text
                )
                continue
            self.hold(found == at, "text", f"thừa «{told[at:found][:60]}»", piece.text)
            at = found + len(words)
            piece.letters = tuple(dict.fromkeys(owner[found:at]))
        self.hold(at == len(told), "text", f"thừa «{told[at:][:60]}»", "hết")
        return pieces

    def _past_a_repeated_head(self, told, owner, at, head):
        """Step over the heading of a table that goes on to another page."""
        if not (head and at and told.startswith(head, at)):
            return at
        if owner[at].page == owner[at - 1].page:
            return at
        after = at + len(head)
        piece = Piece("table head", head, letters=tuple(dict.fromkeys(owner[at:after])))
        self.repeated_heads.append(piece)
        return after

    def without_number(self, page):
        """Return the letters of a page but for its number, which stands in the top margin."""
        high = [letter for letter in page.letters if letter.baseline < TOP[0] - NEAR]
        if not (high and all(letter.text.isdigit() for letter in high)):
            return page.letters
        self.page_numbers[page.number] = Line(tuple(high))
        return [letter for letter in page.letters if letter not in high]

    def _edges(self):
        """Return where the text begins and ends between the margins, as it was printed."""
        lefts, rights = [], []
        for piece in self.of(*FLOWING):
            lefts += [line.x0 for line in piece.lines[1:]]
            rights += [line.x1 for line in piece.lines[:-1]]
        lefts += [line.x0 for line in self.lines("recipients label", "fact label")]
        tables = sorted({line.page for line in self.lines("table head")})
        for walls in (self.pages[page - 1].walls for page in tables):
            lefts.append(min((wall.x for wall in walls), default=LEFT[0]))
            rights.append(max((wall.x for wall in walls), default=self.width - RIGHT[1]))
        self.has_edges = (bool(lefts), bool(rights))
        usual = (LEFT[0], self.width - RIGHT[1])
        left = statistics.median(lefts) if lefts else usual[0]
        return left, max(rights, default=usual[1])


def _bare(text):
    return "".join(unicodedata.normalize("NFC", text).split())


# --- The page ---------------------------------------------------------------------------------
def _check_presence(exam):
    present = {piece.part for piece in exam.pieces}
    for part in sorted(exam.form.holds - present):
        exam.hold(False, part, "không có", "có")
    for part in sorted(exam.form.lacks & present):
        exam.hold(False, part, "có", "không có")
    least, most = exam.form.signatures
    count = len({piece.place[0] for piece in exam.of("office")})
    exam.hold(least <= count <= most, "office", f"{count} khối chữ ký", f"{least} đến {most}")


def _check_page(exam):
    wanted = A4[::-1] if exam.form.is_lying else A4
    for page in exam.pages:
        ok = all(abs(a - b) < 0.2 for a, b in zip((page.width, page.height), wanted, strict=True))
        exam.hold(ok, "page", f"{page.width:.1f} × {page.height:.1f} mm", f"{wanted} mm")
        exam.hold(page.is_black, "colour", f"đường kẻ màu ở trang {page.number}", "đen")


def _check_letters(exam):
    marks = [Piece("page number", "", letters=line.letters) for line in exam.page_numbers.values()]
    for piece in (*exam.pieces, *marks):
        strange = "".join(letter.text for letter in piece.letters if not letter.is_times)
        exam.hold(not strange, "face", f"«{strange[:20]}» ({piece.part})", "Times New Roman")
        coloured = "".join(letter.text for letter in piece.letters if not letter.is_black)
        exam.hold(not coloured, "colour", f"«{coloured[:20]}» ({piece.part})", "đen")


def _check_margins(exam):
    for page in exam.pages:
        number = exam.page_numbers.get(page.number)
        letters = [one for one in page.letters if not number or one not in number.letters]
        shapes = [*page.rules, *page.boxes]
        if not letters:
            exam.hold(False, "page", f"trang {page.number} trắng", "có chữ")
            continue
        left = min(one.x0 for one in (*letters, *shapes))
        right = page.width - max(one.x1 for one in (*letters, *shapes))
        top = Line(tuple(letters)).letters
        ascent = min(Line((one,)).ascent for one in top)
        bottom = page.height - max(Line((one,)).bottom for one in top)
        for side, measured, least in (
            ("trái", left, LEFT[0]),
            ("phải", right, RIGHT[0]),
            ("trên", ascent, TOP[0]),
            ("dưới", bottom, BOTTOM[0]),
        ):
            exam.hold(
                measured > least - JUSTIFIED,
                "margin",
                f"lề {side} {measured:.1f} mm, trang {page.number}",
                f"từ {least} mm",
            )
        exam.hold(
            ascent < TOP[1] + NEAR,
            "margin",
            f"lề trên {ascent:.1f} mm, trang {page.number}",
            f"đến {TOP[1]} mm",
        )
    for has, side, measured, most in (
        (exam.has_edges[0], "trái", exam.left, LEFT[1]),
        (exam.has_edges[1], "phải", exam.width - exam.right, RIGHT[1]),
    ):
        wide = f"lề {side} {measured:.1f} mm"
        exam.hold(not has or measured < most + NEAR, "margin", wide, f"đến {most} mm")
    _check_full_pages(exam)


def _check_full_pages(exam):
    """A page that the text goes on from is full but for a line that would not stand alone."""
    ends = {page - 1 for page in exam.annex_pages} | {len(exam.pages)}
    full = [page for page in exam.pages if page.number not in ends]
    bottoms = [
        page.height - max(Line((one,)).bottom for one in page.letters)
        for page in full
        if page.letters
    ]
    if len(bottoms) > 1:
        room = min(bottoms)
        most = BOTTOM[1] + 14 * WIDEST * POINT
        exam.hold(
            room < most, "margin", f"lề dưới {room:.1f} mm", f"đến {BOTTOM[1]} mm và một dòng"
        )


def _check_page_numbers(exam):
    firsts = {1, *exam.annex_pages}
    first = 1
    for page in exam.pages:
        line = exam.page_numbers.get(page.number)
        if page.number in firsts:
            first = page.number
            exam.hold(line is None, "page number", f"trang {page.number} có số", "không có số")
            continue
        wanted = page.number - first + 1
        if line is None:
            exam.hold(False, "page number", f"trang {page.number} không có số", str(wanted))
            continue
        text = "".join(letter.text for letter in line.letters)
        exam.hold(text == str(wanted), "page number", text, str(wanted))
        exam.near("page number", line.centre, exam.text_centre, 1)
        _check_look(exam, Piece("page number", text, letters=line.letters))


# --- Letters ----------------------------------------------------------------------------------
def _check_looks(exam):
    for piece in (*exam.pieces, *exam.repeated_heads):
        _check_look(exam, piece)


def _check_look(exam, piece):
    lead = len(_bare(piece.lead))
    if lead:
        _check_letters_of(exam, "lead", LOOKS["lead"], piece.letters[:lead])
    look = LOOKS[piece.part]
    if piece.part == "kind":
        look = look._replace(size=(13, exam.form.largest_kind))
    _check_letters_of(exam, piece.part, look, piece.letters[lead:])


def _check_letters_of(exam, element, look, letters):
    words = "".join(letter.text for letter in letters)
    least, most = look.size
    for size in sorted({round(letter.size, 1) for letter in letters}):
        exam.hold(least <= size <= most, element, f"cỡ {size} «{words[:20]}»", f"{least} - {most}")
    for face, wanted in (("bold", look.bold), ("italic", look.italic)):
        if wanted is not None:
            wrong = "".join(one.text for one in letters if getattr(one, face) is not wanted)
            exam.hold(not wrong, element, f"{face} là {not wanted}: «{wrong[:20]}»", wanted)
    if look.upper is not None:
        is_upper = words == words.upper()
        exam.hold(is_upper is look.upper, element, f"«{words[:30]}»", f"in hoa: {look.upper}")


# --- The masthead -----------------------------------------------------------------------------
def _check_masthead(exam):
    nation, motto = exam.lines("nation"), exam.lines("motto")
    parent, body = exam.lines("parent body"), exam.lines("issuing body")
    if not (nation and motto and parent and body):
        return
    exam.hold(len(nation) == 1, "nation", f"{len(nation)} dòng", "1 dòng")
    exam.hold(len(motto) == 1, "motto", f"{len(motto)} dòng", "1 dòng")
    middle = exam.width / 2
    exam.hold(nation[0].centre > middle, "nation", f"{nation[0].centre:.0f} mm", "nửa phải")
    exam.hold(nation[0].x0 > body[0].x1, "nation", f"{nation[0].x0:.0f} mm", "bên phải cơ quan")
    exam.near("motto", motto[0].centre, nation[0].centre, CENTRED)
    exam.near("parent body", parent[0].baseline, nation[0].baseline, LEVEL)
    for upper, lower, element in (
        (nation[-1], motto[0], "motto"),
        *((a, b, "issuing body") for a, b in itertools.pairwise((*parent, *body))),
    ):
        pitch = (lower.baseline - upper.baseline) / POINT / lower.size
        exam.hold(SINGLE - 0.03 < pitch < 1.27, element, f"{pitch:.2f} dòng", "cách dòng đơn")
    issuer = max((*parent, *body), key=lambda line: line.width)
    for line in (*parent, *body):
        element = "parent body" if line in parent else "issuing body"
        exam.near(element, line.centre, issuer.centre, CENTRED)
    exam.hold(issuer.centre < middle, "issuing body", f"{issuer.centre:.0f} mm", "nửa trái")
    _check_rule(exam, "motto rule", "motto", motto, (1, 1))
    _check_rule(exam, "issuing body rule", "issuing body", body, (1 / 3, 1 / 2))
    for line in exam.lines("number"):
        exam.near("number", line.centre, issuer.centre, CENTRED)
        exam.hold(line.baseline > body[-1].baseline, "number", "trên tên cơ quan", "dưới")
    for piece in exam.of("place and day"):
        [line] = piece.lines
        centre = line.centre + _room_after(piece) / 2
        exam.near("place and day", centre, nation[0].centre, CENTRED)
        exam.hold(line.baseline > motto[0].baseline, "place and day", "trên tiêu ngữ", "dưới")
    for number, day in zip(exam.lines("number"), exam.lines("place and day"), strict=False):
        exam.near("place and day", day.baseline, number.baseline, LEVEL)


def _room_after(piece):
    """Return the width of the blanks at the end, left for a pen: they print no letter."""
    blanks = len(piece.text) - len(piece.text.rstrip())
    return blanks * 0.25 * piece.lines[0].size * POINT


def _check_rule(exam, element, text, lines, parts):
    """Check the rule under `lines`: its width as a part of theirs, and its place below them."""
    source = SOURCES[text]
    rule = exam.rule_below(lines[-1])
    if rule is None:
        exam.hold(False, element, "không có", "có", source)
        return
    widest = max(lines, key=lambda line: line.width)
    part, (least, most) = rule.width / widest.width, parts
    slack = 1.0 / widest.width if least == most else 0.003
    ok = least - slack <= part <= most + slack
    exam.hold(ok, element, f"{part:.2f} chiều dài chữ", f"{least:.2f} - {most:.2f}", source)
    ok = abs(rule.centre - widest.centre) < CENTRED
    exam.hold(ok, element, f"{rule.centre:.1f} mm", f"{widest.centre:.1f} mm", source)


_NUMBER = re.compile(r"Số:(0[1-9]|[1-9]\d+|)/([^\s/-]+(-[^\s/-]+)*)")
_DAY = re.compile(
    r"[^,]+,ngày(0[1-9]|[12]\d|3[01]|)tháng(01|02|[3-9]|1[0-2]|)năm(\d{4}|)", re.DOTALL
)


def _check_words(exam):
    for piece in exam.of("number"):
        printed = _printed(piece)
        exam.hold(_NUMBER.fullmatch(_bare(printed)), "number", printed, "Số: 05/QĐ-TTr")
        symbol = printed.split("/", 1)[-1]
        exam.hold(" " not in symbol.strip(), "number", printed, "không có khoảng trắng")
        is_upper = all(group[:1].isupper() for group in symbol.strip().split("-"))
        exam.hold(is_upper, "number", printed, "ký hiệu in hoa")
    for piece in exam.of("place and day"):
        printed = _printed(piece)
        wanted = "Thử, ngày 05 tháng 01 năm 2026"
        exam.hold(_DAY.fullmatch(_bare(printed)), "place and day", printed, wanted)
    for piece in exam.of("signer"):
        titled = re.match(r"(GS|PGS|TS|ThS|CN|KS|NGƯT|NGND)\.", _printed(piece))
        exam.hold(not titled, "signer", _printed(piece), "không ghi học hàm, học vị")
    *others, last = exam.of("basis") or [None]
    for piece in (piece for piece in (*others, last) if piece):
        mark = "." if piece is last else ";"
        exam.hold(
            _printed(piece).endswith(mark), "basis", _printed(piece)[-20:], f"hết bằng «{mark}»"
        )
    recipients = exam.of("recipient")
    for piece in recipients:
        mark = "." if piece is recipients[-1] else ";"
        ok = _printed(piece).startswith("- ") and _printed(piece).endswith(mark)
        exam.hold(ok, "recipient", _printed(piece), f"gạch đầu dòng, hết bằng «{mark}»")
    if exam.form.has_end_mark:
        texts = [p for p in exam.of(*FLOWING) if p.block < 1000]
        ending = _printed(texts[-1]) if texts else ""
        exam.hold(ending.endswith("./."), "end mark", ending[-20:], "hết bằng «./.»")


def _printed(piece):
    return " ".join(line.text for line in piece.lines)


# --- Titles and text --------------------------------------------------------------------------
def _check_titles(exam):
    for element in ("kind", "name in title", "subject", "note", "boxed", "authority", "mark", "code",
                    "annex title"):  # fmt: skip
        for line in exam.lines(element):
            ok = abs(line.centre - exam.text_centre) < CENTRED
            exam.hold(ok, element, f"giữa {line.centre:.1f} mm", f"giữa {exam.text_centre:.1f} mm")
    for line in exam.lines("form label"):
        exam.near("form label", line.x1, exam.right, 0.6)
    subject = exam.lines("subject")
    if subject and exam.form.is_subject_ruled:
        _check_rule(exam, "subject rule", "subject", subject, (1 / 3, 1 / 2))
    for number in exam.annex_pages:
        page = next(page for page in exam.pages if page.number == number)
        first = min(exam.without_number(page), key=lambda letter: letter.baseline)
        opening = [p for p in exam.of("annex title") if p.lines[0].page == number]
        ok = opening and abs(opening[0].lines[0].baseline - first.baseline) < LEVEL
        exam.hold(ok, "annex title", f"không ở đầu trang {number}", "đầu trang mới")


def _check_text(exam):
    flowing = exam.of(*FLOWING)
    for piece in flowing:
        first, *others = piece.lines
        indent = first.x0 - exam.left
        ok = any(abs(indent - wanted) < NEAR for wanted in INDENTS)
        exam.hold(ok, piece.part, f"lùi đầu dòng {indent:.1f} mm", "10 hoặc 12,7 mm")
        for line in others:
            exam.near(piece.part, line.x0, exam.left)
        for line in piece.lines[:-1]:
            ok = abs(line.x1 - exam.right) < JUSTIFIED
            exam.hold(
                ok, piece.part, f"dòng hết ở {line.x1:.1f} mm", f"{exam.right:.1f} mm, dàn đều"
            )
    pitches = _check_pitch(exam, flowing)
    for before, piece in itertools.pairwise(exam.pieces):
        upper, lower = before.lines[-1], piece.lines[0]
        if before in flowing and piece in flowing and upper.page == lower.page:
            usual = (pitches[before.part] + pitches[piece.part]) / 2
            gap = (lower.baseline - upper.baseline) / POINT - usual
            ok = GAP_PT - 0.3 < gap < WIDEST_GAP_PT
            wanted = f"{GAP_PT} đến {WIDEST_GAP_PT} pt"
            exam.hold(ok, piece.part, f"cách đoạn {gap:.1f} pt", wanted)
        followed = piece.lines[0].page
        if before.part in ("label", "heading 1", "heading 2", "mark", "table group"):
            ok = upper.page == followed
            exam.hold(ok, before.part, f"đứng cuối trang {upper.page}", "cùng trang với phần sau")


def _check_pitch(exam, flowing):
    """Return for each element the usual distance of two lines of a paragraph, in points."""
    pitches = {part: [] for part in FLOWING}
    for piece in flowing:
        for upper, lower in itertools.pairwise(piece.lines):
            if upper.page == lower.page:
                pitch = (lower.baseline - upper.baseline) / POINT
                pitches[piece.part].append(pitch)
                ok = SINGLE - 0.02 < pitch / lower.size < WIDEST + 0.02
                exam.hold(ok, "line spacing", f"{pitch / lower.size:.2f}", "1 đến 1,5 dòng")
    measured = [pitch for some in pitches.values() for pitch in some]
    usual = statistics.median(measured) if measured else 14 * SINGLE
    return {part: statistics.median(some or [usual]) for part, some in pitches.items()}


def _check_addressees(exam):
    pieces = exam.of("addressee")
    if len(pieces) == 1:
        exam.hold(len(pieces[0].lines) < 3, "addressee", "quá dài", "một, hai dòng")
    if len(pieces) < 2:
        return
    label, *others = pieces
    colon = label.letters[-1]
    for piece in others:
        dash = piece.lines[0]
        exam.near("addressee", dash.x0, others[0].lines[0].x0)
        ok = dash.baseline > label.lines[0].baseline + 1
        exam.hold(ok, "addressee", "cùng dòng với «Kính gửi:»", "xuống dòng")
        ok = abs(dash.x0 - colon.x0) < 2
        exam.hold(
            ok, "addressee", f"gạch ở {dash.x0:.1f} mm", f"dưới dấu hai chấm {colon.x0:.1f} mm"
        )
        mark = "." if piece is others[-1] else ";"
        exam.hold(
            _printed(piece).endswith(mark), "addressee", _printed(piece), f"hết bằng «{mark}»"
        )


# --- Tables -----------------------------------------------------------------------------------
def _check_tables(exam):
    cells = exam.of("table head", "table cell", "table group", "table total", "table remark")
    for piece in (*cells, *exam.repeated_heads):
        for line in _cells_of_head(piece):
            around = cell_around(exam.pages[line.page - 1], line)
            ok = around and around.x0 <= line.x0 and line.x1 <= around.x1
            exam.hold(around, piece.part, f"«{line.text[:20]}» không có khung", "khung ô")
            exam.hold(ok or not around, piece.part, f"«{line.text[:20]}» tràn ô", "trong ô")
    rows, pages = {}, {}
    for piece in cells:
        key = (piece.block, piece.place[0])
        rows.setdefault(key, set()).update(line.page for line in piece.lines)
        pages.setdefault(piece.block, set()).update(line.page for line in piece.lines)
    for (_, row), on in rows.items():
        exam.hold(len(on) == 1, "table row", f"hàng {row} ở các trang {sorted(on)}", "một trang")
    wanted = sum(len(on) - 1 for on in pages.values())
    got = len(exam.repeated_heads)
    exam.hold(got == wanted, "table head", f"lặp lại {got} lần", f"{wanted} lần, mỗi trang một lần")


def _cells_of_head(piece):
    """Yield the lines of a cell; the cells of a repeated head are told apart by their gaps."""
    for line in piece.lines:
        start = 0
        for index, (before, letter) in enumerate(itertools.pairwise(line.letters), 1):
            if letter.x0 - before.x1 > 2.4 or letter.x0 < before.x0:
                yield Line(line.letters[start:index])
                start = index
        yield Line(line.letters[start:])


# --- Signatures and recipients ----------------------------------------------------------------
def _check_names_are_level(exam):
    names = [p.lines[0].baseline for p in exam.of("signer") if p.place[0] in {0, 1} and p.lines]
    if len(names) > 1:
        exam.near("signer", names[1], names[0], LEVEL)


def _check_signatures(exam):
    blocks = {}
    for piece in exam.of("office", "sign note", "signer"):
        blocks.setdefault(piece.place[0], []).append(piece)
    middle = exam.text_centre
    for number, block in blocks.items():
        lines = [line for piece in block for line in piece.lines]
        for line in lines:
            exam.near("office", line.centre, lines[0].centre, CENTRED)
        is_right = len(blocks) == 1 or number == 1
        if is_right:
            exam.hold(lines[0].centre > middle, "office", f"{lines[0].centre:.0f} mm", "nửa phải")
        elif number == 0:
            exam.hold(lines[0].centre < middle, "office", f"{lines[0].centre:.0f} mm", "nửa trái")
        pages = {line.page for line in lines}
        exam.hold(len(pages) == 1, "office", f"các trang {sorted(pages)}", "một trang")
        above = [line for piece in block if piece.part != "signer" for line in piece.lines]
        exam.hold(above, "office", "không có chức vụ", "chức vụ trên họ tên")
        for piece in block:
            if piece.part == "signer" and above:
                room = piece.lines[0].top - max(line.bottom for line in above)
                ok = room > ROOM_FOR_SIGNATURE - NEAR
                exam.hold(ok, "signer", f"{room:.1f} mm để ký", f"từ {ROOM_FOR_SIGNATURE} mm")
    _check_names_are_level(exam)
    if len(blocks) > 1:
        exam.near("office", blocks[1][0].lines[0].baseline, blocks[0][0].lines[0].baseline, LEVEL)
    if blocks:
        _check_last_paragraph(exam, blocks[0][0].lines[0])


def _check_last_paragraph(exam, office):
    before = exam.pieces[: exam.pieces.index(exam.of("office")[0])]
    before = [p for p in before if p.part not in ("recipients label", "recipient")]
    page = before[-1].lines[-1].page
    exam.hold(
        page == office.page, "office", f"trang {office.page}, lời văn hết ở {page}", "một trang"
    )


def _check_recipients(exam):
    labels, offices = exam.lines("recipients label"), exam.lines("office")
    lines = exam.lines("recipient")
    for label in labels:
        exam.near("recipients label", label.x0, exam.left)
        if len(exam.paper.signatures) == 1:
            exam.near("recipients label", label.baseline, offices[0].baseline, 1)
            exam.hold(label.page == offices[0].page, "recipients label", "trang khác", "cùng trang")
            most = max(line.x1 for line in lines)
            least = min(line.x0 for line in exam.lines("office", "signer"))
            exam.hold(
                most < least, "recipient", f"đến {most:.0f} mm", f"trước chữ ký {least:.0f} mm"
            )
    for piece in exam.of("recipient"):
        exam.near("recipient", piece.lines[0].x0, exam.left)


# --- Everything -------------------------------------------------------------------------------
def _check_overlaps(exam):
    by_page = {}
    for piece in (*exam.pieces, *exam.repeated_heads):
        for line in _cells_of_head(piece) if piece in exam.repeated_heads else piece.lines:
            by_page.setdefault(line.page, []).append(
                (line.top, line.bottom - 0.06 * line.size * POINT, line)
            )
    for found in by_page.values():
        found.sort(key=lambda one: one[0])
        for index, (_, bottom, line) in enumerate(found):
            for top, _, other in itertools.islice(found, index + 1, None):
                if top >= bottom:
                    break
                ok = other.x0 >= line.x1 - 0.1 or other.x1 <= line.x0 + 0.1
                exam.hold(ok, "overlap", f"«{line.text[:20]}» và «{other.text[:20]}»", "không đè")
    for rule in exam.rules:
        for top, bottom, line in by_page.get(rule.page, ()):
            crosses = top < rule.y < min(bottom, line.baseline) and rule.x0 < line.x1 - 0.5
            ok = not (crosses and rule.x1 > line.x0 + 0.5)
            exam.hold(ok, "overlap", f"đường kẻ đè «{line.text[:20]}»", "không đè")


CHECKS = (
    _check_presence,
    _check_page,
    _check_letters,
    _check_margins,
    _check_page_numbers,
    _check_looks,
    _check_masthead,
    _check_words,
    _check_titles,
    _check_text,
    _check_addressees,
    _check_tables,
    _check_signatures,
    _check_recipients,
    _check_overlaps,
)
