"""How legal status, kind and direction of evidence are called in reports and on screens."""

from __future__ import annotations

from kb.assessment.models import Evidence
from kb.i18n import Words
from kb.report.history import KIND_SAID

LEGAL = Words(
    {
        "in-force": "in force",
        "adopted": "adopted, not in force",
        "draft": "draft or bill, not in force",
        "repealed": "repealed",
        "unknown": "legal status unknown",
    }
)
ROLES = Words({"instrument": "law in force", "operation": "at work"})
STANCES = Words({"supports": "supports", "contradicts": "runs against it", "context": "context"})
SHOWN = Words(
    {
        "in-force": "law in force",
        "adopted": "planned, not in force yet",
        "draft": "planned, not in force yet",
        "repealed": "law that was repealed",
        "unknown": "text whose legal status is unknown",
    }
)
"""What the words of a law show, by its legal status: only a law in force is called one."""


def kind_of_evidence(row: Evidence) -> str:
    """The kind of evidence that a person said it is, and what it is worth; '' while nobody did, whatever the machine
    took it for."""
    return ", ".join(KIND_SAID[one] for one in (row.type, row.level) if one)


def shows(row: Evidence) -> str:
    """What a piece of evidence shows: law in force, what is planned, or the law at work."""
    return ROLES["operation"] if row.role == "operation" else SHOWN[row.standing]
