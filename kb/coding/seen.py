"""Small records of passages for counting and concordances, read from the index in a tenth of the time of complete
passages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from kb.engine.local.passage_store import Store


class GivenCode(NamedTuple):
    """One code that the index stores for a passage; rejected codes are not stored, and the origin is unknown."""

    facet: str
    id: str
    state: str = "proposed"
    origin: str = ""


class CodedPassage(NamedTuple):
    """The fields of a passage that `kb.coding.analysis.counts` and `by_group` need, for side "either"."""

    id: str
    document: str
    force: str
    part: str
    wording: str
    tags: tuple[GivenCode, ...]


class PassageText(NamedTuple):
    """The fields of a passage that `kb.coding.analysis.kwic` needs."""

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
    """Yield the texts of the passages of these documents, without headings, in the order of the index; stored values
    are not validated again.

    If `words` (as for `kb.coding.analysis.kwic`) are given, texts that cannot contain them may be skipped, so that
    only a small part of a large index is read.
    """
    kept, held = frozenset(documents), max(_LETTERS.findall(words), key=len, default="")
    for one in store.every_fields(held if len(held) >= _ENOUGH else ""):
        if one["kind"] != "heading" and one["document"] in kept:
            yield PassageText(*(one[name] for name in PassageText._fields))  # type: ignore[literal-required]


def seen(store: Store, documents: Collection[str], facets: Collection[str]) -> list[CodedPassage]:
    """Return the passages of these documents, without headings, each with its codes of these facets."""
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
