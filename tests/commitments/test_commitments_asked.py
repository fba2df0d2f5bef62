"""Everyday Spanish and French words for entries: searched together with the statement of an existing entry, and shown
in no answer."""

import pytest
import yaml

from kb.commitments.documents import load_search_words, register_documents
from kb.commitments.register import load_register


@pytest.fixture(scope="module")
def passages(root):
    documents = register_documents(root / "corpus" / "commitments", root / "corpus")
    return {passage.id: passage for document in documents for passage in document.passages}


def test_every_entry_named_is_one_of_the_register_and_has_both_languages(root):
    entries = {
        entry.id for instrument in load_register(root / "corpus" / "commitments") for entry in instrument.entries
    }
    asked = load_search_words(root / "corpus")
    assert len(asked) > 200 and not asked.keys() - entries
    assert all(set(words) == {"es", "fr"} and all(words.values()) for words in asked.values())


def test_no_entry_is_listed_twice_in_the_file(root):
    text = (root / "corpus" / "search" / "asked.yaml").read_text(encoding="utf-8")
    ids = [line.strip(" :") for line in text.splitlines() if line.startswith("  ") and not line.startswith("    ")]
    assert len(ids) == len(set(ids)) == len(yaml.safe_load(text)["asked"])


def test_they_are_searched_with_the_statement_and_are_not_in_its_text(root, passages):
    asked = load_search_words(root / "corpus")
    for id, words in asked.items():
        for each in words.values():
            assert each in (passages[id].normalised or "") and each not in passages[id].text


def test_an_entry_without_such_words_is_searched_unchanged(root, passages):
    asked, plain = load_search_words(root / "corpus"), passages["crpd/art50"]
    assert plain.id not in asked and plain.normalised is None
