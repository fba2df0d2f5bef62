"""Store and read the machine's proposals, run by run, and people's verdicts; these apply to the same words in later
runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, TypedDict, cast

from sqlalchemy import Row, insert, select

from kb.assess.models import Grade, Proposals
from kb.assessment.findings import change, read_finding
from kb.assessment.models import Changes, Evidence, EvidenceLevel, EvidenceRole, EvidenceType, Finding, Proposal, Stance
from kb.assessment.policies import document_of, one_policy, read_set
from kb.assessment.quoting import SearchedText, fingerprint
from kb.errors import InputError, NotFound, RefusedError, WorkspaceError
from kb.framework import Framework
from kb.log.decisions import canonical, stamp, stream
from kb.log.proof import run_digest, stored_digest
from kb.log.states import StreamState
from kb.log.store import LogReader, LogWriter, Workspace
from kb.log.tables import ProposalRow, RunRow


class _ProposalsFor(TypedDict, total=False):
    """The fields that are read from a run's result on one criterion; each proposal has 'text'."""

    id: str
    proposals: list[dict[str, str]]


class _Result(TypedDict):
    """The result of `kb assess`, as far as it is stored."""

    framework: dict[str, str]
    criteria: list[_ProposalsFor]
    method: dict[str, object]


class StoredProposal(TypedDict):
    """A row of the table of proposals: `mark` is the words' fingerprint, `data` is JSON; rank 0 has the machine's
    state."""

    run: str
    criterion: str
    rank: int
    mark: str
    data: str


MachineState = Literal["proposed", "no-evidence-found", "not-run"]
_LEVELS = {grade.value: EvidenceLevel(grade.level) for grade in Grade}


def store_run(
    ws: Workspace,
    policy_set: str,
    policy: str,
    result: Proposals | Mapping[str, object],
    *,
    models: dict[str, str] | None = None,
) -> str:
    """Store the result of `kb assess` for the policy's current version; return the id of the run.

    `result` is what kb.assess.propose returns, or its JSON: 'framework' (with 'version'), 'criteria' (each with
    'id', 'state', 'proposals') and 'method', which names the models unless `models` does. A result equal to the last
    run is not stored again. Raises InputError for a result of another shape.
    """
    given = cast(_Result, result.model_dump(mode="json") if isinstance(result, Proposals) else result)
    if models is None:
        models = {key: value for key, value in (given.get("method") or {}).items() if isinstance(value, str)}
    with ws.writing() as writer:
        version = one_policy(read_set(writer, policy_set), policy).current
        text = SearchedText(document_of(writer, version))
        content = [policy_set, policy, version.document, models, given]
        run, known = _run_id(writer, policy_set, policy, content)
        if known:
            return run
        rows = _rows(run, policy, given, text)
        framework_version = str(given["framework"]["version"])
        digest = run_digest(policy, version.document, framework_version, canonical(models), in_order(rows))
        event = writer.append(
            stream("run", policy_set, policy),
            "machine.proposed",
            {
                "run": run,
                "framework": given["framework"]["version"],
                "models": models,
                "document": version.document,
                "digest": digest,
            },
            author=f"model:{','.join(sorted(models.values())) or 'none'}"[:200],
            origin="machine",
        )
        writer.connection.execute(
            insert(RunRow).values(
                id=run,
                policy_set=policy_set,
                policy=policy,
                document=version.document,
                models=canonical(models),
                framework=framework_version,
                at=stamp(event.at),
                sequence=event.sequence,
                digest=digest,
            )
        )
        writer.connection.execute(insert(ProposalRow), rows)
        return run


def _run_id(writer: LogWriter, policy_set: str, policy: str, content: Sequence[object]) -> tuple[str, bool]:
    """Return the id of a run's result, and whether it equals the policy's last run. A result of an older run gets a
    new id."""
    query = select(RunRow.id).where(RunRow.policy_set == policy_set, RunRow.policy == policy)
    before = [row.id for row in writer.rows(query.order_by(RunRow.sequence))]
    named = lambda *after: hashlib.sha256(canonical([*content, *after]).encode()).hexdigest()[:20]
    if before and before[-1] in (named(), named(*before[-2:-1])):
        return before[-1], True
    return named(*before[-1:]) if named() in before else named(), False


def _rows(run: str, policy: str, result: _Result, text: SearchedText) -> list[StoredProposal]:
    """Return the rows to store: per criterion one of rank 0 with the machine's state, then one per proposal. A
    proposal of clauses joined across a heading or note gets `verbatim` False. Raises InputError if a key is
    missing."""
    try:
        rows: list[StoredProposal] = []
        for criterion in result["criteria"]:
            rest = {key: value for key, value in criterion.items() if key != "proposals"}
            rows.append({"run": run, "criterion": criterion["id"], "rank": 0, "mark": "", "data": canonical(rest)})
            for rank, given in enumerate(criterion.get("proposals", ()), 1):
                rows.append(
                    {
                        "run": run,
                        "criterion": criterion["id"],
                        "rank": rank,
                        "mark": fingerprint(given["text"]),
                        "data": canonical(
                            {**given, "rank": rank, "policy": policy, "verbatim": text.find(given["text"]) is not None}
                        ),
                    }
                )
        if not rows or "version" not in result["framework"]:
            raise KeyError("criteria or framework version")
        return rows
    except (KeyError, TypeError) as error:
        raise InputError(
            f"This is no result of kb assess: {error} is missing.", do="Give the JSON that kb assess prints."
        ) from error


def in_order(rows: Iterable[StoredProposal]) -> list[tuple[str, int, str, str]]:
    """Return the rows as sorted tuples `(criterion, rank, mark, data)`, from which a run's digest is computed."""
    return sorted((row["criterion"], row["rank"], row["mark"], row["data"]) for row in rows)


def proposals(ws: Workspace, policy_set: str, criterion: str) -> list[Proposal]:
    """Return the proposals of each policy's latest run for one criterion, with people's verdicts."""
    with ws.reading() as reader:
        return read_proposals(reader, policy_set, criterion)


def read_proposals(reader: LogReader, policy_set: str, criterion: str | None = None) -> list[Proposal]:
    """Like `proposals` (None: for all criteria), within the caller's transaction."""
    verdicts = {state.parts[1:]: state for state in reader.states(stream("verdict", policy_set))}
    query = select(ProposalRow).where(
        ProposalRow.run.in_(latest_runs(reader, policy_set).values()), ProposalRow.rank > 0
    )
    if criterion is not None:
        query = query.where(ProposalRow.criterion == criterion)
    rows = reader.rows(query.order_by(ProposalRow.criterion, ProposalRow.run, ProposalRow.rank))
    return [_proposal(row, verdicts.get((row.criterion, row.mark))) for row in rows]


def latest_runs(reader: LogReader, policy_set: str) -> dict[str, str]:
    """Return policy id to the id of its last run. Raises WorkspaceError if the run's digest shows changed rows."""
    query = select(*RunRow.__table__.columns).where(RunRow.policy_set == policy_set).order_by(RunRow.sequence)
    last = {row.policy: row for row in reader.rows(query)}
    for run in last.values():
        if stored_digest(reader.connection, run) != run.digest:
            raise WorkspaceError(
                f"The run {run.id} or its proposals were changed after they were stored.",
                where=f"{policy_set} {run.policy}",
                do="Restore a backup: kb restore FILE",
            )
    return {policy: run.id for policy, run in last.items()}


def machine_states(ws: Workspace, policy_set: str, framework: Framework) -> dict[str, MachineState]:
    """Return criterion id to the machine's state (never a status): 'proposed' if a last run has a proposal."""
    with ws.reading() as reader:
        runs = latest_runs(reader, policy_set).values()
        rows = reader.rows(select(ProposalRow).where(ProposalRow.run.in_(runs), ProposalRow.rank == 0))
    states: dict[str, set[str]] = {}
    for row in rows:
        states.setdefault(row.criterion, set()).add(json.loads(row.data).get("state", ""))
    return {c.id: _together(states.get(c.id, set())) for c in framework.criteria()}


def _together(states: set[str]) -> MachineState:
    if not states:
        return "not-run"
    return "proposed" if "proposed" in states else "no-evidence-found"


def _proposal(row: Row, verdict: StreamState | None) -> Proposal:
    """Return a stored row as a Proposal, with the current verdict on its words (None: no verdict)."""
    data = json.loads(row.data)
    word = verdict.data if verdict else {}
    return Proposal(
        run=row.run,
        criterion=row.criterion,
        rank=row.rank,
        policy=data["policy"],
        passage=data.get("passage", ""),
        text=data["text"],
        citation=data.get("citation", ""),
        grade=data.get("grade", ""),
        type=data.get("type"),
        confidence=data.get("confidence"),
        verbatim=data.get("verbatim", True),
        why=data.get("why") or {},
        verdict=word.get("verdict"),
        verdict_by=verdict.author if verdict else "",
        verdict_reason=word.get("reason", ""),
        verdict_version=verdict.version if verdict else 0,
    )


def one_proposal(reader: LogReader, policy_set: str, criterion: str, run: str, rank: int) -> Proposal:
    """Return the proposal of that rank in one run, which need not be the latest. Raises NotFound."""
    query = (
        select(ProposalRow)
        .join(RunRow, RunRow.id == ProposalRow.run)
        .where(
            RunRow.policy_set == policy_set,
            ProposalRow.run == run,
            ProposalRow.criterion == criterion,
            ProposalRow.rank == rank,
            ProposalRow.rank > 0,
        )
    )
    rows = reader.rows(query)
    if not rows:
        raise NotFound(f"No proposal {rank} for {criterion} in run {run}.", do="Read the proposals again.")
    return _proposal(rows[0], reader.state(stream("verdict", policy_set, criterion, rows[0].mark)))


def accept(
    ws: Workspace,
    framework: Framework,
    policy_set: str,
    criterion: str,
    run: str,
    rank: int,
    *,
    by: str,
    expected: int,
    role: EvidenceRole,
    stance: Stance = "supports",
    type: EvidenceType | None = None,
    level: EvidenceLevel | None = None,
    effective: date | None = None,
    quotation: str | None = None,
    reason: str = "",
    verdict_seen: int | None = None,
    changes: Changes | None = None,
) -> Finding:
    """Accept a proposed passage (or `quotation`, a part of it) as evidence; return the finding.

    `type` and `level` are the person's choice; the machine's guesses are stored separately. `changes` are further
    changes of the finding in the same transaction. `expected` and `verdict_seen` are the versions of the finding and
    of the verdict that the person saw. Raises what findings.decide raises.
    """
    with ws.writing() as writer:
        found = one_proposal(writer, policy_set, criterion, run, rank)
        if not (found.verbatim or quotation):
            raise RefusedError(
                "The proposed words are joined from clauses that do not stand together in the policy.",
                where=found.passage,
                do="Quote one of them word for word.",
            )
        row = {
            "source": found.policy,
            "passage": found.passage,
            "quotation": quotation or found.text,
            "role": role,
            "stance": stance,
            "type": type,
            "level": level,
            **taken_for(found),
            "effective": effective,
            "from_proposal": f"{run} {criterion} {rank}",
        }
        old = read_finding(writer, policy_set, criterion)
        made = change(
            writer,
            framework,
            policy_set,
            criterion,
            {**(changes or {}), "evidence": [*old.evidence, row]},
            by=by,
            expected=expected,
            reason=reason,
        )
        seen = found.verdict_version if verdict_seen is None else verdict_seen
        _verdict(writer, policy_set, found, "accepted", by, reason, seen)
        return made


class TakenFor(TypedDict):
    """The machine's guess of the kind and level of a passage."""

    machine_type: EvidenceType | None
    machine_level: EvidenceLevel | None


def taken_for(found: Proposal) -> TakenFor:
    """Return the machine's guess of kind and level for a proposed passage, as fields of an evidence row."""
    return {"machine_type": found.type, "machine_level": _LEVELS.get(found.grade)}


def evidence_of(finding: Finding, found: Proposal) -> list[Evidence]:
    """Return the evidence rows accepted from this proposal, or that quote the same words of the same policy."""
    words = fingerprint(found.text)
    return [
        row
        for row in finding.evidence
        if row.source == found.policy
        and (row.from_proposal == f"{found.run} {found.criterion} {found.rank}" or fingerprint(row.quotation) == words)
    ]


def reject(
    ws: Workspace,
    policy_set: str,
    criterion: str,
    run: str,
    rank: int,
    *,
    by: str,
    reason: str = "",
    expected: int | None = None,
    framework: Framework | None = None,
    evidence_seen: int | None = None,
) -> Proposal:
    """Reject a proposed passage as not relevant and return it; later runs show the verdict for the same words.

    `expected` is the version of the verdict that the person saw (0 for none). A passage that is evidence is refused
    unless `framework` and `evidence_seen`, the finding's version, are given; its rows are then removed.
    """
    with ws.writing() as writer:
        found = one_proposal(writer, policy_set, criterion, run, rank)
        old = read_finding(writer, policy_set, criterion)
        if rows := evidence_of(old, found):
            if evidence_seen is None or framework is None:
                raise RefusedError(
                    "This passage is evidence of the finding.",
                    where=f"{policy_set} {criterion} {rows[0].id}",
                    do="Take the evidence row out first (kb findings unquote), then reject the passage.",
                )
            kept = [row for row in old.evidence if row not in rows]
            change(
                writer,
                framework,
                policy_set,
                criterion,
                {"evidence": kept},
                by=by,
                expected=evidence_seen,
                reason=reason or "the passage was called not relevant",
            )
        _verdict(writer, policy_set, found, "rejected", by, reason, expected)
        return one_proposal(writer, policy_set, criterion, run, rank)


def verdict_stream(policy_set: str, found: Proposal) -> str:
    """Return the name of the log's stream that holds the verdicts on the words of a proposal."""
    return stream("verdict", policy_set, found.criterion, fingerprint(found.text))


def _verdict(
    writer: LogWriter, policy_set: str, found: Proposal, verdict: str, by: str, reason: str, expected: int | None
) -> None:
    name = verdict_stream(policy_set, found)
    if found.verdict == verdict == "accepted" and not reason and expected == found.verdict_version:
        return  # a second part of the passage was quoted: the verdict stays
    writer.append(
        name,
        "proposal." + verdict,
        {"verdict": verdict, "reason": reason, "text": found.text},
        author=by,
        reason=reason,
        expected=expected,
    )
