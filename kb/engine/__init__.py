"""Engines that store and find passages, behind one protocol (`kb.engine.protocol`). Search uses the protocol only,
never a storage."""

from __future__ import annotations

from kb.engine.protocol import Column, Columns, Engine, FacetCounts, Leg, Vectors, Writer, picked

__all__ = ["Column", "Columns", "Engine", "FacetCounts", "Leg", "Vectors", "Writer", "picked"]
