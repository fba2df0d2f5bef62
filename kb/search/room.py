"""The number of hits that a search shows, and the number of passages that it examines for them."""

from __future__ import annotations

from dataclasses import dataclass

SPARE = 3
"""Number of passages that are examined for each hit that is shown, because some repeat the text of another."""
PER_FORCE = 10
"""Number of hits shown for each force when no limit is given. Forces have separate quotas, so that what States agreed
and what an expert advised are listed separately."""


@dataclass(frozen=True)
class Room:
    """The number of hits to show: `limit` in all, or when that is None, `per_force` of each force.

    With `every`, the whole list; with `part` (position of the first hit, from 0; number of hits), that part of the
    list.
    """

    limit: int | None = None
    per_force: int = PER_FORCE
    every: bool = False
    part: tuple[int, int] | None = None

    @property
    def deep(self) -> int:
        """Number of places of the ranking that are examined to find that many hits."""
        # twenty more, for those that are folded into others when few are asked
        return self.limit * SPARE + 20 if self.limit is not None else self.per_force * SPARE
