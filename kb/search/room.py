"""How many hits a search shows, and how many passages are looked at for them."""

from __future__ import annotations

from dataclasses import dataclass

SPARE = 3
"""Passages looked at for each hit that is shown, since some repeat another."""


@dataclass
class Room:
    """How many hits are shown in all (None for no bound), and how many of each force where there is no bound."""

    limit: int | None
    per_force: int

    @property
    def deep(self) -> int:
        """Passages of a ranking that are looked at with this bound."""
        # twenty more, for those that are folded into others when few are asked
        return self.limit * SPARE + 20 if self.limit is not None else self.per_force * SPARE
