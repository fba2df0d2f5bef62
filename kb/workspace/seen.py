"""Limit the index to what a person may see: documents of other countries are in no list, search, count or address.

Treaties, the background paper and the register are visible to everybody. A policy is visible to a person who sees an
assessment that contains it, or who may see the country in its record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.engine.filters import Filter, Is, NoneOf, both
from kb.index.manifest import IndexManifest
from kb.models import Passage
from kb.search.searcher import Searcher
from kb.sources.library import records
from kb.workspace.access import Person, PersonalWorkspace, ScopedReader

if TYPE_CHECKING:
    from kb.engine import FullEngine
    from kb.engine.local.passage_store import Head, Store
    from kb.index.live import Index


def hidden_documents(ws: PersonalWorkspace, library: Path) -> frozenset[str]:
    """Return the ids of documents that the person may not see: policies of assessments that they do not see, and
    policies of other countries in the library. A policy that is also in an assessment that they see is not
    hidden."""
    person: Person = ws.person
    if person.everywhere:
        return frozenset()
    with ws.reading() as reader:
        assert isinstance(reader, ScopedReader)
        own = {one.parts[1] for one in reader.states("policy")}
        foreign = set(reader.scope.foreign)
    kept = {one.id for one in records(library) if one.kind == "policy" and one.country not in person.countries}
    return frozenset((foreign | kept) - own)


def seen_searcher(searcher: Searcher, ws: PersonalWorkspace, library: Path) -> Searcher:
    """Return a searcher limited to what the person of the workspace may see; `searcher` itself if nothing is hidden."""
    away = hidden_documents(ws, library)
    return SeenSearcher(searcher, away) if away else searcher


class SeenStore:
    """A Store without hidden documents and their passages."""

    def __init__(self, store: Store, hidden: frozenset[str]) -> None:
        self._whole, self._hidden = store, hidden

    def __getattr__(self, name: str) -> Any:  # all other attributes are those of the full object
        return getattr(self._whole, name)

    def _shows(self, passage: Passage | None) -> bool:
        return passage is not None and passage.document not in self._hidden

    def documents(self) -> list[Head]:
        """Like `Store.documents`, without hidden documents."""
        return [head for head in self._whole.documents() if head["id"] not in self._hidden]

    def passages(self, document: str | None = None) -> Iterator[Passage]:
        """Like `Store.passages`, without hidden documents."""
        return (one for one in self._whole.passages(document) if self._shows(one))

    def get(self, id: str) -> Passage | None:
        """Like `Store.get`; None for a passage of a hidden document."""
        found = self._whole.get(id)
        return found if self._shows(found) else None

    def around(self, id: str, before: int = 1, after: int = 1) -> list[Passage]:
        """Like `Store.around`; empty for a passage of a hidden document."""
        return [one for one in self._whole.around(id, before, after) if self._shows(one)]

    def rowids(self, facet: str, terms: Iterable[str]) -> set[int]:
        """Like `Store.rowids`, without passages of hidden documents."""
        return self._whole.rowids(facet, terms) - self._away

    @cached_property
    def _away(self) -> set[int]:
        return self._whole.rowids("document", sorted(self._hidden)) if self._hidden else set()

    @property
    def size(self) -> int:
        """Number of passages that the person may see."""
        return self._whole.size - len(self._away)

    def terms(self, facet: str) -> dict[str, int]:
        """Like `Store.terms`, without hidden documents."""
        return _without(self._whole.terms(facet), facet, self._hidden)


def _without(terms: Mapping[str, int], facet: str, hidden: frozenset[str]) -> dict[str, int]:
    """Return the terms of a facet with their counts; for the facet `document`, without the hidden documents."""
    return {id: n for id, n in terms.items() if facet != "document" or id not in hidden}


class _SeenEngine:
    """An Engine without hidden documents and their passages."""

    def __init__(self, engine: FullEngine, hidden: frozenset[str]) -> None:
        self._whole, self._hidden = engine, hidden

    def __getattr__(self, name: str) -> Any:  # all other attributes are those of the full object
        return getattr(self._whole, name)

    def terms(self, facet: str) -> Mapping[str, int]:
        """Like `Contents.terms`, without hidden documents."""
        return _without(self._whole.terms(facet), facet, self._hidden)

    def passages(self, ids: Sequence[str]) -> Mapping[str, Passage]:
        """Like `Engine.passages`, without passages of hidden documents."""
        return {id: one for id, one in self._whole.passages(ids).items() if one.document not in self._hidden}

    def scan(self, within: Filter) -> Iterator[Passage]:
        """Like `Engine.scan`, without passages of hidden documents."""
        return (one for one in self._whole.scan(within) if one.document not in self._hidden)

    def around(self, id: str, before: int, after: int) -> Sequence[Passage]:
        """Like `Engine.around`, without passages of hidden documents."""
        return [one for one in self._whole.around(id, before, after) if one.document not in self._hidden]


class SeenIndex:
    """An index with store, manifest and engine limited to visible documents; all else is that of the full index."""

    def __init__(self, index: Index, hidden: frozenset[str]) -> None:
        self._whole, self._hidden = index, hidden

    def __getattr__(self, name: str) -> Any:  # all other attributes are those of the full object
        return getattr(self._whole, name)

    @cached_property
    def store(self) -> SeenStore:
        """The passages that the person may see."""
        return SeenStore(self._whole.store, self._hidden)

    @cached_property
    def engine(self) -> _SeenEngine:
        """The engine over the passages that the person may see."""
        return _SeenEngine(self._whole.engine, self._hidden)

    @cached_property
    def manifest(self) -> IndexManifest:
        """The manifest without hidden documents and their passages."""
        made = self._whole.manifest
        seen = {id: count for id, count in made.documents.items() if id not in self._hidden}
        left_out = {file: why for file, why in made.left_out.items() if not self._hidden}
        return made.model_copy(update={"documents": seen, "passages": sum(seen.values()), "left_out": left_out})


class SeenSearcher(Searcher):
    """A Searcher that ignores hidden documents in hits, counts and merged repetitions."""

    def __init__(self, searcher: Searcher, hidden: frozenset[str]) -> None:
        super().__init__(SeenIndex(searcher.index, hidden), searcher.ranking)  # type: ignore[arg-type]
        self.hidden, self._encoded = hidden, searcher._encoded

    @cached_property
    def shown(self) -> Filter:
        """The filter that hits must pass."""
        there = super().shown
        return both(there, NoneOf(Is("document", tuple(sorted(self.hidden))))) if self.hidden else there
