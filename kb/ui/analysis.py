"""Counts with their denominators, and a concordance: figures about passages, never about countries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import cast

import streamlit as st

from kb.coding import analysis, plots
from kb.coding.analysis import CountedPassage
from kb.coding.codes import sessions
from kb.coding.models import Session
from kb.coding.seen import PassageText, seen, texts_of
from kb.engine.local.passage_store import Store
from kb.export.collect import with_codes
from kb.i18n import TranslatedLabels, later, percent, t, tn
from kb.models import Passage
from kb.ui import accounts, address, markup, places, resources, shell
from kb.ui.accounts import author
from kb.ui.owncodes import code_name, facet_of, group_name
from kb.ui.owncodes import facets as codable
from kb.ui.pages import link
from kb.ui.waiting import WaitingText
from kb.ui.widgets import choose, pick, typed

SIDES = TranslatedLabels(
    {"either": "The machine's and people's", "machine": "The machine's only", "person": "People's only"}
)
COLUMNS = ("", "document", "force", "part")
"""Columns by which counts can be grouped, since every passage has them; the facets that are `groupable` in the
taxonomy's roles follow."""
Read = Callable[[], list[Passage]]
Light = Callable[..., list[CountedPassage]]
LINES = 100
"""How many occurrences are shown; the total is shown beside them."""


def page() -> None:
    """Draw the analysis page: the number of passages by code, then the concordance."""
    viewer = author()
    st.title(places.name_of("analysis"))
    labels = resources.labels()
    documents = list(resources.searcher().index.manifest.documents)
    chosen = choose(t("Documents"), "document", documents, lambda id: labels.term("document", id), placeholder=t("all"))
    bench = resources.bench(viewer)

    @cache
    def read() -> list[Passage]:
        """Return the passages, without headings, with all their codes. Called only when something is counted."""
        return [
            with_codes(p, bench.codings.get(p.id, ()))
            for id in (chosen or documents)
            for p in bench.store.passages(id)
            if p.kind != "heading"
        ]

    def light(*facets: str) -> list[CountedPassage]:
        """Return the passages that `read` returns, but without their texts and with only the tags of `facets`: ten
        times faster, for counts of the machine's and people's codes together. Passages that people coded are few and
        are loaded with their texts."""
        coded = {
            id: with_codes(passage, codings)
            for id, codings in bench.codings.items()
            if (passage := bench.store.get(id)) is not None
        }
        return [coded.get(one.id, one) for one in seen(bench.store, chosen or documents, facets)]

    of = (resources.index_mark() + accounts.cache_key(), bench.log_mark, viewer, *chosen)
    count, own = _sizes(of, tuple(chosen or documents), bench.store)
    st.caption(
        tn(
            "{n} passage, headings not counted: {verbatim} verbatim, {own} in our words.",
            "{n} passages, headings not counted: {verbatim} verbatim, {own} in our words.",
            count,
            verbatim=count - own,
            own=own,
        )
    )
    _counts(of, read, light)
    _context(of, lambda words: texts_of(bench.store, chosen or documents, words))


# what the people at one server look at in turn
@st.cache_resource(max_entries=50, show_spinner=WaitingText(later("Counting…")))
def _sizes(of: tuple[str, ...], documents: tuple[str, ...], _store: Store) -> tuple[int, int]:
    """Return two numbers: the passages of the documents, without headings, and those of them in this project's
    words. `of` is a part of the cache key."""
    held = _store.wordings(headings=False)
    return sum(sum(held[id].values()) for id in documents), sum(held[id]["own-words"] for id in documents)


# as above; the passages themselves are not kept: of a large index they are many
@st.cache_resource(max_entries=200, show_spinner=WaitingText(later("Counting…")))
def _counted(
    of: tuple[str, ...], facet: str, by: str, side: analysis.Side, _read: Read, _light: Light
) -> list[analysis.Count]:
    """Return the number of passages by code of `facet`; if `by` is not '', separately for each term of the facet
    `by`. `side` selects whose codes count (see kb.coding.analysis.counts_for). `of` is the cache key; the functions
    `_read` and `_light`, which load passages, are not part of it."""
    passages: Sequence[CountedPassage] = _light(facet, by) if side == "either" else _read()
    if by:
        return list(analysis.by_group(passages, facet, by, side=side))
    return list(analysis.counts(passages, facet, side=side))


def _project() -> Session | None:
    """Return the coding session that the address names; None if it names none."""
    return next((one for one in sessions(resources.workspace()) if one.id == address.value("session")), None)


def _counts(of: tuple[str, ...], read: Read, light: Light) -> None:
    """Draw the number of passages by code, each with the denominator of its share."""
    labels = resources.labels()
    st.header(t("How many passages have a code"))
    left, middle, right = st.columns(3)
    facets = codable()
    with left:
        facet = pick(t("Codes of"), "facet", facets, group_name, default=facet_of(_project()))
    with middle:
        by = pick(
            t("Counted by"),
            "by",
            (*COLUMNS, *resources.roles().groupable),
            lambda name: labels.facet(name) if name else t("nothing: all together"),
            default="",
        )
    with right:
        side = cast(analysis.Side, pick(t("Whose tags"), "side", list(SIDES), SIDES.__getitem__, default="either"))
    found = _counted(of, facet, by, side, read, light)
    if not found:
        st.markdown(t("No passage has a code of this group of codes."))
        return
    rows = [
        (
            code_name(facet, one.code),
            labels.term(by, one.group) if by else t("all"),
            t("{n} of {of}", n=one.n, of=one.of),
            percent(one.share, 1),
            t("{n_verbatim} of {of_verbatim}", n_verbatim=one.n_verbatim, of_verbatim=one.of_verbatim),
            t("{n_own_words} of {of_own_words}", n_own_words=one.n_own_words, of_own_words=one.of_own_words),
        )
        for one in found
    ]
    st.html(
        markup.table(
            (t("Code given"), t("In"), t("Passages"), t("Share"), t("Verbatim"), t("In our words")),
            rows,
            t("{facet}: passages with each code", facet=group_name(facet)),
        )
    )
    if not by:
        named = [one.model_copy(update={"code": code_name(facet, one.code)}) for one in found]
        drawn = plots.bars(named, t("{facet}: passages with each code", facet=group_name(facet)))
        st.vega_lite_chart({**drawn.spec, "title": None, "description": drawn.title})  # the title is above the table
        st.caption(t("The same numbers as in the table above."))


# what the people at one server look at in turn
@st.cache_resource(max_entries=50, show_spinner=WaitingText(later("Counting…")))
def _lines(
    of: tuple[str, ...], words: str, _texts: Callable[[str], Iterator[PassageText]]
) -> tuple[int, list[analysis.ConcordanceLine]]:
    """Return the number of occurrences of `words`, and the first LINES occurrences with their context. `of` is the
    cache key; `_texts` loads the texts and is not part of it."""
    first, many = [], 0
    for line in analysis.kwic(_texts(words), words):
        many += 1
        if many <= LINES:
            first.append(line)
    return many, first


def _context(of: tuple[str, ...], texts: Callable[[str], Iterator[PassageText]]) -> None:
    """Draw the concordance of some words: each occurrence with its context."""
    st.header(t("Words in their context"))
    words = typed(t("Words (pension*, “social justice”)"), "words")
    if not words:
        return
    with shell.errors_shown():
        many, lines = _lines(of, words.strip('"“”'), texts)
        st.markdown(
            tn("**{n} occurrence**", "**{n} occurrences**", many)
            + (t(", the first {LINES} below", LINES=LINES) if many > LINES else "")
        )
        rows = [
            (
                one.citation,
                one.left,
                one.hit,
                one.right,
                markup.WORDINGS[markup.wording_of(one.wording, one.may_quote)].partition(":")[0],
            )
            for one in lines
        ]
        st.html(
            markup.table(
                (t("Where"), t("Before"), t("Words"), t("After"), t("Whose words")),
                rows,
                t("“{words}” in context", words=words),
            )
        )
        link("search", t("Search for it"), {"q": words}, icon=":material/search:")
