"""Edit conflicts: two people changed the same object; both versions are shown to the second person, who decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic_core import to_jsonable_python

from kb.errors import RefusedError
from kb.log.decisions import Event, records_in, sentence, word

if TYPE_CHECKING:
    from kb.log.store import StreamState

LONG = 300  # characters of a field that a message shows: a paragraph of a rationale, not a page

DERIVED = {"decided_by", "decided_at", "agreed_by", "framework", "done"}
"""Fields that follow from others; they are stored but not compared."""


@dataclass(frozen=True)
class Side:
    """One field in three versions: as the author saw it, as it is stored now, as the author wants it. None means no
    value."""

    field: str
    seen: object
    theirs: object
    mine: object

    @property
    def line(self) -> str:
        """The three versions of the field as one line of text."""
        return (
            f"{self.field}: you write {word(self.mine, LONG)} | now there is {word(self.theirs, LONG)} "
            f"| you saw {word(self.seen, LONG)}"
        )


_UNLESS_SAID = {"archived": False, "removed": False}
"""Values of fields that were never written."""


def _value(state: StreamState, field: str) -> object:
    """Return the value of a field of a state. `standing` of a policy is the one of its current version."""
    versions = records_in(state.data, "versions")
    if field == "standing" and versions:
        return versions[-1].get("standing")
    return state.data.get(field, _UNLESS_SAID.get(field))


class ConflictError(RefusedError):
    """Raised if somebody else changed the object since the version that the author saw; nothing was written.

    `mine` holds the fields that the author wanted to write; `theirs` the events since then (each with author, at,
    reason, before and after); `seen` and `present` the two versions of the state; `sides` one row per field that
    either person changed; `sentences` one line per event: who changed what.
    """

    def __init__(
        self, stream: str, seen: StreamState, present: StreamState, theirs: Sequence[Event], mine: Mapping[str, object]
    ) -> None:
        self.stream, self.seen, self.present, self.theirs = stream, seen, present, tuple(theirs)
        self.mine = {key: value for key, value in to_jsonable_python(mine).items() if seen.data.get(key) != value}
        self.sentences = tuple(sentence(event) for event in theirs)
        super().__init__(
            "Changed since you read it by " + "; ".join(self.sentences) + ".",
            where=stream,
            do=f"Look at the present state, then decide again (kb … --seen {present.version}).",
        )

    @property
    def sides(self) -> tuple[Side, ...]:
        """One row for each field that either person changed: as seen, as it is now, as the author wants it."""
        theirs = [key for event in self.theirs for key in event.after]
        touched = [
            *self.mine,
            *("standing" if key == "versions" and key in self.present.data else key for key in theirs),
        ]
        rows = []
        for key in dict.fromkeys(touched):
            if key not in DERIVED:
                seen = _value(self.seen, key)
                rows.append(Side(key, seen, _value(self.present, key), self.mine.get(key, seen)))
        return tuple(rows)

    def __str__(self) -> str:
        rows = "".join(f"\n  {side.line}" for side in self.sides)
        return f"{self.where}: {self.what}{rows}\n  {self.do}"
