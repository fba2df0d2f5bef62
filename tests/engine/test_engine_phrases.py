"""Phrases in the word index: stored pairs of adjacent words say where a phrase may be, and change no score."""

import random

import pytest
import tantivy
from kb_toys import toy_passage

from kb.engine.local import terms as module
from kb.engine.local.entry import PAIRS, STEMMED, pairs_of
from kb.engine.local.terms import Terms
from kb.engine.local.words import TantivyCompiler
from kb.engine.query import Best, Sum, Words

PHRASES = ["land rights", "rights of land", "the aged", "land land", "rights of the aged", "nowhere land", "aged"]


def compiler(terms: Terms) -> TantivyCompiler:
    """Return a compiler of queries over this word index."""
    return TantivyCompiler(terms, lambda ids: [], lambda rows: {}, ("en", "es", "fr"))


@pytest.fixture
def passages():
    """Return texts of few different words, so that phrases, and their words apart, are both frequent."""
    rng = random.Random(3)
    some = ["land", "rights", "of", "the", "aged", "people", "pension"]
    texts = [" ".join(rng.choices(some, k=rng.randrange(2, 30))) for _ in range(300)]
    return list(enumerate((toy_passage(f"t/{n}", text, section=("Land rights",)) for n, text in enumerate(texts)), 1))


@pytest.fixture
def older(passages, monkeypatch):
    """Return the same passages in an index made before pairs were stored."""

    def schema() -> tantivy.Schema:
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("row", stored=True, indexed=True, fast=True)
        for name in ("stemmed", "exact", "printed", "headings"):
            builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("facet", stored=False, fast=True, tokenizer_name="raw", index_option="basic")
        return builder.build()

    with monkeypatch.context() as patch:
        patch.setattr(module, "_schema", schema)
        made = Terms()
        entry = module._entry

        def without_pairs(row, passage, terms):
            """Return the row as it was written then."""
            held = entry(row, passage, terms).to_dict()
            held.pop(PAIRS)
            return tantivy.Document(**held)

        patch.setattr(module, "_entry", without_pairs)
        made.add(passages)
    return made


def test_pairs_are_of_words_side_by_side_each_once():
    assert pairs_of(["a", "b", "a", "b"]) == ["a+b", "b+a"]
    assert pairs_of(["a"]) == pairs_of([]) == []


@pytest.mark.parametrize("phrase", PHRASES)
def test_with_pairs_a_phrase_finds_the_same_passages_with_the_same_scores(passages, older, phrase):
    made = Terms()
    made.add(passages)
    assert made.has_pairs and not older.has_pairs
    for query in (
        Words(phrase),
        Sum((Words("pension"), Words(phrase))),
        Best((Words(phrase), Words("the aged"), Words("people")), 0.1),
    ):
        found, before = (
            terms.best(compiler(terms).query(query), 300)  # all of them
            for terms in (made, older)
        )
        assert found == before
    assert bool(made.total(compiler(made).query(Words(phrase)))) == (phrase != "nowhere land")


def test_a_phrase_of_which_a_pair_is_nowhere_is_not_looked_for(passages):
    made = Terms()
    made.add([(1, toy_passage("t/1", "rights to land"))])
    assert made.frequency("rights+land", PAIRS) == 0 and made.frequency("to+land", PAIRS) == 1
    assert str(compiler(made).query(Words("land rights"))) == str(tantivy.Query.empty_query())
    assert made.frequency("land", STEMMED) == 1
