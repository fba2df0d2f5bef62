"""Open the files of named arrays (`.npz`) that the corpus ships for search."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from kb.errors import DataError
from kb.extras import install


@contextmanager
def arrays_of(path: Path) -> Iterator[Mapping[str, np.ndarray]]:
    """Open a file of arrays, by name. Raises DataError when it is damaged, and when the body of the `with` finds that
    it has another format, which is a ValueError, KeyError or IndexError there."""
    try:
        with np.load(path, allow_pickle=False) as held:
            yield held
    except (OSError, ValueError, KeyError, EOFError, IndexError, zipfile.BadZipFile) as error:
        raise DataError(
            "what search has learnt cannot be read, or has not the form it should have.",
            where=str(path),
            do=f"Run: {install()}",
        ) from error
