"""Reads about people: lists of the agency, sample accounts of a rehearsal."""

from django.conf import settings
from django.db.models import Count, QuerySet

from staff.models import Person, RoleAssignment, User
from thidua.core import clock
from thidua.core.permissions import Role
from units.models import Agency, Unit

SAMPLE_PASSWORD = "thi-dua-dien-tap"  # noqa: S105 -- shown on the sign-in page of a rehearsal


def sample_accounts() -> list[tuple[str, str, str, str]]:
    """Return (username, role, name, unit) of the sample accounts; none in production."""
    if not settings.REHEARSAL:
        return []
    held = (
        RoleAssignment.objects.in_force(clock.today())
        .filter(user__is_sample=True, user__is_active=True)
        .select_related("user__person__unit")
    )
    order = {role.value: position for position, role in enumerate(Role)}
    rows: dict[str, tuple[int, list[str], User]] = {}
    for assignment in held:
        place = order[assignment.role]
        first, labels, user = rows.get(assignment.user.username, (place, [], assignment.user))
        labels.append(assignment.get_role_display())
        rows[user.username] = (min(first, place), labels, user)
    return [
        (
            username,
            ", ".join(dict.fromkeys(labels)),
            user.display_name,
            user.person.unit.name if user.person else "",
        )
        for username, (_, labels, user) in sorted(rows.items(), key=lambda row: (row[1][0], row[0]))
    ]


def units_with_people(agency: Agency) -> QuerySet[Unit]:
    """Return the units of an agency, each with how many people it has."""
    return Unit.objects.filter(agency=agency).annotate(people_count=Count("people"))


def people_of(agency: Agency) -> QuerySet[Person]:
    """Return the people of an agency as Vietnamese lists are sorted."""
    return Person.objects.filter(agency=agency).select_related("unit")
