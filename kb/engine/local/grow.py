"""Add documents to an index on disk without rebuilding it: they become a new segment beside the existing files.

The cost depends only on the number of new documents. Existing files are hard-linked into the new folder, neither read
nor copied. New rows come last; the segment stores the source order of all documents. New words become a segment of the
word index, which tantivy merges with others later; BM25 counts over all segments. Small earlier segments are written
again as part of the new one, so that there are never many.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from kb.engine.local.passage_store import Store
from kb.engine.local.postings import Postings
from kb.engine.local.segments import PASSAGES, firsts_of, named, ranges_of, take, write_order
from kb.engine.local.terms import Terms
from kb.engine.local.vectors import Space, are_one_kind, parts_of
from kb.engine.protocol import Vectors
from kb.files import linked
from kb.models import Document

KINDS = ("whole", "parts")
_REWRITTEN = ("meta.json", ".managed.json")
"""Names of the files of a word index that tantivy rewrites, so that they are copied; the files of its segments never
change and are hard-linked."""
_TAKEN_UP_TO = 20_000
"""Maximum number of passages of earlier segments that are written again with the new ones: 300 MB, one or two seconds.
An index that grows from one million passages by a quarter then has about fifteen segments."""


def grow(
    old: Path, new: Path, documents: Sequence[Document], order: Sequence[str], vectors: Mapping[str, Vectors]
) -> dict[str, int] | None:
    """Write into folder `new` the index of folder `old` with `documents` added; return the number of vectors of each
    space.

    `order` names every document, old and new, in source order. `vectors` maps each space to the vectors of all new
    documents together, in the order of `documents`; `owners` are counted from 0 over all new passages. Returns None,
    and writes nothing, when a space of the new size needs another kind of index, so that the index must be built anew.
    """
    ranges, firsts = dict(ranges_of(old)), firsts_of(old)
    end = 1 + sum(many for _, many in ranges.values())
    new_rows = sum(len(document.passages) for document in documents)
    taken = _taken(firsts, end, new_rows)
    kept, first = firsts[: len(firsts) - len(taken)], taken[0] if taken else end
    added = {name: _spaces_of(vectors[name], end) for name in vectors}
    sizes = {name: [_size(old, f"{name}-{kind}", firsts) for kind in KINDS] for name in vectors}
    for name, before in sizes.items():
        after = [size + len(rows) for size, (_, rows) in zip(before, added[name], strict=True)]
        base = [_size(old, f"{name}-{kind}", [1]) for kind in KINDS]
        if not all(map(are_one_kind, base, after)):
            return None
        sizes[name] = after
    for path in _files(old, vectors, kept):
        linked(path, new / path.name)
    row = end
    for document in documents:
        ranges[document.id] = row, len(document.passages)
        row += len(document.passages)
    _grow_passages(old, new, documents, first, taken)
    write_order(new / named(PASSAGES, first), order, ranges)
    _grow_words(old / "terms", new / "terms", documents, end, first, taken)
    for name, both in added.items():
        for kind, (found, rows) in zip(KINDS, both, strict=True):
            _grow_space(old, new, f"{name}-{kind}", found, rows, first, taken)
    return {name: sum(after) for name, after in sizes.items()}


def _taken(firsts: Sequence[int], end: int, coming: int) -> list[int]:
    """Return the first rows of the segments that are written again together with the `coming` new passages.

    These are the last segments, as long as each has no more passages than all after it together, up to `_TAKEN_UP_TO`
    passages. So each passage is written at most log2(number of passages) times. `firsts` are the first rows of all
    segments, `end` is the row after the last passage.
    """
    taken: list[int] = []
    for first in reversed(firsts[1:]):
        size = (taken[0] if taken else end) - first
        if size > end - first - size + coming or end - first > _TAKEN_UP_TO:
            break
        taken.insert(0, first)
    return taken


def _spaces_of(added: Vectors, end: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return (vectors, row numbers) of the new passages twice: of whole passages and of their parts. `end` is the row
    number of the first new passage."""
    near, owners = parts_of(added.whole, added.pairs, np.asarray(added.owners) + 1)
    return [(added.whole, np.arange(end, end + len(added.whole))), (near, owners + end - 1)]


def _size(folder: Path, name: str, firsts: Sequence[int]) -> int:
    """Return the number of vectors of space `name` in the segments that begin at the rows `firsts`; only the headers of
    the files are read."""
    found = 0
    for first in firsts:
        with (folder / f"{named(name, first)}.npy").open("rb") as file:
            np.lib.format.read_magic(file)
            found += np.lib.format.read_array_header_1_0(file)[0][0]
    return found


def _files(old: Path, spaces: Mapping[str, Vectors], firsts: Sequence[int]) -> Iterator[Path]:
    """Yield every file, except those of the word index, of the segments that begin at the rows `firsts`."""
    for first in firsts:
        yield old / named(PASSAGES, first)
        for name in (named(f"{name}-{kind}", first) for name in spaces for kind in KINDS):
            ends = (".faiss", ".npy", "-exact.npy")
            yield from (path for end in ends if (path := old / f"{name}{end}").exists())


def _grow_passages(old: Path, new: Path, documents: Sequence[Document], first: int, taken: Sequence[int]) -> None:
    """Write the database of the new segment: first the passages of the segments in `taken` (their first rows), then
    those of `documents`. `first` is the first row of the new segment."""
    path = new / named(PASSAGES, first)
    Store(path, create=True).close()
    for earlier in taken:
        take(path, old / named(PASSAGES, earlier))
    store = Store(path, append=first)
    for document in documents:
        store.add(document)
    store.close()


def _grow_space(
    old: Path, new: Path, name: str, vectors: np.ndarray, rows: np.ndarray, first: int, taken: Sequence[int]
) -> None:
    """Write space `name` of the new segment: first the vectors of the segments in `taken` (their first rows), then
    `vectors`. `rows` has the row number of each new vector; in the file, rows are counted from 1."""
    earlier = [Space.load(old, named(name, each)) for each in taken]
    found = [space.at(np.arange(space.size)) for space in earlier]
    places = [space.rows + (each - first) for space, each in zip(earlier, taken, strict=True)]
    every = np.concatenate([*places, rows - (first - 1)])
    Space.build(np.concatenate([*found, vectors]), every.tolist()).save(new, named(name, first))


def _grow_words(
    old: Path, new: Path, documents: Sequence[Document], end: int, first: int, taken: Sequence[int]
) -> None:
    """Copy the word index of folder `old` to `new` with one more segment for these documents, whose first passage gets
    row `end`; existing segments are hard-linked. `first` is the first row of the segment of the other files, which
    begins with the segments in `taken` (their first rows)."""
    new.mkdir()
    for path in old.iterdir():
        if path.suffix != ".lock":
            (shutil.copyfile if path.name in _REWRITTEN else linked)(path, new / path.name)
    taking = {each: found for each in taken if (found := Postings.load(old, each))}
    rows = enumerate((passage for document in documents for passage in document.passages), end)
    Terms(new).add(rows, first, taking)
