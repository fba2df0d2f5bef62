"""The unigram tokenizer for a few texts: word pieces are looked up in a sorted list on disk, so that nothing has to be
loaded first.

The `tokenizers` library, used for building, takes half a second to read the 250,000 pieces of the multilingual model,
longer than the query itself. Both give the same ids (tests/index/test_index_weights_pieces.py).

Numbers: characters of Unicode that the model's own tokenizer drops or reads as space, and the offsets of counts, ids
and scores in its file.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from itertools import groupby
from pathlib import Path

import numpy as np

from kb.errors import IndexError_
from kb.files import replacing
from kb.index.weights.checkpoint import KEPT_APART
from kb.index.weights.q4 import Pieces

FILE = "pieces.npy"
SPACE = "▁"
UNKNOWN_COST = 10.0
"""Difference between the score of the rarest piece and that of an unknown character, as in all unigram tokenizers."""

_GONE = [*range(0x1, 0x9), 0xB, *range(0xE, 0x20), 0x7F, 0x8F, 0x9F]
_SPACES = [0x9, 0xA, 0xC, 0xD, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD]
_NMT = dict.fromkeys(_GONE) | dict.fromkeys(_SPACES, " ") | {0xFF5E: KEPT_APART}
"""Characters removed or replaced by spaces before NFKC: the rules of `tokenizers.normalizers.Nmt`."""


def write(pieces: Pieces, folder: Path) -> None:
    """Write the pieces, sorted by their UTF-8 bytes, into `folder` as one array: counts, starts, ids, scores and
    bytes."""
    order = sorted(set(range(len(pieces.words))) - set(pieces.special), key=lambda i: pieces.words[i].encode())
    words = [pieces.words[i].encode() for i in order]
    floor = float(pieces.scores.min()) - UNKNOWN_COST
    head = np.array([pieces.begin, pieces.end, pieces.pad, pieces.unknown, floor, len(words)], "<f8")
    starts = np.cumsum([0, *map(len, words)], dtype="<u4")
    parts = [
        head,
        starts,
        np.array(order, "<u4"),
        pieces.scores[order].astype("<f4"),
        np.frombuffer(b"".join(words), "u1"),
    ]
    with replacing(folder / FILE) as half, half.open("wb") as stream:
        np.save(stream, np.concatenate([part.view("u1") for part in parts]))


class PieceTokenizer:
    """Converts text to the ids of the model's word pieces."""

    def __init__(self, folder: Path, longest: int) -> None:
        """Open the list in `folder`; a text is converted to at most `longest` ids. Raises IndexError_ when the list
        cannot be read."""
        try:
            data = np.load(folder / FILE, allow_pickle=False).tobytes()
            head = np.frombuffer(data, "<f8", 6)
            count = int(head[5])
            self._starts = np.frombuffer(data, "<u4", count + 1, 48)
            self._ids = np.frombuffer(data, "<u4", count, 48 + 4 * (count + 1))
            self._scores = np.frombuffer(data, "<f4", count, 48 + 4 * (2 * count + 1))
            self._words = data[48 + 4 * (3 * count + 1) :]
        except (OSError, ValueError, EOFError) as error:
            what = "the word pieces of the query encoder cannot be read."
            raise IndexError_(what, where=str(folder), do="Run: kb build") from error
        self._begin, self._end, self.pad, self._unknown = map(int, head[:4])
        self._floor, self._count, self._room = float(head[4]), count, longest - 2

    def encode(self, text: str) -> list[int]:
        """Return the ids of `text` between the ids of the begin and end markers; ids above the maximum length are
        dropped."""
        ids = [id for word in _words_of(_normal(text)) for id in self._word(word)]
        fused = [id for id, run in groupby(ids) for id in ([id] if id == self._unknown else run)]
        return [self._begin, *fused[: self._room], self._end]

    def _word(self, word: str) -> list[int]:
        """Split `word` into its most likely sequence of pieces (Viterbi algorithm); return their ids."""
        size = len(word)
        best = [0.0] + [-np.inf] * size
        came: list[tuple[int, int]] = [(0, self._unknown)] * (size + 1)
        for start in range(size):
            if best[start] + self._floor > best[start + 1]:
                best[start + 1], came[start + 1] = best[start] + self._floor, (start, self._unknown)
            for end, at in self._pieces_at(word, start):
                score = best[start] + float(self._scores[at])
                if score > best[end]:
                    best[end], came[end] = score, (start, int(self._ids[at]))
        found = []
        while size:
            size, id = came[size]
            found.append(id)
        return found[::-1]

    def _pieces_at(self, word: str, start: int) -> list[tuple[int, int]]:
        """Return (end in `word`, position in the list) of each piece that matches `word` at `start`."""
        found: list[tuple[int, int]] = []
        low, key = 0, b""
        for end in range(start + 1, len(word) + 1):
            key += word[end - 1].encode("utf-8", "replace")
            low = bisect_left(range(self._count), key, lo=low, key=self._at)
            if low == self._count or not (there := self._at(low)).startswith(key):
                return found
            if there == key:
                found.append((end, low))
        return found

    def _at(self, place: int) -> bytes:
        return self._words[self._starts[place] : self._starts[place + 1]]


def _normal(text: str) -> str:
    """Normalise text as the model requires: NFKC, no control characters, single spaces, each replaced by the word
    marker "▁", and one more marker at the start."""
    plain = unicodedata.normalize("NFKC", text.translate(_NMT)).replace(KEPT_APART, "\uff5e")
    while "  " in plain:
        plain = plain.replace("  ", " ")
    return SPACE + plain.removeprefix(" ").replace(" ", SPACE)


def _words_of(text: str) -> list[str]:
    """Split the text before each word marker."""
    return [SPACE + part for part in text.split(SPACE)[1:]]
