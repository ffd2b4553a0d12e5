"""Reading a plan by rule: from paragraphs to a proposal, each piece with where it was found.

Nothing is decided here: what is proposed counts only when a person has confirmed it. What the
rules do not find stays empty and is said; nothing is made up. Pure: the law comes in as rows.

Read in this order: `reader` calls the rest; `lines` and `parts` cut the text, `outline` finds its
sections, `contents` looks them up by topic; one module for each matter; `findings` says what is
missing or odd.
"""

from campaigns.reading.findings import findings_of
from campaigns.reading.found import Finding, Found, Law, LawRow, PlanReading
from campaigns.reading.lines import paragraphs_of
from campaigns.reading.reader import read

__all__ = [
    "Finding",
    "Found",
    "Law",
    "LawRow",
    "PlanReading",
    "findings_of",
    "paragraphs_of",
    "read",
]
