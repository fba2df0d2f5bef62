"""Near-duplicate wording: found in spite of small changes, but not for set phrases and shared subjects alone."""

from __future__ import annotations

import re
from pathlib import Path

from kb.commitments.parallels import parallels
from kb.models import Passage, Place

PLAN = (
    "Facilitate the drafting and carrying out of municipal plans on quiet streets, set suitable limits for traffic, and "
    "coordinate the offices of the town that keep them."
)
COPY = (
    "Facilitating the drafting and the carrying out of municipal plans on quiet streets, setting suitable limits for the "
    "traffic and coordinating offices of the town which keep them."
)
OTHER = (
    "Train the people of the town in measuring noise by day and by night, and publish once a year what they have "
    "measured in each of the streets that they looked after."
)


def passage(id: str, text: str) -> Passage:
    return Passage(
        id=id,
        document=id.split("/")[0],
        kind="paragraph",
        text=text,
        citation=id,
        force="observation",
        place=Place(file="x", sha256="0" * 64),
    )


def test_slightly_changed_wording_is_a_near_duplicate() -> None:
    found = parallels([passage("a/1", COPY), passage("a/2", OTHER)], [passage("b/1", PLAN), passage("b/2", OTHER[:60])])
    assert [(each.one, each.other, each.label) for each in found] == [("a/1", "b/1", "near-duplicate")]
    assert "munici" in found[0].shared


def test_the_order_of_arguments_does_not_matter() -> None:
    one, other = passage("a/1", PLAN), passage("b/1", COPY)
    assert parallels([one], [other])[0].containment == parallels([other], [one])[0].containment


def test_a_set_phrase_alone_is_too_short_to_say_anything() -> None:
    phrase = "The rights of persons with disabilities"
    assert parallels([passage("a/1", phrase)], [passage("b/1", f"{OTHER} {phrase}.")], least=0.01) == ()


def test_the_papers_list_of_functions_repeats_the_platforms(shared, root: Path) -> None:
    from kb.sources.documents import corpus_documents

    notes = (shared / "domain" / "instruments.md").read_text(encoding="utf-8")
    wording = re.search(r'the draft wording "(.+?)\.\.\."', notes)[1]
    paper = next(document for document in corpus_documents(root / "corpus") if document.id == "paper")
    found = parallels(paper.passages, [passage("beijing/para205/a", wording)])
    assert [
        (each.label, 1643 <= next(p for p in paper.passages if p.id == each.one).place.lines[0] <= 1659)
        for each in found
    ] == [("near-duplicate", True)]
