"""Who may have a dossier bound: the office any, a head that of the own unit, the registrar a letter."""

from typing import Any

from awards.policy import OFFICE_DESK, OWN_HEAD
from thidua.core.permissions import OFFICE, Role, roles_of
from thidua.core.workflow import Who


def _own_or_office(actor: Any, record: Any) -> str:
    return "" if OFFICE & roles_of(actor) else OWN_HEAD.refuses(actor, record)


UNIT_BINDER = Who(OFFICE | {Role.UNIT_HEAD}, _own_or_office)
QUARTER_BINDER = OFFICE_DESK
