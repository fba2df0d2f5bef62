"""Add documents to an index on disk without rebuilding it: its files are copied, and the new documents are added to the
copies.

The cost is that of the new documents and of copying bytes. New rows come last; source order is stored separately
(`Store.order`). New terms get a segment of their own, which tantivy later merges with others; BM25 statistics cover all
segments. New vectors are quantised with the codebook that the space learnt at its build.
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
"""Files of a word index that are rewritten; its segments never are."""


def grow(
    old: Path, new: Path, documents: Sequence[Document], order: Sequence[str], vectors: Mapping[str, Vectors]
) -> dict[str, int] | None:
    """Copy the index in folder `old` to folder `new` with these documents added; return the number of vectors of each
    space.

    `order` names every document, old and new, in source order. `vectors` holds, by space, those of the new documents
    together, in their order; `owners` are counted from 0 over all new passages. Returns None, and writes nothing, when
    a space of the new size would need another kind of index.
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
    """Copy the word index of folder `old` to `new` with one more segment for these documents, whose first passage gets
    row `first`; existing segments are hard-linked."""
    new.mkdir()
    for path in old.iterdir():
        if path.suffix != ".lock":
            (shutil.copyfile if path.name in _REWRITTEN else linked)(path, new / path.name)
    Terms(new).add(enumerate((passage for document in documents for passage in document.passages), first))
