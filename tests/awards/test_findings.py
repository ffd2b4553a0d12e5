"""Findings before sending: each rule with each outcome, what blocks, and who reads what."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import reverse

from awards.actions import proposals
from awards.actions.criteria import answer_criteria
from awards.actions.holds import conclude_hold
from awards.models import CriterionAnswer, Nomination, RegisterEntry, ReportSection
from awards.rules.findings import Outcome, Rule, check, check_proposal, lacks_of_findings
from campaigns.models import (
    Campaign,
    Criterion,
    FormChoice,
    LegalBasis,
    Provision,
    ReportForm,
    RequiredItem,
)
from staff.models import Person
from tests import factories
from tests.conftest import make_person
from tests.factories import draft_proposal, fresh, held, limited, nominate, waived
from thidua.core import clock
from thidua.core.permissions import Role
from thidua.core.workflow import Refused
from units.models import Unit

R = Role


@pytest.fixture
def w(cast, unit, campaign, people, letter_form, merit_form, noon):
    proposal = draft_proposal(unit, cast[R.UNIT_HEAD], campaign)
    return SimpleNamespace(
        cast=cast,
        head=cast[R.UNIT_HEAD],
        unit=unit,
        campaign=campaign,
        letter=letter_form,
        merit=merit_form,
        noon=noon,
        proposal=proposal,
        person=nominate(proposal, people[0], letter_form),
        collective=nominate(proposal, unit, letter_form),
        criterion=letter_form.criteria.get(subject_kind="person"),
    )


def found(nomination, rule, reader=None):
    [one] = check([fresh(nomination)], clock.now(), reader)
    return next((finding for finding in one.findings if finding.rule == rule), None)


# --- Each rule, each outcome -------------------------------------------------------------------


def without_criteria(w):
    Criterion.objects.filter(pk=w.criterion.pk).delete()


def dissolved(w):
    Unit.objects.filter(pk=w.unit.pk).update(valid_until=dt.date(2025, 11, 19))
    return w.collective


def retired(w):
    Person.objects.filter(pk=w.person.person_id).update(in_service_until=dt.date(2025, 10, 31))


def heading_of(w, number):
    return w.person.report.form.headings.get(number=number, subject_kind="person")


def answered(w, number="II.1", text="Đã làm."):
    heading = heading_of(w, number)
    ReportSection.objects.filter(report=w.person.report, heading=heading).update(text=text)
    answer_criteria(nomination=w.person, answers={w.criterion: heading}, actor=w.head, at=w.noon)


def optional_heading_left_empty(w):
    answered(w, "III", text="")


def required_heading_left_empty(w):
    answered(w, "II.1", text="")


def not_known_where(w):
    answer_criteria(nomination=w.person, answers={w.criterion: None}, actor=w.head, at=w.noon)


def answered_under_another_form(w):
    heading = w.person.report.form.headings.model.objects.exclude(
        form=w.person.report.form_id
    ).filter(is_group=False)[0]
    CriterionAnswer.objects.create(
        nomination=w.person, criterion=w.criterion, heading=heading, answered_by=w.head
    )


def within_quota(w):
    limited(w.criterion, 2)


def over_with_waiver(w):
    limited(w.criterion, 0)
    waived(w.criterion, w.unit, w.cast[R.OFFICE_CHIEF])


def over_quota(w):
    limited(w.criterion, 0)


def quota_for_others_only(w):
    limited(w.letter.criteria.get(subject_kind="unit"), 3)


def other_campaign(w, **days):
    other = Campaign.objects.get(pk=w.campaign.pk)
    other.pk, other.title, other.short_title = None, "Đợt khác", "Đợt khác"
    for name, day in days.items():
        setattr(other, name, day)
    other.save(force_insert=True)
    form = type(w.letter).objects.get(pk=w.letter.pk)
    form.pk, form.campaign = None, other
    form.save(force_insert=True)
    for criterion in w.letter.criteria.all():
        criterion.pk, criterion.award_form = None, form
        criterion.save(force_insert=True)
    return form


def nominated_elsewhere(w, reason="", **days):
    form = other_campaign(w, **days)
    proposal = draft_proposal(w.unit, w.head, form.campaign)
    return nominate(proposal, w.person.person, form, reason=reason)


def before(year=2023):
    return {"launched_on": dt.date(year, 1, 1), "emulation_ends_on": dt.date(year, 12, 31)}


def nominated_elsewhere_with_reason(w):
    nominated_elsewhere(w, "Thành tích khác.")


def nominated_for_other_days(w):
    nominated_elsewhere(w, **before())


def unsent_of_another_unit(w):
    one = nominated_elsewhere(w)
    unit = Unit.objects.exclude(pk=w.unit.pk).first()
    type(one.proposal).objects.filter(pk=one.proposal_id).update(unit=unit)


def two_forms_with_reason(w):
    nominate(w.proposal, w.unit, w.merit, reason="Hai thành tích.")
    return w.collective


def entry(w, form, person=None, *, reason=""):
    whom = person or w.person.person
    other = Nomination.objects.create(
        proposal=w.proposal,
        campaign=form.campaign,
        award_form=form,
        subject_kind="person",
        person=whom,
        recipient_name=whom.full_name,
        recipient_title="",
        both_forms_reason=reason or "Lần trước.",
        state="withdrawn",
        created_by=w.head,
    )
    if not reason:
        Nomination.objects.filter(pk=other.pk).update(both_forms_reason="")
    return RegisterEntry.objects.create(
        agency=w.campaign.agency,
        campaign=form.campaign,
        award_form=form,
        nomination=other,
        year=2025,
        number=RegisterEntry.objects.count() + 1,
        decision_number="12/QĐ-TTr",
        decided_on=dt.date(2025, 3, 1),
        decided_by="Chánh Thanh tra",
        subject_kind="person",
        person=whom,
        recipient_name=f"Bà {whom.full_name}",
        recipient_title="",
        award_name="Giấy khen",
        achievement="",
        coefficient="0.3",
        base_salary=1,
        amount=1,
        entered_by=w.head,
    )


def received_in_this_campaign(w):
    entry(w, w.merit)


def received_for_the_same_days(w):
    entry(w, other_campaign(w))


def received_with_reason(w):
    entry(w, w.merit, reason="Thành tích khác.")


def received_by_a_namesake(w):
    entry(w, w.merit, make_person(w.unit, w.person.person.full_name))


def received_years_ago(w):
    entry(w, other_campaign(w, **before()))


def on_hold(w):
    return held(w.person.person, w.cast[R.HOLD_KEEPER], document_on=dt.date(2025, 1, 1),
                opened_on=dt.date(2025, 1, 2))  # fmt: skip


def hold_over(w):
    conclude(w, outcome="cleared")


def conclude(w, **facts):
    conclude_hold(
        hold=on_hold(w),
        concluded_on=dt.date(2025, 2, 1),
        concluding_number="1/KL",
        **facts,
        actor=w.cast[R.HOLD_KEEPER],
        at=w.noon,
    )


def disciplined_past_the_end(w):
    conclude(w, outcome="disciplined", discipline_until=dt.date(2026, 2, 1))


def disciplined_within(w):
    conclude(w, outcome="disciplined", discipline_until=dt.date(2025, 5, 1))


def disciplined_before(w):
    Campaign.objects.filter(pk=w.campaign.pk).update(launched_on=dt.date(2025, 6, 1))
    disciplined_within(w)


def form_in_force(w):
    LegalBasis.objects.filter(pk=w.letter.report_form.basis_id).update(out_of_force_on=None)


def form_kept(w):
    choose(w, w.letter.report_form)


def choose(w, form):
    FormChoice.objects.create(
        award_form=w.letter,
        named=w.letter.report_form,
        chosen=form,
        reason="Giữ.",
        chosen_by=w.cast[R.APPRAISER],
    )


def other_form_chosen(w):
    form = w.letter.report_form
    choose(w, ReportForm.objects.exclude(basis=form.basis_id).first())


def form_corrected(w):
    forms = ReportForm.objects
    form = forms.exclude(basis=w.letter.report_form.basis_id).first()
    forms.filter(pk=w.person.report.form_id).update(replaced_by=form)
    choose(w, form)


def no_report(w):
    w.person.report.delete()


def complete(w):
    factories.complete(w.proposal)


def nothing_required(w):
    RequiredItem.objects.all().delete()


def as_it_is(w):
    pass


P, F, U = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN
# fmt: off
CASES = [
    # rule          stage                            outcome  blocks  what is said
    (Rule.SUBJECT,   as_it_is,                        P, False, "Cá nhân, công chức."),
    (Rule.SUBJECT,   without_criteria,                F, True,  "Kế hoạch không nêu tiêu chuẩn"),
    (Rule.SUBJECT,   dissolved,                       F, True,  "đã giải thể"),
    (Rule.SUBJECT,   retired,                         U, False, "thôi công tác từ sau ngày 31/10/2025"),
    (Rule.CRITERIA,  answered,                        P, False, "Nêu ở mục II.1"),
    (Rule.CRITERIA,  optional_heading_left_empty,     F, True,  "mục III của báo cáo, nhưng mục ấy còn trống"),
    (Rule.CRITERIA,  required_heading_left_empty,     F, False, "mục II.1"),
    (Rule.CRITERIA,  not_known_where,                 U, False, "chưa chỉ ra"),
    (Rule.CRITERIA,  answered_under_another_form,     U, False, "chưa chỉ ra"),
    (Rule.CRITERIA,  as_it_is,                        U, False, "chưa chỉ ra"),
    (Rule.QUOTA,     as_it_is,                        P, False, "không đặt chỉ tiêu"),
    (Rule.QUOTA,     within_quota,                    P, False, "1 trên 2 chỉ tiêu."),
    (Rule.QUOTA,     over_with_waiver,                P, False, "thêm 1 được vượt"),
    (Rule.QUOTA,     over_quota,                      F, False, "vượt chỉ tiêu 0"),
    (Rule.QUOTA,     quota_for_others_only,           U, False, "chưa nêu cho hình thức"),
    (Rule.LIVE_ONCE, as_it_is,                        P, False, "Không có đề nghị nào khác"),
    (Rule.LIVE_ONCE, nominated_for_other_days,        P, False, "Không có đề nghị nào khác"),
    (Rule.LIVE_ONCE, unsent_of_another_unit,          P, False, "Không có đề nghị nào khác"),
    (Rule.LIVE_ONCE, nominated_elsewhere,             F, True,  "Cũng đang được đề nghị Giấy khen của Chánh Thanh tra, Đợt khác"),
    (Rule.LIVE_ONCE, nominated_elsewhere_with_reason, U, False, "Lý do của đơn vị: Thành tích khác."),
    (Rule.LIVE_ONCE, two_forms_with_reason,           U, False, "Lý do của đơn vị: Hai thành tích."),
    (Rule.RECEIVED,  as_it_is,                        P, False, "chưa có dòng nào"),
    (Rule.RECEIVED,  received_years_ago,              P, False, "Lần trước được tặng Giấy khen theo Quyết định số 12/QĐ-TTr"),
    (Rule.RECEIVED,  received_in_this_campaign,       F, True,  "(dòng 01/2025 sổ khen thưởng)"),
    (Rule.RECEIVED,  received_for_the_same_days,      F, True,  "Đã được tặng"),
    (Rule.RECEIVED,  received_with_reason,            U, False, "Lý do của đơn vị"),
    (Rule.RECEIVED,  received_by_a_namesake,          U, False, "Một người cùng tên"),
    (Rule.HOLD,      as_it_is,                        P, False, "không có dòng nào đang mở"),
    (Rule.HOLD,      hold_over,                       P, False, "không có dòng nào đang mở"),
    (Rule.HOLD,      on_hold,                         U, False, "Đang tạm giữ. Hồ sơ vẫn gửi được trong hạn."),
    (Rule.COUNTED,   as_it_is,                        P, False, "cả thời gian thi đua"),
    (Rule.COUNTED,   disciplined_before,              P, False, "cả thời gian thi đua"),
    (Rule.COUNTED,   disciplined_past_the_end,        F, True,  "từ ngày 02/02/2026, sau ngày kết thúc thi đua 31/12/2025"),
    (Rule.COUNTED,   disciplined_within,              U, False, "chỉ tính từ ngày 02/05/2025"),
    (Rule.FORM,      form_in_force,                   P, False, "Viết theo Mẫu số"),
    (Rule.FORM,      form_kept,                       P, False, "Văn phòng chọn mẫu này"),
    (Rule.FORM,      form_corrected,                  P, False, "Viết theo Mẫu số"),
    (Rule.FORM,      other_form_chosen,               F, True,  "không còn dùng"),
    (Rule.FORM,      no_report,                       F, False, "Chưa có báo cáo"),
    (Rule.FORM,      as_it_is,                        U, False, "Mẫu hết hiệu lực từ ngày 01/07/2025; Văn phòng chưa chọn"),
    (Rule.DOCUMENTS, complete,                        P, False, "Báo cáo đủ mục"),
    (Rule.DOCUMENTS, as_it_is,                        F, False, "Còn thiếu 6 việc: Viết mục I.1"),
    (Rule.DOCUMENTS, nothing_required,                U, False, "không nêu thành phần"),
]
# fmt: on


def test_every_rule_has_its_cases():
    told = {(rule, outcome) for rule, _, outcome, _, _ in CASES}
    # Of a hold it cannot be told how it will end: it never fails.
    assert told == {(r, o) for r in Rule for o in Outcome} - {(Rule.HOLD, F)}


def test_each_rule_says_pass_fail_or_cannot_tell_with_its_sentence(w):
    for rule, stage, outcome, blocks, words in CASES:
        with transaction.atomic():
            subject = stage(w)
            nomination = subject if subject == w.collective else w.person
            finding = found(nomination, rule)
            case = (rule, stage.__name__, finding)
            assert (finding.outcome, finding.blocks) == (outcome, blocks), case
            assert words in finding.sentence, case
            assert finding.sentence.endswith("."), case
            assert finding.url or not finding.blocks, case
            transaction.set_rollback(True)
    assert found(w.person, Rule.SUBJECT).outcome == P


def test_each_finding_cites_its_clause_and_since_when_it_holds(w):
    cited = {
        finding.rule: (finding.clause, finding.in_force_from)
        for finding in check([w.person], w.noon)[0].findings
    }
    law = ("Điều 5 khoản 2 điểm c Luật Thi đua, khen thưởng", dt.date(2024, 1, 1))
    decree = ("Điều 4 khoản 4 Nghị định số 152/2025/NĐ-CP", dt.date(2025, 7, 1))
    plan = ("Mục V.2.b của kế hoạch", w.campaign.launched_on)

    assert cited[Rule.SUBJECT] == cited[Rule.CRITERIA] == plan
    assert cited[Rule.LIVE_ONCE] == cited[Rule.RECEIVED] == law
    assert cited[Rule.HOLD] == cited[Rule.COUNTED] == decree
    assert cited[Rule.QUOTA] == ("Chỉ tiêu của đợt", w.campaign.launched_on)


def test_a_law_that_the_catalogue_lacks_is_not_made_up(w):
    Provision.objects.filter(key="one_achievement_one_award").delete()

    assert (found(w.person, Rule.LIVE_ONCE).clause, found(w.person, Rule.HOLD).clause[:4]) == (
        "",
        "Điều",
    )


# --- What blocks, what is shown ----------------------------------------------------------------


def test_what_fails_keeps_the_proposal_and_what_cannot_be_told_does_not(client, w):
    factories.complete(w.proposal)
    on_hold(w)
    with transaction.atomic():
        received_in_this_campaign(w)
        [lack] = lacks_of_findings(check_proposal(w.proposal, w.noon, w.head))
        assert lack.sentence.startswith("Nông Thị Ánh: Đã được tặng Giấy khen")
        assert lack.url == reverse("nomination_withdraw", args=[w.person.pk])
        client.force_login(w.head)
        for name in ("proposal_submit", "proposal_detail"):
            page = client.get(reverse(name, args=[w.proposal.pk]))
            assert [one.sentence for one in page.context["lacks"]] == [lack.sentence]
            assert b"disabled" in page.content
        with pytest.raises(Refused, match=r"Nông Thị Ánh: Đã được tặng .* \(Điều 5 khoản 2"):
            proposals.submit_proposal(proposal=w.proposal, actor=w.head, at=w.noon)
        transaction.set_rollback(True)

    assert proposals.submit_proposal(proposal=w.proposal, actor=w.head, at=w.noon)


@pytest.mark.parametrize("count", [0, 4])
def test_findings_of_many_names_cost_the_queries_of_one(w, count, django_assert_num_queries):
    for number in range(count):
        nominate(w.proposal, make_person(w.unit, f"Nông Văn {number}"), w.letter)
    limited(w.criterion, 9)
    with django_assert_num_queries(16):
        checked = check_proposal(w.proposal, w.noon, w.head)
        lacks_of_findings(checked)

    assert len(checked) == count + 2


def test_who_may_not_know_of_holds_reads_no_line_about_them(client, w):
    disciplined_within(w)
    on_hold_rules = {Rule.HOLD, Rule.COUNTED}
    author = w.cast[R.STAFF_MEMBER]
    Nomination.objects.filter(pk=w.person.pk).update(author=author)
    for reader, reads in ((w.head, True), (author, False), (w.cast[R.COUNCIL_MEMBER], False),
                          (w.cast[R.SIGNATORY], True)):  # fmt: skip
        rules = {f.rule for f in check([fresh(w.person)], w.noon, reader)[0].findings}
        assert (rules >= on_hold_rules) == reads, reader
        assert reads or not rules & on_hold_rules
    client.force_login(author)
    page = client.get(reverse("nomination_check", args=[w.person.pk])).content.decode()
    assert "02/05/2025" not in page
    assert "tạm giữ" not in page.lower()


def test_its_unit_says_where_the_report_shows_the_criteria(client, w):
    client.force_login(w.head)
    url = reverse("nomination_check", args=[w.person.pk])
    page = client.get(url).content.decode()
    assert "Tiêu chuẩn ở mục V.2.b được nêu ở mục nào của báo cáo?" in page
    assert "Cá nhân có thành tích xuất sắc, tiêu biểu" in page
    heading = heading_of(w, "II.2")
    field = f"criterion_{w.criterion.pk}"
    assert "hãy chọn lại." in client.post(url, {field: "x"}).content.decode()

    assert client.post(url, {field: heading.pk}).status_code == 302

    answer = CriterionAnswer.objects.get()
    assert (answer.heading, answer.answered_by) == (heading, w.head)
    page = client.get(url).content.decode()
    assert f'<option value="{heading.pk}" selected>' in page
    factories.complete(w.proposal)
    factories.submit(w.proposal)
    with pytest.raises(Refused, match="không sửa được"):
        answer_criteria(nomination=w.person, answers={}, actor=w.head, at=w.noon)
    assert "chỉ sửa được khi hồ sơ đang soạn" in client.get(url).content.decode()
    client.force_login(w.cast[R.APPRAISER])
    desk = client.get(fresh(w.person).get_absolute_url()).content.decode()
    assert "Nêu ở mục II.2 của báo cáo." in desk
