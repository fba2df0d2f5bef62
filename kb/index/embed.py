"""Embed passages with an installed model: a few with ONNX Runtime, which loads fast; many with sentence-transformers,
or with ONNX Runtime when torch is not installed."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.config import settings
from kb.errors import NotFound
from kb.extras import install
from kb.files import scratch
from kb.index.encoders import ModelSpec, locate, normalise, prove
from kb.index.onnx_query import TOKENIZER, OnnxEncoder, export
from kb.index.weights import checkpoint, q4

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

BATCH = 32
"""Number of texts of similar length in one batch: on two cores the speed is the same from 8 to 32, and lower above."""

FEW = 200
"""Number of texts up to which torch is not loaded even if it is installed: loading it takes as long as ONNX Runtime
takes for 250 texts of 60 tokens. The cosine between the vectors of both is at least 0.999."""

Embed = Callable[[list[str]], np.ndarray]
"""A function that maps a batch of texts, none too long for the model, to their vectors: float32 [n, dim]."""


class SentenceEncoder:
    """An encoder that uses a model of corpus/models.yaml. The vector of a text longer than the model allows is the mean
    over windows of it: nothing is cut."""

    def __init__(
        self, spec: ModelSpec, folder: Path | None = None, models: Path | None = None, torch: bool | None = None
    ) -> None:
        """Locate the weights and check their hashes; they are loaded when the first text is embedded.

        `folder` holds the model's files (by default an installed package), `models` the files that are made from packed
        weights (by default a folder beside the indexes). `torch` False embeds with ONNX Runtime, True with torch; None
        uses torch, if installed, after the first `FEW` texts. Raises NotFound when no package contains the weights,
        DataError when a hash differs.
        """
        found = folder or locate(spec)
        if found is None:
            raise NotFound(f"model '{spec.name}' is not installed.", do=f"Run: {install('build')}")
        prove(spec, found)
        self.spec, self.folder, self.dim, self.identity = spec, found, spec.dim, spec.identity
        self.models = models or settings().indexes / "models"
        self._few = -1 if torch else FEW if torch is None and has_torch() else None
        self._given = 0
        self._prompts = checkpoint.PROMPTS if spec.packed else {"query": "", "passage": ""}
        self._light: tuple[Tokenizer, Embed] | None = None
        self._heavy: tuple[Tokenizer, Embed] | None = None

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Embed passages: float32 [n, dim] unit vectors."""
        self._given += len(texts)
        found = self._short(texts) if self._is_light and self._given <= FEW else None
        return self._embed(texts, self._prompts["passage"]) if found is None else found

    @property
    def few(self) -> int:
        """Number of texts of a build up to which `passages` embeds them, and `bulk` the others."""
        return 0 if self._few == -1 else FEW

    def bulk(self, texts: Sequence[str]) -> np.ndarray:
        """Embed passages in a large build, as `passages`, but with the model for many texts from the first one on."""
        self._given = max(self._given, FEW + 1)
        return self._embed(texts, self._prompts["passage"])

    def query(self, text: str) -> np.ndarray:
        """Embed a query: float32 [dim] unit vector."""
        return self._embed([text], self._prompts["query"])[0]

    def checkpoint(self) -> Path:
        """Return the folder that sentence-transformers loads. For packed weights it is written first, if missing."""
        if not self.spec.packed:
            return self.folder
        made = self.models / f"{self.spec.identity.replace('@', '-')}-checkpoint"
        checkpoint.write(q4.read(self.folder / self.spec.weights), made)
        return made

    def _embed(self, texts: Sequence[str], prompt: str) -> np.ndarray:
        if not len(texts):
            return np.zeros((0, self.dim), dtype=np.float32)
        tokenizer, embed = self._opened()
        windows, owner, sizes = self._windows(tokenizer, texts, prompt)
        pooled = np.zeros((len(texts), self.dim), dtype=np.float32)
        order = np.argsort(sizes, kind="stable")
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            np.add.at(pooled, owner[part], normalise(embed([windows[i] for i in part])))
        return normalise(pooled)

    @property
    def _is_light(self) -> bool:
        """Whether ONNX Runtime, not torch, embeds the next texts."""
        return self._few is None or self._given <= self._few

    def _opened(self) -> tuple[Tokenizer, Embed]:
        """Return the tokenizer and the embedding function for the next texts, loading them if needed."""
        if self._is_light:
            self._light = self._light or self._with_onnx()
            return self._light
        self._heavy = self._heavy or self._with_torch()
        return self._heavy

    def _short(self, texts: Sequence[str]) -> np.ndarray | None:
        """Embed texts with the query tokenizer, which loads fast; None when one of them is too long for the model."""
        fitting = (self._session.in_one_piece(text.replace("\0", " ")) for text in texts)
        ids = [each for each in fitting if each is not None]
        if not ids or len(ids) < len(texts):
            return None
        made = np.zeros((len(ids), self.dim), dtype=np.float32)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            made[part] = self._session.run([ids[i] for i in part])
        return made

    @cached_property
    def _session(self) -> OnnxEncoder:
        folder = self.models / self.spec.identity.replace("@", "-")
        export(self, folder)
        return OnnxEncoder(folder, self.identity, threads=os.cpu_count() or 1)

    def _with_torch(self) -> tuple[Tokenizer, Embed]:
        model = load_torch(self.checkpoint())

        def embed(texts: list[str]) -> np.ndarray:
            """Embed one batch of texts: float32 [n, dim]."""
            vectors = model.encode(texts, batch_size=BATCH, show_progress_bar=False, convert_to_tensor=True)
            return vectors.float().cpu().numpy()

        return model.tokenizer.backend_tokenizer, embed

    def _with_onnx(self) -> tuple[Tokenizer, Embed]:
        tokenizer, session = self._tokenizer(), self._session
        return tokenizer, lambda texts: session.run([each.ids for each in tokenizer.encode_batch(texts)])

    def _tokenizer(self) -> Tokenizer:
        if self.spec.packed:
            return checkpoint.tokenizer(q4.read(self.folder / self.spec.weights).pieces)
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def _windows(
        self, tokenizer: Tokenizer, texts: Sequence[str], prompt: str
    ) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Split texts into windows that fit the model, each with the prompt before it. Returns the windows, and for
        each the position of its text and its number of tokens (int [windows])."""
        windows, owner, sizes = [], [], []
        lead = len(tokenizer.encode(prompt, add_special_tokens=False).ids) if prompt else 0
        room = self.spec.max_tokens - 2 - lead
        for i, text in enumerate(texts):
            text = text.replace("\0", " ")
            places = _offsets(tokenizer, text)
            runs = [text] if len(places) <= room else _runs(text, places, room)
            windows += [prompt + run for run in runs]
            owner += [i] * len(runs)
            sizes += [min(room, len(places))] * len(runs)
        return windows, np.array(owner), np.array(sizes)


def _offsets(tokenizer: Tokenizer, text: str) -> list[tuple[int, int]]:
    """Return (start, end) in characters of each token of the whole text."""
    cut = tokenizer.truncation
    tokenizer.no_truncation()
    try:
        return tokenizer.encode(text, add_special_tokens=False).offsets
    finally:
        if cut:
            tokenizer.enable_truncation(**cut)


def _runs(text: str, places: list[tuple[int, int]], room: int) -> list[str]:
    """Split `text` into runs of at most `room` tokens; `places` are the tokens' offsets (see `_offsets`)."""
    return [text[places[i][0] : places[min(i + room, len(places)) - 1][1]] for i in range(0, len(places), room)]


def has_torch() -> bool:
    """Return whether torch and sentence-transformers are installed, without importing them."""
    return all(importlib.util.find_spec(name) for name in ("torch", "sentence_transformers"))


def fast_bfloat16() -> bool:
    """Return whether the processor computes bfloat16 natively, where it is 1.7 to 1.9 times as fast; elsewhere it is
    emulated and slow."""
    info = Path("/proc/cpuinfo")
    words = info.read_text(encoding="utf-8", errors="replace") if info.exists() else ""
    return "avx512_bf16" in words or "amx_bf16" in words


def load_torch(folder: Path) -> SentenceTransformer:
    """Load the model on the CPU, in bfloat16 when that is faster (vectors are normalised again afterwards)."""
    from kb.privacy import compiler_cache_in

    with scratch("compiler") as cache, compiler_cache_in(str(cache)):
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

    logging.disable_progress_bar()
    options = {"dtype": torch.bfloat16 if fast_bfloat16() else torch.float32}
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs=options)
