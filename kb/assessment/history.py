"""The log as people read it, with warnings about doubtful clocks."""

from __future__ import annotations

from datetime import datetime

from kb.assessment.double import sealed
from kb.errors import NotFound
from kb.log.decisions import Event, sentence, stream
from kb.log.store import Workspace


def history(
    ws: Workspace, stream: str | None = None, *, until: datetime | int | None = None, viewer: str = ""
) -> list[Event]:
    """Return events in order: of one stream and all under it, or of the complete log. Entries on sheets that `viewer`
    may not see yet are left out (`double.sealed`)."""
    with ws.reading() as reader:
        found = list(reader.events(stream, until=until))
        hidden = sealed(reader, viewer) if any(event.stream.startswith("opinion/") for event in found) else {}
    return [event for event in found if event.sequence not in hidden]


def doubt(ws: Workspace, policy_set: str, until: datetime | int | None, criterion: str = "") -> str:
    """Return a warning that the findings at `until` (a time, or the sequence of an event) leave out some changes, since
    the clocks that dated them disagree with the order of the log; '' if there are none.

    It covers the findings of a set, or of one criterion. Raises NotFound for a sequence that the log does not have, for
    example a year typed without month and day.
    """
    with ws.reading() as reader:
        last = reader.head()[0]
        if isinstance(until, int) and not 0 < until <= last:
            raise NotFound(
                f"The log has no event {until}; its last one is {last}.",
                do=f"Give one of these numbers; for a year give its last day, as {until:04}-12-31.",
            )
        count = reader.in_doubt(stream("finding", *filter(None, (policy_set, criterion))), until)
    if not count:
        return ""
    return (
        f"The day of {count} change{'s' * (count > 1)} is in doubt, since clocks do not agree with the order of the "
        f"log: "
        f"{'they are' if count > 1 else 'it is'} not in this state, and may have been there. See: kb findings history "
        f"{policy_set}"
    )


def lines(events: list[Event], counted: dict[int, datetime] | None = None) -> list[str]:
    """Return one line per event: sequence, kind, stream, who, when, what changed, reason, and warnings. With `counted`
    (see `LogReader.counted`), a clock that is not trusted is named with the date from which the event counts."""
    return [_line(event, (counted or {}).get(event.sequence)) for event in events]


def _line(event: Event, since: datetime | None) -> str:
    doubted = since is not None and event.imported is None and since != event.at
    notes = f" [this clock is not believed; counts from {since:%Y-%m-%d %H:%M} UTC]" if doubted else ""
    reason = f" Reason: {event.reason}" if event.reason else ""
    return f"{event.sequence} {event.kind} {event.stream} by {sentence(event)}.{reason}{notes}"
