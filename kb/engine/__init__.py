"""Engines that store and find passages, behind one protocol (`kb.engine.protocol`). Search uses the protocol only,
never a storage."""

from __future__ import annotations

from kb.engine.protocol import (
    Candidates,
    Column,
    Columns,
    Contents,
    Engine,
    FacetCounts,
    FullEngine,
    Leg,
    Vectors,
    Writer,
    picked,
)

__all__ = [
    "Candidates",
    "Column",
    "Columns",
    "Contents",
    "Engine",
    "FacetCounts",
    "FullEngine",
    "Leg",
    "Vectors",
    "Writer",
    "picked",
]
