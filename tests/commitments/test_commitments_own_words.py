"""Statements of the Madrid register are our own words: no eight words in a row are the official text's, as far as its
English is available."""

import re

from kb.commitments.register import load_instrument

RUN = 8
"""Words in a row from which a statement would be a quotation; names of bodies and programmes are shorter."""


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1)}


def test_a_run_is_found_across_lines_and_marks():
    official = runs("to promote the full enjoyment, by older\npersons, of all rights")
    assert official & runs("We want the full enjoyment by older persons of all rights.")
    assert not official & runs("Let older persons enjoy all rights in full.")


def test_no_statement_of_the_madrid_register_copies_the_english_text_that_is_here(root, shared):
    fragments = shared / "data" / "instruments" / "fragments_1995_2002" / "madrid_2002_fragments.md"
    official = runs(fragments.read_text(encoding="utf-8"))
    register = load_instrument(root / "corpus" / "commitments" / "mipaa.yaml")
    copied = {entry.id: runs(entry.statement) & official for entry in register.entries}
    assert len(official) > 500 and not {id: found for id, found in copied.items() if found}
