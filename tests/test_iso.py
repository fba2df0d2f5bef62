"""Codes of countries and languages: existing ones only."""

from __future__ import annotations

import pytest

from kb.config import settings
from kb.data import load_yaml
from kb.errors import InputError
from kb.iso import Codes, check_country, check_language, country_names
from kb.tagging.taxonomy import load


@pytest.mark.parametrize("code", ["KEN", "ken", "PRI", "PSE", ""])
def test_real_countries_and_areas_pass_and_none_is_left_open(code):
    check_country(code)


@pytest.mark.parametrize("code", ["ZZZ", "XXX", "KE", "Kenya", "K-N", "КEN", " KEN"])
def test_what_is_no_code_of_a_country_is_refused(code):
    with pytest.raises(InputError, match="no country code"):
        check_country(code)


@pytest.mark.parametrize("code", ["es", "sw", "tet", ""])
def test_real_languages_pass(code):
    check_language(code)


@pytest.mark.parametrize("code", ["zz", "../x", "ES", "english", "e"])
def test_what_is_no_code_of_a_language_is_refused(code):
    with pytest.raises(InputError, match="no language code"):
        check_language(code)


def test_every_state_that_is_tagged_has_a_real_code_but_the_one_that_is_gone():
    codes = load_yaml(settings().corpus / "codes.yaml", Codes)
    assert len(codes.countries) == 249
    states = {term.id for term in load(settings().corpus / "taxonomy").facet("country").terms}
    assert states - codes.countries == {"YUG"}


def test_what_can_be_chosen_is_what_is_taken_each_with_a_name():
    states = {
        term.id: term.labels["en"].preferred for term in load(settings().corpus / "taxonomy").facet("country").terms
    }
    names = country_names(states)
    assert set(names) == load_yaml(settings().corpus / "codes.yaml", Codes).countries
    assert "YUG" not in names and (names["KEN"], names["PRI"]) == ("Kenya", "Puerto Rico")
    assert list(names.values()) == sorted(names.values()) and len(set(names.values())) == 249
    assert not [code for code, name in names.items() if name == code]
    for code in names:
        check_country(code)
