"""Encoders that do not need torch: the build writes the installed weights as an ONNX graph, which ONNX Runtime opens in
a tenth of a second."""

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

    from kb.index.weights.rows import WordVectorTable

GRAPH, TOKENIZER, FACTS = "model.onnx", "tokenizer.json", "encoder.json"
"""Names of the files of an exported encoder: the graph; the tokenizer of the `tokenizers` library (for a large
vocabulary weights.pieces is used instead); prompts and limits."""
QUERY_LENGTH = 2000
"""Maximum number of characters of a query that are embedded: more than any model here accepts."""
_KEPT = 16
"""Number of queries whose word vectors are cached, some twenty kilobytes each."""


class Exportable(Protocol):
    """An encoder whose weights can be exported to ONNX; `folder` holds its model files."""

    spec: ModelSpec
    folder: Path


def export(encoder: Exportable, folder: Path) -> None:
    """Write into `folder` the files that `OnnxEncoder` opens; do nothing when they exist unchanged.

    A folder written by an older version passes its own check but lacks files of this version, so it is written again.
    """
    if sums.is_complete(folder) and (folder / FACTS).is_file():
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
    """Check the graph and its files against their hashes (some 15 milliseconds). Raises IndexError_ when one is missing
    or changed.

    Rows of the table of word vectors are checked as they are read (`weights.rows`).
    """
    from kb.index.weights.rows import TABLE

    sums.prove(folder, besides=(TABLE,))


_NO_ROOM = ("failed to map segment", "bad_alloc", "annot allocate memory", "ailed to allocate memory")
"""Parts of error messages (of the dynamic loader, of C++, of the system) that mean that memory is too low for a library
or a table."""


def _refuse_low_memory(error: Exception) -> None:
    """Raise LowMemory when `error`, raised while opening an encoder with intact files, shows that memory is too low;
    otherwise do nothing."""
    if isinstance(error, MemoryError) or any(sign in str(error) for sign in _NO_ROOM):
        raise LowMemory(
            "there is too little memory for the query encoder; its files are whole",
            do="Close other programs, or raise the limit (ulimit -v), and try again; or search with --mode lexical.",
        ) from error


class OnnxEncoder:
    """The exported encoder. The vector of a text is the normalised mean of its token states, as in the
    sentence-transformers model."""

    def __init__(self, folder: Path, identity: str, threads: int = 1) -> None:
        """Open the exported encoder in `folder`. Raises IndexError_ when files are missing or changed, LowMemory when
        memory is too low.

        A query uses one thread: two wait for each other by spinning (14 ms became 85 to 215 ms on a busy machine).
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
        """Embed passages: float32 [n, dim] unit vectors. The end of a text that is too long is ignored
        (`SentenceEncoder` ignores nothing)."""
        if not len(texts):
            return np.zeros((0, self.dim), dtype=np.float32)
        return self.run([self._ids(self._prompts["passage"] + text) for text in texts])

    def in_one_piece(self, text: str) -> list[int] | None:
        """Return the token ids of a passage; None when it is longer than the model allows."""
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
        """Return the word pieces of a query (int64 [n]) and their states (float32 [n, dim]), whose mean is its vector;
        the results for the last queries are cached."""
        found = self._asked.get(text)
        if found is None:
            ids = self._ids(self._prompts["query"] + text[:QUERY_LENGTH].replace("\0", " "))
            found = np.asarray(ids), self._states([ids])[0][0]
            if len(self._asked) >= _KEPT:
                self._asked.clear()
            self._asked[text] = found
        return found

    def passage_words(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the word pieces of a passage (int64 [n]) and their states (float32 [n, dim]); what exceeds the model's
        length is ignored."""
        ids = self._ids(self._prompts["passage"] + text)
        return np.asarray(ids), self._states([ids])[0][0]

    def run(self, texts: Sequence[Sequence[int]]) -> np.ndarray:
        """Embed texts given as token ids that include the begin and end markers: float32 [n, dim] unit vectors."""
        states, mask = self._states(texts)
        weights = mask[:, :, None].astype(np.float32)
        return normalise((states * weights).sum(1) / np.maximum(weights.sum(1), 1e-9))

    def _states(self, texts: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
        """Return the states of the word pieces of each text (float32 [n, longest, dim]), and a mask that is 1 for
        pieces and 0 for padding (int32 [n, longest])."""
        ids = np.zeros((len(texts), max(map(len, texts))), dtype=np.int64)
        mask = np.zeros(ids.shape, dtype=np.int32)
        for row, text in enumerate(texts):
            ids[row, : len(text)], mask[row, : len(text)] = text, 1
        return self._session.run(None, {"word_vectors": self._rows.of(ids), "attention_mask": mask})[0], mask


def session(graph: Path, threads: int) -> InferenceSession:
    """Open a graph with ONNX Runtime. The library writes no warnings, because importing `kb` sets that before it is
    imported here."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = min(threads, os.cpu_count() or 1)
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _rows(folder: Path) -> WordVectorTable:
    from kb.index.weights.rows import WordVectorTable

    return WordVectorTable(folder)


def _tokenizer(folder: Path, longest: int) -> Callable[[str], list[int]]:
    """Return a function that converts a text into at most `longest` ids of word pieces."""
    if not (folder / TOKENIZER).exists():
        from kb.index.weights.pieces import PieceTokenizer

        return PieceTokenizer(folder, longest).encode
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return lambda text: tokenizer.encode(text).ids
