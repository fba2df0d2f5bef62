"""The switch for learning in a workspace: learning is on until a person turns it off."""

from __future__ import annotations

from pathlib import Path

from kb.config import settings

_OFF = "learning.off"


def is_on(workspace: Path | None = None) -> bool:
    """Return whether learning is on in the workspace folder (by default that of the settings)."""
    return not ((workspace or settings().workspace) / _OFF).exists()


def switch(on: bool, workspace: Path | None = None) -> None:
    """Turn learning on or off in the workspace folder. Decisions and imported examples are kept."""
    folder = workspace or settings().workspace
    if on:
        (folder / _OFF).unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _OFF).write_text("kb learn on turns it on again\n", encoding="utf-8")
