"""An advocate's brief on a group of people, a sector or a question: what binds, what was promised and what was
recommended."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from html import escape

import streamlit as st

from kb.i18n import TranslatedLabels, t
from kb.log.noted import own_mark
from kb.report.brief import brief
from kb.report.html_ import block_html
from kb.report.made import asked, brief_words
from kb.text import slug
from kb.ui import address, markup, places, resources, shell, window
from kb.ui.report import show_formats
from kb.ui.widgets import choose, typed

LENGTHS = TranslatedLabels({1: "a few: two pages", 2: "twice as many", 4: "four times as many"})
"""Factor on the usual number of passages in a brief, to its words."""


def page() -> None:
    """Draw the page of the brief: the choice of group, sector or query, a preview, and the downloads."""
    st.title(places.name_of("brief"))
    st.markdown(
        t(
            "What binds States, what they promised and what an expert recommended for a group of people, "
            "with citation and legal status."
        )
    )
    every = t("All that you choose counts together: each passage is about every group and sector that is named.")
    st.caption(f"{every} {t('In the search one of two ticks in a list is enough.')}")
    labels = resources.labels()
    about = resources.roles().brief
    *columns, below = st.columns(len(about) + 1)
    chosen: list[tuple[str, str]] = []
    for column, facet in zip(columns, about, strict=True):
        with column:
            terms = [term.id for term in resources.taxonomy().facet(facet).terms]
            held = choose(labels.facet(facet), facet, terms, partial(labels.term, facet), placeholder=t("any"))
            chosen += [(facet, term) for term in held]
    with below:
        # about a page
        query = typed(t("Words or a question"), "q", max_chars=2_000)
    if not chosen and not query.strip():
        st.info(t("Choose a group or a sector, or write a question."), icon=":material/info:")
        return
    title = address.value("q") or ""
    named = " · ".join(labels.term(facet, term) for facet, term in chosen)
    name = f"{title} ({named})" if title and named else title or named
    window.title("brief", name, t("Brief"))
    with shell.errors_shown():
        more = st.segmented_control(
            t("Passages of each legal status"),
            list(LENGTHS),
            default=1,
            format_func=LENGTHS.__getitem__,
            key="brief-more",
        )
        on = datetime.now(UTC).date()
        made = brief(resources.searcher(), name, query, chosen, on=on, more=more or 1, addresses=resources.addresses())
        bench = resources.bench()
        marked = made.model_copy(update={"log": own_mark(bench.log_mark)})
        marked = asked(marked, brief_words(name, query, chosen, more=more or 1), on, bench)
        show_formats("brief", f"brief-{slug(name)}", name, lambda: marked, pieces=len(made.blocks))
        st.html(markup.line(t("To choose the passages yourself, tick them in the search and take the brief there.")))
        st.html(f'<article class="k-brief"><h2>{escape(name)}</h2>{"".join(map(block_html, made.blocks))}</article>')
