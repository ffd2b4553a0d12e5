"""Number, day and legal bases: what the head and the preamble cite."""

import re
from collections.abc import Iterator

from campaigns.plan_fields import day_text
from campaigns.reading import outline
from campaigns.reading.dates import date_of
from campaigns.reading.found import Found, Law
from campaigns.reading.parts import Parts
from campaigns.reading.words import UPPER, fold

CODE = re.compile(
    r"\d{1,5}\s?/(?:\d{4}/)?[A-ZĐ]{1,6}\d{0,2}(?:-[A-ZĐa-zđ0-9&]+)*"
    r"|\d{1,4}-[A-ZĐ][A-ZĐa-z]{1,3}/[A-ZĐ]{2,8}(?:-[A-ZĐ0-9]+)*"
)
_NUMBER_LINE = re.compile(
    r"\bSố\s*:?\s*(?P<number>\d{1,5})?[\s.…_]*(?:/\s*(?P<symbol>[A-ZĐ]{1,6}\d*-[\wĐ.&-]*\w)"
    # The manner of the Party and the unions of the young.
    r"|-\s*(?P<party>[A-ZĐ]{2,4}/[\wĐ.&-]*\w))"
)
_ISSUED = re.compile(
    r"^(?P<place>[^,\d]{2,60}),\s*ngày\s*(?:(?P<day>\d{1,2})?[\s.…_]*tháng\s*(?P<month>\d{1,2})?[\s.…_]*"
    r"năm\s*(?P<year>\d{4})?[\s.…_]*|(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}))$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b((?:19|20)\d{2})\b")
_DOCUMENT = (
    r"(?:Luật|Bộ luật|Nghị định|Thông tư|Nghị quyết|Quyết định|Kế hoạch|Chỉ thị|Công văn|Văn bản"
    r"|Hướng dẫn|Chương trình|Thông báo|Công điện|Đề án|Pháp lệnh)"
)
# A document is a basis where the sentence leads to it, not where another one names it.
_NEXT_DOCUMENT = re.compile(
    rf"(?:[;,]\s*(?:và\s+)?|\s+và\s+)(?={_DOCUMENT}\s+(?:(?:số\s+)?[\d{UPPER}]|sửa đổi))"
)
_LEAD = re.compile(rf"\b{_DOCUMENT}\b")
_NAMES_ANOTHER = re.compile(
    rf"\b(?:thi hành|thực hiện|triển khai|hướng dẫn|điều của)\s[^;,]{{0,40}}\b{_DOCUMENT}\b"
)
# Where a citation ends and the sentence of the agency itself goes on.
_AGENCY_SPEAKS = re.compile(
    rf"[,;]\s*(?!{_DOCUMENT}\s)(?=[{UPPER}](?:[^,;:“”]|,\s(?=[{UPPER}])){{1,120}}?\s(?:phát động|tổ chức|ban hành|xây dựng|triển khai|đề ra)\s)"
)
_SHARED_SYMBOLS = {"KH-UBND", "KH-HĐND", "KH-TTr", "KH-MTTQ"}
_LINE = 2_000
_CITATION = 400


def proposals(parts: Parts, law: Law) -> Iterator[tuple[str, Found]]:
    """Propose number, symbol, day and bases."""
    own = ""
    for line in parts.head:
        numbered = _NUMBER_LINE.search(line[:_LINE])
        if numbered:
            symbol = numbered["symbol"] or numbered["party"]
            own = f"{numbered['number'] or '?'}{'/' if numbered['symbol'] else '-'}{symbol}"
            yield "number", Found(numbered["number"] or "", line)
            yield "symbol", Found(symbol, line)
        issued = _ISSUED.match(line[:_LINE])
        if issued:
            yield "issued_text", Found(line, line)
            day = date_of(
                issued["day"] or issued["d"],
                issued["month"] or issued["m"],
                issued["year"] or issued["y"],
            )
            yield "issued_on", Found(day_text(day), line)
    if parts.preamble:
        yield "preamble", Found("\n".join(parts.preamble), parts.preamble[0])
        yield from _bases(parts.preamble, own, law)


def _bases(preamble: list[str], own: str, law: Law) -> Iterator[tuple[str, Found]]:
    rows: dict[str, str] = {}
    sources: dict[str, str] = {}
    for line in preamble:
        for cited in _cited(line[:_LINE]):
            for code, words in _named(cited, law):
                if code != own:
                    rows.setdefault(code, words)
                    sources.setdefault(code, line)
    if rows:
        lines = [f"{code} | {words}".rstrip("| ") for code, words in rows.items()]
        yield "bases", Found("\n".join(lines), "\n".join(preamble))
    for code in rows:
        # A plan of the agency itself is no plan from above; committees of every level share one symbol.
        symbol = code.partition("/")[2]
        is_own = own.endswith("/" + symbol) and symbol not in _SHARED_SYMBOLS
        if "/KH" in code and not is_own:
            yield "reference_plan", Found(code, sources[code])
            return


def _cited(line: str) -> list[str]:
    """Return the documents that a line leads to, each with its own words."""
    if outline.leads_in(line):
        line = _AGENCY_SPEAKS.split(line)[0]
    pieces, start = [], 0
    for match in _NEXT_DOCUMENT.finditer(line):
        before = line[start : match.start()]
        joined = match.group().lstrip(",; ").startswith("và") and _NAMES_ANOTHER.search(before)
        if not joined:
            pieces.append(before)
            start = match.end()
    pieces.append(line[start:])
    return [piece[lead.start() :] for piece in pieces if (lead := _LEAD.search(piece))]


def _named(cited: str, law: Law) -> Iterator[tuple[str, str]]:
    """Return code and words of the document that a citation names."""
    code = CODE.search(cited)
    words = cited.strip(" ;:.,")[:_CITATION]
    if code:
        name = re.sub(r"\s", "", code.group())
        row = law.row(name)
        yield name, row.citation if row else words
        return
    years = set(_YEAR.findall(cited))
    named = [
        row
        for row in law.rows
        if "/QH" in row.code
        and fold(cited).startswith(fold(row.citation.partition(" ngày ")[0]))
        and (not years or years & set(_YEAR.findall(row.citation)))
    ]
    for row in sorted(named, key=lambda row: -len(row.citation))[:1]:
        yield row.code, row.citation
