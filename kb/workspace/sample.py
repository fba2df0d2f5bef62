"""The sample assessment: an invented country with texts of our own, and findings with every status; added on request.

It stays archived while it is being added, so that it is shown only when complete, and an interruption leaves nothing
visible.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

from pydantic import Field

from kb.assessment import policies
from kb.assessment.findings import decide, finding
from kb.assessment.models import Changes, EvidenceRole, EvidenceType, PolicySet, Stance, Status
from kb.assessment.proposals import latest_runs
from kb.data import load_yaml
from kb.errors import NotFound
from kb.framework import Framework
from kb.languages import MAIN
from kb.log.store import Workspace
from kb.models import Force, Model, Standing
from kb.plan.actions import actions, create_action
from kb.read import read
from kb.sources.library import structured
from kb.workspace.intake import look_through


class SampleText(Model):
    """One document of the sample."""

    id: str
    file: str
    title: str
    standing: Standing
    dated: str
    label: str


class SampleEvidence(Model):
    """One row of evidence of the sample: the quotation and where it is from."""

    source: str
    quotation: str
    role: EvidenceRole
    stance: Stance
    type: EvidenceType


class Decided(Model):
    """One finding of the sample: criterion, status, rationale and evidence."""

    criterion: str
    status: Status
    rationale: str
    gap: str = ""
    next_step: str = ""
    body: str = ""
    evidence: tuple[SampleEvidence, ...] = ()


class Due(Model):
    """One action of the sample, with a due date relative to the present day."""

    id: str
    title: str
    criterion: str
    body: str = ""
    due_in: int = Field(description="days from the day on which the sample is added; before it where negative")


class SampleAssessment(Model):
    """The sample assessment that comes with the program: texts and decisions, from corpus/sample/sample.yaml."""

    id: str
    title: str
    author: str
    documents: tuple[SampleText, ...]
    findings: tuple[Decided, ...]
    actions: tuple[Due, ...]


def load_sample(corpus: Path) -> SampleAssessment:
    """Load the sample from the corpus. Raises DataError with file, line and entry."""
    return load_yaml(corpus / "sample" / "sample.yaml", SampleAssessment)


def held(ws: Workspace, sample: SampleAssessment) -> PolicySet | None:
    """Return the sample's policy set in a workspace, even if it is archived; None if it was never added."""
    try:
        return policies.policy_set(ws, sample.id)
    except NotFound:
        return None


def in_part(ws: Workspace, sample: SampleAssessment) -> bool:
    """Return whether the sample is incomplete, since its addition was interrupted."""
    there = held(ws, sample)
    if there is None:
        return False
    if {text.id for text in sample.documents} - (
        {policy.id for policy in there.policies} & _looked_through(ws, sample)
    ):
        return True
    return any(finding(ws, sample.id, one.criterion).version == 0 for one in sample.findings)


def _looked_through(ws: Workspace, sample: SampleAssessment) -> set[str]:
    """Return the ids of the sample's texts that have proposals."""
    with ws.reading() as reader:
        return set(latest_runs(reader, sample.id))


def add(
    ws: Workspace,
    framework: Framework,
    corpus: Path,
    sample: SampleAssessment,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> PolicySet:
    """Add the sample, add its missing parts, or restore it from the archive; return its policy set. Proposals are
    computed as for any document. `progress` is called with (texts done, all texts)."""
    there = _aside(ws, sample, "the sample is being made")
    looked_through = _looked_through(ws, sample)
    for done, text in enumerate(sample.documents):
        progress(done, len(sample.documents))
        if text.id not in {policy.id for policy in there.policies}:
            _add_text(ws, corpus, sample, text)
        if text.id not in looked_through:
            look_through(ws, framework, sample.id, text.id)
    _decide(ws, framework, sample)
    _plan(ws, sample, datetime.now(UTC).date())
    progress(len(sample.documents), len(sample.documents))
    whole = policies.policy_set(ws, sample.id)
    return policies.change_set(
        ws, sample.id, {"archived": False}, by=sample.author, expected=whole.version, reason="the sample was asked for"
    )


def _aside(ws: Workspace, sample: SampleAssessment, reason: str) -> PolicySet:
    """Return the sample's policy set, archived; it is created if it does not exist."""
    there = held(ws, sample)
    if there is None:
        why = "the sample that comes with the program"
        there = policies.create_set(ws, sample.id, sample.title, by=sample.author, reason=why)
    if there.archived:
        return there
    return policies.change_set(
        ws, sample.id, {"archived": True}, by=sample.author, expected=there.version, reason=reason
    )


def _add_text(ws: Workspace, corpus: Path, sample: SampleAssessment, text: SampleText) -> None:
    """Add one document of the sample to its set."""
    document = structured(
        read(corpus / "sample" / text.file),
        text.id,
        title=text.title,
        style="generic",
        force=Force.NATIONAL_MEASURE,
        language=MAIN,
        name=f"sample/{text.file}",
    )
    policies.add_policy(
        ws,
        sample.id,
        document,
        by=sample.author,
        label=text.label,
        standing=text.standing,
        dated=text.dated,
        title=text.title,
    )


def _decide(ws: Workspace, framework: Framework, sample: SampleAssessment) -> None:
    """Set the status of the sample's findings that nobody has decided yet."""
    for one in sample.findings:
        now = finding(ws, sample.id, one.criterion)
        if now.version == 0:
            given = cast("Changes", {k: value for k, value in one.model_dump(exclude={"criterion"}).items() if value})
            decide(ws, framework, sample.id, one.criterion, given, by=sample.author, expected=0)


def _plan(ws: Workspace, sample: SampleAssessment, today: date) -> None:
    known = {action.id for action in actions(ws)}
    for one in sample.actions:
        id = f"{sample.id}-{one.id}"
        if id not in known:
            create_action(
                ws,
                id,
                {
                    "title": one.title,
                    "body": one.body,
                    "due": today + timedelta(days=one.due_in),
                    "findings": [{"policy_set": sample.id, "criterion": one.criterion}],
                },
                by=sample.author,
            )


def remove(ws: Workspace, sample: SampleAssessment, by: str) -> None:
    """Archive the sample: it is hidden everywhere, and its history stays in the log."""
    there = held(ws, sample)
    if there and not there.archived:
        policies.change_set(
            ws,
            sample.id,
            {"archived": True},
            by=by or sample.author,
            expected=there.version,
            reason="the sample was removed",
        )
