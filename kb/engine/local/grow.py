"""Add documents to an index on the disk without making it again: its files are copied, and what is new is written to
the copies.

The cost is that of the new documents, and of copying bytes. Their rows come last; where they stand in the order of
sources is kept beside (`Store.order`). Words get a segment of their own, which tantivy merges with others in time, and
BM25 counts over all segments. Vectors get the codes that the space had learnt.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from kb.engine.local.passage_store import Store
from kb.engine.local.terms import Terms
from kb.engine.local.vectors import Space, parts_of
from kb.engine.protocol import Vectors
from kb.files import linked
from kb.models import Document

_REWRITTEN = ("meta.json", ".managed.json")
"""Files of a word index that are written again; its segments never are."""


def grow(
    old: Path, new: Path, documents: Sequence[Document], order: Sequence[str], vectors: Mapping[str, Vectors]
) -> dict[str, int] | None:
    """Write the index of the folder `old` with those documents into the folder `new`; the number of vectors of each
    space.

    `order` names every document in the order of sources; `vectors` are those of the documents by space, in their
    order, owners counted from 0 over all of them. None, with nothing written, where a space is of another kind at the
    new size.
    """
    spaces = {name: [Space.load(old, f"{name}-{kind}") for kind in ("whole", "parts")] for name in vectors}
    if not all(_may_grow(spaces[name], vectors[name]) for name in vectors):
        return None
    shutil.copyfile(old / "passages.sqlite", new / "passages.sqlite")
    store = Store(new / "passages.sqlite", grow=True)
    first = store.size + 1
    for document in documents:
        store.add(document)
    store.put_in_order(order)
    store.close()
    _grow_words(old / "terms", new / "terms", documents, first)
    for name, (whole, parts) in spaces.items():
        added = vectors[name]
        near, owners = parts_of(added.whole, added.pairs, np.asarray(added.owners) + 1)
        rows = np.arange(first, first + len(added.whole))
        whole.extended(added.whole, rows).save(new, f"{name}-whole")
        parts.extended(near, owners + first - 1).save(new, f"{name}-parts")
    return {name: sum(space.size for space in both) for name, both in spaces.items()}


def _may_grow(spaces: Sequence[Space], added: Vectors) -> bool:
    alone = len(np.setdiff1d(np.arange(len(added.whole)), added.owners))
    more = (len(added.whole), len(added.pairs) + alone)
    return all(space.keeps_its_kind(space.size + n) for space, n in zip(spaces, more, strict=True))


def _grow_words(old: Path, new: Path, documents: Sequence[Document], first: int) -> None:
    """A word index with a segment more; the segments that are there get a second name."""
    new.mkdir()
    for path in old.iterdir():
        if path.suffix != ".lock":
            (shutil.copyfile if path.name in _REWRITTEN else linked)(path, new / path.name)
    Terms(new).add(enumerate((passage for document in documents for passage in document.passages), first))
