"""Subjects that the texts do not cover, as vectors. A question nearer to one of them than to any passage probably has
no answer here.

The list is corpus/search/subjects.yaml; its vectors are computed when an index is built, in each of its spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from pydantic import Field

from kb.data import load_yaml
from kb.index.cache import Shipped, VectorCache, nothing_shipped
from kb.index.encoders import Encoder
from kb.models import Model

BEGINNING = "subjects-"
"""The file names of these vectors begin with this text; the name of the space follows."""


class Subjects(Model):
    """The subjects that the texts do not cover, as listed in corpus/search/subjects.yaml."""

    version: str
    subjects: tuple[str, ...] = Field(min_length=1, description="a subject each, in a few plain words")


def load_subjects(corpus: Path) -> tuple[str, ...]:
    """Load the subjects that the texts do not cover, in the order of the file. Raises DataError with file and line."""
    return load_yaml(corpus / "search" / "subjects.yaml", Subjects).subjects


def save(
    folder: Path,
    subjects: tuple[str, ...],
    encoders: Mapping[str, Encoder],
    cache: Path | str,
    shipped: Shipped = nothing_shipped,
) -> None:
    """Write the vectors of the subjects into the index folder, one file for each encoder (by name of its space).
    Vectors that are in `cache` (a file of vectors) or in `shipped` are not computed again."""
    known = VectorCache(cache, shipped, resumable=True)
    try:
        vectors = {name: known.encode(encoder, subjects) for name, encoder in encoders.items()}
        known.finish()  # a build embeds the subjects last
    finally:
        known.close()
    for name, found in vectors.items():
        np.save(folder / f"{BEGINNING}{name}.npy", found, allow_pickle=False)


def load(folder: Path) -> dict[str, np.ndarray]:
    """Return the vectors of the subjects by space (float32 [subjects, dim]); empty for an index built without them."""
    files = sorted(folder.glob(f"{BEGINNING}*.npy"))
    return {file.stem.removeprefix(BEGINNING): np.load(file, allow_pickle=False) for file in files}
