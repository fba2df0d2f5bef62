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
    """One problem that a check found in an assessment: the check's id, severity, a message for people, and the
    criterion and evidence row concerned."""

    check: str = Field(description="id of the check")
    severity: Severity
    message: str
    policy_set: str
    criterion: str
    evidence: str | None = Field(None, description="id of the evidence row, if it is about one")
    link: str = Field(description="stream of the finding: what the app opens")


@dataclass(frozen=True)
class Assessment:
    """The data that checks read, all from one transaction: framework, policy set, findings, proposals, and today's
    legal status of each evidence row."""

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
        """Return the framework's criterion that the finding is about."""
        return self.framework.criterion(finding.criterion)


Found = Iterator[tuple[Finding, Evidence | None, str]]
Check = Callable[[Assessment], Found]
CHECKS: dict[str, tuple[Severity, Check]] = {}


def check(id: str, severity: Severity) -> Callable[[Check], Check]:
    """Return a decorator that registers a function in CHECKS under `id`."""

    def register(function: Check) -> Check:
        """Add the function to CHECKS and return it unchanged."""
        CHECKS[id] = (severity, function)
        return function

    return register


def rows(a: Assessment) -> Iterator[tuple[Finding, Evidence]]:
    """Yield every evidence row with its finding."""
    return ((finding, row) for finding in a.findings for row in finding.evidence)
