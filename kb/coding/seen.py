"""Light passage records for counting, read without their texts, in a tenth of the time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from kb.engine.local.passage_store import Store


class Mark(NamedTuple):
    """A code of a passage in the index that was not rejected; it does not record who gave it."""

    facet: str
    id: str
    state: str = "proposed"
    origin: str = ""


class Seen(NamedTuple):
    """A passage for `kb.coding.analysis.counts` and `by_group`, with side "either"."""

    id: str
    document: str
    force: str
    part: str
    wording: str
    tags: tuple[Mark, ...]


class Told(NamedTuple):
    """A passage for `kb.coding.analysis.kwic`."""

    id: str
    citation: str
    text: str
    wording: str
    verified: str
    may_quote: bool


def told(store: Store, documents: Collection[str]) -> Iterator[Told]:
    """Yield the texts of these documents in source order, without headings; stored values are not validated again."""
    kept = frozenset(documents)
    for one in store.every_fields():
        if one["kind"] != "heading" and one["document"] in kept:
            yield Told(*(one[name] for name in Told._fields))  # type: ignore[literal-required]


def seen(store: Store, documents: Collection[str], facets: Collection[str]) -> list[Seen]:
    """Return the passages of these documents, without headings, with their codes of these facets."""
    codes: dict[int, list[Mark]] = defaultdict(list)
    for facet in set(facets):
        for row, term in store.carrying(facet):
            codes[row].append(Mark(facet, term))
    wording = dict(store.carrying("wording"))
    kept = frozenset(documents)
    return [
        Seen(id, document, force, part, wording[row], tuple(codes.get(row, ())))
        for row, (id, document, _, kind, part, force, _) in zip(store.row_numbers(), store.columns(), strict=True)
        if kind != "heading" and document in kept
    ]
