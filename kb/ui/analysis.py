"""Counts with their denominators, and words in their context: figures about passages, never about countries."""

from __future__ import annotations

from itertools import islice

import streamlit as st

from kb.coding import analysis, plots
from kb.export.collect import Bench, with_codes
from kb.models import Passage
from kb.ui import markup, resources, shell
from kb.ui.desk import author
from kb.ui.pages import link
from kb.ui.widgets import choose, pick, typed

SIDES = {"either": "The machine's and people's", "machine": "The machine's only", "person": "People's only"}
GROUPS = ("", "document", "force", "part", "group", "sector", "process", "country")
LINES = 100
"""Occurrences that are shown; the number of all is said."""


def page() -> None:
    """Draw counts, then words in context."""
    viewer = author()
    st.title("Analysis")
    labels = resources.labels()
    documents = list(resources.searcher().index.manifest.documents)
    chosen = choose("Documents", "document", documents, lambda id: labels.term("document", id), placeholder="all")
    bench = Bench.here(viewer)
    passages = [
        with_codes(p, bench.codings.get(p.id, ()))
        for id in (chosen or documents)
        for p in bench.store.passages(id)
        if p.kind != "heading"
    ]
    own = sum(p.wording == "own-words" for p in passages)
    st.caption(f"{len(passages)} passages, headings not counted: {len(passages) - own} verbatim, {own} in our words.")
    _counts(passages)
    _context(passages)


def _counts(passages: list[Passage]) -> None:
    """Passages by code, with what each share is a share of."""
    labels = resources.labels()
    st.header("How many passages have a code")
    left, middle, right = st.columns(3)
    facets = [one.name for one in resources.content().facets if one.name in resources.taxonomy().facets]
    with left:
        facet = pick("Codes of", "facet", facets, labels.facet, default=facets[0])
    with middle:
        by = pick(
            "Counted by", "by", GROUPS, lambda name: labels.facet(name) if name else "nothing: all together", default=""
        )
    with right:
        side = pick("Whose tags", "side", list(SIDES), SIDES.__getitem__, default="either")
    found = analysis.by_group(passages, facet, by, side=side) if by else analysis.counts(passages, facet, side=side)
    if not found:
        st.markdown("No passage has a code of this group of codes.")
        return
    rows = [
        (
            labels.term(facet, one.code),
            labels.term(by, one.group) if by else "all",
            f"{one.n} of {one.of}",
            f"{one.share:.1%}",
            f"{one.n_verbatim} of {one.of_verbatim}",
            f"{one.n_own_words} of {one.of_own_words}",
        )
        for one in found
    ]
    st.html(
        markup.table(
            ("Code", "In", "Passages", "Share", "Verbatim", "In our words"),
            rows,
            f"{labels.facet(facet)}: passages with each code",
        )
    )
    if not by:
        st.vega_lite_chart(plots.bars(found, f"{labels.facet(facet)}: passages with each code").spec)
        st.caption("The same numbers as in the table above.")


def _context(passages: list[Passage]) -> None:
    """Every occurrence of some words."""
    st.header("Words in their context")
    words = typed("Words (pension*, “social justice”)", "words")
    if not words:
        return
    with shell.told():
        lines = list(analysis.kwic(passages, words.strip('"“”')))
        st.markdown(f"**{len(lines)} occurrences**" + (f", the first {LINES} below" if len(lines) > LINES else ""))
        rows = [
            (
                one.citation,
                one.left,
                one.hit,
                one.right,
                markup.WORDINGS[markup.wording_of(one.wording, one.may_quote)].partition(":")[0],
            )
            for one in islice(lines, LINES)
        ]
        st.html(markup.table(("Where", "Before", "Words", "After", "Whose words"), rows, f"“{words}” in context"))
        link("search", "Search for it", {"q": words}, icon=":material/search:")
