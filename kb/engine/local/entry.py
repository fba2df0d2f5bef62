"""The entry of a passage in the word index: its terms by field, and their numbers, which are stored with its text.

Whether a few passages have the words of a query is read from those numbers: the word index takes as long for a few
passages as for all.
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
"""Fields in which the words of a query are looked up; the exact field is for prefixes and for words of similar
spelling."""
NUMBER = np.dtype("<u8")
"""Type of a term's number: eight bytes, so that two terms hardly ever share one."""

Numbers = tuple[int, ...]


def terms_of(passage: Passage) -> dict[str, list[str]]:
    """Return the index terms of each field: of the corrected copy where there is one, with the printed form beside
    it."""
    corrected, language = passage.normalised or passage.text, passage.language
    return {
        STEMMED: words(corrected, language),
        EXACT: words(corrected),
        PRINTED: words(passage.text, language) if passage.normalised else [],
        HEADINGS: words(" ".join(passage.section[-1:]), language),
    }


def pairs_of(stemmed: Sequence[str]) -> list[str]:
    """Return every two neighbouring terms as one entry of the word index, each once, joined by "+", which no term
    contains.

    A passage without the pairs of a phrase does not contain the phrase.
    """
    return list(dict.fromkeys(map("+".join, pairwise(stemmed))))


def numbers_of(passage: Passage) -> np.ndarray:
    """Return the numbers of all terms that words of a query may match, each once, increasing: uint64."""
    terms = terms_of(passage)
    return np.unique(np.asarray([_number(name, term) for name in _ASKED for term in terms[name]], dtype=NUMBER))


@lru_cache(maxsize=50_000)  # the words of several long documents
def _number(name: str, term: str) -> int:
    return int.from_bytes(blake2b(f"{name}\0{term}".encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@lru_cache(maxsize=20_000)  # words of some thousand questions
def forms(text: str, languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the words of a text in each form the index may hold: stemmed in each language, the main one first, then as
    printed."""
    return tuple(tuple(words(text, language)) for language in (*languages, None))


def stemmed_in(found: Iterable[str]) -> tuple[str, ...]:
    """Return the languages in which a query's words are stemmed: those of the taxonomy's labels and of the passages, if
    they have a stemmer; the main one first."""
    return tuple(code for code in dict.fromkeys((*with_labels(), *found)) if stemmer(code))


def sought(node: Words, languages: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return (field, neighbouring terms) for every form in which the words are looked for; headings, where they count,
    last."""
    main, *others = forms(node.text, languages)
    if not main:
        return []
    wanted = [(STEMMED, main), (PRINTED, main), *((STEMMED, form) for form in others if form != main)]
    return [each for each in wanted if each[1]] + ([(HEADINGS, main)] if node.headings else [])


@lru_cache(maxsize=20_000)  # words of some thousand questions
def _numbered(node: Words, languages: tuple[str, ...]) -> tuple[Numbers, tuple[Numbers, ...]]:
    """Return the numbers of terms that match alone, and of runs of terms that match only side by side."""
    every = [tuple(_number(name, term) for term in terms) for name, terms in sought(node, languages)]
    return tuple(run[0] for run in every if len(run) == 1), tuple(run for run in every if len(run) > 1)


@dataclass(frozen=True)
class Wanted:
    """What a query looks for, as term numbers.

    `alone`: terms that match by themselves (uint64, increasing). `runs`: terms that must be side by side. `rest`:
    whether the query has parts that no term number can decide. `open`: the parts that need the word index (phrases and
    the rest).
    """

    alone: np.ndarray
    runs: tuple[Numbers, ...]
    open: tuple[Query, ...]
    rest: bool

    @classmethod
    def of(cls, query: Query, languages: tuple[str, ...]) -> Wanted:
        """Collect what a query looks for, stemmed in these languages."""
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
        """Return which of these passages (term numbers of each, increasing) certainly match, and which cannot be
        decided: bool [n] each."""
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
