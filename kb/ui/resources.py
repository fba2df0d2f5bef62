"""What pages share and keep open: opened once, and anew when what it was made from changes."""
from __future__ import annotations

from pathlib import Path

import streamlit as st

from kb.commitments.account import PaperAccount, load_account
from kb.commitments.links import Link, load_links
from kb.commitments.register import Instrument, load_register
from kb.config import settings
from kb.framework import Framework
from kb.framework import load as load_framework
from kb.index.live import current
from kb.search import Searcher
from kb.search import searcher as live_searcher
from kb.search.browse import Browsed, browse
from kb.tagging.taxonomy import Taxonomy
from kb.tagging.taxonomy import load as load_taxonomy
from kb.ui.content import Content, Labels, load_content


def searcher() -> Searcher:
    """The searcher over the live index. Raises IndexError_ when there is none."""
    return live_searcher()


def found(query: str, filters: dict[str, list[str]], mode: str, limit: int | None) -> Browsed:
    """Results with what to choose next; the same search on the same index is done once."""
    now = settings()
    key = tuple((name, tuple(terms)) for name, terms in sorted(filters.items()))
    return _found(str(current(now.indexes)), query, key, mode, limit)


@st.cache_data(max_entries=200, show_spinner="Searching…")
def _found(index: str, query: str, filters: tuple, mode: str, limit: int | None) -> Browsed:
    return browse(searcher(), query, dict(filters), mode=mode, limit=limit)


def content() -> Content:
    """corpus/app.yaml."""
    return _content(settings().corpus)


def taxonomy() -> Taxonomy:
    """The taxonomy of the corpus."""
    return _taxonomy(settings().corpus)


def register() -> tuple[Instrument, ...]:
    """The register of commitments."""
    return _register(settings().corpus)


def framework() -> Framework:
    """The framework in force."""
    return _framework(settings().corpus)


def links() -> tuple[Link, ...]:
    """Links between recommendations, the paper and the instruments."""
    return _links(settings().corpus)


def account() -> PaperAccount:
    """What the paper says of the instruments."""
    return _account(settings().corpus)


def labels() -> Labels:
    """Names of facets and terms."""
    return _labels(str(current(settings().indexes)), settings().corpus)


_content = st.cache_resource(load_content, show_spinner=False)


@st.cache_resource(show_spinner="Loading the taxonomy…")
def _taxonomy(corpus: Path) -> Taxonomy:
    return load_taxonomy(corpus / "taxonomy")


@st.cache_resource(show_spinner=False)
def _register(corpus: Path) -> tuple[Instrument, ...]:
    return load_register(corpus / "commitments")


@st.cache_resource(show_spinner=False)
def _framework(corpus: Path) -> Framework:
    return load_framework(corpus / "framework")


@st.cache_resource(show_spinner=False)
def _links(corpus: Path) -> tuple[Link, ...]:
    return load_links(corpus / "links")


@st.cache_resource(show_spinner=False)
def _account(corpus: Path) -> PaperAccount:
    return load_account(corpus / "links" / "paper-account.yaml")


@st.cache_resource(show_spinner=False)
def _labels(index: str, corpus: Path) -> Labels:
    titles = {document["id"]: document["title"].partition(":")[0] for document in searcher().index.store.documents()}
    return Labels(_content(corpus), _taxonomy(corpus), titles)
