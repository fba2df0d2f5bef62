"""The message on how far a document goes, for a place that it does not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_citations import citations

from kb.citing.extent import no_such_place, what_is_there
from kb.commitments.register import load_instrument
from kb.errors import NotFound

CORPUS = Path(__file__).parent.parent.parent / "corpus"
ENTRIES = {
    e.id: e for name in ("crpd", "beijing") for e in load_instrument(CORPUS / "commitments" / f"{name}.yaml").entries
}


def there(id: str, part: str | None = None) -> str:
    return what_is_there(ENTRIES, id, part, lambda each: each)


def test_a_number_beyond_the_last_is_answered_by_the_run() -> None:
    assert there("crpd/art51") == "There are: crpd/art1 to crpd/art50."
    assert there("beijing/para362", "platform") == "There are: beijing/para1 to beijing/para361."


def test_a_part_that_is_not_there_is_answered_by_its_siblings() -> None:
    assert there("crpd/art33/9") == "There are: crpd/art33/1; crpd/art33/2; crpd/art33/3."
    assert there("beijing/para206/z").startswith("There are: beijing/para206(a) to ")


def test_an_article_without_paragraphs_says_so() -> None:
    assert there("crpd/art10/2") == "crpd/art10 is not divided."


def test_a_place_that_is_there_needs_no_other() -> None:
    assert there("crpd/art50") == ""


@pytest.mark.parametrize(
    ("typed", "id", "part"),
    [
        ("CRPD art. 35(1)", "crpd/art35", "(1)"),
        ("CRPD art. 34, para. 13", "crpd/art34", "(13)"),
        ("CRPD art. 38(a)", "crpd/art38", "(a)"),
        ("CEDAW art. 20(1)", "cedaw/art20", "(1)"),
        ("CEDAW art. 29(2)", "cedaw/art29", "(2)"),
    ],
)
def test_a_part_that_the_official_text_has_is_never_reported_absent(typed: str, id: str, part: str) -> None:
    found = citations().resolve(typed)
    assert found.id == id and f"'{part}' has no place of its own here" in found.notes[0]


@pytest.mark.parametrize("typed", ["CRPD art. 34(14)", "CRPD art. 37(3)", "CEDAW art. 20(3)", "CRPD art. 10(2)"])
def test_a_part_that_the_official_text_has_not_is_refused(typed: str) -> None:
    with pytest.raises(NotFound):
        citations().resolve(typed)


def test_a_run_with_gaps_is_listed_place_by_place() -> None:
    gone = [f"crpd/art{n}" for n in range(1, 51) if n not in (17, 22, 34)]
    few = {id: entry for id, entry in ENTRIES.items() if id not in gone}
    assert what_is_there(few, "crpd/art20", None, str) == "There are: crpd/art17; crpd/art22; crpd/art34."


def test_a_register_that_was_not_checked_says_nothing_of_the_official_text() -> None:
    wssd, crpd = (load_instrument(CORPUS / "commitments" / f"{name}.yaml") for name in ("wssd", "crpd"))
    assert "in the official text" in str(no_such_place("CRPD art. 51", "", False, crpd))
    assert "not all of which was checked" in str(no_such_place("commitment 11", "", False, wssd))
    assert "in the official text" in str(no_such_place("commitment 11", "", True, wssd))
    with pytest.raises(NotFound, match="in the register, not all of which was checked"):
        citations().resolve("Copenhagen Declaration commitment 11")
