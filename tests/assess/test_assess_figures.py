"""The figures measured when the shipped model was fitted, with complete policies held out: targets that were reached
stay reached."""

from __future__ import annotations

import csv
import json

import pytest


@pytest.fixture
def figures(root):
    """Return step to its row of figures, as `benchmarks/train_assess.py` wrote it."""
    with (root / "corpus" / "examples" / "figures.tsv").open(encoding="utf-8", newline="") as lines:
        return {row["step"].strip(): row for row in csv.DictReader(lines, delimiter="\t")}


@pytest.mark.parametrize("language", ["the whole", "en", "es", "fr"])
def test_no_evidence_found_is_right_in_nine_of_ten_rows_and_given_for_seven_in_each_language(figures, language):
    assert float(figures[language]["silent_precision"]) >= 0.9
    assert float(figures[language]["silent_recall"]) >= 0.7


def test_the_first_five_hold_two_thirds_of_the_direct_clauses_and_no_language_falls_far_behind(figures):
    found = {language: float(figures[language]["recall_at_5_if_never_silent"]) for language in ("en", "es", "fr")}
    assert min(found.values()) >= 0.62, "the worst language"
    assert float(figures["the whole"]["recall_at_5_if_never_silent"]) >= 0.68, ".70 is wanted and not reached"


def test_in_labour_codes_the_first_five_hold_half_of_the_direct_clauses(figures):
    """Over all codes together: Morocco's, with 50,000 words, has less than half by itself."""
    codes = [figures[id] for id in ("ma_code_travail", "ar-ley-20744")]
    held = [(float(row["with_direct"]), float(row["recall_at_5_if_never_silent"])) for row in codes]
    assert sum(rows * share for rows, share in held) / sum(rows for rows, _ in held) >= 0.5
    assert min(share for _, share in held) >= 0.45, "the worse of the two"


def test_three_in_five_of_what_is_called_direct_was_judged_direct(figures):
    assert float(figures["the whole"]["direct_precision"]) >= 0.6


def test_where_the_judge_wrote_down_every_passage_what_is_wanted_of_the_first_five_and_of_direct_is_reached(figures):
    """In the other rows, marked "some of many", a passage that nobody judged counts as wrong."""
    assert float(figures["lists whole"]["recall_at_5_if_never_silent"]) >= 0.7
    for language in ("en", "es", "fr"):
        row = figures[f"lists whole, {language}"]
        assert float(row["recall_at_5_if_never_silent"]) >= 0.62 and float(row["direct_precision"]) >= 0.6
    both = [float(figures[name]["criteria"]) for name in ("lists whole", "lists cut")]
    assert sum(both) == float(figures["the whole"]["criteria"])


def test_the_model_that_ships_carries_the_figures_of_that_table(root, figures):
    model = json.loads((root / "corpus" / "models" / "assess.json").read_text(encoding="utf-8"))
    whole = {name: float(value) for name, value in figures["the whole"].items() if name != "step"}
    assert model["held_out"] == whole
