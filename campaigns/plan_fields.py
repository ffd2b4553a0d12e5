"""The fields of a plan as people type them: one text each, read by one rule, and back again.

A list is a line for each thing, its parts set off by «|». Nothing here reads the database: what
a text means is the same for a proposal of the reader and for what a clerk typed.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from campaigns.models import AwardRoute, AwardType, DocumentKind, SubjectKind
from thidua.core.clock import FIRST_DAY, LAST_DAY
from thidua.core.text import compose, fold
from thidua.core.workflow import Refused

KINDS = {SubjectKind.UNIT: "tập thể", SubjectKind.PERSON: "cá nhân"}
ROUTES = {AwardRoute.OWN: "cơ quan", AwardRoute.SUPERIOR: "cấp trên"}
TYPES = {AwardType.COMMENDATION_LETTER: "giấy khen", AwardType.CERTIFICATE_OF_MERIT: "bằng khen"}
PAPERS = {
    DocumentKind.LETTER: "tờ trình",
    DocumentKind.COUNCIL_MINUTES: "biên bản Hội đồng",
    DocumentKind.UNIT_MINUTES: "biên bản phòng",
    DocumentKind.REPORT: "báo cáo",
}
ALL_FORMS = "tất cả"
_OPENING = re.compile(r"^\[([^\]\s]{1,30})\]\s*(.*)$")
_DAY = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_MAX_NUMBER, _MAX_TITLE, _MAX_LINE, _MAX_SETS = 10, 300, 200, 20
_MAX_CODE, _MAX_CITATION = 60, 400


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One field: what it is called, how it is typed, and how its text is read."""

    name: str
    label: str
    hint: str
    read: Callable[[str], Any]
    rows: int = 1
    required: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Wording:
    """Mục của kế hoạch: one section as it is written."""

    clause: str
    level: int
    number: str
    title: str
    body: str


def sections_text(sections: list[Wording]) -> str:
    """Write sections in the manner that `_sections` reads."""
    return "\n".join(
        "\n".join(filter(None, (f"[{s.clause}] {s.title}".rstrip(), s.body))) for s in sections
    )


def number_of(clause: str) -> str:
    """Return the number that is written before a clause: «1.1» of I.1.1, «a» of V.2.a."""
    parts = clause.split(".")
    first = len(parts) - 1
    while first and parts[first].isdigit() and parts[first - 1].isdigit():
        first -= 1
    return ".".join(parts[first:])


def day_text(day: dt.date | None) -> str:
    """Write a day as people type it."""
    return f"{day:%d/%m/%Y}" if day else ""


def _text(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        one = " ".join(text.split())
        if len(one) > most:
            raise Refused(f"Hãy rút xuống còn {most} ký tự; nay có {len(one)}.")
        return one

    return read


def _long(text: str) -> str:
    return compose(text).strip()


def _day(text: str) -> dt.date | None:
    if not text.strip():
        return None
    found = _DAY.match(text.strip())
    try:
        day = dt.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise Refused("Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 31/12/2025.")
    _must(
        FIRST_DAY <= day <= LAST_DAY,
        f"Hãy ghi ngày từ {FIRST_DAY:%d/%m/%Y} đến {LAST_DAY:%d/%m/%Y}.",
    )
    return day


def _sections(text: str) -> list[Wording]:
    found: list[Wording] = []
    clauses: set[str] = set()
    for line in _lines(text):
        opening = _OPENING.match(line)
        if opening:
            clause, title = opening[1].strip("."), opening[2].strip()
            number = number_of(clause)
            _must(
                clause not in clauses,
                f"Mục [{clause}] có hai lần. Mỗi mục ghi một cách dẫn riêng.",
            )
            _must(len(number) <= _MAX_NUMBER, f"Số của mục [{clause}] dài quá; hãy ghi ngắn hơn.")
            _must(
                len(title) <= _MAX_TITLE,
                f"Tên của mục [{clause}] dài quá {_MAX_TITLE} ký tự; hãy đưa lời văn xuống dòng sau.",
            )
            clauses.add(clause)
            found.append(Wording(clause, clause.count(".") + 1, number, title, ""))
        elif not found:
            raise Refused("Dòng đầu phải mở một mục, ví dụ [I] MỤC ĐÍCH, YÊU CẦU.")
        else:
            last = found[-1]
            found[-1] = dataclasses.replace(last, body="\n".join(filter(None, (last.body, line))))
    return found


def _bases(text: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for line in _lines(text):
        code, _, citation = (part.strip() for part in line.partition("|"))
        _must(bool(code), f"Dòng «{_short(line)}» chưa có số, ký hiệu; ví dụ 06/2022/QH15.")
        _must(len(code) <= _MAX_CODE, f"Số, ký hiệu «{_short(code)}» dài quá; lời văn ghi sau «|».")
        _must(len(citation) <= _MAX_CITATION, f"Lời dẫn «{_short(citation)}» dài quá 400 ký tự.")
        _must(code not in {row[0] for row in rows}, f"Văn bản {code} có hai lần.")
        rows.append((code, citation))
    return rows


def _subjects(text: str) -> list[tuple[str, str]]:
    return [(_kind(kind), words) for kind, words in _split(text, 2, "tập thể | lời của kế hoạch")]


def _award_forms(text: str) -> list[tuple[str, str, str, str]]:
    rows: list[tuple[str, str, str, str]] = []
    for name, route, clause in _split(text, 3, "Giấy khen của Giám đốc | cơ quan | V.2.a"):
        types = [key for key, label in TYPES.items() if fold(name).startswith(fold(label))]
        _must(
            bool(types), f"Hình thức «{_short(name)}» phải bắt đầu bằng Bằng khen hoặc Giấy khen."
        )
        _must(len(name) <= _MAX_LINE, f"Tên hình thức «{_short(name)}» dài quá {_MAX_LINE} ký tự.")
        _must(name not in {row[1] for row in rows}, f"Hình thức «{_short(name)}» có hai lần.")
        rows.append((types[0], name, _key(ROUTES, route, "thẩm quyền"), clause))
    return rows


def _sets(text: str) -> list[tuple[str, int]]:
    rows = []
    for name, count in _split(text, 2, "Giấy khen của Giám đốc | 01"):
        # Python refuses to read a number of thousands of digits.
        is_right = count.isdecimal() and len(count) < _MAX_NUMBER and 1 <= int(count) <= _MAX_SETS
        _must(is_right, f"Số bộ của «{_short(name)}» phải từ 1 đến {_MAX_SETS}.")
        rows.append((name, int(count)))
    return rows


def _criteria(text: str) -> list[tuple[str, str, str, str]]:
    manner = "Giấy khen của Giám đốc | tập thể | V.2.b | lời tiêu chuẩn"
    rows: list[tuple[str, str, str, str]] = []
    for name, kind, clause, words in _split(text, 4, manner):
        row = (name, _kind(kind), clause, words)
        _must(
            row[:2] not in {other[:2] for other in rows},
            f"«{_short(name)}» có hai dòng tiêu chuẩn cho {kind}; hãy gộp làm một.",
        )
        rows.append(row)
    return rows


def _report_form(text: str) -> tuple[str, str]:
    rows = _split(text, 2, "07 | 98/2023/NĐ-CP")
    _must(len(rows) <= 1, "Chỉ ghi một mẫu báo cáo.")
    return (rows[0][0], rows[0][1]) if rows else ("", "")


def _required_items(text: str) -> list[tuple[str, str, str, str, str]]:
    manner = "a | tờ trình | tất cả | V.3.a | lời của kế hoạch"
    rows = []
    for letter, paper, forms, clause, words in _split(text, 5, manner):
        _must(len(letter) <= len("xviii"), f"Điểm «{_short(letter)}» dài quá 5 ký tự.")
        which = fold(forms)
        known = {fold(ALL_FORMS): "", **{fold(label): key for key, label in TYPES.items()}}
        _must(which in known, f"«{_short(forms)}»: hãy ghi tất cả, bằng khen hoặc giấy khen.")
        rows.append((letter, _key(PAPERS, paper, "loại tài liệu"), known[which], clause, words))
    return rows


def _recipients(text: str) -> list[str]:
    rows = [line.lstrip("-– ").strip() for line in _lines(text)]
    for row in rows:
        _must(len(row) <= _MAX_LINE, f"Nơi nhận «{_short(row)}» dài quá {_MAX_LINE} ký tự.")
    return rows


FIELDS = (
    Field("title", "Tên kế hoạch", "Như ghi dưới chữ KẾ HOẠCH.", _text(500), rows=3),
    Field(
        "short_title",
        "Tên ngắn",
        "Tên dùng trong danh sách và thanh điều hướng, đến 120 ký tự.",
        _text(120),
    ),
    Field(
        "number",
        "Số",
        "Chỉ phần số, ví dụ 15. Để trống nếu kế hoạch chưa có số.",
        _text(20),
        required=False,
    ),
    Field("symbol", "Ký hiệu", "Phần sau dấu gạch chéo, ví dụ KH-TTr.", _text(40)),
    Field(
        "issued_text",
        "Địa danh, ngày tháng như văn bản",
        "Ví dụ: Lạng Sơn, ngày 20 tháng 5 năm 2024.",
        _text(200),
    ),
    Field(
        "issued_on",
        "Ngày ban hành",
        "Ngày/tháng/năm. Để trống nếu văn bản chưa ghi đủ ngày.",
        _day,
        required=False,
    ),
    Field(
        "launched_on",
        "Ngày phát động",
        "Tiêu chuẩn và quy tắc biểu quyết là của ngày này. Kế hoạch không ghi đủ ngày thì Văn phòng định ngày.",
        _day,
    ),
    Field("preamble", "Phần mở đầu", "Lời văn trước mục đầu tiên.", _long, rows=6),
    Field(
        "bases",
        "Căn cứ pháp lý",
        "Mỗi dòng một văn bản: số, ký hiệu | cách dẫn. Văn bản đã có trong danh mục chỉ cần số, ký hiệu. "
        "Các căn cứ này được dẫn trong quyết định khen thưởng.",
        _bases,
        rows=5,
    ),
    Field(
        "reference_plan",
        "Kế hoạch của cấp trên",
        "Số, ký hiệu của kế hoạch mà cơ quan hưởng ứng; văn bản này phải có trong căn cứ.",
        _text(60),
        required=False,
    ),
    Field(
        "sections",
        "Nội dung kế hoạch",
        "Mỗi mục mở bằng cách dẫn trong ngoặc vuông rồi tên mục, ví dụ [V.2] Hình thức, tiêu chuẩn; "
        "lời văn ở các dòng dưới. Giữ cách đánh số của văn bản.",
        _sections,
        rows=20,
    ),
    Field("emulation_ends_on", "Thi đua đến hết ngày", "Ngày/tháng/năm, ví dụ 31/12/2025.", _day),
    Field(
        "window_text",
        "Thời gian gửi hồ sơ như kế hoạch",
        "Lời của kế hoạch, ví dụ Quý IV năm 2025.",
        _text(100),
    ),
    Field(
        "opens_on", "Nhận hồ sơ từ ngày", "Ngày/tháng/năm; đơn vị gửi được hồ sơ từ ngày này.", _day
    ),
    Field(
        "nominations_due_on",
        "Nhận hồ sơ đến hết ngày",
        "Ngày/tháng/năm; hết ngày này phần mềm khóa nhận hồ sơ.",
        _day,
    ),
    Field(
        "subjects",
        "Đối tượng",
        "Mỗi dòng: tập thể | lời của kế hoạch, hoặc cá nhân | lời của kế hoạch.",
        _subjects,
        rows=3,
    ),
    Field(
        "award_forms",
        "Hình thức khen thưởng",
        "Mỗi dòng: tên hình thức | thẩm quyền (cơ quan hoặc cấp trên) | mục của kế hoạch.",
        _award_forms,
        rows=3,
    ),
    Field(
        "criteria",
        "Tiêu chuẩn",
        "Mỗi dòng: tên hình thức | tập thể hoặc cá nhân | mục của kế hoạch | lời tiêu chuẩn.",
        _criteria,
        rows=8,
    ),
    Field(
        "sets",
        "Số bộ hồ sơ",
        "Mỗi dòng: tên hình thức | số bộ, ví dụ Giấy khen của Chánh Thanh tra | 01.",
        _sets,
        rows=3,
    ),
    Field(
        "required_items",
        "Thành phần hồ sơ",
        "Mỗi dòng: điểm | loại (tờ trình, biên bản Hội đồng, biên bản phòng, báo cáo) | "
        "hình thức cần đến (tất cả, bằng khen, giấy khen) | mục của kế hoạch | lời của kế hoạch.",
        _required_items,
        rows=6,
    ),
    Field(
        "report_form",
        "Mẫu báo cáo thành tích",
        "Số mẫu | văn bản ban hành, ví dụ 07 | 98/2023/NĐ-CP.",
        _report_form,
    ),
    Field(
        "achievement_sentence",
        "Câu thành tích",
        "In trên quyết định và giấy khen, bắt đầu bằng «đã có thành tích».",
        _text(500),
        rows=3,
    ),
    Field("recipients", "Nơi nhận", "Mỗi dòng một nơi nhận.", _recipients, rows=6),
    Field(
        "signer_title", "Chức danh người ký", "Viết hoa như văn bản, ví dụ GIÁM ĐỐC.", _text(100)
    ),
    Field("signer_name", "Người ký", "Họ và tên như văn bản.", _text(100)),
)
BY_NAME = {field.name: field for field in FIELDS}


def tidy(text: str) -> str:
    """Return what was typed without blanks at the ends of lines."""
    return "\n".join(line.strip() for line in compose(text).split("\n")).strip()


def read(name: str, text: str) -> Any:
    """Return what the text of a field means; raises Refused with the mend."""
    field = BY_NAME[name]
    if field.required and not text.strip():
        raise Refused("Hãy điền ô này.")
    return field.read(compose(text))


def content_of(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return a plan in the shape of a plan file; raises Refused at the first thing that is amiss."""
    facts = {}
    for field in FIELDS:
        try:
            facts[field.name] = read(field.name, texts.get(field.name, ""))
        except Refused as reason:
            raise Refused(f"{field.label}: {reason}") from None
    for contradiction in contradictions(facts):
        raise Refused(contradiction)
    number, basis = facts["report_form"]
    sets = dict(facts["sets"])
    forms = facts["award_forms"]
    terms = ("achievement_sentence", "emulation_ends_on", "window_text", "opens_on")
    content = {
        name: facts[name]
        for name in ("title", "short_title", "number", "symbol", "issued_text", "issued_on")
    }
    return content | {
        "launched_on": facts["launched_on"],
        "preamble": facts["preamble"],
        "signer_title": facts["signer_title"],
        "signer_name": facts["signer_name"],
        "recipients": facts["recipients"],
        "subject": [{"subject_kind": kind, "text": text} for kind, text in facts["subjects"]],
        "section": [dataclasses.asdict(section) for section in facts["sections"]],
        "terms": {name: facts[name] for name in terms}
        | {
            "nominations_due_on": facts["nominations_due_on"],
            "reference_plan": facts["reference_plan"] or None,
            "bases": [code for code, _ in facts["bases"]],
        },
        "award_form": [
            {
                "key": name,
                "award_type": award_type,
                "name": name,
                "route": route,
                "set_count": sets[name],
                "report_form": {"basis": basis, "number": number},
                "clause": clause,
                "criterion": [
                    {"subject_kind": kind, "clause": at, "text": words}
                    for owner, kind, at, words in facts["criteria"]
                    if owner == name
                ],
            }
            for award_type, name, route, clause in forms
        ],
        "required_item": [
            {
                "letter": letter,
                "kind": paper,
                "clause": clause,
                "text": words,
                "award_forms": [form[1] for form in forms if not which or form[0] == which],
            }
            for letter, paper, which, clause, words in facts["required_items"]
        ],
    }


def contradictions(facts: Mapping[str, Any]) -> list[str]:
    """Return where fields that are right in themselves do not fit each other."""
    names = [form[1] for form in facts["award_forms"]]
    clauses = {section.clause for section in facts["sections"]}
    kinds = {kind for kind, _ in facts["subjects"]}
    said = []
    opens, due = facts["opens_on"], facts["nominations_due_on"]
    if opens and due and due < opens:
        said.append("Hạn nhận hồ sơ đứng trước ngày bắt đầu nhận. Hãy sửa một trong hai ngày.")
    for label, rows in (("Số bộ hồ sơ", facts["sets"]), ("Tiêu chuẩn", facts["criteria"])):
        stray = [row[0] for row in rows if row[0] not in names]
        said += [
            f"{label}: «{_short(name)}» không có trong Hình thức khen thưởng." for name in stray
        ]
        lacking = [name for name in names if name not in {row[0] for row in rows}]
        said += [f"{label}: còn thiếu dòng cho «{_short(name)}»." for name in lacking]
    said += [
        f"Tiêu chuẩn cho {KINDS[SubjectKind(kind)]} nhưng Đối tượng không có {KINDS[SubjectKind(kind)]}."
        for kind in sorted({row[1] for row in facts["criteria"]} - kinds)
    ]
    cited = [row[3] for row in facts["award_forms"]] + [row[2] for row in facts["criteria"]]
    cited += [row[3] for row in facts["required_items"]]
    said += [
        f"Mục «{_short(clause)}» được dẫn nhưng không có trong Nội dung kế hoạch."
        for clause in dict.fromkeys(cited)
        if clause not in clauses
    ]
    reference = facts["reference_plan"]
    if reference and reference not in {code for code, _ in facts["bases"]}:
        said.append(f"Kế hoạch của cấp trên {reference} chưa có trong Căn cứ pháp lý.")
    return said


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _split(text: str, parts: int, manner: str) -> list[list[str]]:
    """Return the parts of each line; the last may hold «|» itself."""
    rows = []
    for line in _lines(text):
        row = [part.strip() for part in line.split("|", parts - 1)]
        _must(
            len(row) == parts and all(row),
            f"Dòng «{_short(line)}» chưa đúng cách ghi. Ví dụ: {manner}.",
        )
        rows.append(row)
    return rows


def _kind(text: str) -> str:
    return _key(KINDS, text, "đối tượng")


def _key(labels: Mapping[Any, str], text: str, what: str) -> str:
    for key, label in labels.items():
        if fold(label) == fold(text):
            return str(key)
    raise Refused(f"«{_short(text)}» không phải {what}. Hãy ghi: {', '.join(labels.values())}.")


def _must(is_right: bool, sentence: str) -> None:
    if not is_right:
        raise Refused(sentence)


def _short(text: str) -> str:
    most = 60
    return text if len(text) <= most else text[: most - 1] + "…"
