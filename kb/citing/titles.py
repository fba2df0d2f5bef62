"""Titles that people type beside a place, as it is printed: "Issue 4: Access to knowledge, education and training"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from kb.citing.holdings import Holdings
from kb.citing.typed import Part


def plain(text: str) -> str:
    """Words in small letters without marks between them."""
    return " ".join(re.findall(r"[\w'’-]+", text.lower()))


def titles(id: str, holdings: Holdings) -> list[str]:
    """The titles that the register has for a place and for what it stands in, innermost first, in plain words."""
    found: list[str] = []
    seen: set[str] = set()
    above: str | None = id
    while above and above not in seen:
        seen.add(above)
        entry = holdings.entry(above)
        found += [plain(entry.heading)] if entry and entry.heading else []
        above = (entry.parent if entry and entry.parent else None) or holdings.above(above)
    return found


def by_title(ids: list[str], typed: str, holdings: Holdings) -> list[str]:
    """Of several places those whose own title was typed too ("Issue 4: Access to knowledge"); all where none was."""
    words = plain(typed)
    return [id for id in ids if any(each in words for each in titles(id, holdings)[:1])] or ids


def titled(part: Part, places_in: Callable[[str], Sequence[str]], register: Iterable[str], holdings: Holdings) -> Part:
    """A part that names no instrument but has words, with the one in which its place bears the title that was typed.

    `places_in` gives the places that it may be in one instrument; the part as it is where no title, or more than one,
    has all its words.
    """
    if part.instrument is not None or not part.words:
        return part
    words = {word.lower() for word in part.words}
    found = [
        instrument
        for instrument in register
        for id in places_in(instrument)
        if holdings.entry(id) and (own := titles(id, holdings)[:1]) and words <= set(own[0].split())
    ]
    return replace(part, instrument=found[0]) if len(found) == 1 else part
