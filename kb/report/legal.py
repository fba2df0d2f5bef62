"""How legal status, kind and direction of evidence are called in reports and on screens."""

from __future__ import annotations

from kb.assessment.models import Evidence, EvidenceRole
from kb.i18n import Words
from kb.models import Standing
from kb.report.history import KIND_SAID

LEGAL = Words({standing.value: standing.words for standing in Standing})
ROLES = Words({role.value: role.words for role in EvidenceRole})
STANCES = Words({"supports": "supports", "contradicts": "runs against it", "context": "context"})
SHOWN = Words({standing.value: standing.shown for standing in Standing})


def kind_of_evidence(row: Evidence) -> str:
    """The kind of evidence that a person said it is, and what it is worth; '' while nobody did, whatever the machine
    took it for."""
    return ", ".join(KIND_SAID[one] for one in (row.type, row.level) if one)


def shows(row: Evidence) -> str:
    """What a piece of evidence shows: law in force, what is planned, or the law at work."""
    return ROLES["operation"] if row.role is EvidenceRole.OPERATION else SHOWN[row.standing]
