"""The entry of a passage in the word index: its terms by field, and numbers for these terms, stored beside its text.

Whether a few known passages match a word query is decided from those numbers, because the word index takes as long for
a few passages as for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from kb.engine.analysis import words
from kb.engine.query import Best, Flat, Query, Sum, Weighted, Words
from kb.languages import stemmer, with_labels
from kb.models import Passage

STEMMED, EXACT, PRINTED, HEADINGS, PAIRS = "stemmed", "exact", "printed", "headings", "pairs"
LOOKED_UP = (STEMMED, PRINTED, HEADINGS)
"""Fields of the word index in which the words of a query are looked up. The field of exact words is used only for
prefixes and for words of similar spelling."""
NUMBER = np.dtype("<u8")
"""Type of a term's number: eight bytes, so that two terms hardly ever share one."""

Numbers = tuple[int, ...]


def terms_of(passage: Passage) -> dict[str, list[str]]:
    """Return the index terms of a passage by field. When the text has a copy with typing errors corrected, the terms
    are those of the copy, and one more field holds the stemmed words of the printed text."""
    corrected, language = passage.normalised or passage.text, passage.language
    return {
        STEMMED: words(corrected, language),
        EXACT: words(corrected),
        PRINTED: words(passage.text, language) if passage.normalised else [],
        HEADINGS: words(" ".join(passage.section[-1:]), language),
    }


def pairs_of(stemmed: Sequence[str]) -> list[str]:
    """Return each pair of neighbouring terms once, in order, joined by "+", which no term contains.

    The word index stores these pairs: a passage without every pair of a phrase cannot contain the phrase.

    >>> pairs_of(["right", "to", "work"])
    ['right+to', 'to+work']
    """
    return list(dict.fromkeys(map("+".join, pairwise(stemmed))))


def numbers_of(passage: Passage) -> np.ndarray:
    """Return the numbers of all terms of a passage that a query can match, each once, increasing: uint64."""
    terms = terms_of(passage)
    return np.unique(np.asarray([number_of(name, term) for name in LOOKED_UP for term in terms[name]], dtype=NUMBER))


@lru_cache(maxsize=50_000)  # cached terms: those of several long documents
def number_of(name: str, term: str) -> int:
    """Return the number of a term in a field of the word index."""
    return int.from_bytes(blake2b(f"{name}\0{term}".encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@lru_cache(maxsize=20_000)  # cached words: those of some thousand questions
def forms(text: str, languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the terms of a text in each form that the index may hold: one tuple for each of `languages` (stemmed; the
    main language comes first), then one of unstemmed words."""
    return tuple(tuple(words(text, language)) for language in (*languages, None))


def stemmed_in(found: Iterable[str]) -> tuple[str, ...]:
    """Return the languages in which the words of a query are stemmed: those with taxonomy labels, then those in `found`
    (languages of the passages), if they have a stemmer. The first is the main language."""
    return tuple(code for code in dict.fromkeys((*with_labels(), *found)) if stemmer(code))


def sought(node: Words, languages: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return (field, terms that must be side by side) for each form of the words of `node`. Empty when its text has no
    word.

    The field of headings comes last, and only when `node.headings` is above 0.
    """
    main, *others = forms(node.text, languages)
    if not main:
        return []
    wanted = [(STEMMED, main), (PRINTED, main), *((STEMMED, form) for form in others if form != main)]
    return [each for each in wanted if each[1]] + ([(HEADINGS, main)] if node.headings else [])


@lru_cache(maxsize=20_000)  # cached words: those of some thousand questions
def numbered(node: Words, languages: tuple[str, ...]) -> tuple[Numbers, tuple[Numbers, ...]]:
    """Return `(alone, runs)`, the term numbers of the forms of `node`.

    `alone` are the numbers of forms of one word, each of which matches by itself; `runs` are those of forms of several
    words, whose terms must be side by side.
    """
    every = [tuple(number_of(name, term) for term in terms) for name, terms in sought(node, languages)]
    return tuple(run[0] for run in every if len(run) == 1), tuple(run for run in every if len(run) > 1)


@dataclass(frozen=True)
class Wanted:
    """What a word query requires, as term numbers.

    `alone`: terms of which one suffices (uint64, increasing). `runs`: sequences of terms that must be side by side.
    `rest`: whether the query has parts that term numbers cannot decide. `open`: the parts for which the word index is
    needed (phrases, and those of `rest`).
    """

    alone: np.ndarray
    runs: tuple[Numbers, ...]
    open: tuple[Query, ...]
    rest: bool

    @classmethod
    def of(cls, query: Query, languages: tuple[str, ...]) -> Wanted:
        """Collect what a query requires, with its words stemmed in `languages`."""
        alone: set[int] = set()
        runs: list[Numbers] = []
        parts: list[Query] = []
        rest, left = False, [query]
        while left:
            node = left.pop()
            if isinstance(node, Words):
                one, several = numbered(node, languages)
                alone.update(one)
                runs += several
                parts += [node] if several else []
            elif isinstance(node, Sum | Best):
                left += node.parts
            elif isinstance(node, Weighted | Flat):
                left.append(node.part)
            else:
                parts.append(node)
                rest = True
        return cls(np.asarray(sorted(alone), dtype=NUMBER), tuple(runs), tuple(parts), rest)

    def found_in(self, passages: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return which passages certainly match, and which cannot be decided: bool [n] each. `passages` holds the term
        numbers of each (uint64, increasing)."""
        ends = np.cumsum([len(each) for each in passages])
        has = np.zeros(len(passages), dtype=bool)
        if len(passages) and len(self.alone):
            every = np.concatenate(passages)
            at = self.alone.searchsorted(every)
            at[at == len(self.alone)] = 0
            has[ends.searchsorted((self.alone[at] == every).nonzero()[0], "right")] = True
        if self.rest:
            return has, ~has
        open_ = np.zeros(len(passages), dtype=bool)
        for n in (~has).nonzero()[0].tolist() if self.runs else ():
            held = set(passages[n].tolist())
            open_[n] = any(held.issuperset(run) for run in self.runs)
        return has, open_
