"""The state behind the answers: the live index, opened once, and what the corpus knows of each document."""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from kb.config import Settings, settings
from kb.errors import DataError, IndexError_
from kb.models import Passage
from kb.text import sha256_text

if TYPE_CHECKING:
    from kb.api.records import CriterionInfo, DocumentInfo, Record
    from kb.citing.about import Beside
    from kb.engine.local.passage_store import Store
    from kb.export.collect import Bench
    from kb.export.source_note import SourceNote
    from kb.search import Searcher


WITHOUT_POLICIES = "KB_WITHOUT_POLICIES"
"""Set by a server for outside users: its answers then contain no policy of the library (some are drafts)."""


@dataclass
class OpenIndex:
    """An open index with the notes on its documents."""

    config: Settings
    searcher: Searcher
    beside_mark: str = ""
    hidden: frozenset[str] = frozenset()
    """Documents that are left out of every answer."""

    @property
    def store(self) -> Store:
        """The passages of the index."""
        return self.searcher.index.store

    @property
    def identity(self) -> str:
        """Identity of the index: the hash of its layout, inputs, encoders and packages; the same when it is built
        again."""
        return self.searcher.index.manifest.fingerprint

    @property
    def version(self) -> str:
        """The identity of the index, and that of the files beside it (register, criteria, library): equal means equal
        answers."""
        without = f" without {sha256_text(' '.join(sorted(self.hidden)))[:16]}" if self.hidden else ""
        return f"{self.identity} {self.beside_mark}{without}"

    @cached_property
    def bench(self) -> Bench:
        """The source of rows for exports: the index alone, without people's codes and names."""
        from kb.export.collect import Bench

        made = Bench(self.config, people=False)
        if self.hidden:
            made.searcher, made.index = self.searcher, self.searcher.index
        return made

    @property
    def sources(self) -> dict[str, SourceNote]:
        """Document id to facts about its source: title, author, symbol, date, address."""
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
        """Passage id to the ids of the passages that are part of it, read in one pass over the index."""
        found: dict[str, list[str]] = {}
        for passage in self.store.passages():
            if passage.parent:
                found.setdefault(passage.parent, []).append(passage.id)
        return {parent: tuple(ids) for parent, ids in found.items()}

    def record(self, passage: Passage, **more: object) -> Record:
        """Return the record of a passage; `more` are further fields of `Record`, which validates them."""
        from kb.api.records import record_of
        from kb.citing.reference import pinpoint_in

        note = self.sources.get(passage.document)
        pinpoint = pinpoint_in(passage, note.cite_as if note else "")
        return record_of(passage, note.url if note else "", pinpoint, **more)


for_others: ContextVar[bool] = ContextVar("for_others", default=False)
"""Whether the present request is from outside users, who get no policy of the library; a server sets it for each
request."""

_open: dict[tuple[str, Settings, str, frozenset[str]], OpenIndex] = {}


def state() -> OpenIndex:
    """Return the live index of the settings. It is built first if there is none, or if it has another layout. Raises
    DataError if there is no corpus, and IndexError_ if the index cannot be used."""
    from kb.search import live_searcher

    config = settings()
    if not (config.corpus / "sources.yaml").is_file():
        raise DataError(
            "there is no corpus here.",
            where=str(config.corpus),
            do="Install the package from a wheel that carries it, or set KB_HOME to a copy of the repository.",
        )
    try:
        found = live_searcher()
    except IndexError_ as error:
        if not _can_be_built(error):
            raise
        _build(config, error)
        found = live_searcher()
    mark, hidden = _mark(config), _hidden(config)
    key = (str(found.index.folder), config, mark, hidden)
    opened = _open.get(key)
    if opened is None:
        opened = OpenIndex(config, _without(found, hidden), mark, hidden)
        if len(_open) > 1:  # what one's own program and a server in it see: two
            _open.clear()
        _open[key] = opened
    return opened


def _without(searcher: Searcher, hidden: frozenset[str]) -> Searcher:
    """Return the searcher without the hidden documents."""
    if not hidden:
        return searcher
    from kb.workspace.seen import SeenSearcher  # brings the log's packages, which a search does without

    return SeenSearcher(searcher, hidden)


def _hidden(config: Settings) -> frozenset[str]:
    """Return the ids of the library's policies if this request must not see them (it is from an outside user);
    otherwise an empty set."""
    from kb.sources.library import records

    if not os.environ.get(WITHOUT_POLICIES) and not for_others.get():
        return frozenset()
    return frozenset(each.id for each in records(config.library) if each.kind == "policy")


def _mark(config: Settings) -> str:
    """Return a hash of names, sizes and times of the files beside the index, so that a long-running program notices
    changes."""
    seen: list[tuple[str, int | str, int]] = []
    for folder in _folders(str(config.corpus), str(config.library)):
        try:
            listed = _files(folder, os.stat(folder).st_mtime_ns)
            seen += [(path, (found := os.stat(path)).st_size, found.st_mtime_ns) for path in listed]
        except OSError as error:  # a folder that is not there, or a file that goes at this moment
            seen.append((folder, type(error).__name__, 0))
    return sha256_text(repr(seen))[:16]


@lru_cache(maxsize=8)
def _folders(corpus: str, library: str) -> tuple[str, ...]:
    """Return the folders of the files beside the index."""
    return (corpus, *(os.path.join(corpus, name) for name in ("framework", "commitments", "links")), library)


@lru_cache(maxsize=64)  # questions of one conversation
def _files(folder: str, changed: int) -> tuple[str, ...]:
    """Return the files of a folder, sorted by name; cached until something in it is added or removed."""
    return tuple(sorted(entry.path for entry in os.scandir(folder) if entry.is_file()))


def _can_be_built(error: IndexError_) -> bool:
    """Return whether a build would repair the error: there is no index, or one of another layout. A damaged index is
    reported to the person instead of being replaced."""
    return "no index yet" in error.what or "layout" in error.what


def _build(config: Settings, error: IndexError_) -> None:
    """Build the index once; print on stderr the `error` that made this necessary."""
    from kb.build import pipeline

    print(f"kb: {error.what} Building it once in {config.indexes} …", file=sys.stderr)
    pipeline.run(config)
