"""What the answers are made from: the live index, opened once, and what the corpus says of each document."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kb.config import Settings, settings
from kb.errors import DataError, IndexError_
from kb.models import Passage

if TYPE_CHECKING:
    from kb.api.records import CriterionInfo, DocumentInfo, Record
    from kb.citing.about import Beside
    from kb.export.collect import Bench
    from kb.export.rows import SourceNote
    from kb.search import Searcher


@dataclass
class State:
    """An open index with the addresses and names of its documents."""

    config: Settings
    searcher: Searcher

    @property
    def store(self) -> Any:
        """The passages of the index."""
        return self.searcher.index.store

    @property
    def identity(self) -> str:
        """Identity of the index: the hash of its layout, inputs, encoders and packages; the same when it is built
        again."""
        return self.searcher.index.manifest.fingerprint

    @cached_property
    def bench(self) -> Bench:
        """What rows are collected from: the index alone, without codes and names of people."""
        from kb.export.collect import Bench

        return Bench(self.config, people=False)

    @property
    def sources(self) -> dict[str, SourceNote]:
        """Document of the index to its note: title, author, symbol, date, address."""
        return self.bench.sources

    @cached_property
    def beside(self) -> Beside:
        """Official words, links and citations, opened once."""
        from kb.citing.about import Beside

        return Beside(self.config)

    @cached_property
    def criteria(self) -> dict[str, CriterionInfo]:
        """Criteria by identifier."""
        from kb.api.answers import criteria

        return {each.id: each for each in criteria()}

    @cached_property
    def documents(self) -> dict[str, DocumentInfo]:
        """Documents by identifier."""
        from kb.api.answers import documents

        return {each.id: each for each in documents()}

    @cached_property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """Passage to the passages that are a part of it, from one look at the index."""
        found: dict[str, list[str]] = {}
        for passage in self.store.passages():
            if passage.parent:
                found.setdefault(passage.parent, []).append(passage.id)
        return {parent: tuple(ids) for parent, ids in found.items()}

    def record(self, passage: Passage, **more: Any) -> Record:
        """The record of a passage."""
        from kb.api.records import record_of
        from kb.citing.reference import pinpoint_in

        note = self.sources.get(passage.document)
        pinpoint = pinpoint_in(passage, note.cite_as if note else "")
        return record_of(passage, note.url if note else "", pinpoint, **more)


_open: dict[tuple[str, Settings], State] = {}


def state() -> State:
    """The live index of the settings; built first where there is none, or one of another layout. Raises IndexError_."""
    from kb.search import searcher

    config = settings()
    if not (config.corpus / "sources.yaml").is_file():
        raise DataError(
            "there is no corpus here.",
            where=str(config.corpus),
            do="Install the package from a wheel that carries it, or set KB_HOME to a copy of the repository.",
        )
    try:
        found = searcher()
    except IndexError_ as error:
        if not _can_be_built(error):
            raise
        _build(config, error)
        found = searcher()
    key = (str(found.index.folder), config)
    if key not in _open:
        _open.clear()
        _open[key] = State(config, found)
    return _open[key]


def _can_be_built(error: IndexError_) -> bool:
    """Whether a build is all that is missing; damage is named to the person and not built over."""
    return "no index yet" in error.what or "layout" in error.what


def _build(config: Settings, error: IndexError_) -> None:
    """Build the index once, and say so on stderr."""
    from kb.build import pipeline

    print(f"kb: {error.what} Building it once in {config.indexes} (a minute or two) …", file=sys.stderr)
    pipeline.run(config)
