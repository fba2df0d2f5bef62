"""Texts that repeat another are folded into the first."""

import random

from kb.engine.runs import runs
from kb.search.duplicates import fold

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
