"""Launch, receipt for appraisal, signing: each copies the law of its day, once."""

import copy
import datetime as dt
import importlib
import json

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from awards.models import Decision, Nomination
from awards.papers.council import council_minutes
from awards.papers.decision import certificate_paper, certificate_sheet, decision_paper
from campaigns.actions import load_law, plans
from campaigns.models import (
    Announcement,
    Campaign,
    FormChoice,
    LegalBasis,
    Provision,
    QuotaWaiver,
    WindowExtension,
)
from tests import factories
from tests.factories import accepted, approved, complete_proposal, fresh, issued, sent, submit
from thidua.core import clock
from thidua.core.certificates import CertificateSheet
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db
NEW_LAW = dt.date(2026, 10, 1)


def provision(agency, kind, key, day, **terms):
    return Provision.objects.create(
        agency=agency, kind=kind, key=key, title=key, in_force_on=day, content=terms
    )


def council_rule(agency, day, **changed):
    terms = {"quorum_percent": 80, "threshold_percent": 66, "threshold_base": "present"} | changed
    return provision(agency, "council_rule", "certificate_of_merit", day, **terms)


def rule_of(award_form):
    return (
        award_form.quorum_percent,
        award_form.threshold_percent,
        award_form.threshold_base,
    )


def codes(nomination):
    return [basis["code"] for basis in nomination.received_law["bases"]]


# --- The launch --------------------------------------------------------------------------------


def test_the_council_rule_is_that_of_the_day_of_launch(agency):
    council_rule(agency, dt.date(2024, 5, 2))
    council_rule(agency, dt.date(2025, 1, 1), quorum_percent=90)

    merit = plans.load_plan(agency=agency).award_forms.get(award_type="certificate_of_merit")

    assert rule_of(merit) == (80, 66, "present")


def test_without_a_provision_the_usual_rule_holds(letter_form, merit_form):
    assert rule_of(merit_form) == rule_of(letter_form) == (67, 50, "total")


def test_a_rule_that_the_plan_gives_stands_before_the_provision(agency):
    load_law(agency)
    council_rule(agency, dt.date(2024, 5, 2))
    content = copy.deepcopy(plans._read(plans.FIRST_PLAN))
    for row in content["award_form"]:
        row["quorum_percent"] = 75

    campaign = plans._write_campaign(agency, content)

    merit = campaign.award_forms.get(award_type="certificate_of_merit")
    assert rule_of(merit) == (75, 66, "present")


def test_a_rule_mended_later_leaves_the_campaign_alone(agency):
    row = council_rule(agency, dt.date(2024, 5, 2))
    campaign = plans.load_plan(agency=agency)

    Provision.objects.filter(pk=row.pk).update(content={**row.content, "quorum_percent": 10})

    merit = campaign.award_forms.get(award_type="certificate_of_merit")
    assert rule_of(merit) == (80, 66, "present")


# --- The receipt for appraisal -----------------------------------------------------------------


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def late(campaign):
    """Return the campaign with a window around the day on which the amended law begins."""
    Campaign.objects.filter(pk=campaign.pk).update(
        opens_on=dt.date(2026, 9, 1), nominations_due_on=dt.date(2026, 12, 31)
    )
    return fresh(campaign)


def at(day, hour=9):
    return clock.start_of(day) + dt.timedelta(hours=hour)


def test_the_first_sending_is_the_receipt(unit, head, campaign, people, letter_form, noon):
    [nomination] = sent(unit, head, campaign, (people[0], letter_form))

    assert nomination.received_for_appraisal_at == nomination.submitted_at == noon
    law = nomination.received_law
    assert law["day"] == "2025-11-20"
    assert law["report_form"]["label"] == letter_form.report_form.label
    assert "152/2025/NĐ-CP" in codes(nomination)
    assert "98/2023/NĐ-CP" not in codes(nomination)
    assert json.loads(json.dumps(law)) == law


def test_neither_resubmission_nor_recall_moves_the_receipt(
    unit, head, cast, campaign, people, letter_form
):
    [nomination] = sent(unit, head, campaign, (people[0], letter_form))
    received = (nomination.received_for_appraisal_at, nomination.received_law)
    LegalBasis.objects.filter(code="152/2025/NĐ-CP").update(citation="Đã sửa")

    with clock.frozen(clock.now() + dt.timedelta(days=2)):
        factories.proposals.withdraw_proposal(
            proposal=nomination.proposal, note="Sửa.", actor=head, at=clock.now()
        )
        recalled = fresh(nomination)
        assert recalled.state == "draft"
        assert (recalled.received_for_appraisal_at, recalled.received_law) == received
        submit(fresh(nomination.proposal))
        factories.returned(fresh(nomination), cast[Role.APPRAISER])
    with clock.frozen(clock.now() + dt.timedelta(days=3)):
        factories.proposals.resubmit_nomination(
            nomination=fresh(nomination), actor=head, at=clock.now()
        )

    again = fresh(nomination)
    assert again.state == "submitted"
    assert again.submitted_at > received[0]
    assert (again.received_for_appraisal_at, again.received_law) == received


@pytest.mark.parametrize(
    ("moment", "is_new"),
    [
        (clock.start_of(NEW_LAW) - dt.timedelta(microseconds=1), False),
        (clock.start_of(NEW_LAW), True),
        (at(NEW_LAW, 23), True),
    ],
)
def test_what_was_received_before_the_amended_law_stays_under_the_old_one(
    unit, head, cast, late, people, letter_form, client, moment, is_new
):
    with clock.frozen(moment):
        [nomination] = sent(unit, head, late, (people[0], letter_form))
    with clock.frozen(at(NEW_LAW + dt.timedelta(days=5))):
        appraised = accepted(nomination, cast[Role.APPRAISER])
        client.force_login(cast[Role.APPRAISER])
        page = client.get(nomination.get_absolute_url()).content.decode()

    assert ("06/2026/QH16" in codes(appraised)) == is_new
    assert "06/2022/QH15" in codes(appraised)
    assert ("06/2026/QH16" in page) == is_new
    assert f"Tiếp nhận để thẩm định lúc {moment:%H:%M ngày %d/%m/%Y}; áp dụng:" in page


def test_each_basis_says_whether_it_was_compared_on_that_day(
    unit, head, cast, campaign, people, letter_form, client
):
    LegalBasis.objects.filter(code="152/2025/NĐ-CP").update(verified_at=clock.now())
    [nomination] = sent(unit, head, campaign, (people[0], letter_form))
    LegalBasis.objects.update(verified_at=clock.now())

    marks = {basis["code"]: basis["verified"] for basis in nomination.received_law["bases"]}
    assert [code for code, mark in marks.items() if mark] == ["152/2025/NĐ-CP"]
    client.force_login(cast[Role.OFFICE_CHIEF])
    page = client.get(nomination.get_absolute_url()).content.decode()
    section = page[page.index("Luật áp dụng") : page.index("Ghi một lần khi tiếp nhận")]
    assert section.count("đã đối chiếu") == 1
    assert section.count("chưa đối chiếu") == len(marks) - 1


@pytest.mark.parametrize(
    ("citation", "name"),
    [
        ("Nghị định số 98/2023/NĐ-CP ngày 31 tháng 12 năm 2023", "Nghị định số 98/2023/NĐ-CP"),
        ("Nghị định số 73/2024/NĐ-CP của Chính phủ quy định", "Nghị định số 73/2024/NĐ-CP"),
        ("Căn cứ Kế hoạch số 112/KH-UBND, ngày 20", "Kế hoạch số 112/KH-UBND"),
        ("Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022", "Luật Thi đua, khen thưởng"),
        (
            "Luật sửa đổi, bổ sung một số điều của Luật A ngày 23 tháng 4 năm 2026",
            "Luật sửa đổi, bổ sung một số điều của Luật A",
        ),
    ],
)
def test_an_instrument_is_named_shortly(citation, name):
    assert LegalBasis(citation=citation).short_name == name


def test_a_draft_has_no_receipt_yet(unit, head, campaign, people, letter_form, client):
    _, [nomination] = complete_proposal(unit, head, campaign, (people[0], letter_form))

    assert nomination.received_for_appraisal_at is None
    client.force_login(head)
    assert (
        "Tiếp nhận để thẩm định" not in client.get(nomination.get_absolute_url()).content.decode()
    )


# --- What the database itself refuses ----------------------------------------------------------


def raw(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "change",
    [
        "received_for_appraisal_at = received_for_appraisal_at - interval '1 day'",
        "received_for_appraisal_at = NULL",
        "received_law = '{}'::jsonb",
        "received_law = jsonb_set(received_law, '{day}', '\"2020-01-01\"')",
    ],
)
def test_a_receipt_is_never_changed(unit, head, campaign, people, letter_form, change):
    [nomination] = sent(unit, head, campaign, (people[0], letter_form))

    with pytest.raises(DatabaseError, match="append-only"):
        raw(f"UPDATE awards_nomination SET {change} WHERE id = %s", nomination.pk)

    assert fresh(nomination).received_law == nomination.received_law
    raw("UPDATE awards_nomination SET version = version + 1 WHERE id = %s", nomination.pk)


def test_the_law_of_a_signing_is_never_changed(unit, head, cast, campaign, people, letter_form):
    decision = decided(unit, head, cast, campaign, people, letter_form)

    for change in ("'{}'::jsonb", 'signing_law || \'{"symbol": "X"}\'::jsonb'):
        with pytest.raises(DatabaseError, match="append-only"):
            raw(f"UPDATE awards_decision SET signing_law = {change} WHERE id = %s", decision.pk)


def test_nothing_leaves_its_draft_without_a_receipt(unit, head, campaign, people, letter_form):
    _, [nomination] = complete_proposal(unit, head, campaign, (people[0], letter_form))

    with pytest.raises(IntegrityError, match="nomination_sent_is_received"):
        raw(
            "UPDATE awards_nomination SET state = 'submitted', submitted_at = now(),"
            " submitted_by_id = %s WHERE id = %s",
            head.pk,
            nomination.pk,
        )


@pytest.mark.parametrize("table", ["windowextension", "quotawaiver", "formchoice", "announcement"])
def test_what_was_ruled_or_told_stays(table, unit, cast, campaign, letter_form):
    chief = cast[Role.OFFICE_CHIEF]
    ruling = {"reason": "Lý do", "decided_by": "A", "document": "B", "recorded_by": chief}
    named = letter_form.report_form
    made = {
        "windowextension": lambda: WindowExtension.objects.create(
            campaign=campaign, unit=unit, due_on=dt.date(2026, 1, 5), **ruling
        ),
        "quotawaiver": lambda: QuotaWaiver.objects.create(
            award_form=letter_form, subject_kind="unit", unit=unit, extra_count=1, **ruling
        ),
        "formchoice": lambda: FormChoice.objects.create(
            award_form=letter_form, named=named, chosen=named, reason="Lý do", chosen_by=chief
        ),
        "announcement": lambda: Announcement.objects.create(
            campaign=campaign, title="A", text="B", published_by=chief
        ),
    }[table]()

    for statement in (
        f"UPDATE campaigns_{table} SET id = id WHERE id = %s",
        f"DELETE FROM campaigns_{table} WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            raw(statement, made.pk)


def test_rows_from_before_get_the_moment_of_their_first_sending(
    unit, head, cast, campaign, people, letter_form, noon
):
    """What the migration does to nominations that stood before there was a receipt."""
    waiting, draft = sent(unit, head, campaign, *((person, letter_form) for person in people))
    entry = "UPDATE core_auditentry SET at = %s WHERE subject_id = %s AND action LIKE '%%.submit'"
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE awards_nomination DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE awards_nomination DROP CONSTRAINT nomination_sent_is_received")
        cursor.execute(entry, [noon - dt.timedelta(days=200), str(waiting.pk)])
    before = dict(Nomination.objects.values_list("pk", "received_law"))
    Nomination.objects.update(received_for_appraisal_at=None, received_law={})
    migration = importlib.import_module("awards.migrations.0005_receipts_that_stand")

    migration._receive(apps, None)

    waiting, draft = fresh(waiting), fresh(draft)
    assert waiting.received_for_appraisal_at == noon - dt.timedelta(days=200)
    assert "98/2023/NĐ-CP" in codes(waiting)
    assert draft.received_for_appraisal_at == draft.submitted_at
    assert draft.received_law["bases"] == before[draft.pk]["bases"]
    migration._receive(apps, None)
    assert fresh(draft).received_law == draft.received_law


# --- The signing -------------------------------------------------------------------------------


def decided(unit, head, cast, campaign, people, letter_form, day=None):
    [nomination] = sent(unit, head, campaign, (people[0], letter_form))
    approved(accepted(nomination, cast[Role.APPRAISER]), cast[Role.SIGNATORY])
    return issued(letter_form, cast[Role.REGISTRAR], day=day)


def test_a_decision_keeps_the_law_of_its_day(unit, head, cast, campaign, people, letter_form):
    law = fresh(decided(unit, head, cast, campaign, people, letter_form)).signing_law

    assert law["day"] == "2025-11-20"
    assert law["bases"][0] == "Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022"
    assert any("152/2025/NĐ-CP" in basis for basis in law["bases"])
    assert not any("98/2023/NĐ-CP" in basis for basis in law["bases"])
    assert law["prize_basis"].startswith("Nghị định số 152/2025/NĐ-CP ngày")
    assert law["base_salary"]["terms"] == {"amount": 2_340_000}
    assert law["rates"]["person"]["terms"] == {"coefficient": "0.3", "round_to": 10_000}
    assert law["rates"]["unit"]["cited"] == "Điều 54 152/2025/NĐ-CP"
    assert law["symbol"] == "QĐ-TTr"


def test_papers_are_printed_by_the_law_kept_with_the_number(
    unit, head, cast, campaign, people, letter_form
):
    decision = decided(unit, head, cast, campaign, people, letter_form)
    paper = decision_paper(fresh(decision))
    LegalBasis.objects.update(citation="Đã sửa", out_of_force_on=None)
    Provision.objects.filter(kind="prize_rate").delete()

    assert decision_paper(fresh(decision)) == paper
    assert "Đã sửa" not in str(paper)


LAYOUT = {
    "authority_pt": 18,
    "given_pt": 15,
    "kind_pt": 48,
    "name_pt": 18,
    "body_pt": 10,
    "footer_pt": 12,
    "kind_at_mm": "97.5",
    "given": "TRUY TẶNG",
}


def test_the_sheet_of_a_certificate_is_that_of_the_signing(
    agency, unit, head, cast, campaign, people, letter_form
):
    row = provision(
        agency, "certificate_layout", "commendation_letter", dt.date(2025, 11, 1), **LAYOUT
    )
    decision = fresh(decided(unit, head, cast, campaign, people, letter_form))
    Provision.objects.filter(pk=row.pk).update(content={**LAYOUT, "kind_pt": 20})

    sheet, line = certificate_sheet(decision), decision.lines.get()
    assert (sheet.kind_pt, sheet.name_pt, sheet.name_least_pt) == (48, 18, 18)
    assert (sheet.body_pt, sheet.body_least_pt) == (10, 10)
    assert sheet.kind_at_mm == 97.5
    assert sheet.heading_pt == CertificateSheet().heading_pt
    assert certificate_paper(line, decision).given == "TRUY TẶNG"


def test_a_decision_numbered_before_there_was_a_copy_is_printed_all_the_same(
    unit, head, cast, campaign, people, letter_form
):
    decision = decided(unit, head, cast, campaign, people, letter_form)
    paper = decision_paper(fresh(decision))
    older = fresh(decision)
    older.signing_law = {}

    assert decision_paper(older) == paper


def test_symbols_are_those_of_the_day(agency, unit, head, cast, campaign, people, letter_form):
    provision(agency, "numbering", "decision", dt.date(2025, 11, 1), symbol="QĐK-{co_quan}")
    provision(agency, "numbering", "decision", dt.date(2026, 1, 1), symbol="X")

    assert decided(unit, head, cast, campaign, people, letter_form).number_text == "01/QĐK-TTr"


def test_letter_and_minutes_take_their_symbols_too(
    agency, unit, head, cast, campaign, merit_form, council
):
    provision(agency, "numbering", "letter", dt.date(2025, 11, 1), symbol="TTrK-{co_quan}")
    minutes = provision(agency, "numbering", "minutes", dt.date(2025, 11, 1), symbol="BBK")
    [nomination] = sent(unit, head, campaign, (unit, merit_form))
    accepted(nomination, cast[Role.APPRAISER])

    letter = factories.endorsed(council, merit_form, cast[Role.COUNCIL_SECRETARY])
    Provision.objects.filter(pk=minutes.pk).update(content={"symbol": "Khác"})

    assert letter.symbol == "TTrK-TTr"
    assert council_minutes(fresh(letter.meeting)).symbol == "BBK"


def test_a_symbol_too_long_is_refused_before_a_number_is_taken(
    agency, unit, head, cast, campaign, people, letter_form
):
    provision(agency, "numbering", "decision", dt.date(2025, 11, 1), symbol="Q" * 40)

    with pytest.raises(Refused, match="dài quá 30 ký tự"), transaction.atomic():
        decided(unit, head, cast, campaign, people, letter_form)

    assert not Decision.objects.exists()


def test_the_page_of_a_decision_shows_the_law_of_its_signing(
    unit, head, cast, campaign, people, letter_form, client
):
    decision = decided(unit, head, cast, campaign, people, letter_form)
    client.force_login(cast[Role.REGISTRAR])

    page = client.get(reverse("decision_detail", args=[decision.pk])).content.decode()

    assert "Luật áp dụng khi ký" in page
    assert "2.340.000" in page
