"""Read the packed file of multilingual-e5-small (magic E5S1): sizes, word pieces with scores, and tensors, most of them
in Q4_0 blocks.

The layout is that of `e5_parse` in the C source that comes with the file. Only the file is read; none of its code is
executed.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import DataError
from kb.extras import install
from kb.index.weights.bert import BLOCK, BLOCK_SIZE, LAYER, WORDS, Bert, Shape, tensor_names

MAGIC = b"E5S1"
_PACKED = 1  # kind of a tensor in Q4_0; 0 is float32

_EMBEDDINGS = {
    "emb.word": WORDS,
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_PARTS = dict(zip(("q", "k", "v", "ao", "aln", "fi", "fo", "oln"), LAYER, strict=True))


@dataclass(frozen=True)
class Pieces:
    """The vocabulary of a unigram tokenizer: each word piece by id, its log probability (`scores`), and the ids of the
    special pieces."""

    words: tuple[str, ...]
    scores: np.ndarray
    begin: int
    end: int
    pad: int
    unknown: int

    @property
    def special(self) -> tuple[int, ...]:
        """Ids of pieces that represent no text: begin, pad, end, unknown, and mask (the last id)."""
        return (*sorted({self.begin, self.pad, self.end, self.unknown}), len(self.words) - 1)


@dataclass(frozen=True)
class Packed:
    """The weights and word pieces of the packed file."""

    bert: Bert
    pieces: Pieces


class _BinaryReader:
    """Reads the file from beginning to end: each call returns the next values and moves on."""

    def __init__(self, data: np.ndarray) -> None:
        self.data, self.at = data, 0

    def take(self, form: str) -> tuple[Any, ...]:  # as in `struct`: the types depend on the format
        """Return the next values, read in a format of `struct` (little-endian)."""
        values = struct.unpack_from("<" + form, self.data.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def bytes(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        self.at += count
        return self.data[self.at - count : self.at].tobytes()

    def array(self, kind: str, count: int) -> np.ndarray:
        """Return the next `count` numbers of a NumPy type such as '<u4'."""
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found


def read(path: Path) -> Packed:
    """Load the weights and word pieces of a packed file; tensors are memory-mapped. Raises DataError when the file has
    another format."""
    try:
        reader = _BinaryReader(np.memmap(path, "u1", "r"))
        if reader.bytes(4) != MAGIC:  # the first four bytes name the format
            raise ValueError("it begins otherwise")
        reader.take("I")  # version
        hidden, layers, heads, inner, words, positions, types, epsilon, block = reader.take("7ifi")
        if block != BLOCK_SIZE:
            raise ValueError(f"its blocks hold {block} weights, not {BLOCK_SIZE}")
        shape = Shape(hidden, layers, heads, inner, words, positions, types, round(epsilon, 15))
        pieces = _pieces(reader)
        _skip_normalisation(reader)
        return Packed(_tensors(reader, shape), pieces)
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise DataError(f"no packed weights can be read: {error}.", where=str(path), do=f"Run: {install()}") from error


def _pieces(reader: _BinaryReader) -> Pieces:
    count, begin, end, pad, unknown = reader.take("5i")
    (size,) = reader.take("Q")
    at = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.bytes(size)
    words = tuple(blob[a:b].decode("utf-8") for a, b in zip(at[:-1].tolist(), at[1:].tolist(), strict=True))
    return Pieces(words, scores, begin, end, pad, unknown)


def _skip_normalisation(reader: _BinaryReader) -> None:
    """Skip the file's table of character normalisation: it equals NFKC after the rules of `tokenizers.normalizers.Nmt`,
    except for U+FF5E (see `tokenizer`)."""
    _, size = reader.take("iI")
    reader.bytes(size)


def _tensors(reader: _BinaryReader, shape: Shape) -> Bert:
    plain, packed = {}, {}
    for _ in range(*reader.take("i")):
        name = reader.bytes(*reader.take("H")).decode("ascii")
        kind, count, at, _ = reader.take("BIQQ")
        full = _EMBEDDINGS.get(name) or _full(name)
        if kind == _PACKED:
            columns = (
                shape.inner if full.endswith(".output.dense.weight") and ".attention." not in full else shape.hidden
            )
            blocks = np.frombuffer(reader.data, BLOCK, count // BLOCK_SIZE, at)
            packed[full] = blocks.reshape(-1, columns // BLOCK_SIZE)
        else:
            numbers = np.frombuffer(reader.data, "<f4", count, at)
            plain[full] = numbers.reshape(-1, shape.hidden) if full.endswith("embeddings.weight") else numbers
    missing = set(tensor_names(shape.layers)) - plain.keys() - packed.keys()
    if missing:
        raise ValueError(f"it has no {min(missing)}")
    return Bert(shape, plain, packed)


def _full(name: str) -> str:
    """Return the checkpoint name of a tensor from its short name.

    >>> _full("l3.ao.w")
    'encoder.layer.3.attention.output.dense.weight'
    """
    layer, part, what = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if what == 'w' else 'bias'}"
