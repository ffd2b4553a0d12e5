"""The audit log: written inside the change, append-only, chained, and readable on its own."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import make_person
from thidua.core import audit, clock
from thidua.core.models import AuditEntry, AuditHead
from thidua.core.permissions import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(cast):
    """Return five entries about one person by one actor."""
    actor = cast[Role.APPRAISER]
    with transaction.atomic():
        return [
            audit.record(
                f"step{place}",
                actor.person,
                actor=actor,
                label=f"Bước {place}",
                changes={"state": [str(place), str(place + 1)]},
                note=f"Lý do {place}",
            )
            for place in range(5)
        ]


def tamper(sql, *values):
    """Change the log as the owner of the table would, with the trigger out of the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER auditentry_append_only")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE core_auditentry ENABLE TRIGGER auditentry_append_only")


def test_an_entry_copies_names_and_texts(entries, cast):
    entry = entries[0]

    assert entry.actor_name == "Lương Thị Hà"
    assert entry.action == "staff.person.step0"
    assert entry.action_label == "Bước 0"
    assert (entry.subject_type, entry.subject_text) == ("staff.person", "Lương Thị Hà")
    assert entry.changes == {"state": ["0", "1"]}
    assert entry.note == "Lý do 0"
    assert entry.agency_id == cast[Role.APPRAISER].agency_id
    assert entry.business_on == clock.today()


def test_an_entry_without_a_person_is_by_the_system(cast):
    entry = audit.record("try", cast[Role.APPRAISER].person, actor=None)

    assert (entry.actor, entry.actor_name) == (None, "Hệ thống")


def test_each_entry_stands_on_the_hash_of_the_one_before(entries):
    assert [e.sequence for e in entries] == [1, 2, 3, 4, 5]
    assert [e.previous_hash for e in entries] == ["", *(e.entry_hash for e in entries[:-1])]
    head = AuditHead.objects.get()
    assert (head.sequence, head.entry_hash) == (5, entries[-1].entry_hash)


def test_an_untouched_chain_holds(entries):
    assert audit.first_broken() is None


def test_an_empty_log_holds(db):
    assert audit.first_broken() is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("note", "Lý do khác"),
        ("actor_name", "Người khác"),
        ("at", "2025-01-01 00:00:00+00"),
        ("business_on", "2025-01-01"),
        ("action", "staff.person.other"),
        ("action_label", "Bước khác"),
        ("subject_type", "staff.user"),
        ("subject_id", "999999"),
        ("subject_text", "Người khác"),
        ("changes", '{"state": ["0", "9"]}'),
        ("previous_hash", "0" * 64),
        ("entry_hash", "0" * 64),
    ],
)
def test_a_changed_column_is_found_at_its_place(entries, column, value):
    tamper(f"UPDATE core_auditentry SET {column} = %s WHERE sequence = 3", value)

    assert audit.first_broken() == 3


def test_a_removed_entry_is_found_at_its_place(entries):
    tamper("DELETE FROM core_auditentry WHERE sequence = 2")

    assert audit.first_broken() == 2


def test_a_removed_last_entry_is_found_by_the_head(entries):
    tamper("DELETE FROM core_auditentry WHERE sequence = 5")

    assert audit.first_broken() == 5


def test_two_entries_that_change_places_are_found(entries):
    tamper("UPDATE core_auditentry SET sequence = 9 - sequence + 100 WHERE sequence IN (4, 5)")
    tamper("UPDATE core_auditentry SET sequence = sequence - 100 WHERE sequence > 100")

    assert audit.first_broken() == 4


def test_an_emptied_log_is_found_by_the_head(entries):
    tamper("DELETE FROM core_auditentry")

    assert audit.first_broken() == 1


def test_a_removed_head_is_found_behind_the_last_entry(entries):
    tamper("DELETE FROM core_audithead")

    assert audit.first_broken() == 6


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_auditentry SET note = 'x' WHERE sequence = 1",
        "UPDATE core_auditentry SET note = note",
        "DELETE FROM core_auditentry WHERE sequence = 5",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(entries, sql):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)

    assert audit.first_broken() is None


def test_an_entry_refuses_save_and_delete_through_the_models(entries):
    entry = AuditEntry.objects.get(sequence=3)
    entry.note = "Khác"

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


def test_an_undone_change_leaves_no_entry_and_no_gap(entries, cast):
    person = cast[Role.APPRAISER].person

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record("undone", person, actor=None)
        raise ZeroDivisionError
    with transaction.atomic():
        entry = audit.record("done", person, actor=None)

    assert entry.sequence == 6
    assert audit.first_broken() is None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_the_transaction_of_a_change(leadership):
    person = make_person(leadership, "Ma Văn Tú")

    with pytest.raises(RuntimeError, match="transaction"):
        audit.record("try", person, actor=None)

    assert not AuditEntry.objects.exists()


def test_the_history_of_a_record_is_its_own_oldest_first(entries, cast):
    other = cast[Role.REGISTRAR].person
    audit.record("elsewhere", other, actor=None)

    history = audit.history_of(cast[Role.APPRAISER].person)

    assert [e.action_label for e in history] == [f"Bước {n}" for n in range(5)]
