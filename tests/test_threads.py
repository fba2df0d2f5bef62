"""Products of a query with vectors are computed in the calling thread."""

import ctypes
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kb import threads

PROGRAM = """
import ctypes, os, sys
import numpy as np
if sys.argv[1] == "search":
    import kb.engine.local.vectors
library = ctypes.CDLL(sys.argv[2])
print(library.scipy_openblas_get_num_threads64_())
"""


@pytest.fixture()
def library() -> Path:
    """Return the path of the library with which NumPy multiplies, if its number of threads can be read."""
    found = sorted((Path(np.__file__).parent.parent / "numpy.libs").glob("*openblas64_*"))
    if not found or not hasattr(ctypes.CDLL(str(found[0])), "scipy_openblas_get_num_threads64_"):
        pytest.skip("this NumPy multiplies with another library")
    return found[0]


def many(what: str, library: Path, monkeypatch, **environment: str) -> int:
    """Return the number of threads of a process that searches, or that only uses NumPy."""
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, what, str(library)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_a_program_that_searches_multiplies_in_one_thread(library, monkeypatch):
    assert many("search", library, monkeypatch) == 1


def test_a_person_who_sets_the_threads_is_left_with_them(library, monkeypatch):
    alone = many("alone", library, monkeypatch, OPENBLAS_NUM_THREADS="2")
    assert many("search", library, monkeypatch, OPENBLAS_NUM_THREADS="2") == alone


def test_where_the_library_is_another_nothing_fails(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.setattr(threads.np, "__file__", str(tmp_path / "numpy" / "__init__.py"))
    assert threads.one_for_products() is False
    (tmp_path / "numpy.libs").mkdir()
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy.libs" / "libopenblas.so").write_bytes(b"no library")
    assert threads.one_for_products() is False
