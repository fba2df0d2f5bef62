"""The encoder of record: a sentence-transformers model from an installed package, offline, its weights proved by hash."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import NotFound
from kb.files import scratch
from kb.index.encoders import ModelSpec, locate, normalise, prove

BATCH = 32
"""Flat from 8 to 32 on two cores, slower above."""


def fast_bfloat16() -> bool:
    """True where the processor computes bfloat16 itself (1.7 to 1.9 times the speed there; emulated and slow elsewhere)."""
    info = Path("/proc/cpuinfo")
    return info.exists() and "avx512_bf16" in info.read_text(encoding="utf-8", errors="replace")


class SentenceEncoder:
    """all-MiniLM-L6-v2 or another sentence-transformers model, by specification or by a folder of the user's."""

    def __init__(self, spec: ModelSpec, folder: Path | None = None) -> None:
        """Load the weights. Raises NotFound when no package carries them, DataError when a hash differs."""
        folder = folder or locate(spec)
        if folder is None:
            raise NotFound(f"model '{spec.name}' is not installed.", do="Run: make install")
        prove(spec, folder)
        self.spec, self.folder = spec, folder
        self.dim = spec.dim
        self.identity = f"{spec.name}@{next(iter(spec.files.values()))[:12]}"
        self._model = _load(folder)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 [n, dim] unit vectors; a text over the model's length is the mean of its windows, never cut."""
        if not len(texts):
            return np.zeros((0, self.dim), dtype=np.float32)
        windows, owner = self._windows(texts)
        vectors = normalise(
            self._model.encode(windows, batch_size=BATCH, show_progress_bar=False, convert_to_tensor=True)
            .float()
            .cpu()
            .numpy()
        )
        pooled = np.zeros((len(texts), self.dim), dtype=np.float32)
        np.add.at(pooled, owner, vectors)
        return normalise(pooled)

    def query(self, text: str) -> np.ndarray:
        """float32 [dim] unit vector."""
        return self.passages([text])[0]

    @property
    def torch_model(self) -> Any:
        """The transformer itself, in float32, for export."""
        return self._model[0].auto_model.float()

    def _windows(self, texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
        windows: list[str] = []
        owner: list[int] = []
        for i, text in enumerate(texts):
            parts = self._split(text)
            windows += parts
            owner += [i] * len(parts)
        return windows, np.array(owner)

    def _split(self, text: str) -> list[str]:
        """`text` in runs that fit the model, cut between words by the tokenizer's own offsets."""
        room = self.spec.max_tokens - 2
        if len(text) < 2 * room:
            return [text]
        found = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )["offset_mapping"]
        if len(found) <= room:
            return [text]
        return [text[found[i][0] : found[min(i + room, len(found)) - 1][1]] for i in range(0, len(found), room)]


def _load(folder: Path) -> Any:
    """The model on the CPU, in bfloat16 where that is faster (vectors are renormalised after)."""
    from kb.privacy import compiler_cache_in

    with scratch("compiler") as cache, compiler_cache_in(str(cache)):
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

    logging.disable_progress_bar()
    options = {"dtype": torch.bfloat16} if fast_bfloat16() else {}
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs=options)
