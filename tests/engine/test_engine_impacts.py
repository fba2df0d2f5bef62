"""The best passages for words are found from the postings, with the scores of the word index to the last digit."""

import random

import pytest
import tantivy
from kb_toys import toy_document, toy_passage

from kb.engine.filters import EVERYTHING, AllOf, AnyOf, Has, Is, NoneOf
from kb.engine.local import LocalEngine, impacts
from kb.engine.local.entry import LOOKED_UP
from kb.engine.local.impacts import TermScores
from kb.engine.local.passage_store import STAYS, Store
from kb.engine.local.terms import Terms
from kb.engine.query import Best, Close, Flat, Fuzzy, Starts, Sum, Weighted, Words

QUERIES = [
    Words("pension"),
    Sum((Words("land", 0.3, 0.3), Words("pension", 0.3, 0.3))),
    Sum((Words("rare", 0.3, 0.3), Words("nowhere", 0.3, 0.3))),
    Sum((Words("pension"), Words("people"))),
    Sum((Words("people", 0.3, 0.3), Weighted(Best((Words("the aged"), Words("land rights")), 0.1), 0.6))),
    Sum((Flat(Words("the aged"), 1.0), Words("pension", 0.3, 0.3))),
    Sum((Words("rare"), Weighted(Best((Words("pensions"),), 0.1), 0.6))),
    Sum((Words("land"), Fuzzy("pensoin", 2))),
    Sum((Starts("pens"), Close("land", "aged", 3))),
    Words("nowhere at all"),
    Sum(()),
]
FILTERS = [
    EVERYTHING,
    NoneOf(Is("kind", ("footnote",))),
    NoneOf(Is("kind", ("paragraph", "footnote"))),
    Is("kind", ("heading",)),
    AllOf((NoneOf(Is("kind", ("footnote",))), Is("language", ("en",)))),
    AnyOf((Is("kind", ("heading",)), Is("kind", ("footnote",)))),
    Has(Words("rights")),
    Is("kind", ("no such kind",)),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An index on the disk: few words, so that many passages are alike, few footnotes, and one word that is rare."""
    rng, path = random.Random(5), tmp_path_factory.mktemp("postings") / "passages.sqlite"
    some = ["land", "rights", "of", "the", "aged", "people", "pension"]
    texts = [" ".join(rng.choices(some, k=rng.randrange(2, 12))) + " rare" * (n % 97 == 3) for n in range(600)]
    texts[47], texts[48] = "singular singular", "singular land rights of the aged and people"
    kinds = ["footnote" if n % 40 == 7 else "heading" if n % 3 == 0 else "paragraph" for n in range(600)]
    each = zip(texts, kinds, strict=True)
    passages = [
        toy_passage(f"t/p{n}", text, kind=kind, section=("Land rights",)) for n, (text, kind) in enumerate(each)
    ]
    store, terms = Store(path, create=True), Terms()
    store.add(toy_document(*passages))
    terms.add(enumerate(store.passages(), 1))
    store.close()
    return path, terms


def engine(made, asked: int) -> LocalEngine:
    """An engine that has answered so many searches."""
    path, terms = made
    found = LocalEngine(Store(path), lambda: terms, dict, ())
    found._asked = asked
    return found


@pytest.mark.parametrize("within", FILTERS, ids=repr)
@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_the_best_and_their_number_are_those_of_the_word_index(made, query, within):
    new, stays = engine(made, 0), engine(made, STAYS)
    for k in (1, 7, 200, 1000):
        one, other = (each.words(query, within, k) for each in (new, stays))
        assert list(one.ids) == list(other.ids)
        assert one.scores.tolist() == other.scores.tolist()
        assert one.total == other.total


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_which_passages_have_words_is_what_the_word_index_says(made, query):
    stays = engine(made, STAYS)
    every = stays.words(None, EVERYTHING, 600).ids
    found = set(engine(made, 0).words(query, EVERYTHING, 600).ids)
    assert stays.carry(every, Has(query)).tolist() == [id in found for id in every]


def test_it_is_used_where_the_query_is_of_words_and_phrases(made):
    new = engine(made, 0)
    assert [new._scored(query) is not None for query in QUERIES] == [True] * 7 + [False] * 2 + [True] * 2


@pytest.mark.parametrize("name", LOOKED_UP)
def test_every_term_has_the_scores_of_the_word_index_to_the_last_digit(made, name):
    _, terms = made
    ours = TermScores(terms.postings())
    every = [term for term, _ in terms._index.searcher().terms_with_prefix(name, "")]
    assert (len(every) > 5) == (name == "stemmed")
    for term in every:
        for weight in (1.0, 0.3):
            asked = tantivy.Query.boost_query(tantivy.Query.term_query(terms.schema, name, term), weight)
            for one, other in zip(terms.scores(asked), ours.of(name, term, weight), strict=True):
                assert one.tolist() == other.tolist()
    assert ours.of(name, "nowhere", 1.0) is None


@pytest.mark.parametrize("first", [0, 300])
def test_an_index_in_parts_sorts_equal_scores_in_source_order(made, first):
    """The passages are in two parts of the word index, in the order of their rows or not: which of several equal
    scores the word index leaves out at the end of a list depends on it, and nothing else does."""
    path, _ = made
    every, terms = list(enumerate(Store(path).passages(), 1)), Terms()
    terms.add(every[first : first + 300])
    terms.add(every[300 - first : 600 - first])
    ours, complete = engine((path, terms), 0), engine(made, 0)
    tantivys = engine((path, terms), 0)
    tantivys.__dict__["_scoring"] = Nothing()
    for query in QUERIES:
        legs = [each.words(query, EVERYTHING, 50) for each in (ours, complete, tantivys)]
        assert len({each.total for each in legs}) == 1
        if ours._scored(query) is not None:
            assert list(legs[0].ids) == list(legs[1].ids)
            assert legs[0].scores.tolist() == legs[1].scores.tolist() == legs[2].scores.tolist()
        least = legs[0].scores[-1] if len(legs[0].ids) else 0
        above = [[id for id, score in zip(each.ids, each.scores, strict=True) if score > least] for each in legs]
        assert above[0] == above[2]


def test_an_index_of_an_older_version_asks_the_word_index(made):
    path, terms = made
    older = engine((path, terms), STAYS)
    older.__dict__["_scoring"] = impacts.Scoring(WithoutPostings(terms), older._compiler)
    assert older._scored(QUERIES[0]) is None
    for query in QUERIES:
        assert list(older.words(query, EVERYTHING, 1000).ids) == list(
            engine(made, STAYS).words(query, EVERYTHING, 1000).ids
        )


class Beside:
    """A thread that has not run yet."""

    begun: list = []

    def __init__(self, target):
        self.start = lambda: self.begun.append(target)


def test_in_a_larger_index_the_scores_of_a_phrase_are_read_beside(made, monkeypatch):
    monkeypatch.setattr(impacts, "_AT_ONCE", 10)
    monkeypatch.setattr(impacts, "Thread", Beside)
    Beside.begun.clear()
    new, stays = engine(made, 0), engine(made, STAYS)
    query = QUERIES[4]
    first = stays.words(query, EVERYTHING, 20)
    assert stays._scored(query) is None
    assert len(Beside.begun) == 1  # also where it is asked again meanwhile
    Beside.begun.pop()()
    assert stays._scored(query) is not None
    again = stays.words(query, EVERYTHING, 20)
    assert list(again.ids) == list(first.ids)
    assert again.scores.tolist() == first.scores.tolist()
    assert list(new.words(query, EVERYTHING, 20).ids) == list(first.ids)
    assert not Beside.begun  # a program that ends after its answer reads nothing beside


def test_what_is_kept_of_earlier_queries_is_bounded(made, monkeypatch):
    monkeypatch.setattr(impacts, "_KEPT", 2)
    ours, free = engine(made, 0), engine(made, 0)
    for query in QUERIES * 2:
        assert list(ours.words(query, EVERYTHING, 50).ids) == list(free.words(query, EVERYTHING, 50).ids)
        held = ours._scoring._impacts._kept
        many = sum(1 if each is None else 1 + len(each[0]) for each in held.values())
        assert many == ours._scoring._impacts._many
        assert many <= 2 * 600 or len(held) == 1


class Nothing:
    """Scores that cannot be computed."""

    def of(self, query, *, stays):
        return None


class WithoutPostings:
    """A word index as older versions made it."""

    def __init__(self, terms):
        self._terms = terms

    def __getattr__(self, name):
        return getattr(self._terms, name)

    def postings(self):
        return None
