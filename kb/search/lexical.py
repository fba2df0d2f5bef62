"""The word leg: turn the words of a question into a query for the engine, and list the words that no passage
contains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from kb.engine import FullEngine
from kb.engine.analysis import words
from kb.engine.filters import EVERYTHING
from kb.engine.query import Best, Close, Fuzzy, Query, Starts, Sum, Weighted, Words
from kb.index.expansions import Expansions
from kb.languages import MAIN
from kb.search.language import is_content, language_of
from kb.search.query import Near, Node, Phrase, Prefix, Word, leaves, plain_text
from kb.search.ranking import Ranking

_MOST_WORDS = 200
"""Maximum number of words of a query that are looked up; further words are ignored."""
_ALIKE_FROM = 5
"""Minimum number of letters of a word for which words of similar spelling are searched: shorter words are close to too
many others."""
_TWO_LETTERS_FROM = 8
"""Minimum number of letters of a word for which similar words may differ in two letters."""


@dataclass
class Matched:
    """The engine query for the words of a question (`query`; None when the index contains none of them), and those
    words.

    `present` are in the index, `absent` are not; `alike` are words of similar spelling that replace absent ones;
    `widened` maps a word of the query to the equivalents searched with it.
    """

    query: Query | None = None
    present: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    widened: dict[str, tuple[str, ...]] = field(default_factory=dict)
    language: str = MAIN

    @property
    def typed(self) -> list[str]:
        """All words that were searched for: those typed and found, those of similar spelling, and equivalents."""
        return [*self.present, *self.alike, *(other for others in self.widened.values() for other in others)]


class Lexical:
    """Turns the tree of a user's query into word queries for an engine."""

    def __init__(self, engine: FullEngine, expansions: Expansions, ranking: Ranking) -> None:
        self.engine, self.expansions, self.ranking = engine, expansions, ranking
        kept = lru_cache(maxsize=20_000)  # words of some thousand questions
        self._is_anywhere, self._known, self._widened = kept(self._is_found), kept(self._there), kept(self._other_names)

    def match(self, tree: Node) -> Matched:
        """Build the query for ranking: the words of the tree with their weights, in text and headings, and their
        equivalents."""
        out = Matched(language=language_of(plain_text(tree)))
        clauses = [clause for leaf in leaves(tree)[:_MOST_WORDS] if (clause := self._weighted(leaf, out)) is not None]
        clauses += self._equivalents(tree, out)
        out.query = Sum(tuple(clauses)) if clauses else None
        return out

    def required(self, leaf: Node) -> Query:
        """Build the query that a passage must match to contain a leaf: a word or phrase (or an equivalent), a prefix,
        or two texts near each other."""
        if isinstance(leaf, Near):
            phrases = Phrase in (type(leaf.left), type(leaf.right))
            return Close(leaf.left.text, leaf.right.text, leaf.distance, phrases)
        clause = self._clause(leaf)
        others = self.expansions.of(leaf.text) if isinstance(leaf, Word | Phrase) else ()
        parts = [clause, *(Words(other) for other in others)] if clause is not None else []
        return parts[0] if len(parts) == 1 else Sum(tuple(parts))

    def _weighted(self, leaf: Node, out: Matched) -> Query | None:
        """Turn the leaf into a weighted clause and record in `out` the words found; a word that no passage contains is
        replaced by words of similar spelling. Returns None for a leaf that has no clause, such as a stop word."""
        if isinstance(leaf, Word):
            found = self._known(leaf.text, out.language)
            if found is None:
                return self._alike(leaf.text, out) if is_content(leaf.text, out.language) else None
        elif isinstance(leaf, Phrase | Prefix):
            found = self._clause(leaf)
        else:
            return None
        out.present.append(leaf.text)
        return found

    def _there(self, word: str, language: str) -> Query | None:
        """Return the clause for a word; None for a stop word of the language or a word that no passage contains. The
        same object is returned for the same word, so that engines find what they cached for it without comparing."""
        is_there = is_content(word, language) and self.engine.frequency(word)
        return self._clause(Word(word, 1)) if is_there else None

    def _clause(self, leaf: Node) -> Query | None:
        if isinstance(leaf, Prefix):
            return Starts(leaf.text)
        if isinstance(leaf, Word):
            return Words(leaf.text, self.ranking.heading_words, self.ranking.heading_words_others)
        return Words(leaf.text) if isinstance(leaf, Phrase) else None

    def _alike(self, text: str, out: Matched) -> Query | None:
        """Return a query for words within one letter (two for long words) of the word `text`, which no passage
        contains; None when there are none. Adds them to `out.alike`."""
        form = words(text)
        if self.expansions.of(text) and self._is_anywhere(self.required(Word(text, 1))):
            out.present.append(text)  # found by its equivalents, which are separate clauses
            return None
        distance = 2 if form and len(form[0]) >= _TWO_LETTERS_FROM else 1
        if len(form) != 1 or len(form[0]) < _ALIKE_FROM or not self._is_anywhere(Fuzzy(form[0], distance)):
            out.absent.append(text)
            return None
        out.alike.append(text)
        return Weighted(Fuzzy(form[0], distance), self.ranking.alike)

    def _is_found(self, query: Query) -> bool:
        return self.engine.words(query, EVERYTHING, 1).total > 0

    def _equivalents(self, tree: Node, out: Matched) -> Iterator[Query]:
        """Yield a clause for each group of equivalents one of whose labels is among the query's words; record them in
        `out.widened`."""
        typed = [
            word for leaf in leaves(tree)[:_MOST_WORDS] if isinstance(leaf, Word | Phrase) for word in leaf.text.split()
        ]
        for first, last, others in self.expansions.matches_in(typed):
            out.widened[" ".join(typed[first:last])] = others
            yield self._widened(others)

    def _other_names(self, others: tuple[str, ...]) -> Query:
        """Return the clause for the equivalents of a label."""
        either = Best(tuple(Words(other) for other in others), self.ranking.equivalent_others)
        return Weighted(either, self.ranking.equivalent)
