"""Counts with their denominators, codes together, codes by group, words in context; every plot with its numbers."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Any, Literal

from pydantic import Field

from kb.errors import InputError
from kb.models import Model, Passage, Tag

Side = Literal["machine", "person", "either"]


class Count(Model):
    """How many passages have a code, of how many."""

    group: str = Field("", description="document, force, country, ... when counted by group; empty for all")
    facet: str
    code: str
    n: int
    of: int = Field(description="passages counted, with and without codes")
    of_coded: int = Field(description="passages that have any code of the facet")
    share: float = Field(description="n / of")


class Together(Model):
    """How many passages have two codes, and how many have each."""

    a: str
    b: str
    n: int
    n_a: int
    n_b: int
    of: int
    jaccard: float = Field(description="n / (n_a + n_b - n)")


class Line(Model):
    """One occurrence of a word with what stands around it."""

    passage: str
    citation: str
    left: str
    hit: str
    right: str
    start: int = Field(description="character in the passage's text")


def stands(tag: Tag, side: Side) -> bool:
    """Whether the tag counts on that side: machine tags that nobody rejected; people's, given or confirmed."""
    if tag.state == "rejected":
        return False
    given = tag.origin.startswith("person:")
    return {"either": True, "machine": not given, "person": given or tag.state == "confirmed"}[side]


def codes_of(passage: Passage, facet: str, side: Side = "either") -> set[str]:
    """The codes of one facet that a passage has."""
    return {tag.id for tag in passage.tags if tag.facet == facet and stands(tag, side)}


def counts(passages: Iterable[Passage], facet: str, *, side: Side = "either", group: str = "") -> list[Count]:
    """Passages by code, most frequent first."""
    sets = [codes_of(passage, facet, side) for passage in passages]
    tally = Counter(code for codes in sets for code in codes)
    of, coded = len(sets), sum(map(bool, sets))
    return [Count(group=group, facet=facet, code=code, n=n, of=of, of_coded=coded, share=round(n / of, 4))
            for code, n in sorted(tally.items(), key=lambda item: (-item[1], item[0]))]


def _groups(passage: Passage, by: str) -> Iterable[str]:
    if by in ("document", "force", "kind", "language", "part"):
        return [str(getattr(passage, by) or "(none)")]
    return sorted(codes_of(passage, by)) or ["(none)"]


def by_group(passages: Iterable[Passage], facet: str, by: str, *, side: Side = "either") -> list[Count]:
    """Codes by document, force, kind, language, part, or by the terms of another facet (group, country, …).

    Each count has its own denominator: the passages of that group. They are counts of passages, no measure of a country.
    """
    grouped: dict[str, list[Passage]] = {}
    for passage in passages:
        for name in _groups(passage, by):
            grouped.setdefault(name, []).append(passage)
    return [count for name, members in sorted(grouped.items()) for count in counts(members, facet, side=side, group=name)]


def together(passages: Iterable[Passage], facet: str, other: str | None = None, *, side: Side = "either") -> list[Together]:
    """Codes that stand on the same passage, within a facet or between two."""
    passages = list(passages)
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for passage in passages:
        mine = sorted(f"{facet}:{code}" for code in codes_of(passage, facet, side))
        theirs = sorted(f"{other}:{code}" for code in codes_of(passage, other, side)) if other and other != facet else []
        single.update(mine + theirs)
        pairs.update(((a, b) for a in mine for b in theirs) if other and other != facet else combinations(mine, 2))
    return [Together(a=a, b=b, n=n, n_a=single[a], n_b=single[b], of=len(passages),
                     jaccard=round(n / (single[a] + single[b] - n), 4))
            for (a, b), n in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))]


def pattern_of(words: str) -> re.Pattern[str]:
    """Whole words in a row, any case; `*` stands for the rest of a word. Raises InputError when there is no word."""
    parts = [r"[\w'’-]*".join(map(re.escape, word.split("*"))) for word in words.split()]
    if not any(word.strip("*") for word in words.split()):
        raise InputError("There is no word to look for.", do="Give a word, a phrase, or a beginning with '*'.")
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)


def kwic(passages: Iterable[Passage], words: str, *, width: int = 60) -> Iterator[Line]:
    """Every occurrence of `words` with up to `width` characters before and after, in the order of the sources."""
    pattern = pattern_of(words)
    for passage in passages:
        for match in pattern.finditer(passage.text):
            start, end = match.span()
            yield Line(passage=passage.id, citation=passage.citation, left=passage.text[max(start - width, 0):start],
                       hit=match.group(), right=passage.text[end:end + width], start=start)


_ORDERS: dict[str, Callable[[Line], Any]] = {
    "left": lambda line: ([word.casefold() for word in reversed(line.left.split())], line.passage, line.start),
    "right": lambda line: ([word.casefold() for word in line.right.split()], line.passage, line.start),
    "hit": lambda line: (line.hit.casefold(), line.right.casefold(), line.passage, line.start),
}


def concordance(lines: Iterable[Line], order: str = "right") -> list[Line]:
    """Lines in the order of the words before ('left'), after ('right') or of the hit. Raises InputError for another."""
    if order not in _ORDERS:
        raise InputError(f"Unknown order '{order}'.", do=f"Orders are: {', '.join(_ORDERS)}.")
    return sorted(lines, key=_ORDERS[order])
