"""Check for enough memory before native code needs it, because a library in C or Rust ends the whole program when it
finds none.

Checked are the address space (limited by the shell's `ulimit -v`) and the free memory of the machine.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from kb.errors import LowMemory

WORDS_OPEN = 200_000_000
"""Bytes of address space needed to open a word index and search it: 64 MB for each of two threads, the index, and a
margin (139 MB were used with an index of 0.6 MB)."""
WORDS_WRITE = 700_000_000
"""Bytes of address space needed to write a word index, of which 200 MB buffer what is not written yet (564 MB were
used)."""
DATABASE = 32_000_000
"""Bytes of address space needed to read and write decisions; with less than 4 MB left, Python itself crashed because
its stack could not grow."""
RESIDENT = 4
"""Only a part of the requested address space is used; the requested size divided by this number must be free memory."""

_COLLECTED_EVERY = 50_000
"""Number of new objects after which a long-running program collects the youngest. With Python's default (700) one
search collected five times, a sixth of its time."""


def settle() -> None:
    """Prepare a program that keeps running: exempt loaded objects from garbage collection, and collect new objects less
    often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECTED_EVERY, 20, 20)  # older generations: double the library's ten, for the same reason


def require(size: int, what: str) -> None:
    """Raise LowMemory when less than `size` bytes of address space, or less than `size` / RESIDENT bytes of free
    memory, are available. `what` names the action for the message. Does nothing when the system does not report these
    numbers."""
    space, free = _space(), _free()
    if space is not None and space < size or free is not None and free < size // RESIDENT:
        short = min(each for each in (space, free) if each is not None)
        raise LowMemory(
            f"there is too little memory for {what}: {max(0, short) // 1_000_000} MB are left",
            do="Close other programs, or raise the limit (ulimit -v), and try again.",
        )


def _space() -> int | None:
    """Return the bytes of address space that the program may still allocate; None when there is no limit, or the system
    does not report it."""
    if sys.platform == "win32":
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    statm = Path("/proc/self/statm")
    if limit == resource.RLIM_INFINITY or not statm.exists():
        return None
    return limit - int(statm.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _free() -> int | None:
    """Return the bytes of memory available on the machine without swapping; None when the system does not report
    them."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None
