"""Write the base and the segments of an index that has grown as one base again, from its own files: no document is
read, and no text is embedded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb.engine.local.grow import KINDS
from kb.engine.local.joined import JoinedSpace, open_space
from kb.engine.local.passage_store import Store
from kb.engine.local.segments import PASSAGES, open_store
from kb.engine.local.terms import Terms
from kb.engine.local.vectors import Space
from kb.models import Document

_AT_ONCE = 50_000
"""Vectors that are copied at once: some hundred megabytes."""


@dataclass(frozen=True)
class Opened:
    """An index whose files are open, so that they can be read to the end after a build has removed their folder."""

    store: Store
    spaces: dict[str, Space | JoinedSpace]
    """By the name of their files: `english-whole`."""


def opened(folder: Path, spaces: Sequence[str]) -> Opened:
    """Open all files that a merge reads. Raises IndexError_ when one cannot be read."""
    names = [f"{name}-{kind}" for name in spaces for kind in KINDS]
    return Opened(open_store(folder), {name: open_space(folder, name) for name in names})


def merged(old: Opened, new: Path) -> dict[str, tuple[int, float]]:
    """Write an open index into the folder `new` in one go, its passages in source order; return for each space file the
    number of vectors and the recall."""
    rows = _write_passages(old.store, new)
    return {name: _write_space(space, rows, new, name) for name, space in old.spaces.items()}


def _write_passages(old: Store, new: Path) -> np.ndarray:
    """Write passages and words; return the old row number of each new row: int64 [passages]."""
    store, rows = Store(new / PASSAGES, create=True), []
    for head in old.documents():
        numbered = list(old.numbered(head["id"]))
        store.add(Document.model_validate({**head, "passages": [passage for _, passage in numbered]}))
        rows += [row for row, _ in numbered]
    Terms(new / "terms", create=True).add(store.numbered())
    store.close()
    return np.asarray(rows, dtype=np.int64)


def _write_space(space: Space | JoinedSpace, rows: np.ndarray, new: Path, name: str) -> tuple[int, float]:
    """Write the vectors of `rows`, numbered anew from 1; return their number and the recall of the new space."""
    at, many = space.positions(rows)
    held = new / f"{name}.vectors"  # beside the index: of a million passages they are five gigabytes
    shape = (len(at), space.dim)
    vectors = np.lib.format.open_memmap(held, mode="w+", dtype=np.float32, shape=shape) if len(at) else np.zeros(shape)
    for start in range(0, len(at), _AT_ONCE):
        vectors[start : start + _AT_ONCE] = space.at(at[start : start + _AT_ONCE])
    made = Space.build(vectors, np.repeat(np.arange(1, len(rows) + 1), many).tolist())
    made.save(new, name)
    found = made.size, made.recall(vectors) if name.endswith("parts") else 1.0
    held.unlink(missing_ok=True)
    return found
