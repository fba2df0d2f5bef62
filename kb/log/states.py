"""The state of a stream, computed from its events, and the conversion of events and states from and to database
rows."""

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
    """The current state of a stream: its fields (`data`) and version. Without events, the version is 0 and the data
    are empty."""

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
        """Return a person's `name`, with a sign added (see `as_stated`) if the value of `field` comes from an
        imported file."""
        return decisions.as_stated(name) if field in self.stated else name

    def stated_words(self, *fields: str) -> str:
        """Return who imported the values of `fields` (none given: all fields), and when; '' if all were entered here.

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
    """Within the block, raise WorkspaceError if a stored row cannot be parsed; `what` and `where` name the row in
    the message."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise WorkspaceError(
            f"{what} was altered and cannot be read.", where=where, do="Restore a backup: kb restore FILE --force"
        ) from error


def state_of(row: Row, stated: dict[str, Mapping[str, object]]) -> StreamState:
    """Return the state in a database row; `stated` are the fields whose value was imported. Raises WorkspaceError if
    the row was altered."""
    author = decisions.as_stated(row.author) if row.imported else row.author
    with _readable("The state", row.stream):
        return StreamState(row.stream, row.version, row.sequence, json.loads(row.data), author, unstamp(row.at), stated)


def mark_stated(
    stated: dict[str, Mapping[str, object]], after: Mapping[str, object], imported: Mapping[str, object] | None
) -> None:
    """Update `stated` (field to its import) for the fields `after` that an event wrote: add them for an imported
    event, remove them if a person entered them here (`imported` is None)."""
    for name in after:
        stated.pop(name, None)
        if imported:
            stated[name] = imported


def folded(stream: str, events: list[Event]) -> StreamState:
    """Return the state that these events of one stream add up to."""
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
    """Return the event in a database row. Raises WorkspaceError if the row was altered."""
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
