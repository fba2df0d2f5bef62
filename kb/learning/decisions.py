"""The decisions of a workspace as examples: confirmed and added quotations, and rejected proposals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import select

from kb.assess.cues import load_cues
from kb.assess.encoding import CachedVectors, vectors_for
from kb.assess.examples import DIRECT, NOT_EVIDENCE, Example, ExamplePolicy, Examples, together, unit
from kb.assess.judged import place_without_words
from kb.assess.provisions import source_pieces
from kb.assess.units import PolicyUnit, cut
from kb.assessment.findings import as_finding
from kb.assessment.models import Policy, PolicySet
from kb.assessment.policies import document_of, policy_sets
from kb.config import settings
from kb.languages import MAIN, with_probes
from kb.learning.exchange import imported
from kb.learning.switch import is_on
from kb.log.decisions import stream
from kb.log.store import LogReader, Workspace
from kb.log.tables import ProposalRow, RunRow
from kb.models import Document, Span
from kb.text import bare, sha256_text

Embed = Callable[[str], CachedVectors | None]


@dataclass(frozen=True)
class Decision:
    """A person's decision on one quotation for one criterion."""

    policy: str
    criterion: str
    text: str
    grade: int
    at: str
    by: str


def learned(
    ws: Workspace, language: str, *, policy_set: str = "", policy: str = "", embed: Embed | None = None
) -> Examples | None:
    """Return the decisions of the workspace and the imported examples as examples for policies in `language`.

    None when learning is off, when there are no examples, or when the embedding model is not installed. Only examples
    from `policy` of `policy_set` keep their decision id: in that policy, the ranking puts what was confirmed first and
    what was rejected last.
    """
    if not is_on() or not (_anything(ws) or imported()):
        return None
    vectors = (embed or (lambda one: vectors_for(one, None, None)))(language)
    if vectors is None:
        return None
    own = [_elsewhere(one, f"{policy_set}/{policy}") for one in decided(ws, vectors)]
    parts = [*own, *(one for one in imported() if vectors.encoder.identity.startswith(one.space))]
    return together(parts) if parts else None


def _elsewhere(examples: Examples, policy: str) -> Examples:
    """Return the examples with the decision id removed from all clauses except those of `policy`."""
    clauses = (one if one.policy == policy else one.model_copy(update={"decision": ""}) for one in examples.clauses)
    return replace(examples, clauses=tuple(clauses))


def _anything(ws: Workspace) -> bool:
    """Return whether there is any decision from which to learn, without loading the embedding model."""
    with ws.reading() as reader:
        return any(next(_decisions(reader, state.parts[0]), None) for state in reader.states("set"))


def decided(ws: Workspace, vectors: CachedVectors) -> Iterator[Examples]:
    """Yield, for each policy, the clauses on which people decided, as examples."""
    for policy_set in policy_sets(ws):
        with ws.reading() as reader:
            decisions = list(_decisions(reader, policy_set.id))
            for policy in policy_set.policies:
                own = [one for one in decisions if one.policy == policy.id]
                if own:
                    yield _examples(policy_set, policy, document_of(reader, policy.current), own, vectors)


def _decisions(reader: LogReader, policy_set: str) -> Iterator[Decision]:
    """Yield as decisions the quotations that support a finding, and the proposals whose current verdict is
    'rejected'."""
    for state in reader.states(stream("finding", policy_set)):
        found = as_finding(state)
        for row in found.evidence:
            if row.stance == "supports":
                yield Decision(row.source, found.criterion, row.quotation, DIRECT, row.locator, row.added_by)
    rejected = {
        state.parts[1:]: state
        for state in reader.states(stream("verdict", policy_set))
        if state.data.get("verdict") == "rejected"
    }
    places = _policies_of(reader, policy_set)
    for (criterion, key), state in rejected.items():
        if (policy := places.get((criterion, key))) and state.data.get("text"):
            yield Decision(policy, criterion, str(state.data["text"]), NOT_EVIDENCE, "", state.author)


def _policies_of(reader: LogReader, policy_set: str) -> dict[tuple[str, str], str]:
    """Return (criterion, fingerprint) of every proposal to the policy from which it is."""
    query = (
        select(ProposalRow.criterion, ProposalRow.mark, RunRow.policy)
        .join(RunRow, RunRow.id == ProposalRow.run)
        .where(RunRow.policy_set == policy_set, ProposalRow.rank > 0)
    )
    return {(row.criterion, row.mark): row.policy for row in reader.rows(query)}


def _examples(
    policy_set: PolicySet, policy: Policy, document: Document, decisions: list[Decision], vectors: CachedVectors
) -> Examples:
    """Return the clauses of the document to which the decisions refer. When the document no longer contains a
    quotation, the quotation itself becomes the example."""
    units = _units(document)
    own = vectors.of([one.text for one in units])
    middle = own.mean(axis=0)
    clauses: list[Example] = []
    made: list[np.ndarray] = []
    for decision in decisions:
        inside = _inside(units, decision.text)
        texts = [units[n].text for n in inside] or [decision.text]
        found = own[inside] if inside else vectors.of(texts)
        made.append(unit(found - middle))
        for number, text in zip(inside or [-1], texts, strict=True):
            at = units[number].first.citation if number >= 0 else decision.at
            pieces = source_pieces(units[number].parts) if number >= 0 else ()
            clauses.append(_example(policy_set, policy, decision, at, pieces, text))
    source = ExamplePolicy(
        id=f"{policy_set.id}/{policy.id}",
        title=policy.title,
        language=document.language,
        file=document.place.file.rpartition("/")[2],
        sha256=document.place.sha256,
    )
    space = vectors.encoder.identity.partition("@")[0]
    return Examples(space, {source.id: source}, tuple(clauses), np.concatenate(made))


def _example(
    policy_set: PolicySet, policy: Policy, decision: Decision, at: str, pieces: tuple[Span, ...], text: str
) -> Example:
    return Example(
        policy=f"{policy_set.id}/{policy.id}",
        at=place_without_words(at, pieces),
        pieces=pieces,
        sha256=sha256_text(text)[:16],
        grades={decision.criterion: decision.grade},
        origin="decision",
        by=decision.by,
        decision=sha256_text(decision.text)[:16],
    )


def _units(document: Document) -> tuple[PolicyUnit, ...]:
    language = document.language if document.language in with_probes() else MAIN
    return tuple(cut(document, load_cues(settings().corpus / "cues", language).abbreviations))


def _inside(units: tuple[PolicyUnit, ...], quotation: str) -> list[int]:
    """Return the positions of the units that are part of the quotation, or that contain all of it."""
    quoted = bare(quotation)
    return [n for n, one in enumerate(units) if (text := bare(one.text)) and (text in quoted or quoted in text)]
