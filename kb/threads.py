"""Limit native libraries to one thread: the product of a question with vectors is computed in the calling thread.

On two processors that other programs use too, NumPy's own division of 1,300 vectors of 384 numbers took 4 ms of
processor time, nearly all of it waiting for the other thread; one thread takes 24 microseconds. Programs that answer
several people already have a thread for each. With one thread, the sums are also the same on every machine.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

import numpy as np

_SETTING = "OPENBLAS_NUM_THREADS"
"""The environment variable with the user's own number of threads; when it is set, nothing is changed."""
_FOLDERS = ("../numpy.libs", ".dylibs", ".libs")
"""Folders, relative to NumPy's package, that contain its matrix library: on Linux and Windows, and on macOS."""
_NAMES = ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads", "openblas_set_num_threads")
"""Names that the function for the number of threads has in recent builds of that library."""


def one_for_products() -> bool:
    """Make NumPy multiply in one thread. Returns whether its library supports this; if not, as with the library of
    macOS, answers are the same and nothing fails."""
    if os.environ.get(_SETTING):
        return False
    here = Path(np.__file__).parent
    is_set = False
    for path in (path for folder in _FOLDERS for path in sorted((here / folder).glob("*openblas*"))):
        with suppress(OSError):
            library = ctypes.CDLL(str(path.resolve()))  # loaded already; this returns the same library
            for name in _NAMES:
                if hasattr(library, name):
                    getattr(library, name)(1)
                    is_set = True
                    break
    return is_set
