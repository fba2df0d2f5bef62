"""Engines that store and find passages, behind one protocol; search never touches the storage itself."""

from __future__ import annotations

from kb.engine.protocol import Column, Columns, Engine, FacetCounts, Leg, Vectors, Writer, picked

__all__ = ["Column", "Columns", "Engine", "FacetCounts", "Leg", "Vectors", "Writer", "picked"]
