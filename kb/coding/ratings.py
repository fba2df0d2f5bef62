"""From people's codings and the machine's tags to ratings that can be compared."""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from kb.coding.agreement import Codes, Ratings
from kb.models import Passage
from kb.workspace.nouns import Coding, Session


def looked_at(codings: Iterable[Coding], sessions: Iterable[Session]) -> dict[str, set[str]]:
    """Unit to the coders who looked at it: those it was assigned to, and those who left any word on it.

    An assigned unit on which nothing was said counts as looked at only once its session is closed.
    """
    seen: dict[str, set[str]] = {}
    for coding in codings:
        seen.setdefault(coding.passage, set()).add(coding.coder)
    for session in sessions:
        for coder, units in (session.assignments if not session.open else {}).items():
            for unit in units:
                seen.setdefault(unit, set()).add(coder)
    return seen


def ratings_of(codings: Iterable[Coding], sessions: Iterable[Session] = (),
               facets: Iterable[str] = ()) -> dict[str, Ratings]:
    """Facet to ratings; a code counts for a unit when the coder added it to the whole or to any span of it."""
    codings = [coding for coding in codings if coding.state != "withdrawn"]
    seen = looked_at(codings, sessions)
    names = sorted(set(facets) or {coding.facet for coding in codings})
    given: dict[tuple[str, str, str], set[str]] = {}
    for coding in codings:
        if coding.state == "added":
            given.setdefault((coding.facet, coding.passage, coding.coder), set()).add(coding.code)
    return {facet: {unit: {coder: frozenset(given.get((facet, unit, coder), ())) for coder in sorted(coders)}
                    for unit, coders in sorted(seen.items())} for facet in names}


def machine_of(passages: Iterable[Passage]) -> Mapping[str, Mapping[str, Codes]]:
    """Facet to unit to the codes that rules and models gave, whatever people said of them since."""
    found: dict[str, dict[str, set[str]]] = {}
    for passage in passages:
        for tag in passage.tags:
            if not tag.origin.startswith("person:"):
                found.setdefault(tag.facet, {}).setdefault(passage.id, set()).add(tag.id)
    return {facet: {unit: frozenset(codes) for unit, codes in units.items()} for facet, units in found.items()}
