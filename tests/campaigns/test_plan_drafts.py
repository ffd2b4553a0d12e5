"""From a plan to a campaign: nothing counts before a person has confirmed each field."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import actions, plan_fields, queries
from campaigns.actions import FIRST_PLAN
from campaigns.models import Campaign, LegalBasis, PlanDraft
from tests.campaigns import docx_layouts as layouts
from tests.campaigns.test_pages import FRAME
from tests.campaigns.test_reading import PLANS, docx, words_of
from tests.stories.reader import ClientDoor, Reader
from thidua.core import clock
from thidua.core.models import AuditEntry
from thidua.core.permissions import OFFICE, Role
from thidua.core.workflow import Refused
from units.models import Agency

NAME = "09-chi-cuc"


def make_draft(agency, actor, text="", upload=None):
    return actions.create_draft(
        agency=agency, upload=upload, text=text, actor=actor, at=clock.now()
    )


def confirm_all(draft, actor, **typed):
    for field in plan_fields.FIELDS:
        text = typed.get(field.name, draft.values[field.name])
        draft = actions.confirm_field(
            draft=draft, name=field.name, text=text, actor=actor, at=clock.now()
        )
    return draft


@pytest.fixture
def clerk(cast):
    return cast[Role.APPRAISER]


@pytest.fixture
def draft(agency, clerk):
    return make_draft(agency, clerk, words_of(NAME))


def test_a_draft_is_no_campaign(draft, agency):
    assert not Campaign.objects.exists()
    assert draft.campaign is None
    assert draft.agency == agency
    assert str(draft) == "Giữ rừng tận gốc"
    assert AuditEntry.objects.get().action == "campaigns.plandraft.create"


def test_a_confirmed_field_keeps_who_when_and_the_text_as_typed(draft, clerk):
    draft = actions.confirm_field(
        draft=draft, name="short_title", text=" Giữ  rừng ", actor=clerk, at=clock.now()
    )

    row = draft.fields["short_title"]
    assert row["value"] == "Giữ rừng"
    assert row["confirmed_by"] == clerk.display_name
    assert dt.datetime.fromisoformat(row["confirmed_at"]) == clock.now()
    entry = AuditEntry.objects.get(action="campaigns.plandraft.confirm")
    assert entry.changes == {"Tên ngắn": ["Giữ rừng tận gốc", "Giữ rừng"]}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("title", " ", "Hãy điền ô này."),
        ("short_title", "x" * 121, "120 ký tự"),
        ("opens_on", "31/02/2026", "ngày/tháng/năm"),
        ("sections", "Không có ngoặc", "Dòng đầu phải mở một mục"),
        ("sections", "[I] A\n[I] B", "có hai lần"),
        ("bases", "| Luật", "chưa có số, ký hiệu"),
        ("subjects", "khác | x", "không phải đối tượng"),
        ("award_forms", "Cờ | cơ quan | I", "Bằng khen hoặc Giấy khen"),
        ("award_forms", "Giấy khen", "chưa đúng cách ghi"),
        ("sets", "Giấy khen của A | 0", "phải từ 1"),
        ("criteria", "Giấy khen | tập thể | I", "chưa đúng cách ghi"),
        ("report_form", "07", "chưa đúng cách ghi"),
        ("required_items", "a | đơn | tất cả | I | x", "không phải loại tài liệu"),
        ("required_items", "a | tờ trình | cờ | I | x", "hãy ghi tất cả"),
        ("recipients", "x" * 201, "200 ký tự"),
    ],
)
def test_a_text_that_means_nothing_is_refused_with_the_mend(draft, clerk, name, text, words):
    with pytest.raises(Refused, match=words):
        actions.confirm_field(draft=draft, name=name, text=text, actor=clerk, at=clock.now())

    draft.refresh_from_db()
    assert "confirmed_at" not in draft.fields[name]


def test_no_campaign_before_every_field_is_confirmed(draft, clerk):
    for field in plan_fields.FIELDS[:-1]:
        text = draft.values[field.name]
        draft = actions.confirm_field(
            draft=draft, name=field.name, text=text, actor=clerk, at=clock.now()
        )

    with pytest.raises(Refused, match="Còn 1 mục chưa xác nhận: Người ký"):
        actions.make_campaign(draft=draft, actor=clerk, at=clock.now())

    assert not Campaign.objects.exists()


def test_a_confirmed_draft_becomes_a_campaign_once(draft, clerk, agency):
    draft = confirm_all(draft, clerk)

    campaign = actions.make_campaign(draft=draft, actor=clerk, at=clock.now())

    assert campaign.agency == agency
    assert (campaign.number, campaign.symbol) == ("301", "KH-CCKL")
    assert campaign.issued_on == dt.date(2025, 12, 15)
    assert (campaign.opens_on, campaign.nominations_due_on) == (
        dt.date(2026, 12, 1),
        dt.date(2026, 12, 31),
    )
    assert campaign.reference_plan.code == "560/KH-SNNMT"
    assert not LegalBasis.objects.get(code="560/KH-SNNMT").is_verified
    assert [(f.name, f.route, f.set_count) for f in campaign.award_forms.all()] == [
        ("Giấy khen của Chi cục trưởng Chi cục Kiểm lâm", "own", 1),
        ("Bằng khen của Chủ tịch UBND tỉnh", "superior", 2),
    ]
    letters = [
        [item.letter for item in form.required_items.all()] for form in campaign.award_forms.all()
    ]
    assert letters == [["a", "b", "d"], ["a", "c", "d"]]
    assert [s.clause for s in campaign.sections.filter(level=1)] == ["I", "II", "III", "IV", "V"]
    assert AuditEntry.objects.filter(action="campaigns.campaign.create").count() == 1
    draft.refresh_from_db()
    assert draft.campaign == campaign
    with pytest.raises(Refused, match="đã được lập"):
        actions.make_campaign(draft=draft, actor=clerk, at=clock.now())
    with pytest.raises(Refused, match="đã được lập"):
        actions.confirm_field(draft=draft, name="title", text="x", actor=clerk, at=clock.now())


def test_the_real_plan_makes_the_same_rows_as_its_file(agency, clerk, campaign):
    text = FIRST_PLAN.with_suffix(".md").read_text(encoding="utf-8")
    typed = {"title": "Tên khác", "launched_on": "31/05/2024"}
    draft = confirm_all(make_draft(agency, clerk, text), clerk, **typed)

    made = actions.make_campaign(draft=draft, actor=clerk, at=clock.now())

    def rows(of):
        criteria = [c for form in of.award_forms.all() for c in form.criteria.all()]
        return [
            [(s.clause, s.level, s.number, s.title, s.body) for s in of.sections.all()],
            [(f.name, f.award_type, f.route, f.set_count, f.clause) for f in of.award_forms.all()],
            sorted((c.award_form.name, c.subject_kind, c.text, c.clause) for c in criteria),
            [(i.letter, i.kind, i.text, i.clause) for i in of.required_items.all()],
            [recipient.text for recipient in of.recipients.all()],
        ]

    assert rows(made) == rows(campaign)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"opens_on": "01/01/2027"}, "đứng trước ngày bắt đầu nhận"),
        ({"sets": "Giấy khen của A | 01"}, "không có trong Hình thức khen thưởng"),
        ({"subjects": "tập thể | Các hạt"}, "Đối tượng không có cá nhân"),
        ({"reference_plan": "1/KH-A"}, "chưa có trong Căn cứ pháp lý"),
        ({"report_form": "99 | 98/2023/NĐ-CP"}, "Mẫu báo cáo thành tích chưa có"),
        ({"bases": "1/KH-A", "reference_plan": ""}, "Hãy ghi cách dẫn"),
    ],
)
def test_fields_that_do_not_fit_make_no_campaign(draft, clerk, typed, words):
    draft = confirm_all(draft, clerk, **typed)

    with pytest.raises(Refused, match=words):
        actions.make_campaign(draft=draft, actor=clerk, at=clock.now())

    assert not Campaign.objects.exists()
    assert not LegalBasis.objects.filter(code__in=["560/KH-SNNMT", "1/KH-A"]).exists()


def test_the_same_plan_makes_no_second_campaign(draft, clerk, agency):
    actions.make_campaign(draft=confirm_all(draft, clerk), actor=clerk, at=clock.now())
    again = confirm_all(make_draft(agency, clerk, words_of(NAME)), clerk)

    with pytest.raises(Refused, match="đã có đợt mang tên"):
        actions.make_campaign(draft=again, actor=clerk, at=clock.now())


def test_everything_can_be_typed(agency, clerk, draft):
    typed = draft.values
    blank = make_draft(agency, clerk)
    assert not any(blank.values.values())

    made = actions.make_campaign(
        draft=confirm_all(blank, clerk, **typed), actor=clerk, at=clock.now()
    )

    assert made.short_title == "Giữ rừng tận gốc"


# --- Pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_only_the_office_is_led_there(client, cast, campaign, role):
    client.force_login(cast[role])

    text = client.get(reverse("campaign_list")).content.decode()

    assert ("Lập đợt mới từ kế hoạch" in text) == (role in OFFICE)


def test_another_agency_s_draft_does_not_exist(client, clerk, draft):
    PlanDraft.objects.update(agency=Agency.objects.create(name="Cơ quan khác"))
    client.force_login(clerk)

    for name in ("plan_draft_detail", "plan_draft_make", "plan_draft_file"):
        assert client.get(reverse(name, args=[draft.pk])).status_code == 404
    answer = client.post(
        reverse("plan_draft_detail", args=[draft.pk]), {"field": "title", "title-value": "x"}
    )
    assert answer.status_code == 404
    assert str(draft) not in client.get(reverse("plan_draft_list")).content.decode()


def test_a_refused_text_stays_in_its_field(client, clerk, draft):
    client.force_login(clerk)
    url = reverse("plan_draft_detail", args=[draft.pk])

    answer = client.post(url, {"field": "opens_on", "opens_on-value": "mai"})

    text = answer.content.decode()
    assert 'value="mai"' in text
    assert "Hãy ghi ngày theo dạng" in text
    assert client.post(url, {"field": "nothing"}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Hãy chọn tệp, dán lời văn"),
        ({"text": "KẾ HOẠCH", "by_hand": "on"}, "chỉ dùng một cách"),
        ({"file": ("a.docx", b"xyz")}, "Tệp Word bị hỏng"),
        ({"file": ("a.docx", docx({"word/media/b.bin": bytes(2 << 20)}))}, "nén bất thường"),
        ({"file": ("a.docx", docx({"word/vbaProject.bin": b"x"}))}, "macro"),
    ],
)
def test_what_cannot_be_read_is_said_in_the_form(client, clerk, sent, words):
    client.force_login(clerk)
    fields = {
        name: SimpleUploadedFile(*value) if name == "file" else value
        for name, value in sent.items()
    }

    answer = client.post(reverse("plan_draft_create"), fields)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not PlanDraft.objects.exists()


def test_a_form_sent_twice_reads_one_plan(client, clerk):
    client.force_login(clerk)
    url = reverse("plan_draft_create")
    key = client.get(url).context["form"]["form_key"].value()

    first, again, mended = (
        client.post(url, {"text": text, "form_key": key})
        for text in ("KẾ HOẠCH\nMột", "KẾ HOẠCH\nMột", "KẾ HOẠCH\nHai")
    )
    new_page = client.get(url).context["form"]["form_key"].value()
    anew = client.post(url, {"text": "KẾ HOẠCH\nMột", "form_key": new_page})

    assert first.url == again.url
    # What was changed before it was sent again is not lost, and a new page is a new plan.
    assert len({first.url, mended.url, anew.url}) == PlanDraft.objects.count() == 3
    assert AuditEntry.objects.filter(action="campaigns.plandraft.create").count() == 3


def test_a_form_that_was_refused_keeps_its_key(client, clerk):
    client.force_login(clerk)

    answer = client.post(reverse("plan_draft_create"), {"text": "", "form_key": "a1b2"})

    assert 'name="form_key" value="a1b2"' in answer.content.decode()


def test_from_a_word_file_to_the_campaign_without_javascript(cast, clerk):
    clerk.set_password("mot-mat-khau-thu-dai")
    clerk.save()
    lines = (PLANS / f"{NAME}.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    content = layouts.columns(lines)
    reader = Reader(ClientDoor()).sign_in(clerk.username, "mot-mat-khau-thu-dai")

    reader.open(reverse("campaign_list"))
    reader.follow("Lập đợt mới từ kế hoạch")
    reader.follow("Đọc một kế hoạch")
    reader.submit("Đọc kế hoạch", {"Tệp kế hoạch": ("ke-hoach.docx", content, "x/y")})
    reader.reads("Xác nhận kế hoạch", "Giữ rừng tận gốc", "98/2023/NĐ-CP, đã hết hiệu lực")
    draft = PlanDraft.objects.get()
    assert reader.fetch("ke-hoach.docx") == content
    for field in plan_fields.FIELDS:
        reader.submit(f"Xác nhận: {field.label}", {})
    reader.reads("Đã xong 25 trên 25 mục.")
    reader.follow("Lập đợt thi đua")
    reader.submit("Lập đợt thi đua")

    draft.refresh_from_db()
    assert reader.path == draft.campaign.get_absolute_url()
    reader.reads("Giữ rừng tận gốc", "Tuần tra đủ số ngày trong tháng.")
    reader.open(draft.get_absolute_url())
    reader.reads("Đợt đã được lập từ kế hoạch này")


def asked(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    tables = [
        query["sql"].split(" FROM ", 1)[1].lstrip('"')
        for query in seen.captured_queries
        if query["sql"].startswith("SELECT") and " FROM " in query["sql"]
    ]
    return len([table for table in tables if not table.startswith(FRAME)])


def test_drafts_and_their_history_cost_no_queries(client, clerk, cast, agency, draft):
    client.force_login(clerk)
    detail = reverse("plan_draft_detail", args=[draft.pk])
    few = [asked(client, url) for url in (reverse("plan_draft_list"), detail)]
    for _ in range(4):
        make_draft(agency, cast[Role.OFFICE_CHIEF], words_of(NAME))
    confirm_all(draft, clerk)

    assert [asked(client, url) for url in (reverse("plan_draft_list"), detail)] == few
    assert max(few) <= 12


def test_findings_follow_what_is_typed(draft, clerk):
    def fields():
        return {finding.field for finding in queries.findings_of(draft)}

    assert "number" not in fields()
    draft = actions.confirm_field(draft=draft, name="number", text="", actor=clerk, at=clock.now())
    assert "number" in fields()
