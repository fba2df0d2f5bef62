"""The log as people read it, and the proof that it is whole."""

from __future__ import annotations

from datetime import datetime

from kb.assessment.double import sealed
from kb.errors import NotFound
from kb.log.decisions import Event, sentence, stream
from kb.log.store import Workspace


def history(
    ws: Workspace, stream: str | None = None, *, until: datetime | int | None = None, viewer: str = ""
) -> list[Event]:
    """Events in order, of one stream and all under it or of everything. What was written on the sheets of a blind
    assessment is left out unless they are the viewer's own or both were handed in."""
    with ws.reading() as reader:
        found = list(reader.events(stream, until=until))
        hidden = sealed(reader, viewer) if any(event.stream.startswith("opinion/") for event in found) else {}
    return [event for event in found if event.sequence not in hidden]


def doubt(ws: Workspace, policy_set: str, until: datetime | int | None, criterion: str = "") -> str:
    """A warning for people who ask how findings stood at `until` (a day, or the number of an event): some changes were
    left out, since the clocks that dated them disagree with the order of the log. '' where none was.

    It is about the findings of a set, or of one criterion. Raises NotFound for the number of an event that the log does
    not have: a year that was typed without month and day, for example.
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
    """One line per event for people: sequence, what, who, when, from what to what, why, and warnings. With `counted`
    (see Reader.counted) a clock that is not believed is named with the day from which the event counts."""
    return [_line(event, (counted or {}).get(event.sequence)) for event in events]


def _line(event: Event, since: datetime | None) -> str:
    doubted = since is not None and event.imported is None and since != event.at
    notes = f" [this clock is not believed; counts from {since:%Y-%m-%d %H:%M} UTC]" if doubted else ""
    reason = f" Reason: {event.reason}" if event.reason else ""
    return f"{event.sequence} {event.kind} {event.stream} by {sentence(event)}.{reason}{notes}"
