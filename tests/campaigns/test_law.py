"""The rows of law: in force when they say, and the money that follows from them."""

import ast
import datetime as dt
import decimal
import re
from pathlib import Path

import pytest

from awards.rules.decision import prize, round_up
from campaigns import terms
from campaigns.actions import load_law
from campaigns.actions.law import packs
from campaigns.models import (
    AwardForm,
    CalendarDay,
    LegalBasis,
    Provision,
    ProvisionKind,
    ReportForm,
    ReportHeading,
)
from campaigns.queries import law as queries
from campaigns.queries.days import is_working, working_days_between
from tests.campaigns import citations
from thidua.core.certificates import CertificateSheet
from thidua.core.workflow import Refused
from units.models import Agency

LAST_DAY = dt.date(2025, 12, 31)
NEW_SALARY = dt.date(2026, 7, 1)


@pytest.fixture(autouse=True)
def law(agency):
    load_law(agency)


@pytest.mark.parametrize(
    ("award_type", "kind", "day", "amount"),
    [
        ("commendation_letter", "person", LAST_DAY, 710_000),
        ("commendation_letter", "unit", LAST_DAY, 1_410_000),
        ("certificate_of_merit", "unit", LAST_DAY, 7_020_000),
        ("certificate_of_merit", "person", LAST_DAY, 3_510_000),
        ("commendation_letter", "person", NEW_SALARY - dt.timedelta(days=1), 710_000),
        ("commendation_letter", "person", NEW_SALARY, 760_000),
        ("commendation_letter", "unit", NEW_SALARY, 1_520_000),
        ("certificate_of_merit", "unit", NEW_SALARY, 7_590_000),
        ("commendation_letter", "unit", dt.date(2025, 6, 30), 1_410_000),
    ],
)
def test_prize_follows_the_day_of_signing(agency, award_type, kind, day, amount):
    assert prize(agency, award_type, kind, day).amount == amount


def test_one_decree_ends_on_the_day_the_next_begins():
    old, new = (LegalBasis.objects.get(code=f"{n}/NĐ-CP") for n in ("98/2023", "152/2025"))
    change = dt.date(2025, 7, 1)
    assert old.in_force(change - dt.timedelta(days=1))
    assert not old.in_force(change)
    assert new.in_force(change)


def test_nothing_is_called_verified_before_an_office_has_seen_it():
    assert not LegalBasis.objects.filter(verified_at__isnull=False).exists()
    assert not ReportForm.objects.filter(verified_at__isnull=False).exists()


@pytest.mark.parametrize("kind", ["unit", "person"])
def test_the_form_has_its_headings_for_both_kinds(kind):
    headings = ReportHeading.objects.filter(form__number="07", subject_kind=kind)
    groups = headings.filter(is_group=True).values_list("number", flat=True)
    assert list(groups) == ["I", "II"]
    for heading in headings.filter(is_group=False, is_required=True):
        assert heading.number.partition(".")[0] in {"I", "II"}
        assert heading.hint
    assert headings.get(number="III").is_required is False


def test_loading_again_adds_nothing_and_keeps_what_an_office_mended(agency):
    tables = (LegalBasis, Provision, ReportForm, ReportHeading, CalendarDay)
    before = [table.objects.count() for table in tables]
    LegalBasis.objects.filter(code="152/2025/NĐ-CP").update(citation="Đã sửa")
    load_law(agency)
    assert [table.objects.count() for table in tables] == before
    assert LegalBasis.objects.get(code="152/2025/NĐ-CP").citation == "Đã sửa"


# --- What the packs hold -----------------------------------------------------------------------

ROOT = Path(__file__).resolve().parent.parent.parent
D = dt.date
# fmt: off
INSTRUMENTS = [
    # code             issued            in force          out of force      looked up again by
    ("91/2017/NĐ-CP",  D(2017, 7, 31),   D(2017, 10, 1),   D(2024, 1, 1),    None),
    ("98/2023/NĐ-CP",  D(2023, 12, 31),  D(2024, 1, 1),    D(2025, 7, 1),    None),
    ("28/2024/NĐ-CP",  D(2024, 3, 6),    D(2024, 3, 6),    D(2025, 7, 1),    None),
    ("152/2025/NĐ-CP", D(2025, 6, 14),   D(2025, 7, 1),    None,             D(2027, 3, 1)),
    ("01/2024/TT-BNV", D(2024, 2, 24),   D(2024, 4, 15),   D(2025, 8, 5),    None),
    ("15/2025/TT-BNV", D(2025, 8, 4),    D(2025, 8, 5),    None,             D(2027, 3, 1)),
    ("129/2025/NĐ-CP", None,             D(2025, 7, 1),    None,             D(2027, 3, 1)),
    ("28/2025/TT-BTC", None,             D(2025, 7, 15),   None,             None),
    ("03/2024/TT-TTCP", D(2024, 3, 25),  D(2024, 5, 15),   None,             None),
    ("06/2022/QH15",   D(2022, 6, 15),   D(2024, 1, 1),    None,             None),
    ("06/2026/QH16",   D(2026, 4, 23),   D(2026, 10, 1),   None,             None),
    ("73/2024/NĐ-CP",  None,             D(2024, 7, 1),    D(2026, 7, 1),    None),
    ("161/2026/NĐ-CP", D(2026, 5, 15),   D(2026, 7, 1),    None,             None),
]
PRIZES = [
    # award                        coefficient  of 2.340.000  of 2.530.000
    ("commendation_letter/person",    "0.3",    710_000,    760_000),
    ("commendation_letter/unit",      "0.6",    1_410_000,  1_520_000),
    ("commendation_letter/household", "0.45",   1_060_000,  1_140_000),
    ("certificate_of_merit/person",   "1.5",    3_510_000,  3_800_000),
    ("certificate_of_merit/unit",     "3.0",    7_020_000,  7_590_000),
    ("prime_minister_merit/person",   "3.5",    8_190_000,  8_860_000),
    ("prime_minister_merit/unit",     "7.0",    16_380_000, 17_710_000),
    ("grassroots_fighter/person",     "1.0",    2_340_000,  2_530_000),
    ("advanced_worker/person",        "0.3",    710_000,    760_000),
    ("advanced_collective/unit",      "0.8",    1_880_000,  2_030_000),
    ("excellent_collective/unit",     "1.5",    3_510_000,  3_800_000),
]
RETENTION = {
    "campaign": 10, "commendation_letter": 10, "certificate_of_merit": 20, "state_award": None,
    "decision_register": None, "outgoing_register": 50, "correspondence": 10, "regulation": None,
    "plan_yearly": None, "plan_half_year": 20, "plan_quarter": 5,
}
LIMITS = {"return": 5, "appraise": 20, "decide": 10, "forward_decision": 10, "notify_refusal": 10,
          "publish_decision": 1}
# fmt: on


@pytest.mark.parametrize("row", INSTRUMENTS, ids=lambda row: row[0])
def test_an_instrument_has_its_days(agency, row):
    code, *days = row
    basis = LegalBasis.objects.get(agency=agency, code=code)
    found = [basis.issued_on, basis.in_force_on, basis.out_of_force_on, basis.review_on]
    assert found == days


@pytest.mark.parametrize("row", PRIZES, ids=lambda row: row[0])
def test_a_prize_has_its_coefficient_and_comes_to_its_amount(agency, row):
    key, coefficient, *amounts = row
    held = queries.must_hold(agency, ProvisionKind.PRIZE_RATE, key, NEW_SALARY)
    assert held.terms["coefficient"] == decimal.Decimal(coefficient)
    found = []
    for day in (LAST_DAY, NEW_SALARY):
        salary = queries.must_hold(agency, ProvisionKind.BASE_SALARY, "base_salary", day)
        product = held.terms["coefficient"] * salary.terms["amount"]
        found.append(round_up(product, held.terms["round_to"]))
    assert found == amounts


def test_every_row_is_read_by_its_terms_and_shown_in_words():
    for row in Provision.objects.all():
        assert terms.stored(terms.read(row.kind, row.content)) == row.content, row
        for label, text in terms.told(row.kind, row.content):
            assert label, row
            assert text, row
    assert {row.kind for row in Provision.objects.all()} == set(ProvisionKind)


def test_retention_limits_and_notice_are_those_that_were_found(agency):
    def held(kind, key):
        return queries.must_hold(agency, kind, key, LAST_DAY).terms

    for key, years in RETENTION.items():
        assert held(ProvisionKind.RETENTION, key) == {"years": years}, key
    for key, days in LIMITS.items():
        assert held(ProvisionKind.TIME_LIMIT, key) == {"days": days, "unit": "working"}, key
    assert held(ProvisionKind.NOTICE, "law_ends") == {"days": 180}
    for kind, known in ((ProvisionKind.RETENTION, RETENTION), (ProvisionKind.TIME_LIMIT, LIMITS)):
        assert set(Provision.objects.filter(kind=kind).values_list("key", flat=True)) == set(known)


def test_what_the_code_does_without_a_pack_is_what_the_pack_says(agency):
    """Layout, council's rule and symbols: no paper of a running agency changes by the packs."""
    layout = queries.must_hold(
        agency, ProvisionKind.CERTIFICATE_LAYOUT, "commendation_letter", LAST_DAY
    ).terms
    assert layout.pop("given") == "TẶNG"
    for name, value in layout.items():
        assert value in {None, getattr(CertificateSheet(), name)}, name
    form = AwardForm()
    for award_type in ("commendation_letter", "certificate_of_merit"):
        rule = queries.must_hold(agency, ProvisionKind.COUNCIL_RULE, award_type, LAST_DAY).terms
        assert rule == {name: getattr(form, name) for name in rule}
    symbols = {
        key: queries.must_hold(agency, ProvisionKind.NUMBERING, key, LAST_DAY).terms["symbol"]
        for key in ("decision", "letter", "minutes")
    }
    assert symbols == {
        "decision": "QĐ-{co_quan}",
        "letter": "TTr-{co_quan}",
        "minutes": "BB-HĐTĐKT",
    }


def test_what_stands_for_the_dead_form_is_the_one_of_the_same_purpose():
    old = ReportForm.objects.get(basis__code="98/2023/NĐ-CP", number="07")
    assert queries.corresponding_form(old, D(2025, 6, 30)) == old
    new = queries.corresponding_form(old, D(2025, 7, 1))
    assert (new.number, new.basis.code, new.purpose) == ("08", "152/2025/NĐ-CP", "thematic")
    words = [
        list(form.headings.values_list("subject_kind", "number", "title")) for form in (old, new)
    ]
    assert words[0] == words[1]
    merit = ReportForm.objects.filter(purpose="merit").values_list("number", flat=True)
    assert set(merit) == {"04", "05"}


def test_a_line_that_is_not_sure_says_so():
    """Headings written from memory, the amended law, ends that were only announced: all noted."""
    assert not ReportForm.objects.filter(note="").exists()
    assert not CalendarDay.objects.filter(note="").exists()
    assert not LegalBasis.objects.filter(review_on__isnull=False, note="").exists()
    assert not Provision.objects.filter(basis__code="06/2026/QH16", note="").exists()
    unplaced = Provision.objects.filter(article="", note="")
    assert not unplaced.exists()
    for row in CalendarDay.objects.filter(day__year=2027):
        assert "Chưa có thông báo nghỉ" in row.note
    told = [*LegalBasis.objects.all(), *Provision.objects.all(), *ReportForm.objects.all()]
    assert not [row for row in told if re.search(r"\bD-\d", row.note)]


def test_the_calendar_swaps_a_day_for_another():
    calendar = dict(CalendarDay.objects.values_list("day", "kind"))
    for off, worked in (
        (D(2024, 4, 29), D(2024, 5, 4)),
        (D(2025, 5, 2), D(2025, 4, 26)),
        (D(2026, 1, 2), D(2026, 1, 10)),
        (D(2026, 8, 31), D(2026, 8, 22)),
    ):
        assert not is_working(off, calendar)
        assert is_working(worked, calendar)
        assert worked.weekday() == 5
    for year, days in ((2024, 5), (2025, 5), (2026, 5), (2027, 5)):
        tet = [day for day in calendar if day.year == year and day.month < 3 and day.day > 3]
        assert len([day for day in tet if day.weekday() < 5 and calendar[day] == "holiday"]) == days
    assert {day.year for day in calendar} == {2024, 2025, 2026, 2027}


def test_tet_is_not_counted(agency):
    assert working_days_between(agency, D(2026, 2, 13), D(2026, 2, 23)) == 1


def test_two_agencies_have_their_own_rows(agency):
    other = Agency.objects.create(name="Cơ quan khác")
    load_law(other)
    LegalBasis.objects.filter(agency=other).update(note="của cơ quan khác")
    assert not LegalBasis.objects.filter(agency=agency, note="của cơ quan khác").exists()
    assert Provision.objects.filter(agency=agency).count() == len(packs()["provision"])


# --- What the interface cites ------------------------------------------------------------------


def literals():
    """Give every text of our code that people may read, and every template."""
    for app in ("thidua", "units", "staff", "campaigns", "awards", "dossiers"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "campaigns").rglob("*.toml")):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def test_every_citation_in_code_templates_and_plans_stands_in_a_pack():
    found = {place: wrong for place, text in literals() if (wrong := citations.unknown(text))}
    assert found == {}


def test_the_search_for_citations_finds_them():
    assert citations.unknown("theo Nghị định số 152/2025/NĐ-CP") == []
    assert citations.unknown("Điều 54 khoản 1 Nghị định số 152/2025/NĐ-CP") == []
    assert citations.unknown("Như Điều 3; Điều 1 của Quyết định này") == []
    assert citations.unknown("NĐ 152/2025 và Luật Lưu trữ ngày 21 tháng 6 năm 2024") == []
    assert citations.unknown("Điều 999 Nghị định số 152/2025/NĐ-CP") == [
        "Điều 999 (152/2025/NĐ-CP)"
    ]
    assert citations.unknown("Nghị định số 7/2031/NĐ-CP") == ["7/2031/NĐ-CP"]
    assert citations.unknown("Nghị định 7/2031 quy định") == ["Nghị định 7/2031"]
    assert citations.unknown("Luật Mới ngày 01 tháng 5 năm 2031") == [
        "Luật Mới ngày 01 tháng 5 năm 2031"
    ]


def test_a_layout_that_leaves_the_paper_is_refused_with_its_element():
    with pytest.raises(Refused, match="Tên, chức danh và thành tích.*ra ngoài tờ giấy"):
        terms.read("certificate_layout", {"given": "TẶNG", "body_width_mm": "400"})
