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


def sweep(indexes: Path, keep: str = "", before: str = "") -> None:
    """Delete what failed builds left and, when `keep` names the live build, all builds but that and `before`, which was
    live until now and may still be read; without `before` the newest of the others is kept."""
    if any(indexes.glob(f"*{MERGING}")):
        with suppress(Timeout), merge_lock(indexes):
            pass  # no merge is running: what is there was left by one that was killed
    builds = sorted(
        p for p in indexes.iterdir() if p.is_dir() and p.suffix != MERGING and (p / "manifest.json").exists()
    )
    others = [p for p in builds if p.name != keep]
    old = ([p for p in others if p.name != before] if before else others[:-1]) if keep else []
    for path in [*indexes.glob("*.part"), *indexes.glob(".*.part"), *old]:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def left_over(indexes: Path, alive: str) -> list[Path]:
    """Return what stopped builds and merges left beside the indexes, sorted; nothing of a build or merge that is
    running. `alive` is the name of the live index: one that is newer was finished and never took its place."""
    found: list[Path] = []
    if _is_free(indexes / ".lock"):
        newer = (path for path in indexes.glob("*T*-*") if alive and path.name > alive)
        found += [path for path in newer if (path / "manifest.json").exists() and path.suffix not in (".part", MERGING)]
        found += [*indexes.glob("*.part"), *indexes.glob(".*.part")]
    if _is_free(indexes / ".merging.lock"):
        found += indexes.glob(f"*{MERGING}")
    return sorted(found)


def _is_free(lock: Path) -> bool:
    """Return whether no process holds a lock; also where the lock cannot be taken because the disk is read-only."""
    if not lock.exists():
        return True
    try:
        with FileLock(lock, timeout=0):
            return True
    except Timeout:
        return False
    except OSError:
        return True
