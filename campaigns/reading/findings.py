"""What is missing or odd in the fields of a plan, and the mend."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from campaigns import plan_fields
from campaigns.plan_fields import FIELDS, Wording, day_text
from campaigns.reading.found import Finding, Law, LawRow
from campaigns.reading.words import like, ordinal
from thidua.core.text import compose
from thidua.core.workflow import Refused


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
        "launched_on": (
            "Chưa rõ ngày phát động.",
            "Hãy định ngày: tiêu chuẩn và quy tắc biểu quyết của đợt là của ngày ấy.",
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
        place = ordinal(own)
        before = last.get(parent, 0)
        if place is None:
            continue
        # Many writers know no «đ» in a row of letters: d, e is not a gap.
        lacking = [like(own, missed) for missed in range(before + 1, place)]
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
