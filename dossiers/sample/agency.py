"""The people of the sample: agency, units, staff, accounts and council, from `agency.toml`."""

import dataclasses
import datetime as dt
import pathlib
import tomllib
from typing import Any

from django.contrib.auth.hashers import make_password

from awards.models import Council, CouncilMember
from staff.models import EmploymentKind, Person, RoleAssignment, User
from staff.queries import SAMPLE_PASSWORD
from thidua.core.permissions import Role
from units.models import Agency, Unit, UnitKind

_FILE = pathlib.Path(__file__).with_name("agency.toml")
_SINCE = dt.date(2025, 1, 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and everything that the story needs, by the names that `agency.toml` gives."""

    agency: Agency
    units: dict[str, Unit]
    fields: dict[str, str]
    people: dict[str, Person]
    own_words: dict[str, dict[str, str]]
    accounts: dict[str, User]
    council: Council

    def head_of(self, code: str) -> User:
        """Return the account that speaks for a unit."""
        assignment = RoleAssignment.objects.select_related("user__person").get(
            role=Role.UNIT_HEAD, unit=self.units[code]
        )
        return self.accounts[assignment.user.username]


def make_cast() -> Cast:
    """Create the agency with all its people; each is marked as sample."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    agency = Agency.objects.create(is_sample=True, **rows["agency"])
    # One hash for all: the password is shown on the sign-in page of a rehearsal anyway.
    password = make_password(SAMPLE_PASSWORD)
    units, fields, people, accounts = {}, {}, {}, {}
    for row in rows["unit"]:
        unit = units[row["code"]] = Unit.objects.create(
            agency=agency,
            code=row["code"],
            name=row["name"],
            kind=row.get("kind", UnitKind.DEPARTMENT),
            head_title=row.get("head_title", "Trưởng phòng"),
        )
        fields[row["code"]] = row["field"]
        for entry in row["people"]:
            person = people[entry["name"]] = Person.objects.create(
                agency=agency,
                unit=unit,
                full_name=entry["name"],
                position=entry["position"],
                employment_kind=entry.get("employment_kind", EmploymentKind.CIVIL_SERVANT),
                is_sample=True,
            )
            if "username" in entry:
                accounts[entry["username"]] = _make_account(person, entry, password)
    council = _make_council(agency, rows, people)
    return Cast(agency, units, fields, people, rows["own_words"], accounts, council)


def _make_account(person: Person, entry: dict[str, Any], password: str) -> User:
    user = User.objects.create(
        agency=person.agency,
        username=entry["username"],
        person=person,
        password=password,
        email=f"{entry['username']}@thanhtra.example",
        is_sample=True,
    )
    for role in entry["roles"]:
        unit = person.unit if role == Role.UNIT_HEAD else None
        RoleAssignment.objects.create(user=user, role=role, unit=unit, from_on=_SINCE)
    return user


def _make_council(agency: Agency, rows: dict[str, Any], people: dict[str, Person]) -> Council:
    named = rows["council"]
    council = Council.objects.create(
        agency=agency, name=named["name"], founded_by=named["founded_by"]
    )
    for rank, seat in enumerate(named["members"], start=1):
        CouncilMember.objects.create(
            council=council, person=people[seat["name"]], position=seat["position"], rank=rank
        )
    return council
