"""Clauses against a criterion are proposed apart, never as support; found by cues among the clauses that bear on it."""

from __future__ import annotations

import numpy as np
import pytest
from assess_toys import TEXTS, policy

from kb.assess import propose
from kb.assess.counter import FITS, KEEP_COUNTER, KIND_WORDS, against, load_counter

AGAINST = {
    "en": "A worker who is not a citizen shall not be entitled to form a trade union or to bargain collectively.",
    "es": "Los trabajadores extranjeros no tendrán derecho a constituir sindicatos ni a la negociación colectiva.",
    "fr": "Le travailleur étranger n'a pas droit de constituer un syndicat ni de négocier collectivement.",
}


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_an_exclusion_is_proposed_apart_and_not_as_support(framework, model, toy, cache, language):
    law = policy("law", language, *TEXTS[language], "# Foreigners", AGAINST[language])
    made = propose(law, framework, encoder=toy, model=model, cache=cache)
    rows = [row for row in made.criteria if row.counter]
    assert 1 <= len(rows) <= FITS
    for row in rows:
        assert [clause.text for clause in row.counter] == [AGAINST[language]]
        assert row.counter[0].why.polarity == "contrary?" and "excludes somebody" in row.counter[0].why.against
        assert all(AGAINST[language] != proposal.text for proposal in row.proposals)


def test_only_clauses_that_bear_on_the_criterion_are_against_it():
    ranks = np.array([[5.0, 4.0, 3.0, *np.zeros(40)]])
    assert against(ranks, ["", "fee", "", *["exclusion"] * 40]) == [[1]]
    assert len(against(np.array([[9.0] * 4 + [0.0] * 60]), ["fee"] * 64)[0]) == KEEP_COUNTER


def test_a_clause_is_against_the_few_criteria_that_it_is_most_about():
    ranks = np.array([[9.0 - n, 0, 0, 0, 0, 0, 0, n] for n in range(6)])
    assert sum(0 in found for found in against(ranks, ["fee", *[""] * 7])) == FITS


def test_every_kind_has_cues_in_each_language_and_words_for_people(root):
    kinds = load_counter(root / "corpus")
    assert set(kinds) == set(KIND_WORDS)
    assert all(set(languages) == {"en", "es", "fr"} and all(languages.values()) for languages in kinds.values())
