"""The index as a person sees it: a hidden document is in no hit, no count, no term, no list and no address."""

from __future__ import annotations

import pytest

from kb.engine.filters import EVERYTHING
from kb.errors import QueryError
from kb.search import live_searcher
from kb.search.browse import browse, count_all
from kb.workspace.seen import SeenSearcher

HIDDEN = "mipaa"
"""A document that many questions find, taken for one of another country."""


@pytest.fixture
def whole(live_kb):
    """Return the searcher over everything."""
    return live_searcher()


@pytest.fixture
def seen(whole):
    """Return the searcher of a person who may not see one document."""
    return SeenSearcher(whole, frozenset({HIDDEN}))


@pytest.mark.parametrize("query", ["older persons", "group:older-persons", "ageing AND health"])
@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_no_hit_and_no_count_comes_from_a_hidden_document(whole, seen, query, mode):
    before, after = whole.search(query, mode=mode, limit=200), seen.search(query, mode=mode, limit=200)
    assert any(hit.id.startswith(f"{HIDDEN}/") for hit in before.hits)
    assert HIDDEN not in repr(after.hits) and HIDDEN not in repr(after.facets) and after.total < before.total


def test_the_name_of_a_hidden_document_is_a_word_that_nobody_knows(seen):
    for ask in ({"query": f"document:{HIDDEN}"}, {"query": "pension", "facets": [("document", HIDDEN)]}):
        with pytest.raises(QueryError) as caught:
            seen.search(**ask)
        assert HIDDEN not in caught.value.do


def test_choices_counts_and_lists_leave_it_out(whole, seen):
    found = browse(seen, "older persons", {"document": ["crpd"]})
    assert HIDDEN not in found.choices["document"] and HIDDEN in browse(whole, "older persons", {}).choices["document"]
    everything = browse(seen, "", {"group": ["older-persons"]})
    assert HIDDEN not in repr(everything)
    assert count_all(seen, "older persons", {}, "hybrid")[0] < count_all(whole, "older persons", {}, "hybrid")[0]


def test_the_store_has_no_passage_of_it_under_any_name(whole, seen):
    store, id = seen.index.store, next(whole.index.store.passages(HIDDEN)).id
    assert store.get(id) is None and list(store.passages(HIDDEN)) == [] and store.around(id) == []
    assert HIDDEN not in {head["id"] for head in store.documents()} and HIDDEN not in store.terms("document")
    assert all(one.document != HIDDEN for one in store.passages())
    assert [one.id for one in seen.index.engine.scan(EVERYTHING)] == [one.id for one in store.passages()]
    count = sum(1 for _ in whole.index.store.passages(HIDDEN))
    assert store.size == whole.index.store.size - count
    assert not store.rowids("document", [HIDDEN])
    assert HIDDEN not in seen.index.manifest.documents and seen.index.manifest.passages == store.size


def test_who_sees_everything_has_the_same_answers(whole):
    all_seen = SeenSearcher(whole, frozenset())
    plain, again = whole.search("pension"), all_seen.search("pension")
    assert [hit.id for hit in plain.hits] == [hit.id for hit in again.hits] and plain.total == again.total
