"""The forms of award that a plan names, and by whose hand each is given."""

import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator, Sequence

from campaigns.models import AwardRoute, AwardType
from campaigns.plan_fields import ROUTES, TYPES
from campaigns.reading.contents import Contents, texts
from campaigns.reading.found import Found
from campaigns.reading.outline import Section
from campaigns.reading.parts import Parts
from campaigns.reading.words import UPPER, capital, fold, is_upper

ANY_FORM = re.compile(r"\b(?:Bằng|Giấy)\s+khen\b", re.IGNORECASE)
_OFFICE = (
    r"(?:Thủ tướng Chính phủ|(?:Phó )?Chủ tịch|(?:Tổng )?Giám đốc|Bộ trưởng|(?:Tổng )?[Cc]ục trưởng"
    r"|Chi cục trưởng|Chánh Thanh tra|Chánh Văn phòng|Chánh án|Viện trưởng|Hiệu trưởng|Trưởng [Bb]an"
    r"|Trưởng [Pp]hòng|Thủ trưởng|Ban Chấp hành|Ban Thường vụ|Tổng Thanh tra|Chủ nhiệm|Bí thư)"
)
_BODY = (
    r"(?:UBND|Ủy ban nhân dân|Tổng Liên đoàn|Liên đoàn|Trung ương|Bộ(?! trưởng)|Tổng cục|Công đoàn)"
)
# «và», «,» stand inside the name of an agency when a capital follows: Sở Văn hóa, Thể thao và Du lịch.
_INSIDE = rf"(?:,\s+|\s+và\s+)(?=(?-i:[{UPPER}]))(?!(?:Giấy|Bằng)\s+khen|{_OFFICE})"
_ENDS_NAME = (
    r"và|cho|đối với|để|theo|tặng|hoặc|được|phải|khi|nếu|xét|là|gồm|không|từ|tại|nhân dịp|kèm|trao|trong"
    r"|có|năm|thì|lập|do|về|đã"
)
_HOLDER = rf"(?:{_INSIDE}|(?!\s+(?:{_ENDS_NAME})\s)[^.;:,()|\n“”/–]){{2,120}}?"
_NAMED = re.compile(
    rf"\b(?P<form>(?:Bằng|Giấy)\s+khen)\s+(?:của\s+(?P<of>{_HOLDER})|(?P<by>(?:{_OFFICE}|{_BODY}){_HOLDER}))"
    rf"(?=\s*(?:[.;:,()|\n“”/–]|$)|\s+-\s|\s+(?:{_ENDS_NAME})\s)(?!{_INSIDE})",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    rf"(?P<holder>{_OFFICE}(?:(?!\b(?:trình|đề nghị|báo cáo|tặng|trao)\b)[^.;:()|\n]){{0,80}}?)\s+"
    r"(?:(?:xem xét|xét|quyết định|ký)\s*,?\s*)*(?:tặng thưởng|tặng|trao tặng|trao|khen thưởng)\s+"
    r"(?:danh hiệu\s+|hình thức\s+)?(?P<form>(?:Giấy|Bằng)\s+khen)\b(?!\s+của)",
)
_LINE = 3_000
_MOST = 20
_NOT_AN_AGENCY = re.compile(
    r"^(?:CỘNG HÒA|CỘNG HOÀ|Độc lập|Số\s*:|Số\s*[\d/.…]|V/v|\W*$)|\bngày\b", re.IGNORECASE
)
_AGENCY = re.compile(
    r"^(?:SỞ|BỘ|UBND|ỦY BAN|CỤC|CHI CỤC|TRƯỜNG|BỆNH VIỆN|PHÒNG|TRUNG TÂM|KHO BẠC|BAN|CÔNG AN|LIÊN ĐOÀN"
    r"|TỔNG|HỘI|ĐẢNG|THANH TRA|VĂN PHÒNG|VIỆN|CÔNG ĐOÀN|ĐOÀN|TÒA|TOÀ|NGÂN HÀNG|BẢO HIỂM|HẢI QUAN|THUẾ"
    r"|THỐNG KÊ|HẠT|TRẠM|ĐÀI|HỌC VIỆN|ĐẠI HỌC|BỘ CHỈ HUY|CÔNG TY|QUỸ|TẠP CHÍ|BÁO|THƯ VIỆN|BẢO TÀNG)\b",
    re.IGNORECASE,
)
_HEADS = (
    *("tong giam doc", "giam doc", "chu tich", "cuc truong", "chi cuc truong", "chanh thanh tra"),
    *("chanh van phong", "chanh an", "vien truong", "hieu truong", "truong ban", "truong phong"),
    *("thu truong", "bo truong", "chu nhiem", "thu tuong", "bi thu", "tong thanh tra"),
)
_COLLECTIVES = re.compile(r"^(?:ban chap hanh|ban thuong vu|hoi dong|ban giam doc|thuong truc)\s*")
_ANY_AGENCY = {"co", "quan", "don", "vi", "nha", "truong"}


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """A form of award as the plan names it."""

    name: str
    award_type: AwardType
    clause: str

    @property
    def holder(self) -> str:
        """Return by whose hand it is given: the name without «Giấy khen của»."""
        return re.sub(r"^(?:Bằng|Giấy)\s+khen\s+(?:của\s+)?", "", self.name, flags=re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Forms:
    """The forms of a plan, and which of them some words mean."""

    forms: tuple[Form, ...]

    @functools.cached_property
    def spoken(self) -> list[str]:
        """Return the names and the hands, small, the longest first."""
        said = {words.lower() for form in self.forms for words in (form.name, form.holder)}
        return sorted(said - {""}, key=len, reverse=True)

    def __iter__(self) -> Iterator[Form]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    def meant_by(self, words: str) -> list[str]:
        """Return the names of the forms that words mean; by the type alone when no more is said."""
        said = _plain(words)
        named = [form for form in self.forms if _plain(form.name) in said]
        if not named:
            typed = [form for form in self.forms if fold(TYPES[form.award_type]) in said]
            named = [form for form in typed if _plain(form.holder) in said] or typed
        return [form.name for form in named]


def type_of(name: str) -> AwardType:
    """Return the type of award that a name begins with."""
    for award_type, label in TYPES.items():
        if fold(name).startswith(fold(label)):
            return award_type
    return AwardType.COMMENDATION_LETTER


def read(contents: Contents) -> Forms:
    """Return the forms in the order in which the plan names them."""
    roots = [*contents.about("forms"), *contents.alike("criteria")]
    sections = [section for root in roots for section in contents.under(root)]
    found = _in(sections)
    return Forms(tuple(found or _in(contents.sections)))


def proposals(forms: Forms, parts: Parts, contents: Contents) -> Iterator[tuple[str, Found]]:
    """Propose the forms of award, each with its route."""
    if len(forms):
        own = _Own.of(parts)
        rows = [f"{form.name} | {ROUTES[own.route(form)]} | {form.clause}" for form in forms]
        first = next(iter(forms))
        source = contents.source_of(first.name) or contents.source_of(first.holder) or first.name
        yield "award_forms", Found("\n".join(rows), source)


def _in(sections: Iterable[Section]) -> list[Form]:
    found: list[Form] = []
    for section in sections:
        for line in texts(section):
            for name in _names(line[:_LINE]):
                if len(found) < _MOST and not any(_same(name, form.name) for form in found):
                    found.append(Form(name, type_of(name), section.clause))
    return found


def _names(line: str) -> list[str]:
    """Return the forms that a line names, in its order."""
    if not ANY_FORM.search(line):
        return []
    found = []
    for match in _NAMED.finditer(line):
        name = " ".join(match.group().split())
        found.append((match.start(), capital(name)))
    for match in _GIVEN.finditer(line):
        holder = " ".join(match["holder"].split())
        found.append((match.start(), f"{capital(match['form'].lower())} của {holder}"))
    return [name for _, name in sorted(found)]


def _plain(text: str) -> str:
    return fold(text).replace("uy ban nhan dan", "ubnd").replace("thanh pho", "tp")


def _same(name: str, other: str) -> bool:
    """Whether two names are of one form: the one may say less than the other."""
    first, second = _plain(name) + " ", _plain(other) + " "
    return first.startswith(second) or second.startswith(first)


@dataclasses.dataclass(frozen=True, slots=True)
class _Own:
    """What a plan says of its own agency: the words of its name, the title of its signer."""

    agency: frozenset[str]
    signer: frozenset[str]

    @classmethod
    def of(cls, parts: Parts) -> "_Own":
        numbered = [i for i, line in enumerate(parts.head) if re.match(r"Số\s*:?[\s\d/.…]", line)]
        # The agency stands over the number; what follows may be the motto of a league.
        above = parts.head[: numbered[0]] if numbered and numbered[0] else parts.head
        lines = [line for line in above if not _NOT_AN_AGENCY.search(line)]
        starts = [i for i, line in enumerate(lines) if _AGENCY.match(line)]
        own = lines[starts[-1] :] if starts else []
        titles = " ".join(fold(line) for line in parts.end if is_upper(line))
        signers = set()
        for head in sorted(_HEADS, key=len, reverse=True):
            if head in titles:
                signers.add(head)
                titles = titles.replace(head, "")
        return cls(frozenset(_tokens(" ".join(own))), frozenset(signers))

    def route(self, form: Form) -> AwardRoute:
        """Return whether the agency itself gives an award."""
        holder = fold(form.holder)
        heads = [head for head in _HEADS if holder.startswith(head)]
        head = max(heads, key=len, default="")
        rest = _tokens(_COLLECTIVES.sub("", holder[len(head) :])) - _ANY_AGENCY
        signs = not head or head == "thu truong" or not self.signer or head in self.signer
        if self.agency or not rest:
            is_own = signs and rest <= self.agency
        else:
            is_own = signs and form.award_type == AwardType.COMMENDATION_LETTER
        if not self.agency and not self.signer:
            is_own = form.award_type == AwardType.COMMENDATION_LETTER
        return AwardRoute.OWN if is_own else AwardRoute.SUPERIOR


def _tokens(text: str) -> set[str]:
    plain = fold(text).replace("ubnd", "uy ban nhan dan").replace("kbnn", "kho bac nha nuoc")
    return set(re.findall(r"\w+", plain))


def names(forms: Forms | Sequence[Form]) -> list[str]:
    """Return the names of forms."""
    return [form.name for form in forms]
