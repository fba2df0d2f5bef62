"""Which entry of the register a passage states."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.citing.promises import Promises, sentence_of
from kb.commitments.register import load_register
from kb.errors import IndexError_


@pytest.fixture(scope="module")
def promises(root: Path) -> Promises:
    return Promises(load_register(root / "corpus" / "commitments"))


@pytest.mark.parametrize(
    ("id", "entry"),
    [
        ("beijing/para206", "beijing/para206"),
        ("beijing-text/para206/f/iii", "beijing/para206"),
        ("beijing-text-fr/para206", "beijing/para206"),
        ("mipaa-text-es/para21/a", "mipaa/I.1/obj1"),
        ("mipaa-text-es/para40/a", "mipaa/I.4/obj1/a"),
        ("mipaa-text-es/para40", "mipaa/I.4/obj1"),
        ("mipaa-text/I.4/obj1/a", "mipaa/I.4/obj1/a"),
        ("beijing-text/declaration/para5", "beijing/declaration"),
        ("crpd-text/art33/2", "crpd/art33/2"),
        ("crpd-text-es/art29/a/iii", "crpd/art29/a/iii"),
        ("beijing-text/para47", None),
        ("paper/s4/p2", None),
        ("kenya-text/art5", None),
    ],
)
def test_an_official_passage_tells_the_nearest_entry(promises: Promises, id: str, entry: str | None) -> None:
    assert promises.of(id) == entry


def test_a_paragraph_is_within_its_objective_and_area_and_a_treatys_letter_is_not_its_article(
    promises: Promises,
) -> None:
    assert promises.within("beijing/para206", "beijing/H.3") and promises.within("beijing/para206", "beijing/H")
    assert not promises.within("beijing/para206", "beijing/H.2") and not promises.within("crpd/art9/2/e", "crpd/art9")


def test_the_sentence_on_a_letter_explains_its_words() -> None:
    statement = (
        "Offices are to count work (a). Value unpaid work in accounts; Study time use (f)–(g). Measure poverty (h)."
    )
    assert sentence_of(statement, "beijing-text/para206/f/iii") == "Study time use (f)–(g)."
    assert (
        sentence_of(statement, "beijing-text/para206") == statement == sentence_of(statement, "beijing-text/para206/z")
    )


def test_the_table_beside_an_index_tells_the_same_as_the_register(promises, tmp_path):
    promises.save(tmp_path)
    read = Promises.load(tmp_path)
    assert read.entries.keys() == promises.entries.keys()
    for id in ("beijing-text/para206/f", "crpd-text-es/art33/2", "mipaa-text-es/para21/a", "paper/r5"):
        assert read.of(id) == promises.of(id)
    assert read.within("mipaa/I.7/obj1", "mipaa/I.7") == promises.within("mipaa/I.7/obj1", "mipaa/I.7")


@pytest.mark.parametrize("content", [None, b"", b"[1]", b"{}x", b"\xff"])
def test_a_missing_or_damaged_table_is_reported(tmp_path, content):
    if content is not None:
        (tmp_path / Promises.FILE).write_bytes(content)
    with pytest.raises(IndexError_, match="promises.json cannot be read.*kb build"):
        Promises.load(tmp_path)
