"""One hit for one promise: official words first, our statement under them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.citing.promises import Promises
from kb.search.told import Told

ROWS = {
    1: ("beijing/para206", "commitment", None),
    2: ("beijing-text/para206/f", "provision", None),
    3: ("beijing-text/para206/k", "provision", None),
    4: ("beijing/para207", "commitment", None),
    5: ("paper/p1", "paragraph", None),
    6: ("paper/p2", "paragraph", None),
    7: ("beijing-text/H.3", "heading", None),
    8: ("mipaa-text-es/para21/f", "provision", None),
    9: ("mipaa/I.1/obj1", "commitment", None),
}


@pytest.fixture(scope="module")
def told(root: Path) -> Told:
    return Told.of(ROWS, Promises.of_corpus(root / "corpus"))


def test_the_official_words_stand_in_the_place_of_the_statement_that_was_found(told: Told) -> None:
    ranked = [(1, 0.9), (5, 0.8), (2, 0.7), (3, 0.6), (4, 0.5), (6, 0.4)]
    assert told.words_first(ranked) == [(2, 0.9), (5, 0.8), (4, 0.5), (6, 0.4)]


def test_of_several_letters_of_a_paragraph_the_best_is_shown(told: Told) -> None:
    assert told.words_first([(3, 0.9), (2, 0.8), (1, 0.7)]) == [(3, 0.9)]


def test_a_statement_whose_official_words_were_not_found_stays(told: Told) -> None:
    assert told.words_first([(1, 0.9), (4, 0.8)]) == [(1, 0.9), (4, 0.8)]


def test_a_heading_is_not_the_words_of_its_promise(told: Told) -> None:
    assert told.words_first([(7, 0.9)]) == [(7, 0.9)] and told.statement(7) is None


def test_official_words_know_the_statement_that_explains_them_in_every_language(told: Told) -> None:
    assert (told.statement(2), told.statement(8), told.statement(1), told.statement(5)) == (1, 9, None, None)


def test_without_registers_every_row_stays(tmp_path: Path) -> None:
    ranked = [(1, 0.9), (2, 0.8), (3, 0.7)]
    assert Told.of(ROWS, Promises.of_corpus(tmp_path)).words_first(ranked) == ranked
