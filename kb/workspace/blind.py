"""Find events that are hidden for now: work of people who work independently, until both have submitted it or the
session is closed."""

from __future__ import annotations

from collections.abc import Callable

from kb.assessment.double import sealed
from kb.coding.codes import hidden
from kb.log.decisions import Event, parts
from kb.log.store import LogReader


def blind_to(reader: LogReader, viewer: str) -> Callable[[Event], bool]:
    """Return a function that returns whether an event is hidden from `viewer`. Hidden are the other person's sheet
    in a blind double assessment, and other coders' codes in an open blind session; for '' every such sheet and
    code is hidden."""
    sheets = sealed(reader, viewer)
    rounds = {state.parts[0]: state.data for state in reader.states("session")}

    def kept_from(event: Event) -> bool:
        """Return whether this event is hidden from the viewer."""
        if event.stream.startswith(("coding/", "unit/")):
            _, session, coder = parts(event.stream)[:3]
            return coder != viewer.strip() and hidden(rounds.get(session))
        return event.sequence in sheets

    return kept_from
