"""Compile word queries and filters to tantivy queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import tantivy

from kb.engine.analysis import words
from kb.engine.filters import AllOf, Among, AnyOf, Filter, Has, Is, NoneOf
from kb.engine.local.entry import EXACT, HEADINGS, PAIRS, STEMMED, forms, pairs_of, sought
from kb.engine.local.terms import FACET, Terms, tagged
from kb.engine.query import Best, Close, Flat, Fuzzy, Query, Starts, Sum, Weighted, Words
from kb.languages import MAIN
from kb.models import Passage

Q = tantivy.Query
_EVERY, _ANY, _NONE = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


_FEW = 1_000
"""Largest number of rows for which one clause each is used, instead of a set: for 250 rows of a million it takes 0.6 ms
instead of 2.3."""


class TantivyCompiler:
    """Compiles queries and filters for one word index. `rows` maps identifiers to row numbers, `passages` reads
    passages by row number, `languages` are those in which words are stemmed."""

    def __init__(
        self,
        terms: Terms,
        rows: Callable[[Sequence[str]], Sequence[int]],
        passages: Callable[[Sequence[int]], Mapping[int, Passage]],
        languages: tuple[str, ...],
    ) -> None:
        self.languages = languages
        self.terms, self.schema, self.rows, self.passages = terms, terms.schema, rows, passages
        self._compiled = lru_cache(maxsize=20_000)(self._words)  # cached words: questions share most of their words
        self._flat = lru_cache(maxsize=64)(self._scoreless)  # cached filters: those of the last questions

    def query(self, node: Query) -> tantivy.Query:
        """Compile a word query to a tantivy query."""
        if isinstance(node, Words):
            return self._compiled(node)
        if isinstance(node, Starts):
            start = words(node.text)[-1:] or [node.text.casefold()]
            return Q.regex_query(self.schema, EXACT, _escaped(start[0]) + ".*")
        if isinstance(node, Fuzzy):
            return Q.fuzzy_term_query(self.schema, EXACT, node.word, distance=node.distance)
        if isinstance(node, Close):
            return self._close_phrases(node) if node.phrases else self._close(node)
        if isinstance(node, Best):
            return Q.disjunction_max_query([self.query(part) for part in node.parts], node.tie)
        if isinstance(node, Weighted):
            return Q.boost_query(self.query(node.part), node.by)
        if isinstance(node, Flat):
            return Q.const_score_query(self.query(node.part), node.score)
        return _of([(_ANY, self.query(part)) for part in node.parts])

    def filter(self, node: Filter) -> tantivy.Query:
        """Compile a filter to a query of the passages that pass it."""
        if isinstance(node, Is):
            found = [Q.term_query(self.schema, FACET, tagged(node.facet, term), "basic") for term in node.terms]
            return found[0] if len(found) == 1 else _of([(_ANY, each) for each in found])
        if isinstance(node, Has):
            return self.query(node.query)
        if isinstance(node, Among):
            return self._among(self.rows(node.ids))
        if isinstance(node, AllOf):
            return _of([self._clause(part) for part in node.parts] or [(_EVERY, Q.all_query())])
        if isinstance(node, AnyOf):
            return _of([(_ANY, self.filter(part)) for part in node.parts])
        return _of([self._clause(node)])

    def within(self, query: Query | None, within: Filter) -> tantivy.Query:
        """Compile query and filter to one tantivy query: passages that match both, scored by `query` alone; with score
        0 when `query` is None."""
        if query is None:
            return Q.const_score_query(self.filter(within), 0.0)
        parts = within.parts if isinstance(within, AllOf) else (within,)
        if not parts:
            return self.query(query)
        clauses = [self._scoreless(part) if isinstance(part, Among) else self._flat(part) for part in parts]
        if isinstance(query, Sum) and all(occur == _NONE for occur, _ in clauses):
            # flat clauses are read once; nested ones take a twentieth longer
            return Q.boolean_query([*((_ANY, self.query(part)) for part in query.parts), *clauses])
        return Q.boolean_query([(_EVERY, self.query(query)), *clauses])

    def _clause(self, node: Filter) -> tuple[tantivy.Occur, tantivy.Query]:
        return (_NONE, self.filter(node.part)) if isinstance(node, NoneOf) else (_EVERY, self.filter(node))

    def _scoreless(self, node: Filter) -> tuple[tantivy.Occur, tantivy.Query]:
        """Compile a filter to a clause that does not change the score."""
        occur, query = self._clause(node)
        return occur, query if occur == _NONE else Q.const_score_query(query, 0.0)

    def _among(self, rows: Sequence[int]) -> tantivy.Query:
        """Compile to the passages with these row numbers. For few rows one clause each is used, which takes half to a
        quarter of the time of a set."""
        if not len(rows):
            return Q.empty_query()
        if len(rows) > _FEW:
            return Q.term_set_query(self.schema, "row", list(rows))
        return _of([(_ANY, Q.term_query(self.schema, "row", row)) for row in rows])

    def _words(self, node: Words) -> tantivy.Query:
        """Compile words that must be side by side: any of their forms in the text, or in the heading above with its own
        weight.

        A form with a word that the index does not contain cannot match and is left out.
        """
        found = []
        for name, form in sought(node, self.languages):
            if self._is_there(name, form):
                each = self._sequence(name, form)
                found.append(Q.boost_query(each, node.headings) if name == HEADINGS else each)
        if len(found) < 2:
            return found[0] if found else Q.empty_query()
        return Q.disjunction_max_query(found, node.others)

    def _is_there(self, name: str, form: tuple[str, ...]) -> bool:
        return all(self.terms.frequency(term, name) for term in form) and all(
            self.terms.frequency(pair, PAIRS) for pair in self._pairs(name, form)
        )

    def _pairs(self, name: str, form: tuple[str, ...]) -> list[str]:
        """Return the pairs of neighbouring terms that a passage must have to contain the phrase `form` in field `name`;
        empty when the index does not store pairs for that field."""
        return pairs_of(form) if name == STEMMED and self.terms.has_pairs else []

    def _sequence(self, name: str, form: tuple[str, ...]) -> tantivy.Query:
        """Compile terms that must be side by side in field `name`. Positions are checked only in passages that have
        each pair of the terms: "the aged" then takes a fifteenth of the time, with the same scores."""
        if len(form) == 1:
            return Q.term_query(self.schema, name, form[0])
        phrase = Q.phrase_query(self.schema, name, list(form))
        pairs = [Q.term_query(self.schema, PAIRS, pair, "basic") for pair in self._pairs(name, form)]
        if not pairs:
            return phrase
        return Q.boolean_query([(_EVERY, phrase), *((_EVERY, Q.const_score_query(each, 0.0)) for each in pairs)])

    def _close(self, node: Close) -> tantivy.Query:
        """Compile to texts with both sides, in either order, with up to `node.distance` words between them."""
        sides = zip(forms(node.left, self.languages), forms(node.right, self.languages), strict=True)
        orders = {order for left, right in sides if left and right for order in (left + right, right + left)}
        slop = node.distance
        return _of([(_ANY, Q.phrase_query(self.schema, STEMMED, list(o), slop=slop)) for o in sorted(orders)])

    def _close_phrases(self, node: Close) -> tantivy.Query:
        """Compile to texts with both sides, each phrase unbroken, and up to `node.distance` words between them.

        tantivy's own slop is shared by all words of a phrase, so that "land reform … rights" would match "land rights".
        """
        both = _of([(_EVERY, self._words(Words(side))) for side in (node.left, node.right)])
        rows = self.terms.best(both, self.terms.size)[0]
        found = self.passages(sorted(rows))
        return self._among([row for row, passage in found.items() if _has_both_near(passage, node)])


def _of(clauses: list[tuple[tantivy.Occur, tantivy.Query]]) -> tantivy.Query:
    """Build a boolean query from clauses. If all clauses exclude, they exclude from all passages; without clauses the
    query matches nothing."""
    if not clauses:
        return Q.empty_query()
    if all(occur == _NONE for occur, _ in clauses):
        clauses = [(_EVERY, Q.all_query()), *clauses]
    return Q.boolean_query(clauses)


def _has_both_near(passage: Passage, node: Close) -> bool:
    return any(
        are_near(words(passage.text, language), words(node.left, language), words(node.right, language), node.distance)
        for language in {passage.language, MAIN, None}
    )


def are_near(text: list[str], left: list[str], right: list[str], distance: int) -> bool:
    """Return whether the sequences of words `left` and `right` occur in `text` (a list of words) with at most
    `distance` words between them, in any order, without sharing a word."""
    firsts, seconds = _places(text, left), _places(text, right)
    return any(
        0 <= b - (a + len(left)) <= distance or 0 <= a - (b + len(right)) <= distance for a in firsts for b in seconds
    )


def _places(text: list[str], run: list[str]) -> list[int]:
    """Return the positions at which `run` begins in `text`; none for an empty run."""
    return [at for at in range(len(text) - len(run) + 1) if run and text[at : at + len(run)] == run]


def _escaped(text: str) -> str:
    return "".join(c if c.isalnum() else "\\" + c for c in text)
