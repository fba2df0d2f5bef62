"""Vectors of a policy's units and of the probes, all from one encoder; vectors of two encoders are never mixed."""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from kb import whole_file
from kb.assess.probes import Probes
from kb.config import Settings, settings
from kb.errors import NotFound
from kb.index.cache import EmbeddingProgress, VectorCache
from kb.index.encoders import Encoder, load_models
from kb.languages import with_probes

MODEL = "multilingual-e5-small-q4"
"""One space for all languages: minus its mean (`retrieval.apart`) it works better for English than the English
model."""


@lru_cache(maxsize=2)
def _loaded(name: str, corpus: Path) -> Encoder:
    from kb.index.embed import SentenceEncoder

    return SentenceEncoder(load_models(corpus).get(name))


def encoder_for(language: str, corpus: Path | None = None) -> Encoder:
    """Return the encoder for policies in a language, loaded once per process.

    Raises NotFound when no package contains it, or when there are no probes for the language.
    """
    if language not in with_probes():
        raise NotFound(f"there are no probes for language '{language}'.", do=f"Languages: {', '.join(with_probes())}.")
    return _loaded(MODEL, corpus or settings().corpus)


def vectors_for(language: str, encoder: Encoder | None, cache: VectorCache | None) -> CachedVectors | None:
    """Return an embedder for policies in a language; None when its model, or the runtime of the model, is not
    installed."""
    try:
        return CachedVectors(encoder or encoder_for(language), cache or cache_of(settings()))
    except (NotFound, ImportError):
        return None


class CachedVectors:
    """Embeds texts through a cache on disk, so that a policy, or its unchanged parts, is embedded once."""

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self.encoder, self._cache = encoder, cache

    def of(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        """Return the unit vectors of texts: float32 [texts, dimension]. `progress` receives (done, to do), cached texts
        not counted."""
        return self._cache.encode(self.encoder, texts, EmbeddingProgress(progress, len(texts)) if progress else None)

    def of_probes(self, probes: Probes, criteria: Sequence[str], language: str) -> dict[str, np.ndarray]:
        """Return by criterion the vectors of its model sentences: float32 [sentences, dimension]."""
        phrases = {criterion: probes.phrases(criterion, language) for criterion in criteria}
        vectors = self.of([sentence for sentences in phrases.values() for sentence in sentences])
        ends = np.cumsum([len(sentences) for sentences in phrases.values()])
        return dict(zip(criteria, np.split(vectors, ends[:-1])))


def cache_of(where: Settings) -> VectorCache:
    """Return the vector cache of this installation, beside its indexes; an in-memory one when that folder cannot be
    written."""
    try:
        where.indexes.mkdir(parents=True, exist_ok=True)
        file = where.indexes / "assess-vectors.sqlite"
        if not all(os.access(path, os.W_OK) for path in (where.indexes, file) if path.exists()):
            return VectorCache(":memory:")
        cache = VectorCache(file)
        weakref.finalize(cache, whole_file.seal, file)  # whoever proposes closes nothing: at the latest when it ends
        return cache
    except (OSError, sqlite3.OperationalError):
        return VectorCache(":memory:")
