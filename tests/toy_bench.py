"""An index of one toy document in memory, for what reads passages, tags and the manifest but does not search."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from kb.config import settings
from kb.engine.local import LocalEngine
from kb.engine.local.passage_store import Store
from kb.export import collect
from kb.models import Document


def toy_index(document: Document, **manifest: object) -> SimpleNamespace:
    """Return an index that holds this document; `manifest` replaces facts of its manifest."""
    store = Store(":memory:")
    store.add(document)
    facts = {
        "inputs": {},
        "fingerprint": "f" * 64,
        "built": datetime(2026, 1, 31, tzinfo=UTC),
        "spaces": {},
        "packages": {},
        "documents": {document.id: len(document.passages)},
    }
    return SimpleNamespace(
        store=store,
        engine=LocalEngine(store, lambda: None, dict, ()),
        names=None,
        folder=SimpleNamespace(name="build-1"),
        manifest=SimpleNamespace(**facts | manifest),
    )


def use_toy_index(monkeypatch: pytest.MonkeyPatch, document: Document) -> None:
    """Let every command of this test work with an index of this document alone."""
    index = toy_index(document)

    def here(viewer: str = "", *_: object, **__: object) -> collect.Bench:
        bench = collect.Bench(settings(), viewer)
        bench.index = index
        return bench

    monkeypatch.setattr(collect.Bench, "here", here)
