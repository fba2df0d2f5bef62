"""Which passages repeat others: the same pairs whether an engine compares them for each search or stores them, and a
long-running program holds for a small index what it would read."""

import random

import numpy as np
import pytest
from kb_toys import TOY, toy_document, toy_engine, toy_passage, toy_searcher

from kb.engine.local import engine as local
from kb.engine.local.passage_store import STAYS
from kb.engine.repeats import repeats
from kb.engine.runs import runs
from kb.search.duplicates import fold

LONG = "States shall take all appropriate measures to protect the rights of older women in rural areas and in towns"


def folded(*texts: str) -> list[int]:
    """Return, for each text, the index of the text that it repeats (at least four of five sequences in common)."""
    return fold(repeats([runs(text) for text in texts], 0.8), ["law"] * len(texts))


def test_the_same_words_are_folded_whatever_their_capitals_and_signs():
    assert folded(LONG, LONG.upper() + ".", "Something else") == [0, 0, 2]


def test_a_small_change_is_folded_and_a_large_one_is_not():
    assert folded(LONG, LONG + " too") == [0, 0]
    assert folded(LONG, LONG[: len(LONG) // 2]) == [0, 1]


def test_short_texts_are_compared_completely():
    assert folded("land rights", "Land rights", "land reform") == [0, 0, 2]
    assert len(runs("one two three four five six")) == 2 and len(runs("")) == len(runs("one")) == 1


def test_nothing_to_fold():
    assert folded() == [] and folded("", "") == [0, 0]


def test_the_same_words_of_another_kind_are_not_folded():
    words = "Everyone has the right to work in safety."
    assert fold(repeats([runs(words)] * 3, 0.9), ["law", "advice", "law"]) == [0, 1, 0]


def test_pairs_found_by_their_first_runs_are_those_that_comparing_all_finds():
    rng = random.Random(5)
    base = [[f"w{rng.randrange(40)}" for _ in range(rng.randrange(4, 30))] for _ in range(12)]
    texts = []
    for _ in range(150):
        words = list(rng.choice(base))
        for _ in range(rng.randrange(3)):
            words[rng.randrange(len(words))] = "other"
        texts.append(" ".join(words))
    sets = [set(runs(text).tolist()) for text in texts]
    slow, kept = [], []
    for i, mine in enumerate(sets):
        alike = (at for at in kept if len(mine & sets[at]) >= 0.8 * max(len(mine), len(sets[at])))
        slow.append(next(alike, i))
        kept += [i] if slow[-1] == i else []
    assert folded(*texts) == slow and len(set(slow)) < 100


def texts_with_repeats(seed: int) -> list[str]:
    """Return texts of invented words; some are copies of another with one word changed."""
    rng = np.random.default_rng(seed)
    made = [" ".join(rng.choice(["land", "age", "home", "care", "law", "work"], 40).tolist()) for _ in range(30)]
    for i in rng.integers(0, 20, 12).tolist():
        words = made[i].split()
        words[int(rng.integers(40))] = "else"
        made.append(" ".join(words))
    return made


def stayed(engine):
    """Return the engine in the state of a long-running program that has used it often."""
    for _ in range(STAYS):
        engine.fields(["no/such"])
    return engine


@pytest.mark.parametrize("seed", range(6))
def test_pairs_that_are_held_are_those_that_are_compared_for_each_search(monkeypatch, seed):
    texts = texts_with_repeats(seed)
    engine = toy_engine([toy_document(*(toy_passage(f"many/p{n}", text) for n, text in enumerate(texts)))])
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(len(texts))[:25].tolist() for _ in range(8)]
    fresh = [repeats([runs(texts[n]) for n in some], 0.8) for some in drawn]
    assert [engine.repeats([f"many/p{n}" for n in some], 0.8) for some in drawn] == fresh and any(fresh)
    stayed(engine).repeats([], 0.8)
    monkeypatch.setattr(engine.store, "runs", None)  # nothing is read again
    assert [engine.repeats([f"many/p{n}" for n in some], 0.8) for some in drawn] == fresh


def test_where_too_many_are_alike_each_search_compares_its_own(monkeypatch):
    monkeypatch.setattr(local, "_MOST_PAIRS", 10)
    passages = [toy_passage(f"same/p{n}", "The State shall pay a pension to all.") for n in range(20)]
    engine = stayed(toy_engine([toy_document(*passages)]))
    found = engine.repeats([passage.id for passage in passages], 0.8)
    assert len(found) == 190 and engine._repeats(0.8) is None


IDS = [passage.id for document in TOY for passage in document.passages]


def test_fields_that_are_held_are_those_that_are_read_and_nothing_is_read_again(monkeypatch):
    engine = toy_engine(TOY)
    read, held = engine.fields(IDS), stayed(engine).fields(IDS)
    monkeypatch.setattr(engine.store, "fields", None)
    assert engine.fields(IDS) == held == read and engine.fields(IDS)[IDS[0]] is held[IDS[0]]
    assert list(engine.fields([IDS[1], "toy/nowhere", IDS[0]])) == [IDS[1], IDS[0]]


def test_the_fields_of_a_larger_index_are_read_for_each_search(monkeypatch):
    monkeypatch.setattr(local, "_FIELDS_UP_TO", len(IDS) - 1)
    engine = stayed(toy_engine(TOY))
    assert engine.fields(IDS)[IDS[0]] is not engine.fields(IDS)[IDS[0]]


def test_a_search_gives_the_same_answer_again_and_again(root):
    searcher = toy_searcher(TOY, root / "corpus")
    answers = [searcher.search("older women receive a pension").model_copy(update={"took_ms": 0}) for _ in range(12)]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].model_dump_json() == answers[-1].model_dump_json()
