"""Clauses against a criterion are proposed separately, never as support; cues find them among the clauses on the
criterion."""

from __future__ import annotations

import numpy as np
import pytest
from assess_toys import TEXTS, ToyEncoder, policy

from kb.assess import propose
from kb.assess.counter import CRITERIA, FITS, HARMLESS, KEEP_COUNTER, KIND_WORDS, against, counter_kinds, load_counter
from kb.assess.encoding import CachedVectors
from kb.assess.proposing import look
from kb.index.cache import VectorCache

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
    assert against(ranks, [["", "fee", "", *["exclusion"] * 40]]) == [[1]]
    assert len(against(np.array([[9.0] * 4 + [0.0] * 60]), [["fee"] * 64])[0]) == KEEP_COUNTER


def test_nothing_speaks_against_a_criterion_that_the_text_is_not_about():
    assert against(np.array([[5.0, 4.0, 3.0, *np.zeros(40)]]), [["", "fee", *[""] * 41]], silent=[0]) == [[]]


def test_a_clause_is_against_the_few_criteria_that_it_is_most_about():
    ranks = np.array([[9.0 - n, 0, 0, 0, 0, 0, 0, n] for n in range(6)])
    assert sum(0 in found for found in against(ranks, [["fee", *[""] * 7]] * 6)) == FITS
    assert sum(0 in found for found in against(ranks, [["condition", *[""] * 7]] * 6)) == 6, "of its own criteria"


SAID = {
    "en": {
        "condition": "The allowance is paid to a person who has been employed for at least twelve months.",
        "removal": "The benefit shall be suspended for as long as the holder does not attend the interview.",
        "": "A child shall not be excluded from school because the parents have not paid the contribution.",
    },
    "es": {
        "condition": "Para el goce de la asignación se requerirá una antigüedad mínima en el empleo de tres meses.",
        "exclusion": "Quedan excluidos del beneficio los trabajadores que se desempeñen sin contrato escrito.",
        "": "Los programas llegan en especial a los excluidos, para romper la transmisión de la pobreza.",
    },
    "fr": {
        "condition": "L'allocation est versée sous condition de ressources et après cinq années de résidence.",
        "removal": "Le versement de l'allocation est suspendu lorsque le bénéficiaire quitte le territoire.",
        "": "Les salariés temporaires sont exclus du décompte des effectifs lorsqu'ils remplacent un absent.",
    },
}


@pytest.mark.parametrize("language", sorted(SAID))
def test_what_a_cue_says_is_known_from_what_only_sounds_like_it(root, language):
    law = policy("law", language, *(line for text in SAID[language].values() for line in ("# Part", text)))
    vectors = CachedVectors(ToyEncoder(), VectorCache(":memory:"))
    found = look(law, language, ["R5.b", "R6.b"], vectors, root / "corpus")
    kinds, elsewhere = counter_kinds(found, language, root / "corpus")
    assert kinds == list(SAID[language])
    assert elsewhere == ["" if kind == "condition" else kind for kind in kinds], "a condition is of its criteria alone"


def test_every_kind_has_cues_in_each_language_and_words_for_people(root):
    kinds = load_counter(root / "corpus")
    assert set(kinds) == {*KIND_WORDS, HARMLESS}
    for languages in kinds.values():
        assert set(languages) - {CRITERIA} == {"en", "es", "fr"} and all(languages.values())


def test_a_kind_of_some_criteria_names_criteria_of_the_framework(root, framework):
    known = {criterion.id for criterion in framework.criteria()}
    named = [one for languages in load_counter(root / "corpus").values() for one in languages.get(CRITERIA, ())]
    assert named and set(named) <= known
