"""Room in memory, asked before native code needs it: a library in C or Rust ends the whole program where it finds none.

What is asked for is address space (a limit of the shell, `ulimit -v`) and memory that is free on the machine.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from kb.errors import LowMemory

WORDS_OPEN = 200_000_000
"""Bytes of address space to open a word index and ask it: two threads with 64 MB each for what they take, the index
itself, and a margin (139 MB were taken at 0.6 MB of index)."""
WORDS_WRITE = 700_000_000
"""The same to write one, with 200 MB for what is not written yet (564 MB were taken)."""
DATABASE = 32_000_000
"""The same to read and write decisions: below 4 MB Python itself was ended, as its stack finds no room."""
RESIDENT = 4
"""What is taken of the machine's memory is a part of the address space: a quarter of it has to be free."""

_COLLECTED_EVERY = 50_000
"""Objects a long-running program makes before the youngest are looked through: Python's own 700 are passed five times
by one search, a sixth of its time."""


def settle() -> None:
    """For a program that stays: take what is loaded for good, and look through new objects less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECTED_EVERY, 20, 20)  # older generations: double the library's ten, for the same reason


def require(size: int, what: str) -> None:
    """Raises LowMemory where `size` bytes of address space, or a quarter of it in free memory, are not there.

    Where the system does not tell, nothing is refused.
    """
    space, free = _space(), _free()
    if space is not None and space < size or free is not None and free < size // RESIDENT:
        short = min(each for each in (space, free) if each is not None)
        raise LowMemory(
            f"there is too little memory for {what}: {max(0, short) // 1_000_000} MB are left",
            do="Close other programs, or raise the limit (ulimit -v), and try again.",
        )


def _space() -> int | None:
    """Bytes of address space that the program may still take; None where it has no limit or the system has none."""
    if sys.platform == "win32":
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    statm = Path("/proc/self/statm")
    if limit == resource.RLIM_INFINITY or not statm.exists():
        return None
    return limit - int(statm.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _free() -> int | None:
    """Bytes of the machine's memory that can be had without swapping; None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None
