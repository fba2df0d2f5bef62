"""A passage in its context: what stands before, after and below it; or the identifiers nearest to one that is
unknown."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from kb.errors import NotFound
from kb.index.store import Store
from kb.models import Passage

NEAREST = 5


@dataclass(frozen=True)
class Context:
    """A passage with its neighbours in source order and its own parts."""

    passage: Passage
    before: tuple[Passage, ...]
    after: tuple[Passage, ...]
    parts: tuple[Passage, ...]


def in_context(store: Store, id: str, around: int = 1) -> Context:
    """The passage with up to `around` neighbours on each side. Raises NotFound with the nearest identifiers."""
    found = store.around(id, around, around)
    at = next((i for i, passage in enumerate(found) if passage.id == id), None)
    if at is None:
        near = nearest(id, [known for known, _ in store.by_id().values()])
        raise NotFound(f"no passage '{id}'.", do=f"Nearest are: {', '.join(near)}." if near else "Run: kb passages")
    passage = found[at]
    parts = tuple(p for p in store.passages(passage.document) if p.parent == id)
    return Context(passage, tuple(found[:at]), tuple(found[at + 1 :]), parts)


def nearest(id: str, known: list[str]) -> list[str]:
    """Up to five identifiers that look most like `id`: parts of it or parts of what it is a part of first."""
    wanted = id.casefold()
    below = [k for k in known if k.casefold() == wanted or k.casefold().startswith(wanted.rstrip("/") + "/")]
    document = [k for k in known if k.split("/")[0].casefold() == wanted.split("/")[0]]
    alike = difflib.get_close_matches(id, document or known, n=NEAREST, cutoff=0.3)
    return list(dict.fromkeys([*below, *alike]))[:NEAREST]
