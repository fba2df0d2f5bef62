"""Compare the evidence of a policy with its current text: which quotations are unchanged, moved, reprinted, altered
or gone, and what the machine newly proposes. Findings are not changed by the comparison."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from sqlalchemy import select

from kb.assessment.findings import as_finding, change, read_finding
from kb.assessment.models import Evidence, Finding, Proposal
from kb.assessment.policies import document_of, one_policy, read_set
from kb.assessment.proposals import read_proposals
from kb.assessment.quoting import SearchedText, loose
from kb.errors import NotFound
from kb.framework import Framework
from kb.log.decisions import stream
from kb.log.store import LogReader, Workspace
from kb.log.tables import ProposalRow, RunRow
from kb.models import Model, Passage

# Nine words in ten stay when a law is printed again or scanned; between two transcriptions of one act all 120
# quotations
# shared 0.91 or more. Text that shares less than this was rewritten.
ALTERED = 0.8


class EvidenceChange(Model):
    """What happened to the quotation of one evidence row in the current version of its policy: `outcome`, `share` of
    common words, and the ids of its passage before (`was`) and after (`now`)."""

    criterion: str
    evidence: str = Field(description="id of the evidence row")
    quotation: str
    outcome: Literal["same", "moved", "reprinted", "altered", "gone"] = Field(
        description="'reprinted': found with other typography; 'altered': most of its words are found, in order; "
        "both must "
        "be quoted again to be verbatim"
    )
    share: float = Field(
        1.0, description="share of words that the old and the new text have in common, in order (0 to 1)"
    )
    was: str | None = Field(description="passage it was quoted from")
    now: str | None = Field(description="passage that holds it now; for a gone one the nearest passage, if any is near")


class ChangeReport(Model):
    """The effect of a policy's newest version on findings made on the versions before it: one EvidenceChange per
    quotation, new proposals, and the statuses, which stay as they were."""

    policy_set: str
    policy: str
    before: str = Field(description="label of the version before")
    after: str = Field(description="label of the current version")
    evidence: tuple[EvidenceChange, ...]
    new: tuple[Proposal, ...] = Field(description="proposed for the current version and never for an earlier one")
    kept: dict[str, str] = Field(description="criterion to status, for every decision; none was changed")

    def of(self, outcome: str) -> list[EvidenceChange]:
        """Return the evidence changes with that outcome, for example "gone"."""
        return [one for one in self.evidence if one.outcome == outcome]


def changes(ws: Workspace, framework: Framework, policy_set: str, policy: str) -> ChangeReport:
    """Compare all evidence that quotes `policy` with the policy's current text. Raises NotFound for an unknown set
    or policy."""
    with ws.reading() as reader:
        found = one_policy(read_set(reader, policy_set), policy)
        held = [as_finding(state) for state in reader.states(stream("finding", policy_set))]
        known = {criterion.id for criterion in framework.criteria()}
        held = [finding for finding in held if finding.criterion in known]
        document = document_of(reader, found.current)
        exact, near = SearchedText(document), SearchedText(document, loose)
        rows = [(finding.criterion, row) for finding in held for row in finding.evidence if row.source == policy]
        return ChangeReport(
            policy_set=policy_set,
            policy=policy,
            after=found.current.label,
            before=found.versions[-2].label if len(found.versions) > 1 else found.current.label,
            evidence=tuple(_fate(criterion, row, exact, near) for criterion, row in rows),
            new=tuple(_new(reader, policy_set, policy)),
            kept={finding.criterion: finding.status for finding in held if finding.status != "not-assessed"},
        )


def _fate(criterion: str, row: Evidence, exact: SearchedText, near: SearchedText) -> EvidenceChange:
    """Return what happened to the quotation of `row` in the current text. `exact` searches that text letter by
    letter, `near` without regard to typography."""
    outcome, passage, share = _found(row, exact, near)
    return EvidenceChange(
        criterion=criterion,
        evidence=row.id,
        quotation=row.quotation,
        outcome=outcome,
        share=round(share, 2),
        was=row.passage,
        now=passage.id if passage else None,
    )


def _found(row: Evidence, exact: SearchedText, near: SearchedText) -> tuple[str, Passage | None, float]:
    """Return the outcome, the passage and the share of common words (0 to 1). Three searches are tried in order: the
    same words, the same words in other typography, similar words. For "gone", the passage is the nearest one or
    None."""
    if same := exact.find(row.quotation, row.passage):
        return "same" if same.id == row.passage else "moved", same, 1.0
    if again := near.find(row.quotation, row.passage):
        return "reprinted", again, 1.0
    alike = exact.alike(row.quotation)
    if alike and alike.share >= ALTERED:
        return "altered", alike.passage, alike.share
    return "gone", exact.nearest(row.quotation), alike.share if alike else 0.0


def _new(reader: LogReader, policy_set: str, policy: str) -> list[Proposal]:
    """Return the proposals that only the policy's last run made: no run on an earlier version proposed the same
    words for the same criterion. Empty if there was no run on an earlier version."""
    runs = reader.rows(
        select(RunRow).where(RunRow.policy_set == policy_set, RunRow.policy == policy).order_by(RunRow.sequence)
    )
    if not runs:
        return []
    before = [run.id for run in runs if run.document != runs[-1].document]
    rows = reader.rows(select(ProposalRow.criterion, ProposalRow.mark).where(ProposalRow.run.in_(before)))
    seen = {(row.criterion, row.mark) for row in rows}
    fresh = reader.rows(select(ProposalRow).where(ProposalRow.run == runs[-1].id, ProposalRow.rank > 0))
    wanted = {(row.criterion, row.rank) for row in fresh if (row.criterion, row.mark) not in seen}
    return (
        [
            one
            for one in read_proposals(reader, policy_set)
            if one.run == runs[-1].id and (one.criterion, one.rank) in wanted
        ]
        if before
        else []
    )


def requote(
    ws: Workspace,
    framework: Framework,
    policy_set: str,
    criterion: str,
    evidence: str,
    *,
    by: str,
    expected: int,
    quotation: str | None = None,
    reason: str = "quoted from the current version",
) -> Finding:
    """Replace the quotation of one evidence row (`evidence` is its id) by the same words, or by `quotation`, from
    the policy's current text; return the finding.

    Raises NotFound if the finding has no such row, RefusedError if the text does not contain the words,
    ConflictError if the finding is no longer at version `expected`.
    """
    with ws.writing() as writer:
        old = read_finding(writer, policy_set, criterion)
        if evidence not in [row.id for row in old.evidence]:
            raise NotFound(f"{criterion} has no evidence row '{evidence}'.", do="See: kb findings show")
        rows = [_blank(row, quotation or row.quotation) if row.id == evidence else row for row in old.evidence]
        return change(
            writer, framework, policy_set, criterion, {"evidence": rows}, by=by, expected=expected, reason=reason
        )


_ENTERED = {
    "source",
    "stance",
    "type",
    "machine_type",
    "earlier_type",
    "role",
    "level",
    "machine_level",
    "effective",
    "from_proposal",
}
"""Fields of a row that are kept when it is quoted again."""


def _blank(row: Evidence, quotation: str) -> dict[str, object]:
    """Return the fields of the row that a person entered, with the new quotation; id, passage and other fields that
    were computed from the former text are left out."""
    kept = row.model_dump(include=_ENTERED)
    return {**kept, "quotation": quotation}
