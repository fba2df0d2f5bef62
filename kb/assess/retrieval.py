"""Search inside one policy by words (BM25), by meaning (vectors) and by both combined; results are [criteria, units]
arrays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

from kb import languages
from kb.assess.probes import Probes, ProbeWords
from kb.assess.terms import words

K1, B = 0.9, 0.4
"""BM25 constants for short texts (Lucene's passage setting)."""
DENSE_WEIGHT = 0.55
"""Weight of the dense leg in the hybrid score; equal to reciprocal rank fusion within noise on open sets."""
FEW = 10.0
"""Clauses of its language with which a text's mean is smoothed: a text of ten clauses has a mean that is half its
own."""
COMMON = 0.25
"""Share of the units above which a word is ignored as too common in this policy."""


class _Stemmer(Protocol):
    """A stemmer of the Snowball library, for one language."""

    def stemWord(self, word: str) -> str:
        """Return the stem of a word in lower case."""
        ...


@lru_cache(maxsize=200_000)  # cached words: those of several policies
def _stem(language: str, word: str) -> str:
    return _stemmer(language).stemWord(word)


@lru_cache(maxsize=8)
def _stemmer(language: str) -> _Stemmer:
    import snowballstemmer

    return snowballstemmer.stemmer(languages.stemmer(language))


def stems(text: str, language: str) -> list[str]:
    """Return the stems of the words of `text`, in lower case without accents."""
    return [_stem(language, word) for word in words(text)]


class BM25:
    """BM25 scores over the units of one policy, which are given as normalised words."""

    def __init__(self, texts: Sequence[Sequence[str]], language: str) -> None:
        self.language = language
        bags = [Counter(_stem(language, word) for word in text) for text in texts]
        lengths = np.array([sum(bag.values()) for bag in bags], dtype=np.float32)
        self._norm = K1 * (1 - B + B * lengths / max(1.0, float(lengths.mean() if len(lengths) else 1)))
        self._posting: dict[str, list[tuple[int, int]]] = {}
        for number, bag in enumerate(bags):
            for word, times in bag.items():
                self._posting.setdefault(word, []).append((number, times))
        self._count = len(texts)

    def scores(self, query: Sequence[str]) -> np.ndarray:
        """Return the BM25 score of each unit for the query's stems: float32 [units]. A stem that too many units contain
        is ignored."""
        total = np.zeros(self._count, dtype=np.float32)
        for word in dict.fromkeys(query):
            posting = self._posting.get(word, ())
            if not posting or len(posting) > max(3, COMMON * self._count):
                continue
            idf = math.log(1 + (self._count - len(posting) + 0.5) / (len(posting) + 0.5))
            at = np.array([number for number, _ in posting])
            times = np.array([n for _, n in posting], dtype=np.float32)
            total[at] += idf * times * (K1 + 1) / (times + self._norm[at])
        return total


def query_of(wording: ProbeWords, language: str) -> list[str]:
    """Return the stems of a probe's sentence and terms, as a BM25 query."""
    text = " ".join([wording.say, *(term for group in wording.need for term in group), *wording.plus])
    return [stem for stem in stems(text.replace("*", ""), language) if len(stem) > 2]


def lexical(bm25: BM25, probes: Probes, criteria: Sequence[str]) -> np.ndarray:
    """Return the BM25 score of the best probe of each criterion: float32 [criteria, units]."""
    rows = []
    for criterion in criteria:
        wordings = [probe.wording(bm25.language) for probe in probes.of(criterion)]
        rows.append(np.max([bm25.scores(query_of(w, bm25.language)) for w in wordings], axis=0))
    return np.stack(rows)


def apart(vectors: np.ndarray, middle: np.ndarray | None = None) -> np.ndarray:
    """Return the vectors minus their mean (or minus `middle`), normalised: float32 [n, dimension].

    Texts of one law, and sentences written as probes, share a direction for what they have in common: language, genre,
    subject. Without it the cosine compares what is particular to each: over twelve held-out policies, recall@5 rose
    from .653 to .687.
    """
    less = vectors - (vectors.mean(axis=0) if middle is None else middle)
    return less / np.maximum(np.linalg.norm(less, axis=-1, keepdims=True), 1e-9)


def middle(vectors: np.ndarray, beside: np.ndarray) -> np.ndarray:
    """Return the mean of a text's vectors, smoothed as if FEW more clauses had the vector `beside`: float32
    [dimension].

    Without smoothing, a text of one clause equals its own mean, so that nothing is left after the subtraction, and the
    clauses of a text of three are pushed apart. For a long law the smoothing changes almost nothing.
    """
    return (vectors.sum(axis=0) + FEW * beside) / (len(vectors) + FEW)


def dense(
    vectors: np.ndarray, probe_vectors: dict[str, np.ndarray], criteria: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and the mean cosine of each unit with the probes of each criterion: float32 [criteria, units]
    each."""
    best, mean = [], []
    for criterion in criteria:
        similarity = probe_vectors[criterion] @ vectors.T
        best.append(similarity.max(axis=0))
        mean.append(similarity.mean(axis=0))
    return np.stack(best), np.stack(mean)


def standard(scores: np.ndarray) -> np.ndarray:
    """Standardise each row: subtract its mean, divide by its standard deviation."""
    return (scores - scores.mean(axis=1, keepdims=True)) / np.maximum(scores.std(axis=1, keepdims=True), 1e-6)


def unit_range(scores: np.ndarray) -> np.ndarray:
    """Scale each row to 0..1."""
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    return (scores - low) / np.maximum(high - low, 1e-6)


def hybrid(lexical_scores: np.ndarray, dense_scores: np.ndarray) -> np.ndarray:
    """Return the weighted sum of word scores and cosines, each scaled to 0..1 within a criterion: float32 [criteria,
    units]."""
    return DENSE_WEIGHT * unit_range(dense_scores) + (1 - DENSE_WEIGHT) * unit_range(lexical_scores)
