"""Verify the log in one pass over its rows, fast enough to do so whenever a workspace is opened.

The canonical JSON of an event is assembled from its columns without parsing them, so that a row takes some
microseconds; `benchmarks/damage.py` prints the share of a command's time that this takes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring
from types import SimpleNamespace

from sqlalchemy import Connection, Row, inspect, select, text

from kb.amounts import some
from kb.log.decisions import canonical, records_in, stream
from kb.log.tables import WRITTEN_ONCE, DocumentRow, EventRow, HeadRow, ProposalRow, RunRow, StateRow, trigger

APPLICATION = 0x6B625753  # 'kbWS' in the header of the SQLite file: distinguishes it from those of other programs


def log_problems(connection: Connection, since: int = 0) -> list[str]:
    """Return a sentence for each fault of the log after event `since`, and of its head (the stored end of the log).
    With `since` 0, the stored state of each stream is also compared with the state that its events add up to."""
    streams: dict[str, tuple[int, int, dict[str, object]]] = {}
    found, last = [], _hash_at(connection, since)
    rows = connection.execute(
        select(*EventRow.__table__.columns).where(EventRow.sequence > since).order_by(EventRow.sequence)
    )
    place = since
    for place, row in enumerate(rows, since + 1):
        if row.sequence != place:
            return [f"event {place} is missing (found {row.sequence})"]
        if row.previous_hash != last or _hash(row) != row.hash:
            found.append(f"event {place} ({row.stream}) was changed after it was written")
        last = row.hash
        if not since:
            found += _grow(streams, row)
    found += _head_problems(connection, place, last)
    return found if since else found + _state_problems(connection, streams)


def _hash_at(connection: Connection, sequence: int) -> str:
    query = select(EventRow.hash).where(EventRow.sequence == sequence)
    return connection.execute(query).scalar() or "" if sequence else ""


def _hash(row: Row) -> str:
    """Return the sha256 of the event's canonical JSON, equal to that of decisions.seal."""
    word = encode_basestring
    content = (
        f'{{"after":{row.after},"at":{word(row.at)},"author":{word(row.author)},"before":{row.before},'
        f'"behind":{"true" if row.behind else "false"},"effective":{word(row.effective)},'
        f'"imported":{row.imported or "null"},"kind":{word(row.kind)},"origin":{word(row.origin)},'
        f'"previous_hash":{word(row.previous_hash)},"reason":{word(row.reason)},"sequence":{row.sequence},'
        f'"stream":{word(row.stream)},"version":{row.version}}}'
    )
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _grow(streams: dict[str, tuple[int, int, dict[str, object]]], row: Row) -> Iterator[str]:
    """Merge one event into `streams`, which maps a stream to (version, sequence of its last event, state); yield a
    sentence for each fault of the event."""
    version, _, data = streams.get(row.stream, (0, 0, {}))
    if row.version != version + 1:
        yield f"event {row.sequence} ({row.stream}) jumps to version {row.version}"
    try:
        data.update(json.loads(row.after))
    except ValueError:
        yield f"event {row.sequence} ({row.stream}) cannot be read"
    streams[row.stream] = (row.version, row.sequence, data)


def _head_problems(connection: Connection, place: int, last: str) -> list[str]:
    heads = connection.execute(select(HeadRow)).all()
    if [(head.id, head.sequence, head.hash) for head in heads] == [(1, place, last)]:
        return []
    says = some(heads[0].sequence, "event") if len(heads) == 1 else f"{len(heads)} times"
    return [f"the head says {says}, the log ends at {place}"]


def _state_problems(connection: Connection, streams: dict[str, tuple[int, int, dict[str, object]]]) -> list[str]:
    """Return a sentence for each stream whose stored state differs from the computed one. `streams` maps a stream to
    (version, sequence of its last event, state), as `_grow` computed it."""
    wrong = set(streams)
    for row in connection.execute(select(*StateRow.__table__.columns)):
        version, sequence, data = streams.get(row.stream, (0, 0, {}))
        same = (row.version, row.sequence, row.topic) == (version, sequence, row.stream.split("/", 1)[0])
        if same and row.data == canonical(data):
            wrong.discard(row.stream)
        else:
            wrong.add(row.stream)
    return [f"{name}: the state in use is not what its events add up to" for name in sorted(wrong)]


def guard_problems(connection: Connection) -> list[str]:
    """Return a sentence for each trigger that protects the history and was removed or changed."""
    if connection.dialect.name == "sqlite":
        there = dict(connection.execute(text("select name, sql from sqlite_master where type = 'trigger'")).all())
    else:
        there = dict.fromkeys(
            connection.execute(
                text("select tgname from pg_trigger where not tgisinternal and tgenabled = 'O'")
            ).scalars()
        )
    wrong = [
        name
        for table in WRITTEN_ONCE
        for name, wanted in trigger(connection.dialect.name, table)
        if name not in there or (held := there[name]) and _bare(held) != _bare(wanted)
    ]
    return [f"the protection '{name}' of the history was removed or changed" for name in wrong]


def _bare(statement: str) -> str:
    """Return a trigger statement without its first two words, whose case SQLite changes ('CREATE TRIGGER')."""
    return statement.split(None, 2)[2]


def text_problems(connection: Connection) -> list[str]:
    """Return a sentence for each stored text of a policy that is missing or changed, and for each run that was
    changed."""
    found = missing_texts(connection)
    for row in connection.execute(select(DocumentRow.sha256, DocumentRow.data).execution_options(yield_per=16)):
        if not matches_hash(row.sha256, row.data):
            found.append(f"the stored text {row.sha256[:12]} of a policy was changed")
    columns = {column["name"] for column in inspect(connection).get_columns("runs")}
    return found + (run_problems(connection) if "digest" in columns else [])


def missing_texts(connection: Connection) -> list[str]:
    """Return a sentence for each text that a version of a policy refers to and that is not stored."""
    held = set(connection.execute(select(DocumentRow.sha256)).scalars())
    found = []
    for name, data in connection.execute(select(StateRow.stream, StateRow.data).where(StateRow.topic == "policy")):
        named = [str(version.get("document") or "") for version in records_in(_written_by(data), "versions")]
        gone = [sha256 for sha256 in named if sha256 and sha256 not in held]
        found += [f"{name}: the stored text {sha256[:12]} of a policy is missing" for sha256 in gone]
    return found


def run_problems(connection: Connection) -> list[str]:
    """Return a sentence for each run that differs from its event in the log, has changed proposals, or is missing."""
    runs = connection.execute(select(*RunRow.__table__.columns)).all()
    found = [
        f"the run {run.id} or its proposals were changed"
        for run in runs
        if run.digest != stored_digest(connection, run) or not _announced(connection, run)
    ]
    owners = connection.execute(select(ProposalRow.run).distinct()).scalars()
    known = {run.id for run in runs}
    found += [f"there are proposals of a run '{name}' that is not there" for name in owners if name not in known]
    query = select(EventRow.stream, EventRow.after).where(EventRow.stream.startswith("run/"))
    announced_runs = [(name, _written_by(after).get("run")) for name, after in connection.execute(query)]
    return found + [f"{name}: the run {run} is missing" for name, run in announced_runs if run and run not in known]


def _written_by(after: str) -> dict[str, object]:
    """Parse the stored JSON of an event or state; return an empty dict if it is invalid, which `log_problems`
    reports."""
    try:
        said = json.loads(after)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _announced(connection: Connection, run: Row) -> bool:
    """Return whether the event with the run's sequence describes this run."""
    event = connection.execute(
        select(EventRow.stream, EventRow.at, EventRow.after).where(EventRow.sequence == run.sequence)
    ).first()
    try:
        announced = json.loads(event.after) if event else {}
    except ValueError:
        return False
    return (
        event is not None
        and announced.get("run") == run.id
        and announced.get("digest", run.digest) == run.digest
        and (event.stream, event.at) == (stream("run", run.policy_set, run.policy), run.at)
    )


def matches_hash(sha256: str, data: str) -> bool:
    """Return whether the stored text `data` still has the hash `sha256`."""
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest() == sha256


def run_digest(policy: str, document: str, framework: str, models: str, rows: Iterable[Sequence[object]]) -> str:
    """Return the sha256 of a run, without its own id and its policy set, which an import may change. `rows` holds
    criterion, rank, mark and data of each proposal, sorted by criterion and rank."""
    content = [policy, document, framework, models, [list(row) for row in rows]]
    return hashlib.sha256(canonical(content).encode("utf-8", "surrogatepass")).hexdigest()


def stored_digest(connection: Connection, run: RunRow | Row | SimpleNamespace) -> str:
    """Return the digest of a run, computed from its rows as they are stored now."""
    table = ProposalRow.__table__.c
    query = select(table.criterion, table.rank, table.mark, table.data).where(table.run == run.id)
    rows = sorted(connection.execute(query), key=lambda row: (row.criterion, row.rank))
    return run_digest(run.policy, run.document, run.framework, run.models, rows)


def foreign(connection: Connection) -> bool:
    """Return whether a SQLite file has tables but not all tables of the log, so that it belongs to another program
    or is damaged."""
    names = set(inspect(connection).get_table_names())
    return connection.dialect.name == "sqlite" and bool(names) and not {"events", "head", "states"} <= names
