"""Compare a question with the statements of the register word by word (corpus/search/wordwise.npz).

The vector of a question is a mean, in which the one decisive word can be lost. Here each word of the question is
compared with the nearest word of the statement, in a small space learnt from everyday questions
(`benchmarks/train_words.py`; late interaction as in ColBERT, Khattab and Zaharia 2020). The top candidates are
re-ranked by the result. Word vectors of statements are stored; those of the question come with its embedding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.engine import picked
from kb.engine.orders import leading
from kb.index.encoders import normalise
from kb.search.arrays import arrays_of
from kb.search.entries import Entries
from kb.search.pool import LEXICAL, Pool
from kb.search.ranking import Neighbours
from kb.text import sha256_text

if TYPE_CHECKING:
    from kb.index.live import Index

FILE = "search/wordwise.npz"
"""Path of the file below the corpus.

`encoder` (its identity) and `made_of` (`digest` of the statements); `left` float16 [dim, small] and `mean` float16
[dim], which project a word of a question into the small space; `pieces` int32 [n] and `rarity` float16 [n], the weight
of each word piece; `unknown`, the weight of any other piece; `entries`; `starts` int32 [entries + 1] and `rows` int8
[words, small], the words of each entry.
"""
_LED, _SIGNS = 3, 5
"""Number of word pieces before a question's first word (a sign, "query", ":"); and the number of pieces up to which all
of them count."""


@dataclass(frozen=True)
class Wordwise:
    """The word vectors of a corpus's entries (`rows`; those of entry n begin at `starts[n]`), and what is needed to
    compare a question's words with them: the projection `left` after subtracting `mean`, and the `rarity` of each word
    piece (`unknown` for others)."""

    encoder: str
    made_of: str
    left: np.ndarray
    mean: np.ndarray
    rarity: Mapping[int, float]
    unknown: float
    entries: Mapping[str, int]
    starts: np.ndarray
    rows: np.ndarray

    def nearness(self, pieces: np.ndarray, states: np.ndarray, entries: np.ndarray) -> np.ndarray:
        """Return for each of these entries (int [n]) how near its words are to those of a question: float64 [n], -1 to
        1, rare words counting more.

        `pieces` (int [words]) are the word pieces of the question, `states` (float32 [words, dim]) their vectors.
        """
        which, weigh = self.weighed(pieces)
        asked = normalise((states[which] - self.mean) @ self.left)
        held = [self.rows[self.starts[n] : self.starts[n + 1]].astype(np.float32) for n in entries.tolist()]
        return np.array([weigh @ (asked @ words.T).max(axis=1) for words in held]) / 127  # rows are 127 long

    def weighed(self, pieces: np.ndarray) -> tuple[slice, np.ndarray]:
        """Return which pieces of a question count (a slice), and their weights (float64, sum 1)."""
        which = slice(_LED, -1) if len(pieces) > _SIGNS else slice(None)
        weigh = np.array([self.rarity.get(piece, self.unknown) for piece in pieces[which].tolist()])
        return which, weigh / weigh.sum()


def moved(
    scores: np.ndarray, pool: Pool, entries: Entries, index: Index, text: str, rules: Neighbours
) -> tuple[np.ndarray, np.ndarray | None]:
    """Move the scores of register passages among the `rules.most` first candidates towards the nearness of their words
    to the question's.

    Returns the new scores, and the relative nearness of each candidate (float64 [n]): 1 for the nearest, 0 for the
    farthest, NaN when it was not compared. Returns the scores unchanged, and None, when only words or only meaning were
    searched, or fewer than two can be compared.
    """
    held = load_wordwise(index.corpus) if rules.share and LEXICAL in pool.legs and len(pool.legs) > 1 else None
    words = _words(index, held.encoder, text) if held else None
    if held is None or words is None:
        return scores, None
    order = leading(scores, rules.most)
    of = [(i, entries.entry(id)) for i, id in zip(order.tolist(), picked(pool.ids, order), strict=True)]
    known = [(i, held.entries[entry]) for i, entry in of if entry and entry in held.entries]
    if len(known) < 2:
        return scores, None
    at, entry = np.array(known).T
    near = held.nearness(*words, entry)
    span = near.max() - near.min()
    if not span:
        return scores, None
    how, made = np.full(len(scores), np.nan), scores.copy()
    how[at] = (near - near.min()) / span
    low, high = scores[order[-1]], scores[order[0]]
    made[at] = (1 - rules.share) * scores[at] + rules.share * (low + (high - low) * how[at])
    return made, how


def _words(index: Index, identity: str, text: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the word pieces of a question (int [words]) and their vectors (float32 [words, dim]) from the encoder with
    this identity; None when the index has no such encoder."""
    from kb.index.onnx_query import OnnxEncoder

    for encoder in index.encoders.values():
        if encoder.identity == identity and isinstance(encoder, OnnxEncoder):
            return encoder.words(text)
    return None


def digest(statements: Mapping[str, str]) -> str:
    """Return a fingerprint of these statements (by entry), to check whether a file was made from them."""
    return sha256_text("\n".join(f"{entry}\t{statements[entry]}" for entry in sorted(statements)))


def write(found: Wordwise, path: Path) -> None:
    """Write word vectors in the format that `load_wordwise` reads."""
    pieces = sorted(found.rarity)
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            encoder=np.asarray(found.encoder),
            made_of=np.asarray(found.made_of),
            left=found.left.astype(np.float16),
            mean=found.mean.astype(np.float16),
            pieces=np.array(pieces, dtype=np.int32),
            rarity=np.array([found.rarity[piece] for piece in pieces], dtype=np.float16),
            unknown=np.asarray(found.unknown, dtype=np.float32),
            entries=np.array(list(found.entries)),
            starts=found.starts.astype(np.int32),
            rows=found.rows.astype(np.int8),
        )


@lru_cache(maxsize=4)  # cached corpora: that of an index, and of the one that replaces it
def load_wordwise(corpus: Path) -> Wordwise | None:
    """Load the word vectors of a corpus; None when it has none. Raises DataError for a file that is damaged or of
    another format."""
    path = corpus / FILE
    if not path.is_file():
        return None
    with arrays_of(path) as held:
        rarity = dict(zip(held["pieces"].tolist(), held["rarity"].astype(np.float64).tolist(), strict=True))
        names = {str(entry): n for n, entry in enumerate(held["entries"])}
        left, mean = held["left"].astype(np.float32), held["mean"].astype(np.float32)
        facts = str(held["encoder"]), str(held["made_of"])
        found = Wordwise(*facts, left, mean, rarity, float(held["unknown"]), names, held["starts"], held["rows"])
        fits = left.ndim == 2 and mean.shape == left.shape[:1] and found.rows.shape[1:] == left.shape[1:]
        starts = found.starts
        if not fits or len(starts) != len(names) + 1 or starts[-1] != len(found.rows) or (np.diff(starts) < 1).any():
            raise ValueError(FILE)
        return found
