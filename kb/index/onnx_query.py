"""Encoders without torch: the installed weights, written at build as a graph that ONNX Runtime opens in a tenth of a
second."""

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
"""The graph; the tokenizer of the `tokenizers` library, where it is small (else weights.pieces); what a query is led
by."""
QUERY_LENGTH = 2000
"""Characters of a query that are embedded: more than any model here reads."""
_KEPT = 16
"""Queries whose words are kept: some twenty kilobytes each."""


class Exportable(Protocol):
    """An encoder whose weights can be written for ONNX Runtime."""

    spec: ModelSpec
    folder: Path


def export(encoder: Exportable, folder: Path) -> None:
    """Write what `OnnxEncoder` opens into `folder`; nothing is done when it is there unchanged.

    A folder that an older version wrote is whole by its own list and lacks what this version opens: it is written anew.
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
    """Raises IndexError_ when the graph or what goes with it is missing or not as exported; some 15 milliseconds.

    The table of words is proved row by row as it is read (`weights.rows`).
    """
    from kb.index.weights.rows import TABLE

    sums.prove(folder, besides=(TABLE,))


_NO_ROOM = ("failed to map segment", "bad_alloc", "annot allocate memory", "ailed to allocate memory")
"""What the loader, C++ and the system say where a library or a table finds no room."""


def _refuse_low_memory(error: Exception) -> None:
    """Raises LowMemory where an encoder, whose files were proved whole, could not be opened for want of room."""
    if isinstance(error, MemoryError) or any(sign in str(error) for sign in _NO_ROOM):
        raise LowMemory(
            "there is too little memory for the query encoder; its files are whole",
            do="Close other programs, or raise the limit (ulimit -v), and try again; or search with --mode lexical.",
        ) from error


class OnnxEncoder:
    """The exported encoder: mean of token states, unit length, as the sentence-transformers model does."""

    def __init__(self, folder: Path, identity: str, threads: int = 1) -> None:
        """Open it for queries. Raises IndexError_ when it is not there or was changed.

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
        """float32 [n, dim] unit vectors; texts over the model's length are cut: `SentenceEncoder` cuts none."""
        if not len(texts):
            return np.zeros((0, self.dim), dtype=np.float32)
        return self.run([self._ids(self._prompts["passage"] + text) for text in texts])

    def in_one_piece(self, text: str) -> list[int] | None:
        """The ids of a passage; None where it is longer than the model reads."""
        ids = self._tokens(self._prompts["passage"] + text)
        return ids if len(ids) <= self.max_tokens else None

    def _ids(self, text: str) -> list[int]:
        ids = self._tokens(text)
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]

    def query(self, text: str) -> np.ndarray:
        """float32 [dim] unit vector."""
        _, states = self.words(text)
        return normalise(states.sum(0) / np.float32(len(states)))

    def words(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The word pieces of a query, int64 [n], and their states, float32 [n, dim], of which its vector is the mean;
        those of the last queries are kept."""
        found = self._asked.get(text)
        if found is None:
            ids = self._ids(self._prompts["query"] + text[:QUERY_LENGTH].replace("\0", " "))
            found = np.asarray(ids), self._states([ids])[0][0]
            if len(self._asked) >= _KEPT:
                self._asked.clear()
            self._asked[text] = found
        return found

    def passage_words(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The same of a passage, cut at the model's length."""
        ids = self._ids(self._prompts["passage"] + text)
        return np.asarray(ids), self._states([ids])[0][0]

    def run(self, texts: Sequence[Sequence[int]]) -> np.ndarray:
        """float32 [n, dim] unit vectors of texts given as ids, with their signs of beginning and end."""
        states, mask = self._states(texts)
        weights = mask[:, :, None].astype(np.float32)
        return normalise((states * weights).sum(1) / np.maximum(weights.sum(1), 1e-9))

    def _states(self, texts: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
        """float32 [n, longest, dim], the states of word pieces, and int32 [n, longest]: 1 for those of a text."""
        ids = np.zeros((len(texts), max(map(len, texts))), dtype=np.int64)
        mask = np.zeros(ids.shape, dtype=np.int32)
        for row, text in enumerate(texts):
            ids[row, : len(text)], mask[row, : len(text)] = text, 1
        return self._session.run(None, {"word_vectors": self._rows.of(ids), "attention_mask": mask})[0], mask


def session(graph: Path, threads: int) -> InferenceSession:
    """An open graph of ONNX Runtime. Importing `kb` has silenced the library before it is imported here."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = min(threads, os.cpu_count() or 1)
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _rows(folder: Path) -> Rows:
    from kb.index.weights.rows import Rows

    return Rows(folder)


def _tokenizer(folder: Path, longest: int) -> Callable[[str], list[int]]:
    """The function that turns a text into ids of word pieces, at most `longest` of them."""
    if not (folder / TOKENIZER).exists():
        from kb.index.weights.pieces import PieceTokenizer

        return PieceTokenizer(folder, longest).encode
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return lambda text: tokenizer.encode(text).ids
