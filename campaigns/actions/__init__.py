"""What people do to plans and to the law they stand on."""

from campaigns.actions.law import load_law
from campaigns.actions.plans import (
    FIRST_PLAN,
    PLANS,
    confirm_field,
    create_draft,
    load_plan,
    make_campaign,
)

__all__ = [
    "FIRST_PLAN",
    "PLANS",
    "confirm_field",
    "create_draft",
    "load_law",
    "load_plan",
    "make_campaign",
]
