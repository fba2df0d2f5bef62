"""A researcher's own codes beside those of the taxonomy, in the codebook and in its files."""

from __future__ import annotations

import pytest

from kb.coding.codebook import Code, Codebook, guid_of
from kb.coding.models import Coding
from kb.coding.own import OWN, own_code, own_name, with_own
from kb.coding.worklist import codes_in
from kb.errors import InputError

BOOK = Codebook(
    id="toy", title="Toy", version="1", codes=(Code(id="group", guid=guid_of("toy", "group"), name="Group"),)
)


def given(code: str, **how) -> Coding:
    """Return one coder's coding."""
    return Coding(passage="p", coder="Ana", facet=OWN, code=code, quotation="words", **how)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("housing cost", "housing-cost"),
        ("  rent / fees ", "rent-%2F-fees"),
        ("coût élevé", "coût-élevé"),
        ("neo-liberal values", "neo%2Dliberal-values"),
        ("50 % - or more", "50-%25-%2D-or-more"),
    ],
)
def test_a_name_is_a_code_and_a_code_a_name(name, code):
    assert own_code(name) == code and own_name(code) == " ".join(name.split())


def test_names_that_differ_by_a_hyphen_are_two_codes():
    assert own_code("self-help") != own_code("self help")


@pytest.mark.parametrize("name", ["", "  ", "\x00", "word " * 40])
def test_no_name_and_a_sentence_are_refused(name):
    with pytest.raises(InputError, match="code"):
        own_code(name)


def test_the_codebook_holds_own_codes_once_after_all_others_and_none_that_was_taken_back():
    book = with_own(BOOK, [given("rent"), given("rent"), given("dust", state="withdrawn"), given("air")])
    assert [code.id for code in book.codes] == ["group", "own", "own/air", "own/rent"]
    assert [code.name for code in codes_in(book, OWN)] == ["air", "rent"]
    assert with_own(BOOK, [given("dust", state="withdrawn")]) is BOOK
