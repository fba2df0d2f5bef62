"""Rank official passages by nearness to a statement: by their words, and with an encoder also by meaning."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

Encode = Callable[[Sequence[str]], np.ndarray]
"""A function that returns the unit vectors of texts: float [texts, dim]."""

_WORD = re.compile(r"[^\W\d_]+")
_K1, _B = 1.2, 0.75  # BM25's customary constants (Robertson and Zaragoza 2009)
_STEM = 6  # letters: "realize", "realization" and "realizing" become equal


def words(text: str) -> list[str]:
    """Return the words of three letters or more, in lower case, each cut to its first six letters."""
    return [word.lower()[:_STEM] for word in _WORD.findall(text) if len(word) > 2]


class StatementWords:
    """An in-memory BM25 index of a few hundred texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.bags = [Counter(words(text)) for text in texts]
        self.lengths = np.array([max(1, sum(bag.values())) for bag in self.bags], dtype=float)
        self.mean = float(self.lengths.mean()) if texts else 1.0
        seen = Counter(word for bag in self.bags for word in bag)
        self.weight = {word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for word, n in seen.items()}

    def scores(self, query: str) -> np.ndarray:
        """Return the BM25 score of each text for a query: float64 [texts]."""
        total = np.zeros(len(self.bags))
        for word in set(words(query)) & self.weight.keys():
            counts = np.array([bag[word] for bag in self.bags], dtype=float)
            norm = counts + _K1 * (1 - _B + _B * self.lengths / self.mean)
            total += self.weight[word] * counts * (_K1 + 1) / norm
        return total


def rankings(queries: Sequence[str], texts: Sequence[str], encode: Encode | None = None) -> list[list[int]]:
    """Return for each query the positions of the texts, nearest first. With an encoder, the rankings by words and by
    meaning are fused by reciprocal rank."""
    lexical = StatementWords(texts)
    orders = [list(np.argsort(-lexical.scores(query), kind="stable")) for query in queries]
    if encode is None:
        return orders
    near = np.asarray(encode(list(queries))) @ np.asarray(encode(list(texts))).T
    return [_fused(order, list(np.argsort(-row, kind="stable"))) for order, row in zip(orders, near)]


def _fused(*orders: list[int]) -> list[int]:
    """Fuse rankings by reciprocal rank with k = 60 (Cormack, Clarke and Büttcher 2009)."""
    scores: dict[int, float] = {}
    for order in orders:
        for rank, item in enumerate(order):
            scores[item] = scores.get(item, 0.0) + 1 / (60 + rank + 1)
    return sorted(scores, key=lambda item: -scores[item])
