"""Open a workspace, write to its log and read from it. The rules about concurrent writing are in this module."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import NamedTuple, Protocol, Self, Unpack

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, func, insert, select, update

from kb import memory, whole_file
from kb.config import settings
from kb.errors import InputError, RefusedError, WorkspaceError
from kb.log import clocks, decisions, heads, opening, switch
from kb.log.anchor import Anchor
from kb.log.bounds import refuse_too_long
from kb.log.conflict import ConflictError
from kb.log.database import connect, file_of, transaction
from kb.log.decisions import Event, EventOptions, Origin, canonical, stamp, unstamp
from kb.log.schema import prepare
from kb.log.states import STATE_ROWS, StreamState, as_row, event_of, folded, mark_stated, state_of
from kb.log.tables import Base, EventRow, HeadRow, StateRow
from kb.text import visible


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def open_workspace(url: str | None = None, *, clock: Callable[[], datetime] = now) -> Workspace:
    """Open the workspace at `url` (default: settings().database_url); its tables are created or upgraded.

    Raises InputError for an invalid address, WorkspaceError for a database that is locked, full, read-only, damaged,
    emptied, another program's, unreachable or written by a newer kb, LowMemory if there is too little memory.
    """
    memory.require(memory.DATABASE, "the workspace")
    url = url or settings().database_url
    switch.settle(url, settings().workspace)
    engine = connect(url)
    try:
        kept = opening.saved_head(engine)
        prepare(engine)
        return Workspace(engine, clock, writable=opening.prove_at_opening(engine, kept))
    except BaseException:
        engine.dispose()
        raise


class Workspace:
    """A workspace: the log of people's decisions. Read with `state`, `states` and `events`; write one event with
    `append`, several in one transaction with `writing()`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now, *, writable: bool = True) -> None:
        self.engine, self.clock, self.writable = engine, clock, writable

    def close(self) -> None:
        """Close the connections. If nobody else has the database open for writing, a checksum over all its bytes is
        stored."""
        self.engine.dispose()
        file = file_of(self.engine)
        if file and self.writable:
            whole_file.seal(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[LogWriter]:
        """Open a transaction that appends all its events or none. Writers wait for each other. Raises WorkspaceError
        for a damaged workspace."""
        if not self.writable:
            raise WorkspaceError("The workspace is damaged; nothing is written to it.", do="Restore a backup.")
        with transaction(self.engine, write=True) as connection:
            writer = self._writer(connection)
            yield writer
        if writer.last:
            heads.keep(self.engine, writer.last)

    @contextmanager
    def reading(self) -> Iterator[LogReader]:
        """Open a snapshot of the workspace, unaffected by concurrent writers."""
        with transaction(self.engine, write=False) as connection:
            yield self._reader(connection)

    def _writer(self, connection: Connection) -> LogWriter:
        """Return the writer; a workspace limited to one person overrides this."""
        return LogWriter(connection, self.clock)

    def _reader(self, connection: Connection) -> LogReader:
        """Return the reader; a workspace limited to one person overrides this."""
        return LogReader(connection, self.clock)

    def append(self, stream: str, kind: str, wanted: Mapping[str, object], **how: Unpack[EventOptions]) -> Event:
        """Append one event in a transaction of its own, and return it; see LogWriter.append."""
        with self.writing() as writer:
            return writer.append(stream, kind, wanted, **how)

    def state(self, stream: str, *, until: datetime | int | None = None) -> StreamState:
        """Return the state of one stream: now, or as of `until` (a UTC time or an event's sequence, inclusive)."""
        with self.reading() as reader:
            return reader.state(stream, until=until)

    def states(self, prefix: str, *, until: datetime | int | None = None) -> list[StreamState]:
        """Return the states of the stream `prefix` and of all streams below it, sorted by name."""
        with self.reading() as reader:
            return reader.states(prefix, until=until)

    def events(self, prefix: str | None = None, *, until: datetime | int | None = None) -> list[Event]:
        """Return the events of the stream `prefix` and of all below it (None: of all streams), in order, up to
        `until` (a UTC time or a sequence, inclusive)."""
        with self.reading() as reader:
            return list(reader.events(prefix, until=until))


class LogReader:
    """A read transaction on one snapshot of the workspace."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime] = now) -> None:
        self.connection, self.clock = connection, clock

    def state(self, stream: str, *, until: datetime | int | None = None) -> StreamState:
        """Return the state of one stream: now, or as of `until` (a UTC time or an event's sequence, inclusive)."""
        if until is not None:
            return folded(stream, [event for event in self.events(stream, until=until) if event.stream == stream])
        row = self.connection.execute(STATE_ROWS.where(StateRow.stream == stream)).first()
        return state_of(row, self._stated(stream).get(stream, {})) if row else StreamState(stream)

    def states(self, prefix: str, *, until: datetime | int | None = None) -> list[StreamState]:
        """Return the states of the stream `prefix` and of all streams below it, sorted by name."""
        if until is not None:
            streams: dict[str, list[Event]] = {}
            for event in self.events(prefix, until=until):
                streams.setdefault(event.stream, []).append(event)
            return [folded(stream, streams[stream]) for stream in sorted(streams)]
        stated = self._stated(prefix)
        return [
            state_of(row, stated.get(row.stream, {}))
            for row in self.connection.execute(STATE_ROWS.where(_under(StateRow, prefix)))
        ]

    def alike(self, prefix: str, id: str) -> str:
        """Return an existing id below `prefix` that differs from `id` only in case; '' if there is none. People and
        some file systems would confuse the two."""
        names = (decisions.parts(state.stream)[-1] for state in self.states(prefix))
        return next((name for name in names if name.casefold() == id.casefold()), "")

    def _stated(self, prefix: str) -> dict[str, dict[str, Mapping[str, object]]]:
        """Return stream to the fields whose current value was imported, each with its import, for streams below
        `prefix`."""
        imported = select(EventRow.stream).where(_under(EventRow, prefix), EventRow.imported.is_not(None)).distinct()
        names = list(self.connection.execute(imported).scalars())
        columns = select(EventRow.stream, EventRow.after, EventRow.imported).order_by(EventRow.sequence)
        found: dict[str, dict[str, Mapping[str, object]]] = {}
        for start in range(0, len(names), 500):  # SQLite takes some thousand values in one statement
            for row in self.connection.execute(columns.where(EventRow.stream.in_(names[start : start + 500]))):
                mark_stated(
                    found.setdefault(row.stream, {}), json.loads(row.after), row.imported and json.loads(row.imported)
                )
        return found

    def events(
        self, prefix: str | None = None, *, until: datetime | int | None = None, since: int = 0
    ) -> Iterator[Event]:
        """Yield the events of the stream `prefix` and of all below it (None: of all streams), in order: those after
        the sequence `since`, up to `until` (a UTC time, see clocks.py, or a sequence, inclusive)."""
        query: Select = select(EventRow).where(EventRow.sequence > since).order_by(EventRow.sequence)
        if prefix:
            query = query.where(_under(EventRow, prefix))
        if until is not None:
            query = query.where(EventRow.sequence <= (self.place_of(until) if isinstance(until, datetime) else until))
        for row in self.connection.execute(query):
            yield event_of(row)

    def dated(self) -> dict[int, clocks.Dated]:
        """Return event sequence to the earliest and latest time at which the event may have been written (see
        clocks.py)."""
        rows = self.connection.execute(
            select(EventRow.sequence, EventRow.at, EventRow.imported).order_by(EventRow.sequence)
        ).all()
        words = [
            datetime.fromisoformat(json.loads(row.imported)["at"]) if row.imported else unstamp(row.at) for row in rows
        ]
        return dict(zip((row.sequence for row in rows), clocks.dated(words, self.clock()), strict=True))

    def counted(self) -> dict[int, datetime]:
        """Return event sequence to the time from which the event belongs to a past state (see clocks.py)."""
        return {sequence: one.since for sequence, one in self.dated().items()}

    def in_doubt(self, prefix: str, moment: datetime | int | None) -> int:
        """Return the number of events under `prefix` that the state as of `moment` (UTC) leaves out although they may
        have been recorded by then, since clocks disagree. 0 if `moment` is None or a sequence."""
        if not isinstance(moment, datetime):
            return 0
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        open_days = {n for n, one in self.dated().items() if one.in_doubt and one.earliest <= moment < one.since}
        query = select(EventRow.sequence).where(_under(EventRow, prefix))
        return len(open_days.intersection(self.connection.execute(query).scalars()))

    def place_of(self, moment: datetime) -> int:
        """Return the sequence of the last event that belongs to the state as of `moment` (UTC); 0 if there is none."""
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max((sequence for sequence, since in self.counted().items() if since <= moment), default=0)

    def known_version(self, stream: str, by: str) -> int:
        """Return the version of a stream that `by` is assumed to know: the version after their own last event on it;
        0 if there is none. Imported events do not count as anybody's own."""
        query = select(EventRow.version, EventRow.author, EventRow.imported).where(EventRow.stream == stream)
        present = last = 0
        for row in self.connection.execute(query.order_by(EventRow.version)):
            present = row.version
            if row.author == by.strip() and row.imported is None:
                last = row.version
        return min(last, present)

    def head(self) -> tuple[int, str]:
        """Return sequence and hash of the last event; (0, '') for an empty log."""
        row = self.connection.execute(select(HeadRow)).one()
        return row.sequence, row.hash

    def count(self, table: type[Base]) -> int:
        """Return the number of rows of a table."""
        return self.connection.execute(select(func.count()).select_from(table)).scalar() or 0

    def rows(self, query: Select) -> list[Row]:
        """Return all rows of a query."""
        return list(self.connection.execute(query))


class _Head(NamedTuple):
    """The end of the log: sequence and hash of its last event, and the latest time so far."""

    sequence: int
    hash: str
    at: str


class LogWriter(LogReader):
    """A transaction that appends events; it locks the head of the log until it ends."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime]) -> None:
        super().__init__(connection, clock)
        row = connection.execute(select(HeadRow).where(HeadRow.id == 1).with_for_update()).one()
        self._head = _Head(row.sequence, row.hash, row.at)
        self.last: Anchor | None = None  # the head after what was written here

    def append(
        self,
        stream: str,
        kind: str,
        wanted: Mapping[str, object],
        *,
        author: str,
        reason: str = "",
        expected: int | None = None,
        origin: Origin = "person",
        at: datetime | None = None,
        imported: Mapping[str, object] | None = None,
    ) -> Event:
        """Append an event with the fields in which `wanted` differs from the stream's state; return the event.

        `expected` is the version that the author saw; only an event that cannot overwrite anything may leave it
        None. `at` and `imported` are for imported events; others use the clock. Raises ConflictError, which says who
        changed what, if the stream is no longer at version `expected`; RefusedError for an empty author; InputError
        for a person's event that changes nothing and has no reason, since it would look like a decision in the
        history.
        """
        refuse_nobody(author, origin)
        if origin == "person":
            refuse_too_long(stream, author, reason, wanted)
        state = self.state(stream)
        self.refuse_stale(stream, expected, wanted)
        before, after = decisions.changes(state.data, wanted)
        if origin == "person" and state.version and imported is None and not (after or reason.strip()):
            raise InputError(
                "There is nothing to change: it says so already.",
                where=stream,
                do="Nothing was written. To confirm it, give a reason.",
            )
        time = at or self.clock()
        event = decisions.seal(
            Event(
                sequence=self._head.sequence + 1,
                stream=stream,
                version=state.version + 1,
                kind=kind,
                author=author.strip(),
                origin=origin,
                at=time,
                effective=max(time, self._last_time(state)),
                reason=reason.strip(),
                before=before,
                after=after,
                imported=imported,
                previous_hash=self._head.hash,
                behind=imported is None and bool(self._head.at) and stamp(time) < self._head.at,
            )
        )
        self._write(event, {**state.data, **after})
        return event

    def _last_time(self, state: StreamState) -> datetime:
        query = select(EventRow.effective).where(EventRow.stream == state.stream, EventRow.version == state.version)
        found = self.connection.execute(query).scalar()
        return unstamp(found) if found else datetime.min.replace(tzinfo=UTC)

    def _write(self, event: Event, data: dict[str, object]) -> None:
        """Write event, head and folded state in the caller's transaction."""
        self.connection.execute(insert(EventRow).values(**as_row(event)))
        self.last = Anchor(sequence=event.sequence, hash=event.hash, at=event.at)
        self._head = _Head(event.sequence, event.hash, max(stamp(event.at), self._head.at))
        self.connection.execute(
            update(HeadRow).values(sequence=self._head.sequence, hash=self._head.hash, at=self._head.at)
        )
        values = {"version": event.version, "sequence": event.sequence, "data": canonical(data)}
        if event.version == 1:
            topic = event.stream.split("/", 1)[0]
            self.connection.execute(insert(StateRow).values(stream=event.stream, topic=topic, **values))
        else:
            self.connection.execute(update(StateRow).where(StateRow.stream == event.stream).values(**values))

    def refuse_stale(self, stream: str, expected: int | None, wanted: Mapping[str, object]) -> None:
        """Raise ConflictError (versions, events since, wanted changes) unless `expected` is the stream's current
        version or None; RefusedError for a version that does not exist yet."""
        if expected is None or expected == self.state(stream).version:
            return
        events = [event for event in self.events(stream) if event.stream == stream]
        newer = [event for event in events if event.version > expected]
        if not newer:
            raise RefusedError(
                f"Version {expected} does not exist yet.",
                where=stream,
                do="Look at the present state, then decide again.",
            )
        seen = folded(stream, [event for event in events if event.version <= expected])
        raise ConflictError(stream, seen, folded(stream, events), newer, wanted)


class CanWrite(Protocol):
    """An object that opens write transactions: a Workspace, or a substitute for which all writes belong to one
    transaction."""

    def writing(self) -> AbstractContextManager[LogWriter]:
        """Open a write transaction."""


_NO_PERSON = re.compile(r"(machine|system|(rule|model|machine):.*)", re.IGNORECASE)  # the origins of kb.models.Tag


def refuse_nobody(author: str, origin: Origin = "person") -> None:
    """Raise RefusedError for an empty author, or for a rule or model that signs as a person. The author is never
    guessed, nor taken from the operating system."""
    if not any(character.isalpha() for character in visible(author or "")):  # a name has a letter that can be seen
        raise RefusedError("Every change needs an author.", do="Give the name of the person who decides.")
    if origin == "person" and _NO_PERSON.fullmatch(author.strip()):
        raise RefusedError(
            f"'{author}' is no person; the machine proposes, only a person decides.",
            do="Give the name of the person who decides.",
        )


def _under(table: type[EventRow | StateRow], prefix: str) -> ColumnElement[bool]:
    """Return the SQL condition for the stream `prefix` and all streams below it. Names below it are between
    `prefix/` and `prefix0`, since '0' is the character after '/'. (LIKE would ignore case on SQLite.)"""
    top = prefix.rstrip("/")
    return (table.stream == top) | ((table.stream > top + "/") & (table.stream < top + "0"))
