"""The parts of a check: the assessment it reads, the remark it returns, and the registry of checks by id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from kb.assessment.models import Evidence, Finding, PolicySet, Proposal
from kb.framework import Criterion, Framework
from kb.models import Model, Standing

Severity = Literal["error", "warning", "note"]


class Remark(Model):
    """One thing that a check found."""

    check: str = Field(description="id of the check")
    severity: Severity
    message: str
    policy_set: str
    criterion: str
    evidence: str | None = Field(None, description="id of the evidence row, if it is about one")
    link: str = Field(description="stream of the finding: what the app opens")


@dataclass(frozen=True)
class Assessment:
    """Everything that a check may read, from one moment."""

    framework: Framework
    policy_set: PolicySet
    findings: tuple[Finding, ...]
    strays: tuple[Finding, ...]  # on criteria that the framework does not have
    proposals: tuple[Proposal, ...]
    standings: dict[str, Standing]  # evidence id to its source's force today
    doubts: dict[str, str]  # evidence id to what speaks against that force
    missing: frozenset[str]  # ids of evidence that the current text of its policy does not hold
    today: date

    def criterion(self, finding: Finding) -> Criterion:
        """Return the criterion of a finding."""
        return self.framework.criterion(finding.criterion)


Found = Iterator[tuple[Finding, Evidence | None, str]]
Check = Callable[[Assessment], Found]
CHECKS: dict[str, tuple[Severity, Check]] = {}


def check(id: str, severity: Severity) -> Callable[[Check], Check]:
    """Register a check under an id."""

    def register(function: Check) -> Check:
        """Store the function under the id."""
        CHECKS[id] = (severity, function)
        return function

    return register


def rows(a: Assessment) -> Iterator[tuple[Finding, Evidence]]:
    """Yield every evidence row with its finding."""
    return ((finding, row) for finding in a.findings for row in finding.evidence)
