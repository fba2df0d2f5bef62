"""What an entry of the log did, in a few words of the reader's language."""

from __future__ import annotations

import pytest
import workspace_toys as toys

from kb.assessment import policies
from kb.assessment.findings import decide
from kb.i18n import use
from kb.report.history import KINDS, doing


@pytest.fixture(autouse=True)
def english():
    """Restore English after each test."""
    yield
    use("en")


def test_an_entry_is_described_in_the_readers_language(ws):
    policies.create_set(ws, "land", "Land", by="Ada Example")
    event = next(iter(ws.events()))
    assert doing(event) == "began an assessment: Land"
    use("es")
    assert doing(event) == "empezó una evaluación: Land"
    use("fr")
    assert doing(event) == "a commencé une évaluation: Land"


def test_every_kind_that_a_verdict_has_is_described():
    assert {"proposal.accepted", "proposal.rejected"} <= set(KINDS)


def test_who_changes_something_else_has_not_stated_what_earlier_evidence_is(land):
    held = {"id": "abc", "source": "pension-act", "quotation": toys.WORDS["art1"], "type": "structural"}
    land.append("finding/land/R2.a", "finding.decided", {"evidence": [held]}, author="Ana")
    decide(land, toys.framework(), "land", "R2.a", {"gap": "No figures."}, by="Ben", expected=1)
    assert doing(land.events("finding")[-1]) == "wrote the gap: “No figures.”"
