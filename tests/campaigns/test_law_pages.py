"""The pages of the law: what everybody reads, what the office marks, mends and adds."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.queries.work import tasks_of
from campaigns import headings
from campaigns.actions import law as actions
from campaigns.actions import load_law
from campaigns.models import (
    AwardForm,
    CalendarDay,
    CampaignState,
    DayKind,
    LegalBasis,
    Provision,
    ReportForm,
    ReportHeading,
)
from campaigns.queries import law as queries
from campaigns.queries.days import add_working_days
from thidua.core import audit, clock
from thidua.core.permissions import OFFICE, Role
from thidua.core.workflow import Conflict, Refused

IN_2027 = dt.datetime(2026, 11, 23, 9, tzinfo=clock.VIET_NAM)
RATE = "commendation_letter/person"


@pytest.fixture(autouse=True)
def law(agency):
    load_law(agency)


@pytest.fixture
def clerk(cast):
    return cast[Role.APPRAISER]


@pytest.fixture
def chief(cast):
    return cast[Role.OFFICE_CHIEF]


@pytest.fixture
def basis():
    return LegalBasis.objects.get(code="152/2025/NĐ-CP")


@pytest.fixture
def rate():
    return Provision.objects.get(key=RATE, in_force_on=dt.date(2025, 7, 1))


@pytest.fixture
def thematic():
    return ReportForm.objects.get(number="07")


@pytest.fixture
def reader(client, cast):
    """Return a function that reads a page as somebody."""

    def read(url, role=Role.APPRAISER):
        client.force_login(cast[role])
        return client.get(url)

    return read


@pytest.fixture
def send(client, clerk):
    """Return a function that posts as the office and gives the answer."""

    def post(url, data):
        client.force_login(clerk)
        return client.post(url, data)

    return post


def fields_of(reader, name, row):
    """Return what the form of a page holds when it is opened."""
    form = reader(reverse(name, args=[row.pk])).context["form"]
    return {field.html_name: field.value() or "" for field in form} | {"version": row.version}


def as_typed(fields):
    return {
        name: f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value
        for name, value in fields.items()
    }


# --- Reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_the_law_and_only_the_office_mends_it(reader, basis, rate, thematic, role):
    for url in (
        reverse("law_list"),
        basis.get_absolute_url(),
        rate.get_absolute_url(),
        thematic.get_absolute_url(),
        reverse("calendar_list"),
    ):
        page = reader(url, role).content.decode()
        assert ("/edit/" in page or "/create/" in page) == (role in OFFICE), url
        assert "Chưa đối chiếu" in page, url


def test_the_list_says_what_is_in_force(reader, agency):
    groups = reader(reverse("law_list")).context["groups"]
    codes = {label: [pack.basis.code for pack in packs] for label, _, packs in groups}
    assert "152/2025/NĐ-CP" in codes["Đang có hiệu lực"]
    assert codes["Chưa có hiệu lực"] == ["161/2026/NĐ-CP", "06/2026/QH16"]
    assert codes["Hết hiệu lực"] == [
        "91/2017/NĐ-CP",
        "98/2023/NĐ-CP",
        "28/2024/NĐ-CP",
        "01/2024/TT-BNV",
    ]


def test_the_list_is_filtered_by_kind(reader):
    page = reader(reverse("law_list"), Role.STAFF_MEMBER)
    assert "112/KH-UBND" in page.content.decode()
    page = reader(reverse("law_list") + "?kind=base_salary", Role.STAFF_MEMBER).content.decode()
    assert "Mức lương cơ sở 2.530.000 đồng" in page
    assert "112/KH-UBND" not in page


def test_terms_are_told_in_words(reader, rate):
    page = reader(rate.get_absolute_url()).content.decode()
    assert "<dt>Hệ số</dt><dd>0,3</dd>" in page
    assert "<dd>10.000 đồng</dd>" in page
    salary = Provision.objects.get(kind="base_salary", in_force_on=dt.date(2024, 7, 1))
    page = reader(salary.get_absolute_url()).content.decode()
    assert page.count("2.340.000 đồng") >= 2
    assert "Đang áp dụng" in page
    permanent = Provision.objects.get(key="decision_register")
    assert "vĩnh viễn" in reader(permanent.get_absolute_url()).content.decode()


def test_pages_cost_the_same_however_many_rows(reader, basis, rate, agency, thematic):
    def asked(url):
        reader(url)
        with CaptureQueriesContext(connection) as seen:
            assert reader(url).status_code == 200
        return len(seen)

    urls = (
        reverse("law_list"),
        basis.get_absolute_url(),
        rate.get_absolute_url(),
        thematic.get_absolute_url(),
        reverse("calendar_list"),
    )
    few = [asked(url) for url in urls]
    for number in range(5):
        more = LegalBasis.objects.create(
            agency=agency, code=f"{number}/NQ", citation="…", in_force_on=dt.date(2025, 1, 1)
        )
        for at in (basis, more):
            Provision.objects.create(
                agency=agency,
                kind="principle",
                key=f"{number}/{at.pk}",
                title="…",
                basis=at,
                in_force_on=dt.date(2025, 1, 1),
            )
        CalendarDay.objects.create(
            agency=agency, day=dt.date(2025, 12, 1 + number), kind=DayKind.HOLIDAY, name="…"
        )
    assert [asked(url) for url in urls] == few


# --- What ends ---------------------------------------------------------------------------------


def test_the_office_is_told_months_before_and_until_it_has_recorded_its_review(
    reader, send, cast, basis, agency
):
    assert queries.ending_soon(agency, clock.today()) == []
    with clock.frozen(IN_2027):
        page = reader(reverse("law_list")).content.decode()
        assert "phải rà soát trước ngày 01/03/2027" in page
        for role in Role:
            titles = [task.title for task in tasks_of(cast[role], IN_2027)]
            assert ("Rà soát quy định sắp hết hiệu lực" in titles) == (role in OFFICE)
        for row in queries.to_review(agency, clock.today()):
            data = as_typed(fields_of(reader, "law_edit", row))
            data |= {"review_on": "01/03/2029", "reason": "Chưa có văn bản thay thế."}
            assert send(reverse("law_edit", args=[row.pk]), data).status_code == 302
        again = type(cast[Role.APPRAISER]).objects.get(pk=cast[Role.APPRAISER].pk)
        titles = [task.title for task in tasks_of(again, IN_2027)]
        assert "Rà soát quy định sắp hết hiệu lực" not in titles
    assert audit.history_of(basis).last().changes == {
        "phải rà soát trước ngày": ["01/03/2027", "01/03/2029"]
    }


def test_a_day_of_review_that_passed_still_warns_and_switches_nothing_off(agency, basis):
    late = dt.date(2028, 1, 1)
    assert basis in queries.to_review(agency, late)
    assert basis in queries.bases_on(agency, late)
    assert queries.provision_on(agency, "prize_rate", RATE, late)


def test_an_end_whose_successor_is_known_needs_no_review(agency):
    day = dt.date(2026, 6, 1)
    salary = LegalBasis.objects.get(code="73/2024/NĐ-CP")
    assert salary in queries.ending_soon(agency, day)
    assert salary not in queries.to_review(agency, day)
    LegalBasis.objects.filter(code="161/2026/NĐ-CP").update(code="khác")
    assert salary in queries.to_review(agency, day)


# --- Comparing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("law", LegalBasis),
        ("provision", Provision),
        ("report_form", ReportForm),
        ("calendar_day", CalendarDay),
    ],
)
def test_a_mark_says_who_and_when_and_is_withdrawn_with_a_reason(send, clerk, noon, name, model):
    row = model.objects.first()
    assert send(reverse(f"{name}_verify", args=[row.pk]), {"version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.verified_by, row.verified_at) == (clerk, noon)
    unverify = reverse(f"{name}_unverify", args=[row.pk])
    assert send(unverify, {"reason": " ", "version": "1"}).status_code == 200
    assert send(unverify, {"reason": "Nhầm bản.", "version": "1"}).status_code == 302
    row.refresh_from_db()
    assert not row.is_verified
    told = [(entry.action_label, entry.note) for entry in audit.history_of(row)]
    assert told[-1] == ("Rút dấu đã đối chiếu", "Nhầm bản.")


def test_nobody_marks_what_he_has_not_seen(send, rate, clerk):
    Provision.objects.filter(pk=rate.pk).update(version=2)
    send(reverse("provision_verify", args=[rate.pk]), {"version": "1"})
    rate.refresh_from_db()
    assert not rate.is_verified
    actions.mark_verified(row=rate, version=2, actor=clerk, at=clock.now())
    with pytest.raises(Refused, match="đã đối chiếu dòng này"):
        actions.mark_verified(row=rate, version=2, actor=clerk, at=clock.now())


# --- Mending -----------------------------------------------------------------------------------


def test_a_correction_keeps_the_old_values_and_takes_the_mark_away(reader, send, rate, clerk):
    actions.mark_verified(row=rate, version=1, actor=clerk, at=clock.now())
    data = as_typed(fields_of(reader, "provision_edit", rate))
    assert (data["coefficient"], data["round_to"]) == ("0,3", "10.000")
    data |= {"coefficient": "0,4", "article": "Điều 55", "reason": "Theo Công báo."}
    assert send(reverse("provision_edit", args=[rate.pk]), data).status_code == 302
    rate.refresh_from_db()
    assert (rate.content["coefficient"], rate.article, rate.version) == ("0.4", "Điều 55", 2)
    assert not rate.is_verified
    entry = audit.history_of(rate).last()
    assert entry.changes == {
        "Hệ số": ["0,3", "0,4"],
        "điều, khoản": ["Điều 54 khoản 1 điểm e", "Điều 55"],
    }
    assert entry.note == "Theo Công báo."


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("coefficient", "nhiều", "Hãy ghi một con số."),
        ("coefficient", "-1", "Hãy ghi số từ 0 đến 999."),
        ("round_to", "0", "Hãy ghi số từ 1 đến 1.000.000.000."),
        ("round_to", "1,5", "Hãy ghi số nguyên."),
        ("reason", "", "Hãy điền ô này."),
        ("out_of_force_on", "01/07/2025", "Ngày thôi áp dụng phải sau ngày áp dụng."),
        ("in_force_on", "01/01/2024", "Đã có quy định này áp dụng từ cùng ngày."),
    ],
)
def test_a_wrong_term_gets_the_sentence_that_mends_it(reader, send, rate, field, text, sentence):
    data = as_typed(fields_of(reader, "provision_edit", rate)) | {"reason": "Vì sao."}
    answer = send(reverse("provision_edit", args=[rate.pk]), data | {field: text})
    said = [line for lines in answer.context["form"].errors.values() for line in lines]
    assert said == [sentence]


def test_a_symbol_names_only_the_agency(reader, send):
    row = Provision.objects.get(kind="numbering", key="decision")
    data = as_typed(fields_of(reader, "provision_edit", row)) | {"reason": "Quy định mới."}
    url = reverse("provision_edit", args=[row.pk])
    answer = send(url, data | {"symbol": "QĐ-{0.__class__}"})
    assert answer.context["form"].errors["symbol"] == ["Trong ngoặc nhọn chỉ dùng {co_quan}."]
    assert send(url, data | {"symbol": "QĐKT-{co_quan}"}).status_code == 302


def test_of_two_who_mend_the_second_reads_what_the_first_did_and_keeps_what_he_typed(
    reader, send, basis, chief
):
    data = as_typed(fields_of(reader, "law_edit", basis))
    mine = data | {"note": "Tôi gõ dở.", "reason": "Lý do của tôi."}
    actions.correct(
        row=basis, columns={"note": "Đã đọc."}, reason="Công báo", version=1, actor=chief
    )
    url = reverse("law_edit", args=[basis.pk])
    answer = send(url, mine)
    page = answer.content.decode()
    assert "Hứa Văn Khoa vừa sửa trước bạn" in page
    assert "Đã đọc." in page
    assert "Tôi gõ dở." in page
    assert "Lý do của tôi." in page
    again = mine | {"version": answer.context["form"]["version"].value()}
    assert send(url, again).status_code == 302
    basis.refresh_from_db()
    assert (basis.note, basis.version) == ("Tôi gõ dở.", 3)


def test_a_correction_that_changes_nothing_is_no_correction(reader, send, basis):
    data = as_typed(fields_of(reader, "law_edit", basis)) | {"reason": "Vì sao."}
    answer = send(reverse("law_edit", args=[basis.pk]), data)
    assert "Chưa có gì khác với nội dung đang có." in answer.content.decode()
    basis.refresh_from_db()
    assert basis.version == 1


# --- Forms of report ---------------------------------------------------------------------------


@pytest.fixture
def edited(reader, thematic):
    data = as_typed(fields_of(reader, "report_form_edit", thematic))
    return data | {
        "unit_headings": data["unit_headings"] + "\nIV | Kiến nghị | Nếu có | không bắt buộc",
        "reason": "Theo phụ lục.",
    }


def test_a_form_is_corrected_as_a_new_edition(send, edited, campaign, thematic, clerk):
    closed = campaign.award_forms.first()
    assert send(reverse("report_form_edit", args=[thematic.pk]), edited).status_code == 302
    thematic.refresh_from_db()
    newer = thematic.replaced_by
    assert (newer.edition, newer.number, newer.basis) == (2, "07", thematic.basis)
    assert thematic.headings.filter(number="IV").count() == 0
    added = newer.headings.get(number="IV")
    assert (added.title, added.hint, added.is_required) == ("Kiến nghị", "Nếu có", False)
    kept = [
        list(form.headings.exclude(number="IV").order_by("subject_kind", "position").values_list(
            "subject_kind", "number", "title", "hint", "is_group", "is_required"
        ))
        for form in (thematic, newer)
    ]  # fmt: skip
    assert kept[0] == kept[1]
    assert set(AwardForm.objects.values_list("report_form", flat=True)) == {newer.pk}
    assert not newer.is_verified
    for form in (thematic, newer):
        assert "IV | Kiến nghị" in audit.history_of(form).last().changes["các mục, tập thể"][1]
    # Loading the packs again brings no second current edition.
    load_law(campaign.agency)
    assert ReportForm.objects.filter(number="07", replaced_by=None).get() == newer
    assert closed.report_form_id == thematic.pk  # as it was read before


def test_a_closed_campaign_keeps_its_form(send, edited, campaign, thematic, noon):
    type(campaign).objects.filter(pk=campaign.pk).update(state=CampaignState.CLOSED, closed_at=noon)
    assert send(reverse("report_form_edit", args=[thematic.pk]), edited).status_code == 302
    assert set(AwardForm.objects.values_list("report_form", flat=True)) == {thematic.pk}


def test_of_two_who_edit_a_form_the_second_goes_on_with_the_newer(
    reader, send, edited, thematic, client
):
    url = reverse("report_form_edit", args=[thematic.pk])
    assert send(url, edited).status_code == 302
    thematic.refresh_from_db()
    answer = send(url, edited | {"label": "Tên tôi gõ"})
    newest = reverse("report_form_edit", args=[thematic.replaced_by_id])
    page = answer.content.decode()
    assert f'action="{newest}"' in page
    assert "Tên tôi gõ" in page
    again = edited | {
        "label": "Tên tôi gõ",
        "version": answer.context["form"]["version"].value(),
    }
    assert send(newest, again).status_code == 302
    assert ReportForm.objects.get(number="07", replaced_by=None).edition == 3
    assert reader(url)["Location"].endswith(
        reverse("report_form_edit", args=[ReportForm.objects.latest("edition").pk])
    )


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("Chỉ có tên", "hãy ghi như"),
        ("I | A | B | C | D", "hãy ghi như"),
        ("I | A | B | lạ", "phần cuối chỉ là"),
        ("I | A | | đề mục", "Phải có ít nhất một mục bắt buộc viết."),
        ("12345678901 | A", "số mục dài quá"),
        ("I | " + "x" * 301, "tên mục dài quá"),
    ],
)
def test_a_wrong_heading_names_its_line(send, edited, thematic, lines, sentence):
    url = reverse("report_form_edit", args=[thematic.pk])
    answer = send(url, edited | {"unit_headings": lines})
    assert sentence in answer.context["form"].errors["unit_headings"][0]
    assert not ReportForm.objects.filter(edition=2).exists()


# --- Adding ------------------------------------------------------------------------------------


def test_a_later_row_holds_from_its_day_and_the_earlier_stays(reader, send, rate, agency):
    data = as_typed(fields_of(reader, "provision_next", rate)) | {
        "in_force_on": "01/10/2026",
        "coefficient": "0,5",
    }
    assert send(reverse("provision_next", args=[rate.pk]), data).status_code == 302
    before, after = (
        queries.must_hold(agency, "prize_rate", RATE, day).terms["coefficient"]
        for day in (dt.date(2026, 9, 30), dt.date(2026, 10, 1))
    )
    assert (str(before), str(after)) == ("0.3", "0.5")


def test_an_instrument_is_added_once(send):
    data = {
        "code": "200/2027/NĐ-CP",
        "citation": "Nghị định số 200/2027/NĐ-CP",
        "in_force_on": "01/03/2027",
    }
    url = reverse("law_create")
    assert send(url, data).status_code == 302
    answer = send(url, data)
    assert answer.context["form"].non_field_errors() == ["Văn bản này đã có trong danh mục."]
    assert audit.history_of(LegalBasis.objects.get(code="200/2027/NĐ-CP")).count() == 1


def test_a_year_is_pasted_line_by_line_and_moves_the_limits(send, agency):
    lines = "24/11/2026 | nghỉ | Ngày Văn hóa Việt Nam\n28/11/2026 | LÀM BÙ | Bù cho 24/11"
    eve = dt.date(2026, 11, 23)
    assert add_working_days(agency, eve, 5) == dt.date(2026, 11, 30)
    assert send(reverse("calendar_import"), {"lines": lines, "article": "TB 1"}).status_code == 302
    assert add_working_days(agency, eve, 5) == dt.date(2026, 11, 30)
    assert add_working_days(agency, eve, 4) == dt.date(2026, 11, 28)
    answer = send(
        reverse("calendar_import"), {"lines": lines + "\n25/11/2026 | nghỉ | Nghỉ", "article": ""}
    )
    told = [str(message) for message in answer.wsgi_request._messages]
    assert told[-2:] == [
        "Đã thêm 1 ngày vào lịch.",
        "Đã có trong lịch nên giữ nguyên: 24/11/2026, 28/11/2026.",
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("30/04/2027", "hãy ghi như"),
        ("31/02/2027 | nghỉ | A", "ngày phải như 30/04/2027"),
        ("01/01/0001 | nghỉ | A", "năm phải từ 1900 đến 2100"),
        ("30/04/2028 | chơi | A", "phần giữa chỉ là nghỉ hoặc làm bù"),
        ("30/04/2028 | nghỉ | A\n30/04/2028 | nghỉ | B", "có hai dòng"),
        ("30/04/2028 | nghỉ | " + "x" * 121, "tên ngày dài quá"),
    ],
)
def test_a_wrong_line_of_a_calendar_adds_nothing(send, line, sentence):
    before = CalendarDay.objects.count()
    answer = send(reverse("calendar_import"), {"lines": f"29/04/2028 | nghỉ | A\n{line}"})
    assert sentence in answer.context["form"].errors["lines"][0]
    assert CalendarDay.objects.count() == before


def test_only_a_day_to_come_is_taken_out(send, clerk):
    past = CalendarDay.objects.get(day=dt.date(2025, 9, 2))
    with pytest.raises(Refused, match="đã qua"):
        actions.remove_day(row=past, reason="x", version=1, actor=clerk, at=clock.now())
    coming = CalendarDay.objects.get(day=dt.date(2027, 9, 3))
    url = reverse("calendar_delete", args=[coming.pk])
    assert send(url, {"reason": "Thông báo mới.", "version": "1"}).status_code == 302
    assert not CalendarDay.objects.filter(pk=coming.pk).exists()
    assert audit.history_of(coming).last().note == "Thông báo mới."


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_writes(agency, clerk, chief, basis):
    def mend(actor, outcomes):
        try:
            actions.correct(
                row=basis, columns={"note": actor.username}, reason="x", version=1, actor=actor
            )
        except Conflict:
            outcomes.append("second")
        else:
            outcomes.append("first")
        finally:
            connection.close()

    outcomes = []
    threads = [threading.Thread(target=mend, args=(who, outcomes)) for who in (clerk, chief)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["first", "second"]
    assert LegalBasis.objects.get(pk=basis.pk).version == 2


def test_a_list_of_awards_is_a_kind_of_heading():
    line = "III | Đã được khen |  | không bắt buộc, danh sách khen thưởng"
    rows = headings.read(f"I | Thành tích\n{line}", "unit")
    assert [(row["kind"], row["is_required"]) for row in rows] == [
        ("text", True),
        ("awards", False),
    ]
    assert headings.line_of(ReportHeading(**rows[1])) == line
    with pytest.raises(Refused, match="chỉ là tiêu đề"):
        headings.read("I | Chung | | đề mục, danh sách khen thưởng\nII | Hai", "unit")
