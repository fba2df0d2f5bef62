"""Places typed beside the one that is answered: 'H.3' in 'H.3, para 206'. Each must hold it, or the answer says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.ids import Locator

_INSIDE = {"objective", "action"}
"""Kinds that an identifier writes inside another."""


def unused(places: Sequence[Locator], preference: Sequence[str]) -> list[Locator]:
    """Places that were typed and are in no identifier: all but those of the first kind in `preference` that occurs, and
    the kinds which that one includes."""
    kinds = {place.kind for place in places}
    chosen = next((kind for kind in preference if kind in kinds), None)
    made = {chosen, *_INSIDE}
    if chosen == "issue":
        made.add("direction")
    if chosen != "paragraph":
        made.add("paragraph")  # "Article 12, paragraph 3" is one place
    return [place for place in places if place.kind not in made]


def in_words(place: Locator) -> str:
    """A place as a note names it: "article 33(2)", "code H.3"."""
    number = ".".join(each for each in (place.above, place.number) if each)
    return f"{place.kind} {number}".strip() + "".join(f"({each})" for each in place.path)


def inside_issue(by_kind: Mapping[str, Locator]) -> list[str]:
    """Objective and action inside an issue, as identifiers write them."""
    inside = [f"obj{by_kind['objective'].number}", *by_kind["objective"].path] if "objective" in by_kind else []
    return [*inside, *(by_kind["action"].path if "action" in by_kind else ())]


def is_of_paper(places: Sequence[Locator]) -> bool:
    """Whether a place can only be one of the paper's: no instrument has numbered recommendations."""
    return any(each.kind == "recommendation" for each in places)
