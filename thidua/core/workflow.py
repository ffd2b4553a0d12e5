"""The engine of every lifecycle: a table of transitions, and one function that fires them.

Nothing else assigns a state. `fire` locks the row, asks who and the guards, moves the state,
runs what follows and writes the audit entry, in one transaction.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models, transaction

from thidua.core import audit, clock
from thidua.core.permissions import Role, names_of, roles_of

Guard = Callable[[Any, dt.datetime], str]
"""(record, at) -> "" when all is well, else the Vietnamese reason."""


class Refused(Exception):
    """A change that the rules refuse; the text is the sentence people read."""


class Conflict(Refused):
    """Somebody else was first: the record is no longer what the person saw."""


def must(reason: str) -> None:
    """Raise Refused with `reason`, unless it is ""."""
    if reason:
        raise Refused(reason)


@dataclasses.dataclass(frozen=True, slots=True)
class Who:
    """Whom a row of the table names: the roles, and what else must hold of the person.

    `test` takes (actor, record) and returns "" or the reason why this person may not.
    """

    roles: frozenset[Role]
    test: Callable[[Any, Any], str] = lambda actor, record: ""

    def refuses(self, actor: Any, record: Any) -> str:
        """Return why `actor` may not, or ""."""
        if not self.roles & roles_of(actor):
            return f"Việc này do {names_of(self.roles)} thực hiện."
        return self.test(actor, record)


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What a consequence is told: who moved the record, when and why."""

    actor: Any
    at: dt.datetime
    note: str
    facts: dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Transition:
    """One row of a lifecycle table."""

    action: str
    label: str
    sources: tuple[str, ...]
    target: str
    who: Who
    guards: tuple[Guard, ...] = ()
    then: tuple[Callable[[Any, Change], None], ...] = ()
    needs_note: bool = False
    needs_password: bool = False
    within: str = ""  # the larger act of which this row is a part; "" when people fire it directly
    tone: str = ""  # "main" for the one red button of a page


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """A row as shown to one person on one record: `blocked` says why it cannot be pressed."""

    row: Transition
    blocked: str


class Workflow:
    """A lifecycle (vòng đời): the rows by action, and the only way to move a record."""

    def __init__(self, name: str, states: type[models.TextChoices], *rows: Transition) -> None:
        self.name = name
        self.states = states
        self.rows = {row.action: row for row in rows}
        if len(self.rows) != len(rows):
            raise ValueError(f"{name}: an action stands twice")

    def refusal(self, record: Any, action: str, actor: Any, at: dt.datetime) -> str:
        """Return why `actor` may not do `action` to `record` now, or ""."""
        row = self.rows[action]
        if reason := row.who.refuses(actor, record):
            return reason
        if record.state not in row.sources:
            return self._wrong_state(record, row)
        for guard in row.guards:
            if reason := guard(record, at):
                return reason
        return ""

    def offers(self, record: Any, actor: Any, at: dt.datetime) -> list[Offer]:
        """Return what `actor` can do from the present state, blocked rows with their reason.

        Rows that name somebody else are left out; so are rows that are part of a larger act.
        """
        held = roles_of(actor)
        return [
            Offer(row, self.refusal(record, row.action, actor, at))
            for row in self.rows.values()
            if not row.within and record.state in row.sources and row.who.roles & held
        ]

    @transaction.atomic
    def fire(
        self,
        record: Any,
        action: str,
        *,
        actor: Any,
        at: dt.datetime,
        note: str = "",
        within: str = "",
        confirmed: bool = False,
        **facts: Any,
    ) -> Any:
        """Move `record` and return it as it now stands; `facts` reach the consequences.

        Raises Refused with the reason; Conflict when somebody else was first.
        """
        row = self.rows[action]
        if row.within != within:
            raise Refused(f"«{row.label}» chỉ được thực hiện cùng một việc khác.")
        model = type(record)
        locked = model._base_manager.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
        if reason := row.who.refuses(actor, locked):
            raise Refused(reason)
        if locked.state not in row.sources:
            raise Conflict(self._wrong_state(locked, row))
        for guard in row.guards:
            if reason := guard(locked, at):
                raise Refused(reason)
        if row.needs_password and not confirmed:
            raise Refused("Hãy nhập mật khẩu để xác nhận.")
        note = note.strip()
        if row.needs_note and not note:
            raise Refused("Hãy ghi lý do.")
        before = locked.state
        locked.state = row.target
        locked.version += 1
        change = Change(actor, at, note, facts)
        for consequence in row.then:
            consequence(locked, change)
        locked.save()
        audit.record(
            action,
            locked,
            actor=actor,
            label=row.label,
            changes={"state": [before, row.target]},
            note=note,
        )
        # The caller's copy may be shown next; let it tell the truth.
        record.__dict__.update(
            {k: v for k, v in locked.__dict__.items() if k != "_state" and not k.startswith("_pre")}
        )
        return locked

    def _wrong_state(self, record: Any, row: Transition) -> str:
        now_at = self.states(record.state).label
        last = audit.history_of(record).filter(changes__has_key="state").last()
        happened = (
            f" {last.actor_name} đã «{last.action_label}» lúc {_local(last.at)}." if last else ""
        )
        return f"Không thể «{row.label}»: hồ sơ đang ở trạng thái «{now_at}».{happened}"


def _local(at: dt.datetime) -> str:
    return f"{at.astimezone(clock.VIET_NAM):%H:%M %d/%m/%Y}"


def state_labels(states: type[models.TextChoices], values: Iterable[str]) -> str:
    """Return the labels of some states, joined for a table or a sentence."""
    return ", ".join(states(value).label for value in values)
