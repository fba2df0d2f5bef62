"""If the official text is here, its words are shown for an entry of which the search found only our statement."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from kb.citing.promises import Promises
from kb.engine import Column
from kb.engine.filters import EVERYTHING
from kb.search.entries import Entries
from kb.search.official import OfficialPassages

TEXTS = {
    "beijing-text": [
        ("beijing-text/H.3", "heading"),
        ("beijing-text/para206", "addressee"),
        ("beijing-text/para206/f", "provision"),
        ("beijing-text/para206/k", "provision"),
    ],
    "crpd-text": [("crpd-text/art31", "heading"), ("crpd-text/art31/2", "provision")],
    "crpd-text-es": [("crpd-text-es/art31/2", "provision")],
}
NEAREST = "beijing-text/para206/k"


def column(values: Sequence[str]) -> Column:
    names = list(dict.fromkeys(values))
    return Column(np.asarray([names.index(value) for value in values], dtype=np.int64), names)


class Here:
    """An engine with these texts, of which one can be set to pass no filter."""

    size, spaces = 10, ("multilingual",)

    def __init__(self, texts: dict[str, list[tuple[str, str]]], barred: str = "") -> None:
        self.texts, self.barred = texts, barred
        self.kinds = dict(each for held in texts.values() for each in held)

    def terms(self, facet: str) -> dict[str, int]:
        return {"paper": 3, "beijing": 2, **{name: len(held) for name, held in self.texts.items()}}

    def words(self, query: None, within: object, k: int) -> SimpleNamespace:
        return SimpleNamespace(ids=[id for id, _ in self.texts[within.terms[0]]])

    def columns(self, ids: Sequence[str]) -> SimpleNamespace:
        spoken = ["es" if "-es/" in id else "en" for id in ids]
        return SimpleNamespace(kind=column([self.kinds[id] for id in ids]), language=column(spoken))

    def carry(self, ids: Sequence[str], within: object) -> np.ndarray:
        return np.asarray([id != self.barred for id in ids])

    def similar(self, space: str, ids: Sequence[str], to: Sequence[str]) -> np.ndarray:
        return np.asarray([0.9 if id == NEAREST else 0.5 for id in ids])


@pytest.fixture(scope="module")
def entries(root: Path) -> Entries:
    return Entries(Promises.of_corpus(root / "corpus"))


def instead(entries: Entries, *ids: str, language: str = "en", barred: str = "") -> dict[int, str]:
    return OfficialPassages(Here(TEXTS, barred), entries).instead(ids, EVERYTHING, language)


def test_of_several_letters_the_one_that_says_what_the_statement_says_is_shown(entries: Entries) -> None:
    assert instead(entries, "paper/p1", "beijing/para206") == {1: NEAREST}


def test_an_objective_is_shown_by_its_own_title(entries: Entries) -> None:
    assert instead(entries, "beijing/H.3") == {0: "beijing-text/H.3"}


def test_a_heading_and_an_addressee_are_not_shown_where_words_stand_below_them(entries: Entries) -> None:
    assert instead(entries, "crpd/art31/2", "crpd/art31")[0] == "crpd-text/art31/2"


def test_the_language_of_the_question_comes_first(entries: Entries) -> None:
    assert instead(entries, "crpd/art31/2", language="es") == {0: "crpd-text-es/art31/2"}


def test_what_does_not_pass_the_filters_is_not_shown(entries: Entries) -> None:
    assert instead(entries, "beijing/para206", barred=NEAREST) == {0: "beijing-text/para206/f"}
    assert instead(entries, "beijing/H.3", barred="beijing-text/H.3") == {}


def test_a_statement_whose_text_is_not_here_stays(entries: Entries) -> None:
    assert instead(entries, "mipaa/I.1/obj1", "beijing/para207") == {}
    assert OfficialPassages(Here({}), entries).instead(["beijing/para206"], EVERYTHING, "en") == {}
