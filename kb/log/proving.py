"""Verify that the log is complete and that the stored states follow from its events."""

from __future__ import annotations

from pydantic import Field
from sqlalchemy import select

from kb.log.decisions import Event
from kb.log.proof import guard_problems, log_problems, text_problems
from kb.log.store import LogReader, Workspace
from kb.log.tables import EventRow, HeadRow, StateRow
from kb.models import Model


class LogProof(Model):
    """The result of verifying the complete log: counts, the end of the log, and the problems found."""

    events: int
    streams: int
    head: str = Field(description="hash of the last event; note it elsewhere to prove later that nothing was cut off")
    doubted: tuple[int, ...] = Field(description="sequences whose clock is not believed (see clocks.py)")
    problems: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether no problem was found."""
        return not self.problems


def prove(ws: Workspace) -> LogProof:
    """Verify the complete log: its chain of hashes, the texts that it refers to, and every state against the fold of
    its events."""
    with ws.reading() as reader:
        return prove_now(reader)


def prove_now(reader: LogReader) -> LogProof:
    """Like `prove`, within the caller's transaction."""
    connection = reader.connection
    found = [*guard_problems(connection), *log_problems(connection), *text_problems(connection)]
    events = [] if found else list(reader.events())
    return LogProof(
        events=reader.count(EventRow),
        streams=reader.count(StateRow),
        head=_end(reader),
        doubted=_doubted(reader, events),
        problems=tuple(found),
    )


def _end(reader: LogReader) -> str:
    """Return the hash of the last event from the head row; '' if that row is missing, which is reported as a problem
    elsewhere."""
    heads = reader.rows(select(HeadRow))
    return heads[0].hash if len(heads) == 1 else ""


def _doubted(reader: LogReader, events: list[Event]) -> tuple[int, ...]:
    since = reader.counted()
    return tuple(event.sequence for event in events if event.imported is None and since[event.sequence] != event.at)
