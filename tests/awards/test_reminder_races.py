"""Two runs at once, on a real database: one reminder, one mail."""

import pytest
from django.core import mail
from django_q.models import OrmQ

from awards.actions.reminders import nudge_units, remind_all
from awards.jobs import mail_reminder
from awards.models import Nudge, Reminder
from campaigns.actions.questions import ask_question
from campaigns.models import LegalBasis, Question
from staff.models import User
from tests.awards.test_races import together
from tests.factories import stored_file
from thidua.core import clock
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db(transaction=True)
R = Role


@pytest.fixture(autouse=True)
def emblem(agency):
    """Give the agency its emblem: without one, that is a task of the administrator."""
    agency.emblem = stored_file("quoc-huy.png")
    agency.save(update_fields=["emblem"])


@pytest.fixture(autouse=True)
def living_form(campaign):
    """Let the form of report be in force: one that has ended is a task of the office."""
    LegalBasis.objects.filter(forms__isnull=False).update(out_of_force_on=None)


def test_two_runs_make_one_reminder_and_one_mail(cast, campaign):
    User.objects.update(email="x@thanhtra.example")
    at = clock.now()
    made = together(*[lambda: remind_all(clock.local_day(at), at)] * 4)
    assert sorted(made) == [0, 0, 0, 1]
    assert Reminder.objects.count() == 1
    [pk] = Reminder.objects.values_list("pk", flat=True)
    assert {row.task["args"] for row in OrmQ.objects.all()} == {(pk,)}
    together(*[lambda: mail_reminder(pk)] * 4)
    assert len(mail.outbox) == 1


def test_nudged_and_asked_at_once_is_once(cast, campaign, unit):
    at = clock.now()

    def nudge():
        return nudge_units(
            campaign=campaign, units=[unit], text="Gửi sớm.", actor=cast[R.APPRAISER], at=at
        )

    ends = together(*[nudge] * 4)
    assert sum(isinstance(end, Refused) for end in ends) == 3
    assert Nudge.objects.count() == 1

    together(
        *[lambda: ask_question(campaign=campaign, text="Sao?", actor=cast[R.UNIT_HEAD], at=at)] * 4
    )
    assert Question.objects.count() == 1
