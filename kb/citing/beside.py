"""Handle several places (articles, paragraphs) typed in one citation: 'H.3, para 206' resolves to paragraph 206, and
'H.3' is reported to the reader if it does not contain that paragraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.ids import Locator

_INSIDE = {"objective", "action"}
"""Kinds of place whose identifiers are part of another's."""


def unused(places: Sequence[Locator], preference: Sequence[str]) -> list[Locator]:
    """Return the typed places that are not part of the resolved identifier: all but those of the first kind in
    `preference` that was typed, and of the kinds inside that kind."""
    kinds = {place.kind for place in places}
    chosen = next((kind for kind in preference if kind in kinds), None)
    made = {chosen, *_INSIDE}
    if chosen == "issue":
        made.add("direction")
    if chosen != "paragraph":
        made.add("paragraph")  # "Article 12, paragraph 3" is one place
    return [place for place in places if place.kind not in made]


def in_words(place: Locator) -> str:
    """Name a place in a note for the reader: "article 33(2)", "code H.3"."""
    number = ".".join(each for each in (place.above, place.number) if each)
    return f"{place.kind} {number}".strip() + "".join(f"({each})" for each in place.path)


def inside_issue(by_kind: Mapping[str, Locator]) -> list[str]:
    """Return objective and action inside an issue as parts of an identifier, such as ['obj1', 'a']; [] when neither was
    typed."""
    inside = [f"obj{by_kind['objective'].number}", *by_kind["objective"].path] if "objective" in by_kind else []
    return [*inside, *(by_kind["action"].path if "action" in by_kind else ())]


def is_of_paper(places: Sequence[Locator]) -> bool:
    """Return whether a place can only be in the paper, because no instrument has numbered recommendations."""
    return any(each.kind == "recommendation" for each in places)
