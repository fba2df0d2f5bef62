"""What hits show of their passages: the same whether it is read for each search or held by a program that stays."""

from __future__ import annotations

import pytest
from kb_toys import TOY, toy_searcher

from kb.search import cards
from kb.search.cards import STAYS, Cards

IDS = [passage.id for document in TOY for passage in document.passages]


@pytest.fixture
def engine(root):
    return toy_searcher(TOY, root / "corpus").engine


def asked_often(engine) -> Cards:
    held = Cards(engine)
    for _ in range(STAYS + 1):
        held.of(IDS[:1])
    return held


def test_cards_that_are_held_are_those_that_are_read_and_nothing_is_read_again(engine, monkeypatch):
    read, held = Cards(engine).of(IDS), asked_often(engine)
    monkeypatch.setattr(engine.store, "fields", None)
    assert held.of(IDS) == read and held.of(IDS)[IDS[0]] is held.of(IDS)[IDS[0]]
    assert list(held.of([IDS[1], "toy/nowhere", IDS[0]])) == [IDS[1], IDS[0]]


def test_a_larger_index_is_read_for_each_search(engine, monkeypatch):
    monkeypatch.setattr(cards, "HELD_UP_TO", len(IDS) - 1)
    held = asked_often(engine)
    assert held.of(IDS)[IDS[0]] is not held.of(IDS)[IDS[0]]


def test_an_engine_elsewhere_is_asked_for_what_is_shown_alone(engine):
    class Elsewhere:
        size, fields = engine.size, engine.fields

    held = asked_often(Elsewhere())
    assert held.of(IDS)[IDS[0]] is not held.of(IDS)[IDS[0]] and list(held.of(IDS)) == IDS


def test_a_search_gives_the_same_answer_again_and_again(root):
    searcher = toy_searcher(TOY, root / "corpus")
    answers = [searcher.search("older women receive a pension").model_copy(update={"took_ms": 0}) for _ in range(12)]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].model_dump_json() == answers[-1].model_dump_json()
