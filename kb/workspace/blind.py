"""What is not shown yet: words of people who work apart, until both have handed in, or until the round is closed."""

from __future__ import annotations

from collections.abc import Callable

from kb.assessment.double import sealed
from kb.coding.codes import hidden
from kb.log.decisions import Event, parts
from kb.log.store import Reader


def blind_to(reader: Reader, viewer: str) -> Callable[[Event], bool]:
    """Tells of an event of the log whether its words are kept from `viewer` ('' for nobody in particular): another
    person's sheet of a blind double assessment, another coder's word in a blind session that is open."""
    sheets = sealed(reader, viewer)
    rounds = {state.parts[0]: state.data for state in reader.states("session")}

    def kept_from(event: Event) -> bool:
        """Whether the words of this event are kept from the viewer."""
        if event.stream.startswith(("coding/", "unit/")):
            _, session, coder = parts(event.stream)[:3]
            return coder != viewer.strip() and hidden(rounds.get(session))
        return event.sequence in sheets

    return kept_from
