"""Delete files that builds leave behind."""

from __future__ import annotations

import shutil
from pathlib import Path


def sweep(indexes: Path, keep: str = "") -> None:
    """Delete what failed builds left and, when `keep` names the live build, all builds but that and the one before
    it."""
    builds = sorted(p for p in indexes.iterdir() if p.is_dir() and (p / "manifest.json").exists())
    old = [p for p in builds if p.name != keep][:-1] if keep else []
    for path in [*indexes.glob("*.part"), *indexes.glob(".*.part"), *old]:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
