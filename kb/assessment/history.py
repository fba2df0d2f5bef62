"""Read the log for people: events, one line of text for each, and warnings about clocks that cannot be trusted."""

from __future__ import annotations

from datetime import datetime

from kb.assessment.double import sealed
from kb.errors import NotFound
from kb.log.decisions import Event, sentence, stream
from kb.log.store import Workspace


def history(
    ws: Workspace, stream: str | None = None, *, until: datetime | int | None = None, viewer: str = ""
) -> list[Event]:
    """Return events in the order of the log: all, or those of `stream` and the streams below it, up to `until` (a
    UTC time or an event's sequence). Entries on sheets that `viewer` may not see yet are left out (see
    `double.sealed`)."""
    with ws.reading() as reader:
        found = list(reader.events(stream, until=until))
        hidden = sealed(reader, viewer) if any(event.stream.startswith("opinion/") for event in found) else {}
    return [event for event in found if event.sequence not in hidden]


def doubt(ws: Workspace, policy_set: str, until: datetime | int | None, criterion: str = "") -> str:
    """Return a warning if the findings as of `until` (a UTC time or an event's sequence) may leave out changes
    because the clocks that dated them disagree with the order of the log; '' if none are left out.

    It covers all findings of the set, or those of one criterion. Raises NotFound for a sequence that the log does
    not have, for example a year typed without month and day.
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
    """Return one line of text per event: sequence, kind, stream, author, time, changed fields, reason and warnings.
    `counted` maps the sequence of an event with an untrusted clock to the time from which it counts (see
    `LogReader.counted`); that time is added to the line."""
    return [_line(event, (counted or {}).get(event.sequence)) for event in events]


def _line(event: Event, since: datetime | None) -> str:
    doubted = since is not None and event.imported is None and since != event.at
    notes = f" [this clock is not believed; counts from {since:%Y-%m-%d %H:%M} UTC]" if doubted else ""
    reason = f" Reason: {event.reason}" if event.reason else ""
    return f"{event.sequence} {event.kind} {event.stream} by {sentence(event)}.{reason}{notes}"
