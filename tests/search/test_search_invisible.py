"""Invisible characters of a text (soft hyphens, zero-width characters, combining accents) never hide a word from
search, and stay in the text."""

import pytest
from kb_toys import toy_searcher

from kb.read import read_here
from kb.structure import parse

PLAN = (
    "<h1>Vocational plan</h1><p>The state runs a re&shy;habili&shy;tation centre in every county and pays for hydro&shy;therapy.</p>"
    "<p>Les me\u0301nages a\u0300 faible revenu rec\u0327oivent une al\u200blo\u2060cation de 5<sup>2</sup> francs.</p>"
)


@pytest.fixture(scope="module")
def searcher(root, tmp_path_factory):
    file = tmp_path_factory.mktemp("plan") / "plan.html"
    file.write_text(PLAN, encoding="utf-8")
    return toy_searcher([parse(read_here(file), "generic", document="plan", title="Plan")], root / "corpus")


@pytest.mark.parametrize(
    "query",
    [
        '"hydrotherapy"',
        '"rehabilitation centre"',
        '"hydro\u00adtherapy"',
        "hydrother*",
        '"ménages à faible revenu"',
        '"me\u0301nages"',
        "reçoivent AND allocation",
        '"allocation de 5 francs"',
    ],
)
def test_the_passage_is_found_and_nothing_is_reported_absent(searcher, query):
    results = searcher.search(query)
    assert results.hits and not results.absent and not results.message


def test_the_text_is_kept_as_it_is_and_the_word_is_marked_in_it(searcher):
    hit = searcher.search('"hydrotherapy"').hits[0]
    assert "hydro\u00adtherapy" in hit.text
    assert [hit.text[a:b] for a, b in hit.why["marks"]] == ["hydro\u00adtherapy"]
