"""The cast and the stage: one person per role around two units and the real plan's shape."""

import datetime as dt

import pytest
from django.contrib.auth.hashers import make_password

from awards.models import Council, CouncilMember, CouncilPosition
from campaigns.models import Campaign
from staff.models import EmploymentKind, Person, RoleAssignment, User
from thidua.core import binding, clock, documents, rendering, sending
from thidua.core.permissions import Role
from units.models import Agency, Unit, UnitKind

PRINTED = {}
PASSWORD = "mot-mat-khau-thu-dai"
LONGEST = ("stack", "clone", "at_work", "server")
NOON = dt.datetime(2025, 11, 20, 10, 30, tzinfo=clock.VIET_NAM)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with what takes longest."""
    items.sort(key=lambda item: not set(LONGEST) & set(item.fixturenames))


@pytest.fixture(autouse=True)
def stage(settings, tmp_path):
    """Hold the clock, hash fast, keep files apart, run jobs at once."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.AXES_ENABLED = False
    settings.WHITENOISE_AUTOREFRESH = True  # nothing needs to be collected first
    with clock.frozen(NOON) as at:
        yield at


@pytest.fixture
def printed_once(monkeypatch):
    """Print the same facts once in a process: for tests that print the same again and again.

    That the same facts always give the same bytes has tests of its own.
    """

    def print_or_find(paper):
        facts = documents.render_html(paper)
        if facts not in PRINTED:
            PRINTED[facts] = documents.render_pdf(paper)
        return PRINTED[facts]

    for printer in (rendering, binding, sending):
        monkeypatch.setattr(printer, "render_pdf", print_or_find)


@pytest.fixture
def noon():
    """A moment inside the window of the plan."""
    return NOON


@pytest.fixture
def agency(db):
    return Agency.objects.create(
        name="Thanh tra tỉnh Thử",
        paper_name="THANH TRA TỈNH",
        paper_parent="UBND TỈNH THỬ",
        place="Thử",
        abbreviation="TTr",
        head_title="Chánh Thanh tra",
        granting_title="CHÁNH THANH TRA TỈNH THỬ",
        superior_title="Chủ tịch UBND tỉnh",
        superior_route="Sở Nội vụ",
        prize_source="quỹ khen thưởng của cơ quan",
        is_sample=True,
    )


def make_unit(agency, name, kind=UnitKind.DEPARTMENT):
    return Unit.objects.create(
        agency=agency, name=name, code=name[-8:], kind=kind, head_title="Trưởng phòng"
    )


@pytest.fixture
def leadership(agency):
    return make_unit(agency, "Lãnh đạo Thanh tra", UnitKind.LEADERSHIP)


@pytest.fixture
def office(agency):
    return make_unit(agency, "Văn phòng", UnitKind.OFFICE)


@pytest.fixture
def unit(agency):
    return make_unit(agency, "Phòng Nghiệp vụ 2")


@pytest.fixture
def other_unit(agency):
    return make_unit(agency, "Phòng Nghiệp vụ 1")


def make_person(unit, name, position="Thanh tra viên"):
    return Person.objects.create(
        agency=unit.agency,
        unit=unit,
        full_name=name,
        position=position,
        employment_kind=EmploymentKind.CIVIL_SERVANT,
        is_sample=True,
    )


def make_user(person, role, username, unit=None):
    user = User(agency=person.agency, person=person, username=username, is_sample=True)
    user.password = make_password(PASSWORD)
    user.save()
    RoleAssignment.objects.create(user=user, role=role, unit=unit, from_on=dt.date(2025, 1, 1))
    return user


@pytest.fixture
def people(unit):
    """Return two people of the unit without an account."""
    return [make_person(unit, "Nông Thị Ánh"), make_person(unit, "Hoàng Văn Bình")]


@pytest.fixture
def cast(agency, leadership, office, unit):
    """Return one account per role: {Role: User}."""
    seats = {
        Role.UNIT_HEAD: (unit, "Lý Thị Đào", "Trưởng phòng"),
        Role.STAFF_MEMBER: (unit, "Vi Văn Đức", "Chuyên viên"),
        Role.APPRAISER: (office, "Lương Thị Hà", "Chuyên viên"),
        Role.OFFICE_CHIEF: (office, "Hứa Văn Khoa", "Chánh Văn phòng"),
        Role.COUNCIL_MEMBER: (unit, "Bế Thị Lan", "Phó Trưởng phòng"),
        Role.COUNCIL_SECRETARY: (office, "Dương Văn Minh", "Chuyên viên"),
        Role.SIGNATORY: (leadership, "Triệu Văn Ngọc", "Chánh Thanh tra"),
        Role.REGISTRAR: (office, "Mai Thị Oanh", "Văn thư"),
        Role.ADMINISTRATOR: (office, "Phùng Văn Phú", "Chuyên viên"),
        Role.HOLD_KEEPER: (leadership, "Sầm Thị Rạng", "Phó Chánh Thanh tra"),
    }
    return {
        role: make_user(
            make_person(at, name, position),
            role,
            role.value,
            unit=at if role == Role.UNIT_HEAD else None,
        )
        for role, (at, name, position) in seats.items()
    }


@pytest.fixture
def other_head(other_unit):
    """Return the head of another unit."""
    person = make_person(other_unit, "Đàm Văn Quý", "Trưởng phòng")
    return make_user(person, Role.UNIT_HEAD, "other_head", unit=other_unit)


@pytest.fixture
def campaign(agency):
    """Return the real plan, loaded as the product loads it."""
    from campaigns.actions import load_plan  # noqa: PLC0415

    return load_plan(agency=agency)


@pytest.fixture
def letter_form(campaign):
    return campaign.award_forms.get(award_type="commendation_letter")


@pytest.fixture
def merit_form(campaign):
    return campaign.award_forms.get(award_type="certificate_of_merit")


@pytest.fixture
def council(agency, cast):
    """Return a council of three: the signatory presides, the secretary writes."""
    body = Council.objects.create(
        agency=agency, name="Hội đồng Thi đua - Khen thưởng", founded_by="Quyết định số 10/QĐ-TTr"
    )
    seats = [
        (Role.SIGNATORY, CouncilPosition.CHAIR),
        (Role.COUNCIL_MEMBER, CouncilPosition.MEMBER),
        (Role.COUNCIL_SECRETARY, CouncilPosition.SECRETARY),
    ]
    for rank, (role, position) in enumerate(seats, start=1):
        CouncilMember.objects.create(
            council=body, person=cast[role].person, position=position, rank=rank
        )
    return body


@pytest.fixture
def plan(campaign) -> Campaign:
    return campaign
