"""Texts that repeat another are folded into the first."""

from kb.search.duplicates import fold, runs

LONG = "States shall take all appropriate measures to protect the rights of older women in rural areas and in towns"


def test_the_same_words_are_folded_whatever_their_capitals_and_signs():
    assert fold([LONG, LONG.upper() + ".", "Something else"], 0.8) == [0, 0, 2]


def test_a_small_change_is_folded_and_a_large_one_is_not():
    assert fold([LONG, LONG + " too"], 0.8) == [0, 0]
    assert fold([LONG, LONG[: len(LONG) // 2]], 0.8) == [0, 1]


def test_short_texts_are_compared_whole():
    assert fold(["land rights", "Land rights", "land reform"], 0.8) == [0, 0, 2]
    assert runs("one two three four five six") == {
        ("one", "two", "three", "four", "five"),
        ("two", "three", "four", "five", "six"),
    }


def test_nothing_to_fold():
    assert fold([], 0.8) == [] and fold(["", ""], 0.8) == [0, 0]


def test_the_same_words_of_another_kind_are_not_folded():
    words = "Everyone has the right to work in safety."
    assert fold([words, words, words], 0.9, ["law", "advice", "law"]) == [0, 1, 0]
