"""Near-duplicates of a passage are found in an index of which only a part is compared."""

from __future__ import annotations

import pytest
from kb_toys import toy_document, toy_passage, toy_searcher

from kb.citing.about import alike
from kb.index import alike as looking
from kb.index.alike import near_in_words

WORDS = (
    "States must take appropriate measures so that rural women enjoy adequate living conditions, "
    "particularly in relation to housing, sanitation, electricity, water supply, transport and communications."
)


@pytest.fixture
def index(root):
    """Return an index with a passage, a near-duplicate, and thirty other passages that share a few words with it."""
    others = [f"Ministers must report on measures number {n} about transport in district {n}." for n in range(30)]
    made = [
        toy_document(toy_passage("one/p1", WORDS)),
        toy_document(toy_passage("two/p1", WORDS.replace("appropriate", "suitable").replace("rural ", ""))),
        toy_document(*(toy_passage(f"more/p{n}", text) for n, text in enumerate(others))),
    ]
    return toy_searcher(made, root / "corpus").index


@pytest.mark.parametrize("looked", [2, 5, 1_000])
def test_what_is_alike_is_among_the_few_that_share_most_words(index, monkeypatch, looked):
    monkeypatch.setattr(looking, "LOOKED", looked)
    one = index.store.get("one/p1")
    near = near_in_words(index, one)
    assert len(near) == min(looked, 32) and {"one/p1", "two/p1"} <= {each.id for each in near}
    assert alike(one, near) == alike(one, index.store.passages())
    assert [each.id for each in alike(one, near)] == ["two/p1"]


def test_a_passage_that_is_not_there_is_near_to_none(index, monkeypatch):
    monkeypatch.setattr(looking, "LOOKED", 5)
    assert not near_in_words(index, toy_passage("gone/p1", WORDS))
