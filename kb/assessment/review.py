"""Collect what a person needs to decide one criterion, and sort documents, proposals and criteria for display."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from pydantic import Field
from sqlalchemy import select

from kb.assessment.findings import read_finding
from kb.assessment.models import EvidenceRole, Finding, Policy, PolicySet, PolicyVersion, Proposal, Stance
from kb.assessment.policies import document_of, read_set
from kb.assessment.proposals import latest_runs, read_proposals
from kb.framework import Framework
from kb.i18n import TranslatedLabels, later, t, tn
from kb.log import decisions
from kb.log.decisions import names_in
from kb.log.store import LogReader, Workspace
from kb.log.tables import ProposalRow
from kb.models import Document, Model, Standing

SILENCE = later("No evidence found in the supplied documents.")
"""The only message for a criterion on which the machine found nothing."""


class Nearest(Model):
    """A passage that a run stored for a criterion without proposals, since it was nearest in meaning."""

    policy: str
    passage: str
    text: str
    citation: str = ""


class Review(Model):
    """The data that a person needs to decide one criterion of a policy set, read in one transaction."""

    policy_set: PolicySet
    finding: Finding
    proposals: tuple[Proposal, ...] = ()
    nearest: tuple[Nearest, ...] = Field((), description="of policies in which the machine found nothing")
    looked: tuple[str, ...] = Field((), description="policies that the machine looked through")

    @property
    def stream(self) -> str:
        """The name of the finding's stream in the log."""
        return decisions.stream("finding", self.policy_set.id, self.finding.criterion)

    @property
    def drafts(self) -> tuple[Policy, ...]:
        """Policies whose current text is a draft; they cannot support the status 'met'."""
        return tuple(policy for policy in self.policy_set.policies if policy.current.standing == "draft")

    @property
    def proposal_summary(self) -> str:
        """A sentence about the machine's proposals for the criterion; never a status."""
        if not self.looked:
            return t("The machine has not looked through a document yet.")
        if not self.proposals:
            return t(SILENCE)
        return tn(
            "The machine proposes {n} passage. A person decides what it is worth.",
            "The machine proposes {n} passages. A person decides what they are worth.",
            len(self.proposals),
        )


def review(ws: Workspace, framework: Framework, policy_set: str, criterion: str) -> Review:
    """Return the criterion with its finding, proposals and nearest passages. Raises NotFound for an unknown set or
    criterion."""
    framework.criterion(criterion)
    with ws.reading() as reader:
        stored = read_set(reader, policy_set)
        runs = latest_runs(reader, policy_set)
        return Review(
            policy_set=stored,
            finding=read_finding(reader, policy_set, criterion),
            looked=tuple(runs),
            proposals=tuple(read_proposals(reader, policy_set, criterion)),
            nearest=tuple(_nearest(reader, runs, criterion)),
        )


STANDINGS = (Standing.IN_FORCE, Standing.ADOPTED, Standing.UNKNOWN, Standing.DRAFT, Standing.REPEALED)
"""The order in which documents are listed, by the weight of their legal status."""


def by_standing(policies: Iterable[Policy]) -> list[Policy]:
    """Sort documents by legal status, then by title."""
    return sorted(policies, key=lambda one: (STANDINGS.index(one.current.standing), one.title))


def ordered(
    policy_set: PolicySet, proposals: Iterable[Proposal], document: Callable[[PolicyVersion], Document]
) -> tuple[Proposal, ...]:
    """Return proposals sorted by confidence, highest first, then by the order of the passages in the texts. Their
    numbers on every page and command follow this order. `document` loads the text of a version."""
    places: dict[tuple[str, str], int] = {}
    for n, policy in enumerate(by_standing(policy_set.policies)):
        for m, passage in enumerate(document(policy.current).passages):
            places[policy.id, passage.id] = n * 10**6 + m  # no document has a million passages
    return tuple(
        sorted(
            proposals,
            # a passage that is in no document any more comes last
            key=lambda one: (-(one.confidence or 0), places.get((one.policy, one.passage), 10**9), one.run, one.rank),
        )
    )


def numbered(ws: Workspace, policy_set: str, *criteria: str) -> tuple[Proposal, ...]:
    """Return the proposals of the criteria, one criterion after the other, each sorted by `ordered`: proposal 1 of a
    criterion is its first. Raises NotFound for an unknown set."""
    with ws.reading() as reader:
        stored = read_set(reader, policy_set)
        held = {policy.current.sha256: document_of(reader, policy.current) for policy in stored.policies}
        return tuple(
            one
            for criterion in criteria
            for one in ordered(
                stored, read_proposals(reader, policy_set, criterion), lambda version: held[version.sha256]
            )
        )


def _nearest(reader: LogReader, runs: dict[str, str], criterion: str) -> list[Nearest]:
    """Return the passages that the last runs (`runs`: policy to run id) stored as nearest for a criterion without
    proposals."""
    rows = reader.rows(
        select(ProposalRow.run, ProposalRow.data).where(
            ProposalRow.run.in_(runs.values()), ProposalRow.criterion == criterion, ProposalRow.rank == 0
        )
    )
    policies = {run: policy for policy, run in runs.items()}
    return [
        Nearest(
            policy=policies[row.run],
            passage=near.get("passage", ""),
            text=near["text"],
            citation=near.get("citation", ""),
        )
        for row in rows
        for near in json.loads(row.data).get("nearest", ())
    ]


def suggested(proposal: Proposal) -> tuple[EvidenceRole, Stance]:
    """Return the role and stance that a form preselects; a person can change both. Proposals of kind process or
    outcome are evidence of operation; a passage found by a probe for contrary words contradicts."""
    role = EvidenceRole.INSTRUMENT if proposal.type in (None, "structural") else EvidenceRole.OPERATION
    return role, "contradicts" if proposal.why.get("polarity") == "contrary?" else "supports"


def neighbours(framework: Framework, criterion: str, *, derived: bool = True) -> tuple[str | None, str | None]:
    """Return the ids of the criteria before and after `criterion`: None at either end, and both None for an unknown
    one. Criteria of the derived recommendation are left out if `derived` is False."""
    ids = [one.id for one in framework.criteria(derived=derived)]
    if criterion not in ids:
        return None, None
    at = ids.index(criterion)
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)


_FROM = TranslatedLabels(
    {"judged": "that was judged", "decision": "that was confirmed here as", "import": "that others confirmed as"}
)


def reasons(why: Mapping[str, object]) -> list[str]:
    """Return the reasons for a proposal (`why`) as sentences for people."""
    like, terms = why.get("resembles"), ", ".join(names_in(why, "terms"))
    learnt, against = "; ".join(names_in(why, "learnt")), ", ".join(map(t, names_in(why, "against")))
    cue = "; ".join(t(one) for one in str(why.get("cue") or "").split("; "))
    sentences = [
        t("Looked for: {probe}", probe=why["probe"]) if why.get("probe") else "",
        t("Words met: {terms}", terms=terms) if terms else "",
        t("Kind of sentence: {cue}", cue=cue) if cue else "",
        t("May run against the element: read it closely") if why.get("polarity") == "contrary?" else "",
        t(
            "Like a clause {origin} direct evidence: {policy}, {at}",
            origin=_FROM.get(like["origin"], _FROM["judged"]),
            policy=like["policy"],
            at=like["at"],
        )
        if isinstance(like, Mapping)
        else "",
        t("Learnt from decisions: {learnt}", learnt=learnt) if learnt else "",
        t("Speaks against it: {against}", against=against) if against else "",
    ]
    return [sentence for sentence in sentences if sentence]
