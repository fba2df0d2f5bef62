"""The names that a query can contain, from the taxonomy."""

import pytest

from kb.index.names import LabelNames, compile_names
from kb.tagging.taxonomy import load


@pytest.fixture(scope="module")
def names(root):
    return compile_names(load(root / "corpus" / "taxonomy"))


def facets(names, question):
    return {value.split("=")[0] for _, _, values in names.matches_in(question.split()) for value in values}


@pytest.mark.parametrize(
    "question,facet",
    [
        ("child poverty in the United Kingdom", "country"),
        ("pobreza infantil en el Perú", "country"),
        ("what the CRPD says on access", "instrument"),
        ("quotas in East Africa", "region"),
        ("an ombudsperson for children", "institution"),
        ("what NGOs do for the Madrid plan", "instrument"),
        ("rôle des commissions dans le suivi du Plan de Madrid", "instrument"),
        ("lo que pide el tratado de las mujeres", "instrument"),
        ("les principes du traité sur le handicap", "instrument"),
    ],
)
def test_states_treaties_regions_and_institutions_are_names(names, question, facet):
    assert facet in facets(names, question)


def test_a_region_is_met_by_the_states_in_it(names):
    meant = set(names.of("East Africa"))
    assert {"region=region:eastern-africa", "region=country:KEN"} <= meant and "region=country:PER" not in meant
    assert "region=country:KEN" in names.of("Africa"), "Kenya is in Africa too"


@pytest.mark.parametrize("question", ["South African townships", "African-Caribbean women"])
def test_a_context_that_is_another_thing_hides_the_name_inside_it(names, question):
    assert "region" not in facets(names, question)


def test_capitals_decide_between_an_acronym_and_a_word(names):
    assert facets(names, "the BIG campaign") and "policy_instrument" not in facets(names, "a big campaign")


def test_a_table_is_the_same_after_saving(tmp_path, names):
    names.save(tmp_path)
    assert LabelNames.load(tmp_path) == names
