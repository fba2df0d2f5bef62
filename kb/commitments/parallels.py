"""Find passages of two documents with nearly the same text, whichever copied the other.

The measure is containment of word pairs (Broder 1997, on pairs near each other, words cut to their stems): the share of
the shorter passage's pairs that the other one has too. It tolerates small changes ("facilitate", "facilitating") and
does not show which text came first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field

from kb.commitments.nearest import words
from kb.models import Model, Passage

WINDOW = 3
"""Maximum number of words between the two words of a pair: "Governments shall train" and "train Governments" share one
pair."""
FEWEST = 15
"""Minimum number of pairs of a passage that is compared: with fewer, five shared words of a set phrase would make half
of them."""
Label = Literal["near-duplicate", "shared-wording"]
LABELS: tuple[tuple[float, Label], ...] = ((0.5, "near-duplicate"), (0.3, "shared-wording"))
"""Minimum containment of each label. The paper's first function of national machineries and the Platform's, known from
a draft, have 0.58; no other passage of the paper has more than 0.13 with it
(tests/commitments/test_commitments_parallels.py)."""
_COMMON = 3  # letters: words as short as "and", "the" carry no meaning


class Parallel(Model):
    """Two passages with similar text, and their containment."""

    one: str
    other: str
    containment: float = Field(ge=0, le=1, description="share of the shorter passage's word pairs that the other has")
    label: Label
    shared: tuple[str, ...] = Field(description="stems that both have, in the order of the first")


def pairs(text: str) -> set[tuple[str, str]]:
    """Return the unordered pairs of stems that are near each other in a text."""
    stems = [word for word in words(text) if len(word) > _COMMON]
    return {(min(a, b), max(a, b)) for i, a in enumerate(stems) for b in stems[i + 1 : i + 1 + WINDOW] if a != b}


def parallels(one: Iterable[Passage], other: Sequence[Passage], least: float = LABELS[-1][0]) -> tuple[Parallel, ...]:
    """Return the pairs of passages (from `one`, from `other`) with a containment of at least `least` (0 to 1), highest
    first."""
    index: dict[tuple[str, str], set[int]] = defaultdict(set)
    theirs = [pairs(passage.text) for passage in other]
    for at, found in enumerate(theirs):
        for pair in found:
            index[pair].add(at)
    made = []
    for passage in one:
        mine = pairs(passage.text)
        for at in {at for pair in mine for at in index.get(pair, ())}:
            shorter = min(len(mine), len(theirs[at]))
            share = len(mine & theirs[at]) / shorter if shorter >= FEWEST else 0.0
            if share >= least:
                made.append(_parallel(passage, other[at], share))
    return tuple(sorted(made, key=lambda each: (-each.containment, each.one, each.other)))


def _parallel(one: Passage, other: Passage, share: float) -> Parallel:
    """Return the result for two passages with the containment `share`: its label, and the stems that both have."""
    label = next((name for least, name in LABELS if share >= least), LABELS[-1][1])
    theirs = set(words(other.text))
    shared = tuple(dict.fromkeys(word for word in words(one.text) if word in theirs and len(word) > _COMMON))
    return Parallel(one=one.id, other=other.id, containment=round(share, 3), label=label, shared=shared)
