"""Searching by hand: filters to choose from, forces shown separately, reasons in words."""

from collections import Counter

import pytest

from kb.i18n import speaking
from kb.models import FORCE_WORDS
from kb.search.browse import browse, by_force, reason, with_all_words


@pytest.fixture
def everything(kb_in_memory):
    """Return document to the number of passages that a search shows; a sub-item is shown within its parent."""
    shown = [
        passage for passage in kb_in_memory.index.store.passages() if passage.kind not in kb_in_memory.ranking.folded
    ]
    return dict(Counter(passage.document for passage in shown))


def test_filters_alone_give_everything_inside_them(kb_in_memory, everything):
    document, count = next(iter(everything.items()))
    assert browse(kb_in_memory, "", {"document": [document]}).results.total == count


def test_terms_beside_a_chosen_one_keep_what_choosing_them_would_find(kb_in_memory, everything):
    document = next(iter(everything))
    choices = browse(kb_in_memory, "", {"document": [document]}).choices["document"]
    assert choices == everything


def test_two_terms_of_one_facet_are_alternatives(kb_in_memory, everything):
    found = browse(kb_in_memory, "", {"document": list(everything)})
    assert found.results.total == sum(everything.values())


def test_hits_of_different_force_are_never_in_one_list(kb_in_memory, everything):
    hits = browse(kb_in_memory, "", {"document": list(everything)}).results.hits
    groups = by_force(hits)
    assert all({hit.force for hit in group} == {force} for force, group in groups.items())
    assert list(groups) == [force for force in FORCE_WORDS if force in groups], "the strongest force first"
    assert sum(map(len, groups.values())) == len(hits)


@pytest.mark.parametrize(
    "why, text, said",
    [
        (
            {"legs": {"lexical": 1.0, "english": 0.5}, "marks": [[0, 7]]},
            "Pension for all",
            "Found by its words (pension) and its meaning.",
        ),
        ({"legs": {"english": 0.5}, "marks": []}, "Pension for all", "Found by its meaning."),
        ({"legs": {}, "marks": []}, "Pension", "Found by the filters."),
        (
            {"legs": {"lexical": 1.0}, "marks": [], "widened": {"GBV": ["gender-based violence"]}},
            "x",
            "Found by its words; “GBV” also as gender-based violence.",
        ),
    ],
)
def test_the_reason_names_the_legs_and_the_words(why, text, said):
    assert reason(why, text) == said


def test_the_reason_is_given_in_the_language_of_the_reader():
    why = {"legs": {"lexical": 1.0, "english": 0.5}, "marks": [[0, 7]], "widened": {"GBV": ["gender-based violence"]}}
    with speaking("fr"):
        said = reason(why, "Pension for all")
    assert said == "Trouvé par ses mots (pension) et son sens; “GBV” aussi comme gender-based violence."


@pytest.mark.parametrize(
    "query", ["«land rights»", "„land rights“", "‹land rights›", "land NEAR/5 rights", "land -reform"]
)
def test_a_question_that_says_how_its_words_belong_together_is_not_asked_for_all_of_them(kb_in_memory, query):
    assert with_all_words(kb_in_memory.search(query)) == ""
    assert with_all_words(kb_in_memory.search("land rights")) == "land AND rights"


@pytest.mark.parametrize(
    ("asked", "every"),
    [
        ("pension for older women", "pension AND older AND women"),
        ("droit des femmes à la terre", "droit AND femmes AND terre"),
        ("the women", ""),
        ('"older women" pension', ""),
    ],
)
def test_small_words_are_not_asked_for_where_all_words_are(kb_in_memory, asked, every):
    assert with_all_words(browse(kb_in_memory, asked, {}).results) == every
