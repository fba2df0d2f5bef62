"""Export a complete assessment to one JSON file, with its history, the texts that it quotes and the machine's
proposals, and import it into another workspace (SQLite or PostgreSQL). Authors and times are kept, and every
value is marked as imported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from pydantic import ValidationError
from sqlalchemy import insert, select

from kb.assessment.double import sealed
from kb.assessment.findings import as_finding
from kb.assessment.policies import read_set
from kb.assessment.proposals import StoredProposal, in_order
from kb.data import Json
from kb.errors import InputError, RefusedError, WorkspaceError
from kb.files import readable, written
from kb.log.anchor import anchor_now, marks_in
from kb.log.decisions import Event, canonical, parts, records_in, seal, stamp, stream
from kb.log.proof import missing_texts, run_digest, run_problems
from kb.log.store import LogReader, LogWriter, Workspace, refuse_nobody
from kb.log.tables import DocumentRow, ProposalRow, RunRow
from kb.models import Document, Model
from kb.plan.actions import read_action
from kb.text import sha256_text

FORMAT, SCHEMA = "kb-assessment", 1
TOPICS = ("set", "policy", "finding", "opinion", "run", "verdict", "measure")


class Imported(Model):
    """The result of an import: how many objects of each kind were added."""

    policy_set: str
    events: int
    findings: int
    documents: int
    proposals: int
    actions: tuple[str, ...]


class RunColumns(TypedDict):
    """The columns of one run of `kb assess` in the file of an assessment."""

    id: str
    policy_set: str
    policy: str
    document: str
    models: str
    framework: str
    at: str
    sequence: int
    digest: NotRequired[str]  # files before digests have none


class _StoredEvent(TypedDict):
    """An event of the log: the fields of `kb.log.decisions.Event` as JSON; only `stream` is read here."""

    stream: str


class AssessmentFile(TypedDict):
    """An assessment as `kb assessment export` writes it: events of the log, texts, and proposals with their runs.
    `sha256` is the checksum of all other fields; `kept_back` names criteria whose sheets are not in the file."""

    format: str
    schema: int
    policy_set: str
    head: str
    anchor: str
    kept_back: list[str]
    events: list[_StoredEvent]
    documents: dict[str, object]
    runs: list[RunColumns]
    proposals: list[StoredProposal]
    sha256: NotRequired[str]


class _Moved(TypedDict):
    """The parts of the content that contain the id of the assessment, and so change when it is renamed."""

    runs: list[RunColumns]
    proposals: list[StoredProposal]
    events: list[_StoredEvent]


def export_assessment(ws: Workspace, policy_set: str) -> AssessmentFile:
    """Return an assessment as JSON values, with a hash over all of them.

    Sheets of an open blind double assessment are left out until both are submitted, and are listed under
    `kept_back`. Raises NotFound for an unknown policy set.
    """
    with ws.reading() as reader:
        stored = read_set(reader, policy_set)
        hidden = sealed(reader, policy_set=policy_set)
        events = [event for event in reader.events() if _belongs(event, policy_set) and event.sequence not in hidden]
        events += _action_events(reader, policy_set)
        events.sort(key=lambda event: event.sequence)
        runs = reader.rows(select(RunRow.__table__).where(RunRow.policy_set == policy_set).order_by(RunRow.sequence))
        wanted = {version.document for policy in stored.policies for version in policy.versions}
        documents = reader.rows(select(DocumentRow.__table__).where(DocumentRow.sha256.in_(wanted)))
        proposed = reader.rows(
            select(ProposalRow.__table__)
            .where(ProposalRow.run.in_([run.id for run in runs]))
            .order_by(ProposalRow.run, ProposalRow.criterion, ProposalRow.rank)
        )
        content: AssessmentFile = {
            "format": FORMAT,
            "schema": SCHEMA,
            "policy_set": policy_set,
            "head": reader.head()[1],
            "anchor": anchor_now(reader).mark,
            "kept_back": [f"{criterion}: {by}" for criterion, by in dict.fromkeys(hidden.values())],
            "events": [cast(_StoredEvent, event.model_dump(mode="json")) for event in events],
            "documents": {row.sha256: json.loads(row.data) for row in documents},
            "runs": [cast(RunColumns, dict(run._mapping)) for run in runs],
            "proposals": [cast(StoredProposal, dict(row._mapping)) for row in proposed],
        }
    return {**content, "sha256": sha256_text(canonical(content))}


def _belongs(event: Event, policy_set: str) -> bool:
    topic = event.stream.partition("/")[0]
    return topic in TOPICS and parts(event.stream)[0] == policy_set


def _action_events(reader: LogReader, policy_set: str) -> list[Event]:
    """Return the events of the actions that serve the policy set."""
    found: list[Event] = []
    for state in reader.states("action"):
        if any(ref["policy_set"] == policy_set for ref in records_in(state.data, "findings")):
            found.extend(reader.events(state.stream))
    return found


def write_assessment(ws: Workspace, policy_set: str, file: Path) -> AssessmentFile:
    """Write the assessment to a file atomically; return its content."""
    content = export_assessment(ws, policy_set)
    with written(file) as beside:
        beside.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1), encoding="utf-8")
    return content


def read_assessment(file: Path) -> AssessmentFile:
    """Return the content of a file that `write_assessment` wrote. Raises InputError if it is another file or was
    changed."""
    readable(file, "Give a file from kb assessment export.")
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"The file cannot be read: {error}", where=str(file), do="Give a file from kb assessment export."
        ) from error
    return _verified(content, str(file))


def _verified(content: object, where: str) -> AssessmentFile:
    """Return the content if its format is known and its hash is right. Raises InputError otherwise, and WorkspaceError
    for a file of a newer kb, with `where` as the place."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputError("This is no exported assessment.", where=where, do="Give a file from kb assessment export.")
    if not isinstance(content.get("schema"), int) or content["schema"] > SCHEMA:
        raise WorkspaceError("The assessment was exported by a newer version of kb.", where=where, do="Upgrade kb.")
    rest = {key: value for key, value in content.items() if key != "sha256"}
    if sha256_text(canonical(rest)) != content.get("sha256"):
        raise InputError(
            "The assessment was changed after it was exported, or cut off.", where=where, do="Export it again."
        )
    return cast(AssessmentFile, content)


def import_assessment(ws: Workspace, content: AssessmentFile, *, by: str, as_set: str | None = None) -> Imported:
    """Import an exported assessment in one transaction, in the name of `by`. Authors, times and reasons are kept;
    each event records who imported it. The rules of findings are not applied: run the checks afterwards.

    Raises RefusedError if the policy set or one of its actions exists already and no other id is given (`as_set`);
    InputError for content that was changed or is unknown.
    """
    refuse_nobody(by)
    content = _verified(content, content.get("policy_set", "") if isinstance(content, dict) else "")
    old, new = content["policy_set"], as_set or content["policy_set"]
    try:
        events = [Event.model_validate(event) for event in content["events"]]
        _refuse_foreign(events, old, str(content.get("head")), str(content.get("anchor")))
        content, events = _renamed(content, events, old, new)
        with ws.writing() as writer:
            return _import(writer, content, events, new, by)
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"The assessment holds what this workspace does not know: {str(error).splitlines()[0]}",
            do="Nothing was imported. Export it again.",
        ) from error


def _refuse_foreign(events: list[Event], policy_set: str, head: str, anchor: str) -> None:
    """Raise InputError unless all streams belong to the policy set or to actions, and no event is forged (see
    `forged`)."""
    for event in events:
        if not (_belongs(event, policy_set) or event.stream.startswith("action/")):
            raise InputError(
                f"The file writes to '{event.stream}', which is not part of '{policy_set}'.", do="Nothing was imported."
            )
    wrong = next(forged(events, head, anchor), None)
    if wrong:
        raise InputError(
            f"{wrong}; it was forged or damaged.",
            do="Nothing was imported. Ask for the file again, and for the mark of the log it is from.",
        )


def forged(events: list[Event], head: str = "", anchor: str = "") -> Iterator[str]:
    """Yield a sentence for each sign that events were forged. Checked are each event's hash, order, chain, former
    values and author, and the head of the log."""
    states: dict[str, tuple[int, dict[str, object]]] = {}
    for event, last in zip(events, [None, *events], strict=False):
        place = f"Event {event.sequence} ({event.stream})"
        version, state = states.get(event.stream, (0, {}))
        if seal(event).hash != event.hash or event.version != version + 1:
            yield f"{place} was changed or is out of order"
        if last and event.sequence <= last.sequence:
            yield f"{place} stands before an earlier one"
        if last and event.sequence == last.sequence + 1 and event.previous_hash != last.hash:
            yield f"{place} does not follow the event before it"
        if event.before != {key: state.get(key) for key in event.after}:
            yield f"{place} names other former values than the events before it"
        decided = event.after.get("decided_by")
        if decided and event.imported is None and decided != event.author:
            yield f"{place} was written by {event.author} and says that {decided} decided"
        states[event.stream] = (event.version, {**state, **event.after})
    ends = [mark for mark in marks_in(anchor) if events and mark.sequence == events[-1].sequence]
    if ends and {ends[0].hash, head} != {events[-1].hash}:
        yield "The last event is not the one that the file's head names"


def _renamed(content: AssessmentFile, events: list[Event], old: str, new: str) -> tuple[AssessmentFile, list[Event]]:
    """Return content and events of an assessment under the id `new` instead of `old`. Runs and actions get new ids
    too, since ids are unique in a workspace."""
    if old == new:
        return content, events
    runs = {run["id"]: hashlib.sha256(f"{new}\n{run['id']}".encode()).hexdigest()[:20] for run in content["runs"]}
    text = canonical(
        {
            "runs": content["runs"],
            "proposals": content["proposals"],
            "events": [e.model_dump(mode="json") for e in events],
        }
    )
    for before, after in runs.items():
        text = text.replace(before, after)
    moved = cast(_Moved, _other_set(json.loads(text), old, new))
    fresh = [
        Event.model_validate({**event, "stream": _other_stream(event["stream"], new)}) for event in moved["events"]
    ]
    return {**content, "runs": moved["runs"], "proposals": moved["proposals"]}, fresh


def _other_stream(name: str, new: str) -> str:
    topic, rest = name.partition("/")[0], parts(name)
    return stream(topic, f"{new}-{rest[0]}" if topic == "action" else new, *rest[1:])


def _other_set(value: Json, old: str, new: str) -> Json:
    """Return `value` with every 'policy_set' that is `old` replaced by `new`."""
    if isinstance(value, list):
        return [_other_set(one, old, new) for one in value]
    if isinstance(value, dict):
        return {
            key: new if key == "policy_set" and one == old else _other_set(one, old, new) for key, one in value.items()
        }
    return value


def _import(writer: LogWriter, content: AssessmentFile, events: list[Event], new: str, by: str) -> Imported:
    streams = dict.fromkeys(event.stream for event in events)
    taken = [name for name in streams if writer.state(name).version]
    if taken:
        raise RefusedError(f"'{taken[0]}' is already in this workspace.", do="Import under another name (--as).")
    for sha256, document in content["documents"].items():
        _document(writer, sha256, document)
    sequences = _replay(writer, events, by)
    for run in content["runs"]:
        writer.connection.execute(
            insert(RunRow).values(
                **{**run, "sequence": sequences[run["sequence"]], "digest": _digest(run, content["proposals"])}
            )
        )
    if content["proposals"]:
        writer.connection.execute(insert(ProposalRow), content["proposals"])
    _refuse_unproved(writer, content, new)
    actions = tuple(parts(name)[0] for name in streams if name.startswith("action/"))
    try:
        held = [as_finding(state) for state in writer.states(stream("finding", new))]
        read_set(writer, new)
        for id in actions:
            read_action(writer, id)
    except WorkspaceError as error:
        raise InputError(
            f"The assessment holds what this workspace does not know: {error.what}",
            do="Nothing was imported. Upgrade kb if a newer one wrote the file; else ask for the file again.",
        ) from error
    return Imported(
        policy_set=new,
        events=len(events),
        findings=len(held),
        documents=len(content["documents"]),
        proposals=sum(1 for row in content["proposals"] if row["rank"]),
        actions=actions,
    )


def _refuse_unproved(writer: LogWriter, content: AssessmentFile, new: str) -> None:
    """Raise InputError unless the imported data passes the checks of `kb doctor` and `kb restore`; the log would
    otherwise fail them for ever."""
    prefixes = (
        *(f"{stream(topic, new)}/" for topic in ("policy", "run")),
        *(f"the run {run['id']} " for run in content["runs"]),
    )
    found = [*missing_texts(writer.connection), *run_problems(writer.connection)]
    wrong = next((problem for problem in found if problem.startswith(prefixes)), None)
    if wrong:
        raise InputError(
            f"{wrong[0].upper()}{wrong[1:]}; the file was forged or damaged.",
            do="Nothing was imported. Ask for the file again, and for the mark of the log it is from.",
        )


def _digest(run: RunColumns, proposals: list[StoredProposal]) -> str:
    """Return the digest of a run, computed from the file. Raises InputError if the file states another one."""
    rows = [row for row in proposals if row["run"] == run["id"]]
    found = run_digest(run["policy"], run["document"], run["framework"], run["models"], in_order(rows))
    if run.get("digest", found) != found:
        raise InputError(f"The run {run['id']} or its proposals were changed.", do="Export it again.")
    return found


def _replay(writer: LogWriter, events: list[Event], by: str) -> dict[int, int]:
    """Append the events in their order to the log; return former to new sequence numbers."""
    time = stamp(writer.clock())
    sequences = {}
    for event in events:
        trace = {"by": by.strip(), "at": time, "sequence": event.sequence, "hash": event.hash, "before": event.imported}
        made = writer.append(
            event.stream,
            event.kind,
            event.after,
            author=event.author,
            origin=event.origin,
            reason=event.reason,
            at=event.at,
            imported=trace,
        )
        sequences[event.sequence] = made.sequence
    return sequences


def _document(writer: LogWriter, sha256: str, document: object) -> None:
    """Store a text of the file if its hash is right and it is not stored yet. Raises InputError for another hash."""
    data = canonical(document)
    Document.model_validate(document)
    if sha256_text(data) != sha256:
        raise InputError(f"The text {sha256[:12]} was changed after it was exported.", do="Export it again.")
    if not writer.rows(select(DocumentRow.sha256).where(DocumentRow.sha256 == sha256)):
        writer.connection.execute(insert(DocumentRow).values(sha256=sha256, data=data))
