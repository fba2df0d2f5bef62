"""Compile filters and word queries for Milvus: an expression that selects matching passages, and weighted terms that
score them.

The same passages match as in the embedded engine. Their scores are Milvus's BM25, of the stemmed words and of the words
of the heading above.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise

from kb.engine.analysis import words
from kb.engine.filters import AllOf, Among, Filter, Has, Is, NoneOf
from kb.engine.local.entry import forms
from kb.engine.local.words import are_near
from kb.engine.milvus.client import quoted
from kb.engine.query import Best, Close, Flat, Fuzzy, Query, Starts, Sum, Weighted, Words

STEMMED, EXACT, PRINTED, HEADINGS = "stemmed", "exact", "printed", "headings"
SCORED = (STEMMED, HEADINGS)
"""Word fields for which Milvus computes BM25."""
NOTHING, EVERY = "row < 0", "row >= 0"

FindRows = Callable[[str, Callable[[str], bool], str], Sequence[int]]
"""A function `(expression, test, field)` that returns the row numbers that match the expression and whose terms in the
field pass the test."""


def padded(terms: Sequence[str]) -> str:
    """Join terms as a text field stores them: with a blank before and after each term."""
    return f" {' '.join(terms)} "


def tagged(facet: str, term: str) -> str:
    """Return facet and term as one value of the facet field: "facet=term"."""
    return f"{facet}={term}"


class MilvusCompiler:
    """Compiles to Milvus expressions. `languages` are those in which words are stemmed; `rows` reads texts and tests
    them where no expression can decide."""

    def __init__(self, languages: tuple[str, ...], rows: FindRows) -> None:
        self.languages, self.rows = languages, rows

    def filter(self, node: Filter) -> str:
        """Return the expression of a filter; '' for a filter that all passages pass."""
        if isinstance(node, Is):
            entries = ", ".join(quoted(tagged(node.facet, term)) for term in node.terms)
            return f"array_contains_any(facets, [{entries}])" if entries else NOTHING
        if isinstance(node, Has):
            return self.query(node.query)
        if isinstance(node, Among):
            return f"id in [{', '.join(map(quoted, node.ids))}]" if node.ids else NOTHING
        if isinstance(node, NoneOf):
            return f"not ({self.filter(node.part) or EVERY})"
        parts = [self.filter(part) for part in node.parts]
        if isinstance(node, AllOf):
            return all_of(parts)
        return any_of([part or EVERY for part in parts])

    def query(self, node: Query) -> str:
        """Return the expression of the passages that match a word query."""
        if isinstance(node, Words):
            return self._words(node)
        if isinstance(node, Starts):
            start = words(node.text)[-1:] or [node.text.casefold()]
            return f"{EXACT} like {quoted('% ' + start[0] + '%')}"
        if isinstance(node, Fuzzy):
            return self._alike(node)
        if isinstance(node, Close):
            return self._close(node)
        if isinstance(node, Weighted | Flat):
            return self.query(node.part)
        return any_of([self.query(part) for part in node.parts])

    def _words(self, node: Words) -> str:
        english, *others = forms(node.text, self.languages)
        wanted = [(STEMMED, english), (PRINTED, english), *((STEMMED, form) for form in others)]
        if node.headings:
            wanted.append((HEADINGS, english))
        return any_of(list(dict.fromkeys(holds(name, form) for name, form in wanted if form)))

    def _alike(self, node: Fuzzy) -> str:
        """Return the expression of texts with a word that differs from `node.word` by at most `node.distance` letters.
        The word is split into one part more than `distance`: at least one part must be unchanged, so only texts with
        such a part are read and tested."""
        word, many = node.word, node.distance + 1
        cuts = [len(word) * i // many for i in range(many + 1)]
        conditions = [f"{EXACT} like {quoted('%' + word[a:b] + '%')}" for a, b in pairwise(cuts)]
        return among(self.rows(any_of(conditions), lambda text: _has_like(text, node), EXACT))

    def _close(self, node: Close) -> str:
        """Return the expression of texts in which both sides are near each other. Texts that contain both sides are
        read, and kept when in at least one form (stemmed or not) the two are near enough."""
        both = all_of([self._words(Words(side)) for side in (node.left, node.right)])
        sides = list(zip(forms(node.left, self.languages), forms(node.right, self.languages), strict=True))

        def near(text: str) -> bool:
            """Return whether both sides, in the same form, are near each other in `text`."""
            return any(a and b and are_near(text.split(), list(a), list(b), node.distance) for a, b in sides)

        return among(self.rows(both, near, STEMMED))

    def weights(self, node: Query, by: float = 1.0) -> dict[tuple[str, float], list[str]]:
        """Return the terms that score a query, by (field, weight); all weights are multiplied by `by`."""
        found: dict[tuple[str, float], list[str]] = defaultdict(list)
        if isinstance(node, Words):
            english = forms(node.text, self.languages)
            found[(STEMMED, by)] += dict.fromkeys(term for form in english for term in form)
            if node.headings and english[0]:
                found[(HEADINGS, by * node.headings)] += english[0]
        elif isinstance(node, Weighted):
            return self.weights(node.part, by * node.by)
        elif isinstance(node, Sum | Best):
            for part in node.parts:
                for key, terms in self.weights(part, by).items():
                    found[key] += terms
        return found


def all_of(parts: Sequence[str]) -> str:
    """Join expressions that must all be true; empty ones are ignored, and '' is returned when all are empty."""
    conditions = [part for part in parts if part]
    return " and ".join(f"({part})" for part in conditions) if len(conditions) > 1 else "".join(conditions)


def any_of(parts: Sequence[str]) -> str:
    """Join expressions of which at least one must be true; without any, return an expression that matches nothing."""
    return " or ".join(f"({part})" for part in parts) if len(parts) > 1 else (parts[0] if parts else NOTHING)


def among(rows: Sequence[int]) -> str:
    """Return the expression that selects these row numbers; without any, one that matches nothing."""
    return f"row in [{', '.join(map(str, rows))}]" if len(rows) else NOTHING


def holds(name: str, form: Sequence[str]) -> str:
    """Return the expression for terms side by side in field `name`. One ASCII word uses Milvus's word index; other
    scripts, which Milvus splits differently, and several words are matched as text."""
    if len(form) == 1 and form[0].isascii() and form[0].isalpha():
        return f"text_match({name}, {quoted(form[0])})"
    return f"{name} like {quoted('%' + padded(form) + '%')}"


def _has_like(text: str, node: Fuzzy) -> bool:
    return any(apart(word, node.word, node.distance) <= node.distance for word in set(text.split()))


def apart(one: str, other: str, most: int) -> int:
    """Return the edit distance of two words: letters inserted, removed, changed, or two neighbours swapped. Returns
    `most` + 1 when it is above `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], last[j - 2] + 1)
    return min(row[-1], most + 1)
