"""Show a passage in its context (neighbours and parts); for an unknown identifier, suggest similar ones."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from kb.engine import FullEngine
from kb.engine.filters import Is
from kb.errors import NotFound
from kb.models import Passage

NEAREST = 5  # suggestions in one error message
_AT_ONCE = 500
"""Number of passages of one document that are read in one query (SQLite accepts at most 32,766 values)."""


@dataclass(frozen=True)
class PassageContext:
    """A passage with its neighbours in source order, and the passages that are its parts."""

    passage: Passage
    before: tuple[Passage, ...]
    after: tuple[Passage, ...]
    parts: tuple[Passage, ...]


def in_context(engine: FullEngine, id: str, around: int = 1) -> PassageContext:
    """Return the passage with up to `around` neighbours on each side. Raises NotFound, with similar identifiers, when
    it is unknown."""
    found = engine.around(id, around, around)
    at = next((i for i, passage in enumerate(found) if passage.id == id), None)
    if at is None:
        near = nearest(id, _like(engine, id.partition("/")[0]))
        raise NotFound(f"no passage '{id}'.", do=f"Nearest are: {', '.join(near)}." if near else "Run: kb passages")
    return PassageContext(found[at], tuple(found[:at]), tuple(found[at + 1 :]), _parts(engine, found[at]))


def nearest(id: str, known: Sequence[str]) -> list[str]:
    """Return up to five identifiers of `known` that resemble `id`, an unknown one.

    Identifiers that differ only in case, and those that `id` begins with, come first; then similar ones of the same
    document, or of any document when that is unknown.
    """
    wanted = id.casefold()
    below = [k for k in known if k.casefold() == wanted or k.casefold().startswith(wanted.rstrip("/") + "/")]
    document = [k for k in known if k.split("/")[0].casefold() == wanted.split("/")[0]]
    # suggestions: identifiers share their beginning; chosen by eye
    alike = difflib.get_close_matches(id, document or known, n=NEAREST, cutoff=0.3)
    return list(dict.fromkeys([*below, *alike]))[:NEAREST]


def _parts(engine: FullEngine, passage: Passage) -> tuple[Passage, ...]:
    """Return the passages whose parent is this passage, in source order."""
    ids = _of(engine, [passage.document])
    found: dict[str, Passage] = {}
    for start in range(0, len(ids), _AT_ONCE):
        found |= engine.passages(ids[start : start + _AT_ONCE])
    return tuple(found[id] for id in ids if found[id].parent == passage.id)


def _like(engine: FullEngine, document: str) -> list[str]:
    """Return the identifiers of the document of that name (ignoring case), else of up to three documents with similar
    names."""
    names = list(engine.terms("document"))
    same = [name for name in names if name.casefold() == document.casefold()]
    # suggestions; chosen by eye
    return _of(engine, same or difflib.get_close_matches(document, names, n=3, cutoff=0.3))


def _of(engine: FullEngine, documents: Sequence[str]) -> list[str]:
    """Return the identifiers of all passages of these documents, in source order."""
    many = engine.terms("document")
    return [id for name in documents for id in engine.words(None, Is("document", (name,)), many[name]).ids]
