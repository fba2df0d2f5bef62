"""Convert people's codings and the machine's tags to ratings (unit to coder to set of codes), from which agreement
is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kb.coding.agreement import Codes, Ratings
from kb.coding.models import Coding
from kb.coding.units import Unit, coded_by
from kb.models import Passage


def coders_of(codings: Iterable[Coding], units: Iterable[Unit], facet: str) -> dict[str, set[str]]:
    """Return unit to the coders who coded it in a facet: they gave or rejected a code, or stated that none applies.

    A unit that was only assigned or opened does not count as coded.
    """
    seen: dict[str, set[str]] = {}
    for coder, passages in coded_by(codings, units, facet).items():
        for passage in passages:
            seen.setdefault(passage, set()).add(coder)
    return seen


def ratings_of(codings: Iterable[Coding], units: Iterable[Unit] = (), facets: Iterable[str] = ()) -> dict[str, Ratings]:
    """Return facet to ratings. A coder's code counts for a unit if it was added to the complete passage or to any
    span of it."""
    codings, units = [coding for coding in codings if coding.state != "withdrawn"], list(units)
    names = sorted(
        set(facets) or {coding.facet for coding in codings} | {facet for unit in units for facet in unit.none}
    )
    given: dict[tuple[str, str, str], set[str]] = {}
    for coding in codings:
        if coding.state == "added":
            given.setdefault((coding.facet, coding.passage, coding.coder), set()).add(coding.code)
    return {
        facet: {
            unit: {coder: frozenset(given.get((facet, unit, coder), ())) for coder in sorted(coders)}
            for unit, coders in sorted(coders_of(codings, units, facet).items())
        }
        for facet in names
    }


def machine_of(passages: Iterable[Passage]) -> Mapping[str, Mapping[str, Codes]]:
    """Return facet to unit to the codes that rules and models gave, including those that people rejected later."""
    found: dict[str, dict[str, set[str]]] = {}
    for passage in passages:
        for tag in passage.tags:
            if not tag.origin.startswith("person:"):
                found.setdefault(tag.facet, {}).setdefault(passage.id, set()).add(tag.id)
    return {facet: {unit: frozenset(codes) for unit, codes in units.items()} for facet, units in found.items()}
