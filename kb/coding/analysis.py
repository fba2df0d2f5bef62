"""Count codes with denominators, count co-occurring codes, count by group, and list a concordance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Literal, Protocol, TypeVar

from pydantic import Field

from kb.coding.seen import PassageText
from kb.errors import InputError
from kb.models import Checked, Model, Passage, Span, Wording

Side = Literal["machine", "person", "either"]


class Count(Model):
    """How many passages have one code (`n`), out of how many (`of`), with the same counts by wording."""

    group: str = Field("", description="document, force, country, ... when counted by group; empty for all")
    facet: str = Field(description="kind of the code")
    code: str = Field(description="term of the facet")
    n: int = Field(description="passages that have the code")
    of: int = Field(description="passages counted, with and without codes")
    of_coded: int = Field(description="passages that have any code of the facet")
    share: float = Field(description="n / of")
    n_verbatim: int = Field(description="of n, passages in the source's words")
    n_own_words: int = Field(description="of n, statements in this project's words")
    of_verbatim: int = Field(description="of `of`, passages in the source's words")
    of_own_words: int = Field(description="of `of`, statements in this project's words")


class Together(Model):
    """How many passages have both of two codes (`n`), and how many have each (`n_a`, `n_b`)."""

    within: Literal["passage", "span"] = Field(
        "passage", description="what both codes stand on: the same passage, or words in it that overlap"
    )
    a: str = Field(description="the first code, as facet:term")
    b: str = Field(description="the second")
    n: int = Field(description="passages that have both")
    n_a: int = Field(description="passages that have the first")
    n_b: int = Field(description="passages that have the second")
    of: int = Field(description="passages counted, with and without codes")
    jaccard: float = Field(description="n / (n_a + n_b - n)")
    n_verbatim: int = Field(description="of n, passages in the source's words")
    n_own_words: int = Field(description="of n, statements in this project's words")
    of_verbatim: int = Field(description="of `of`, passages in the source's words")
    of_own_words: int = Field(description="of `of`, statements in this project's words")


class ConcordanceLine(Model):
    """One occurrence of a word with its context."""

    passage: str
    citation: str
    left: str
    hit: str
    right: str
    start: int = Field(description="character in the passage's text")
    wording: Wording = Field(description="whose words these are: the source's (verbatim) or this project's (own-words)")
    verified: Checked = Field(description="how the text was checked; see Passage.verified")
    may_quote: bool = Field(description="whether they may be quoted as the words of the instrument")


class CountedCode(Protocol):
    """The fields of a code needed for counts; a tag has them."""

    @property
    def facet(self) -> str:
        """The group of codes that the code belongs to."""

    @property
    def id(self) -> str:
        """The code's own id within its facet."""

    @property
    def state(self) -> str:
        """Proposed, confirmed or rejected."""

    @property
    def origin(self) -> str:
        """Who gave the code: a person, or a rule or model of the machine."""


class CountedPassage(Protocol):
    """The fields of a passage needed for counts (`kb.coding.seen`)."""

    @property
    def wording(self) -> str:
        """Whose words the passage's text is: the source's or this project's."""

    @property
    def tags(self) -> Sequence[CountedCode]:
        """The codes that the passage has."""


C = TypeVar("C", bound=CountedPassage)


def counts_for(tag: CountedCode, side: Side) -> bool:
    """Return whether a tag counts for `side`. For 'machine' it must be given by the machine, for 'person' given or
    confirmed by a person; for 'either' any tag counts. A rejected tag never counts."""
    if tag.state == "rejected":
        return False
    given = tag.origin.startswith("person:")
    return {"either": True, "machine": not given, "person": given or tag.state == "confirmed"}[side]


def codes_of(passage: CountedPassage, facet: str, side: Side = "either") -> set[str]:
    """Return the codes of one facet that a passage has and that count for `side` (see `counts_for`)."""
    return {tag.id for tag in passage.tags if tag.facet == facet and counts_for(tag, side)}


def counts(passages: Iterable[CountedPassage], facet: str, *, side: Side = "either", group: str = "") -> list[Count]:
    """Count passages by code of `facet`, most frequent code first. Only codes that count for `side` (see `counts_for`)
    are used; `group` is stored in each count as the name of this set of passages."""
    sets = [(codes_of(passage, facet, side), passage.wording) for passage in passages]
    tally = Counter(code for codes, _ in sets for code in codes)
    own = Counter(code for codes, wording in sets if wording == "own-words" for code in codes)
    of, coded, of_own = len(sets), sum(bool(codes) for codes, _ in sets), sum(w == "own-words" for _, w in sets)
    return [
        Count(
            group=group,
            facet=facet,
            code=code,
            n=n,
            of=of,
            of_coded=coded,
            share=round(n / of, 4),
            **_split(n, own[code], of, of_own),
        )
        for code, n in sorted(tally.items(), key=lambda item: (-item[1], item[0]))
    ]


def _split(n: int, own: int, of: int, of_own: int) -> dict[str, int]:
    """Return the counts by wording. Of `n` passages with a code, `own` are in this project's words; of all `of`
    passages, `of_own` are."""
    return {"n_verbatim": n - own, "n_own_words": own, "of_verbatim": of - of_own, "of_own_words": of_own}


def _spans_of(passage: Passage, facet: str, side: Side) -> dict[str, list[Span]]:
    """Return each code of one facet that counts for `side`, as 'facet:term' to its spans; a code without a span gets
    the span of the complete text."""
    found: dict[str, list[Span]] = {}
    for tag in passage.tags:
        if tag.facet == facet and counts_for(tag, side):
            found.setdefault(f"{facet}:{tag.id}", []).append(tag.span or (0, len(passage.text)))
    return found


def _overlap(first: Iterable[Span], second: Iterable[Span]) -> bool:
    """Return whether any span in `first` shares a character with any span in `second`."""
    second = list(second)
    return any(a[0] < b[1] and b[0] < a[1] for a in first for b in second)


def _groups(passage: CountedPassage, by: str) -> Iterable[str]:
    if by in ("document", "force", "kind", "language", "part", "wording", "verified"):
        return [str(getattr(passage, by) or "(none)")]
    return sorted(codes_of(passage, by)) or ["(none)"]


def by_group(
    passages: Iterable[C],
    facet: str,
    by: str,
    *,
    side: Side = "either",
    groups: Callable[[C], Iterable[str]] | None = None,
) -> list[Count]:
    """Count codes of `facet` for each group of passages. `by` names the property that forms the groups: document,
    force, kind, language, part, wording, verified, or another facet (group, country, …). If `groups` is given, it
    returns the group names of a passage instead. A passage without a value is in the group "(none)".

    The denominator of each count is the number of passages in its group. The counts describe passages; they do not
    measure a country.
    """
    grouped: dict[str, list[C]] = {}
    for passage in passages:
        for name in groups(passage) if groups else _groups(passage, by):
            grouped.setdefault(name, []).append(passage)
    return [
        count for name, members in sorted(grouped.items()) for count in counts(members, facet, side=side, group=name)
    ]


def together(
    passages: Iterable[Passage],
    facet: str,
    other: str | None = None,
    *,
    side: Side = "either",
    within: Literal["passage", "span"] = "passage",
) -> list[Together]:
    """Count the passages that have two codes of one facet, or one code of `facet` and one of `other`.

    With `within` "span", the spans of both codes must overlap; a code without a span covers the complete passage.
    """
    passages, two = list(passages), bool(other and other != facet)
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    own: Counter[tuple[str, str]] = Counter()
    for passage in passages:
        first = _spans_of(passage, facet, side)
        spans = {**first, **(_spans_of(passage, other or "", side) if two else {})}
        mine, theirs = sorted(first), sorted(spans.keys() - first.keys())
        single.update(spans.keys())
        every = ((a, b) for a in mine for b in theirs) if two else combinations(mine, 2)
        both = [(a, b) for a, b in every if within == "passage" or _overlap(spans[a], spans[b])]
        pairs.update(both)
        own.update(both if passage.wording == "own-words" else ())
    of_own = sum(passage.wording == "own-words" for passage in passages)
    return [
        Together(
            within=within,
            a=a,
            b=b,
            n=n,
            n_a=single[a],
            n_b=single[b],
            of=len(passages),
            jaccard=round(n / (single[a] + single[b] - n), 4),
            **_split(n, own[a, b], len(passages), of_own),
        )
        for (a, b), n in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    ]


def pattern_of(words: str) -> re.Pattern[str]:
    """Return a pattern that matches the words in a row, ignoring case; `*` in a word stands for any letters. Raises
    InputError if there is no word."""
    parts = [r"[\w'’-]*".join(map(re.escape, word.split("*"))) for word in words.split()]
    if not any(word.strip("*") for word in words.split()):
        raise InputError("There is no word to look for.", do="Give a word, a phrase, or a beginning with '*'.")
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)


def kwic(passages: Iterable[Passage | PassageText], words: str, *, width: int = 60) -> Iterator[ConcordanceLine]:
    """Yield every occurrence of `words` with up to `width` characters before and after, in source order."""
    pattern = pattern_of(words)
    for passage in passages:
        for match in pattern.finditer(passage.text):
            start, end = match.span()
            yield ConcordanceLine(
                passage=passage.id,
                citation=passage.citation,
                left=passage.text[max(start - width, 0) : start],
                hit=match.group(),
                right=passage.text[end : end + width],
                start=start,
                wording=passage.wording,
                verified=passage.verified,
                may_quote=passage.may_quote,
            )


_ORDERS: dict[str, Callable[[ConcordanceLine], tuple[object, ...]]] = {
    "left": lambda line: ([word.casefold() for word in reversed(line.left.split())], line.passage, line.start),
    "right": lambda line: ([word.casefold() for word in line.right.split()], line.passage, line.start),
    "hit": lambda line: (line.hit.casefold(), line.right.casefold(), line.passage, line.start),
}


def concordance(lines: Iterable[ConcordanceLine], order: str = "right") -> list[ConcordanceLine]:
    """Sort lines by one of three texts: the text before the hit ('left'), the text after it ('right'), or the hit
    itself ('hit'). Raises InputError for another `order`."""
    if order not in _ORDERS:
        raise InputError(f"Unknown order '{order}'.", do=f"Orders are: {', '.join(_ORDERS)}.")
    return sorted(lines, key=_ORDERS[order])
