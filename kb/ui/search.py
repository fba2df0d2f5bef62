"""The search page: a query, filters with counts, and hits by force, each with its citation, force and reason."""

from __future__ import annotations

import streamlit as st

from kb.errors import InputError
from kb.search import MODES
from kb.search.browse import Browsed, by_force
from kb.ui import address, resources, shell
from kb.ui.content import FacetText
from kb.ui.hit import show_hit
from kb.ui.pages import link
from kb.ui.promises import show_promises

MODE_WORDS = {"hybrid": "Words and meaning", "lexical": "Words", "semantic": "Meaning"}
FIRST, TERMS, SIZE = 4, 8, 25
"""Hits of a force that stand unfolded; terms of a facet; hits on a page of all of them."""


def page() -> None:
    """Draw the page."""
    st.title("Search the commitments and the paper")
    query, mode = _question()
    filters = address.filters(facet.name for facet in resources.content().facets)
    if not query.strip() and not filters:
        resources.searcher()
        show_promises()
        return
    left, right = st.columns([3, 1], gap="large")
    with left, shell.told():
        browsed = resources.found(query, filters, mode)
        if address.one("page"):
            show_all(browsed, query, filters, mode)
        else:
            _answer(browsed, query, filters, mode)
        with right:
            _facets(browsed, filters)


def _question() -> tuple[str, str]:
    """The query and the mode; both stand in the address."""
    left, right = st.columns([5, 3], gap="medium")
    st.session_state["q"] = address.one("q")
    query = left.text_input(
        "What are you looking for?",
        key="q",
        on_change=_ask,
        type="search",
        max_chars=10_000,
        placeholder="a question, words, or “an exact phrase”",
        help='Words, "phrases", AND, OR, NOT, ( ), pension*, children NEAR/5 school, group:older-persons',
    )
    with st.container(horizontal=True, gap="small", key="examples", vertical_alignment="center"):
        st.caption("Try:", width="content")
        for i, example in enumerate(resources.content().examples):
            st.button(
                example.query,
                key=f"example-{i}",
                help=f"Example: {example.about}",
                type="tertiary",
                on_click=_take,
                args=(example.query,),
            )
    st.session_state["mode"] = mode_here()
    mode = right.segmented_control(
        "Look for", MODES, format_func=MODE_WORDS.__getitem__, key="mode", on_change=_ask, required=True
    )
    return query or "", mode or MODES[0]


def mode_here() -> str:
    """The mode of the address, by its name or by the words for it. Raises InputError for another."""
    given = address.one("mode", MODES[0])
    known = {words: mode for mode, words in MODE_WORDS.items()} | {mode: mode for mode in MODES}
    if given not in known:
        raise InputError(f"The address has mode={given}.", do=f"Give one of: {', '.join(MODES)}.")
    return known[given]


def _ask() -> None:
    """Put query and mode into the address; another question begins on its first page."""
    address.put("q", st.session_state["q"])
    address.put("mode", "" if st.session_state["mode"] == MODES[0] else st.session_state["mode"])
    address.clear(["page"])


def _take(query: str) -> None:
    """Put an example into the address and let go of the filters."""
    address.put("q", query)
    address.clear(["page", *(facet.name for facet in resources.content().facets)])


def _answer(browsed: Browsed, query: str, filters: dict[str, list[str]], mode: str) -> None:
    results = browsed.results
    _chosen(filters)
    if results.absent:
        st.warning(results.message, icon=":material/search_off:")
    elif results.message:
        st.info(results.message, icon=":material/info:")
    groups = by_force(results.hits)
    counts = results.facets.get("force", {})
    st.markdown(_summary(results.total, counts, results.absent))
    if not groups:
        st.markdown("No passage is near. Let go of a filter, use other words, or look for words and meaning.")
    for force, hits in groups.items():
        text = resources.content().force(force)
        heading = f"Nearest: {text.heading[:1].lower()}{text.heading[1:]}" if results.absent else text.heading
        st.header(f"{text.shape} {heading}", anchor=force)
        st.caption(text.about)
        for hit in hits[:FIRST]:
            show_hit(hit, nearest=results.absent)
        _rest(hits[FIRST:], force, counts.get(force, 0), query, mode, filters, results.absent)
    if groups:
        link(
            "search", "All results, page by page", {**_keys(query, mode, filters), "page": "1"}, icon=":material/list:"
        )
        take_away(query, mode, filters)


def _rest(hits: list, force: str, total: int, query: str, mode: str, filters: dict, absent: bool) -> None:
    """The hits after the first few, folded, and the way to all of them."""
    if hits:
        with st.expander(f"{len(hits)} more"):
            for hit in hits:
                show_hit(hit, nearest=absent)
    if total > FIRST + len(hits) and not absent:
        text = resources.content().force(force)
        link(
            "search",
            f"All, page by page: {text.heading.lower()}",
            {**_keys(query, mode, filters), "force": [force], "page": "1"},
            icon=":material/unfold_more:",
        )


def take_away(query: str, mode: str, filters: dict[str, list[str]]) -> None:
    """The way to the export of this very search."""
    link(
        "export",
        "Export these results (preview and download)",
        {"what": "results", **_keys(query, mode, filters)},
        icon=":material/download:",
    )


def beyond_matches(matching: int, total: int) -> None:
    """Why a whole list is longer than the count of matches: what is near in meaning stands among the first hits too."""
    if total > matching > 0:
        st.caption(
            f"{matching} of the {total} match; the search also shows {total - matching} that are near in meaning."
        )


def show_all(browsed: Browsed, query: str, filters: dict[str, list[str]], mode: str) -> None:
    """Every passage that matches, in the order of rank, a page at a time: the rows that an export of the search has."""
    found, total = resources.everything_found(query, filters, mode)
    pages = max(1, -(-total // SIZE))
    at = address.whole("page", 1, 1, pages)
    _chosen(filters)
    if found.absent:
        st.warning(found.message, icon=":material/search_off:")
    first = (at - 1) * SIZE
    hits = found.hits[first : first + SIZE]
    st.header(f"Results {first + 1} to {first + len(hits)} of {total}" if hits else "No results")
    beyond_matches(browsed.results.total, total)
    for hit in hits:
        show_hit(hit, nearest=found.absent)
    keys = _keys(query, mode, filters)
    with st.container(horizontal=True, vertical_alignment="center"):
        if at > 1:
            link("search", "Previous page", {**keys, "page": str(at - 1)}, icon=":material/arrow_back:")
        st.markdown(f"Page {at} of {pages}")
        if at < pages:
            link("search", "Next page", {**keys, "page": str(at + 1)}, icon=":material/arrow_forward:")
        link("search", "By their force", keys, icon=":material/category:")
    take_away(query, mode, filters)


def _keys(query: str, mode: str, filters: dict[str, list[str]]) -> dict[str, str | list[str]]:
    """The query keys of this search."""
    return {"q": query, **({"mode": mode} if mode != MODES[0] else {}), **filters}


def _summary(total: int, counts: dict[str, int], absent: bool) -> str:
    """How many passages match, with a way to each force."""
    if absent:
        return "**0 passages say this.** Below are the nearest, and each is marked."
    texts = [text for text in resources.content().forces if text.id in counts]
    parts = [f"[{text.shape} {text.heading}: {counts[text.id]}](#{text.id})" for text in texts]
    return f"**{total} {'passage matches' if total == 1 else 'passages match'}** · " + " · ".join(parts)


def _chosen(filters: dict[str, list[str]]) -> None:
    """The filters in force, each a button that lets go of it."""
    if not filters:
        return
    labels = resources.labels()
    with st.container(horizontal=True, gap="small"):
        st.caption("Only:", width="content")
        for facet, terms in filters.items():
            for term in terms:
                words = f"{labels.facet(facet)}: {labels.term(facet, term)}"
                st.button(
                    words,
                    key=f"drop-{facet}-{term}",
                    icon=":material/close:",
                    help=f"Let go of {words}",
                    on_click=_toggle,
                    args=(facet, term),
                )
        st.button("Let go of all", key="drop-all", type="tertiary", on_click=address.clear, args=([*filters, "page"],))


def _toggle(facet: str, term: str) -> None:
    """Put a filter in or out; what passes begins on its first page."""
    address.toggle(facet, term)
    address.clear(["page"])


def _facets(browsed: Browsed, filters: dict[str, list[str]]) -> None:
    """Every facet that has something to choose."""
    st.header("Filter")
    everything = st.toggle("Every term", key="terms", help=f"Otherwise the {TERMS} most frequent of each facet")
    known = resources.content().facets
    for facet in known:
        choices = browsed.choices.get(facet.name, {})
        if len(choices) > 1 or facet.name in filters:
            with st.expander(facet.title, expanded=facet.open or facet.name in filters):
                _terms(facet, choices, filters.get(facet.name, []), len(choices) if everything else TERMS)


def _terms(facet: FacetText, choices: dict[str, int], chosen: list[str], most: int) -> None:
    """One facet's terms with counts, most frequent first."""
    ordered = sorted(choices, key=lambda term: (term not in chosen, -choices[term], term))
    labels = resources.labels()
    for term in ordered[:most]:
        key = f"facet-{facet.name}-{term}"
        st.session_state[key] = term in chosen
        st.checkbox(
            f"{labels.term(facet.name, term)} ({choices[term]})", key=key, on_change=_toggle, args=(facet.name, term)
        )
    if len(ordered) > most:
        st.caption(f"and {len(ordered) - most} more: switch on “Every term”")
