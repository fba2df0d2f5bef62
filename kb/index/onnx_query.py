"""Encoders without torch: the build writes the installed weights as an ONNX graph, which ONNX Runtime opens in a tenth
of a second."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kb.errors import IndexError_, LowMemory
from kb.files import replacing
from kb.index.encoders import ModelSpec, normalise
from kb.index.weights import sums

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

    from kb.index.weights.rows import Rows

GRAPH, TOKENIZER, FACTS = "model.onnx", "tokenizer.json", "encoder.json"
"""The graph; the tokenizer of the `tokenizers` library for a small vocabulary (else weights.pieces); prompts and
limits."""
QUERY_LENGTH = 2000
"""Characters of a query that are embedded: more than any model here reads."""
_KEPT = 16
"""Queries whose words are cached: some twenty kilobytes each."""


class Exportable(Protocol):
    """An encoder whose weights can be written for ONNX Runtime."""

    spec: ModelSpec
    folder: Path


def export(encoder: Exportable, folder: Path) -> None:
    """Write the files that `OnnxEncoder` opens into `folder`; nothing is done when they are there unchanged.

    A folder written by an older version passes its own check but lacks files of this version: it is written again.
    """
    if sums.is_whole(folder) and (folder / FACTS).is_file():
        return
    from kb.index.weights import bert, checkpoint, graph, pieces, q4, rows

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spec = encoder.spec
    packed = q4.read(encoder.folder / spec.weights) if spec.packed else None
    weights = packed.bert if packed else bert.read_checkpoint(encoder.folder)
    graph.write(weights, folder / GRAPH)
    rows.write(weights, folder)
    if packed:
        pieces.write(packed.pieces, folder)
    else:
        with replacing(folder / TOKENIZER) as half:
            shutil.copyfile(encoder.folder / TOKENIZER, half)
    prompts = checkpoint.PROMPTS if packed else {"query": "", "passage": ""}
    with replacing(folder / FACTS) as half:
        half.write_text(json.dumps({"prompts": prompts, "max_tokens": spec.max_tokens}), encoding="utf-8")
    sums.write(folder)


def prove(folder: Path) -> None:
    """Raise IndexError_ when the graph or its files are missing or changed; some 15 milliseconds.

    The table of words is checked row by row as it is read (`weights.rows`).
    """
    from kb.index.weights.rows import TABLE

    sums.prove(folder, besides=(TABLE,))


_NO_ROOM = ("failed to map segment", "bad_alloc", "annot allocate memory", "ailed to allocate memory")
"""Messages of the loader, C++ and the system when memory is too low for a library or a table."""


def _refuse_low_memory(error: Exception) -> None:
    """Raise LowMemory where an encoder with intact files could not be opened because memory is too low."""
    if isinstance(error, MemoryError) or any(sign in str(error) for sign in _NO_ROOM):
        raise LowMemory(
            "there is too little memory for the query encoder; its files are whole",
            do="Close other programs, or raise the limit (ulimit -v), and try again; or search with --mode lexical.",
        ) from error


class OnnxEncoder:
    """The exported encoder: the mean of token states, normalised, as in the sentence-transformers model."""

    def __init__(self, folder: Path, identity: str, threads: int = 1) -> None:
        """Open the encoder for queries. Raises IndexError_ when it is missing or was changed.

        One thread for a query: two wait for each other by spinning (14 ms became 85 to 215 ms on a busy machine).
        """
        prove(folder)
        try:
            facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
            self.identity, self.max_tokens = identity, int(facts["max_tokens"])
            self._prompts: dict[str, str] = facts["prompts"]
            self._rows = _rows(folder)
            self._tokens = _tokenizer(folder, self.max_tokens + 1)
            self._session = session(folder / GRAPH, threads)
        except IndexError_:
            raise
        except Exception as error:  # both libraries raise bare exceptions of their own for a damaged file
            _refuse_low_memory(error)
            what = "the exported query encoder cannot be read."
            raise IndexError_(what, where=str(folder), do="Run: kb build") from error
        self.dim = int(self._session.get_outputs()[0].shape[-1])
        self._asked: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Embed passages: float32 [n, dim] unit vectors; a text that is too long is cut (`SentenceEncoder` cuts
        none)."""
        if not len(texts):
            return np.zeros((0, self.dim), dtype=np.float32)
        return self.run([self._ids(self._prompts["passage"] + text) for text in texts])

    def in_one_piece(self, text: str) -> list[int] | None:
        """Return the token ids of a passage; None where it is longer than the model allows."""
        ids = self._tokens(self._prompts["passage"] + text)
        return ids if len(ids) <= self.max_tokens else None

    def _ids(self, text: str) -> list[int]:
        ids = self._tokens(text)
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]

    def query(self, text: str) -> np.ndarray:
        """Embed a query: float32 [dim] unit vector."""
        _, states = self.words(text)
        return normalise(states.sum(0) / np.float32(len(states)))

    def words(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the word pieces of a query, int64 [n], and their states, float32 [n, dim], whose mean is its vector;
        cached for the last queries."""
        found = self._asked.get(text)
        if found is None:
            ids = self._ids(self._prompts["query"] + text[:QUERY_LENGTH].replace("\0", " "))
            found = np.asarray(ids), self._states([ids])[0][0]
            if len(self._asked) >= _KEPT:
                self._asked.clear()
            self._asked[text] = found
        return found

    def passage_words(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the word pieces and states of a passage, cut at the model's length."""
        ids = self._ids(self._prompts["passage"] + text)
        return np.asarray(ids), self._states([ids])[0][0]

    def run(self, texts: Sequence[Sequence[int]]) -> np.ndarray:
        """Embed texts given as token ids, with begin and end markers: float32 [n, dim] unit vectors."""
        states, mask = self._states(texts)
        weights = mask[:, :, None].astype(np.float32)
        return normalise((states * weights).sum(1) / np.maximum(weights.sum(1), 1e-9))

    def _states(self, texts: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
        """Return the states of word pieces, float32 [n, longest, dim], and the mask of those of each text, int32 [n,
        longest]."""
        ids = np.zeros((len(texts), max(map(len, texts))), dtype=np.int64)
        mask = np.zeros(ids.shape, dtype=np.int32)
        for row, text in enumerate(texts):
            ids[row, : len(text)], mask[row, : len(text)] = text, 1
        return self._session.run(None, {"word_vectors": self._rows.of(ids), "attention_mask": mask})[0], mask


def session(graph: Path, threads: int) -> InferenceSession:
    """Open a graph with ONNX Runtime. Importing `kb` has silenced the library before it is imported here."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = min(threads, os.cpu_count() or 1)
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _rows(folder: Path) -> Rows:
    from kb.index.weights.rows import Rows

    return Rows(folder)


def _tokenizer(folder: Path, longest: int) -> Callable[[str], list[int]]:
    """Return the function that turns a text into at most `longest` ids of word pieces."""
    if not (folder / TOKENIZER).exists():
        from kb.index.weights.pieces import PieceTokenizer

        return PieceTokenizer(folder, longest).encode
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return lambda text: tokenizer.encode(text).ids
