"""The door: who holds which role on which day, and what those outside read."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from staff.models import RoleAssignment, User
from tests.conftest import make_person, make_user
from thidua.core import clock
from thidua.core.permissions import (
    OFFICE,
    Grant,
    Role,
    allow,
    grants_of,
    headed_unit_ids,
    names_of,
    roles_of,
)


@allow(Role.APPRAISER, Role.OFFICE_CHIEF)
def page(request):
    return HttpResponse("mở")


def knock(user):
    request = RequestFactory().get("/")
    request.user = user
    return page(request)


def fresh(user):
    """Return the account as the next request reads it."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", Role)
def test_the_door_opens_to_the_roles_that_it_names_and_to_nobody_else(cast, role):
    if role in OFFICE:
        assert knock(cast[role]).status_code == 200
    else:
        with pytest.raises(PermissionDenied, match="Chuyên viên Văn phòng, Chánh Văn phòng"):
            knock(cast[role])


def test_the_door_stays_shut_for_strangers():
    with pytest.raises(PermissionDenied):
        knock(AnonymousUser())


def test_a_door_says_for_the_matrix_whom_it_admits():
    assert page.admitted == OFFICE


def test_a_role_is_held_on_its_first_and_last_day_and_not_beside_them(unit):
    user = make_user(make_person(unit, "Ma Văn Tú"), Role.APPRAISER, "tu")
    RoleAssignment.objects.update(from_on=dt.date(2025, 11, 1), until_on=dt.date(2025, 11, 30))

    held = {
        day: Role.APPRAISER in {grant.role for grant in grants_of(user, day)}
        for day in [
            dt.date(2025, 10, 31),
            dt.date(2025, 11, 1),
            dt.date(2025, 11, 30),
            dt.date(2025, 12, 1),
        ]
    }

    assert list(held.values()) == [False, True, True, False]


def test_roles_follow_the_business_date_not_the_real_one(unit):
    user = make_user(make_person(unit, "Ma Văn Tú"), Role.APPRAISER, "tu")
    RoleAssignment.objects.update(until_on=dt.date(2025, 11, 30))

    assert roles_of(user) == {Role.APPRAISER}
    with clock.frozen(clock.start_of(dt.date(2025, 12, 1))):
        assert roles_of(user) == frozenset()


def test_an_account_put_out_of_use_holds_nothing(cast):
    user = fresh(cast[Role.SIGNATORY])
    user.is_active = False

    assert grants_of(user) == frozenset()


def test_a_superuser_holds_no_role_by_that_alone(agency):
    user = User.objects.create_superuser("goc", "mot-mat-khau-dai", agency=agency)

    assert roles_of(user) == frozenset()


def test_one_account_may_hold_roles_in_several_units(cast, unit, other_unit):
    head = cast[Role.UNIT_HEAD]
    day = dt.date(2025, 1, 1)
    RoleAssignment.objects.create(user=head, role=Role.UNIT_HEAD, unit=other_unit, from_on=day)
    RoleAssignment.objects.create(user=head, role=Role.APPRAISER, from_on=day)
    head = fresh(head)

    assert headed_unit_ids(head) == {unit.pk, other_unit.pk}
    assert roles_of(head) == {Role.UNIT_HEAD, Role.APPRAISER}
    assert Grant(Role.APPRAISER, None) in grants_of(head)


def test_grants_are_read_once_for_each_user_object(cast, django_assert_num_queries):
    user = fresh(cast[Role.APPRAISER])

    with django_assert_num_queries(1):  # role assignments
        roles_of(user)
        roles_of(user)
        headed_unit_ids(user)


def test_roles_are_named_in_the_order_of_the_list():
    assert names_of(frozenset({Role.REGISTRAR, Role.UNIT_HEAD})) == "Trưởng phòng, Văn thư"
