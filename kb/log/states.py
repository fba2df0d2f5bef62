"""The state of a stream (the fold of its events), and conversion from and to database rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, select

from kb.errors import WorkspaceError
from kb.log import decisions
from kb.log.decisions import Event, canonical, stamp, unstamp
from kb.log.tables import EventRow, StateRow


@dataclass(frozen=True)
class StreamState:
    """The current state of a stream; version 0 and no data for a stream without events."""

    stream: str
    version: int = 0
    sequence: int = 0
    data: dict[str, object] = field(default_factory=dict)
    author: str = ""
    at: datetime | None = None
    stated: dict[str, Mapping[str, object]] = field(
        default_factory=dict
    )  # fields whose value an imported file states: how

    def who(self, field: str, name: str) -> str:
        """Return a person's name, with a mark if only an imported file gives it for this field."""
        return decisions.as_stated(name) if field in self.stated else name

    def stated_words(self, *fields: str) -> str:
        """Return who imported the values of `fields` (by default all), and when; '' if all were entered here.

        If only some of the values were imported, the names of their fields come first.
        """
        held = [name for name in fields or self.data if self.data.get(name) not in (None, "", False, [], {})]
        foreign = [name for name in held if name in self.stated]
        ways = dict.fromkeys(decisions.stated_by(self.stated[name]) for name in foreign)
        some = f"{', '.join(name.replace('_', ' ') for name in foreign)}: " if len(foreign) < len(held) else ""
        return some + "; ".join(ways) if foreign else ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The identifiers in the stream's name, after its topic."""
        return decisions.parts(self.stream)


STATE_ROWS = (
    select(*StateRow.__table__.columns, EventRow.author, EventRow.at, EventRow.imported)
    .join(EventRow, EventRow.sequence == StateRow.sequence)
    .order_by(StateRow.stream)
)
"""Query for states with author and time of their last event, by stream."""


@contextmanager
def _readable(what: str, where: str) -> Iterator[None]:
    """Raise WorkspaceError, which names the row by `what` and `where`, if the block cannot parse a stored row."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise WorkspaceError(
            f"{what} was altered and cannot be read.", where=where, do="Restore a backup: kb restore FILE --force"
        ) from error


def state_of(row: Row, stated: dict[str, Mapping[str, object]]) -> StreamState:
    """Return the state of a row; `stated` are its imported fields. Raises WorkspaceError if the row was altered."""
    author = decisions.as_stated(row.author) if row.imported else row.author
    with _readable("The state", row.stream):
        return StreamState(row.stream, row.version, row.sequence, json.loads(row.data), author, unstamp(row.at), stated)


def mark_stated(
    stated: dict[str, Mapping[str, object]], after: Mapping[str, object], imported: Mapping[str, object] | None
) -> None:
    """Update `stated` for the fields that an event wrote: whether an imported file states them or a person entered them
    here."""
    for name in after:
        stated.pop(name, None)
        if imported:
            stated[name] = imported


def folded(stream: str, events: list[Event]) -> StreamState:
    """Return the state after these events of one stream."""
    if not events:
        return StreamState(stream)
    last = events[-1]
    stated: dict[str, Mapping[str, object]] = {}
    for event in events:
        mark_stated(stated, event.after, event.imported)
    author = decisions.as_stated(last.author) if last.imported else last.author
    return StreamState(stream, last.version, last.sequence, decisions.fold(events), author, last.at, stated)


def as_row(event: Event) -> dict[str, object]:
    """Return the column values of an event."""
    values = event.model_dump()
    values["at"], values["effective"] = stamp(event.at), stamp(event.effective)
    values["before"], values["after"] = canonical(event.before), canonical(event.after)
    values["imported"] = canonical(event.imported) if event.imported else None
    return values


def event_of(row: Row) -> Event:
    """Return the event of a row. Raises WorkspaceError if the row was altered."""
    with _readable(f"Event {row.sequence}", row.stream):
        return Event(
            sequence=row.sequence,
            stream=row.stream,
            version=row.version,
            kind=row.kind,
            author=row.author,
            origin=row.origin,
            at=unstamp(row.at),
            effective=unstamp(row.effective),
            behind=row.behind,
            reason=row.reason,
            before=json.loads(row.before),
            after=json.loads(row.after),
            previous_hash=row.previous_hash,
            hash=row.hash,
            imported=json.loads(row.imported) if row.imported else None,
        )
