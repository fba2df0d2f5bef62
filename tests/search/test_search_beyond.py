"""How far a query is from the texts, when official texts are installed among them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from kb.engine.filters import EVERYTHING
from kb.search.pool import Question, beyond

VECTOR = np.asarray([1.0, 0.0], dtype=np.float32)
SUBJECT = {"multilingual": np.asarray([[0.6, 0.8]], dtype=np.float32)}


def far(ids: list[str], near: list[float], official: float) -> float:
    leg = SimpleNamespace(ids=ids, scores=np.asarray(near))
    question = Question(None, {"multilingual": VECTOR}, EVERYTHING, {"multilingual": VECTOR})
    return beyond(None, SUBJECT, question, {"multilingual": leg}, {"multilingual": official})["multilingual"]


def test_a_passage_of_an_official_text_counts_as_farther() -> None:
    assert far(["beijing-text/para3"], [0.5], 0.02) == pytest.approx(0.6 - 0.48)


def test_the_entry_of_the_register_decides_where_both_are_alike() -> None:
    assert far(["beijing-text/para3", "beijing/para3"], [0.5, 0.49], 0.02) == pytest.approx(0.6 - 0.49)


def test_without_official_texts_the_best_passage_decides_as_it_is() -> None:
    assert far(["paper/p1", "beijing/para3"], [0.5, 0.49], 0.02) == pytest.approx(0.6 - 0.5)
