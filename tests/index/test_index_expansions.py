"""Expansions of the words of a query, from the taxonomy."""

import pytest

from kb.errors import IndexError_
from kb.index.expansions import Expansions, compile_expansions
from kb.tagging.taxonomy import load


@pytest.fixture(scope="module")
def table(root):
    return compile_expansions(load(root / "corpus" / "taxonomy"))


@pytest.mark.parametrize(
    "typed,other",
    [
        ("GBV", "gender-based violence"),
        ("CRPD", "Convention on the Rights of Persons with Disabilities"),
        ("aging", "ageing"),
        ("ageing", "aging"),
        ("personas mayores", "older persons"),
        ("Porto Alegre", "Porto Allegre"),
        ("porto allegre", "Porto Alegre"),
        ("labour", "labor"),
        ("BIG", "basic income grant"),
        ("older people", "elderly"),
        ("WHO", "World Health Organization"),
        ("human rights commission", "national human rights institution"),
    ],
)
def test_acronyms_spellings_and_other_languages(table, typed, other):
    assert other.casefold() in [found.casefold() for found in table.of(typed)]


@pytest.mark.parametrize("typed", ["big", "who", "us", "", "no such words", "an"])
def test_capitals_decide_between_an_acronym_and_a_word(table, typed):
    assert table.of(typed) == ()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"exact": []}', b"\xff"])
def test_a_damaged_table_is_reported(tmp_path, content):
    (tmp_path / "expansions.json").write_bytes(content)
    with pytest.raises(IndexError_, match="cannot be read. Run: kb build"):
        Expansions.load(tmp_path)


def test_the_longest_label_at_each_place_is_taken():
    made = Expansions({}, {"basic income": ("BIG",), "basic": ("simple",), "income": ("pay",)})
    assert made.matches_in(["a", "basic", "income", "for", "income"]) == [(1, 3, ("BIG",)), (4, 5, ("pay",))]


def test_a_table_is_the_same_after_saving(tmp_path, table):
    table.save(tmp_path)
    assert Expansions.load(tmp_path) == table
    assert Expansions.load(tmp_path / "nowhere") == Expansions({}, {})
