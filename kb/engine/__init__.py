"""What stands between a question and what is stored: a protocol, and engines that keep it."""

from __future__ import annotations

from kb.engine.protocol import Column, Columns, Engine, FacetCounts, Leg, Vectors, Writer, picked

__all__ = ["Column", "Columns", "Engine", "FacetCounts", "Leg", "Vectors", "Writer", "picked"]
