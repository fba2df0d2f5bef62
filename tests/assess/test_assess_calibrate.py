"""The linear scores, the rules of judging and the calibration error."""

from __future__ import annotations

import json

import numpy as np
import pytest
from assess_toys import linear
from pydantic import ValidationError

from kb.assess.calibrate import Linear, load_model, never_rising, repeats_last
from kb.assess.judged import JudgedCriterion, grams, meets
from kb.assess.measure import calibration_error, recall
from kb.errors import DataError


def test_a_linear_score_standardises_first():
    score = Linear(names=("a",), mean=(2.0,), scale=(4.0,), weights=(3.0,), intercept=1.0)
    assert score.score(np.array([[6.0]])).tolist() == [4.0]


def test_a_score_of_nothing_is_even_odds():
    assert linear(("a", "b"), 0.0).probability(np.array([[5.0, 7.0]])).tolist() == [0.5]


def test_lengths_must_agree():
    with pytest.raises(ValidationError, match="differ in length"):
        Linear(names=("a", "b"), mean=(0.0,), scale=(1.0,), weights=(1.0,))


QUOTE = "every child has the right to free and compulsory education in a neighbourhood school"


@pytest.mark.parametrize(
    "text, met",
    [
        (f"Long before. {QUOTE.capitalize()}, and much more is said after that in the same paragraph.", True),
        ("right to free and compulsory education", True),
        ("every child has a name and a family", False),
    ],
)
def test_a_text_meets_a_quotation(text, met):
    assert meets(grams(QUOTE), grams(text)) is met


def test_recall_counts_at_most_five():
    quotes = tuple(grams(f"{QUOTE} number {n} of the district called {n}{n}") for n in ("one", "two"))
    row = JudgedCriterion("R3.a", "partial", quotes, (), (), False)
    assert recall(row, [grams(f"{QUOTE} number one of the district called oneone")]) >= 0.5
    assert recall(row, [grams("the flag is blue and green")]) == 0.0


def test_calibration_error_of_the_sure_and_right_is_zero():
    assert calibration_error([(1.0, True), (0.0, False)]) == 0.0
    assert calibration_error([(0.9, False)] * 4) == pytest.approx(0.9)


def test_confidence_never_rises_down_the_list():
    assert never_rising(np.array([0.2, 0.6, 0.1])) == pytest.approx([0.4, 0.4, 0.1])
    assert never_rising(np.array([0.9, 0.5, 0.4])) == pytest.approx([0.9, 0.5, 0.4])


def test_a_passage_that_repeats_a_better_one_comes_after_all_others():
    texts = [
        "Every worker may bring a complaint before the labour inspector free of charge.",
        "Every worker may bring a complaint before the labour inspector, free of charge.",
        "The inspector decides within thirty days of the complaint.",
    ]
    assert repeats_last(texts, [7, 2, 5]) == [7, 5, 2]


def test_a_passage_that_says_more_than_a_better_one_keeps_its_place():
    short = "Every worker may bring a complaint before the labour inspector."
    longer = f"{short} The inspector decides within thirty days, and hears the worker in a language that is understood."
    assert repeats_last([short, longer], [0, 1]) == [0, 1]


def test_a_model_of_other_features_is_refused_with_what_to_do(root, tmp_path):
    stored = json.loads((root / "corpus" / "models" / "assess.json").read_text(encoding="utf-8"))
    for key in ("names", "mean", "scale", "weights"):
        stored["rank"][key] = stored["rank"][key][:-1]
    (tmp_path / "assess.json").write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(DataError, match="(?s)other features.*train it"):
        load_model(tmp_path / "assess.json")
