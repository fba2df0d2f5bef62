"""Texts that repeat another are folded into the first."""

import random

import numpy as np
import pytest
from kb_toys import toy_document, toy_passage, toy_searcher

from kb.engine.runs import runs
from kb.search import duplicates
from kb.search.cards import STAYS
from kb.search.duplicates import Twins, fold

LONG = "States shall take all appropriate measures to protect the rights of older women in rural areas and in towns"


def folded(*texts: str) -> list[int]:
    """For each text which it repeats, from four runs in five."""
    return fold([runs(text) for text in texts], 0.8)


def test_the_same_words_are_folded_whatever_their_capitals_and_signs():
    assert folded(LONG, LONG.upper() + ".", "Something else") == [0, 0, 2]


def test_a_small_change_is_folded_and_a_large_one_is_not():
    assert folded(LONG, LONG + " too") == [0, 0]
    assert folded(LONG, LONG[: len(LONG) // 2]) == [0, 1]


def test_short_texts_are_compared_whole():
    assert folded("land rights", "Land rights", "land reform") == [0, 0, 2]
    assert len(runs("one two three four five six")) == 2 and len(runs("")) == len(runs("one")) == 1


def test_nothing_to_fold():
    assert folded() == [] and folded("", "") == [0, 0]


def test_the_same_words_of_another_kind_are_not_folded():
    words = "Everyone has the right to work in safety."
    assert fold([runs(words)] * 3, 0.9, ["law", "advice", "law"]) == [0, 1, 0]


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
    """Texts of made words, of which some are another's with a word changed."""
    rng = np.random.default_rng(seed)
    made = [" ".join(rng.choice(["land", "age", "home", "care", "law", "work"], 40).tolist()) for _ in range(30)]
    for i in rng.integers(0, 20, 12).tolist():
        words = made[i].split()
        words[int(rng.integers(40))] = "else"
        made.append(" ".join(words))
    return made


@pytest.mark.parametrize("seed", range(6))
def test_passages_compared_once_fold_as_those_that_are_compared_for_each_search(root, monkeypatch, seed):
    passages = [toy_passage(f"many/p{n}", text) for n, text in enumerate(texts_with_repeats(seed))]
    engine = toy_searcher([toy_document(*passages)], root / "corpus").engine
    rng = np.random.default_rng(seed)
    asked = [[f"many/p{n}" for n in rng.permutation(len(passages))[:25]] for _ in range(STAYS + 8)]
    kinds = [rng.choice(["law", "advice"], 25).tolist() for _ in asked]
    fresh = [fold(engine.runs(ids), 0.8, kind) for ids, kind in zip(asked, kinds)]
    twins = Twins(engine, 0.8)
    kept = [twins.fold(ids, kind) for ids, kind in zip(asked, kinds)]
    assert kept == fresh and any(leader != n for leaders in kept[STAYS + 1 :] for n, leader in enumerate(leaders))
    monkeypatch.setattr(engine, "runs", None)
    assert twins.fold(asked[0], kinds[0]) == fresh[0]  # nothing is read again


def test_where_too_many_are_alike_each_search_compares_its_own(root, monkeypatch):
    monkeypatch.setattr(duplicates, "_MOST_PAIRS", 10)
    passages = [toy_passage(f"same/p{n}", "The State shall pay a pension to all.") for n in range(20)]
    engine = toy_searcher([toy_document(*passages)], root / "corpus").engine
    twins, ids = Twins(engine, 0.8), [passage.id for passage in passages]
    assert [twins.fold(ids, ["law"] * 20) for _ in range(STAYS + 3)] == [[0] * 20] * (STAYS + 3)
    assert twins._held is None
