"""National measures and the commitments that they relate to: measure, evidence and status per commitment, for one
country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from pydantic import Field

from kb.assessment.evidence import complete
from kb.assessment.models import Evidence
from kb.assessment.policies import read_set
from kb.errors import InputError, RefusedError
from kb.log.decisions import stream
from kb.log.fold import model_of, refuse_other_fields, validated
from kb.log.store import LogReader, StreamState, Workspace
from kb.models import Model
from kb.plan.models import Action, CommitmentLink, Measure

_FIXED = {"id", "policy_set", "stated", "version", "sequence", "changed_by", "changed_at"}


class CommitmentRow(Model):
    """One row of a table of commitments and national measures: a commitment with one measure, or with None if no
    measure is recorded."""

    commitment: str
    measure: str | None = Field(None, description="id; None where no measure was recorded (not: none exists)")
    title: str = ""
    relation: str = ""
    linked_by: str = ""
    body: str = ""
    status: str = "no measure recorded"
    evidence: tuple[Evidence, ...] = ()
    stated: str = Field("", description="as in Measure")
    actions: tuple[str, ...] = Field((), description="ids of actions that serve the commitment or the measure")


def record_measure(
    ws: Workspace, policy_set: str, id: str, fields: Mapping[str, object], *, by: str, expected: int, reason: str = ""
) -> Measure:
    """Record a national measure, or change it, and return it. `expected` is 0 for a new one. Raises ConflictError if
    the measure is no longer at version `expected`.

    Evidence is verified as for findings. `by` becomes the author of each new link to a commitment.
    """
    with ws.writing() as writer:
        stored = read_set(writer, policy_set)
        state = writer.state(stream("measure", policy_set, id))
        writer.refuse_stale(state.stream, expected, fields)
        if not state.version and (same := writer.alike(stream("measure", policy_set), id)):
            raise RefusedError(f"There is already a measure '{same}'.", do="Choose another id, or change it.")
        old = as_measure(state) if state.version else Measure(id=id, policy_set=policy_set, title="-")
        refuse_other_fields(fields, [name for name in Measure.model_fields if name not in _FIXED], "A measure")
        if not str(fields.get("title", old.title)).strip("- "):
            raise InputError("A measure needs a title.", do="Say what it is called.")
        links = cast(Iterable[CommitmentLink | Mapping[str, object]], fields.get("commitments", old.commitments))
        rows = cast(Iterable[Evidence | Mapping[str, object]], fields.get("evidence", old.evidence))
        wanted: dict[str, object] = {**fields, "commitments": _signed(links, old, by)}
        wanted["evidence"] = complete(writer, stored, rows, old.evidence, by=by, time=writer.clock())
        new = validated(Measure, {**old.model_dump(), **wanted})
        writer.append(
            stream("measure", policy_set, id),
            "measure.recorded",
            new.model_dump(mode="json", exclude=_FIXED),
            author=by,
            reason=reason,
            expected=expected,
        )
        return as_measure(writer.state(stream("measure", policy_set, id)))


def _signed(links: Iterable[CommitmentLink | Mapping[str, object]], old: Measure, by: str) -> list[dict[str, object]]:
    """Return the links with their authors: a link that the measure `old` has keeps its author, a new one gets `by`."""
    known: dict[tuple[object, object], str] = {(link.commitment, link.relation): link.by for link in old.commitments}
    given = [link.model_dump() if isinstance(link, CommitmentLink) else dict(link) for link in links]
    return [
        {**link, "by": known.get((link.get("commitment"), link.get("relation", "supports")), by.strip())}
        for link in given
    ]


def measures(ws: Workspace, policy_set: str, *, until: datetime | int | None = None) -> list[Measure]:
    """Return the measures of a policy set, now or as of `until` (a UTC time or an event's sequence). Raises NotFound
    for an unknown set."""
    with ws.reading() as reader:
        read_set(reader, policy_set)
        return [as_measure(state) for state in reader.states(stream("measure", policy_set), until=until)]


def commitment_table(ws: Workspace, policy_set: str, commitments: Iterable[str] = ()) -> list[CommitmentRow]:
    """Return one row for each pair of commitment and measure. A commitment without a measure gets one row with
    status 'no measure recorded'.

    `commitments` are ids of the register; if it is empty, the commitments that measures and actions of the set name.
    """
    with ws.reading() as reader:
        found = [as_measure(state) for state in reader.states(stream("measure", policy_set))]
        served = _served(reader, policy_set)
    named = {link.commitment for one in found for link in one.commitments} | set(served)
    wanted = list(dict.fromkeys(commitments)) or sorted(named)
    return [row for commitment in wanted for row in _table_rows(commitment, found, served.get(commitment, ()))]


def _served(reader: LogReader, policy_set: str) -> dict[str, tuple[str, ...]]:
    """Return commitment id to the ids of the policy set's actions that serve it."""
    served: dict[str, tuple[str, ...]] = {}
    for state in reader.states("action"):
        action = model_of(Action, state, id=state.parts[0])
        if any(ref.policy_set == policy_set for ref in action.findings):
            for commitment in action.commitments:
                served[commitment] = (*served.get(commitment, ()), action.id)
    return served


def _table_rows(commitment: str, found: list[Measure], served: tuple[str, ...]) -> list[CommitmentRow]:
    rows = [
        CommitmentRow(
            commitment=commitment,
            measure=one.id,
            title=one.title,
            relation=link.relation,
            linked_by=link.by,
            body=one.body,
            status=one.status,
            evidence=one.evidence,
            stated=one.stated,
            actions=tuple(dict.fromkeys((*one.actions, *served))),
        )
        for one in found
        for link in one.commitments
        if link.commitment == commitment
    ]
    return rows or [CommitmentRow(commitment=commitment, actions=served)]


def as_measure(state: StreamState) -> Measure:
    """Return the measure that the events of its stream add up to."""
    policy_set, id = state.parts
    found = model_of(
        Measure,
        state,
        id=id,
        policy_set=policy_set,
    )
    return (
        found.model_copy(
            update={
                "stated": state.stated_words(),
                "commitments": tuple(
                    link.model_copy(update={"by": state.who("commitments", link.by)}) for link in found.commitments
                ),
                "evidence": tuple(
                    row.model_copy(update={"added_by": state.who("evidence", row.added_by)}) for row in found.evidence
                ),
            }
        )
        if state.stated
        else found
    )
