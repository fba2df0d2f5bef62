"""Delete files that builds leave behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

MERGING = ".merging"
"""End of the name of a folder into which a merge writes."""


@contextmanager
def merge_lock(indexes: Path) -> Iterator[None]:
    """Hold the lock of merges, and delete what killed ones left. Raises Timeout when another process merges."""
    with FileLock(indexes / ".merging.lock", timeout=0):
        for path in indexes.glob(f"*{MERGING}"):
            shutil.rmtree(path, ignore_errors=True)
        yield


def sweep(indexes: Path, keep: str = "") -> None:
    """Delete what failed builds left and, when `keep` names the live build, all builds but that and the one before
    it."""
    if any(indexes.glob(f"*{MERGING}")):
        with suppress(Timeout), merge_lock(indexes):
            pass  # no merge is running: what is there was left by one that was killed
    builds = sorted(
        p for p in indexes.iterdir() if p.is_dir() and p.suffix != MERGING and (p / "manifest.json").exists()
    )
    old = [p for p in builds if p.name != keep][:-1] if keep else []
    for path in [*indexes.glob("*.part"), *indexes.glob(".*.part"), *old]:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
