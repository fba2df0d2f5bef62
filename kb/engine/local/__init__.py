"""The embedded engine, always available: SQLite, tantivy and FAISS in the files of one folder."""

from __future__ import annotations

from kb.engine.local.engine import LocalEngine
from kb.engine.local.writer import LocalWriter

__all__ = ["LocalEngine", "LocalWriter"]
