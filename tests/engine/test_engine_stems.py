"""Positions and stems of words, as an index stores them."""

import numpy as np
import pytest

from kb.engine.analysis import words
from kb.engine.groups import begins
from kb.engine.stems import numbers, stems

TEXT = "Women’s land rights, and hydro\u00adtherapy for older women."


def test_every_printed_word_has_its_place():
    found = stems(TEXT, "en")
    assert [TEXT[a:b] for a, b in found[:, :2].tolist()] == [
        *("Women’s", "land", "rights", "and", "hydro\u00adtherapy", "for", "older", "women"),
    ]


@pytest.mark.parametrize("word", ["women", "rights", "hydrotherapy"])
def test_words_of_one_stem_have_one_number(word):
    assert set(numbers(words(word, "en")).tolist()) <= set(stems(TEXT, "en")[:, 2].tolist())
    assert not set(numbers(words(word + "x", "en")).tolist()) & set(stems(TEXT, "en")[:, 2].tolist())


def test_a_text_without_words_has_none():
    assert stems("…", "en").shape == stems("", "fr").shape == (0, 3)


def test_runs_of_equal_values_begin_where_the_value_changes():
    assert begins(np.asarray([1, 1, 2, 5, 5])).tolist() == [0, 2, 3] and begins(np.zeros(0)).tolist() == []
