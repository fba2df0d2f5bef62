"""Terms as data: endings, rows of words, gaps; accents and case do not matter."""

from __future__ import annotations

import pytest

from kb.assess.terms import TermIndex, words


@pytest.mark.parametrize(
    "term, text, held",
    [
        ("polic*", "Social policies of the State", True),
        ("polic", "Social policies of the State", False),
        ("legal aid", "free legal aid", True),
        ("legal aid", "aid that is legal", False),
        ("right ~ education", "the right to free primary education", True),
        ("right ~ education", "the right of every child in the land to an education", False),
        ("niño*", "Las NIÑAS y los ninos", True),
        ("équité", "equite", True),
        ("state", "statement", False),
        ("legal aid", "free le\u00adgal \u200baid", True),
        ("shall", "the State sh\u200dall\u2060 pay", True),
        ("niño*", "los nin\u0303os", True),
    ],
)
def test_term(term, text, held):
    assert TermIndex(["nothing", text]).holds(term).tolist() == [False, held]


def test_counts_and_names_of_terms_met():
    table = TermIndex(["free legal aid for victims", "aid"])
    assert table.count(["legal aid", "victim*", "court"]).tolist() == [2, 0]
    assert table.matched(0, ["legal aid", "victim*", "court"]) == ["legal aid", "victim*"]


def test_ligatures_are_resolved():
    assert words("beneﬁts") == ["benefits"]
