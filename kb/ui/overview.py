"""The state of one assessment, computed once per state of the log, for the header, the overview and the list of
criteria."""

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
    """An assessment as of one state of the log: policy set, findings, proposals and actions."""

    policy_set: PolicySet
    findings: dict[str, Finding]
    waiting: Counter[str] = field(default_factory=Counter)
    """Criterion to the number of its proposals without an answer."""
    by_document: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(criterion, policy) to the number of such proposals."""
    serving: dict[str, tuple[Action, ...]] = field(default_factory=dict)
    """Criterion to the open actions that serve it."""
    late: frozenset[str] = frozenset()
    """Ids of overdue actions."""
    remarks: int = 0
    saved: datetime | None = None

    @property
    def title(self) -> str:
        """Country and title of the policy set; only the title if it contains the country's name in any language of
        the interface."""
        from kb.ui.sets import countries, title_names_country

        code, title = self.policy_set.country, self.policy_set.title
        return title if not code or title_names_country(title, code) else f"{countries().get(code, code)} · {title}"

    @property
    def decided(self) -> int:
        """Number of criteria with a status that a person set."""
        return sum(finding.status != "not-assessed" for finding in self.findings.values())

    @property
    def criteria(self) -> int:
        """Number of criteria."""
        return len(self.findings)

    @property
    def actions(self) -> int:
        """Number of open actions."""
        return len({action.id for served in self.serving.values() for action in served})


def log_head() -> str:
    """Return the end of the log, as a cache key: values read from the workspace stay valid until it changes."""
    with resources.workspace().reading() as reader:
        return f"{reader.head()}"


def overview(id: str) -> Overview | None:
    """Return the overview of an assessment; None for an unknown id, and for one that a person deleted."""
    try:
        found = _overview(id, resources.workspace_address(), log_head(), datetime.now(UTC).date())
    except NotFound:
        return None
    return None if found.policy_set.removed else found


def progress() -> dict[str, tuple[int, datetime | None]]:
    """Return, for each assessment with a finding, how many criteria are decided and when one last changed (None:
    never).

    It reads the log once for all assessments; `overview` would read it once for each.
    """
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
