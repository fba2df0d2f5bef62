"""What is said to be there, where a place is not."""

from __future__ import annotations

from pathlib import Path

from kb.citing.extent import what_is_there
from kb.commitments.register import load_instrument

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
