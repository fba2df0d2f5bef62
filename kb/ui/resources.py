"""Resources that all pages share: loaded once, and again when their sources change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from kb.citing.cite import Citations
from kb.citing.cited import Cited
from kb.citing.installed import official_text
from kb.citing.names import load_names
from kb.citing.of_passage import cited_of
from kb.commitments.account import PaperAccount, load_account
from kb.commitments.links import Link, load_links
from kb.commitments.register import Instrument, load_register
from kb.config import settings
from kb.export.collect import Bench
from kb.export.request import Request, take
from kb.export.rows import Provenance, Row
from kb.framework import Framework
from kb.framework import load as load_framework
from kb.index.live import current
from kb.languages import MAIN
from kb.models import Document, Passage
from kb.read.formats import SUFFIXES
from kb.search import Searcher, live_searcher
from kb.search.browse import Browsed, as_query, browse, count_all
from kb.search.results import Results
from kb.sources.library import records
from kb.sources.manifest import Source, load_manifest
from kb.tagging.roles import Roles, load_roles
from kb.tagging.taxonomy import Taxonomy
from kb.tagging.taxonomy import load as load_taxonomy
from kb.ui import accounts
from kb.ui.content import AppTexts, ScreenLabels, load_content
from kb.ui.waiting import COLLECTING, OPENING, READING, SEARCHING

if TYPE_CHECKING:
    from kb.coding.codebook import Codebook
    from kb.log import Workspace


UPLOADS = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
"""File extensions that can be uploaded: those of every format that is read."""


def missing_texts() -> dict[str, str]:
    """Return the official texts that are not installed: id of the instrument to its short name."""
    library = settings().library
    mark = tuple(sorted((str(f), f.stat().st_mtime_ns) for f in library.rglob("*.json"))) if library.is_dir() else ()
    return _missing(settings().corpus, str(library), mark)


@st.cache_data(max_entries=4, show_spinner=False)  # what the people at one server look at in turn
def _missing(corpus: Path, library: str, mark: tuple) -> dict[str, str]:
    here = {record.id.partition(".")[0] for record in records(settings().library) if record.kind == "official-text"}
    return {one.id: one.short or one.title for one in _register(corpus) if one.id not in here}


def source(id: str) -> Source | None:
    """Return the entry of a source in the manifest, with address, title and symbol; None if there is none."""
    return next((one for one in load_manifest(settings().corpus).sources if one.id == id), None)


def name_in_full(id: str) -> str:
    """Return the title of an instrument with its short name: 'Beijing Declaration … (BPfA)'."""
    one = next(each for each in register() if each.id == id)
    return f"{one.title} ({one.short})" if one.short and one.short != one.title else one.title


def searcher() -> Searcher:
    """Return the searcher over the live index, limited to what the person may see. Raises IndexError_ if there is no
    index."""
    return live_searcher() if not accounts.on() else _seen(index_mark(), hidden())


def hidden() -> frozenset[str]:
    """Return the documents of the index that the person may not see; none without accounts."""
    if not accounts.on() or accounts.person().everywhere:
        return frozenset()
    library = settings().library
    mark = tuple(sorted((str(f), f.stat().st_mtime_ns) for f in library.rglob("*.json"))) if library.is_dir() else ()
    with workspace().reading() as reader:
        head = f"{reader.head()}"
    return _hidden(workspace_address(), head, str(library), mark)


# what the people at one server look at in turn
@st.cache_resource(show_spinner=False, max_entries=50)
def _hidden(address: str, head: str, library: str, mark: tuple) -> frozenset[str]:
    from kb.workspace.access import PersonalWorkspace
    from kb.workspace.seen import hidden_documents

    mine = workspace()
    assert isinstance(mine, PersonalWorkspace)
    return hidden_documents(mine, Path(library))


# what the people at one server look at in turn
@st.cache_resource(show_spinner=False, max_entries=20)
def _seen(index: str, away: frozenset[str]) -> Searcher:
    from kb.workspace.seen import SeenSearcher

    return SeenSearcher(live_searcher(), away) if away else live_searcher()


def index_mark() -> str:
    """Return a cache key for the live index and what the person may not see in it."""
    away = hidden()
    return str(current(settings().indexes)) + (f"#{hash(away)}" if away else "")


def bench(viewer: str = "") -> Bench:
    """Return the data for exports and counts, limited to what the person may see. `viewer` is the coder whose blind
    codes are included."""
    made = Bench.here(viewer)
    if accounts.on():
        made.workspace, made.searcher, made.index = workspace(), searcher(), searcher().index
    return made


def browsed(query: str, filters: dict[str, list[str]], mode: str) -> Browsed:
    """Return the results of a search, and for each facet the terms that can narrow it (cached per query and index)."""
    key = tuple((name, tuple(terms)) for name, terms in sorted(filters.items()))
    return _found(index_mark(), query, key, mode)


# what the people at one server look at in turn
@st.cache_resource(max_entries=200, show_spinner=SEARCHING)
def _found(index: str, query: str, filters: tuple, mode: str) -> Browsed:
    return browse(searcher(), query, dict(filters), mode=mode, limit=None)


def part_found(query: str, filters: dict[str, list[str]], mode: str, first: int, many: int) -> Results:
    """Return `many` hits from position `first` (from 0) of the complete list, which `count_found` counts and an export
    has."""
    return _part(index_mark(), query, _pairs(filters), mode, (first, many))


def ids_found(query: str, filters: dict[str, list[str]], mode: str) -> tuple[str, ...]:
    """Return the passage ids of the complete list of a search, without loading the passages; empty if no passage
    matches the query."""
    if part_found(query, filters, mode, 0, 1).absent:
        return ()
    return searcher().ids(query if query.strip() else as_query(filters), mode=mode, facets=_pairs(filters))


def count_found(query: str, filters: dict[str, list[str]], mode: str) -> tuple[int, dict[str, int]]:
    """Return the length of the complete list of a search, and the number of its matches by force, without loading the
    passages."""
    return _count(index_mark(), query, _pairs(filters), mode)


# what the people at one server look at in turn
@st.cache_resource(max_entries=200, show_spinner=False)
def _count(index: str, query: str, pairs: tuple[tuple[str, str], ...], mode: str) -> tuple[int, dict[str, int]]:
    return count_all(searcher(), query, _filters(pairs), mode)


def _pairs(filters: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, term) for name, terms in filters.items() for term in terms)


def _filters(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """Return the terms of each facet, from pairs of facet and term."""
    filters: dict[str, list[str]] = {}
    for name, term in pairs:
        filters.setdefault(name, []).append(term)
    return filters


# what the people at one server look at in turn
@st.cache_resource(max_entries=20, show_spinner=SEARCHING)
def _part(index: str, query: str, pairs: tuple[tuple[str, str], ...], mode: str, part: tuple[int, int]) -> Results:
    asked = query if query.strip() else as_query(_filters(pairs))
    return searcher().search(asked, mode=mode, facets=pairs, part=part)


SHOWN = 5
"""Rows shown as a preview of an export that a worker process will write."""


@dataclass(frozen=True)
class ExportRows:
    """The content of an export: its rows or the first of them, their total, and their provenance."""

    rows: tuple[Row, ...]
    total: int
    provenance: Provenance


def taken(bench: Bench, request: Request, most: int | None = None) -> ExportRows:
    """Return the rows of an export as `kb.export.take` does (cached per state of index and log). If there are more than
    `most` rows, return only the first ones; a worker process writes the file then. Raises InputError and QueryError."""
    mark = index_mark() + accounts.cache_key()
    return _taken(mark, bench.log_mark, bench.viewer, request.model_dump_json(), most, bench)


# what the people at one server look at in turn
@st.cache_resource(max_entries=4, show_spinner=COLLECTING)
def _taken(index: str, log: str, viewer: str, request: str, most: int | None, _bench: Bench) -> ExportRows:
    made = take(_bench, Request.model_validate_json(request))
    if most is not None and made.total > most:
        return ExportRows(tuple(islice(made.rows, SHOWN)), made.total, made.provenance)
    rows = tuple(made.rows)
    hashes = {row.place.sha256 for row in rows if row.place}
    stated = made.provenance.from_rows_of({row.document for row in rows}, hashes)
    return ExportRows(rows, max(made.total, len(rows)), stated)


def content() -> AppTexts:
    """Return the content of corpus/app.yaml."""
    return _content(settings().corpus)


def taxonomy() -> Taxonomy:
    """Return the taxonomy of the corpus."""
    return _taxonomy(settings().corpus)


def roles() -> Roles:
    """Return what each facet is used for."""
    return load_roles(settings().corpus / "taxonomy")


def register() -> tuple[Instrument, ...]:
    """Return the register of commitments."""
    return _register(settings().corpus)


def framework() -> Framework:
    """Return the current framework."""
    return _framework(settings().corpus)


def links() -> tuple[Link, ...]:
    """Return the links between recommendations, the paper and the instruments."""
    return _links(settings().corpus)


def account() -> PaperAccount:
    """Return what the background paper writes about each instrument."""
    return _account(settings().corpus)


def citations() -> Citations:
    """Return the resolver of citations, with the installed official texts."""
    config = settings()
    files = sorted(config.library.rglob("*")) if config.library.is_dir() else []
    return _citations(index_mark(), config.corpus, tuple((str(f), f.stat().st_mtime_ns) for f in files))


def addresses() -> dict[str, str]:
    """Return document id to the address of its official text, where known."""
    return {document: note.url for document, note in bench().sources.items()}


def cited(passage: Passage) -> Cited:
    """Return a passage of the index as a citation."""
    source = bench().source_of(passage.document)
    return cited_of(passage, citations(), source.work or source.title, source.date)


def _text(document: str) -> Document | None:
    """Return the official text of an instrument from the library, or another document from the index; None if neither
    has it."""
    if document in {instrument.id for instrument in register()}:
        return official_text(settings(), document, register=register())
    heads = {head["id"]: head for head in searcher().index.store.documents()}
    if document not in heads:
        return None
    head = {key: value for key, value in heads[document].items() if key != "passages"}
    return Document(**head, passages=tuple(searcher().index.store.passages(document)))


def passage_at(id: str, lines: tuple[int, int] | None = None) -> Passage | None:
    """Return the passage of that id; with `lines`, the first passage of the document `id` on these lines. None if there
    is none."""
    store = searcher().index.store
    if lines is None:
        return store.get(id)
    return next(
        (
            p
            for p in store.passages(id)
            if p.kind != "heading" and p.place.lines and p.place.lines[0] <= lines[1] and lines[0] <= p.place.lines[1]
        ),
        None,
    )


def languages() -> dict[str, str]:
    """Return the language of each document of the index; English if the document states none."""
    return _languages(index_mark())


@lru_cache(maxsize=2)  # what the people at one server look at in turn
def _languages(index: str) -> dict[str, str]:
    return {head["id"]: head.get("language") or MAIN for head in searcher().index.store.documents()}


def passages_of(document: str) -> tuple[Passage, ...]:
    """Return all passages of a document of the index, in order (cached per index)."""
    return _passages_of(index_mark(), document)


# what the people at one server look at in turn
@st.cache_resource(max_entries=20, show_spinner=False)
def _passages_of(index: str, document: str) -> tuple[Passage, ...]:
    return tuple(searcher().index.store.passages(document))


def workspace() -> Workspace:
    """Return the workspace, limited to what the person may see and write; opened once per address."""
    everything = _workspace(settings().database_url)
    if not accounts.on():
        return everything
    from kb.workspace.access import PersonalWorkspace

    return PersonalWorkspace(everything, accounts.person())


def workspace_address() -> str:
    """Return a cache key for the address of the workspace and the person."""
    return settings().database_url + accounts.cache_key()


@st.cache_resource(show_spinner=OPENING)
def _workspace(url: str) -> Workspace:
    from kb.log import open_workspace

    return open_workspace(url)


def codebook() -> Codebook:
    """Return the taxonomy as a codebook."""
    return _codebook(settings().corpus)


@st.cache_resource(show_spinner=READING)
def _codebook(corpus: Path) -> Codebook:
    from kb.coding.from_taxonomy import codebook_here

    return codebook_here(corpus)


def labels() -> ScreenLabels:
    """Return the labels of facets and terms."""
    return _labels(index_mark(), settings().corpus)


# what the people at one server look at in turn
@st.cache_resource(show_spinner=False, max_entries=2)
def _citations(index: str, corpus: Path, library: tuple) -> Citations:
    return Citations(register(), load_names(corpus), _text, load_manifest(corpus).sources)


_content = cache(load_content)


@cache
def _taxonomy(corpus: Path) -> Taxonomy:
    return load_taxonomy(corpus / "taxonomy")


@cache
def _register(corpus: Path) -> tuple[Instrument, ...]:
    """Return the instruments, oldest first."""
    return tuple(sorted(load_register(corpus / "commitments"), key=lambda instrument: instrument.adopted))


@cache
def _framework(corpus: Path) -> Framework:
    return load_framework(corpus / "framework")


@cache
def _links(corpus: Path) -> tuple[Link, ...]:
    return load_links(corpus / "links")


@cache
def _account(corpus: Path) -> PaperAccount:
    return load_account(corpus / "links" / "paper-account.yaml")


@st.cache_resource(show_spinner=False)
def _labels(index: str, corpus: Path) -> ScreenLabels:
    full = {document["id"]: document["title"] for document in searcher().index.store.documents()}
    short = {id: title.partition(":")[0] for id, title in full.items()}
    twice = {title for title, n in Counter(short.values()).items() if n > 1}
    titles = {id: full[id] if title in twice else title for id, title in short.items()}
    return ScreenLabels(_content(corpus), _taxonomy(corpus), titles)
