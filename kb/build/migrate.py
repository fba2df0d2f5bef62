"""Copy an index to another engine, and compare the answers of both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from kb.amounts import some
from kb.engine import Engine, FullEngine, Vectors
from kb.engine.filters import EVERYTHING
from kb.engine.protocol import Writer
from kb.engine.query import Words
from kb.index.live import Index
from kb.models import Document

NEAR = 10
"""Number of nearest passages that are compared for each sampled passage: one page of hits."""
TOLERANCE = 1e-3
"""Largest difference of cosines that is accepted: vectors of a very large index are stored in float16."""


@dataclass
class EngineComparison:
    """The result of comparing two engines: their differences as sentences (`differs`), and shares (0 to 1) of equal
    answers over the sampled passages."""

    passages: int
    sampled: int
    differs: list[str] = field(default_factory=list)
    near: float = 1.0
    """Mean share of the passages nearest to a sampled one that both engines return, over all spaces."""

    @property
    def is_same(self) -> bool:
        """Whether there is no difference. Passages of equal nearness may be in another order."""
        return not self.differs


def fill(index: Index, writer: Writer, say: Callable[[str], None]) -> int:
    """Add every document of an index with its vectors to a writer, and commit; return the number of passages. `say`
    prints a line for the user."""
    for head in index.store.documents():
        numbered = list(index.store.numbered(head["id"]))
        document = Document.model_validate({**head, "passages": [passage for _, passage in numbered]})
        rows = np.asarray([row for row, _ in numbered], dtype=np.int64)
        writer.add(document, {space: _vectors(index, space, rows) for space in index.engine_here.spaces})
        say(f"{document.id}: {some(len(rows), 'passage')}")
    return writer.commit()


def _vectors(index: Index, space: str, rows: np.ndarray) -> Vectors:
    """Return the vectors of a document's rows in a space. The vector of a pair is computed from that of its part, which
    is the mean of pair and whole."""
    wholes, parts = index.spaces[space]
    vectors_here = wholes.at(wholes.positions(rows)[0]).astype(np.float32)
    at, many = parts.positions(rows)
    owners = np.repeat(np.arange(len(rows)), many)
    return Vectors(vectors_here, 2 * parts.at(at).astype(np.float32) - vectors_here[owners], owners)


def compare(
    index: Index, other: FullEngine, sample: int, progress: Callable[[str, int, int], None] = lambda *_: None
) -> EngineComparison:
    """Compare an index's embedded engine with another engine: all counts, and for `sample` evenly spaced passages their
    text, the number of passages that contain one of their words, and their nearest passages."""
    here = index.engine_here
    found = EngineComparison(other.size, 0)
    compared = {"passages": (here.size, other.size), "spaces": (here.spaces, other.spaces)}
    compared |= {"facets": (list(here.facets()), list(other.facets()))}
    compared |= {f"terms of {name}": (dict(here.terms(name)), dict(other.terms(name))) for name in here.facets()}
    found.differs += [f"{what} differ" for what, (ours, theirs) in compared.items() if ours != theirs]
    if found.differs or not here.size:
        return found
    ids = list(here.words(None, EVERYTHING, here.size).ids)
    chosen = [ids[i] for i in np.unique(np.linspace(0, len(ids) - 1, sample).astype(int)).tolist()]
    shares = []
    for id in chosen:
        progress("passage compared", found.sampled, len(chosen))
        found.sampled += 1
        found.differs += _texts(here, other, id)
        shares += [_near(index, other, space, id, found.differs) for space in here.spaces]
    found.near = float(np.mean(shares)) if shares else 1.0
    return found


def _texts(here: Engine, other: Engine, id: str) -> list[str]:
    ours, theirs = here.passages([id]), other.passages([id])
    if ours != theirs:
        return [f"the passage {id} differs"]
    words = [word for word in ours[id].text.split() if word.isalpha()]
    if not words:
        return []
    query = Words(max(words, key=len))
    totals = [engine.words(query, EVERYTHING, 1).total for engine in (here, other)]
    in_words = some(totals[0], "passage")
    return [] if totals[0] == totals[1] else [f"“{query.text}” is in {in_words} here, {totals[1]} there"]


def _near(index: Index, other: Engine, space: str, id: str, differs: list[str]) -> float:
    """Return the share (0 to 1) of the passages nearest to passage `id` that both engines return; append any difference
    in nearness to `differs`."""
    here = index.engine_here
    row = int(here.columns([id]).order[0])
    vectors = index.spaces[space][0]
    rows = np.asarray([row if index.store.order is None else index.store.order[row - 1]])
    vector = vectors.at(vectors.positions(rows)[0])[0].astype(np.float32)
    ours, theirs = (engine.nearest(space, vector, EVERYTHING, NEAR) for engine in (here, other))
    apart = np.abs(here.nearness(space, vector, list(theirs.ids)) - theirs.scores)
    if len(apart) and float(apart.max()) > TOLERANCE:
        differs.append(f"nearness to {id} in the space {space} differs by {float(apart.max()):.4f}")
    return len(set(ours.ids) & set(theirs.ids)) / max(len(ours.ids), 1)
