"""What hits show of their passages: read for each search, or, in a program that stays over a small index, made once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, cast, runtime_checkable

from kb.engine import Engine
from kb.search.results import Card, Stored, card_of

STAYS = 8
"""Searches after which a program is taken to stay, as the engine here takes it."""
HELD_UP_TO = 10_000
"""Passages of an index of which all cards are held: six kilobytes each, made in a fiftieth of a millisecond, so that
the search that makes them takes a fifth of a second longer, once."""


@runtime_checkable
class Near(Protocol):
    """An engine in this process, which can read all that it has."""

    def every_fields(self) -> Iterator[Mapping[str, object]]:
        """The fields of every passage."""
        ...


class Cards:
    """The cards of an engine's passages; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._asked = engine, 0
        self._held: Mapping[str, Card] = {}

    def of(self, ids: Sequence[str]) -> Mapping[str, Card]:
        """The cards of those passages by identifier; one that the engine does not know is left out."""
        self._asked += 1
        if self._asked == STAYS + 1 and self._engine.size <= HELD_UP_TO and isinstance(self._engine, Near):
            every = (cast(Stored, fields) for fields in self._engine.every_fields())
            self._held = {fields["id"]: card_of(fields) for fields in every}
        held = self._held
        if held:
            return {id: held[id] for id in ids if id in held}
        return {id: card_of(cast(Stored, fields)) for id, fields in self._engine.fields(ids).items()}
