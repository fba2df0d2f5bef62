"""A passage as the word index holds it: ready terms by field, and their numbers, which are stored beside its text.

Whether a few passages have the words of a question is read off those numbers: to ask the word index for a few passages
takes as long as to ask it for all.
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
_ASKED = (STEMMED, PRINTED, HEADINGS)
"""Fields in which words of a question are looked up; the exact one is for beginnings and for words spelt nearly so."""
NUMBER = np.dtype("<u8")
"""How the number of a term is written: of eight bytes, so that two terms hardly ever have the same."""

Numbers = tuple[int, ...]


def terms_of(passage: Passage) -> dict[str, list[str]]:
    """The ready terms of each field: of the corrected copy where there is one, and then the printed form beside it."""
    corrected, language = passage.normalised or passage.text, passage.language
    return {
        STEMMED: words(corrected, language),
        EXACT: words(corrected),
        PRINTED: words(passage.text, language) if passage.normalised else [],
        HEADINGS: words(" ".join(passage.section[-1:]), language),
    }


def pairs_of(stemmed: Sequence[str]) -> list[str]:
    """Every two terms that stand side by side, as one entry of the word index, each once: a passage without them has no
    phrase of those words. No term has the sign between them in it."""
    return list(dict.fromkeys(map("+".join, pairwise(stemmed))))


def numbers_of(passage: Passage) -> np.ndarray:
    """The number of every term that words of a question may find, each once, increasing: uint64."""
    terms = terms_of(passage)
    return np.unique(np.asarray([_number(name, term) for name in _ASKED for term in terms[name]], dtype=NUMBER))


@lru_cache(maxsize=50_000)  # the words of several long documents
def _number(name: str, term: str) -> int:
    return int.from_bytes(blake2b(f"{name}\0{term}".encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@lru_cache(maxsize=20_000)  # words of some thousand questions
def forms(text: str, languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The words of a text as the index may hold them: stemmed in each of those languages, the main one first, then as
    printed."""
    return tuple(tuple(words(text, language)) for language in (*languages, None))


def stemmed_in(found: Iterable[str]) -> tuple[str, ...]:
    """The languages in whose stems a query's words are looked up: those of the taxonomy's labels, which widen a query,
    and of the passages, as far as they have a stemmer; the main one first."""
    return tuple(code for code in dict.fromkeys((*with_labels(), *found)) if stemmer(code))


def sought(node: Words, languages: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """(field, terms side by side) for every form in which words are looked for; the heading, where it counts, last."""
    main, *others = forms(node.text, languages)
    if not main:
        return []
    wanted = [(STEMMED, main), (PRINTED, main), *((STEMMED, form) for form in others if form != main)]
    return [each for each in wanted if each[1]] + ([(HEADINGS, main)] if node.headings else [])


@lru_cache(maxsize=20_000)  # words of some thousand questions
def _numbered(node: Words, languages: tuple[str, ...]) -> tuple[Numbers, tuple[Numbers, ...]]:
    """The numbers of words that alone are a match, and those of words that are one side by side."""
    every = [tuple(_number(name, term) for term in terms) for name, terms in sought(node, languages)]
    return tuple(run[0] for run in every if len(run) == 1), tuple(run for run in every if len(run) > 1)


@dataclass(frozen=True)
class Wanted:
    """What a question looks for, as numbers: words that alone are a match (uint64, increasing), and words that are one
    side by side. `rest`: whether it looks for more, which no numbers tell. `open` is the part of the question that they
    do not tell of: words side by side, and the rest."""

    alone: np.ndarray
    runs: tuple[Numbers, ...]
    open: tuple[Query, ...]
    rest: bool

    @classmethod
    def of(cls, query: Query, languages: tuple[str, ...]) -> Wanted:
        """What a query looks for, in the stems of those languages."""
        alone: set[int] = set()
        runs: list[Numbers] = []
        parts: list[Query] = []
        rest, left = False, [query]
        while left:
            node = left.pop()
            if isinstance(node, Words):
                one, several = _numbered(node, languages)
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
        """Which of those passages (the numbers of each, increasing) surely match, and of which the others it cannot be
        told: bool [n] each."""
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
