"""Light passage records for counting, read without their texts, in a tenth of the time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from kb.engine.local.passage_store import Store


class GivenCode(NamedTuple):
    """A code of a passage in the index that was not rejected; it does not record who gave it."""

    facet: str
    id: str
    state: str = "proposed"
    origin: str = ""


class CodedPassage(NamedTuple):
    """A passage for `kb.coding.analysis.counts` and `by_group`, with side "either"."""

    id: str
    document: str
    force: str
    part: str
    wording: str
    tags: tuple[GivenCode, ...]


class PassageText(NamedTuple):
    """A passage for `kb.coding.analysis.kwic`."""

    id: str
    citation: str
    text: str
    wording: str
    verified: str
    may_quote: bool


_LETTERS = re.compile(r"[A-Za-z0-9]+")
_ENOUGH = 3
"""Letters that narrow the reading: fewer stand in nearly every text."""


def texts_of(store: Store, documents: Collection[str], words: str = "") -> Iterator[PassageText]:
    """Yield the texts of these documents in source order, without headings; stored values are not validated again.

    With `words`, as `kb.coding.analysis.kwic` takes them, texts that cannot have them are left out: of a large index
    few are then read."""
    kept, held = frozenset(documents), max(_LETTERS.findall(words), key=len, default="")
    for one in store.every_fields(held if len(held) >= _ENOUGH else ""):
        if one["kind"] != "heading" and one["document"] in kept:
            yield PassageText(*(one[name] for name in PassageText._fields))  # type: ignore[literal-required]


def seen(store: Store, documents: Collection[str], facets: Collection[str]) -> list[CodedPassage]:
    """Return the passages of these documents, without headings, with their codes of these facets."""
    codes: dict[int, list[GivenCode]] = defaultdict(list)
    for facet in set(facets):
        for row, term in store.carrying(facet):
            codes[row].append(GivenCode(facet, term))
    wording = dict(store.carrying("wording"))
    kept = frozenset(documents)
    return [
        CodedPassage(id, document, force, part, wording[row], tuple(codes.get(row, ())))
        for row, (id, document, _, kind, part, force, _) in zip(store.row_numbers(), store.columns(), strict=True)
        if kind != "heading" and document in kept
    ]
