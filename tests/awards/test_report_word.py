"""Past awards in rows, and a report read in from Word: nothing typed or written is lost."""

import datetime as dt

import pytest
from django.urls import reverse

from awards.actions import reports
from awards.models import PastAward
from awards.papers.unit import report_paper
from awards.queries import nomination_fingerprint
from awards.rules.nomination import lacks_of_report
from awards.rules.past_awards import AwardRow, row_of
from awards.rules.report import moved_rows
from awards.rules.report_reading import read_report
from awards.views.report_word import _read
from campaigns.models import ReportHeading
from tests import factories
from tests.factories import fresh
from thidua.core.permissions import Role
from thidua.core.text import fold
from thidua.core.word_reading import read
from thidua.core.word_writing import render_docx

pytestmark = pytest.mark.django_db

ROW = AwardRow("2023", "Giấy khen", "12/QĐ-TTr", dt.date(2024, 1, 5), "Chánh Thanh tra tỉnh")
FILE = (
    "BÁO CÁO THÀNH TÍCH",
    "I.2. Nhiệm vụ được giao",
    "Theo dõi sáu xã.",
    "II.1. Kết quả thực hiện các nội dung của đợt thi đua",
    "Hoàn thành 12 cuộc.",
    "III. Các hình thức đã được khen thưởng",
    "Năm 2023: Giấy khen (Quyết định số 12/QĐ-TTr ngày 05/01/2024 của Chánh Thanh tra tỉnh)",
    "IV. KIẾN NGHỊ",
    "Trang bị máy quét.",
)


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def sign_in(client):
    def enter(user):
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def nomination(unit, head, campaign, people, letter_form):
    return factories.nominate(
        factories.draft_proposal(unit, head, campaign), people[0], letter_form
    )


def heading(nomination, number):
    return nomination.report.form.headings.get(subject_kind="person", number=number)


def write(nomination, head, noon, **what):
    report = fresh(nomination).report
    reports.write_report(
        nomination=nomination,
        **({"texts": {}} | what),
        version=report.version,
        actor=head,
        at=noon,
    )


def texts_of(nomination):
    sections = fresh(nomination).report.sections.select_related("heading")
    return {section.heading.number: section.text for section in sections if section.text}


def rows_of(nomination):
    return [row_of(award) for award in fresh(nomination).report.past_awards.all()]


# --- Rows ----------------------------------------------------------------------------------------


def posted(nomination, **cells):
    awards = heading(nomination, "III").pk
    return {"version": fresh(nomination).report.version} | {
        f"award_{awards}_{name}": value for name, value in cells.items()
    }


ROW_CELLS = {
    "1_year": "2023",
    "1_name": "Giấy khen",
    "1_decision_number": "Số 12/QĐ-TTr",
    "1_decided_on": "5/1/2024",
    "1_issued_by": "Chánh Thanh tra tỉnh",
}


def test_rows_are_saved_as_plain_fields_and_an_empty_one_is_dropped(sign_in, head, nomination):
    client = sign_in(head)
    url = reverse("report_edit", args=[nomination.pk])
    cells = ROW_CELLS | {"2_year": "", "2_name": " ", "3_year": "2024"}
    assert client.post(url, posted(nomination, **cells)).status_code == 302
    assert rows_of(nomination) == [ROW, AwardRow("2024")]

    page = client.get(url).content.decode()
    assert page.count('aria-label="Năm, dòng') == 5
    for sentence in ("Hãy ghi danh hiệu hoặc hình thức.", "Hãy ghi số quyết định."):
        assert sentence in page
    [half] = [lack for lack in lacks_of_report(fresh(nomination)) if "dòng" in lack.sentence]
    assert half.sentence == "Ghi nốt dòng khen thưởng 2 trong báo cáo của Nông Thị Ánh"
    assert f'id="{half.url.partition("#")[2]}"' in page


def test_a_wrong_day_gets_its_sentence_and_nothing_typed_is_lost(sign_in, head, nomination):
    client = sign_in(head)
    url = reverse("report_edit", args=[nomination.pk])
    data = posted(nomination, **ROW_CELLS | {"1_decided_on": "31/02/2024"})
    answer = client.post(url, data)
    page = answer.content.decode()
    assert "Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 20/11/2025." in page
    assert all(f'value="{value}"' in page for value in ("31/02/2024", "Giấy khen"))
    saved = client.post(url, data, headers={"HX-Request": "true"}).content.decode()
    assert "Chưa lưu" in saved
    assert "dòng khen thưởng 1: Hãy ghi ngày" in saved


def test_a_page_that_did_not_show_the_table_leaves_the_rows(sign_in, head, nomination, noon):
    write(nomination, head, noon, rows={heading(nomination, "III").pk: [ROW]})
    first = heading(nomination, "I.1").pk
    data = {"version": 2, f"heading_{first}": "Thanh tra viên."}
    sign_in(head).post(reverse("report_edit", args=[nomination.pk]), data)
    assert rows_of(nomination) == [ROW]
    assert texts_of(nomination) == {"I.1": "Thanh tra viên."}


def test_a_conflict_shows_the_rows_of_both(sign_in, head, nomination, noon):
    data = posted(nomination, **ROW_CELLS | {"1_name": "Bằng khen"}) | {
        f"heading_{heading(nomination, 'III').pk}": ""
    }
    write(nomination, head, noon, rows={heading(nomination, "III").pk: [ROW]})
    page = sign_in(head).post(reverse("report_edit", args=[nomination.pk]), data).content.decode()
    assert "2023 | Giấy khen | Số 12/QĐ-TTr ngày 05/01/2024; Chánh Thanh tra tỉnh" in page
    assert 'value="Bằng khen"' in page
    assert rows_of(nomination) == [ROW]


def test_rows_are_part_of_what_is_sent(nomination, head, noon):
    before = nomination_fingerprint(fresh(nomination))
    write(nomination, head, noon, rows={heading(nomination, "III").pk: [ROW]})
    with_row = nomination_fingerprint(fresh(nomination))
    assert with_row != before
    PastAward.objects.update(year="2022")
    assert nomination_fingerprint(fresh(nomination)) not in {before, with_row}
    PastAward.objects.all().delete()
    assert nomination_fingerprint(fresh(nomination)) == before


def test_our_register_is_taken_over_once(
    sign_in, head, unit, campaign, letter_form, merit_form, cast
):
    """One form is awarded while the other, of the same collective, is mended."""
    registrar, signer, clerk = (
        cast[role] for role in (Role.REGISTRAR, Role.SIGNATORY, Role.APPRAISER)
    )
    proposal = factories.draft_proposal(unit, head, campaign)
    awarded = factories.nominate(proposal, unit, letter_form)
    mended = factories.nominate(proposal, unit, merit_form, reason="Hai thành tích.")
    factories.submit(factories.complete(proposal))
    factories.returned(fresh(mended), clerk)
    factories.approved(factories.accepted(fresh(awarded), clerk), signer)
    factories.closed(factories.printed(factories.issued(letter_form, registrar)), registrar)

    client = sign_in(head)
    page = client.get(reverse("report_edit", args=[mended.pk])).content.decode()
    assert "Lấy từ Sổ khen thưởng" in page
    section = fresh(mended).report.sections.get(heading__number="II.1")
    take = reverse("report_take_awards", args=[mended.pk])
    data = {"version": 2, f"heading_{section.heading_id}": "Vừa gõ thêm."}
    assert client.post(take, data).status_code == 302
    [row] = rows_of(mended)
    assert (row.year, row.name, row.lacks) == ("2025", letter_form.name, {})
    assert texts_of(mended)["II.1"] == "Vừa gõ thêm."
    answer = client.post(take, {"version": 4}, follow=True).content.decode()
    assert "Sổ khen thưởng không có dòng nào mới." in answer
    assert "Lấy từ Sổ khen thưởng</button>" not in answer
    assert rows_of(mended) == [row]


def test_rows_without_a_list_become_text():
    old = ReportHeading(pk=1, number="III", title="Khen thưởng", kind="awards")
    plain = ReportHeading(pk=2, number="IV", title="Ghi thêm")
    listed = ReportHeading(pk=3, number="V", title="Đã được khen", kind="awards")
    assert moved_rows([(old, ROW)], [plain, listed]) == ({3: [ROW]}, [])
    assert moved_rows([(old, ROW)], [plain]) == ({}, [(old, ROW.line)])


# --- From Word -----------------------------------------------------------------------------------


def test_a_file_is_shown_first_and_then_used(sign_in, head, nomination, noon):
    client = sign_in(head)
    write(nomination, head, noon, texts={heading(nomination, "I.2").pk: "Viết tay."})
    url = reverse("report_word", args=[nomination.pk])
    answer = client.post(url, {"file": factories.upload(factories.report_docx(*FILE), "bc.docx")})
    use = reverse("report_word_use", args=[nomination.pk])
    assert answer["Location"] == use
    page = client.get(use).content.decode()
    for words in ("Theo dõi sáu xã.", "Viết tay.", "Trang bị máy quét.", "Chánh Thanh tra tỉnh"):
        assert words in page
    assert texts_of(nomination) == {"I.2": "Viết tay."}  # looked at, not used

    choice = f"use_{heading(nomination, 'I.2').pk}"
    assert client.post(use, {"version": 2, choice: "join"}).status_code == 302
    assert texts_of(nomination) == {
        "I.2": "Viết tay.\nTheo dõi sáu xã.",
        "II.1": "Hoàn thành 12 cuộc.",
    }
    assert rows_of(nomination) == [ROW]
    report = fresh(nomination).report
    assert "Trang bị máy quét." in report.unplaced
    assert report.word_file.name == "bc.docx"
    assert client.get(reverse("report_word_file", args=[nomination.pk])).status_code == 200


def test_what_is_not_placed_holds_the_report_back_until_somebody_deletes_it(
    sign_in, head, nomination, noon
):
    factories.write_report(nomination)
    write(nomination, head, noon, unplaced="Lời lạ.")
    [lack] = lacks_of_report(fresh(nomination))
    assert lack.sentence.startswith("Xếp hoặc bỏ phần chưa xếp được từ tệp Word")
    client = sign_in(head)
    url = reverse("report_edit", args=[nomination.pk])
    page = client.get(url).content.decode()
    assert f'id="{lack.url.partition("#")[2]}"' in page
    client.post(url, {"version": 3})  # a page that did not show it leaves it
    assert fresh(nomination).report.unplaced == "Lời lạ."
    client.post(url, {"version": 3, "unplaced_text": ""})
    assert lacks_of_report(fresh(nomination)) == []


def test_reading_the_same_file_twice_adds_nothing(sign_in, head, nomination):
    client = sign_in(head)
    factories.keep_report_docx(nomination, head, *FILE)
    use = reverse("report_word_use", args=[nomination.pk])
    client.post(use, {"version": 1})
    once = fresh(nomination).report
    assert client.post(use, {"version": once.version}).status_code == 302
    assert fresh(nomination).report.unplaced == once.unplaced
    assert fresh(nomination).report.version == once.version


def test_an_old_page_writes_over_nothing(sign_in, head, nomination, noon):
    client = sign_in(head)
    factories.keep_report_docx(nomination, head, *FILE)
    write(nomination, head, noon, texts={heading(nomination, "II.1").pk: "Mới gõ."})
    choice = f"use_{heading(nomination, 'II.1').pk}"
    answer = client.post(
        reverse("report_word_use", args=[nomination.pk]), {"version": 1, choice: "replace"}
    )
    assert "Báo cáo vừa được lưu ở nơi khác." in answer.content.decode()
    assert texts_of(nomination) == {"II.1": "Mới gõ."}


def test_who_was_invited_reads_a_file_in_too(
    sign_in, head, cast, unit, campaign, letter_form, noon
):
    author = cast[Role.STAFF_MEMBER]
    nomination = factories.nominate(
        factories.draft_proposal(unit, head, campaign), author.person, letter_form
    )
    client = sign_in(author)
    url = reverse("report_word", args=[nomination.pk])
    assert client.get(url).status_code == 404
    reports.invite_author(nomination=nomination, author=author, actor=head, at=noon)
    file = factories.upload(factories.report_docx(*FILE), "bc.docx")
    assert client.post(url, {"file": file}).status_code == 302
    client.post(reverse("report_word_use", args=[nomination.pk]), {"version": 1})
    assert texts_of(nomination)["II.1"] == "Hoàn thành 12 cuộc."


@pytest.mark.parametrize("kind", ["person", "unit"])
def test_a_report_goes_out_and_comes_back(kind, unit, head, campaign, people, letter_form, noon):
    proposal = factories.draft_proposal(unit, head, campaign)
    nomination = factories.nominate(proposal, people[0] if kind == "person" else unit, letter_form)
    factories.write_report(nomination, text="Dòng một.\n\n- Dòng hai:")
    awards = nomination.report.form.headings.get(subject_kind=kind, number="III")
    write(nomination, head, noon, rows={awards.pk: [ROW, AwardRow("2022", "Lao động tiên tiến")]})
    content = render_docx(report_paper(fresh(nomination)))

    reports.keep_word_file(
        nomination=nomination, upload=factories.upload(content, "bc.docx"), actor=head, at=noon
    )
    reading = _read(fresh(nomination))
    assert reading.unplaced == []
    assert list(reading.rows.values()) == [rows_of(nomination)]
    before = fresh(nomination).report
    reports.use_word_file(
        nomination=nomination,
        reading=reading,
        choices={},
        version=before.version,
        actor=head,
        at=noon,
    )
    assert fresh(nomination).report.version == before.version  # bit for bit as it was


def test_a_text_longer_than_its_field_is_kept_beside(nomination, head, noon):
    long = "\n".join(f"Câu thứ {n} của một báo cáo rất dài." for n in range(900))
    blocks = read(
        factories.report_docx("II.1. Kết quả thực hiện các nội dung của đợt thi đua", long)
    )
    headings = list(nomination.report.form.headings.filter(subject_kind="person"))
    reading = read_report(blocks, headings, [])
    reports.use_word_file(
        nomination=nomination, reading=reading, choices={}, version=1, actor=head, at=noon
    )
    kept = texts_of(nomination)["II.1"]
    assert len(kept) <= 20_000
    rest = fresh(nomination).report.unplaced.split("]\n")[1]
    assert fold(f"{kept}\n{rest}") == fold(long)
