"""How one assessment stands, read once for each state of the log: what the header, the overview and the criteria
show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import streamlit as st

from kb.assessment.checks import run_checks
from kb.assessment.findings import findings
from kb.assessment.models import Finding, PolicySet
from kb.assessment.policies import policy_set
from kb.assessment.proposals import read_proposals
from kb.errors import NotFound
from kb.plan.actions import actions, overdue
from kb.plan.models import Action
from kb.ui import resources


@dataclass(frozen=True)
class Overview:
    """An assessment at one state of the log."""

    policy_set: PolicySet
    findings: dict[str, Finding]
    waiting: Counter[str] = field(default_factory=Counter)
    """Criterion to the proposed passages that nobody has answered."""
    by_document: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(criterion, policy) to such passages."""
    serving: dict[str, tuple[Action, ...]] = field(default_factory=dict)
    """Criterion to the actions that serve it and are not ended."""
    late: frozenset[str] = frozenset()
    """Ids of actions that are overdue."""
    remarks: int = 0
    saved: datetime | None = None

    @property
    def title(self) -> str:
        """Country and title of the set; not twice where they are the same."""
        from kb.ui.sets import countries

        country = countries().get(self.policy_set.country, self.policy_set.country)
        return (
            self.policy_set.title
            if not country or country.casefold() in self.policy_set.title.casefold()
            else f"{country} · {self.policy_set.title}"
        )

    @property
    def decided(self) -> int:
        """Criteria with a status that a person set."""
        return sum(finding.status != "not-assessed" for finding in self.findings.values())

    @property
    def criteria(self) -> int:
        """How many criteria there are."""
        return len(self.findings)

    @property
    def actions(self) -> int:
        """How many actions are not ended."""
        return len({action.id for served in self.serving.values() for action in served})


def log_head() -> str:
    """The hash of the last entry of the log: what is read from the workspace stays true until it changes."""
    with resources.workspace().reading() as reader:
        return f"{reader.head()}"


def overview(id: str) -> Overview | None:
    """The assessment with that id; None for an unknown id."""
    try:
        return _overview(id, resources.workspace_address(), log_head(), datetime.now(UTC).date())
    except NotFound:
        return None


def progress() -> dict[str, tuple[int, datetime | None]]:
    """For each assessment with a finding: how many are decided, and when one was last changed. One reading of the log
    for a list of many assessments, where each `overview` would read its own."""
    return _progress(resources.workspace_address(), log_head())


@st.cache_resource(max_entries=20, show_spinner=False)  # assessments at which people work at one time
def _progress(workspace: str, head: str) -> dict[str, tuple[int, datetime | None]]:
    known = {criterion.id for criterion in resources.framework().criteria()}
    found: dict[str, tuple[int, datetime | None]] = {}
    for state in resources.workspace().states("finding"):
        policy_set, criterion = state.parts
        decided, last = found.get(policy_set, (0, None))
        if criterion in known:
            decided += state.data.get("status", "not-assessed") != "not-assessed"
            last = max(filter(None, (last, state.at)), default=None)
        found[policy_set] = (decided, last)
    return found


@st.cache_resource(max_entries=50, show_spinner=False)  # assessments at which people work at one time
def _overview(id: str, workspace: str, head: str, today: date) -> Overview:
    ws, framework = resources.workspace(), resources.framework()
    stored = policy_set(ws, id)
    held = {one.criterion: one for one in findings(ws, framework, id)}
    with ws.reading() as reader:
        unanswered = [found for found in read_proposals(reader, id) if found.verdict is None]
    open_ones = [one for one in actions(ws, policy_set=id) if not one.status.closed and not one.archived]
    serving = {
        criterion: tuple(
            one for one in open_ones if any(ref.criterion == criterion and ref.policy_set == id for ref in one.findings)
        )
        for criterion in held
    }
    times = [one.changed_at for one in held.values() if one.changed_at]
    grave = [remark for remark in run_checks(ws, framework, id) if remark.severity != "note"]
    return Overview(
        stored,
        held,
        Counter(found.criterion for found in unanswered),
        Counter((found.criterion, found.policy) for found in unanswered),
        serving,
        frozenset(one.id for one in overdue(ws, today)),
        len(grave),
        max(times, default=None),
    )
