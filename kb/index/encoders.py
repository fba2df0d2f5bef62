"""Encoders turn text into unit vectors: the protocol, and the list of models that may be loaded, checked by hash."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from pydantic import Field

from kb.data import load_yaml
from kb.errors import DataError, NotFound
from kb.extras import install
from kb.models import Model
from kb.text import sha256_of

os.environ.setdefault("HF_HUB_OFFLINE", "1")


class Encoder(Protocol):
    """Anything that embeds text. Vectors of two encoders are never mixed."""

    identity: str
    dim: int

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Embed passages: float32 [n, dim], rows of length 1."""
        ...

    def query(self, text: str) -> np.ndarray:
        """Embed a query: float32 [dim], of length 1."""
        ...


class Package(Model):
    """An installed package that contains the files of a model."""

    module: str
    folder: str = "."


class ModelSpec(Model):
    """One model that may be used."""

    name: str
    languages: tuple[str, ...]
    dim: int
    max_tokens: int = Field(description="word pieces the model reads; longer passages are embedded in windows")
    packages: tuple[Package, ...]
    packed: bool = Field(False, description="the weights are one packed file (weights.q4), not a checkpoint")
    files: dict[str, str] = Field(description="file name to sha256")

    @property
    def identity(self) -> str:
        """Name and first characters of the weights' hash; vectors of two identities are never mixed."""
        return f"{self.name}@{self.files[self.weights][:12]}"

    @property
    def weights(self) -> str:
        """The file with the weights, which is listed first."""
        return next(iter(self.files))


class ModelList(Model):
    """corpus/models.yaml."""

    version: str
    models: tuple[ModelSpec, ...]

    def get(self, name: str) -> ModelSpec:
        """Return the model of that name. Raises NotFound with the known names."""
        for model in self.models:
            if model.name == name:
                return model
        raise NotFound(f"no model '{name}'.", do=f"Models are: {', '.join(m.name for m in self.models)}.")


def load_models(corpus: Path) -> ModelList:
    """Load the models listed in `corpus`/models.yaml."""
    return load_yaml(corpus / "models.yaml", ModelList)


def locate(spec: ModelSpec) -> Path | None:
    """Return the folder of the first installed package with the model, without importing it; None when there is
    none."""
    for package in spec.packages:
        found = importlib.util.find_spec(package.module)
        if found and found.origin:
            return Path(found.origin).parent / package.folder
    return None


_hash_once = lru_cache(maxsize=16)(sha256_of)


def prove(spec: ModelSpec, folder: Path) -> None:
    """Raise DataError unless every file of the model has the recorded hash. Each file is hashed once in a process."""
    for name, recorded in spec.files.items():
        path = folder / name
        if not path.exists() or _hash_once(path) != recorded:
            raise DataError(
                f"{name} of model '{spec.name}' is not the file that is recorded, so it is not loaded.",
                do=f"Reinstall the package that carries it ({install('build')}), then: kb doctor",
            )


def normalise(vectors: np.ndarray) -> np.ndarray:
    """Divide rows by their length, as float32; a zero row stays zero."""
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.sqrt(np.add.reduce(vectors * vectors, axis=-1, keepdims=True))
    return vectors / np.maximum(lengths, 1e-12)
