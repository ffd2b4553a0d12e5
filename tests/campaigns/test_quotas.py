"""Quotas and waivers as the office sets them, and as everybody reads them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.actions.quotas import QuotaConflict, set_quotas, waive_quota
from campaigns.models import CampaignState, Quota, QuotaWaiver, SubjectKind
from campaigns.queries import quotas
from tests.awards.test_races import as_account, one_winner, together
from tests.conftest import make_unit
from tests.factories import upload
from thidua.core.models import AuditEntry
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db
RULING = {
    "reason": "Thành tích nổi bật.",
    "decided_by": "Chánh Thanh tra Triệu Văn Ngọc",
    "document": "Công văn số 3/TTr-VP ngày 18/11/2025",
}


@pytest.fixture
def criterion(letter_form):
    return letter_form.criteria.get(subject_kind=SubjectKind.PERSON)


@pytest.fixture
def of_units(letter_form):
    return letter_form.criteria.get(subject_kind=SubjectKind.UNIT)


@pytest.fixture
def put(criterion, cast, noon):
    def act(wanted, seen=None, **other):
        arguments = {
            "criterion": criterion,
            "wanted": wanted,
            "seen": seen or {},
            "actor": cast[Role.APPRAISER],
            "at": noon,
        }
        return set_quotas(**arguments | other)

    return act


@pytest.fixture
def waive(criterion, unit, cast, noon):
    def act(**other):
        arguments = {
            "criterion": criterion,
            "unit": unit,
            "extra_count": 1,
            **RULING,
            "actor": cast[Role.OFFICE_CHIEF],
            "at": noon,
        }
        return waive_quota(**arguments | other)

    return act


@pytest.fixture
def as_clerk(client, cast):
    client.force_login(cast[Role.APPRAISER])
    return client


def texts(criterion):
    return {unit: quotas.text_of(row) for unit, row in quotas.quotas_of(criterion).items()}


def form_of(client, criterion):
    """Return what the page would send if nothing were touched."""
    response = client.get(reverse("quota_edit", args=[criterion.pk]))
    form = response.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


# --- Setting -----------------------------------------------------------------------------------


def test_quotas_are_added_changed_and_removed_and_the_log_tells_each(put, criterion, unit):
    assert put({None: "3", unit.pk: "10%"}) == 2
    assert texts(criterion) == {None: "3", unit.pk: "10%"}

    assert put({None: "4", unit.pk: ""}, {None: "3", unit.pk: "10%"}) == 2
    assert texts(criterion) == {None: "4"}

    notes = list(
        AuditEntry.objects.filter(action="campaigns.campaign.quota")
        .order_by("sequence")
        .values_list("note", flat=True)
    )
    assert notes == [
        "Giấy khen của Chánh Thanh tra, cá nhân: mỗi đơn vị không giới hạn → 3; Phòng Nghiệp vụ 2 theo mức chung → 10%",
        "Giấy khen của Chánh Thanh tra, cá nhân: mỗi đơn vị 3 → 4; Phòng Nghiệp vụ 2 10% → theo mức chung",
    ]


def test_nothing_changed_leaves_no_trace(put, unit):
    put({None: "3"})

    assert put({None: "3", unit.pk: ""}, {None: "3", unit.pk: ""}) == 0
    assert AuditEntry.objects.filter(action="campaigns.campaign.quota").count() == 1


def test_two_editors_do_not_overwrite_each_other(put, criterion, unit):
    put({None: "3", unit.pk: ""})  # the first saves; the second still has an empty page in sight

    with pytest.raises(QuotaConflict) as conflict:
        put({None: "5", unit.pk: "1"}, {None: "", unit.pk: ""})

    assert conflict.value.now == {None: "3"}
    assert texts(criterion) == {None: "3"}


def test_two_editors_of_different_units_do_not_meet(put, criterion, unit, other_unit):
    put({unit.pk: "1", other_unit.pk: ""})

    put({unit.pk: "", other_unit.pk: "2"} | {unit.pk: "1"}, {unit.pk: "", other_unit.pk: ""})

    assert texts(criterion) == {unit.pk: "1", other_unit.pk: "2"}


@pytest.mark.django_db(transaction=True)
def test_of_32_editors_with_the_same_page_one_writes(put, criterion, cast):
    def save(n):
        return put({None: str(n + 1)}, {None: ""}, actor=as_account(cast[Role.APPRAISER]))

    ends = together(*(lambda n=n: save(n) for n in range(32)))

    winner, sentences = one_winner(ends)
    assert winner == 1
    assert Quota.objects.count() == 1
    assert set(sentences) == {str(QuotaConflict({}))}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.APPRAISER, Role.OFFICE_CHIEF}))
def test_only_the_office_sets_quotas(put, cast, role):
    with pytest.raises(Refused, match="Việc này do Chuyên viên Văn phòng, Chánh Văn phòng"):
        put({None: "3"}, actor=cast[role])


def test_a_closed_campaign_keeps_its_quotas(put, waive, campaign, noon):
    put({None: "3"})
    type(campaign).objects.update(state=CampaignState.CLOSED, closed_at=noon)

    for act in (lambda: put({None: "4"}, {None: "3"}), waive):
        with pytest.raises(Refused, match="Đợt này đã kết thúc ngày 20/11/2025"):
            act()


def test_a_unit_of_another_agency_is_refused(put, waive, unit):
    from units.models import Agency  # noqa: PLC0415

    stranger = make_unit(Agency.objects.create(name="Cơ quan khác"), "Phòng khác")
    for act in (lambda: put({stranger.pk: "1"}), lambda: waive(unit=stranger)):
        with pytest.raises(Refused, match="Đơn vị này không thuộc cơ quan của đợt."):
            act()


# --- The page of the office --------------------------------------------------------------------


def test_the_page_sets_quotas_unit_by_unit(as_clerk, criterion, unit):
    body = form_of(as_clerk, criterion) | {"each": "3", f"unit_{unit.pk}": "10 %"}

    page = as_clerk.post(reverse("quota_edit", args=[criterion.pk]), body, follow=True)

    assert texts(criterion) == {None: "3", unit.pk: "10%"}
    assert "Đã lưu chỉ tiêu." in page.content.decode()
    assert "Phòng Nghiệp vụ 2: 10% số người" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("ba", "Hãy ghi một con số từ 0 đến 999 hoặc một tỷ lệ như 10%."),
        ("-1", "Hãy ghi một con số từ 0 đến 999 hoặc một tỷ lệ như 10%."),
        ("1000", "Hãy ghi một con số từ 0 đến 999 hoặc một tỷ lệ như 10%."),
        ("0%", "Hãy ghi tỷ lệ từ 1% đến 100%."),
        ("101%", "Hãy ghi tỷ lệ từ 1% đến 100%."),
    ],
)
def test_a_wrong_quota_is_told_beside_its_field_and_stays(as_clerk, criterion, typed, sentence):
    body = form_of(as_clerk, criterion) | {"each": typed}

    response = as_clerk.post(reverse("quota_edit", args=[criterion.pk]), body)

    assert response.context["form"].errors == {"each": [sentence]}
    assert f'value="{typed}"' in response.content.decode()
    assert not Quota.objects.exists()


def test_collectives_have_no_share(as_clerk, of_units):
    body = form_of(as_clerk, of_units) | {"each": "10%"}

    response = as_clerk.post(reverse("quota_edit", args=[of_units.pk]), body)

    assert response.context["form"].errors["each"] == [
        "Tỷ lệ chỉ dùng cho cá nhân. Hãy ghi một con số."
    ]


def test_the_second_editor_reads_what_the_first_wrote_and_may_insist(as_clerk, put, criterion):
    body = form_of(as_clerk, criterion) | {"each": "5"}
    url = reverse("quota_edit", args=[criterion.pk])
    put({None: "3"})

    response = as_clerk.post(url, body)

    form = response.context["form"]
    assert form.errors["each"] == [
        "Người khác vừa sửa thành: 3. Lưu lần nữa để dùng điều quý vị gõ."
    ]
    assert texts(criterion) == {None: "3"}
    again = {name: form[name].value() or "" for name in form.fields}
    assert again["each"] == "5"
    assert as_clerk.post(url, again).status_code == 302
    assert texts(criterion) == {None: "5"}


def test_only_pairs_with_criteria_stand_in_the_table(as_clerk, campaign, criterion, of_units):
    of_units.delete()

    rows = as_clerk.get(reverse("quota_list", args=[campaign.pk])).context["rows"]

    assert [row.label for row in rows] == [
        "Bằng khen của Chủ tịch UBND tỉnh, tập thể",
        quotas.label_of(criterion),
    ]


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_quotas_and_the_office_alone_is_offered_to_edit(
    client, cast, campaign, put, role
):
    put({None: "3"})
    client.force_login(cast[role])

    page = client.get(reverse("quota_list", args=[campaign.pk])).content.decode()

    assert "Không giới hạn" in page
    edits = role in {Role.APPRAISER, Role.OFFICE_CHIEF}
    assert ("Sửa chỉ tiêu Giấy khen của Chánh Thanh tra, cá nhân" in page) == edits
    assert ("Ghi cho vượt chỉ tiêu" in page) == (role == Role.OFFICE_CHIEF)


# --- Waivers -----------------------------------------------------------------------------------


def test_a_waiver_needs_a_quota_to_go_over(waive):
    with pytest.raises(Refused, match="không bị giới hạn Giấy khen của Chánh Thanh tra, cá nhân"):
        waive()


def test_the_same_document_counts_once(put, waive):
    put({None: "3"})
    waive()

    with pytest.raises(Refused, match="theo văn bản này"):
        waive(extra_count=2)
    assert waive(document="Công văn số 4/TTr-VP").pk


@pytest.mark.django_db(transaction=True)
def test_32_clicks_record_one_waiver(put, waive, cast):
    put({None: "3"})

    one_winner(together(*[lambda: waive(actor=as_account(cast[Role.OFFICE_CHIEF]))] * 32))

    assert QuotaWaiver.objects.count() == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICE_CHIEF}))
def test_only_the_chief_waives(put, waive, cast, role):
    put({None: "3"})

    with pytest.raises(Refused, match="Việc này do Chánh Văn phòng thực hiện."):
        waive(actor=cast[role])


def test_a_waiver_is_told_in_the_log(put, waive):
    put({None: "3"})

    waive()

    entry = AuditEntry.objects.get(action="campaigns.campaign.waive")
    assert entry.note == (
        "Phòng Nghiệp vụ 2: thêm 1 Giấy khen của Chánh Thanh tra, cá nhân; Công văn số 3/TTr-VP ngày 18/11/2025, "
        "Chánh Thanh tra Triệu Văn Ngọc: Thành tích nổi bật."
    )


def test_the_chief_records_a_waiver_with_its_document(client, cast, campaign, put, criterion, unit):
    put({None: "3"})
    client.force_login(cast[Role.OFFICE_CHIEF])
    url = reverse("waiver_create", args=[campaign.pk])
    body = RULING | {
        "unit": str(unit.pk),
        "criterion": str(criterion.pk),
        "extra_count": "0",
        "file": upload(name="cong-van.pdf"),
        "kept": "",
    }

    first = client.post(url, body)
    assert first.context["form"].errors["extra_count"] == ["Hãy ghi số từ 1 trở lên."]
    kept = first.context["form"].data["kept"]
    page = client.post(url, body | {"extra_count": "2", "file": "", "kept": kept}, follow=True)

    waiver = QuotaWaiver.objects.get()
    assert (waiver.extra_count, waiver.file.name) == (2, "cong-van.pdf")
    assert RULING["document"] in page.content.decode()
    file = client.get(reverse("waiver_file", args=[waiver.pk]))
    assert file["Content-Type"] == "application/pdf"


def test_a_head_reads_the_waiver_of_the_own_unit_alone(
    client, cast, campaign, put, waive, other_head
):
    put({None: "3"})
    waive()
    seen = {}
    for name, user in (("own", cast[Role.UNIT_HEAD]), ("other", other_head)):
        client.force_login(user)
        page = client.get(reverse("quota_list", args=[campaign.pk])).content.decode()
        seen[name] = RULING["document"] in page

    assert seen == {"own": True, "other": False}


def test_the_table_costs_the_same_for_one_quota_or_many(as_clerk, campaign, put, waive, agency):
    url = reverse("quota_list", args=[campaign.pk])

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert as_clerk.get(url).status_code == 200
        return len(queries)

    put({None: "3"})
    waive()
    asked()
    few = asked()
    units = [make_unit(agency, f"Phòng mới {n}") for n in range(5)]
    put({unit.pk: "2" for unit in units})
    for unit in units:
        waive(unit=unit)

    assert asked() == few
