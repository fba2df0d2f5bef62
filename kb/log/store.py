"""Opening a workspace, writing to its log and reading from it. Every rule about writing at the same time is here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import NamedTuple, Protocol, Self, Unpack

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, update

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
from kb.log.states import STATE_ROWS, State, as_row, event_of, folded, mark_stated, state_of
from kb.log.tables import Base, EventRow, HeadRow, StateRow
from kb.text import visible


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


def open_workspace(url: str | None = None, *, clock: Callable[[], datetime] = now) -> Workspace:
    """The workspace at `url` (settings().database_url if none), its tables created or upgraded.

    Raises InputError for an address that is none, WorkspaceError for a database that is locked, full, read-only,
    damaged, emptied, another program's, out of reach or written by a newer kb, LowMemory where even Python would end.
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
    """The log of what people decided. Read with `state`, `states` and `events`; write with `append`, or several at once
    with `writing()`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now, *, writable: bool = True) -> None:
        self.engine, self.clock, self.writable = engine, clock, writable

    def close(self) -> None:
        """Give the connections back; a file that nobody writes now gets the checksum over all its bytes."""
        self.engine.dispose()
        file = file_of(self.engine)
        if file and self.writable:
            whole_file.seal(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction that appends events: all or none. Writers take turns at the head of the log."""
        if not self.writable:
            raise WorkspaceError("The workspace is damaged; nothing is written to it.", do="Restore a backup.")
        with transaction(self.engine, write=True) as connection:
            writer = self._writer(connection)
            yield writer
        if writer.last:
            heads.keep(self.engine, writer.last)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One moment of the workspace, however many others write meanwhile."""
        with transaction(self.engine, write=False) as connection:
            yield self._reader(connection)

    def _writer(self, connection: Connection) -> Writer:
        """What writes; a workspace that a person may see a part of has one of its own."""
        return Writer(connection, self.clock)

    def _reader(self, connection: Connection) -> Reader:
        """What reads; as `_writer`."""
        return Reader(connection, self.clock)

    def append(self, stream: str, kind: str, wanted: Mapping[str, object], **how: Unpack[EventOptions]) -> Event:
        """Write one event; see Writer.append."""
        with self.writing() as writer:
            return writer.append(stream, kind, wanted, **how)

    def state(self, stream: str, *, until: datetime | int | None = None) -> State:
        """The state of one stream, now or at a past moment."""
        with self.reading() as reader:
            return reader.state(stream, until=until)

    def states(self, prefix: str, *, until: datetime | int | None = None) -> list[State]:
        """States of all streams that are `prefix` or stand under it, by name."""
        with self.reading() as reader:
            return reader.states(prefix, until=until)

    def events(self, prefix: str | None = None, *, until: datetime | int | None = None) -> list[Event]:
        """Events of the stream or of all under it, in order; `until` a moment (UTC) or a sequence, inclusive."""
        with self.reading() as reader:
            return list(reader.events(prefix, until=until))


class Reader:
    """Reads within one transaction."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime] = now) -> None:
        self.connection, self.clock = connection, clock

    def state(self, stream: str, *, until: datetime | int | None = None) -> State:
        """The state of one stream, now or `until` a moment (UTC) or a sequence, inclusive."""
        if until is not None:
            return folded(stream, [event for event in self.events(stream, until=until) if event.stream == stream])
        row = self.connection.execute(STATE_ROWS.where(StateRow.stream == stream)).first()
        return state_of(row, self._stated(stream).get(stream, {})) if row else State(stream)

    def states(self, prefix: str, *, until: datetime | int | None = None) -> list[State]:
        """States of the stream `prefix` and of all under it, by name."""
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
        """The id under `prefix` that is this one but for capitals, or the same; '' where there is none. Two such ids
        would be one name to a person, and to a file system that does not tell capitals."""
        names = (decisions.parts(state.stream)[-1] for state in self.states(prefix))
        return next((name for name in names if name.casefold() == id.casefold()), "")

    def _stated(self, prefix: str) -> dict[str, dict[str, Mapping[str, object]]]:
        """For each stream under `prefix` with imported events: the fields whose present value such an event wrote."""
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
        """Events in order of sequence after `since`; `until` a moment (UTC; see clocks.py) or a sequence, inclusive."""
        query: Select = select(EventRow).where(EventRow.sequence > since).order_by(EventRow.sequence)
        if prefix:
            query = query.where(_under(EventRow, prefix))
        if until is not None:
            query = query.where(EventRow.sequence <= (self.place_of(until) if isinstance(until, datetime) else until))
        for row in self.connection.execute(query):
            yield event_of(row)

    def dated(self) -> dict[int, clocks.Dated]:
        """Sequence to the earliest and the latest moment at which the event was written (see clocks.py)."""
        rows = self.connection.execute(
            select(EventRow.sequence, EventRow.at, EventRow.imported).order_by(EventRow.sequence)
        ).all()
        words = [
            datetime.fromisoformat(json.loads(row.imported)["at"]) if row.imported else unstamp(row.at) for row in rows
        ]
        return dict(zip((row.sequence for row in rows), clocks.dated(words, self.clock()), strict=True))

    def counted(self) -> dict[int, datetime]:
        """Sequence to the moment from which the event counts (see clocks.py)."""
        return {sequence: one.since for sequence, one in self.dated().items()}

    def in_doubt(self, prefix: str, moment: datetime | int | None) -> int:
        """Number of events under `prefix` that the state as of `moment` (UTC) leaves out, though they may have been
        recorded by then: the clocks that dated them disagree. 0 where `moment` is None or the number of an event."""
        if not isinstance(moment, datetime):
            return 0
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        open_days = {n for n, one in self.dated().items() if one.in_doubt and one.earliest <= moment < one.since}
        query = select(EventRow.sequence).where(_under(EventRow, prefix))
        return len(open_days.intersection(self.connection.execute(query).scalars()))

    def place_of(self, moment: datetime) -> int:
        """Sequence of the last event that counts by `moment` (UTC); 0 before the first."""
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max((sequence for sequence, since in self.counted().items() if since <= moment), default=0)

    def known_version(self, stream: str, by: str) -> int:
        """The version of a stream that `by` can be taken to know: the present one if nobody else wrote since their own
        last word here, else that of their last word (0 for none). Words of an imported file are nobody's here."""
        query = select(EventRow.version, EventRow.author, EventRow.imported).where(EventRow.stream == stream)
        present = last = 0
        for row in self.connection.execute(query.order_by(EventRow.version)):
            present = row.version
            if row.author == by.strip() and row.imported is None:
                last = row.version
        return min(last, present)

    def head(self) -> tuple[int, str]:
        """Sequence and hash of the last event; (0, '') before the first."""
        row = self.connection.execute(select(HeadRow)).one()
        return row.sequence, row.hash

    def count(self, table: type[Base]) -> int:
        """Number of rows of a table."""
        return self.connection.execute(select(func.count()).select_from(table)).scalar() or 0

    def rows(self, query: Select) -> list[Row]:
        """All rows of a query."""
        return list(self.connection.execute(query))


class _Head(NamedTuple):
    """The end of the log: its last event, and the latest time so far."""

    sequence: int
    hash: str
    at: str


class Writer(Reader):
    """Appends events within one transaction, having locked the head of the log."""

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
        """Write the fields in which `wanted` differs from the stream's state, and return the event.

        `expected` is the version that the author saw; RefusedError tells who changed what if it is no longer the
        present one. Only an event that adds nothing to what is already there may leave it out. `at` is given for
        imported events; others take the clock. An empty author is refused, and so is a person's event that changes
        nothing and gives no reason (InputError): it would stand in the history as if something had been decided.
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

    def _last_time(self, state: State) -> datetime:
        query = select(EventRow.effective).where(EventRow.stream == state.stream, EventRow.version == state.version)
        found = self.connection.execute(query).scalar()
        return unstamp(found) if found else datetime.min.replace(tzinfo=UTC)

    def _write(self, event: Event, data: dict[str, object]) -> None:
        """Event, head and folded state, in the caller's transaction."""
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
        """ConflictError with the version that was seen, what others wrote since and what the author wants, unless
        `expected` is the present version or not given; RefusedError for one that does not exist yet."""
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
    """A workspace, or an object in its place whose acts all belong to one transaction."""

    def writing(self) -> AbstractContextManager[Writer]:
        """A transaction that writes."""


_NO_PERSON = re.compile(r"(machine|system|(rule|model|machine):.*)", re.IGNORECASE)  # the origins of kb.models.Tag


def refuse_nobody(author: str, origin: Origin = "person") -> None:
    """RefusedError for an empty author, and for a rule or model that signs as a person. Nobody is invented, and the
    system's user is never taken for the author."""
    if not any(character.isalpha() for character in visible(author or "")):  # a name has a letter that can be seen
        raise RefusedError("Every change needs an author.", do="Give the name of the person who decides.")
    if origin == "person" and _NO_PERSON.fullmatch(author.strip()):
        raise RefusedError(
            f"'{author}' is no person; the machine proposes, only a person decides.",
            do="Give the name of the person who decides.",
        )


def _under(table: type[EventRow | StateRow], prefix: str):
    """The stream itself and all between `prefix/` and `prefix0`: '0' is the character after '/'. (LIKE would mix
    capitals on SQLite.)"""
    top = prefix.rstrip("/")
    return (table.stream == top) | ((table.stream > top + "/") & (table.stream < top + "0"))
