"""The sample of a rehearsal: everybody invented, every state there, work for each role."""

import html
import itertools
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django_q.models import OrmQ

from awards.models import (
    CouncilMeeting,
    Decision,
    DecisionState,
    IssuedNumber,
    LetterState,
    MeetingState,
    Nomination,
    NominationState,
    Proposal,
    RegisterEntry,
    SubmissionLetter,
)
from awards.queries.work import tasks_of
from awards.rules.nomination import text_is_as_sent
from campaigns.models import Announcement, Question
from dossiers.models import Dossier
from staff.models import Person, RoleAssignment, User
from staff.queries import SAMPLE_PASSWORD
from tests.campaigns import citations
from thidua.core import audit
from thidua.core.models import AuditEntry, Job, JobState, StoredFile
from thidua.core.permissions import Role
from units.models import Agency, Unit

# Said of every test, so that the test database stands also when this file runs alone.
pytestmark = pytest.mark.django_db

S = NominationState


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Load the sample once, in a transaction that is undone; the tests only read."""
    folder = tmp_path_factory.mktemp("files")
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(PASSWORD_HASHERS=hashers, MEDIA_ROOT=folder):
            call_command("seed_demo")
        yield folder
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def sample(seeded, settings):
    settings.MEDIA_ROOT = seeded


def account(username):
    return User.objects.select_related("person").get(username=username)


def test_every_person_and_account_is_marked_as_sample():
    assert 42 <= Person.objects.count() <= 48
    assert not Person.objects.filter(is_sample=False).exists()
    assert not User.objects.filter(is_sample=False).exists()
    assert Agency.objects.get().is_sample
    assert not User.objects.filter(person__isnull=True).exists()


def test_nobody_bears_the_name_of_the_signer_of_the_plan():
    assert not Person.objects.filter(full_name__endswith="Trường An").exists()


def test_one_account_at_least_holds_each_role():
    held = set(RoleAssignment.objects.values_list("role", flat=True))
    assert held == set(Role.values)
    assert all(user.check_password(SAMPLE_PASSWORD) for user in User.objects.all())


def test_every_state_of_a_nomination_appears():
    assert set(Nomination.objects.values_list("state", flat=True)) == set(S.values)


@pytest.mark.parametrize(
    "username",
    [
        "truongphong1", "truongphong2", "truongphong5", "canbo5", "thamdinh", "thamdinh2",
        "chanhvp", "thuky", "chanhthanhtra", "vanthu", "quantri",
    ],
)  # fmt: skip
def test_each_role_finds_work_at_its_first_sign_in(username, noon):
    assert tasks_of(account(username), noon)


def test_a_member_of_the_council_finds_the_minutes():
    assert CouncilMeeting.objects.visible_to(account("thanhvien")).count() == 3


def test_the_second_department_is_left_to_the_visitor():
    unit = Unit.objects.get(code="NV2")
    assert not Proposal.objects.filter(unit=unit).exists()
    assert unit.people.count() >= 6


def test_no_meeting_is_open_so_that_the_secretary_can_call_one():
    assert not CouncilMeeting.objects.filter(state=MeetingState.OPEN).exists()
    assert Nomination.objects.filter(award_form__route="superior", state=S.ACCEPTED).exists()


def test_what_was_sent_is_as_it_was_sent(noon):
    sent = Nomination.objects.exclude(state__in=[S.DRAFT, S.WITHDRAWN, S.RETURNED])
    assert [n for n in sent if text_is_as_sent(n, noon)] == []


def test_no_two_reports_are_alike():
    texts = [
        tuple(n.report.sections.filter(heading__number__startswith="II.").values_list("text"))
        for n in Nomination.objects.exclude(report__sections__text="")
    ]
    for one, other in itertools.combinations(texts, 2):
        assert one != other


def test_both_forms_for_one_recipient_have_their_reason():
    twice = Nomination.objects.exclude(both_forms_reason="")
    assert twice.count() == 2
    for nomination in twice:
        others = Nomination.objects.filter(recipient_unit=nomination.recipient_unit)
        assert others.count() == 2


def test_decisions_and_letters_have_their_papers():
    assert set(Decision.objects.values_list("state", flat=True)) == set(DecisionState.values)
    for decision in Decision.objects.all():
        assert decision.file
        assert decision.certificates_file
        assert not decision.lines.filter(certificate_file__isnull=True).exists()
    states = set(SubmissionLetter.objects.values_list("state", flat=True))
    assert states == {LetterState.DRAFT, LetterState.NUMBERED, LetterState.ANSWERED}
    for letter in SubmissionLetter.objects.exclude(state=LetterState.DRAFT):
        assert letter.file
        assert letter.dossiers.count() == letter.award_form.set_count
    assert Dossier.objects.filter(file__isnull=True).count() == 0
    assert not CouncilMeeting.objects.filter(minutes_file__isnull=True).exists()


def test_nothing_is_left_in_the_queue():
    assert not Job.objects.exclude(state=JobState.DONE).exists()
    assert not OrmQ.objects.exists()


def test_the_register_holds_the_money_of_both_routes():
    amounts = sorted(RegisterEntry.objects.values_list("amount", flat=True))
    assert amounts == [710_000, 710_000, 1_410_000, 7_020_000]


def test_the_log_is_whole_and_goes_forward():
    assert audit.first_broken() is None
    days = list(AuditEntry.objects.order_by("sequence").values_list("business_on", flat=True))
    assert days == sorted(days)
    assert days[-1].isoformat() < "2025-11-20"


def test_numbers_have_no_gap():
    for _, rows in itertools.groupby(
        IssuedNumber.objects.order_by("register", "number"), lambda row: row.register_id
    ):
        numbers = [row.number for row in rows]
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_second_call_adds_nothing(capsys):
    before = AuditEntry.objects.count(), StoredFile.objects.count()
    call_command("seed_demo")
    assert "không nạp" in capsys.readouterr().out
    assert (AuditEntry.objects.count(), StoredFile.objects.count()) == before


def test_production_refuses(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="chỉ dành cho diễn tập"):
        call_command("seed_demo")


def test_every_citation_on_a_page_stands_in_a_pack(client):
    """Follow the links of every page that five people see, as far as they lead."""
    read, law_seen = 0, set()
    for username in ("chanhvp", "truongphong2", "chanhthanhtra", "vanthu", "thuky"):
        client.force_login(account(username))
        waiting, seen = ["/"], set()
        while waiting:
            url = waiting.pop(0)
            # One page of each kind for each person; of the law every instrument, once.
            kind = url if re.fullmatch(r"/law/\d+/", url) else re.sub(r"\d+", "0", url)
            if kind in seen | law_seen:
                continue
            (law_seen if kind.startswith("/law/") else seen).add(kind)
            response = client.get(url)
            if not response["Content-Type"].startswith("text/html") or response.status_code != 200:
                continue
            page = response.content.decode()
            for text in re.split(r"<[^>]+>", page):
                assert citations.unknown(" ".join(html.unescape(text).split())) == [], url
            read += 1
            links = re.findall(r'href="(/[^"#?]*)', page)
            waiting += [link for link in links if not link.endswith((".pdf", "/file/"))]
    assert read > 60


def test_the_units_and_the_office_have_talked():
    assert [bool(q.answer) for q in Question.objects.order_by("asked_at")] == [True, False]
    assert Announcement.objects.count() == 1
    assert all(user.email == f"{user.username}@thanhtra.example" for user in User.objects.all())
