"""The log as people read it, and the proof that it is whole."""
from __future__ import annotations

from datetime import datetime

from pydantic import Field

from kb.models import Model
from kb.workspace.decisions import Event, sentence
from kb.workspace.double import visible_to
from kb.workspace.proof import guard_problems, log_problems, text_problems
from kb.workspace.store import Reader, Workspace
from kb.workspace.tables import EventRow, StateRow


class Proof(Model):
    """What reading the whole log found."""

    events: int
    streams: int
    head: str = Field(description="hash of the last event; note it elsewhere to prove later that nothing was cut off")
    doubted: tuple[int, ...] = Field(description="sequences whose clock is not believed (see clocks.py)")
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Nothing is missing, changed or out of step."""
        return not self.problems


def history(ws: Workspace, stream: str | None = None, *, until: datetime | int | None = None,
            viewer: str = "") -> list[Event]:
    """Events in order, of one stream and all under it or of everything. Sheets of a blind assessment are left out
    unless they are the viewer's own or the round is closed."""
    with ws.reading() as reader:
        return [event for event in reader.events(stream, until=until) if _visible(reader, event, viewer)]


def _visible(reader: Reader, event: Event, viewer: str) -> bool:
    """Opinions of an open blind round are seen by their author only, until both are done."""
    return not event.stream.startswith("opinion/") or visible_to(reader, event.stream, viewer)


def prove(ws: Workspace) -> Proof:
    """Read the whole log, follow its chain, fold every stream and compare with the states in use."""
    with ws.reading() as reader:
        return prove_now(reader)


def prove_now(reader: Reader) -> Proof:
    """As `prove`, within the caller's transaction."""
    connection = reader.connection
    found = [*guard_problems(connection), *log_problems(connection), *text_problems(connection)]
    events = [] if found else list(reader.events())
    return Proof(events=reader.count(EventRow), streams=reader.count(StateRow), head=reader.head()[1],
                 doubted=_doubted(reader, events), problems=tuple(found))


def _doubted(reader: Reader, events: list[Event]) -> tuple[int, ...]:
    since = reader.counted()
    return tuple(event.sequence for event in events if event.imported is None and since[event.sequence] != event.at)


def lines(events: list[Event], counted: dict[int, datetime] | None = None) -> list[str]:
    """One line per event for people: sequence, what, who, when, from what to what, why, and warnings. With `counted`
    (see Reader.counted) a clock that is not believed is named with the day from which the event counts."""
    return [_line(event, (counted or {}).get(event.sequence)) for event in events]


def _line(event: Event, since: datetime | None) -> str:
    doubted = since is not None and event.imported is None and since != event.at
    notes = f" [this clock is not believed; counts from {since:%Y-%m-%d %H:%M} UTC]" if doubted else ""
    reason = f" Reason: {event.reason}" if event.reason else ""
    return f"{event.sequence} {event.kind} {event.stream} by {sentence(event)}.{reason}{notes}"
