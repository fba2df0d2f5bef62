"""Labels of legal status, role and stance of evidence, for reports and screens."""

from __future__ import annotations

from kb.assessment.models import Evidence, EvidenceRole
from kb.i18n import TranslatedLabels
from kb.models import Standing
from kb.report.history import KIND_SAID

LEGAL = TranslatedLabels({standing.value: standing.words for standing in Standing})
ROLES = TranslatedLabels({role.value: role.words for role in EvidenceRole})
STANCES = TranslatedLabels({"supports": "supports", "contradicts": "runs against it", "context": "context"})
SHOWN = TranslatedLabels({standing.value: standing.shown for standing in Standing})


def kind_of_evidence(row: Evidence) -> str:
    """Return the kind and level of evidence that a person stated; '' if nobody did. The machine's guess is ignored."""
    return ", ".join(KIND_SAID[one] for one in (row.type, row.level) if one)


def shows(row: Evidence) -> str:
    """Return what a piece of evidence shows: law in force, what is planned, or the law at work."""
    return ROLES["operation"] if row.role is EvidenceRole.OPERATION else SHOWN[row.standing]
