"""One hit for one commitment: official words first, our statement under them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb.citing.promises import Promises
from kb.engine import Column, Columns
from kb.search.entries import Entries

KINDS = {
    "beijing/para206": "commitment",
    "beijing-text/para206/f": "provision",
    "beijing-text/para206/k": "provision",
    "beijing/para207": "commitment",
    "paper/p1": "paragraph",
    "paper/p2": "paragraph",
    "beijing-text/H.3": "heading",
    "mipaa-text-es/para21/f": "provision",
    "mipaa/I.1/obj1": "commitment",
}
ENTRY, F, K, NEXT, P1, P2, HEADING, SPANISH, OBJECTIVE = KINDS


def column(values: list[str]) -> Column:
    """Return a column with these values."""
    names = list(dict.fromkeys(values))
    return Column(np.asarray([names.index(value) for value in values]), names)


def shown(entries: Entries, *ids: str) -> list[tuple[str, str]]:
    """Return what is shown for a ranking: pairs of the passage shown and the one in whose place it is."""
    none, order = column([""] * len(ids)), np.arange(len(ids))
    documents, kinds = column([id.split("/")[0] for id in ids]), column([KINDS[id] for id in ids])
    columns = Columns(order, documents, none, kinds, none, none, none)
    return [(ids[a], ids[b]) for a, b in zip(*entries.words_first(ids, columns, order), strict=True)]


@pytest.fixture(scope="module")
def entries(root: Path) -> Entries:
    return Entries(Promises.of_corpus(root / "corpus"))


def test_the_official_words_stand_in_the_place_of_the_statement_that_was_found(entries: Entries) -> None:
    assert shown(entries, ENTRY, P1, F, K, NEXT, P2) == [(F, ENTRY), (P1, P1), (NEXT, NEXT), (P2, P2)]


def test_of_several_letters_of_a_paragraph_the_best_is_shown(entries: Entries) -> None:
    assert shown(entries, K, F, ENTRY) == [(K, K)]


def test_a_statement_stays_among_the_candidates_where_its_official_words_are_not(entries: Entries) -> None:
    assert shown(entries, ENTRY, NEXT) == [(ENTRY, ENTRY), (NEXT, NEXT)]


def test_a_heading_is_not_the_words_of_its_promise(entries: Entries) -> None:
    assert shown(entries, HEADING) == [(HEADING, HEADING)] and entries.statement(HEADING, "heading") is None


def test_the_statement_of_a_promise_is_shown_under_its_title_too(entries: Entries) -> None:
    assert entries.explained(HEADING, "heading") == HEADING.replace("-text", "")
    assert [entries.explained(id, KINDS[id]) for id in (F, ENTRY, P1)] == [ENTRY, None, None]


def test_official_words_know_the_statement_that_explains_them_in_every_language(entries: Entries) -> None:
    explained = [entries.statement(id, KINDS[id]) for id in (F, SPANISH, ENTRY, P1)]
    assert explained == [ENTRY, OBJECTIVE, None, None]


def test_the_entry_above_is_known_from_a_statement_and_from_official_words(entries: Entries) -> None:
    assert entries.above(ENTRY) == entries.above(F) == "beijing/H.3" and entries.above(P1) is None


def test_without_registers_every_passage_stays(tmp_path: Path) -> None:
    assert shown(Entries(Promises.of_corpus(tmp_path)), ENTRY, F, K) == [(ENTRY, ENTRY), (F, F), (K, K)]
