"""The word leg: which passages hold the query's words, how well they match, and what the query requires."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import tantivy

from kb.index.expansions import Expansions
from kb.index.terms import EXACT, HEADINGS, PRINTED, STEMMED, Terms, words
from kb.models import Passage
from kb.search.language import content_words, language_of
from kb.search.query import Near, Node, Phrase, Prefix, Word, leaves, plain_text
from kb.search.ranking import Ranking

LANGUAGES = ("en", "es", "fr")
"""Stemmers tried on a query's words; a word is looked up in each form that the index holds."""
_MOST_WORDS = 200
"""Words of a query that are looked up; a longer query is ranked by its first ones."""

Q = tantivy.Query
Passages = Callable[[Sequence[int]], Mapping[int, Passage]]
"""Gives passages by row: NEAR reads the text of those that its words allow."""


@dataclass
class Matched:
    """What the word leg found: BM25 by row, the words that are there, and those that are nowhere."""

    scores: dict[int, float] = field(default_factory=dict)
    present: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    widened: dict[str, tuple[str, ...]] = field(default_factory=dict)
    language: str = "en"


class Lexical:
    """Builds tantivy queries from a tree; terms are analysed as they were when indexed."""

    def __init__(
        self, terms: Terms, expansions: Expansions, ranking: Ranking, passages: Passages = lambda _: {}
    ) -> None:
        self.terms, self.expansions, self.ranking, self.passages = terms, expansions, ranking, passages
        self.schema = terms.schema

    def match(self, tree: Node, limit: int) -> Matched:
        """The best `limit` passages by BM25 over words, their equivalents, the printed spelling and headings."""
        out = Matched(language=language_of(plain_text(tree)))
        clauses = [self._weighted(leaf, out) for leaf in leaves(tree)[:_MOST_WORDS]]
        clauses += self._equivalents(tree, out)
        wanted = [(tantivy.Occur.Should, clause) for clause in clauses if clause is not None]
        if wanted:
            out.scores = dict(self.terms.search(Q.boolean_query(wanted), limit))
        return out

    def rows(self, leaf: Node) -> set[int]:
        """Rows that hold a word (or an equivalent), a phrase, a prefix or two things near each other."""
        if isinstance(leaf, Near):
            return (
                self._phrases_near(leaf)
                if Phrase in (type(leaf.left), type(leaf.right))
                else self._rows(self._near(leaf))
            )
        clause = self._clause(leaf)
        found = self._rows(clause) if clause is not None else set()
        if isinstance(leaf, Word | Phrase):
            for other in self.expansions.of(leaf.text):
                found |= self._rows(self._phrase(other))
        return found

    def _rows(self, query: tantivy.Query) -> set[int]:
        return {row for row, _ in self.terms.search(query, self.terms.size)}

    def _weighted(self, leaf: Node, out: Matched) -> tantivy.Query | None:
        """The leaf as a clause; a word that is nowhere is replaced by those spelt nearly like it."""
        if not isinstance(leaf, Word | Phrase | Prefix):
            return None
        if isinstance(leaf, Word) and not content_words(leaf.text, out.language):
            return None
        clause = self._clause(leaf)
        if isinstance(leaf, Word) and not self._is_known(leaf.text):
            return self._alike(leaf.text, out)
        out.present.append(leaf.text)
        return clause

    def _clause(self, leaf: Node) -> tantivy.Query | None:
        if isinstance(leaf, Prefix):
            return self._prefix(leaf.text)
        if isinstance(leaf, Word | Phrase):
            return self._phrase(leaf.text, headings=isinstance(leaf, Word))
        return None

    def _phrase(self, text: str, *, headings: bool = False) -> tantivy.Query:
        """The words of `text` side by side, as stemmed or as printed; perhaps, for less, in the heading above."""
        stems = words(text, "en")
        if not stems:
            return Q.empty_query()
        fields = [self._sequence(STEMMED, stems), self._sequence(PRINTED, stems)]
        fields += [self._sequence(STEMMED, form) for form in self._other_stems(text) if form != stems]
        if headings:
            fields.append(Q.boost_query(self._sequence(HEADINGS, stems), self.ranking.heading_words))
        return Q.disjunction_max_query(fields, 0.3 if headings else 0.0)

    def _other_stems(self, text: str) -> list[list[str]]:
        """The words as other languages have them in the index; the last as printed, for languages without a stemmer."""
        return [form for language in (*LANGUAGES[1:], None) if (form := words(text, language))]

    def _sequence(self, name: str, stems: list[str]) -> tantivy.Query:
        if len(stems) == 1:
            return Q.term_query(self.schema, name, stems[0])
        return Q.phrase_query(self.schema, name, stems)

    def _prefix(self, text: str) -> tantivy.Query:
        start = words(text)[-1:] or [text.casefold()]
        return Q.regex_query(self.schema, EXACT, _escaped(start[0]) + ".*")

    def _phrases_near(self, near: Near) -> set[int]:
        """Rows whose text has both sides, a phrase's words side by side, with up to `distance` words between, in any order.

        The engine's own slop is shared by all words of a phrase, so that "land reform … rights" would pass for "land rights".
        """
        both = Q.boolean_query([(tantivy.Occur.Must, self._phrase(side.text)) for side in (near.left, near.right)])
        found = self.passages(sorted(self._rows(both)))
        return {
            row
            for row, passage in found.items()
            for language in {passage.language, "en", None}
            if _stand_near(
                words(passage.text, language),
                words(near.left.text, language),
                words(near.right.text, language),
                near.distance,
            )
        }

    def _near(self, near: Near) -> tantivy.Query:
        """Both orders of the two sides with up to `distance` words between."""
        sides = [(words(near.left.text, language), words(near.right.text, language)) for language in (*LANGUAGES, None)]
        orders = {tuple(order) for left, right in sides if left and right for order in (left + right, right + left)}
        if not orders:
            return Q.empty_query()
        return Q.boolean_query(
            [
                (tantivy.Occur.Should, Q.phrase_query(self.schema, STEMMED, list(order), slop=near.distance))
                for order in sorted(orders)
            ]
        )

    def _is_known(self, text: str) -> bool:
        forms = [words(text, "en"), *self._other_stems(text)]
        return any(self.terms.frequency(term, name) for form in forms for term in form for name in (STEMMED, PRINTED))

    def _alike(self, text: str, out: Matched) -> tantivy.Query | None:
        """Words within one letter, or two for long words, of a word that is nowhere; None when there are none."""
        form = words(text)
        if self.expansions.of(text) and self.rows(Word(text, 1)):
            out.present.append(text)  # by another name: its equivalents are clauses of their own
            return None
        if len(form) != 1 or len(form[0]) < 5 or not self.terms.near(form[0]):
            out.absent.append(text)
            return None
        out.alike.append(text)
        distance = 2 if len(form[0]) >= 8 else 1
        fuzzy = Q.fuzzy_term_query(self.schema, EXACT, form[0], distance=distance)
        return Q.boost_query(fuzzy, self.ranking.alike * 10)

    def _equivalents(self, tree: Node, out: Matched) -> Iterable[tantivy.Query]:
        """A clause for every equivalent of a label among the query's words."""
        typed = [
            word for leaf in leaves(tree)[:_MOST_WORDS] if isinstance(leaf, Word | Phrase) for word in leaf.text.split()
        ]
        clauses = []
        for first, last, others in self.expansions.found_in(typed):
            label = " ".join(typed[first:last])
            out.widened[label] = others
            best = [self._phrase(other) for other in others]
            clauses.append(Q.boost_query(Q.disjunction_max_query(best, 0.1), self.ranking.equivalent))
        return clauses


def _stand_near(text: list[str], left: list[str], right: list[str], distance: int) -> bool:
    """Whether two runs of words stand apart by at most `distance` words, in any order, without sharing a word."""
    firsts, seconds = _places(text, left), _places(text, right)
    return any(
        0 <= b - (a + len(left)) <= distance or 0 <= a - (b + len(right)) <= distance for a in firsts for b in seconds
    )


def _places(text: list[str], run: list[str]) -> list[int]:
    """Where a run of words begins in a text."""
    return [at for at in range(len(text) - len(run) + 1) if run and text[at : at + len(run)] == run]


def _escaped(text: str) -> str:
    return "".join(c if c.isalnum() else "\\" + c for c in text)
