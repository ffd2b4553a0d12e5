"""The real plan as rows: nothing lost, nothing added, nothing of it in code."""

import datetime as dt
import re
import unicodedata

import pytest

from campaigns.actions import FIRST_PLAN, load_plan
from campaigns.models import Campaign, SubjectKind
from thidua.core.models import AuditEntry

AS_WRITTEN = FIRST_PLAN.with_suffix(".md").read_text(encoding="utf-8")


def flat(text):
    """Return text without marks of layout: blanks, stars, hashes."""
    return " ".join(re.sub(r"[*#]", "", text).split())


def test_the_numbering_is_kept_as_it_is_written(campaign):
    top = campaign.sections.filter(level=1).values_list("number", flat=True)
    assert list(top) == ["I", "II", "IV", "V", "VI"]
    clauses = list(campaign.sections.values_list("clause", flat=True))
    assert " ".join(clauses) == (
        "I I.1 I.2 II II.1 II.2 II.3 II.4 IV V V.1 V.2 V.2.a V.2.b "
        "V.3 V.3.a V.3.b V.3.c V.3.d V.4 VI VI.1 VI.2"
    )


def test_every_word_of_the_plan_stands_in_its_place(campaign):
    """Taken away piece by piece in order, the rows leave only numbers and headings of layout."""
    rest = flat(AS_WRITTEN)
    pieces = [campaign.issued_text, campaign.title, campaign.preamble]
    for section in campaign.sections.all():
        pieces += [section.title, *section.body.split("\n")]
    pieces += [line.text for line in campaign.recipients.all()]
    pieces += [campaign.signer_title, campaign.signer_name]
    between = []
    for piece in filter(None, map(flat, pieces)):
        before, found, rest = rest.partition(piece)
        assert found, piece
        between.append(before.strip())
    assert not rest.strip()
    left_over = {re.sub(r"^(?:[IV]+|\d|[a-d])[.)]$", "", words) for words in between} - {"", "-"}
    left_over -= {"I. 1.", "II. 1.", "V. 1.", "2. a)", "VI. 1."}
    assert left_over == {"Số: /KH-TTr", "KẾ HOẠCH", "Nơi nhận: -"}


def test_the_text_is_composed_unicode(campaign):
    rows = [campaign, *campaign.sections.all(), *campaign.recipients.all()]
    rows += [criterion for form in campaign.award_forms.all() for criterion in form.criteria.all()]
    for row in rows:
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if isinstance(value, str):
                assert unicodedata.is_normalized("NFC", value), (row, field.name)


def test_the_terms_of_the_plan(campaign):
    assert campaign.issued_on is None
    assert (campaign.number, campaign.symbol) == ("", "KH-TTr")
    assert campaign.emulation_ends_on == dt.date(2025, 12, 31)
    assert (campaign.opens_on, campaign.nominations_due_on) == (
        dt.date(2025, 10, 1),
        dt.date(2025, 12, 31),
    )
    assert campaign.window_text in campaign.sections.get(clause="V.4").body
    assert campaign.reference_plan.code in campaign.preamble
    assert campaign.recipients.count() == 6
    assert campaign.recipients.last().text == "Lưu: VT."
    codes = [line.basis.code for line in campaign.basis_lines.all()]
    assert codes[:2] == ["06/2022/QH15", "152/2025/NĐ-CP"]
    assert (
        flat(campaign.title).removeprefix("Phát động ")
        in "đ" + flat(campaign.achievement_sentence).partition("trong đ")[2]
    )


def test_each_form_honours_whom_the_plan_names(merit_form, letter_form):
    def kinds(form):
        return set(form.criteria.values_list("subject_kind", flat=True))

    assert (merit_form.route, merit_form.set_count) == ("superior", 2)
    assert kinds(merit_form) == {SubjectKind.UNIT}
    assert (letter_form.route, letter_form.set_count) == ("own", 1)
    assert kinds(letter_form) == {SubjectKind.UNIT, SubjectKind.PERSON}


def test_names_and_criteria_are_the_words_of_the_cited_clause(campaign):
    for form in campaign.award_forms.all():
        assert form.name in campaign.sections.get(clause=form.clause).body
        for criterion in form.criteria.all():
            assert criterion.text in campaign.sections.get(clause=criterion.clause).body


def test_which_document_each_form_needs(campaign, merit_form, letter_form):
    def letters(form):
        return list(form.required_items.values_list("letter", flat=True))

    assert letters(merit_form) == ["a", "b", "d"]
    assert letters(letter_form) == ["a", "c", "d"]
    for item in campaign.required_items.all():
        section = campaign.sections.get(clause=item.clause)
        assert (section.number, section.body) == (item.letter, item.text)
    kinds = list(campaign.required_items.values_list("kind", flat=True))
    assert kinds == ["letter", "council_minutes", "unit_minutes", "report"]


def test_the_report_form_is_the_one_that_the_plan_names(campaign, merit_form, letter_form):
    assert merit_form.report_form == letter_form.report_form
    form = letter_form.report_form
    assert (form.number, form.basis.code) == ("07", "98/2023/NĐ-CP")
    assert form.label.lower() in campaign.sections.get(clause="V.3.d").body.lower()


def test_loading_twice_gives_one_campaign(agency, campaign):
    assert load_plan(agency=agency) == campaign
    assert Campaign.objects.count() == 1
    assert AuditEntry.objects.filter(action="campaigns.campaign.create").count() == 1


OTHER = """
title = "Phát động đợt thi đua chuyển đổi số"
short_title = "Chuyển đổi số"
number = "07"
symbol = "KH-TTr"
issued_text = "Thử, ngày 02 tháng 02 năm 2026"
issued_on = 2026-02-02
launched_on = 2026-02-02
preamble = "Cơ quan phát động đợt thi đua như sau:"
signer_title = "CHÁNH THANH TRA"
signer_name = "Nguyễn Thị Thử"
recipients = ["Các phòng;"]

[[section]]
clause = "A"
level = 1
number = "A"
title = "Nội dung"
body = "Số hóa hồ sơ."

[terms]
achievement_sentence = "đã có thành tích trong chuyển đổi số"
emulation_ends_on = 2026-06-30
window_text = "Quý II năm 2026"
opens_on = 2026-04-01
nominations_due_on = 2026-06-15
bases = ["06/2022/QH15"]

[[award_form]]
key = "k"
award_type = "commendation_letter"
name = "Giấy khen của Giám đốc"
route = "own"
set_count = 3
report_form = { basis = "98/2023/NĐ-CP", number = "07" }
clause = "A"

[[award_form.criterion]]
subject_kind = "person"
clause = "A"
text = "Có sáng kiến số hóa."

[[required_item]]
letter = "a"
kind = "report"
clause = "A"
text = "Báo cáo."
award_forms = ["k"]
"""


@pytest.fixture
def other_plan(agency, campaign, tmp_path):
    file = tmp_path / "other.toml"
    file.write_text(OTHER, encoding="utf-8")
    return load_plan(agency=agency, plan=file)


def test_another_plan_is_another_file(other_plan, campaign):
    assert other_plan != campaign
    assert other_plan.closes_at == dt.datetime(2026, 6, 16, tzinfo=other_plan.closes_at.tzinfo)
    form = other_plan.award_forms.get()
    assert (form.name, form.set_count) == ("Giấy khen của Giám đốc", 3)
    assert form.criteria.get().subject_kind == SubjectKind.PERSON
    assert other_plan.required_items.get().award_forms.get() == form
    assert other_plan.reference_plan is None
