"""In a program that stays the best passages for words are found in memory, with the scores of the word index."""

import random

import numpy as np
import pytest
from kb_toys import toy_document, toy_passage

from kb.engine.filters import EVERYTHING, AllOf, AnyOf, Has, Is, NoneOf
from kb.engine.local import LocalEngine, impacts
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
    new, stays = engine(made, 0), engine(made, STAYS)
    assert new._scored(QUERIES[1]) is None
    assert stays._scored(QUERIES[0]) is None  # nothing is looked for in headings yet: their weight is not known
    stays.words(QUERIES[1], EVERYTHING, 1)
    told = [stays._scored(query) is not None for query in QUERIES]
    assert told == [True] * 7 + [False] * 2 + [True] * 2


@pytest.mark.parametrize("first", [0, 300])
def test_an_index_in_parts_sorts_equal_scores_as_it_keeps_them(made, first):
    """The passages are in two parts of the word index, in the order of their rows or not."""
    path, _ = made
    every, terms = list(enumerate(Store(path).passages(), 1)), Terms()
    terms.add(every[first : first + 300])
    terms.add(every[300 - first : 600 - first])
    one, other = (engine((path, terms), asked) for asked in (0, STAYS))
    other.words(QUERIES[1], EVERYTHING, 1)
    for query in QUERIES:
        legs = [each.words(query, EVERYTHING, 50) for each in (one, other)]
        assert list(legs[0].ids) == list(legs[1].ids)
        assert legs[0].scores.tolist() == legs[1].scores.tolist()
    assert other._scored(QUERIES[1]) is not None


def test_a_larger_index_answers_while_it_is_made_beside(made, monkeypatch):
    begun = []

    class Beside:
        """A thread that has not run yet."""

        def __init__(self, target):
            self.start = lambda: begun.append(target)

    monkeypatch.setattr(impacts, "_AT_ONCE", 10)
    monkeypatch.setattr(impacts, "Thread", Beside)
    stays = engine(made, STAYS)
    before = stays.words(QUERIES[1], EVERYTHING, 20)
    assert stays._scored(QUERIES[1]) is None
    begun.pop()()
    assert not begun
    scored = stays._scored(QUERIES[1])
    assert scored is not None
    assert np.count_nonzero(scored.matches) == before.total
    assert list(stays.words(QUERIES[1], EVERYTHING, 20).ids) == list(before.ids)
    query = QUERIES[4]  # with phrases: the scores of such a part are read beside when it is first asked for
    first = stays.words(query, EVERYTHING, 20)
    assert stays._scored(query) is None
    assert len(begun) == 1
    begun.pop()()
    assert stays._scored(query) is not None
    again = stays.words(query, EVERYTHING, 20)
    assert list(again.ids) == list(first.ids)
    assert again.scores.tolist() == first.scores.tolist()


def test_a_program_that_ends_does_not_wait_for_it(made, monkeypatch):
    class Gone:
        """The main thread of a program that has ended."""

        def is_alive(self):
            return False

    monkeypatch.setattr(impacts, "main_thread", Gone)
    stays = engine(made, STAYS)
    assert stays.words(QUERIES[1], EVERYTHING, 20).total
    assert stays._scored(QUERIES[1]) is None
