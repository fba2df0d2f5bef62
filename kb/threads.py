"""Threads of libraries in native code: products of a question with vectors are made in the thread that asks.

On two processors that others want too, NumPy's own division of 1,300 vectors of 384 numbers took 4 ms of the processor,
nearly all of it waiting for the other thread; one thread takes 24 microseconds. Programs that answer several people
have a thread for each already. The sums of one thread are also the same on every machine.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

import numpy as np

_SETTING = "OPENBLAS_NUM_THREADS"
"""A person who sets it is left with it."""
_FOLDERS = ("../numpy.libs", ".dylibs", ".libs")
"""Where the packages of NumPy for Linux and Windows, and for macOS, keep the library that multiplies."""
_NAMES = ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads", "openblas_set_num_threads")
"""What it calls the function, in its builds of the last years."""


def one_for_products() -> bool:
    """Have NumPy multiply in one thread; whether that could be said to the library it uses. Where it could not, as
    with the library of macOS, answers are the same and nothing fails."""
    if os.environ.get(_SETTING):
        return False
    here = Path(np.__file__).parent
    said = False
    for path in (path for folder in _FOLDERS for path in sorted((here / folder).glob("*openblas*"))):
        with suppress(OSError):
            library = ctypes.CDLL(str(path.resolve()))  # loaded already: the same one
            for name in _NAMES:
                if hasattr(library, name):
                    getattr(library, name)(1)
                    said = True
                    break
    return said
