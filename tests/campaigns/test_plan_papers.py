"""The plan on paper: PDF and DOCX of the same facts, in the agency's own words and numbers."""

import io
import shutil
import subprocess
import unicodedata

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import reading
from campaigns.documents import PlanPart
from campaigns.models import Campaign, PlanRecipient, PlanSection
from campaigns.papers import plan_paper
from thidua.core import pdf, word
from thidua.core.documents import PaperError, render_html, render_pdf
from thidua.core.permissions import Role
from thidua.core.word_writing import render_docx
from units.models import Agency

FRAME = ("django_session", "staff_user", "staff_roleassignment")
FORMS = ("campaign_plan_pdf", "campaign_plan_docx")
SAID = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
UBND TỈNH THỬ
THANH TRA TỈNH
Số: /KH-TTr
Lạng Sơn, ngày tháng 5 năm 2024
KẾ HOẠCH
Phát động đợt thi đua lập thành tích chào mừng “Kỷ niệm 80 năm Ngày Tổng tuyển cử đầu tiên bầu Quốc hội Việt Nam” (06/01/1946 - 06/01/2026)
Thực hiện Kế hoạch số 112/KH-UBND ngày 20/5/2024
với nội dung cụ thể như sau:
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích:
2. Yêu cầu:
II. NỘI DUNG PHONG TRÀO THI ĐUA
1. Tuyên truyền về mục đích
IV. THỜI GIAN THI ĐUA
đến hết ngày 31/12/2025.
V. ĐỐI TƯỢNG, TIÊU CHUẨN, HÌNH THỨC KHEN THƯỞNG
a) Hình thức khen thưởng:
- Giấy khen của Chánh Thanh tra.
+ Đối với cá nhân:
3. Thủ tục, hồ sơ đề nghị khen thưởng (Đối với Giấy khen 01 bộ; Đối với Bằng khen 02 bộ):
d) Báo cáo thành tích của các tập thể, cá nhân theo mẫu số 07
vào Quý IV năm 2025.
VI. TỔ CHỨC THỰC HIỆN
trình cấp có thẩm quyền khen thưởng./.
Nơi nhận:
- Phòng TĐKT (Sở Nội vụ);
- Cụm II - Các CQ QLCN (Sở NN và PTNT);
- Lưu: VT.
CHÁNH THANH TRA
Đậu Trường An
""".strip().splitlines()
HOSTILE = "<script>x</script> & {{ campaign.pk }} {% now 'Y' %} ]]> “a” (b)"


def plain(text):
    return " ".join(text.split())


def text_of_pdf(content):
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    first, *others = done.stdout.decode().split("\f")[:-1]
    # The number of a page stands between two halves of a paragraph that goes over to it.
    return plain(" ".join([first, *(page.split(maxsplit=1)[1] for page in others)]))


def text_of_docx(content):
    return plain(" ".join(paragraph.text for paragraph in word.paragraphs_of(content)))


WAYS = [(render_pdf, text_of_pdf), (render_docx, text_of_docx)]


@pytest.fixture
def ask(client, cast, campaign):
    client.force_login(cast[Role.STAFF_MEMBER])
    return lambda name: client.get(reverse(name, args=[campaign.pk]))


@pytest.mark.parametrize(("render", "text_of"), WAYS, ids=["pdf", "docx"])
def test_both_forms_say_the_whole_plan(campaign, render, text_of):
    paper = plan_paper(campaign)
    text = text_of(render(paper))

    assert unicodedata.is_normalized("NFC", text)
    for phrase in SAID:
        assert phrase in text, phrase
    at = 0
    for passage in paper.blocks:  # all of it, in the order of the plan
        at = text.index(plain(passage.text), at) + len(plain(passage.text))
    for section in campaign.sections.all():
        for line in section.body.splitlines():
            assert plain(line) in text


def test_section_iii_that_the_plan_lacks_is_not_made_up(campaign):
    marks = [part.mark for part in plan_paper(campaign).parts if part.level == 1]
    assert marks == ["I.", "II.", "IV.", "V.", "VI."]


def test_a_plan_with_its_number_and_day_prints_them(campaign):
    campaign.number, campaign.issued_text = "45", "Thử, ngày 27 tháng 5 năm 2024"
    for render, text_of in WAYS:
        text = text_of(render(plan_paper(campaign)))
        assert "Số: 45/KH-TTr" in text
        assert "Thử, ngày 27 tháng 5 năm 2024" in text


def test_the_printed_plan_has_the_pages_of_the_edited_one(campaign, tmp_path):
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed here")
    paper = plan_paper(campaign)
    (tmp_path / "plan.docx").write_bytes(render_docx(paper))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)),
            str(tmp_path / "plan.docx"),
        ],
        capture_output=True,
        check=True,
        timeout=120,
    )
    converted = (tmp_path / "plan.pdf").read_bytes()
    assert abs(pdf.page_count(converted) - pdf.page_count(render_pdf(paper))) <= 1
    text = text_of_pdf(converted)
    for phrase in SAID:
        assert phrase in text, phrase


def test_the_same_plan_has_the_same_bytes(campaign):
    again = Campaign.objects.get(pk=campaign.pk)
    for render, _ in WAYS:
        assert render(plan_paper(campaign)) == render(plan_paper(again))


def test_what_is_read_from_the_written_plan_is_the_plan(campaign):
    law = reading.Law((), frozenset())
    found = reading.read(word.paragraphs_of(render_docx(plan_paper(campaign))), law).fields

    assert found["title"].value == campaign.title
    assert found["symbol"].value == campaign.symbol
    assert found["preamble"].value == campaign.preamble
    assert found["signer_name"].value == campaign.signer_name
    assert found["recipients"].value.splitlines() == [r.text for r in campaign.recipients.all()]
    openings = [line for line in found["sections"].value.splitlines() if line.startswith("[")]
    assert openings == [f"[{s.clause}] {s.title}".rstrip() for s in campaign.sections.all()]


def test_hostile_words_stay_words(campaign):
    campaign.title = campaign.preamble = campaign.signer_name = campaign.issued_text = HOSTILE
    campaign.number = campaign.symbol = "<&{{"
    PlanSection.objects.filter(campaign=campaign, level=1).update(title=HOSTILE, body=HOSTILE)
    PlanRecipient.objects.filter(campaign=campaign, position=1).update(text=HOSTILE)
    paper = plan_paper(campaign)
    for render, text_of in WAYS:
        text = text_of(render(paper))
        assert text.count(HOSTILE) >= 4 + 2 * 5
        assert "Số: <&{{/<&{{" in text
    assert "<script>" not in render_html(paper)


def test_words_that_are_not_composed_or_not_printable_are_mended(campaign):
    campaign.preamble = unicodedata.normalize("NFD", "Thực hiện\u200b Kế hoạch:\x0b\x07")
    for render, text_of in WAYS:
        assert "Thực hiện Kế hoạch: I. MỤC ĐÍCH" in text_of(render(plan_paper(campaign)))


def test_a_plan_of_nothing_but_its_title_still_prints(campaign):
    campaign.sections.all().delete()
    campaign.recipients.all().delete()
    campaign.preamble = ""
    for render, text_of in WAYS:
        text = text_of(render(plan_paper(campaign)))
        assert "Đậu Trường An" in text
        assert "Nơi nhận" not in text


def test_grounds_are_in_italics_and_what_follows_is_not(campaign):
    campaign.preamble = (
        "Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022;\n"
        "Thực hiện Kế hoạch số 112/KH-UBND;\n"
        "Căn cứ tình hình thực tế, cơ quan phát động thi đua như sau:"
    )
    parts = [passage.part for passage in plan_paper(campaign).blocks[:3]]
    assert parts == ["basis", "basis", "body"]


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("CHÁNH THANH TRA", ("CHÁNH THANH TRA",)),
        ("KT. CHÁNH THANH TRA PHÓ CHÁNH THANH TRA", ("KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA")),
        ("KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        ("TM. ỦY BAN NHÂN DÂN CHỦ TỊCH", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (
            "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ),
        ("TL. GIÁM ĐỐC TRƯỞNG PHÒNG", ("TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG")),
        (
            "KT. TỔNG GIÁM ĐỐC PHÓ TỔNG GIÁM ĐỐC",
            ("KT. TỔNG GIÁM ĐỐC", "PHÓ TỔNG GIÁM ĐỐC"),
        ),
        ("PHÓ CHỦ TỊCH PHỤ TRÁCH", ("PHÓ CHỦ TỊCH PHỤ TRÁCH",)),
        (
            "KT. CHÁNH THANH TRA\nPHÓ CHÁNH THANH TRA",
            ("KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA"),
        ),
    ],
)
def test_the_office_of_the_signer_has_its_lines(campaign, written, lines):
    campaign.signer_title = written
    assert plan_paper(campaign).signature.lines == lines


@pytest.mark.parametrize(
    ("number", "mark"),
    [("I", "I."), ("A", "A."), ("2", "2."), ("1.1", "1.1."), ("đ", "đ)"), ("", "")],
)
def test_numbers_are_written_as_the_plan_writes_them(number, mark):
    assert PlanSection(number=number).mark == mark


def test_a_part_without_a_title_opens_with_its_number():
    part = PlanPart("1.", "", 2, ("Đầu.", "Sau."))
    assert [passage.text for passage in part.passages] == ["1. Đầu.", "Sau."]
    assert [p.text for p in PlanPart("", "", 1, ("Lời.",)).passages] == ["Lời."]
    assert [p.text for p in PlanPart("V.", "Tên", 9).passages] == ["V. Tên"]
    assert PlanPart().passages == []


def test_a_point_is_upright_and_every_other_heading_bold_however_deep():
    levels = [(mark, level) for mark in ("I.", "1.", "1.1.", "a)") for level in (1, 2, 3, 4)]
    found = {pair: PlanPart(pair[0], "Tên", pair[1]).passages[0].level for pair in levels}
    assert {mark: {found[mark, level] for level in (3, 4)} for mark, _ in levels} == {
        "I.": {2},
        "1.": {2},
        "1.1.": {2},
        "a)": {3},
    }
    assert found["I.", 1] == 1
    assert found["a)", 1] == 3


# --- Pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "suffix"), list(zip(FORMS, ("pdf", "docx"), strict=True)))
def test_the_plan_is_sent_as_a_file(ask, name, suffix):
    response = ask(name)
    content = b"".join(response)

    assert response.status_code == 200
    assert response["Content-Type"] == {"pdf": "application/pdf", "docx": word.DOCX}[suffix]
    assert response["Content-Disposition"] == (
        'attachment; filename="ke-hoach-ky-niem-80-nam-ngay-tong-tuyen-cu-dau-tien-bau-quoc-hoi-'
        f'viet-nam.{suffix}"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert content == b"".join(ask(name))


@pytest.mark.parametrize("name", FORMS)
def test_the_name_of_the_file_is_safe(ask, campaign, name):
    Campaign.objects.filter(pk=campaign.pk).update(short_title='../"đợt"\r\nX: 1 人')
    suffix = name.rsplit("_", 1)[1]
    assert ask(name)["Content-Disposition"] == f'attachment; filename="ke-hoach-dot-x-1.{suffix}"'


@pytest.mark.parametrize("name", FORMS)
def test_another_agency_s_plan_is_not_sent(ask, campaign, name):
    Campaign.objects.filter(pk=campaign.pk).update(
        agency=Agency.objects.create(name="Cơ quan khác")
    )
    assert ask(name).status_code == 404


@pytest.mark.parametrize("name", FORMS)
def test_a_plan_that_cannot_be_printed_says_why(ask, campaign, name, client):
    Campaign.objects.filter(pk=campaign.pk).update(title="Đ" * 400)
    response = ask(name)
    assert response.status_code == 302
    assert response.url == campaign.get_absolute_url()
    assert "Không xuống dòng được" in client.get(response.url).content.decode()


def test_the_reason_comes_from_either_form(campaign):
    campaign.title = "Đ" * 400
    for render, _ in WAYS:
        with pytest.raises(PaperError):
            render(plan_paper(campaign))


def test_the_page_of_the_plan_links_both(ask, campaign):
    page = ask("campaign_detail").content.decode()
    for name in FORMS:
        assert reverse(name, args=[campaign.pk]) in page


@pytest.mark.parametrize("name", FORMS)
def test_longer_plans_cost_no_more_queries(ask, campaign, name):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert ask(name).status_code == 200
        reads = [query["sql"] for query in seen.captured_queries if " FROM " in query["sql"]]
        tables = [sql.split(" FROM ", 1)[1].lstrip('"') for sql in reads]
        return len([table for table in tables if not table.startswith(FRAME)])

    few = asked()
    last = campaign.sections.last().position
    PlanSection.objects.bulk_create(
        PlanSection(campaign=campaign, position=last + n, level=2, body="…", clause=f"X.{n}")
        for n in range(1, 6)
    )
    PlanRecipient.objects.bulk_create(
        PlanRecipient(campaign=campaign, position=90 + n, text=f"Nơi {n}") for n in range(5)
    )
    assert asked() == few <= 3


def test_the_file_is_word_s_own_kind(campaign):
    word.check(render_docx(plan_paper(campaign)))
    assert io.BytesIO(render_docx(plan_paper(campaign))).read(2) == b"PK"
