"""Identifiers that are not a passage's but clearly mean something else: a recommendation, or a criterion in lower
case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches

from kb.errors import NotFound


def other_name(
    id: str, criteria: Iterable[str], documents: Iterable[str] = (), holds: Callable[[str], object] = lambda _: False
) -> NotFound | None:
    """Return the error for an identifier of a recommendation, or for one similar to that of a criterion or a document;
    it names what may be meant. None for any other identifier.

    `holds` returns whether a passage of that name exists: the words of recommendation R1 are at paper/r1, but D7 is our
    addition and has none.
    """
    known, name = list(criteria), id.strip().casefold()
    own = [each for each in known if each.partition(".")[0].casefold() == name]
    if own:
        title, words = own[0].partition(".")[0], f"paper/{name}"
        there = f" Its words are {words}." if holds(words) else ""
        return NotFound(f"'{title}' holds criteria and is no passage.", do=f"They are {', '.join(own)}.{there}")
    same = [each for each in (*known, *documents) if each.casefold() == name and each != id]
    # five suggestions, half of whose letters are those asked for; chosen by eye
    alike = same or (get_close_matches(id.upper()[:1] + id[1:], known, n=5, cutoff=0.6) if "." in id else [])
    return NotFound(f"no passage '{id}'.", do=f"Nearest are: {', '.join(alike)}.") if alike else None
