"""Whom the plan may reward: collectives, persons, or both in one line."""

import re
from collections.abc import Iterator

from campaigns.models import SubjectKind
from campaigns.plan_fields import KINDS
from campaigns.reading.contents import Contents
from campaigns.reading.found import Found
from campaigns.reading.words import BULLET, SENTENCE, capital, fold

_LEAD = re.compile(
    r"^(?:đối với\s+|dành cho\s+|các\s+|về\s+)*(?P<kind>tập thể|cá nhân)(?P<more>[^:.;]{0,60}):\s*",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"^(?:phạm vi\s*,\s*|về\s+)?đối tượng[^:]{0,60}:\s*", re.IGNORECASE)
_IN_SENTENCE = re.compile(
    r"^(?:phạm vi\s*,\s*)?đối tượng[^:.;]{0,60}?(?::|\b(?:là|bao gồm|gồm)\b)\s*(?P<whom>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LINE = 3_000
_IN_BRACKETS = re.compile(r"\s*\((?P<kind>tập thể|cá nhân)\)", re.IGNORECASE)
_ALL = r"^(?:va\s+|cac\s+|nhung\s+|toan the\s+|toan bo\s+|tat ca\s+|moi\s+|tung\s+|la\s+)*"
_UNITS = re.compile(
    _ALL
    + r"(?:phong|don vi|khoa|to(?! truong)|ban(?! than)|chi cuc|cuc|so|tram|doi|trung tam|hat|truong"
    r"|co quan|khu pho|thon|cong doan|chi doan|chi hoi|hoi(?! vien)|doanh nghiep|to chuc|van phong|xa|phuong"
    r"|bo mon|vien(?! chuc)|kho bac|benh vien|dia phuong|thue|chi nhanh|cum|khoi|nganh|lop|nha truong)\b"
)
_PEOPLE = re.compile(
    _ALL + r"(?:cong chuc|vien chuc|nguoi|can bo|chien si|doan vien|hoi vien|hoc sinh|sinh vien"
    r"|giang vien|giao vien|nhan vien|cong nhan|lao dong|nhan dan|ho gia dinh|bac si|dieu duong"
    r"|sy quan|si quan|ha si quan|thanh vien|truong thon|nha giao|ky thuat vien|lanh dao)\b"
)


def kinds_named(text: str) -> list[str]:
    """Return the kinds of subject that a text names, in its order."""
    folded = fold(text)
    places = {str(kind): folded.find(fold(label)) for kind, label in KINDS.items()}
    return sorted((kind for kind, at in places.items() if at >= 0), key=lambda kind: places[kind])


def read(contents: Contents) -> tuple[list[tuple[str, str]], str]:
    """Return kind and words of each subject, and where they stand."""
    for section in contents.ranked("subjects"):
        rows = [row for line in contents.words(section) for row in _of_line(line)]
        if rows:
            order = list(dict.fromkeys(kind for kind, _ in rows))
            return sorted(rows, key=lambda row: order.index(row[0])), section.source
    for line in contents.lines():
        for sentence in SENTENCE.split(line[:_LINE]):
            said = _IN_SENTENCE.match(sentence)
            rows = list(_of_line(said["whom"])) if said else []
            if rows:
                return rows, line
    return [], ""


def proposals(rows: list[tuple[str, str]], source: str) -> Iterator[tuple[str, Found]]:
    """Propose the subjects."""
    if rows:
        text = "\n".join(f"{KINDS[SubjectKind(kind)]} | {words}" for kind, words in rows)
        yield "subjects", Found(text, source)


def _of_line(line: str) -> Iterator[tuple[str, str]]:
    text = _TOPIC.sub("", BULLET.sub("", line))
    pieces = [piece.strip() for piece in re.split(r";\s+", text) if piece.strip()]
    kinds = [_kinds_in(piece) for piece in pieces]
    # «các phòng thuộc Sở; công chức của Sở»: each half speaks of one kind.
    if len(pieces) == len(KINDS) and all(len(said) == 1 for said in kinds) and kinds[0] != kinds[1]:
        for piece, said in zip(pieces, kinds, strict=True):
            yield said[0], _words(piece)
        return
    for kind in _kinds_in(text):
        yield kind, _words(text)


def _words(text: str) -> str:
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead and text[lead.end() :] else text
    bracket = _IN_BRACKETS.search(rest)
    if bracket and not rest[bracket.end() :].strip(" .;,"):
        rest = rest[: bracket.start()]
    return capital(rest.strip())


def _kinds_in(text: str) -> list[str]:
    """Return whom a line of subjects names, by the words at the head of each of its members."""
    named = kinds_named(text)
    if named:
        return named
    members = re.split(r"[,;]\s*|\s+va\s+", fold(text)[:1_000])
    found = []
    if any(_UNITS.match(member) for member in members):
        found.append(SubjectKind.UNIT.value)
    if any(_PEOPLE.match(member) for member in members):
        found.append(SubjectKind.PERSON.value)
    return found
