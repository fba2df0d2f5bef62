"""Places typed beside the one that is answered: 'H.3' in 'H.3, para 206'. Each must hold it, or the answer says so."""

from __future__ import annotations

from collections.abc import Sequence

from kb.citing.holdings import Holdings
from kb.ids import Locator

_INSIDE = {"objective", "action"}
"""Kinds that an identifier writes inside another."""


def unused(places: Sequence[Locator], preference: Sequence[str]) -> list[Locator]:
    """Places that no identifier was made of: all but the first kind in `preference` and what it takes in."""
    kinds = {place.kind for place in places}
    chosen = next((kind for kind in preference if kind in kinds), None)
    made = {chosen, *_INSIDE}
    if chosen == "issue":
        made.add("direction")
    if chosen != "paragraph":
        made.add("paragraph")  # "Article 12, paragraph 3" is one place
    return [place for place in places if place.kind not in made]


def stands_in(id: str, above: str, holdings: Holdings) -> bool:
    """Whether a place stands in another: by its identifier, by a range of paragraphs, or by its entry's parents."""
    if id == above or id.startswith(f"{above}/"):
        return True
    part, number, _ = holdings.paragraph(id)
    outer = holdings.entries.get(above)
    if outer and outer.range and part:
        return outer.range.of == part and outer.range.first <= number <= outer.range.last
    entry = holdings.entry(id)
    while entry is not None:
        if entry.id == above:
            return True
        entry = holdings.entries.get(entry.parent or "")
    return False
