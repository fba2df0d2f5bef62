"""The append-only log of what people decided, on SQLite or PostgreSQL: events, states, proofs, backup.

`open_workspace()` returns the workspace; the rooms above (assessment, plan, coding) take it as their first argument.
SQLAlchemy is imported on first use only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.log.store import Workspace, open_workspace

__all__ = ["Workspace", "open_workspace"]


def __getattr__(name: str) -> object:
    """Import kb.log.store when one of its names is first used, so that a command that only reads models does not
    load SQLAlchemy."""
    if name in __all__:
        from kb.log import store

        return getattr(store, name)
    raise AttributeError(name)
