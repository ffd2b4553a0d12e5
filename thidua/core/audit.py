"""The only writer of the audit log (nhật ký thao tác).

An entry is written inside the transaction of the change it records, chained by hash to the one
before it. Names and texts are copied, so an entry can be read when people and records are gone.
"""

import hashlib
import json
from typing import Any

from django.db import connection, models

from thidua.core import clock
from thidua.core.models import AuditEntry, AuditHead


def record(
    action: str,
    subject: models.Model,
    *,
    actor: Any,
    label: str = "",
    changes: dict[str, list[Any]] | None = None,
    note: str = "",
) -> AuditEntry:
    """Write one entry; the caller holds the transaction of the change.

    `changes` maps a column to [from, to]. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record needs the transaction of the change")
    # The head row is the queue: entries get their places one after the other.
    head, _ = AuditHead.objects.select_for_update(no_key=True).get_or_create(pk=1)
    entry = AuditEntry(
        sequence=head.sequence + 1,
        at=clock.real_now(),
        business_on=clock.today(),
        agency_id=_agency_of(subject, actor),
        actor=actor,
        actor_name=actor.display_name if actor else "Hệ thống",
        action=f"{subject._meta.label_lower}.{action}",
        action_label=label or action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_text=str(subject)[:300],
        changes=changes or {},
        note=note,
        previous_hash=head.entry_hash,
    )
    entry.entry_hash = fingerprint(entry)
    entry.save(force_insert=True)
    head.sequence, head.entry_hash = entry.sequence, entry.entry_hash
    head.save(update_fields=["sequence", "entry_hash"])
    return entry


def fingerprint(entry: AuditEntry) -> str:
    """Return the SHA-256 of an entry's facts together with the hash before it."""
    facts = [
        entry.previous_hash,
        entry.sequence,
        entry.at.astimezone(clock.VIET_NAM).isoformat(),
        entry.business_on.isoformat(),
        entry.actor_name,
        entry.action,
        entry.action_label,
        entry.subject_type,
        entry.subject_id,
        entry.subject_text,
        entry.changes,
        entry.note,
    ]
    canonical = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_broken() -> int | None:
    """Return the sequence number at which the chain breaks, or None if it holds."""
    previous, expected = "", 1
    for entry in AuditEntry.objects.order_by("sequence").iterator():
        if (
            entry.sequence != expected
            or entry.previous_hash != previous
            or entry.entry_hash != fingerprint(entry)
        ):
            return expected
        previous, expected = entry.entry_hash, expected + 1
    # A missing head is an empty one: entries cut off together with it are missed as well.
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    return expected if (head.sequence, head.entry_hash) != (expected - 1, previous) else None


def history_of(subject: models.Model) -> models.QuerySet[AuditEntry]:
    """Return the entries about `subject`, oldest first."""
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
    ).order_by("sequence")


def _agency_of(subject: models.Model, actor: Any) -> int | None:
    return getattr(subject, "agency_id", None) or getattr(actor, "agency_id", None)
