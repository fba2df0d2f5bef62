"""The search page: a query, filters with counts, and hits by force, each with citation, force and reason."""

from __future__ import annotations

from html import escape

import streamlit as st

from kb.errors import InputError
from kb.i18n import TranslatedLabels, language, t, tn
from kb.i18n.refusals import translated
from kb.languages import is_main
from kb.search import MODES, Hit
from kb.search.browse import Browsed, by_force, with_all_words
from kb.search.results import Results
from kb.ui import address, facets, markup, places, resources, saved, shell, tray, window
from kb.ui.address import href
from kb.ui.behind import show_behind
from kb.ui.hit import hits
from kb.ui.pages import link
from kb.ui.promises import show_promises

MODE_WORDS = TranslatedLabels({"hybrid": "Words and meaning", "lexical": "Words", "semantic": "Meaning"})
FIRST, SIZE = 4, 25
"""Hits per force on the first view; hits per page of the complete list."""
BEST = 10
"""Hits up to this rank are shown open on the first view, whatever their force, as on a page of a search engine. A force
without one shows its first hit."""
NEAR_PAGES = 3
"""Number of pages before and after the current one that the pager links."""


def page() -> None:
    """Draw the search page."""
    query = address.value("q")
    if query:
        window.title("search", query[:60])
    st.title(places.name_of("search"))
    with st.container(key="kb-ask"):
        query, mode = _question()
    filters = address.filters(facet.name for facet in resources.content().facets)
    resources.searcher()  # without an index the complete page shows one error
    show_behind()
    if not query.strip() and not filters:
        saved.show_saved()
        show_promises()
        return
    with st.container(key="kb-find"):
        left, middle, right = st.columns([15.5, 50, 16], gap="medium")
        with middle, shell.errors_shown():
            browsed = resources.browsed(query, filters, mode)
            keys = _keys(query, mode, {})
            if filters:
                st.html(facets.chosen(filters, keys))
            if address.value("page"):
                show_all(query, filters, mode)
            else:
                _answer(browsed, query, filters, mode)
            with left:
                st.html(facets.facets(browsed, filters, keys))
        with right:
            tray.show_tray()
            saved.show_save(query, mode, filters)


def _question() -> tuple[str, str]:
    """Draw the fields for query and mode; return both. They are stored in the address."""
    left, right = st.columns([5, 3], gap="medium")
    st.session_state["q"] = address.value("q")
    query = left.text_input(
        t("What are you looking for?"),
        key="q",
        on_change=_ask,
        type="search",
        max_chars=10_000,  # about four pages: a complete paragraph can be pasted
        placeholder=t("A question, a word, or “exact words”"),
        help=t('Words, "phrases", AND, OR, NOT, ( ), pension*, children NEAR/5 school, group:older-persons'),
    )
    asked = [t(one.query) for one in resources.content().examples]
    examples = [markup.anchor(href("search", {"q": one}), one) for one in asked]
    st.html(
        f'<p class="k-try k-small" aria-label="{t("Examples")}"><span class="k-quiet">{t("For example:")}'
        f"</span> {' '.join(examples)}</p>"
    )
    st.session_state["mode"] = mode_here()
    mode = right.segmented_control(
        t("Look for"), MODES, format_func=MODE_WORDS.__getitem__, key="mode", on_change=_ask, required=True
    )
    return query or "", mode or MODES[0]


def mode_here() -> str:
    """Return the mode of the address, given by its name or its label. Raises InputError for any other value."""
    given = address.value("mode", MODES[0])
    known = {words: mode for mode, words in MODE_WORDS.items()} | {mode: mode for mode in MODES}
    if given not in known:
        raise InputError(
            t("The address has mode={given}.", given=given), do=t("Give one of: {MODES}.", MODES=", ".join(MODES))
        )
    return known[given]


def _ask() -> None:
    """Store the typed query and mode in the address, and go to the first page of the results."""
    address.put("q", st.session_state["q"])
    address.put("mode", "" if st.session_state["mode"] == MODES[0] else st.session_state["mode"])
    address.clear(["page"])


def _answer(browsed: Browsed, query: str, filters: dict[str, list[str]], mode: str) -> None:
    """Draw the best hits of each force. The total number is drawn last, since counting takes longest."""
    results = browsed.results
    _message(results)
    if not is_main(language()):
        st.caption(
            t(
                "The statements of this register are written in English. Official words stand in your language where "
                "that text is installed."
            )
        )
    head = st.empty()
    groups = by_force(results.hits)
    counts = results.facets.get("force", {})
    if not groups:
        st.markdown(t("No passage is near. Take out a filter, use other words, or look for words and meaning."))
    for force, held in groups.items():
        text = resources.content().force(force)
        heading = t("Nearest: {heading}", heading=lowered(t(text.heading))) if results.absent else t(text.heading)
        st.header(f"{text.id.sign} {heading}", anchor=force)
        more = _more(force, query, mode, filters) if len(held) > FIRST or counts.get(force, 0) > FIRST else ""
        st.html(
            f'<p class="k-small k-quiet">{escape(t(text.about))}</p>{_first(held[:FIRST], results.absent)}'
            + ("" if results.absent else more)
        )
    if groups:
        link(
            "search",
            t("All results, page by page"),
            {**_keys(query, mode, filters), "page": "1"},
            icon=":material/list:",
        )
        export_link(query, mode, filters)
    with head.container():
        st.html(_summary(*resources.count_found(query, filters, mode), results))


def _first(held: list[Hit], absent: bool) -> str:
    """Return the first hits of one force as HTML: those up to rank BEST visible, the rest folded. `absent` means that
    nothing matches the query and these are only the nearest passages."""
    best = [hit for hit in held if hit.rank <= BEST] or held[:1]
    rest = held[len(best) :]
    if absent or not rest:
        return hits(held, nearest=absent)
    words = tn("{n} more that fits the question less", "{n} more that fit the question less", len(rest))
    return (
        hits(best, nearest=False)
        + f'<details class="k-fold k-less"><summary>{words}</summary>{hits(rest, nearest=False)}</details>'
    )


def lowered(heading: str) -> str:
    """Return a heading with a lower-case first letter, for use inside a sentence."""
    return f"{heading[:1].lower()}{heading[1:]}"


def _message(results: Results) -> None:
    if results.absent:
        st.warning(translated(results.message), icon=":material/search_off:")
    elif results.message:
        st.info(translated(results.message), icon=":material/info:")


def _more(force: str, query: str, mode: str, filters: dict[str, list[str]]) -> str:
    """Return a link to all hits of one force."""
    keys = {**_keys(query, mode, filters), "force": [force], "page": "1"}
    heading = t(resources.content().force(force).heading)
    words = f"{t('All')}: {lowered(heading)}"
    return f'<p class="k-more">{markup.anchor(href("search", keys), words)}</p>'


def export_link(query: str, mode: str, filters: dict[str, list[str]]) -> None:
    """Draw a link to the export of this search."""
    keys = {"what": "results", **_keys(query, mode, filters)}
    link("export", t("Export these results (preview and download)"), keys, icon=":material/download:")


def beyond_matches(matching: int, total: int) -> None:
    """Draw why the list (`total`) is longer than the number of matches (`matching`): it also contains passages that
    are only near in meaning."""
    if total > matching > 0:
        st.caption(
            t(
                "{matching} of the {total} have the words; {matching2} are near in meaning.",
                matching=matching,
                total=total,
                matching2=total - matching,
            )
        )


def show_all(query: str, filters: dict[str, list[str]], mode: str) -> None:
    """Draw the complete list of hits by rank, one page at a time: the same rows as an export of the search."""
    total, matching = resources.count_found(query, filters, mode)
    pages = max(1, -(-total // SIZE))
    at = address.integer("page", 1, 1, pages)
    found = resources.part_found(query, filters, mode, (at - 1) * SIZE, SIZE)
    if found.absent:
        st.warning(translated(found.message), icon=":material/search_off:")
    first = (at - 1) * SIZE
    held = found.hits
    st.header(
        t("Results {first} to {held} of {total}", first=first + 1, held=first + len(held), total=total)
        if held
        else t("No results")
    )
    beyond_matches(sum(matching.values()), total)
    st.html(hits(held, nearest=found.absent) + _pager(at, pages, _keys(query, mode, filters)))
    export_link(query, mode, filters)


def _pager(at: int, pages: int, keys: dict[str, str | list[str]]) -> str:
    """Return links to the first, the last, the previous and the next page, to the pages around page `at` of `pages`,
    and to the view by force."""
    near = sorted({1, pages, *range(max(1, at - NEAR_PAGES), min(pages, at + NEAR_PAGES) + 1)})

    def to(n: int, words: str) -> str:
        """Return a link to page `n` of the results; `words` is the link text."""
        return markup.anchor(href("search", {**keys, "page": str(n)}), words)

    numbers = "".join(f'<b aria-current="page">{n}</b>' if n == at else to(n, str(n)) for n in near)
    before = to(at - 1, t("Previous page")) if at > 1 else ""
    after = to(at + 1, t("Next page")) if at < pages else ""
    groups = markup.anchor(href("search", keys), t("By legal status"))
    return (
        f'<nav class="k-pages" aria-label="{t("Pages of results")}">{before}{numbers}{after}<span class="k-small">'
        f"{t('Page {at} of {pages}', at=at, pages=pages)}</span>{groups}</nav>"
    )


def _keys(query: str, mode: str, filters: dict[str, list[str]]) -> dict[str, str | list[str]]:
    """Return the query keys of this search."""
    return {"q": query, **({"mode": mode} if mode != MODES[0] else {}), **filters}


def _any_of(results: Results) -> str:
    """Return a line that says that a passage needs only one of the words, with a link to search for all of them; ''
    if this does not apply."""
    asked = with_all_words(results)
    if not asked:
        return ""
    every = markup.anchor(href("search", {"q": asked}), t("all of them"))
    return f'<span class="k-small k-quiet">{t("One of the words is enough. Look for {every}.", every=every)}</span>'


def _summary(total: int, counts: dict[str, int], results: Results) -> str:
    """Return the number of matching passages with links by force (`counts`: matches by force), and the number of those
    near in meaning."""
    if results.absent:
        return (
            f'<p class="k-sum"><b>{t("0 passages say this.")}</b> {t("Below are the nearest, and each is marked.")}</p>'
        )
    matching = sum(counts.values())
    near = total - matching
    beside = (
        (f'<span class="k-small k-quiet">{t("and {near} more near in meaning, each marked", near=near)}</span>')
        if near > 0
        else ""
    )
    pills = "".join(
        f'<a class="k-pill" href="#{text.id}"><span class="k-{text.id.shape}"><span class="k-f k-f-{text.id.shape}" '
        f'aria-hidden="true"></span></span>'
        f'{escape(t(text.heading))} <span class="k-num">{counts[text.id]}</span></a>'
        for text in resources.content().forces
        if text.id in counts
    )
    words = tn("{n} passage matches", "{n} passages match", matching)
    return (
        f'<p class="k-sum"><b class="k-total">{words}</b>{beside}{_any_of(results)}</p><div class="k-pills" '
        f'role="group" aria-label="'
        f'{t("By legal status")}">{pills}</div>'
    )
